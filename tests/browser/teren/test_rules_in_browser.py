"""The rules in a browser draw the same conclusions as those of the server, from the same instrument and answers."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.instrument import assess, parse_expression
from cases.instrument.instrument_json import instrument_json
from cases.instrument.three_valued import atoms_behind, evaluate, is_asked
from core.i18n import use_language
from tests.cases.instrument.test_assessing import DAY, anybody, asked, instrument, somebody
from tests.cases.instrument.test_three_valued import ANSWERS, partly, trees
from tests.covering import repeats

pytestmark = pytest.mark.browser
ONE_PAGE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ASSESS = "([answers, day]) => window.assess(window.instrument, answers, day)"


@pytest.fixture(scope="module")
def rules(client_page):
    with use_language("ro"):
        said = instrument_json(instrument(), "e")
    client_page.evaluate(
        """async (instrument) => {
          const rules = await import("/rules.js"), logic = await import("/three_valued.js");
          Object.assign(window, { instrument, assess: rules.assess, needsOf: rules.needsOf, logic });
        }""",
        json.loads(json.dumps(said)),
    )
    return client_page


def as_python_says(answers, day=DAY):
    found = json.loads(json.dumps(assess(instrument(), answers, on_day=day).as_json()))
    del found["needs"]
    found["findings"] = [[finding["code"], finding["why"]] for finding in found["findings"]]
    found["faults"] = [fault["name"] for fault in found["faults"]]
    return found


def as_browser_says(page, answers, day=DAY):
    found = page.evaluate(ASSESS, [answers, day.isoformat()])
    found["findings"] = [[finding["code"], finding["why"]] for finding in found["findings"]]
    found["faults"] = [fault["name"] for fault in found["faults"]]
    return found


def test_the_ten_people_of_the_draft_come_out_as_written(rules, real_data):
    vectors = real_data / "cases" / "proposal" / "vectors.jsonl"
    if not vectors.is_file():
        pytest.skip(f"the draft's people are not here ({vectors})")
    for line in vectors.read_text("utf-8").splitlines():
        person = json.loads(line)
        found = as_browser_says(rules, person["answers"], date.fromisoformat(person["answers"]["on_day"]))
        said = {name: found[name] for name in ("age", "asked", "gaps", "complete", "level")}
        said["findings"] = [code for code, _why in found["findings"]]
        assert said == {name: person[name] for name in said}, person["name"]


def check(rules, answers):
    assert as_browser_says(rules, answers) == as_python_says(answers)


@settings(ONE_PAGE, max_examples=60)
@given(anybody)
def test_some_answers_lead_both_to_the_same(rules, answers):
    check(rules, answers)


@repeats(
    "tests/browser/teren/test_rules_in_browser.py::test_some_answers_lead_both_to_the_same",
)
@settings(ONE_PAGE, max_examples=1_500)
@given(st.one_of(anybody, somebody))
def test_many_answers_lead_both_to_the_same(rules, answers):
    check(rules, answers)


odd = st.sampled_from(
    ["", " ", "0", "41", "1,5", "1.5", "none", "none violence", "yes no", "unknown", "not_asked", "1850", "2026", "2026-12",
     "food,debts", "food; food debts", "gold", "constructor", "__proto__", "a b c d e f", "٣", "9999999"]
)  # fmt: skip


@settings(ONE_PAGE, max_examples=60)
@given(st.dictionaries(st.sampled_from([q.name for q in asked]), odd))
def test_what_cannot_be_an_answer_is_none_for_both(rules, answers):
    check(rules, answers)


@settings(ONE_PAGE, max_examples=80)
@given(trees, partly, st.sets(st.sampled_from(list(ANSWERS)), max_size=2))
def test_trees_have_the_same_truth_on_both_sides(rules, text, values, doubtful):
    tree = parse_expression(text)
    shown = {name: "" if value is None else value for name, value in values.items()}
    expected = [
        evaluate(tree, values.__getitem__),
        evaluate(tree, values.__getitem__, frozenset(doubtful)),
        is_asked(tree, shown.__getitem__),
        sorted(atoms_behind(tree, values.__getitem__)),
    ]
    sent = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}
    found = rules.evaluate(
        """([tree, said, doubtful]) => {
          const values = (name) => (Array.isArray(said[name]) ? new Set(said[name]) : said[name]);
          const { evaluate, isAsked, atomsBehind } = window.logic;
          return [evaluate(tree, values), evaluate(tree, values, new Set(doubtful)),
                  isAsked(tree, (name) => values(name) ?? ""), [...atomsBehind(tree, values)].sort()];
        }""",
        [json.loads(json.dumps(tree)), sent, sorted(doubtful)],
    )
    assert found == expected, text


def test_needs_come_from_findings_and_wishes_as_on_the_server(rules):
    answers = {"born": "1944", "id_card": "no", "wishes": "debts, identity-papers", "h_home": "none"}
    found = rules.evaluate(
        "([answers, day]) => [...window.needsOf(window.assess(window.instrument, answers, day))]",
        [answers, DAY.isoformat()],
    )
    assert {need: tuple(origin) for need, origin in found} == assess(instrument(), answers, on_day=DAY).needs()
