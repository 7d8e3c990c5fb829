"""The rooms and their sub-packages import one way; a name means one thing."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

pytestmark = pytest.mark.everyday  # whichever room a change is in, these can fail

ROOT = Path(__file__).resolve().parents[2]
# From the bottom up; a room may import itself and what is named beside it. commands, pages and api are siblings.
ROOMS = {
    "core": set(),
    "geo": {"core"},
    "providers": {"core", "geo"},
    "referrals": {"core", "geo", "providers"},
    "cases": {"core", "geo", "providers", "referrals"},
    "reports": {"core", "geo", "providers", "referrals", "cases"},
    "api": {"core", "geo", "providers", "referrals", "cases", "reports"},
    # `harta serve` starts the application, which is all that the command may know of it.
    "commands": {"core", "geo", "providers", "referrals", "cases", "reports", "app"},
    "cli": {"core", "commands"},
    "pages": {"core", "geo", "providers", "referrals", "cases", "reports", "api"},
    "app": {"core", "geo", "providers", "referrals", "cases", "reports", "api", "pages"},
}
# Inside a room, a sub-package imports itself and those beside it; the room's own folder is named by the room.
ARROWS = {
    "api": {"api.forms", "api.http"},
    "api.auth": {"api.forms", "api.http"},
    "api.bulk": {"api.programs"},
    "api.campaigns": {"api", "api.forms", "api.http"},
    "api.http": {"api.forms"},
    "api.map": {"api", "api.forms", "api.http", "api.plain"},
    "api.map.tools": {"api", "api.http", "api.map"},
    "api.fhir": {"api.programs", "api.v1"},
    "api.field_work": {"api.http"},
    "api.hsds": {"api.programs"},
    "api.ogc": {"api", "api.programs"},
    "api.plain": {"api.forms", "api.http", "api.queue"},
    "api.queue": {"api.forms", "api.http"},
    "api.server": {"api", "api.auth", "api.http", "api.map", "api.programs"},
    "api.program_admin": {"api.http"},
    "api.programs": {"api.http"},
    "api.visit_list": {"api.forms", "api.http", "api.plain"},
    "api.v1": {"api", "api.http", "api.programs"},
    "cases.community": {"cases.figures", "cases.rules"},
    "cases.exchange": {"cases.instrument", "cases.rules"},
    "cases.figures": {"cases.exchange", "cases.instrument", "cases.rules"},
    "cases.list_import": {"cases.exchange", "cases.figures", "cases.instrument", "cases.record"},
    "cases.record": {"cases.exchange", "cases.figures", "cases.instrument", "cases.rules"},
    "cases.rules": {"cases.instrument"},
    "commands.case_work": {"commands"},
    "core.processes": {"core"},
    "core.reading": {"core"},
    "core.storage": {"core", "core.reading"},
    "geo.gazetteer": {"geo.spatial"},
    "geo.layers": {"geo.gazetteer", "geo.spatial"},
    "geo.roads": {"geo.spatial"},
    "geo.routing": {"geo.spatial"},
    "geo.roads.reading": {"geo.roads", "geo.spatial"},
    "geo.maps": {"geo.gazetteer", "geo.layers", "geo.spatial"},
    "geo.siting": {"geo.access"},
    "pages": {
        "pages.campaign_panels",
        "pages.case_panels",
        "pages.common",
        "pages.coverage_panels",
        "pages.figures_panels",
        "pages.finder_panels",
        "pages.referrals_panels",
        "pages.registers_panels",
    },
    "pages.campaign_panels": {"pages.common"},
    "pages.case_panels": {"pages.common"},
    "pages.coverage_panels": {"pages.common"},
    "pages.figures_panels": {"pages.common"},
    "pages.finder_panels": {"pages.common"},
    "pages.referrals_panels": {"pages.common"},
    "pages.registers_panels": {"pages.common"},
    "providers.authorities": {"providers.rules"},
    "providers.catalogue": {
        "providers.answering",
        "providers.authorities",
        "providers.local",
        "providers.rules",
        "providers.rules.help_tables",
    },
    "providers.finder": {
        "providers.answering",
        "providers.catalogue",
        "providers.local",
        "providers.rules",
        "providers.rules.help_tables",
    },
    "providers.imports": {"providers.registries", "providers.rules"},  # readers are named by core.storage.import_kinds
    "providers.interchange": {"providers.catalogue", "providers.rules", "providers.rules.help_tables"},
    "providers.local": {"providers.registries", "providers.rules"},
    "providers.output": {
        "providers.answering",
        "providers.finder",
        "providers.local",
        "providers.rules",
        "providers.rules.help_tables",
    },
    "providers.planning": {"providers.catalogue", "providers.finder", "providers.rules"},
    "providers.quality": {"providers.rules.help_tables"},
    "providers.registries": {"providers.rules"},
    "providers.service_map": {"providers.catalogue", "providers.finder", "providers.rules"},
    "providers.rules.help_tables": {"providers.rules"},
    "providers.rules": {"providers.rules.likeness"},
    "providers.registries.social": {"providers.registries", "providers.rules"},
    "referrals.accounts": {"referrals.database", "referrals.ledger", "referrals.outbox", "referrals.records"},
    "referrals.case_erasure": {"referrals.database", "referrals.database.tables", "referrals.records"},
    "referrals.database": {"referrals.database.tables", "referrals.records"},
    "referrals.database.migrations": {"referrals.database"},
    "referrals.campaigns": {
        "referrals.database",
        "referrals.ledger",
        "referrals.outbox",
        "referrals.records",
        "referrals.workflow",
    },
    "referrals.delivery": {
        "referrals.campaigns",
        "referrals.database",
        "referrals.ledger",
        "referrals.outbox",
        "referrals.records",
        "referrals.webhooks",
        "referrals.workflow",
    },
    "referrals.answers": {"referrals.database", "referrals.ledger", "referrals.records", "referrals.workflow"},
    "referrals.field": {
        "referrals.database",
        "referrals.ledger",
        "referrals.outbox",
        "referrals.records",
        "referrals.places",
    },
    "referrals.backups": {
        "referrals.case_erasure",
        "referrals.accounts",
        "referrals.database",
        "referrals.interchange",
        "referrals.ledger",
        "referrals.outbox",
        "referrals.places",
        "referrals.records",
        "referrals.webhooks",
    },
    "referrals.homes": {
        "referrals.backups",
        "referrals.database",
        "referrals.ledger",
        "referrals.records",
        "referrals.workflow",
        "referrals.places",
    },
    "referrals.interchange": {"referrals.database", "referrals.ledger", "referrals.records"},
    "referrals.ledger": {
        "referrals.case_erasure",
        "referrals.database",
        "referrals.database.tables",
        "referrals.outbox",
        "referrals.places",
        "referrals.records",
    },
    "referrals.places": {"referrals.database", "referrals.database.tables", "referrals.outbox", "referrals.records"},
    "referrals.local": {"referrals.field", "referrals.records", "referrals.workflow"},
    "referrals.monthly": {"referrals.database", "referrals.ledger", "referrals.records"},
    "referrals.provider_entry": {"referrals.field", "referrals.records", "referrals.workflow"},
    "referrals.queue": {
        "referrals.database",
        "referrals.field",
        "referrals.ledger",
        "referrals.records",
        "referrals.workflow",
        "referrals.places",
    },
    "referrals.search_gaps": {"referrals.database", "referrals.ledger", "referrals.records"},
    "referrals.service_page": {"referrals.field", "referrals.provider_entry", "referrals.workflow"},
    "referrals.today": {
        "referrals.answers",
        "referrals.field",
        "referrals.ledger",
        "referrals.local",
        "referrals.monthly",
        "referrals.records",
        "referrals.workflow",
    },
    "referrals.outbox": {"referrals.database", "referrals.records"},
    "referrals.visit_list": {"referrals.service_page", "referrals.workflow"},
    "referrals.webhooks": {
        "referrals.database",
        "referrals.interchange",
        "referrals.ledger",
        "referrals.outbox",
        "referrals.records",
        "referrals.workflow",
    },
    "referrals.workflow": {
        "referrals.accounts",
        "referrals.database",
        "referrals.field",
        "referrals.ledger",
        "referrals.places",
        "referrals.records",
    },
    "reports.bulk": {"reports.documents", "reports.planning"},
    "reports.campaigns": {"reports.indicators", "reports.output"},
    "reports.demo": {"reports.indicators"},
    "reports.disclosure": {"reports.indicators"},
    "reports.documents": {"reports.disclosure", "reports.indicators", "reports.output", "reports.views"},
    "reports.map_sheet": {"reports.output"},
    "reports.planning": {"reports.output"},
    "reports.views": {"reports.disclosure", "reports.indicators", "reports.output"},
}
SQL = {"sqlalchemy", "alembic", "psycopg", "sqlite3"}
PUBLIC_NAMES = range(3, 9)  # of a sub-package, in its `__all__`
FEWER_NAMES = {
    "api.bulk": "its routes are all that the application mounts",
    "api.campaigns": "the application mounts the routes of its modules; a sample of one of its forms is drawn in a test",
    "api.fhir": "its routes are all that the application mounts",
    "api.hsds": "its routes are all that the application mounts",
    "api.map.tools": "its routes are all that the application mounts",
    "api.ogc": "its routes are all that the application mounts",
    "api.program_admin": "its routes are all that the application mounts",
    "api.v1": "its routes are all that the application mounts",
    "pages.campaign_panels": "two panels",
}


@cache
def trees() -> dict[str, ast.Module]:
    """Parse every module of the product once: dotted name to its tree; a package stands under its own name."""
    paths = [p for room in ROOMS for p in (sorted((ROOT / room).rglob("*.py")) or [ROOT / f"{room}.py"])]
    dotted = (".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for p in paths)
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in zip(dotted, paths, strict=True)}


def is_package(module: str) -> bool:
    return (ROOT / module.replace(".", "/")).is_dir()


def package(module: str) -> str:
    return module if is_package(module) else module.rpartition(".")[0] or module


def imported(module: str) -> Iterator[str]:
    """List what a module imports, wherever in it the import stands: at its head, in functions, for types only."""
    for node in ast.walk(trees()[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in trees() else node.module


def own_imports(module: str) -> set[str]:
    return {name for name in imported(module) if name in trees()} - {module}


def test_a_room_imports_only_downwards():
    wrong = [
        f"{module} imports {name}"
        for module in trees()
        for name in own_imports(module)
        if (room := module.split(".")[0]) != (other := name.split(".")[0]) and other not in ROOMS[room]
    ]
    assert not wrong


def test_a_sub_package_imports_only_those_that_the_table_names():
    wrong = [
        f"{module} imports {name}"
        for module in trees()
        for name in own_imports(module)
        if module.split(".")[0] == name.split(".")[0]
        and package(module) != package(name)
        and package(name) not in ARROWS.get(package(module), set())
    ]
    assert not wrong


def test_the_table_of_arrows_names_only_arrows_that_are_used():
    used = {
        (package(module), package(name))
        for module in trees()
        for name in own_imports(module)
        if module.split(".")[0] == name.split(".")[0]
    }
    assert not [(one, other) for one, others in ARROWS.items() for other in others if (one, other) not in used]


def test_no_import_goes_in_a_circle_not_even_in_functions_or_for_types_only():
    graph = {module: own_imports(module) for module in trees()}  # what an `__init__` hands on among them
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        raise AssertionError(" → ".join(circle.args[1])) from circle


def test_sub_packages_do_not_need_each_other_in_a_circle():
    graph = defaultdict(set)
    for one, others in ARROWS.items():
        graph[one] |= others
    TopologicalSorter(graph).prepare()


def test_only_the_screens_know_streamlit_and_only_the_ledger_the_database():
    tops = {module: {name.split(".")[0] for name in imported(module)} for module in trees()}
    assert not [m for m, names in tops.items() if "streamlit" in names and m.split(".")[0] not in ("app", "pages")]
    assert not [m for m, names in tops.items() if names & SQL and m.split(".")[0] not in ("referrals", "cases")]


def test_pure_spatial_functions_make_no_sentences():
    pure = [m for m in trees() if package(m) in {"geo.spatial", "geo.access", "geo.siting"}]
    assert len(pure) > 20
    assert not [m for m in pure if {name for name in imported(m) if name.startswith("core.i18n")}]


def public_names() -> dict[str, list[str]]:
    """Return the `__all__` of every sub-package; of one without it, nothing."""
    found = {}
    for module, tree in trees().items():
        if is_package(module) and "." in module and "migrations" not in module:
            named = [
                n.value for n in tree.body if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "__all__"
            ]
            found[module] = ast.literal_eval(named[0]) if named else []
    return found


def test_every_sub_package_names_what_is_public():
    assert not [module for module, names in public_names().items() if not names]
    assert not {m: len(names) for m, names in public_names().items() if len(names) > max(PUBLIC_NAMES)}
    assert {m for m, names in public_names().items() if len(names) < min(PUBLIC_NAMES)} == FEWER_NAMES.keys()


def test_no_public_name_is_that_of_a_module_beside_it():
    """`from package import name` would give the one or the other, by what was imported before."""
    assert not [f"{m}.{name}" for m, names in public_names().items() for name in names if f"{m}.{name}" in trees()]


def named_types(statement: ast.stmt) -> list[str]:
    """Return what a statement of a module defines that reads like a class: the class, or an alias of a type."""
    if isinstance(statement, ast.ClassDef):
        return [] if statement.name.startswith("_") else [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in names if name[0].isupper() and not name.isupper()]


def test_no_module_and_no_class_has_the_name_of_another():
    stems = Counter(m.rpartition(".")[2] for m in trees() if not is_package(m) and "versions" not in m)
    types = Counter(name for tree in trees().values() for node in tree.body for name in set(named_types(node)))
    assert {"Place", "LogPlace"} <= types.keys()
    assert not [name for name, n in (stems + types).items() if n > 1]


def test_what_builds_an_exception_says_so_in_its_name():
    builders = [
        f"{module}.{node.name}"
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and re.fullmatch(r"[\w.]*(?:Error|Exception)(?: \| None)?", ast.unparse(node.returns))
        and not node.name.endswith("_error")
    ]
    assert not builders
