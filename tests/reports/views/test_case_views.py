"""An open need of a county in one line: where, how many, and a sum only of what may be told."""

from __future__ import annotations

import pytest

from reports.views.case_views import NeedOfCounty, need_line

FIVE, SEVEN, FEW = ("Ardeoani", 5), ("Balcani", 7), ("Cleja", None)


@pytest.mark.parametrize(
    ("known", "places", "apart", "said"),
    [
        (5, (FIVE,), "", "Ardeoani: 5"),
        (0, (FEW,), "", "Cleja: mai puțin de 5"),
        (0, (FEW, ("Dofteana", None)), "", "Cleja: mai puțin de 5; Dofteana: mai puțin de 5"),
        (12, (SEVEN, FIVE), "", "în tot județul 12; Balcani: 7; Ardeoani: 5"),
        (7, (SEVEN, FEW), "", "în tot județul cel puțin 7; Balcani: 7; Cleja: mai puțin de 5"),
        (12, (SEVEN, FIVE, FEW), "", "în tot județul cel puțin 12; Balcani: 7; Ardeoani: 5; și încă 1 comunitate"),
        (0, (), "6", "restrânse, în tot județul: 6"),
        (5, (FIVE,), "mai puțin de 5", "Ardeoani: 5; restrânse, în tot județul: mai puțin de 5"),
    ],
)
def test_a_sum_is_of_what_may_be_told_and_says_where_something_is_not_in_it(known, places, apart, said):
    assert need_line(NeedOfCounty("Nu are buletin", known, places, apart), 2) == said
