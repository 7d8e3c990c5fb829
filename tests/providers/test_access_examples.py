"""The written examples of access, one test a row: what is answered, by whose decision, and what never is.

A specialist reads and corrects `examples/access_examples.csv`; every row was read for its sense in the field.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue.eligibility import REASONS
from providers.finder.instructions import instructions_for
from providers.rules import taxonomy
from tests.worlds.files.hand_kept import change, copies
from tests.worlds.homes.example_world import FOLDER, answer_to, examples, made, reason_of, service_id

EXAMPLES = examples()
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


@pytest.fixture(scope="module")
def catalogue(gazetteer):
    return made(gazetteer)


def offered(answer) -> list:
    return list(answer.offers)


def named(offer) -> str:
    """The id of an offer; of a kind of help without a service its type."""
    return offer.service_id or f"kind:{offer.service_type}"


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_is_answered_as_written(example, catalogue, gazetteer):
    answer = answer_to(example, catalogue, gazetteer)
    written = {column: [service_id(each, gazetteer) for each in example.ids(column)] for column in ("first", "also")}
    assert [named(each) for each in answer.first] == written["first"]
    assert [named(each) for each in answer.also] == written["also"]
    not_visited = {service_id(key, gazetteer): why for key, _is, why in _pairs(example, "elsewhere")}
    assert {each.service_id: each.why for each in answer.elsewhere} == not_visited
    assert [line.code for line in answer.emergency] == example.ids("lines")


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.cells["left_out"]], ids=str)
def test_what_an_example_leaves_out_has_its_one_reason(example, catalogue, gazetteer):
    answer = answer_to(example, catalogue, gazetteer)
    for key, _is, reason in _pairs(example, "left_out"):
        code = service_id(key, gazetteer)
        assert reason_of(code, example, catalogue, gazetteer) == reason
        assert code not in {each.service_id for each in offered(answer)}
        said = {line.service_id: line.reason for line in answer.excluded}
        assert said.get(code, reason) == reason


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.cells["never"]], ids=str)
def test_what_must_not_be_offered_is_not(example, catalogue, gazetteer):
    answer = answer_to(example, catalogue, gazetteer)
    shown = {each.service_id for each in offered(answer)}
    types = {each.service_type for each in offered(answer)}
    for written in example.ids("never"):
        if written in taxonomy.service_types():
            assert written not in types
        else:
            assert service_id(written, gazetteer) in catalogue.position
            assert service_id(written, gazetteer) not in shown


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_decision_is_named_with_whose_it_is_and_holds_no_place(example, catalogue, gazetteer):
    answer = answer_to(example, catalogue, gazetteer)
    by_decision = [each for each in offered(answer) if each.access_route == "decision"]
    assert [each.service_id for each in by_decision] == [service_id(i, gazetteer) for i in example.ids("by_decision")]
    for each in by_decision:
        said = instructions_for(each)
        assert each.decision_by
        assert each.decision_by in said[0]
        assert said[-1] == "Nu se rezervă un loc: referirea este o cerere."
        assert taxonomy.service_type(each.service_type).hold_days == 0


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_secret_service_comes_without_a_place_and_an_aggressor_s_never_to_a_victim(example, catalogue, gazetteer):
    answer = answer_to(example, catalogue, gazetteer)
    assert not any(catalogue.cell("is_secret", catalogue.position[r.service_id]) for r in answer.visited)
    for each in answer.elsewhere:
        if each.why == "secret":
            assert (each.locality, each.address, each.phone, each.places_max) == (None, None, None, None)
            assert "adresă protejată" in each.name
    if {"violence-victim", "trafficking-victim"} & set(example.ids("groups")):
        assert not any(taxonomy.service_type(each.service_type).for_aggressors for each in offered(answer))


def test_the_table_is_long_enough_and_touches_what_it_must():
    assert len(EXAMPLES) >= 120
    assert len({example.cells["story"] for example in EXAMPLES}) == len(EXAMPLES)
    used = {reason for example in EXAMPLES for _key, _is, reason in _pairs(example, "left_out")}
    about_the_person = set(REASONS[1:11])
    assert used == about_the_person
    assert len({example.cells["need"] for example in EXAMPLES}) > 90


def _pairs(example, column):
    return [each.partition("=") for each in example.ids(column)]


ASK = """
from pathlib import Path
import core.reading.curated_tables
core.reading.curated_tables.FOLDER = Path({folder!r})
from tests.worlds.homes.example_world import answer_to, examples, made
from geo.gazetteer.gazetteer import load_gazetteer
gazetteer = load_gazetteer(None)
example = next(e for e in examples() if e.cells["story"].startswith({story!r}))
print(*(r.service_id for r in answer_to(example, made(gazetteer), gazetteer).offers))
"""


@pytest.mark.slow
def test_a_specialist_changes_who_is_offered_by_editing_one_row(tmp_path):
    """Tables are read once a process, so the changed ones are asked in a process of their own."""
    folder = copies(tmp_path)
    story = "Foame în comună: cantina altui oraș"
    code = ASK.format(folder=str(folder), story=story)

    def asked() -> list[str]:
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.split()

    before = asked()
    assert "social:canteen-bacau" not in before
    change(folder, "service_types", "8899CPDH-I", service_area="county")
    assert [code for code in asked() if code not in before] == ["social:canteen-bacau"]


def test_the_examples_hold_no_real_provider():
    assert FOLDER.name == "examples"
    assert "Furnizor (exemplu)" in (ROOT / "tests" / "worlds" / "homes" / "example_world.py").read_text(
        encoding="utf-8"
    )
