"""The monthly report on plain pages: months with their next step, the form, the check before filing, the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from api.forms.form_fields import FieldError
from api.http import page_frame
from core.errors import MapError, NotAllowedError
from core.i18n import _
from referrals.monthly import drafts, monthly_reports
from referrals.monthly.figure_checks import with_named
from reports.documents.report_writing import today
from reports.indicators.indicators import bounds
from reports.indicators.report_data import communities_of
from reports.views import monthly_check, monthly_steps, monthly_view
from reports.views.report_views import state_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from api.http.request_view import RequestView
    from referrals.monthly.figure_checks import Bound
    from reports.views.monthly_view import OpenedMonth

ADDRESS = "/simplu/raport-lunar"
_BAD = 400
_GROUP = re.compile(r"grupa-([0-9])")
_LONGEST = 12  # characters of a figure, its dots and spaces with it


@dataclass(frozen=True)
class FigureField:
    """One field of the form.

    value: as it is typed, "1" or "0" of what is only yes or no; error: what is wrong with it, or none.
    """

    code: str
    name: str
    hint: str
    value: str
    is_yes_no: bool
    is_marked: bool
    error: FieldError | None = None


@dataclass(frozen=True)
class FigureGroup:
    """A group of fields, a page of its own on a phone. progress: which one it is, "2 din 4"."""

    number: int
    title: str
    progress: str
    fields: list[FigureField]


@dataclass(frozen=True)
class FormSteps:
    """Which group a phone shows.

    here, last: numbers of groups, `here` is 0 where all are shown; is_ready: every figure is there, so the check is
    offered on each of them; mark: the figure that the check led back to, or blank.
    """

    here: int
    last: int
    is_ready: bool
    mark: str


@dataclass(frozen=True)
class MonthShown:
    """A month as its pages show it."""

    address: str
    name: str
    label: str
    state: str
    remark: str
    due: str


def show_list(view: RequestView, *, done: str = "") -> Response:
    """List the months, each with its one button."""
    mine = _communities(view)
    ledger = view.directory.ledger
    months = monthly_view.report_months(ledger, day=today())
    lines = monthly_view.month_lines(ledger, mine, months, actor=view.actor, day=today())
    return page_frame.page(view, "monthly_list.html", done=done or _done(view, mine), address=ADDRESS, lines=lines)


def _done(view: RequestView, mine: pd.DataFrame) -> str:
    step, month = view.request.query_params.get("facut", ""), view.request.query_params.get("luna", "")
    if step == "depus" and month in monthly_view.report_months(view.directory.ledger, day=today()):
        return monthly_view.filed_words(month)
    if step in ("accept", "return") and monthly_view.is_month(view.directory.ledger, month):
        _county, _uat, name = monthly_view.community_of(mine, view.request.query_params.get("uat", ""))
        return monthly_view.decided_words(name, month, is_accepted=step == "accept")
    return ""


def _communities(view: RequestView) -> pd.DataFrame:
    if view.actor.role not in ("team", "county"):
        raise NotAllowedError(_("Rolul dumneavoastră nu permite această acțiune."))
    return monthly_view.communities_of_actor(communities_of(view.directory), view.actor)


def _opened(view: RequestView) -> tuple[OpenedMonth, MonthShown]:
    """Read the month that the address names, of a community of who asks."""
    path = view.request.path_params
    county, uat, name = monthly_view.community_of(_communities(view), str(path["uat"]))
    month = str(path["month"])
    opened = monthly_view.open_month(view.directory.ledger, county, uat, month, actor=view.actor)
    shown = MonthShown(
        address=f"{ADDRESS}/{uat}/{month}",
        name=name,
        label=opened.label,
        state=state_words(opened.state),
        remark=opened.remark if opened.state == "returned" else "",
        due=monthly_view.due_words(month),
    )
    return opened, shown


def show_month(view: RequestView) -> Response:
    """Show the form of a month, or its figures where it is filed or accepted."""
    opened, shown = _opened(view)
    if opened.is_open:
        kept = _("Ciorna este păstrată.") if view.request.query_params.get("facut") == "ciorna" else ""
        return _form(view, opened, shown, done=kept)
    return page_frame.page(
        view,
        "monthly_month.html",
        m=shown,
        heads=monthly_check.checked_heads(),
        rows=monthly_check.checked_rows(monthly_check.checked_known(opened), opened.counted),
        codes=[(code, _(bound.name)) for code, bound in bounds("community").items()]
        if view.actor.role == "county"
        else [],
        can_accept=opened.state == "filed",
    )


def _form(
    view: RequestView,
    opened: OpenedMonth,
    shown: MonthShown,
    *,
    done: str = "",
    alert: str = "",
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    mark = _mark(view)
    marked = list(dict.fromkeys([*opened.marked, *([mark] if mark else [])]))
    groups = monthly_view.field_groups(marked)
    asked = view.request.query_params.get("grupa", "")
    here = monthly_steps.group_of(groups, faults or ())
    if asked.isascii() and asked.isdigit() and int(asked[:2]) <= len(groups):
        here = int(asked[:2])
    return page_frame.page(
        view, "monthly_form.html", status=status, done=done, alert=alert, m=shown,
        groups=[
            FigureGroup(
                number, title, monthly_steps.progress_words(number, groups),
                [_field(view, opened, bound, faults or {}, is_marked=bound.code in marked) for bound in some],
            )
            for number, (title, some) in enumerate(groups, start=1)
        ],
        steps=FormSteps(here, len(groups), is_ready=not monthly_steps.field_faults(opened), mark=mark),
    )  # fmt: skip


def _mark(view: RequestView) -> str:
    """Return the code of the figure that the check led back to; blank where there is none."""
    asked = view.request.query_params.get("camp", "") or view.fields.text("camp", _LONGEST)
    return asked if asked in bounds("community") else ""


def _field(
    view: RequestView, opened: OpenedMonth, bound: Bound, faults: Mapping[str, str], *, is_marked: bool
) -> FigureField:
    name, value = f"f-{bound.code}", opened.typed.get(bound.code)
    words = "" if value is None else str(value)
    if bound.code in faults and name in view.fields.texts:
        words = view.fields.text(name, _LONGEST)  # as it was typed, to be set right
    return FigureField(
        bound.code, _(bound.name), monthly_view.field_hint(bound, opened, value), words,
        is_yes_no=bound.is_yes_no, is_marked=is_marked,
        error=FieldError(name, faults[bound.code]) if bound.code in faults else None,
    )  # fmt: skip


def step(view: RequestView) -> Response:
    """Keep the draft, show a group or the check, file, accept or return; the ledger checks role, area and state."""
    step = view.fields.text("pas", 12)
    opened, shown = _opened(view)
    if step in ("accept", "return"):
        return _decide(view, opened, step)
    if step == "depune":
        return _file(view, opened, shown)
    group = _GROUP.fullmatch(step)
    if step in ("ciorna", "verifica") or group:
        return _take_typed(view, opened, shown, is_check=step == "verifica", group=group[1] if group else "")
    return RedirectResponse(shown.address, 303)


def _take_typed(view: RequestView, opened: OpenedMonth, shown: MonthShown, *, is_check: bool, group: str) -> Response:
    """Keep what was typed as the draft, then show the check, a group of the form, or the form with what is wrong."""
    typed, faults = _typed(view, opened)
    opened.draft.update(typed)
    try:
        _keep(view, opened)
        if is_check and not faults:
            return _check(view, opened, shown)
    except NotAllowedError:
        raise
    except MapError as error:
        faults = monthly_steps.field_faults(opened)
        return _form(view, opened, shown, alert=str(error), faults=faults, status=_BAD)
    if faults:
        return _form(view, opened, shown, alert=" ".join(faults.values()), faults=faults, status=_BAD)
    return _go_on(view, shown, group)


def _go_on(view: RequestView, shown: MonthShown, group: str) -> Response:
    """Lead to a group of the form by its number, or say that the draft is kept."""
    if not group:
        return RedirectResponse(f"{shown.address}?facut=ciorna", 303)
    mark = f"&camp={code}" if (code := _mark(view)) else ""
    return RedirectResponse(f"{shown.address}?grupa={group}{mark}#grupa-{group}", 303)


def _typed(view: RequestView, opened: OpenedMonth) -> tuple[dict[str, int | None], dict[str, str]]:
    """Read the fields; beside them what is wrong with those that hold no whole number."""
    found: dict[str, int | None] = {}
    faults: dict[str, str] = {}
    for code, bound in bounds("community").items():
        if f"f-{code}" not in view.fields.texts:
            continue
        text = view.fields.text(f"f-{code}", _LONGEST)
        digits = text.replace(".", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
        if digits and not (digits.isascii() and digits.isdigit()):
            faults[code] = _("{name}: am găsit „{found}”; scrieți un număr întreg.").format(
                name=_(bound.name), found=text
            )
            continue
        value = int(digits) if digits else None
        if value != opened.undrafted.get(code) or code in opened.draft:
            found[code] = value
    return found, faults


def _keep(view: RequestView, opened: OpenedMonth) -> None:
    drafts.save_draft(
        view.directory.ledger, opened.county, opened.uat, opened.month, opened.draft,
        actor=view.actor, bounds=bounds("community"),
    )  # fmt: skip


def _check(
    view: RequestView, opened: OpenedMonth, shown: MonthShown, *, alert: str = "", status: int = 200
) -> Response:
    checked = monthly_view.check_typed(view.directory.ledger, opened, actor=view.actor)
    unsure = [each for each in checked if each.warning]
    doubted = [each for each in checked if each.contradiction or each.warning]
    return page_frame.page(
        view,
        "monthly_check.html",
        status=status,
        alert=alert,
        m=shown,
        heads=monthly_check.checked_heads(),
        rows=monthly_check.checked_rows(checked, opened.counted),
        wrong=[each.contradiction for each in checked if each.contradiction],
        yes=monthly_check.said_yes(unsure) if unsure else "",
        # The yes is to the values that were shown: one that was changed meanwhile needs another.
        seen=[("vazut", f"{each.bound.code}:{each.now}") for each in unsure],
        changes=[(f"{shown.address}?camp={each.bound.code}", _(each.bound.name)) for each in doubted],
    )


def _file(view: RequestView, opened: OpenedMonth, shown: MonthShown) -> Response:
    confirmed: dict[str, int] = {}
    if view.fields.is_ticked("da"):
        for code, _colon, value in (said.partition(":") for said in view.fields.all("vazut")):
            if code in bounds("community") and value.isascii() and value.isdigit():
                confirmed[code] = int(value[:_LONGEST])
    try:
        monthly_view.file_typed(view.directory.ledger, opened, confirmed, actor=view.actor)
    except NotAllowedError:
        raise
    except MapError as error:
        if not opened.is_open:
            raise
        return _check(view, opened, shown, alert=str(error), status=_BAD)
    return RedirectResponse(f"{ADDRESS}?facut=depus&luna={opened.month}", 303)


def _decide(view: RequestView, opened: OpenedMonth, step: str) -> Response:
    ledger, items = view.directory.ledger, (opened.county, opened.uat, opened.month)
    if step == "accept":
        monthly_reports.accept(ledger, *items, actor=view.actor)
    else:
        known = bounds("community")
        wrong = [code for code in view.fields.all("cifra") if code in known]
        remark = with_named(wrong, view.fields.text("observatii", 300), known)
        monthly_reports.send_back(ledger, *items, remark, actor=view.actor)
    return RedirectResponse(f"{ADDRESS}?facut={step}&uat={opened.uat}&luna={opened.month}", 303)
