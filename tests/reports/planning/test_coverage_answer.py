"""What „Acoperire” says in words of its figures."""

from __future__ import annotations

import pandas as pd
import pytest

from providers.planning.phone_calls import PhoneCalls
from reports.planning import coverage_answer
from reports.planning.coverage_question import CoverageQuestion

ROW = {
    "rank": 1, "name": "Târgu Ocna", "uat_siruta": 20_313, "county": "BC", "left_out": 38, "reason": "none",
    "demand_from": "cases", "phone_first": "", "phone": None, "priority": 3.48,
}  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "said"), [(15.3, "16 min"), (15.0, "15 min"), (14.6, "15 min"), (float("nan"), "nimeni nu ajunge")]
)
def test_a_way_that_is_too_long_is_not_rounded_to_the_longest_allowed(minutes, said):
    line = coverage_answer._gap({**ROW, "minutes_mean": minutes}, {"BC": "Bacău"}, 15)
    assert line.way == said
    assert line.origin == "numărat din cazuri"


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("free", "40 de persoane depind de 2 telefoane."),
        ("balance", "Azi 40 de persoane depind de 2 telefoane."),
        ("reach", "Când se socotesc și locurile, 40 de persoane depind de 2 telefoane."),
    ],
)
def test_what_depends_on_calls_is_said_so_that_it_fits_the_measure(measure, said):
    calls = PhoneCalls("BC", pd.DataFrame({"order": [1, 2]}), people=40, others=0, least_left_out=3)
    words = coverage_answer._unknown_words(None, CoverageQuestion("8891CZ-C-II", "BC", measure=measure), calls)
    assert words.replace("40 persoane", "40 de persoane") == said
