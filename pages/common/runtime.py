"""Streamlit's side of `api.screens`: what its runtime knows of screens, messages and files. No page imports this.

Where Streamlit has no public way, its own names are used; `tests/pages/test_runtime.py` holds them against the
installed release.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit import config, net_util
from streamlit import logger as streamlit_logger
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx
from streamlit.starlette import App

from api.screens import SOCKET_HEADER, Screens, who_asks

if TYPE_CHECKING:
    import logging

    from streamlit.runtime import Runtime

    from api.screens import Identity

# Everything else (above all `clear_cache`, which empties the cache of everybody) no screen of ours sends.
_KINDS = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"})
_FILE_FIELD = "file_uploader_state_value"


class ScreenRuntime:
    """A `ScreenServer` on Streamlit's runtime."""

    def __init__(self, screens: Screens) -> None:
        self.screens = screens
        self.runtime: Runtime | None = None
        self._owners: dict[str, set[Identity]] = {}

    def attach(self, runtime: Runtime) -> None:
        """Begin to keep account of a runtime's files, before its first screen."""
        self.runtime = runtime
        storage: Any = runtime.media_file_mgr._storage  # noqa: SLF001
        load, delete = storage.load_and_get_id, storage.delete_file

        def load_and_own(*value: Any, **named: Any) -> str:
            file = str(load(*value, **named))
            identity = self._who_makes()
            if identity is not None:
                self._owners.setdefault(file, set()).add(identity)
            return file

        def delete_and_disown(file: str) -> None:
            self._owners.pop(file, None)
            delete(file)

        storage.load_and_get_id, storage.delete_file = load_and_own, delete_and_disown

    def _who_makes(self) -> Identity | None:
        """Return for whom a file is being made: by a page that runs, or on a click, in the task of a socket."""
        context = get_script_run_ctx(suppress_warning=True)
        return who_asks.get() if context is None else self.screens.owners.get(context.session_id)

    def screen_of_socket(self, socket: str) -> str | None:
        """Return the screen whose socket carries this number."""
        if self.runtime is None:
            return None
        for info in self.runtime._session_mgr.list_active_sessions():  # noqa: SLF001
            asked = info.client.client_context
            if asked is not None and (SOCKET_HEADER, socket) in asked.headers:
                return str(info.session.id)
        return None

    def is_connected(self, screen: str) -> bool:
        """Whether a browser is connected to the screen."""
        return self.runtime is not None and self.runtime.is_active_session(screen)

    def is_let_through(self, message: bytes) -> bool:
        """Whether a message is of a kind that our screens send."""
        parsed = _parsed(message)
        if parsed is None or parsed.WhichOneof("type") not in _KINDS:
            return False
        operation = parsed.backend_operation_request
        return parsed.WhichOneof("type") != "backend_operation_request" or operation.HasField("deferred_file")

    def prepared_file_of(self, message: bytes) -> str | None:
        """Return the number of the download that a message asks to be made."""
        parsed = _parsed(message)
        if parsed is None or parsed.WhichOneof("type") != "backend_operation_request":
            return None
        return str(parsed.backend_operation_request.deferred_file.file_id)

    def screen_of_prepared(self, number: str) -> str | None:
        """Return the screen on which such a download is offered."""
        if self.runtime is None:
            return None
        offered = self.runtime.media_file_mgr._deferred_callables.get(number)  # noqa: SLF001
        return None if offered is None else offered["session_id"]

    def owners_of(self, file: str) -> frozenset[Identity]:
        """Return the sessions for which a file was made."""
        return frozenset(self._owners.get(file, ()))

    def has_file_field(self, screen: str) -> bool:
        """Whether the screen, as it was last drawn, asks for a file."""
        running = self.runtime.get_app_session(screen) if self.runtime is not None else None
        if running is None:
            return False
        state = running.session_state
        # Of fields that were on another page before, Streamlit keeps the kind but no value.
        values, before = state._new_widget_state, state._old_state  # noqa: SLF001
        return any(
            kind.value_type == _FILE_FIELD and (name in values.states or name in before)
            for name, kind in list(values.widget_metadata.items())
        )

    def uploaded(self) -> dict[str, int]:
        """Return how many bytes of files each screen holds."""
        manager: Any = self.runtime.uploaded_file_mgr if self.runtime is not None else None
        if manager is None:
            return {}
        return {
            screen: sum(len(file.data) for file in list(files.values()))
            for screen, files in list(manager.file_storage.items())
        }

    def forget_uploads(self, screen: str) -> None:
        """Drop the files of a screen."""
        if self.runtime is not None:
            self.runtime.uploaded_file_mgr.remove_session_files(screen)


class ScreenApp(App):
    """Streamlit's application, known to a `ScreenRuntime` from before its first screen."""

    def __init__(self, *value: Any, server: ScreenRuntime, **named: Any) -> None:
        super().__init__(*value, **named)
        self._server = server

    def _create_runtime(self) -> Runtime:
        runtime = super()._create_runtime()
        self._server.attach(runtime)
        return runtime


def stay_at_home() -> None:
    """Keep Streamlit from asking another host for this machine's address, whatever is sent to it."""
    net_util._external_ip = net_util._internal_ip = "127.0.0.1"  # noqa: SLF001  (what it believes to have found)


def read_options_once() -> None:
    """Let Streamlit read each of its options once: it takes one lock of all threads for each, a hundred times a run.

    With 80 people on one process a tenth of their time went into waiting for it.
    """
    config.get_option = cache(config.get_option)


def log_through_root() -> None:
    """Let Streamlit's loggers hand their records on, instead of writing by handlers of their own."""

    def hand_on(logger: logging.Logger) -> None:
        logger.propagate = True

    streamlit_logger.setup_formatter = hand_on


def _parsed(message: bytes) -> BackMsg | None:
    parsed = BackMsg()
    try:
        parsed.ParseFromString(message)
    except DecodeError:
        return None
    return parsed
