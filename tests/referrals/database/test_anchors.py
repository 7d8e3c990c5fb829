"""An audit log that was rebuilt is told from the one that was: its chains hold, the anchors outside the database do not."""

from __future__ import annotations

from contextlib import closing

import pytest
from sqlalchemy import delete, select, update

from core.storage.home import make_home
from referrals import backups
from referrals.database import anchors, audit
from referrals.database.models import audit as log
from referrals.database.models import chains
from referrals.homes.administration_report import verify
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import BackupError
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, Clock, refer, report


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return make_home("live", tmp_path / "home")


@pytest.fixture
def ledger(home):
    with closing(open_ledger(home, clock=Clock(), may_begin=True)) as opened:
        report(opened, 3, "social:mmps:7")
        yield opened


def rebuild_without(ledger, action: str) -> None:
    """Do what somebody with the database alone can do: take rows out and seal all that follow anew."""
    with ledger.store.write() as connection:
        connection.execute(delete(log).where(log.c.action == action))
        for chain in range(audit.CHAIN_COUNT):
            head, length = "", 0
            rows = connection.execute(select(log).where(log.c.chain == chain).order_by(log.c.position))
            for row in [dict(each) for each in rows.mappings()]:
                length += 1
                was, row["position"] = row["position"], length
                head = audit.digest(row, head)
                key = (log.c.chain == chain) & (log.c.position == was)
                connection.execute(update(log).where(key).values(position=length, digest=head))
            connection.execute(update(chains).where(chains.c.chain == chain).values(length=length, head=head))


def test_the_reading_of_a_protected_record_cannot_be_taken_out_of_the_trail_unseen(ledger):
    ledger.log_secret_reading("social:mmps:7", county="BC", actor=COUNTY)
    report(ledger, 2, "social:mmps:7")
    assert ledger.verify_audit() == []
    rebuild_without(ledger, "secret.read")
    with ledger.store.read() as connection:
        assert audit.verify(connection) == [], "the chains alone do not show it"
    assert [found.what for found in ledger.verify_audit()] == ["anchor"]
    assert not verify(ledger, actor=ADMIN).holds


def test_rows_written_before_an_anchor_are_pinned_and_the_first_broken_moment_is_named(ledger):
    refer(ledger)
    assert ledger.anchor() is not None
    assert ledger.anchor() is None, "nothing came since"
    ledger.clock.move(hours=1)
    refer(ledger)
    ledger.anchor()
    assert ledger.verify_audit() == []
    rebuild_without(ledger, "referral.make")
    (found,) = ledger.verify_audit()
    assert found.at == ledger.read_anchors()[0].at
    assert found.at in str(found)


def test_a_trail_that_was_shortened_does_not_hide_behind_a_new_anchor(ledger):
    ledger.log_secret_reading("social:mmps:7", county="BC", actor=COUNTY)
    rebuild_without(ledger, "secret.read")
    assert ledger.anchor() is not None
    assert [found.what for found in ledger.verify_audit()] == ["anchor"]


def test_anchors_kept_elsewhere_a_backup_or_a_noted_seal_witness_also_where_the_home_s_own_were_exchanged(
    home, ledger, tmp_path
):
    ledger.log_secret_reading("social:mmps:7", county="BC", actor=COUNTY)
    backups.backup(home, ledger, tmp_path / "copie.zip", actor=ADMIN)
    seal = verify(ledger, actor=ADMIN).newest.seal
    assert verify(ledger, actor=ADMIN, seal=seal.upper(), kept=[tmp_path / "copie.zip"]).holds
    rebuild_without(ledger, "secret.read")
    (home.path / anchors.FILE).unlink()
    assert verify(ledger, actor=ADMIN).holds, "whoever has the home as well shows only elsewhere"
    assert not verify(ledger, actor=ADMIN, seal=seal).holds
    assert not verify(ledger, actor=ADMIN, kept=[tmp_path / "copie.zip"]).holds
    with pytest.raises(BackupError):
        verify(ledger, actor=ADMIN, kept=[tmp_path / "nothing"])


def test_a_line_that_a_power_cut_left_half_written_is_taken_away(home, ledger):
    ledger.anchor()
    path = home.path / anchors.FILE
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    refer(ledger)
    ledger.anchor()
    assert len(ledger.read_anchors()) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    assert ledger.verify_audit() == []
