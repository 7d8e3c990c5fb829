"""„Rapoarte”: the project's figures from the nation down to a community, their files, and the monthly report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from geo.editions import Store
from geo.language import _
from pages import markup, monthly_form, report_html, shared
from referrals import monthly
from referrals.facts import SYSTEM
from reports.gathering import Gathered, gather
from reports.indicators import NATION
from reports.period import months_between, parse_period
from reports.sheets import BELOW, View, area_table, indicator_table
from reports.writing import CROSSING, render, today, view_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from geo.home import Home
    from referrals.facts import Actor
    from reports.indicators import Level

MIME = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def page() -> None:
    """Choose what about and when, then draw it."""
    home = shared.home()
    actor = shared.actor(home)
    purpose = _("Cifrele proiectului față de ținte, de la țară la comunitate, și raportul lunar al comunității.")
    st.html(markup.title(_("Rapoarte"), purpose))
    facts = gathered(home)
    views = [_("Cifre"), *([_("Raportul lunar")] if actor and actor.role in ("team", "county") else [])]
    chosen = views[0]
    if len(views) > 1:
        chosen = str(st.segmented_control(_("Ce faceți"), views, default=views[0], key="reports_view") or views[0])
    if chosen == views[0]:
        _figures(home, facts, actor)
    elif actor is not None:
        monthly_form.draw(home, facts, actor)
    st.html(markup.sources([], extra=facts.sources))


def gathered(home: Home) -> Gathered:
    """Return what all reports are made of; read anew when an edition, a place or a monthly figure changed."""
    desk = shared.desk(home)
    key = f"{Store(home).state()}|{desk.ledger.event_counter()}|{monthly.version(desk.ledger)}|{today()}"
    return _gathered(home, key)


@st.cache_resource(max_entries=2, show_spinner=False)
def _gathered(_home: Home, key: str) -> Gathered:  # noqa: ARG001 - key is the state
    # Everything is read, and what the person at the screen may not see is hidden when it is shown.
    return gather(shared.desk(_home), actor=SYSTEM, day=today())


@st.cache_resource(max_entries=64, show_spinner=False)
def _view(_facts: Gathered, key: tuple[str, ...], level: Level, area: str, period: str, is_public: bool) -> View:  # noqa: ARG001, FBT001
    return view_of(_facts, level, area, parse_period(period), is_public=is_public)


def is_public_for(actor: Actor | None, facts: Gathered, level: Level, area: str) -> bool:
    """Whether somebody sees an area as everybody does: all but its own county and community, and the national level."""
    if actor is None or level in CROSSING:
        return True
    if actor.role in ("national", "admin"):
        return False
    inside = facts.within(level, area)
    if actor.role == "county":
        return set(inside["county"]) != {actor.county}
    return actor.role != "team" or level != "community" or area != str(actor.uat_siruta)


def _figures(home: Home, facts: Gathered, actor: Actor | None) -> None:
    with st.container(key="hs-form"):
        columns = st.columns(4)
        with columns[0]:
            period = _period(facts)
        level, area = _area(facts, columns[1:])
    is_public = is_public_for(actor, facts, level, area)
    key = (str(home.path), str(id(facts)))
    view = _view(facts, key, level, area, period, is_public)
    before = _before(facts, period)
    earlier = _view(facts, key, level, area, before, is_public).here() if before else {}
    here = view.here()
    st.html(markup.heading(view.name, view.period.label()))
    st.html(report_html.cards(view, here, earlier))
    if is_public:
        st.html(
            report_html.note(
                [_("Numerele de persoane mai mici decât 5 nu se arată, nici cele din care s-ar putea afla.")]
            )
        )
    st.html(report_html.funnel(view, here))
    if level in BELOW:
        st.html(report_html.areas(view, BELOW[level], area_table(view, BELOW[level])))
    st.html(markup.heading(_("Toți indicatorii"), _("apăsați pe unul pentru definiție, calcul și ținte")))
    st.html(report_html.all_indicators(view, indicator_table(view)))
    _downloads(home, view)


def _period(facts: Gathered) -> str:
    months = months_between(*facts.months)[::-1]
    quarters = list(dict.fromkeys(f"{month[:4]}-T{(int(month[5:]) + 2) // 3}" for month in months))
    # A year's hidden cells take a minute to work out: longer periods are for the command and its timer.
    options = [*months, *quarters]
    return str(
        st.selectbox(_("Perioada"), options, format_func=lambda text: parse_period(text).label(), key="reports_period")
    )


def _area(facts: Gathered, columns: Sequence[DeltaGenerator]) -> tuple[Level, str]:
    """Choose step by step: a region, in it a county, in it a community; each step may stay at the whole."""
    regions = {"": _("Toată țara"), **{code: facts.name_of("region", code) for code in facts.areas("region")}}
    region = columns[0].selectbox(_("Regiunea"), list(regions), format_func=regions.__getitem__, key="reports_region")
    rows = facts.communities if not region else facts.within("region", str(region))
    names = dict(zip(rows["county"], rows["county_name"], strict=True))
    counties = {"": _("Toate județele"), **dict(sorted(names.items(), key=lambda pair: str(pair[1])))}
    county = columns[1].selectbox(
        _("Județul"), list(counties), format_func=counties.__getitem__, key=f"reports_county_{region}"
    )
    if not county:
        return ("region", str(region)) if region else ("national", NATION)
    inside = facts.within("county", str(county))
    known = dict(zip(inside["uat_siruta"].astype("str"), inside["name"], strict=True))
    places = {"": _("Toate comunitățile"), **known}
    place = columns[2].selectbox(
        _("Comunitatea"), list(places), format_func=places.__getitem__, key=f"reports_place_{county}"
    )
    return ("community", str(place)) if place else ("county", str(county))


def _before(facts: Gathered, period: str) -> str:
    """Return the month before a month that is spoken of; blank for other periods and the first month."""
    months = months_between(*facts.months)
    return months[months.index(period) - 1] if period in months and months.index(period) else ""


def _downloads(home: Home, view: View) -> None:
    st.html(markup.heading(_("Descărcați raportul"), _("aceleași date și aceeași zi dau același fișier")))
    name = f"raport-{view.level}-{view.area}-{view.period.text}"
    with st.container(key="hs-row-download", horizontal=True):
        for kind, words in (("pdf", _("Raportul PDF")), ("xlsx", _("Tabelele XLSX"))):
            st.download_button(
                words,
                # Written when it is asked for: a national report takes seconds.
                data=partial(render, view, shared.desk(home), kind),
                file_name=f"{name}.{kind}",
                mime=MIME[kind],
                key=f"reports_{kind}",
                on_click="ignore",
            )


page()
