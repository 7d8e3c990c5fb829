"""An instrument for a browser: whole, in both languages."""

from __future__ import annotations

import json

from cases.instrument import read_instrument
from cases.instrument.instrument_editions import BUILT_IN, KIND, instrument_at
from cases.instrument.instrument_json import instrument_json
from core.i18n import use_language
from core.resources import DATA
from core.storage.editions import EditionStore
from tests.cases.instrument.test_instrument_editions import folder_of

built_in = read_instrument(BUILT_IN).instrument


def said(instrument, language):
    with use_language(language):
        return json.loads(json.dumps(instrument_json(instrument, "e")))


def test_every_condition_is_a_tree_and_every_question_and_rule_is_there():
    found = said(built_in, "ro")
    assert [question["name"] for question in found["questions"]] == [q.name for q in built_in.questions]
    assert [rule["code"] for rule in found["rules"]] == [rule.code for rule in built_in.rules]
    born = next(question for question in found["questions"] if question["name"] == "born")
    assert born["constraint"][0] == "regex"
    child = next(rule for rule in found["rules"] if rule["code"] == "VEC_03")
    assert child["when"][:2] == ["and", [">=", ["value", "age"], ["number", 6.0]]]
    assert found["choices"]["yn"] == [["yes", "Da"], ["no", "Nu"], ["unknown", "Nu știu"]]


def test_english_says_every_word_and_leaves_every_code():
    romanian, english = said(built_in, "ro"), said(built_in, "en")

    def words(found):
        yield from ((q["label"], q.get("hint"), q.get("message"), q["group_label"]) for q in found["questions"])
        yield from ((rule["label"],) for rule in found["rules"])
        yield from ((action["words"],) for action in found["actions"])
        yield from ((label,) for choices in found["choices"].values() for _code, label in choices)

    alike = {r for one, other in zip(words(romanian), words(english), strict=True) for r in one if r and r in other}
    assert alike == {"Somatic"}
    assert [rule["when"] for rule in romanian["rules"]] == [rule["when"] for rule in english["rules"]]


def test_a_sheet_without_english_is_said_in_romanian(tmp_path):
    choices = "list_name,name,label,label::English\nyn,yes,Da,Yes\nyn,no,Nu,\nyn,unknown,Nu știu,Unsure\n"
    found = said(read_instrument(folder_of(tmp_path / "f", choices=choices)).instrument, "en")
    assert found["choices"]["yn"] == [["yes", "Yes"], ["no", "No"], ["unknown", "Unsure"]]  # „Nu” by our catalogue
    assert found["questions"][0]["label"] == "Câți oameni locuiesc aici?"


def test_the_one_file_of_all_sheets_says_what_the_sheets_say():
    whole = read_instrument(DATA / "cases" / "whole" / "instrument.csv")
    assert whole.instrument == built_in
    assert not whole.refusals


def test_a_demonstration_has_the_instrument_in_force(demonstration):
    assert EditionStore(demonstration).current(KIND) is not None
    assert instrument_at(demonstration).instrument == built_in
