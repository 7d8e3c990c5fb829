"""What typed words find on the map, against a look at every service; nothing protected by any word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.romanian_calendar import BUCHAREST
from geo.spatial.crs import rough_metres
from providers.catalogue.eligibility import closed_for_now
from providers.service_map.map_answer import answer_map_view
from providers.service_map.map_filter import MapFilter
from providers.service_map.map_search import MapSearch, search_map, search_names
from providers.service_map.name_index import NOT_MET, provider_key, words_of
from providers.service_map.view_window import MapView
from referrals.workflow.directory import open_directory
from tests.providers.service_map.test_name_index import obvious_errors
from tests.worlds.examples import examples

PARINCEA = (46.4789, 27.0958)


@pytest.fixture(scope="module")
def snapshot(demonstration):
    directory = open_directory(demonstration)
    yield directory.snapshot()
    directory.ledger.close()


@pytest.fixture(scope="module")
def named(snapshot):
    """Name, locality and distance of every service of the map, in its order."""
    points = snapshot.catalogue.map_points
    services = snapshot.catalogue.services.iloc[points.rows]
    gone = closed_for_now(snapshot.catalogue, points.rows, on=snapshot.availability.now.astimezone(BUCHAREST).date())
    keys = [provider_key(name) for name in services["name"]]
    places = [provider_key(name) for name in services["locality"].fillna("")]
    return keys, places, rough_metres(*PARINCEA, points.lats, points.lons), gone


def obvious_order(named, text: str) -> list[int]:
    keys, places, metres, gone = named
    typed, found, seen = words_of(text), [], {}
    for place, (name, locality) in enumerate(zip(keys, places, strict=True)):
        if gone[place]:
            continue
        if (name, locality) not in seen:
            own = [obvious_errors(name, word) for word in typed]
            best = [min(pair) for pair in zip(own, (obvious_errors(locality, word) for word in typed), strict=True)]
            known = [errors for errors in best if errors < NOT_MET]
            seen[name, locality] = (len(typed) - len(known), sum(known)) if min(own) < NOT_MET else (len(typed), 0)
        unknown, errors = seen[name, locality]
        if unknown <= (len(typed) - 1) // 2:
            found.append((unknown, errors, float(metres[place]), place))
    return [place for *_key, place in sorted(found)]


@settings(max_examples=examples(3, daily=1), deadline=None)
@given(st.data())
def test_the_services_found_are_those_of_a_look_at_every_name(snapshot, named, data):
    keys = named[0]
    name = keys[data.draw(st.integers(0, len(keys) - 1))].split()
    words = data.draw(st.lists(st.sampled_from(name), min_size=1, max_size=3))
    at = data.draw(st.integers(0, len(words[0])))
    text = " ".join([words[0][:at] + words[0][at + 1 :], *words[1:]])
    if not words_of(text):
        return
    services, _providers = search_names(snapshot, text, PARINCEA, most=30)
    points = snapshot.catalogue.map_points
    assert [service.row for service in services] == points.rows[obvious_order(named, text)[:30]].tolist()


def test_a_place_a_service_a_provider_and_a_need_are_found_by_what_people_type(snapshot):
    catalogue = snapshot.catalogue
    found = search_map(snapshot, "scoala parincea", PARINCEA)
    assert "Parincea" in catalogue.name(found.services[0].row)
    assert found.services[0].metres == pytest.approx(min(service.metres for service in found.services))
    assert search_map(snapshot, "paricena", PARINCEA).places[0].name == "Parincea"
    provider = search_map(snapshot, "asistenta sociala bacau", PARINCEA).providers[0]
    assert provider.count > 1
    assert any(term.is_need for term in search_map(snapshot, "buletin").terms)
    assert search_map(snapshot, "x") == search_map(snapshot, "  ") == MapSearch()
    assert search_map(snapshot, "qwxz" * 30, PARINCEA).services == ()


def test_a_provider_as_a_filter_leaves_its_services_alone(snapshot):
    provider = search_map(snapshot, "asistenta sociala bacau", PARINCEA).providers[0]
    answer = answer_map_view(snapshot, MapFilter(provider=provider.name.upper()), MapView())
    assert answer.total == provider.count
    names = snapshot.catalogue.services["organization"].iloc[answer.rows]
    assert {provider_key(name) for name in names} == {provider_key(provider.name)}
    assert answer_map_view(snapshot, MapFilter(provider="nimeni"), MapView()).total == 0


def test_no_protected_service_is_found_by_its_label_its_place_or_its_provider(snapshot):
    services = snapshot.catalogue.services
    secret = set(np.flatnonzero(services["is_secret"]).tolist())
    assert secret
    shown = set(services["organization"][~services["is_secret"]])
    for row in sorted(secret):
        for text in (
            snapshot.catalogue.name(row),
            services["organization"].iloc[row],
            services["service_id"].iloc[row],
        ):
            found, providers = search_names(snapshot, str(text), None, most=1000)
            assert not secret & {service.row for service in found}
            assert {provider.name for provider in providers} <= shown
