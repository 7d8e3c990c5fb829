"""Who reads the feed alone has what everybody reads, whatever the change came from; protected rows by their public face."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime

import pytest

from api.programs import callers
from reports.bulk.kept_bulk import make_day
from tests.covering import daily
from tests.worlds.clients.api_client import ADMIN, ApiClient, is_problem, secret_for
from tests.worlds.clients.feed_reader import FeedReader, whole
from tests.worlds.homes import small_world
from tests.worlds.homes.small_world import SHELTER, service, services

pytestmark = pytest.mark.usefixtures("offices")


@pytest.fixture(autouse=True)
def _as_often_as_it_likes(monkeypatch):
    monkeypatch.setattr(callers.TOKENS, "tries", 1_000_000)


@pytest.fixture
def reader(web, demo):
    return FeedReader(ApiClient(web, secret_for(demo)))


def test_the_first_reading_is_everything_once_and_the_next_is_nothing(reader, offices):
    count = reader.read()
    assert count == len(reader.services) > (100 if offices else 7_000)
    assert reader.services == whole(reader.client)
    assert {change for change, _id in reader.told} == {"created"}
    assert reader.read() == 0


def test_a_report_a_hold_and_its_end_come_as_changes_of_one_service(reader, demo):
    reader.read()
    del reader.told[:]
    demo.ledger.report_capacity("social:mmps:1", places_free=9, source="phone", actor=ADMIN)
    reader.read()
    assert reader.told == [("changed", "social:mmps:1")]
    assert reader.services["social:mmps:1"]["capacity"]["places_free"] == 9
    client = reader.client
    asked = {"service_id": "social:mmps:1", "place": "24089", "need": "nobody-after-school", "basis": "public_task"}
    made = client.post("/api/v1/referrals", asked, headers={"Idempotency-Key": "k-feed-1"})
    assert made.status_code == 201, made.text
    reader.read()
    assert reader.services["social:mmps:1"]["capacity"]["places_free"] == 8
    client.post(f"/api/v1/referrals/{made.json()['referral_id']}/cancel")
    reader.read()
    assert reader.services["social:mmps:1"]["capacity"]["places_free"] == 9
    assert reader.services == whole(client)


def test_a_service_that_goes_and_comes_back_is_removed_and_created(reader, demo):
    reader.read()
    early = FeedReader(reader.client)
    early.services, early.after = dict(reader.services), reader.after
    small_world.publish(demo.home, "social", [row for row in services() if row["service_id"] != "social:mmps:2"])
    reader.read()
    assert reader.told[-1] == ("removed", "social:mmps:2")
    small_world.publish(demo.home, "social", services())
    reader.read()
    assert reader.told[-1] == ("created", "social:mmps:2")
    small_world.publish(demo.home, "social", [row for row in services() if row["service_id"] != "social:mmps:2"])
    reader.read()
    early.read()  # who was away meanwhile
    assert early.services == reader.services == whole(reader.client)
    late = FeedReader(reader.client)
    late.read()
    assert late.services == reader.services  # that something is gone which it never had changes nothing


def test_a_protected_row_is_told_by_its_public_label_and_nothing_that_happens_behind_it_shows(reader, demo):
    reader.read()
    hidden = {key: each for key, each in reader.services.items() if each["is_secret"]}
    assert len(hidden) == 2
    for each in hidden.values():
        assert each["capacity"] == {"status": "unknown", "places_free": None, "places_max": None, "reported_at": None}
        assert not {each[name] for name in ("lat", "lon", "address", "phone", "locality", "uat_siruta", "organization")} - {
            None, "",
        }  # fmt: skip
    text = str(reader.services)
    for secret in (small_world.SECRET_TOWN, "Strada Ascunsă", "0234999999", "social:mmps:6"):
        assert secret not in text
    before = reader.after
    key = next(iter(demo.snapshot().catalogue.sealed.values()))
    demo.ledger.report_capacity(key, places_free=1, source="phone", actor=_unit_of(key))
    changed = [
        service(6, 0.5, 0.1, service_type=SHELTER, name="Alt nume", is_secret=True, phone="0234111111", places_max=9)
        if row["service_id"] == "social:mmps:6"
        else row
        for row in services()
    ]
    small_world.publish(demo.home, "social", changed)
    assert reader.read() == 0
    assert reader.after == before


def _unit_of(key):
    from providers.rules.protected_keys import county_of
    from referrals.records.vocabulary import Actor

    return Actor("county", "ujss", county_of(key))


def test_a_place_of_another_feed_is_said_and_one_that_is_none_refused(reader, demo):
    from api.programs.cursors import cursor_to

    reader.read()
    client = reader.client
    ours = reader.after
    for other in (cursor_to("abcdef:1"), cursor_to(f"{_epoch(ours)}:99999999999")):
        assert is_problem(client.get("/api/v1/changes", params={"after": other}), "feed-begun-anew")
    for broken in (
        "x",
        "%%%",
        cursor_to("abc"),
        cursor_to(f"{_epoch(ours)}:-1"),
        cursor_to(f"{_epoch(ours)}:{'9' * 40}"),
    ):
        assert is_problem(client.get("/api/v1/changes", params={"after": broken}), "invalid")


def _epoch(cursor: str) -> str:
    from api.programs.cursors import key_of

    return key_of(cursor).partition(":")[0]


def test_a_restored_database_begins_a_feed_of_its_own(reader, demo, tmp_path):
    from contextlib import closing

    from referrals.backups.ledger_copy import write_copy
    from referrals.database.models import feed_rows, feed_state
    from referrals.database.store import open_store

    reader.read()
    rows = write_copy(demo.ledger.store, tmp_path / "copy.sqlite")
    assert not {"feed_rows", "feed_state"} & rows.keys()
    with closing(open_store(f"sqlite:///{tmp_path / 'copy.sqlite'}")) as copy, copy.read() as connection:
        assert connection.execute(feed_rows.select()).first() is None
        assert connection.execute(feed_state.select()).first() is None


def bulk_file(client, demo):
    """Every service of a file made now."""
    make_day(demo, now=datetime.now(UTC))
    answer = client.get("/bulk/latest/services.ndjson.gz")
    assert answer.status_code == 200, answer.text
    return {each["service_id"]: each for each in map(json.loads, gzip.decompress(answer.content).splitlines())}


@pytest.mark.parametrize("most", daily((200, 1_000), lambda most: most == 200))
def test_who_reads_only_the_feed_through_random_edits_has_a_fresh_reading_and_a_fresh_file(reader, demo, most):
    lot = random.Random(20)
    rows = {row["service_id"]: row for row in services()}
    numbers = iter(range(100, 10_000))
    reader.read()
    edits = 0
    while edits < most:
        kind = lot.random()
        if kind < 0.9:
            for _ in range(lot.randint(5, 30)):
                known = [key for key, row in rows.items() if not row.get("is_secret")]
                free, status = lot.choice(
                    [(lot.randint(0, 9), None), (None, "full"), (None, "waitlist"), (None, "assess")]
                )
                demo.ledger.report_capacity(
                    lot.choice(known), places_free=free, status=status, source="phone", actor=ADMIN
                )
                edits += 1
        else:
            for _ in range(lot.randint(5, 30)):
                _edit(rows, lot, numbers)
                edits += 1
            small_world.publish(demo.home, "social", list(rows.values()))
        if lot.random() < 0.3:
            reader.read(limit=lot.choice([1, 7, 500]))
    reader.read()
    assert {change for change, _id in reader.told} == {"created", "changed", "removed"}
    assert reader.services == whole(reader.client)
    fresh = FeedReader(reader.client)
    fresh.read()
    assert fresh.services == reader.services
    assert bulk_file(reader.client, demo) == reader.services


def _edit(rows, lot, numbers) -> None:
    what = lot.choice(["add", "remove", "change", "change", "protect", "open"])
    key = lot.choice(list(rows))
    if what == "add":
        made = service(next(numbers), lot.uniform(-0.2, 0.2), lot.uniform(-0.2, 0.2))
        rows[made["service_id"]] = made
    elif what == "remove" and len(rows) > 4:
        del rows[key]
    elif what == "change":
        rows[key] = {**rows[key], lot.choice(["name", "phone", "hours", "address"]): f"{lot.randint(0, 10**9)}"}
    elif what == "protect":
        rows[key] = {**rows[key], "is_secret": True}
    elif not rows[key]["service_type"].startswith("8790CR-V"):
        rows[key] = {**rows[key], "is_secret": False}
