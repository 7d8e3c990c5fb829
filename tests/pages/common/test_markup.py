from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from geo.spatial.travel import CAR
from pages.common import markup
from pages.finder_panels import answer_markup
from providers.finder.answer import Elsewhere, Excluded, Result, SourceUsed
from providers.rules import wording

OFFER = {
    "service_id": "social:mmps:1", "name": "Centrul „A”", "organization": "Asociația Exemplu", "service_type": "8891CZ-C-II",
    "type_name": "Centru de zi", "need": None, "status": "unknown", "places_free": None, "places_max": None,
    "capacity_unit": "places", "capacity_text": None, "places_reported_at": None, "report_age_days": None,
    "county": "BC", "locality": "Parincea", "address": None, "phone": None, "email": None, "website": None,
    "hours": None, "licence_valid_until": None, "licence_status": "unknown", "access_route": "direct",
    "decision_by": None, "capacity_model": "places", "delivery": "at_site", "flags": (), "edition": "e",
}  # fmt: skip
SITE = {
    "block": "call_first", "rank": 1, "minutes": 13.6, "distance_m": 9_840.0, "travel": CAR.basis,
    "position_precision": "address", "lat": 46.5, "lon": 27.0,
}  # fmt: skip
HOSTILE = '<script>alert("x")</script>&\'"'


def result(**said) -> Result:
    return Result(**{**OFFER, **SITE, **said})


def elsewhere(**said) -> Elsewhere:
    return Elsewhere(**{**OFFER, "why": "at_home", **said})


@pytest.mark.parametrize(
    "field",
    [
        "name",
        "organization",
        "type_name",
        "address",
        "locality",
        "phone",
        "email",
        "website",
        "hours",
        "capacity_text",
        "decision_by",
    ],
)
def test_no_field_of_a_register_becomes_markup(field):
    said = {field: HOSTILE, "access_route": "decision"}
    for drawn in (answer_markup.render_row(result(**said), 1), answer_markup.render_row(elsewhere(**said))):
        assert "<script" not in drawn
        assert HOSTILE not in drawn


def test_a_web_page_from_a_register_is_text_and_not_a_link():
    assert 'href="javascript' not in answer_markup.render_row(result(website="javascript:alert(1)"), 1)


def test_a_service_without_a_published_phone_says_so_instead_of_a_dead_button():
    drawn = answer_markup.render_row(result(), 1)
    assert "tel:" not in drawn
    assert "Telefonul nu este publicat" in drawn


def test_an_unknown_licence_date_is_neither_valid_nor_expired():
    assert "nu se știe din registru" in answer_markup.render_row(result(), 1)
    assert "valabilă până la 12.03.2027" in answer_markup.render_row(result(licence_valid_until=date(2027, 3, 12)), 1)


def test_a_decision_is_announced_with_who_decides():
    drawn = answer_markup.render_row(
        result(access_route="decision", decision_by="Comisia pentru Protecția Copilului"), 1
    )
    assert "Admiterea se face în baza unei decizii (Comisia pentru Protecția Copilului)." in drawn


def test_a_protected_address_shows_only_its_type_and_the_way_through_the_authority():
    drawn = answer_markup.render_row(
        elsewhere(why="secret", address="Strada X", locality="Y", phone="0234512345", hours="8-16")
    )
    assert "direcția județeană" in drawn
    for hidden in ("Strada X", ">Y<", "0234512345", "8-16", "libere"):
        assert hidden not in drawn


def test_a_report_is_shown_with_its_age():
    reported = datetime(2026, 11, 1, tzinfo=UTC)
    said = {
        "status": "free",
        "places_free": 3,
        "block": "confirmed",
        "report_age_days": 1.2,
        "places_reported_at": reported,
    }
    assert "raportat ieri" in answer_markup.render_row(result(**said), 1)


def test_nothing_left_out_draws_nothing():
    assert answer_markup.render_why_not([]) == ""
    assert markup.render_danger([]) == ""


def test_why_not_tells_minutes_where_there_is_a_way():
    items = [Excluded("a", "A", "t", 6.2, "full", "nu mai are locuri"), Excluded("b", "B", "t", None, "sex", "motiv")]
    drawn = answer_markup.render_why_not(items)
    assert "<li>A, 6 min: <b>nu mai are locuri</b></li>" in drawn
    assert "<li>B: <b>motiv</b></li>" in drawn


def test_sources_are_named_with_their_day_and_synthetic_ones_say_so():
    drawn = markup.render_sources([SourceUsed("social", "e", "2026-10-12", "Registru", synthetic=True)])
    assert "Registru, la 12.10.2026 (date sintetice)" in drawn


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "1 min"), (13.6, "14 min"), (59.4, "59 min"), (59.6, "1 h"), (71, "1 h 11"), (125, "2 h 05")],
)
def test_minutes_are_whole_and_long_ways_in_hours(value, words):
    assert wording.minute_words(value) == words


@pytest.mark.parametrize(("metres", "words"), [(12, "sub 0,1 km"), (9_840, "9,8 km"), (123_400, "123 km")])
def test_kilometres_are_written_as_in_romanian(metres, words):
    assert wording.kilometre_words(metres) == words


@pytest.mark.parametrize(("text", "words"), [("2026-10-12", "12.10.2026"), ("2025-2026", "2025-2026"), ("", "")])
def test_an_editions_day_is_written_as_in_romanian(text, words):
    assert wording.iso_day(text) == words
