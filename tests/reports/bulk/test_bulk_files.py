"""Files in bulk: the same rows in every form, true digests, every column described, nothing protected."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

from core.errors import MapError
from referrals.workflow.directory import open_directory
from reports.bulk import export_bulk
from reports.bulk.bulk_files import DICTIONARY, INDEX, SUMS, read_index
from tests.worlds.homes import small_world
from tests.worlds.homes.kept_catalogues import keep_offices_of

DAY = date(2026, 12, 1)
TABLES = ("services", "organizations", "capacity", "units", "communities", "coverage")


@pytest.fixture(scope="module", autouse=True)
def _few_offices():
    with pytest.MonkeyPatch.context() as patch:
        keep_offices_of(patch, "BC")
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bulk")
    home = small_world.make_world(folder / "home")
    small_world.give_population(home)
    directory = open_directory(home)
    index = export_bulk(directory, folder / "out", day=DAY)
    directory.ledger.close()
    return folder / "out", index


def sheet(folder, name):
    text = gzip.decompress((folder / f"{name}.csv.gz").read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def lines(folder, name):
    return [json.loads(line) for line in gzip.decompress((folder / f"{name}.ndjson.gz").read_bytes()).splitlines()]


def test_the_index_names_every_file_with_its_true_size_and_digest(made):
    folder, index = made
    assert read_index(folder) == index
    assert {each.table for each in index.files} == {"", *TABLES}
    assert {path.name for path in folder.iterdir()} == {INDEX, *(each.name for each in index.files)}
    sums = dict(reversed(line.split("  ")) for line in (folder / SUMS).read_text().splitlines())
    for each in index.files:
        content = (folder / each.name).read_bytes()
        assert (each.bytes, each.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert each.name == SUMS or sums[each.name] == each.sha256


@pytest.mark.parametrize("name", TABLES)
def test_every_form_of_a_table_has_the_same_rows(made, name):
    folder, index = made
    rows, objects = sheet(folder, name), lines(folder, name)
    columnar = pd.read_parquet(folder / f"{name}.parquet")
    key = columnar.columns[1 if name == "coverage" else 0]
    assert [row[key] for row in rows] == [str(each[key]) for each in objects] == columnar[key].astype(str).tolist()
    assert {each.rows for each in index.files if each.table == name} == {len(rows)}
    assert rows or name == "communities"
    if (folder / f"{name}.gpkg").exists():
        drawn = gpd.read_file(folder / f"{name}.gpkg")
        assert drawn[key].astype(str).tolist() == columnar[key].astype(str).tolist()
        assert drawn.crs.to_epsg() == 4326
        same = gpd.read_parquet(folder / f"{name}.parquet").geometry.to_wkb()
        assert drawn.geometry.to_wkb().tolist() == same.tolist()


def test_every_column_is_described_with_its_type_and_codes(made):
    folder, _index = made
    with (folder / DICTIONARY).open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    for name in TABLES:
        own = [each for each in told if each["table"] == name]
        assert [each["column"] for each in own] == list(
            sheet(folder, name)[0] if sheet(folder, name) else [e["column"] for e in own]
        )
        assert all(each["meaning"] and each["type"] for each in own)
    status = next(each for each in told if (each["table"], each["column"]) == ("services", "capacity_status"))
    assert "waitlist: " in status["codes"]


def test_text_is_defused_where_a_spreadsheet_opens_it_and_as_it_is_elsewhere(tmp_path):
    home = small_world.make_world(tmp_path / "home")
    small_world.publish(home, "social", [small_world.service(1, 0.05, 0.0, name="=HYPERLINK(1)")])
    directory = open_directory(home)
    export_bulk(directory, tmp_path / "out", day=DAY)
    directory.ledger.close()
    first = {row["service_id"]: row["name"] for row in sheet(tmp_path / "out", "services")}
    assert first["social:mmps:1"] == "'=HYPERLINK(1)"
    drawn = gpd.read_file(tmp_path / "out" / "services.gpkg").set_index("service_id")["name"]
    assert drawn["social:mmps:1"] == "'=HYPERLINK(1)"
    assert (
        pd.read_parquet(tmp_path / "out" / "services.parquet").set_index("service_id")["name"]["social:mmps:1"]
        == "=HYPERLINK(1)"
    )


def test_no_file_says_more_of_a_protected_service_than_its_public_label(made):
    folder, index = made
    for each in index.files:
        content = (folder / each.name).read_bytes()
        if each.name.endswith(".gz"):
            content = gzip.decompress(content)
        if each.name.endswith(".parquet"):
            content = pd.read_parquet(folder / each.name).drop(columns="geometry", errors="ignore").to_csv().encode()
        for secret in (small_world.SECRET_TOWN, "Strada Ascunsă", "0234999999", "social:mmps:6"):
            assert secret.encode() not in content, each.name
    assert not [each for each in lines(folder, "capacity") if each["service_id"].startswith("protected:")]
    hidden = [each for each in lines(folder, "services") if each["is_secret"]]
    assert len(hidden) == 2
    assert {each["capacity"]["status"] for each in hidden} == {"unknown"}


def test_an_export_that_is_there_is_written_over_only_where_that_is_said(made):
    folder, _index = made
    directory = open_directory(small_world.make_world(folder.parent / "again"))
    with pytest.raises(MapError, match=INDEX):
        export_bulk(directory, folder, day=DAY)
    directory.ledger.close()
