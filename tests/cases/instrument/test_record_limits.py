"""A form that is put in force is one whose assessments can be sent: names, codes and sizes fit what is kept."""

from __future__ import annotations

import json

import pytest

from cases.exchange.change_kinds import MOST_BODY
from cases.instrument.instrument_editions import BUILT_IN, read_instrument
from cases.instrument.instrument_model import HOUSEHOLD
from cases.record import exchange
from tests.worlds.homes.case_world import WORKER, Phone, assessing, code, opening

SURVEY = ["type,name,label,relevant", "integer,h_people,Câți sunt,", "select_one yn,alone,Locuiește singur,"]
CHOICES = ["list_name,name,label", "yn,yes,Da", "yn,no,Nu"]
FINDINGS = ["code,when,label,level", "VSA_01,${alone} = 'yes',Singur,high"]


def form(tmp_path, survey=(), choices=(), findings=(), actions=()):
    sheets = {"survey": [*SURVEY, *survey], "choices": [*CHOICES, *choices], "findings": [*FINDINGS, *findings]}
    if actions:
        sheets["actions"] = ["need_group,member,words,working_days", *actions]
    folder = tmp_path / "form"
    folder.mkdir()
    for name, rows in sheets.items():
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_the_built_in_form_fits():
    assert read_instrument(BUILT_IN).refusals == ()


LONG_LIST = [f"many,{'abcdefghij'}{n:02},Varianta {n}" for n in range(25)]


@pytest.mark.parametrize(
    ("said", "sheet", "column"),
    [
        ({"survey": ["select_one yn,HasPapers,Are acte,"]}, "survey", "name"),
        ({"survey": ["select_one yn,_papers,Are acte,"]}, "survey", "name"),
        ({"survey": [f"select_one yn,{'a' * 41},Are acte,"]}, "survey", "name"),
        ({"survey": ["select_one yn,constructor,Are acte,"]}, "survey", "name"),
        ({"survey": ["select_multiple many,all,Care,"], "choices": LONG_LIST}, "survey", "type"),
        ({"choices": ["yn,other_1234567,Altul"]}, "choices", "name"),
        ({"findings": ["no_papers,${alone} = 'no',Fără acte,high"]}, "findings", "code"),
        ({"findings": ["VULNER_00001,${alone} = 'no',Fără acte,high"]}, "findings", "code"),
    ],
)
def test_what_no_assessment_could_carry_refuses_its_row(tmp_path, said, sheet, column):
    read = read_instrument(form(tmp_path, **said))
    (refusal,) = read.refusals
    assert (refusal.sheet, refusal.field) == (sheet, column)
    rows = sum(len(lines) - 1 for lines in (SURVEY, CHOICES, FINDINGS)) + sum(map(len, said.values()))
    levels = sum(row.sheet == "levels" for row in read.rows)
    assert read.rows_read == rows + levels, "rows are taken or refused, none is lost"


@pytest.mark.parametrize("prefix", ["", HOUSEHOLD])
def test_a_form_of_thousands_of_questions_says_from_where_it_is_too_long(tmp_path, prefix):
    many = [f"integer,{prefix}q{n},Întrebarea {n}," for n in range(3000)]
    (refusal,) = read_instrument(form(tmp_path, survey=many)).refusals
    assert refusal.value == f"{prefix}q{199}"
    assert "prea lung" in refusal.message


def test_the_longest_form_that_is_taken_is_sent_whole(tmp_path, ledger, monkeypatch):
    """All of its questions answered by all of their choices, through the same door as a telephone's."""
    from cases.record import record_exchange

    length = 12
    lists = [f"l{n},{'v' * (length - 2)}{n:02},Da" for n in range(20)]
    lists += [f"list{at},{'x' * 8}{n:02},Varianta {n}" for at in range(30) for n in range(27)]
    survey = [f"select_multiple list{at},question_{at},Care {at}," for at in range(30)]
    read = read_instrument(form(tmp_path, survey=survey, choices=lists))
    assert read.refusals == ()
    answers = {f"question_{at}": " ".join(f"{'x' * 8}{n:02}" for n in range(27)) for at in range(30)}
    assert max(map(len, answers.values())) == 296
    monkeypatch.setattr(record_exchange, "instruments_of", lambda _home: lambda _name: read.instrument)
    phone, case = Phone(1), code("C", 1)
    change = assessing(phone, case, 1, answers=answers)
    assert len(json.dumps(change["body"], ensure_ascii=False)) < MOST_BODY
    results = exchange(ledger, phone.message(opening(phone, case), change), actor=WORKER).results
    assert [each.result for each in results] == ["applied", "applied"]


def test_an_action_that_no_plan_can_hold_refuses_its_row(tmp_path):
    from providers.rules.needs import needs

    group = next(iter(needs().values())).group
    read = read_instrument(form(tmp_path, actions=[f"{group},social,{'x' * 121},5", f"{group},social,{'x' * 120},5"]))
    (refusal,) = read.refusals
    assert (refusal.sheet, refusal.field, refusal.row) == ("actions", "words", 1)
