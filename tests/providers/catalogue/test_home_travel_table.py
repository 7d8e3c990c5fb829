"""The table of minutes of a home: made of what is in force, told from it, and never another answer than the roads'."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.errors import BadValueError
from core.storage.home import make_home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.tabled_travel import TabledTravel, live_model
from geo.spatial.travel import STRAIGHT_LINES
from providers.catalogue import home_travel_table
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.home_travel import travel_of
from providers.catalogue.home_travel_table import is_due, make_table, table_state
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Query
from providers.finder.finder import find
from providers.output.answer_json import as_json
from providers.rules.schema import services_table
from referrals.homes.travel_setting import choose, measure_table
from tests.worlds.files.register_files import import_file
from tests.worlds.roads.road_village import extract
from tests.worlds.twins.obvious_finder import TODAY, capacity_table

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
AT = [(46.471, 27.09), (46.479, 27.099), (46.4889, 27.0901), (46.61, 27.6)]  # on the roads, at the pass, far from any


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("roads")
    home = make_home("live", folder / "home")
    import_file(home, "roads", extract(folder / "sat.osm.pbf"))
    choose(home, "roads")
    return home


@pytest.fixture
def home(kept, tmp_path):
    return open_home(shutil.copytree(kept.path, tmp_path / "home"))


@pytest.fixture(scope="module")
def places():
    whole = load_gazetteer(None)
    return replace(
        whole,
        uats=whole.uats[whole.uats["county"] == "BC"],
        localities=whole.localities[whole.localities["county"] == "BC"],
    )


def snapshot_of(home, places, at=AT) -> Snapshot:
    rows = [
        {
            "service_id": f"social:mmps:{n}", "registry": "social", "registry_key": str(n), "name": f"Serviciul {n}",
            "organization": "Furnizor", "service_type": "8891CZ-C-II", "county": "BC", "uat_siruta": 24089,
            "lat": lat, "lon": lon, "position_precision": "address", "source_row": n,
        }
        for n, (lat, lon) in enumerate(at, start=1)
    ]  # fmt: skip
    catalogue = make_catalogue(services_table(rows), places)
    laid = availability(catalogue, capacity_table({}), now=NOW)
    return Snapshot(catalogue, laid, places, travel=travel_of(home))


def answer(snapshot) -> str:
    found = find(snapshot, Query(snapshot.gazetteer.resolve("Parincea, Bacău"), ("8891CZ-C-II",), on=TODAY, k=9))
    return json.dumps(as_json(found), ensure_ascii=False)


def test_a_home_with_roads_is_due_for_a_table_and_then_has_it(home, places):
    before = snapshot_of(home, places)
    assert is_due(home, before)
    told = []
    made = make_table(home, before, tell=lambda done, of: told.append((done, of)))
    assert (made.is_new, made.services) == (True, 4)
    assert told[-1] == (made.localities, made.localities)
    after = snapshot_of(home, places)
    assert not is_due(home, after)
    assert isinstance(after.travel.car, TabledTravel)
    assert travel_of(home) is travel_of(home)
    assert after.travel.car.basis == before.travel.car.basis
    assert answer(after) == answer(before)
    assert make_table(home, after) == replace(made, is_new=False)


def test_a_provider_that_moved_is_answered_by_the_roads_until_the_next_table(home, places):
    make_table(home, snapshot_of(home, places))
    moved = [(46.4701, 27.0955), *AT[1:]]
    tabled = snapshot_of(home, places, moved)
    assert isinstance(tabled.travel.car, TabledTravel)
    assert is_due(home, tabled)
    live = replace(tabled, travel=replace(tabled.travel, car=live_model(tabled.travel.car)))
    assert answer(tabled) == answer(live)
    first = table_state(home)
    make_table(home, tabled)
    assert not is_due(home, snapshot_of(home, places, moved))
    assert answer(snapshot_of(home, places, moved)) == answer(live)
    assert [each.name for each in (home.path / "travel-table").iterdir() if each.is_dir()] == [table_state(home)]
    assert table_state(home) != first
    assert answer(tabled) == answer(live)  # whoever had the old one open keeps it


def test_a_table_of_another_season_or_of_other_roads_is_not_read(home, places, tmp_path):
    make_table(home, snapshot_of(home, places))
    choose(home, "roads", season="winter")
    assert not isinstance(travel_of(home).car, TabledTravel)
    assert is_due(home, snapshot_of(home, places))
    choose(home, "roads", season="summer")
    assert isinstance(travel_of(home).car, TabledTravel)
    import_file(home, "roads", extract(tmp_path / "din nou.osm.pbf"))
    assert not isinstance(travel_of(home).car, TabledTravel)


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_table_is_not_read_and_is_made_anew(home, places, damage):
    made = make_table(home, snapshot_of(home, places))
    file = home.path / "travel-table" / table_state(home) / "band0_ms.bin"
    content = file.read_bytes()
    file.unlink()
    if damage != "gone":
        file.write_bytes(content[:-4] if damage == "cut" else bytes(len(content)))
    # A process that has it open keeps it; one that opens it now has the roads alone.
    live = home_travel_table.with_table(home, live_model(travel_of(home).car))
    assert not isinstance(live, TabledTravel)
    assert is_due(home, snapshot_of(home, places))
    assert make_table(home, snapshot_of(home, places)) == made
    assert not is_due(home, snapshot_of(home, places))


def test_a_build_that_fails_leaves_the_table_before(home, places, monkeypatch):
    make_table(home, snapshot_of(home, places))
    name = table_state(home)

    def full(*_arguments, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(home_travel_table, "write_table", full)
    with pytest.raises(OSError, match="No space"):
        make_table(home, snapshot_of(home, places, AT[:2]))
    assert table_state(home) == name
    assert [each.name for each in (home.path / "travel-table").iterdir() if each.is_dir()] == [name]


def test_straight_lines_need_no_table(home, places):
    choose(home, "straight_line")
    snapshot = snapshot_of(home, places)
    assert snapshot.travel is STRAIGHT_LINES
    assert not is_due(home, snapshot)
    assert make_table(home, snapshot) is None
    with pytest.raises(BadValueError, match="harta travel roads"):
        measure_table(home, snapshot)


def test_what_was_measured_is_said(home, places):
    snapshot = snapshot_of(home, places)
    said = []
    first = measure_table(home, snapshot, tell=said.append)
    assert "puncte de servicii: 4" in first.lines()[0]
    assert first.as_json()["is_new"] is True
    assert "Localități" in said[-1]
    assert "deja măsurat" in measure_table(home, snapshot_of(home, places)).lines()[0]


def test_asking_whether_it_is_due_reads_the_digests_of_a_table_once(home, places, monkeypatch):
    snapshot = snapshot_of(home, places)
    make_table(home, snapshot)
    home_travel_table._opened_as.cache_clear()
    read = []
    digest = home_travel_table.file_sha256
    monkeypatch.setattr(home_travel_table, "file_sha256", lambda path: read.append(path.name) or digest(path))
    assert not is_due(home, snapshot)
    first = len(read)
    assert first
    assert not is_due(home, snapshot)
    assert len(read) == first
