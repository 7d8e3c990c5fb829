"""An answer in plain lines, for a terminal and for a message that must work on any telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _, number
from providers.finder.offer_view import answer_view, view_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from providers.finder.answer import Answer, Result
    from providers.finder.offer_view import OfferView

_MOST_EXCLUDED = 8


def answer_lines(answer: Answer) -> Iterator[str]:
    """Say an answer line by line: danger first, the two blocks, the rest, why not the others, sources."""
    for line in answer.emergency:
        yield f"!! {line.phone}: {_(line.name)}"
        yield f"   {_(line.words)}"
    around = answer_view(answer)
    yield around.place
    yield from (f"  {line}" for line in around.empty)
    for block, title, nothing in (
        ("confirmed", _("Loc confirmat"), _("Niciun serviciu nu are acum un loc confirmat.")),
        ("call_first", _("Sunați înainte (locurile nu sunt confirmate)"), _("Niciun alt serviciu potrivit.")),
    ):
        if block == "call_first" and answer.query.only_confirmed:
            continue
        yield ""
        yield title
        results = [r for r in answer.results if r.block == block]
        if not results:
            yield f"  {nothing}"
        for result in results:
            yield from _result(result)
    if answer.also:
        yield ""
        yield _("Mai pot ajuta")
        for result in answer.also:
            yield from _result(result)
    yield from _elsewhere(answer)
    yield from _excluded(answer)
    yield ""
    if around.missing:
        yield around.missing
    yield from (_("Sursa: {title}").format(title=line) for line in around.sources)


def _result(result: Result) -> Iterator[str]:
    view = view_of(result)
    way = view.travel.words if view.travel else view.not_visited
    yield f"  {result.rank}. {view.name} · {way}  [{result.service_id}]"
    yield "     " + " · ".join(text for text in (view.what, view.places.words if view.places else "") if text)
    yield from _facts(view)
    if result.rank == 1:
        yield from (f"     → {step}" for step in view.steps)


def _elsewhere(answer: Answer) -> Iterator[str]:
    if not answer.elsewhere:
        return
    yield ""
    yield _("Fără drum sau fără adresă publică")
    for offer in answer.elsewhere:
        view = view_of(offer)
        said = [view.name, view.not_visited, view.what, view.places.words if view.places else ""]
        key = f"  [{view.service_id}]" if view.service_id else ""
        yield "  - " + " · ".join(text for text in said if text) + key
        yield from _facts(view)


def _facts(view: OfferView) -> Iterator[str]:
    """Say where, when and by which number; what stands before the door; what is to be checked."""
    place = f"{view.address} ({view.precision})" if view.travel and view.travel.is_approximate else view.address
    licence = _("licență {words}").format(words=view.licence) if view.licence else ""
    said = [place, view.hours, view.opening, *(phone.text for phone in view.phones), view.dated, licence]
    if any(said):
        yield "     " + " · ".join(text for text in said if text)
    yield from (f"     ! {line}" for line in view.cautions)
    if view.checks:
        yield f"     ? {_('De verificat')}: {view.checks}"


def _excluded(answer: Answer) -> Iterator[str]:
    if not answer.excluded:
        return
    yield ""
    yield _("De ce nu altele?")
    for line in answer.excluded[:_MOST_EXCLUDED]:
        way = f", {_('{n} min').format(n=number(line.minutes))}" if line.minutes is not None else ""
        yield f"  - {line.name}{way}: {line.words}"
    more = len(answer.excluded) - _MOST_EXCLUDED
    if more > 0:
        yield "  " + _("… și încă {n} (toate sunt în răspunsul --json)").format(n=more)
