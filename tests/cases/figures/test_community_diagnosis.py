"""What cases say of a community: people once a category and group, needs and their answers, told by who reads."""

from __future__ import annotations

import pytest

from cases.figures.amc_sheet import amc_sheet
from cases.figures.case_figures import figures_of
from cases.figures.community_diagnosis import community_diagnosis, diagnosis_in
from cases.instrument.instrument_editions import BUILT_IN, read_instrument
from cases.record import exchange
from core.errors import NotAllowedError
from core.i18n import use_language
from referrals.records.vocabulary import Actor
from tests.worlds.homes.case_world import ELSEWHERE, UAT, WORKER, Phone, assessing, code, opening
from tests.worlds.homes.ledger_world import ADMIN, refer, terms

NURSE = Actor("team", "echipa-2", "BC", UAT, profession="medical")
COUNTY = Actor("county", "ujss-bc", "BC")
PAPERS = "identity-papers"


@pytest.fixture
def seven(sqlite_ledger):
    """Seven women of 70 without papers and income, one of whom is beaten; a boy of three; somebody not assessed."""
    phone = Phone(1)
    beaten = {"born": "1956", "sex": "F", "id_card": "no", "income": "none", "safe": "violence"}
    changes = []
    for number in range(1, 8):
        ref = code("C", number)
        answers = beaten if number == 1 else None
        changes += [opening(phone, ref), assessing(phone, ref, number, answers=answers)]
    child = {"born": "2023-01", "sex": "M", "birth_cert": "no"}
    changes += [
        opening(phone, code("C", 8), born="2023-01", sex="M"), assessing(phone, code("C", 8), 8, answers=child),
        opening(phone, code("C", 9)),
    ]  # fmt: skip
    answer = exchange(sqlite_ledger, phone.message(*changes), actor=WORKER)
    assert {each.result for each in answer.results} == {"applied"}, answer.results
    return sqlite_ledger


def test_people_are_counted_once_a_category_and_group(seven):
    found = community_diagnosis(seven, UAT, "BC", actor=NURSE)
    assert (found.people, found.assessed, found.with_gaps, found.is_rounded) == (9, 8, 8, False)
    papers = next(each for each in found.categories if each.category == "ID")
    assert papers.people == {"all": 8, "children": 1, "adults": 0, "old": 7, "women": 7, "men": 1}
    assert papers.year_ago == 0
    assert "VIF" not in {each.category for each in found.categories}, "restricted findings are of a county at least"


def test_needs_stand_by_who_waits_and_say_who_was_refused(seven):
    def papers():
        found = community_diagnosis(seven, UAT, "BC", actor=WORKER).needs
        return next((each.people, each.unanswered, each.refused) for each in found if each.need == PAPERS)

    before = papers()
    assert before == (7, 7, 0)
    accepted = refer(seven, terms(), need=PAPERS, case_ref=code("C", 1))
    seven.transition(accepted.referral_id, "accept", actor=WORKER)
    for number in (2, 2, 3):
        made = refer(seven, terms(f"social:mmps:{number}"), need=PAPERS, case_ref=code("C", number))
        seven.transition(made.referral_id, "decline", reason="no_places", actor=WORKER)
    assert papers() == (7, 6, 2)
    needs = community_diagnosis(seven, UAT, "BC", actor=WORKER).needs
    assert [each.unanswered for each in needs] == sorted((each.unanswered for each in needs), reverse=True)
    assert not {"domestic-violence"} & {each.need for each in needs}


def test_the_order_of_what_is_told_in_fives_tells_no_more(seven):
    """Eight without papers and nine without income are both told as five: the letters decide, not who has more."""
    phone, no_income = Phone(1), {"born": "1956", "sex": "F", "id_card": "yes", "income": "none"}
    for number in (10, 11):
        ref = code("C", number)
        exchange(
            seven, phone.message(opening(phone, ref), assessing(phone, ref, number, answers=no_income)), actor=WORKER
        )
    exact = {
        each.category: each.people["all"] for each in community_diagnosis(seven, UAT, "BC", actor=NURSE).categories
    }
    assert 5 <= exact["ID"] < exact["INC"] < 10
    told = [
        (each.people["all"], each.category) for each in community_diagnosis(seven, UAT, "BC", actor=COUNTY).categories
    ]
    assert [each for each in told if each[1] in ("ID", "INC")] == [(5, "ID"), (5, "INC")]


def test_whoever_is_not_of_the_team_reads_fives_and_a_colleague_of_findings(seven):
    for found in (community_diagnosis(seven, UAT, "BC", actor=COUNTY), diagnosis_in(seven, UAT)):
        assert (found.people, found.assessed, found.is_rounded) == (5, 5, True)
        every = [count for each in found.categories for count in (*each.people.values(), each.year_ago)]
        every += [count for each in found.needs for count in (each.people, each.unanswered, each.refused)]
        assert every
        assert all(count % 5 == 0 for count in every)
    colleague = community_diagnosis(seven, UAT, "BC", actor=WORKER)
    assert (colleague.people, colleague.is_rounded, colleague.are_findings_rounded) == (9, False, True)
    assert {each.people["all"] for each in colleague.categories} <= {5}
    for actor in (ELSEWHERE, Actor("county", "x", "CJ")):
        with pytest.raises(NotAllowedError):
            community_diagnosis(seven, UAT, "BC", actor=actor)
    assert community_diagnosis(seven, UAT, "BC", actor=ADMIN).is_rounded


def test_it_is_said_in_both_languages(seven):
    found = community_diagnosis(seven, UAT, "BC", actor=COUNTY)
    assert any("Act de identitate: 5" in line for line in found.lines())
    with use_language("en"):
        assert any("Identity paper: 5" in line for line in found.lines())


def test_a_county_unit_that_names_a_community_of_another_county_is_told_nothing_of_it(seven):
    stranger, instrument = Actor("county", "ujss-cj", "CJ"), read_instrument(BUILT_IN)
    for ask in (
        lambda: figures_of(seven, "2026-03", actor=stranger, uat_siruta=UAT),
        lambda: amc_sheet(seven, "2026-03", "2026-03", instrument, actor=stranger, uat_siruta=UAT),
        lambda: community_diagnosis(seven, UAT, "CJ", actor=stranger),
    ):
        with pytest.raises(NotAllowedError, match="județul dumneavoastră"):
            ask()
    assert community_diagnosis(seven, UAT, "BC", actor=COUNTY).people == 5
