"""What siting answers with, and what every search may be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from geo.siting.integer_program import Watch

# cost: everybody goes somewhere, least total cost. people: as many as can be. open: everybody goes somewhere, least
# spent on opening.
Objective = Literal["cost", "people", "open"]


class Options(TypedDict, total=False):
    """Options that every search takes.

    Attributes
    ----------
    candidates
        One row per site: existing services that are kept, and sites that may be opened. Without it every site of
        `costs` may be opened and none is ever full. Columns: `site_id` (unique, as in costs); `is_existing` (stays
        open whatever is chosen; default no); `places` (people that it can take; NA = not known, so none; inf = no
        limit, the default); `price` (of opening it, in the unit of the budget; default 1); `places_addable` (places
        that may be added beyond `places`; default 0); `price_per_place` (of each added place; default 0); `is_stop`
        (a stop of mobile teams: `places` are the visits of one team there in a day, `price` is one such day's).
    budget
        Most that opening and adding places may cost, in the unit of `price`; None = no limit.
    add_places
        Most places that may be added at all sites together; None = no limit. Each site's own is `places_addable`.
    gap
        Relative gap to the proven bound at which to stop; 0 (default) = proven best.
    time_limit_s
        Seconds after which the best found so far is returned, with its gap; None = no limit.
    watch
        Called a few times a second with a `geo.siting.integer_program.Progress`; returns False to stop.
    """

    candidates: pd.DataFrame | None
    budget: float | None
    add_places: float | None
    gap: float
    time_limit_s: float | None
    watch: Watch | None


class TeamOptions(Options, total=False):
    """Options of a search that may send mobile teams too, to the sites of `candidates` that are `is_stop`.

    One team a stop and day, on as many days as needed; `people` of demand are then visits a week.

    Attributes
    ----------
    teams
        How many teams there are.
    days
        Names of the days of the week on which they travel, each once.
    """

    teams: int
    days: Sequence[str]


@dataclass(frozen=True)
class Siting:
    """Sites to open and who goes where.

    Attributes
    ----------
    sites
        Keys of the new sites and stops, sorted.
    assignment
        `area_id`, `site_id`, `people`, `cost`: who goes where, to existing services too.
    objective
        What was asked to be least or most; its unit is told by the function that searched.
    gap
        Distance of `objective` from `bound`, relative to the objective.
    bound
        What no choice can beat.
    unmet
        `area_id`, `people` left out.
    openings
        `site_id`, `units` (days at a stop; 0 for an existing service that only grows), `places_added`.
    rounds
        `team`, `day`, `site_id`, `places`: where each mobile team is; empty without teams.
    seconds
        How long the search took.
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
