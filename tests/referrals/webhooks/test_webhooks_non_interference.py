"""What programs are sent depends on no protected row: two homes that differ in these alone send the same bytes."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from core.storage.editions import EditionStore
from geo.gazetteer.gazetteer import load_gazetteer
from referrals.interchange.api_tokens import create_token
from referrals.ledger.ledger import open_ledger
from referrals.webhooks.subscriptions import make_webhook
from referrals.webhooks.webhook_sending import send_webhooks
from referrals.workflow import field_intake
from referrals.workflow.directory import Directory
from tests.worlds.homes import protected_world
from tests.worlds.homes.ledger_world import refer, report, terms
from tests.worlds.homes.protected_world import ADMIN, DAY, MOMENT, PARINCEA, SHELTER, TEAM, UNIT
from tests.worlds.servers.webhook_world import ADDRESS, SETTINGS

PROGRAMS = {
    "team": {"county": "BC", "uat_siruta": PARINCEA},
    "county": {"county": "BC"},
    "national": {},
}
KINDS = ("services", "referrals")
# The id of an event is a hash over the audit log, whose digests hold the sealed key of a protected service; the
# signature is made with the home's own secret. Both are of one length whatever they are made of.
OPAQUE = {"webhook-id": re.compile(r"evt_[0-9a-f]{32}"), "webhook-signature": re.compile(r"v1,[A-Za-z0-9+/]{43}=")}


def sent_by(world, gazetteer) -> list[tuple]:
    """Let programs subscribe, people do the same things in public and behind protected addresses, and take what is sent."""
    seconds = itertools.count()
    clock = lambda: MOMENT + timedelta(hours=4, seconds=next(seconds))  # noqa: E731
    directory = Directory(world.home, gazetteer, replace(open_ledger(world.home), clock=clock))
    ledger, sent = directory.ledger, []

    def send(method, url, *, body, headers, may_be_private, seconds):
        assert all(shape.fullmatch(headers[name]) for name, shape in OPAQUE.items())
        sent.append((method, url, body, {name: each for name, each in headers.items() if name not in OPAQUE}))
        return 503 if len(sent) % 5 == 0 else 204

    with protected_world.certain(seed=20):
        for role, area in PROGRAMS.items():
            scopes = ("webhook", "read") if role == "national" else ("webhook", "read", "refer")
            token, _ = create_token(ledger, role, role=role, scopes=scopes, actor=ADMIN, **area)
            make_webhook(ledger, token.token_id, f"{ADDRESS}/{role}", KINDS[: len(scopes) - 1], actor=ADMIN)
        send_webhooks(directory, SETTINGS, send=send)
        for label, key in sorted(directory.snapshot().catalogue.sealed.items()):
            _public, kind, county, _number = label.split(":")
            where = {"county": county, "uat_siruta": PARINCEA if county == "BC" else 54975}
            report(ledger, 4, key, actor=UNIT[county])
            made = refer(ledger, terms(key, service_type=kind, county=county), actor=UNIT[county], need=kind, **where)
            ledger.transition(made.referral_id, "accept", actor=UNIT[county])
        field_intake.report_wrong(directory, key, what="phone", actor=UNIT[county])
        send_webhooks(directory, SETTINGS, send=send)
        report(ledger, 1, "social:mmps:LLF2")
        day = terms("social:mmps:LLF1", service_type=DAY, county="BC")
        made = refer(ledger, day, actor=TEAM, need=DAY, county="BC", uat_siruta=PARINCEA)
        ledger.transition(made.referral_id, "accept", actor=TEAM)
        send_webhooks(directory, SETTINGS, send=send)
        store = EditionStore(world.home)
        for staged in store.staged("social"):  # protected rows say something else, and one public row
            store.publish(staged)
        for _turn in range(3):
            send_webhooks(directory, SETTINGS, send=send)
            next(itertools.islice(seconds, 3_600, None))
    ledger.close()
    return sent


@pytest.mark.slow
def test_what_programs_are_sent_is_the_same_whatever_protected_rows_say(tmp_path_factory, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    gazetteer = protected_world.three_counties(load_gazetteer(None))
    worlds = protected_world.copied_worlds(tmp_path_factory, "told")
    here, elsewhere = (sent_by(world, gazetteer) for world in worlds)
    assert here == elsewhere
    told = repr(here)
    for world in worlds:
        assert not [marker for marker in protected_world.markers(world.name) if marker in told]
    kinds = [
        kind for kind in ("services.changed", "service.changed", "referral.made", "referral.accepted") if kind in told
    ]
    assert len(kinds) == 4
    assert "social:mmps:LLF4" in told
    assert f"protected:{SHELTER}" not in told
