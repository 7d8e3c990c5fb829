from __future__ import annotations

import re

import pytest

from core.storage.home import make_home
from referrals.records.vocabulary import Actor
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world

PARINCEA = "24098"  # SIRUTA


@pytest.fixture
def asked(in_home, world):
    """The page with a whole question in its address."""
    return in_home(world.path, loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE)


def cards(app) -> list[str]:
    """The numbered rows that may take the person, in the order of reading."""
    return re.findall(r'<article class="hs-row hs-is-(?!full)\w+" id=.*?</article>', words(app), flags=re.DOTALL)


def full(app) -> list[str]:
    return re.findall(r'<article class="hs-row hs-is-full" id=.*?</article>', words(app), flags=re.DOTALL)


def names(app) -> list[str]:
    """Names of every row with a number, in the order of reading."""
    return re.findall(r'<article class="hs-row [^"]*" id=.*?<h3>(.*?)</h3>', words(app), flags=re.DOTALL)


def change(app):
    """Open the form over the answer."""
    return app.button(key="change").click().run()


def fill(app, place, need):
    app.text_input(key="place_text").set_value(place)
    app.text_input(key="wanted_text").set_value(need)
    return app.run()


def search(app):
    return app.button(key="search").click().run()


def is_sound(app) -> bool:
    return not app.exception and "A apărut o eroare" not in words(app)


def test_without_a_home_the_page_says_what_to_do(in_home, tmp_path):
    app = in_home(tmp_path / "nothing")
    assert "harta demo" in words(app)
    assert is_sound(app)


def test_an_unasked_page_tells_how_to_begin_and_draws_no_map(in_home, world):
    app = in_home(world.path)
    assert "Cum începeți" in words(app)
    assert "hs-map-notes" not in words(app)
    assert is_sound(app)


def test_a_demonstration_says_so_and_a_live_home_does_not(in_home, world, tmp_path):
    assert "Date demonstrative" in words(in_home(world.path))
    make_home("live", tmp_path / "live")
    assert "Date demonstrative" not in words(in_home(tmp_path / "live"))


def test_place_and_need_and_the_button_lead_to_an_answer(in_home, world):
    app = search(fill(in_home(world.path), "Parincea, Bacău", "Centru de zi pentru copii în risc"))
    assert is_sound(app)
    assert "La cel mult" not in words(app)  # the sentence above the list says it
    assert len(cards(app)) == 3


def test_no_answer_is_shown_before_the_button_is_pressed(in_home, world):
    app = fill(in_home(world.path), "Parincea, Bacău", "Centru de zi pentru copii în risc")
    assert not cards(app)


def test_one_list_is_read_the_nearest_first_whatever_is_known_of_places(asked):
    page = words(asked)
    minutes = [int(each) for each in re.findall(r'class="hs-min"><b>(?:≈ )?(\d+) min</b>', page)]
    assert minutes == sorted(minutes)
    assert re.findall(r'hs-show" data-number="(\d+)"', page) == ["1", "2", "3", "4"]
    assert [each for each in names(asked) if each.startswith(("Centrul de zi „Luminița”", "Centrul de zi „Plin”"))]


def test_a_full_service_near_by_stands_in_the_list_with_its_reason_and_not_once_more_among_the_others(asked):
    (row,) = full(asked)
    assert "Plin" in row
    assert "nu mai are locuri" in row
    assert words(asked).count("nu mai are locuri") == 1


def test_the_answer_begins_with_the_question_in_a_line_and_a_sentence(asked):
    page = words(asked)
    assert re.search(r"<h1>Parincea, județul Bacău <span>Centru de zi pentru copii în risc</span></h1>", page)
    assert re.search(r'<h2 class="hs-sum" id="hs-answer" tabindex="-1">3 la cel mult .* · 1 plin', page)
    assert "cu mașina · cel mult" in page
    assert not asked.text_input


