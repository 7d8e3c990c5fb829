"""An edition of roads that is damaged takes nobody's answer away: a straight line that says so, and a fault to mend."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest

from core.errors import EditionError
from core.storage.editions import EditionStore
from core.storage.file_stamps import fresh_sha256
from core.storage.home import Home, make_home
from core.storage.manifest import FILE, manifest_bytes, read_manifest
from geo.spatial.travel import STRAIGHT_LINES
from providers.catalogue.home_travel import travel_of, travel_state
from providers.rules.travel_words import basis_json, basis_words, estimate_note, how_measured
from referrals.homes.doctor import run_checks
from referrals.homes.travel_setting import choose, in_force
from tests.covering import daily
from tests.worlds.files.register_files import import_file
from tests.worlds.roads.road_village import extract

pytestmark = pytest.mark.usefixtures("kept_catalogues")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("roads")
    home = make_home("live", folder / "var")
    import_file(home, "roads", extract(folder / "sat.osm.pbf"))
    choose(home, "roads")
    return home


@pytest.fixture
def home(kept, tmp_path):
    shutil.copytree(kept.path, tmp_path / "home")
    return Home(tmp_path / "home", kept.mode)


def folder_of(home):
    return EditionStore(home).current("roads").folder


def truncated(name):
    def harm(home):
        file = folder_of(home) / name
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return harm


def gone(name):
    return lambda home: (folder_of(home) / name).unlink()


def garbage(name):
    return lambda home: (folder_of(home) / name).write_bytes(b"\x93NUMPY\x01\x00garbage" * 500)


def pointer(text):
    def harm(home):
        file = home.editions / "roads" / "current"
        file.unlink() if text is None else file.write_text(text, encoding="utf-8")

    return harm


def without_digests(change):
    """Change an edition of an import that kept no digests, so that its own files alone can tell."""

    def harm(home):
        folder = folder_of(home)
        change(folder)
        manifest = read_manifest(folder)
        object.__setattr__(manifest, "digests", {})
        (folder / FILE).write_bytes(manifest_bytes(manifest))

    return harm


def with_new_digests(change):
    """Change an edition as another version of the program would have written it."""

    def harm(home):
        folder = folder_of(home)
        change(folder)
        manifest = read_manifest(folder)
        files = {p.name: fresh_sha256(p) for p in folder.iterdir() if p.name != FILE}
        object.__setattr__(manifest, "digests", files)
        (folder / FILE).write_bytes(manifest_bytes(manifest))

    return harm


def edited(name, change):
    def edit(folder):
        array = np.load(folder / name)
        changed = change(array)
        np.save(folder / name, array if changed is None else changed)

    return edit


def set_last(value):
    def change(array):
        array[-1] = value

    return change


def foreign(folder):
    table = pd.read_parquet(folder / "facts.parquet")
    table.loc[table["fact"] == "format", "value"] = "99"
    table.to_parquet(folder / "facts.parquet")


HARMS = {
    **{f"half of {n}": truncated(n) for n in ("car_nodes.npy", "car_order.npy", "foot_points.npy", "facts.parquet")},
    **{f"no {n}": gone(n) for n in ("car_nodes.npy", "foot_nodes.npy", "car_summer.npy", "facts.parquet", FILE)},
    **{f"garbage in {n}": garbage(n) for n in ("car_order.npy", "car_arcs.npy", "facts.parquet", FILE)},
    "no pointer": pointer(None),
    "an empty pointer": pointer(""),
    "a pointer to nothing": pointer("2026-01-01.20260101T000000000000.abcdef12"),
    "a pointer elsewhere": pointer("../../etc"),
    "no folder": lambda home: shutil.rmtree(folder_of(home)),
    "a version to come": with_new_digests(foreign),
    "other types": with_new_digests(edited("car_chains.npy", lambda a: a[["metres", "months", "kind"]].copy())),
    "other lengths": with_new_digests(edited("car_summer.npy", lambda a: a[:-3])),
    "an index too high": without_digests(edited("car_indices.npy", set_last(10**6))),
    "a point too high": without_digests(edited("car_cell_points.npy", set_last(10**6))),
    "an order of others": without_digests(edited("car_order.npy", set_last(10**6))),
    "times that are none": without_digests(edited("car_winter.npy", set_last(np.nan))),
    "arcs of no chain": without_digests(edited("car_arcs.npy", lambda a: a["chain"].fill(99))),
    "a text in place of an array": without_digests(lambda folder: np.save(folder / "car_nodes.npy", np.array(["=1"]))),
}


# Every day each way to damage an edition once, in the long run every file in every way.
DAILY_HARMS = (
    "half of car_nodes.npy", "no facts.parquet", "garbage in car_arcs.npy", "an empty pointer", "a pointer elsewhere",
    "no folder", "a version to come", "other lengths", "an index too high", "times that are none",
)  # fmt: skip


@pytest.mark.parametrize("name", daily(HARMS, lambda name: name in DAILY_HARMS))
def test_whatever_is_damaged_the_line_is_straight_and_says_so_and_the_doctor_names_the_mend(home, name):
    before = travel_state(home)
    assert not travel_of(home).car.basis.is_straight
    HARMS[name](home)
    EditionStore(home).state()  # what every question reads first
    travel = travel_of(home)
    assert {m.basis.lost for m in (travel.car, travel.walk, travel.in_bulk.car)} == {"roads"}
    assert travel_state(home) != before
    assert travel.car.times_between is not None
    assert basis_words(travel.car.basis) == "în linie dreaptă (drumurile nu pot fi citite)"
    assert basis_json(travel.car.basis)["lost"] == "roads"
    for words in (how_measured(travel.car.basis), estimate_note(travel.car.basis), *in_force(home).lines()):
        assert "Drumurile importate nu pot fi citite" in words
        assert "harta doctor" in words
    said = "\n".join(run_checks(home).faults)
    assert "harta import roads" in said
    assert "harta travel straight_line" in said
    with pytest.raises(EditionError):
        choose(home, "roads")
    choose(home, "straight_line")
    assert travel_of(home) is STRAIGHT_LINES


@pytest.mark.parametrize(
    "name",
    daily(["half of car_order.npy", "no pointer", "no folder", f"garbage in {FILE}"], lambda name: " of " in name),
)
def test_importing_again_mends_it(home, tmp_path, name):
    HARMS[name](home)
    import_file(home, "roads", extract(tmp_path / "again.osm.pbf"))
    assert travel_of(home).car.basis.kind == "roads"


def test_roads_that_were_chosen_and_are_withdrawn_are_said_to_be_missing(home):
    shutil.rmtree(home.editions / "roads")
    home.change_record(lambda record: type(record)(**{**vars(record), "published": {}}))
    assert travel_of(home).car.basis.lost == "roads"
