"""A plan is adopted whole, sent back with a remark, replaced by the next; its actions are followed, and forgotten late."""

from __future__ import annotations

import pytest

from cases.community.community_plan import PlanChangedError, adopted_plan, list_plans
from cases.community.plan_drafting import add_priority, begin_plan
from cases.community.plan_steps import adopt_plan, drop_draft, note_progress, remark_plan, settle_plan_remark
from core.errors import BadValueError, NotAllowedError, UnknownCodeError
from core.i18n import use_language
from referrals.backups.ledger_move import move_ledger
from referrals.database.tables.community_plan_tables import OF_COMMUNITY_PLANS
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import PersonalDataError
from referrals.records.vocabulary import Actor
from tests.cases.community.plan_world import YEAR, adopted, drafted, plans_of
from tests.worlds.homes.case_world import ELSEWHERE, NURSE, UAT, WORKER
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, audited, everything

OTHER_COUNTY = Actor("county", "ujss-cj", "CJ")
STRANGERS = [NATIONAL, ADMIN, ELSEWHERE, OTHER_COUNTY, Actor("provider", "link:L"), Actor("system", "harta")]


def remarked(ledger, plan, *, sends_back=False, words="completați cine răspunde", actor=COUNTY):
    return remark_plan(ledger, plan.plan_id, words, sends_back=sends_back, version=plan.version, actor=actor)


def test_only_a_whole_plan_is_adopted(ledger):
    plan_id = begin_plan(ledger, YEAR, actor=WORKER)
    with pytest.raises(BadValueError, match="cel puțin o prioritate"):
        adopt_plan(ledger, plan_id, version=plans_of(ledger)[0].version, actor=WORKER)
    add_priority(ledger, plan_id, "category", "MF", "motiv", actor=WORKER)
    with pytest.raises(BadValueError, match=r"Medic de familie.*nicio acțiune"):
        adopt_plan(ledger, plan_id, version=plans_of(ledger)[0].version, actor=WORKER)
    assert adopted_plan(ledger, UAT) is None


def test_the_plan_adopted_last_is_in_force_and_the_one_before_is_kept(ledger, clock):
    first = adopted(ledger)
    assert adopted_plan(ledger, UAT) == first
    clock.move(days=30)
    begin_plan(ledger, YEAR, actor=NURSE)
    draft = plans_of(ledger)[0]
    adopt_plan(ledger, draft.plan_id, version=draft.version, actor=NURSE)
    now, before = plans_of(ledger)
    assert (now.number, now.state, now.adopted_on) == (2, "adopted", "2026-04-01")
    assert (before.plan_id, before.state, before.adopted_on) == (first.plan_id, "replaced", "2026-03-02")
    assert adopted_plan(ledger, UAT) == now
    assert [each for each in audited(ledger) if each.endswith(("adopt", "replace"))].count("community_plan.adopt") == 2


def test_the_plan_of_a_year_to_come_waits_for_it(ledger, clock):
    this, following = adopted(ledger), begin_plan(ledger, YEAR + 1, actor=WORKER)
    adopt_plan(ledger, following, version=plans_of(ledger)[0].version, actor=WORKER)
    assert adopted_plan(ledger, UAT) == this
    clock.move(days=400)
    assert adopted_plan(ledger, UAT).plan_id == following


def test_an_action_is_followed_in_the_plan_in_force_and_its_copy_is_told(ledger, clock):
    plan = adopted(ledger)
    caravan = plan.actions[0]
    begin_plan(ledger, YEAR, actor=WORKER)
    clock.move(days=120)  # the day of its term
    assert not plans_of(ledger)[1].actions[0].is_late
    clock.move(days=1)
    assert plans_of(ledger)[1].actions[0].is_late
    note_progress(ledger, caravan.action_id, "begun", "", version=caravan.version, actor=NURSE)
    with pytest.raises(BadValueError, match="scrieți ceva"):
        note_progress(ledger, caravan.action_id, "done", " ", version=caravan.version + 1, actor=WORKER)
    with pytest.raises(PlanChangedError):
        note_progress(ledger, caravan.action_id, "given_up", "nu vine", version=caravan.version, actor=WORKER)
    note_progress(ledger, caravan.action_id, "done", "a venit de două ori", version=caravan.version + 1, actor=WORKER)
    draft, in_force = plans_of(ledger)
    for each in (draft.actions[0], in_force.actions[0]):
        assert (each.state, each.begun_on, each.ended_on, each.result) == (
            "done", "2026-07-01", "2026-07-01", "a venit de două ori",
        )  # fmt: skip
        assert not each.is_late
    with pytest.raises(BadValueError, match="planul adoptat"):
        note_progress(ledger, draft.actions[1].action_id, "begun", "", version=1, actor=WORKER)
    with pytest.raises(UnknownCodeError):
        note_progress(ledger, caravan.action_id, "finished", "gata", version=3, actor=WORKER)
    with pytest.raises(PersonalDataError):
        note_progress(ledger, caravan.action_id, "done", "a sunat la 0744 123 456", version=3, actor=WORKER)


