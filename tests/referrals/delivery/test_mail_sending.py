"""What is due is sent once, to the right address, in neutral words; what is not of use any more is not sent."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import event

from core.romanian_calendar import BUCHAREST
from core.storage.message_settings import MessageSettings
from providers.rules.needs import needs
from referrals.accounts import accounts
from referrals.delivery import mail_sending
from referrals.delivery.mail_channels import MailRefusedError, ServerAwayError
from referrals.delivery.mail_sending import send_due
from referrals.delivery.planned_news import write_planned
from referrals.ledger import link_answers, provider_tokens
from referrals.outbox import address_choices, message_queue
from referrals.outbox.address_choices import MailChoice
from referrals.records.ledger_errors import LedgerError
from referrals.records.vocabulary import Actor
from tests.covering import daily
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, MONDAY, TEAM, Clock, refer, report, terms
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

ONE, TWO = "unu@furnizor.example.ro", "doi@furnizor.example.ro"
SENSITIVE = "domestic-violence"


@pytest.fixture
def directory(ledger, tmp_path) -> MailDirectory:
    add_accounts(ledger)
    report(ledger, 9)
    return MailDirectory(ledger, tmp_path)


def choose(ledger, address, rhythm, language="ro"):
    digest = address_choices.digest_of(address, provider_tokens.signing_key(ledger))
    with ledger.store.write() as connection:
        address_choices.write_choice(connection, digest, MailChoice(rhythm, language), ledger.clock())


def ended(ledger) -> dict[str, tuple[str, str]]:
    return {f"{one.kind} {one.recipient}": (one.state, one.reason) for one in rows(ledger)}


def test_a_provider_gets_its_referral_at_the_first_address_of_the_register_with_a_link_that_opens_it(directory, ledger):
    made = refer(ledger, need="no-income")
    post = Post()
    assert send_due(directory, SETTINGS, channel=post).counts["sent"] == 1
    (mail,) = post.to(ONE)
    assert post.addresses == [ONE]
    assert mail["Subject"] == f"Referire nouă {made.referral_id}"
    assert "Cantina 1" in text_of(mail)
    (path,) = links_of(mail)
    link, seen = link_answers.look(ledger, path.removeprefix("/l/"))
    assert (link.service_id, seen.referral_id) == ("social:mmps:1", made.referral_id)
    assert send_due(directory, SETTINGS, channel=post).counts == Counter()
    assert len(post.taken) == 1


def test_nothing_about_a_person_stands_in_a_message(directory, ledger):
    known = needs()["no-income"]
    made = refer(ledger, need="no-income", note="vine însoțită", locality_siruta=22898)
    ledger.transition(made.referral_id, "decline", reason="not_eligible", actor=COUNTY)
    refer(ledger, need=SENSITIVE)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert len(post.taken) >= 2
    for _id, mail in post.taken:
        whole = mail.as_string() + text_of(mail)
        for fact in (made.case_ref, "însoțită", "Parincea", "22898", "22889", known.name, "no-income", SENSITIVE):
            assert fact not in whole


def test_a_sensitive_need_carries_the_number_alone(directory, ledger):
    made = refer(ledger, need=SENSITIVE)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    (mail,) = post.to(ONE)
    assert made.referral_id in text_of(mail)
    assert "Cantina" not in text_of(mail) + mail["Subject"]


def test_an_answer_reaches_the_team_s_addresses_and_nobody_elsewhere(directory, ledger):
    made = refer(ledger)
    ledger.transition(made.referral_id, "accept", actor=COUNTY)
    accounts.set_address(ledger, "U-BOGDAN", "bogdan@primaria.example.ro", actor=ADMIN)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert post.addresses == ["ana@primaria.example.ro", "bogdan@primaria.example.ro"]
    assert ended(ledger)["referral_new service:social:mmps:1"] == ("skipped", "outdated"), "it was answered meanwhile"


def test_whoever_left_or_moved_gets_nothing_any_more(directory, ledger):
    made = refer(ledger)
    ledger.transition(made.referral_id, "accept", actor=COUNTY)
    accounts.close(ledger, "U-ANA", actor=ADMIN)
    with ledger.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE accounts SET uat_siruta = 1, login = 'b@c.example.ro' WHERE account_id = 'U-BOGDAN'"
        )
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert post.taken == []
    assert {said for said in ended(ledger).values() if said[1] != "outdated"} == {("skipped", "no_address")}


def test_a_service_without_address_one_that_is_gone_and_a_shelter_get_nothing(directory, ledger):
    for key in ("social:mmps:3", "social:mmps:99", SHELTER):
        report(ledger, 2, key)
        refer(ledger, terms(key))
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert post.taken == []
    said = ended(ledger)
    assert said["referral_new service:social:mmps:3"] == ("skipped", "no_address")
    assert said["referral_new service:social:mmps:99"] == ("skipped", "no_service")
    assert said[f"referral_new service:{SHELTER}"] == ("skipped", "no_service"), "its register key names nobody"


def test_who_said_no_gets_nothing_and_who_said_english_reads_english(directory, ledger):
    choose(ledger, ONE, "none")
    refer(ledger)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert post.taken == []
    choose(ledger, ONE, "each", "en")
    refer(ledger)
    send_due(directory, SETTINGS, channel=post)
    (mail,) = post.to(ONE)
    assert mail["Subject"].startswith("New referral R-")
    assert "ă" not in text_of(mail)


def test_one_message_a_day_carries_all_of_the_day_before(directory, ledger, clock):
    choose(ledger, ONE, "daily")
    post = Post()
    for _hour in range(3):
        refer(ledger)
        send_due(directory, SETTINGS, channel=post)
        clock.move(hours=2)
    assert post.taken == []
    clock.at = datetime(2026, 3, 3, 8, 1, tzinfo=BUCHAREST)
    send_due(directory, SETTINGS, channel=post)
    (mail,) = post.to(ONE)
    assert len(links_of(mail)) == 3
    assert mail["Subject"] == "3 mesaje de la Harta serviciilor"
    refer(ledger)
    send_due(directory, SETTINGS, channel=post)
    assert len(post.taken) == 1, "one a day"


def test_nothing_is_sent_in_quiet_hours_and_nothing_where_messages_are_off(directory, ledger, clock):
    clock.at = datetime(2026, 3, 2, 21, 0, tzinfo=BUCHAREST)
    refer(ledger)
    post = Post()
    quiet = MessageSettings(**{**SETTINGS.as_json(), "quiet_from": 20, "quiet_until": 8})
    assert send_due(directory, quiet, channel=post).is_quiet
    assert send_due(directory, MessageSettings(), channel=post).counts == Counter()
    assert post.taken == []
    assert send_due(directory, quiet, channel=post, in_quiet_hours=True).counts["sent"] == 1


@pytest.mark.parametrize(
    ("first", "last", "hour", "expected"),
    [(20, 8, 19, False), (20, 8, 20, True), (20, 8, 7, True), (20, 8, 8, False), (0, 0, 3, False), (1, 5, 4, True), (22, 24, 23, True)],
)  # fmt: skip
def test_quiet_hours_go_over_midnight(first, last, hour, expected):
    settings = MessageSettings(quiet_from=first, quiet_until=last)
    assert mail_sending.is_quiet(settings, datetime(2026, 3, 2, hour, 30, tzinfo=BUCHAREST)) is expected


def test_a_revoked_link_is_not_sent_again(directory, ledger, clock):
    made = refer(ledger)
    away = Post(refuse=raising(ServerAwayError("server_away")))
    assert send_due(directory, SETTINGS, channel=away).is_away
    provider_tokens.revoke(ledger, made.referral_id, actor=COUNTY)
    clock.move(hours=1)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert post.taken == []
    assert ended(ledger)["referral_new service:social:mmps:1"] == ("skipped", "link_ended")


def raising(error):
    def refuse(_mail):
        raise error

    return refuse


def test_a_server_that_is_away_ends_the_run_and_nothing_is_given_up(directory, ledger, clock):
    for _n in range(3):
        refer(ledger)
    asked = count()

    def refuse(_mail):
        next(asked)
        raise ServerAwayError("server_away")

    for _run in range(14):
        send_due(directory, SETTINGS, channel=Post(refuse=refuse))
        clock.move(minutes=1)
    assert {one.state for one in rows(ledger)} <= {"waiting", "failed"}
    assert next(asked) <= 14, "one try a run"
    clock.move(hours=12)
    post = Post()
    assert send_due(directory, SETTINGS, channel=post).counts["sent"] == 3


def test_what_a_server_refuses_for_good_is_dead_and_visible_and_for_now_is_tried_again(directory, ledger, clock):
    refer(ledger)
    send_due(directory, SETTINGS, channel=Post(refuse=raising(MailRefusedError(is_final=True))))
    assert ended(ledger)["referral_new service:social:mmps:1"] == ("dead", "refused")
    made = refer(ledger)
    tries = 0
    while state_of(ledger, made) in ("waiting", "failed"):
        send_due(directory, SETTINGS, channel=Post(refuse=raising(MailRefusedError(is_final=False))))
        tries += 1
        clock.move(hours=7)
    assert (state_of(ledger, made), tries) == ("dead", message_queue.MOST_ATTEMPTS)


def state_of(ledger, made) -> str:
    return next(one.state for one in rows(ledger) if one.referral_id == made.referral_id)


def test_messages_of_the_same_try_have_the_same_message_id(directory, ledger, clock):
    refer(ledger)
    seen: list[str] = []

    def refuse(mail):
        seen.append(mail["Message-ID"])
        if len(seen) < 3:
            raise MailRefusedError(is_final=False)

    for _try in range(3):
        send_due(directory, SETTINGS, channel=Post(refuse=refuse))
        clock.move(hours=8)
    assert len(seen) == 3
    assert len(set(seen)) == 1


def test_the_clock_brings_terms_old_reports_and_a_week(directory, ledger, clock):
    refer(ledger)
    clock.move(days=2, hours=1)
    write_planned(directory, SETTINGS)
    write_planned(directory, SETTINGS)
    kinds = Counter(one.kind for one in rows(ledger))
    assert kinds == {"referral_new": 1, "expiry_tomorrow": 2, "referral_expiring": 1, "county_week": 1}
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert len(post.to(ONE)) == 2
    (week,) = post.to("ujss@judet.example.ro")
    assert sum(line.startswith("- ") for line in text_of(week).splitlines()) == 10
    clock.move(days=10, hours=1)
    write_planned(directory, SETTINGS)
    send_due(directory, SETTINGS, channel=post)
    (stale,) = [mail for mail in post.to(ONE) if "Locurile dumneavoastră" in mail["Subject"]]
    link, seen = link_answers.look(ledger, links_of(stale)[0].removeprefix("/l/"))
    assert (link.service_id, seen) == ("social:mmps:1", None)


def test_where_nothing_is_sent_providers_are_not_written_to_by_the_clock(directory, ledger, clock):
    refer(ledger)
    clock.move(days=2, hours=1)
    write_planned(directory, MessageSettings())
    assert "referral_expiring" not in {one.kind for one in rows(ledger)}
    assert "expiry_tomorrow" in {one.kind for one in rows(ledger)}


def test_a_report_that_was_renewed_is_not_called_old(directory, ledger, clock):
    clock.move(days=13)
    write_planned(directory, SETTINGS)
    report(ledger, 4)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    assert not [mail for mail in post.to(ONE) if "Locurile" in mail["Subject"]]
    assert ended(ledger)["places_stale service:social:mmps:1"] == ("skipped", "outdated")


def test_a_freed_place_reaches_the_team_in_the_same_run(directory, ledger):
    waiting = refer(ledger, need="no-income")
    ledger.transition(waiting.referral_id, "decline", reason="no_places", actor=COUNTY)
    report(ledger, 0)
    report(ledger, 1)
    post = Post()
    send_due(directory, SETTINGS, channel=post)
    (mail,) = [each for each in post.to("ana@primaria.example.ro") if "Loc eliberat" in each["Subject"]]
    assert waiting.referral_id in mail["Subject"]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "events"), daily([(1, 250), (1, 10_000)], lambda case: case[1] == 250))
def test_of_many_events_every_message_goes_once_and_none_to_a_wrong_address(sqlite_url, tmp_path, seed, events):
    """Random work of two teams and twenty providers, a post that fails half the time, and time that passes."""
    from referrals.ledger.ledger import open_ledger

    chance, clock = random.Random(seed), Clock(MONDAY)
    ledger = open_ledger(sqlite_url, clock=clock)
    event.listen(ledger.store.engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
    ledger.store.close()  # of connections that wait for the disk
    add_accounts(ledger)
    directory = MailDirectory(ledger, tmp_path, more=20)
    owner, post = work_at_random(directory, clock, chance, events)
    calm = Post()
    for _day in range(4):
        clock.move(hours=9)
        send_due(directory, SETTINGS, channel=calm)
    every = rows(ledger)
    assert len(every) > events / 2
    sent = [one for one in every if one.state == "sent"]
    assert {one.state for one in every} == {"sent", "skipped"}, "nothing is left, lost or given up"
    assert {one.reason for one in every if one.state == "skipped"} <= {"outdated", "lapsed", "no_address"}
    mails = dict(post.taken + calm.taken)
    assert len(mails) == len(post.taken) + len(calm.taken) == len({one.mail_id for one in sent}) == len(sent)
    for one in sent:
        assert mails[one.mail_id]["To"] == right_address(one, owner)
        assert one.referral_id in text_of(mails[one.mail_id])
    ledger.close()


def right_address(one, owner: dict[str, str]) -> str:
    if one.recipient.startswith("service:"):
        return f"s{owner.get(one.referral_id, one.service_id).rpartition(':')[2]}@furnizor.example.ro"
    return {"account:U-ANA": "ana@primaria.example.ro", "account:U-UJSS": "ujss@judet.example.ro"}[one.recipient]


def work_at_random(
    directory: MailDirectory, clock: Clock, chance: random.Random, most: int
) -> tuple[dict[str, str], Post]:
    """So many events; give which service each referral was made to, and what the post took meanwhile."""
    ledger = directory.ledger
    keys = [f"social:mmps:{n}" for n in range(10, 30)]
    post = Post(refuse=lambda _mail: stumble(chance))
    owner: dict[str, str] = {}
    opened: list[str] = []
    events = 0
    while events < most:
        key = chance.choice(keys)
        act = chance.random()
        try:
            if act < 0.3:
                report(ledger, chance.choice((0, 1, 2, 5)), key)
            elif act < 0.65:
                made = refer(ledger, key, need=chance.choice(("no-income", SENSITIVE, "low-pension")))
                owner[made.referral_id] = key
                opened.append(made.referral_id)
            elif opened:
                step = chance.choice(("accept", "decline", "decline", "cancel"))
                number = opened.pop(chance.randrange(len(opened)))
                reason = chance.choice(("no_places", "not_eligible")) if step == "decline" else ""
                actor = TEAM if step == "cancel" else Actor("provider", "link", referral_id=number)
                ledger.transition(number, step, reason=reason, actor=actor)
        except LedgerError:
            pass
        events += 1
        clock.move(minutes=chance.choice((0, 1, 5, 40)))
        if events % 50 == 0:
            write_planned(directory, SETTINGS)
            send_due(directory, SETTINGS, channel=post)
    return owner, post


def stumble(chance: random.Random) -> None:
    if chance.random() < 0.5:
        raise chance.choice((ServerAwayError("server_away"), MailRefusedError(is_final=False)))


def test_digests_begin_with_the_next_hour_of_the_day():
    at = datetime(2026, 3, 2, 7, 59, tzinfo=BUCHAREST)
    assert mail_sending.digest_moment(SETTINGS, at) == datetime(2026, 3, 2, 8, 0, tzinfo=BUCHAREST)
    assert mail_sending.digest_moment(SETTINGS, at + timedelta(minutes=1)) == datetime(
        2026, 3, 3, 8, 0, tzinfo=BUCHAREST
    )


def test_an_e_mail_that_cannot_be_made_holds_up_none_of_the_others(directory, ledger, clock, monkeypatch):
    bad, good = refer(ledger), refer(ledger)
    compose = mail_sending.mail_text.compose

    def broken(items, *rest, **named):
        if items[0].number == bad.referral_id:
            raise ValueError("cannot be written")
        return compose(items, *rest, **named)

    monkeypatch.setattr(mail_sending.mail_text, "compose", broken)
    post = Post()
    assert send_due(directory, SETTINGS, channel=post).counts == Counter(sent=1, failed=1)
    assert [mail["Subject"] for _id, mail in post.taken] == [f"Referire nouă {good.referral_id}"]
    monkeypatch.undo()
    clock.move(minutes=10)
    assert send_due(directory, SETTINGS, channel=post).counts == Counter(sent=1)
