"""Tokens of other programs: what they may be, what is kept of them, and when they are over."""

from __future__ import annotations

import itertools

import pytest

from core.errors import NotAllowedError
from referrals.interchange import api_tokens
from referrals.interchange.api_tokens import create_token, list_tokens, replace_token, revoke_token, token_of
from referrals.ledger import erasure_list
from referrals.ledger.ledger import open_ledger
from referrals.records import roles
from referrals.records.ledger_errors import BadTokenError, UnknownTokenError
from referrals.records.roles import Area
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM

AREAS = {
    "team": {"county": "BC", "uat_siruta": 22889},
    "county": {"county": "BC"},
    "national": {},
    "provider": {"services": ["social:mmps:1"]},
}


def make(ledger, role="county", scopes=("read",), **other):
    said = {"role": role, **AREAS[role], "scopes": scopes, "actor": ADMIN, **other}
    return create_token(ledger, said.pop("name", "registrul județului"), **said)


def actions(ledger) -> list[tuple[str, str]]:
    table = ledger.audit_log(actor=ADMIN)
    return [(row.action, row.after) for row in table[table["action"].str.startswith("token")].itertuples()]


def test_a_secret_opens_its_token_and_nothing_else_does(ledger):
    made, secret = make(ledger)
    assert token_of(ledger, secret).token_id == made.token_id
    for other in ("", "harta_", secret[:-1], secret + "x", secret.swapcase(), "Bearer " + secret, "harta_" + "ș" * 43):
        assert token_of(ledger, other) is None


def test_of_the_secret_only_a_digest_is_kept(ledger):
    _made, secret = make(ledger)
    with ledger.store.read() as connection:
        rows = [
            connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
            for table in ("api_tokens", "audit")
        ]
    assert rows[0]
    assert secret not in repr(rows)
    assert secret[6:] not in repr(rows)


@pytest.mark.parametrize(("role", "scope"), list(itertools.product(AREAS, api_tokens.SCOPES)))
def test_a_role_gets_the_scopes_that_the_table_of_roles_has_a_use_for(ledger, role, scope):
    permission = api_tokens.SCOPES[scope]
    is_fit = not permission or bool(roles.reach(role, permission))
    if role == "provider":
        is_fit = scope in ("read", "nearest", "report", "webhook")
    if is_fit:
        assert make(ledger, role, [scope])[0].scopes == (scope,)
    else:
        with pytest.raises(BadTokenError):
            make(ledger, role, [scope])


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "admin"},
        {"role": "system"},
        {"role": "team", "uat_siruta": None},
        {"role": "county", "county": ""},
        {"role": "national", "county": "BC"},
        {"role": "provider", "services": []},
        {"role": "provider", "services": [f"social:mmps:{n}" for n in range(16)]},
        {"services": ["social:mmps:1"]},
        {"scopes": []},
        {"scopes": ["read", "everything"]},
        {"days": 0},
        {"days": 367},
        {"days": -1},
        {"name": "  "},
        {"name": "x" * 81},
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(ledger, wrong):
    role = wrong.get("role", "county")
    said = {**AREAS.get(role, {}), "scopes": ["read"], "role": role, **wrong}
    with pytest.raises(BadTokenError):
        create_token(ledger, said.pop("name", "x"), actor=ADMIN, **said)
    assert list_tokens(ledger, actor=ADMIN) == []


