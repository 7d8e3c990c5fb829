"""What is furthest from its target in an area: what a report and its screen begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.i18n import _
from reports.indicators.indicators import indicators, targets
from reports.views.report_views import format_value

if TYPE_CHECKING:
    from reports.indicators.indicators import Indicator
    from reports.views.report_views import ReportView

MOST = 3


@dataclass(frozen=True)
class Shortfall:
    """An indicator below its target. share: how much of the target is reached, from 0 to below 1."""

    indicator: Indicator
    value: float
    target: float
    share: float

    @property
    def words(self) -> str:
        """The figure beside its target: „2 din 139 (1 %)”; a share or a mean: „68 %, ținta 100 %”."""
        value, target = format_value(self.indicator, self.value), format_value(self.indicator, self.target)
        if self.indicator.denominator:
            return _("{value}, ținta {target}").format(value=value, target=target)
        return _("{value} din {target} ({percent} %)").format(value=value, target=target, percent=int(100 * self.share))


def area_target(view: ReportView, one: Indicator) -> float | None:
    """Return the target of an area (version A); None where it has none.

    Targets are written for the nation. A share or a mean has the same target everywhere; of what every community has
    to have once, an area has to have as many as it has communities. Other sums have no target below the nation.
    """
    known = targets().get(one.code)
    if not known:
        return None
    if view.level == "national" or one.denominator:
        return known[0].least
    communities = view.gathered.communities
    if one.level == "community" and known[0].least == len(communities):
        return float(len(view.gathered.within(view.level, view.area)))
    return None


def shortfalls(view: ReportView, *, most: int = MOST) -> list[Shortfall]:
    """List what is below its target, the furthest first.

    Parameters
    ----------
    view
        The report of an area; what is hidden in it takes no part.
    most
        How many at most.

    Returns
    -------
    list of Shortfall
        None where every known figure has reached its target.
    """
    here = view.own_values()
    found = []
    for one in indicators().values():
        target, value = area_target(view, one), here[one.code]
        if target and value is not None and not view.is_hidden(one.code) and value < target:
            found.append(Shortfall(one, value, target, value / target))
    return sorted(found, key=lambda each: each.share)[:most]
