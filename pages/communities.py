"""„Comunități”: where help is needed most. The country by class, the project's communities, and a sheet of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from api import atlas_areas
from core.errors import UnknownCodeError
from core.i18n import _, ngettext, number
from core.text import collation_key
from geo.maps.atlas_map import country_map
from geo.maps.atlas_view import atlas_state, chosen, legend
from pages.common import community_html, map_view, markup, shared
from pages.common.page_elements import draw_pages, shown_page
from pages.common.sitemap import FIGURES
from pages.figures_panels.figures_query import AREA
from providers.finder.answer_view import missing_words
from providers.finder.community_sheet import REACHES, SHEET_REACH_MINUTES, community_sheet, county_unit
from providers.rules import wording
from reports.documents.atlas_table import atlas_csv, atlas_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from core.storage.editions import Manifest
    from core.storage.home import Home
    from geo.maps.atlas_view import AtlasView

ON_ONE_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page() -> None:
    """Show the country, or the sheet of the one unit that the address names."""
    home = shared.home()
    view = shared.atlas_view(home)
    asked = st.query_params.get(community_html.PARAMETER) or st.query_params.get("community")
    if asked:
        _sheet(home, view, asked)
        manifests = (*view.sources, *shared.snapshot(home).catalogue.manifests)
    else:
        _country(home, view)
        manifests = view.sources
    st.html(markup.render_sources([], extra=[*_named(manifests), _("SIRUTA și punctele localităților")]))


def _country(home: Home, view: AtlasView) -> None:
    st.html(
        markup.render_title(
            _("Comunități"), _("Unde este nevoie de ajutor mai mult: atlasul și comunitățile proiectului.")
        )
    )
    with st.container(key="hs-wide"):
        left, right = st.columns([1, 2.6], gap="medium")
    with left:
        with st.container(key="hs-form"):
            region, county = _area(home)
            rows = chosen(view.table, region=region, county=county, **_list_settings(view))
        _not_there(view)
    scope = chosen(view.table, region=region, county=county)
    with right, st.container(key="hs-map"):
        _map(home, view, counties=sorted(scope["county"].unique()) if region or county else None)
        st.html(
            community_html.render_legend(
                legend(scope), int((scope["status"] != "").sum()), is_approximate=view.is_approximate
            )
        )
    _list(rows)
    _downloads(home, view, rows)
    st.html(community_html.render_formula())


def _area(home: Home) -> tuple[str, str]:
    """Ask for a region and a county; a county is one of the region."""
    counties = shared.gazetteer(home).counties
    regions = dict(
        sorted(zip(counties["region"], counties["region_name"], strict=True), key=lambda pair: collation_key(pair[1]))
    )
    with st.container(key="hs-row", horizontal=True):
        region = st.selectbox(
            _("Regiunea"),
            ["", *regions],
            format_func=lambda code: regions.get(code, _("toată țara")),
            key="region",
            width=220,
        )
        near = counties[counties["region"] == region] if region else counties
        names = dict(sorted(zip(near["county"], near["name"], strict=True), key=lambda pair: collation_key(pair[1])))
        if st.session_state.get("county", "") not in names:
            st.session_state["county"] = ""  # a county chosen before, of another region
        county = st.selectbox(
            _("Județul"), ["", *names], format_func=lambda code: names.get(code, _("toate")), key="county", width=220
        )
    return region, county


def _not_there(view: AtlasView) -> None:
    """Say which of the things that this screen rests on were never imported here."""
    there = {manifest.kind for manifest in view.sources}
    names = {
        "atlas-rural": _("atlasul rural"),
        "atlas-urban": _("atlasul urban"),
        "communities": _("lista comunităților"),
        "population": _("populația"),
    }
    lacking = [name for kind, name in names.items() if kind not in there]
    if not lacking:
        return
    words = _("Încă neimportate aici: {names}. Administratorul le aduce la „Registre”.").format(
        names=", ".join(lacking)
    )
    st.html(markup.render_notice(_("Nu avem încă toate datele"), [words]))


def _list_settings(view: AtlasView) -> dict[str, Any]:
    """Ask what the list shows and in which order; without a list of communities it shows everything."""
    listed = bool((view.table["status"] != "").any())
    sorts = {
        "priority": _("prioritate"), "name": _("nume"), "county": _("județ"), "atlas_class": _("clasă"),
        "rate_percent": _("rată"), "population": _("populație"), "people_marginalised": _("oameni marginalizați"),
    }  # fmt: skip
    with st.container(key="hs-row-list", horizontal=True):
        search = st.text_input(
            _("Căutați în listă"), key="search_list", placeholder=_("nume sau cod SIRUTA"), width=220
        )
        sort = st.selectbox(_("Sortați după"), list(sorts), format_func=lambda code: sorts[code], key="sort", width=220)
        rising = st.checkbox(_("crescător"), key="rising", value=False)
        everything = st.checkbox(_("toate comunele și orașele"), key="everything", value=not listed)
    return {"search": search, "sort": sort, "descending": not rising, "only_communities": not everything}


def _map(home: Home, view: AtlasView, *, counties: list[str] | None = None, focus: int | None = None) -> None:
    map_view.show(
        country_map(
            atlas_areas.address(home),
            counties=counties,
            focus=focus,
            address=community_html.SHEET,
            note=_("Date demonstrative") if home.is_demo else "",
            is_loaded=atlas_state(view.table),
        ),
        key="atlas_map",
    )


def _list(rows: pd.DataFrame) -> None:
    if rows.empty:
        st.html(markup.render_notice(_("Nimic nu se potrivește"), [_("Ștergeți căutarea sau alegeți alt județ.")]))
        return
    page = shown_page(len(rows), ON_ONE_PAGE, "page_of_list")
    caption = ngettext("{n} unitate", "{n} unități", len(rows)).replace("{n}", number(len(rows)))
    if page.count > 1:
        caption += ", " + _("pagina {page} din {n}").format(page=page.number, n=page.count)
    st.html(community_html.render_units(rows.iloc[page.rows], caption=caption))
    draw_pages(page, "page_of_list")


def _downloads(home: Home, view: AtlasView, rows: pd.DataFrame) -> None:
    name = "comunitati-demonstrativ" if home.is_demo else "comunitati"
    today = shared.directory(home).ledger.today()
    with st.container(key="hs-row-download", horizontal=True):
        st.download_button(
            _("Descărcați CSV"),
            lambda: atlas_csv(rows, is_demo=home.is_demo),
            f"{name}.csv",
            "text/csv",
            key="csv",
            on_click="ignore",
        )
        st.download_button(
            _("Descărcați XLSX"),
            lambda: atlas_workbook(rows, made_on=today, is_demo=home.is_demo, sources=_named(view.sources)),
            f"{name}.xlsx",
            XLSX,
            key="xlsx",
            on_click="ignore",
        )


def _sheet(home: Home, view: AtlasView, asked: str) -> None:
    row = _unit(view, asked)
    code = int(row["uat_siruta"])
    st.html(community_html.render_sheet_title(row))
    place = shared.gazetteer(home).place_of(None, code)
    listed = view.table[(view.table["county"] == row["county"]) & (view.table["status"] != "")]
    pairs = zip(listed["uat_siruta"].astype(int), listed["name"], strict=True)
    with st.container(key="hs-wide"):
        left, right = st.columns([1, 1.15], gap="medium")
    with left:
        st.html(community_html.render_atlas_facts(row, leads_to=_figures(row)))
        with st.container(key="hs-map"):
            _map(home, view, counties=[row["county"]], focus=code)
            around = legend(chosen(view.table, county=row["county"]))
            st.html(community_html.render_legend(around, len(listed), is_approximate=view.is_approximate))
        st.html(community_html.render_county(county_unit(shared.gazetteer(home), row["county"], pairs), code))
    with right:
        reach = st.segmented_control(
            _("Cât de departe, cu mașina?"),
            list(REACHES),
            default=SHEET_REACH_MINUTES,
            format_func=wording.minute_words,
            key="sheet_reach",
        )
        sheet = community_sheet(shared.snapshot(home), place)
        minutes = float(reach or SHEET_REACH_MINUTES)
        st.html(community_html.render_missing(sheet, minutes, missing_words(sheet.not_imported)))
        st.html(community_html.render_within(sheet, minutes))


def _figures(row: dict[str, Any]) -> str:
    """Give the address of a community's figures; blank for a unit that is not on the list."""
    return f"/{FIGURES}?{AREA}={int(row['uat_siruta'])}" if row["status"] else ""


def _unit(view: AtlasView, asked: str) -> dict[str, Any]:
    found = view.table[view.table["uat_siruta"].astype("str") == asked.strip()]
    if found.empty:
        raise UnknownCodeError(
            _("Nu există o comună sau un oraș cu codul SIRUTA „{code}”.").format(code=asked.strip()[:20])
        )
    return {str(column): value for column, value in found.iloc[0].items()}


def _named(manifests: Iterable[Manifest]) -> list[str]:
    return [
        _("{title}, la {day}").format(title=_(manifest.source.title), day=wording.iso_day(manifest.as_of))
        + (" " + _("(date sintetice)") if manifest.source.synthetic else "")
        for manifest in manifests
    ]


page()
