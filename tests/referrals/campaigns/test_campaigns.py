"""Providers are asked for their places by one link each, for all their services; answers show, and asking ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from core.errors import NotAllowedError, UnknownCodeError
from referrals.campaigns import asked_services, fresh_share
from referrals.campaigns.campaign_status import campaign_table, list_campaigns
from referrals.campaigns.campaign_steps import remind, start, stop
from referrals.database.models import link_services
from referrals.delivery.mail_sending import send_due
from referrals.ledger import link_answers, provider_tokens
from referrals.records.ledger_errors import LinkError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM, report
from tests.worlds.servers.mail_world import (
    SETTINGS,
    SHELTER,
    MailDirectory,
    Post,
    add_accounts,
    links_of,
    rows,
    text_of,
)

ELSEWHERE = Actor("county", "ujss-cj", "CJ")
PROVIDER = Actor("provider", "link:L-1", service_id="social:mmps:1")
ONE, TWO = "unu@furnizor.example.ro", "doi@furnizor.example.ro"


@pytest.fixture
def directory(ledger, tmp_path) -> MailDirectory:
    add_accounts(ledger)
    return MailDirectory(ledger, tmp_path)


def answer(ledger, path: str, said: dict[str, int]) -> int | None:
    token = path.removeprefix("/l/")
    nonce = provider_tokens.new_nonce(ledger, token)
    return link_answers.report_several(ledger, token, nonce, {key: (free, None) for key, free in said.items()})


def test_each_provider_gets_one_link_by_message_and_who_has_no_address_stands_on_the_list(directory, ledger):
    made, asked = start(directory, county="BC", actor=COUNTY)
    assert asked == 3, "two addresses, and the service without one; nobody asks the shelter"
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert post.addresses == [TWO, ONE]
    table = campaign_table(directory, made.campaign_id, actor=COUNTY)
    assert sorted(table["channel"]) == ["message", "message", "print"]
    assert table["answered"].sum() == 0
    assert set(table["phone"]) == {""}, "what is not known is not printed as a number that is none"
    assert not table["services"].str.contains("Adăpost|protejat").any()
    with ledger.store.read() as connection:
        opened = connection.exec_driver_sql("SELECT service_id FROM link_services").scalars().all()
    assert SHELTER not in opened


def test_one_link_answers_for_all_services_of_an_address(ledger, tmp_path):
    directory = MailDirectory(ledger, tmp_path, more=3)
    post = Post()
    start(directory, county="BC", actor=COUNTY)
    send_due(directory, SETTINGS, channel=post)
    (path,) = links_of(post.to("s10@furnizor.example.ro")[0])
    link, _seen = link_answers.look(ledger, path.removeprefix("/l/"))
    assert provider_tokens.services_of(ledger, link) == ("social:mmps:10",)
    with ledger.store.write() as connection:
        connection.execute(insert(link_services).values(link_id=link.link_id, service_id="social:mmps:11"))
    assert answer(ledger, path, {"social:mmps:10": 2, "social:mmps:11": 0}) == 2
    told = ledger.capacity_now(["social:mmps:10", "social:mmps:11"])
    assert list(told["status"]) == ["free", "full"]
    with pytest.raises(LinkError):
        answer(ledger, path, {"social:mmps:12": 1})
    with pytest.raises(LinkError):
        answer(ledger, path[:-2], {"social:mmps:10": 1})


def test_a_provider_of_more_services_than_a_page_takes_gets_several_links(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(asked_services, "MOST_OF_A_LINK", 4)
    monkeypatch.setattr(asked_services, "tidy_address", lambda _text: "")
    directory = MailDirectory(ledger, tmp_path, more=3)
    made, asked = start(directory, county="BC", actor=COUNTY)
    table = campaign_table(directory, made.campaign_id, actor=COUNTY)
    assert (asked, sorted(table["asked"]), set(table["provider"])) == (2, [2, 4], {"Asociația Exemplu"})
    assert start(directory, county="BC", actor=COUNTY)[1] == 0


def test_the_same_page_sent_twice_reports_once(directory, ledger):
    post = Post()
    start(directory, county="BC", actor=COUNTY)
    send_due(directory, SETTINGS, channel=post)
    (path,) = links_of(post.to(ONE)[0])
    token = path.removeprefix("/l/")
    nonce = provider_tokens.new_nonce(ledger, token)
    said = {"social:mmps:1": (4, None)}
    assert link_answers.report_several(ledger, token, nonce, said) == 1
    assert link_answers.report_several(ledger, token, nonce, said) is None


def test_who_answered_is_not_reminded_and_nobody_twice_in_three_days(directory, ledger, clock):
    made, _asked = start(directory, county="BC", actor=COUNTY)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert remind(ledger, made.campaign_id, actor=COUNTY) == 0, "they were asked today"
    clock.move(days=1)
    answer(ledger, links_of(post.to(ONE)[0])[0], {"social:mmps:1": 3})
    clock.move(days=3)
    assert remind(ledger, made.campaign_id, actor=COUNTY) == 1
    assert remind(ledger, made.campaign_id, actor=COUNTY) == 0
    send_due(directory, SETTINGS, channel=post)
    assert len(post.to(ONE)) == 1
    assert "a doua rugăminte" in post.to(TWO)[1]["Subject"]
    assert links_of(post.to(TWO)[0]) == links_of(post.to(TWO)[1]), "the same link"
    table = campaign_table(directory, made.campaign_id, actor=COUNTY)
    assert list(table["answered"]) == [0, 0, 1], "whoever has not answered stands first"


def test_who_answered_by_telephone_before_the_message_went_out_is_not_written_to(directory, ledger, clock):
    start(directory, county="BC", actor=COUNTY)
    clock.move(minutes=5)
    report(ledger, 2)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert post.addresses == [TWO]


def test_what_was_stopped_is_not_sent_but_its_links_still_take_answers(directory, ledger, clock):
    made, _asked = start(directory, county="BC", actor=COUNTY)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    clock.move(days=4)
    remind(ledger, made.campaign_id, actor=COUNTY)
    assert stop(ledger, made.campaign_id, actor=COUNTY).stopped_at is not None
    send_due(directory, SETTINGS, channel=post)
    assert len(post.taken) == 2
    assert answer(ledger, links_of(post.to(ONE)[0])[0], {"social:mmps:1": 3}) == 1
    with pytest.raises(UnknownCodeError):
        remind(ledger, made.campaign_id, actor=COUNTY)


def test_nobody_is_asked_by_two_campaigns_or_with_a_fresh_report(directory, ledger, clock):
    report(ledger, 3, "social:mmps:2")
    assert start(directory, county="BC", actor=COUNTY)[1] == 2
    assert start(directory, county="BC", actor=COUNTY)[1] == 0
    clock.move(days=13)
    assert start(directory, county="BC", actor=COUNTY)[1] == 1, "its report ends tomorrow"


def test_a_type_or_county_that_is_none_is_said_and_a_type_narrows(directory):
    with pytest.raises(UnknownCodeError):
        start(directory, county="BC", service_types=("8888",), actor=COUNTY)
    with pytest.raises(UnknownCodeError):
        start(directory, county="XX", actor=ADMIN)
    assert start(directory, county="BC", service_types=("8899CZ-PN-V",), actor=COUNTY)[1] == 0
    assert start(directory, county="BC", service_types=("8891CZ-C-II",), actor=COUNTY)[1] == 3


@pytest.mark.parametrize("actor", [COUNTY, ADMIN])
def test_the_county_unit_and_the_administrator_run_campaigns(directory, ledger, actor):
    made, _asked = start(directory, county="BC", actor=actor)
    assert [each.campaign_id for each in list_campaigns(ledger, actor=actor)] == [made.campaign_id]
    remind(ledger, made.campaign_id, actor=actor)
    campaign_table(directory, made.campaign_id, actor=actor)
    stop(ledger, made.campaign_id, actor=actor)
    assert ledger.verify_audit() == []


@pytest.mark.parametrize("actor", [TEAM, ELSEWHERE, NATIONAL, PROVIDER])
def test_nobody_else_starts_reads_reminds_or_stops_one_and_the_attempt_is_noted(directory, ledger, actor):
    made, _asked = start(directory, county="BC", actor=COUNTY)
    for attempt in (
        lambda: start(directory, county="BC", actor=actor),
        lambda: campaign_table(directory, made.campaign_id, actor=actor),
        lambda: remind(ledger, made.campaign_id, actor=actor),
        lambda: stop(ledger, made.campaign_id, actor=actor),
        lambda: list_campaigns(ledger, actor=actor, county="BC"),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    with ledger.store.read() as connection:
        query = "SELECT DISTINCT action FROM audit WHERE after = 'refused'"
        noted = set(connection.exec_driver_sql(query).scalars())
    assert noted == {"campaign.start", "campaign.status", "campaign.remind", "campaign.stop"}


def test_whoever_wants_no_messages_comes_onto_the_list_for_telephone_or_print(directory, ledger):
    made, _asked = start(directory, county="BC", actor=COUNTY)
    with ledger.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE messages SET state = 'skipped', reason = 'stopped' WHERE recipient = 'service:social:mmps:1'"
        )
    table = campaign_table(directory, made.campaign_id, actor=COUNTY)
    assert sorted(table["channel"]) == ["message", "print", "print"], "this world has no telephones"


def test_a_request_names_the_services_and_nothing_else_of_the_register(directory, ledger):
    start(directory, county="BC", actor=COUNTY)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    body = text_of(post.to(ONE)[0])
    assert "- Cantina 1" in body
    assert TWO not in body


def test_the_share_of_services_with_a_fresh_place_rises_with_answers_and_falls_with_age(directory, ledger, clock):
    begin = clock()
    clock.move(hours=1)
    report(ledger, 3)
    report(ledger, 0, "social:mmps:2")
    moments = [begin, begin + timedelta(days=1), begin + timedelta(days=30)]
    clock.move(days=30)
    table = fresh_share.fresh_share_table(directory, moments, actor=COUNTY)
    assert list(table["fresh"]) == [0, 2, 0]
    assert set(table["services"]) == {3}
    assert list(table["county"].unique()) == ["BC"]
    assert table["share"].round(2).tolist() == [0.0, 0.67, 0.0]
    with pytest.raises(NotAllowedError):
        fresh_share.fresh_share_table(directory, moments, actor=COUNTY, county="CJ")


def test_a_campaign_s_messages_are_once_each_however_often_it_is_looked_at(directory, ledger):
    start(directory, county="BC", actor=COUNTY)
    for _run in range(3):
        send_due(directory, SETTINGS, channel=Post())
    assert [one.state for one in rows(ledger)] == ["sent", "sent"]
