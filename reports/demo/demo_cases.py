"""Cases of an invented community as a team might keep them: noted, assessed, planned, in work, watched and closed.

Everything is made up and says so in the note of each case. It goes through the exchange, as a telephone's changes do,
with a clock of its own. Only in a demonstration, and only where no case is there yet.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from cases.record import exchange
from cases.record.case_listing import count_cases
from cases.record.record_exchange import instrument_in_force
from core.errors import HomeError
from core.i18n import N_, _
from referrals.ledger.referral_request import CODE_LETTERS
from referrals.records.vocabulary import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from referrals.workflow.directory import Directory

COUNTY, COMMUNITY = "BC", 24089  # Bacău, and Parincea, where the tour is
INVENTED = N_("Caz inventat, pentru demonstrație")
_TEAM = Actor("team", "demo-team", COUNTY, COMMUNITY, profession="social")
_FULL = ("noted", "assessed", "planned", "active", "watched", "closed")
# Who they are, how far their case has come, and what they answered: invented people of a household of their own.
_PEOPLE: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("1954", "F", "active", {"id_card": "no", "income": "min_pension", "lives": "alone", "doctor": "no"}),
    ("1986", "F", "planned", {"id_card": "yes", "income": "none", "lives": "family", "insured": "no"}),
    ("2014", "M", "assessed", {"enrolled": "dropped", "at_home": "one", "single_parent": "yes"}),
    ("2024-03", "F", "noted", {}),
    ("1971", "M", "watched", {"id_card": "no", "income": "benefit", "lives": "no_family", "reads": "no"}),
    ("1948", "M", "closed", {"id_card": "yes", "income": "min_pension", "lives": "alone", "doctor": "no"}),
    ("2010", "F", "active", {"enrolled": "yes", "school_risk": "yes", "special_needs": "no", "at_home": "adult"}),
    ("1999", "F", "assessed", {"id_card": "yes", "income": "other", "lives": "family", "insured": "unknown"}),
)

# Of the actions of a plan, by the nurses' codes: telephones write the words of them.
_NEED_GROUP, _SERVICES = "Venituri și ajutoare", ("SSN_13", "SNA_01")


def seed_demo_cases(directory: Directory, *, today: date) -> None:
    """Keep eight invented cases of the community of the tour, opened over the last two months.

    Parameters
    ----------
    directory
        Of a demonstration.
    today
        Day from which the others are counted.

    Raises
    ------
    HomeError
        In a live home.
    """
    if not directory.home.is_demo:
        raise HomeError("cases are invented in a demonstration only")
    ledger = directory.ledger
    if count_cases(ledger, actor=_TEAM).states:
        return
    ids = _Ids()
    listed = instrument_in_force(directory.home).actions
    actions = {each.amc_service: each.words for each in listed if each.need_group == _NEED_GROUP}
    for number, (born, sex, stage, answers) in enumerate(_PEOPLE):
        begun = today - timedelta(days=60 - 5 * number)
        for day, changes in _life(ids, begun, stage, {"born": born, "sex": sex, **answers}, actions):
            then = replace(ledger, clock=lambda day=day: datetime.combine(min(day, today), time(12), UTC))  # type: ignore[misc]
            values = {"device": ids.device, "since": 10**9, "changes": changes}
            exchange(then, values, actor=_TEAM, home=directory.home)


class _Ids:
    """Ids of what is invented: they count, so that a demonstration is the same each time."""

    def __init__(self) -> None:
        self._numbers, self._changes = count(1), count(1)
        self.device = self.next("D")

    def next(self, letter: str) -> str:
        """Make the next id that begins with a letter."""
        number, word = next(self._numbers), ""
        for _place in range(10):
            number, rest = divmod(number, len(CODE_LETTERS))
            word = CODE_LETTERS[rest] + word
        return f"{letter}-{word[:5]}-{word[5:]}"

    def change(self, kind_: str, about: dict[str, str], day: date, /, **body: Any) -> dict[str, Any]:
        """Make a change of a day."""
        at = datetime.combine(day, time(9), UTC).isoformat()
        values = {"change_id": self.next("K"), "device_no": next(self._changes), "kind": kind_, "at": at}
        return {**values, **about, "body": body}


def _life(
    ids: _Ids, begun: date, stage: str, answers: dict[str, str], actions: dict[str, str]
) -> Iterator[tuple[date, list[dict[str, Any]]]]:
    """Give what a team writes down of one invented person, by day, up to a stage."""
    reached = _FULL[: _FULL.index(stage) + 1]
    house, case = {"household_id": ids.next("H")}, {"case_ref": ids.next("C")}
    day = begun.isoformat()
    yield (
        begun,
        [
            ids.change("household.open", house, begun, people_18_64=1),
            ids.change("case.open", case, begun, opened_on=day, source="outreach", born=answers["born"],
                       sex=answers["sex"], note=_(INVENTED), **house),
        ],
    )  # fmt: skip
    if "assessed" in reached:
        on = begun + timedelta(days=4)
        values = {"kind": "initial", "on_day": on.isoformat(), "edition": "", "members": ["social"]}
        home = {"h_people": "2", "h_rooms": "1", "h_home": "own", "h_enough": "short"}
        yield (
            on,
            [
                ids.change("assessment.add", house, on, assessment_id=ids.next("A"), answers=home, **values),
                ids.change("assessment.add", case, on, assessment_id=ids.next("A"), answers=answers, **values),
            ],
        )
    if "planned" in reached:
        yield from _plan(ids, case, begun + timedelta(days=8), reached, actions)


def _plan(
    ids: _Ids, case: dict[str, str], on: date, reached: tuple[str, ...], actions: dict[str, str]
) -> Iterator[tuple[date, list[dict[str, Any]]]]:
    plan, items = ids.next("P"), [ids.next("I"), ids.next("I")]
    listed = [
        {"item_id": item, "need": "no-income", "action": actions[service], "member": "social",
         "due_on": (on + timedelta(days=days)).isoformat()}
        for item, service, days in zip(items, _SERVICES, (20, 45), strict=True)
    ]  # fmt: skip
    day = on.isoformat()
    yield (
        on,
        [
            ids.change(
                "plan.add", case, on, plan_id=plan, kind="sci", on_day=day, goal=_("Un venit sigur"), items=listed
            ),
            ids.change("plan.agree", case, on, plan_id=plan, how="signed", on_day=day),
        ],
    )
    done = {"active": items[:1], "watched": items}
    for stage, finished in done.items():
        if stage in reached and (stage == "watched" or "watched" not in reached):
            later = on + timedelta(days=7)
            visit = {"visit_id": ids.next("V"), "members": ["social"], "on_day": later.isoformat(), "items": finished}
            steps = [
                ids.change("item.done", case, later, item_id=item, on_day=later.isoformat(), result="worked")
                for item in finished
            ]
            yield later, [ids.change("visit.add", case, later, **visit), *steps]
    if "closed" in reached:
        last = on + timedelta(days=14)
        values = {"closed_on": last.isoformat(), "outcome": "goals_met", "findings_end": "resolved"}
        yield last, [ids.change("case.close", case, last, **values)]
