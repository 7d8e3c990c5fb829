"""The whole table of role x action x area, written out a second time, and enforced by the ledger itself."""

from __future__ import annotations

import itertools

import pytest

from core.errors import NotAllowedError
from referrals.records import roles
from referrals.records.roles import Area, allows, require
from referrals.records.vocabulary import Actor

ACTORS = {
    "team": Actor("team", "a", "BC", 22889),
    "county": Actor("county", "a", "BC"),
    "national": Actor("national", "a"),
    "provider": Actor("provider", "link:L", service_id="social:mmps:1", referral_id="R-1"),
    "admin": Actor("admin", "a"),
    "system": Actor("system", "a"),
}
AREAS = {
    "own community": Area("BC", 22889, "social:mmps:1", "R-1"),
    "own county": Area("BC", 1, "social:mmps:1", "R-2"),
    "other county": Area("CJ", 2, "social:mmps:2", "R-3"),
}
ALL = set(AREAS)
COUNTY = {"own community", "own county"}
OWN = {"own community"}  # the provider's link is to R-1, which lies there
NONE: set[str] = set()
# One line per action: team, county unit, national, provider, administrator, system.
EXPECTED = {
    "capacity.report": (ALL, ALL, ALL, OWN, ALL, ALL),
    "referral.make": (OWN, COUNTY, NONE, NONE, NONE, NONE),
    "referral.answer": (OWN, COUNTY, NONE, OWN, NONE, NONE),
    "referral.follow": (OWN, COUNTY, NONE, OWN, NONE, NONE),
    "referral.cancel": (OWN, COUNTY, NONE, NONE, NONE, NONE),
    "referral.read": (OWN, COUNTY, NONE, OWN, NONE, NONE),
    "referral.list": (OWN, COUNTY, NONE, NONE, NONE, NONE),
    "counts.read": (OWN, COUNTY, ALL, NONE, ALL, ALL),
    "gap.read": (NONE, COUNTY, ALL, NONE, ALL, ALL),
    "gap.words": (NONE, NONE, NONE, NONE, ALL, ALL),
    "case.erase": (OWN, COUNTY, NONE, NONE, ALL, ALL),
    "case.write": (OWN, NONE, NONE, NONE, NONE, NONE),
    "case.import": (OWN, NONE, NONE, NONE, ALL, NONE),
    "case.read": (OWN, COUNTY, NONE, NONE, NONE, NONE),
    "case.move": (OWN, COUNTY, NONE, NONE, NONE, NONE),
    "case.supervise": (NONE, COUNTY, NONE, NONE, NONE, NONE),
    "case.counts": (OWN, COUNTY, ALL, NONE, ALL, ALL),
    "device.revoke": (OWN, COUNTY, NONE, NONE, ALL, ALL),
    "secret.read": (NONE, COUNTY, NONE, NONE, NONE, NONE),
    "link.referral": (OWN, COUNTY, NONE, NONE, NONE, NONE),
    "entry.correct": (NONE, NONE, NONE, OWN, NONE, NONE),
    "link.service": (NONE, COUNTY, NONE, NONE, ALL, NONE),
    "campaign.run": (NONE, COUNTY, NONE, NONE, ALL, NONE),
    "places.import": (NONE, COUNTY, NONE, NONE, ALL, NONE),
    "address.keep": (NONE, COUNTY, NONE, NONE, ALL, NONE),
    "message.manage": (NONE, NONE, NONE, NONE, ALL, ALL),
    "audit.read": (NONE, NONE, NONE, NONE, ALL, ALL),
    "account.manage": (NONE, COUNTY, NONE, NONE, ALL, ALL),
    "token.manage": (NONE, NONE, NONE, NONE, ALL, ALL),
    "edition.publish": (NONE, NONE, NONE, NONE, ALL, ALL),
    "store.keep": (NONE, NONE, NONE, NONE, ALL, ALL),
    "field.report": (ALL, ALL, ALL, OWN, ALL, NONE),
    "field.read": (ALL, COUNTY, ALL, NONE, ALL, NONE),
    "field.settle": (NONE, COUNTY, NONE, NONE, ALL, NONE),
    "duplicate.decide": (NONE, COUNTY, NONE, NONE, ALL, NONE),
    "unmet.record": (OWN, COUNTY, NONE, NONE, NONE, NONE),
    "local.read": (COUNTY, COUNTY, ALL, NONE, ALL, ALL),
    "local.add": (COUNTY, COUNTY, NONE, NONE, ALL, NONE),
    "local.change": (OWN, COUNTY, NONE, NONE, ALL, NONE),
    "local.check": (NONE, COUNTY, NONE, NONE, ALL, NONE),
    "monthly.enter": (OWN, COUNTY, NONE, NONE, ALL, ALL),
    "monthly.wide": (NONE, COUNTY, ALL, NONE, ALL, ALL),
    "monthly.file": (OWN, COUNTY, NONE, NONE, NONE, ALL),
    "monthly.decide": (NONE, COUNTY, NONE, NONE, NONE, ALL),
    "monthly.read": (OWN, COUNTY, ALL, NONE, ALL, ALL),
}


@pytest.mark.parametrize(("action", "role", "area"), list(itertools.product(EXPECTED, ACTORS, AREAS)))
def test_each_role_may_do_each_action_where_the_table_says(action, role, area):
    expected = area in EXPECTED[action][list(ACTORS).index(role)]
    assert allows(ACTORS[role], action, AREAS[area]) is expected
    if expected:
        require(ACTORS[role], action, AREAS[area])
    else:
        with pytest.raises(NotAllowedError):
            require(ACTORS[role], action, AREAS[area])


def test_no_action_escapes_the_test_above():
    assert set(roles.TABLE) == set(EXPECTED)
    assert tuple(ACTORS) == roles.ROLES


def test_an_action_nobody_wrote_down_is_an_error_and_not_a_yes():
    with pytest.raises(KeyError):
        allows(ACTORS["admin"], "referral.invent", Area())


@pytest.mark.parametrize("action", [action for action, cells in EXPECTED.items() if cells[3]])
def test_a_link_for_one_referral_opens_that_referral_alone(action):
    link = ACTORS["provider"]
    assert allows(link, action, Area("BC", 22889, "social:mmps:1", "R-1"))
    for area in (Area(service_id="social:mmps:1"), Area("BC", 22889, "social:mmps:1", "R-2"), Area(referral_id="R-2")):
        assert not allows(link, action, area)


@pytest.mark.parametrize("action", list(EXPECTED))
def test_an_empty_area_is_nobody_s_own(action):
    """A missing county or UAT on either side must not match a missing one on the other."""
    for actor in (Actor("team"), Actor("county"), Actor("provider")):
        if roles.reach(actor.role, action) != "nation":
            assert not allows(actor, action, Area())


def test_secrets_and_the_trail_open_to_those_entitled_and_the_reading_is_written(ledger):
    ledger.log_secret_reading("social:mmps:1", county="BC", actor=ACTORS["county"])
    for role in ("team", "national", "provider", "admin"):
        with pytest.raises(NotAllowedError):
            ledger.log_secret_reading("social:mmps:1", county="BC", actor=ACTORS[role])
    log = ledger.audit_log(actor=ACTORS["admin"], subject="social:mmps:1")
    assert sorted(zip(log["role"], log["after"], strict=True)) == [
        ("admin", "refused"), ("county", ""), ("national", "refused"), ("provider", "refused"), ("team", "refused")
    ]  # fmt: skip
    for role in ("team", "county", "national", "provider"):
        with pytest.raises(NotAllowedError):
            ledger.audit_log(actor=ACTORS[role])
