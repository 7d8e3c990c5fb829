"""The log of the server: bounded whatever is done to it, and without who asked.

A fault that repeats is written in full a few times a minute and counted after that; no line is longer than a
screen; all together have a budget. uvicorn's lines about sockets name the address of whoever opened them: they go.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import Counter
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from core.processes.log_lines import JsonLines, cut

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import TextIOWrapper
    from pathlib import Path

_MINUTE = 60.0
_SAME_A_MINUTE = 5  # records from one place of the code (and of one kind of exception)
_CHARACTERS_A_MINUTE = 100_000
_FILE_BYTES, _FILES = 1_000_000, 4  # of a log file, and how many: the present one and three before
_LIBRARIES = frozenset({"uvicorn", "streamlit", "websockets"})
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

LogPlace = tuple[str, int, str]


class BoundedHandler(logging.Handler):
    """Hand records on to another handler, within limits; say once a minute how many were left out."""

    def __init__(self, target: logging.Handler, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.WARNING)  # whatever level a library gives its loggers
        self.target = target
        self.clock = clock
        self._counted: Counter[LogPlace] = Counter()
        self._left_out = 0
        self._characters = 0
        self._since = clock()
        self._turn = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, cut to size, if its place in the code and all together have not said too much already."""
        if names_a_client(record):
            return
        with self._turn:
            left_out = self._next_minute()
            written = self.target.format(record)
            is_over = self._characters >= _CHARACTERS_A_MINUTE
            self._counted[place_of(record)] += 1
            if is_over or self._counted[place_of(record)] > _SAME_A_MINUTE:
                self._left_out += 1
            else:
                self._characters += len(written)
                self._write(written if isinstance(self.target.formatter, _JsonFormat) else cut(written), record.levelno)
            if left_out:
                words = f"{left_out} more lines of the kinds above were left out in a minute"
                log_record = logging.LogRecord("harta.log", logging.WARNING, __file__, 0, words, None, None)
                self._write(self.target.format(log_record), logging.WARNING)

    def _next_minute(self) -> int:
        """Begin a new minute if this one is over; return how many records the last one has left out."""
        if self.clock() - self._since < _MINUTE:
            return 0
        left_out = self._left_out
        self._counted.clear()
        self._left_out = self._characters = 0
        self._since = self.clock()
        return left_out

    def _write(self, words: str, level: int) -> None:
        # Formatted already: the target's own format is put on once, above.
        self.target.emit(_Written(words, level))

    def close(self) -> None:
        """Close the target as well."""
        self.target.close()
        super().close()


class _Written(logging.LogRecord):
    """A record whose text is ready."""

    def __init__(self, words: str, level: int) -> None:
        super().__init__("harta", level, __file__, 0, "%s", (words,), None)
        self.is_written = True


class _Format(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage() if getattr(record, "is_written", False) else super().format(record)


class _JsonFormat(JsonLines):
    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage() if getattr(record, "is_written", False) else super().format(record)


class _OwnersFile(RotatingFileHandler):
    """A file that turns over, and that only its owner reads."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, self.mode, encoding=self.encoding)  # type: ignore[return-value]


def place_of(record: logging.LogRecord) -> LogPlace:
    """Return what makes two records the same kind: where they were written, and the kind of exception they carry."""
    error = record.exc_info[0] if record.exc_info else None
    return record.pathname, record.lineno, error.__name__ if error else ""


def names_a_client(record: logging.LogRecord) -> bool:
    """Whether a record says who asked what: uvicorn's access lines, and its lines about sockets."""
    if record.name == "uvicorn.access":
        return True
    return record.name == "uvicorn.error" and isinstance(record.msg, str) and '- "WebSocket ' in record.msg


def set_up(file: Path | None = None, *, as_json: bool = False) -> None:
    """Send every record of this process through one bounded handler: to the terminal, or to a file that turns over.

    as_json: a JSON object a line, in place of words.
    """
    target: logging.Handler = logging.StreamHandler(sys.stderr)
    if file is not None:
        target = _OwnersFile(file, maxBytes=_FILE_BYTES, backupCount=_FILES - 1, encoding="utf-8")
    target.setFormatter(_JsonFormat() if as_json else _Format(_FORMAT))
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, BoundedHandler)]:
        root.removeHandler(handler)
        handler.close()
    root.addHandler(BoundedHandler(target))
    take_over()


def take_over() -> bool:
    """Take handlers off that libraries have put on loggers of their own, so that their records are bounded as well.

    Returns
    -------
    bool
        Whether there is a log of `set_up`. Without one the handlers stay; but nobody writes down who asked for what.
    """
    # An address says which need somebody asked about, and its line says from where. Streamlit puts its own handler
    # back on this logger whatever the server was told, so the logger itself is switched off.
    logging.getLogger("uvicorn.access").disabled = True
    sockets = logging.getLogger("uvicorn.error")
    if _without_clients not in sockets.filters:
        sockets.addFilter(_without_clients)
    if not any(isinstance(handler, BoundedHandler) for handler in logging.getLogger().handlers):
        return False
    for name in list(logging.Logger.manager.loggerDict):
        if name.split(".")[0] in _LIBRARIES:
            logger = logging.getLogger(name)
            logger.handlers = []
            logger.propagate = True
    return True


def _without_clients(record: logging.LogRecord) -> bool:
    return not names_a_client(record)
