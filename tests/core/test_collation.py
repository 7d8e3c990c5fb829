"""Lists of names are read in the order of the Romanian alphabet."""

import ast
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.resources import ROOT
from core.text import collation_key, collation_keys

ALPHABET = "a ă â b c d e f g h i î j k l m n o p q r s ș t ț u v w x y z".split()  # noqa: SIM905
LETTERS = "".join(ALPHABET)


def obvious(name):
    """Places of the letters in the alphabet, a word after a word; a shorter name first."""
    return [[ALPHABET.index(letter) for letter in word] for word in re.split(r"[\s\-.,]+", name.lower()) if word]


@given(st.lists(st.text(LETTERS + LETTERS.upper() + " -.,", max_size=8), max_size=8))
def test_names_stand_as_their_letters_do_one_by_one(names):
    assert sorted(names, key=collation_key) == sorted(names, key=obvious)


@pytest.mark.parametrize(
    ("names"),
    [
        ["Băbeni", "Buturugeni"],
        ["Călărași", "Covasna"],
        ["Sălaj", "Suceava", "Șpring", "Vințu de Jos"],
        ["Sat nr. 2", "Sat nr. 10"],
        ["Cluj", "Cluj-Napoca", "Cluj Vest"],
        ["Iași", "Ilfov", "Însurăței"],
        ["Sebeş", "Șona"],
    ],
)
def test_marked_letters_stand_after_their_plain_ones(names):
    assert sorted(names, key=collation_key) == names
    table = pd.DataFrame({"name": names[::-1]}).sort_values("name", key=collation_keys)
    assert table["name"].tolist() == names


def test_case_signs_and_old_spellings_do_not_count():
    assert collation_key("TÎRGU-MUREŞ") == collation_key("tîrgu mureș")
    assert collation_key("a\u0306") == collation_key("ă")
    assert collation_key("Kézdi") == collation_key("kezdi")


# Codes, paths and internal names may be sorted as text; what is called a name or a label may not.
NAMED = re.compile(r"\b(name|names|label|labels|county_name|region_name|locality)\b")
ROOMS = ("api", "cases", "commands", "pages", "providers", "referrals", "reports")
# `name` is a code of a source or a file there, or a list that is first sorted by age, or the map's.
CODES = (
    "providers/catalogue/source_order.py",
    "core/",
    "referrals/database/",
)


def plain_sorts():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if str(path.relative_to(ROOT)).startswith(CODES):
                continue
            source = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(source)):
                if not isinstance(node, ast.Call):
                    continue
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called not in ("sorted", "sort", "sort_values"):
                    continue
                said = ast.unparse(node)
                keys = [ast.unparse(each.value) for each in node.keywords if each.arg in ("key", "by")]
                if called == "sort_values":
                    keys += [ast.unparse(each) for each in node.args]
                if NAMED.search(" ".join(keys)) and "collation_key" not in said and "len(" not in said:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", said


@pytest.mark.everyday
def test_no_list_of_names_is_sorted_as_bare_text():
    assert dict(plain_sorts()) == {}
