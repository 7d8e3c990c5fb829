"""What an answer offers of local knowledge: for whom, marked how, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.travel import CAR
from providers.local.local_help import FOLD_AFTER_DAYS, LocalHelp, as_plain, local_offers
from providers.local.local_view import local_view
from providers.rules.wording import Phone

DAY = date(2026, 11, 30)
PARISH = LocalHelp(
    entry_id=1, name="Parohia Parincea", offers="Haine și mâncare", taken="oricine", needs=("clothes", "food"),
    place="Parincea, județul Bacău", county="BC", uat_siruta=24089, lat=46.47, lon=27.1, serves="county",
    serves_uat=24089, hours="duminica 12–14", phone="0234 000 111", days="", review_on=date(2027, 5, 1), checked_on=None,
)  # fmt: skip
CARAVAN = replace(
    PARISH, entry_id=2, name="Caravana de mamografie", needs=("screening",), days="2026-12-03;2026-12-10",
    review_on=date(2026, 12, 10),
)  # fmt: skip


@pytest.fixture(scope="module")
def places():
    return load_gazetteer()


@pytest.fixture
def offered(places):
    def ask(*entries: LocalHelp, need: str = "clothes", place: str = "Parincea, Bacău", on: date = DAY):
        origin = places.resolve(place)
        return local_offers(entries, {need}, home=origin, origin=origin, travel=CAR, today=on)

    return ask


def test_it_is_offered_for_its_needs_to_people_of_its_county_with_the_way_and_the_mark(offered):
    (offer,) = offered(PARISH)
    view = local_view(offer)
    assert view.mark == "resursă locală, neverificată"
    assert view.way.startswith("Parincea, județul Bacău: ")
    assert "în linie dreaptă" in view.way
    assert view.lines == ("Cine este primit: oricine", "Program: duminica 12–14")
    assert view.phones == (Phone("0234000111", "0234 000 111"),)
    assert offered(PARISH, need="job") == ()
    assert offered(PARISH, place="Vaslui, Vaslui") == ()


def test_what_serves_one_commune_is_not_offered_to_the_next(offered):
    own = replace(PARISH, serves="uat")
    assert len(offered(own)) == 1
    assert offered(own, place="Secuieni, Bacău") == ()


def test_what_the_county_unit_checked_says_so_and_when(offered):
    (offer,) = offered(replace(PARISH, checked_on=date(2026, 11, 20)))
    assert local_view(offer).mark == "resursă locală, verificată de UJSS la 20.11.2026"


def test_past_its_review_date_it_says_so_and_sixty_days_later_it_is_folded_and_last(offered):
    late = replace(PARISH, entry_id=9, review_on=DAY - timedelta(days=FOLD_AFTER_DAYS))
    older = replace(PARISH, entry_id=8, review_on=DAY - timedelta(days=FOLD_AFTER_DAYS + 1))
    on_its_day = replace(PARISH, entry_id=7, review_on=DAY)
    offers = offered(older, late, on_its_day)
    assert [(o.help.entry_id, o.is_folded) for o in offers] == [(7, False), (9, False), (8, True)]
    assert local_view(offers[0]).lines[-1] == "Program: duminica 12–14"
    assert "acum 60 de zile" in local_view(offers[1]).lines[-1]


def test_a_caravan_is_said_with_its_day_and_is_gone_after_its_last(offered):
    (offer,) = offered(CARAVAN, need="screening")
    assert local_view(offer).when == "vine joi, 3 decembrie, la Parincea, apoi joi, 10 decembrie"
    (offer,) = offered(CARAVAN, need="screening", on=date(2026, 12, 10))
    assert local_view(offer).when == "vine joi, 10 decembrie, la Parincea"
    assert offered(CARAVAN, need="screening", on=date(2026, 12, 11)) == ()


def test_a_day_of_every_month_comes_again_and_is_folded_sixty_days_after_its_review_date(offered):
    monthly = replace(CARAVAN, days="m1:4", review_on=DAY)
    (offer,) = offered(monthly, need="screening")
    assert local_view(offer).when == "vine joi, 3 decembrie, la Parincea (prima joi din lună)"
    (offer,) = offered(monthly, need="screening", on=DAY + timedelta(days=FOLD_AFTER_DAYS))
    assert (offer.is_folded, local_view(offer).when) == (
        False,
        "vine joi, 4 februarie, la Parincea (prima joi din lună)",
    )
    (offer,) = offered(monthly, need="screening", on=DAY + timedelta(days=FOLD_AFTER_DAYS + 1))
    assert offer.is_folded


def test_a_place_without_a_point_is_offered_without_minutes_after_the_others(offered):
    nowhere = replace(PARISH, entry_id=0, lat=float("nan"), lon=float("nan"))
    offers = offered(nowhere, PARISH)
    assert [o.help.entry_id for o in offers] == [1, 0]
    assert local_view(offers[1]).way == "Parincea, județul Bacău"
    assert as_plain(offers[1])["minutes"] is None
