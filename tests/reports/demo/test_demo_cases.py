"""The cases of a demonstration: invented, saying so, in every state, and made once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.record.case_listing import count_cases, list_cases
from cases.record.county_access import read_case
from cases.record.record_checks import case_faults
from cases.record.team_agenda import agenda_of
from cases.rules.case_vocabulary import OPEN_STATES
from core.errors import HomeError
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.demo.demo_cases import seed_demo_cases
from tests.worlds.homes import small_world

TODAY = date(2026, 11, 22)
TEAM = Actor("team", "demo-team", "BC", 24089, profession="social")


@pytest.fixture
def directory(tmp_path):
    found = open_directory(small_world.make_world(tmp_path / "demo", mode="demo"))
    yield found
    found.ledger.close()


def test_a_demonstration_has_invented_cases_of_every_state_that_say_so(directory):
    seed_demo_cases(directory, today=TODAY)
    then = datetime.combine(TODAY, time(12), ZoneInfo("Europe/Bucharest"))
    ledger = replace(directory.ledger, clock=lambda: then)
    assert set(count_cases(ledger, actor=TEAM).states) == {*OPEN_STATES, "closed"}
    for each in list_cases(ledger, actor=TEAM).cases:
        assert "inventat" in read_case(ledger, each["case_ref"], actor=TEAM).case["note"]
    assert case_faults(ledger) == []
    kinds = {task.kind for task in agenda_of(ledger, 24089, "BC", actor=TEAM, until="2027-06-01").tasks}
    assert {"assess", "plan", "begin", "item", "close"} <= kinds
    plans = [item for each in list_cases(ledger, actor=TEAM).cases
             for item in read_case(ledger, each["case_ref"], actor=TEAM).case["items"]]  # fmt: skip
    assert {item["action"] for item in plans} == {
        "Depunerea dosarului pentru beneficii sociale", "Efectuarea anchetei sociale pentru ajutor",
    }  # fmt: skip
    before = count_cases(ledger, actor=TEAM)
    seed_demo_cases(directory, today=TODAY + timedelta(days=9))
    assert count_cases(ledger, actor=TEAM) == before


def test_a_live_home_gets_no_invented_case(tmp_path):
    found = open_directory(small_world.make_world(tmp_path / "live", mode="live"))
    with pytest.raises(HomeError):
        seed_demo_cases(found, today=TODAY)
    found.ledger.close()
