"""A screen of the full application as a browser has it: the page, its socket, messages of Streamlit's own protocol."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.protocol import State

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE = 120.0  # seconds; what takes longer has failed


class ScreenClient:
    """One open screen; `async with` opens its socket and closes it.

    buttons: those that were drawn last, by their keys.
    """

    def __init__(self, base: str, cookie: str) -> None:
        self.base, self.cookie = base, cookie
        self.socket: Any = None
        self.bytes = 0
        self.screen = ""
        self.buttons: dict[str, str] = {}
        self._page = self._query = ""

    async def __aenter__(self) -> Self:
        self.socket = await connect(
            f"{self.base.replace('http', 'ws', 1)}/_stcore/stream",
            origin=self.base,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie},
            subprotocols=["streamlit", "x"],  # type: ignore[list-item]
            max_size=None,
            proxy=None,
            open_timeout=PATIENCE,
        )
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.socket is not None:
            await self.socket.close()

    @property
    def is_open(self) -> bool:
        """Whether the screen still has its socket."""
        return self.socket is not None and self.socket.state is State.OPEN

    async def draw(self, page: str = "", query: str = "") -> int:
        """Have a page drawn to its end; return how many elements came. ValueError where the page broke off."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = self._query = query
        return await self._run(message)

    async def press(self, *begins: str) -> int:
        """Press the first button of the page whose key begins so; return how many elements came. ValueError without."""
        key = next((each for each in self.buttons if each.startswith(begins)), "")
        if not key:
            raise ValueError(f"no button {begins}")
        message = BackMsg()
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.query_string = self._query
        message.rerun_script.widget_states.widgets.add(id=self.buttons[key], trigger_value=True)
        return await self._run(message)

    async def _run(self, message: BackMsg) -> int:
        await self.socket.send(message.SerializeToString())
        elements = 0
        async with asyncio.timeout(PATIENCE):
            while True:
                heard = ForwardMsg()
                content = await self.socket.recv()
                self.bytes += len(content)
                heard.ParseFromString(content)
                kind = heard.WhichOneof("type")
                if kind == "new_session":
                    self.screen = heard.new_session.initialize.session_id
                    self._page = heard.new_session.page_script_hash
                    self.buttons.clear()
                elif kind == "delta":
                    elements += 1
                    drawn = heard.delta.new_element.WhichOneof("type")
                    if drawn == "exception":
                        raise ValueError(heard.delta.new_element.exception.type)
                    if drawn == "button":  # its identity: a mark, a digest, and the key that the page has given it
                        identity = heard.delta.new_element.button.id
                        self.buttons[identity.split("-", 2)[-1]] = identity
                elif kind == "script_finished":
                    if heard.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue
                    if heard.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY and not elements:
                        raise ValueError(f"script_finished {heard.script_finished}")
                    return elements
