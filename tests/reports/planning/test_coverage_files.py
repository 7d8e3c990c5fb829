from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from core.errors import BadValueError
from core.storage.home import make_home
from geo.spatial.travel import STRAIGHT_LINES
from providers.planning.county_plan import PlanConstraints, plan
from providers.planning.effective_coverage import compute_coverage
from reports.planning.coverage_brief import brief, class_of
from reports.planning.coverage_files import coverage_workbook, geopackage, write_coverage
from reports.planning.plan_report import plan_json, plan_lines, plan_words, proof_words
from tests.worlds.homes import coverage_world as world

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return make_home("demo", tmp_path_factory.mktemp("files") / "var")


@pytest.fixture(scope="module")
def found():
    catalogue = world.catalogue(
        world.service(1, places_max=9), world.service(2, 0.3, places_max=4, phone="0234 512 345")
    )
    return compute_coverage(
        world.CENTRE, world.people(3000), catalogue, world.laid(catalogue, (1, 2, 1)), travel=STRAIGHT_LINES
    )


def test_the_brief_has_two_pages_and_the_same_bytes_every_time(found, home):
    made = plan(found, "BC", PlanConstraints(sites=2, places_each=5))
    first, again = (brief(found, home, county="BC", county_name="Bacău", made_on=DAY, plan=made) for _time in range(2))
    assert len(re.findall(rb"/Type /Page\b", first)) == 2
    assert first == again


def test_an_empty_register_makes_a_brief_too(home):
    empty = world.catalogue()
    found = compute_coverage(world.CENTRE, world.people(0), empty, world.laid(empty), travel=STRAIGHT_LINES)
    assert brief(found, home, county="B", county_name="București", made_on=DAY).startswith(b"%PDF")


def test_a_workbook_is_the_same_bytes_every_time(found):
    books = [coverage_workbook(found, made_on=DAY, is_demo=True, county="BC") for _time in range(2)]
    assert books[0] == books[1]


def test_every_heading_of_a_workbook_is_in_words(found):
    book = openpyxl.load_workbook(io.BytesIO(coverage_workbook(found, made_on=DAY, is_demo=True, county="BC")))
    heads = [str(cell.value) for sheet in book.worksheets[:-1] for cell in sheet[1]]
    assert not [head for head in heads if "_" in head or head.islower()]
    ages = [row[0] for row in book["Vechimea rapoartelor"].iter_rows(min_row=2, values_only=True)]
    assert ages == ["raport recent", "raport vechi", "niciun raport"]


def test_a_geopackage_is_made_of_the_embedded_outlines_where_none_were_imported(found, home):
    assert geopackage(found, "uat", home, county="BC").startswith(b"SQLite format 3")


def test_an_unknown_ending_is_refused_with_those_known(found, home, tmp_path):
    with pytest.raises(BadValueError, match=r"\.gpkg"):
        write_coverage(found, tmp_path / "a.txt", level="uat", home=home, made_on=DAY)
    assert not list(tmp_path.iterdir())


def test_classes_hold_their_upper_limit():
    assert [class_of(x) for x in (0.0, 0.25, 0.26, 0.75, 1.0)] == [0, 0, 1, 2, 3]


def test_a_plan_that_helps_nobody_says_so(found):
    nowhere = plan(found, "TL", PlanConstraints(places_more=5))
    assert any("Nicio alegere nu ajută" in line for line in plan_words(nowhere))


def test_a_workbook_holds_the_plan_that_is_shown(found):
    made = plan(found, "BC", PlanConstraints(sites=2, places_each=5, teams=1, visits=3))
    book = openpyxl.load_workbook(
        io.BytesIO(coverage_workbook(found, made_on=DAY, is_demo=True, county="BC", plan=made))
    )
    assert {"Propunere", "Înainte și după", "Planul în cuvinte", "Program"} <= set(book.sheetnames)
    text = " ".join(str(cell.value) for row in book["Planul în cuvinte"] for cell in row)
    assert "câștigă un loc" in text
    assert "Dovedit" in text


def test_how_sure_a_plan_is_is_said(found):
    made = plan(found, "BC", PlanConstraints(sites=1, places_each=5))
    assert "Dovedit cel mai bun" in proof_words(made)
    assert "la cel mult 0,3 % de cel mai bun" in proof_words(replace(made, gap=0.003))
    assert "la cel mult 0,01 %" in proof_words(replace(made, gap=1e-6))
    assert "nu se știe" in proof_words(replace(made, gap=float("inf")))


def test_a_plan_by_poverty_says_where_the_atlas_tells_nothing_apart(found):
    made = plan(found, "BC", PlanConstraints(sites=1, places_each=5), goal="poorest")
    assert not made.is_ranked
    assert any("nu deosebește" in line for line in plan_words(made))


def test_a_plan_as_data_has_nothing_that_json_lacks(found):
    nothing = plan(found, "TL", PlanConstraints(places_more=5))
    told = json.loads(json.dumps(plan_json(nothing), allow_nan=False))
    assert told["minutes_after"] is None
    assert told["openings"] == []
    assert plan_lines(nothing)[0].startswith("5 locuri la serviciile de acum")


def test_a_plan_of_everything_stays_on_two_pages(found, home):
    made = plan(found, "BC", PlanConstraints(sites=5, places_each=5, places_more=9, teams=1, visits=2), goal="poorest")
    assert len(made.openings) >= 8
    document = brief(found, home, county="BC", county_name="Bacău", made_on=DAY, plan=made)
    assert len(re.findall(rb"/Type /Page\b", document)) == 2
