"""Papers that are printed empty and filled in by hand: nothing about a person is ever in them here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, cast, get_args

from core.errors import UnknownCodeError
from core.i18n import _
from core.reading.curated_tables import FOLDER, index_by, read_rows

if TYPE_CHECKING:
    from pathlib import Path

LineKind = Literal["to", "heading", "fields", "lines", "box", "text", "note", "sign"]
_KINDS: tuple[LineKind, ...] = get_args(LineKind)


@dataclass(frozen=True)
class PaperLine:
    """One line of a paper. words: of `fields` and `sign` several, `;` between them. size: how many ruled lines."""

    kind: LineKind
    words: str
    size: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the blanks that stand side by side."""
        return tuple(name.strip() for name in self.words.split(";"))


@dataclass(frozen=True)
class Paper:
    """A paper: its code, title, what it is for, the laws behind it, whether they are sure, and its lines."""

    paper: str
    title: str
    purpose: str
    basis: str
    certainty: str
    lines: tuple[PaperLine, ...]


@cache
def papers(folder: Path = FOLDER) -> dict[str, Paper]:
    """Return every paper by its code.

    Parameters
    ----------
    folder
        Where `papers.csv` and `paper_lines.csv` stand.

    Returns
    -------
    dict of str to Paper
        In the order of the file.
    """
    heads = index_by(read_rows(folder / "papers.csv", ("paper", "title", "purpose", "basis", "certainty")), "paper")
    lines: defaultdict[str, list[PaperLine]] = defaultdict(list)
    for row in read_rows(folder / "paper_lines.csv", ("paper", "kind", "words", "size")):
        kind = cast("LineKind", row.choice("kind", _KINDS))
        is_ruled = kind == "lines"
        words = row.optional("words") if is_ruled else row.text("words")
        line = PaperLine(kind, words or "", row.whole("size") or 0)
        if is_ruled != (line.size > 0):
            raise row.cell_error("size", _("un număr de rânduri, numai la „lines”"))
        lines[row.key("paper", heads, "papers.csv")].append(line)
    return {
        code: Paper(
            code,
            row.text("title"),
            row.text("purpose"),
            row.text("basis"),
            row.choice("certainty", ("sure", "assumed")),
            tuple(lines[code]),
        )
        for code, row in heads.items()
    }


def paper_of(code: str) -> Paper:
    """Return a paper.

    Parameters
    ----------
    code
        Its code.

    Returns
    -------
    Paper
        With its lines.

    Raises
    ------
    UnknownCodeError
        Where there is none of this code; the message names those that there are.
    """
    found = papers().get(code)
    if found is None:
        raise UnknownCodeError(
            _("Nu există actul „{code}”. Există: {known}.").format(code=code[:40], known=", ".join(papers()))
        )
    return found
