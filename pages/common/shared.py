"""Reads that all pages and sessions share. The only module with Streamlit's caches.

What is cached is keyed by the state of the editions and by the ledger's event counter: a new import, or
a report from another process, is seen at the next run of a page.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import streamlit as st

from api import atlas_areas
from api.http import session
from api.http.dependencies import directory_for
from api.http.menu import Menu, menu_for
from api.http.refusals import LANGUAGE_COOKIE
from core.errors import HomeError, MapError
from core.i18n import LANGUAGES, language, set_language
from core.storage.editions import EditionStore
from core.storage.home import Home, open_home
from geo.gazetteer.gazetteer import Gazetteer
from geo.maps.answer_map import Background, areas_around, names_around
from geo.maps.atlas_view import APPROXIMATE_AREAS, AtlasView, is_approximate
from geo.maps.class_map import outlines
from referrals.delivery.news_list import count_news, has_news
from referrals.records import roles
from referrals.today import count_work
from referrals.workflow import role_words
from reports.planning.kept_coverage import kept_coverage

if TYPE_CHECKING:
    import geopandas as gpd

    from providers.catalogue.snapshot import Snapshot
    from providers.planning.effective_coverage import Coverage
    from providers.planning.supply import SupplyBasis
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

WIDE_DEG = 1.2  # a view taller or wider than this (130 km) shows counties: communes would be a grey net
MapBounds = tuple[tuple[float, float], ...]  # points (lat, lon), degrees: corners south-west and north-east, or marks

_opened: ContextVar[Home | None] = ContextVar("opened", default=None)  # by the frame of the run that is under way


def activate_language() -> str:
    """Speak the language of this visit, chosen in the address (`?lang=en`) and remembered by the browser."""
    if "language" not in st.session_state:
        asked = st.query_params.get("lang") or str(st.context.cookies.get(LANGUAGE_COOKIE, "ro"))
        st.session_state["language"] = asked if asked in LANGUAGES else "ro"
    set_language(st.session_state["language"])
    return language()


def home() -> Home:
    """Return the home of this application.

    Returns
    -------
    Home
        That of HARTA_HOME.

    Raises
    ------
    HomeError
        Saying how to make one, where there is none.
    """
    return _opened.get() or open_home()


def home_or_none() -> Home | None:
    """Open the home for this run of a page, None where it is not made yet."""
    try:
        opened = open_home()
    except HomeError:
        opened = None
    _opened.set(opened)
    return opened


def actor(home: Home) -> Actor | None:
    """Return who is at this screen; asked anew at every run, so that a session ended elsewhere ends here too."""
    return session.actor_of(st.context.cookies, home)


def session_id(home: Home) -> str:
    """Return the number of the session at this screen; empty where nobody is signed in."""
    found = session.session_of(st.context.cookies, home)
    return found.session_id if found else ""


def actor_words(home: Home, who: Actor) -> str:
    """Say in whose name somebody works at this screen."""
    return role_words.actor_words(who, gazetteer(home))


def menu(home: Home, who: Actor | None) -> Menu:
    """Return the menu of the bar, the same as on plain pages."""
    of = directory(home)
    try:
        count, news = count_work(of, who), count_news(of.ledger, who) if has_news(who) else None
    except MapError:  # what the matter is says the page below, which needs more than a number
        count, news = 0, None
    return menu_for(who, of.gazetteer, is_demo=home.is_demo, count=count, news=news)


def origin() -> str:
    """Return with what whole addresses of this server begin, as the browser names it; "" where it does not say."""
    here = urlsplit(str(st.context.url or ""))
    return f"{here.scheme}://{here.netloc}" if here.netloc else ""


def area_name(home: Home, code: object) -> str:
    """Name a county (letters) or a UAT (SIRUTA)."""
    return role_words.area_name(gazetteer(home), code)


def community_name(home: Home, uat_siruta: int) -> str:
    """Name a UAT where its county is known from the screen."""
    return gazetteer(home).place_of(None, uat_siruta).name


def directory(home: Home) -> Directory:
    """Return the directory of this home, the same one that the plain pages use."""
    return directory_for(home)


def gazetteer(home: Home) -> Gazetteer:
    """Return the places of the country, as this home knows them."""
    return snapshot(home).gazetteer


def snapshot(home: Home) -> Snapshot:
    """Return services, places, doubts and gazetteer of this moment; a page takes it once and reads all from it."""
    return directory(home).snapshot()


def background(home: Home, bounds: MapBounds, *, marks: MapBounds) -> Background:
    """Return what lies behind the marks of a map: areas around, and names of places that no mark covers."""
    return _background(EditionStore(home).state(), bounds, marks, home)


@st.cache_data(max_entries=64, show_spinner=False)
def _background(state: str, bounds: MapBounds, marks: MapBounds, _home: Home) -> Background:
    (south, west), (north, east) = bounds
    layers = _areas(state, _home)
    # A degree of longitude is some 0.7 of one of latitude here.
    layer = layers.counties if max(north - south, 0.7 * (east - west)) > WIDE_DEG else layers.uats
    places = gazetteer(_home)
    names = names_around(places.uats, places.uat_windows, bounds, avoid=marks)
    return Background(areas_around(layer, bounds), names, layers.is_approximate)


@dataclass(frozen=True)
class _Areas:
    """Areas in METRIC_CRS; is_approximate: the embedded ones, where no boundaries were imported."""

    uats: gpd.GeoDataFrame
    counties: gpd.GeoDataFrame
    is_approximate: bool


@st.cache_resource(max_entries=2, show_spinner=False)
def _areas(state: str, _home: Home) -> _Areas:  # noqa: ARG001 - state is the key
    import geopandas as gpd

    from geo.layers.boundary_shapes import dissolve_counties

    edition = EditionStore(_home).current("boundaries")
    uats = edition.layer("boundaries") if edition else gpd.read_parquet(APPROXIMATE_AREAS)
    known = gazetteer(_home).uats.set_index("uat_siruta")["county"]
    uats = uats.assign(county=uats["uat_siruta"].map(known)).dropna(subset="county")
    return _Areas(uats, dissolve_counties(uats), is_approximate(edition))


def atlas_view(home: Home) -> AtlasView:
    """Return the country by marginalisation; the map's own route keeps it for all sessions."""
    return atlas_areas.view_of(home)


def coverage(home: Home, code: str, *, reach_minutes: float, basis: SupplyBasis) -> Coverage:
    """Return the coverage of a type or need; kept until an edition or the ledger changes, an hour at most."""
    return kept_coverage(directory(home), code, reach_minutes=reach_minutes, basis=basis)


def outlined(home: Home, county: str | None) -> tuple[dict[str, Any], bool]:
    """Return outlines for a map by class: the UATs of a county, else the counties; and whether they are approximate."""
    state = f"{home.path} {EditionStore(home).state()}"
    return _outlined(state, home, county), _areas(EditionStore(home).state(), home).is_approximate


@st.cache_data(max_entries=45, show_spinner=False)
def _outlined(state: str, _home: Home, county: str | None) -> dict[str, Any]:  # noqa: ARG001 - state is the key
    layers = _areas(EditionStore(_home).state(), _home)
    if county is None:
        return outlines(layers.counties, "county")
    return outlines(layers.uats[layers.uats["county"] == county], "uat_siruta")


def own_county(actor: Actor | None) -> str | None:
    """Return the only county that somebody may look at, None for all: a county unit or a team sees its own."""
    return roles.only_county(actor)
