"""An answer in plain lines: danger first, the two blocks, the rest, why not the others, sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from geo.spatial.travel import CAR
from providers.finder.answer import Answer, Elsewhere, Excluded, Query, Result, SourceUsed
from providers.output.answer_text import answer_lines
from providers.rules.needs import EmergencyLine

RESULT = Result(
    service_id="social:mmps:1", name="Centrul de zi", organization="Asociația Exemplu", service_type="8891CZ-C-II",
    type_name="Centru de zi", need=None, status="unknown", places_free=None, places_max=25, capacity_unit="places",
    capacity_text="25", places_reported_at=None, report_age_days=None, county="BC", locality="Parincea",
    address="Principală 1", phone="0234000001", email=None, website=None, hours=None,
    licence_valid_until=date(2027, 2, 8), licence_status="active", access_route="direct", decision_by=None,
    capacity_model="places", delivery="at_site", flags=(), edition="e", block="call_first", rank=1, minutes=26.6,
    distance_m=14_780.0, travel=CAR.basis, position_precision="address", lat=46.5, lon=27.1,
)  # fmt: skip
FREE = replace(
    RESULT, service_id="social:mmps:2", name="Centrul liber", block="confirmed", status="free", places_free=20,
    places_reported_at=datetime(2026, 3, 1, tzinfo=UTC), report_age_days=3.2,
)  # fmt: skip


@pytest.fixture(scope="module")
def question(gazetteer) -> Query:
    return Query(origin=gazetteer.resolve("Parincea, Bacău"), wanted=("8891CZ-C-II",))


def elsewhere(why: str, **said) -> Elsewhere:
    shared = {name: value for name, value in vars(RESULT).items() if name in Elsewhere.__dataclass_fields__}
    return Elsewhere(**{**shared, "why": why, **said})


def lines(question: Query, **parts) -> list[str]:
    nothing = dict.fromkeys(("results", "also", "elsewhere", "excluded", "emergency", "sources"), ())
    return list(
        answer_lines(Answer(question, ("8891CZ-C-II",), **{**nothing, **parts}, is_sensitive=False, travel=CAR.basis))
    )


def test_an_answer_without_anybody_says_so(question):
    said = lines(question)
    assert said[0] == "Lângă Parincea, județul Bacău:"
    assert "Niciunul la cel mult o oră" in said
    assert "  Niciun serviciu potrivit nu este aproape." in said


def test_one_list_is_read_the_nearest_first_whatever_is_known_of_places(question):
    said = lines(question, results=(FREE, replace(RESULT, minutes=12.0)))
    order = [said.index(line) for line in said if line.startswith(("2 la cel mult o oră", "  1. ", "  2. "))]
    assert order == sorted(order)
    assert any(line.startswith("  1. Centrul de zi") for line in said)
    assert "  2. Centrul liber · 14,8 km în linie dreaptă, timp estimat cu mașina 27 min  [social:mmps:2]" in said
    assert any("20 de locuri libere, raportat acum 3 zile" in line for line in said)
    assert any("25 de locuri licențiate, libere: necunoscut" in line for line in said)
    assert any(
        line.endswith("Parincea · program: necunoscut · 0234 000 001 · licență valabilă până la 08.02.2027")
        for line in said
    )


def test_asked_for_confirmed_places_only_the_other_block_is_not_there(question):
    said = lines(replace(question, only_confirmed=True), results=(FREE,))
    assert not any(line.startswith("Sunați") for line in said)


def test_a_door_that_opens_by_decision_says_whose(question):
    by_commission = replace(RESULT, rank=2, access_route="decision", decision_by="comisia pentru protecția copilului")
    assert "     ! Admiterea se face în baza unei decizii (comisia pentru protecția copilului)." in lines(
        question, results=(by_commission,)
    )


def test_the_first_of_a_block_comes_with_its_steps_and_what_is_doubted_is_said(question):
    doubted = replace(FREE, flags=("doubt_phone", "county_mismatch"))
    said = lines(question, results=(doubted, replace(RESULT, rank=2)))
    assert sum(line.startswith("     → ") for line in said) >= 1
    assert [line for line in said if line.startswith("     ! ")] == [
        "     ! Județul din registru nu se potrivește cu poziția: verificați la telefon.",
        "     ! Cineva a semnalat că numărul de telefon este greșit; nu s-a verificat încă.",
    ]


def test_danger_comes_first(question):
    line = EmergencyLine("x", "119", "Telefonul copilului", "pentru copii", "lege")
    said = lines(question, emergency=(line,), results=(FREE,))
    assert said[0] == "!! 119: Telefonul copilului"


@pytest.mark.parametrize("why", ["at_home", "mobile", "remote", "secret", "not_placed"])
def test_what_is_not_visited_says_why_and_shows_no_way(question, why):
    said = lines(question, elsewhere=(elsewhere(why, phone=None),))
    (line,) = [line for line in said if line.startswith("  - ")]
    assert " min" not in line
    assert " km" not in line
    assert ("[social:mmps:1]" in line) == (why != "secret")


def test_the_reasons_of_those_left_out_are_said_and_the_many_counted(question):
    left = [Excluded(f"s:{i}", f"Centrul {i}", "8891CZ-C-II", 5.0 + i, "full", "nu mai are locuri") for i in range(11)]
    unplaced = Excluded("s:99", "Echipa", "8891CZ-C-II", None, "age", "nu se adresează acestei grupe de vârstă")
    said = lines(question, excluded=(unplaced, *left))
    assert "  - Echipa: nu se adresează acestei grupe de vârstă" in said
    assert "  - Centrul 0, 5 min: nu mai are locuri" in said
    assert any("încă 4" in line for line in said)


def test_every_answer_ends_with_its_sources_and_says_which_are_invented(question):
    said = lines(question, sources=(SourceUsed("social", "e", "2024-05-06", "Registru", True),))
    assert said[-1] == "Sursa: Registru, la 06.05.2024 (date sintetice)"
