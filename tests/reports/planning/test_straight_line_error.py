"""How far the straight line is from roads: measured by county on the home's own roads, kept, and said beside it."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import BadValueError
from core.storage.home import make_home
from core.storage.straight_errors import FILE, StraightError, read_straight_errors, write_straight_errors
from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.points import Points
from geo.spatial.travel import CAR, STRAIGHT_LINES
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.home_travel import travel_of, travel_state
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Query
from providers.finder.answer_view import minutes_note
from providers.finder.finder import find
from providers.output.answer_json import as_json
from providers.output.answer_text import answer_lines
from providers.rules.schema import services_table
from reports.planning.straight_line_error import compare, measure_straight_line
from tests.providers.finder.test_finder import service
from tests.worlds.files.register_files import import_file
from tests.worlds.roads.made_up_roads import made_up_travel
from tests.worlds.roads.road_village import NODES, extract
from tests.worlds.twins.obvious_finder import NOW, TODAY, capacity_table

BACAU = StraightError("BC", 1.42, 0.163, 300, "2026-11-03")


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


def snapshot_of(gazetteer, travel=STRAIGHT_LINES):
    rows = [
        service(n, lat, lon, service_type="MED-GP", registry="medical", service_id=f"medical:cnas:{n}")
        for n, (lat, lon) in NODES.items()
    ]
    catalogue = make_catalogue(services_table(rows), gazetteer)
    return Snapshot(catalogue, availability(catalogue, capacity_table({}), now=NOW), gazetteer, travel=travel)


def test_each_origin_is_compared_as_one_would_by_hand():
    rng = np.random.default_rng(3)
    origins = Points.of(46.4 + rng.random(40) * 0.2, 27.0 + rng.random(40) * 0.2)
    sites = Points.of(46.4 + rng.random(12) * 0.2, 27.0 + rng.random(12) * 0.2)
    roads = made_up_travel()
    ratio, other = compare(roads, origins, sites)
    for i, (lat, lon) in enumerate(zip(origins.lat, origins.lon, strict=True)):
        straight, metres = CAR.travel_times(lat, lon, sites.lat, sites.lon)
        took, _metres = roads.travel_times(lat, lon, sites.lat, sites.lon)
        near = int(np.argmin(straight))
        assert other[i] == (took.min() < took[near])
        if metres[near] > 510:
            assert ratio[i] == pytest.approx(took[near] / straight[near], rel=0.01)
        elif metres[near] < 490:
            assert np.isnan(ratio[i])


def test_it_is_measured_on_the_roads_of_the_home_chosen_or_not(tmp_path, gazetteer):
    home = make_home("live", tmp_path / "var")
    snapshot = snapshot_of(gazetteer)
    with pytest.raises(BadValueError, match="harta import roads"):
        measure_straight_line(home, snapshot)
    import_file(home, "roads", extract(tmp_path / "sat.osm.pbf"))
    country, *counties = measure_straight_line(home, snapshot)
    assert country.county == ""
    assert {each.county for each in counties} == {"BC"}  # nobody else comes onto these roads
    assert 0 < counties[0].ratio < 10
    assert country.pairs == counties[0].pairs


def test_what_was_measured_is_said_beside_the_straight_line_of_its_county_alone(tmp_path, gazetteer):
    home = make_home("live", tmp_path / "var")
    before = travel_state(home)
    assert travel_of(home) is STRAIGHT_LINES
    write_straight_errors(home, [StraightError("", 1.3, 0.2, 900, "2026-11-03"), BACAU])
    assert travel_state(home) != before
    travel = travel_of(home)
    asked = Query(gazetteer.resolve("Parincea, Bacău"), ("MED-GP",), on=TODAY)
    answer = find(snapshot_of(gazetteer, travel), asked)
    words = "În județul Bacău, drumul real durează de obicei de 1,4 ori cât aici; în 16 % din cazuri alt serviciu"
    assert words in minutes_note(answer)
    assert words in "\n".join(answer_lines(answer))
    assert as_json(answer)["straight_line_error"]["ratio"] == 1.42
    away = Query(gazetteer.resolve("Sulina, Tulcea"), ("MED-GP",), on=TODAY)
    assert minutes_note(find(snapshot_of(gazetteer, travel), away)) == ""
    on_foot = Query(asked.origin, ("MED-GP",), on=TODAY, mode="walk")
    assert minutes_note(find(snapshot_of(gazetteer, travel), on_foot)) == ""


NUMBERS = '"other_first": 0.1, "pairs": 3}]'


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '[{"county": "BC"}]', '[["BC", 1]]', '{"BC": 1}', f'[{{"county": "BC", "ratio": NaN, {NUMBERS}',
     f'[{{"county": "BC", "ratio": "=1+1", {NUMBERS}'],
)  # fmt: skip
def test_a_file_that_is_not_ours_says_nothing(tmp_path, content):
    home = make_home("live", tmp_path / "var")
    (home.path / FILE).write_text(content, encoding="utf-8")
    assert read_straight_errors(home) == {}
    assert travel_of(home) is STRAIGHT_LINES
