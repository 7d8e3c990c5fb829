from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from core.i18n import number
from core.storage.home import make_home
from core.text import collation_key
from pages.coverage_panels.coverage_html import render_distribution
from providers.planning.coverage_measures import measure_help
from referrals.records.vocabulary import Actor
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world

PAGE = "coverage.py"
SOMEBODY = Actor("county", "account-1", "BC")
CHILD_DAY_CENTRE = small_world.CHILD_DAY_CENTRE


@pytest.fixture(scope="module")
def peopled(tmp_path_factory):
    home = small_world.make_world(tmp_path_factory.mktemp("peopled") / "home")
    small_world.give_population(home)
    return home


@pytest.fixture
def opened(in_home):
    def start(folder, *, actor=SOMEBODY, **address):
        app = in_home(folder, actor=actor)
        for name, value in address.items():
            app.query_params[name] = value
        return app.switch_page(PAGE).run(timeout=60)

    return start


def is_sound(app):
    text = words(app)
    return not app.exception and "A apărut o eroare" not in text and "NaN" not in text and "nan%" not in text


def test_unasked_it_tells_how_to_begin(opened, peopled):
    app = opened(peopled.path)
    assert is_sound(app)
    assert "Cum începeți" in words(app)


def test_a_county_shows_figures_gaps_with_reasons_sources_and_the_mark_of_a_demonstration(opened, peopled):
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", minute="45")
    text = words(app)
    assert is_sound(app)
    assert app.selectbox(key="cov_reach").value == 45  # as the map of services hands it on
    for part in ("nu au loc, după licențe", "nu au serviciu la cel mult 45 min", "Cele mai mari lipsuri",
                 "Date demonstrative", "Populație inventată, la 01.01.2026",
                 "niciun serviciu în apropiere", "Cine are nevoie", "presupunere, de confirmat"):  # fmt: skip
        assert part in text, part


HELP, BORDER, SPECIAL = "ajutor", "vecini", "masuri"


def test_two_scenarios_stand_side_by_side_after_the_telephone_calls(opened, peopled):
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP)
    app.button(key="cov_plan").click().run(timeout=60)
    assert "3 servicii noi de câte 20 de locuri" in words(app)
    app.number_input(key="cov_sites_most").set_value(0)
    app.number_input(key="cov_teams").set_value(1).run(timeout=60)
    app.button(key="cov_plan").click().run(timeout=60)
    assert is_sound(app)
    text = words(app)
    for part in ("Ce ar ajuta, alături", "0. Telefoane", "Câștigă un loc", "Se lămurește dacă au loc"):
        assert part in text, part
    assert "Echipa 1, luni" in text


def drawn(app):
    """What the page writes as markdown: its charts."""
    return "".join(each.value for each in app.markdown)


def planned(app, **fields):
    """Fill the what-if panel and calculate."""
    for key, value in fields.items():
        kind = app.selectbox if key in ("cov_goal", "cov_seconds") else app.number_input
        kind(key=key).set_value(value).run(timeout=60)
    return app.button(key="cov_plan").click().run(timeout=90)


def test_a_scenario_is_proven_checked_priced_and_lists_every_unit_before_and_after(opened, peopled):
    app = planned(opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP))
    text = words(app)
    assert is_sound(app)
    for part in ("Dovedit cel mai bun", "Verificat separat", "prețuri presupuse", "Înainte și după, pe unități",
                 "serviciu nou", "Fișierele XLSX, GeoPackage și PDF cuprind"):  # fmt: skip
        assert part in text, part
    assert app.selectbox(key="cov_shown").value == 1  # the map shows what was just found


@pytest.mark.parametrize("goal", ["poorest", "travel", "everybody"])
def test_every_goal_gives_a_plan_or_says_what_stands_in_the_way(opened, peopled, goal):
    app = planned(opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP), cov_goal=goal, cov_seconds=10)
    text = words(app)
    assert is_sound(app)
    assert "Verificat separat" in text or "Nu se poate" in text


def test_what_cannot_be_asked_of_the_panel_is_said_in_words(opened, peopled):
    app = planned(opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP), cov_sites_most=0)
    assert is_sound(app)
    assert "Spuneți ce se poate adăuga" in words(app)
    app = planned(app, cov_goal="everybody", cov_sites_everybody=1, cov_each_everybody=2)
    assert is_sound(app)
    assert "Nu se poate" in words(app)


