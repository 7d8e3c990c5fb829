from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from inspect import signature

import pytest

from core.storage.import_kinds import AUTHORITY, KINDS, MEASURED, READABLE, REGISTRIES, kind_of
from core.storage.source_cards import card_beside
from providers.imports.file_shaping import read_file
from reports.indicators.indicators import indicators
from tests.source.test_layers import trees

TABLE = "core.storage.import_kinds"
PROFESSIONS = {"social", "medical", "educational"}  # of a team, also with others: two are words of registers too
OFFERED = {"home", "path", "companion", "gazetteer", "registry", "organizations", "raw"}


def lists(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    """Find each collection, and the words that stand in it themselves or as its keys."""
    for node in ast.walk(tree):
        parts = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else getattr(node, "keys", ())
        if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
            yield node.lineno, {part.value for part in parts if isinstance(part, ast.Constant)}


def second_lists(modules: dict[str, ast.Module]) -> list[str]:
    """Find collections that name two registries, or half of all kinds."""
    registries = set(REGISTRIES) | {kind_of(each) for each in REGISTRIES}
    return [
        f"{module}:{line} {sorted(words & KINDS.keys() | words & registries)}"
        for module, tree in modules.items()
        if module != TABLE
        for line, words in lists(tree)
        if not words >= PROFESSIONS
        if len(words & registries) > 1 or len(words & KINDS.keys()) >= len(KINDS) / 2
    ]


@pytest.mark.everyday
def test_no_other_list_of_registers_stands_in_the_code():
    assert second_lists(trees()) == []


@pytest.mark.parametrize(
    "code",
    ['X = ("social", "medical")', 'X = {"education": 1, "authority": 2}', f"X = {list(KINDS)[: len(KINDS) // 2 + 1]}"],
)
def test_a_second_list_would_be_found(code):
    assert len(second_lists({"somewhere": ast.parse(code)})) == 1


def asked_by_name(modules: dict[str, ast.Module]) -> list[str]:
    """Find where a register is compared with its name: what sets it apart is a field of its row."""
    return [
        f"{module}:{node.lineno}"
        for module, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and "registry" in ast.unparse(node.left)
        if {part.value for part in node.comparators if isinstance(part, ast.Constant)}
        & (REGISTRIES.keys() - {AUTHORITY})
    ]


@pytest.mark.everyday
def test_no_code_asks_for_a_register_by_its_name():
    assert asked_by_name({"somewhere": ast.parse('x = row["registry"] == "social"')}) == ["somewhere:1"]
    assert asked_by_name(trees()) == []


@pytest.mark.parametrize("code", READABLE)
def test_a_row_names_a_module_that_asks_only_for_what_is_offered(code):
    row = KINDS[code]
    module = import_module(row.module)
    assert row.module.startswith(("geo.layers.", "geo.roads.", "providers.registries.", "cases.instrument."))
    functions = [getattr(module, row.load), *([module.tidy] if row.registry else [])]
    for function in functions:
        needed = {name for name, each in signature(function).parameters.items() if each.default is each.empty}
        assert needed <= OFFERED, function


def test_every_register_has_words_and_every_measured_one_an_indicator_and_a_colour():
    for row in REGISTRIES.values():
        assert row.heading
        assert row.in_sentence
        assert (row.table, row.key) == ("services", "service_id")
    measured = [REGISTRIES[name] for name in MEASURED]
    assert {row.coverage_indicator for row in measured} <= indicators().keys()
    assert len({row.colour for row in measured}) == len(measured)
    assert AUTHORITY not in MEASURED


def test_every_embedded_file_has_a_card():
    files = [row.demo_path for row in KINDS.values() if row.demo_path]
    assert files
    assert all(file.is_file() and card_beside(file).is_file() for file in files)


def test_the_reader_of_files_offers_what_this_test_says():
    constants = {node.value for node in ast.walk(trees()[read_file.__module__]) if isinstance(node, ast.Constant)}
    assert constants >= OFFERED
