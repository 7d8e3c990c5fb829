"""The plan of community services at the team's desk: begun, its priorities chosen, its actions followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from cases.community.community_plan import list_plans
from cases.community.plan_drafting import begin_plan
from cases.community.plan_steps import settle_plan_remark
from cases.community.plan_vocabulary import ADOPTED, DRAFT
from cases.figures.community_diagnosis import community_diagnosis
from core.i18n import _, number
from pages.case_panels import case_markup
from pages.case_panels.change_notices import make_change
from pages.case_panels.plan_drawing import draw_sheet
from pages.case_panels.plan_forms import draw_draft_steps, draw_progress, keep_seen
from pages.case_panels.plan_sheet import people_of_diagnosis
from pages.case_panels.plan_upload import draw_plan_upload
from pages.common import markup
from providers.rules.wording import iso_day

if TYPE_CHECKING:
    from cases.community.community_plan import CommunityPlan
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_YEARS = 2  # that can be begun: this one and the next
_BEGUN = "plan-begun"


def draw_plan(home: Home, ledger: Ledger, actor: Actor, name: str) -> None:
    """Draw the plan of a team's community with what can be done about it.

    Parameters
    ----------
    home
        Whose mark the file carries.
    ledger
        Where the record is kept; it checks role and area at each press.
    actor
        A member of a team with a community.
    name
        Of the community.
    """
    if actor.uat_siruta is None:
        return
    plans = list_plans(ledger, actor.uat_siruta, actor.county, actor=actor)
    if not plans:
        advice = _("Alegeți anul: prioritățile se iau din ce s-a găsit la evaluare, apoi scrieți ce face fiecare.")
        st.html(markup.render_notice(_("Comunitatea nu are încă un plan."), [advice]))
        _begin_forms(home, ledger, actor, plans, name)
        return
    diagnosis = community_diagnosis(ledger, actor.uat_siruta, actor.county, actor=actor)
    plan = choose_plan(plans, "plan_shown")
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        _draw_remarks(ledger, actor, plans)
        draw_sheet(home, plan, diagnosis, name)
    with right:
        if plan.state == DRAFT:
            draw_draft_steps(ledger, actor, plan, people_of_diagnosis(diagnosis))
        elif plan.state == ADOPTED:
            draw_progress(ledger, actor, plan)
        _begin_forms(home, ledger, actor, plans, name)
    keep_seen(plan)


def choose_plan(plans: list[CommunityPlan], key: str) -> CommunityPlan:
    """Let one of a community's plans be chosen; the first where there is one alone."""
    if len(plans) == 1:
        return plans[0]
    titles = {each.plan_id: each.title for each in plans}
    if (begun := st.session_state.pop(_BEGUN, "")) in titles:
        st.session_state[key] = begun
    chosen = st.selectbox(
        _("Planul"), list(titles), format_func=lambda each: titles.get(each, each), key=key, width=420
    )
    return next((each for each in plans if each.plan_id == chosen), plans[0])


def _draw_remarks(ledger: Ledger, actor: Actor, plans: list[CommunityPlan]) -> None:
    """Draw what the county unit asked and what waits, each with its button."""
    waiting = [(plan, each) for plan in plans for each in plan.remarks if each.is_open]
    if not waiting:
        return
    st.html(markup.render_heading(_("Observații ale unității județene"), number(len(waiting))))
    for plan, each in waiting:
        with st.container(key=f"hs-plan-remark-{each.remark_id}"):
            when = _("scrisă la {day}").format(day=iso_day(each.made_on))
            if each.sends_back:
                when = f"{when} · {_('planul este trimis înapoi: îndreptați-l și adoptați-l din nou')}"
            st.html(case_markup.render_remark(plan.title, each.remark, when, is_late=each.sends_back))
            if not each.sends_back and st.button(_("S-a făcut"), key=f"plan-remark-done-{each.remark_id}"):
                make_change(
                    lambda number_=each.remark_id: settle_plan_remark(ledger, number_, actor=actor),  # type: ignore[misc]
                    _("Observația este notată ca făcută."),
                )


def _begin_forms(home: Home, ledger: Ledger, actor: Actor, plans: list[CommunityPlan], name: str) -> None:
    """Offer the years that have no draft yet: to begin one, or to bring it from a sheet."""
    this = ledger.today().year
    drafted = {each.year for each in plans if each.state == DRAFT}
    if years := [year for year in range(this, this + _YEARS) if year not in drafted]:
        _begin_form(ledger, actor, plans, years)
        draw_plan_upload(home, ledger, actor, years, name, show=_show)


def _show(plan_id: str) -> None:
    st.session_state[_BEGUN] = plan_id


def _begin_form(ledger: Ledger, actor: Actor, plans: list[CommunityPlan], years: list[int]) -> None:
    adopted = {each.year for each in plans if each.state == ADOPTED}
    with st.form("hs-form-plan-begin"):
        st.html(markup.render_heading(_("Începeți un plan") if not plans else _("Începeți alt plan sau altă variantă")))
        if plans:
            words = _("Pornește de la planul adoptat; acela rămâne în vigoare până îl adoptați pe cel nou.")
            st.html(markup.render_quiet(words))
        year = st.selectbox(
            _("Anul"), years,
            format_func=lambda each: _("{year}, variantă nouă").format(year=each) if each in adopted else str(each),
        )  # fmt: skip
        if not st.form_submit_button(_("Începeți ciorna"), type="secondary" if plans else "primary"):
            return

    make_change(
        lambda: _show(begin_plan(ledger, int(year), actor=actor)),
        _("Ciorna este începută. Nu se vede ca plan adoptat până nu o adoptați."),
    )