def test_a_budget_is_kept(opened, peopled):
    app = planned(opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP), cov_budget=600_000)
    assert is_sound(app)
    assert "cel mult 600.000" in words(app)
    assert "510.000" in words(app)  # one service of twenty places, at the assumed prices


def test_a_scenario_is_renamed_deleted_and_put_back(opened, peopled):
    app = planned(opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP))
    app.text_input(key="cov_name_1").set_value("varianta 0722 123 456").run(timeout=60)
    assert "Numele scenariului: ștergeți numărul de telefon" in words(app)
    app.text_input(key="cov_name_1").set_value("Varianta <b>ieftină</b>").run(timeout=60)
    assert "1. Varianta &lt;b&gt;ieftină&lt;/b&gt;" in words(app)
    app.button(key="cov_delete_1").click().run(timeout=60)
    assert "a fost șters" in words(app)
    assert "Niciun scenariu încă" in words(app)
    app.button(key="cov_undo").click().run(timeout=60)
    assert is_sound(app)
    assert "1. Varianta" in words(app)
    assert "a fost șters" not in words(app)


def test_a_deleted_scenario_leaves_the_others_and_the_comparison_sound(opened, peopled):
    app = planned(opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP))
    app = planned(app, cov_sites_most=1)
    assert "2. 1 serviciu nou" in words(app)
    app.button(key="cov_delete_2").click().run(timeout=60)
    assert is_sound(app)
    assert "1. 3 servicii noi" in words(app)
    assert words(app).count("2. 1 serviciu nou") == 1  # where it says that it was deleted


def test_the_chart_is_drawn_and_its_numbers_are_in_words_and_in_a_table(opened, peopled):
    chart = drawn(opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC"))
    for part in ("<svg", 'role="img"', "aria-label=", "Aceleași numere, ca tabel", "<table"):
        assert part in chart, part
    assert "nan" not in chart.lower()


def test_no_scenario_goes_with_another_county_or_service(opened, peopled):
    app = opened(peopled.path, actor=Actor("national", account="n"), serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP)
    app = planned(app)
    assert "Verificat separat" in words(app)
    app.selectbox(key="cov_judet").set_value("NT").run(timeout=60)
    assert is_sound(app)
    assert "Niciun scenariu încă" in words(app)


def test_a_community_team_sees_its_county_and_plans_nothing(opened, peopled):
    team = Actor("team", "t", "BC", uat_siruta=24089)
    app = opened(peopled.path, actor=team, serviciu=CHILD_DAY_CENTRE, judet="CJ", fila=HELP)
    assert is_sound(app)
    assert app.selectbox(key="cov_judet").options == ["Bacău"]
    assert "Scenariile le pregătește unitatea județeană" in words(app)
    assert not [b for b in app.button if b.key == "cov_plan"]


def test_who_waited_is_counted_for_who_may_see_counts(opened, peopled):
    for actor in (SOMEBODY, Actor("national", account="n"), Actor("team", "t", "BC", uat_siruta=24089)):
        app = opened(peopled.path, actor=actor, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP)
        assert is_sound(app)
        assert "nimeni nu a fost refuzat" in words(app)
    nobody = opened(peopled.path, actor=None, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP)
    assert "Cei care au așteptat" not in words(nobody)


def test_no_address_of_the_page_shows_a_county_unit_another_county(opened, peopled):
    for asked in ("CJ", "", "BC' OR 1=1", "NT"):
        app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet=asked)
        assert is_sound(app)
        assert app.selectbox(key="cov_judet").options == ["Bacău"]
        assert app.session_state["cov_judet"] == "BC"


def test_a_county_out_of_everybodys_reach_is_words(opened, peopled):
    app = opened(peopled.path, actor=Actor("county", "a", "TL"), serviciu=CHILD_DAY_CENTRE, fila=BORDER)
    assert is_sound(app)
    assert "Niciun serviciu al altui județ nu este accesibil persoanelor de aici" in words(app)
    assert "Nicio persoană nu se adresează altui județ" in words(app)


