"""Local knowledge on plain pages: the list with its steps, the form, the calendar as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from api.forms.form_fields import FieldError
from api.forms.local_form import LocalForm
from api.http import page_frame
from api.plain.search_page import listed_needs, own_place
from core.errors import MapError, NotAllowedError
from core.exporting import csv_bytes
from core.i18n import _
from referrals.local import local_intake, local_lists

if TYPE_CHECKING:
    from api.forms.needs_form import NeedsForm
    from api.http.request_view import RequestView
    from referrals.local.local_intake import LocalTyped
    from referrals.local.local_lists import LocalLine

ADDRESS = "/simplu/local"
_BAD = 400


@dataclass(frozen=True)
class LocalCard:
    """One entry with its buttons: (step, what it says)."""

    line: LocalLine
    buttons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LocalFields:
    """The form as it was filled in so far. listed: needs to choose from, by groups. errors: by the field's name."""

    typed: LocalTyped
    needs: NeedsForm
    listed: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    errors: dict[str, FieldError]


def show_list(view: RequestView, *, done: str = "") -> Response:
    """List what teams of the county know, each entry with the steps that this actor may take."""
    found = local_lists.lines(view.directory, actor=view.actor)
    cards = [
        LocalCard(line, tuple((step, local_lists.step_label(step)) for step in line.steps))
        for line in found[: local_lists.MOST_SHOWN]
    ]
    return page_frame.page(
        view,
        "local.html",
        done=done,
        cards=cards,
        more=len(found) - len(cards),
        may_add=local_intake.may_add(view.actor),
    )


def show_form(
    view: RequestView, *, alert: str = "", errors: dict[str, FieldError] | None = None, status: int = 200
) -> Response:
    """Show the form of an entry, with what was typed and what is wrong with each field."""
    if not local_intake.may_add(view.actor):
        raise NotAllowedError(_("Rolul dumneavoastră nu permite această acțiune."))
    form = LocalForm.parse(view.fields)
    fields = LocalFields(form.typed, form.needs, listed_needs(), errors or {})
    place = form.typed.place or own_place(view)
    return page_frame.page(view, "local_form.html", status=status, alert=alert, f=fields, place=place)


def add(view: RequestView) -> Response:
    """Add an entry; what is wrong with a field is said at the field, the rest above the form, which stays filled."""
    form = LocalForm.parse(view.fields)
    errors = form.errors(view.directory, near=view.own_county) if local_intake.may_add(view.actor) else {}
    if errors or form.needs.error is not None:
        return show_form(view, alert=_("Corectați câmpurile marcate mai jos."), errors=errors, status=_BAD)
    try:
        made = local_intake.add(view.directory, form.typed, actor=view.actor)
    except NotAllowedError:
        raise
    except MapError as error:
        return show_form(view, alert=str(error), status=_BAD)
    text = _("Resursa {n} apare de acum în răspunsuri, ca neverificată, până o verifică unitatea județeană.").format(
        n=made.entry_id
    )
    return show_list(view.anew(), done=text)


def step(view: RequestView) -> Response:
    """Take a step with an entry and come back to the list."""
    number = int(str(view.request.path_params["entry"]))
    local_intake.do_step(view.directory, number, view.fields.text("pas", 12), actor=view.actor)
    return RedirectResponse(ADDRESS, 303)


def calendar_csv(view: RequestView) -> Response:
    """Return the days on which something comes to the county, as CSV that a spreadsheet opens."""
    table = local_lists.calendar_table(view.directory, actor=view.actor)
    where = {"Content-Disposition": 'attachment; filename="calendar.csv"'}
    return Response(csv_bytes(table), media_type="text/csv; charset=utf-8", headers=where)
