"""Coverage and siting where a community works with cases: open needs are demand (acceptance 10, second half)."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cases.record import exchange
from cli import app
from core.storage.home import make_home
from geo.spatial.travel import STRAIGHT_LINES
from providers.planning.county_plan import PlanConstraints, plan
from providers.planning.coverage_measures import COUNTED_STEP
from providers.planning.coverage_tables import by_level
from providers.planning.effective_coverage import compute_coverage
from providers.planning.supply import BASES
from providers.rules.schema import services_table
from referrals.records.vocabulary import LEAST_SHOWN, Actor
from referrals.workflow.directory import open_directory
from reports.planning.coverage_answer import coverage_answer
from reports.planning.coverage_files import coverage_csv
from reports.planning.coverage_query import ask
from reports.planning.coverage_question import CoverageQuestion
from reports.planning.kept_coverage import kept_coverage
from reports.planning.plan_report import plan_lines
from tests.cli.test_coverage_commands import publish
from tests.worlds.examples import examples
from tests.worlds.homes import coverage_world as world
from tests.worlds.homes.case_world import TODAY, Phone, assessing, code, opening
from tests.worlds.homes.ledger_world import terms

PEOPLE = world.people(2000)
TEAM = Actor("team", "U-SQC22222", "BC", world.PARINCEA, profession="social")


def compute(*rows, said=(), **options):
    catalogue = world.catalogue(*rows)
    available, reported = world.laid(catalogue, *said), world.reports(*said)
    return compute_coverage(
        world.CENTRE, PEOPLE, catalogue, available, travel=STRAIGHT_LINES, reported=reported, **options
    )


def parincea(table):
    return table[table["uat_siruta"] == world.PARINCEA]


def test_people_counted_are_newcomers_and_the_rest_of_the_country_stays():
    rows = [world.service(1, places_max=20), world.service(2, 0.2, places_max=9)]
    said = [(1, 3, 1), (2, 0, 1)]
    ruled, counted = compute(*rows, said=said), compute(*rows, said=said, counted={world.PARINCEA: 40})
    here = parincea(counted.areas)
    assert here["people"].sum() == 40
    assert here["is_counted"].all()
    assert here[[f"taken_{basis}" for basis in BASES]].to_numpy().sum() == 0, "who has a place has no open need"
    for basis in BASES:
        assert (here[f"served_{basis}"] + here[f"unmet_{basis}"] == here["people"]).all()
    others = ruled.areas["uat_siruta"] != world.PARINCEA
    pd.testing.assert_series_equal(ruled.areas["people"][others], counted.areas["people"][others])
    levels = {level: by_level(counted, level, county="BC") for level in ("locality", "uat", "county", "national")}
    assert {int(table["people"].sum()) for table in levels.values()} == {int(levels["county"]["people"].iloc[0])}
    assert parincea(levels["uat"])["demand_from"].tolist() == ["cases"]
    assert set(levels["uat"]["demand_from"]) == {"cases", "assumed"}
    assert levels["county"]["demand_from"].tolist() == ["both"]


@settings(max_examples=examples(10), deadline=None)
@given(st.dictionaries(st.sampled_from([world.PARINCEA, 22889, 20878, 999_999_999]), st.integers(0, 60), max_size=3))
def test_who_is_in_need_agrees_with_the_obvious_loop(counted):
    rows = [world.service(1, places_max=20), world.service(2, 0.2, places_max=9)]
    found, ruled = compute(*rows, counted=counted).areas, compute(*rows).areas
    for uat in {*PEOPLE.uats.index[:50], *counted}:
        expected = counted.get(uat, int(ruled.loc[ruled["uat_siruta"] == uat, "people"].sum()))
        mine = found[found["uat_siruta"] == uat]
        if len(mine):
            assert int(mine["people"].sum()) == expected
            assert mine["is_counted"].eq(uat in counted).all()
    assert np.array_equal(found["people"], np.floor(found["people"]))


def test_the_note_names_the_step_in_which_cases_are_told():
    """A room below knows the number by itself: no import leads there."""
    assert COUNTED_STEP == LEAST_SHOWN


def test_nobody_counted_changes_no_digit():
    rows = [world.service(1, places_max=20), world.service(2, 0.2, places_max=9)]
    said = [(1, 3, 1), (2, 2, 1)]
    plain, empty = compute(*rows, said=said), compute(*rows, said=said, counted={})
    pd.testing.assert_frame_equal(plain.areas, empty.areas)
    assert plain.notes == empty.notes
    assert not any("cazuri" in note for note in plain.notes)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = make_home("demo", tmp_path_factory.mktemp("counted") / "var")
    kitchen = world.service(1, places_max=4, service_type=world.KITCHEN)
    papers = world.service(2, places_max=4)
    publish(made, "social", "services", services_table([kitchen, papers]), "service_id")
    publish(made, "population", "population", world.population(2000), "uat_siruta")
    return made


@pytest.fixture
def directory(home):
    directory = open_directory(home)
    phone = Phone(1)
    with directory.ledger.store.read() as connection:
        is_new = connection.exec_driver_sql("select count(*) from cases").scalar() == 0
    for number in range(1, 8) if is_new else ():
        ref = code("C", number)
        changes = opening(phone, ref), assessing(phone, ref, number, answers={"born": "1956", "id_card": "no"})
        exchange(directory.ledger, phone.message(*changes), actor=TEAM)
    return directory


def accept(directory, number):
    made = directory.ledger.refer(
        terms(f"social:mmps:{number}"), case_ref=code("C", number), need="identity-papers", county="BC",
        uat_siruta=world.PARINCEA, actor=TEAM, basis="public_task",
    )  # fmt: skip
    directory.ledger.transition(made.referral_id, "accept", actor=TEAM)


def test_open_needs_of_cases_are_demand_and_accepted_referrals_are_not(directory, home, monkeypatch):
    found = ask(directory, "identity-papers")
    assert parincea(by_level(found, "uat"))[["people", "demand_from"]].to_numpy().tolist() == [[5, "cases"]]
    asked = CoverageQuestion("identity-papers", measure="reach")
    lines = coverage_answer(ask(directory, "identity-papers", reach_minutes=1.0), asked, county_names={}).gaps
    assert {line.origin for line in lines if line.name == "Parincea"} == {"numărat din cazuri"}
    assert {line.origin for line in lines if line.name != "Parincea"} == {""}
    assert any("1 comunitate lucrează cu cazuri" in note for note in found.notes)
    assert "numărat din cazuri" in coverage_csv(found, "uat", county="BC").decode("utf-8-sig")
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    done = CliRunner().invoke(app, ["coverage", "--need", "identity-papers", "--county", "BC", "--json"])
    told = json.loads(done.stdout)
    assert next(row for row in told["rows"] if row["uat_siruta"] == world.PARINCEA)["demand_from"] == "cases"
    assert any("lucrează cu cazuri" in note for note in told["notes"])
    searched = plan(ask(directory, world.CENTRE), "BC", PlanConstraints(sites=1, places_each=5))
    assert searched.counted_uats == 1, "a type that they do not need has nobody there"
    assert any("numărați din cazuri" in words for words in plan_lines(searched))
    kept = kept_coverage(directory, "identity-papers", reach_minutes=30.0)
    for number in (1, 2, 3):
        accept(directory, number)
    after = kept_coverage(directory, "identity-papers", reach_minutes=30.0)
    assert after is not kept
    row = parincea(by_level(after, "uat"))
    assert row[["people", "demand_from"]].to_numpy().tolist() == [[0, "cases"]], "four are left, and are not told"
    closing = Phone(2)
    change = closing.change("case.close", code("C", 4), closed_on=TODAY, outcome="declined", reason="așa")
    exchange(directory.ledger, closing.message(change), actor=TEAM)
    assert kept_coverage(directory, "identity-papers", reach_minutes=30.0) is not after
