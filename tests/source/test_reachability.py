"""Nothing lies in the product that nothing of the product reaches: what only tests and benches use is deleted or used.

A definition is a function, a class, a method or a constant of a module. It is reached from what runs by itself (the
statements of modules, Streamlit's scripts and migrations among them, and what a decorator registers) through the names
that reached definitions use. Names of modules are resolved through imports; a method is reached by its name on
whatever object, in a template too. Standing in an `__all__` is no use, and neither is being imported.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from textwrap import dedent

import pytest

from core.storage.import_kinds import KINDS
from tests.source.test_layers import ROOT, trees

pytestmark = pytest.mark.everyday  # whichever room a change is in, these can fail

# What uvicorn serves; what pyproject.toml makes the command `harta`; what `harta serve --workers` becomes.
ENTRIES = {"app.app", "cli.main", "core.processes.worker_processes.main"}
READERS = {f"{row.module}.{name}" for row in KINDS.values() if row.module for name in (row.load, "tidy")}
MIGRATIONS = "referrals.database.migrations."  # Alembic reads all that they define
REGISTERED_BY = {"app.callback", "event.listens_for"}  # decorators after which a library calls the function
# Methods that a library calls, on a class of ours that extends one of its own.
CALLED_BY_LIBRARIES = {
    "_create_runtime": "streamlit.web: the application's own runtime",
    "_fetch_token": "authlib: the request for a token",
    "_open": "logging: a file's stream",
    "attach": "given to Streamlit's application",
    "connect_tcp": "httpcore: how connections are made",
    "connection_lost": "asyncio: a protocol",
    "connection_made": "asyncio: a protocol",
    "data_received": "asyncio: a protocol",
    "emit": "logging: a handler",
    "filter_stream": "Jinja2: an extension",
    "footer": "fpdf2: of a page",
    "handle_websocket_upgrade": "uvicorn: the protocol of HTTP",
    "header": "fpdf2: of a page",
    "on_tick": "uvicorn: the server",
    "on_response_complete": "uvicorn: the protocol of HTTP",
    "parse_args": "click: of a group of commands",
    "process_bind_param": "SQLAlchemy: a type of column",
    "process_result_value": "SQLAlchemy: a type of column",
    "send_400_response": "uvicorn: the protocol of HTTP",
    "start_tls": "httpcore: a connection",
    "startup": "uvicorn: the server",
}

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass
class Definition:
    """Something with a name, and what its code uses: names of its module, attributes (`.name`), dotted names."""

    module: str
    uses: set[str] = field(default_factory=set)
    owner: str = ""  # the class of a method


@dataclass
class Product:
    """What modules define, import and run by themselves."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    methods: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    imports: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    roots: list[Definition] = field(default_factory=list)


def read(modules: Mapping[str, ast.Module]) -> Product:
    found = Product()
    for module, tree in modules.items():
        for statement in tree.body:
            _read_statement(found, module, statement)
    return found


def _read_statement(product: Product, module: str, statement: ast.stmt) -> None:
    if _runs_by_itself(module, statement):
        product.roots.append(Definition(module, set(_uses(statement, product.imports[module]))))
    elif isinstance(statement, ast.ClassDef):
        name = f"{module}.{statement.name}"
        methods = [n for n in statement.body if isinstance(n, _FUNCTIONS) and not n.name.startswith("__")]
        own = [n for n in ast.iter_child_nodes(statement) if n not in methods]
        product.definitions[name] = Definition(module, {u for n in own for u in _uses(n, product.imports[module])})
        for method in methods:
            product.methods[method.name].add(f"{name}.{method.name}")
            uses = set(_uses(method, product.imports[module]))
            product.definitions.setdefault(f"{name}.{method.name}", Definition(module, owner=name)).uses |= uses
    else:
        uses = set(_uses(statement, product.imports[module]))
        for name in _bound(statement):
            product.definitions.setdefault(f"{module}.{name}", Definition(module)).uses |= uses


