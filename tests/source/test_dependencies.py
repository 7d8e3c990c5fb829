"""What pyproject.toml names is used by the product, what the product uses is named there, and each is in the list of docs."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import packages_distributions

import pytest

from scripts import list_dependencies
from tests.source.test_layers import ROOT, imported, trees

pytestmark = pytest.mark.everyday  # whichever room a change is in, these can fail

# Used without an import of ours.
BEHIND = {
    "babel": "scripts/messages.py makes the catalogues with it",
    "psycopg": "SQLAlchemy's driver of PostgreSQL",
    "python-multipart": "Starlette reads forms with it",
    "sirutalib": "geo/gazetteer/siruta.py reads its file and runs none of it",
}
OPTIONAL = {"routingkit-cch"}  # there is no wheel of it for every system
OURS = {"harta-serviciilor-comunitare"}
HTTP_CLIENTS = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client"}


def folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {folded(re.split(r"[\[=<>~! ]", each)[0]) for each in project["dependencies"]}


def used() -> set[str]:
    """Distributions that the modules of the product import."""
    tops = {name.split(".")[0] for module in trees() for name in imported(module)}
    return {folded(each) for top, owners in packages_distributions().items() if top in tops for each in owners}


def test_every_dependency_is_imported_or_has_its_reason():
    assert sorted(dependencies() - used() - BEHIND.keys()) == []


def test_everything_that_is_imported_is_a_dependency():
    assert sorted(used() - dependencies() - OPTIONAL - OURS) == []


def test_every_reason_is_still_needed():
    assert sorted(BEHIND.keys() - dependencies()) == []
    assert sorted(BEHIND.keys() & used()) == []


def test_the_product_has_one_http_client():
    clients = {name for module in trees() for name in imported(module) if name in HTTP_CLIENTS}
    assert clients == {"httpx"}


def listed() -> dict[str, list[str]]:
    """Rows of docs/dependencies.md: a package to its version, what needs it, its licence and its home."""
    lines = list_dependencies.OUT.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {row[0]: row[1:] for row in rows[1:]}


def test_every_locked_package_is_in_the_list_with_its_version_and_what_needs_it():
    assert {name: row[0] for name, row in listed().items()} == list_dependencies.locked()
    assert [name for name, row in listed().items() if not row[1]] == []
    assert {name for name, row in listed().items() if "harta" in row[1].split(", ")} - {
        "routingkit-cch"
    } == dependencies()


def test_the_list_says_of_an_installed_package_what_its_metadata_says():
    wrong = []
    for name, version in list_dependencies.locked().items():
        if name not in OPTIONAL:
            metadata = list_dependencies.installed(name, version).metadata
            said = [list_dependencies.licence_of(metadata), list_dependencies.home_of(metadata)]
            wrong += [name] if listed()[name][2:] != said else []
    assert wrong == []
