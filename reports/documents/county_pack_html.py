"""The county pack as one HTML file that works without a network: nothing is loaded, nothing is sent.

What comes from registers is escaped, and the page's own policy lets only its own style and script run.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from core.i18n import _
from core.templating import TEMPLATES, render
from core.text import fold_loose
from providers.rules.wording import phones
from reports.documents.county_pack import content_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from providers.rules.wording import Phone
    from reports.documents.county_pack import LocalPackEntry, Pack, PackEntry, Section

_Dialled = tuple[str, str]  # a number as it is read, and as it is dialled: blank where it is not


@dataclass(frozen=True)
class _Item:
    """An entry as the page lays it out. words: what its search compares, folded as the page's script folds."""

    name: str
    kind: str
    place: str
    phones: tuple[_Dialled, ...]
    email: str
    facts: tuple[str, ...]
    words: str


def render_pack(pack: Pack) -> str:
    """Render a pack that is gathered."""
    style, script = _own_file("county_pack.css"), _own_file("county_pack.js")
    own = f"style-src {_digest(style)}; script-src {_digest(script)}"
    page = render(
        "documents/county_pack.html",
        pack=pack,
        said=content_words(pack),
        policy=f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'",
        style=style,
        script=script,
        emergency=[(_(line.name), line.phone, phones(line.phone)[0].dial) for line in pack.emergency],
        sections=[*_sections(pack)],
        sources=_sources(pack),
    )
    return str(page)


@cache
def _own_file(name: str) -> Markup:
    """Read the page's style or script, letter by letter: the policy holds its digest."""
    return Markup((TEMPLATES / "documents" / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of ours


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sections(pack: Pack) -> Iterator[tuple[str, int, Sequence[tuple[str, list[_Item]]]]]:
    for section in pack.sections:
        yield section.title, len(section.entries), _groups(pack, section)
    if pack.local:
        yield _("Știute de echipele din județ"), len(pack.local), [("", [_local(pack, each) for each in pack.local])]


def _groups(pack: Pack, section: Section) -> Sequence[tuple[str, list[_Item]]]:
    """Part a section by category; a section of one category does not name it."""
    groups: dict[str, list[_Item]] = {}
    for entry in section.entries:
        groups.setdefault(entry.category, []).append(_item(pack, entry))
    return [(category if len(groups) > 1 else "", items) for category, items in groups.items()]


def _item(pack: Pack, entry: PackEntry) -> _Item:
    kind = " · ".join(part for part in (entry.type_name, entry.organization) if part)
    place = ", ".join(part for part in (entry.locality, entry.address) if part)
    return _Item(
        entry.view.name,
        kind,
        place,
        phones=_dialled(pack, entry.view.phones),
        email=entry.email,
        facts=tuple(part for part in (entry.view.hours, entry.places, *entry.notes) if part),
        words=fold_loose(f"{entry.view.name} {kind} {entry.category} {place}"),
    )


def _local(pack: Pack, entry: LocalPackEntry) -> _Item:
    kind = entry.notes[0]
    words = fold_loose(f"{entry.name} {kind} {entry.place}")
    return _Item(entry.name, kind, entry.place, _dialled(pack, entry.phones), "", entry.notes[1:], words)


def _dialled(pack: Pack, numbers: Sequence[Phone]) -> tuple[_Dialled, ...]:
    """Give numbers to be tapped, but of a demonstration, where they are nobody's."""
    return tuple((phone.text, "" if pack.is_demo else phone.dial) for phone in numbers)


def _sources(pack: Pack) -> list[str]:
    return [*pack.sources, pack.missing] if pack.missing else list(pack.sources)
