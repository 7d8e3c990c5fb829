"""`harta coverage` and `harta site`, as typed in a terminal, on a small demonstration."""

from __future__ import annotations

import io
import json
import sqlite3

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from cli import app
from core.errors import MapError
from core.storage.editions import EditionStore, Manifest, Source, edition_name
from core.storage.home import make_home
from providers.rules.schema import services_table
from tests.covering import daily
from tests.worlds.homes import coverage_world as world

SECRET = "Casa Ascunsă"  # noqa: S105 - a house, not a password


def publish(home, kind, name, table, key):
    manifest = Manifest(
        kind=kind, edition=edition_name("2026-01-01", "1" * 64), as_of="2026-01-01", imported_at="",
        source=Source(title=f"{kind} inventat", synthetic=True), file="inventat.csv", sha256="1" * 64,
        rows_read=len(table), rows_loaded=len(table), rows_rejected=0,
    )  # fmt: skip
    store = EditionStore(home)
    manifest, tables = store.compared(manifest, {name: table}, key=key)
    store.publish(store.stage(manifest, tables))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = make_home("demo", tmp_path_factory.mktemp("coverage") / "var")
    rows = [
        world.service(1, places_max=20, name="=HYPERLINK(1)"),
        world.service(2, 0.2, places_max=9),
        world.service(3, 0.1, name=SECRET, is_secret=True, places_max=8, locality=SECRET),
    ]
    publish(home, "social", "services", services_table(rows), "service_id")
    publish(home, "population", "population", world.population(2000), "uat_siruta")
    return home


@pytest.fixture
def harta(home, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)

    def run(*words, code=0):
        done = CliRunner().invoke(app, list(words), catch_exceptions=code != 0)
        assert done.exit_code == code, done.output
        return done

    return run


@pytest.mark.parametrize("level", daily(["locality", "region"], lambda level: level == "region"))
def test_every_level_comes_as_data_and_adds_up(harta, level):
    told = json.loads(harta("coverage", "--service", world.CENTRE, "--level", level, "--json").stdout)
    assert told["demo"] is True
    assert sum(row["taken_now"] + row["unmet_now"] for row in told["rows"]) == sum(
        row["people"] for row in told["rows"]
    )
    assert {s["as_of"] for s in told["sources"]} == {"2026-01-01"}
    assert SECRET not in json.dumps(told, ensure_ascii=False)


def test_a_csv_says_the_same_as_the_data(harta, tmp_path):
    file = tmp_path / "a.csv"
    said = harta("coverage", "--service", world.CENTRE, "--county", "Bacău", "--out", str(file)).stdout
    rows = pd.read_csv(file)
    told = json.loads(harta("coverage", "--service", world.CENTRE, "--county", "BC", "--json").stdout)["rows"]
    assert rows["people"].tolist() == [row["people"] for row in told]
    assert f"{len(rows)} de rânduri, scrise în {file}." in said
    assert "Fără loc" in said or "fără loc" in said


def test_a_workbook_has_its_sheets_and_names_its_sources(harta, tmp_path):
    file = tmp_path / "a.xlsx"
    harta("coverage", "--need", "no-income", "--county", "BC", "--out", str(file))
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    assert book.sheetnames == [
        "Acoperire", "Județe", "Lipsuri", "Spre alte județe", "Vechimea rapoartelor", "Definiții și surse",
    ]  # fmt: skip
    text = " ".join(str(c.value) for row in book["Definiții și surse"] for c in row)
    assert "Date demonstrative" in text
    assert "population inventat, la 01.01.2026" in text


@pytest.mark.parametrize(("level", "rows"), [("uat", 93), ("county", 1), ("locality", None)])
def test_a_geopackage_holds_shapes_of_the_level(harta, tmp_path, level, rows):
    file = tmp_path / "a.gpkg"
    harta("coverage", "--service", world.CENTRE, "--level", level, "--county", "BC", "--out", str(file))
    with sqlite3.connect(file) as base:
        (count,) = base.execute("select count(*) from coverage").fetchone()
        (srs,) = base.execute(
            "select organization_coordsys_id from gpkg_spatial_ref_sys where srs_id = 3844"
        ).fetchone()
    assert srs == 3844
    here = (world.GAZETTEER.localities["county"] == "BC").sum()
    assert count == (here if rows is None else rows)


def test_protected_services_are_told_from_the_county_up_only(harta, tmp_path):
    told = json.loads(harta("coverage", "--service", world.SHELTER, "--level", "county", "--json").stdout)
    assert all(row["served_now"] is None for row in told["rows"])
    with pytest.raises(MapError, match="de la județ în sus"):
        harta("coverage", "--service", world.SHELTER, "--json")


