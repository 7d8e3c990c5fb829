"""The card of an area on the map: what the atlas says, what is inside, and the ways on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
from starlette.responses import HTMLResponse, Response

from api import atlas_areas
from api.map import map_page
from api.map.coverage_layer import asked_of, planning_address, reach_words, served, state_words
from core.errors import MapError, UnknownCodeError
from core.i18n import _, ngettext, number
from core.templating import render
from geo.maps.atlas_view import NOT_IN_ATLAS, class_words
from providers.planning.coverage_travel import NO_ONE_ASKS, REACH_STATES
from providers.rules.wording import registry_words
from providers.service_map.map_answer import count_inside

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer
    from providers.catalogue.snapshot import Snapshot
    from providers.service_map.map_filter import MapFilter
    from providers.service_map.map_layers import MapLayers

MORE = "/api/map/area/more"
_BAD = 400
_LONGEST_CODE = 9  # digits


@dataclass(frozen=True)
class AreaCard:
    """What the card of an area says.

    facts: of the atlas. reached: what is found of the service chosen; planning: address of „Acoperire” with it. inside:
    a line a register, with what has a place. more: address of what is asked for on demand.
    """

    name: str
    facts: tuple[str, ...]
    reached: tuple[str, ...]
    planning: str
    inside: tuple[str, ...]
    more: str
    sheet: str
    map: str
    place: str


def area(view: RequestView) -> Response:
    """Send the card of the UAT whose SIRUTA code the address names."""
    try:
        chosen, layers = asked_of(view)
        params = view.request.query_params
        code = params.get("siruta", "")
        found = area_card(view.home, view.snapshot, code)
        if chosen.wanted:
            found = _with_reach(found, view, chosen, layers, code)
        found = replace(
            found, place=_pressed(view.snapshot.gazetteer, code, params.get("localitate", "")) or found.place
        )
    except MapError as error:
        return HTMLResponse(render("plain/map_refusal.html", words=str(error)), _BAD)
    need = view.request.query_params.get("serviciu", "")
    return HTMLResponse(render("plain/map_area.html", a=found, need=need, csrf_token=view.token))


def area_card(home: Home, snapshot: Snapshot, code: str) -> AreaCard:
    """Return the card of an area.

    Parameters
    ----------
    home
        Whose atlas is shown.
    snapshot
        Services and places of this moment.
    code
        SIRUTA code of a UAT.

    Returns
    -------
    AreaCard
        In the language of the request.

    Raises
    ------
    UnknownCodeError
        Where no UAT of the map has the code.
    """
    siruta = require_uat(home, code)
    table = atlas_areas.view_of(home).table
    row = table[table["uat_siruta"] == siruta].iloc[0]
    place = snapshot.gazetteer.place_of(None, siruta)
    return AreaCard(
        f"{row['name']}, {row['county_name']}",
        tuple(_facts(row)),
        (),
        "",
        tuple(_inside(snapshot, siruta)),
        f"{MORE}?siruta={siruta}",
        f"/comunitati?comunitate={siruta}",
        f"{map_page.ADDRESS}?loc={siruta}",
        place.label,
    )


def _pressed(gazetteer: Gazetteer, uat: str, code: str) -> str:
    """Return the label of the locality of a UAT that was pressed; empty where the code is of none."""
    if not (code.isascii() and code.isdigit() and len(code) <= _LONGEST_CODE):
        return ""
    place = gazetteer.by_siruta(int(code))
    return place.label if str(place.uat_siruta) == uat else ""


def require_uat(home: Home, code: str) -> int:
    """Read the SIRUTA code of a UAT of the map; UnknownCodeError where it is none."""
    table = atlas_areas.view_of(home).table
    if not (table["uat_siruta"].astype("str") == code).any():
        raise UnknownCodeError(
            _("Pe hartă nu este nicio comună și niciun oraș cu codul „{code}”.").format(code=code[:20])
        )
    return int(code)


def _with_reach(found: AreaCard, view: RequestView, chosen: MapFilter, layers: MapLayers, code: str) -> AreaCard:
    """Add what people of the area find of the service chosen; of protected ones nothing is said below the county."""
    try:
        coverage, table = served(view, chosen, layers)
    except MapError as error:
        return replace(found, reached=(str(error),))
    row = table[table["uat_siruta"] == int(code)].iloc[0]
    lines = [_("{service}, {within}:").format(service=coverage.title, within=reach_words(layers.minutes))]
    if not row["people"]:
        lines.append(state_words()[NO_ONE_ASKS])
    else:
        people = ngettext("{n} om are nevoie (estimare)", "{n} oameni au nevoie (estimare)", int(row["people"]))
        lines.append(people.format(n=number(int(row["people"]))))
        lines += [
            f"{words}: {number(int(row[REACH_STATES[state]]))}"
            for state, words in state_words().items()
            if state != NO_ONE_ASKS and row[REACH_STATES[state]]
        ]
    planning = planning_address(chosen.wanted, layers, str(row["county"]))
    return replace(found, reached=tuple(lines), planning=planning)


def _facts(row: pd.Series) -> list[str]:
    grade = NOT_IN_ATLAS if pd.isna(row["atlas_class"]) else int(row["atlas_class"])
    facts = [class_words(grade, is_loaded=bool(row["is_atlas_loaded"]))]
    if not pd.isna(row["rate_percent"]):
        facts.append(_("{n} % din oameni în zone marginalizate").format(n=number(float(row["rate_percent"]), 1)))
    if not pd.isna(row["population"]):
        facts.append(_("populația: {n}").format(n=number(int(row["population"]))))
    if row["status"]:
        facts.append(_("comunitate a proiectului"))
    return facts


def _inside(snapshot: Snapshot, siruta: int) -> list[str]:
    """Say how many services of the map are inside, by register: none with a protected address is among them."""
    lines = []
    for registry, (count, free) in count_inside(snapshot, siruta).items():
        services = ngettext("{n} serviciu", "{n} servicii", count).format(n=number(count))
        words = _("{registry}: {services}, cu loc: {free}")
        lines.append(words.format(registry=registry_words(registry), services=services, free=number(free)))
    return lines
