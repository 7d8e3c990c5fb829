"""What a home holds, and whether it is sound."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from core.editions import KINDS, EditionStore
from core.home import make_home
from providers.imports.importing import import_file
from referrals.homes import doctor
from referrals.homes.doctor import home_status, run_checks
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor

HOSPITALS = "id,hospital_name,lat,lon,city,cap_beds\n1,Spitalul Exemplu,46.57,26.91,Bacău,100\n2,,46.57,26.91,Bacău,9\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("live", tmp_path / "var")
    path = tmp_path / "spitale.csv"
    path.write_text(HOSPITALS, encoding="utf-8")
    import_file(home, "medical", path, as_of=datetime.now(UTC).date() - timedelta(days=40))
    return home


def medical(home):
    return EditionStore(home).current("medical").folder


def test_a_home_without_imports_is_sound_and_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    empty = make_home("live", tmp_path / "var")
    assert run_checks(empty).is_sound
    status = home_status(empty)
    assert [kind.kind for kind in status.kinds] == list(KINDS)
    assert all(kind.edition is None for kind in status.kinds)
    assert sum("neimportat" in line for line in status.lines()) == len(KINDS)
    said = "\n".join(status.lines())
    assert "localities     neimportat: se folosesc localitățile incluse în program" in said
    assert "authorities    neimportat: se folosesc autoritățile incluse în program" in said


def test_status_counts_rows_ages_reports_and_holds(home):
    with_nothing = home_status(home)
    (row,) = [kind for kind in with_nothing.kinds if kind.edition]
    assert (row.kind, row.age_days, row.rows_loaded, row.rows_rejected, row.synthetic) == ("medical", 40, 1, 1, False)
    assert any("acum 40 de zile): 1 rând, 1 respins" in line for line in with_nothing.lines())
    ledger = open_ledger(home)
    ledger.report_capacity("medical:1", places_free=3, source="telefon", actor=Actor("admin", account="a"))
    ledger.close()
    now = home_status(home)
    assert (now.reported - with_nothing.reported, now.confirmed - with_nothing.confirmed, now.held) == (1, 1, 0)
    assert json.loads(json.dumps(now.as_json()))["mode"] == "live"


def test_doctor_looks_at_what_is_there_and_finds_it_sound(home):
    found = run_checks(home)
    assert found.faults == ()
    assert "medical" in found.examined
    assert found.as_json()["sound"] is True
    assert found.lines()[-1] == "Totul este în ordine."


def truncate(folder):
    path = folder / "services.parquet"
    path.write_bytes(path.read_bytes()[:-200])


def lose_a_row(folder):
    for name in ("services", "rejects"):
        table = pd.read_parquet(folder / f"{name}.parquet")
        table.iloc[:0].to_parquet(folder / f"{name}.parquet", index=False)


DAMAGES = {
    "a table cut short": (truncate, "nu poate fi citită"),
    "a table gone": (lambda folder: (folder / "rejects.parquet").unlink(), "respinse"),
    "rows lost": (lose_a_row, "încărcate"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "Nu există ediția"),
    "half a manifest": (lambda folder: (folder / "manifest.json").write_text('{"kind":', "utf-8"), "deteriorată"),
    "a pointer to nothing": (lambda folder: (folder.parent / "current").write_text("alta", "utf-8"), "alta"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_doctor_finds_damage_and_says_where(home, damage):
    break_it, said = DAMAGES[damage]
    break_it(medical(home))
    found = run_checks(home)
    assert not found.is_sound
    assert any("medical" in fault and said in fault for fault in found.faults), found.faults
    assert found.lines()[-1].startswith("Probleme găsite")


def test_a_database_that_is_none_is_one_fault_among_the_others(home):
    (home.path / "harta.sqlite").write_bytes(b"not a database at all" * 100)
    truncate(medical(home))
    found = run_checks(home)
    assert len(found.faults) >= 2
    assert not any("Traceback" in fault for fault in found.faults)


def test_an_examination_that_breaks_does_not_end_the_others(home, monkeypatch):
    def broken(_home):
        raise RuntimeError("Strada Ascunsă 7")

    monkeypatch.setattr(doctor, "open_ledger", broken)
    found = run_checks(home)
    assert any("RuntimeError" in fault for fault in found.faults)
    assert not any("Ascunsă" in fault for fault in found.faults)
    assert "medical" in found.examined
