from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.errors import EditionError, UnknownCodeError
from core.storage.home import make_home
from providers.planning import demand
from providers.rules import needs, taxonomy
from tests.worlds.homes import coverage_world as world

BUCHAREST = 179132


def by_uat(people, counted):
    return pd.Series(counted).groupby(people.areas["uat_siruta"].to_numpy()).sum()


def test_every_locality_has_whole_people_that_add_up_to_its_unit():
    people = world.people(1003)
    sums = by_uat(people, people.areas["population"].to_numpy())
    assert (people.areas["population"] % 1 == 0).all()
    assert (sums.drop(list(range(179141, 179197)), errors="ignore") == 1003).all()


def test_bucharest_given_as_one_is_divided_among_its_sectors():
    people = world.people(1000, u179132=1_700_000)
    sectors = people.areas[people.areas["county"] == "B"]
    assert len(sectors) == 6
    assert sectors["population"].sum() == pytest.approx(1_700_000, abs=6)
    assert sectors["population"].min() > 100_000
    assert (sectors["uat_siruta"] == sectors["area_id"]).all()


def test_a_unit_that_the_file_lacks_has_no_people_and_is_counted_in_the_notes():
    table = world.population()
    people = demand.make_people(world.GAZETTEER, table[table["uat_siruta"] != world.PARINCEA])
    assert by_uat(people, people.areas["population"])[world.PARINCEA] == 0
    assert any("1 unitate nu are populație" in note for note in people.notes)


def test_ages_of_the_file_are_used_and_only_what_is_missing_follows_the_country():
    table = world.population(1000)
    here = table["uat_siruta"] == world.PARINCEA
    table.loc[here, list(demand.AGES)] = 0
    table.loc[here, "age_0_4"] = 1000
    people = demand.make_people(world.GAZETTEER, table)
    row = people.uats.index.get_loc(world.PARINCEA)
    assert people.ages[row].tolist() == [1000.0] + [0.0] * 17
    others = np.delete(people.ages, row, axis=0)
    assert others.sum() == pytest.approx(1000.0 * (len(people.uats) - 6) - 1000 + 1000, rel=0.001)
    assert not any("nu are vârste" in note for note in people.notes)


def test_confidential_ages_share_what_is_left():
    table = world.population(1000)
    here = table["uat_siruta"] == world.PARINCEA
    table.loc[here, list(demand.AGES)] = 50
    table.loc[here, ["age_0_4", "age_5_9"]] = pd.NA
    people = demand.make_people(world.GAZETTEER, table)
    ages = people.ages[people.uats.index.get_loc(world.PARINCEA)]
    assert ages.sum() == pytest.approx(1000)
    assert ages[:2].sum() == pytest.approx(200)


@pytest.mark.parametrize(("low", "high", "share"), [(None, None, 1.0), (0, 4, 1.0), (0, 0, 0.2), (3, 5, 0.4)])
def test_a_band_takes_its_part_of_a_group(low, high, share):
    band = demand._band(low, high)
    assert band[0] == pytest.approx(share)
    assert band.min() >= 0
    assert band.max() <= 1


def test_people_in_need_never_exceed_the_people_and_rules_exist_for_everything():
    people = world.people(1000)
    for code in [*taxonomy.service_types(), *needs.needs()]:
        found = demand.rules_for(code)
        counted = demand.people_in_need(people, found)
        assert found
        assert counted.min() >= 0
        assert (counted <= people.areas["population"] + 1).all(), code
        assert demand.rule_words(found)


def test_a_rule_of_children_counts_children():
    people = world.people(10_000)
    kindergarten = demand.people_in_need(people, demand.rules_for("EDU-KINDER"))
    everybody = demand.people_in_need(people, demand.rules_for("MED-GP"))
    assert 0.02 < kindergarten.sum() / everybody.sum() < 0.04


def test_every_number_without_a_source_says_assumed_on_screen():
    assert "de confirmat" in demand.rule_words(demand.rules_for("8730CR-V-I"))
    assert all(rule.basis for rule in demand.rules().values())


def test_every_rule_is_of_something_that_exists():
    groups, types, all_needs = taxonomy.groups(), taxonomy.service_types(), needs.needs()
    known = {"group": groups, "type": types, "need": all_needs}
    for kind, code in demand.rules():
        assert code == "*" or code in known[kind], (kind, code)


def test_a_code_that_is_neither_type_nor_need_is_refused():
    with pytest.raises(UnknownCodeError):
        demand.rules_for("nimic-de-acest-fel")


def test_without_population_it_says_what_to_import(tmp_path):
    home = make_home("live", tmp_path / "var")
    with pytest.raises(EditionError, match="harta import population"):
        demand.load_people(home, world.GAZETTEER)
