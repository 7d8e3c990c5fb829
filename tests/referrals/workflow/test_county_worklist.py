from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAllowedError
from referrals.records.vocabulary import Actor, Referral
from referrals.workflow import county_worklist, worklist
from referrals.workflow.directory import open_directory
from tests.worlds.homes import small_world

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
COUNTY = Actor("county", "ujss", "BC")


def referral(n, state="declined", days=40, case="C-1", need="old", replaces=""):
    return Referral(
        referral_id=f"R-{n}", service_id=f"s:{n}", service_type="8891CZ-C-II", service_county="BC", access_route="",
        case_ref=case, need=need, county="BC", uat_siruta=24089, locality_siruta=None, state=state, reason="",
        basis="consent", consent_at=NOW, note="", replaces=replaces, made_by="t", made_at=NOW - timedelta(days=days),
        expires_at=None, accepted_at=None, started_at=None, closed_at=None,
    )  # fmt: skip


MADE = st.lists(
    st.tuples(
        st.sampled_from(["declined", "expired", "held", "completed", "cancelled"]),
        st.integers(0, 80),
        st.sampled_from(["C-1", "C-2", ""]),
        st.integers(0, 5),
    ),
    max_size=8,
)


@given(MADE)
def test_nobody_ends_in_silence(made):
    every = [
        referral(n, state, days, case, replaces=f"R-{old}" if old < n else "")
        for n, (state, days, case, old) in enumerate(made)
    ]

    def is_answered(each):
        others = [other for other in every if other.case_ref == each.case_ref]
        return (
            any(other.replaces == each.referral_id for other in every)
            or any(other.state == "held" for other in others)
            or any(other.state == "completed" and other.made_at > each.made_at for other in others)
        )

    left = {e.referral_id for e in every if e.state in worklist.LOST and e.case_ref and not is_answered(e)}
    recent = {e.referral_id for e in worklist.awaiting_reassignment(every, NOW)}
    old = {e.referral_id for e in worklist.closed_without_result(every, NOW)}
    assert recent | old == left
    assert not recent & old
    assert all(e.made_at < NOW - worklist.RECENT for e in every if e.referral_id in old)


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    opened = open_directory(small_world.make_world(tmp_path_factory.mktemp("desk") / "home"))
    yield opened
    opened.ledger.close()


def test_the_queue_has_every_row_with_its_part_the_oldest_first(directory):
    every = [referral(n, state, days, f"C-{n}") for n, (state, days) in enumerate(
        [("held", 1), ("declined", 3), ("expired", 40), ("completed", 9), ("declined", 400)]
    )]  # fmt: skip
    table = county_worklist.queue_table(directory, every, now=NOW)
    assert table["referral_id"].tolist() == ["R-4", "R-2", "R-1", "R-0"]
    assert table["part"].tolist() == ["closed", "closed", "lost", "open"]
    assert "Parincea" in table["community"].iloc[0]
    assert county_worklist.filter_queue(table, part="closed", kept={"R-4", "R-1"})["referral_id"].tolist() == ["R-4"]
    assert county_worklist.filter_queue(table, kept=set()).empty
    assert len(county_worklist.filter_queue(table)) == len(table)


def test_providers_are_those_of_the_county_without_protected_ones(directory):
    table = county_worklist.providers_table(directory, actor=COUNTY)
    services = directory.snapshot().catalogue.services.set_index("service_id")
    assert len(table)
    assert not services.loc[table["service_id"], "is_secret"].any()
    old = county_worklist.providers_table(directory, actor=COUNTY, only_old=True)
    assert set(old["service_id"]) == set(table.loc[~table["is_fresh"], "service_id"])
    assert county_worklist.providers_table(directory, actor=COUNTY, words="nu există așa ceva").empty


@pytest.mark.parametrize("actor", [Actor("team", "t", "BC", 24089), Actor("national", "n")])
def test_the_desk_is_closed_to_who_settles_nothing(directory, actor):
    with pytest.raises(NotAllowedError):
        county_worklist.signals(directory, actor=actor)
    with pytest.raises(NotAllowedError):
        county_worklist.providers_table(directory, actor=actor)
