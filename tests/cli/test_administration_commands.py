"""What an administrator does by command: forget, keep copies, read the audit log; under a name that stays in it."""

from __future__ import annotations

import json
import os
from contextlib import closing

import pytest
from typer.testing import CliRunner

import cli
from core.storage.home import make_home
from referrals.accounts import account_sessions, accounts
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import UnknownCaseError
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM, refer, report

PASSWORD = "patru cuvinte la rand"  # noqa: S105 - of an invented account


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return make_home("live", tmp_path / "home")


@pytest.fixture
def ledger(home):
    with closing(open_ledger(home, may_begin=True)) as opened:
        report(opened, 3)
        yield opened


def harta(*words: str, code: int = 0, typed: str = "") -> str:
    done = CliRunner().invoke(cli.app, list(words), input=typed)
    error = done.exception
    found = 1 if error is not None and not isinstance(error, SystemExit) else done.exit_code
    assert found == code, (done.output, error)
    return done.stdout if error is None or isinstance(error, SystemExit) else str(error)


def test_a_case_is_erased_by_its_code_typed_or_read_and_the_trail_holds(ledger):
    first, second = refer(ledger), refer(ledger)
    assert json.loads(harta("erase", first.case_ref, "--json"))["referrals_erased"] == 1
    assert "Șters: 1 referire" in harta("erase", typed=second.case_ref.lower() + "\n")
    assert "deja șters" in harta("erase", first.case_ref, code=1)
    assert "C-XXXXX-XXXXX" in harta("erase", "Ion Popescu", code=1)
    said = json.loads(harta("audit", "--verify", "--json"))
    assert (said["holds"], said["faults"]) == (True, [])
    assert said["anchors"] >= 1


def test_a_name_given_with_as_stands_in_the_trail_beside_the_user_of_the_system(ledger):
    harta("--as", "maria.pop", "erase", refer(ledger).case_ref)
    harta("erase", refer(ledger).case_ref, "--as=ion")
    harta("erase", refer(ledger).case_ref)
    rows = json.loads(harta("audit", "--json"))
    accounts_named = [row["account"] for row in rows if row["action"] == "case.erase"]
    assert len(set(accounts_named)) == 3
    assert sorted(account.split(":")[2:] for account in accounts_named) == [[], ["ion"], ["maria.pop"]]
    assert {account.split(":")[0] for account in accounts_named} == {"cli"}
    for wrong in ("ion pop", "ion:admin", "x" * 41):
        harta("--as", wrong, "status", code=2)


def test_the_trail_of_a_case_tells_who_did_and_read_what(ledger):
    made, other = refer(ledger), refer(ledger)
    ledger.referral(made.referral_id, actor=COUNTY)
    ledger.referrals(actor=TEAM)
    rows = json.loads(harta("audit", "--case", made.case_ref, "--json"))
    assert [(row["action"], row["account"]) for row in rows] == [
        ("referral.list", "echipa-1"),
        ("referral.read", "ujss-bc"),
        ("referral.make", "echipa-1"),
    ]
    assert other.referral_id not in harta("audit", "--case", "-", typed=made.case_ref)
    assert "deja șters" in harta("audit", "--case", "C-23456-789AB", code=1)
    assert len(json.loads(harta("audit", "--subject", made.referral_id, "--limit", "1", "--json"))) == 1


def test_verifying_a_changed_trail_ends_with_one(ledger):
    refer(ledger)
    seal = json.loads(harta("audit", "--verify", "--json"))["newest_anchor"]["seal"]
    harta("audit", "--verify", "--seal", seal)
    harta("audit", "--verify", "--seal", "0" * 64, code=1)
    with ledger.store.write() as connection:
        connection.exec_driver_sql("UPDATE audit SET account = 'altcineva' WHERE position = 1")
    assert "a fost schimbat" in harta("audit", "--verify", code=1)


def test_retention_shows_first_and_erases_only_when_told(ledger, monkeypatch):
    made = refer(ledger)
    ledger.transition(made.referral_id, "cancel", actor=TEAM)
    with ledger.store.write() as connection:
        connection.exec_driver_sql("UPDATE referrals SET closed_at = '2020-01-01 00:00:00.000000'")
    shown = json.loads(harta("retention", "--json"))
    assert (shown["referrals"], shown["cases"], shown["applied"]) == (1, 1, False)
    assert "Nu s-a șters nimic" in harta("retention")
    assert "Șters: 1 referire." in harta("retention", "--apply")
    assert "Nimic nu a trecut de termen" in harta("retention")
    monkeypatch.setenv("HARTA_RETENTION_DAYS", "two years")
    assert "HARTA_RETENTION_DAYS" in harta("retention", code=1)