def test_an_age_that_would_decide_and_was_not_said_is_asked_for_in_sight(asked):
    app = asked.button(key="say_age").click().run()
    app = search(app.number_input(key="age").set_value(9).run())
    assert "9 ani · cu mașina" in words(app)
    assert "say_age" not in {button.key for button in app.button}


def test_the_form_opens_with_what_was_asked_and_leads_back_to_the_answer(asked):
    app = asked.button(key="say_age").click().run()
    app = change(search(app.number_input(key="age").set_value(9).run()))
    assert app.text_input(key="place_text").value == "Parincea, județul Bacău"
    assert app.text_input(key="wanted_text").value == "Centru de zi pentru copii în risc"
    assert app.number_input(key="age").value == 9
    assert not cards(app)
    assert cards(app.button(key="go_back").click().run())


def test_one_more_need_is_asked_beside_the_first(asked):
    app = asked.button(key="one_more").click().run()
    app = search(app.text_input(key="wanted_text_2").set_value("Nu are buletin").run())
    assert is_sound(app)
    assert "Nevoia 2: " in words(app)
    assert app.query_params["nevoie"] == [small_world.CHILD_DAY_CENTRE, "identity-papers"]


def test_several_needs_may_be_written_in_one_field_between_commas(in_home, world):
    app = search(fill(in_home(world.path), "Parincea, Bacău", "Nu are buletin, masă caldă"))
    assert is_sound(app)
    assert app.query_params["nevoie"] == ["identity-papers", "hot-meal"]


def test_of_more_needs_than_may_be_asked_at_once_the_first_are_searched_and_the_page_says_so(in_home, world):
    written = "identity-papers, hot-meal, job, vaccination, eviction, food"
    page = words(fill(in_home(world.path), "Parincea, Bacău", written))
    assert "Cel mult 5 nevoi deodată" in page


def test_free_places_stand_beside_the_age_of_their_report(asked):
    assert re.search(r"<b>3 locuri libere</b>, raportat acum 2 zile", cards(asked)[0])


def test_unknown_places_are_said_to_be_unknown_and_never_zero(asked):
    assert "20 locuri licențiate, libere: necunoscut" in cards(asked)[1].replace("20 de", "20")
    assert "0 loc" not in re.sub(r"\d0", "", words(asked))


def test_a_card_has_a_number_to_tap(asked):
    assert 'href="tel:0234512345"' in cards(asked)[0]
    assert 'href="tel:0744111222"' in cards(asked)[0]


def test_every_nearer_one_left_out_has_its_reason(asked):
    page = words(asked)
    assert re.search(r"„Expirat”, \d+ min: <b>licența a expirat la", page)


def test_markup_in_a_registers_name_is_shown_as_text(asked):
    assert "<img" not in words(asked)
    assert "&lt;img src=x" in words(asked)


def test_sources_stand_at_the_foot_with_their_day(asked):
    assert re.search(r"Surse:</b> .*Registru inventat, la 12\.10\.2026 \(date sintetice\)", words(asked))


def test_a_position_known_by_locality_alone_is_marked(asked):
    assert "aproximativă: centrul localității" in cards(asked)[2]
    assert "aproximativă" not in cards(asked)[0]


def test_the_address_of_the_page_holds_place_and_need_and_nothing_of_the_person(asked):
    app = search(change(asked).number_input(key="age").set_value(12).run())
    assert "12 ani" in words(app)
    assert dict(asked.query_params) == {"loc": PARINCEA, "nevoie": small_world.CHILD_DAY_CENTRE}


def test_a_sensitive_need_stays_out_of_the_address(in_home, world):
    app = search(fill(in_home(world.path), "Parincea, Bacău", "Este bătut sau abuzat în familie"))
    assert is_sound(app)
    assert "nevoie" not in app.query_params
    assert app.query_params["loc"] == PARINCEA


def test_danger_stands_above_the_answer_with_numbers_to_tap(in_home, world):
    page = words(search(fill(in_home(world.path), "Parincea, Bacău", "Este bătut sau abuzat în familie")))
    assert page.index('href="tel:112"') < page.index("hs-sum")
    assert 'href="tel:0800500333"' in page


