from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError, UnknownCodeError
from geo.spatial.crs import to_metric
from geo.spatial.travel import CAR, STRAIGHT_LINES
from providers.planning.county_plan import PlanConstraints, plan
from providers.planning.coverage_measures import (
    LEFT_OUT,
    default_measure,
    left_out_words,
    measure_help,
    measure_note,
    measure_words,
)
from providers.planning.coverage_tables import (
    LEVELS,
    by_level,
    concentration,
    gaps,
    quantiles,
    reason_words,
    report_ages,
    spread_of_minutes,
)
from providers.planning.effective_coverage import compute_coverage
from providers.planning.supply import BASES
from tests.worlds.examples import examples
from tests.worlds.homes import coverage_world as world

PEOPLE = world.people(2000)
FAR = 0.6  # degrees: some 67 km, 120 minutes


def ask(*rows, said=(), people=PEOPLE, code=world.CENTRE, **options):
    catalogue = world.catalogue(*rows)
    reported = world.reports(*said)
    return compute_coverage(
        code, people, catalogue, world.laid(catalogue, *said), travel=STRAIGHT_LINES, reported=reported, **options
    )


def here(found, column, siruta=world.PARINCEA):
    return found.areas.loc[found.areas["uat_siruta"] == siruta, column]


def test_places_count_on_three_bases_and_holds_are_not_counted_free():
    found = ask(
        world.service(1, places_max=20),
        world.service(2, places_max=20),
        world.service(3, places_max=20),
        said=[(1, 3, 1), (2, 5, 90)],
    )
    total = found.areas[[f"served_{b}" for b in BASES]].sum()
    assert total.to_dict() == {"served_licensed": 60, "served_reported": 8, "served_now": 3}
    assert report_ages(found).set_index("report")["services"].to_dict() == {"fresh": 1, "stale": 1, "never": 1}


def test_what_was_reported_before_holds_is_told_apart_from_what_is_free_now():
    catalogue = world.catalogue(world.service(1, places_max=20))
    said = world.reports((1, 2, 0)).assign(places_reported=pd.array([7], "Int64"))
    found = compute_coverage(
        world.CENTRE, PEOPLE, catalogue, world.laid(catalogue, (1, 2, 0)), travel=STRAIGHT_LINES, reported=said
    )
    assert found.areas[["served_reported", "served_now"]].sum().tolist() == [7, 2]


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_adds_up_to_the_same_people_served_and_left_out(level):
    found = ask(world.service(1, places_max=20), world.service(2, 0.2, 0.1, places_max=9), said=[(1, 3, 1), (2, 2, 1)])
    rows = by_level(found, level)
    whole = by_level(found, "national").iloc[0]
    for column in (
        "people",
        "within_15",
        "within_60",
        "unreached",
        *(f"{k}_{b}" for k in ("taken", "served", "unmet") for b in BASES),
    ):
        assert rows[column].sum() == whole[column], column
    for basis in BASES:
        parts = rows[f"taken_{basis}"] + rows[f"served_{basis}"] + rows[f"unmet_{basis}"]
        assert (parts == rows["people"]).all()


def test_one_county_is_its_part_of_the_country():
    found = ask(world.service(1, places_max=20), said=[(1, 3, 1)])
    part, whole = by_level(found, "uat", county="BC"), by_level(found, "uat")
    pd.testing.assert_frame_equal(part, whole[whole["county"] == "BC"].reset_index(drop=True))


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(st.tuples(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4)), min_size=1, max_size=5),
    st.sampled_from([15.0, 30.0, 60.0]),
)
def test_nearest_and_reach_agree_with_the_obvious_loop(spots, reach):
    rows = [world.service(n, north, east, places_max=4) for n, (north, east) in enumerate(spots)]
    found = ask(*rows, said=[(n, 4, 1) for n in range(len(rows))], reach_minutes=reach)
    areas = PEOPLE.areas
    xy = to_metric([r["lat"] for r in rows], [r["lon"] for r in rows])
    far = np.hypot(areas["x"].to_numpy()[:, None] - xy[:, 0], areas["y"].to_numpy()[:, None] - xy[:, 1])
    np.testing.assert_allclose(found.areas["minutes"], far.min(axis=1) * CAR.minutes_per_metre, rtol=1e-12)
    near = (far * CAR.minutes_per_metre).min(axis=1) <= reach
    assert set(found.areas.loc[found.areas["served_now"] > 0, "area_id"]) <= set(areas.loc[near, "area_id"])
    # nobody is left out beside a free place: either all near are served or all places within reach are taken
    assert found.areas["served_now"].sum() == min(found.areas.loc[near, "people"].sum(), 4 * len(rows)) or len(rows) > 1


