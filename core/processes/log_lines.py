"""A line of the log for programs that collect logs: one JSON object, whatever the record says and however long."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

__all__ = ["LONGEST", "JsonLines", "cut", "terminal_line"]

LONGEST = 4_000  # characters of one record, stack trace and all


class JsonLines(logging.Formatter):
    """One JSON object a line; its texts are cut, so that the line stays whole."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record: when, how grave, who says it, what, and the error with its trace.

        Parameters
        ----------
        record
            What is logged.

        Returns
        -------
        str
            The object, without an end of line.
        """
        values = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": cut(record.getMessage(), LONGEST // 2),
        }
        if record.exc_info and record.exc_info[0]:
            values["error"] = record.exc_info[0].__name__
            values["trace"] = cut(self.formatException(record.exc_info), LONGEST // 2)
        return json.dumps(values, ensure_ascii=False)


def cut(words: str, longest: int = LONGEST) -> str:
    """Shorten a long text in its middle: a stack trace says most at its end.

    Parameters
    ----------
    words
        The text.
    longest
        How many of its characters stay.

    Returns
    -------
    str
        The text, with a note of what was left out where it was longer.

    Examples
    --------
    >>> len(cut("x" * 100_000)) < 4_100
    True
    """
    if len(words) <= longest:
        return words
    return f"{words[: longest // 4]}\n… {len(words) - longest} characters left out …\n{words[-longest * 3 // 4 :]}"


def terminal_line(words: str, *, as_json: bool) -> str:
    """Write what a program tells whoever started it: the words, or a line of the log that says them.

    Parameters
    ----------
    words
        A sentence.
    as_json
        Whether the terminal of this program is read by one that collects logs.

    Returns
    -------
    str
        One line, without its end.
    """
    if not as_json:
        return words
    return JsonLines().format(logging.LogRecord("harta.start", logging.INFO, __file__, 0, "%s", (words,), None))
