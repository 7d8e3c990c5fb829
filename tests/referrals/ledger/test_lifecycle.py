"""The life of a referral: every path, every refusal, and retries that change nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import NotAllowedError
from core.romanian_calendar import BUCHAREST
from referrals.ledger.lifecycle import TRANSITIONS
from referrals.ledger.referral_request import new_case_reference
from referrals.records.ledger_errors import (
    BadReferralError,
    BadReportError,
    ClosedServiceError,
    KeyReusedError,
    NoPlaceError,
    PersonalDataError,
    SecondPlaceError,
    UnknownCaseError,
    UnknownReferralError,
    WrongStateError,
)
from referrals.records.vocabulary import (
    STATED_REASONS,
    STATES,
    STATUSES,
    Actor,
    reason_label,
    state_label,
    status_label,
)
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM, free_of, refer, report, terms


def test_a_referral_goes_from_hold_to_completion(ledger, clock):
    report(ledger, 1)
    made = refer(ledger, consent_at=clock(), basis="consent", locality_siruta=22898)
    assert (made.state, made.service_id, made.county, made.made_by) == ("held", "social:mmps:1", "BC", "echipa-1")
    for step, state in (("accept", "accepted"), ("start", "started"), ("complete", "completed")):
        clock.move(hours=1)
        after = ledger.transition(made.referral_id, step, actor=TEAM)
        assert after.state == state
    assert after.accepted_at < after.started_at < after.closed_at
    assert ledger.next_expiry() is None


def test_nobody_is_taken_on_a_day_on_which_the_service_is_closed_for_a_time(ledger, clock):
    report(ledger, 2)
    today = clock().astimezone(BUCHAREST).date()
    shut = terms(closed_from=today, closed_until=today)
    before = refer(ledger, idempotency_key="asked-before")
    with pytest.raises(ClosedServiceError, match="închis temporar"):
        refer(ledger, shut)
    assert refer(ledger, shut, idempotency_key="asked-before", case_ref=None).referral_id == before.referral_id
    assert free_of(ledger) == 1
    clock.move(hours=24)
    assert refer(ledger, shut).state == "held"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", [name for name in TRANSITIONS if name != "expire"])
def test_a_step_from_the_wrong_state_is_refused_and_changes_nothing(ledger, clock, state, step):
    report(ledger, None if state == "asked" else 1)
    made = bring_to(ledger, clock, state)
    reason = {"reason": "other"} if step in ("decline", "break_off") else {}
    if state in TRANSITIONS[step].sources:
        after = ledger.transition(made.referral_id, step, actor=TEAM, **reason)
        assert after.state == TRANSITIONS[step].target or (step, after.state) == ("examine", state)
    else:
        with pytest.raises(WrongStateError, match=made.referral_id):
            ledger.transition(made.referral_id, step, actor=TEAM, **reason)
        assert ledger.referral(made.referral_id, actor=TEAM).state == state
    assert ledger.verify_counts() == []


@pytest.mark.parametrize("free", [1, None])
def test_a_provider_that_examines_the_case_holds_its_place_no_longer_than_before(ledger, clock, free):
    report(ledger, free, status=None if free else "assess")
    made = refer(ledger)
    clock.move(hours=1)
    seen = ledger.transition(made.referral_id, "examine", actor=TEAM)
    assert (seen.state, seen.expires_at, seen.stage) == (made.state, made.expires_at, "examining")
    assert seen.examined_at == clock()
    clock.move(hours=1)
    assert ledger.transition(made.referral_id, "examine", actor=TEAM) == seen, "the first time counts"
    assert free_of(ledger) == (0 if free else None)
    clock.at = made.expires_at
    after = ledger.referral(made.referral_id, actor=TEAM)
    assert (after.state, after.stage) == ("expired", "expired")
    assert free_of(ledger) == free
    with pytest.raises(WrongStateError):
        ledger.transition(made.referral_id, "examine", actor=TEAM)
    assert ledger.verify_counts() == []


def bring_to(ledger, clock, state: str):
    made = refer(ledger)
    path = {
        "accepted": ["accept"],
        "started": ["accept", "start"],
        "completed": ["accept", "start", "complete"],
        "broken_off": ["accept", "start", "break_off"],
        "declined": ["decline"],
        "cancelled": ["cancel"],
    }
    for step in path.get(state, []):
        reason = {"reason": "other"} if step in ("decline", "break_off") else {}
        ledger.transition(made.referral_id, step, actor=TEAM, **reason)
    if state == "expired":
        clock.move(days=5)
    assert ledger.referral(made.referral_id, actor=TEAM).state == state
    return made


def test_a_retry_with_the_same_key_gives_the_same_referral(ledger):
    report(ledger, 2)
    case = refer(ledger).case_ref
    first = refer(ledger, case_ref=case, need="locuire", idempotency_key="k1")
    assert refer(ledger, case_ref=case, need="locuire", idempotency_key="k1") == first
    assert free_of(ledger) == 0


def test_a_retry_without_a_case_reference_does_not_make_a_second_case(ledger):
    report(ledger, 2)
    assert refer(ledger, idempotency_key="k1") == refer(ledger, idempotency_key="k1")


def test_a_refusal_repeated_is_counted_once(ledger):
    report(ledger, 0)
    for _ in range(3):
        with pytest.raises(NoPlaceError):
            refer(ledger, idempotency_key="k1")
    assert list(ledger.unmet_needs(actor=TEAM)["unmet"]) == [1]


def test_a_step_repeated_with_its_key_is_answered_as_before(ledger):
    report(ledger, 1)
    made = refer(ledger)
    first = ledger.transition(made.referral_id, "accept", actor=TEAM, key="a")
    assert ledger.transition(made.referral_id, "accept", actor=TEAM, key="a") == first
    with pytest.raises(WrongStateError):
        ledger.transition(made.referral_id, "accept", actor=TEAM)


def test_a_key_serves_one_request_only(ledger):
    report(ledger, 2)
    report(ledger, 2, "social:mmps:2")
    refer(ledger, idempotency_key="k1")
    with pytest.raises(KeyReusedError):
        refer(ledger, "social:mmps:2", idempotency_key="k1")
    assert free_of(ledger, "social:mmps:2") == 2


def test_the_same_case_holds_one_place_for_a_need(ledger):
    report(ledger, 5)
    report(ledger, 5, "social:mmps:2")
    first = refer(ledger)
    case = first.case_ref
    with pytest.raises(SecondPlaceError, match=first.referral_id):
        refer(ledger, "social:mmps:2", case_ref=case)
    assert refer(ledger, "social:mmps:2", case_ref=case, need="locuire").state == "held"
    assert refer(ledger, "social:mmps:2", case_ref=case, second_place=True).state == "held"


def test_two_requests_may_wait_but_only_one_is_accepted(ledger):
    first = refer(ledger)
    second = refer(ledger, "social:mmps:2", case_ref=first.case_ref)
    assert (first.state, second.state) == ("asked", "asked")
    ledger.transition(first.referral_id, "accept", actor=TEAM)
    with pytest.raises(SecondPlaceError):
        ledger.transition(second.referral_id, "accept", actor=TEAM)
    assert ledger.referral(second.referral_id, actor=TEAM).state == "asked"
    assert ledger.verify_counts() == []


def test_a_hold_that_ran_out_does_not_stand_in_the_way_of_the_next(ledger, clock):
    report(ledger, 1)
    report(ledger, 1, "social:mmps:2")
    first = refer(ledger)
    case = first.case_ref
    clock.move(days=4)
    assert refer(ledger, "social:mmps:2", case_ref=case, replaces=first.referral_id).replaces == first.referral_id
    assert ledger.referral(first.referral_id, actor=TEAM).state == "expired"


def test_a_code_that_the_program_never_made_or_that_was_erased_is_refused_and_a_place_stays_free(ledger):
    report(ledger, 2)
    gone = refer(ledger).case_ref
    ledger.erase_case(gone, actor=COUNTY)
    for code in (new_case_reference(), gone):
        with pytest.raises(UnknownCaseError, match="nu există un caz"):
            refer(ledger, case_ref=code)
    assert free_of(ledger) == 2


def test_a_case_is_joined_only_from_its_own_community_or_county_and_the_others_learn_nothing_of_it(ledger):
    report(ledger, 5)
    case = refer(ledger).case_ref
    vaslui = {"county": "VS", "uat_siruta": 161801}
    neighbour = {"uat_siruta": 20876}
    said = set()
    for actor, home in (
        (Actor("team", "echipa-vs", "VS", 161801), vaslui),
        (Actor("county", "ujss-vs", "VS"), vaslui),
        (Actor("team", "echipa-2", "BC", 20876), neighbour),
    ):
        for code in (case, new_case_reference()):
            with pytest.raises(UnknownCaseError) as refused:
                refer(ledger, case_ref=code, need="locuire", actor=actor, **home)
            said.add(str(refused.value))
    assert len(said) == 1, "a code of others and one that does not exist are answered alike"
    assert refer(ledger, case_ref=case, need="locuire", actor=COUNTY, **neighbour).case_ref == case
    assert ledger.erase_case(case, actor=COUNTY) == 2


def test_moving_cancels_the_old_referral_and_points_to_it(ledger):
    report(ledger, 1)
    report(ledger, 1, "social:mmps:2")
    first = refer(ledger)
    second = refer(ledger, "social:mmps:2", case_ref=first.case_ref, replaces=first.referral_id)
    assert (second.state, second.replaces) == ("held", first.referral_id)
    assert ledger.referral(first.referral_id, actor=TEAM).state == "cancelled"
    assert (free_of(ledger), free_of(ledger, "social:mmps:2")) == (1, 0)


def test_moving_to_where_there_is_no_place_changes_nothing(ledger):
    report(ledger, 1)
    report(ledger, 0, "social:mmps:2")
    first = refer(ledger)
    with pytest.raises(NoPlaceError):
        refer(ledger, "social:mmps:2", case_ref=first.case_ref, replaces=first.referral_id)
    assert ledger.referral(first.referral_id, actor=TEAM).state == "held"


def test_a_referral_of_another_case_or_already_started_cannot_be_moved(ledger):
    report(ledger, 2)
    first = refer(ledger)
    with pytest.raises(BadReferralError):
        refer(ledger, case_ref=refer(ledger).case_ref, replaces=first.referral_id)
    ledger.transition(first.referral_id, "accept", actor=TEAM)
    ledger.transition(first.referral_id, "start", actor=TEAM)
    with pytest.raises(WrongStateError):
        refer(ledger, case_ref=first.case_ref, replaces=first.referral_id)


def test_who_refuses_for_lack_of_places_is_full_until_the_next_report_or_for_a_fortnight(ledger, clock):
    report(ledger, 2)
    made = refer(ledger)
    ledger.transition(made.referral_id, "decline", reason="not_eligible", actor=TEAM)
    assert list(ledger.capacity_now()["places_free"]) == [2]
    clock.move(days=1)
    ledger.transition(refer(ledger).referral_id, "decline", reason="no_places", actor=TEAM)
    [row] = ledger.capacity_now().to_dict("records")
    assert (row["status"], row["places_free"], row["source"]) == ("full", 0, "refuz la o referire")
    assert row["places_reported_at"].date() == clock().date()
    clock.move(days=15)
    assert list(ledger.capacity_now()["places_free"]) == [2]
    ledger.transition(refer(ledger).referral_id, "decline", reason="no_places", actor=TEAM)
    clock.move(days=1)
    report(ledger, 1)
    assert list(ledger.capacity_now()["places_free"]) == [1]


def test_a_refusal_for_lack_of_places_is_news_also_where_no_place_was_held(ledger):
    made = refer(ledger)  # nothing was reported: it is asked
    before = ledger.event_counter()
    ledger.transition(made.referral_id, "decline", reason="no_places", actor=TEAM)
    assert list(ledger.capacity_now()["status"]) == ["full"]
    assert ledger.event_counter() > before


def test_declined_for_lack_of_places_is_an_unmet_need_without_a_person(ledger):
    report(ledger, 2)
    one, other = refer(ledger, locality_siruta=22898), refer(ledger)
    ledger.transition(one.referral_id, "decline", reason="no_places", actor=TEAM)
    ledger.transition(other.referral_id, "decline", reason="not_eligible", actor=TEAM)
    table = ledger.unmet_needs(actor=COUNTY)
    assert table.to_dict("records") == [
        {
            "on_day": "2026-03-02",
            "kind": "declined",
            "need": "hrana",
            "service_type": "8899CZ-PN-V",
            "county": "BC",
            "uat_siruta": 22889,
            "locality_siruta": 22898,
            "unmet": 1,
        }
    ]


def test_an_answer_that_comes_too_late_writes_the_expiry(ledger, clock):
    report(ledger, 1)
    made = refer(ledger)
    clock.at = made.expires_at
    with pytest.raises(WrongStateError, match="expirată"):
        ledger.transition(made.referral_id, "accept", actor=TEAM)
    with ledger.store.read() as connection:
        assert connection.exec_driver_sql("SELECT state FROM referrals").scalar_one() == "expired"


def test_expiry_is_written_once_and_tells_when_the_next_is_due(ledger, clock):
    report(ledger, 2)
    made = refer(ledger)
    assert ledger.next_expiry() == made.expires_at
    assert ledger.expire_due() == 0
    clock.move(days=4)
    counter = ledger.event_counter()
    assert (ledger.expire_due(), ledger.expire_due()) == (1, 0)
    assert ledger.event_counter() == counter + 1
    assert ledger.next_expiry() is None


def test_a_request_that_holds_nothing_waits_longer(ledger):
    held_for = refer(ledger, terms(answer_working_days=30, access_route="decision"))
    assert held_for.expires_at > held_for.made_at + timedelta(days=40)


def test_a_type_of_which_no_place_is_held_is_asked_while_one_is_free(ledger, clock):
    holds_none = terms(hold_working_days=0)
    report(ledger, 1)
    first = refer(ledger, holds_none)
    assert (first.state, free_of(ledger)) == ("asked", 1)
    wait = first.expires_at - refer(ledger, terms("social:mmps:2")).expires_at
    assert abs(wait) < timedelta(seconds=1)  # as long as any request
    clock.move(minutes=5)
    ledger.transition(first.referral_id, "accept", actor=COUNTY)
    assert free_of(ledger) == 0
    with pytest.raises(NoPlaceError):
        refer(ledger, holds_none)
    report(ledger, 0)
    with pytest.raises(NoPlaceError):
        refer(ledger, holds_none)


def test_a_clock_that_goes_backwards_does_not_give_a_place_twice(ledger, clock):
    report(ledger, 1)
    clock.move(hours=-2)  # another machine's clock
    made = refer(ledger)
    after = ledger.transition(made.referral_id, "accept", actor=TEAM)
    assert after.accepted_at > made.made_at
    assert free_of(ledger) == 0
    with pytest.raises(NoPlaceError):
        refer(ledger)
    assert ledger.verify_counts() == []


def test_places_max_stays_until_another_is_reported(ledger):
    report(ledger, 2, places_max=10)
    report(ledger, 3)
    assert list(ledger.capacity_now()["places_max"]) == [10]


@pytest.mark.parametrize(
    "said",
    [
        {"places_free": -1},
        {"places_free": 5, "places_max": 4},
        {"places_free": None, "places_max": -2},
        {"places_free": None, "status": "free"},
        {"places_free": 0, "status": "free"},
        {"places_free": 2, "status": "full"},
        {"places_free": 2, "status": "open"},
        {"places_free": 2, "status": "altceva"},
        {"places_free": 2, "source": " "},
        {"places_free": 2, "reported_at": "tomorrow"},
    ],
)
def test_a_report_that_contradicts_itself_is_refused(ledger, clock, said):
    if "reported_at" in said:
        said = {**said, "reported_at": clock() + timedelta(days=1)}
    with pytest.raises(BadReportError):
        ledger.report_capacity("social:mmps:1", **{"source": "telefon", "actor": TEAM, **said})
    assert ledger.capacity_now().empty


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"basis": "consent"}, BadReferralError),
        ({"basis": "nu"}, BadReferralError),
        ({"need": " "}, BadReferralError),
        ({"case_ref": "Ion Popescu"}, BadReferralError),
        ({"case_ref": "1900101410013"}, BadReferralError),
        ({"note": "tel 0722123456"}, PersonalDataError),
        ({"replaces": "R-NIMIC"}, BadReferralError),
        ({"replaces": "R-NIMIC", "case_ref": "C-AAAAA-BBBBB"}, UnknownReferralError),
        ({"to": terms(access_route="alta")}, BadReferralError),
        ({"to": terms(hold_working_days=-1)}, BadReferralError),
        ({"uat_siruta": 1}, NotAllowedError),
        ({"actor": COUNTY, "county": "CJ"}, NotAllowedError),
        ({"actor": NATIONAL}, NotAllowedError),
        ({"actor": ADMIN}, NotAllowedError),
    ],
)
def test_a_wrong_referral_is_refused_at_the_door(ledger, wrong, error):
    report(ledger, 1)
    with pytest.raises(error) as refused:
        refer(ledger, **wrong)
    assert "Popescu" not in str(refused.value)
    assert "1900101" not in str(refused.value)
    assert free_of(ledger) == 1


@pytest.mark.parametrize("reason", ["", "alta", "erased"])
def test_declining_needs_a_coded_reason(ledger, reason):
    report(ledger, 1)
    made = refer(ledger)
    with pytest.raises(BadReferralError):
        ledger.transition(made.referral_id, "decline", reason=reason, actor=TEAM)


def test_a_case_of_another_county_is_neither_read_nor_answered(ledger):
    report(ledger, 1)
    made = refer(ledger)
    stranger = Actor("county", "ujss-cj", "CJ")
    with pytest.raises(NotAllowedError):
        ledger.referral(made.referral_id, actor=stranger)
    for step in TRANSITIONS:
        with pytest.raises((NotAllowedError, BadReferralError)):
            ledger.transition(made.referral_id, step, actor=stranger)
    assert ledger.referrals(actor=stranger).empty
    with pytest.raises(NotAllowedError):
        ledger.referrals(actor=stranger, county="BC")


@pytest.mark.parametrize("step", ["expire", "fly", ""])
def test_a_step_that_nobody_may_ask_for_is_refused_with_the_list_of_those_one_may(ledger, step):
    made = refer(ledger)
    with pytest.raises(BadReferralError, match="accept, examine, decline, start, complete, break_off, cancel"):
        ledger.transition(made.referral_id, step, actor=TEAM)
    assert ledger.referral(made.referral_id, actor=TEAM).state == "asked"


def test_an_unknown_number_is_said_so(ledger):
    with pytest.raises(UnknownReferralError, match="R-NIMIC"):
        ledger.transition("R-NIMIC", "accept", actor=TEAM)


def test_every_code_has_its_words():
    assert all(state_label(code) for code in STATES)
    assert all(reason_label(code) for code in (*STATED_REASONS, "erased"))
    assert all(status_label(code) for code in STATUSES)
