"""Short messages leave by one request to a gateway: escaped, on to no private network unless told, retried or given up."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from core.errors import BadValueError
from core.storage.home import Home
from core.storage.message_settings import MessageSettings, change_message_settings
from referrals.delivery.mail_channels import MailRefusedError, ServerAwayError
from referrals.delivery.mail_sending import send_due
from referrals.delivery.text_channels import FileTexts, GatewayTexts
from referrals.outbox.kept_addresses import KeptAddress, write_kept_address
from tests.worlds.homes.ledger_world import refer, report
from tests.worlds.servers.mail_world import MailDirectory, Post, add_accounts, rows

NUMBER, WORDS = "+40744111222", 'Loc "liber" & {to} \\ azi'


@contextmanager
def gateway(status: int = 200):
    """A gateway on this machine; gives its settings and what it was asked."""
    asked: list[tuple[str, str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append((self.path, self.headers.get("Authorization", ""), body))
            self.send_response(status)
            self.end_headers()

        def do_GET(self):
            asked.append((self.path, "", ""))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_what):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings(base: str, **said) -> MessageSettings:
    usual = {"text_url": f"{base}/sms", "text_body": '{"to": "{to}", "text": "{text}", "ref": "{id}"}',
             "text_may_be_private": True}  # fmt: skip
    return MessageSettings(
        "file", "https://harta.example.ro", "harta@example.ro", quiet_from=0, quiet_until=0, **usual | said
    )


def test_the_request_is_the_template_with_its_parts_escaped(monkeypatch):
    monkeypatch.setenv("HARTA_SMS_SECRET", "s3cret")
    with gateway() as (base, asked):
        GatewayTexts(settings(base, text_header="Authorization: Bearer {secret}")).send(NUMBER, WORDS, "m1")
        GatewayTexts(settings(base, text_body="", text_url=f"{base}/s?to={{to}}&t={{text}}")).send(
            NUMBER, "a&b=c", "m2"
        )
    (path, secret, body), (query, _none, _empty) = asked
    assert (path, secret) == ("/sms", "Bearer s3cret")
    assert json.loads(body) == {"to": NUMBER, "text": WORDS, "ref": "m1"}, "what comes in is no template again"
    assert query == "/s?to=%2B40744111222&t=a%26b%3Dc"


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, False), (429, False), (400, True), (401, ServerAwayError), (302, ServerAwayError)],
)
def test_what_the_gateway_answers_says_whether_to_try_again(status, error):
    with gateway(status) as (base, _asked):
        kind = MailRefusedError if isinstance(error, bool) else error
        with pytest.raises(kind) as refused:
            GatewayTexts(settings(base)).send(NUMBER, WORDS, "m1")
    if isinstance(error, bool):
        assert refused.value.is_final is error


def test_a_private_network_is_not_asked_unless_that_is_set():
    with gateway() as (base, asked), pytest.raises(ServerAwayError):
        GatewayTexts(settings(base, text_may_be_private=False)).send(NUMBER, WORDS, "m1")
    assert asked == []


def test_settings_that_would_leak_or_say_nothing_are_refused(tmp_path):
    live, demo = Home(tmp_path, "live"), Home(tmp_path, "demo")
    on = {"channel": "file", "public_address": "https://harta.example.ro", "sender": "harta@example.ro"}
    good = {**on, "text_url": "https://sms.example.ro/s", "text_body": '{"to":"{to}","text":"{text}"}'}
    assert change_message_settings(live, **good).has_texts
    for wrong in (
        {"text_url": "http://sms.example.ro/s"},
        {"text_body": '{"to":"{to}"}'},
        {"text_url": "ftp://sms.example.ro"},
        {"text_header": "X\r\nY: z"},
    ):
        with pytest.raises(BadValueError):
            change_message_settings(live, **good | wrong)
    with pytest.raises(BadValueError):
        change_message_settings(demo, **good)


def test_a_provider_with_a_kept_telephone_gets_one_short_message_and_no_e_mail(ledger, tmp_path):
    add_accounts(ledger)
    with ledger.store.write() as connection:
        write_kept_address(connection, "social:mmps:1", KeptAddress(phone=NUMBER), by="x", now=ledger.clock())
    report(ledger, 2)
    made = refer(ledger)
    with gateway() as (base, asked):
        directory, post = MailDirectory(ledger, tmp_path), Post()
        assert send_due(directory, settings(base), channel=post, texts=GatewayTexts(settings(base))).counts["sent"] == 1
        send_due(directory, settings(base), channel=post, texts=GatewayTexts(settings(base)))
    ((_path, _header, body),) = asked
    said = json.loads(body)["text"]
    assert made.referral_id in said
    assert said.isascii()
    assert "/l/" in said
    assert "/mesaje/oprire/" in said
    assert post.taken == []


def test_a_gateway_that_is_away_does_not_hold_up_e_mails(ledger, tmp_path):
    add_accounts(ledger)
    with ledger.store.write() as connection:
        write_kept_address(connection, "social:mmps:1", KeptAddress(phone=NUMBER), by="x", now=ledger.clock())
    report(ledger, 2)
    report(ledger, 2, "social:mmps:2")
    refer(ledger)
    refer(ledger, "social:mmps:2")
    closed = settings("http://127.0.0.1:9")
    post = Post()
    done = send_due(MailDirectory(ledger, tmp_path), closed, channel=post, texts=GatewayTexts(closed))
    assert done.is_away
    assert post.addresses == ["doi@furnizor.example.ro"]
    assert sorted(one.state for one in rows(ledger)) == ["failed", "sent"]


def test_a_short_message_in_a_folder_is_one_file(tmp_path):
    texts = FileTexts(tmp_path / "outbox")
    for _again in range(2):
        texts.send(NUMBER, "Loc liber", "m1")
    assert [path.read_text() for path in (tmp_path / "outbox").iterdir()] == [f"{NUMBER}\nLoc liber\n"]
