"""What a view of the map holds, against a look at every service; nothing protected in any of it."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError, UnknownCodeError
from core.romanian_calendar import BUCHAREST
from geo.spatial.crs import geodesic_m
from providers.catalogue.eligibility import REASONS, is_licensed, refusals
from providers.rules import needs, taxonomy
from providers.rules.person import Person
from providers.service_map.map_answer import DELIVERIES, MOST_LISTED, answer_map_view, count_inside
from providers.service_map.map_filter import ASK, FREE, FULL, PLACES, MapFilter
from providers.service_map.map_zone import MapZone
from providers.service_map.view_window import COUNTRY, MapView
from referrals.workflow.directory import open_directory
from tests.worlds.examples import examples
from tests.worlds.twins.obvious_map import fits, services_on_map

VIEW = st.tuples(st.floats(46.3, 46.7), st.floats(26.6, 27.3), st.floats(0.01, 0.4), st.integers(6, 18))
SOME_NEEDS = ("", "child-abuse", "no-income", "school-dropout")


@pytest.fixture(scope="module")
def snapshot(demonstration):
    directory = open_directory(demonstration)
    yield directory.snapshot()
    directory.ledger.close()


@pytest.fixture(scope="module")
def obvious(snapshot):
    """Every service in and around Bacău that may stand on a map, as a plain dictionary."""
    return services_on_map(snapshot, corners=((45.8, 26.1), (47.2, 27.8)))


@st.composite
def filters(draw, gazetteer):
    near = draw(st.sampled_from([None, "Parincea, Bacău", "Bacău, Bacău"]))
    return MapFilter(
        frozenset(draw(st.sets(st.sampled_from(["social", "medical", "education", "authority"])))),
        draw(st.sampled_from(SOME_NEEDS)),
        draw(st.sampled_from(["", *list(taxonomy.groups())[:6]])),
        draw(st.sampled_from([None, FREE, ASK, FULL])),
        draw(st.booleans()) and draw(st.booleans()),
        draw(st.sampled_from(["", "at_site", "at_home"])),
        False,
        gazetteer.resolve(near) if near else None,
        draw(st.sampled_from([None, 5.0, 20.0])) if near else None,
        draw(st.sampled_from([None, MapZone.parse("46.4,26.8,46.6,27.1"), MapZone.parse("46.5,27,12.5")])),
    )


@settings(max_examples=examples(40))
@given(st.data(), VIEW)
def test_a_view_holds_what_a_look_at_every_service_finds(snapshot, obvious, data, at):
    lat, lon, high, zoom = at
    chosen = data.draw(filters(snapshot.gazetteer))
    view = MapView(((lat - high, lon - high), (lat + high, lon + high)), zoom)
    answer = answer_map_view(snapshot, chosen, view)
    seen = [e for e in obvious if abs(e["lat"] - lat) <= high and abs(e["lon"] - lon) <= high]
    kept = [each for each in seen if fits(each, chosen, snapshot)]
    assert sorted(answer.rows.tolist()) == sorted(each["row"] for each in kept)
    assert answer.total == int(answer.clusters.size.sum()) == len(kept)
    assert answer.by_state == tuple(sum(each["state"] == state for each in kept) for state in (FREE, ASK, FULL))
    by_registry = Counter(each["registry"] for each in seen if fits(each, chosen, snapshot, "registru"))
    assert {name: n for name, n in answer.counts["registru"].items() if n} == by_registry
    by_state = Counter(each["state"] for each in seen if fits(each, chosen, snapshot, "locuri"))
    assert answer.counts["locuri"] == {name: by_state[state] for name, state in PLACES.items()}
    by_way = Counter(each["way"] for each in seen if fits(each, chosen, snapshot, "livrare"))
    assert answer.counts["livrare"] == {code: by_way[code] for code in DELIVERIES}
    by_type = Counter(each["service_type"] for each in seen if fits(each, chosen, snapshot, "serviciu"))
    for need in SOME_NEEDS[1:]:
        assert answer.counts["serviciu"][need] == sum(by_type[code] for code in needs.answers(need))


@settings(max_examples=20)
@given(VIEW)
def test_the_list_is_of_the_nearest(snapshot, obvious, at):
    lat, lon, high, zoom = at
    answer = answer_map_view(snapshot, MapFilter(), MapView(((lat - high, lon - high), (lat + high, lon + high)), zoom))
    seen = [e for e in obvious if abs(e["lat"] - lat) <= high and abs(e["lon"] - lon) <= high]
    away = sorted(geodesic_m(lat, lon, [e["lat"] for e in seen], [e["lon"] for e in seen]).tolist()) if seen else []
    rows = answer.listed.tolist()
    services = snapshot.catalogue.services
    found = geodesic_m(lat, lon, services["lat"].iloc[rows], services["lon"].iloc[rows]).tolist() if rows else []
    assert found == pytest.approx(away[:MOST_LISTED], abs=0.01)


def test_the_card_of_an_area_counts_what_a_look_at_every_service_finds(snapshot, obvious):
    for siruta in (24089, 20297):  # Parincea and Bacău
        seen = [each for each in obvious if each["uat_siruta"] == siruta]
        free = Counter(each["registry"] for each in seen if each["state"] == FREE)
        expected = {name: (n, free[name]) for name, n in Counter(each["registry"] for each in seen).items()}
        assert count_inside(snapshot, siruta) == expected
        assert expected


def test_what_is_called_licensed_is_refused_by_no_rule_of_licences(snapshot):
    catalogue, on = snapshot.catalogue, snapshot.availability.now.astimezone(BUCHAREST).date()
    home = snapshot.gazetteer.resolve("Parincea, Bacău")
    n = len(catalogue.services)
    licensed = is_licensed(catalogue, slice(0, n), on=on)
    refused = refusals(catalogue, 0, n, person=Person(), home=home, on=on)
    of_licences = [place for place, name in enumerate(REASONS) if name.startswith(("licence", "accreditation"))]
    assert not (licensed & np.isin(refused, of_licences)).any()
    assert 0 < licensed.sum() < n
    chosen = answer_map_view(snapshot, MapFilter(is_licensed=True), MapView())
    assert chosen.total == answer_map_view(snapshot, MapFilter(), MapView()).counts["licenta"]["1"]
    assert licensed[chosen.rows].all()


def test_no_protected_service_is_in_any_mark_list_or_count(snapshot):
    services = snapshot.catalogue.services
    secret = set(np.flatnonzero(services["is_secret"]).tolist())
    assert secret
    answer = answer_map_view(snapshot, MapFilter(), MapView(COUNTRY, 6))
    assert not secret & set(answer.rows.tolist())
    assert not secret & set(answer.listed.tolist())
    sheltered = set(services["service_type"].iloc[sorted(secret)]) - set(
        services["service_type"][~services["is_secret"]]
    )
    assert sheltered
    assert not any(answer.counts["serviciu"].get(code) for code in sheltered)


def test_a_filter_is_read_back_from_its_own_address(snapshot):
    chosen = MapFilter(
        frozenset({"social", "medical"}), "no-income", next(iter(taxonomy.groups())), ASK, True, "at_home", True,
        snapshot.gazetteer.resolve("Parincea, Bacău"), 12.5, MapZone.parse("46.5,27,12.5"), "Asociația „Casa”",
    )  # fmt: skip
    fields = chosen.fields()
    registries = [value for name, value in fields if name == "registru"]
    assert MapFilter.parse(dict(fields), registries, snapshot.gazetteer) == chosen


@pytest.mark.parametrize(
    "said", [{"locuri": "multe"}, {"serviciu": "nimic"}, {"livrare": "x"}, {"km": "nan"}, {"km": "-3"}, {"km": "1e9"}]
)
def test_a_filter_that_is_none_is_refused_in_words(snapshot, said):
    with pytest.raises((UnknownCodeError, BadValueError)):
        MapFilter.parse(said, [], snapshot.gazetteer)


def test_a_view_is_read_back_from_its_own_address():
    view = MapView(((46.1, 26.2), (46.9, 27.4)), 11)
    assert MapView.parse(dict(view.fields())) == view


@pytest.mark.parametrize("said", ["", "1,2", "a,b,c,d", "nan,20,48,29", "48,20,43,29", "43,20,48,1e9", "inf,1,2,3"])
def test_a_view_that_is_none_is_refused_in_words(said):
    if not said:
        assert MapView.parse({}) == MapView()
        return
    with pytest.raises(BadValueError):
        MapView.parse({"cadru": said})
    with pytest.raises(BadValueError):
        MapView.parse({"zoom": "99"})
    assert math.isfinite(MapView().middle[0])


def test_the_names_of_a_filter_and_of_a_view_are_those_of_their_addresses(snapshot):
    whole = MapFilter(
        frozenset({"social"}), "no-income", next(iter(taxonomy.groups())), ASK, True, "at_home", True,
        snapshot.gazetteer.resolve("Parincea, Bacău"), 5.0, MapZone.parse("46.4,26.8,46.6,27.1"), "Asociația X",
    )  # fmt: skip
    assert [name for name, _value in whole.fields()] == list(MapFilter.FIELDS)
    assert [name for name, _value in MapView().fields()] == list(MapView.FIELDS)
