"""What a provider says of its own service: at once or after the county unit, kept, taken back, and by its link alone."""

from __future__ import annotations

import pandas as pd
import pytest

from core.errors import NotAllowedError
from referrals.field import corrected_catalogue, field_reports, provider_statements
from referrals.field.provider_statements import Statement, state_facts, statements_of, take_back
from referrals.ledger import provider_tokens
from referrals.provider_entry import WrongEntryError, entry_fields, read_statements, said_before
from referrals.records.ledger_errors import BadReportError, LinkError, PersonalDataError
from referrals.records.vocabulary import Actor
from referrals.service_page import service_page
from referrals.workflow import county_worklist, field_intake
from referrals.workflow.directory import open_directory
from tests.worlds.homes import small_world

TEAM, UNIT, OTHER_UNIT = (
    Actor("team", "echipa-1", "BC", 24089),
    Actor("county", "ujss-bc", "BC"),
    Actor("county", "u", "IS"),
)
CENTRE, OTHER = "social:mmps:1", "social:mmps:2"


@pytest.fixture
def directory(tmp_path, kept_catalogues):
    opened = open_directory(small_world.make_world(tmp_path / "home"))
    yield opened
    opened.ledger.close()


@pytest.fixture
def token(directory):
    return county_worklist.make_places_link(directory, CENTRE, actor=UNIT)


def nonce(directory, token):
    return provider_tokens.new_nonce(directory.ledger, token)


def say(directory, token, key=CENTRE, **typed):
    said = read_statements(directory, key, typed)
    return state_facts(directory.ledger, token, nonce(directory, token), said)


def facts(directory, key=CENTRE):
    return {fact.name: fact for group in service_page(directory, key).groups for fact in group.facts}


def test_a_number_shows_at_once_with_who_said_it(directory, token):
    (made,) = say(directory, token, phone="0234 555 123")
    assert made.state == "accepted"
    told = facts(directory)["Telefon"]
    assert told.value == "0234 555 123"
    assert told.known.startswith("spus de furnizor la ")
    assert directory.snapshot().catalogue.service(CENTRE)["phone"] == "0234555123"


def test_ages_change_no_answer_before_the_county_unit_accepts_them(directory, token):
    (made,) = say(directory, token, ages="60-")
    service = directory.snapshot().catalogue.service(CENTRE)
    assert made.state == "open"
    assert pd.isna(service["age_min"])
    assert "furnizorul spune: 60-" in facts(directory)["Primește"].doubt
    signal = next(each for each in county_worklist.signals(directory, actor=UNIT) if each.report_id == made.report_id)
    assert (signal.proposed, signal.since[:16]) == ("60-", "spune furnizorul")
    field_intake.settle(directory, made.report_id, accept=True, actor=UNIT)
    assert directory.snapshot().catalogue.service(CENTRE)["age_min"] == 60


def test_what_no_register_publishes_is_on_the_page_until_it_is_taken_back(directory, token):
    (made,) = say(directory, token, languages="hu;ro")
    assert facts(directory)["Limbile vorbite"].value == "română, maghiară"
    take_back(directory.ledger, token, nonce(directory, token), made.report_id)
    assert "Limbile vorbite" not in facts(directory)
    assert [line.state for line in said_before(directory, CENTRE)] == ["retras sau înlocuit"]
    with pytest.raises(BadReportError):
        take_back(directory.ledger, token, nonce(directory, token), made.report_id)


def test_only_what_differs_is_said(directory):
    now = {each.what: each.value for each in entry_fields(directory, CENTRE)}
    assert read_statements(directory, CENTRE, now) == []


@pytest.mark.parametrize(
    ("what", "text"),
    [("phone", "12"), ("hours", "când putem"), ("email", "nu avem"), ("ages", "70-18"), ("languages", "xx"),
     ("closed_from", "azi"), ("conditions", "x" * 301)],
)  # fmt: skip
def test_what_an_import_would_refuse_is_refused(directory, what, text):
    with pytest.raises(WrongEntryError):
        read_statements(directory, CENTRE, {what: text})


