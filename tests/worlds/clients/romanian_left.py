"""What is still Romanian on a screen that speaks English: sentences of ours, names out of our tables, loose words.

Names of places and providers stay as they are, and so does what is marked `lang="ro"`.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from core.i18n import read_catalogue
from geo.gazetteer.gazetteer import load_gazetteer
from providers.authorities.authorities import kinds

CATALOGUE = Path(__file__).parents[3] / "locale" / "en" / "LC_MESSAGES" / "harta.po"
_DIACRITICS = re.compile(r"[ăâîșțĂÂÎȘȚşţ„]")
_WORD = re.compile(r"[\w-]+")
_COMMON = re.compile(
    r"(?i)\b(?:este|sunt|pentru|nevoie|nevoi|locuri|loc|serviciu|servicii|nu|la|din|cu|și|sau|sunați|acum|azi|ieri|"
    r"comuna|comunitate|zile|ani|raportat|libere|necunoscut|adresa|alegeți|luna|starea|referire|furnizor)\b"
)
_LABEL = re.compile(r", (?:județul|comuna|orașul|municipiul) [^,;.()<]+")  # of a place: understood again when typed
_BRIEF = 10  # letters: "{unit}" is no name
_VOID = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
_SPOKEN = ("aria-label", "title", "alt", "placeholder", "summary", "content")


class _Texts(HTMLParser):
    """Texts of a page, one a node, and what its attributes say; not what is marked as Romanian."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _is_left_out(self) -> bool:
        return any(hidden for _tag, hidden in self._open)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        hidden = tag in ("script", "style") or said.get("lang") == "ro"
        if not (hidden or self._is_left_out) and said.get("name") != "viewport":
            self.found += [said[name] for name in _SPOKEN if said.get(name)]
        if tag not in _VOID:
            self._open.append((tag, hidden))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not self._is_left_out:
            self.found.append(" ".join(data.split()))


def texts_of(html: str) -> list[str]:
    """Take a piece of HTML apart into what it says."""
    parser = _Texts()
    parser.feed(html)
    return parser.found


@cache
def _ours() -> frozenset[str]:
    """Romanian sentences of ours whose English is another one."""
    return frozenset(names[0] for names, said in read_catalogue(CATALOGUE) if names[0] and said[0] != names[0])


@cache
def _offices() -> re.Pattern[str]:
    """The names of public offices, as the law has them: the institution's own name stays Romanian."""
    town_hall = r"Primăria (?:comunei|orașului|municipiului|Sectorului) [^·,;:()]+"
    patterns = {name for kind in kinds() for name in (kind.organization, kind.organization_bucharest) if name}
    named = [re.sub(r"\\\{\w+\\\}", "[^·,;:()]+", re.escape(name)) for name in patterns if len(name) > _BRIEF]
    courts = r"Judecătoria [^·,;:()]+"
    return re.compile("|".join([town_hall, courts, *sorted(named, key=len, reverse=True)]))


@cache
def _words_of_places() -> frozenset[str]:
    places = load_gazetteer(None)
    tables = (places.localities["name"], places.uats["name"], places.counties["name"], places.counties["region_name"])
    return frozenset(word for table in tables for name in table for word in _WORD.findall(str(name)))


def left_in(texts: list[str], names: tuple[str, ...] = ()) -> list[str]:
    """List the texts that are still Romanian. names: of providers, as a register has them."""
    return [text for text in texts if _is_romanian(text, names)]


def _is_romanian(text: str, names: tuple[str, ...]) -> bool:
    said = text
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, " ")
    said = _LABEL.sub(" ", _offices().sub(" ", said)).strip(" .,:;·()")
    if said in _ours():
        return True
    rest = " ".join(word for word in _WORD.findall(said) if word not in _words_of_places())
    return bool(_DIACRITICS.search(rest) or "„" in said or _COMMON.search(rest))
