"""Every HSDS object of the demonstration against the standard and the UK profile, its tables, and its way back.

Over HTTP: each of the five lists whole, every object against the published schemas of HSDS 3.1 (`HARTA_TEST_DATA`) and
against what the Open Referral UK profile requires; first, middle and last page by GET and by POST. The tables by
frictionless, with every key. Then the objects are made rows of the general format, imported into a new home and made
objects again: each property of each must be what it was.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import frictionless
import httpx

from bench.screens.browsing import load, served
from bench.server.bench_tokens import national_tokens
from core.exporting import write_csv
from core.storage.editions import EditionStore
from core.storage.home import make_home, open_home
from core.storage.service_ids import parts
from providers.imports.importing import import_file
from providers.interchange.hsds_reading import general_rows, read_mapping
from referrals.homes.demonstration import make_demo
from referrals.workflow.directory import open_directory
from reports.documents.export import export
from tests.conftest import real_files
from tests.worlds.files.directory_profiles import HSDS_OBJECTS, hsds_validator, page_faults, uk_validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.storage.home import Home

PER_PAGE = 500
# Of the edition, of reports of places, of the register of organizations: no part of a list of services.
NOT_CARRIED = ("metadata", "assured_date", "last_modified", "alert", "capacities")
NOT_OF_A_LIST = {"flags", "capacity_status", "places_reported_at"}
GENERAL = ("social", "medical", "education", "employment")  # registers that take the general format
NOT_OF_A_SERVICE = ("description", "legal_status")


@contextmanager
def the_home() -> Iterator[Home]:
    """Give HARTA_HOME, or a demonstration made for this run."""
    with tempfile.TemporaryDirectory() as folder:
        yield open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home")


def whole(client: httpx.Client, name: str) -> Iterator[dict[str, Any]]:
    """Give every object of a list."""
    with client.stream("GET", f"/hsds/{name}", params={"format": "ndjson"}) as answer:
        assert answer.status_code == 200
        yield from (json.loads(line) for line in answer.iter_lines())


def check_list(client: httpx.Client, name: str) -> None:
    """Hold a list to everything, and print what was looked at; a fault stops the run."""
    start = time.perf_counter()
    standard, profile = hsds_validator(real_files() / "oracles", name), uk_validator(HSDS_OBJECTS[name])
    digests: list[tuple[str, int]] = []
    for each in whole(client, name):
        faults = [error.message for checker in (standard, profile) for error in checker.iter_errors(each)]
        if faults:
            raise SystemExit(f"{name}: {faults}: {each}")
        digests.append((each["id"], hash(json.dumps(each, sort_keys=True))))
    assert len({key for key, _said in digests}) == len(digests), "an id twice"
    pages = -(-len(digests) // PER_PAGE)
    numbers = sorted({1, (pages + 1) // 2, pages})
    for number in numbers:
        asked = {"page": number, "per_page": PER_PAGE}
        page = client.get(f"/hsds/{name}", params=asked).json()
        assert list(page_faults(page)) == []
        assert client.post(f"/hsds/{name}", json=asked).json() == page
        assert (page["total_items"], page["total_pages"]) == (len(digests), pages)
        assert (page["first_page"], page["last_page"]) == (number == 1, number == pages)
        said = [(each["id"], hash(json.dumps(each, sort_keys=True))) for each in page["contents"]]
        assert said == digests[(number - 1) * PER_PAGE : number * PER_PAGE]
        for each in page["contents"][:3]:
            assert client.get(f"/hsds/{name}/{each['id']}").json() == each
    print(
        f"{name:<21}{len(digests):>7,} objects: 0 errors by HSDS 3.1, 0 by the UK profile; pages {numbers} by GET and "
        f"POST as the whole list; {time.perf_counter() - start:.0f} s",
        flush=True,
    )


def check_tables(home: Home, folder: Path) -> None:
    """Hold the tables to their own descriptor by frictionless: types, ids once, every key leads to a row."""
    directory = open_directory(home)
    export(directory, "hsds-tables", folder, made_on=directory.ledger.today())
    directory.ledger.close()
    start = time.perf_counter()
    package = frictionless.Package(str(folder / "datapackage.json"))
    keys = sum(len(each.schema.foreign_keys) for each in package.resources)
    report = package.validate()
    rows = sum(each.stats.get("rows", 0) for each in report.tasks)  # none of an empty table
    errors = report.flatten(["title", "rowNumber", "fieldName", "note"])
    print(
        f"tables: frictionless {frictionless.__version__}, {len(report.tasks)} tables, {rows:,} rows, {keys} foreign "
        f"keys: {len(errors)} errors; {time.perf_counter() - start:.0f} s",
        flush=True,
    )
    if errors or not report.valid:
        raise SystemExit(str(errors[:5]))


def there_and_back(home: Home, folder: Path) -> None:
    """Convert the objects of every register, import them into a new home and compare each property of each object."""
    start = time.perf_counter()
    first = _objects(home, folder / "first")
    by_source: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for key, each in first.items():
        registry, source = parts(key)[:2]
        if registry in GENERAL:
            by_source[registry, source].append(each)
    other = make_home("live", folder / "other")
    mapping = read_mapping()
    for (registry, source), objects in by_source.items():
        file = folder / f"{registry}-{source}.csv"
        write_csv(general_rows(objects, mapping), file)
        as_of = EditionStore(home).in_force(registry)[0].manifest.as_of
        done = import_file(other, registry, file, as_of=date.fromisoformat(as_of), source=source, confirmed=True)
        assert done.as_json()["rows_rejected"] == 0, done.as_json()
    second = _objects(other, folder / "second")
    lost, count = Counter(), 0
    for objects in by_source.values():
        for each in objects:
            key = _key(each)
            if key not in second:
                lost["(the service itself)"] += 1
                continue
            ours, theirs = _carried(each), _carried(second[key])
            count += 1
            lost.update(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    print(f"there and back: {count:,} services of {len(by_source)} sources; {time.perf_counter() - start:.0f} s")
    if lost:
        raise SystemExit(f"not as they were: {lost.most_common()}")
    print("  every property of each as it was")


def _objects(home: Home, folder: Path) -> dict[str, dict[str, Any]]:
    """Return the service objects of a home by our key, without the protected ones, whose facts leave no home."""
    directory = open_directory(home)
    export(directory, "hsds", folder, made_on=directory.ledger.today())
    directory.ledger.close()
    found = json.loads((folder / "hsds-services.json").read_text(encoding="utf-8"))
    return {key: each for each in found if not (key := _key(each)).startswith("protected:")}


def _key(service: dict[str, Any]) -> str:
    return next(each["value"] for each in service["attributes"] if each["link_type"] == "service_id")


def _carried(service: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in service.items() if name not in NOT_CARRIED}
    said["attributes"] = [each for each in said["attributes"] if each["link_type"] not in NOT_OF_A_LIST]
    # Invented numbers, which nobody can dial, are left out by an import as wrong.
    said["phones"] = [each for each in said.get("phones", ()) if not each["number"].startswith("0000")]
    if "organization" in said:
        owner = said["organization"].items()
        said["organization"] = {name: value for name, value in owner if name not in NOT_OF_A_SERVICE}
    return said


def main() -> None:
    """Print what was looked at; a fault stops the run."""
    with the_home() as home, tempfile.TemporaryDirectory() as folder:
        directory = open_directory(home)
        (secret,) = national_tokens(directory.ledger, ["read"])
        directory.ledger.close()
        headers = {"Authorization": f"Bearer {secret}"}
        with served(home) as address, httpx.Client(base_url=address, headers=headers, timeout=600) as client:
            for name in HSDS_OBJECTS:
                check_list(client, name)
        (Path(folder) / "tables").mkdir()
        check_tables(home, Path(folder) / "tables")
        there_and_back(home, Path(folder))
    print(load())


if __name__ == "__main__":
    main()
