"""A screen of the full application as a browser has it: the page, its socket, messages of Streamlit's own protocol."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE = 120.0  # seconds; what takes longer has failed


class ScreenClient:
    """One open screen; `async with` opens its socket and closes it."""

    def __init__(self, base: str, cookie: str) -> None:
        self.base, self.cookie = base, cookie
        self.socket: Any = None
        self.bytes = 0
        self.screen = ""

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

    async def draw(self, page: str = "", query: str = "") -> int:
        """Have a page drawn to its end; return how many elements came. ValueError where the page broke off."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
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
                elif kind == "delta":
                    elements += 1
                    if heard.delta.new_element.WhichOneof("type") == "exception":
                        raise ValueError(heard.delta.new_element.exception.type)
                elif kind == "script_finished":
                    if heard.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue
                    if heard.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY and not elements:
                        raise ValueError(f"script_finished {heard.script_finished}")
                    return elements
