"""What minutes rest on stands beside them wherever an answer, a trip or a community is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.plain.offer_cards import OfferButtons
from core.templating import render_macro
from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.travel import CAR
from pages.common import community_html, markup, referral_markup
from pages.finder_panels import answer_markup
from pages.finder_panels.result_map import facts
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.snapshot import Snapshot
from providers.finder import trips
from providers.finder.answer import Query
from providers.finder.community_sheet import community_sheet
from providers.finder.finder import find
from providers.finder.offer_view import view_of
from providers.output.answer_json import as_json
from providers.output.answer_text import answer_lines, plan_lines
from providers.rules.schema import services_table
from providers.rules.travel_words import basis_words, estimate_note, time_words, to_road_words
from tests.providers.finder.test_finder import service
from tests.worlds.clients.html_reading import read
from tests.worlds.roads.made_up_roads import ROADS, made_up_models
from tests.worlds.twins.obvious_finder import NOW, TODAY, capacity_table

WORDS = "pe drumuri OSM, ediția din 03.11.2026, vara"


@pytest.fixture(scope="module")
def asked():
    gazetteer = load_gazetteer(None)
    rows = [service(n, 46.4 + 0.01 * n, 27.0 + 0.013 * n) for n in range(1, 20)]
    rows += [
        service(n, 46.4 + 0.01 * n, 27.1, service_type="MED-GP", registry="medical", service_id=f"medical:cnas:{n}")
        for n in range(30, 45)
    ]
    catalogue = make_catalogue(services_table(rows), gazetteer)
    laid = availability(catalogue, capacity_table({}), now=NOW)
    place = gazetteer.resolve("Parincea, Bacău")
    return Snapshot(catalogue, laid, gazetteer, travel=made_up_models()), place


def test_the_words_are_those_of_the_issue():
    assert basis_words(ROADS) == WORDS
    assert estimate_note(ROADS) == f"Minutele sunt {WORDS}."
    assert time_words(14.2, ROADS) == f"14 min {WORDS}"
    assert time_words(float("inf"), ROADS) == "nu se ajunge cu mașina"


def test_every_card_line_and_table_names_the_roads(asked):
    snapshot, place = asked
    answer = find(snapshot, Query(place, ("8891CZ-C-II",), on=TODAY, k=4))
    first = answer.results[0]
    drawn = [
        read(answer_markup.render_row(first, 1)),
        read(answer_markup.render_row(first)),
        read(answer_markup.render_comparison([(1, first)])),
        read(referral_markup.render_offer_line(first)),
        read(render_macro("plain/_offers.html", "card", view_of(first), OfferButtons(refer=False, note=""))),
    ]
    assert [page.holds(WORDS) for page in drawn] == [True] * len(drawn)
    assert [page.holds("km în linie dreaptă") for page in drawn[:3]] == [True] * 3
    assert "\n".join(answer_lines(answer)).count(WORDS) >= len(answer.results)


def test_the_offer_of_a_list_writes_its_telephone_as_every_page_does(asked):
    snapshot, place = asked
    answer = find(snapshot, Query(place, ("8891CZ-C-II",), on=TODAY, k=1))
    drawn = read(referral_markup.render_offer_line(replace(answer.results[0], phone="0234226530")))
    assert drawn.holds("0234 226 530")


def test_a_trip_and_the_sheet_of_a_community_name_them_once(asked):
    snapshot, place = asked
    (plan, *_more) = trips.best_for(snapshot, Query(place, ("8891CZ-C-II", "MED-GP"), on=TODAY))
    assert WORDS in "\n".join(plan_lines(plan))
    assert trips.as_json(plan)["travel"]["model"] == "roads_car_summer"
    assert read(markup.render_trip(plan)).holds(WORDS)
    sheet = community_sheet(snapshot, place)
    assert read(community_html.render_within(sheet, 60.0)).holds(WORDS)


def test_the_walk_to_the_road_stands_beside_an_offer_on_every_surface(asked):
    snapshot, place = asked
    answer = find(snapshot, Query(place, ("8891CZ-C-II",), on=TODAY, k=4))
    far = replace(answer.results[0], to_road_m=612.0)
    words = "600 m pe jos până la drum"
    for drawn in (
        answer_markup.render_row(far, 1),
        answer_markup.render_row(far),
        answer_markup.render_comparison([(1, far)]),
        render_macro("plain/_offers.html", "card", view_of(far), OfferButtons(refer=False, note="")),
    ):
        assert read(drawn).holds(words)
    said = replace(answer, results=(far,), first=())
    assert words in "\n".join(answer_lines(said))
    assert words in " ".join(facts([said])[1][0].lines)
    assert as_json(said)["results"][0]["to_road_m"] == 612.0


def test_a_short_walk_a_walk_on_foot_and_a_straight_line_say_nothing_and_main_roads_say_local_roads():
    assert to_road_words(99.0, ROADS) == ""
    assert to_road_words(900.0, replace(ROADS, mode="walk")) == ""
    assert to_road_words(900.0, CAR.basis) == ""
    assert to_road_words(2_960.0, ROADS) == "3,0 km pe jos până la drum"
    main = replace(ROADS, has_local_roads=False)
    assert to_road_words(4_210.0, main) == "4,2 km pe drumuri locale, în linie dreaptă"
