"""What may be read of an offer: the same words for the terminal, the screens and the plain pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.i18n import use_language
from geo.spatial.travel import CAR
from providers.finder.answer import Elsewhere, Result
from providers.finder.answer_view import answer_view
from providers.finder.offer_view import places_badge, view_of
from providers.rules.wording import phones
from tests.providers.output.test_answer_text import RESULT, elsewhere

REPORTED = {"places_reported_at": datetime(2026, 3, 1, tzinfo=UTC), "report_age_days": 1.0}


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ({"status": "free", "places_free": 1, "block": "confirmed"}, "free", "1 loc liber"),
        ({"status": "free", "places_free": 20, "block": "confirmed", **REPORTED}, "free", "20 de locuri libere, raportat ieri"),
        ({"status": "free", "places_free": None, "block": "confirmed"}, "free", "are locuri libere"),
        ({"status": "free", "places_free": 3}, "ask", "3 locuri libere, raport vechi"),
        ({"status": "open"}, "free", "primește fără limită de locuri"),
        ({"status": "open", "service_type": "AUT-PRIM"}, "free", "primește în programul cu publicul"),
        ({"status": "open", "service_type": "EDU-HIGH", "whose": "own"}, "free", "primește copiii din circumscripția școlară"),
        ({"status": "assess"}, "ask", "locul se stabilește după evaluare"),
        ({"places_max": None}, "ask", "locuri libere: necunoscut"),
        ({"places_max": 2}, "ask", "2 locuri licențiate, libere: necunoscut"),
        ({"places_max": 25, "capacity_unit": "per_day"}, "ask", "25 de persoane pe zi, libere: necunoscut"),
        ({"places_max": 2, "capacity_unit": "per_month"}, "ask", "2 persoane pe lună, libere: necunoscut"),
        ({"status": "full", **REPORTED}, "full", "fără locuri, raportat ieri"),
        ({"status": "waitlist", **REPORTED}, "full", "listă de așteptare, raportat ieri"),
        ({"status": "full", "report_age_days": 40.0}, "ask", "fără locuri, raport vechi, raportat acum 40 de zile"),
    ],
)  # fmt: skip
def test_places_are_told_with_their_unit_and_age_and_unknown_is_never_zero(said, kind, words):
    badge = places_badge(replace(RESULT, **said))
    assert (badge.kind, badge.words) == (kind, words)


@pytest.mark.parametrize(
    ("published", "dialled"),
    [
        ("0234585658", [("0234585658", "0234 585 658")]),
        ("0234 512 345 int. 5", [("0234512345", "0234 512 345 int. 5")]),
        ("0234512345/0744-111-222", [("0234512345", "0234 512 345"), ("0744111222", "0744-111-222")]),
        ("+40 234 512 345\n0744111222", [("+40234512345", "+40 234 512 345"), ("0744111222", "0744 111 222")]),
        ("fax 0234512345", []),
        ("-", []),
        ("", []),
        (None, []),
    ],
)
def test_an_extension_is_read_and_not_dialled(published, dialled):
    assert [(one.dial, one.text) for one in phones(published)] == dialled


def test_what_people_on_the_spot_doubt_is_a_caution_and_not_a_detail():
    view = view_of(replace(RESULT, flags=("doubt_gone", "county_mismatch", "seat_assumed")))
    assert view.cautions == (
        "Județul din registru nu se potrivește cu poziția: verificați la telefon.",
        "Cineva a semnalat că nu mai există; nu s-a verificat încă.",
    )
    assert ("De verificat", "coordonatele publicate cad în alt județ; este arătat la localitatea scrisă; sediul este presupus") in view.details  # fmt: skip


def test_a_protected_offer_tells_its_type_and_the_way_through_the_authority_alone():
    hidden = elsewhere("secret", address="Strada X", locality="Y", hours="8-16", licence_valid_until=date(2027, 3, 12))
    view = view_of(hidden)
    assert (view.service_id, view.travel, view.places, view.address, view.licence) == (None, None, None, "", "")
    assert "DGASPC" in view.cautions[0]
    assert [name for name, _value in view.details] == ["Tip de serviciu"]


@pytest.mark.parametrize("offer", [RESULT, elsewhere("at_home"), elsewhere("secret")])
def test_each_kind_of_offer_knows_whether_it_is_ranked_placed_and_protected(offer):
    assert isinstance(offer, (Result, Elsewhere))
    assert bool(offer.block) == bool(offer.position_precision) == isinstance(offer, Result)
    assert offer.is_secret == (getattr(offer, "why", "") == "secret")


def test_the_view_is_in_the_language_of_the_request():
    with use_language("en"):
        assert "straight line" in view_of(RESULT).travel.words


def test_a_register_that_was_never_imported_is_named_where_nobody_is_found(gazetteer):
    from providers.finder.answer import Answer, Query

    query = Query(origin=gazetteer.resolve("Parincea, Bacău"), wanted=("MED-GP",))
    nothing = dict.fromkeys(("results", "also", "elsewhere", "excluded", "emergency", "sources"), ())
    view = answer_view(
        Answer(query, ("MED-GP",), **nothing, is_sensitive=False, travel=CAR.basis, missing=("medical",))
    )
    assert view.empty[0] == "Nu avem încă date despre aceste servicii."
    assert "serviciile medicale" in view.missing