def test_a_protected_address_shows_neither_place_nor_phone_nor_number(in_home, world):
    page = words(search(fill(in_home(world.path), "Parincea, Bacău", "Este bătut sau abuzat în familie")))
    assert "adresă protejată" in page
    for secret in (small_world.SECRET_TOWN, "Ascunsă", "0234999999", "0234 999 999"):
        assert secret not in page
    assert "În alte județe: 1 serviciu" in page


@pytest.mark.parametrize(
    ("actor", "is_led"),
    [(Actor("county", "a", "BC"), True), (Actor("county", "a", "VS"), False), (Actor("national", "a"), False), (None, False)],
)  # fmt: skip
def test_the_unit_that_answers_for_a_protected_service_is_led_to_where_its_record_opens(in_home, world, actor, is_led):
    page = words(search(fill(in_home(world.path, actor=actor), "Parincea, Bacău", "Este bătut sau abuzat în familie")))
    assert "adresă protejată" in page
    assert ("Fiecare deschidere se scrie în jurnal" in page) == is_led
    assert "Ascunsă" not in page


def test_a_name_that_several_places_bear_is_asked_back(in_home, world):
    app = search(fill(in_home(world.path), "Ștefănești", "Centru de zi pentru copii în risc"))
    assert not cards(app)
    question = app.radio[0]
    assert "Sunt mai multe" in question.label
    app = question.set_value("Ștefănești, județul Botoșani").run()
    assert is_sound(app)
    assert app.query_params["loc"] != PARINCEA
    assert "Surse:" in words(app)


def test_an_everyday_word_with_two_meanings_is_asked_back(in_home, world):
    app = search(fill(in_home(world.path), "Parincea, Bacău", "bătăi"))
    assert "Ce ați vrut să căutați?" in [r.label for r in app.radio]


@pytest.mark.parametrize("typed", ["qqqqqqq", "<script>alert(1)</script>", "52.5, 13.4", "'; DROP TABLE"])
def test_a_place_that_does_not_exist_is_refused_in_words(in_home, world, typed):
    app = search(fill(in_home(world.path), typed, "buletin"))
    assert is_sound(app)
    assert not cards(app)
    assert "<script" not in words(app)


def test_a_need_that_nobody_understands_is_refused_in_words(in_home, world):
    app = search(fill(in_home(world.path), "Parincea, Bacău", "qqqqqqq"))
    assert "Nu am înțeles „qqqqqqq”" in words(app)


def test_the_button_says_what_is_missing(in_home, world):
    page = words(search(in_home(world.path)))
    assert "Scrieți localitatea" in page
    assert "Alegeți de ce are nevoie" in page


def test_an_address_made_by_hand_cannot_break_the_page(in_home, world):
    for loc, need in (("x", "y"), ("999999999999999999999", "child-abuse"), ("-1", "<b>"), ("24098", "")):
        assert is_sound(in_home(world.path, loc=loc, nevoie=need))


def test_only_facts_that_a_rule_looks_at_are_asked(in_home, world):
    app = fill(in_home(world.path), "Parincea, Bacău", "Nu are buletin")
    assert not app.number_input
    app = fill(app, "Parincea, Bacău", "Centru de zi pentru copii în risc")
    assert [n.label for n in app.number_input] == ["Vârsta"]


def test_an_age_that_the_rules_exclude_is_a_reason_in_words(asked):
    page = words(search(change(asked).number_input(key="age").set_value(40).run()))
    assert "nu se adresează acestei grupe de vârstă" in page
    assert "Niciun serviciu potrivit" in page


def test_a_reach_too_short_says_how_to_go_on(asked):
    app = change(asked)
    app.button_group(key="mode").set_value("walk")
    app.toggle(key="more").set_value(True).run()
    app = search(app.button_group(key="reach").set_value(15).run())
    assert is_sound(app)
    assert "Cât de departe?" in words(app)
    assert "este prea departe" in words(app)


