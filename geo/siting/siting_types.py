"""What siting answers with, and what every search may be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from geo.siting.integer_program import Watch


class Options(TypedDict, total=False):
    """Options that every search takes.

    candidates: table of `geo.siting.siting_problem.SITE_COLUMNS`: existing services that are kept, sites that may be
    opened, their places and prices. Without it every site of `costs` may be opened and none is ever full.
    budget: most that opening and adding places may cost, in the unit of `price`.
    add_places: most places that may be added at existing services together. (Each site's own limit, and that of a new
    one, is `places_addable`.)
    gap: relative gap to the proven bound at which to stop; 0 (default) = proven best.
    time_limit_s: seconds after which the best found so far is returned, with its gap.
    watch: called a few times a second with a `Progress`; returns False to stop.
    """

    candidates: pd.DataFrame | None
    budget: float | None
    add_places: float | None
    gap: float
    time_limit_s: float | None
    watch: Watch | None


class TeamOptions(Options, total=False):
    """Options of a search that may send mobile teams too.

    teams, days: how many, and the names of the days on which they travel, to the sites of `candidates` that are
    `is_stop`: one team a stop and day, on as many days as needed; `people` of demand are then visits a week.
    """

    teams: int
    days: Sequence[str]


@dataclass(frozen=True)
class Siting:
    """Sites to open and who goes where.

    sites: keys of the new sites and stops, sorted. assignment: `area_id`, `site_id`, `people`, `cost` (existing
    services too). unmet: `area_id`, `people` left out. openings: `site_id`, `units` (days at a stop; 0 for an existing
    service that only grows), `places_added`. rounds: `team`, `day`, `site_id`, `places` (mobile teams only). objective:
    what was asked to be least or most. bound: what no choice can beat. gap: their distance, relative to the objective.
    """

    sites: tuple[object, ...]
    assignment: pd.DataFrame
    objective: float
    gap: float
    bound: float
    unmet: pd.DataFrame
    openings: pd.DataFrame
    rounds: pd.DataFrame
    seconds: float

    @property
    def is_proven(self) -> bool:
        """Whether no other choice can be better."""
        return self.gap <= _PROVEN


_PROVEN = 1e-6
