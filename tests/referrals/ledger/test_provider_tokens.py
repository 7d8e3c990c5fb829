"""Providers without accounts: opening shows, a confirmed POST changes once, and no more is shown than needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import NotAllowedError
from referrals.answers import calls_asked, provider_words, referral_histories
from referrals.ledger import link_answers, provider_tokens
from referrals.ledger.rekeying import to_sealed
from referrals.records.ledger_errors import BadReferralError, KeyReusedError, LinkError, WrongStateError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM, free_of, refer, report


@pytest.fixture
def held(ledger):
    report(ledger, 2)
    return refer(ledger, note="vine însoțită", locality_siruta=22898)


@pytest.fixture
def token(ledger, held):
    return provider_tokens.make_referral_link(ledger, held.referral_id, actor=TEAM)


def everything(ledger) -> list:
    with ledger.store.read() as connection:
        tables = ("places", "referrals", "capacity_reports", "answered_requests", "audit", "links")
        return [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables]  # noqa: S608


def test_opening_a_link_any_number_of_times_changes_nothing(ledger, token):
    before = everything(ledger)
    for _ in range(5):
        link_answers.look(ledger, token)
        provider_tokens.new_nonce(ledger, token)
    assert everything(ledger) == before


def test_a_link_shows_what_the_provider_needs_and_not_who_it_is(ledger, held, token):
    link, view = link_answers.look(ledger, token)
    assert (view.referral_id, view.need, view.note, view.state) == (held.referral_id, "hrana", "vine însoțită", "held")
    shown = repr((link, view))
    assert held.case_ref not in shown
    assert "22898" not in shown
    assert held.referral_id not in token
    assert held.case_ref not in token


def test_a_confirmed_answer_counts_once(ledger, held, token):
    nonce = provider_tokens.new_nonce(ledger, token)
    first = link_answers.answer(ledger, token, nonce, "accept")
    assert first.state == "accepted"
    assert link_answers.answer(ledger, token, nonce, "accept") == first, "a double click"
    with pytest.raises(KeyReusedError):
        link_answers.answer(ledger, token, nonce, "decline", reason="other")
    with pytest.raises(WrongStateError):
        link_answers.answer(ledger, token, provider_tokens.new_nonce(ledger, token), "accept")
    assert free_of(ledger) == 1


def test_a_link_asks_for_a_call_of_its_own_referral_once_and_only_while_it_waits(ledger, held, token, clock):
    clock.move(minutes=1)
    nonce = provider_tokens.new_nonce(ledger, token)
    for _time in range(2):
        link_answers.ask_for_call(ledger, token, nonce)
    waiting = {held.referral_id: "held"}
    assert calls_asked(provider_words(ledger, waiting)) == {held.referral_id: clock()}
    assert [line.words for line in referral_histories(ledger, [held])[held.referral_id]] == [
        "s-a făcut referirea: loc rezervat", "furnizorul roagă să fie sunat",
    ]  # fmt: skip
    link_answers.answer(ledger, token, provider_tokens.new_nonce(ledger, token), "accept")
    assert calls_asked(provider_words(ledger, {held.referral_id: "accepted"})) == {}
    with pytest.raises(WrongStateError):
        link_answers.ask_for_call(ledger, token, provider_tokens.new_nonce(ledger, token))
    places = provider_tokens.make_service_link(ledger, "social:mmps:1", county="BC", actor=COUNTY)
    with pytest.raises(LinkError):
        link_answers.ask_for_call(ledger, places, provider_tokens.new_nonce(ledger, places))


def test_an_erased_case_leaves_no_appointment(ledger, held, token, clock):
    visit = clock() + timedelta(days=2)
    link_answers.answer(ledger, token, provider_tokens.new_nonce(ledger, token), "accept", visit_at=visit)
    accepted = {held.referral_id: "accepted"}
    assert provider_words(ledger, accepted)[held.referral_id].visit_at == visit
    ledger.erase_case(held.case_ref, actor=ADMIN)
    assert provider_words(ledger, accepted)[held.referral_id].visit_at is None


def test_declining_through_a_link_needs_a_reason(ledger, held, token):
    with pytest.raises(BadReferralError):
        link_answers.answer(ledger, token, provider_tokens.new_nonce(ledger, token), "decline")
    after = link_answers.answer(ledger, token, provider_tokens.new_nonce(ledger, token), "decline", reason="no_places")
    assert (after.state, free_of(ledger)) == ("declined", 0)  # who has no places is full
    assert list(ledger.unmet_needs(actor=TEAM)["kind"]) == ["declined"]


def test_an_answer_after_the_time_is_over_is_refused_and_seen(ledger, held, token, clock):
    clock.at = held.expires_at
    assert link_answers.look(ledger, token)[1].state == "expired"
    with pytest.raises(WrongStateError):
        link_answers.answer(ledger, token, provider_tokens.new_nonce(ledger, token), "accept")
    assert free_of(ledger) == 2


def test_no_nonce_no_change(ledger, held, token, monkeypatch):
    good = provider_tokens.new_nonce(ledger, token)
    other = provider_tokens.make_referral_link(ledger, refer(ledger).referral_id, actor=TEAM)
    before = free_of(ledger)
    for nonce in ("", "x", good[:-1], provider_tokens.new_nonce(ledger, other)):
        with pytest.raises(LinkError):
            link_answers.answer(ledger, token, nonce, "accept")
    monkeypatch.setattr(provider_tokens, "NONCE_SECONDS", -1)
    with pytest.raises(LinkError, match="prea veche"):
        link_answers.answer(ledger, token, good, "accept")
    assert ledger.referral(held.referral_id, actor=TEAM).state == "held"
    assert free_of(ledger) == before


@pytest.mark.parametrize("change", [lambda t: t[:-2], lambda t: "x" + t, lambda t: "", lambda t: "L-AAAAAAAAAA"])
def test_a_link_that_was_changed_opens_nothing(ledger, token, change):
    with pytest.raises(LinkError):
        link_answers.look(ledger, change(token))


def test_a_link_runs_out(ledger, token, clock):
    clock.move(days=provider_tokens.REFERRAL_DAYS)
    with pytest.raises(LinkError, match="expirat"):
        link_answers.look(ledger, token)


def test_a_revoked_link_opens_nothing_and_answers_nothing(ledger, held, token):
    nonce = provider_tokens.new_nonce(ledger, token)
    assert provider_tokens.revoke(ledger, held.referral_id, actor=TEAM) == 1
    with pytest.raises(LinkError):
        link_answers.look(ledger, token)
    with pytest.raises(LinkError):
        link_answers.answer(ledger, token, nonce, "accept")
    assert provider_tokens.revoke(ledger, held.referral_id, actor=TEAM) == 0


def test_a_service_link_reports_places_once_per_confirmation(ledger):
    token = provider_tokens.make_service_link(ledger, "social:mmps:1", county="BC", actor=COUNTY)
    assert link_answers.look(ledger, token)[1] is None
    nonce = provider_tokens.new_nonce(ledger, token)
    assert link_answers.report_places(ledger, token, nonce, places_free=4).source == "furnizor"
    assert link_answers.report_places(ledger, token, nonce, places_free=4) is None
    assert free_of(ledger) == 4
    with ledger.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM capacity_reports").scalar_one() == 1
    with pytest.raises(LinkError, match="raportarea locurilor"):
        link_answers.answer(ledger, token, provider_tokens.new_nonce(ledger, token), "accept")
    provider_tokens.revoke(ledger, "social:mmps:1", actor=COUNTY)
    with pytest.raises(LinkError):
        link_answers.report_places(ledger, token, provider_tokens.new_nonce(ledger, token), places_free=9)


def test_a_link_for_a_referral_reports_no_places(ledger, held, token):
    before = free_of(ledger)
    with pytest.raises(LinkError, match="răspunsul la o referire"):
        link_answers.report_places(ledger, token, provider_tokens.new_nonce(ledger, token), places_free=7)
    assert free_of(ledger) == before


def test_a_link_changes_things_only_so_often_an_hour(ledger, clock):
    token = provider_tokens.make_service_link(ledger, "social:mmps:1", county="BC", actor=COUNTY)
    for number in range(provider_tokens.POSTS_AN_HOUR):
        link_answers.report_places(ledger, token, provider_tokens.new_nonce(ledger, token), places_free=number)
    with pytest.raises(LinkError, match="Prea multe"):
        link_answers.report_places(ledger, token, provider_tokens.new_nonce(ledger, token), places_free=99)
    clock.move(hours=1)
    assert (
        link_answers.report_places(ledger, token, provider_tokens.new_nonce(ledger, token), places_free=99) is not None
    )


def test_links_are_made_by_those_entitled(ledger, held):
    with pytest.raises(NotAllowedError):
        provider_tokens.make_service_link(ledger, "social:mmps:1", county="BC", actor=TEAM)
    with pytest.raises(NotAllowedError):
        provider_tokens.make_referral_link(ledger, held.referral_id, actor=NATIONAL)
    with pytest.raises(NotAllowedError):
        provider_tokens.make_referral_link(ledger, held.referral_id, actor=Actor("county", "ujss-cj", "CJ"))
    with pytest.raises(NotAllowedError):
        provider_tokens.make_service_link(ledger, "social:mmps:1", county="CJ", actor=COUNTY)


def test_a_link_opens_nothing_beside_its_own(ledger, held, token):
    actor = link_answers.look(ledger, token)[0].actor
    other = refer(ledger)
    with pytest.raises(NotAllowedError):
        ledger.referral(other.referral_id, actor=actor)
    for step in ("accept", "start"):
        with pytest.raises(NotAllowedError):
            ledger.transition(other.referral_id, step, actor=actor)
    with pytest.raises(NotAllowedError):
        ledger.referrals(actor=actor)
    with pytest.raises(NotAllowedError):
        report(ledger, 3, "social:mmps:2", actor=actor)
    with pytest.raises(NotAllowedError):
        ledger.transition(held.referral_id, "cancel", actor=actor)


def test_an_old_link_to_a_service_that_became_protected_opens_nothing_and_says_nothing(ledger):
    sealed = "protected:8790CR-VD-I:BC:abcdefghij234567"
    token = provider_tokens.make_service_link(ledger, "social:mmps:1", county="BC", actor=COUNTY)
    nonce = provider_tokens.new_nonce(ledger, token)
    link_answers.look(ledger, token)
    assert to_sealed(ledger, {"social:mmps:1": sealed}) == 1
    with pytest.raises(LinkError, match="a expirat sau a fost dezactivat"):
        link_answers.look(ledger, token)
    with pytest.raises(LinkError):
        link_answers.report_places(ledger, token, nonce, places_free=2)
    assert free_of(ledger, sealed) is None
