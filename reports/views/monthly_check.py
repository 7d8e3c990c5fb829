"""The figures of a monthly report beside those of the month before, in words, before it is filed and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _, number
from referrals.monthly.figure_checks import check_figures
from reports.indicators.indicators import bounds, indicators
from reports.views.monthly_counts import origin_words, signed
from reports.views.report_views import entered_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from referrals.monthly.figure_checks import CheckedFigure
    from reports.views.monthly_view import OpenedMonth


def checked_heads() -> tuple[str, ...]:
    """Name the columns of `checked_rows`, and that of what speaks against a figure."""
    return (_("Cifra"), _("Luna trecută"), _("Acum"), _("Diferența"), _("De verificat"))


def checked_rows(
    checked: Sequence[CheckedFigure], counted: Mapping[str, int]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Write figures beside those of the month before: name, before, now, difference; and what speaks against each.

    counted: what cases count of them, by code: said beside the name.
    """
    return [
        (
            (
                " · ".join(filter(None, (_(each.bound.name), origin_words(each.bound.code, each.now, counted)))),
                figure_words(each.bound.code, each.before),
                figure_words(each.bound.code, each.now),
                "" if each.bound.is_yes_no or each.difference is None else signed(each.difference),
            ),
            tuple(words for words in (each.contradiction, each.warning) if words),
        )
        for each in checked
    ]


def figure_words(code: str, value: float | None) -> str:
    """Write a figure as it was entered: yes or no where only that can be said, a dash where nothing was."""
    if value is None:
        return "–"
    known = indicators()
    return entered_words(known[code], value) if code in known else number(value)


def said_yes(unsure: Sequence[CheckedFigure]) -> str:
    """Word the yes to figures that changed much."""
    names = ", ".join(_(each.bound.name) for each in unsure)
    return _("Da, am verificat și cifrele sunt bune: {names}").format(names=names)


def checked_known(opened: OpenedMonth) -> list[CheckedFigure]:
    """Put the figures that were filed beside those of the month before."""
    return check_figures(opened.known, opened.before, bounds("community"))
