"""The form of a monthly report a group at a time: which group is shown, and what is wrong beside its field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _
from reports.indicators.indicators import bounds
from reports.views.figures_import import required

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from referrals.monthly.figure_checks import Bound
    from reports.views.monthly_view import OpenedMonth

ALL = 0  # instead of the number of a group: all of them on one page


def field_faults(opened: OpenedMonth) -> dict[str, str]:
    """Say of each field without which, or with which, the report cannot be checked what is to be done about it.

    Parameters
    ----------
    opened
        The month with what was typed.

    Returns
    -------
    dict
        Words by code of the figure, in the order of the fields.
    """
    asked, found = set(required()), {}
    for code, bound in bounds("community").items():
        value = opened.typed.get(code)
        if value is None:
            if code in asked:
                found[code] = _("Alegeți „Da” sau „Nu”.") if bound.is_yes_no else _("Scrieți cifra; poate fi și 0.")
        elif not bound.least <= value <= bound.most:
            found[code] = _("Valoarea este între {least} și {most}.").format(least=bound.least, most=bound.most)
    return found


def group_of(groups: Sequence[tuple[str, Sequence[Bound]]], codes: Collection[str]) -> int:
    """Return the number of the first group with a field among `codes`; the first group where there is none."""
    for number, (_title, some) in enumerate(groups, start=1):
        if any(bound.code in codes for bound in some):
            return number
    return 1


def progress_words(number: int, groups: Sequence[object]) -> str:
    """Return in words which of the groups one is.

    >>> progress_words(2, "abcd")
    '2 din 4'
    """
    return _("{n} din {total}").format(n=number, total=len(groups))
