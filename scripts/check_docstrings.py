"""Hold every function and class that an `__all__` names to its contract: numpydoc sections for all that it takes.

    python scripts/check_docstrings.py

The checks are those of `[tool.numpydoc_validation]` in pyproject.toml, and one of our own: what raises an error says so
(CT01). A field of a dataclass is documented under Attributes. Prints what is missing; the exit code is then 1.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from numpydoc.docscrape import get_doc_object
from numpydoc.validate import Validator, validate

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "geo", "providers", "referrals", "cases", "reports", "api", "pages")


class Contract(Validator):  # type: ignore[misc]  # numpydoc has no types
    """A docstring of ours: no types, which the signature has, and fields of a class under Attributes."""

    @property
    def signature_parameters(self) -> tuple[str, ...]:
        """Names that must be documented."""
        if dataclasses.is_dataclass(self.obj):
            own = vars(self.obj).get("__annotations__", {})  # what is inherited is said where it stands
            return tuple(f.name for f in dataclasses.fields(self.obj) if f.name in own and f.name[0] != "_")
        if (inspect.isclass(self.obj) and "__init__" not in vars(self.obj)) or getattr(self.obj, "_is_protocol", False):
            return ()
        return tuple(super().signature_parameters)

    @property
    def doc_all_parameters(self) -> dict[str, tuple[str, str]]:
        """Names that are documented, with type and description."""
        found = dict(super().doc_all_parameters)
        if inspect.isclass(self.obj):
            fields = ((name, kind, text) for names, kind, text in self.doc["Attributes"] for name in names.split(", "))
            found |= {name: (kind, "\n".join(text)) for name, kind, text in fields if name in self.signature_parameters}
        return found

    @cached_property
    def raises_silently(self) -> bool:
        """Whether a function has a `raise` of its own, and nothing said of it."""
        if inspect.isclass(self.obj) or self.doc["Raises"]:
            return False
        (function,) = ast.parse(textwrap.dedent(inspect.getsource(self.obj))).body
        return any(isinstance(node, ast.Raise) and node.exc is not None for node in ast.walk(function))


def public_names() -> Iterator[tuple[str, Any]]:
    """List what the `__all__` of our packages and modules names, each thing of ours once, under its own module."""
    seen = set()
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "\n__all__ = " not in path.read_text(encoding="utf-8"):
                continue
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            module = importlib.import_module(name)
            for public in module.__all__:
                thing = inspect.unwrap(getattr(module, public))
                home = getattr(thing, "__module__", "")
                if home.split(".")[0] in PACKAGES and (inspect.isclass(thing) or inspect.isfunction(thing)):
                    seen.add((f"{home}.{thing.__qualname__}", thing))
    yield from sorted(seen, key=lambda found: found[0])


def faults_of(thing: Any, checks: frozenset[str]) -> list[str]:
    """List what a docstring lacks, each with its code."""
    contract = Contract(get_doc_object(thing))
    found = validate(contract, validator_cls=lambda obj_name: obj_name)["errors"]
    own = [("CT01", "Raises an error without a section Raises")] if contract.raises_silently else []
    return [f"{code} {words}" for code, words in [*found, *own] if code in checks]


def main() -> int:
    """Print every fault."""
    sys.path.insert(0, str(ROOT))
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["numpydoc_validation"]
    lines, count = [], 0
    for name, thing in public_names():
        count += 1
        lines += [f"{name}: {fault}" for fault in faults_of(thing, frozenset(settings["checks"]))]
    print("\n".join(lines) or f"{count} public names keep their contract")
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
