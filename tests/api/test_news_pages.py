"""News on a plain page: counted in the bar, listed for the own account and area alone, read on a press."""

from __future__ import annotations

import pytest

from referrals.field import corrected_catalogue, field_reports
from referrals.outbox.message_writing import MessageFacts, write_message
from referrals.records.vocabulary import Actor
from referrals.workflow import field_intake
from tests.api.plain.test_plain_journey import number, refer

PAGE = "/simplu/noutati"


@pytest.fixture
def told(demo, as_role):
    """A referral of Parincea's team of which an answer is told to the team."""
    team = as_role()
    made = number(refer(team))
    facts = MessageFacts(service_id="social:mmps:1", referral_id=made, county="BC", uat_siruta=24089)
    with demo.ledger.store.write() as connection:
        write_message(connection, "referral_answered", f"{made}:accept", "team:24089", facts, now=demo.ledger.clock())
    return team, made


def test_the_bell_counts_and_the_page_lists_and_a_press_reads(told):
    team, made = told
    page = team.get(PAGE)
    assert f"Răspuns la referirea {made}" in page.text
    assert "Noutăți necitite: 1" in page.text
    assert "Noutăți necitite: 1" in team.get(PAGE).text, "looking marks nothing as read"
    assert "C-" not in page.text
    assert len(page.content) < 30_000
    read = team.submit(page, PAGE, pas="citit")
    assert "necitite: 0" in read.text
    assert made in read.text


def test_another_community_and_a_county_see_nothing_of_it(told, as_role):
    _team, made = told
    for role in ("team:20304", "county:BC"):
        page = as_role(role).get(PAGE)
        assert page.status_code == 200
        assert made not in page.text


@pytest.mark.parametrize("role", ["team:24089", "team:20304"])
def test_whoever_reported_a_wrong_fact_is_thanked_when_it_is_mended_and_not_where_that_was_taken_back(
    demo, as_role, role
):
    team, unit = Actor("team", "demo-team", "BC", int(role[5:])), Actor("county", "ujss-bc", "BC")
    service = demo.snapshot().catalogue.service("social:mmps:1")
    doubted = corrected_catalogue.doubted(service, "phone")
    doubt = field_reports.report(demo.ledger, doubted, what="phone", actor=team)
    field_intake.settle(demo, doubt.report_id, accept=True, actor=unit, value="0234 555 123")
    page = as_role(role).get(PAGE).text
    assert "Noutăți necitite: 1" in page
    assert "Ce ați semnalat a fost îndreptat. Vă mulțumim." in page
    assert "/simplu/serviciu/social:mmps:1" in page
    field_intake.undo_settling(demo, doubt.report_id, actor=unit)
    assert "nu mai este cazul" in as_role(role).get(PAGE).text


def test_without_an_account_no_address_is_kept(told):
    team, _made = told
    page = team.get(PAGE)
    assert "Fără un cont nu se trimit mesaje" in page.text
    assert team.submit(page, PAGE, pas="setari", email="a@b.ro", ritm="each", limba="ro").status_code == 400