def test_conditions_that_say_who_a_person_is_are_refused(directory, token):
    said = read_statements(directory, CENTRE, {"conditions": "Întrebați de Ion, 0722 123 456"})
    with pytest.raises(PersonalDataError):
        state_facts(directory.ledger, token, nonce(directory, token), said)
    assert statements_of(directory.ledger, CENTRE) == []


def test_a_link_opens_the_entry_of_its_own_service_alone(directory, token):
    said = read_statements(directory, OTHER, {"phone": "0234 555 123"})
    with pytest.raises(LinkError):
        state_facts(directory.ledger, token, nonce(directory, token), said)
    assert statements_of(directory.ledger, OTHER) == []


def test_one_nonce_says_things_once(directory, token):
    once, said = nonce(directory, token), read_statements(directory, CENTRE, {"phone": "0234 555 123"})
    assert len(state_facts(directory.ledger, token, once, said)) == 1
    assert state_facts(directory.ledger, token, once, said) == []
    assert len(statements_of(directory.ledger, CENTRE)) == 1


def test_a_link_to_a_referral_or_one_that_was_revoked_says_nothing(directory, token):
    said = read_statements(directory, CENTRE, {"phone": "0234 555 123"})
    once = nonce(directory, token)
    provider_tokens.revoke(directory.ledger, CENTRE, actor=UNIT)
    with pytest.raises(LinkError):
        state_facts(directory.ledger, token, once, said)


def test_who_doubted_the_number_is_thanked_once_when_the_provider_mends_it(directory, token):
    doubt = field_intake.report_wrong(directory, CENTRE, what="phone", actor=TEAM)
    say(directory, token, phone="0234 555 123")
    assert field_reports.by_id(directory.ledger, doubt.report_id).state == "accepted"
    with directory.ledger.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT recipient, event FROM messages WHERE kind = 'fact_mended'").all()
    assert [tuple(row) for row in rows] == [("account:echipa-1", str(doubt.report_id))]
    assert facts(directory)["Telefon"].doubt == ""


def test_a_decision_of_a_moment_ago_is_taken_back_by_whoever_made_it(directory, token):
    (made,) = say(directory, token, ages="60-")
    field_intake.settle(directory, made.report_id, accept=True, actor=UNIT)
    with pytest.raises(NotAllowedError):
        field_intake.undo_settling(directory, made.report_id, actor=OTHER_UNIT)
    field_intake.undo_settling(directory, made.report_id, actor=UNIT)
    assert field_reports.by_id(directory.ledger, made.report_id).state == "open"
    assert pd.isna(directory.snapshot().catalogue.service(CENTRE)["age_min"])
    with pytest.raises(BadReportError):
        field_intake.undo_settling(directory, made.report_id, actor=UNIT)


def test_a_statement_is_kept_through_an_edition_that_repeats_the_old_fact_and_ends_with_one_that_mends_it(
    directory, token
):
    (made,) = say(directory, token, email="centru@exemplu.ro")
    plain = directory.published()
    again = corrected_catalogue.apply_corrections(plain, [made], directory.gazetteer)
    assert again.catalogue.service(CENTRE)["email"] == "centru@exemplu.ro"
    newer = plain.services.copy()
    newer.loc[plain.position[CENTRE], "email"] = "nou@exemplu.ro"
    from providers.catalogue.catalogue import make_catalogue

    mended = make_catalogue(newer, directory.gazetteer, manifests=plain.manifests, sealed=plain.sealed)
    after = corrected_catalogue.apply_corrections(mended, [made], directory.gazetteer)
    assert after.catalogue.service(CENTRE)["email"] == "nou@exemplu.ro"
    assert after.stale == {made.report_id}


def test_a_fact_that_is_not_the_provider_s_to_say_is_refused(directory, token):
    doubted = corrected_catalogue.doubted(directory.published().service(CENTRE), "gone")
    with pytest.raises(BadReportError):
        state_facts(directory.ledger, token, nonce(directory, token), [Statement(doubted, "gone", "")])
    assert set(provider_statements.FACTS) <= {*field_reports.WHATS, *field_reports.TOLD}
