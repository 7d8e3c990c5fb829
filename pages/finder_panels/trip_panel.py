"""One way for several needs: its stops with their telephones, who could come along, and one referral for all of it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from api.forms.consent_form import field_error
from core.i18n import _, ngettext
from pages.common import markup, shared
from pages.finder_panels.action_state import (
    RefusedFieldError,
    draw_trouble,
    may_refer,
    open_panel,
    safely,
    toggle_panel,
)
from pages.finder_panels.refer_panel import draw_consent_fields, read_consent
from providers.finder.trips import best_for
from providers.output.answer_text import wanted_words
from referrals.ledger import case_codes
from referrals.records import roles
from referrals.records.ledger_errors import BadReferralError, PersonalDataError
from referrals.workflow import referral_offers, worklist
from referrals.workflow.ride_sharing import find_shared_rides, ride_words
from referrals.workflow.trip_referrals import refer_to_stops

if TYPE_CHECKING:
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.answer import Answer, Query
    from providers.finder.trips import PlannedTrip
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

_FEWEST_STOPS = 2  # one stop has a button of its own below
_HERE, _PANEL = "trip", "trip"
StopServices = tuple[tuple[str, str], ...]


def one_trip(directory: Directory, snapshot: Snapshot, answers: list[Answer], actor: Actor | None = None) -> None:
    """Show the way that answers all the needs with the least travel, and refer to all of it; who could come along.

    Parameters
    ----------
    directory
        Referrals of those who could come along.
    snapshot
        Services, places and doubts of one moment.
    answers
        One answer a need, from the same place.
    actor
        Who is signed in; None = nobody, and nobody who could come along is told.
    """
    whole = replace(answers[0].query, wanted=tuple(answer.query.wanted[0] for answer in answers))
    surest, *others = best_for(snapshot, whole)
    with st.container(key="hs-trip"):
        st.html(markup.render_trip(surest))
        if actor is not None:
            _draw_actions(surest, actor)
            if rides := _rides(directory, surest, actor):
                st.html(markup.render_quiet(rides))
    if others:
        st.html("".join(markup.render_trip(plan) for plan in others))


def _rides(directory: Directory, plan: PlannedTrip, actor: Actor) -> str:
    """Say who of the same community could come along, to those who follow its referrals; sensitive needs ride alone."""
    home = plan.query.home or plan.query.origin
    if not plan.visits or not roles.allows(actor, "referral.list", roles.Area(home.county, home.uat_siruta)):
        return ""
    stops = [(visit.offer.lat, visit.offer.lon) for visit in plan.visits]
    return ride_words(find_shared_rides(directory, home, stops, actor=actor, mode=plan.query.mode))


def _draw_actions(plan: PlannedTrip, actor: Actor) -> None:
    """Draw the button that refers to all stops, its panel, and what came of it."""
    stops: StopServices = tuple((visit.wanted, visit.offer.service_id) for visit in plan.visits)
    for number, name, words in st.session_state.get("trip_made", ()):
        st.html(markup.render_referred(number, name, words))
    for words in st.session_state.get("trip_failed", ()):
        st.html(markup.render_field_error(words))
    if len(stops) < _FEWEST_STOPS or not may_refer(actor, plan.query) or st.session_state.get("trip_made"):
        return
    words = _("Referiți la amândouă") if len(stops) == _FEWEST_STOPS else _("Referiți la toate")
    st.button(words, key="refer-trip", type="primary", on_click=toggle_panel, args=(_HERE, _PANEL))
    if open_panel(_HERE) != _PANEL:
        return
    with st.container(border=True, key="hs-do-trip"):
        st.html(markup.render_panel_title(_("Referiți persoana la tot drumul"), _names(plan)))
        draw_consent_fields(_HERE)
        st.button(
            ngettext("Trimiteți {n} referire", "Trimiteți {n} referiri", len(stops)).format(n=len(stops)),
            key="go-trip",
            type="primary",
            on_click=safely,
            args=(_HERE, _refer, plan.query, stops),
        )
        draw_trouble(_HERE)
        st.button(_("Închideți"), key="close-trip", on_click=toggle_panel, args=(_HERE, _PANEL), type="tertiary")


def _names(plan: PlannedTrip) -> str:
    return "; ".join(f"{visit.offer.name} ({referral_offers.offer_line(visit.offer)})" for visit in plan.visits)


def _refer(query: Query, stops: StopServices) -> None:
    home = shared.home()
    directory, actor = shared.directory(home), shared.actor(home)
    if actor is None:
        return
    form = read_consent()
    # The same key and the same new case until an answer has come: pressed twice, it is one referral a stop.
    key = st.session_state.setdefault("key-trip", secrets.token_urlsafe(12))
    case = st.session_state.setdefault("case-trip", case_codes.offer_code(directory.ledger, actor))
    try:
        came = refer_to_stops(
            directory,
            query,
            stops,
            actor=actor,
            basis=form.basis,
            consent_at=form.consent_at,
            case_ref=form.case_ref,
            new_case=case,
            note=form.note,
            idempotency_key=key,
        )
    except (BadReferralError, PersonalDataError) as error:
        raise RefusedFieldError(field_error(error, form)) from error
    for name in ("key-trip", "case-trip"):
        st.session_state.pop(name, None)
    names = [referral_offers.service_name(directory, each.service_id) for each in came.made]
    st.session_state["trip_made"] = [
        (each.referral_id, name, worklist.what_next(each)) for each, name in zip(came.made, names, strict=True)
    ]
    st.session_state["trip_failed"] = [f"{wanted_words(need)}: {why}" for need, why in came.failed]
    st.session_state.setdefault("referred", {}).update({each.service_id: each.referral_id for each in came.made})
    st.session_state["doing"] = None
