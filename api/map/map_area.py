"""The card of an area on the map: what the atlas says, what is inside, and the ways on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from starlette.responses import HTMLResponse, Response

from api import atlas_areas
from api.map import map_page
from core.errors import MapError, UnknownCodeError
from core.i18n import _, ngettext, number
from core.templating import render
from geo.maps.atlas_view import NOT_IN_ATLAS, class_words
from providers.rules.wording import registry_words
from providers.service_map.map_answer import count_inside

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from core.storage.home import Home
    from providers.catalogue.snapshot import Snapshot

_BAD = 400


@dataclass(frozen=True)
class AreaCard:
    """What the card of an area says. facts: of the atlas. inside: a line a register, with what has a place."""

    name: str
    facts: tuple[str, ...]
    inside: tuple[str, ...]
    sheet: str
    map: str
    place: str


def area(view: RequestView) -> Response:
    """Send the card of the UAT whose SIRUTA code the address names."""
    try:
        found = area_card(view.home, view.snapshot, view.request.query_params.get("siruta", ""))
    except MapError as error:
        return HTMLResponse(render("plain/map_refusal.html", words=str(error)), _BAD)
    need = view.request.query_params.get("serviciu", "")
    return HTMLResponse(render("plain/map_area.html", a=found, need=need, seal=view.token))


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
    table = atlas_areas.view_of(home).table
    rows = table[table["uat_siruta"].astype("str") == code]
    if rows.empty:
        raise UnknownCodeError(
            _("Pe hartă nu este nicio comună și niciun oraș cu codul „{code}”.").format(code=code[:20])
        )
    row = rows.iloc[0]
    siruta = int(row["uat_siruta"])
    place = snapshot.gazetteer.place_of(None, siruta)
    return AreaCard(
        f"{row['name']}, {row['county_name']}",
        tuple(_facts(row)),
        tuple(_inside(snapshot, siruta)),
        f"/comunitati?comunitate={siruta}",
        f"{map_page.ADDRESS}?loc={siruta}",
        place.label,
    )


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
