"""Answers and trips in plain lines, for a terminal and for a message that must work on any telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.i18n import _, ngettext, number
from providers.finder import search_terms
from providers.finder.answer import Result
from providers.finder.answer_view import answer_view, reach_words
from providers.finder.offer_view import places_badge, view_of
from providers.local.local_view import local_view
from providers.rules.taxonomy import groups as groups_of_people
from providers.rules.travel_words import estimate_note
from providers.rules.wording import minute_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from providers.finder.answer import Answer, Excluded, Offer
    from providers.finder.answer_view import AnswerView
    from providers.finder.offer_view import OfferView
    from providers.finder.trips import PlannedTrip, Visit

_MOST_EXCLUDED = 8


def answer_lines(answer: Answer) -> Iterator[str]:
    """Format an answer line by line: danger first, the offers under their headings, why not the others, sources.

    Parameters
    ----------
    answer
        Of `providers.finder.find`.

    Yields
    ------
    str
        A line without its end, in the language of this request.
    """
    for line in answer.emergency:
        yield f"!! {line.phone}: {_(line.name)}"
        yield f"   {_(line.words)}"
    around = answer_view(answer)
    for card in around.first_hour:
        yield card.title
        for heading, lines in card.parts:
            yield from (f"   {heading}: {line}" for line in lines)
    yield around.place
    yield from (f"  {line}" for line in around.empty)
    yield around.summary
    numbers = {offer.service_id: place for place, offer in enumerate(answer.listed, start=1)}
    for group in around.groups:
        yield ""
        yield f"{group.title} ({group.note})" if group.note and not group.is_folded else group.title
        if not group.offers:
            yield f"  {group.nothing}"
        for place, offer in enumerate(group.offers):
            number = numbers.get(offer.service_id) if isinstance(offer, Result) else None
            reason = around.reasons.get(offer.service_id, "")
            yield from _offer(offer, number, reason, has_steps=place == 0 or offer in answer.first)
    yield from _local(around)
    yield from _own_steps(around)
    yield from _away(around)
    yield from _excluded(around.excluded)
    yield ""
    if around.missing:
        yield around.missing
    yield around.how_measured
    yield from (_("Sursa: {title}").format(title=line) for line in around.sources)


def _offer(offer: Offer, number: int | None, reason: str, *, has_steps: bool) -> Iterator[str]:
    view = view_of(offer)
    way = view.travel.words if view.travel else view.not_visited
    key = f"  [{view.service_id}]" if view.service_id else ""
    yield f"  {number}. {view.name} · {way}{key}" if number else f"  - {view.name} · {way}{key}"
    known = view.places.words if view.places else ""
    yield "     " + " · ".join(text for text in (view.what, known, reason) if text)
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


def _away(around: AnswerView) -> Iterator[str]:
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
    items = [place, program, *(phone.text for phone in view.phones), view.dated, licence]
    if any(items):
        yield "     " + " · ".join(text for text in items if text)
    yield from (f"     ! {line}" for line in view.cautions)
    if view.checks:
        yield f"     ? {_('De verificat')}: {view.checks}"


def _excluded(lines: Sequence[Excluded]) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield _("De ce nu altele?")
    for line in lines[:_MOST_EXCLUDED]:
        way = f", {minute_words(line.minutes)}" if line.minutes is not None else ""
        yield f"  - {line.name}{way}: {line.words}"
    more = len(lines) - _MOST_EXCLUDED
    if more > 0:
        yield "  " + _("… și încă {n} (toate sunt în răspunsul --json)").format(n=more)


@dataclass(frozen=True)
class AskedLine:
    """A question in one line. facts: what was said of the person and of the way."""

    place: str
    needs: str
    facts: tuple[str, ...]


def asked_line(answers: Sequence[Answer]) -> AskedLine:
    """Say in one line what some answers answer: where, what for, for whom, how far.

    Parameters
    ----------
    answers
        Of one question, an answer to each need.

    Returns
    -------
    AskedLine
        What was not said is left out.
    """
    query, terms = answers[0].query, search_terms.all_search_terms()
    person, known = query.person, groups_of_people()
    facts = [
        "" if person.age is None else ngettext("{n} an", "{n} ani", person.age).format(n=number(person.age)),
        {"F": _("feminin"), "M": _("masculin")}.get(person.sex or "", ""),
        *(_(known[code].name) for code in sorted(person.groups)),
        _("domiciliul: {place}").format(place=query.home.label) if query.home else "",
        _("pe jos") if query.mode == "walk" else _("cu mașina"),
        reach_words(answers[0]) if len(answers) == 1 else "",
        _("numai locuri confirmate") if query.only_confirmed else "",
    ]
    wanted = dict.fromkeys(code for answer in answers for code in answer.query.wanted)
    return AskedLine(
        query.origin.label, ", ".join(terms[code].label for code in wanted), tuple(each for each in facts if each)
    )


# --- trips ---


def plan_title(plan: PlannedTrip) -> str:
    """Name a plan: only confirmed places, or some to call first."""
    return _("Un singur drum, numai la locuri confirmate") if plan.only_confirmed else _("Un singur drum")


def saving_words(plan: PlannedTrip) -> str:
    """Return in words how long the trip is beside separate ways, and the difference."""
    both = {"minutes": minute_words(plan.minutes), "separate": minute_words(plan.separate_minutes)}
    saved = round(plan.separate_minutes) - round(plan.minutes)  # of the numbers that are read beside it
    if saved < 1:
        return _("{minutes} dus-întors; drumurile separate însumează tot {separate}.").format(**both)
    return _("{minutes} dus-întors, față de {separate} prin drumuri separate: cu {saved} mai puțin.").format(
        **both, saved=minute_words(saved)
    )


def wanted_words(code: str) -> str:
    """Return in words what is wanted by its code in the words of the screen."""
    known = search_terms.all_search_terms().get(code)
    return known.label if known else code


def plan_lines(plan: PlannedTrip) -> Iterator[str]:
    """Format a plan line by line: the trip, the separate ways, what stays apart, what needs no way."""
    if plan.visits:
        yield plan_title(plan)
        yield f"  {saving_words(plan)}"
        for place, visit in enumerate(plan.visits, start=1):
            yield from _visit(place, visit)
        yield "  " + _("Înapoi: {minutes}.").format(minutes=minute_words(plan.back_minutes))
        yield ""
        yield _("Prin drumuri separate")
        for each in plan.separate:
            yield _("  - {wanted}: {name}, {minutes} dus-întors").format(
                wanted=wanted_words(each.wanted), name=each.offer.name, minutes=minute_words(each.minutes)
            )
    if plan.apart:
        yield ""
        yield _("Separat, niciodată împreună cu altele")
        for each in plan.apart:
            yield _("  - {name}, {minutes} dus-întors").format(name=each.offer.name, minutes=minute_words(each.minutes))
    yield from _no_way(plan)
    yield from _trip_local(plan)
    if plan.visits or plan.apart:
        yield ""
        yield estimate_note(plan.travel)


def _trip_local(plan: PlannedTrip) -> Iterator[str]:
    if not plan.local:
        return
    yield ""
    yield _("Știute de echipele din județ")
    for each in plan.local:
        view = local_view(each.offer)
        lines = (wanted_words(each.wanted), view.name, view.when, view.way, view.mark, *(p.text for p in view.phones))
        yield "  - " + " · ".join(text for text in lines if text)


def _visit(place: int, visit: Visit) -> Iterator[str]:
    offer = visit.offer
    ask = "" if offer.block == "confirmed" else " · " + _("sunați înainte")
    yield _("  {place}. {locality} (+{minutes}): {name}{ask}  [{service_id}]").format(
        place=place,
        locality=offer.locality or _("localitate neprecizată"),
        minutes=minute_words(visit.minutes),
        name=offer.name,
        ask=ask,
        service_id=offer.service_id,
    )
    facts = [wanted_words(visit.wanted), places_badge(offer).words, offer.address, offer.phone]
    yield "     " + " · ".join(fact for fact in facts if fact)


def _no_way(plan: PlannedTrip) -> Iterator[str]:
    for each in plan.no_way:
        yield ""
        if not each.offers:
            yield _("{wanted}: niciun serviciu potrivit nu este la îndemână.").format(wanted=wanted_words(each.wanted))
            continue
        yield _("{wanted}: fără drum").format(wanted=wanted_words(each.wanted))
        for offer in each.offers[:3]:
            phone = f" · {offer.phone}" if offer.phone else ""
            yield f"  - {offer.name}{phone}  [{offer.service_id}]"
