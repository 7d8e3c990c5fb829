"""What is protected and what does not exist cost the same work, so that no time tells one from the other.

Counted are calls of our own functions: time on a busy machine is chance (`bench/acceptance/timing.py` measures it).
"""

from __future__ import annotations

import functools
import operator
import threading
from collections import Counter
from urllib.parse import quote

import pytest

from core.storage import file_stamps
from providers.interchange.hsds_terms import hsds_id
from referrals.ledger.referral_request import random_code
from referrals.records.vocabulary import Actor
from tests.source.test_layers import ROOT
from tests.worlds.clients.api_client import PARINCEA
from tests.worlds.homes import small_world
from tests.worlds.homes.ledger_world import refer, terms

HIDDEN, NONE = "social:mmps:6", "social:mmps:9"
TOWN, NO_TOWN = small_world.SECRET_TOWN, small_world.SECRET_TOWN[::-1]
BY_ID = (
    ("/api/v1/services/", str),
    ("/ogc/collections/services/items/", str),
    ("/hsds/services/", lambda key: hsds_id("service", key)),
    ("/hsds/service_at_locations/", lambda key: hsds_id("service_at_location", key)),
    ("/fhir/HealthcareService/", lambda key: hsds_id("service", key)),
    ("/fhir/Location/", lambda key: hsds_id("service_at_location", key)),
)
BY_NAME = ("/api/v1/services?q=", "/hsds/services?search=", "/fhir/HealthcareService?name=")


@pytest.fixture(autouse=True)
def _settled_files(monkeypatch):
    """What was written a moment ago is read again at each look: which request is the last to do so is chance."""
    monkeypatch.setattr(file_stamps, "_SETTLED_NS", -(10**12))


def is_ours(file: str) -> bool:
    """Whether a function of this file is work: a limit counts what was asked before."""
    own = file.removeprefix(f"{ROOT}/")
    return own != file and not own.startswith(".venv/") and own != "api/http/rate_limit.py"


def work_of(ask) -> Counter:
    """How often each function of ours was called while a request was answered, in all of its threads."""
    called: Counter = Counter()

    def note(frame, event, _argument):
        if event == "call" and is_ours(frame.f_code.co_filename):
            called[frame.f_code.co_filename.removeprefix(str(ROOT)), frame.f_code.co_qualname] += 1

    threading.setprofile(note)
    try:
        answer = ask()
    finally:
        threading.setprofile(None)
    assert answer.status_code in (200, 404)
    assert called.total() > 20
    return called


def assert_even(client, hidden: str, none: str) -> None:
    for path in (hidden, none):
        client.get(path)  # what is made once is made
    found: dict[str, list[Counter]] = {hidden: [], none: []}
    for path in (hidden, none) * 3:
        found[path].append(work_of(lambda path=path: client.get(path)))
    ours, theirs = (functools.reduce(operator.and_, found[path]) for path in (hidden, none))
    assert ours == theirs


def test_a_protected_id_costs_what_an_id_costs_that_is_none(program):
    client = program("county", "read")
    for path, of in BY_ID:
        assert_even(client, f"{path}{of(HIDDEN)}", f"{path}{of(NONE)}")


def test_words_of_a_protected_service_cost_what_other_words_cost(program):
    client = program("county", "read")
    for path in BY_NAME:
        assert_even(client, f"{path}{quote(TOWN)}", f"{path}{quote(NO_TOWN)}")


def test_a_place_with_a_protected_service_costs_what_a_place_without_one_costs(program):
    client = program("county", "read")
    lat, lon = small_world.PARINCEA[0] + 0.03, small_world.PARINCEA[1]
    box = "/ogc/collections/services/items?bbox={:.5f},{:.5f},{:.5f},{:.5f}"
    near = "/fhir/Location?near={:.5f}%7C{:.5f}%7C0.02%7Ckm&type=" + small_world.SHELTER
    away = 0.004
    assert_even(
        client,
        box.format(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4),
        box.format(lon + away - 1e-4, lat - 1e-4, lon + away + 1e-4, lat + 1e-4),
    )
    assert_even(client, near.format(lat, lon), near.format(lat, lon + away))


@pytest.mark.parametrize("role", ["team", "county"])
def test_a_case_of_others_costs_what_a_number_costs_that_is_none(program, demo, role):
    team = Actor("team", "echipa", "BC", PARINCEA)
    demo.note_capacity("social:mmps:1", actor=Actor("county", "unitate", "BC"), source="phone", free=20)
    theirs = [
        refer(demo.ledger, terms("social:mmps:1"), county="BC", uat_siruta=PARINCEA, actor=team).referral_id
        for _ in range(4)
    ]
    missing = [f"R-{random_code(10)}" for _ in theirs]
    # Now the one first, now the other: what is looked at once a second falls to whichever comes first.
    numbers = [n for i, both in enumerate(zip(theirs, missing, strict=True)) for n in (both if i % 2 else both[::-1])]
    client = program(role, "refer", **({"county": "CJ"} | ({"uat_siruta": 55008} if role == "team" else {})))
    client.get(f"/api/v1/referrals/R-{random_code(10)}")
    for is_new in (True, False):  # the first time it is noted; then it was noted within the hour
        found = {n: work_of(lambda number=n: client.get(f"/api/v1/referrals/{number}")) for n in numbers}
        ours, none = (functools.reduce(operator.and_, (found[n] for n in some)) for some in (theirs, missing))
        assert any("refused_attempts" in file for file, _name in none), is_new
        assert any("audit.py" in file and name == "append" for file, name in none) == is_new
        # A row that is found is made an object, and its area is asked about: microseconds of milliseconds.
        assert abs(ours.total() - none.total()) <= 0.1 * none.total(), (ours - none, none - ours)
