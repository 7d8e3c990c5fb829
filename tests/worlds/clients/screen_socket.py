"""The socket of a screen, spoken by a program: what a browser's half of Streamlit would say and hear."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect


@dataclass
class ScreenSocket:
    socket: Any
    screen: str = ""
    seen: list[str] = field(default_factory=list)
    messages: list[ForwardMsg] = field(default_factory=list)  # of the last drawing, as they came

    def send(self, message: BackMsg) -> None:
        self.socket.send(message.SerializeToString())

    def hear(self, until: str, seconds: float = 30.0) -> ForwardMsg:
        """Read messages until one of this kind comes."""
        end = time.monotonic() + seconds
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=max(0.05, end - time.monotonic())))
            if message.HasField("new_session"):
                self.screen = message.new_session.initialize.session_id
            self.seen.append(str(message))
            self.messages.append(message)
            if message.WhichOneof("type") == until:
                return message

    def draw(self, page: str = "", *, query: str = "", press: str = "", seconds: float = 30.0) -> str:
        """Have a page drawn; gives all that was said of it, as text. press: number of a button that is pressed."""
        self.seen.clear()
        self.messages.clear()
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        if press:
            message.rerun_script.widget_states.widgets.add(id=press, trigger_value=True)
        self.send(message)
        while self.hear("script_finished", seconds).script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            pass
        return "\n".join(self.seen)

    def prepare(self, number: str, seconds: float = 10.0) -> str:
        """Ask for a download that is made on a click; gives its address."""
        message = BackMsg()
        message.backend_operation_request.request_id = "r"
        message.backend_operation_request.session_id = self.screen
        message.backend_operation_request.deferred_file.file_id = number
        self.send(message)
        return self.hear("backend_operation_response", seconds).backend_operation_response.deferred_file.url


@contextmanager
def screen(base: str, cookie: str = "", *, origin: str | None = None, resume: str = ""):
    """Open the socket of a screen as a page of `base` would. resume: the screen to take up again."""
    protocols = ["streamlit", "x", *([resume] if resume else [])]
    headers = {"Cookie": cookie} if cookie else {}
    with connect(
        f"{base.replace('http', 'ws', 1)}/_stcore/stream", origin=origin or base, additional_headers=headers,
        subprotocols=protocols, max_size=None, proxy=None, open_timeout=20,
    ) as socket:  # fmt: skip
        yield ScreenSocket(socket)


def prepared(said: str) -> list[str]:
    """The numbers of the downloads that a drawn page offers."""
    return re.findall(r'deferred_file_id: "(\w+)"', said)
