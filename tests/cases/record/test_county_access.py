"""A county unit sees counts; one case only with a reason, for three hours, and the team is told."""

from __future__ import annotations

import csv

import pytest

from cases.record import exchange
from cases.record.case_export import export_cases
from cases.record.case_listing import count_cases, list_cases
from cases.record.county_access import confirm_move, read_case, request_access
from cases.record.field_devices import devices_of, shut_out
from cases.record.supervision import SupervisorRemark, hold_session, supervision_sample
from cases.record.team_agenda import agenda_of, late_work
from core.errors import BadValueError, NotAllowedError, UnknownCodeError
from referrals.case_erasure import case_digest
from referrals.records.ledger_errors import PersonalDataError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.case_world import (
    ELSEWHERE,
    NURSE,
    TODAY,
    UAT,
    WORKER,
    Phone,
    assessing,
    code,
    opening,
    planned_case,
    planning,
)
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL

CASE = code("C", 1)
OTHER_COUNTY = Actor("county", "ujss-cj", "CJ")


@pytest.fixture
def phone(sqlite_ledger):
    sick = {"born": "1956", "sex": "F", "id_card": "no", "illness": "VSG_01", "disease": "VSG_HIV", "safe": "violence"}
    return planned_case(sqlite_ledger, CASE, sick)


def test_one_case_opens_with_a_reason_for_three_hours_and_the_team_sees_it(sqlite_ledger, clock, phone):
    seen = exchange(sqlite_ledger, phone.message(), actor=WORKER).next
    with pytest.raises(NotAllowedError, match="motiv"):
        read_case(sqlite_ledger, CASE, actor=COUNTY)
    for reason in ("", "x" * 201):
        with pytest.raises(BadValueError):
            request_access(sqlite_ledger, CASE, reason, actor=COUNTY)
    with pytest.raises(PersonalDataError):
        request_access(sqlite_ledger, CASE, "CNP 2560412040011", actor=COUNTY)
    request_access(sqlite_ledger, CASE, "plângere la primărie", actor=COUNTY)
    shown = read_case(sqlite_ledger, CASE, actor=COUNTY).case
    assert {each["code"] for each in shown["findings"]} & {"VSG_HIV", "VFV_03"} == set()
    (told,) = exchange(sqlite_ledger, phone.message(since=seen), actor=WORKER).cases
    assert [each["reason"] for each in told["access"]] == ["plângere la primărie"]
    clock.move(hours=3, seconds=1)
    with pytest.raises(NotAllowedError):
        read_case(sqlite_ledger, CASE, actor=COUNTY)
    log = sqlite_ledger.audit_log(actor=ADMIN, subject=case_digest(CASE))
    assert {"case.access", "case.read"} <= set(log["action"])
    assert CASE not in str(sqlite_ledger.audit_log(actor=ADMIN).to_dict())


def test_nobody_else_reads_a_case_or_learns_that_there_is_one(sqlite_ledger, phone):
    for actor in (OTHER_COUNTY, NATIONAL, ADMIN, ELSEWHERE):
        with pytest.raises(UnknownCodeError):
            read_case(sqlite_ledger, CASE, actor=actor)
        with pytest.raises(UnknownCodeError):
            request_access(sqlite_ledger, CASE, "din curiozitate", actor=actor)
    with pytest.raises(NotAllowedError):
        request_access(sqlite_ledger, CASE, "al nostru", actor=NURSE)
    assert read_case(sqlite_ledger, CASE, actor=WORKER).case["case_ref"] == CASE


def test_a_case_counts_under_the_level_that_its_team_said(sqlite_ledger, phone):
    said = phone.change("case.set", CASE, base=9, level_said="high", level_reason="stă acum la fiica sa")
    assert exchange(sqlite_ledger, phone.message(said), actor=WORKER).results[0].result == "applied"
    assert count_cases(sqlite_ledger, actor=COUNTY).levels == {"high": 1}
    assert supervision_sample(sqlite_ledger, "BC", "2020-01", actor=COUNTY).cases == ()


def test_open_cases_are_rounded_once_and_not_by_state(sqlite_ledger):
    phone = Phone(2)
    refs = [code("C", n) for n in range(20, 26)]
    changes = [opening(phone, ref) for ref in refs] + [assessing(phone, ref, n) for n, ref in enumerate(refs[:3], 20)]
    exchange(sqlite_ledger, phone.message(*changes), actor=WORKER)
    counts = count_cases(sqlite_ledger, actor=NATIONAL)
    assert (counts.opened, counts.states) == (5, {"assessed": 0, "noted": 0})