def noted(ledger, action, state, result, actor=WORKER):
    note_progress(ledger, action.action_id, state, result, version=action.version, actor=actor)


def put_in_force(ledger, year):
    """Begin a plan of a year and adopt it as it is."""
    plan_id = begin_plan(ledger, year, actor=WORKER)
    (draft,) = (each for each in plans_of(ledger) if each.plan_id == plan_id)
    adopt_plan(ledger, plan_id, version=draft.version, actor=WORKER)
    return next(each for each in plans_of(ledger) if each.plan_id == plan_id)


def of_year(ledger, year):
    return next(each for each in plans_of(ledger) if each.year == year)


def progress(plan):
    return [(each.state, each.begun_on, each.ended_on, each.result) for each in plan.actions]


def test_what_is_noted_late_in_a_year_reaches_the_draft_of_the_next(ledger, clock):
    caravan, signing = adopted(ledger).actions
    begin_plan(ledger, YEAR + 1, actor=WORKER)
    clock.move(days=290)
    noted(ledger, caravan, "done", "a venit în decembrie")
    noted(ledger, signing, "begun", "s-au înscris jumătate")
    draft = of_year(ledger, YEAR + 1)
    assert draft.state == "draft"
    assert progress(draft) == progress(of_year(ledger, YEAR)) == [
        ("done", "2026-12-17", "2026-12-17", "a venit în decembrie"),
        ("begun", "2026-12-17", "", "s-au înscris jumătate"),
    ]  # fmt: skip
    assert [each.due_on for each in draft.actions] == [f"{YEAR + 1}-12-31"] * 2, "what it is to become is its own"


def test_it_reaches_the_next_year_through_a_revision_whichever_was_begun_first(ledger, clock):
    adopted(ledger)
    begin_plan(ledger, YEAR + 1, actor=WORKER)
    revised = put_in_force(ledger, YEAR)
    noted(ledger, revised.actions[0], "begun", "caravana este chemată")
    told = of_year(ledger, YEAR + 1)
    assert [each.result for each in told.actions] == ["caravana este chemată", ""]
    first = next(each for each in plans_of(ledger) if each.state == "replaced")
    assert [each.state for each in first.actions] == ["planned", "planned"], "what was replaced stays as it was"


def test_the_next_years_plan_in_force_is_told_until_it_says_something_of_its_own(ledger, clock):
    caravan, signing = adopted(ledger).actions
    following = put_in_force(ledger, YEAR + 1)
    clock.move(days=290)
    noted(ledger, caravan, "begun", "chemată")
    assert of_year(ledger, YEAR + 1).actions[0].result == "chemată"
    with pytest.raises(PlanChangedError):
        noted(ledger, following.actions[0], "given_up", "nu am văzut ce s-a scris")
    noted(ledger, of_year(ledger, YEAR + 1).actions[1], "begun", "o listă nouă")
    assert of_year(ledger, YEAR).actions[1].state == "planned", "a year is not written by the one after it"
    noted(ledger, signing, "given_up", "fără medic în comună")
    assert of_year(ledger, YEAR + 1).actions[1].result == "o listă nouă"
    steps = [each for each in audited(ledger) if each == "community_plan.progress"]
    assert len(steps) == 4, "three by hand, and the copy in force that was told"


def test_a_plan_that_is_sent_back_is_adopted_anew_and_what_was_asked_is_settled(ledger):
    plan = adopted(ledger)
    remarked(ledger, plan, sends_back=True)
    (back,) = plans_of(ledger)
    assert (back.state, back.returned_on, back.adopted_on) == ("draft", "2026-03-02", "2026-03-02")
    assert [(each.remark, each.sends_back, each.is_open) for each in back.remarks] == [
        ("completați cine răspunde", True, True)
    ]
    assert adopted_plan(ledger, UAT) is None
    with pytest.raises(BadValueError, match="trimis înapoi"):
        drop_draft(ledger, back.plan_id, version=back.version, actor=WORKER)
    with pytest.raises(BadValueError, match="numai un plan adoptat"):
        remarked(ledger, back, sends_back=True)
    adopt_plan(ledger, back.plan_id, version=back.version, actor=WORKER)
    (again,) = plans_of(ledger)
    assert (again.state, again.returned_on, again.remarks[0].is_open) == ("adopted", "", False)


def test_a_plan_that_is_being_revised_is_not_sent_back_but_remarked(ledger):
    plan = adopted(ledger)
    begin_plan(ledger, YEAR, actor=WORKER)
    with pytest.raises(BadValueError, match="lucrează deja"):
        remarked(ledger, plan, sends_back=True)
    number = remarked(ledger, plan)
    with pytest.raises(PlanChangedError):
        remarked(ledger, plan)
    settle_plan_remark(ledger, number, actor=NURSE)
    with pytest.raises(UnknownCodeError):
        settle_plan_remark(ledger, number, actor=NURSE)


