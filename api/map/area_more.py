"""What the card of an area tells on demand: kinds of service within reach, those that lack, referrals by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from api.map.map_area import require_uat
from core.errors import MapError
from core.i18n import _, ngettext, number
from core.templating import render
from providers.finder.answer_view import missing_words
from providers.finder.community_sheet import SHEET_REACH_MINUTES, community_sheet, lacking_words, missing_title
from providers.rules import taxonomy
from providers.rules.travel_words import how_measured
from providers.rules.wording import registry_words
from referrals.records import roles
from referrals.records.vocabulary import WAITING

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from geo.gazetteer.places import Place
    from providers.finder.community_sheet import CommunitySheet

_BAD = 400


@dataclass(frozen=True)
class AreaMore:
    """What lacks: heading, (register, its kinds with how far the nearest is); lines: how it was measured, and more."""

    heading: str
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    lines: tuple[str, ...]


def area_more(view: RequestView) -> Response:
    """Send what is asked for of the UAT whose SIRUTA code the address names."""
    try:
        place = view.snapshot.gazetteer.place_of(
            None, require_uat(view.home, view.request.query_params.get("siruta", ""))
        )
        found = more_of(community_sheet(view.snapshot, place), *referral_lines(view, place))
    except MapError as error:
        return HTMLResponse(render("plain/map_refusal.html", words=str(error)), _BAD)
    return HTMLResponse(render("plain/map_area_more.html", m=found))


def more_of(sheet: CommunitySheet, *lines: str) -> AreaMore:
    """Say what a sheet lacks within an hour, and the nearest of it.

    Parameters
    ----------
    sheet
        Of the place.
    *lines
        What else is said.

    Returns
    -------
    AreaMore
        In the language of the request; no kind with a protected address is among those asked.
    """
    lacking, there = sheet.missing(SHEET_REACH_MINUTES), sheet.within(SHEET_REACH_MINUTES)
    free = sum(kind.confirmed is not None and kind.confirmed.minutes <= SHEET_REACH_MINUTES for kind in there)
    heading = missing_title(len(lacking), SHEET_REACH_MINUTES)
    near = ngettext("Se găsește {n} tip de serviciu", "Se găsesc {n} tipuri de servicii", len(there))
    near = _("{kinds}, din care cu loc confirmat {free}.").format(
        kinds=near.format(n=number(len(there))), free=number(free)
    )
    registries = dict.fromkeys(kind.registry for kind in lacking)
    missing = tuple(
        (
            registry_words(registry),
            tuple(
                f"{_(kind.name)}: {lacking_words(kind, sheet.travel)}" for kind in lacking if kind.registry == registry
            ),
        )
        for registry in registries
    )
    sentences = (near, *lines, missing_words(sheet.not_imported), how_measured(sheet.travel))
    return AreaMore(heading, missing, tuple(line for line in sentences if line))


def referral_lines(view: RequestView, place: Place) -> tuple[str, ...]:
    """Count the referrals of a UAT for whoever may count them there; of protected services none is counted."""
    who = None if view.session is None else view.session.actor
    area = roles.Area(county=place.county, uat_siruta=place.uat_siruta)
    if who is None or not roles.allows(who, "counts.read", area):
        return ()
    counts = view.directory.ledger.referral_counts(actor=who, county=place.county, uat_siruta=place.uat_siruta)
    known = taxonomy.service_types()
    if counts.empty:
        return (_("Nicio referire făcută de aici."),)
    shown = counts[[code in known and not known[code].is_secret for code in counts["service_type"]]]
    total = int(shown["referrals"].sum())
    waiting = int(shown.loc[shown["state"].isin(list(WAITING)), "referrals"].sum())
    text = ngettext("{n} referire făcută de aici", "{n} referiri făcute de aici", total).format(n=number(total))
    return (_("{referrals}, {waiting} în așteptare").format(referrals=text, waiting=number(waiting)),)
