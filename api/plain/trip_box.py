"""One way for several needs, on a plain page: stops in their order, separate ways beside it, who could come along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.http import page_frame
from api.plain import offer_cards, search_page
from core.i18n import _
from providers.finder.trip_text import plan_title, saving_words, wanted_words
from providers.finder.trips import best_for
from providers.rules.wording import minute_words
from referrals.records import roles
from referrals.workflow.ride_sharing import find_shared_rides, ride_words

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from providers.finder.answer import Query
    from providers.finder.trips import PlannedTrip, Visit


@dataclass(frozen=True)
class TripDrawn:
    """The box of a trip, and what of the question it answers."""

    box: Markup
    answered: frozenset[str]


def draw(view: RequestView, query: Query) -> TripDrawn:
    """Draw the ways that answer all of a question, the surest first; one button refers to all stops of a way."""
    plans = best_for(view.snapshot, query)
    first, *others = plans
    shorter = Markup("").join(
        Markup("<details><summary>{}</summary>{}</details>").format(
            _("Mai scurt, dar sunați înainte: {minutes}").format(minutes=minute_words(plan.minutes)),
            _plan(view, plan),
        )
        for plan in others
    )
    return TripDrawn(
        _plan(view, first) + shorter + rides(view, first), frozenset(visit.wanted for visit in first.visits)
    )


def _plan(view: RequestView, plan: PlannedTrip) -> Markup:
    if not plan.visits:
        return _separately(plan)
    stops = Markup("").join(_stop(visit) for visit in plan.visits)
    return Markup('<section class="box"><h2>{}</h2><p><b>{}</b></p><ol>{}</ol><p>{}</p>{}{}</section>').format(
        plan_title(plan),
        saving_words(plan),
        stops,
        _("Înapoi: {minutes}.").format(minutes=minute_words(plan.back_minutes)),
        _refer_to_all(view, plan),
        _separately(plan),
    )


def _stop(visit: Visit) -> Markup:
    offer = visit.offer
    about = "" if offer.position_precision == "address" else "≈ "
    way = f"{about}{minute_words(visit.minutes)}"
    where = Markup(' <span class="soft">{}</span>').format(offer.locality) if offer.locality else page_frame.NOTHING
    return Markup("<li><b>{}</b>{}<br>{} · {} {}</li>").format(
        offer.name, where, wanted_words(visit.wanted), way, offer_cards.badge(offer)
    )


def _refer_to_all(view: RequestView, plan: PlannedTrip) -> Markup:
    if not offer_cards.may_send(view, plan.query) or len(plan.visits) < 2:  # noqa: PLR2004 - one stop has a button of its own below
        return page_frame.NOTHING
    carried = [*search_page.fields_of(plan.query), ("caz", view.said("caz"))]
    return Markup('<form method="post" action="/simplu/drum">{}{}<button class="main">{}</button></form>').format(
        page_frame.hidden(view, carried),
        stop_fields([(visit.wanted, visit.offer.service_id) for visit in plan.visits]),
        _("Referiți la tot drumul"),
    )


def stop_fields(stops: list[tuple[str, str]]) -> Markup:
    """Carry the stops of a way along in a form: what for, and where."""
    return Markup("").join(
        Markup('<input type="hidden" name="oprire" value="{} {}">').format(need, service) for need, service in stops
    )


def _separately(plan: PlannedTrip) -> Markup:
    parts = (
        (_("Prin drumuri separate"), plan.separate if plan.visits else ()),
        (_("Separat, niciodată împreună cu altele"), plan.apart),
    )
    said = _("{name}: {minutes} dus-întors")
    return Markup("").join(
        Markup("<details><summary>{}</summary><ul>{}</ul></details>").format(
            title,
            Markup("").join(
                Markup("<li>{}</li>").format(said.format(name=each.offer.name, minutes=minute_words(each.minutes)))
                for each in some
            ),
        )
        for title, some in parts
        if some
    )


def rides(view: RequestView, plan: PlannedTrip) -> Markup:
    """Say who of the same community could come along, to those who follow its referrals; sensitive needs ride alone."""
    home = plan.query.home or plan.query.origin
    area = roles.Area(home.county, home.uat_siruta)
    if view.session is None or not plan.visits or not roles.allows(view.actor, "referral.list", area):
        return page_frame.NOTHING
    stops = [(visit.offer.lat, visit.offer.lon) for visit in plan.visits]
    words = ride_words(find_shared_rides(view.directory, home, stops, actor=view.actor, mode=plan.query.mode))
    return page_frame.quiet(words) if words else page_frame.NOTHING
