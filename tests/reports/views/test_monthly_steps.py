"""What is wrong with a monthly report is said of its field, and leads to the group of that field."""

from __future__ import annotations

from reports.indicators.indicators import bounds
from reports.views.figures_import import required
from reports.views.monthly_steps import field_faults, group_of
from reports.views.monthly_view import OpenedMonth, field_groups


def month(**draft):
    return OpenedMonth("BC", 24089, "2026-10", "missing", "", dict.fromkeys(bounds("community"), 1), {}, draft)


def test_nothing_is_wrong_with_a_whole_report():
    assert field_faults(month()) == {}


def test_every_required_figure_that_is_missing_is_named_and_no_other():
    empty = month(**dict.fromkeys(bounds("community")))
    assert set(field_faults(empty)) == set(required()) & set(bounds("community")) != set()


def test_a_value_beyond_its_bounds_is_told_them():
    bound = bounds("community")["BEN"]
    assert str(bound.most) in field_faults(month(BEN=bound.most + 1))["BEN"]


def test_the_first_group_with_a_fault_is_found_and_without_one_the_first():
    groups = field_groups([])
    last = len(groups)
    assert group_of(groups, [groups[-1][1][0].code]) == last > 1
    assert group_of(groups, [groups[-1][1][0].code, groups[1][1][0].code]) == 2
    assert group_of(groups, []) == 1
