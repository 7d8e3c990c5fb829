from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest

from reports.planning import kept_coverage, kept_plans
from reports.planning.coverage_question import ScenarioQuestion


@pytest.fixture
def counted(monkeypatch):
    """A computation that takes a moment and counts how often, and how many at a time, it is made."""
    seen = SimpleNamespace(made=[], now=0, most=0, turn=threading.Lock())

    def ask(_directory, code, **_options):
        with seen.turn:
            seen.made.append(code)
            seen.now += 1
            seen.most = max(seen.most, seen.now)
        time.sleep(0.05)
        with seen.turn:
            seen.now -= 1
        if code == "fault":
            raise ValueError(code)
        return SimpleNamespace(code=code)

    monkeypatch.setattr(kept_coverage, "ask", ask)
    monkeypatch.setattr(kept_coverage, "coverage_state", str)
    monkeypatch.setattr(kept_coverage, "_people_of", lambda _directory: None)
    return seen


def together(calls):
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def get(code):
    return kept_coverage.kept_coverage("together", code, reach_minutes=30.0)


def test_many_who_ask_for_the_same_make_it_once(counted):
    together([lambda: get("a")] * 8)
    assert counted.made == ["a"]
    assert kept_coverage.is_kept("together", "a", reach_minutes=30.0)
    assert not kept_coverage.is_kept("together", "a", reach_minutes=45.0)


def test_at_most_two_are_computed_at_the_same_time(counted):
    together([lambda each=each: get(each) for each in ("b", "c", "d", "e", "f")])
    assert sorted(counted.made) == ["b", "c", "d", "e", "f"]
    assert counted.most == kept_coverage.AT_ONCE == 2


def test_what_could_not_be_computed_is_tried_again(counted):
    for _time in range(2):
        with pytest.raises(ValueError, match="fault"):
            get("fault")
    assert counted.made == ["fault", "fault"]
    assert not kept_coverage._under_way


def test_a_scenario_is_searched_for_once_whatever_it_is_called(monkeypatch):
    made = []
    monkeypatch.setattr(kept_plans, "coverage_state", lambda _directory: "plans")
    monkeypatch.setattr(kept_plans, "plan", lambda *_asked, **_options: made.append(1) or object())
    coverage = SimpleNamespace(code="x", reach_minutes=30.0, basis="now")
    first, other = (kept_plans.kept_plan("d", coverage, "BC", ScenarioQuestion(said=said)) for said in ("", "alt nume"))
    assert first is other
    assert len(made) == 1
    longer = ScenarioQuestion(seconds=120)
    assert kept_plans.kept_plan("d", coverage, "BC", longer) is not first


def test_a_second_search_waits_for_the_first_and_says_so_where_that_takes_too_long(monkeypatch):
    monkeypatch.setattr(kept_plans, "coverage_state", lambda _directory: "busy")
    monkeypatch.setattr(kept_plans, "_WAIT_S", 0.01)
    coverage = SimpleNamespace(code="x", reach_minutes=30.0, basis="now")
    with kept_plans._AT_ONCE, pytest.raises(kept_plans.PlanningBusyError):
        kept_plans.kept_plan("d", coverage, "BC", ScenarioQuestion())


@pytest.mark.parametrize(("is_proven", "searches"), [(False, 2), (True, 1)])
def test_what_a_short_search_could_not_prove_is_searched_for_again_when_there_is_time(monkeypatch, is_proven, searches):
    made = []
    found = SimpleNamespace(is_proven=is_proven)
    monkeypatch.setattr(kept_plans, "coverage_state", lambda _directory: f"short {is_proven}")
    monkeypatch.setattr(kept_plans, "plan", lambda *_asked, **said: made.append(said["time_limit_s"]) or found)
    coverage = SimpleNamespace(code="x", reach_minutes=30.0, basis="now")
    asked = ScenarioQuestion()
    for most in (1.0, 1.0, None, 1.0):
        assert kept_plans.kept_plan("d", coverage, "BC", asked, most_seconds=most) is found
    assert made == [1.0, asked.seconds][:searches]
