"""What of a monthly report is counted from cases, where a community works with them, and how what was typed differs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cases.figures import figures_of
from cases.figures.figure_queries import COUNTS
from core.i18n import _, number
from referrals.monthly import monthly_reports
from referrals.records import roles
from referrals.records.roles import Area
from reports.indicators.indicators import bounds, indicator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.figures import CaseFigures
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

FROM_CASES = "cases"  # in the history of figures: where a figure comes from
_WORKS = ("BEN", "C-OPEN")  # a community with one of these works with cases


@cache
def counted_codes() -> tuple[str, ...]:
    """Return the figures of the monthly form that are counted where a community works with cases, in its order."""
    return tuple(code for code in bounds("community") if code in COUNTS)


def counted_month(ledger: Ledger, county: str, uat: int, month: str, *, actor: Actor) -> dict[str, int]:
    """Count the figures of the monthly form from the cases of a community.

    Parameters
    ----------
    ledger
        Where the record is kept.
    county, uat, month
        Which community and month: letters, SIRUTA, for instance 2026-10.
    actor
        Who looks.

    Returns
    -------
    dict of str to int
        By code; of a month that was filed, as they were then. Empty where the community does not work with cases up to
        then, and for whoever may not count its cases.
    """
    if not roles.allows(actor, "case.counts", Area(county, uat)):
        return {}
    return _of_form(figures_of(ledger, month, actor=actor, county=county, uat_siruta=uat), uat)


def _of_form(found: CaseFigures, uat: int) -> dict[str, int]:
    figures = found.communities.get(uat, {})
    if not any(figures.get(code) for code in _WORKS):
        return {}
    return {code: int(figures[code]) for code in counted_codes() if figures.get(code) is not None}


def counted_of(ledger: Ledger, county: str, month: str, *, actor: Actor) -> dict[int, dict[str, int]]:
    """Count the figures of the monthly form of every community of a county that works with cases, by SIRUTA."""
    if not roles.allows(actor, "case.counts", Area(county, actor.uat_siruta)):
        return {}
    found = figures_of(ledger, month, actor=actor, county=county)
    return {uat: figures for uat in found.communities if (figures := _of_form(found, uat))}


def origin_words(code: str, value: int | None, counted: Mapping[str, int]) -> str:
    """Say of a figure that it is counted from cases, or by how much what was typed differs; blank where it is neither.

    Parameters
    ----------
    code, value
        The figure as it would be filed, or was.
    counted
        What was counted from cases, by code.

    Returns
    -------
    str
        In the language of the request.

    Examples
    --------
    >>> origin_words("BEN", 12, {"BEN": 12}), origin_words("SPAS", 1, {"BEN": 12})
    ('numărat din cazuri', '')
    >>> origin_words("BEN", 15, {"BEN": 12})
    'din cazuri: 12, diferența scrisă: +3'
    """
    if code not in counted:
        return ""
    if value is None or value == counted[code]:
        return _("numărat din cazuri")
    return _("din cazuri: {n}, diferența scrisă: {change}").format(
        n=number(counted[code]), change=signed(value - counted[code])
    )


def signed(change: int) -> str:
    """Write a difference with its sign; none is 0."""
    return number(change) if not change else ("+" if change > 0 else "−") + number(abs(change))


def month_differences(
    ledger: Ledger, found: CaseFigures, *, actor: Actor, county: str = "", uat_siruta: int | None = None
) -> list[dict[str, object]]:
    """List where what communities said of a month is not what their cases count.

    Parameters
    ----------
    ledger
        Where reports are kept.
    found
        The figures of one month.
    actor
        Who looks.
    county, uat_siruta
        Narrower than the actor's area; "" and None = no narrower.

    Returns
    -------
    list of dict
        `uat_siruta`, `month`, `indicator`, `counted`, `said`, by community; a count that is not told is in none.
    """
    table = monthly_reports.figures(ledger, actor=actor, county=county, until=found.last)
    table = table[(table["month"] == found.last) & table["indicator"].isin(counted_codes())]
    if uat_siruta is not None:
        table = table[table["uat_siruta"] == uat_siruta]
    rows = table.sort_values(["uat_siruta", "entered_at"]).to_dict("records")
    return [
        {"uat_siruta": uat, "month": found.last, "indicator": code, "counted": counted[code], "said": int(row["value"])}
        for row in rows
        for uat, code in [(int(row["uat_siruta"]), str(row["indicator"]))]
        if (counted := _of_form(found, uat)) and code in counted and counted[code] != int(row["value"])
    ]


def difference_lines(differences: list[dict[str, object]]) -> list[str]:
    """Format differences in lines."""
    words = _("{uat}, {month}: {name} – numărat din cazuri {counted}, scris {said}")
    return [words.format(**{**row, "uat": row["uat_siruta"]}, name=_(indicator(str(row["indicator"])).name))
            for row in differences]  # fmt: skip
