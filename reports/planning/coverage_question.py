"""What „Acoperire” is asked, and its address: service, county, longest way, measure, and the scenarios by name.

Both faces of the screen read and write the same address, so that a link, a reload and the way back lead to the same
question. What an address says is read as hostile: what cannot be is refused in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast, get_args
from urllib.parse import urlencode

from core.errors import BadValueError, UnknownCodeError
from core.i18n import _, number
from providers.finder import search_terms
from providers.planning.coverage_measures import BASIS_OF, NAMED, default_measure
from providers.planning.plan_constraints import (
    DAYS,
    MOST_BUDGET,
    MOST_PLACES,
    MOST_SITES,
    MOST_TEAMS,
    Goal,
    PlanConstraints,
    default_prices,
    validate_constraints,
)
from providers.rules.wording import minute_words
from referrals.records.free_text import refuse_personal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from providers.planning.coverage_measures import CoverageMeasure
    from providers.planning.supply import SupplyBasis

SERVICE, COUNTY, MINUTES, MEASURE, SCENARIO = "serviciu", "judet", "minute", "masura", "scenariu"
REACHES = (15, 30, 45, 60)
USUAL_REACH = 30
SEARCH_SECONDS = (10, 30, 120)
USUAL_SECONDS = 30
USUAL_LEAST = 5  # people left out around whatever is opened
MOST_SCENARIOS = 6
MOST_LETTERS = 60  # of a scenario's name
_LONGEST = 24  # letters of what is refused, as it is said back
_MARK = "~"
_AS_NEEDED = "n"
_PARTS = 17
_MOST_PRICE = 100_000_000


@dataclass(frozen=True)
class ScenarioQuestion:
    """One scenario as it stands in an address.

    Attributes
    ----------
    goal, means, share
        As `providers.planning.county_plan.plan` takes them.
    seconds
        Longest search.
    said
        Name given by hand; empty where none was.
    """

    goal: Goal = "most"
    means: PlanConstraints = field(
        default_factory=lambda: PlanConstraints(sites=3, own_county=True, least_people=USUAL_LEAST)
    )
    share: int = 100
    seconds: int = USUAL_SECONDS
    said: str = ""

    @property
    def key(self) -> ScenarioQuestion:
        """The same without its name: what is computed."""
        return replace(self, said="")

    @property
    def text(self) -> str:
        """Write it as one value of an address."""
        means, usual = self.means, default_prices()
        prices = (means.prices.site, means.prices.place, means.prices.team_day)
        days = "".join(str(place) for place, day in enumerate(DAYS) if day in means.days)
        parts = (
            self.goal, *map(_count_text, (means.sites, means.places_each, means.places_more)), str(means.teams), days,
            str(means.visits), _count_text(means.budget), str(int(means.anywhere)), str(int(means.own_county)),
            str(means.least_people), str(self.share), str(self.seconds),
            *("" if prices == (usual.site, usual.place, usual.team_day) else str(round(p)) for p in prices), self.said,
        )  # fmt: skip
        return _MARK.join(parts)

    @classmethod
    def parse(cls, text: str) -> ScenarioQuestion:
        """Read what `text` wrote.

        Parameters
        ----------
        text
            One value of an address.

        Returns
        -------
        ScenarioQuestion
            Its means are such that they may be planned with.

        Raises
        ------
        BadValueError
            For what is no scenario, in words.
        PersonalDataError
            For a name that says who a person is.
        """
        parts = text.split(_MARK, _PARTS - 1)
        if len(parts) != _PARTS or parts[0] not in get_args(Goal):
            raise _scenario_error(text)
        (
            goal,
            sites,
            each,
            more,
            teams,
            days,
            visits,
            budget,
            anywhere,
            own,
            least,
            share,
            seconds,
            *prices,
            sentence,
        ) = parts
        named = refuse_personal(sentence[:MOST_LETTERS], field=_("Numele scenariului"))
        if (
            not set(days) <= set("01234")
            or not {anywhere, own} <= {"0", "1"}
            or seconds not in map(str, SEARCH_SECONDS)
        ):
            raise _scenario_error(text)
        usual = default_prices()
        if any(prices):
            site, place, day = (_count(text, part, _MOST_PRICE) or 0 for part in prices)
            usual = usual.changed(site=site, place=place, team_day=day)
        budget_lei = _count(text, budget, int(MOST_BUDGET))
        means = PlanConstraints(
            sites=_count(text, sites, MOST_SITES),
            places_each=_count(text, each, MOST_PLACES),
            places_more=_count(text, more, MOST_PLACES),
            teams=_count(text, teams, MOST_TEAMS) or 0,
            days=tuple(DAYS[int(place)] for place in days),
            visits=_count(text, visits, MOST_PLACES) or 0,
            budget=None if budget_lei is None else float(budget_lei),
            prices=usual,
            anywhere=anywhere == "1",
            own_county=own == "1",
            least_people=_count(text, least, MOST_PLACES) or 0,
        )
        percent = _count(text, share, 100) or 0
        validate_constraints(means, cast("Goal", goal), percent / 100.0)
        return cls(cast("Goal", goal), means, percent, int(seconds), named)


def _count_text(value: float | None) -> str:
    return _AS_NEEDED if value is None else str(round(value))


def _count(text: str, part: str, most: int) -> int | None:
    if part == _AS_NEEDED:
        return None
    if not (part.isascii() and part.isdigit()) or len(part) > len(str(most)) or int(part) > most:
        raise _scenario_error(text)
    return int(part)


def _scenario_error(text: str) -> BadValueError:
    words = _("„{text}” nu este un scenariu: deschideți din nou linkul sau alegeți aici ce se adaugă.")
    return BadValueError(words.format(text=text[:_LONGEST]))


@dataclass(frozen=True)
class CoverageQuestion:
    """What the screen is asked. county: empty = the whole country; measure: one of NAMED."""

    service: str
    county: str = ""
    minutes: int = USUAL_REACH
    measure: CoverageMeasure = "free"
    scenarios: tuple[ScenarioQuestion, ...] = ()

    @property
    def basis(self) -> SupplyBasis:
        """The places that its measure counts."""
        return BASIS_OF[self.measure]

    def fields(self) -> list[tuple[str, str]]:
        """Return what goes into an address: only what is not the first choice."""
        usual = default_measure(self.service) if self.service else "free"
        items = [
            (SERVICE, self.service), (COUNTY, self.county),
            (MINUTES, "" if self.minutes == USUAL_REACH else str(self.minutes)),
            (MEASURE, "" if self.measure == usual else self.measure),
            *((SCENARIO, scenario.text) for scenario in self.scenarios),
        ]  # fmt: skip
        return [(name, value) for name, value in items if value]

    def address(self, page: str) -> str:
        """Write the address of a page with this question."""
        text = urlencode(self.fields())
        return f"{page}?{text}" if text else page


def parse_question(
    values: Mapping[str, Sequence[str]], counties: Collection[str], *, own_county: str | None = None
) -> CoverageQuestion:
    """Read what an address asks.

    Parameters
    ----------
    values
        Values by name, as they came.
    counties
        Letters of the counties that there are.
    own_county
        Letters of the only county that whoever asks may look at; it stands in the place of any other.

    Returns
    -------
    CoverageQuestion
        Its service is empty where none was asked.

    Raises
    ------
    UnknownCodeError
        For a service, a county or a measure that is none.
    BadValueError
        For a time or a scenario that cannot be, or too many scenarios.
    PersonalDataError
        For a scenario whose name says who a person is.
    """

    def first(name: str) -> str:
        return next(iter(values.get(name, ())), "").strip()

    service = first(SERVICE)
    if service and service not in search_terms.all_search_terms():
        raise UnknownCodeError(_("Nu există serviciul sau nevoia „{code}”.").format(code=service[:_LONGEST]))
    county = own_county or first(COUNTY)
    if county and county not in counties:
        raise UnknownCodeError(_("Nu există județul „{code}”.").format(code=county[:_LONGEST]))
    minutes = first(MINUTES) or str(USUAL_REACH)
    if minutes not in map(str, REACHES):
        words = _("Timpul maxim „{text}” nu se poate alege; alegeți unul dintre: {known}.")
        raise BadValueError(words.format(text=minutes[:_LONGEST], known=", ".join(map(minute_words, REACHES))))
    measure = first(MEASURE) or (default_measure(service) if service else "free")
    if measure not in NAMED:
        raise UnknownCodeError(_("Nu există măsura „{code}”.").format(code=measure[:_LONGEST]))
    scenarios = values.get(SCENARIO, ())
    if len(scenarios) > MOST_SCENARIOS:
        raise BadValueError(_("Într-un link intră cel mult {n} scenarii.").format(n=number(MOST_SCENARIOS)))
    return CoverageQuestion(
        service, county, int(minutes), measure,
        tuple(dict.fromkeys(map(ScenarioQuestion.parse, scenarios))),
    )  # fmt: skip


def other_county_words(county: str, names: Mapping[str, str], *, own_county: str | None) -> str:
    """Return in words that an address asks for another county than the only one that whoever opened it may look at.

    Parameters
    ----------
    county
        Letters in the address; empty = none.
    names
        Names of the counties by their letters.
    own_county
        Letters of the only county; None = all may be looked at.

    Returns
    -------
    str
        Empty where there is nothing to say.
    """
    if not own_county or county == own_county or county not in names:
        return ""
    words = _("Linkul este despre județul {asked}; rolul dumneavoastră vede numai județul {own}, arătat mai jos.")
    return words.format(asked=names[county], own=names[own_county])
