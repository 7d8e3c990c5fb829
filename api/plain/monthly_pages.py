"""The monthly report on plain pages: months with their next step, the form, the check before filing, the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from api.http import page_frame
from core.errors import MapError, NotAllowedError
from core.i18n import _
from referrals.monthly import drafts, monthly_reports
from referrals.monthly.figure_checks import with_named
from reports.documents.report_writing import today
from reports.indicators.indicators import bounds
from reports.indicators.report_data import communities_of
from reports.views import monthly_view
from reports.views.report_views import state_words

if TYPE_CHECKING:
    import pandas as pd

    from api.http.request_view import RequestView
    from reports.views.monthly_view import OpenedMonth

ADDRESS = "/simplu/raport-lunar"
_BAD = 400
_LONGEST = 12  # characters of a figure, its dots and spaces with it


@dataclass(frozen=True)
class FigureField:
    """One field of the form. value: as it is typed, "1" or "0" of what is only yes or no."""

    code: str
    name: str
    hint: str
    value: str
    is_yes_no: bool
    is_marked: bool


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
        heads=monthly_view.checked_heads(),
        rows=monthly_view.checked_rows(monthly_view.checked_known(opened)),
        codes=[(code, _(bound.name)) for code, bound in bounds("community").items()]
        if view.actor.role == "county"
        else [],
        can_accept=opened.state == "filed",
    )


def _form(
    view: RequestView, opened: OpenedMonth, shown: MonthShown, *, done: str = "", alert: str = "", status: int = 200
) -> Response:
    asked = view.request.query_params.get("camp", "")
    marked = list(dict.fromkeys([*opened.marked, *([asked] if asked in bounds("community") else [])]))
    groups = [
        (
            title,
            [
                FigureField(
                    bound.code,
                    _(bound.name),
                    monthly_view.field_hint(bound, opened.before),
                    "" if (value := opened.typed.get(bound.code)) is None else str(value),
                    is_yes_no=bound.is_yes_no,
                    is_marked=bound.code in marked,
                )
                for bound in some
            ],
        )
        for title, some in monthly_view.field_groups(marked)
    ]
    return page_frame.page(view, "monthly_form.html", status=status, done=done, alert=alert, m=shown, groups=groups)


def step(view: RequestView) -> Response:
    """Keep the draft, show the check, file, accept or return; the ledger checks role, area and state."""
    step = view.fields.text("pas", 12)
    opened, shown = _opened(view)
    if step in ("accept", "return"):
        return _decide(view, opened, step)
    if step == "depune":
        return _file(view, opened, shown)
    if step not in ("ciorna", "verifica"):
        return RedirectResponse(shown.address, 303)
    try:
        opened.draft.update(_typed(view, opened))
        _keep(view, opened)
        if step == "ciorna":
            return RedirectResponse(f"{shown.address}?facut=ciorna", 303)
        return _check(view, opened, shown)
    except NotAllowedError:
        raise
    except MapError as error:
        return _form(view, opened, shown, alert=str(error), status=_BAD)


def _typed(view: RequestView, opened: OpenedMonth) -> dict[str, int | None]:
    """Read the fields; what is no whole number is refused with its name, the others stay as they were typed."""
    found: dict[str, int | None] = {}
    for code, bound in bounds("community").items():
        if f"f-{code}" not in view.fields.texts:
            continue
        said = view.fields.text(f"f-{code}", _LONGEST)
        digits = said.replace(".", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
        if digits and not (digits.isascii() and digits.isdigit()):
            opened.draft.update(found)
            raise MonthlyFieldError(_("{name}: am găsit „{found}”; scrieți un număr întreg.").format(
                name=_(bound.name), found=said))  # fmt: skip
        value = int(digits) if digits else None
        if value != opened.known.get(code) or code in opened.draft:
            found[code] = value
    return found


class MonthlyFieldError(MapError, ValueError):
    """A field of a monthly report holds what is no number."""


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
        heads=monthly_view.checked_heads(),
        rows=monthly_view.checked_rows(checked),
        wrong=[each.contradiction for each in checked if each.contradiction],
        yes=monthly_view.said_yes(unsure) if unsure else "",
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
    ledger, said = view.directory.ledger, (opened.county, opened.uat, opened.month)
    if step == "accept":
        monthly_reports.accept(ledger, *said, actor=view.actor)
    else:
        known = bounds("community")
        wrong = [code for code in view.fields.all("cifra") if code in known]
        remark = with_named(wrong, view.fields.text("observatii", 300), known)
        monthly_reports.send_back(ledger, *said, remark, actor=view.actor)
    return RedirectResponse(f"{ADDRESS}?facut={step}&uat={opened.uat}&luna={opened.month}", 303)
