"""What a home holds, and whether it is sound."""

from __future__ import annotations

import json
import os
import random
import shutil
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from core.errors import EditionError, MapError
from core.storage.editions import EditionStore
from core.storage.home import make_home, open_home
from core.storage.import_kinds import KINDS
from referrals.homes import doctor
from referrals.homes.demonstration import mend
from referrals.homes.doctor import home_status, run_checks
from referrals.homes.presence import require_present
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from tests.worlds.files.register_files import import_file

HOSPITALS = "id,hospital_name,lat,lon,city,cap_beds\n1,Spitalul Exemplu,46.57,26.91,Bacău,100\n2,,46.57,26.91,Bacău,9\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A home with one register and a begun ledger, made once; each test damages a copy."""
    folder = tmp_path_factory.mktemp("world")
    home = make_home("live", folder / "var")
    path = folder / "spitale.csv"
    path.write_text(HOSPITALS, encoding="utf-8")
    import_file(home, "medical", path, as_of=datetime.now(UTC).date() - timedelta(days=40))
    open_ledger(home).close()
    return home


@pytest.fixture
def home(world, tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    shutil.copytree(world.path, tmp_path / "var")
    return open_home(tmp_path / "var")


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
    ledger.report_capacity("medical:own:1", places_free=3, source="telefon", actor=Actor("admin", account="a"))
    ledger.close()
    now = home_status(home)
    assert (now.reported - with_nothing.reported, now.confirmed - with_nothing.confirmed, now.held) == (1, 1, 0)
    assert json.loads(json.dumps(now.as_json()))["mode"] == "live"


def test_doctor_looks_at_what_is_there_and_finds_it_sound(home):
    found = run_checks(home)
    assert found.faults == ()
    assert "medical/own" in found.examined
    assert found.as_json()["sound"] is True
    assert found.lines()[-1] == "Totul este în ordine."


def truncate(folder):
    path = folder / "services.parquet"
    path.write_bytes(path.read_bytes()[:-200])


def lose_a_row(folder):
    for name in ("services", "rejects"):
        table = pd.read_parquet(folder / f"{name}.parquet")
        table.iloc[:0].to_parquet(folder / f"{name}.parquet", index=False)


def without_digests(folder):
    """Make an edition one of an earlier version."""
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    for key in ("digests", "manifest_sha256"):
        del said[key]
    (folder / "manifest.json").write_text(json.dumps(said), "utf-8")
    return folder


DAMAGES = {
    "a table cut short": (truncate, "suma de control"),
    "a table gone": (lambda folder: (folder / "rejects.parquet").unlink(), "rejects.parquet lipsește"),
    "rows lost": (lose_a_row, "suma de control"),
    "rows lost before there were digests": (lambda folder: lose_a_row(without_digests(folder)), "încărcate"),
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


def test_doctor_finds_every_flipped_bit_of_an_edition_its_manifest_its_pointer_and_the_record(home):
    ledger = open_ledger(home)
    chance = random.Random(139)
    files = [*medical(home).iterdir(), medical(home).parent / "current", home.path / "home.json"]
    assert len(files) == 9
    unseen = []
    for number in range(210):
        path = files[number % len(files)]
        whole = path.read_bytes()
        bit = chance.randrange(8 * len(whole))
        path.write_bytes(bytes(b ^ (1 << bit % 8) if at == bit // 8 else b for at, b in enumerate(whole)))
        try:
            found = (
                doctor.record_faults(home) or doctor.edition_faults(home, "medical/own") or open_ledger(home).close()
            )
        except MapError as error:
            found = str(error)
        if not found:
            unseen.append((path.name, bit))
        path.write_bytes(whole)
    ledger.close()
    assert unseen == []


def test_a_protected_row_cannot_be_made_public_by_rewriting_the_table(home):
    path = medical(home) / "services.parquet"
    pd.read_parquet(path).assign(is_secret=True).to_parquet(path, index=False)
    with pytest.raises(EditionError, match=r"services\.parquet"):
        open_directory(home).snapshot()
    assert any("services.parquet" in fault for fault in run_checks(home).faults)


def test_doctor_says_which_edition_has_no_digests_and_init_adds_them(home):
    without_digests(medical(home))
    assert len(EditionStore(home).current_table("medical", "services")) == 1
    (fault,) = doctor.edition_faults(home, "medical/own")
    assert "fără sume de control" in fault
    assert "harta init" in fault
    mend(home)
    assert doctor.edition_faults(home, "medical/own") == []


def test_an_earlier_edition_that_is_gone_is_missed_until_init_takes_it_off_the_record(home, tmp_path):
    earlier = medical(home)
    (tmp_path / "spitale.csv").write_text(HOSPITALS.replace("100", "101"), encoding="utf-8")
    import_file(home, "medical", tmp_path / "spitale.csv", as_of=datetime.now(UTC).date())
    assert doctor.edition_faults(home, "medical/own") == []
    shutil.rmtree(earlier)
    (fault,) = doctor.edition_faults(home, "medical/own")
    assert f"Ediția {earlier.name} (medical/own) a fost publicată și nu mai este" in fault
    mend(home)
    assert doctor.edition_faults(home, "medical/own") == []


def test_a_kind_that_is_gone_is_missed_also_without_a_trace_of_it(home):
    shutil.rmtree(medical(home).parent)
    assert any("medical/own: ediția" in fault and "publicată" in fault for fault in run_checks(home).faults)
    with pytest.raises(EditionError, match="medical"):
        require_present(home)
    require_present(home, editions=False)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_doctor_says_what_is_open_to_others_and_init_closes_it(home):
    (home.path / "rapoarte").mkdir()
    (home.path / "rapoarte" / "raport.pdf").write_bytes(b"x")
    ledger = open_ledger(home)
    ledger.event_counter()
    opened = {home.path: 0o755, home.path / "harta.sqlite": 0o644, home.path / "harta.sqlite-wal": 0o640}
    opened |= {home.path / "rapoarte": 0o755, home.path / "rapoarte" / "raport.pdf": 0o644}
    for path, mode in opened.items():
        path.chmod(mode)
    (fault,) = run_checks(home).faults
    assert fault.startswith("5 dosare și fișiere sunt deschise")
    assert f"{home.path} (755)" in fault
    mend(home)
    assert [oct(path.stat().st_mode & 0o777) for path in opened] == ["0o700", "0o600", "0o600", "0o700", "0o600"]
    assert run_checks(home).is_sound
    ledger.close()


def test_a_ledger_elsewhere_is_closed_too_and_the_folder_around_it_left_alone(home, tmp_path, monkeypatch):
    elsewhere = tmp_path / "else"
    elsewhere.mkdir(mode=0o755)
    elsewhere.chmod(0o755)
    shutil.copy(home.path / "harta.sqlite", elsewhere / "ledger.sqlite")
    (elsewhere / "ledger.sqlite").chmod(0o644)
    monkeypatch.setenv("HARTA_DATABASE_URL", f"sqlite:///{elsewhere / 'ledger.sqlite'}")
    (fault,) = run_checks(home).faults
    assert "ledger.sqlite (644)" in fault
    mend(home)
    assert (elsewhere / "ledger.sqlite").stat().st_mode & 0o777 == 0o600
    assert elsewhere.stat().st_mode & 0o777 == 0o755


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
    assert "medical/own" in found.examined
