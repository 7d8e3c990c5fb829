from __future__ import annotations

from geo.spatial.travel import STRAIGHT_LINES
from providers.planning.candidate_sites import NEIGHBOUR_COLUMNS, neighbour_services
from providers.planning.effective_coverage import compute_coverage
from tests.worlds.homes import coverage_world as world


def ask(*rows, said=(), **options):
    catalogue = world.catalogue(*rows)
    return compute_coverage(
        options.pop("code", world.CENTRE),
        world.people(),
        catalogue,
        world.laid(catalogue, *said),
        travel=STRAIGHT_LINES,
        **options,
    )


def test_a_neighbours_service_within_reach_is_listed_with_its_county_and_an_own_one_is_not():
    found = ask(world.service(1), world.service(2, 0.0, 0.35, places_max=900, county="VS"), said=[(2, 900, 1)])
    rows = neighbour_services(found, "BC")
    assert rows["service_id"].tolist() == ["social:mmps:2"]
    assert rows["county"].tolist() == ["VS"]
    assert rows["places_now"].tolist() == [900]
    assert 0 < rows["minutes"].iloc[0] <= found.reach_minutes
    near = found.areas[(found.areas["county"] == "BC") & (found.areas["minutes"] <= 30)]
    assert 0 < rows["people_near"].iloc[0] <= found.areas.loc[found.areas["county"] == "BC", "people"].sum()
    assert len(near)


def test_one_that_serves_its_own_county_alone_is_no_offer_of_a_neighbour():
    found = ask(world.service(1, 0.0, 0.35, places_max=9, county="VS", service_area="county"), said=[(1, 9, 1)])
    assert neighbour_services(found, "BC").empty


def test_a_county_out_of_everybodys_reach_has_no_offers_and_a_protected_service_is_never_one():
    rows = [
        world.service(1, 0.0, 0.35, county="VS", service_type=world.SHELTER, is_secret=True),
        world.service(2, 0.0, 0.35, county="VS", is_secret=True),
    ]
    assert neighbour_services(ask(*rows), "BC").empty
    assert list(neighbour_services(ask(), "BC").columns) == NEIGHBOUR_COLUMNS


def test_one_that_comes_home_across_the_border_is_at_no_way():
    row = world.service(
        1, 0.0, 0.35, county="VS", service_type=world.HOME_CARE, capacity_model="places", service_area="nation"
    )
    found = ask(row, said=[(1, 4, 1)], code=world.HOME_CARE)
    offered = neighbour_services(found, "BC")
    assert offered["minutes"].tolist() == [0]