def test_a_draft_is_thrown_away_whole(ledger):
    plan = drafted(ledger)
    with pytest.raises(PlanChangedError):
        drop_draft(ledger, plan.plan_id, version=plan.version - 1, actor=WORKER)
    drop_draft(ledger, plan.plan_id, version=plan.version, actor=WORKER)
    assert plans_of(ledger) == []
    assert not any(everything(ledger)[table.name] for table in OF_COMMUNITY_PLANS)


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_but_its_team_and_its_county_reads_or_steps_a_plan(ledger, who):
    plan = adopted(ledger)
    with pytest.raises(NotAllowedError):
        list_plans(ledger, UAT, "BC", actor=who)
    refused = (NotAllowedError, UnknownCodeError)
    for step in (
        lambda: adopt_plan(ledger, plan.plan_id, version=plan.version, actor=who),
        lambda: drop_draft(ledger, plan.plan_id, version=plan.version, actor=who),
        lambda: note_progress(ledger, plan.actions[0].action_id, "begun", "", version=1, actor=who),
        lambda: remarked(ledger, plan, actor=who),
        lambda: remarked(ledger, plan, sends_back=True, actor=who),
    ):
        with pytest.raises(refused):
            step()
    assert plans_of(ledger, COUNTY) == [plan]


def test_a_team_remarks_nothing_and_a_county_unit_follows_no_action(ledger):
    plan = adopted(ledger)
    with pytest.raises(NotAllowedError):
        remarked(ledger, plan, actor=WORKER)
    number = remarked(ledger, plan)
    for step in (
        lambda: note_progress(ledger, plan.actions[0].action_id, "begun", "", version=1, actor=COUNTY),
        lambda: settle_plan_remark(ledger, number, actor=COUNTY),
        lambda: adopt_plan(ledger, plan.plan_id, version=plan.version, actor=COUNTY),
    ):
        with pytest.raises(NotAllowedError):
            step()
    for stranger in (ELSEWHERE, NATIONAL):
        with pytest.raises((NotAllowedError, UnknownCodeError)):
            settle_plan_remark(ledger, number, actor=stranger)
    # A county that names the community as its own reads nothing of it.
    assert list_plans(ledger, UAT, "CJ", actor=OTHER_COUNTY) == []


def test_a_remark_that_names_somebody_is_refused(ledger):
    plan = adopted(ledger)
    for words in ("vorbiți cu doamna Popescu", "0744 123 456", "cazul C-23456-789AB"):
        with pytest.raises(PersonalDataError):
            remarked(ledger, plan, words=words)
    assert plans_of(ledger)[0].remarks == ()


def test_retention_forgets_what_is_over_and_keeps_the_plan_in_force(ledger, clock):
    old = adopted(ledger)
    begin_plan(ledger, YEAR, actor=WORKER)
    draft = plans_of(ledger)[0]
    adopt_plan(ledger, draft.plan_id, version=draft.version, actor=WORKER)
    remarked(ledger, plans_of(ledger)[0])
    clock.move(days=2 * 366)
    ledger.erase_old(actor=ADMIN)
    assert len(plans_of(ledger)) == 2, "its year was not over before the period"
    clock.move(days=366)
    ledger.erase_old(actor=ADMIN)
    (kept,) = plans_of(ledger)
    assert (kept.plan_id, kept.state, kept.remarks) == (draft.plan_id, "adopted", ())
    assert len(kept.actions) == 2
    rows = everything(ledger)
    gone = str([rows[table.name] for table in OF_COMMUNITY_PLANS])
    assert old.plan_id not in gone
    assert WORKER.account not in gone
    before = audited(ledger).count("community_plan.retention")
    ledger.erase_old(actor=ADMIN)
    assert (before, audited(ledger).count("community_plan.retention")) == (2, 2)


def test_it_is_said_in_both_languages(ledger):
    plan = adopted(ledger)
    assert plan.lines()[0] == "Planul pe 2026: adoptat din 02.03.2026"
    assert any("Nu are buletin" in line and "întâlnit" in line for line in plan.lines())
    assert any("primăria · termen 06.2026 · de făcut" in line for line in plan.lines())
    with use_language("en"):
        assert plan.lines()[0] == "Plan for 2026: adopted since 2 Mar 2026"
        assert any("the town hall · due 06.2026 · to do" in line for line in plan.lines())


def test_a_plan_goes_with_its_ledger_to_another_database(tmp_path, clock, monkeypatch):
    from core.storage.home import make_home

    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("live", tmp_path / "home")
    ledger = open_ledger(home, clock=clock, may_begin=True)
    plan = adopted(ledger)
    remarked(ledger, plan)
    before = plans_of(ledger)
    ledger.close()
    moved = move_ledger(home, f"sqlite:///{tmp_path}/other.sqlite", actor=ADMIN)
    assert {table.name: moved.rows[table.name] for table in OF_COMMUNITY_PLANS} == {
        "community_plans": 1, "community_priorities": 2, "community_actions": 2, "community_plan_remarks": 1,
    }  # fmt: skip
    monkeypatch.setenv("HARTA_DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite")
    again = open_ledger(home, clock=clock)
    assert plans_of(again) == before
    again.close()
