"""What the terminal says of a referral to a person: hours of the clock on the wall, terms with their weekday."""

from datetime import UTC, datetime

import pytest

from referrals.records.working_time import deadline, is_working_day
from referrals.workflow.terminal import in_local_time
from referrals.workflow.worklist import last_moment


def test_moments_are_local_and_a_term_has_its_weekday():
    facts = {"referral_id": "R-1", "made_at": "2026-11-29T07:18:00+00:00", "expires_at": "2026-12-06T22:00:00+00:00"}
    assert in_local_time({**facts, "closed_at": None}) == {
        "referral_id": "R-1",
        "made_at": "29.11.2026, 09:18",
        "expires_at": "sfârșitul zilei de vineri, 4 decembrie 2026",
        "closed_at": None,
    }


@pytest.mark.parametrize(
    "made", [datetime(2026, 11, day, hour, tzinfo=UTC) for day in range(20, 31) for hour in (7, 23)]
)
def test_what_is_read_as_a_term_is_a_working_day(made):
    weekday, rest = last_moment(deadline(made, 3)).removeprefix("sfârșitul zilei de ").split(", ", 1)
    assert weekday in ("luni", "marți", "miercuri", "joi", "vineri")
    day, month, year = rest.split(",")[0].split()
    number = {"noiembrie": 11, "decembrie": 12}[month]
    assert is_working_day(datetime(int(year), number, int(day), tzinfo=UTC).date())
