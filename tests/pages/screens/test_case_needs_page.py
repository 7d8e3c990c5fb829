"""„Nevoile din cazuri” under AppTest: counts for a county unit, indicators for the nation, and no small number."""

from __future__ import annotations

import re

import pytest

from cases.figures.told_counts import rounding_words
from tests.worlds.clients.page_words import words
from tests.worlds.homes.case_days import TEAM, days_ago, keep_cases
from tests.worlds.homes.ledger_world import COUNTY, NATIONAL

PAGE = "case_needs.py"


def open_page(in_home, home, who):
    app = in_home(home.path, actor=who).switch_page(PAGE).run()
    assert not app.exception
    return app


def test_a_county_unit_reads_counts_of_needs_in_fives_and_no_case(in_home, home):
    refs = keep_cases(home, 7)
    said = words(open_page(in_home, home, COUNTY))
    assert "7 cazuri deschise" in said
    assert re.search(r"Parincea[^<]*: 5", said)
    assert not re.search(r"Parincea[^<]*: 7", said)
    assert rounding_words() in said
    assert re.search(r"Nu are buletin</th>\s*<td[^>]*>7</td>", words(open_page(in_home, home, TEAM)))  # a team's own
    assert not [ref for ref in refs if ref in said]


def test_fewer_than_five_are_told_of_no_community_and_of_no_sum(in_home, home):
    keep_cases(home, 3)
    said = words(open_page(in_home, home, COUNTY))
    assert "mai puțin de 5" in said
    assert re.search(r"Parincea[^<]*: mai puțin de 5", said)
    assert not re.search(r"cel puțin \d|în tot județul \d", said)
    assert re.search(r"Nu are buletin</th>\s*<td[^>]*>3</td>", words(open_page(in_home, home, TEAM)))  # a team's own


@pytest.mark.parametrize(("count", "shown"), [(7, "7"), (3, "ascuns")])
def test_the_nation_reads_indicators_without_small_numbers(in_home, home, count, shown):
    refs = keep_cases(home, count)
    app = open_page(in_home, home, NATIONAL)
    app.selectbox(key="case_month").set_value(days_ago(10)[:7])
    said = words(app.run())
    cells = re.search(r"<th scope=\"row\"[^>]*>Bacău</th>(.*?)</tr>", said, re.DOTALL)
    assert re.findall(r"<td[^>]*>([^<]*)</td>", cells[1])[:4] == [shown] * 4
    assert not [ref for ref in refs if ref in said]


def test_nobody_signed_in_sees_no_count(in_home, home):
    keep_cases(home, 7)
    assert "cazuri deschise" not in words(open_page(in_home, home, None))
