"""Two lists of one registry describe one centre: it is found, joined, counted once, and parted again."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import NotAllowedError
from core.storage.home import make_home
from providers.finder.query_parsing import parse_query
from providers.imports.importing import import_file
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import BadReportError
from referrals.records.vocabulary import Actor
from referrals.workflow import duplicate_pairs
from referrals.workflow.directory import open_directory

ADMIN = Actor("admin", account="harta")
UNIT, OTHER_UNIT, TEAM = Actor("county", "u", "BC"), Actor("county", "v", "CJ"), Actor("team", "t", "BC", 24089)
TITLES = "Număr licență,Cod serviciu,Denumire serviciu,Furnizor,Județ,Localitate,Adresa,Telefon,Capacitate\n"
NATIONAL = (
    "LF1,8891CZ-C-II,Centrul de zi Luminița,Asociația Speranța,Bacău,Parincea,Str. Păcii nr. 7,0234512345,20\n"
    "LF2,8891CZ-C-II,Centrul de zi Steluța,Asociația Alta,Bacău,Parincea,Str. Morii nr. 2,0234512999,15\n"
    "LF9,8790CR-VD-I,Adăpost,Asociația Speranța,Bacău,Parincea,Str. Ascunsă 1,0234999999,9\n"
)
COUNTY = "x,8891CZ-C-II,CENTRU DE ZI LUMINITA,Speranța,Bacău,Parincea,Strada Păcii 7,,25\n"


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two-lists")
    home = make_home("live", folder / "var")
    open_ledger(home).close()
    for source, rows in (("mmps", NATIONAL), ("dgaspc-bc", COUNTY)):
        (folder / f"{source}.csv").write_text(TITLES + rows, encoding="utf-8")
        import_file(home, "social", folder / f"{source}.csv", source=source, as_of=date(2026, 11, 1))
    return home


@pytest.fixture
def directory(imported, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    opened = open_directory(imported)
    yield opened
    for pair in duplicate_pairs.pairs(opened, actor=ADMIN, is_decided=True):
        duplicate_pairs.decide(opened, pair.service_a, pair.service_b, verdict="left", actor=ADMIN)
    opened.ledger.close()


def pair(directory):
    decided = duplicate_pairs.pairs(directory, actor=ADMIN, is_decided=True)
    (found,) = decided or duplicate_pairs.pairs(directory, actor=ADMIN)
    return found.service_a, found.service_b


def centres(directory):
    query = parse_query(directory.gazetteer, place="Parincea, Bacău", services=["8891CZ-C-II"])
    return {offer.service_id: offer for offer in directory.ask(query).results}


def test_the_pair_is_shown_side_by_side_and_no_protected_service_with_it(directory):
    (found,) = duplicate_pairs.pairs(directory, actor=UNIT)
    assert {side["name"] for side in found.sides} == {"Centrul de zi Luminița", "CENTRU DE ZI LUMINITA"}
    assert {"name", "provider", "address", "type"} <= set(found.reasons)
    said = "\n".join(duplicate_pairs.pair_lines([found]))
    assert "denumiri asemănătoare" in said
    assert "Adăpost" not in said


def test_joined_services_stand_once_with_the_best_of_both_and_no_places_twice(directory):
    before = centres(directory)
    a, b = pair(directory)
    made = duplicate_pairs.decide(directory, a, b, verdict="joined", actor=UNIT)
    gone = a if made.kept == b else b
    after = centres(directory)
    assert set(after) == set(before) - {gone}
    assert made.kept.startswith("social:mmps:")  # the registry's own source goes first
    assert (after[made.kept].name, after[made.kept].places_max) == ("Centrul de zi Luminița", 20)
    assert after[made.kept].phone == before[made.kept].phone
    assert directory.snapshot().catalogue.service(gone)["service_id"] == made.kept


def test_what_is_reported_at_the_one_that_gave_way_is_of_the_one_that_stands(directory):
    a, b = pair(directory)
    made = duplicate_pairs.decide(directory, a, b, verdict="joined", actor=ADMIN)
    gone = a if made.kept == b else b
    directory.note_capacity(gone, actor=ADMIN, source="phone", free=3)
    assert centres(directory)[made.kept].places_free == 3
    duplicate_pairs.decide(directory, a, b, verdict="parted", actor=ADMIN)
    apart = centres(directory)
    assert (apart[made.kept].places_free, apart[gone].places_free) == (3, None)
    assert not duplicate_pairs.pairs(directory, actor=ADMIN)
    assert [each.verdict for each in duplicate_pairs.pairs(directory, actor=ADMIN, is_decided=True)] == ["parted"]


def test_the_one_with_a_report_keeps_its_id(directory):
    a, b = pair(directory)
    other = next(one for one in (a, b) if "dgaspc-bc" in one)
    directory.note_capacity(other, actor=ADMIN, source="phone", free=1)
    assert duplicate_pairs.decide(directory, a, b, verdict="joined", actor=ADMIN).kept == other


def test_only_the_county_and_the_administrator_decide(directory):
    a, b = pair(directory)
    for who in (TEAM, OTHER_UNIT, Actor("national", "n")):
        with pytest.raises(NotAllowedError):
            duplicate_pairs.decide(directory, a, b, verdict="joined", actor=who)
    with pytest.raises(NotAllowedError):
        duplicate_pairs.pairs(directory, actor=TEAM, county="BC")
    assert duplicate_pairs.pairs(directory, actor=OTHER_UNIT) == []
    with pytest.raises(BadReportError, match="două servicii diferite"):
        duplicate_pairs.decide(directory, a, a, verdict="parted", actor=ADMIN)
    with pytest.raises(BadReportError, match="Deciziile sunt"):
        duplicate_pairs.decide(directory, a, b, verdict="maybe", actor=ADMIN)
