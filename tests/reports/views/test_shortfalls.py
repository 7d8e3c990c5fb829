"""What is furthest from its target stands first; what is hidden, unknown or reached is not among it."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from reports.indicators.indicators import indicators
from reports.views.shortfalls import area_target, shortfalls


def view(level="national", hidden=(), inside=3, **known):
    here = dict.fromkeys(indicators()) | known
    return SimpleNamespace(
        level=level,
        area="BC",
        own_values=lambda: here,
        is_hidden=lambda code: code in hidden,
        gathered=SimpleNamespace(
            communities=pd.DataFrame(index=range(139)), within=lambda _level, _area: pd.DataFrame(index=range(inside))
        ),
    )


def codes(said):
    return [each.indicator.code for each in said]


def test_the_furthest_stands_first_with_its_number_and_its_target():
    found = shortfalls(view(LIC=2.0, **{"TEAM-FULL": 100.0, "RAP-RATE": 0.75, "COMM": 139.0}))
    assert codes(found) == ["LIC", "TEAM-FULL", "RAP-RATE"]
    assert [each.words for each in found] == ["2 din 139 (1 %)", "100 din 139 (71 %)", "75 %, ținta 100 %"]


def test_a_hidden_figure_takes_no_part():
    assert codes(shortfalls(view(LIC=2.0, hidden=("LIC",)))) == []


def test_below_the_nation_only_what_every_community_has_to_have_and_shares_have_a_target():
    county = view("county", LIC=1.0, BEN=90.0, **{"RAP-RATE": 1.0})
    assert area_target(county, indicators()["LIC"]) == 3
    assert area_target(county, indicators()["BEN"]) is None
    assert codes(shortfalls(county)) == ["LIC"]