def test_only_confirmed_drops_the_second_block(asked):
    app = change(asked).toggle(key="more").set_value(True).run()
    app = search(app.checkbox(key="only_confirmed").check().run())
    assert "sunați înainte</b>" not in words(app)
    assert len(cards(app)) == 1


def test_a_live_home_without_the_register_says_so(in_home, tmp_path):
    make_home("live", tmp_path / "live")
    page = words(in_home(tmp_path / "live", loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE))
    assert "Nu avem încă date despre aceste servicii" in page
    assert "registrul serviciilor sociale" in page


def test_a_report_made_meanwhile_is_seen_at_the_next_run(in_home, tmp_path):
    home = small_world.make_world(tmp_path / "home")
    app = in_home(home.path, loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE)
    assert "7 locuri libere" not in words(app)
    small_world.report(home, "social:mmps:2", 7)
    assert "7 locuri libere" in words(app.run())


def test_an_answer_keeps_its_order_until_it_is_asked_again(in_home, tmp_path):
    home = small_world.make_world(tmp_path / "home")
    app = in_home(home.path, loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE)
    before = names(app)
    small_world.report(home, "social:mmps:1", 0)
    app = app.run()
    assert names(app) == before
    assert len(full(app)) == 2
    app = app.button(key="refresh").click().run()
    assert len(full(app)) == 2
    assert "refresh" not in {button.key for button in app.button}


def test_an_edition_published_meanwhile_is_seen_at_the_next_run(in_home, tmp_path):
    home = small_world.make_world(tmp_path / "home")
    app = in_home(home.path, loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE)
    small_world.publish(
        home, "social", [*small_world.services(), small_world.service(8, 0.03, 0.0, name="Centrul nou")]
    )
    assert "Centrul nou" in words(app.run())


def test_whatever_breaks_is_said_in_our_words(in_home, world, monkeypatch):
    app = in_home(world.path)
    monkeypatch.setattr("geo.gazetteer.gazetteer.Gazetteer.resolve", lambda *_: 1 / 0)
    page = words(fill(app, "Parincea", "buletin"))
    assert "A apărut o eroare" in page
    assert "ZeroDivision" not in page


def test_where_the_person_lives_is_asked_only_where_it_decides(in_home, world):
    def toggles(need):
        return [t.label for t in fill(in_home(world.path), "Parincea, Bacău", need).toggle]

    assert "Domiciliul este în altă localitate" in toggles("Primăria")  # a town hall serves its own people
    assert "Domiciliul este în altă localitate" not in toggles("Centru de zi pentru copii în risc")


def test_the_town_hall_of_the_home_answers_and_not_the_one_nearby(in_home, world):
    app = fill(in_home(world.path), "Parincea, Bacău", "Primăria")
    app.toggle(key="lives_elsewhere").set_value(True).run()
    app.text_input(key="home_text").set_value("Ungureni, Bacău")
    app = search(app)
    assert is_sound(app)
    assert "Primăria comunei Ungureni" in words(app)
    assert not [card for card in cards(app) if "Primăria comunei Parincea" in card]


@pytest.mark.parametrize(
    ("file", "screen"), [("find.py", "find"), ("referrals.py", "referrals"), ("registers.py", "registers")]
)
def test_every_screen_ends_with_its_help_and_the_way_to_the_plain_pages(in_home, world, file, screen):
    page = words(in_home(world.path).switch_page(file).run())
    assert f'href="/simplu/ajutor?ecran={screen}"' in page
    assert 'href="/intra/simplu"' in page


def test_a_place_that_is_not_named_as_written_is_asked_with_the_own_county_first(in_home, world):
    app = search(fill(in_home(world.path), "Prancea", "Centru de zi pentru copii în risc"))
    (asked,) = [each for each in app.radio if "Prancea" in each.label]
    assert asked.options[0] == "Parincea, județul Bacău"
    assert cards(app) == []
    assert cards(asked.set_value(asked.options[0]).run())
    assert is_sound(app)
