"""„Supervizare”, „Planuri”: each community's plan with what is late, one of them read, a remark, a plan sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from cases.community.community_plan import list_plans
from cases.community.plan_counts import plans_of_county, plans_of_nation
from cases.community.plan_steps import remark_plan
from cases.community.plan_texts import MOST_REMARK
from cases.community.plan_vocabulary import ADOPTED, plan_state_label, priority_name
from cases.figures.community_diagnosis import community_diagnosis
from cases.figures.told_counts import rounding_words
from core.i18n import _, number
from pages.case_panels import case_markup
from pages.case_panels.change_notices import make_change
from pages.case_panels.plan_drawing import draw_sheet
from pages.case_panels.plan_forms import keep_seen, seen_version
from pages.case_panels.plan_panel import choose_plan
from pages.common import markup
from providers.rules.wording import iso_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.community.community_plan import CommunityPlan
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_TURN = "county-plan-turn"


def draw_county_plans(
    home: Home, ledger: Ledger, actor: Actor, names: Mapping[int, str], name_of: Callable[[int], str]
) -> None:
    """Draw the plans of a county by community, and one of them with what can be said of it.

    Parameters
    ----------
    home
        Whose mark the file carries.
    ledger
        Where the record is kept; it checks role and area at each press.
    actor
        A county unit.
    names
        Of the communities that have a team or a case, by SIRUTA: those without a plan are listed too.
    name_of
        Names any other community.
    """
    found = plans_of_county(ledger, actor.county, actor=actor).rows
    if not found:
        advice = _("O echipă își face planul la „Cazuri”, „Planul comunității”.")
        st.html(markup.render_notice(_("Nicio comunitate din județ nu are încă un plan."), [advice]))
        return
    heads = (
        _("Comunitatea"), _("Planul"), _("Priorități"), _("Acțiuni"), _("Făcute"), _("Întârziate"),
        _("Observații care așteaptă"),
    )  # fmt: skip
    rows = [
        (
            name_of(each.uat_siruta), each.state_words,
            *map(number, (each.priorities, each.actions, each.done, each.late, each.open_remarks)),
        )
        for each in found
    ]  # fmt: skip
    with_plan = {each.uat_siruta for each in found}
    rows += [(name, plan_state_label(""), *("–",) * 5) for uat, name in names.items() if uat not in with_plan]
    st.html(case_markup.render_listing(_("Planurile comunităților"), heads, rows, numbers=5))
    uat = st.selectbox(
        _("Comunitatea"), [each.uat_siruta for each in found], index=None, format_func=name_of,
        placeholder=_("Alegeți comunitatea"), key="county_plan", width=340,
    )  # fmt: skip
    if uat is not None:
        _draw_one(home, ledger, actor, int(uat), name_of(int(uat)))


def _draw_one(home: Home, ledger: Ledger, actor: Actor, uat: int, name: str) -> None:
    plans = list_plans(ledger, uat, actor.county, actor=actor)
    if not plans:
        return
    found = community_diagnosis(ledger, uat, actor.county, actor=actor)
    plan = choose_plan(plans, f"county_plan_{uat}")
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        draw_sheet(home, plan, found, name)
    with right:
        _remark_form(ledger, actor, plan)
        if plan.remarks:
            items = [
                (f"{iso_day(each.made_on)} · {_('așteaptă') if each.is_open else _('văzută')}", each.remark)
                for each in plan.remarks
            ]
            st.html(markup.render_heading(_("Observații de până acum"), number(len(items))))
            st.html(case_markup.render_said(items))
    keep_seen(plan)


def _remark_form(ledger: Ledger, actor: Actor, plan: CommunityPlan) -> None:
    turn = int(st.session_state.get(_TURN, 0))  # a new turn empties the fields
    with st.form(f"hs-form-plan-remark-{turn}"):
        st.html(markup.render_heading(_("Scrieți o observație")))
        remark = st.text_area(_("Observația, fără date personale"), max_chars=MOST_REMARK, height=100)
        sends_back = st.checkbox(
            _("Trimiteți planul înapoi: echipa îl îndreaptă și îl adoptă din nou"), disabled=plan.state != ADOPTED
        )
        if not st.form_submit_button(_("Scrieți observația"), type="primary"):
            return

    def act() -> None:
        remark_plan(ledger, plan.plan_id, remark, sends_back=sends_back, version=seen_version(plan), actor=actor)
        st.session_state[_TURN] = turn + 1

    make_change(
        act,
        _("Planul este trimis înapoi echipei.") if sends_back else _("Observația este scrisă; echipa o vede la plan."),
    )


def draw_nation_plans(ledger: Ledger, actor: Actor, name_of: Callable[[str], str]) -> None:
    """Draw counts of plans by county, and what is a priority in at least five communities; no text of any plan.

    Parameters
    ----------
    ledger
        Where the record is kept; it checks the role.
    actor
        Who counts cases of the nation.
    name_of
        Names a county by its letters.
    """
    found = plans_of_nation(ledger, actor=actor)
    st.html(
        markup.render_heading(_("Planurile comunităților"), number(sum(each["adopted"] for each in found.counties)))
    )
    if not found.counties:
        st.html(markup.render_quiet(_("Nicio comunitate nu are încă un plan.")))
        return
    heads = (_("Județul"), _("Adoptate"), _("Ciorne"), _("Acțiuni"), _("Făcute"), _("Întârziate"))
    rows = [
        (name_of(each["county"]), *(number(each[name]) for name in ("adopted", "drafts", "actions", "done", "late")))
        for each in found.counties
    ]
    st.html(case_markup.render_listing(_("Planuri și acțiuni"), heads, rows, numbers=5))
    if found.priorities:
        chosen = [(priority_name(each["kind"], each["code"]), number(each["communities"])) for each in found.priorities]
        title, columns = _("Ce au ales cele mai multe comunități"), (_("Prioritatea"), _("Comunități"))
        st.html(case_markup.render_listing(title, columns, chosen, numbers=1))
        st.html(markup.render_quiet(rounding_words()))
