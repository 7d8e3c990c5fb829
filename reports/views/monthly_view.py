"""What both kinds of pages say of monthly reports: months with their next step, the form in groups, what is typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from cases.figures.case_figures import keep_filed
from core.errors import UnknownCodeError
from core.i18n import _, number
from providers.local.visit_days import day_in_words
from referrals.monthly import drafts, figure_entry, monthly_reports
from referrals.monthly.figure_checks import BadFigureError, named_figures, refuse_missing
from referrals.monthly.figure_entry import Figure
from referrals.workflow.worklist import moment_words
from reports.indicators.indicators import bounds, indicators
from reports.indicators.period import months_between, parse_period
from reports.views import monthly_counts
from reports.views.figures_import import due_on, queue, required
from reports.views.report_views import state_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from referrals.ledger.ledger import Ledger
    from referrals.monthly.figure_checks import Bound, CheckedFigure
    from referrals.records.vocabulary import Actor

MONTHS_BACK = 6


@dataclass(frozen=True)
class MonthLine:
    """A month of a community and what is to be done with it.

    state, due, button: in words; is_main: it waits for who looks at it; remark: why it was returned.
    """

    uat: int
    name: str
    month: str
    label: str
    state: str
    due: str
    is_late: bool
    remark: str
    button: str
    is_main: bool


@dataclass(frozen=True)
class OpenedMonth:
    """A month that is looked at or typed.

    Attributes
    ----------
    county, uat, month
        Which one.
    state, remark
        `missing`, `filed`, `returned` or `accepted`; what the county unit wrote when it returned it.
    known, before
        Figures in force of the month and of the one before, by code.
    draft
        What was typed since and is not filed; None = emptied.
    counted
        What the cases of the community count, by code; of a filed month as they were then (`monthly_counts`).
    from_cases
        Codes of the figures in force that were counted, not typed.
    """

    county: str
    uat: int
    month: str
    state: str
    remark: str
    known: dict[str, int]
    before: dict[str, int]
    draft: dict[str, int | None]
    counted: dict[str, int] = field(default_factory=dict)
    from_cases: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """The month in words."""
        return parse_period(self.month).label()

    @property
    def is_open(self) -> bool:
        """Whether figures can be typed."""
        return self.state in ("missing", "returned")

    @property
    def marked(self) -> list[str]:
        """Codes of the figures that the county unit returned it for."""
        return named_figures(self.remark, bounds("community")) if self.state == "returned" else []

    @property
    def typed(self) -> dict[str, int | None]:
        """The figures as they would be filed: what was typed stays, the rest is counted where cases count it."""
        emptied = {code: self.counted.get(code) if value is None else value for code, value in self.draft.items()}
        return {**self.undrafted, **emptied}

    @property
    def undrafted(self) -> dict[str, int | None]:
        """The figures before the draft."""
        typed = {code: value for code, value in self.known.items() if code not in self.from_cases}
        return {**self.known, **self.counted, **typed}

    def figures(self) -> list[Figure]:
        """Return what is typed, and what is known and was emptied."""
        return [
            Figure(self.county, self.uat, self.month, code, self.typed.get(code), self._source(code))
            for code in bounds("community")
            if self.typed.get(code) is not None or code in self.known
        ]

    def _source(self, code: str) -> str:
        is_counted = code in self.counted and self.typed.get(code) == self.counted[code]
        return monthly_counts.FROM_CASES if is_counted else ""


def report_months(ledger: Ledger, *, day: date) -> list[str]:
    """List the months of which reports are asked for: the last ones that are over, since something was said at all."""
    last = figure_entry.month_before(f"{day:%Y-%m}")
    first = min(monthly_reports.first_month(ledger) or last, last)
    return months_between(first, last)[-MONTHS_BACK:]


def month_lines(
    ledger: Ledger, mine: pd.DataFrame, months: Sequence[str], *, actor: Actor, day: date
) -> list[MonthLine]:
    """List months of communities, what waits for the actor first, then the latest; accepted ones for a team only.

    Parameters
    ----------
    ledger
        Where reports are kept.
    mine
        `uat_siruta`, `name`, `county` of the communities.
    months
        The months, as `report_months` lists them.
    actor
        A team or a county unit.
    day
        The day; a report is late after its own.

    Returns
    -------
    list of MonthLine
        With one step each.
    """
    filed = monthly_reports.reports(ledger, actor=actor)
    waiting = queue(mine, filed, list(months), day=day)
    lines = [
        _line(row, str(row["waits_for"]), actor, state=str(row["state"]), is_late=bool(row["is_late"]))
        for row in waiting.to_dict("records")
    ]
    if actor.role == "team":
        done = filed[(filed["state"] == "accepted") & filed["month"].isin(months)]
        done = done.merge(mine[["uat_siruta", "name"]], on="uat_siruta")
        lines += [
            _line(row, "", actor, state=state_words("accepted"), is_late=False) for row in done.to_dict("records")
        ]
        return sorted(lines, key=lambda line: line.month, reverse=True)
    return sorted(lines, key=lambda line: not line.is_main)


def _line(row: dict[Any, Any], waits_for: str, actor: Actor, *, state: str, is_late: bool) -> MonthLine:
    month, remark = str(row["month"]), str(row["remark"] or "")
    is_mine = waits_for == actor.role
    button = _("Vedeți")
    if is_mine:
        button = _("Verificați") if actor.role == "county" else _("Corectați") if remark else _("Completați")
    if waits_for == "county" and pd.notna(filed_at := row.get("filed_at")):
        state = _("depus la {moment}").format(moment=moment_words(filed_at))
    return MonthLine(
        uat=int(str(row["uat_siruta"])),
        name=str(row["name"]),
        month=month,
        label=parse_period(month).label(),
        state=state,
        due=_("termen: {day}").format(day=due_words(month)) if waits_for == "team" else "",
        is_late=is_late,
        remark=remark,
        button=button,
        is_main=is_mine,
    )


def is_month(ledger: Ledger, month: str) -> bool:
    """Whether a text names a month that has begun: its report can be opened."""
    try:
        figure_entry.require_month(ledger, month)
    except BadFigureError:
        return False
    return True


def due_words(month: str) -> str:
    """Say with its weekday until when the report of a month is to be filed."""
    last = due_on(month)
    return f"{day_in_words(last)} {last.year}"


def open_month(ledger: Ledger, county: str, uat: int, month: str, *, actor: Actor) -> OpenedMonth:
    """Read a month of a community as it is looked at or typed.

    Parameters
    ----------
    ledger
        Where it is kept.
    county, uat, month
        Which one.
    actor
        Who looks; the ledger decides what that role may read.

    Returns
    -------
    OpenedMonth
        With the draft of this role, where figures can be typed.

    Raises
    ------
    BadFigureError
        For what is no month, or one that has not begun.
    NotAllowedError
        Where the actor may not read there.
    """
    figure_entry.require_month(ledger, month)
    reports = monthly_reports.reports(ledger, actor=actor, county=county)
    report = reports[(reports["uat_siruta"] == uat) & (reports["month"] == month)]
    state = str(report["state"].iloc[0]) if len(report) else "missing"
    figures = monthly_reports.figures(ledger, actor=actor, county=county)
    figures = figures[figures["uat_siruta"] == uat]
    draft: dict[str, int | None] = {}
    if state in ("missing", "returned"):
        draft = drafts.load_draft(ledger, county, uat, month, actor=actor, bounds=bounds("community"))
    return OpenedMonth(
        county,
        uat,
        month,
        state,
        str(report["remark"].iloc[0] or "") if len(report) else "",
        _by_code(figures, month),
        _by_code(figures, figure_entry.month_before(month)),
        draft,
        monthly_counts.counted_month(ledger, county, uat, month, actor=actor),
        frozenset(_by_code(figures[figures["source"] == monthly_counts.FROM_CASES], month)),
    )


def _by_code(figures: pd.DataFrame, month: str) -> dict[str, int]:
    of_month = figures[figures["month"] == month]
    return {str(code): int(value) for code, value in zip(of_month["indicator"], of_month["value"], strict=True)}


def community_of(mine: pd.DataFrame, code: str) -> tuple[str, int, str]:
    """Return county, SIRUTA and name of one of the communities; UnknownCodeError for another."""
    found = mine[mine["uat_siruta"].astype("str") == code]
    if found.empty:
        raise UnknownCodeError(_("„{code}” nu este o comunitate a dumneavoastră din listă.").format(code=code[:20]))
    row = found.iloc[0]
    return str(row["county"]), int(row["uat_siruta"]), str(row["name"])


def communities_of_actor(communities: pd.DataFrame, actor: Actor) -> pd.DataFrame:
    """Keep the communities of the list whose reports a team or a county unit works on."""
    column, value = ("county", actor.county) if actor.role == "county" else ("uat_siruta", actor.uat_siruta)
    return communities[communities[column] == value].reset_index(drop=True)


def field_groups(marked: Sequence[str]) -> list[tuple[str, list[Bound]]]:
    """Group the fields as the indicators are, what is to be corrected first."""
    known = bounds("community")
    first = [known[code] for code in dict.fromkeys(marked) if code in known]
    rest = [bound for code, bound in known.items() if code not in marked]
    groups = [(_(name), list(some)) for name, some in groupby(rest, lambda bound: indicators()[bound.code].group)]
    return [(_("De corectat"), first), *groups] if first else groups


def field_hint(bound: Bound, opened: OpenedMonth, value: int | None) -> str:
    """Return in words what a figure counts from, what it was the month before, and what cases count of it.

    value: as it is typed; None = nothing is.
    """
    before, from_cases = opened.before, monthly_counts.origin_words(bound.code, value, opened.counted)
    value = before.get(bound.code)
    last = "–" if value is None else {1: _("da"), 0: _("nu")}[value] if bound.is_yes_no else number(value)
    since = _("total, de la începutul proiectului") if bound.is_total else _("în ultima zi a lunii")
    words = _("{since} · luna trecută: {value}").format(since=since, value=last)
    return f"{words} · {from_cases}" if from_cases else words


def check_typed(ledger: Ledger, opened: OpenedMonth, *, actor: Actor) -> list[CheckedFigure]:
    """Hold what is typed to the rules of a report; BadFigureError where a figure is missing or cannot be."""
    figures = opened.figures()
    found = figure_entry.check(ledger, figures, bounds("community"), actor=actor)
    refuse_missing({each.indicator: each.value for each in figures}, required(), bounds("community"))
    return found[(opened.uat, opened.month)]


def file_typed(ledger: Ledger, opened: OpenedMonth, confirmed: Mapping[str, int], *, actor: Actor) -> str:
    """Enter what is typed and file the month; say what comes next.

    Parameters
    ----------
    ledger
        Where it goes.
    opened
        The month with what was typed.
    confirmed
        Values that differ much from the month before and to which yes was said, by code.
    actor
        Who files; the ledger decides what that role may.

    Returns
    -------
    str
        One sentence: who answers, and when the report was due.

    Raises
    ------
    BadFigureError
        As `referrals.monthly.monthly_reports.file`.
    NotAllowedError
        Where the actor may not file for this community.
    WrongStateError
        Where it is filed or accepted already.
    """
    known = bounds("community")
    figure_entry.enter(ledger, opened.figures(), known, actor=actor, confirmed={(opened.uat, opened.month): confirmed})
    monthly_reports.file(
        ledger, opened.county, opened.uat, opened.month, actor=actor,
        bounds=known, required=required(), confirmed=confirmed,
    )  # fmt: skip
    keep_filed(ledger, opened.uat)
    return filed_words(opened.month)


def month_title(name: str, month: str) -> str:
    """Name the report of a month of a community."""
    return _("{name}, raportul pe {month}").format(name=name, month=parse_period(month).label())


def decided_words(name: str, month: str, *, is_accepted: bool) -> str:
    """Say of which report it was decided, and how."""
    words = _("{report}: acceptat.") if is_accepted else _("{report}: returnat pentru corectare.")
    return words.format(report=month_title(name, month))


def filed_words(month: str) -> str:
    """Return in words that a month is filed, and what comes next."""
    return _("Depus: raportul pe {month}. Unitatea județeană răspunde; termenul depunerii este {day}.").format(
        month=parse_period(month).label(), day=due_words(month)
    )