def _bound(statement: ast.stmt) -> list[str]:
    """Names that a statement of a module binds; dunders are Python's own business."""
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    flat = [name for target in targets for name in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return [name.id for name in flat if isinstance(name, ast.Name) and not name.id.startswith("__")]


def _runs_by_itself(module: str, statement: ast.stmt) -> bool:
    if isinstance(statement, _FUNCTIONS):
        called = [d.func if isinstance(d, ast.Call) else d for d in statement.decorator_list]
        return module.startswith(MIGRATIONS) or any(_dotted(d) in REGISTERED_BY for d in called)
    if isinstance(statement, ast.If):
        return _dotted(statement.test) != "TYPE_CHECKING"
    return not isinstance(statement, ast.ClassDef) and (not _bound(statement) or module.startswith(MIGRATIONS))


def _uses(top: ast.AST, imports: dict[str, set[str]]) -> Iterator[str]:
    """What code uses; what it imports goes to `imports`: the name here → the names there."""
    for node in ast.walk(top):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield f".{node.attr}"
            if dotted := _dotted(node):
                yield dotted
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"[a-z_.]+\.[a-z_]+", node.value)
        ):
            yield f"{node.value}.main"  # a module that runs in a process of its own
        elif isinstance(node, ast.Import):
            for alias in node.names:
                imports[alias.asname or alias.name].add(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                imports[alias.asname or alias.name].add(f"{node.module}.{alias.name}")


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := _dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def _meant(product: Product, module: str, name: str) -> Iterator[str]:
    """Definitions that a name means in a module, through imports and through what packages hand on."""
    first, _, rest = name.partition(".")
    yield f"{module}.{name}"
    yield name
    for target in product.imports.get(module, {}).get(first, ()):
        whole = f"{target}.{rest}" if rest else target
        yield whole
        package, _, last = whole.rpartition(".")
        if package in product.imports and (package, last) != (module, name):
            yield from _meant(product, package, last)


def unreached(product: Product, *, entries: Iterable[str] = (), words: Iterable[str] = ()) -> list[str]:
    """List what nothing reaches. `entries` are definitions, `words` attributes that are used from outside."""
    reached: set[str] = set()
    attributes: set[str] = set()
    waiting = [*product.roots, Definition("", set(entries) | {f".{w}" for w in words})]
    while waiting:
        at = waiting.pop()
        found = {name for use in at.uses if use[0] != "." for name in _meant(product, at.module, use)}
        attributes |= {use[1:] for use in at.uses if use[0] == "."}
        new = {name for name in found if name in product.definitions and name not in reached}
        reached |= new
        waiting += [product.definitions[name] for name in new]
        if not waiting:
            called = {
                m for a in attributes for m in product.methods.get(a, ()) if product.definitions[m].owner in reached
            }
            waiting += [product.definitions[m] for m in called - reached]
            reached |= called
    dead = product.definitions.keys() - reached
    return sorted(name for name in dead if product.definitions[name].owner not in dead)


@cache
def product() -> Product:
    return read(trees())


def template_words() -> set[str]:
    pages = (path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    return {word for page in pages for word in re.findall(r"\w+", page)}


def test_nothing_is_defined_that_the_product_does_not_reach():
    words = template_words() | CALLED_BY_LIBRARIES.keys()
    found = unreached(product(), entries=ENTRIES | READERS, words=words)
    assert not found, "\n".join(found)


def test_every_exception_is_still_needed():
    methods = product().methods
    assert [name for name in CALLED_BY_LIBRARIES if name not in methods] == []


WORLD = {
    "shop.till": """
        from shop import stock
        from shop.stock import Shelf as Rack
        from shop.prices import price_of as price

        LIMIT = 3
        UNUSED = 4

        def sell(rack):
            return price(rack.take(LIMIT))

        if TYPE_CHECKING:
            from shop.prices import forgotten

        sell(Rack())
        """,
    "shop.stock": """
        class Shelf:
            def take(self, count):
                return self._taken(count)

            def _taken(self, count):
                return count

            def dust(self):
                return polish()

        def polish():
            return 1
        """,
    "shop.prices": """
        __all__ = ["forgotten", "price_of"]

        def price_of(count):
            return count

        def forgotten():
            return forgotten() + price_of(1)

        class Discount:
            def apply(self):
                return 1
        """,
}


def in_world(**changes: str) -> list[str]:
    texts = {**WORLD, **changes}
    return unreached(read({name: ast.parse(dedent(text)) for name, text in texts.items()}))


def test_what_is_only_named_imported_or_used_by_itself_is_not_reached():
    assert in_world() == [
        "shop.prices.Discount",
        "shop.prices.forgotten",
        "shop.stock.Shelf.dust",
        "shop.stock.polish",
        "shop.till.UNUSED",
    ]


def test_one_call_reaches_a_method_and_all_that_it_calls():
    dusting = dedent(WORLD["shop.till"]) + "\nRack().dust()\n"
    left = {"shop.prices.Discount", "shop.prices.forgotten", "shop.till.UNUSED"}
    assert set(in_world(**{"shop.till": dusting})) == left
