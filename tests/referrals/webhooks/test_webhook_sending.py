"""Programs are told each event at least once, in order of each referral, by a receiver's own rules and within their token."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from core.outgoing_requests import PrivateAddressError
from core.storage.message_settings import MessageSettings
from referrals.delivery import news_list
from referrals.interchange import bring_up_to_date
from referrals.interchange.api_tokens import create_token, replace_token, revoke_token
from referrals.records.vocabulary import Actor
from referrals.webhooks import subscriptions, webhook_sending
from referrals.webhooks.webhook_requests import ping_webhook
from referrals.webhooks.webhook_sending import send_webhooks
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM, refer, report, terms
from tests.worlds.servers.mail_world import SHELTER, MailDirectory, add_account, add_accounts
from tests.worlds.servers.webhook_world import ADDRESS, SETTINGS, Receiver, verify


@pytest.fixture
def public(monkeypatch):
    """Digests of the public services, as the feed is brought up to them."""
    digests = {"social:mmps:1": "a", "social:mmps:2": "b", "social:mmps:3": "c"}
    monkeypatch.setattr(webhook_sending, "_feed", lambda directory: bring_up_to_date(directory.ledger, digests))
    return digests


@pytest.fixture
def directory(ledger, tmp_path) -> MailDirectory:
    report(ledger, 90)
    return MailDirectory(ledger, tmp_path)


def subscribed(ledger, *kinds, role="county", scopes=("webhook", "read", "refer"), **area):
    where = {"county": {"county": "BC"}, "national": {}, "team": {"county": "BC", "uat_siruta": 22889}}[role]
    token, _ = create_token(ledger, "dosar electronic", role=role, scopes=scopes, actor=ADMIN, **{**where, **area})
    made, secret = subscriptions.make_webhook(ledger, token.token_id, ADDRESS, kinds or ("referrals",), actor=ADMIN)
    return token, made, secret


def run(directory, receiver, turns=1):
    for _ in range(turns):
        send_webhooks(directory, SETTINGS, send=receiver)


def find(ledger, made):
    return subscriptions.find_webhook(ledger, made.webhook_id, actor=ADMIN)


def owed(ledger, made):
    return subscriptions.count_owed(ledger, made.webhook_id, actor=ADMIN)


def test_a_referral_is_told_by_its_number_and_state_signed_as_the_standard_says(directory, ledger, clock, monkeypatch):
    early = refer(ledger)
    _token, made, secret = subscribed(ledger)
    number = refer(ledger, note="vine însoțită").referral_id
    ledger.transition(number, "accept", actor=COUNTY)
    receiver = Receiver()
    run(directory, receiver, turns=2)
    assert [(each["type"], each["data"]) for each in receiver.taken] == [
        ("referral.made", {"referral_id": number, "state": "held"}),
        ("referral.accepted", {"referral_id": number, "state": "accepted"}),
    ]
    assert early.referral_id not in repr(receiver.tries)
    assert set(receiver.tries[0]) == {"type", "timestamp", "data", "id", "to"}
    assert verify(secret, receiver, clock, monkeypatch)["type"] == "referral.accepted"
    with pytest.raises(Exception, match="signature"):
        verify("whsec_" + "A" * 43 + "=", receiver, clock, monkeypatch)
    assert find(ledger, made).last_result == "204"


def test_a_receiver_that_fails_half_the_time_gets_all_at_least_once_and_in_order_of_each_referral(
    directory, ledger, clock
):
    dice = random.Random(20)
    _token, made, _secret = subscribed(ledger)
    want = {}
    for n in range(8):
        number = refer(ledger).referral_id
        want[number] = ["held"]
        for step, state in (("accept", "accepted"), ("start", "started"), ("complete", "completed"))[: n % 4]:
            ledger.transition(number, step, actor=COUNTY)
            want[number].append(state)
    receiver = Receiver(lambda _n: 204 if dice.random() < 0.5 else 503)
    for _turn in range(200):
        run(directory, receiver)
        if len(receiver.ids) == sum(map(len, want.values())) and not owed(ledger, made)["waiting"]:
            break
        clock.move(seconds=20)
    assert {number: receiver.states(number) for number in want} == want
    assert len(receiver.tries) > len(receiver.taken)
    assert owed(ledger, made) == {"waiting": 0, "dead": 0}


def test_a_try_that_was_taken_but_not_noted_is_told_again_under_the_same_id(directory, ledger, monkeypatch):
    subscribed(ledger)
    refer(ledger)
    receiver = Receiver()
    with monkeypatch.context() as patch:
        patch.setattr(webhook_sending._Turn, "_move_on", lambda *_all: (_ for _ in ()).throw(OSError("killed")))
        run(directory, receiver)
    run(directory, receiver)
    assert [len(receiver.taken), len(receiver.ids)] == [2, 1]


def test_one_poisoned_referral_holds_up_no_other_and_ends_as_a_dead_letter_that_can_be_tried_again(
    directory, ledger, clock, monkeypatch
):
    monkeypatch.setattr(webhook_sending, "MOST_ATTEMPTS", 3)
    _token, made, _secret = subscribed(ledger)
    bad, good = refer(ledger).referral_id, refer(ledger).referral_id
    ledger.transition(bad, "accept", actor=COUNTY)
    refused = {bad}
    receiver = Receiver()
    receiver.answer = lambda _n: 422 if receiver.tries[-1]["data"]["referral_id"] in refused else 200
    run(directory, receiver)
    assert receiver.states(good) == ["held"]
    assert owed(ledger, made) == {"waiting": 2, "dead": 0}
    for _ in range(12):
        clock.move(minutes=2)
        run(directory, receiver)
    assert owed(ledger, made) == {"waiting": 0, "dead": 2}
    refused.clear()
    assert subscriptions.retry_dead(ledger, made.webhook_id, actor=ADMIN) == 2
    run(directory, receiver)
    assert receiver.states(bad) == ["held", "accepted"]


def test_a_receiver_that_is_away_rests_longer_each_time_and_after_days_is_paused_and_said_at_the_bell(
    directory, ledger, clock
):
    add_account(ledger, "U-ADMIN", "admin", "", None, "admin@ministerul.example.ro")
    _token, made, _secret = subscribed(ledger)
    for _ in range(5):
        refer(ledger)
    receiver = Receiver(lambda _n: 500)
    run(directory, receiver, turns=5)
    assert len(receiver.tries) == webhook_sending.PATIENCE  # the other turns were too soon
    for _ in range(4):
        clock.move(days=1)
        run(directory, receiver)
    assert (find(ledger, made).state, find(ledger, made).reason) == ("paused", "failing")
    told = news_list.list_news(directory, actor=Actor("admin", "U-ADMIN"))
    assert [each.address for each in told] == ["/simplu/programe"]
    assert made.webhook_id in told[0].words
    tries = len(receiver.tries)
    clock.move(days=1)
    run(directory, receiver)
    assert len(receiver.tries) == tries
    receiver.answer = lambda _n: 200
    subscriptions.set_paused(ledger, made.webhook_id, False, actor=ADMIN)
    run(directory, receiver)
    assert [each["type"] for each in receiver.taken].count("referral.made") == 5


@pytest.mark.parametrize("ended", ["revoked", "expired", "paused", "removed"])
def test_what_has_ended_is_told_nothing_from_the_next_try_on(directory, ledger, clock, ended):
    token, made, _secret = subscribed(ledger)
    refer(ledger)
    refer(ledger)

    def end(_number):
        if ended == "revoked":
            revoke_token(ledger, token.token_id, actor=ADMIN)
        elif ended == "expired":
            clock.move(days=91)
        elif ended == "paused":
            subscriptions.set_paused(ledger, made.webhook_id, True, actor=ADMIN)
        else:
            subscriptions.remove_webhook(ledger, made.webhook_id, actor=ADMIN)
        return 204

    receiver = Receiver(end)
    run(directory, receiver)
    clock.move(hours=1)
    run(directory, receiver, turns=2)
    assert len(receiver.tries) == 1


def test_a_token_is_told_of_referrals_of_its_own_area(directory, ledger):
    told = defaultdict(Receiver)
    made = {
        "county": subscribed(ledger, "referrals")[1],
        "other county": subscribed(ledger, "referrals", county="CJ")[1],
        "team": subscribed(ledger, "referrals", role="team")[1],
        "other team": subscribed(ledger, "referrals", role="team", uat_siruta=24089)[1],
    }
    names = {each.webhook_id: name for name, each in made.items()}
    number = refer(ledger).referral_id
    for each, name in names.items():
        for other in names:
            subscriptions.set_paused(ledger, other, other != each, actor=ADMIN)
        run(directory, told[name])
    assert [told[name].states(number) for name in ("county", "team")] == [["held"], ["held"]]
    assert not told["other county"].tries
    assert not told["other team"].tries


def test_services_are_told_one_by_one_and_after_many_changes_at_once_to_be_read(directory, ledger, public, monkeypatch):
    subscribed(ledger, "services", role="national", scopes=("webhook", "read"))
    receiver = Receiver()
    monkeypatch.setattr(webhook_sending.webhook_events, "MOST_SERVICES", 2)
    run(directory, receiver)  # nobody had asked for the feed before: all is new
    assert [each["type"] for each in receiver.taken] == ["services.changed"]
    public["social:mmps:2"] = "five"
    run(directory, receiver, turns=2)
    assert receiver.taken[1]["data"] == {"service_id": "social:mmps:2", "change": "changed"}
    assert len(receiver.taken) == 2
    receiver.answer = lambda _n: 500
    public["social:mmps:2"] = "four"
    run(directory, receiver)
    public["social:mmps:2"] = "three"
    run(directory, receiver)
    ledger.clock.move(hours=1)
    receiver.answer = lambda _n: 200
    run(directory, receiver)
    assert [each["type"] for each in receiver.taken].count("service.changed") == 2  # twice changed, told once


def test_both_secrets_sign_while_one_is_rotated(directory, ledger, clock, monkeypatch):
    _token, made, old = subscribed(ledger)
    _found, new = subscriptions.rotate_secret(ledger, made.webhook_id, actor=ADMIN)
    refer(ledger)
    receiver = Receiver()
    run(directory, receiver)
    assert old != new
    for each in (old, new):
        assert verify(each, receiver, clock, monkeypatch)["type"] == "referral.made"
    clock.move(days=8)
    refer(ledger)
    run(directory, receiver)
    assert verify(new, receiver, clock, monkeypatch)
    with pytest.raises(Exception, match="signature"):
        verify(old, receiver, clock, monkeypatch)


def test_a_receiver_that_says_it_is_gone_is_asked_no_more(directory, ledger):
    _token, made, _secret = subscribed(ledger)
    refer(ledger)
    refer(ledger)
    receiver = Receiver(lambda _n: 410)
    run(directory, receiver)
    assert len(receiver.tries) == 1
    assert (find(ledger, made).state, find(ledger, made).reason) == ("paused", "gone")


def test_a_ping_goes_out_at_once_and_says_how_it_ended(directory, ledger):
    _token, made, _secret = subscribed(ledger)
    receiver = Receiver(lambda n: {1: 200, 2: 302}[n])
    for result in ("200", "302"):
        assert ping_webhook(directory, made.webhook_id, SETTINGS, actor=ADMIN, send=receiver) == result
    assert receiver.tries[0]["type"] == "ping"

    def private(*_what, **_named):
        raise PrivateAddressError("10.0.0.1")

    assert ping_webhook(directory, made.webhook_id, MessageSettings(), actor=ADMIN, send=private) == "refused"


def test_a_replaced_token_hands_its_subscriptions_on(directory, ledger):
    token, made, _secret = subscribed(ledger)
    new, _ = replace_token(ledger, token.token_id, actor=ADMIN)
    revoke_token(ledger, token.token_id, actor=ADMIN)
    refer(ledger)
    receiver = Receiver()
    run(directory, receiver)
    assert find(ledger, made).token_id == new.token_id
    assert len(receiver.taken) == 1


def test_two_processes_never_tell_the_same_subscription_at_a_time(directory, ledger):
    subscribed(ledger)
    refer(ledger)
    inner = Receiver()

    def while_telling(*what, **named):
        run(directory, inner)
        return 204

    run(directory, while_telling)
    assert not inner.tries


def test_pauses_double_give_or_take_a_half_up_to_a_day():
    for tries in range(1, 40):
        pause = webhook_sending.pause_after(tries)
        whole = min(webhook_sending.FIRST_PAUSE * 2 ** (tries - 1), webhook_sending.LONGEST_PAUSE)
        assert whole / 2 <= pause <= min(whole * 1.5, timedelta(hours=24))


def test_a_protected_service_s_team_is_not_named(directory, ledger):
    add_accounts(ledger)
    report(ledger, 3, SHELTER, actor=COUNTY)
    _token, _made, _secret = subscribed(ledger)
    number = refer(ledger, terms(SHELTER), actor=TEAM).referral_id
    receiver = Receiver()
    run(directory, receiver)
    assert receiver.states(number) == ["held"]
    assert SHELTER not in repr(receiver.tries)
