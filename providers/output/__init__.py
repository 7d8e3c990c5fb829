"""An answer as the command prints it and programs get it: lines of text, JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.output.answer_json import as_json as as_json
    from providers.output.answer_text import answer_lines as answer_lines
    from providers.output.answer_text import asked_line as asked_line

__all__ = ["answer_lines", "as_json", "asked_line"]

__getattr__ = lazy_exports(
    __name__, {"answer_lines": "answer_text", "as_json": "answer_json", "asked_line": "answer_text"}
)
