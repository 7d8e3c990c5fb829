"""What a task took before the screens were drawn anew, what it may take now, and both beside what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.walk.hand import Walked

HEADS = (
    "| task | taps before | taps | letters | waits, s | screens high before | screens high "
    "| goal | met | what was seen |"
)
RULE = "|---|--:|--:|--:|---|--:|--:|---|---|---|"


@dataclass(frozen=True)
class Goal:
    """Most taps and screens a task may take; before: what it took on commit f55ba7f, walked by hand."""

    taps_before: str = ""
    screens_before: float | None = None
    most_taps: int | None = None
    most_screens: float | None = None
    nearest_at_once: bool = False

    @property
    def words(self) -> str:
        """Say the goal."""
        parts = []
        if self.most_taps is not None:
            parts.append(f"≤ {self.most_taps} taps")
        if self.most_screens is not None:
            parts.append(f"≤ {self.most_screens:g} screens")
        if self.nearest_at_once:
            parts.append("nearest usable in the first")
        return ", ".join(parts)

    def is_met(self, walked: Walked) -> bool:
        """Whether a task that was finished keeps to it."""
        return (
            walked.is_finished
            and (self.most_taps is None or walked.taps <= self.most_taps)
            and (self.most_screens is None or (walked.screens or 0.0) <= self.most_screens)
            and (not self.nearest_at_once or bool(walked.is_nearest_seen))
        )


GOALS = {
    "sign in by role, from the first page": Goal("5", most_taps=4),
    "find for a 72-year-old alone, telephone": Goal("4", 13.1, 4, 4.0, nearest_at_once=True),
    "find for a 72-year-old alone, desk": Goal("4", 9.0, 4, 4.0, nearest_at_once=True),
    "find for a 72-year-old alone: plain": Goal("", 7.6, most_screens=4.0, nearest_at_once=True),
    "note a telephone call about places": Goal("2", most_taps=2),
    "refer with consent": Goal("3", most_taps=3),
    "slip": Goal("1", most_taps=1),
    "two needs asked, one trip, both referred: application": Goal("not finished", 9.0, 6, 8.9),
    "two needs asked, one trip, both referred: plain": Goal("", most_taps=6),
    "follow: accepted": Goal("2", 3.4, 2),
    "follow: refused": Goal("4", most_taps=4),
    "next best after a refusal": Goal("1", most_taps=1),
    "report a wrong telephone number": Goal("3", most_taps=4),
    "the county settles the reported number": Goal("no screen", most_taps=3),
    "the county settles the reported number: plain": Goal("no screen", most_taps=3),
    "file the monthly report": Goal("4", 5.5, 4, 5.4),
    "county: a monthly report accepted": Goal("3", 2.9, 3, 2.8),
    "county: coverage, first look": Goal("2", 3.8, 2, 3.7),
    "county: two plans compared": Goal("5", 7.7, 5, 7.6),
    "national: indicator to community": Goal("3", 8.4, 3, 8.3),
    "county: a provider invited from one list": Goal("no list", most_taps=4),
    "county: a provider invited from one list: plain": Goal("no list", most_taps=4),
    "provider: places by the link": Goal("2", 1.4, 2, 1.4),
}


def line_of(walked: Walked) -> str:
    """Write one task as a row of the table under `HEADS`."""
    goal = GOALS.get(walked.task, Goal())
    waits = " + ".join(f"{wait:.1f}" for wait in walked.waits)
    is_met = "" if not goal.words else "yes" if goal.is_met(walked) else "**no**"
    before = "" if goal.screens_before is None else f"{goal.screens_before:.1f}"
    high = "" if walked.screens is None else f"{walked.screens:.1f}"
    cells = (walked.task, goal.taps_before, walked.taps or "", walked.letters or "", waits, before, high)
    return "| " + " | ".join(str(each) for each in (*cells, goal.words, is_met, walked.said)) + " |"


def missed(done: list[Walked]) -> list[str]:
    """Name the tasks that were not finished or do not keep to their goal."""
    return [each.task for each in done if not GOALS.get(each.task, Goal()).is_met(each)]
