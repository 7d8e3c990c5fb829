"""What both kinds of pages show of figures: what fails, key figures, what became of referrals; and who sees numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.errors import UnknownCodeError
from core.i18n import _, ngettext, number, written_day
from reports.indicators.indicators import LEVELS, NATION, indicator
from reports.views.report_views import format_value
from reports.views.shortfalls import area_target, shortfalls

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.storage.editions import Manifest
    from referrals.records.vocabulary import Actor
    from reports.indicators.indicators import Indicator, Level
    from reports.indicators.report_data import ReportData
    from reports.views.report_views import ReportView

    Values = dict[str, float | None]

KEY_FIGURES = ("COMM", "BEN", "TEAM-FULL", "RAP-RATE", "REF", "REF-DONE", "REF-NOPLACE", "UNMET")
_STEPS = ("REF", "REF-ACC", "REF-DONE", "REF-DECL", "REF-EXP", "REF-CANC", "REF-BROKEN", "REF-OPEN")
_HALF_A_POINT = 0.5  # per cent: what rounds to no change is none
_SMALLEST = 0.05  # of a mean, which is written with one decimal
# What crosses the border of a county is read by people with no duty there.
CROSSING: frozenset[Level] = frozenset({"region", "national"})


@dataclass(frozen=True)
class KeyFigure:
    """A figure on its tile. change: since the month before, as a signed number; said: the same in words."""

    name: str
    address: str
    value: str
    change: str
    said: str
    is_chosen: bool


@dataclass(frozen=True)
class FailingFigure:
    """A figure below its target. share: of the target that is reached."""

    name: str
    address: str
    words: str
    change: str
    share: float


def home_area(facts: ReportData, actor: Actor | None) -> str:
    """Return the area on which reports open for somebody: the own community or county, else the country."""
    if actor is not None and actor.role == "team" and str(actor.uat_siruta) in facts.areas("community"):
        return str(actor.uat_siruta)
    if actor is not None and actor.role in ("team", "county") and actor.county in facts.areas("county"):
        return actor.county
    return NATION


def area_level(facts: ReportData, area: str) -> Level:
    """Return the level of an area; UnknownCodeError where the list of the project has no community in it."""
    level = next((each for each in LEVELS if area in facts.areas(each)), None)
    if level is None:
        raise UnknownCodeError(_("„{area}” nu are nicio comunitate în lista proiectului.").format(area=area[:20]))
    return level


def is_public_for(actor: Actor | None, facts: ReportData, level: Level, area: str) -> bool:
    """Whether somebody sees an area as everybody does: all but its own county and community, and the national level.

    The national level reads every county's figures anyway (`monthly.read` in the table of roles), so that hiding sums
    of them from it hides nothing.
    """
    if actor is None:
        return True
    if actor.role in ("national", "admin"):
        return False
    if level in CROSSING:
        return True
    inside = facts.within(level, area)
    if actor.role == "county":
        return set(inside["county"]) != {actor.county}
    return actor.role != "team" or level != "community" or area != str(actor.uat_siruta)


def failing_figures(
    view: ReportView, here: Values, before: Values, leads_to: Callable[[str], str]
) -> tuple[list[FailingFigure], bool]:
    """List what is furthest from its target, and say whether there is anything to reach here.

    Parameters
    ----------
    view
        The report.
    here, before
        Its figures, and those of the month before.
    leads_to
        From a code to the address where a figure opens to its rows.

    Returns
    -------
    list of FailingFigure, bool
        The furthest first.
    """
    cards = [
        FailingFigure(
            _(each.indicator.name),
            leads_to(each.indicator.code),
            each.words,
            change_words(each.indicator, here[each.indicator.code], before.get(each.indicator.code))[1],
            each.share,
        )
        for each in shortfalls(view)
    ]
    is_known = any(value is not None for value in here.values())
    return cards, is_known and area_target(view, indicator("RAP-RATE")) is not None


def tile_figures(
    view: ReportView, here: Values, before: Values, chosen: str, leads_to: Callable[[str], str]
) -> list[KeyFigure]:
    """List the key figures. chosen: code of the one that the map shows; leads_to: as `failing_figures`."""
    tiles = []
    for code in KEY_FIGURES:
        one, value = indicator(code), here[code]
        sign, text = change_words(one, value, before.get(code))
        words = format_value(one, value, hidden=view.is_hidden(code))
        tiles.append(KeyFigure(_(one.name), leads_to(code), words, sign, text, is_chosen=code == chosen))
    return tiles


def change_words(one: Indicator, value: float | None, before: float | None) -> tuple[str, str]:
    """Format the change since the month before, short and in words; nothing where one of them is unknown."""
    if value is None or before is None:
        return "", ""
    change = 100 * (value - before) if one.is_share else value - before
    if abs(change) < (_HALF_A_POINT if one.is_share else _SMALLEST):
        return "=", _("la fel ca luna dinainte")
    sign = ("+" if change > 0 else "−") + number(abs(change), 0 if one.is_share or abs(change) >= 1 else 1)
    if one.is_share:
        text = ngettext(
            "{n} punct procentual față de luna dinainte",
            "{n} puncte procentuale față de luna dinainte",
            round(abs(change)),
        ).format(n=sign)
        return sign, text
    return sign, _("{change} față de luna dinainte").format(change=sign)


def funnel_rows(view: ReportView, here: Values) -> list[tuple[str, float, str]]:
    """List what became of referrals: state, share of all from 0 to 1, the number in words."""
    first = here["REF"] or 0
    rows = []
    for code in _STEPS:
        one, value = indicator(code), here[code]
        words = format_value(one, value, hidden=view.is_hidden(code))
        share = 0.0 if value is None or not first else value / first
        note = f" ({number(100 * share)}\N{NO-BREAK SPACE}%)" if value is not None and first else ""
        rows.append((_(one.name), share, words + note))
    return rows


def edition_words(edition: Manifest) -> str:
    """Name a source with its day; the id of the edition is in the files."""
    words = _("{title}, la {day}").format(
        title=_(edition.source.title) or edition.kind, day=written_day(date.fromisoformat(edition.as_of))
    )
    return words + (" " + _("(date sintetice)") if edition.source.synthetic else "")
