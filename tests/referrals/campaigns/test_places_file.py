"""Places from a file: every row is understood or named, and nothing in between is stored."""

from __future__ import annotations

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.bad_rows import BadRowsError
from core.errors import MapError, UnreadableFileError
from referrals.campaigns.places_file import MOST_ROWS, read_places
from tests.worlds.homes.ledger_world import MONDAY

KNOWN = {"social:mmps:1": "Centrul Unu", "social:mmps:2": "Căminul Doi", "social:mmps:3": "Căminul Doi"}
CELL = st.one_of(
    st.sampled_from([*KNOWN, "Centrul Unu", "centrul unu", "Căminul Doi", "", "4", "0", "-1", "99999", "3.0", "x"]),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12),
)


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["Serviciul", "Locuri libere", "Locuri în total", "Data raportului"], *rows])
    return path


@given(
    rows=st.lists(
        st.tuples(CELL, CELL, CELL, st.sampled_from(["", "2026-03-01", "1.3.2026", "2030-01-01", "ieri"])), max_size=6
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_says_it_is_read_whole_or_refused_in_words(tmp_path, rows):
    path = write(tmp_path / "locuri.csv", rows)
    try:
        found = read_places(path, KNOWN, now=MONDAY)
    except MapError:
        return
    assert len({row.service_id for row in found}) == len(found) <= len(rows)
    for row in found:
        assert row.service_id in KNOWN
        assert 0 <= row.free <= 9999
        assert row.most is None or row.free <= row.most
        assert row.day is None or row.day <= MONDAY.date()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("Căminul Doi", "1", "", ""), "codul serviciului: numele acesta îl au 2"),
        (("social:mmps:1", "5", "4", ""), "cel mult 4"),
        (("social:mmps:1", "5", "", "2030-01-01"), "o zi din ultimul an"),
        (("social:mmps:9", "5", "", ""), "codul sau numele unui serviciu"),
    ],
)
def test_a_wrong_cell_is_named_with_what_was_expected(tmp_path, row, words):
    with pytest.raises(BadRowsError, match=words):
        read_places(write(tmp_path / "locuri.csv", [row]), KNOWN, now=MONDAY)


def test_a_service_twice_and_too_many_rows_are_refused(tmp_path):
    twice = [("social:mmps:1", "1", "", ""), ("Centrul Unu", "2", "", "")]
    with pytest.raises(BadRowsError, match="este și în rândul 1"):
        read_places(write(tmp_path / "locuri.csv", twice), KNOWN, now=MONDAY)
    with pytest.raises(UnreadableFileError):
        read_places(write(tmp_path / "m.csv", [("social:mmps:1", "1", "", "")] * (MOST_ROWS + 1)), KNOWN, now=MONDAY)