def test_counts_are_everybody_s_and_lists_the_team_s_and_the_county_s(sqlite_ledger, phone):
    for actor in (WORKER, COUNTY, NATIONAL, ADMIN):
        counts = count_cases(sqlite_ledger, actor=actor)
        told = 1 if actor in (WORKER, COUNTY) else 0
        assert (counts.states, counts.levels) == ({"planned": told}, {"urgent": told})
        assert counts.opened == told
    assert count_cases(sqlite_ledger, actor=OTHER_COUNTY).states == {}
    assert [each["case_ref"] for each in list_cases(sqlite_ledger, actor=WORKER).cases] == [CASE]
    assert list_cases(sqlite_ledger, actor=WORKER, states=["closed"]).cases == ()
    for actor in (NATIONAL, ADMIN):
        with pytest.raises(NotAllowedError):
            list_cases(sqlite_ledger, actor=actor)
    with pytest.raises(BadValueError, match="Starea"):
        list_cases(sqlite_ledger, actor=WORKER, states=["x"])


def test_a_county_unit_that_lists_cases_or_work_says_why_and_the_team_sees_it(sqlite_ledger, phone):
    seen = exchange(sqlite_ledger, phone.message(), actor=WORKER).next
    reads = (
        lambda reason: [each["case_ref"] for each in list_cases(sqlite_ledger, actor=COUNTY, reason=reason).cases],
        lambda reason: [
            each.case_ref
            for each in agenda_of(sqlite_ledger, UAT, "BC", actor=COUNTY, until="2099-01-01", reason=reason).tasks
        ],
    )
    for number, read in enumerate(reads):
        with pytest.raises(BadValueError, match="de ce"):
            read("")
        assert set(read(f"control {number}")) == {CASE}
    (told,) = exchange(sqlite_ledger, phone.message(since=seen), actor=WORKER).cases
    assert sorted(each["reason"] for each in told["access"]) == ["control 0", "control 1"]
    with pytest.raises(NotAllowedError):
        read_case(sqlite_ledger, CASE, actor=COUNTY)
    assert sqlite_ledger.verify_audit() == []
    for actor in (NATIONAL, ADMIN, OTHER_COUNTY):
        with pytest.raises(NotAllowedError):
            agenda_of(sqlite_ledger, UAT, "BC", actor=actor, reason="control")


def test_late_work_is_shown_to_the_supervising_unit_alone(sqlite_ledger, phone, clock):
    clock.move(days=400)
    assert {task.case_ref for task in late_work(sqlite_ledger, UAT, "BC", actor=COUNTY)} == {CASE}
    for actor in (WORKER, NATIONAL, ADMIN, OTHER_COUNTY):
        with pytest.raises(NotAllowedError):
            late_work(sqlite_ledger, UAT, "BC", actor=actor)


def test_files_hold_codes_without_what_only_some_may_see(sqlite_ledger, tmp_path, phone):
    with pytest.raises(BadValueError, match="de ce"):
        export_cases(sqlite_ledger, tmp_path, actor=COUNTY, county="BC")
    seen = exchange(sqlite_ledger, phone.message(), actor=WORKER).next
    files = export_cases(sqlite_ledger, tmp_path, actor=COUNTY, county="BC", reason="raport la minister")
    (told,) = exchange(sqlite_ledger, phone.message(since=seen), actor=WORKER).cases
    assert [each["reason"] for each in told["access"]] == ["raport la minister"]
    said = "".join(file.read_text(encoding="utf-8") for file in files)
    assert "VAI_02" in said
    assert not [trace for trace in ("VSG_HIV", "VFV_03", "violence", WORKER.account) if trace in said]
    with (tmp_path / "cases.csv").open(encoding="utf-8") as file:
        assert [row["case_ref"] for row in csv.DictReader(file)] == [CASE]
    with pytest.raises(NotAllowedError):
        export_cases(sqlite_ledger, tmp_path, actor=OTHER_COUNTY, county="BC")


def test_a_move_waits_for_the_county_unit_and_the_former_team_forgets_the_case(sqlite_ledger, phone):
    seen = exchange(sqlite_ledger, phone.message(), actor=WORKER).next
    move = {"move_id": code("M", 1), "on_day": TODAY}
    offer = phone.change("move.offer", CASE, to_uat=ELSEWHERE.uat_siruta, **move)
    exchange(sqlite_ledger, phone.message(offer), actor=WORKER)
    there = Phone(2)
    assert exchange(sqlite_ledger, there.message(), actor=ELSEWHERE).offers == ()
    with pytest.raises(UnknownCodeError):
        confirm_move(sqlite_ledger, CASE, actor=OTHER_COUNTY)
    assert confirm_move(sqlite_ledger, CASE, actor=COUNTY) == code("M", 1)
    (offered,) = exchange(sqlite_ledger, there.message(), actor=ELSEWHERE).offers
    taken = exchange(
        sqlite_ledger, there.message(there.change("move.accept", offered["case_ref"], **move)), actor=ELSEWHERE
    )
    assert [each["case_ref"] for each in taken.cases] == [CASE]
    left = exchange(sqlite_ledger, phone.message(since=seen), actor=WORKER)
    assert left.gone == (case_digest(CASE),)
    assert left.cases == ()


