"""Pieces of „Comunități” as markup: legend, list, a community's own sheet. No Streamlit here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, ngettext, number
from core.templating import render_macro
from geo.layers.atlas_layer import PRIORITY_HALF
from geo.maps.atlas_view import NOT_IN_ATLAS, class_words
from geo.maps.map_style import LegendKey
from pages.common.sitemap import COMMUNITIES
from providers.finder.community_sheet import full_nearer_words, lacking_words, missing_title
from providers.finder.offer_view import places_badge
from providers.rules import wording
from providers.rules.travel_words import estimate_note, time_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from providers.finder.community_sheet import CommunitySheet, CountyUnit, ServiceKind

PARAMETER = "comunitate"
SHEET = f"/{COMMUNITIES}?{PARAMETER}="  # a SIRUTA code follows
_TEMPLATE = "screen/communities.html"


def kind_words(kind: str) -> str:
    """Return in words what kind of unit it is."""
    return {
        "commune": _("comună"),
        "town": _("oraș"),
        "municipality": _("municipiu"),
        "sector": _("sector"),
    }.get(kind, kind)


def people(count: int) -> str:
    """Count people: un om, 1.234 de oameni."""
    return ngettext("{n} om", "{n} oameni", count).replace("{n}", number(count))


def render_legend(counted: Iterable[tuple[int, str, int]], communities: int, *, is_approximate: bool) -> Markup:
    """Explain the colours in words, each with how many units it has; and what the outlines are."""
    lines = [
        LegendKey(f"class-{code}", words, count) for code, words, count in counted if count or code != NOT_IN_ATLAS
    ]
    marked = ngettext("{n} comunitate a proiectului", "{n} comunități ale proiectului", communities)
    lines.append(LegendKey("community", marked.format(n=communities)))
    outlines = (
        _("Limitele sunt aproximative: sunt făcute din pozițiile localităților, nu sunt cele oficiale.")
        if is_approximate
        else _("Limitele sunt cele importate, simplificate pentru ecran.")
    )
    return render_macro("screen/_macros.html", "map_notes", lines, outlines)


def render_formula() -> Markup:
    """Write how the priority comes about, with an example."""
    return render_macro(_TEMPLATE, "formula", number(PRIORITY_HALF))


def render_units(rows: pd.DataFrame, *, caption: str) -> Markup:
    """List units of the atlas, each name leading to its sheet. rows: VIEW_COLUMNS."""
    return render_macro(_TEMPLATE, "units", caption, [_unit(row) for row in rows.to_dict("records")])


def _unit(row: dict[Any, Any]) -> dict[str, Any]:
    code = _class_code(row)
    where = _("{kind}, județul {county}").format(kind=kind_words(row["kind"]), county=row["county_name"])
    return {
        "address": f"{SHEET}{int(row['uat_siruta'])}",
        "name": row["name"],
        "marks": ", ".join(filter(None, (where, _short_status(row["status"])))),
        "code": code,
        "words": _short_class(code, is_loaded=bool(row["is_atlas_loaded"])),
        "figures": (
            _known(row["rate_percent"], 1),
            _known(row["population"]),
            _known(row["people_marginalised"]),
            _known(row["priority"], 2),
        ),
    }


def _class_code(row: dict[Any, Any]) -> int:
    return NOT_IN_ATLAS if pd.isna(row["atlas_class"]) else int(row["atlas_class"])


def _class(row: dict[Any, Any]) -> str:
    code = _class_code(row)
    text = class_words(code, is_loaded=bool(row["is_atlas_loaded"]))
    return f"{code}, {text}" if code else text


def _status(status: str) -> str:
    return {
        "confirmed": _("comunitate confirmată"),
        "invented": _("comunitate inventată pentru demonstrație"),
    }.get(status, "")


def _short_status(status: str) -> str:
    return {"confirmed": _("confirmată"), "invented": _("inventată")}.get(status, "")


def _short_class(code: int, *, is_loaded: bool) -> str:
    words = {4: _("severă"), 3: _("peste medie"), 2: _("sub medie"), 1: _("fără")}
    return f"{code}, {words[code]}" if code in words else class_words(code, is_loaded=is_loaded)


def _known(value: Any, digits: int = 0) -> str:
    return "–" if pd.isna(value) else number(float(value), digits)


def render_sheet_title(row: dict[str, Any]) -> Markup:
    """Head a community's sheet: which unit it is and whether, and by whose word, it is on the project's list."""
    where = _("{kind} în județul {county}, cod SIRUTA {code}").format(
        kind=kind_words(row["kind"]), county=row["county_name"], code=row["uat_siruta"]
    )
    listed = _status(row["status"]) or _("nu este pe lista comunităților proiectului")
    return render_macro(_TEMPLATE, "sheet_title", f"/{COMMUNITIES}", str(row["name"]), f"{where}; {listed}.")


def render_atlas_facts(row: dict[str, Any], *, leads_to: str = "") -> Markup:
    """Draw the atlas figures and the population of one unit as a list of facts.

    leads_to: address of the project's figures for it, blank where there are none.
    """
    facts = [
        (_("Clasa de marginalizare"), _class(row)),
        (_("Rata de marginalizare"), f"{_known(row['rate_percent'], 1)} %" if pd.notna(row["rate_percent"]) else ""),
        (_("Populație"), people(int(row["population"])) if pd.notna(row["population"]) else _("necunoscută")),
        (
            _("În zone marginalizate"),
            people(int(row["people_marginalised"])) if pd.notna(row["people_marginalised"]) else "",
        ),
        (_("Indicele dezvoltării umane locale"), _known(row["lhdi"], 1) if pd.notna(row["lhdi"]) else ""),
        (_("Prioritate"), _known(row["priority"], 2) if pd.notna(row["priority"]) else ""),
        (_("Pe listă după"), row["source"]),
        (_("Notă"), _(row["note"]) if isinstance(row["note"], str) else ""),
    ]
    return render_macro(_TEMPLATE, "atlas_facts", facts, leads_to, number(PRIORITY_HALF))


def render_county(unit: CountyUnit, here: int) -> Markup:
    """Draw the county unit: its county, and the other communities that it supports."""
    words = _(
        "Unitatea județeană de suport și supervizare {county}, cu reședința la {seat}; regiunea {region}."
    ).format(county=unit.county_name, seat=unit.seat.name, region=unit.region_name)
    others = [(f"{SHEET}{code}", name) for code, name in unit.communities if code != here]
    return render_macro(_TEMPLATE, "county", words, others)


def render_missing(sheet: CommunitySheet, minutes: float, not_imported: str) -> Markup:
    """List what nobody offers within reach, with how far the nearest is. not_imported: a sentence, or blank."""
    lacking = sheet.missing(minutes)
    head = missing_title(len(lacking), minutes)
    registers = [
        (_counted(registry, kinds), [(_(kind.name), lacking_words(kind, sheet.travel)) for kind in kinds])
        for registry, kinds in _by_registry(lacking)
    ]
    unlisted = [_(kind.name) for kind in sheet.not_listed]
    return render_macro(_TEMPLATE, "missing", head, registers, unlisted, not_imported)


def _by_registry(kinds: Sequence[ServiceKind]) -> list[tuple[str, list[ServiceKind]]]:
    """Group kinds by their register: fifty lines are too many to scroll past unless they are folded."""
    registries = dict.fromkeys(kind.registry for kind in kinds)
    return [(registry, [kind for kind in kinds if kind.registry == registry]) for registry in registries]


def _counted(registry: str, kinds: Sequence[ServiceKind]) -> str:
    return f"{wording.registry_words(registry)}: {number(len(kinds))}"


def render_within(sheet: CommunitySheet, minutes: float) -> Markup:
    """List the nearest of every kind within reach: what, who, how far and what is known of its places."""
    registers = [
        (wording.registry_words(registry), _counted(registry, kinds), [_nearest(kind, minutes) for kind in kinds])
        for registry, kinds in _by_registry(sheet.within(minutes))
    ]
    return render_macro(_TEMPLATE, "within", wording.minute_words(minutes), registers, estimate_note(sheet.travel))


def _nearest(kind: ServiceKind, minutes: float) -> dict[str, Any]:
    result = kind.nearest
    if result is None or result.minutes > minutes:
        how = ngettext("{n} serviciu fără deplasare", "{n} servicii fără deplasare", kind.not_travelled)
        how = how.format(n=kind.not_travelled)
        return {"kind": _(kind.name), "nearest": how, "minutes": "–", "is_travelled": False, "places": "–", "where": ""}
    about = "" if result.position_precision == "address" else "≈ "
    places = places_badge(result).words
    sure = kind.confirmed
    if sure is not None and sure.service_id != result.service_id:
        places += "; " + _("cel mai apropiat loc confirmat: {name}, {minutes}").format(
            name=sure.name, minutes=time_words(sure.minutes, sure.travel)
        )
    return {
        "kind": _(kind.name),
        "nearest": result.name,
        "minutes": about + wording.minute_words(result.minutes),
        "is_travelled": True,
        "places": places + full_nearer_words(kind),
        "where": " · ".join(
            part for part in (result.address, *(one.text for one in wording.phones(result.phone))) if part
        ),
    }
