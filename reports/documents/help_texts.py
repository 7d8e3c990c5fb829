"""Short help for each screen: the texts of `docs/help/`, one file a screen, as title and paragraphs.

The English of `docs/help/find.md` is `docs/help/en/find.md`; a screen without it is explained in Romanian.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import UnknownCodeError
from core.i18n import _, language
from core.resources import ROOT

FOLDER = ROOT / "docs" / "help"


@dataclass(frozen=True)
class Help:
    """One screen's help. code: the language it is written in. steps: what to do, in order; notes: what to know."""

    screen: str
    code: str
    title: str
    about: str
    steps: tuple[str, ...]
    notes: tuple[str, ...]


def screens() -> tuple[str, ...]:
    """List the screens that have a help text, by the names of their files."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.md")))


def help_of(screen: str) -> Help:
    """Read the help of a screen in the language of this request.

    A file is a `# title`, a paragraph, numbered steps (`1. …`) and notes (`- …`), each on one line.

    Parameters
    ----------
    screen
        Name of the screen.

    Returns
    -------
    Help
        Title, paragraph, steps and notes; Romanian where there is no other.

    Raises
    ------
    UnknownCodeError
        Where the screen has no help.
    """
    if screen not in screens():
        raise UnknownCodeError(_("Nu există ajutor pentru „{screen}”.").format(screen=screen))
    code, path = "ro", FOLDER / f"{screen}.md"
    if (own := FOLDER / language() / path.name).is_file():
        code, path = language(), own
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    steps = tuple(line.split(". ", 1)[1] for line in lines if line[0].isdigit())
    notes = tuple(line[2:] for line in lines if line.startswith("- "))
    plain = [line for line in lines if not (line[0].isdigit() or line.startswith(("- ", "# ")))]
    return Help(screen, code, lines[0].removeprefix("# "), " ".join(plain), steps, notes)
