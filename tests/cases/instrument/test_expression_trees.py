"""The subset of expressions: what is read into which tree, and that anything else is refused with a place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.instrument.expression_trees import ExpressionError, parse_expression, type_fault

KINDS = {"age": "number", "rooms": "number", "home": "one", "faults": "many", "born": "text"}
CHOICES = {"home": frozenset({"own", "none"}), "faults": frozenset({"water", "none"})}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("${age} < 14", ("<", ("value", "age"), ("number", 14.0))),
        ("${age} > 2 * ${rooms}", (">", ("value", "age"), ("*", ("number", 2.0), ("value", "rooms")))),
        ("selected(${faults}, 'water')", ("selected", "faults", "water")),
        (
            "${a} = 'x' or ${b} = 'y' and not (${c} != 'z')",
            (
                "or",
                ("=", ("value", "a"), ("text", "x")),
                ("and", ("=", ("value", "b"), ("text", "y")), ("not", ("!=", ("value", "c"), ("text", "z")))),
            ),
        ),
    ],
)
def test_an_expression_of_the_subset_becomes_its_tree(text, tree):
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${age} + 1 > 2", "la semnul 8"),
        ("count(${faults}) > 1", "„count”"),
        ("${age} >= 18 or", "sfârșitul"),
        ("${age} >= 18)", "„)”"),
        ("(${age} >= 18", "„)”"),
        ("${age}", "o comparație"),
        ("age > 3", "„age”"),
        ("${home} = ‘own’", "‘own’"),
        (". > 3", "punctul"),
        ("regex(${home}, 'a')", "„regex”"),
        ("selected(${home}, ${age})", "între apostrofuri"),
        ("(" * 21 + "${age} > 1" + ")" * 21, "paranteze"),
        ("${age} > 1 or " * 400 + "${age} > 1", "peste"),
        ("", "sfârșitul"),
    ],
)
def test_anything_else_is_refused_with_what_was_found(text, said):
    with pytest.raises(ExpressionError, match=said.replace("(", r"\(").replace(")", r"\)")):
        parse_expression(text)


@settings(max_examples=50)
@given(st.text(max_size=40) | st.text("${}ageselectd'(),<>=!*. orandnt0123456789", max_size=80))
def test_no_text_does_more_than_be_refused(text):
    with suppress(ExpressionError):
        tree = parse_expression(text, about_own=True)
        assert tree[0] in {"or", "and", "not", "selected", "regex", "=", "!=", "<", "<=", ">", ">="}


def test_a_pattern_is_one_that_every_reader_reads_alike_in_bounded_time():
    assert parse_expression("regex(., '^(19|20)[0-9][0-9](-(0[1-9]|1[0-2]))?$')", about_own=True)[0] == "regex"
    for pattern in ("(a+)+$", "a*", r"\d{4}", "(a?){30}", "[^a]", "(", "a??b?c?d?"):
        with pytest.raises(ExpressionError):
            parse_expression(f"regex(., '{pattern}')", about_own=True)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("${age} >= 18 and ${home} = 'own'", ""),
        ("selected(${home}, 'own') or selected(${faults}, 'none')", ""),
        ("${nobody} = 'own'", "nu există întrebarea ${nobody}"),
        ("${home} = 'castle'", "nu este o variantă"),
        ("'castle' = ${home}", "nu este o variantă"),
        ("selected(${faults}, 'fire')", "nu este o variantă"),
        ("selected(${age}, 'x')", "cere o întrebare cu variante"),
        ("${faults} = 'water'", "selected"),
        ("${age} = '3'", "nu se compară"),
        ("${born} < '2000'", "numai numere"),
        ("2 * ${home} > 3", "nu se compară"),
    ],
)
def test_a_tree_asks_only_what_its_questions_can_answer(text, fault):
    found = type_fault(parse_expression(text), KINDS, CHOICES)
    assert fault in found
    assert bool(found) == bool(fault)