def test_rows_of_the_register_in_any_order_give_the_same():
    rows = [world.service(n, 0.03 * n, places_max=5) for n in range(6)]
    said = [(n, 2, 1) for n in range(6)]
    pd.testing.assert_frame_equal(ask(*rows, said=said).areas, ask(*rows[::-1], said=said[::-1]).areas)


def test_who_serves_its_own_commune_counts_only_there():
    found = ask(world.service(1, places_max=900, service_area="own_uat"), basis="licensed")
    served = found.areas.groupby("uat_siruta")["served_licensed"].sum()
    assert set(served[served > 0].index) == {world.PARINCEA}
    assert found.areas.loc[found.areas["uat_siruta"] != world.PARINCEA, "minutes"].isna().all()


def test_who_serves_its_county_or_listed_places_counts_only_there():
    for area, listed, counties in (("county", None, {"BC"}), ("listed", "NT;24089", {"NT", "BC"})):
        found = ask(world.service(1, places_max=9, service_area=area, areas_served=listed))
        assert set(found.areas.loc[found.areas["minutes"].notna(), "county"]) == counties


def test_reasons_tell_far_from_full_from_not_for_them_from_unknown():
    far = ask(world.service(1, FAR, 0, places_max=9))
    full = ask(world.service(1, places_max=9), said=[(1, 0, 1)])
    unknown = ask(world.service(1, places_max=9, phone="0234 512 345"))
    other = ask(world.service(1, places_max=9, uat_siruta=20297, service_area="own_uat"))
    for found, reason in ((far, "none"), (full, "full"), (unknown, "unknown"), (other, "not_for_them")):
        counted = here(found, "reason")[here(found, "unmet_now") > 0]
        assert set(counted) == {reason}, reason
    row = gaps(unknown, county="BC").set_index("uat_siruta").loc[world.PARINCEA]
    assert (row["reason"], row["phone_first"], row["phone"]) == ("unknown", "Centrul 1", "0234 512 345")
    assert all(reason_words(code) for code in ("none", "not_for_them", "unknown", "full"))


def test_gaps_are_ranked_by_people_times_priority_and_name_only_who_is_left_out():
    found = ask(world.service(1, places_max=9))
    for measure, column in LEFT_OUT.items():
        ranked = gaps(found, measure=measure)
        assert (ranked["score"].diff().dropna() <= 0).all()
        assert (ranked["left_out"] > 0).all()
        assert ranked["left_out"].sum() == found.areas[column].sum()


