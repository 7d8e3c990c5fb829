"""Cases as counts for who has none of its own: open needs of a county, the nation's indicators, small ones hidden."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.figures.case_figures import DAYS_TO_PLAN, figures_of
from cases.figures.open_needs import open_needs
from cases.figures.told_counts import count_words
from core.i18n import _, ngettext, number
from providers.rules.needs import need_name
from referrals.records.vocabulary import LEAST_SHOWN
from reports.disclosure.suppression import Table, hide

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

NATION = "nation"
# Counts of a county, each of persons or of work with them; which part of which, so that no difference gives one away.
_COUNTED = ("BEN", "EVAL", "PLAN", "C-NEW", "C-OPEN", "C-CLOSED", "C-GOALS", "V-ALL", "A-DONE", "A-LATE", "R-DUE")
_MEETINGS = "S-MEET"
_PARTS = {"EVAL": "BEN", "PLAN": "BEN", "C-GOALS": "C-CLOSED"}


@dataclass(frozen=True)
class NeedOfCounty:
    """An open need that no referral answers yet, in a county.

    Attributes
    ----------
    words
        Its name.
    known
        The sum of what may be told: at least as many people.
    places
        Communities, the most people first, each with its count; None = fewer than may be told.
    apart
        Of the county as a whole: needs that come of what only the case manager sees, in words; "" = none.
    """

    words: str
    known: int
    places: tuple[tuple[str, int | None], ...]
    apart: str


def needs_of_county(ledger: Ledger, name_of: Callable[[int], str], *, actor: Actor) -> list[NeedOfCounty]:
    """List the open needs of a county that nobody has accepted a referral for, the most frequent first.

    Counts of a community are told in fives and none under five (`open_needs`), and no sum is told that one could be
    worked out of: what is said of the county is the sum of the counts that are shown.

    Parameters
    ----------
    ledger
        Where the record is kept.
    name_of
        Names a community by its SIRUTA.
    actor
        A county unit.

    Returns
    -------
    list of NeedOfCounty
        Those of equal counts by name.

    Raises
    ------
    NotAllowedError
        Where the actor counts no cases of a county.
    """
    known: dict[str, int] = defaultdict(int)
    places: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    apart: dict[str, str] = {}
    for row in open_needs(ledger, actor=actor).rows:
        people, need = row["people"], row["need"]
        if row["uat_siruta"] is None:
            apart[need] = count_words(people)
            known[need] += 0
            continue
        known[need] += people or 0
        places[need].append((name_of(row["uat_siruta"]), people))
    found = [
        NeedOfCounty(
            need_name(need),
            count,
            tuple(sorted(places[need], key=lambda place: (-(place[1] or 0), place[0]))),
            apart.get(need, ""),
        )
        for need, count in known.items()
    ]
    return sorted(found, key=lambda each: (-each.known, each.words))


def need_line(each: NeedOfCounty, most: int) -> str:
    """Return in words how many people of a county have a need, by counts in fives: at least in all, and where.

    most: communities that are named; the others are a number.
    """
    lines = [f"{name}: {count_words(people)}" for name, people in each.places[:most]]
    if len(each.places) > 1 and each.known:
        lines.insert(0, _("în tot județul cel puțin {n}").format(n=number(each.known)))
    if (more := len(each.places) - most) > 0:
        lines.append(ngettext("și încă {n} comunitate", "și încă {n} comunități", more).format(n=more))
    if each.apart:
        lines.append(_("restrânse, în tot județul: {n}").format(n=each.apart))
    return "; ".join(lines)


@dataclass(frozen=True)
class CountyIndicators:
    """The indicators of cases of a month.

    Attributes
    ----------
    heads
        Their names.
    rows
        A row a county with its name first, the whole country (`NATION`) last; what is hidden is said so.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def indicator_words() -> dict[str, str]:
    """Name the indicators of cases, in their order."""
    return {
        "BEN": _("Persoane înregistrate"),
        "EVAL": _("Evaluări făcute"),
        "PLAN": _("Planuri făcute"),
        "C-NEW": _("Cazuri noi"),
        "C-OPEN": _("Cazuri deschise"),
        "C-CLOSED": _("Cazuri închise"),
        "C-GOALS": _("Închise cu obiectivele atinse"),
        "V-ALL": _("Vizite"),
        "A-DONE": _("Acțiuni făcute"),
        "A-LATE": _("Acțiuni întârziate"),
        "R-DUE": _("Reevaluări datorate"),
        DAYS_TO_PLAN: _("Zile de la semnalare la plan"),
        _MEETINGS: _("Ședințe de supervizare"),
    }


def indicators_of_counties(
    ledger: Ledger, month: str, county_of: Callable[[int], str], name_of: Callable[[str], str], *, actor: Actor
) -> CountyIndicators:
    """Return the indicators of cases by county for a month: counts from 1 to 4 are hidden, and what gives them away.

    Parameters
    ----------
    ledger
        Where the record is kept.
    month
        2026-10.
    county_of, name_of
        Letters of a community's county by its SIRUTA; the name of a county by its letters.
    actor
        The national level, or whoever counts cases of the nation.

    Returns
    -------
    CountyIndicators
        No row where nobody works with cases.

    Raises
    ------
    NotAllowedError
        Where the actor counts no cases of the nation.

    Notes
    -----
    Complementary cell suppression as of docs/decisions/0011: the country is the sum of its counties, an assessment or
    a plan is one of the persons registered, a case closed with its goals reached one of those closed. Not covered: the
    same table of another month.
    """
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for uat, figures in figures_of(ledger, month, actor=actor).communities.items():
        for area in (county_of(uat), NATION):
            for code in (*_COUNTED, _MEETINGS):
                sums[area][code] += figures[code]
            for part in ("sum", "count"):
                sums[area][f"{DAYS_TO_PLAN}-{part}"] += figures[DAYS_TO_PLAN][part]
    hidden = _hidden(sums)
    areas = sorted(set(sums) - {NATION}, key=name_of)
    words = indicator_words()
    rows = tuple(
        (
            name_of(area) if area != NATION else _("Toată țara"),
            *(_cell(sums[area], area, code, hidden) for code in words),
        )
        for area in ([*areas, NATION] if areas else ())
    )
    return CountyIndicators(tuple(words.values()), rows)


def _cell(counts: Mapping[str, int], area: str, code: str, hidden: set[object]) -> str:
    if code == DAYS_TO_PLAN:
        plans = counts[f"{code}-count"]
        return number(counts[f"{code}-sum"] / plans, 1) if plans >= LEAST_SHOWN else "–"
    return _("ascuns") if (area, code) in hidden else number(counts[code])


def _hidden(sums: Mapping[str, Mapping[str, int]]) -> set[object]:
    """Choose the cells to hide: what is small, and what ties it to what is shown."""
    if not sums:
        return set()
    counties = [area for area in sums if area != NATION]
    table = Table()
    rests = {code: f"not {code}" for code in _PARTS}
    for area, counts in sums.items():
        for code in _COUNTED:
            table.add((area, code), counts[code])
        for code, whole in _PARTS.items():
            # Who entered more parts than wholes made a mistake; nothing is to be told from it.
            table.add((area, rests[code]), max(0, counts[whole] - counts[code]))
            if counts[whole] >= counts[code]:
                table.tie((area, whole), [(area, code), (area, rests[code])])
    for code in _COUNTED:
        table.tie((NATION, code), [(area, code) for area in counties])
    return set(hide(table))
