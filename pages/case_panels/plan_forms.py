"""The forms of a plan of community services: one thing at a time. What is changed is what the screen showed before."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from cases.community.community_plan import PlanAction, PlanChangedError, PlanPriority
from cases.community.plan_drafting import (
    ActionTerms,
    add_action,
    add_priority,
    drop_action,
    drop_priority,
    raise_priority,
    set_action,
    set_reason,
)
from cases.community.plan_steps import adopt_plan, drop_draft, note_progress
from cases.community.plan_texts import MOST_ACTION, MOST_REASON, MOST_RESULT, term_words
from cases.community.plan_vocabulary import (
    ACTION_STATES,
    KINDS,
    RESPONSIBLES,
    action_state_label,
    priority_codes,
    priority_name,
    responsible_label,
)
from core.errors import BadValueError
from core.i18n import _
from pages.case_panels.change_notices import make_change
from pages.common import markup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.community.community_plan import CommunityPlan
    from cases.community.plan_vocabulary import PriorityCode
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_Row = TypeVar("_Row", PlanPriority, PlanAction)
_STEPS = ("priority", "action", "change", "adopt")
_DRAWN, _TURN, _ROW = "plan-drawn", "plan-turn", "plan-row"


def keep_seen(plan: CommunityPlan) -> None:
    """Remember which state of the plan this screen shows: the next press is about that one."""
    st.session_state[_DRAWN] = (plan.plan_id, plan.version)


def seen_version(plan: CommunityPlan) -> int:
    """Return the state of the plan that was on the screen when the button was pressed."""
    plan_id, version = st.session_state.get(_DRAWN, ("", 0))
    return int(version) if plan_id == plan.plan_id else plan.version


def draw_draft_steps(ledger: Ledger, actor: Actor, plan: CommunityPlan, people: Mapping[PriorityCode, str]) -> None:
    """Draw what can be done with a draft, one form at a time.

    Parameters
    ----------
    ledger
        Where the record is kept; it checks role, area and version at each press.
    actor
        A member of the team.
    plan
        The draft.
    people
        How many people each need or category is about, in words; these are offered first.
    """
    labels = {
        "priority": _("Prioritate"), "action": _("Acțiune"), "change": _("Schimbați"), "adopt": _("Adoptați"),
    }  # fmt: skip
    step = st.segmented_control(
        _("Ce scrieți"), _STEPS, default="action" if plan.priorities else "priority", format_func=labels.__getitem__,
        key=f"plan_step_{plan.plan_id}",
    )  # fmt: skip
    match step:
        case "action":
            _action_form(ledger, actor, plan)
        case "change":
            _change_form(ledger, actor, plan)
        case "adopt":
            _adopt_form(ledger, actor, plan)
        case _:
            _priority_form(ledger, actor, plan, people)


def _priority_form(ledger: Ledger, actor: Actor, plan: CommunityPlan, people: Mapping[PriorityCode, str]) -> None:
    chosen = {(each.kind, each.code) for each in plan.priorities}
    known = [*people, *((kind, code) for kind in KINDS for code in priority_codes(kind) if (kind, code) not in people)]
    options = [each for each in known if each not in chosen]
    with st.form(f"hs-form-plan-priority-{_turn()}"):
        st.html(markup.render_heading(_("Alegeți o prioritate")))
        words = _("Întâi sunt cele numărate la evaluare, apoi celelalte. Motivul îl citesc toți cei care văd planul.")
        st.html(markup.render_quiet(words))
        which = st.selectbox(
            _("Nevoia sau vulnerabilitatea"), options, index=None, placeholder=_("Alegeți din listă"),
            format_func=lambda each: " · ".join(filter(None, (priority_name(*each), people.get(each, "")))),
        )  # fmt: skip
        reason = st.text_area(_("De ce este prioritate, fără nume"), max_chars=MOST_REASON, height=100)
        if not st.form_submit_button(_("Adăugați prioritatea"), type="primary"):
            return

    def act() -> None:
        if which is None:
            raise BadValueError(_("Alegeți o nevoie sau o vulnerabilitate din listă."))
        add_priority(ledger, plan.plan_id, *which, reason, actor=actor)

    _do(act, _("Prioritatea este în plan."))


def _action_form(ledger: Ledger, actor: Actor, plan: CommunityPlan) -> None:
    if not plan.priorities:
        st.html(markup.render_quiet(_("Alegeți întâi cel puțin o prioritate.")))
        return
    names = {each.priority_id: f"{each.rank}. {each.name}" for each in plan.priorities}
    with st.form(f"hs-form-plan-action-{_turn()}"):
        st.html(markup.render_heading(_("Scrieți o acțiune")))
        priority = st.selectbox(
            _("Pentru ce prioritate"), list(names), index=0 if len(names) == 1 else None,
            format_func=lambda each: names.get(each, each), placeholder=_("Alegeți din listă"),
        )  # fmt: skip
        terms = _terms_fields("", None, str(plan.year), "new")
        if not st.form_submit_button(_("Adăugați acțiunea"), type="primary"):
            return

    def act() -> None:
        if priority is None:
            raise BadValueError(_("Alegeți prioritatea pentru care este acțiunea."))
        add_action(ledger, priority, terms, actor=actor)

    _do(act, _("Acțiunea este în plan."))


def _terms_fields(what: str, responsible: str | None, term: str, key: str) -> ActionTerms:
    text = st.text_area(
        _("Ce se face, fără nume"), what, max_chars=MOST_ACTION, height=80, key=f"plan-what-{key}-{_turn()}"
    )
    who = st.selectbox(
        _("Cine răspunde"), RESPONSIBLES, index=None if responsible is None else RESPONSIBLES.index(responsible),
        format_func=responsible_label, placeholder=_("Alegeți instituția sau profesia"),
        key=f"plan-who-{key}-{_turn()}",
    )  # fmt: skip
    until = st.text_input(
        _("Termenul: an, lună sau zi"), term, max_chars=10, placeholder=_("2027, 06.2027 sau 30.06.2027"),
        key=f"plan-until-{key}-{_turn()}",
    )  # fmt: skip
    return ActionTerms(text, who or "", until)


def _change_form(ledger: Ledger, actor: Actor, plan: CommunityPlan) -> None:
    rows: dict[str, PlanPriority | PlanAction] = {}
    labels: dict[str, str] = {}
    for each in plan.priorities:
        rows[each.priority_id], labels[each.priority_id] = each, f"{each.rank}. {each.name}"
        for action in each.actions:
            rows[action.action_id], labels[action.action_id] = action, f"{each.rank}. – {action.what}"
    if not rows:
        st.html(markup.render_quiet(_("Planul este gol: alegeți întâi o prioritate.")))
        return
    number = _chosen_row(rows, labels, _("Ce schimbați"))
    row = rows.get(number)
    if row is None:
        return
    if isinstance(row, PlanPriority):
        _change_priority(ledger, actor, row)
    else:
        _change_action(ledger, actor, row)


def _chosen_row(rows: Mapping[str, object], labels: Mapping[str, str], title: str) -> str:
    chosen = st.selectbox(
        title, list(rows), index=None, format_func=lambda each: labels.get(each, each),
        placeholder=_("Alegeți din plan"), key=f"plan-pick-{_turn()}",
    )  # fmt: skip
    return chosen or ""


def _change_priority(ledger: Ledger, actor: Actor, row: PlanPriority) -> None:
    seen, shown = _first_seen(row.priority_id, row)
    with st.form(f"hs-form-plan-reason-{row.priority_id}-{_turn()}"):
        reason = st.text_area(_("De ce este prioritate, fără nume"), shown.reason, max_chars=MOST_REASON, height=100)
        with st.container(horizontal=True):
            is_kept = st.form_submit_button(_("Schimbați motivul"), type="primary")
            is_raised = st.form_submit_button(_("Mutați mai sus"), disabled=row.rank == 1)
            is_dropped = st.form_submit_button(_("Scoateți prioritatea"))
    if is_kept:
        _do(
            lambda: set_reason(ledger, row.priority_id, reason, version=seen, actor=actor),
            _("Motivul este schimbat."),
            row,
        )
    elif is_raised:
        _do(
            lambda: raise_priority(ledger, row.priority_id, version=seen, actor=actor),
            _("Prioritatea este mai sus."),
            row,
        )
    elif is_dropped:
        _do(
            lambda: drop_priority(ledger, row.priority_id, version=seen, actor=actor),
            _("Prioritatea este scoasă din plan."),
            row,
        )


def _change_action(ledger: Ledger, actor: Actor, row: PlanAction) -> None:
    seen, shown = _first_seen(row.action_id, row)
    with st.form(f"hs-form-plan-edit-{row.action_id}-{_turn()}"):
        terms = _terms_fields(shown.what, shown.responsible, term_words(shown.due_on), row.action_id)
        with st.container(horizontal=True):
            is_kept = st.form_submit_button(_("Schimbați acțiunea"), type="primary")
            is_dropped = st.form_submit_button(_("Scoateți acțiunea"))
    if is_kept:
        _do(
            lambda: set_action(ledger, row.action_id, terms, version=seen, actor=actor),
            _("Acțiunea este schimbată."),
            row,
        )
    elif is_dropped:
        _do(
            lambda: drop_action(ledger, row.action_id, version=seen, actor=actor),
            _("Acțiunea este scoasă din plan."),
            row,
        )


def _adopt_form(ledger: Ledger, actor: Actor, plan: CommunityPlan) -> None:
    with st.form(f"hs-form-plan-adopt-{_turn()}"):
        st.html(markup.render_heading(_("Adoptați planul")))
        words = _(
            "După adoptare unitatea județeană îl vede ca plan al comunității, iar ce s-a făcut se scrie la fiecare "
            "acțiune. Ca să îl schimbați, începeți apoi o variantă nouă."
        )
        st.html(markup.render_quiet(words))
        is_sure = st.checkbox(_("Planul a fost discutat cu cei care răspund de acțiuni"))
        with st.container(horizontal=True):
            is_adopted = st.form_submit_button(_("Adoptați planul"), type="primary")
            is_dropped = st.form_submit_button(_("Aruncați ciorna"), disabled=bool(plan.adopted_on))
    seen = seen_version(plan)
    if is_adopted:

        def act() -> None:
            if not is_sure:
                raise BadValueError(_("Spuneți întâi că planul a fost discutat cu cei care răspund."))
            adopt_plan(ledger, plan.plan_id, version=seen, actor=actor)

        _do(act, _("Planul este adoptat."))
    elif is_dropped:
        _do(lambda: drop_draft(ledger, plan.plan_id, version=seen, actor=actor), _("Ciorna este aruncată."))


def draw_progress(ledger: Ledger, actor: Actor, plan: CommunityPlan) -> None:
    """Ask how far an action of a plan in force is.

    Parameters
    ----------
    ledger
        Where the record is kept; it checks role, area and version at each press.
    actor
        A member of the team.
    plan
        The plan in force.
    """
    rows = {each.action_id: each for each in sorted(plan.actions, key=lambda each: (not each.is_late, each.due_on))}
    late = _("întârziată")
    labels = {number: each.what + (f" · {late}" if each.is_late else "") for number, each in rows.items()}
    st.html(markup.render_heading(_("Ce s-a făcut")))
    row = rows.get(_chosen_row(rows, labels, _("Acțiunea")))
    if row is None:
        return
    seen, shown = _first_seen(row.action_id, row)
    with st.form(f"hs-form-plan-progress-{row.action_id}-{_turn()}"):
        state = st.radio(
            _("Cum este acțiunea"), ACTION_STATES, ACTION_STATES.index(shown.state), format_func=action_state_label
        )
        result = st.text_area(
            _("Ce a ieșit, sau de ce nu, fără nume"), shown.result, max_chars=MOST_RESULT, height=80,
        )  # fmt: skip
        if not st.form_submit_button(_("Scrieți ce s-a făcut"), type="primary"):
            return
    act = lambda: note_progress(ledger, row.action_id, str(state), result, version=seen, actor=actor)  # noqa: E731
    _do(act, _("Ce s-a făcut este scris."), row)


def _first_seen(number: str, row: _Row) -> tuple[int, _Row]:
    """Return the version that may be changed, and the row as it was when it was chosen: fields keep what is typed."""
    kept = st.session_state.get(_ROW)
    if kept is None or kept[0] != number:
        st.session_state[_ROW] = kept = (number, row.version, row)
    _number, version, shown = kept
    return int(version), shown


def _turn() -> int:
    """Return the number of the forms: a new turn empties their fields."""
    return int(st.session_state.get(_TURN, 0))


def _do(act: Callable[[], object], words: str, row: PlanPriority | PlanAction | None = None) -> None:
    """Make a change, as `make_change`; who was too late sees what is now, and the next press is about that."""

    def once() -> None:
        try:
            act()
        except PlanChangedError:
            if row is not None:
                number, _version, shown = st.session_state[_ROW]
                st.session_state[_ROW] = (number, row.version, shown)
            raise
        st.session_state.pop(_ROW, None)
        st.session_state[_TURN] = _turn() + 1

    make_change(once, words)
