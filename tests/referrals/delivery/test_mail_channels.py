"""A folder of files, and a real mail server on this machine: also one that fails half the time."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from referrals.delivery.mail_channels import FOLDER
from referrals.delivery.mail_sending import send_due
from tests.worlds.homes.ledger_world import refer, report
from tests.worlds.servers.mail_world import SETTINGS, MailDirectory, add_accounts, rows

mail_servers = pytest.importorskip(
    "tests.worlds.servers.mail_server", reason="aiosmtpd is of requirements-dev.lock", exc_type=ImportError
)
ONE = "unu@furnizor.example.ro"


@pytest.fixture
def directory(ledger, tmp_path) -> MailDirectory:
    add_accounts(ledger)
    report(ledger, 99)
    return MailDirectory(ledger, tmp_path)


def by_server(port: int, **other):
    return replace(SETTINGS, channel="smtp", host="127.0.0.1", port=port, security="none", **other)


def test_the_folder_holds_one_private_file_for_each_e_mail(directory, ledger, tmp_path):
    refer(ledger)
    refer(ledger)
    assert send_due(directory, SETTINGS).counts["sent"] == 2
    files = list((tmp_path / FOLDER).iterdir())
    assert len(files) == 2
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert mail["To"] == ONE
        assert mail["Message-ID"] == f"<{path.stem}@example.ro>"


def test_a_real_server_gets_each_message_once(directory, ledger):
    for _n in range(20):
        refer(ledger)
    handler = mail_servers.Handler()
    with mail_servers.mail_server(handler) as port:
        assert send_due(directory, by_server(port)).counts == Counter(sent=20)
    assert {to for to, _mail in handler.taken} == {ONE}
    assert len({mail["Message-ID"] for _to, mail in handler.taken}) == 20
    body = handler.taken[0][1].get_content()
    assert "Răspundeți până la" in body, "letters of Romanian come through"


def test_a_server_that_fails_half_the_time_gets_each_message_in_the_end(directory, ledger, clock):
    chance = random.Random(7)
    for _n in range(20):
        refer(ledger)
    faults = ("rcpt", "data", "busy", "hangup")
    handler = mail_servers.Handler(fault=lambda: chance.choice(faults) if chance.random() < 0.5 else "")
    with mail_servers.mail_server(handler) as port:
        for _run in range(300):
            send_due(directory, by_server(port))
            if all(one.state == "sent" for one in rows(ledger)):
                break
            clock.move(minutes=10)
    assert {one.state for one in rows(ledger)} == {"sent"}
    assert max(one.attempts for one in rows(ledger)) > 1
    assert Counter(mail["Message-ID"] for _to, mail in handler.taken) == Counter(
        f"<{one.mail_id}@example.ro>" for one in rows(ledger)
    )


def test_a_server_that_takes_an_e_mail_and_breaks_off_gets_it_again_under_the_same_number(directory, ledger, clock):
    refer(ledger)
    faults = iter(("late_hangup", ""))
    handler = mail_servers.Handler(fault=lambda: next(faults))
    with mail_servers.mail_server(handler) as port:
        assert send_due(directory, by_server(port)).is_away
        clock.move(minutes=5)
        assert send_due(directory, by_server(port)).counts["sent"] == 1
    assert len(handler.taken) == 2
    assert len({mail["Message-ID"] for _to, mail in handler.taken}) == 1


def test_an_unknown_mailbox_is_given_up_and_the_others_go_on(directory, ledger):
    refer(ledger)
    refer(ledger)
    faults = iter(("unknown", ""))
    with mail_servers.mail_server(mail_servers.Handler(fault=lambda: next(faults))) as port:
        assert send_due(directory, by_server(port)).counts == Counter(sent=1, dead=1)


def test_no_server_and_one_without_encryption_where_it_is_asked_for_send_nothing(directory, ledger, clock):
    refer(ledger)
    assert send_due(directory, by_server(1)).is_away
    clock.move(minutes=5)
    handler = mail_servers.Handler()
    with mail_servers.mail_server(handler) as port:
        report_ = send_due(directory, replace(by_server(port), security="starttls"))
    assert report_.is_away
    assert handler.taken == [], "not in clear"
    assert [one.reason for one in rows(ledger)] == ["not_configured"]


@pytest.mark.parametrize("host", ["mail..example.ro", f"{'a' * 64}.example.ro"])
def test_a_host_whose_name_cannot_be_asked_for_is_told_as_wrong_settings(directory, ledger, host):
    refer(ledger)
    assert send_due(directory, replace(by_server(25), host=host, security="starttls")).is_away
    assert [one.reason for one in rows(ledger)] == ["not_configured"]
