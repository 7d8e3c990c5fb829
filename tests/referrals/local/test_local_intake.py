"""From what is typed to an answer: places, needs, days and telephones; what is refused; lists and the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from core.errors import BadValueError, NotAllowedError, UnknownCodeError, UnknownPlaceError
from core.romanian_calendar import BUCHAREST
from core.storage.home import make_home
from providers.finder.answer import Query
from providers.output.answer_json import as_json
from providers.output.answer_text import answer_lines
from referrals.field.local_in_answers import seen_by
from referrals.local import local_intake, local_lists
from referrals.local.local_intake import LocalTyped
from referrals.records.ledger_errors import BadLocalEntryError, PersonalDataError
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, Clock

TEAM = Actor("team", "echipa-1", "BC", 24089)
OTHER_COUNTY = Actor("county", "ujss-cj", "CJ")
MONDAY = date(2026, 11, 30)
PARISH = LocalTyped("Parohia", "Haine", "Parincea, Bacău", ("clothes", "food"), phone="0234.000.111", taken="oricine")
CARAVAN = LocalTyped(
    "Caravana",
    "Mamografie gratuită",
    "Parincea, Bacău",
    ("screening",),
    days="3.12.2026; 10.12.2026",
    phone="0234000112",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return make_home("live", tmp_path_factory.mktemp("local") / "var")


@pytest.fixture
def directory(home):
    """Open the directory; what a test adds is taken out again."""
    opened = open_directory(home)
    opened.ledger = replace(opened.ledger, clock=Clock(datetime(2026, 11, 30, 9, tzinfo=BUCHAREST)))
    yield opened
    with opened.ledger.store.write() as connection:
        connection.exec_driver_sql("delete from local_entries")
    opened.ledger.close()


def ask(directory, need="clothes", place="Parincea, Bacău"):
    return directory.ask(Query(directory.gazetteer.resolve(place), (need,), on=MONDAY))


def test_what_a_team_adds_is_in_the_next_answer_marked_and_what_is_removed_is_in_none(directory):
    assert ask(directory).local == ()
    made = local_intake.add(directory, PARISH, actor=TEAM)
    (offer,) = ask(directory).local
    assert (offer.help.name, offer.help.phone, offer.minutes) == ("Parohia", "0234000111", pytest.approx(0.0, abs=0.1))
    assert any("Parohia" in line and "neverificat" in line for line in answer_lines(ask(directory)))
    local_intake.do_step(directory, made.entry_id, "check", actor=COUNTY)
    assert any("verificată de UJSS la 30.11.2026" in line for line in answer_lines(ask(directory)))
    assert as_json(ask(directory))["local"][0]["checked_on"] == "2026-11-30"
    local_intake.do_step(directory, made.entry_id, "remove", actor=TEAM)
    assert ask(directory).local == ()
    local_intake.do_step(directory, made.entry_id, "put_back", actor=TEAM)
    assert ask(directory).local[0].help.checked_on is None


def test_people_of_another_county_or_another_need_are_not_sent_there(directory):
    local_intake.add(directory, PARISH, actor=TEAM)
    assert ask(directory, place="Vaslui, Vaslui").local == ()
    assert ask(directory, "job").local == ()


def test_whoever_works_in_another_county_does_not_read_it_in_an_answer_about_this_one(directory):
    local_intake.add(directory, PARISH, actor=TEAM)
    answer = ask(directory)
    assert [len(seen_by(answer, actor).local) for actor in (TEAM, COUNTY, NATIONAL, ADMIN, None)] == [1] * 5
    assert seen_by(answer, OTHER_COUNTY).local == ()
    assert seen_by(answer, Actor("team", "x", "CJ", 1)).local == ()


def test_an_answer_says_on_which_day_a_caravan_comes_and_where(directory):
    local_intake.add(directory, CARAVAN, actor=TEAM)
    said = [line for line in answer_lines(ask(directory, "screening")) if "Caravana" in line]
    assert "vine joi, 3 decembrie, la Parincea, apoi joi, 10 decembrie" in said[0]


def test_a_caravan_s_review_date_is_its_last_day_and_others_have_half_a_year(directory):
    assert local_intake.add(directory, CARAVAN, actor=TEAM).draft.review_on == date(2026, 12, 10)
    assert local_intake.add(directory, PARISH, actor=TEAM).draft.review_on == date(2027, 5, 29)
    own = replace(PARISH, name="Altă parohie", review="1.3.2027")
    assert local_intake.add(directory, own, actor=TEAM).draft.review_on == date(2027, 3, 1)


def test_needs_are_understood_as_codes_names_and_words(directory):
    typed = replace(PARISH, needs=("clothes", "Nu are buletin", "vaccinare"))
    assert local_intake.add(directory, typed, actor=TEAM).draft.needs == ("clothes", "identity-papers", "vaccination")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"phone": "sunați seara"}, BadValueError),
        ({"phone": "0234 000 111, 0234 000 11"}, BadValueError),
        ({"days": "cândva"}, BadValueError),
        ({"needs": ("nimic",)}, BadLocalEntryError),
        ({"needs": ()}, BadLocalEntryError),
        ({"place": "Nicăieri pe hartă"}, UnknownPlaceError),
        ({"serves": "nation"}, BadLocalEntryError),
        ({"review": "1.3.2029"}, BadLocalEntryError),
        ({"review": "joi"}, BadLocalEntryError),
        ({"offers": "Întrebați de doamna, 0722 123 456"}, PersonalDataError),
        ({"place": "Cluj-Napoca, Cluj"}, NotAllowedError),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(directory, wrong, error):
    with pytest.raises(error):
        local_intake.add(directory, replace(PARISH, **wrong), actor=TEAM)
    assert local_lists.lines(directory, actor=COUNTY) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Adăpostul pentru femei bătute"},
        {"offers": "Cazare pentru victimele violenței"},
        {"offers": "Locuință câteva nopți", "needs": ("domestic-violence",)},
        {"name": "Casa de refugiu", "needs": ("trafficking",)},
    ],
)
def test_the_address_of_a_shelter_for_victims_is_not_taken(directory, wrong):
    with pytest.raises(BadLocalEntryError, match="DGASPC"):
        local_intake.add(directory, replace(PARISH, **wrong), actor=TEAM)


def test_a_group_that_talks_with_victims_by_day_may_be_named(directory):
    typed = replace(PARISH, name="Grup de sprijin", offers="Discuții de grup, miercurea", needs=("domestic-violence",))
    assert local_intake.add(directory, typed, actor=TEAM).state == "entered"


def test_each_role_sees_the_steps_that_the_ledger_would_take(directory):
    made = local_intake.add(directory, PARISH, actor=TEAM)
    expected = {
        TEAM: ("renew", "remove"),
        Actor("team", "echipa-9", "BC", 22889): (),
        COUNTY: ("check", "refuse", "renew", "remove"),
        NATIONAL: (),
        ADMIN: ("check", "refuse", "renew", "remove"),
    }
    for actor, steps in expected.items():
        (line,) = local_lists.lines(directory, actor=actor)
        assert line.steps == steps
    for step in expected[COUNTY]:  # every button that is shown is taken
        assert local_intake.do_step(directory, made.entry_id, step, actor=COUNTY)
        if step == "refuse":
            local_intake.do_step(directory, made.entry_id, "remove", actor=COUNTY)
            local_intake.do_step(directory, made.entry_id, "put_back", actor=COUNTY)
    with pytest.raises(UnknownCodeError):
        local_intake.do_step(directory, made.entry_id, "burn", actor=COUNTY)


def test_what_is_to_be_checked_stands_first_and_a_caravan_is_not_asked_for_again(directory):
    first = local_intake.add(directory, PARISH, actor=TEAM)
    local_intake.do_step(directory, first.entry_id, "check", actor=COUNTY)
    gone = local_intake.add(directory, replace(PARISH, name="Plecați"), actor=TEAM)
    local_intake.do_step(directory, gone.entry_id, "remove", actor=TEAM)
    local_intake.add(directory, CARAVAN, actor=TEAM)
    said = {line.name: line.steps for line in local_lists.lines(directory, actor=COUNTY)}
    assert list(said) == ["Caravana", "Parohia", "Plecați"]
    assert said["Caravana"] == ("check", "refuse", "remove")


def test_what_nobody_confirmed_again_for_long_is_not_in_the_calendar(directory):
    local_intake.add(directory, replace(CARAVAN, days="joi", review="1.12.2026"), actor=TEAM)
    assert len(local_lists.calendar_table(directory, actor=TEAM)) > 0
    directory.ledger.clock.move(days=62)
    assert local_lists.calendar_table(directory, actor=TEAM).empty
    assert list(local_lists.calendar_lines(directory, actor=TEAM)) == ["Nimic în calendar."]


def test_the_calendar_has_a_row_a_day_from_today_on_for_its_county(directory):
    local_intake.add(directory, CARAVAN, actor=TEAM)
    local_intake.add(directory, replace(CARAVAN, name="AJOFM la primărie", days="prima joi din lună"), actor=TEAM)
    local_intake.add(directory, PARISH, actor=TEAM)
    table = local_lists.calendar_table(directory, actor=TEAM)
    assert list(table.columns) == list(local_lists.CALENDAR_COLUMNS)
    assert table["day"].tolist()[:3] == ["2026-12-03", "2026-12-03", "2026-12-10"]
    assert set(table["weekday"]) == {"joi"}
    assert "Parohia" not in set(table["name"])
    lines = list(local_lists.calendar_lines(directory, actor=COUNTY))
    assert len(lines) == 2
    assert "0234 000 112" in lines[0]
    assert local_lists.calendar_table(directory, actor=OTHER_COUNTY).empty
    with pytest.raises(NotAllowedError):
        local_lists.calendar_table(directory, actor=OTHER_COUNTY, county="BC")
