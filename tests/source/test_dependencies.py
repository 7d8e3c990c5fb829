"""What pyproject.toml names is used by the product, and the product uses one HTTP client."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.source.test_layers import ROOT, imported, trees

pytestmark = pytest.mark.everyday  # whichever room a change is in, these can fail

# Used without an import of ours.
BEHIND = {
    "babel": "scripts/messages.py makes the catalogues with it",
    "psycopg": "SQLAlchemy's driver of PostgreSQL",
    "python-multipart": "Starlette reads forms with it",
    "sirutalib": "geo/gazetteer/siruta.py reads its file and runs none of it",
}
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


def test_every_reason_is_still_needed():
    assert sorted(BEHIND.keys() - dependencies()) == []
    assert sorted(BEHIND.keys() & used()) == []


def test_the_product_has_one_http_client():
    clients = {name for module in trees() for name in imported(module) if name in HTTP_CLIENTS}
    assert clients == {"httpx"}
