"""One way for several needs, on a plain page: stops in their order, separate ways beside it, who could come along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.forms.question_form import question_fields
from api.plain import offer_cards
from core.i18n import _
from providers.finder.offer_view import PlacesBadge, places_badge
from providers.finder.trips import best_for
from providers.output.answer_text import plan_title, saving_words, wanted_words
from providers.rules.travel_words import estimate_note
from providers.rules.wording import Phone, minute_words, phones
from referrals.records import roles
from referrals.workflow import referral_offers, worklist
from referrals.workflow.ride_sharing import find_shared_rides, ride_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.http.request_view import RequestView
    from providers.finder.answer import Offer, Query
    from providers.finder.trips import PlannedTrip, Separate, Visit
    from referrals.records.vocabulary import Referral

_FEWEST_STOPS = 2  # one stop has a button of its own below


@dataclass(frozen=True)
class StopShown:
    """One stop of a way: what for, where, and how to get there from the stop before."""

    code: str
    service_id: str
    need: str
    name: str
    locality: str
    address: str
    way: str
    places: PlacesBadge | None
    phones: tuple[Phone, ...]


@dataclass(frozen=True)
class PlanShown:
    """One way.

    stops: none where only separate ways lead there. how_measured: what minutes rest on. may_refer: one button refers
    to all stops.
    """

    title: str
    saving: str
    minutes: str
    back: str
    how_measured: str
    stops: tuple[StopShown, ...]
    separate: tuple[str, ...]
    apart: tuple[str, ...]
    may_refer: bool
    carried: list[tuple[str, str]]


@dataclass(frozen=True)
class TripShown:
    """The ways that answer all of a question, the surest first. answered: what of it the first way does for."""

    first: PlanShown
    shorter: tuple[PlanShown, ...]
    rides: str
    answered: frozenset[str]


@dataclass(frozen=True)
class MadeReferral:
    """A referral that was made of one stop, and what comes next."""

    number: str
    words: str


def trip_shown(view: RequestView, query: Query) -> TripShown:
    """Return the ways that answer all of a question.

    Parameters
    ----------
    view
        The request.
    query
        Two things wanted or more.

    Returns
    -------
    TripShown
        The surest way, shorter ones that need a call before, and who could come along.

    Raises
    ------
    BadValueError
        For too few or too many needs.
    """
    first, *others = best_for(view.snapshot, query)
    return TripShown(
        first=_plan(view, first),
        shorter=tuple(_plan(view, plan) for plan in others),
        rides=_rides(view, first),
        answered=frozenset(visit.wanted for visit in first.visits),
    )


def _plan(view: RequestView, plan: PlannedTrip) -> PlanShown:
    return PlanShown(
        title=plan_title(plan),
        saving=saving_words(plan),
        minutes=minute_words(plan.minutes),
        back=minute_words(plan.back_minutes),
        how_measured=estimate_note(plan.travel),
        stops=tuple(_stop(visit) for visit in plan.visits),
        separate=_lines(plan.separate if plan.visits else ()),
        apart=_lines(plan.apart),
        may_refer=len(plan.visits) >= _FEWEST_STOPS and offer_cards.may_send(view, plan.query),
        carried=[*question_fields(plan.query), ("caz", view.fields.text("caz"))],
    )


def _stop(visit: Visit) -> StopShown:
    offer = visit.offer
    about = "" if offer.position_precision == "address" else "≈ "
    return StopShown(
        code=visit.wanted,
        service_id=offer.service_id,
        need=wanted_words(visit.wanted),
        name=offer.name,
        locality=offer.locality or "",
        address="" if offer.is_secret else offer.address or "",
        way=f"{about}{minute_words(visit.minutes)}",
        places=public_badge(offer),
        phones=phones(offer.phone),
    )


def public_badge(offer: Offer) -> PlacesBadge | None:
    """Return what is known of the places of an offer; None behind a protected address."""
    return None if offer.is_secret else places_badge(offer)


def _lines(separate: Iterable[Separate]) -> tuple[str, ...]:
    text = _("{name}: {minutes} dus-întors")
    return tuple(text.format(name=each.offer.name, minutes=minute_words(each.minutes)) for each in separate)


def _rides(view: RequestView, plan: PlannedTrip) -> str:
    """Say who of the same community could come along, to those who follow its referrals; sensitive needs ride alone."""
    home = plan.query.home or plan.query.origin
    area = roles.Area(home.county, home.uat_siruta)
    if view.session is None or not plan.visits or not roles.allows(view.actor, "referral.list", area):
        return ""
    stops = [(visit.offer.lat, visit.offer.lon) for visit in plan.visits]
    return ride_words(find_shared_rides(view.directory, home, stops, actor=view.actor, mode=plan.query.mode))


def made_referral(view: RequestView, referral: Referral) -> MadeReferral:
    """Return what is said of a referral that was made just now."""
    name = referral_offers.service_name(view.directory, referral.service_id)
    return MadeReferral(referral.referral_id, f"{name}. {worklist.what_next(referral)}")
