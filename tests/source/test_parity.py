"""The two kinds of pages are one product: what can be done and read in one can be done and read in the other."""

import pytest

from scripts import parity

pytestmark = pytest.mark.everyday  # whichever room a change is in, these can fail


def test_every_action_and_every_warning_is_in_both_kinds_of_pages_or_left_out_for_a_written_reason():
    assert parity.faults() == []
    assert all(len(why) > 20 for why in parity.EXCEPTIONS.values())


@pytest.mark.parametrize(
    "action", ["ledger.ledger.Ledger.refer", "field.field_reports.report", "ledger.ledger.Ledger.transition"]
)
def test_what_is_known_to_be_in_both_is_found_in_both(action):
    assert next(row for row in parity.actions() if row.name == action).lacks == []


def test_what_a_side_lacks_is_found():
    named = parity.Row("x", "", {parity.PLAIN: True, parity.APPLICATION: False})
    assert named.lacks == [parity.APPLICATION]


def test_the_page_of_parity_is_what_the_code_gives():
    assert parity.PAGE.read_text(encoding="utf-8") == parity.page()
