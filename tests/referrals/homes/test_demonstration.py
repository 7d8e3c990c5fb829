"""`harta demo` and `harta init`: made once, never mixed, and never to be taken for real."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from core.errors import HomeError, UnreadableFileError
from core.resources import DATA
from core.storage.editions import EditionStore
from core.storage.home import make_home, open_home
from core.storage.import_kinds import KINDS, REGISTRIES
from geo.gazetteer.gazetteer import load_gazetteer
from geo.maps.atlas_view import is_approximate
from providers.catalogue.catalogue import load_catalogue
from providers.catalogue.home_travel import travel_of
from providers.rules.travel_words import basis_words
from referrals.homes.demonstration import make_demo, make_live
from referrals.ledger.ledger import open_ledger
from scripts.embedded_data import build_communities
from tests.conftest import DEMONSTRATION_DAY as DAY
from tests.worlds.files.register_files import import_file

SYNTHETIC = ("social", "education", "medical", "employment", "atlas-rural", "atlas-urban", "communities")
DEAD_NUMBER = re.compile(r"0000[0-9]{6}")  # no Romanian number begins with four zeros


@pytest.fixture(scope="module")
def demo(demonstration, tmp_path_factory):
    return open_home(shutil.copytree(demonstration.path, tmp_path_factory.mktemp("demo") / "home"))


def files(home) -> dict[str, bytes]:
    return {str(p.relative_to(home.path)): p.read_bytes() for p in sorted(home.editions.rglob("*")) if p.is_file()}


def test_making_it_again_changes_nothing(demo):
    before = files(demo)
    ledger = open_ledger(demo)
    counted = len(ledger.capacity_now()), ledger.event_counter()
    ledger.close()
    again = make_demo(demo.path, today=DAY)
    assert again == demo
    assert files(demo) == before
    ledger = open_ledger(demo)
    assert (len(ledger.capacity_now()), ledger.event_counter()) == counted
    ledger.close()


def test_a_kind_that_went_missing_is_made_again_and_the_rest_stays(demo, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(demo.path, copy)
    shutil.rmtree(copy / "editions" / "employment")
    home = make_demo(copy, today=DAY)
    assert EditionStore(home).current("employment") is not None
    assert EditionStore(home).current("social").manifest == EditionStore(demo).current("social").manifest


def test_everything_synthetic_says_so_in_its_edition(demo):
    store = EditionStore(demo)
    said = {kind: store.current(kind).manifest.source for kind in SYNTHETIC}
    assert all(source.synthetic for source in said.values())
    assert all("sintetic" in source.title or "demonstrativ" in source.title for source in said.values())
    assert is_approximate(store.current("boundaries"))
    assert "aproximative" in store.current("boundaries").manifest.source.title


def test_every_invented_service_says_so_in_its_name_and_nobody_can_be_rung(demo):
    store = EditionStore(demo)
    for kind in ("social", "education", "medical", "employment"):
        table = store.current(kind).table("services")
        assert table["name"].str.contains("Demonstrativ").all(), kind
        phones = table["phone"].dropna()
        numbers = phones[phones != ""].str.split(r"[;,/]").explode().str.replace(r"\D", "", regex=True)
        assert len(numbers) > 0
        assert numbers.map(DEAD_NUMBER.fullmatch).notna().all(), kind


def test_no_phone_of_the_catalogue_can_be_rung_in_a_demonstration(demo):
    services = load_catalogue(demo, load_gazetteer(demo)).services
    phones = services.loc[services["registry"] != "authority", "phone"].dropna()
    digits = phones[phones != ""].str.replace(r"\D", "", regex=True)
    assert digits.str.startswith("0000").all()


def test_dates_move_with_the_day_so_that_a_demonstration_does_not_grow_old(demo):
    store = EditionStore(demo)
    assert store.current("social").manifest.as_of == DAY.isoformat()
    ledger = open_ledger(demo)
    reported = pd.to_datetime(ledger.capacity_now()["places_reported_at"], utc=True)
    ledger.close()
    ages = (pd.Timestamp(DAY, tz="UTC") - reported.dropna()).dt.days
    assert ages.min() >= 0
    assert (ages <= 14).any()
    assert (ages > 14).any()


def test_reports_are_of_mixed_age_and_state(demo):
    ledger = open_ledger(demo)
    capacity = ledger.capacity_now()
    ledger.close()
    assert {"free", "full", "waitlist"} <= set(capacity["status"].dropna())
    known = set(load_catalogue(demo, load_gazetteer(demo)).services["service_id"])
    assert set(capacity["service_id"]) <= known
    assert len(capacity) < len(known)  # the others are unknown, which is not zero


def test_its_communities_keep_the_promises_of_the_contract(demo):
    table = EditionStore(demo).current_table("communities", "communities")
    promised = build_communities.load_promises()
    kinds = table["kind"].eq("commune")
    assert (len(table), kinds.sum(), (~kinds).sum()) == (promised.communities, promised.communes, promised.towns)
    assert table["county"].nunique() == promised.counties
    assert (table["status"] == "confirmed").sum() == 12


def test_a_demonstration_and_a_live_home_never_mix(demo, tmp_path):
    with pytest.raises(HomeError, match="nu se amestecă"):
        make_live(demo.path)
    live = make_live(tmp_path / "live")
    with pytest.raises(HomeError, match="nu se amestecă"):
        make_demo(live.path)
    for kind in ("social", "education", "medical", "employment"):
        with pytest.raises(HomeError, match="nu se amestecă"):
            import_file(demo, kind, DATA / "atlas" / "settlements.csv")
    assert open_home(demo.path).is_demo


@pytest.mark.slow
def test_with_roads_minutes_are_on_roads_that_say_they_are_invented(demonstration, tmp_path):
    home = open_home(shutil.copytree(demonstration.path, tmp_path / "home"))
    make_demo(home.path, today=DAY, with_roads=True)
    card = EditionStore(home).current("roads").manifest.source
    assert card.synthetic
    assert "inventate" in card.title
    car = travel_of(home).car.basis
    assert (car.kind, car.season, car.source) == ("roads", "summer", card.title)
    assert "pe drumuri (drumuri inventate)" in basis_words(car)


def test_a_live_home_holds_nothing_invented_and_starts_with_the_twelve(tmp_path):
    live = make_live(tmp_path / "live")
    store = EditionStore(live)
    table = store.current_table("communities", "communities")
    assert len(table) == 12
    assert (table["status"] == "confirmed").all()
    assert table["source"].str.len().gt(0).all()
    assert all(store.current(row.code) is None for row in REGISTRIES.values())
    assert not store.current("communities").manifest.source.synthetic
    before = files(live)
    make_live(live.path)
    assert files(live) == before


def test_an_embedded_file_that_was_tampered_with_is_refused(tmp_path, monkeypatch):
    fake = tmp_path / "synthetic_atlas_rural.csv"
    source = DATA / "atlas" / fake.name
    fake.write_bytes(source.read_bytes() + b"1,x,AB,1,1,1,1,1,1,1\n")
    shutil.copy(source.with_name("synthetic_atlas_rural.source.toml"), tmp_path)
    monkeypatch.setitem(KINDS, "atlas-rural", replace(KINDS["atlas-rural"], demo_file=str(fake)))
    with pytest.raises(UnreadableFileError, match="fișa sursei"):
        make_demo(tmp_path / "home", today=DAY)
    assert make_home("demo", tmp_path / "home").is_demo
