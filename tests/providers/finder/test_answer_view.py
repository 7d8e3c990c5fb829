"""One list within reach, the nearest first; who comes home; what else helps; the far ones folded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.spatial.travel import CAR
from providers.finder.answer import FARTHER, Answer, Excluded
from providers.finder.answer_view import answer_view
from providers.finder.query_parsing import make_query
from providers.output.answer_text import asked_line
from providers.rules.person import Person
from tests.providers.output.test_answer_text import FREE, RESULT, elsewhere

FULL = replace(RESULT, service_id="social:mmps:3", name="Centrul plin", status="full", minutes=20.0)
DESK = replace(
    RESULT, service_id="authority:oficii:1", name="Primăria", service_type="AUT-SPAS", whose="own", minutes=1.0
)
TYPES = ("8891CZ-C-II",)
WHY_FULL = Excluded("social:mmps:3", "Centrul plin", TYPES[0], 20.0, "full", "nu mai are locuri (raportat ieri)")


@pytest.fixture(scope="module")
def answer(gazetteer):
    query = make_query(origin=gazetteer.resolve("Parincea, Bacău"), wanted=TYPES, person=Person(), k=5)

    def make(types=TYPES, **parts) -> Answer:
        nothing = dict.fromkeys(("results", "also", "elsewhere", "excluded", "emergency", "sources"), ())
        return Answer(query, types, **{**nothing, **parts}, is_sensitive=False, travel=CAR.basis)

    return make


def groups(found: Answer) -> dict[str, list[str]]:
    return {group.key: [offer.name for offer in group.offers] for group in answer_view(found).groups}


def test_the_nearest_stands_first_and_the_full_one_where_its_minutes_are(answer):
    far_free, near_asked = replace(FREE, minutes=50.0), replace(RESULT, minutes=10.0)
    found = answer(results=(far_free, near_asked), full=(FULL,), excluded=(WHY_FULL,))
    assert groups(found) == {"near": ["Centrul de zi", "Centrul plin", "Centrul liber"]}
    assert [offer.name for offer in found.visited] == ["Centrul de zi", "Centrul liber"]


def test_the_reason_of_a_full_one_is_said_once(answer):
    other = replace(WHY_FULL, service_id="social:mmps:9", name="Altul")
    around = answer_view(answer(results=(FREE,), full=(FULL,), excluded=(WHY_FULL, other)))
    assert around.reasons == {"social:mmps:3": WHY_FULL.words}
    assert [line.name for line in around.excluded] == ["Altul"]


def test_a_place_far_away_never_stands_above_one_within_reach(answer):
    far = replace(FREE, minutes=212.0, reach=FARTHER)
    around = answer_view(answer(results=(far, RESULT)))
    assert [(group.key, group.is_folded) for group in around.groups] == [("near", False), ("far", True)]
    assert around.groups[-1].title == "Mai departe de o oră, cu loc confirmat: 1 (de la 3 h 32)"


def test_of_the_far_ones_it_is_said_how_many_have_a_place(answer):
    far = (replace(FREE, minutes=212.0, reach=FARTHER), replace(RESULT, minutes=71.0, reach=FARTHER))
    (title,) = [group.title for group in answer_view(answer(results=far)).groups if group.key == "far"]
    assert title == "Mai departe de o oră: 2, din care 1 cu loc confirmat (de la 1 h 11)"


def test_who_comes_home_stands_apart_and_what_is_reached_from_afar_after_the_institutions(answer):
    visits = elsewhere("at_home", service_id="social:mmps:4", name="Vizita")
    line = elsewhere("remote", service_id="social:mmps:5", name="Linia")
    office = replace(RESULT, service_id="authority:oficii:2", name="DGASPC")
    found = answer(results=(RESULT,), elsewhere=(line, visits), also=(office,))
    assert list(groups(found).items()) == [
        ("near", ["Centrul de zi"]), ("home", ["Vizita"]), ("also", ["DGASPC"]), ("remote", ["Linia"]),
    ]  # fmt: skip


def test_the_askers_own_desk_is_no_answer_to_what_more_than_it_can_do(answer):
    more = answer(types=(*TYPES, "AUT-SPAS"), results=(RESULT,), first=(DESK,))
    assert groups(more) == {"near": ["Centrul de zi"], "also": ["Primăria"]}
    assert [offer.name for offer in more.listed] == ["Centrul de zi", "Primăria"]
    alone = answer(types=("AUT-SPAS",), results=(DESK,), first=(DESK,))
    assert groups(alone) == {"near": ["Primăria"]}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"results": (RESULT, FREE)}, "2 la cel mult o oră"),
        ({"results": (RESULT,), "full": (FULL,)}, "1 la cel mult o oră · 1 plin"),
        ({"elsewhere": (elsewhere("at_home", service_id="x:1"),)}, "Niciunul la cel mult o oră · 1 vine acasă"),
        ({"results": (replace(RESULT, reach=FARTHER),)}, "Niciunul la cel mult o oră · 1 mai departe"),
    ],
)
def test_the_answer_is_said_in_a_sentence(answer, parts, words):
    assert answer_view(answer(**parts)).summary == words


def test_the_question_is_said_in_a_line_with_what_was_said_of_the_person(answer):
    found = answer()
    person = Person(age=72, sex="F")
    line = asked_line([replace(found, query=replace(found.query, person=person, mode="walk", max_minutes=30.0))])
    assert line.place == "Parincea, județul Bacău"
    assert line.facts == ("72 de ani", "feminin", "pe jos", "cel mult 30 min")


def test_a_list_is_narrowed_only_to_what_there_is(answer):
    assert answer_view(answer(results=(FREE, RESULT))).kinds == {"free"}
    assert answer_view(answer(results=(RESULT,))).kinds == frozenset()
    assert answer_view(answer(elsewhere=(elsewhere("at_home", service_id="x:1"),))).kinds == {"home"}