def test_a_sample_is_drawn_by_lot_and_remarks_reach_the_team(sqlite_ledger, clock, phone):
    more = [code("C", n) for n in range(2, 7)]
    for n, ref in enumerate(more, 2):
        agree = phone.change("plan.agree", ref, plan_id=code("P", n), how="said", on_day=TODAY)
        changes = opening(phone, ref), assessing(phone, ref, n), planning(phone, ref, n), agree
        exchange(sqlite_ledger, phone.message(*changes), actor=WORKER)
    sample = supervision_sample(sqlite_ledger, "BC", "2026-03", actor=COUNTY)
    assert len(sample.cases) == 2
    assert supervision_sample(sqlite_ledger, "BC", "2026-03", actor=COUNTY) == sample
    clock.move(days=6)
    later = supervision_sample(sqlite_ledger, "BC", "2026-03", actor=COUNTY)
    assert {each["case_ref"] for each in later.cases} == {each["case_ref"] for each in sample.cases} | {CASE}
    with pytest.raises(NotAllowedError):
        supervision_sample(sqlite_ledger, "BC", "2026-03", actor=WORKER)
    remark = SupervisorRemark(UAT, CASE, "lipsește data revizuirii", asks=True, due_on="2026-03-20")
    hold_session(sqlite_ledger, "BC", TODAY, "case", [remark], actor=COUNTY)
    told = exchange(sqlite_ledger, phone.message(), actor=WORKER)
    (said,) = next(each for each in told.cases if each["case_ref"] == CASE)["remarks"]
    assert (said["remark"], said["state"]) == ("lipsește data revizuirii", "open")
    done = phone.change("remark.done", CASE, remark_id=said["remark_id"], on_day=TODAY)
    assert [each.result for each in exchange(sqlite_ledger, phone.message(done), actor=WORKER).results] == ["applied"]
    with pytest.raises(PersonalDataError):
        hold_session(sqlite_ledger, "BC", TODAY, "case", [SupervisorRemark(UAT, "", "0722 123 456")], actor=COUNTY)
    for words, why in ((" ", "Scrieți"), ("\x00\u202e", "Scrieți"), ("x" * 501, "500")):
        with pytest.raises(BadValueError, match=why):
            hold_session(sqlite_ledger, "BC", TODAY, "team", [SupervisorRemark(UAT, "", words)], actor=COUNTY)


def test_a_lost_telephone_is_shut_out(sqlite_ledger, phone):
    (found,) = devices_of(sqlite_ledger, actor=COUNTY)
    assert (found.account, found.state) == (WORKER.account, "active")
    with pytest.raises(NotAllowedError):
        shut_out(sqlite_ledger, phone.device_id, "lost", actor=NURSE)
    shut_out(sqlite_ledger, phone.device_id, "lost", actor=COUNTY)
    with pytest.raises(NotAllowedError, match="oprit"):
        exchange(sqlite_ledger, phone.message(), actor=WORKER)
    shut_out(sqlite_ledger, phone.device_id, "active", actor=COUNTY)
    exchange(sqlite_ledger, phone.message(), actor=WORKER)
    with pytest.raises(UnknownCodeError):
        shut_out(sqlite_ledger, "D-22222-22222", "lost", actor=COUNTY)


def test_files_hold_no_words_of_a_member_and_no_formula(sqlite_ledger, tmp_path, phone):
    words = ["=HYPERLINK(1)", "vorbim cu sora ei", "SAI_09"]
    items = [
        {"item_id": code("I", 900 + n), "need": "identity-papers", "action": each, "member": "social", "due_on": TODAY}
        for n, each in enumerate(words)
    ]
    plan = phone.change("plan.add", CASE, plan_id=code("P", 9), kind="sci", on_day=TODAY, items=items)
    assert [each.result for each in exchange(sqlite_ledger, phone.message(plan), actor=WORKER).results] == ["applied"]
    export_cases(sqlite_ledger, tmp_path, actor=COUNTY, county="BC", reason="raport la minister")
    with (tmp_path / "plan_items.csv").open(encoding="utf-8") as file:
        mine = {row["item_id"]: row["action"] for row in csv.DictReader(file) if row["plan_id"] == code("P", 9)}
    assert [mine[each["item_id"]] for each in items] == ["", "", "SAI_09"]
