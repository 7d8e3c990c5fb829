"""An open need of a county in one line: where, how many, and a sum only of what may be told."""

from __future__ import annotations

import pytest

from reports.views.case_views import NeedOfCounty, need_line

FIVE, TEN, FEW = ("Ardeoani", 5), ("Balcani", 10), ("Cleja", None)


@pytest.mark.parametrize(
    ("known", "places", "apart", "said"),
    [
        (5, (FIVE,), "", "Ardeoani: 5"),
        (0, (FEW,), "", "Cleja: mai puțin de 5"),
        (0, (FEW, ("Dofteana", None)), "", "Cleja: mai puțin de 5; Dofteana: mai puțin de 5"),
        (15, (TEN, FIVE), "", "în tot județul cel puțin 15; Balcani: 10; Ardeoani: 5"),
        (10, (TEN, FEW), "", "în tot județul cel puțin 10; Balcani: 10; Cleja: mai puțin de 5"),
        (15, (TEN, FIVE, FEW), "", "în tot județul cel puțin 15; Balcani: 10; Ardeoani: 5; și încă 1 comunitate"),
        (0, (), "5", "restrânse, în tot județul: 5"),
        (5, (FIVE,), "mai puțin de 5", "Ardeoani: 5; restrânse, în tot județul: mai puțin de 5"),
    ],
)
def test_a_sum_is_of_what_may_be_told_and_so_at_least_the_number(known, places, apart, said):
    assert need_line(NeedOfCounty("Nu are buletin", known, places, apart), 2) == said
