"""Keys and subscriptions of other programs on the plain page: made, shown once, changed and ended by the administrator alone."""

from __future__ import annotations

import re

import pytest

from referrals.interchange.api_tokens import list_tokens, token_of
from referrals.webhooks.subscriptions import list_webhooks
from tests.worlds.clients.api_client import ADMIN
from tests.worlds.servers.webhook_world import ADDRESS

PAGE = "/simplu/programe"


@pytest.fixture
def admin(demo, as_role):
    return as_role("admin")


def secret_in(page) -> str:
    found = re.findall(r"(?:harta_|whsec_)[A-Za-z0-9_+/=-]{40,}", page.text)
    assert len(found) == 1
    return found[0]


def make(admin, **said):
    asked = {"nume": "registrul județului", "rol": "county", "judet": "BC", "drept": ["read", "webhook"], "zile": "30"}
    return admin.submit(admin.get(PAGE), "", pas="make", **{**asked, **said})


def test_a_key_is_made_shown_once_replaced_and_revoked(admin, demo):
    made = make(admin)
    secret = secret_in(made)
    (token,) = list_tokens(demo.ledger, actor=ADMIN)
    assert (token.role, token.county, token.scopes) == ("county", "BC", ("read", "webhook"))
    assert token_of(demo.ledger, secret).token_id == token.token_id
    again = admin.get(PAGE)
    assert secret not in again.text
    assert "registrul județului" in again.text
    other = secret_in(admin.submit(again, "", pas="replace", numar=token.token_id, zile="10"))
    assert token_of(demo.ledger, other).token_id != token.token_id
    unsure = admin.submit(again, "", pas="revoke", numar=token.token_id)
    assert unsure.status_code == 400
    assert "Bifați întâi" in unsure.text
    assert token_of(demo.ledger, secret) is not None
    gone = admin.submit(again, "", pas="revoke", numar=token.token_id, stiu="1")
    assert "este retrasă" in gone.text
    assert token_of(demo.ledger, secret) is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"nume": ""}, "pentru ce program"),
        ({"rol": "admin"}, "Alegeți rolul"),
        ({"rol": "county", "judet": ""}, "Alegeți județul"),
        ({"rol": "team", "loc": ""}, "Spuneți comunitatea"),
        ({"rol": "provider", "servicii": "social:mmps:nimic"}, "nimic"),
        ({"zile": "9999"}, "între o zi și un an"),
        ({"drept": []}, "ce poate cere programul"),
    ],
)
def test_what_does_not_fit_is_said_and_makes_no_key(admin, demo, wrong, words):
    answer = make(admin, **wrong)
    assert answer.status_code == 400
    assert words in answer.text
    assert list_tokens(demo.ledger, actor=ADMIN) == []


def test_a_program_is_subscribed_stopped_turned_and_removed(admin, demo):
    make(admin)
    (token,) = list_tokens(demo.ledger, actor=ADMIN)
    page = admin.get(PAGE)
    bad = admin.submit(page, "", pas="subscribe", cheie=token.token_id, adresa="https://10.0.0.1/", despre=["services"])
    assert bad.status_code == 400
    assert "publică" in bad.text
    done = admin.submit(page, "", pas="subscribe", cheie=token.token_id, adresa=ADDRESS, despre=["services"])
    first = secret_in(done)
    (hook,) = list_webhooks(demo.ledger, actor=ADMIN)
    assert "O demonstrație nu anunță niciun program" in done.text
    said = {"numar": hook.webhook_id}
    assert "este oprit" in admin.submit(page, "", pas="pause", **said).text
    assert list_webhooks(demo.ledger, actor=ADMIN)[0].state == "paused"
    assert "este pornit" in admin.submit(page, "", pas="resume", **said).text
    assert secret_in(admin.submit(page, "", pas="rotate", **said)) != first
    assert "nu are voie" in admin.submit(page, "", pas="ping", **said).text
    assert "Am pus la trimis 0" in admin.submit(page, "", pas="retry", **said).text
    assert "Bifați întâi" in admin.submit(page, "", pas="remove", **said).text
    assert "este șters" in admin.submit(page, "", pas="remove", stiu="1", **said).text
    assert list_webhooks(demo.ledger, actor=ADMIN) == []


@pytest.mark.parametrize("role", ["team:24089", "county:BC", "national"])
def test_nobody_else_sees_or_makes_keys(demo, as_role, role):
    other = as_role(role)
    assert other.get(PAGE).status_code == 403
