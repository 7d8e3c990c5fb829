"""What is searched and not found: counted by week without a person, small numbers hidden, words only from several."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import NotAllowedError
from providers.finder.finder import find
from providers.finder.query_parsing import parse_query
from referrals.database.models import search_gaps as need_table
from referrals.database.models import unfound_words as word_table
from referrals.records.vocabulary import Actor
from referrals.search_gaps import gap_lines, gaps_json, note_answers, note_unfound, search_gaps
from referrals.workflow.directory import open_directory
from tests.worlds.homes import small_world
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM

OTHER_UNIT = Actor("county", "ujss-cj", "CJ")


def no_place(_word: str) -> bool:
    return False


def typed(ledger, text, *accounts):
    for account in accounts:
        note_unfound(ledger, text, actor=Actor("team", account, "BC", 22889) if account else None, is_place=no_place)


def words(ledger):
    return search_gaps(ledger, actor=ADMIN).words


def test_a_word_is_listed_once_three_accounts_typed_it_and_its_small_count_is_hidden(ledger):
    typed(ledger, "o brodește", "a", "b", "a", "a", "a", "a")
    assert words(ledger) == ()
    typed(ledger, "brodește", "c")
    assert words(ledger) == (("brodeste", 7),)
    typed(ledger, "sminteala", "a", "b", "c")
    assert words(ledger) == (("brodeste", 7), ("sminteala", None))


def test_of_nobody_s_account_only_words_of_the_vocabulary_are_counted(ledger):
    typed(ledger, "brodește bătaie", "", "", "")
    assert words(ledger) == (("bataie", None),)


@pytest.mark.parametrize(
    "text",
    ["Ion Popescu", "1850612123456", "sună la 0744 123 456 popescu", "scrie la ana@exemplu.ro", "x1y2", "ab", "ABC"],
)  # fmt: skip
def test_nothing_of_a_person_or_a_number_is_kept(ledger, text):
    typed(ledger, text, "a", "b", "c")
    kept = {word for word, _times in words(ledger)}
    assert not kept & {"ion", "popescu", "ana", "exemplu", "abc"}
    assert not any(character.isdigit() for word in kept for character in word)


def test_no_account_stands_in_the_table(ledger):
    typed(ledger, "brodește", "echipa-parincea")
    with ledger.store.read() as connection:
        (row,) = connection.execute(word_table.select()).all()
    assert "echipa" not in row.typist
    assert len(row.typist) == 16


def test_who_does_not_keep_the_vocabulary_sees_no_words_and_a_team_nothing(ledger):
    typed(ledger, "brodește", "a", "b", "c")
    assert search_gaps(ledger, actor=COUNTY).words == search_gaps(ledger, actor=NATIONAL).words == ()
    with pytest.raises(NotAllowedError):
        search_gaps(ledger, actor=TEAM)


def test_after_half_a_year_words_are_forgotten_and_after_two_months_not_listed(ledger, clock):
    typed(ledger, "brodește", "a", "b", "c")
    clock.move(weeks=9)
    assert words(ledger) == ()
    clock.move(weeks=20)
    typed(ledger, "altceva", "a")
    with ledger.store.read() as connection:
        assert {row.word for row in connection.execute(word_table.select())} == {"altceva"}


@pytest.fixture
def directory(tmp_path, kept_catalogues):
    opened = open_directory(small_world.make_world(tmp_path / "home"))
    yield opened
    opened.ledger.close()


def answer(directory, need, **other):
    snapshot = directory.snapshot()
    found = find(snapshot, parse_query(snapshot.gazetteer, place="Parincea, Bacău", needs=(need,)))
    return replace(found, results=(), first=(), full=(), elsewhere=(), **other)


def test_needs_without_an_answer_are_told_to_the_county_that_they_were_asked_from(directory):
    ledger = directory.ledger
    for _time in range(4):
        assert note_answers(ledger, [answer(directory, "hot-meal")]) == 1
    assert search_gaps(ledger, actor=COUNTY).needs == (("hot-meal", "BC", None),)
    assert search_gaps(ledger, actor=COUNTY).places == ()
    note_answers(ledger, [answer(directory, "hot-meal")])
    found = search_gaps(ledger, actor=COUNTY)
    assert (found.needs, found.places) == ((("hot-meal", "BC", 5),), (("hot-meal", 24089, 5),))
    assert search_gaps(ledger, actor=OTHER_UNIT).needs == ()
    lines = "\n".join(gap_lines(found, directory.gazetteer))
    assert "de 5 ori" in lines
    assert "Parincea" in lines
    assert gaps_json(found)["places"] == [{"need": "hot-meal", "uat_siruta": 24089, "times": 5}]


def test_a_sensitive_need_is_counted_without_its_community(directory):
    note_answers(directory.ledger, [answer(directory, "hot-meal", is_sensitive=True)])
    with directory.ledger.store.read() as connection:
        (row,) = connection.execute(need_table.select()).all()
    assert (row.county, row.uat_siruta) == ("BC", 0)


def test_a_need_that_somebody_answers_is_not_counted(directory):
    snapshot = directory.snapshot()
    found = find(snapshot, parse_query(snapshot.gazetteer, place="Parincea, Bacău", needs=("hot-meal",)))
    answered = replace(found, elsewhere=(), results=found.results)
    if answered.near:
        assert note_answers(directory.ledger, [answered]) == 0
