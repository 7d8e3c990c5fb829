"""What is typed of a month is kept until it is filed: by role and community, in the database, counted nowhere."""

from __future__ import annotations

import pytest

from core.errors import NotAllowedError
from referrals.database.models import monthly_drafts
from referrals.ledger.ledger import Ledger
from referrals.monthly import drafts, monthly_reports
from referrals.monthly.figure_checks import BadFigureError
from referrals.records.ledger_errors import WrongStateError
from tests.referrals.monthly.test_monthly_reports import BOUNDS, UAT, figure, say
from tests.worlds.homes.ledger_world import COUNTY, NATIONAL, TEAM

MONTH = "2026-02"


def save(ledger, values, *, actor=TEAM, uat=UAT, month=MONTH):
    drafts.save_draft(ledger, "BC", uat, month, values, actor=actor, bounds=BOUNDS)


def load(ledger, actor=TEAM):
    return drafts.load_draft(ledger, "BC", UAT, MONTH, actor=actor, bounds=BOUNDS)


def test_a_draft_survives_a_restart_with_what_was_emptied_and_what_is_wrong(ledger):
    save(ledger, {"BEN": 5000, "EVAL": None, "ALTUL": 3})
    again = Ledger(ledger.store, clock=ledger.clock)
    assert load(again) == {"BEN": 5000, "EVAL": None}


def test_the_newest_draft_counts_and_an_empty_one_is_none(ledger):
    save(ledger, {"BEN": 1})
    save(ledger, {"BEN": 2})
    assert load(ledger) == {"BEN": 2}
    save(ledger, {})
    assert load(ledger) == {}


def test_the_county_types_into_a_draft_of_its_own(ledger):
    save(ledger, {"BEN": 1})
    save(ledger, {"BEN": 9}, actor=COUNTY)
    assert (load(ledger), load(ledger, COUNTY)) == ({"BEN": 1}, {"BEN": 9})


def test_a_draft_is_no_figure(ledger):
    save(ledger, {"BEN": 7})
    assert monthly_reports.figures(ledger, actor=COUNTY).empty
    assert monthly_reports.history(ledger, UAT, actor=TEAM).empty


def test_nobody_else_keeps_or_reads_a_draft(ledger):
    with pytest.raises(NotAllowedError):
        save(ledger, {"BEN": 1}, uat=99999)
    with pytest.raises(NotAllowedError):
        save(ledger, {"BEN": 1}, actor=NATIONAL)
    with pytest.raises(NotAllowedError):
        load(ledger, NATIONAL)


@pytest.mark.parametrize("month", ["2026-04", "2026-13", "ieri"])
def test_a_month_that_is_none_has_no_draft(ledger, month):
    with pytest.raises(BadFigureError):
        save(ledger, {"BEN": 1}, month=month)


def test_filing_erases_the_drafts_of_every_role_and_closes_the_month(ledger):
    say(ledger, figure(200))
    save(ledger, {"BEN": 201})
    save(ledger, {"BEN": 202}, actor=COUNTY)
    save(ledger, {"BEN": 3}, month="2026-01")
    monthly_reports.file(ledger, "BC", UAT, MONTH, actor=TEAM, bounds=BOUNDS)
    with ledger.store.read() as connection:
        assert [row.month for row in connection.execute(monthly_drafts.select())] == ["2026-01"]
    with pytest.raises(WrongStateError):
        save(ledger, {"BEN": 5})