@pytest.mark.parametrize("code", ["8810ID-I", "8899CPDH-I", small_world.HELPLINE_NEED])
def test_services_that_come_home_and_needs_answered_from_afar_are_words_too(opened, peopled, code):
    app = opened(peopled.path, serviciu=code, judet="BC")
    assert is_sound(app)
    assert small_world.SECRET_TOWN not in words(app)


def test_protected_services_have_no_panel_and_nobody_waiting_on_screen(opened, peopled):
    app = opened(peopled.path, serviciu=small_world.SHELTER, judet="BC")
    assert not [b for b in app.button if b.key == "cov_plan"]
    assert "Cei care au așteptat" not in words(app)


def test_a_county_unit_that_asks_for_another_county_gets_its_own(opened, peopled):
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="CJ")
    assert app.selectbox(key="cov_judet").options == ["Bacău"]


def test_the_national_level_sees_the_whole_country_by_county(opened, peopled):
    app = opened(peopled.path, actor=Actor("national", account="n"), serviciu=CHILD_DAY_CENTRE, fila=HELP)
    assert is_sound(app)
    assert "alegeți un județ" in words(app)


def test_services_that_take_everybody_have_no_places_for_each_person_and_say_so(opened, peopled):
    app = opened(peopled.path, serviciu="AUT-SPAS", judet="BC", fila=SPECIAL)
    app.selectbox(key="cov_special").set_value("places_per_1000_2sfca").run(timeout=60)
    assert is_sound(app)
    assert "Aceste servicii primesc pe oricine" in words(app)
    assert "nu se știe" in words(app)


def test_protected_addresses_have_neither_map_nor_measures(opened, peopled):
    app = opened(peopled.path, serviciu=small_world.SHELTER, judet="BC")
    text = words(app)
    assert is_sound(app)
    assert "numără numai pe județ" in text
    assert small_world.SECRET_TOWN not in text
    assert "Cele mai mari lipsuri" not in text


def test_a_register_never_imported_is_said(opened, peopled):
    app = opened(peopled.path, serviciu="MED-GP", judet="BC")
    assert is_sound(app)
    assert "Registre încă neimportate aici: serviciile medicale" in words(app)


def test_without_population_it_says_what_to_import(opened, world):
    app = opened(world.path, serviciu=CHILD_DAY_CENTRE, judet="BC")
    assert is_sound(app)
    assert "harta import population" in words(app)


def test_a_county_unit_sees_its_county_only():
    from pages.common.shared import own_county

    assert own_county(Actor("county", account="a", county="BC")) == "BC"
    assert own_county(Actor("national", account="a")) is None
    assert own_county(None) is None


def test_an_empty_live_home_says_what_is_missing(opened, tmp_path):
    make_home("live", tmp_path / "live")
    app = opened(tmp_path / "live", serviciu=CHILD_DAY_CENTRE)
    assert is_sound(app)


# Widths of the widest letters that a browser here falls back to (DejaVu Sans), in parts of the size.
_WIDTHS = {**dict.fromkeys("0123456789", 0.637), ".": 0.318, ",": 0.318}
_SIZE = 14


