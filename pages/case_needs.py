"""„Nevoile din cazuri”: a county unit's open needs as counts, the nation's indicators; no case, small counts hidden."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from cases.figures.community_diagnosis import GROUPS, category_words, community_diagnosis, group_words
from cases.figures.told_counts import rounding_words
from cases.record.case_listing import count_cases
from cases.rules.case_vocabulary import OPEN_STATES, case_state_label, level_label
from core.i18n import _, ngettext, number
from pages.case_panels import case_markup
from pages.case_panels.county_plans_panel import draw_nation_plans
from pages.common import markup, shared
from pages.figures_panels.amc_download import offer_amc_sheet
from referrals.records.vocabulary import LEAST_SHOWN
from reports.indicators.period import last_months, month_name
from reports.views.case_views import indicators_of_counties, need_line, needs_of_county

if TYPE_CHECKING:
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_MOST_NAMED, _MONTHS = 8, 13


def page() -> None:
    """Show a county unit what its people need, and the nation its indicators."""
    purpose = _(
        "Câți oameni din cazurile deschise au o nevoie la care nu a răspuns încă nimeni, fără niciun caz anume."
    )
    home = shared.home()
    actor = shared.actor(home)
    if actor is not None and actor.role not in ("county", "team"):
        purpose = _("Indicatorii cazurilor, pe județe și luni, fără niciun caz.")
    st.html(markup.render_title(_("Nevoile din cazuri"), purpose))
    if actor is None:
        st.html(markup.render_sign_in(is_demo=home.is_demo, onward="/nevoi"))
        return
    ledger = shared.directory(home).ledger
    if actor.role in ("county", "team"):
        _draw_county(home, ledger, actor)
        if actor.uat_siruta is not None:
            _draw_diagnosis(ledger, actor, actor.uat_siruta)
    else:
        _draw_nation(home, ledger, actor)
        draw_nation_plans(ledger, actor, partial(shared.area_name, home))


def _draw_county(home: Home, ledger: Ledger, actor: Actor) -> None:
    _draw_counts(ledger, actor)
    title = _("Nevoi fără răspuns")
    found = needs_of_county(ledger, partial(shared.community_name, home), actor=actor)
    st.html(markup.render_heading(title, number(len(found))))
    if not found:
        advice = _("O nevoie apare aici după evaluare, până când un serviciu acceptă referirea.")
        st.html(markup.render_notice(_("Nicio nevoie fără răspuns."), [advice]))
        return
    if actor.role == "county":
        words = _(
            "Sub {n} oameni nu se spune numărul unei comunități, și niciun total din care s-ar putea afla. Nevoile "
            "care vin numai din constatări restrânse se numără pe tot județul."
        )
        st.html(markup.render_quiet(f"{words.format(n=LEAST_SHOWN)} {rounding_words()}"))
        rows = [(each.words, need_line(each, _MOST_NAMED)) for each in found]
        st.html(case_markup.render_listing(title, (_("Nevoia"), _("Câți oameni și unde")), rows))
    else:
        rows = [(each.words, number(each.known)) for each in found]
        st.html(case_markup.render_listing(title, (_("Nevoia"), _("Oameni")), rows, numbers=1))


def _draw_diagnosis(ledger: Ledger, actor: Actor, uat: int) -> None:
    """Draw what was found in the community, by category and group of people."""
    found = community_diagnosis(ledger, uat, actor.county, actor=actor)
    text = ngettext("{n} om evaluat", "{n} oameni evaluați", found.assessed).format(n=number(found.assessed))
    st.html(markup.render_heading(_("Diagnoza comunității"), text))
    if found.are_findings_rounded:
        st.html(markup.render_quiet(rounding_words()))
    if not found.categories:
        st.html(markup.render_quiet(_("Nicio constatare de spus.")))
        return
    names = group_words()
    heads = (_("Vulnerabilitatea"), *(names[group].capitalize() for group in GROUPS), _("Acum un an"))
    rows = [
        (category_words(each.category), *(number(each.people[group]) for group in GROUPS), number(each.year_ago))
        for each in found.categories
    ]
    st.html(case_markup.render_listing(_("Ce s-a găsit la evaluare"), heads, rows, numbers=len(heads) - 1))
    words = _("Diagnoza întreagă, cu serviciile din jur și cu planul de completat, este în raportul comunității (PDF).")
    st.html(markup.render_quiet(words))


def _draw_counts(ledger: Ledger, actor: Actor) -> None:
    counts = count_cases(ledger, actor=actor)
    text = ngettext("{n} caz deschis", "{n} cazuri deschise", counts.opened).format(n=number(counts.opened))
    st.html(markup.render_heading(_("Cazuri"), text))
    if not counts.opened:
        return
    left, right = st.columns(2, gap="medium")
    states = [(case_state_label(state), number(counts.states.get(state, 0))) for state in OPEN_STATES]
    levels = [
        (level_label(level), number(count)) for level, count in sorted(counts.levels.items(), key=lambda each: -each[1])
    ]
    with left:
        st.html(case_markup.render_listing(_("După stare"), (_("Starea"), _("Cazuri")), states, numbers=1))
    with right:
        st.html(case_markup.render_listing(_("După nivel"), (_("Nivelul"), _("Cazuri")), levels, numbers=1))


def _draw_nation(home: Home, ledger: Ledger, actor: Actor) -> None:
    month = st.selectbox(
        _("Luna"),
        last_months(f"{ledger.today():%Y-%m}", _MONTHS),
        index=1,
        format_func=lambda each: f"{month_name(each)} {each[:4]}",
        key="case_month",
        width=260,
    )
    gazetteer = shared.gazetteer(home)
    counties = gazetteer.uats.set_index("uat_siruta")["county"]
    shown = indicators_of_counties(
        ledger, month, lambda uat: str(counties.get(uat, "–")), partial(shared.area_name, home), actor=actor
    )
    st.html(markup.render_heading(_("Indicatori pe județe")))
    if not shown.rows:
        st.html(markup.render_quiet(_("Nicio cifră din cazuri în luna aceasta. Alegeți altă lună.")))
        return
    words = _(
        "Numerele de la 1 la 4, și cele din care s-ar putea afla, sunt ascunse. Nivelul național nu vede niciun caz."
    )
    st.html(markup.render_quiet(words))
    heads = (_("Județul"), *shown.heads)
    st.html(case_markup.render_listing(_("Cifrele din cazuri"), heads, shown.rows, numbers=len(shown.heads)))
    offer_amc_sheet(home, ledger, actor, month, _("România"))


page()