def test_a_backup_is_restored_elsewhere_by_command_with_what_was_erased_since(ledger, tmp_path, monkeypatch):
    gone, stays = refer(ledger), refer(ledger)
    copy = tmp_path / "copie.zip"
    made = json.loads(harta("backup", str(copy), "--json"))
    assert (made["referrals"], made["bytes"]) == (2, copy.stat().st_size)
    harta("erase", gone.case_ref)
    assert "există deja" in harta("backup", str(copy), code=1)
    assert "nu este gol" in harta("restore", str(copy), code=1)
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "elsewhere"))
    assert json.loads(harta("restore", str(copy), "--json"))["erased"] == 1
    assert json.loads(harta("doctor", "--json"))["sound"]
    with closing(open_ledger(make_home("live", tmp_path / "elsewhere"))) as back:
        assert back.erase_case(stays.case_ref, actor=COUNTY) == 1
        with pytest.raises(UnknownCaseError):
            refer(back, case_ref=gone.case_ref)


def test_all_sessions_of_an_account_are_ended_by_its_name(ledger):
    code = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
    accounts.set_password(ledger, code, PASSWORD)
    open_ones = [account_sessions.sign_in(ledger, "echipa", PASSWORD) for _device in range(2)]
    (done,) = json.loads(harta("account", "end-sessions", "Echipa", "--json"))
    assert done == {"login": "echipa", "sessions_ended": 2}
    assert [account_sessions.who(ledger, session) for session in open_ones] == [None, None]
    assert "Nu există contul" in harta("account", "end-sessions", "nimeni", code=1)


def test_pruning_by_command_and_after_an_import_keeps_the_edition_before(home, ledger, tmp_path):
    for turn, codes in enumerate(("24089", "24089\n20297", "20297")):
        file = tmp_path / f"lista-{turn}.csv"
        file.write_text(f"SIRUTA\n{codes}\n")
        harta("import", "communities", str(file), "--as", "maria")
    kept = [path.parent.name for path in (home.editions / "communities").glob("*/manifest.json")]
    assert len(kept) == 2
    rows = json.loads(harta("audit", "--subject", "communities", "--json"))
    assert sorted(row["action"] for row in rows) == ["edition.prune", *["edition.publish"] * 3]
    assert {row["account"].split(":")[-1] for row in rows} == {"maria"}
    assert json.loads(harta("prune", "--json")) == {"pruned": []}
    harta("prune", "--keep", "1", code=2)
    assert os.environ["HARTA_HOME"] == str(home.path)


def test_sites_that_may_frame_the_map_are_named_shown_and_taken_back(home):
    assert "altor site-uri" in harta("embed")
    assert "/incorporat/harta" in harta("embed", "https://primaria.example.ro")
    assert json.loads(harta("embed", "--json")) == {"origins": ["https://primaria.example.ro"]}
    assert "https" in harta("embed", "http://primaria.example.ro", code=1)
    harta("embed", "https://primaria.example.ro", "--off", code=2)
    assert "altor site-uri" in harta("embed", "--off")
    assert json.loads(harta("embed", "--json")) == {"origins": []}


def test_tokens_are_made_shown_once_listed_and_revoked(ledger):
    made = json.loads(
        harta("token", "create", "--name", "registrul județului", "--role", "county", "--county", "BC",
              "--scope", "read", "--scope", "refer", "--days", "30", "--json")
    )  # fmt: skip
    assert made["secret"].startswith("harta_")
    assert (made["state"], made["county"], made["scopes"]) == ("valid", "BC", ["read", "refer"])
    said = harta("token", "list")
    assert made["token_id"] in said
    assert made["secret"] not in said
    again = harta("token", "create", "--replaces", made["token_id"])
    assert "harta_" in again
    assert "este retrasă" in harta("token", "revoke", made["token_id"])
    states = {row["token_id"]: row["state"] for row in json.loads(harta("token", "list", "--json"))}
    assert states[made["token_id"]] == "revoked"
    assert sorted(states.values()) == ["revoked", "valid"]


def test_a_token_that_cannot_be_is_refused_in_words(ledger):
    assert "Spuneți ce poate cere programul" in harta("token", "create", "--name", "x", code=1)
    assert "Drept necunoscut" in harta("token", "create", "--name", "x", "--scope", "all", code=1)
    assert "Nu există nicio cheie" in harta("token", "revoke", "T-NIMIC", code=1)
    harta("token", "revoke", code=2)
    harta("token", "forget", code=2)


def test_upgrade_says_that_nothing_is_due_and_what_would_be(home, ledger):
    assert json.loads(harta("upgrade", "--check", "--json"))["due"] is False
    with ledger.store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert json.loads(harta("upgrade", "--check", "--json"))["found"] == "0001"
    assert "harta upgrade" in harta("upgrade", "--check")


def test_the_ledger_is_moved_to_an_address_that_is_read_and_not_shown(home, ledger, tmp_path):
    said = json.loads(harta("move-ledger", "--json", typed=f"sqlite:///{tmp_path / 'new.sqlite'}\n"))
    assert said["rows"]["capacity_reports"] == 1
    assert said["target"].endswith("new.sqlite")
    assert "HARTA_DATABASE_URL" in harta("audit", code=1)
