"""Three values: by Kleene's tables, and never a yes or no that some answer would make wrong."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.instrument.expression_trees import names_in, parse_expression
from cases.instrument.three_valued import atoms_behind, evaluate, is_asked

# What each question of these examples may be answered; "" where it is not asked.
ANSWERS = {
    "age": [3.0, 17.0, 18.0, 70.0],
    "rooms": [0.0, 1.0, 9.0, ""],
    "home": ["own", "none", "unknown", ""],
    "sick": [frozenset({"a"}), frozenset({"b"}), frozenset({"a", "b"}), frozenset({"none"}), ""],
}
ATOMS = (
    "${age} >= 18", "${age} < 2 * ${rooms}", "${rooms} != 1", "${home} = 'own'", "${home} != 'own'",
    "${home} = 'unknown'", "selected(${sick}, 'a')", "selected(${home}, 'none')",
)  # fmt: skip
trees = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("and", "or")), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        inner.map(lambda text: f"not ({text})"),
    ),
    max_leaves=5,
)
partly = st.fixed_dictionaries({name: st.sampled_from([*every, None]) for name, every in ANSWERS.items()})


def slow(tree, values):
    """Write Kleene's logic as numbers: no 0, not known 1, yes 2."""
    op = tree[0]
    if op in ("and", "or"):
        parts = [slow(part, values) for part in tree[1:]]
        return min(parts) if op == "and" else max(parts)
    if op == "not":
        return 2 - slow(tree[1], values)
    if op == "selected":
        value = values[tree[1]]
        if value is None or (value == "unknown" and tree[2] != "unknown"):
            return 1
        return 2 * (tree[2] in (value if isinstance(value, frozenset) else {value}))
    sides = []
    for side in tree[1:]:
        parts = side[1:] if side[0] == "*" else [side]
        each = [values[part[1]] if part[0] == "value" else part[1] for part in parts]
        sides.append(None if None in each else "" if "" in each else each[0] * each[1] if len(each) > 1 else each[0])
    one, other = sides
    if one is None or other is None:
        return 1
    if isinstance(one, float) or isinstance(other, float):
        if not (isinstance(one, float) and isinstance(other, float)):
            return 0
    elif "unknown" in (one, other) and one != other and "unknown" not in [s[1] for s in tree[1:] if s[0] == "text"]:
        return 1
    said = {"=": one == other, "!=": one != other}
    return 2 * (said[op] if op in said else {"<": one < other, ">=": one >= other}[op])


@given(trees, partly)
def test_the_evaluator_says_what_the_tables_say(text, values):
    tree = parse_expression(text)
    assert evaluate(tree, values.__getitem__) is {0: False, 1: None, 2: True}[slow(tree, values)]


@given(trees, partly)
def test_a_yes_or_a_no_holds_whatever_the_missing_answers_are(text, values):
    tree = parse_expression(text)
    truth = evaluate(tree, values.__getitem__)
    missing = [name for name in names_in(tree) if values[name] in (None, "unknown")]
    if truth is None or "'unknown'" in text:
        return
    for answers in product(*([each for each in ANSWERS[name] if each not in ("", "unknown")] for name in missing)):
        whole = {**values, **dict(zip(missing, answers, strict=True))}
        assert evaluate(tree, whole.__getitem__) is truth


@given(trees, partly)
def test_what_hangs_on_a_question_that_may_not_be_asked_is_not_known(text, values):
    tree = parse_expression(text)
    doubtful = frozenset(name for name in names_in(tree) if values[name] not in (None, ""))
    truth = evaluate(tree, values.__getitem__, doubtful)
    if truth is not None:
        for gone in product((False, True), repeat=len(doubtful)):
            hidden = {name for name, is_gone in zip(sorted(doubtful), gone, strict=True) if is_gone}
            assert evaluate(tree, lambda name, hidden=hidden: "" if name in hidden else values[name]) is truth


@pytest.mark.parametrize(
    ("text", "answers", "asked"),
    [
        ("${home} != 'none'", {}, True),
        ("${age} < 14", {}, False),
        ("${age} != 14", {}, False),
        ("${home} = 'own'", {"home": "unknown"}, False),
        ("selected(${sick}, 'a') or not (${age} < 14)", {"sick": frozenset()}, True),
    ],
)
def test_a_question_is_shown_as_any_form_shows_it(text, answers, asked):
    assert is_asked(parse_expression(text), lambda name: answers.get(name, "")) is asked


def test_behind_a_yes_stand_the_answers_that_make_it():
    values = {"age": 70.0, "home": "own", "sick": frozenset({"b"}), "rooms": 1.0}
    tree = parse_expression("${age} >= 65 and (${home} = 'own' or selected(${sick}, 'a'))")
    assert atoms_behind(tree, values.__getitem__) == {"age", "home"}