def served_slowly(people, minutes, services, reach):
    """Who is served, who finds a free place and who is left out, one locality, service after service.

    services: (licensed, free or None where nobody said). One locality turns to all services within reach, so that
    what it gets is the sum of their places, as far as its people go.
    """
    near = [each for each, far in zip(services, minutes, strict=True) if far <= reach]
    occupied = sum(licensed - free if free is not None else licensed for licensed, free in near)
    already = min(people, occupied)
    found = min(people - already, sum(free or 0 for _licensed, free in near))
    return already, found, people - already - found


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.floats(0, 1)).flatmap(
            lambda pair: st.tuples(st.just(pair[0]), st.none() | st.integers(0, pair[0]), st.just(pair[1]))
        ),
        min_size=1,
        max_size=4,
    )
)
def test_who_is_served_occupies_places_and_free_ones_are_for_the_others(made):
    rows = [
        world.service(n, north, 0, places_max=licensed, service_area="own_uat", uat_siruta=world.PARINCEA)
        for n, (licensed, _free, north) in enumerate(made)
    ]
    said = [(n, free, 1) for n, (_licensed, free, _north) in enumerate(made) if free is not None]
    one = PEOPLE.areas["uat_siruta"] == world.PARINCEA
    first = PEOPLE.areas.index[one][0]
    # All of the commune's people live in its first locality, so that the sums are those of one place.
    alone = replace(
        PEOPLE,
        areas=PEOPLE.areas.assign(weight=np.where(one, (PEOPLE.areas.index == first) * 1.0, PEOPLE.areas["weight"])),
    )
    found = ask(*rows, said=said, people=alone).areas.loc[first]
    xy = to_metric([r["lat"] for r in rows], [r["lon"] for r in rows])
    far = np.hypot(alone.areas["x"][first] - xy[:, 0], alone.areas["y"][first] - xy[:, 1]) * CAR.minutes_per_metre
    by_hand = served_slowly(int(found["people"]), far, [(licensed, free) for licensed, free, _north in made], 30.0)
    assert (found["taken_now"], found["served_now"], found["unmet_now"]) == by_hand


def test_people_without_a_service_in_reach_are_told_apart_from_people_without_a_place():
    far = ask(world.service(1, FAR, 0, places_max=10_000))
    assert here(far, "unreached").sum() == here(far, "people").sum()
    full = ask(world.service(1, places_max=1), said=[(1, 0, 1)])
    assert here(full, "unreached").sum() == 0
    assert here(full, "unmet_licensed").sum() > 0


@pytest.mark.parametrize(
    ("code", "measure"),
    [("MED-GP", "reach"), ("EDU-SCHOOL", "reach"), (world.CENTRE, "balance"), ("8790CR-VD-I", "free"),
     ("vaccination", "reach"), ("EDU-NURSERY", "balance")],
)  # fmt: skip
def test_each_type_is_shown_first_by_the_measure_that_the_table_gives_it(code, measure):
    assert default_measure(code) == measure
    assert measure_words(measure) != measure_help(measure) != left_out_words(measure)
    assert measure_note(code, measure).startswith(measure_help(measure))
    assert [each for each in LEFT_OUT if "se arată întâi așa" in measure_note(code, each)] == [measure]


def test_a_service_that_lost_its_licence_or_closed_does_not_count():
    gone = pd.Timestamp("2020-01-01")
    found = ask(
        world.service(1, places_max=9, licence_until=gone),
        world.service(2, places_max=9, operating_status="closed"),
        world.service(3, places_max=9, accreditation_status="withdrawn"),
    )
    assert found.supply.left_out == 3
    assert found.areas["served_licensed"].sum() == 0


def test_services_with_a_protected_address_have_no_measure_and_nothing_below_the_county():
    rows = [world.service(n, service_type=world.SHELTER, is_secret=True, places_max=12) for n in (1, 2)]
    found = ask(*rows, code=world.SHELTER)
    assert found.is_protected
    assert found.supply.services.empty
    for level in ("locality", "uat"):
        with pytest.raises(BadValueError, match="de la județ în sus"):
            by_level(found, level)
    row = by_level(found, "county").set_index("county").loc["BC"]
    assert row["services_protected"] == 2
    assert pd.isna(row["places_licensed"])
    assert pd.isna(row["minutes_mean"])
    with pytest.raises(BadValueError):
        plan(found, "BC", PlanConstraints(sites=1))


def test_a_protected_row_among_open_ones_is_counted_by_county_and_nowhere_else():
    rows = [world.service(1, places_max=5), world.service(2, 0.1, is_secret=True, places_max=12)]
    found = ask(*rows, said=[(1, 5, 0), (2, 12, 0)])
    assert found.supply.services["service_id"].tolist() == ["social:mmps:1"]
    assert found.areas["served_now"].sum() == 5
    assert by_level(found, "county").set_index("county").loc["BC", "services_protected"] == 1


