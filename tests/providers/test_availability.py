"""Reports laid over the catalogue: confirmed, call first, full, waiting; unknown is never zero."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from providers.availability import CALL_FIRST, CONFIRMED, FULL, WAITLIST, availability
from providers.catalogue import make_catalogue
from providers.schema import services_table

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalogue(gazetteer):
    def one(number, code, **said):
        return {
            "service_id": f"x:{number}", "registry": "social", "registry_key": str(number), "service_type": code,
            "name": "n", "organization": "o", "county": "BC", "lat": 46.5, "lon": 27.0, "position_precision": "address",
            "source_row": number, **said,
        }  # fmt: skip

    rows = [
        one(1, "8891CZ-C-II", places_max=25), one(2, "8891CZ-C-II"), one(3, "8891CZ-C-II", capacity_model="open"),
        one(4, "8891CZ-C-II", capacity_model="assess"),
    ]  # fmt: skip
    return make_catalogue(services_table(rows), gazetteer)


def reports(*rows):
    columns = ["service_id", "status", "places_free", "places_max", "places_reported_at"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"status": "string", "places_free": "Int64", "places_max": "Int64"}).assign(
        places_reported_at=pd.to_datetime(table["places_reported_at"], utc=True)
    )


def state(catalogue, laid, service_id):
    row = catalogue.position[service_id]
    return str(laid.status[row]), laid.places_free[row], laid.places_max[row], int(laid.block[row])


def test_without_any_report_nothing_is_confirmed_but_what_needs_none(catalogue):
    laid = availability(catalogue, reports(), now=NOW)
    status, free, most, block = state(catalogue, laid, "x:1")
    assert (status, most, block) == ("unknown", 25, CALL_FIRST)
    assert np.isnan(free)
    assert np.isnan(state(catalogue, laid, "x:2")[2])
    assert state(catalogue, laid, "x:3")[::3] == ("open", CONFIRMED)
    assert state(catalogue, laid, "x:4")[::3] == ("assess", CALL_FIRST)


@pytest.mark.parametrize(
    ("status", "free", "fresh", "stale"),
    [("free", 2, CONFIRMED, CALL_FIRST), ("full", 0, FULL, CALL_FIRST), ("waitlist", None, WAITLIST, CALL_FIRST),
     ("assess", None, CALL_FIRST, CALL_FIRST), ("unknown", None, CALL_FIRST, CALL_FIRST), ("open", None, CONFIRMED, CALL_FIRST)],
)  # fmt: skip
def test_a_report_counts_until_it_is_stale(catalogue, status, free, fresh, stale):
    limit = timedelta(days=float(catalogue.rules.freshness_days[catalogue.position["x:1"]]))
    ages = {timedelta(0): fresh, limit: fresh, limit + timedelta(seconds=1): stale}
    ages |= {timedelta(seconds=-50): fresh, timedelta(seconds=-70): stale, timedelta(days=-30): stale}  # the future
    for age, block in ages.items():
        laid = availability(catalogue, reports(("x:1", status, free, None, NOW - age)), now=NOW)
        assert state(catalogue, laid, "x:1")[3] == block, age


def test_the_last_place_held_makes_a_service_full(catalogue):
    laid = availability(catalogue, reports(("x:1", "free", 0, 25, NOW)), now=NOW)
    assert state(catalogue, laid, "x:1")[::3] == ("full", FULL)


def test_reported_places_stand_before_licensed_ones_and_gaps_do_not(catalogue):
    laid = availability(catalogue, reports(("x:1", "free", 2, 30, NOW), ("x:2", "free", 1, None, NOW)), now=NOW)
    assert state(catalogue, laid, "x:1")[1:3] == (2, 30)
    assert np.isnan(state(catalogue, laid, "x:2")[2])
    silent = availability(catalogue, reports(("x:1", "full", 0, None, NOW)), now=NOW)
    assert state(catalogue, silent, "x:1")[2] == 25


def test_a_report_of_a_service_that_an_edition_dropped_is_passed_over(catalogue):
    laid = availability(catalogue, reports(("x:gone", "free", 2, None, NOW), ("x:1", "free", 1, None, NOW)), now=NOW)
    assert state(catalogue, laid, "x:1")[3] == CONFIRMED
    assert (laid.block == CONFIRMED).sum() == 2  # x:1, and x:3 which is open


def test_a_hold_without_a_report_leaves_the_places_unknown(catalogue):
    laid = availability(catalogue, reports(("x:1", None, None, None, None)), now=NOW)
    status, free, _most, block = state(catalogue, laid, "x:1")
    assert (status, block) == ("unknown", CALL_FIRST)
    assert np.isnan(free)
