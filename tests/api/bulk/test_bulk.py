"""Files in bulk as portals and programs fetch them: by day or the latest, whole or in parts, by their digests."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from reports.bulk import kept_bulk
from reports.bulk.kept_bulk import FOLDER, is_due, is_wanted, make_day
from tests.worlds.clients.api_client import is_problem
from tests.worlds.homes import small_world

pytestmark = pytest.mark.usefixtures("offices")
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)  # three in the morning in Bucharest
SERVICES = "/bulk/latest/services.ndjson.gz"
# What DCAT-AP 3.0 calls mandatory, and what it recommends that portals rely on, by class.
REQUIRED = {
    "dcat:Catalog": ("dct:title", "dct:description", "dct:publisher", "dcat:dataset"),
    "dcat:Dataset": ("dct:title", "dct:description", "dct:publisher", "dcat:distribution", "dcat:theme"),
    "dcat:Distribution": ("dcat:accessURL", "dct:format", "dcat:downloadURL"),
    "dcat:DataService": ("dct:title", "dcat:endpointURL"),
    "foaf:Agent": ("foaf:name",),
    "spdx:Checksum": ("spdx:algorithm", "spdx:checksumValue"),
}


@pytest.fixture
def files(program, demo):
    make_day(demo, now=NOW)
    return program("national")


def test_a_day_is_listed_with_the_address_and_digest_of_every_file(files):
    listed = files.get("/bulk").json()
    assert listed["days"] == ["2026-12-01"]
    day = files.get("/bulk/latest").json()
    assert day == files.get("/bulk/2026-12-01").json()
    assert day["is_demo"]
    for each in day["files"]:
        answer = files.get(each["href"].removeprefix("http://127.0.0.1"))
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == each["sha256"]
        assert answer.headers["etag"] == f'"{each["sha256"]}"'
        assert answer.headers["content-type"].partition(";")[0] == each["media_type"]
        assert int(answer.headers["content-length"]) == each["bytes"]
        assert "content-encoding" not in answer.headers  # its digest and its ranges are of the bytes that are sent


def test_a_file_is_sent_again_only_where_it_changed_and_in_parts_where_that_is_asked(files):
    whole = files.get(SERVICES)
    tag, content = whole.headers["etag"], whole.content
    assert whole.headers["content-location"] == "/bulk/2026-12-01/services.ndjson.gz"
    for known in (tag, "*"):
        again = files.get(SERVICES, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    head = files.ask("HEAD", SERVICES)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(content)))
    for said, start, stop in (
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, None),
        ("bytes=-7", -7, None),
        ("bytes=5-99999999", 5, None),
    ):
        part = files.get(SERVICES, headers={"Range": said, "If-Range": tag})
        assert part.status_code == 206
        assert part.content == content[start:stop]
        assert part.headers["content-range"].endswith(f"/{len(content)}")
    assert is_problem(files.get(SERVICES, headers={"Range": f"bytes={len(content)}-"}), "range")
    for said in (
        {"Range": "bytes=0-9", "If-Range": '"other"'},
        {"Range": "lines=1-2"},
        {"Range": "bytes=9-2"},
        {"Range": "bytes=-"},
    ):
        assert files.get(SERVICES, headers=said).status_code == 200


def test_what_is_no_file_of_a_day_is_not_found(files):
    for path in ("2026-12-02", "2026-12-01/.open", "2026-12-01/index.json", "2026-12-01/..%2f.open", "latest/x"):
        assert is_problem(files.get(f"/bulk/{path}"), "not-found"), path


def test_the_catalogue_has_what_dcat_ap_requires_and_the_digests_of_the_day(files):
    answer = files.get("/bulk/catalog.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    seen = set()

    def walk(node):
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            for name in REQUIRED.get(node.get("@type"), ()):
                assert node.get(name), (node["@type"], name)
            seen.add(node.get("@type"))
            for name, each in node.items():
                assert (
                    name.startswith("@")
                    or name.partition(":")[0] in catalogue["@context"]
                    or node is catalogue["@context"]
                )
                walk(each)

    catalogue = answer.json()
    walk(catalogue)
    assert set(REQUIRED) <= seen
    told = {d["dct:title"]["@value"]: d["spdx:checksum"]["spdx:checksumValue"]["@value"]
            for each in catalogue["dcat:dataset"] for d in each["dcat:distribution"]}  # fmt: skip
    assert told == {each["name"]: each["sha256"] for each in files.get("/bulk/latest").json()["files"] if each["table"]}
    english = files.get("/bulk/catalog.jsonld", headers={"Accept-Language": "en"}).json()
    assert english["dcat:dataset"][0]["dct:title"] == {"@language": "en", "@value": "Services"}


def test_a_token_needs_read_for_files_and_figures_for_coverages(program, demo):
    small_world.give_population(demo.home)
    make_day(demo, now=NOW)
    coverage = "/bulk/latest/coverage.csv.gz"
    assert is_problem(program("national", "read").get(coverage), "out-of-scope")
    assert b"unmet_now" in gzip.decompress(program("national", "figures").get(coverage).content)
    assert is_problem(program("national", "figures").get(SERVICES), "out-of-scope")
    assert is_problem(program("county", "refer").get("/bulk"), "out-of-scope")


def test_days_in_which_a_service_was_open_are_taken_back_once_it_is_protected(files, demo):
    make_day(demo, now=NOW + timedelta(days=1))
    assert files.get("/bulk").json()["days"] == ["2026-12-02", "2026-12-01"]
    small_world.publish(
        demo.home,
        "social",
        [
            {**row, "is_secret": row["service_id"] in ("social:mmps:2", "social:mmps:6", "social:mmps:7")}
            for row in small_world.services()
        ],
    )
    assert files.get("/bulk").json()["days"] == []
    assert is_problem(files.get(SERVICES), "not-found")
    assert is_due(demo, now=NOW + timedelta(days=1, hours=9))
    make_day(demo, now=NOW + timedelta(days=1, hours=9))
    assert files.get("/bulk").json()["days"] == ["2026-12-02"]
    assert "social:mmps:2" not in {
        json.loads(line)["service_id"] for line in gzip.decompress(files.get(SERVICES).content).splitlines()
    }
    assert [each.name for each in (demo.home.path / FOLDER).iterdir()] == ["2026-12-02"]


def test_files_are_made_at_night_or_when_they_are_late_and_kept_for_some_days(files, demo, monkeypatch):
    assert not is_due(demo, now=NOW + timedelta(hours=12))
    assert not is_due(demo, now=NOW + timedelta(hours=21, minutes=30))  # a new day, not yet night
    assert is_due(demo, now=NOW + timedelta(hours=24))
    assert is_due(demo, now=NOW + timedelta(hours=36))
    monkeypatch.setattr(kept_bulk, "write_bulk", lambda _content, folder, *, day: folder)
    monkeypatch.setenv("HARTA_BULK_KEPT", "2")
    for days in (1, 2):
        make_day(demo, now=NOW + timedelta(days=days))
    assert sorted(each.name for each in (demo.home.path / FOLDER).iterdir()) == ["2026-12-02", "2026-12-03"]


def test_the_timer_makes_files_in_a_live_home_unless_that_is_off(demo, live, monkeypatch):
    monkeypatch.delenv("HARTA_BULK", raising=False)
    assert (is_wanted(demo), is_wanted(live)) == (False, True)
    for said, wanted in (("on", True), ("off", False)):
        monkeypatch.setenv("HARTA_BULK", said)
        assert (is_wanted(demo), is_wanted(live)) == (wanted, wanted)
    monkeypatch.setenv("HARTA_BULK", "x")
    with pytest.raises(ValueError, match="HARTA_BULK"):
        is_wanted(demo)
