"""docs/free-places.md, run: every table is a case, every row a step."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.romanian_calendar import BUCHAREST
from referrals.ledger.ledger import Ledger
from referrals.queue.step_undo import undo_step
from referrals.records.ledger_errors import NoPlaceError, WrongStateError
from tests.worlds.homes.ledger_world import COUNTY, MONDAY, Clock, refer, report, terms

PAGE = Path(__file__).resolve().parents[2] / "docs" / "free-places.md"
DAYS = {name: number for number, name in enumerate(["Mon", "Tue", "Wed", "Thu", "Fri"])}


def cases() -> list[tuple[str, str, list[list[str]]]]:
    found = []
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title = part.splitlines()[0]
        route = re.search(r"^Access: (\w+)", part, flags=re.MULTILINE)
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"]
        found.append((title, route.group(1) if route else "direct", rows[2:]))
    return found


def hour(text: str) -> datetime:
    day, time = text.split()
    hours, minutes = map(int, time.split(":"))
    start = MONDAY.astimezone(BUCHAREST).replace(hour=hours, minute=minutes)
    return start + timedelta(days=DAYS[day])


class World:
    """One service and the referrals A, B, C of a case on the page."""

    def __init__(self, ledger: Ledger, route: str) -> None:
        self.ledger, self.route, self.made = ledger, route, {}

    def do(self, step: str) -> None:
        order, _, expected = step.partition(": ")
        words = order.split()
        if expected == "no place":
            with pytest.raises(NoPlaceError):
                self.run(words)
        elif expected == "too late":
            with pytest.raises(WrongStateError):
                self.run(words)
        else:
            self.run(words)
            if words[0] == "refer":
                assert self.made[words[1]].state == (expected or "held")

    def run(self, words: list[str]) -> None:
        match words:
            case ["look"]:
                pass
            case ["report", number, *as_of] if number.isdigit():
                at = hour(" ".join(as_of[2:])) if as_of else None
                report(self.ledger, int(number), reported_at=at)
            case ["report", status]:
                report(self.ledger, None, status=status)
            case ["refer", name, "instead", "of", other]:
                old = self.made[other]
                self.made[name] = refer(
                    self.ledger, terms(access_route=self.route), case_ref=old.case_ref, replaces=old.referral_id
                )
            case ["refer", name]:
                self.made[name] = refer(self.ledger, terms(access_route=self.route))
            case ["break", "off", name, reason]:
                self.ledger.transition(self.made[name].referral_id, "break_off", reason=reason, actor=COUNTY)
            case ["undo", name]:
                undo_step(self.ledger, self.made[name].referral_id, actor=COUNTY)
            case ["erase", name]:
                assert self.ledger.erase_case(self.made[name].case_ref, actor=COUNTY) == 1
            case [action, name, *reason]:
                because = {"reason": reason[0]} if reason else {}
                self.ledger.transition(self.made[name].referral_id, action, actor=COUNTY, **because)
            case _:
                raise AssertionError(words)


def number(cell: str) -> int | None:
    return None if cell == "–" else int(cell)


@pytest.mark.parametrize(("title", "route", "rows"), cases(), ids=[title for title, _, _ in cases()])
def test_the_worked_case_comes_out_as_written(title, route, rows, ledger: Ledger, clock: Clock):
    world = World(ledger, route)
    for when, step, reported, held, taken, free, status in rows:
        clock.at = hour(when)
        world.do(step)
        table = ledger.capacity_now()
        with ledger.store.read() as connection:
            counts = connection.exec_driver_sql("SELECT reported, held, taken FROM places").one()
        assert tuple(counts) == (number(reported), int(held), int(taken)), (when, step)
        if table.empty:  # nothing reported and nothing held: the service is not in the table
            assert (number(free), status) == (None, "unknown"), (when, step)
            continue
        row = table.iloc[0]
        assert (None if table["places_free"].isna()[0] else int(row["places_free"])) == number(free), (when, step)
        assert row["status"] + (", over-promised" if row["over_promised"] else "") == status, (when, step)
        assert int(row["held"]) == int(held)
    assert ledger.verify_counts() == []
    assert ledger.verify_audit() == []


def test_the_page_has_every_case():
    assert len(cases()) >= 19
    assert all(rows for _, _, rows in cases())