def test_services_that_come_home_need_no_way_and_pool_by_the_area_that_they_serve():
    rows = [world.service(n, service_type=world.HOME_CARE, places_max=5, capacity_model="places") for n in (1, 2)]
    found = ask(*rows, said=[(1, 2, 1), (2, 3, 1)], code=world.HOME_CARE)
    assert found.areas["served_now"].sum() == 5
    assert set(found.areas.loc[found.areas["served_now"] > 0, "county"]) == {"BC"}
    assert (found.areas.loc[found.areas["county"] == "BC", "minutes"] == 0).all()


def test_services_that_take_everybody_leave_nobody_out_and_have_no_rate():
    found = ask(world.service(1, capacity_model="open"))
    near = found.areas["minutes"] <= 30
    assert (found.areas.loc[near, "unmet_now"] == 0).all()
    assert found.areas["places_per_person_2sfca"].isna().all()
    assert any("nu au sens" in note for note in found.notes)


def test_people_cross_the_border_of_the_county_and_the_flows_say_so():
    found = ask(world.service(1, 0.0, 0.35, places_max=900, county="VS"), said=[(1, 900, 1)])
    flows = found.flows.set_index(["from_county", "to_county"])["people"]
    assert flows[("BC", "VS")] > 0
    assert flows.sum() == pytest.approx(found.areas["served_now"].sum(), abs=1)


def test_an_empty_register_is_words_and_no_nan_in_what_is_counted():
    found = ask()
    assert any("Niciun serviciu" in note for note in found.notes)
    whole = by_level(found, "national").iloc[0]
    assert whole["unmet_now"] == whole["people"] > 0
    assert pd.isna(whole["minutes_mean"])
    assert whole["services"] == 0
    assert quantiles(found, (0.5,)) == []
    assert spread_of_minutes(found)["people"].iloc[-1] == whole["people"]
    assert set(gaps(found)["reason"]) == {"none"}
    assert plan(found, "BC", PlanConstraints(sites=1, places_each=5)).gained == 5


def test_nobody_in_need_is_a_table_of_zeros():
    nobody = world.people(0)
    found = ask(world.service(1, places_max=3), people=nobody)
    assert by_level(found, "county")["people"].sum() == 0
    assert gaps(found).empty
    assert concentration(found) is None
    made = plan(found, "BC", PlanConstraints(sites=3))
    assert (made.left_out_before, made.gained, len(made.openings)) == (0, 0, 0)


def test_zero_places_serve_nobody():
    found = ask(world.service(1, places_max=0), said=[(1, 0, 1)])
    assert found.areas["served_licensed"].sum() == 0
    assert (found.areas["places_per_person_2sfca"] == 0).all()


def test_minutes_over_the_people_lie_between_the_nearest_and_the_farthest():
    found = ask(world.service(1, places_max=9))
    row = by_level(found, "county", county="BC").iloc[0]
    part = found.areas[(found.areas["county"] == "BC") & (found.areas["people"] > 0)]
    assert part["minutes"].min() <= row["minutes_median"] <= part["minutes"].max()
    assert row["minutes_mean"] == pytest.approx(np.average(part["minutes"], weights=part["people"]))
    assert row["minutes_median"] == pytest.approx(quantiles(found, (0.5,), county="BC")[0])


@pytest.mark.parametrize(("option", "value"), [("reach_minutes", 0.0), ("reach_minutes", 1e6), ("basis", "plenty")])
def test_what_cannot_be_asked_is_refused_in_words(option, value):
    with pytest.raises(BadValueError):
        ask(world.service(1), **{option: value})


def test_an_unknown_code_or_level_is_refused_with_what_there_is():
    with pytest.raises(UnknownCodeError):
        ask(code="8891CZ-X")
    with pytest.raises(BadValueError, match="locality"):
        by_level(ask(), "village")
