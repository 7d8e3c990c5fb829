"""The guide of a team that works with cases, `/teren/ghid`: docs/ghid-cazuri.md as a page that prints on two sheets.

It is open to everybody and kept for days without network, as the shell is; in English at `/teren/en/ghid`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby

from api.field_work.shell_files import file_address
from core.i18n import use_language
from core.resources import ROOT
from core.templating import render

GUIDES = {"ro": "/teren/ghid", "en": "/teren/en/ghid"}
FILES = {"ro": ROOT / "docs" / "ghid-cazuri.md", "en": ROOT / "docs" / "ghid-cazuri.en.md"}


@dataclass(frozen=True)
class GuidePart:
    """Lines of one kind that stand together: `title`, `text`, `steps` or `notes`."""

    kind: str
    lines: tuple[str, ...]


def guide_parts(text: str) -> list[GuidePart]:
    """Read a guide: `## titles`, paragraphs, numbered steps (`1. …`) and notes (`- …`), each on one line.

    Parameters
    ----------
    text
        The guide without its `# title`.

    Returns
    -------
    list of GuidePart
        In the order of the guide; a line of another kind is a paragraph.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    parts = []
    for kind, found in groupby(lines, _kind_of):
        words = [line.split(" ", 1)[1] if kind != "text" else line for line in found]
        # Titles and paragraphs that follow each other are not one.
        parts += (
            [GuidePart(kind, tuple(words))] if kind in ("steps", "notes") else [GuidePart(kind, (w,)) for w in words]
        )
    return parts


def _kind_of(line: str) -> str:
    if line.startswith("## "):
        return "title"
    if line.startswith("- "):
        return "notes"
    return "steps" if line.split(". ", 1)[0].isdecimal() else "text"


@cache
def guide_html(code: str) -> str:
    """Return the guide as a whole page of HTML, in a language."""
    title, _end, text = FILES[code].read_text(encoding="utf-8").removeprefix("# ").partition("\n")
    back = GUIDES[code].removesuffix("ghid")
    with use_language(code):
        return str(render("teren/guide.html", file=file_address, title=title, parts=guide_parts(text), back=back))
