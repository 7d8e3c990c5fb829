"""What a county asks of a plan: what it is after, what may be added, within what money, and what things cost.

The prices are `data/providers/siting_costs.csv`, all of them assumed until somebody who pays such bills corrects them;
the screen and the command line take others for one question.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

from core.errors import BadValueError
from core.i18n import N_, _, ngettext, number
from core.reading.curated_tables import FOLDER, read_rows

if TYPE_CHECKING:
    from pathlib import Path

Goal = Literal["most", "poorest", "travel", "everybody"]
GOALS: tuple[Goal, ...] = get_args(Goal)
MOST_SITES = 50
MOST_PLACES = 10_000
MOST_TEAMS = 10
MOST_BUDGET = 1_000_000_000.0
MOST_LEI = 100_000_000.0
_CODES = ("site", "place", "team_day")
DAYS = (N_("luni"), N_("marți"), N_("miercuri"), N_("joi"), N_("vineri"))
_GOALS = {
    "most": N_("cei mai mulți oameni ajunși"),
    "poorest": N_("întâi cei din comunele cele mai sărace"),
    "travel": N_("drumul mediu cel mai scurt"),
    "everybody": N_("cât mai puțin de adăugat, ca să ajungem la toți"),
}


def goal_words(goal: Goal) -> str:
    """Return in words what is looked for, in the language of this request."""
    return _(_GOALS[goal])


@dataclass(frozen=True)
class Prices:
    """Lei a year for one of each. is_assumed: whether nobody has confirmed them."""

    site: float
    place: float
    team_day: float
    is_assumed: bool = False

    def changed(self, *, site: float | None, place: float | None, team_day: float | None) -> Prices:
        """Return the same with other prices where they are given; assumed no longer once all three are."""
        given = {"site": site, "place": place, "team_day": team_day}
        some = {name: value for name, value in given.items() if value is not None}
        return replace(self, is_assumed=self.is_assumed and len(some) < len(given), **some)

    def __post_init__(self) -> None:
        """Refuse what no price can be."""
        for name in _CODES:
            if not 0 <= getattr(self, name) <= MOST_LEI:
                raise BadValueError(
                    _("Costul „{name}” este între 0 și {most} de lei pe an.").format(name=name, most=number(MOST_LEI))
                )


@cache
def default_prices(folder: Path = FOLDER) -> Prices:
    """Read the defaults; UnreadableFileError names a cell that is no number, BadValueError the rows that are wanted."""
    rows = read_rows(folder / "siting_costs.csv", ("code", "lei_per_year", "basis", "words"))
    found = {}
    for row in rows:
        lei = row.whole("lei_per_year")
        if lei is None:
            raise row.cell_error("lei_per_year", _("un număr întreg"))
        found[row.choice("code", _CODES)] = lei
    if set(found) != set(_CODES):
        raise BadValueError(
            _("În siting_costs.csv se așteaptă câte un rând pentru: {codes}.").format(codes=", ".join(_CODES))
        )
    return Prices(**found, is_assumed=any(row.text("basis") == "assumed" for row in rows))


@dataclass(frozen=True)
class PlanConstraints:
    """What may be added. None is "as many as needed".

    Attributes
    ----------
    sites, places_each
        New services at most, and places in each of them.
    places_more
        Places in all, at services that exist.
    teams, days, visits
        Mobile teams, the days on which they travel, and people seen by one team in a day (each person once a week).
    budget
        Lei a year, of `prices`.
    prices
        What each of them costs a year, lei.
    anywhere
        New services and stops in any locality, not only where the town hall is.
    own_county
        Places are added at services of the county alone, not across its border.
    least_people
        Nothing is opened or grown where fewer people left out are within reach.
    """

    sites: int | None = 0
    places_each: int | None = 20
    places_more: int | None = 0
    teams: int = 0
    days: tuple[str, ...] = DAYS
    visits: int = 10
    budget: float | None = None
    prices: Prices = field(default_factory=default_prices)
    anywhere: bool = False
    own_county: bool = False
    least_people: int = 0

    @property
    def title(self) -> str:
        """Return in words what may be added, in the language of this request."""
        items = [*self._new(), *self._more(), *self._teams()]
        if self.budget is not None:
            lei = ngettext("cel mult {n} leu pe an", "cel mult {n} lei pe an", round(self.budget))
            items.append(lei.format(n=number(self.budget)))
        title = ", ".join(items)
        return title[:1].upper() + title[1:]

    def _new(self) -> list[str]:
        if self.sites == 0:
            return []
        if self.sites is None:
            text = _("servicii noi, câte sunt necesare")
        else:
            text = ngettext("{n} serviciu nou", "{n} servicii noi", self.sites).format(n=self.sites)
        if self.places_each is None:
            return [text]
        each = ngettext("de câte {n} loc", "de câte {n} locuri", self.places_each).format(n=number(self.places_each))
        return [f"{text} {each}"]

    def _more(self) -> list[str]:
        if self.places_more is None:
            return [_("locuri la serviciile de acum, câte sunt necesare")]
        if not self.places_more:
            return []
        text = ngettext("{n} loc la serviciile de acum", "{n} locuri la serviciile de acum", self.places_more)
        return [text.format(n=number(self.places_more))]

    def _teams(self) -> list[str]:
        if not self.teams:
            return []
        text = ngettext("{n} echipă mobilă", "{n} echipe mobile", self.teams).format(n=self.teams)
        return [f"{text} ({', '.join(map(_, self.days))})"]


def validate_constraints(means: PlanConstraints, goal: Goal, share: float) -> None:
    """Raise BadValueError, in words, for numbers that cannot be or a question that asks for nothing."""
    if goal not in GOALS:
        raise BadValueError(_("Ținta „{name}” nu există; alegeți: {known}.").format(name=goal, known=", ".join(GOALS)))
    if not 0 < share <= 1:
        raise BadValueError(_("Partea celor la care se ajunge este între 1 și 100 %."))
    for name, value, least, most in (
        (_("servicii noi"), means.sites, 0, MOST_SITES),
        (_("locuri la fiecare"), means.places_each, 1, MOST_PLACES),
        (_("locuri la serviciile de acum"), means.places_more, 0, MOST_PLACES),
        (_("echipe"), means.teams, 0, MOST_TEAMS),
        (_("vizite pe zi"), means.visits, 1, MOST_PLACES),
        (_("oameni în jur, cel puțin"), means.least_people, 0, MOST_PLACES),
        (_("buget, în lei pe an"), means.budget, 0, MOST_BUDGET),
    ):
        if value is not None and not least <= value <= most:
            words = _("„{name}” este {value}; se așteaptă un număr de la {least} la {most}.")
            raise BadValueError(words.format(name=name, value=number(value), least=least, most=number(most)))
    if means.teams and (not means.days or len(set(means.days)) != len(means.days)):
        raise BadValueError(_("Echipele mobile cer cel puțin o zi, zile diferite și vizite pe zi mai mari ca 0."))
    if means.teams and not set(means.days) <= set(DAYS):
        raise BadValueError(_("Zilele echipei sunt dintre: {days}.").format(days=", ".join(map(_, DAYS))))
    if means.sites == 0 and means.places_more == 0 and not means.teams:
        raise BadValueError(_("Spuneți ce se poate adăuga: servicii noi, locuri la cele de acum sau o echipă mobilă."))
    if goal != "everybody" and means.budget is None and (means.sites is None or means.places_more is None):
        raise BadValueError(_("Fără număr și fără buget nu este nimic de ales: spuneți câte se adaugă sau cu ce bani."))
