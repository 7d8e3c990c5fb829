"""The way to a service in short steps, for offers of every kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.spatial.travel import CAR
from providers.finder.answer import Elsewhere, Result
from providers.finder.instructions import holds_a_place, instructions_for, referral_effect
from providers.rules.needs import needs
from providers.rules.taxonomy import service_type

RESULT = Result(
    service_id="social:mmps:1", name="Centrul de zi", organization="Furnizor", service_type="8891CZ-C-II", type_name="Centru de zi",
    need=None, status="unknown", places_free=None, places_max=20, capacity_unit=None, capacity_text=None,
    places_reported_at=None, report_age_days=None, county="BC", locality="Bacău", address=None, phone="0234 000 000",
    email=None, website=None, hours=None, licence_valid_until=None, licence_status="unknown", access_route="direct",
    decision_by=None, capacity_model="places", delivery="at_site", flags=(), edition="", block="call_first", rank=1,
    minutes=10.0, distance_m=5000.0, travel=CAR.basis, position_precision="address", lat=46.0, lon=26.0,
)  # fmt: skip


def offer(code: str, **said) -> Result:
    kind = service_type(code)
    return replace(
        RESULT, service_type=code, access_route=kind.access_route, decision_by=kind.decision_by,
        capacity_model=kind.capacity_model, delivery=kind.delivery, **said,
    )  # fmt: skip


def secret(code: str, **said) -> Elsewhere:
    fields = {
        name: value for name, value in vars(offer(code, **said)).items() if name in Elsewhere.__dataclass_fields__
    }
    return Elsewhere(**{**fields, "phone": None, "why": "secret"})


def test_a_direct_service_is_called_and_its_places_noted():
    assert instructions_for(offer("8891CZ-C-II")) == (
        "Sunați la 0234 000 000 și întrebați dacă are loc.",
        "Notați câte locuri libere au; apoi puteți rezerva unul prin referire.",
    )


def test_a_place_that_is_counted_may_be_held_for_the_days_of_its_type():
    assert instructions_for(offer("8891CZ-C-II", places_free=2, status="free"))[-1] == (
        "Puteți rezerva un loc prin referire, cel mult 3 zile lucrătoare."
    )


def test_a_service_behind_a_decision_says_whose_and_holds_nothing():
    said = instructions_for(offer("8790CR-D-I"))
    assert (
        said[0]
        == "Admiterea se face numai în baza unei decizii. Decizia aparține: Comisia de evaluare a persoanelor adulte cu handicap."
    )
    assert said[-1] == "Nu se rezervă un loc: referirea este o cerere."
    assert not any("rezerva unul" in step for step in said)


def test_a_service_by_referral_asks_for_the_doctor_s_paper_and_names_112():
    assert "bilet de trimitere" in instructions_for(offer("MED-HOSP"))[0]
    assert "112" in instructions_for(offer("MED-HOSP"))[0]


def test_what_to_bring_is_the_need_s():
    said = instructions_for(offer("AUT-SPCLEP", status="open"), "identity-papers")
    assert said[0] == "Sunați la 0234 000 000 pentru program."
    assert any(step.startswith("Acte necesare: certificatul de naștere") for step in said)
    assert instructions_for(offer("AUT-SPCLEP", status="open"), needs()["identity-papers"]) == said


def test_an_offer_without_a_telephone_says_where_to_ask():
    assert instructions_for(offer("AUT-SPAS", phone=None, status="open"))[0].startswith("Mergeți la primărie")
    assert "asistența socială" in instructions_for(offer("8891CZ-C-II", phone=None))[0]


@pytest.mark.parametrize(
    ("code", "words"),
    [("8810ID-I", "acasă"), ("8810ID-III", "Echipa vine"), ("MED-TELE", "la distanță")],
)
def test_a_service_that_is_not_visited_says_so(code, words):
    assert any(words in step for step in instructions_for(offer(code)))


def test_the_way_to_a_protected_address_tells_neither_telephone_nor_place():
    said = instructions_for(
        secret("8790CR-VD-I", need="domestic-violence", locality="Bacău", address="Str. X 1", hours="8-16")
    )
    assert said[0].startswith("Adresa este protejată")
    assert "DGASPC" in said[1]
    assert "0800 500 333" in said[1]
    together = " ".join(said)
    assert not any(text in together for text in ("Bacău", "Str. X", "8-16", "0234"))


def test_a_doubt_from_the_field_is_said_before_anybody_relies_on_it():
    said = instructions_for(offer("8891CZ-C-II", flags=("doubt_phone", "doubt_gone")))
    assert said[0] == "Numărul 0234 000 000 a fost semnalat ca greșit: verificați-l înainte."
    assert "Cineva a semnalat că nu mai există: sunați înainte de a trimite persoana." in said


@pytest.mark.parametrize(
    ("code", "said", "holds", "words"),
    [
        ("8891CZ-C-II", {"block": "confirmed", "status": "free"}, True, "Locul se rezervă"),
        ("8891CZ-C-II", {"block": "call_first", "status": "free"}, False, "nu sunt confirmate"),
        ("8790CR-D-I", {"block": "confirmed", "status": "free"}, False, "în baza unei decizii"),
        ("MED-PHARM", {"block": "confirmed", "status": "open"}, False, "nu are limită"),
        ("MED-PHARM", {"block": "confirmed", "status": "free"}, False, "nu se rezervă un loc"),
        ("8810ID-I", {"block": "", "status": "free", "report_age_days": 0.1}, True, "Locul se rezervă"),
        ("8810ID-I", {"block": "", "status": "free", "report_age_days": 400.0}, False, "nu sunt confirmate"),
    ],
)
def test_a_place_is_promised_only_where_one_will_be_held(code, said, holds, words):
    asked = offer(code, **said)
    assert holds_a_place(asked) == holds
    assert words in referral_effect(asked)
