"""Several needs on the plain pages: chosen one after the other, one way for all, one agreement, a referral a stop."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from providers.finder.query_parsing import parse_query
from providers.finder.trips import best_for
from providers.output.answer_text import saving_words
from tests.api.plain.test_plain_journey import ONE_PAGE, PLACE, open_referrals, refer
from tests.worlds.clients.form_browser import Browser, form
from tests.worlds.homes import small_world

DAY, PAPERS, VIOLENCE = small_world.CHILD_DAY_CENTRE, "identity-papers", "domestic-violence"
TOGETHER = "Ar putea merge împreună"


def several(browser: Browser, *needs: str, **said):
    page = browser.get("/simplu/gasiti")
    token = form(page, "/simplu/raspuns").fields[0]
    fields = [token, ("loc", PLACE), *(("nevoie", need) for need in needs), *said.items()]
    return browser.post("/simplu/raspuns", fields)


def ticked(page) -> list[str]:
    return [value for name, value in form(page, "/simplu/raspuns").fields if name == "nevoie" and value]


def to_all(page, browser: Browser):
    asked = form(page, "/simplu/drum")
    return browser.post("/simplu/drum", asked.fields)


def agreed(page, browser: Browser, **said):
    fields = [(name, said.get(name, value)) for name, value in form(page, "/simplu/drum/nou").fields]
    return browser.post("/simplu/drum/nou", [*fields, ("temei", "consent")])


def cases(directory) -> list[tuple[str, str, str]]:
    with directory.ledger.store.read() as connection:
        return connection.exec_driver_sql("select service_id, need, case_ref from referrals order by made_at").all()


def test_the_search_is_the_one_filled_button_of_its_form(demo, as_role):
    page = as_role().get("/simplu/gasiti").text
    assert page.count('<button class="main">') == 1
    assert "&#34;" not in page


# --- saying several needs ---------------------------------------------------------------------------


def test_one_need_after_the_other_is_said_and_stays_ticked_until_the_search(demo, as_role):
    browser = as_role()
    page = browser.submit(browser.get("/simplu/gasiti"), "/simplu/raspuns", loc=PLACE, cuvinte="buletin", inca="1")
    assert page.status_code == 200
    assert ticked(page) == [PAPERS]
    assert "Și de ce mai are nevoie?" in page.text
    page = browser.submit(page, "/simplu/raspuns", cuvinte=DAY)
    assert "Nevoia 1: Nu are buletin" in page.text
    assert "Nevoia 2: " in page.text


def test_several_needs_are_written_at_once_between_commas(demo, as_role):
    page = several(as_role(), cuvinte="buletin, lemne; haine", inca="1")
    assert ticked(page) == [PAPERS, "utilities", "clothes"]


def test_words_that_are_not_clear_are_asked_back_one_by_one_and_the_clear_ones_stay(demo, as_role):
    browser = as_role()
    page = several(browser, cuvinte="buletin, bătăi, xyzq")
    assert page.status_code == 400
    assert ticked(page) == [PAPERS]
    assert "„bătăi”: despre ce nevoie este vorba?" in page.text
    assert 'href="tel:112"' in page.text  # who may be in danger is told whom to call before choosing
    page = browser.submit(page, "/simplu/raspuns", nevoie_aleasa="child-abuse")
    assert ticked(page) == [PAPERS, "child-abuse"]
    assert "Nu am înțeles „xyzq”" in page.text


def test_a_name_with_a_comma_of_its_own_is_one_need(demo, as_role):
    page = several(as_role(), cuvinte="Nu își poate plăti curentul, căldura sau apa", inca="1")
    assert ticked(page) == ["utilities"]


def test_more_than_five_needs_are_refused_in_words_and_an_unticked_one_is_gone(demo, as_role):
    browser = as_role()
    six = (PAPERS, "utilities", "clothes", "food", "dental", DAY)
    page = several(browser, *six)
    assert page.status_code == 400
    assert "Sunt prea multe nevoi deodată" in page.text
    assert set(ticked(page)) == set(six)
    assert several(browser, *six[1:]).status_code == 200


# --- one way ----------------------------------------------------------------------------------------


def test_the_way_is_that_of_the_finder_beside_the_separate_ways(demo, as_role):
    query = parse_query(demo.gazetteer, place=PLACE, services=(DAY,), needs=(PAPERS,))
    plan = best_for(demo.snapshot(), query)[0]
    page = several(as_role(), DAY, PAPERS)
    assert saving_words(plan) in page.text
    stops = re.search(r"<ol>.*?</ol>", page.text, re.DOTALL)[0]
    assert re.findall(r"<li><b>(.*?)</b>", stops) == [visit.offer.name for visit in plan.visits]
    assert "Prin drumuri separate" in page.text
    assert page.text.count("<script") == page.text.count("<script defer src=") == 1


def test_five_needs_fit_on_one_small_page(demo, as_role):
    page = several(as_role(), DAY, PAPERS, "food", "school-dropout", "disability-certificate", varsta="9")
    assert page.status_code == 200
    assert len(page.content) <= ONE_PAGE


def test_a_sensitive_need_is_on_no_common_way_and_in_no_cache(demo, as_role):
    page = several(as_role(), DAY, PAPERS, VIOLENCE)
    assert page.headers["cache-control"] == "no-store"
    stops = [value for name, value in form(page, "/simplu/drum").fields if name == "oprire"]
    assert {stop.split(" ")[0] for stop in stops} == {DAY, PAPERS}
    for secret in (small_world.SECRET_TOWN, "Strada Ascunsă", "0234999999", "social:mmps:6"):
        assert secret not in page.text


@pytest.mark.parametrize("role", ["team:24089", "national:"])
def test_the_way_is_printed_by_itself_with_addresses_and_no_need(demo, as_role, role):
    browser = as_role(role)
    page = several(browser, DAY, PAPERS)
    paper = browser.submit(page, "/simplu/tiparit")
    assert paper.status_code == 200
    assert "Drumul din Parincea" in paper.text
    first = best_for(
        demo.snapshot(), replace(parse_query(demo.gazetteer, place=PLACE, services=(DAY,)), wanted=(DAY, PAPERS))
    )[0]
    for visit in first.visits:
        assert visit.offer.name in paper.text
    assert "Nu are buletin" not in paper.text


def test_nobody_without_the_right_is_offered_to_refer(demo, as_role):
    assert "/simplu/drum" not in several(as_role("national:"), DAY, PAPERS).text


# --- referring to all stops -------------------------------------------------------------------------


def test_one_agreement_makes_a_referral_a_stop_all_of_one_case(demo, as_role):
    browser = as_role()
    page = to_all(several(browser, DAY, PAPERS), browser)
    assert "social:mmps:1" not in [service for service, _need, _case in cases(demo)]
    done = agreed(page, browser)
    assert done.text.count("S-a făcut referirea R-") == 2
    made = cases(demo)
    assert {need for _service, need, _case in made} == {DAY, PAPERS}
    assert len({case for _service, _need, case in made}) == 1
    assert demo.capacity_of("social:mmps:1")["places_free"] == 2


def test_the_same_form_sent_twice_makes_no_referral_twice(demo, as_role):
    browser = as_role()
    page = to_all(several(browser, DAY, PAPERS), browser)
    first, second = agreed(page, browser), agreed(page, browser)
    assert re.findall(r"R-\w{10}", first.text) == re.findall(r"R-\w{10}", second.text)
    assert len(cases(demo)) == 2


def test_the_same_form_sent_again_when_a_place_came_back_keeps_to_one_case(demo, as_role):
    browser = as_role()
    small_world.report(demo.home, "social:mmps:1", 1)
    page = to_all(several(browser, DAY, PAPERS), browser)
    small_world.report(demo.home, "social:mmps:1", 0)
    assert agreed(page, browser).text.count("S-a făcut referirea R-") == 1
    small_world.report(demo.home, "social:mmps:1", 1)
    again = agreed(page, browser)
    assert again.status_code == 200
    assert again.text.count("S-a făcut referirea R-") == 2
    assert len(cases(demo)) == 2
    assert len({case for _service, _need, case in cases(demo)}) == 1


def test_forms_without_a_key_are_never_taken_for_one_another(demo, as_role):
    browser = as_role()
    page = to_all(several(browser, DAY, PAPERS), browser)
    for _person in range(2):
        agreed(page, browser, cheie="", caz_nou="")
    assert len(cases(demo)) == 4
    assert len({case for _service, _need, case in cases(demo)}) == 2


@pytest.mark.parametrize("code", ["C-23456-789AB", "C-23456-789AB.abc.def", "{}x"])
def test_a_new_case_has_the_code_that_the_program_offered_and_no_other(demo, as_role, code):
    browser = as_role()
    page = to_all(several(browser, DAY, PAPERS), browser)
    offered = dict(form(page, "/simplu/drum/nou").fields)["caz_nou"]
    refused = agreed(page, browser, caz_nou=code.format(offered))
    assert refused.status_code == 400
    assert "Căutați din nou" in refused.text
    assert cases(demo) == []


def test_without_agreement_nothing_is_made(demo, as_role):
    browser = as_role()
    page = to_all(several(browser, DAY, PAPERS), browser)
    refused = browser.submit(page, "/simplu/drum/nou")
    assert refused.status_code == 400
    assert "acordul" in refused.text
    assert open_referrals(demo) == []


def test_a_stop_whose_place_is_gone_leaves_the_others_made_and_what_is_left_to_choose_from(demo, as_role):
    small_world.report(demo.home, "social:mmps:1", 1)
    browser = as_role()
    page = to_all(several(browser, DAY, PAPERS), browser)
    refer(as_role())  # another hand takes the last place
    late = agreed(page, browser)
    assert late.status_code == 409
    assert late.text.count("S-a făcut referirea R-") == 1
    assert "nu mai poate fi ales" in late.text
    others = form(late, "/simplu/referire")
    assert "social:mmps:2" in [button.get("value") for button in others.buttons]
    case = dict(others.fields)["caz"]
    assert (PAPERS, case) in [(need, found) for _service, need, found in cases(demo)]


def test_a_stop_that_no_need_of_the_question_asks_for_is_passed_over(demo, as_role):
    browser = as_role()
    fields = [
        (name, "food social:mmps:1" if name == "oprire" else value)
        for name, value in form(several(browser, DAY, PAPERS), "/simplu/drum").fields
    ]
    assert browser.post("/simplu/drum", fields).status_code == 400


# --- together with others ---------------------------------------------------------------------------


def test_the_team_sees_who_could_come_along_and_nobody_else_does(demo, as_role):
    made = refer(as_role())
    assert TOGETHER in several(as_role(), DAY, PAPERS).text
    assert TOGETHER not in several(as_role("national:"), DAY, PAPERS).text
    assert TOGETHER not in several(as_role("team:22889"), DAY, PAPERS).text
    assert TOGETHER not in made.text  # one person rides with nobody


def test_a_referral_names_the_others_on_its_way_but_neither_case_nor_need(demo, as_role):
    refer(as_role())
    second = refer(as_role())
    said = re.search(rf"{TOGETHER}[^<]*", second.text)[0]
    assert "1 persoană" in said
    assert "C-" not in said
    assert "R-" not in said


def test_a_sensitive_referral_shares_no_ride(demo, as_role):
    refer(as_role())
    query = parse_query(demo.gazetteer, place=PLACE, needs=(VIOLENCE,))
    hall = next(o for o in demo.ask(replace(query, k=9)).results if o.service_id.startswith("authority:"))
    browser = as_role()
    page = several(browser, VIOLENCE)
    asked = browser.post("/simplu/referire", [*form(page, "/simplu/referire").fields, ("serviciu", hall.service_id)])
    made = browser.submit(asked, "/referire/noua", temei="consent")
    assert "/simplu/referire/R-" in str(made.url)
    assert TOGETHER not in made.text
