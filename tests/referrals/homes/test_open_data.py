"""`harta init --open-data`: a live home of published facts alone, made once, resumed where it was cut off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from typer.testing import CliRunner

from cli import app
from core.errors import HomeError, UnreadableFileError
from core.storage.editions import EditionStore
from core.storage.home import Home, make_home
from core.storage.import_kinds import KINDS
from core.storage.source_cards import card_beside, read_card
from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue.catalogue import load_catalogue
from referrals.homes import open_data
from referrals.homes.demonstration import make_live
from referrals.homes.doctor import home_status, run_checks
from referrals.homes.open_data import add_open_data, missing_registers
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.worlds.files.register_files import import_file

SMALL = ("employment", "authorities")
OPEN = tuple(kind for kind, row in KINDS.items() if row.open_path)
WHO = Actor("admin", account="test")
PARINCEA = 24089


def add(home: Home):
    ledger = open_ledger(home)
    try:
        return add_open_data(home, ledger, actor=WHO)
    finally:
        ledger.close()


@pytest.fixture(scope="module")
def small_kinds():
    """Only two small kinds have an embedded file: the school network takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in set(OPEN) - set(SMALL):
            patch.setitem(KINDS, kind, replace(KINDS[kind], open_file=""))
        yield


@pytest.fixture(scope="module")
def home(small_kinds, tmp_path_factory):
    made = make_live(tmp_path_factory.mktemp("open") / "home")
    add(made)
    return made


@pytest.fixture(scope="module")
def catalogue(home):
    return load_catalogue(home, load_gazetteer(home))


def test_each_edition_has_the_source_the_day_and_the_digest_of_its_card(home):
    for kind in SMALL:
        manifest = EditionStore(home).current(kind).manifest
        card = read_card(card_beside(KINDS[kind].open_path))
        assert (manifest.source, manifest.as_of, manifest.sha256) == (card.source, card.as_of.isoformat(), card.sha256)
        assert not manifest.source.synthetic
        assert date.fromisoformat(manifest.as_of).year < 2026  # the content's day, not the day it came in


def test_a_town_hall_has_its_telephone_whole_again(catalogue):
    hall = catalogue.service(f"authority:oficii:PRIM-{PARINCEA}")
    assert hall["phone"] == "0234226530"
    assert "no_contact" not in hall["flags"]


def test_nearly_every_town_hall_can_be_rung_and_no_number_is_half_a_number(catalogue):
    halls = catalogue.services[catalogue.services["service_type"] == "AUT-PRIM"]
    phones = halls["phone"].dropna()
    assert len(phones) >= 0.99 * len(halls)
    every = phones.str.split("; ").explode()
    assert every.str.fullmatch(r"0[2378]\d{8}|1\d{2,5}|08\d{8}").all()


def test_an_office_of_the_town_hall_has_its_telephone_and_says_whose_it_is(catalogue):
    office, hall = (catalogue.service(f"authority:oficii:{kind}-{PARINCEA}") for kind in ("SPAS", "PRIM"))
    assert office["phone"] == hall["phone"]
    assert "contact_of_town_hall" in office["flags"]
    assert "contact_of_town_hall" not in hall["flags"]
    county = catalogue.service("authority:oficii:DGASPC-BC")
    assert pd.isna(county["phone"])
    assert "no_contact" in county["flags"]


def test_making_it_again_changes_nothing(home):
    before = {kind: EditionStore(home).names(kind) for kind in SMALL}
    report = add(home)
    assert [one.is_new for one in report.editions] == [False, False]
    assert {kind: EditionStore(home).names(kind) for kind in SMALL} == before


def test_cut_off_after_any_file_it_is_finished_by_running_it_again(small_kinds, tmp_path, monkeypatch):
    live = make_live(tmp_path / "home")
    publish = EditionStore.publish

    def cut_off(self, staged):
        if staged.manifest.kind == SMALL[1]:
            raise KeyboardInterrupt
        return publish(self, staged)

    monkeypatch.setattr(EditionStore, "publish", cut_off)
    with pytest.raises(KeyboardInterrupt):
        add(live)
    monkeypatch.undo()
    assert [EditionStore(live).current(kind) is None for kind in SMALL] == [False, True]
    assert [one.is_new for one in add(live).editions] == [False, True]
    assert run_checks(live).is_sound


def test_a_register_of_one_s_own_is_left_alone_and_a_real_file_supersedes(home, small_kinds, tmp_path):
    live = make_live(tmp_path / "home")
    own = tmp_path / "agentii.csv"
    own.write_text("name,county,locality\nAGENȚIA JUDEȚEANĂ PENTRU OCUPAREA FORȚEI DE MUNCĂ ALBA,ALBA,ALBA IULIA\n")
    import_file(live, "employment", own, as_of=date(2026, 11, 1))
    report = add(live)
    (kept,) = (one for one in report.editions if one.kind == "employment")
    assert (kept.is_new, kept.rows_loaded, kept.as_of) == (False, 1, "2026-11-01")


def test_what_an_earlier_version_embedded_gives_way_to_the_newer_file(home, monkeypatch, tmp_path):
    now = EditionStore(home).current("employment")
    old = replace(now, manifest=replace(now.manifest, sha256="0" * 64))
    assert open_data._is_superseded(old, KINDS["employment"].open_path)
    assert not open_data._is_superseded(now, KINDS["employment"].open_path)


def test_it_says_what_is_missing_and_who_publishes_it_until_it_is_there(home, tmp_path):
    missing = missing_registers(home)
    assert {("social", ()), ("medical", ("MED-GP",)), ("medical", ("MED-PHARM",))} <= {
        (one.kind, one.service_types) for one in missing
    }
    assert all(one.publisher for one in missing)
    said = "\n".join(home_status(home).lines())
    assert "Medicii de familie – Casa de asigurări" in said
    doctors = tmp_path / "medici.csv"
    doctors.write_text("Tip serviciu,Denumire,Județ,Localitate\nMED-GP,Cabinet,Bacău,Parincea\n")
    live = make_live(tmp_path / "home")
    import_file(live, "medical", doctors, as_of=date(2026, 11, 1))
    left = {types for one in missing_registers(live) if one.kind == "medical" for types in one.service_types}
    assert "MED-GP" not in left
    assert "MED-PHARM" in left


def test_an_embedded_file_that_is_not_what_its_card_says_is_refused(small_kinds, tmp_path, monkeypatch):
    file = KINDS["employment"].open_path
    fake = tmp_path / file.name
    fake.write_bytes(file.read_bytes() + b"\n")
    (tmp_path / card_beside(file).name).write_bytes(card_beside(file).read_bytes())
    monkeypatch.setitem(KINDS, "employment", replace(KINDS["employment"], open_file=str(fake)))
    with pytest.raises(UnreadableFileError, match="fișa sursei"):
        add(make_live(tmp_path / "home"))


def test_a_demonstration_does_not_become_a_real_map(tmp_path, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(make_home("demo", tmp_path / "demo").path))
    done = CliRunner().invoke(app, ["init", "--open-data"])
    assert isinstance(done.exception, HomeError)
