"""What a month's figures are held to before they are filed: each other, and the figures of the month before.

A contradiction is between figures of the same month (more plans than assessments); it is refused. A warning is a
change against the month before that is seldom true; whoever files says yes to the value that was shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.i18n import _, number
from core.text import fold
from referrals.records.ledger_errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CHANGE = 0.3  # of the month before: a greater change is asked about
LEAST_CHANGE = 5  # persons or papers: two more in a village are a third, and no mistake
_STEM = 5  # letters by which "planurilor" is read as "planuri"
_MOST_NAMED = 3  # words that fit more figures than these name none


class BadFigureError(LedgerError, ValueError):
    """A monthly figure is outside its bounds, of an unknown indicator, or of a month that is not over."""


class ContradictoryFiguresError(BadFigureError):
    """Figures of one month cannot all be true."""


class UnconfirmedFiguresError(BadFigureError):
    """Figures changed much against the month before, and nobody said yes to them."""


@dataclass(frozen=True)
class Bound:
    """What a figure may be.

    Attributes
    ----------
    code, name
        Which indicator, and how it is called.
    least, most
        The least and greatest value of one area.
    not_above
        Code of the figure of the same month that it is a part of; blank where there is none.
    is_total
        Whether it counts from the beginning of the project, so that it does not fall; else it is of the month's
        last day.
    """

    code: str
    name: str
    least: int
    most: int
    not_above: str = ""
    is_total: bool = False

    @property
    def is_yes_no(self) -> bool:
        """Whether it counts one thing that is there or not: 1 is yes, 0 is no."""
        return (self.least, self.most) == (0, 1)


@dataclass(frozen=True)
class CheckedFigure:
    """A figure beside that of the month before, and what speaks against it in words; None where none was said."""

    bound: Bound
    before: int | None
    now: int | None
    contradiction: str = ""
    warning: str = ""

    @property
    def difference(self) -> int | None:
        """How much more it is than the month before; None where one of them is not known."""
        return None if self.before is None or self.now is None else self.now - self.before


def check_figures(
    now: Mapping[str, int | None], before: Mapping[str, int | None], bounds: Mapping[str, Bound]
) -> list[CheckedFigure]:
    """Hold the figures of a month to each other and to those of the month before.

    Parameters
    ----------
    now, before
        Figures of the month and of the one before it, by code of the indicator; None or missing = not said.
    bounds
        The indicators in the order in which they are shown.

    Returns
    -------
    list of CheckedFigure
        One a bound. What was not said is neither a contradiction nor a warning.

    Examples
    --------
    >>> known = {"BEN": Bound("BEN", "Persoane", 0, 900), "PLAN": Bound("PLAN", "Planuri", 0, 900, "BEN")}
    >>> found = check_figures({"BEN": 292, "PLAN": 999}, {"BEN": 290, "PLAN": 277}, known)
    >>> [(each.difference, bool(each.contradiction), bool(each.warning)) for each in found]
    [(2, False, False), (722, True, True)]
    """
    return [
        CheckedFigure(
            bound,
            before.get(code),
            now.get(code),
            contradiction=_contradiction(bound, now, bounds),
            warning=_warning(bound, now.get(code), before.get(code)),
        )
        for code, bound in bounds.items()
    ]


def _contradiction(bound: Bound, now: Mapping[str, int | None], bounds: Mapping[str, Bound]) -> str:
    """Say of which figure there is more than of the whole that it is part of; up the chain, where a link is unsaid."""
    value, whole = now.get(bound.code), bounds.get(bound.not_above)
    while value is not None and whole is not None:
        most = now.get(whole.code)
        if most is not None and value > most:
            return _("{name}: {found}, mai multe decât „{whole}” ({most}).").format(
                name=_(bound.name), found=number(value), whole=_(whole.name), most=number(most)
            )
        whole = bounds.get(whole.not_above)
    return ""


def _warning(bound: Bound, now: int | None, before: int | None) -> str:
    if now is None or before is None or now == before:
        return ""
    values = {"name": _(bound.name), "before": number(before), "now": number(now)}
    if bound.is_total and now < before:
        return _("{name}: {before} luna trecută, {now} acum; un total de la începutul proiectului nu scade.").format(
            **values
        )
    if abs(now - before) >= LEAST_CHANGE and abs(now - before) > CHANGE * before:
        return _("{name}: {before} luna trecută, {now} acum; diferența este mai mare de {percent}.").format(
            **values, percent=f"{100 * CHANGE:.0f}\N{NO-BREAK SPACE}%"
        )
    return ""


def refuse_missing(now: Mapping[str, int | None], required: Iterable[str], bounds: Mapping[str, Bound]) -> None:
    """Refuse a report without its figures: BadFigureError names those that are missing."""
    missing = [code for code in required if now.get(code) is None]
    if missing:
        names = ", ".join(_(bounds[code].name) if code in bounds else code for code in missing)
        raise BadFigureError(
            _("Raportul nu poate fi depus; cifre care lipsesc: {n} ({codes}).").format(n=len(missing), codes=names)
        )


def refuse_unlikely(checked: Iterable[CheckedFigure], *, confirmed: Mapping[str, int], where: str = "") -> None:
    """Refuse figures that contradict each other, and those that changed much unless somebody said yes to them.

    Parameters
    ----------
    checked
        What `check_figures` returned.
    confirmed
        The values to which yes was said, by code: one that was changed since needs another yes.
    where
        Which community and month it is about, where several came together.

    Raises
    ------
    ContradictoryFiguresError
        Naming every contradiction.
    UnconfirmedFiguresError
        Naming every warning without its yes.
    """
    figures = list(checked)
    if wrong := [each.contradiction for each in figures if each.contradiction]:
        raise ContradictoryFiguresError(" ".join([where, *wrong]).strip())
    unsure = [each.warning for each in figures if each.warning and confirmed.get(each.bound.code) != each.now]
    if unsure:
        advice = _("Corectați cifrele sau confirmați că sunt bune.")
        raise UnconfirmedFiguresError(" ".join([where, *unsure, advice]).strip())


def named_figures(remark: str, bounds: Mapping[str, Bound]) -> list[str]:
    """Return which figures a remark is about: those that it names whole, else those whose first word it has.

    Parameters
    ----------
    remark
        What a county unit wrote.
    bounds
        The indicators.

    Returns
    -------
    list of str
        Their codes, in the order of `bounds`; none where the words fit more than three.

    Examples
    --------
    >>> known = {"EVAL": Bound("EVAL", "Evaluări făcute", 0, 9), "PLAN": Bound("PLAN", "Planuri făcute", 0, 9)}
    >>> named_figures("Verificați numărul planurilor.", known)
    ['PLAN']
    """
    text = fold(remark)
    names = {code: (_(bound.name), bound.name) for code, bound in bounds.items()}
    whole = [code for code, both in names.items() if any(fold(name) in text for name in both)]
    if whole:
        return whole
    words = {word[:_STEM] for word in text.replace(".", " ").replace(",", " ").split() if len(word) >= _STEM}
    found = [code for code, bound in bounds.items() if _stem(bound.name) in words]
    return found if len(found) <= _MOST_NAMED else []


def _stem(name: str) -> str:
    return fold(name).replace(":", " ").split()[0][:_STEM]


def with_named(codes: Sequence[str], remark: str, bounds: Mapping[str, Bound]) -> str:
    """Put the names of figures before a remark, so that `named_figures` finds them again."""
    named = ", ".join(bounds[code].name for code in codes)
    return ": ".join(part for part in (named, remark.strip()) if part)
