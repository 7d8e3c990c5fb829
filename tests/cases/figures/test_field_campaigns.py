"""Campaigns in a crisis: nothing counts twice, the county has the totals, small counts and erased houses stay hidden."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from sqlalchemy import select

from cases.figures.field_campaigns import campaign_totals
from cases.record import exchange
from cases.rules.case_vocabulary import CRISIS_NEEDS
from core.errors import NotAllowedError
from providers.rules.needs import needs
from referrals.case_erasure import case_digest
from referrals.database.tables import field_campaign_tables as t
from referrals.database.tables.exchange_tables import case_changes
from tests.worlds.homes.case_world import ELSEWHERE, NURSE, TODAY, WORKER, Phone, code, opening
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL

ROUND = code("L", 1)
HOUSES = [code("H", n) for n in range(1, 9)]


@pytest.fixture
def phone(ledger):
    made = Phone(1)
    changes = [made.change("household.open", household=house) for house in HOUSES]
    begin = made.change("campaign.open", campaign_id=ROUND, kind="isolated", on_day=TODAY, households=HOUSES[:6])
    assert results(ledger, made, *changes, begin) == ["applied"] * 9
    return made


def results(ledger, phone, *changes, actor=WORKER):
    return [each.result for each in exchange(ledger, phone.message(*changes), actor=actor).results]


def stop(phone, house, number, outcome="met", **left):
    said = {"campaign_id": ROUND, "on_day": TODAY, "stop_id": code("S", number), "outcome": outcome}
    return phone.change("campaign.stop", household=house, **(said | left))


def test_totals_of_the_evening_are_what_was_done_once(ledger, phone):
    nurse = Phone(2)
    first = stop(phone, HOUSES[0], 1, people=2, food=1, needs=["food", "medicines"])
    changes = [first, first, stop(phone, HOUSES[1], 2, "absent"), stop(phone, HOUSES[2], 3, "declined")]
    assert results(ledger, phone, *changes) == ["applied", "repeated", "applied", "applied"]
    # Another member at a house that was passed by, at one where nobody was, and at one that is not on the list.
    others = [stop(nurse, HOUSES[0], 4, people=3, protection=4), stop(nurse, HOUSES[1], 5, people=1, needs=["food"])]
    others.append(stop(nurse, HOUSES[7], 6, "absent"))
    assert results(ledger, nurse, *others, actor=NURSE) == ["applied"] * 3
    (row,) = campaign_totals(ledger, actor=COUNTY, county="BC").rows
    assert (row.kind, row.listed, row.reached, row.absent, row.people) == ("isolated", 7, 3, 1, 4)
    assert {name: count for name, count in row.supplies.items() if count} == {"food": 1, "protection": 4}
    assert (row.stops_today, row.people_today) == (6, 4)


def test_a_team_counts_its_needs_exactly_and_the_county_in_fives_and_none_below(ledger, phone):
    changes = [
        stop(phone, house, n, needs=["food", *(["utilities"] if n > 1 else [])]) for n, house in enumerate(HOUSES[:6])
    ]
    assert results(ledger, phone, *changes) == ["applied"] * 6
    told = {
        who.role: {each["need"]: each["households"] for each in campaign_totals(ledger, actor=who).needs}
        for who in (WORKER, COUNTY, NATIONAL)
    }
    hidden = {"food": 5, "utilities": None}
    assert told == {"team": {"food": 6, "utilities": 4}, "county": hidden, "national": hidden}
    assert "mai puțin de 5" in "\n".join(campaign_totals(ledger, actor=COUNTY).lines())


def test_nobody_counts_what_is_not_theirs(ledger, phone):
    assert campaign_totals(ledger, actor=ELSEWHERE).rows == ()
    with pytest.raises(NotAllowedError):
        campaign_totals(ledger, actor=ELSEWHERE, uat_siruta=WORKER.uat_siruta)
    with pytest.raises(NotAllowedError):
        campaign_totals(ledger, actor=COUNTY, county="CJ")


def test_the_county_knows_how_late_the_news_of_a_team_is(ledger, clock, phone):
    clock.move(hours=2)
    exchange(ledger, {**phone.message(stop(phone, HOUSES[0], 1)), "unsent": 3}, actor=WORKER)
    heard = campaign_totals(ledger, actor=COUNTY).heard[WORKER.uat_siruta]
    assert heard["unsent"] == 3
    assert heard["last"] == heard["last_stop"] == clock().isoformat(timespec="seconds")


@pytest.mark.parametrize(
    "left",
    [
        {"needs": ["domestic-violence"]},
        {"needs": ["hiv"]},
        {"food": -1},
        {"people": 41},
        {"outcome": "hidden"},
        {"note": "x"},
    ],
)
def test_a_stop_holds_counts_and_harmless_needs_alone(ledger, phone, left):
    assert results(ledger, phone, stop(phone, HOUSES[0], 1, **left)) == ["refused"]


def test_no_need_of_a_crisis_tells_of_harm_or_of_an_illness():
    listed = needs()
    assert set(CRISIS_NEEDS) <= set(listed)
    groups = {listed[need].group for need in CRISIS_NEEDS}
    assert not groups & {"Violență", "Trafic de persoane", "Adicții", "Copil în pericol sau în risc", "Sarcină și mame"}
    assert not {"hiv", "tuberculosis", "chronic-illness", "mental-health", "suicide-risk"} & set(CRISIS_NEEDS)


def test_a_campaign_that_is_over_takes_what_was_done_while_it_went_on(ledger, clock, phone):
    later = "2026-03-03"
    assert results(ledger, phone, phone.change("campaign.close", campaign_id=ROUND, on_day=TODAY)) == ["applied"]
    assert results(ledger, phone, stop(phone, HOUSES[0], 1)) == ["applied"]
    clock.move(days=1)
    changes = [stop(phone, HOUSES[1], 2, on_day=later), phone.change("campaign.close", campaign_id=ROUND, on_day=later)]
    assert results(ledger, phone, *changes) == ["refused", "applied"]
    (row,) = campaign_totals(ledger, actor=COUNTY).rows
    assert (row.ended_on, row.reached) == (TODAY, 1)


def test_what_comes_before_its_campaign_waits_and_another_community_s_is_refused(ledger, phone):
    other, own = Phone(3), code("H", 90)
    said = {"campaign_id": code("L", 2), "on_day": TODAY}
    early = other.change("campaign.stop", household=HOUSES[0], stop_id=code("S", 9), outcome="met", **said)
    assert results(ledger, other, early, actor=NURSE) == ["waiting"]
    assert results(ledger, phone, phone.change("campaign.open", kind="delivery", **said)) == ["applied"]
    assert [row.reached for row in campaign_totals(ledger, actor=COUNTY).rows if row.kind == "delivery"] == [1]
    far = Phone(4)
    changes = [far.change("household.open", household=own), stop(far, own, 10), far.change("campaign.close", **said)]
    assert results(ledger, far, *changes, actor=ELSEWHERE) == ["applied", "refused", "refused"]


def test_telephones_are_told_of_campaigns_that_changed_and_not_of_old_ones(ledger, clock, phone):
    first = exchange(ledger, phone.message(), actor=WORKER)
    assert [each["campaign_id"] for each in first.campaigns] == [ROUND]
    assert exchange(ledger, phone.message(since=first.next), actor=WORKER).campaigns == ()
    results(ledger, phone, stop(phone, HOUSES[0], 1, needs=["food"]))
    (told,) = exchange(ledger, phone.message(since=first.next), actor=WORKER).campaigns
    assert (told["households"], told["stops"][0]["needs"]) == (sorted(HOUSES[:6]), ["food"])
    results(ledger, phone, phone.change("campaign.close", campaign_id=ROUND, on_day=TODAY))
    clock.move(days=31)
    assert exchange(ledger, phone.message(), actor=WORKER).campaigns == ()


def test_an_erased_house_stays_a_count_and_leaves_no_code(ledger, phone):
    ref = code("C", 1)
    changes = [opening(phone, ref, household_id=HOUSES[0]), stop(phone, HOUSES[0], 1, people=2, needs=["food"], food=1)]
    assert results(ledger, phone, *changes) == ["applied"] * 2
    seen = exchange(ledger, phone.message(), actor=WORKER).next
    before = campaign_totals(ledger, actor=COUNTY).rows
    ledger.erase_case(ref, actor=ADMIN)
    after = campaign_totals(ledger, actor=WORKER)
    assert (after.rows, after.needs) == (before, ())
    told = exchange(ledger, phone.message(since=seen), actor=WORKER)
    assert HOUSES[0] not in told.campaigns[0]["households"]
    assert len(told.gone) == 2  # the case, and the household that nobody of it is left in
    with ledger.store.read() as connection:
        kept = str([connection.execute(select(table)).all() for table in (*t.OF_CAMPAIGNS, case_changes)])
    assert HOUSES[0] not in kept
    assert HOUSES[1] in kept


def test_a_house_without_a_case_and_a_campaign_is_forgotten_when_nothing_was_said_of_it_for_long(ledger, clock, phone):
    seen = exchange(ledger, phone.message(), actor=WORKER).next
    clock.move(days=10)
    assert results(ledger, phone, phone.change("household.set", household=HOUSES[6], people_65=1)) == ["applied"]
    clock.move(days=721)
    ledger.erase_old(actor=ADMIN)
    told = exchange(ledger, phone.message(since=seen), actor=WORKER)
    homes = {each["household_id"] for each in exchange(ledger, phone.message(), actor=WORKER).households}
    assert HOUSES[6] in homes
    assert HOUSES[7] not in homes
    assert case_digest(HOUSES[7]) in told.gone
    assert case_digest(HOUSES[6]) not in told.gone
    with ledger.store.read() as connection:
        assert HOUSES[7] not in str(connection.execute(select(case_changes)).all())
    clock.move(days=11)
    ledger.erase_old(actor=ADMIN)
    assert exchange(ledger, phone.message(), actor=WORKER).households == ()


def test_campaigns_of_long_ago_forget_their_houses_and_houses_without_a_case_are_forgotten(ledger, clock, phone):
    ref = code("C", 1)
    results(ledger, phone, opening(phone, ref, household_id=HOUSES[0]), stop(phone, HOUSES[1], 1, needs=["food"]))
    clock.move(days=729)
    ledger.erase_old(actor=ADMIN)
    with ledger.store.read() as connection:
        assert HOUSES[1] in connection.execute(select(t.campaign_stops.c.household_id)).scalars().all()
    clock.move(days=2)
    results(ledger, phone, phone.change("household.open", household=(young := code("H", 99))))
    ledger.erase_old(actor=ADMIN)
    with ledger.store.read() as connection:
        listed = connection.execute(select(t.campaign_households.c.household_id)).scalars().all()
        (left,) = connection.execute(select(t.campaign_stops)).mappings().all()
    assert len(listed) == 6
    assert not set(listed) & set(HOUSES)
    assert (left["household_id"] in listed, left["needs"]) == (True, "")
    homes = {each["household_id"] for each in exchange(ledger, phone.message(), actor=WORKER).households}
    assert homes == {HOUSES[0], young}


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_order_totals_are_those_of_a_plain_count(sqlite_ledger, seed):
    draw = random.Random(seed)
    phones = [Phone(60 + n) for n in range(3)]
    begin = [phones[0].change("household.open", household=house) for house in HOUSES]
    begin.append(
        phones[0].change("campaign.open", campaign_id=ROUND, kind="delivery", on_day=TODAY, households=HOUSES[:3])
    )
    made = []
    for n in range(30):
        maker, outcome = draw.choice(phones), draw.choice(["met", "absent", "declined"])
        left = {"people": draw.randint(0, 5), "food": draw.randint(0, 2)}
        made.append((maker, stop(maker, draw.choice(HOUSES), n, outcome, **left)))
    stops = [each for _maker, each in made]
    for each in begin:
        results(sqlite_ledger, phones[0], each)
    sent = [*made, *draw.sample(made, 12)]
    draw.shuffle(sent)
    for maker, each in sent:
        results(sqlite_ledger, maker, each)
    people, tried, reached = defaultdict(int), set(), set()
    for each in stops:
        house, body = each["household_id"], each["body"]
        tried.add(house)
        if body["outcome"] != "absent":
            reached.add(house)
        if body["outcome"] == "met":
            people[house] = max(people[house], body["people"])
    (row,) = campaign_totals(sqlite_ledger, actor=COUNTY).rows
    said = (row.listed, row.reached, row.absent, row.people, row.supplies["food"], row.stops_today)
    food = sum(each["body"]["food"] for each in stops)
    assert said == (len({*HOUSES[:3], *tried}), len(reached), len(tried - reached), sum(people.values()), food, 30)