@pytest.mark.parametrize("actor", [TEAM, COUNTY, NATIONAL])
def test_only_the_administrator_keeps_tokens_and_who_tries_is_noted(ledger, actor):
    made, _secret = make(ledger)
    for attempt in (
        lambda: create_token(ledger, "x", role="county", county="BC", scopes=["read"], actor=actor),
        lambda: replace_token(ledger, made.token_id, actor=actor),
        lambda: list_tokens(ledger, actor=actor),
        lambda: revoke_token(ledger, made.token_id, actor=actor),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert ("token.manage", "refused") in actions(ledger)
    assert len(list_tokens(ledger, actor=ADMIN)) == 1


def test_making_replacing_and_revoking_are_in_the_audit_log(ledger):
    made, _secret = make(ledger, scopes=["read", "refer"])
    after, _secret = replace_token(ledger, made.token_id, actor=ADMIN)
    revoke_token(ledger, made.token_id, actor=ADMIN)
    revoke_token(ledger, made.token_id, actor=ADMIN)  # once more changes nothing
    assert sorted(actions(ledger)) == sorted(
        [
            ("token.make", "county:read;refer"),
            ("token.make", "county:read;refer"),
            ("token.replace", after.token_id),
            ("token.revoke", ""),
        ]
    )
    assert ledger.verify_audit() == []


def test_a_revoked_token_is_dead_in_another_process_at_once(url, clock):
    here, there = open_ledger(url, clock=clock), open_ledger(url, clock=clock)
    made, secret = make(here)
    assert token_of(there, secret) is not None
    revoke_token(here, made.token_id, actor=ADMIN)
    assert token_of(there, secret) is None
    here.close()
    there.close()


def test_a_token_ends_at_its_moment(ledger, clock):
    _made, secret = make(ledger, days=1)
    clock.move(hours=23, minutes=59)
    assert token_of(ledger, secret) is not None
    clock.move(minutes=1)
    assert token_of(ledger, secret) is None


def test_two_are_valid_while_one_takes_the_place_of_the_other(ledger, clock):
    old, old_secret = make(ledger, "team", ["read", "refer"])
    new, new_secret = replace_token(ledger, old.token_id.lower(), days=30, actor=ADMIN)
    assert (new.role, new.county, new.uat_siruta, new.scopes) == (old.role, old.county, old.uat_siruta, old.scopes)
    assert token_of(ledger, old_secret) is not None
    assert token_of(ledger, new_secret) is not None
    clock.move(days=7)
    assert token_of(ledger, old_secret) is None
    assert token_of(ledger, new_secret) is not None
    with pytest.raises(UnknownTokenError):
        replace_token(ledger, old.token_id, actor=ADMIN)


@pytest.mark.parametrize("days", [0, -1, 367, 10**12])
def test_a_replacing_token_is_valid_from_a_day_to_a_year_too(ledger, days):
    old, _secret = make(ledger)
    with pytest.raises(BadTokenError):
        replace_token(ledger, old.token_id, days=days, actor=ADMIN)


def test_replacing_never_lengthens_the_life_of_the_old_one(ledger):
    old, _secret = make(ledger, days=2)
    replace_token(ledger, old.token_id, actor=ADMIN)
    kept = {each.token_id: each for each in list_tokens(ledger, actor=ADMIN)}
    assert kept[old.token_id].expires_at == old.expires_at


def test_a_provider_acts_on_its_own_services_alone(ledger):
    made, _secret = make(ledger, "provider", ["report"])
    assert roles.allows(made.actor("social:mmps:1"), "capacity.report", Area(service_id="social:mmps:1"))
    assert not roles.allows(made.actor("social:mmps:2"), "capacity.report", Area(service_id="social:mmps:2"))
    assert not roles.allows(made.actor("social:mmps:1"), "capacity.report", Area(service_id="social:mmps:2"))
    assert not roles.allows(made.actor(), "referral.read", Area("BC", 22889, "social:mmps:1", "R-1"))


def test_the_day_of_its_use_is_noted_once(ledger, clock):
    made, secret = make(ledger)
    assert made.used_on == ""
    token_of(ledger, secret)
    assert list_tokens(ledger, actor=ADMIN)[0].used_on == "2026-03-02"
    clock.move(days=1)
    token_of(ledger, secret)
    assert list_tokens(ledger, actor=ADMIN)[0].used_on == "2026-03-03"


def test_a_backup_from_before_does_not_bring_a_revoked_token_back(ledger, clock):
    from referrals.backups.erasure_replay import apply_erasures

    made, secret = make(ledger)
    kept, other = make(ledger)
    with ledger.store.read() as connection:
        assert erasure_list.collect(connection, clock()).tokens == ()
    revoked = erasure_list.ErasureList("2026-03-02T07:00:00+00:00", tokens=(made.token_id,))
    with ledger.store.write() as connection:  # as a ledger restored from a backup that does not know yet
        applied = apply_erasures(connection, revoked, actor=ADMIN, now=clock())
    assert applied.tokens == (made.token_id,)
    assert token_of(ledger, secret) is None
    assert token_of(ledger, other).token_id == kept.token_id
    with ledger.store.read() as connection:
        assert erasure_list.collect(connection, clock()).tokens == (made.token_id,)
