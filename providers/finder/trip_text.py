"""A trip in plain lines: where to go, in which order, and what it spares beside going to each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _
from providers.finder import search_terms
from providers.finder.offer_view import places_badge
from providers.local.local_view import local_view
from providers.rules.travel_words import estimate_note
from providers.rules.wording import minute_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from providers.finder.trips import PlannedTrip, Visit


def plan_title(plan: PlannedTrip) -> str:
    """Name a plan: only confirmed places, or some to call first."""
    return _("Un singur drum, numai la locuri confirmate") if plan.only_confirmed else _("Un singur drum")


def saving_words(plan: PlannedTrip) -> str:
    """Say how long the trip is beside separate ways, and the difference."""
    both = {"minutes": minute_words(plan.minutes), "separate": minute_words(plan.separate_minutes)}
    saved = round(plan.separate_minutes) - round(plan.minutes)  # of the numbers that are read beside it
    if saved < 1:
        return _("{minutes} dus-întors; drumurile separate însumează tot {separate}.").format(**both)
    return _("{minutes} dus-întors, față de {separate} prin drumuri separate: cu {saved} mai puțin.").format(
        **both, saved=minute_words(saved)
    )


def wanted_words(code: str) -> str:
    """Say what is wanted by its code in the words of the screen."""
    known = search_terms.all_search_terms().get(code)
    return known.label if known else code


def plan_lines(plan: PlannedTrip) -> Iterator[str]:
    """Say a plan line by line: the trip, the separate ways, what stays apart, what needs no way."""
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
    yield from _local(plan)
    if plan.visits or plan.apart:
        yield ""
        yield estimate_note(plan.travel)


def _local(plan: PlannedTrip) -> Iterator[str]:
    if not plan.local:
        return
    yield ""
    yield _("Știute de echipele din județ")
    for each in plan.local:
        view = local_view(each.offer)
        said = (wanted_words(each.wanted), view.name, view.when, view.way, view.mark, *(p.text for p in view.phones))
        yield "  - " + " · ".join(text for text in said if text)


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
