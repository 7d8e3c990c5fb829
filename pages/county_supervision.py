"""„Supervizare”: what a county unit looks at in its communities, its sessions, and one case with a reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from cases.record.supervision import supervision_sample
from cases.record.supervision_lists import supervised_communities
from cases.record.team_agenda import late_work
from cases.rules.case_tasks import task_label
from cases.rules.case_terms import term
from cases.rules.case_vocabulary import case_state_label
from core.i18n import _, number
from pages.case_panels import (
    case_markup,
    draw_campaigns,
    draw_county_plans,
    draw_devices,
    draw_opening,
    draw_remarks,
    draw_session_form,
)
from pages.case_panels.change_notices import show_done
from pages.case_panels.logged_reading import read_once
from pages.case_panels.opened_case_panel import draw_moves
from pages.common import markup, shared
from pages.common.page_elements import draw_pages, shown_page
from providers.rules.wording import iso_day
from reports.indicators.period import last_months, month_name

if TYPE_CHECKING:
    from cases.record.supervision_lists import SupervisedCommunity
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_PARTS = ("look", "sessions", "case", "plans", "campaigns", "devices")
_MONTHS, _ON_A_PAGE = 6, 25


def page() -> None:
    """Show a county unit what to look at, what it asked of its teams, and a case that it opened."""
    purpose = _("Ce planuri și cazuri priviți luna aceasta, ce ați cerut echipelor și ce a întârziat.")
    st.html(markup.render_title(_("Supervizare"), purpose))
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        st.html(markup.render_sign_in(is_demo=home.is_demo, onward="/supervizare"))
        return
    if actor.role != "county":
        st.html(
            markup.render_notice(
                _("Supervizarea este a unității județene"),
                [_("Echipele găsesc observațiile la „Cazuri”, nivelul național cifrele la „Nevoile din cazuri”.")],
            )
        )
        return
    ledger = shared.directory(home).ledger
    show_done()
    labels = {
        "look": _("De văzut"), "sessions": _("Ședințe"), "case": _("Un caz anume"), "plans": _("Planuri"),
        "campaigns": _("Campanii"), "devices": _("Telefoane"),
    }  # fmt: skip
    part = st.segmented_control(
        _("Ce faceți"), _PARTS, default="look", format_func=labels.__getitem__, key="supervision_part"
    )
    match part:
        case "sessions":
            _communities, names = _supervised(home, ledger, actor)
            left, right = st.columns([1.2, 1], gap="medium")
            with left:
                draw_remarks(ledger, actor, names)
            with right:
                draw_session_form(ledger, actor, names)
        case "case":
            left, right = st.columns([1.2, 1], gap="medium")
            with left:
                draw_opening(home, ledger, actor)
            with right:
                draw_moves(ledger, actor, partial(shared.area_name, home))
        case "plans":
            _communities, names = _supervised(home, ledger, actor)
            draw_county_plans(home, ledger, actor, names, partial(shared.community_name, home))
        case "campaigns":
            draw_campaigns(ledger, actor, partial(shared.community_name, home))
        case "devices":
            draw_devices(ledger, actor, partial(shared.community_name, home))
        case _:
            communities, names = _supervised(home, ledger, actor)
            _draw_communities(communities, names)
            _draw_sample(ledger, actor, names)
            opened = {each.uat_siruta: each.open_cases for each in communities}
            _draw_late(ledger, actor, {uat: name for uat, name in names.items() if opened[uat]})


def _supervised(home: Home, ledger: Ledger, actor: Actor) -> tuple[list[SupervisedCommunity], dict[int, str]]:
    """Count what is looked at, and name the communities."""
    communities = supervised_communities(ledger, actor.county, actor=actor)
    return communities, {each.uat_siruta: shared.community_name(home, each.uat_siruta) for each in communities}


def _draw_communities(communities: list[SupervisedCommunity], names: dict[int, str]) -> None:
    if not communities:
        advice = _("Un caz apare aici după ce o echipă din județ îl deschide pe telefon.")
        st.html(markup.render_notice(_("Nicio echipă nu lucrează încă cu dosare de caz."), [advice]))
        return
    due = term("sessions_year")
    heads = (
        _("Comunitatea"), _("Cazuri deschise"), _("Urgente"), _("Cu acțiuni întârziate"), _("Cu reevaluare întârziată"),
        _("Observații care așteaptă"), _("Ședințe anul acesta"),
    )  # fmt: skip
    rows = [
        (
            names[each.uat_siruta],
            *(number(count) for count in (
                each.open_cases, each.urgent, each.late_actions, each.late_reviews, each.open_remarks,
            )),
            _("{n} din {due}").format(n=each.sessions, due=due)
            + (f" · {iso_day(each.last_session)}" if each.last_session else ""),
        )
        for each in communities
    ]  # fmt: skip
    st.html(case_markup.render_listing(_("Comunitățile județului"), heads, rows, numbers=6))


def _draw_sample(ledger: Ledger, actor: Actor, names: dict[int, str]) -> None:
    words = _(
        "Planurile sunt trase la sorți: {n} de comunitate și lună, aceleași oricine le cere. Urgentele sunt toate."
    )
    st.html(markup.render_heading(_("Eșantionul lunii")))
    st.html(markup.render_quiet(words.format(n=term("sample_plans"))))
    month = st.selectbox(
        _("Planurile agreate în"),
        last_months(f"{ledger.today():%Y-%m}", _MONTHS),
        format_func=lambda each: f"{month_name(each)} {each[:4]}",
        key="supervision_month",
        width=260,
    )
    drawn = read_once(
        "supervision-sample", (actor.account, actor.county, month), ledger.clock(),
        lambda: supervision_sample(ledger, actor.county, month, actor=actor).cases,
    )  # fmt: skip
    old = term("urgent_supervised")
    for why, title, none in (
        ("plan", _("Planuri de văzut"), _("Niciun plan agreat în luna aceasta.")),
        (
            "urgent",
            _("Urgente mai vechi de {n} zile").format(n=old),
            _("Niciun caz urgent mai vechi de {n} zile.").format(n=old),
        ),
    ):
        rows = [
            (
                each["case_ref"],
                f"{names.get(each['uat_siruta'], str(each['uat_siruta']))} · {case_state_label(each['state'])}",
            )
            for each in drawn
            if each["why"] == why
        ]
        if rows:
            st.html(case_markup.render_listing(title, (_("Cazul"), _("Unde și în ce stare")), rows))
        else:
            st.html(markup.render_quiet(none))


def _draw_late(ledger: Ledger, actor: Actor, names: dict[int, str]) -> None:
    """Draw what is late in one community: working it out for a whole county takes as long as for all its cases."""
    if not names:
        return
    st.html(markup.render_heading(_("Ce a întârziat")))
    uat = st.selectbox(
        _("Comunitatea"), list(names), index=None, format_func=names.__getitem__,
        placeholder=_("Alegeți comunitatea"), key="supervision_late", width=340,
    )  # fmt: skip
    if uat is None:
        return
    late = late_work(ledger, uat, actor.county, actor=actor)
    if not late:
        st.html(markup.render_quiet(_("Nimic nu a întârziat.")))
        return
    shown = shown_page(len(late), _ON_A_PAGE, "supervision_late_page")
    rows = [(task.case_ref, f"{task_label(task.kind)} · {iso_day(task.due_on)}") for task in late[shown.rows]]
    st.html(case_markup.render_listing(_("De la cel mai vechi"), (_("Cazul"), _("Ce și de când")), rows))
    draw_pages(shown, "supervision_late_page")


page()
