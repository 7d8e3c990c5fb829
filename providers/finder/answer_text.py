"""An answer in plain lines, for a terminal and for a message that must work on any telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _
from providers.finder.offer_view import answer_view, view_of
from providers.rules.wording import minute_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from providers.finder.answer import Answer, Offer
    from providers.finder.offer_view import AnswerView, OfferView

_MOST_EXCLUDED = 8


def answer_lines(answer: Answer) -> Iterator[str]:
    """Say an answer line by line: danger first, the offers under their headings, why not the others, sources."""
    for line in answer.emergency:
        yield f"!! {line.phone}: {_(line.name)}"
        yield f"   {_(line.words)}"
    around = answer_view(answer)
    for card in around.first_hour:
        yield card.title
        for heading, said in card.parts:
            yield from (f"   {heading}: {line}" for line in said)
    yield around.place
    yield from (f"  {line}" for line in around.empty)
    for group in around.groups:
        yield ""
        yield f"{group.title} ({group.note})" if group.note else group.title
        if not group.offers:
            yield f"  {group.nothing}"
        for place, offer in enumerate(group.offers, start=1):
            yield from _offer(offer, place, has_steps=group.key == "first" or place == 1)
    yield from _local(around)
    yield from _own_steps(around)
    yield from _elsewhere(around)
    yield from _excluded(answer)
    yield ""
    if around.missing:
        yield around.missing
    yield around.how_measured
    yield from (_("Sursa: {title}").format(title=line) for line in around.sources)


def _offer(offer: Offer, place: int, *, has_steps: bool) -> Iterator[str]:
    view = view_of(offer)
    way = view.travel.words if view.travel else view.not_visited
    key = f"  [{view.service_id}]" if view.service_id else ""
    yield f"  {place}. {view.name} · {way}{key}"
    yield "     " + " · ".join(text for text in (view.what, view.places.words if view.places else "") if text)
    yield from _facts(view)
    if has_steps:
        yield from (f"     → {step}" for step in view.steps if step != view.what)


def _local(around: AnswerView) -> Iterator[str]:
    if not around.local:
        return
    yield ""
    yield _("Știute de echipele din județ")
    for one in around.local:
        yield "  - " + " · ".join(text for text in (one.name, one.when, one.way, one.mark) if text)
        yield "     " + " · ".join((one.offers, *one.lines, *(phone.text for phone in one.phones)))


def _own_steps(around: AnswerView) -> Iterator[str]:
    for card in around.own_steps:
        yield ""
        yield card.title
        for heading, lines in card.parts:
            yield from (f"   {heading}: {line}" for line in lines)
        yield from (
            "   "
            + _("Act de completat de mână: {title} (harta paper {code} --out {code}.pdf)").format(
                title=title, code=code
            )
            for code, title in card.papers
        )
        yield f"   {card.basis}"


def _elsewhere(around: AnswerView) -> Iterator[str]:
    if around.elsewhere:
        yield ""
        yield _("La domiciliu, la distanță sau cu adresă protejată")
    for offer in around.elsewhere:
        view = view_of(offer)
        said = [view.name, view.not_visited, view.what, view.places.words if view.places else ""]
        key = f"  [{view.service_id}]" if view.service_id else ""
        yield "  - " + " · ".join(text for text in said if text) + key
        yield from _facts(view)
    if around.away:
        yield ""
        yield around.away.title + " " + _("(toate sunt în răspunsul --json)")
        if around.away.how:
            yield f"  {around.away.how}"


def _facts(view: OfferView) -> Iterator[str]:
    """Say where, when and by which number; what stands before the door; what is to be checked."""
    place = f"{view.address} ({view.precision})" if view.travel and view.travel.is_approximate else view.address
    licence = _("licență {words}").format(words=view.licence) if view.licence else ""
    hours = ", ".join(text for text in (view.hours, view.opening) if text)
    program = _("program: {hours}").format(hours=hours) if hours else ""
    said = [place, program, *(phone.text for phone in view.phones), view.dated, licence]
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
        way = f", {minute_words(line.minutes)}" if line.minutes is not None else ""
        yield f"  - {line.name}{way}: {line.words}"
    more = len(answer.excluded) - _MOST_EXCLUDED
    if more > 0:
        yield "  " + _("… și încă {n} (toate sunt în răspunsul --json)").format(n=more)
