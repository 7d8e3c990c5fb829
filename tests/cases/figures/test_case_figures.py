"""The figures of a month against a worked example; a filed month never changes, and months add up to the whole."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.figures import figures_of
from cases.record import exchange
from core.romanian_calendar import BUCHAREST
from referrals.monthly import monthly_reports
from referrals.records.vocabulary import Actor
from tests.cases.record.test_derived_states import empty
from tests.worlds.homes.case_world import Phone, assessing, code, opening
from tests.worlds.homes.ledger_world import ADMIN, Clock

WORKED = json.loads(Path(__file__).with_name("worked_month.json").read_text(encoding="utf-8"))
TEAMS = {
    "A": Actor("team", "U-A2222222", "BC", 22889, profession="social"),
    "B": Actor("team", "U-B2222222", "BC", 22898, profession="social"),
}
ANSWERS = {
    "VAI_02": {"born": "1980", "id_card": "no"},
    "VSV_01": {"born": "1980", "income": "none"},
    "VEC_07": {"born": "2014", "enrolled": "dropped"},
    "VFA_02": {"born": "1950", "lives": "alone"},
}


def at(clock: Clock, day: str) -> None:
    clock.at = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=BUCHAREST)


def as_changes(phone: Phone, event: dict, number: int, seen: dict) -> list[dict]:
    case, day = code("C", int(event["case"][1:])), event["day"]
    match event["what"]:
        case "opened":
            return [phone.change("case.open", case, opened_on=day, source="outreach")]
        case "assessed":
            answers = {k: v for each in event["findings"] for k, v in ANSWERS[each].items()}
            seen |= {(case, each): f"{code('A', number)}:{each}" for each in event["findings"]}
            return [
                phone.change(
                    "assessment.add", case, assessment_id=code("A", number), kind="initial", on_day=day, edition="",
                    answers=answers,
                )
            ]  # fmt: skip
        case "planned":
            items = [
                {"item_id": code("I", int(name[1:])), "need": "no-income", "action": "SSN_13", "member": member,
                 "due_on": due}
                for name, member, due in event["items"]
            ]  # fmt: skip
            plan = code("P", number)
            return [
                phone.change("plan.add", case, plan_id=plan, kind="sci", on_day=day, items=items),
                phone.change("plan.agree", case, plan_id=plan, how="said", on_day=day),
            ]
        case "item_done":
            return [phone.change("item.done", case, item_id=code("I", int(event["item"][1:])), on_day=day)]
        case "resolved":
            found = seen[case, event["finding"]]
            return [phone.change("finding.end", case, finding_id=found, ending="resolved", on_day=day)]
        case "visit":
            return [phone.change("visit.add", case, visit_id=code("V", number), members=[event["member"]], on_day=day)]
        case _:
            said = {"closed_on": day, "outcome": event["outcome"], "reason": "așa a fost"}
            return [phone.change("case.close", case, **said)]


def work(ledger, clock, events) -> None:
    phones, seen = {name: Phone(n) for n, name in enumerate(TEAMS, 1)}, {}
    for number, event in enumerate(sorted(events, key=lambda e: e["day"]), 1):
        at(clock, event["day"])
        where = event["community"]
        message = phones[where].message(*as_changes(phones[where], event, number, seen))
        answer = exchange(ledger, message, actor=TEAMS[where])
        assert {each.result for each in answer.results} == {"applied"}, (event, answer.results)


def test_the_worked_month_is_what_is_counted(ledger, clock):
    work(ledger, clock, WORKED["events"])
    month = WORKED["expected"]["month"]
    found = figures_of(ledger, month, actor=ADMIN).communities
    for name in ("A", "B"):
        uat, expected = TEAMS[name].uat_siruta, WORKED["expected"][name]
        counted = figures_of(ledger, month, actor=TEAMS[name]).communities[uat]
        assert {code: counted[code] for code in expected} == expected
        in_fives = dict.fromkeys(counted["F-OPEN"], 0)
        assert found[uat] == {**counted, "F-OPEN": in_fives}, "fewer than five are told to nobody but the team"
    whole = figures_of(ledger, month, actor=ADMIN).total()
    assert whole["V-ALL"] == 5
    assert whole["T-PLAN"] == {"sum": 0, "count": 0}
    assert figures_of(ledger, "2026-08", "2026-09", actor=ADMIN).total()["T-PLAN"] == {"sum": 9 + 17, "count": 2}


def test_findings_are_told_in_fives_and_their_sum_is_rounded_once(ledger, clock):
    at(clock, "2026-10-05")
    for name, numbers in (("A", range(100, 104)), ("B", range(200, 207))):
        phone = Phone(numbers.start)
        changes = [opening(phone, code("C", n), opened_on="2026-10-01") for n in numbers]
        changes += [assessing(phone, code("C", n), n, on_day="2026-10-02") for n in numbers]
        answer = exchange(ledger, phone.message(*changes), actor=TEAMS[name])
        assert {each.result for each in answer.results} == {"applied"}
    assert figures_of(ledger, "2026-10", actor=TEAMS["B"]).communities[22898]["F-OPEN"]["ID"] == 7
    for actor in (ADMIN, Actor("county", "u", "BC"), Actor("national", "n")):
        found = figures_of(ledger, "2026-10", actor=actor)
        assert [found.communities[uat]["F-OPEN"]["ID"] for uat in (22889, 22898)] == [0, 5]
        assert found.present["ID"] == found.total()["F-OPEN"]["ID"] == 10


def test_a_team_counts_its_community_and_no_other(ledger, clock):
    work(ledger, clock, WORKED["events"])
    assert list(figures_of(ledger, "2026-10", actor=TEAMS["B"]).communities) == [22898]


def file_month(ledger, uat: int, month: str) -> None:
    monthly_reports.file(ledger, "BC", uat, month, actor=Actor("system", "s"), bounds={})


def test_what_arrives_late_counts_in_the_first_open_month_and_a_filed_report_is_frozen(ledger, clock):
    work(ledger, clock, WORKED["events"])
    at(clock, "2026-11-05")
    before = figures_of(ledger, "2026-10", actor=ADMIN).communities[22889]
    file_month(ledger, 22889, "2026-10")
    phone = Phone(7)
    case = code("C", 1)
    late = [
        phone.change("visit.add", case, visit_id=code("V", 70), members=["medical"], on_day="2026-10-29"),
        phone.change("item.set", case, base=1, item_id=code("I", 2), due_on="2026-12-15"),
        phone.change("case.open", code("C", 71), opened_on="2026-10-30", source="school"),
        phone.change("case.close", code("C", 2), closed_on="2026-10-31", outcome="by_mistake"),
    ]
    answer = exchange(ledger, phone.message(*late), actor=TEAMS["A"])
    assert [each.result for each in answer.results] == ["applied"] * 4
    assert figures_of(ledger, "2026-10", actor=ADMIN).communities[22889] == before
    november = figures_of(ledger, "2026-11", actor=ADMIN).communities[22889]
    assert (november["V-ALL"], november["C-NEW"]) == (1, 2)
    assert november["BEN"] == before["BEN"] + 1, "one came late, one of November, and one should not have been there"
    at(clock, "2026-11-06")
    monthly_reports.send_back(ledger, "BC", 22889, "2026-10", "lipsește o vizită", actor=Actor("county", "u", "BC"))
    open_again = [phone.change("visit.add", case, visit_id=code("V", 72), members=["medical"], on_day="2026-10-30")]
    exchange(ledger, phone.message(*open_again), actor=TEAMS["A"])
    assert figures_of(ledger, "2026-10", actor=ADMIN).communities[22889]["V-ALL"] == before["V-ALL"] + 1


FLOWS = ("C-NEW", "C-CLOSED", "C-GOALS", "V-ALL", "V-SOC", "A-DONE", "A-DUE", "F-SOLVED")
DAYS = st.integers(0, 150)


@settings(deadline=None, max_examples=15, report_multiple_bugs=False, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    st.lists(
        st.tuples(st.sampled_from(("visit", "open", "mistake", "late_visit", "reopen", "close")), DAYS), max_size=14
    ),
    st.lists(st.sampled_from(["2026-01", "2026-02", "2026-03", "2026-04"]), unique=True),
)
def test_a_filed_month_never_changes_and_months_add_up_to_the_whole(sqlite_ledger, clock, steps, filed):
    from datetime import date, timedelta

    empty(sqlite_ledger)
    with sqlite_ledger.store.write() as connection:
        for name in ("monthly_reports", "case_months"):
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608
    phone, told, cases = Phone(1), {}, [code("C", 1)]
    start = date(2026, 1, 1)
    waiting = sorted(filed)
    for number, (kind, offset) in enumerate([("open", 0), *sorted(steps, key=lambda s: s[1])]):
        day = (start + timedelta(days=offset)).isoformat()
        at(clock, day)
        while waiting and waiting[0] < day[:7]:
            month = waiting.pop(0)
            file_month(sqlite_ledger, 22889, month)
            told[month] = figures_of(sqlite_ledger, month, actor=ADMIN).communities.get(22889)
        case = cases[-1]
        early = (start + timedelta(days=max(0, offset - 45))).isoformat()
        visit = {"visit_id": code("V", number), "members": ["social"]}
        named, ref, body = {
            "open": ("case.open", code("C", number + 1), {"opened_on": early, "source": "family"}),
            "visit": ("visit.add", case, {**visit, "on_day": day}),
            "late_visit": ("visit.add", case, {**visit, "on_day": early}),
            "mistake": ("case.close", case, {"closed_on": day, "outcome": "by_mistake"}),
            "close": ("case.close", case, {"closed_on": day, "outcome": "declined", "reason": "așa"}),
            "reopen": ("case.reopen", case, {"on_day": day}),
        }[kind]
        change = phone.change(named, ref, **body)
        exchange(sqlite_ledger, phone.message(change), actor=TEAMS["A"])
        if kind == "open":
            cases.append(code("C", number + 1))
    for month, before in told.items():
        assert figures_of(sqlite_ledger, month, actor=ADMIN).communities.get(22889) == before
    months = [f"2026-{n:02d}" for n in range(1, 8)]
    each = [figures_of(sqlite_ledger, month, actor=ADMIN).total() for month in months]
    whole = figures_of(sqlite_ledger, months[0], months[-1], actor=ADMIN).total()
    assert {name: sum(one.get(name, 0) for one in each) for name in FLOWS} == {
        name: whole.get(name, 0) for name in FLOWS
    }
