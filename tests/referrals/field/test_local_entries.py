"""Local knowledge in the ledger: who may add, check, renew and remove it, what must not stand in it, and the audit log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.errors import NotAllowedError
from referrals.field import local_entries
from referrals.field.local_entries import LocalDraft
from referrals.records.ledger_errors import BadLocalEntryError, PersonalDataError, UnknownLocalEntryError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM, everything

OTHER_TEAM = Actor("team", "echipa-2", "BC", 24089)
OTHER_COUNTY = Actor("county", "ujss-cj", "CJ")
LINK = Actor("provider", "", service_id="medical:own:M1")
DRAFT = LocalDraft(
    name="Parohia", offers="Haine", taken="oricine", needs=("clothes",), county="BC", uat_siruta=24089,
    locality_siruta=None, serves="county", hours="", phone="0234 000 111", days="", review_on=date(2026, 9, 1),
)  # fmt: skip


def test_a_team_adds_its_county_unit_checks_and_each_step_is_in_the_trail(ledger, clock):
    versions = [local_entries.version(ledger)]
    made = local_entries.add(ledger, DRAFT, actor=TEAM)
    assert (made.state, made.keeper_uat, made.checked_on) == ("entered", 22889, None)
    versions.append(local_entries.version(ledger))
    clock.move(days=1)
    checked = local_entries.check(ledger, made.entry_id, accept=True, actor=COUNTY)
    assert checked.checked_on == date(2026, 3, 3)
    versions.append(local_entries.version(ledger))
    clock.move(days=1)
    renewed = local_entries.renew(ledger, made.entry_id, review_on=date(2027, 1, 1), actor=TEAM)
    assert (renewed.state, renewed.checked_on) == ("checked", date(2026, 3, 3))
    assert renewed.draft.review_on == date(2027, 1, 1)
    versions.append(local_entries.version(ledger))
    clock.move(days=1)
    assert local_entries.remove(ledger, made.entry_id, actor=TEAM).state == "removed"
    assert local_entries.in_force(ledger) == []
    versions.append(local_entries.version(ledger))
    clock.move(days=1)
    assert local_entries.put_back(ledger, made.entry_id, actor=TEAM).state == "entered"
    versions.append(local_entries.version(ledger))
    assert len(set(versions)) == len(versions)
    assert ledger.verify_audit() == []
    log = [row for row in everything(ledger)["audit"] if f"local:{made.entry_id}" in row]
    assert len(log) == 5
    assert not any("Parohia" in str(row) or "0234" in str(row) for row in log)


def test_a_step_moves_no_place(ledger):
    before = ledger.event_counter()
    local_entries.add(ledger, DRAFT, actor=TEAM)
    assert ledger.event_counter() == before


@pytest.mark.parametrize("actor", [OTHER_COUNTY, NATIONAL, LINK, Actor("team", "x", "CJ", 1)])
def test_nobody_adds_in_another_county_or_without_a_role_for_it(ledger, actor):
    with pytest.raises(NotAllowedError):
        local_entries.add(ledger, DRAFT, actor=actor)
    assert local_entries.in_force(ledger) == []


@pytest.mark.parametrize("actor", [TEAM, OTHER_TEAM, OTHER_COUNTY, NATIONAL, LINK])
def test_only_the_own_county_unit_or_an_administrator_checks(ledger, actor):
    made = local_entries.add(ledger, DRAFT, actor=TEAM)
    with pytest.raises(NotAllowedError):
        local_entries.check(ledger, made.entry_id, accept=True, actor=actor)
    assert local_entries.check(ledger, made.entry_id, accept=False, actor=ADMIN).state == "refused"
    assert local_entries.in_force(ledger) == []


@pytest.mark.parametrize("actor", [OTHER_TEAM, OTHER_COUNTY, NATIONAL, LINK])
def test_a_team_changes_its_own_alone(ledger, actor):
    made = local_entries.add(ledger, DRAFT, actor=TEAM)
    for step in (local_entries.remove, local_entries.put_back):
        with pytest.raises(NotAllowedError):
            step(ledger, made.entry_id, actor=actor)
    with pytest.raises(NotAllowedError):
        local_entries.renew(ledger, made.entry_id, review_on=date(2027, 1, 1), actor=actor)
    assert local_entries.remove(ledger, made.entry_id, actor=COUNTY).state == "removed"


def test_a_county_reads_its_own_and_another_s_is_refused(ledger):
    made = local_entries.add(ledger, DRAFT, actor=TEAM)
    for actor in (TEAM, OTHER_TEAM, COUNTY, NATIONAL, ADMIN):
        assert [e.entry_id for e in local_entries.listed(ledger, actor=actor)] == [made.entry_id]
    assert local_entries.listed(ledger, actor=OTHER_COUNTY) == []
    for actor in (OTHER_COUNTY, LINK):
        with pytest.raises(NotAllowedError):
            local_entries.listed(ledger, actor=actor, county="BC")


@pytest.mark.parametrize("field", ["name", "offers", "taken", "hours"])
def test_no_text_takes_anything_personal(ledger, field):
    with pytest.raises(PersonalDataError):
        local_entries.add(ledger, replace(DRAFT, **{field: "sunați la 0722 123 456"}), actor=TEAM)
    assert local_entries.in_force(ledger) == []


def test_a_name_what_it_gives_and_a_need_must_be_said_and_not_at_length(ledger):
    for wrong in ({"name": " "}, {"offers": ""}, {"needs": ()}, {"name": "x" * 121}, {"hours": "x" * 121}):
        with pytest.raises(BadLocalEntryError):
            local_entries.add(ledger, replace(DRAFT, **wrong), actor=TEAM)


def test_the_same_name_at_the_same_place_is_the_same_entry_brought_up_to_date_and_unchecked(ledger):
    first = local_entries.add(ledger, DRAFT, actor=TEAM)
    local_entries.check(ledger, first.entry_id, accept=True, actor=COUNTY)
    again = local_entries.add(ledger, replace(DRAFT, offers="Haine și lemne"), actor=TEAM)
    assert (again.entry_id, again.draft.offers, again.state) == (first.entry_id, "Haine și lemne", "entered")
    pasted = local_entries.add(
        ledger, replace(DRAFT, name=" Parohia\u2028", taken="oricine\n din \x1bIaşi"), actor=TEAM
    )
    assert (pasted.entry_id, pasted.draft.taken) == (first.entry_id, "oricine din Iași")
    other = local_entries.add(ledger, DRAFT, actor=OTHER_TEAM)
    assert other.entry_id != first.entry_id


def test_a_step_from_a_state_that_is_past_and_a_number_that_is_none_are_refused(ledger):
    made = local_entries.add(ledger, DRAFT, actor=TEAM)
    local_entries.remove(ledger, made.entry_id, actor=TEAM)
    with pytest.raises(BadLocalEntryError, match="scos"):
        local_entries.check(ledger, made.entry_id, accept=True, actor=COUNTY)
    with pytest.raises(UnknownLocalEntryError):
        local_entries.remove(ledger, 999, actor=TEAM)


def test_one_team_cannot_fill_the_list(ledger, monkeypatch):
    monkeypatch.setattr(local_entries, "MOST_OF_ONE", 2)
    for name in ("a", "b"):
        local_entries.add(ledger, replace(DRAFT, name=name), actor=TEAM)
    with pytest.raises(BadLocalEntryError):
        local_entries.add(ledger, replace(DRAFT, name="c"), actor=TEAM)
    assert local_entries.add(ledger, replace(DRAFT, name="c"), actor=OTHER_TEAM).state == "entered"


def test_what_was_taken_out_is_forgotten_after_a_year_and_the_trail_says_so(ledger, clock):
    made = local_entries.add(ledger, DRAFT, actor=TEAM)
    kept = local_entries.add(ledger, replace(DRAFT, name="Alta"), actor=TEAM)
    local_entries.remove(ledger, made.entry_id, actor=TEAM)
    clock.move(days=365)
    ledger.erase_old(actor=ADMIN)
    assert local_entries.by_id(ledger, made.entry_id).state == "removed"
    clock.move(seconds=1)
    ledger.erase_old(actor=ADMIN)
    with pytest.raises(UnknownLocalEntryError):
        local_entries.by_id(ledger, made.entry_id)
    assert local_entries.by_id(ledger, kept.entry_id).state == "entered"
    assert any("local.forget" in row for row in everything(ledger)["audit"])
    assert ledger.verify_audit() == []