def test_a_site_is_proposed_written_and_proven(harta, tmp_path):
    words = ("site", "--service", world.CENTRE, "--county", "BC", "--add", "2", "--places", "5")
    told = json.loads(harta(*words, "--json").stdout)
    assert told["left_out_before"] - told["left_out_after"] == 10
    assert told["proven"] is True
    said = harta(*words, "--out", str(tmp_path / "plan.xlsx")).stdout
    assert "câștigă un loc 10" in said
    assert "1. " in said
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames[:3] == ["Planul în cuvinte", "Propunere", "Înainte și după"]


def test_a_mobile_team_has_a_round_of_days(harta):
    words = ("site", "--service", world.CENTRE, "--county", "BC", "--teams", "1", "--visits", "4", "--json")
    told = json.loads(harta(*words).stdout)
    assert [stop["day"] for stop in told["rounds"]] == ["luni", "marți", "miercuri", "joi", "vineri"]
    assert told["left_out_before"] - told["left_out_after"] == 20


def test_without_a_number_of_places_a_goal_for_everybody_gets_as_many_as_are_needed(harta):
    words = ("site", "--service", world.CENTRE, "--county", "BC", "--add", "1", "--goal", "travel", "--json")
    assert json.loads(harta(*words).stdout)["means"]["places_each"] is None


SITE = ("site", "--service", world.CENTRE, "--county", "BC", "--time-limit", "10")


@pytest.mark.slow
@pytest.mark.parametrize("goal", daily(["most", "poorest"], lambda goal: goal == "poorest"))
def test_a_budget_buys_places_sites_and_days_of_a_team(harta, goal):
    words = ("--goal", goal, "--budget", "500", "--places", "0", "--more-places", "5", "--add", "2", "--teams", "1",
             "--mobile-days", "2", "--visits", "3", "--cost-site", "100", "--cost-place", "10", "--cost-day", "20")  # fmt: skip
    told = json.loads(harta(*SITE, *words, "--json").stdout)
    assert 0 < told["lei_a_year"] <= 500
    assert {row["what"] for row in told["openings"]} <= {"new", "grow", "stop"}
    assert {row["day"] for row in told["rounds"]} <= {"luni", "marți"}
    assert told["means"]["prices"] == {"site": 100, "place": 10, "team_day": 20, "assumed": False}
    assert told["left_out_before"] - told["left_out_after"] == sum(row["people"] for row in told["openings"])


def test_reaching_a_share_says_how_many_services_and_what_they_cost(harta):
    words = ("--goal", "everybody", "--share", "50", "--places", "0")
    said = harta(*SITE, *words).stdout
    assert "Dovedit cel mai bun" in said
    assert "prețuri presupuse" in said
    with pytest.raises(MapError, match=r"sunt necesare cel puțin|Nu ajung"):
        harta(*SITE, *words, "--add", "1", "--share", "90")


def test_who_waited_stands_beside_the_plan(harta):
    told = json.loads(harta(*SITE, "--assign", "--json").stdout)
    assert told["waiting"]["people"] == 0
    assert "nimeni nu a fost refuzat" in harta(*SITE, "--assign").stdout


def test_a_plan_as_a_geopackage_has_its_points_and_the_units_after_it(harta, tmp_path):
    file = tmp_path / "plan.gpkg"
    harta(*SITE, "--add", "2", "--places", "5", "--out", str(file))
    with sqlite3.connect(file) as base:
        assert base.execute("select count(*) from plan").fetchone() == (2,)
        before, after = base.execute("select sum(plan_unmet_before), sum(plan_unmet_after) from coverage").fetchone()
    assert before - after == 10


@pytest.mark.parametrize(
    "words",
    [("--goal", "plenty"), ("--add", "0"), ("--add", "99"), ("--more-places", "5", "--goal", "everybody")],
)
def test_a_plan_that_cannot_be_is_refused_in_words(harta, words):
    with pytest.raises(MapError, match=r"[a-z]"):
        harta(*SITE, *words)


@pytest.mark.parametrize("words", [("--mobile-days", "6"), ("--share", "0"), ("--budget", "-1")])
def test_numbers_out_of_range_are_wrong_usage(harta, words):
    assert harta(*SITE, *words, code=2).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("coverage", "--json"),
        ("coverage", "--service", world.CENTRE, "--need", "no-income", "--json"),
        ("coverage", "--service", world.CENTRE),
    ],
)
def test_half_a_question_is_wrong_usage(harta, words):
    assert harta(*words, code=2).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("coverage", "--service", "8891CZ-X", "--json"),
        ("coverage", "--service", world.CENTRE, "--county", "Nicăieri", "--json"),
        ("coverage", "--service", world.CENTRE, "--level", "sat", "--json"),
        ("coverage", "--service", world.CENTRE, "--out", "a.pdf"),
        ("coverage", "--service", world.CENTRE, "--within", "0", "--json"),
        ("coverage", "--service", world.CENTRE, "--json", "--scheduler", "http://127.0.0.1:8786"),
    ],
)
def test_what_cannot_be_is_refused_in_words(harta, words):
    with pytest.raises(MapError, match=r"[a-z]"):
        harta(*words)
