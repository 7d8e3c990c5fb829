"""Write docs/dependencies.md: each locked package with its version, its licence, what needs it and where it comes from.

    python scripts/list_dependencies.py

Everything is read from the metadata of the installed packages and from the lock; nothing is asked of anybody. Install
the locked versions first (`make install`): another version than the locked one is refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-roads.lock")
OUT = ROOT / "docs" / "dependencies.md"
HEAD = """# What the application is built with

Every package that `requirements.lock` and `requirements-roads.lock` install, from the packages' own metadata; written
by `python scripts/list_dependencies.py`. *harta* in the third column: pyproject.toml names it, as the product imports
it or has a reason (`tests/source/test_dependencies.py`); else the packages that need it. A dash: its metadata does
not say.

| package | version | needed by | licence | home |
|---|---|---|---|---|
"""
_HOMES = ("homepage", "home", "source", "source code", "sources", "repository", "github", "code", "documentation")
_OSI = "License :: OSI Approved :: "
_LONGEST_LICENCE = 30  # characters; longer is the text of the licence instead of its name


def locked() -> dict[str, str]:
    """Return the locked version of each package that the application runs with."""
    text = "\n".join((ROOT / lock).read_text(encoding="utf-8") for lock in LOCKS)
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ \\]+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in sorted(found)}


def installed(name: str, version: str) -> Distribution:
    """Return an installed package; SystemExit where it is missing or of another version."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        raise SystemExit(f"{name} {version} is locked and not installed: run make install") from None
    if found.version != version:
        raise SystemExit(f"{name} {found.version} is installed, {version} is locked: run make install")
    return found


def needed_by(packages: Mapping[str, Distribution]) -> dict[str, set[str]]:
    """Return for each package those that need it here, with the extras that somebody asks for; `harta` is ourselves."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [("harta", line) for line in (*project["dependencies"], *project["optional-dependencies"]["roads"])]
    needed: dict[str, set[str]] = {name: set() for name in packages}
    seen = set()
    while waiting:
        by, line = waiting.pop()
        wanted = Requirement(line)
        name = canonicalize_name(wanted.name)
        needed[name].add(by)
        for extra in ("", *wanted.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [(name, each) for each in _requirements(packages[name], extra)]
    return needed


def _requirements(package: Distribution, extra: str) -> Iterator[str]:
    for line in package.requires or []:
        marker = Requirement(line).marker
        if (not extra and marker is None) or (marker is not None and marker.evaluate({"extra": extra})):
            yield line


def licence_of(metadata: PackageMetadata) -> str:
    """Return a licence's name as the package says it."""
    said = metadata.get("License-Expression") or ""
    named = [each.removeprefix(_OSI) for each in metadata.get_all("Classifier") or [] if each.startswith(_OSI)]
    free = metadata.get("License") or ""
    is_name = len(free) <= _LONGEST_LICENCE and "\n" not in free and len(named) < 2  # noqa: PLR2004 - a choice of two
    return said or (free if is_name else "") or " or ".join(named) or "–"


def home_of(metadata: PackageMetadata) -> str:
    """Return the address at which a package lives."""
    pairs = (line.partition(", ") for line in metadata.get_all("Project-URL") or [])
    urls = {label.lower(): url for label, _comma, url in pairs}
    return metadata.get("Home-page") or next((urls[label] for label in _HOMES if label in urls), "–")


def page() -> str:
    """Return the page in Markdown."""
    packages = {name: installed(name, version) for name, version in locked().items()}
    needed = needed_by(packages)
    return HEAD + "".join(
        f"| {name} | {package.version} | {', '.join(sorted(needed[name]))} | {licence_of(package.metadata)}"
        f" | {home_of(package.metadata)} |\n"
        for name, package in packages.items()
    )


if __name__ == "__main__":
    OUT.write_text(page(), encoding="utf-8")
