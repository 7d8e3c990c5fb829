"""The vocabulary of flags: whatever an importer can set has words, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.i18n import use_language
from providers.authorities import authorities
from providers.registries import medical
from providers.registries.social import social_rows
from providers.rules.flags import FLAGS, flag_words, is_flag
from providers.rules.schema import check_services, services_table
from referrals.field import provider_statements
from referrals.field.field_reports import WHATS

ROOT = Path(__file__).resolve().parents[3]
SETTERS = (
    "providers/registries",
    "providers/authorities",
    "providers/catalogue",
    "providers/finder",
    "referrals/field",
)
JOINERS = {"join_flags", "_StatedPlace", "Capacity", "_Point"}


def constants(node: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def said_in(tree: ast.AST) -> set[str]:
    """List the codes that a module sets: in what makes a list of flags, and in what fills a column or a name of flags."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if name == "map" and node.args and isinstance(node.args[0], ast.Dict):  # a flag for True, none for False
                found |= constants(node.args[0])
            if name in JOINERS or (name == "append" and "flags" in owner):
                found |= set().union(*map(constants, (*node.args, *(k.value for k in node.keywords))))
        elif isinstance(node, (ast.List, ast.Tuple)) and any(
            isinstance(each, ast.Starred) and getattr(each.value, "id", "") == "flags" for each in node.elts
        ):
            found |= constants(node)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any("flag" in getattr(each, "id", "").lower() or getattr(each, "id", "") == "doubt" for each in targets):
                found |= constants(node.value)
        elif isinstance(node, ast.FunctionDef) and ("flag" in node.name or "doubt" in node.name):
            found |= set().union(
                *(constants(each) for each in ast.walk(node) if isinstance(each, (ast.Return, ast.IfExp)))
            )
    return found


def set_by_the_product() -> set[str]:
    texts = set().union(
        *(said_in(ast.parse(p.read_text(encoding="utf-8"))) for s in SETTERS for p in (ROOT / s).rglob("*.py"))
    )
    return {text for text in texts if text.replace("_", "").isalpha() and text.islower() and "_" in text.strip("_")}


# Columns that are read where flags are made, and reasons why a row is refused.
NO_FLAGS = {"ambiguous_place", "county_served", "not_placed", "operating_status", "service_code", "service_id"}


def test_every_flag_that_the_product_can_set_has_words():
    found = set_by_the_product()
    assert {"far_from_town", "county_doubtful", "county_mismatch", "capacity_unread", "phone_unread"} <= found
    assert {code for code in found if not is_flag(code)} == NO_FLAGS


def test_every_flag_in_the_table_is_set_somewhere():
    named = {authorities.NO_CONTACT, authorities.SEAT_ASSUMED}
    named |= {*medical.CORRECTION_FLAGS.values(), *social_rows.CORRECTION_FLAGS.values()}
    named |= {f"{what}_checked" for what in WHATS} | {f"doubt_{what}" for what in (*WHATS, "ages")}
    named |= {f"{what}_told" for what in provider_statements.FACTS}
    text = "\n".join(p.read_text(encoding="utf-8") for s in SETTERS for p in (ROOT / s).rglob("*.py"))
    named |= {code for code in FLAGS if code.endswith("_corrected")}  # of any column that a table of corrections names
    assert [code for code in FLAGS if code not in named and f'"{code}"' not in text] == []


@pytest.mark.parametrize("code", [*FLAGS, "website_corrected"])
def test_a_flag_has_a_sentence_of_its_own_in_both_languages(code):
    with use_language("ro"):
        said = flag_words(code)
        assert said not in ("", code, flag_words("something_new"))
        assert [other for other in FLAGS if flag_words(other) == said] in ([code], [])
    with use_language("en"):
        assert flag_words(code) not in ("", said)


def test_a_code_of_another_version_says_that_it_is_to_be_checked():
    assert flag_words("county_mismatch").startswith("coordonatele")
    assert flag_words("website_corrected") == "o valoare publicată a fost îndreptată"
    assert flag_words("something_new") == "date de verificat"


def test_the_schema_lets_every_flag_of_the_table_in():
    one = {
        "service_id": "social:mmps:1", "registry": "social", "registry_key": "1", "service_type": "8891CZ-C-II", "name": "Centrul",
        "organization": "Asociația", "source_row": 1, "flags": ";".join([*FLAGS, "website_corrected"]),
    }  # fmt: skip
    assert len(check_services(services_table([one]))) == 1