@pytest.mark.parametrize("most", [3, 999, 12_345, 999_999, 20_955_156, 999_999_999])
def test_no_figure_of_the_chart_is_cut_however_long(most):
    labels = ["0–15", "15–30", "30–60", "60–120", "nu ajunge"]
    rows = pd.DataFrame({"label": labels, "people": [most, most // 2, 1, 0, most]})
    drawing = ET.fromstring(re.search(r"<svg.*?</svg>", render_distribution(rows), re.DOTALL)[0])  # noqa: S314 - our own
    width = float(drawing.get("viewBox").split()[2])
    texts = [text for text in drawing.iter("{http://www.w3.org/2000/svg}text") if text.get("text-anchor") is None]
    assert [text.text.strip() for text in texts] == [number(n) for n in rows["people"]]
    for text in texts:
        wide = sum(_WIDTHS[letter] for letter in text.text.strip()) * _SIZE
        assert float(text.get("x")) + wide <= width, text.text


def test_a_measure_is_named_shortly_where_it_is_chosen_and_explained_below(opened, peopled):
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC")
    choice = app.selectbox(key="cov_measure")
    assert choice.options == ["Acces", "Capacitate", "Liber acum"]
    for measure in ("reach", "free"):
        choice.set_value(measure).run(timeout=60)
        assert measure_help(measure) in words(app)


def test_measures_for_specialists_are_folded_away_and_drawn_when_asked_for(opened, peopled):
    assert "2SFCA" not in words(opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC"))
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=SPECIAL)
    choice = app.selectbox(key="cov_special")
    assert choice.options[1:] == ["Minute", "Locuri (2SFCA)", "Locuri (E2SFCA)", "Locuri (BFCA)"]
    assert "Luo și Wang, 2003" in words(app)
    choice.set_value("minutes_mean").run(timeout=60)
    assert is_sound(app)
    assert "între 15 min și 30 min" in words(app)


def test_services_stand_before_needs_each_by_its_letters(opened, peopled):
    options = opened(peopled.path).selectbox(key="cov_serviciu").options
    needs = [option for option in options if option.startswith("Nevoie: ")]
    assert 0 < len(needs) < len(options)
    assert options[-len(needs) :] == needs == sorted(needs, key=collation_key)


def address(app):
    """What the page has written into the address, by name."""
    return {n: [v] if isinstance(v, str) else list(v) for n, v in app.query_params.items()}


def test_the_address_keeps_service_county_time_measure_part_and_scenarios(opened, peopled):
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", minute="45", masura="free", fila=HELP)
    app.text_input(key="cov_new_name").set_value("Varianta ieftină").run(timeout=60)
    app = planned(app)
    kept = address(app)
    assert kept["serviciu"] == [CHILD_DAY_CENTRE]
    assert (kept["judet"], kept["minute"], kept["masura"], kept["fila"]) == (["BC"], ["45"], ["free"], ["ajutor"])
    assert kept["scenariu"][0].endswith("~Varianta ieftină")
    again = opened(peopled.path, **{name: values[0] for name, values in kept.items()})
    assert is_sound(again)
    assert "1. Varianta ieftină" in words(again)
    assert address(again) == kept


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("serviciu", "<b>x</b>", "Nu există serviciul sau nevoia"),
        ("judet", "BC' OR 1=1", "Nu există județul"),
        ("minute", "31", "alegeți unul dintre: 15 min, 30 min, 45 min, 1 h"),
        ("masura", "orice", "Nu există măsura"),
        ("scenariu", "most~999999999999", "nu este un scenariu"),
    ],
)
def test_what_an_address_says_wrongly_is_refused_in_words(opened, peopled, name, value, said):
    app = opened(peopled.path, actor=Actor("national", account="n"), **{"serviciu": CHILD_DAY_CENTRE, name: value})
    assert is_sound(app)
    assert said in words(app)
    assert "<b>x</b>" not in words(app)


def test_the_name_of_a_scenario_that_says_who_a_person_is_is_not_kept(opened, peopled):
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC", fila=HELP)
    app.text_input(key="cov_new_name").set_value("Ion, 0722 123 456").run(timeout=60)
    app = planned(app)
    assert "Numele scenariului: ștergeți numărul de telefon" in words(app)
    assert "scenariu" not in address(app)


def test_a_call_is_listed_with_its_number_and_what_it_told_is_noted_by_who_may(opened, tmp_path):
    home = small_world.make_world(tmp_path / "home")
    small_world.give_population(home)
    app = opened(home.path, serviciu=CHILD_DAY_CENTRE, judet="BC", masura="free", fila=HELP)
    before = words(app)
    assert "tel:" in before
    app.button(key="call-no_answer-cov").click().run(timeout=60)
    assert "Am notat că nu a răspuns nimeni." in words(app)
    app.button(key="untell-cov").click().run(timeout=60)
    assert "apelul nu se mai numără" in words(app)
    app.button(key="note-free-0-cov").click().run(timeout=60)
    assert is_sound(app)
    assert "Cifrele de sus țin seama de ce ați aflat." in words(app)
    app.button(key="untell-cov").click().run(timeout=60)
    assert is_sound(app)
    assert app.selectbox(key="cov_called").options, "what was noted by mistake is asked again"
