"""A backup made before an erasure does not bring the case back: it is erased again before anybody signs in."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

from cases.record import exchange
from cases.record.case_listing import list_cases
from cases.record.record_checks import case_faults
from core.storage.home import make_home
from referrals import backups
from referrals.case_erasure import case_digest
from referrals.ledger.ledger import open_ledger
from tests.worlds.homes.case_world import WORKER, Phone, assessing, code, opening
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, everything

GONE, STAYS = code("C", 1), code("C", 2)
NOTE = "vine însoțită la fiecare vizită"


def test_a_restored_backup_erases_again_what_was_erased_since(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("live", tmp_path / "home")
    day = datetime.now(UTC).date().isoformat()
    with closing(open_ledger(home, may_begin=True)) as ledger:
        phone = Phone(1)
        made = [opening(phone, GONE, note=NOTE, opened_on="2026-01-05"), opening(phone, STAYS, opened_on="2026-01-05")]
        exchange(ledger, phone.message(*made, assessing(phone, GONE, 1, on_day=min(day, "2026-01-06"))), actor=WORKER)
        backups.backup(home, ledger, tmp_path / "copie.zip", actor=ADMIN)
        assert ledger.erase_case(GONE, actor=COUNTY) == 1
    done = backups.restore(tmp_path / "copie.zip", tmp_path / "back", actor=ADMIN)
    assert done.applied.records == (case_digest(GONE),)
    assert done.as_json()["records_erased"] == 1
    with closing(open_ledger(done.home)) as back:
        assert [each["case_ref"] for each in list_cases(back, actor=WORKER).cases] == [STAYS]
        left = str(everything(back))
        assert GONE not in left
        assert NOTE not in left
        assert case_faults(back) == []
        assert back.verify_audit() == []
    raw = b"".join(path.read_bytes() for path in done.home.path.rglob("*") if path.is_file())
    assert GONE.encode() not in raw
    assert NOTE.encode() not in raw
