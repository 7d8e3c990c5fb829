"""„Astăzi” on plain pages: what waits for whoever is signed in, each thing with its action."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from api.forms.question_form import question_fields
from api.http import page_frame
from api.plain import referral_form
from core.i18n import _
from referrals.ledger.lifecycle import TRANSITIONS
from referrals.today import county_today, work_items
from referrals.workflow import county_worklist, field_intake, next_best, worklist
from reports.views.national_today import national_today
from reports.views.today_reports import late_reports, waiting_reports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.http.request_view import RequestView
    from referrals.ledger.lifecycle import Action
    from referrals.today.work_items import WorkItem

ADDRESS = "/simplu/astazi"
TAKEN_BACK, _UNANSWERED = "nota-anulata", "nu-raspunde"  # what an address says was done, beside the steps
WordPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StepButton:
    """One step of an item. carried: what its form sends; reasons: to choose from, none where it needs none."""

    name: str
    words: str
    carried: WordPairs
    is_main: bool
    reasons: WordPairs = ()


@dataclass(frozen=True)
class ItemShown:
    """One thing to do with its buttons.

    next_offers: service, name and words of the next ones, nearest first; carried: the question again.
    """

    item: WorkItem
    steps: tuple[StepButton, ...]
    next_offers: tuple[tuple[str, str, str], ...] = ()
    carried: WordPairs = ()
    key: str = ""

    @property
    def number(self) -> str:
        """Number of the referral."""
        return self.item.referral.referral_id


def show_first(view: RequestView) -> Response:
    """Show what the plain pages begin with: the work of a role, for everybody else the finder."""
    return referral_form.find(view) if view.session is None else show_today(view)


def show_today(view: RequestView) -> Response:
    """Show what waits for the role."""
    if view.actor.role == "team":
        return _team(view)
    return _county(view) if view.actor.role == "county" else _nation(view)


def _team(view: RequestView) -> Response:
    directory, actor = view.directory, view.actor
    every = directory.ledger.list_referrals(actor=actor)
    day = work_items.team_today(directory, every, actor=actor, now=directory.ledger.clock())
    return page_frame.page(
        view,
        "today.html",
        done=(done := _done(view)),
        noted=view.request.query_params["referire"]
        if done and view.request.query_params["facut"] == _UNANSWERED
        else "",
        day=work_items.day_words(directory),
        items=_shown(view, day.items, day.tried),
        reports=waiting_reports(directory, actor=actor),
        open_count=day.open_count,
        closed=day.closed,
        coming=work_items.coming_lines(directory, actor=actor),
        county=actor.county,
    )


def _shown(view: RequestView, items: Sequence[WorkItem], tried: dict[str, frozenset[str]]) -> list[ItemShown]:
    found: list[ItemShown] = []
    sought = work_items.sought_again(items, view.actor)
    for item in items:
        steps = tuple(_button(item, step, is_first=not found) for step in item.steps)
        if item.referral.referral_id not in sought:
            found.append(ItemShown(item, steps))
            continue
        bests = next_best.next_bests(view.directory, item.referral, tried.get(item.referral.case_ref, ()))
        question = question_fields(next_best.question_of(view.directory, item.referral))
        found.append(
            ItemShown(
                item,
                steps,
                next_offers=tuple((o.service_id, o.name, work_items.next_words(o)) for o in bests),
                carried=tuple(question),
                key=secrets.token_urlsafe(12),
            )
        )
    return found


def _button(item: WorkItem, step: Action, *, is_first: bool) -> StepButton:
    carried = (("pas", step), ("cheie", secrets.token_urlsafe(12)), ("inapoi", "1"))
    is_main = is_first and step in ("accept", "start")
    reasons = tuple(work_items.step_reasons(item, step))
    return StepButton(step, work_items.step_words(item, step), carried, is_main, reasons)


def _done(view: RequestView) -> str:
    """Say what was just done, by the address that a step led to."""
    asked = view.request.query_params
    step, number = asked.get("facut", ""), asked.get("referire", "")
    if not number.replace("-", "").isalnum():
        return ""
    if step == TAKEN_BACK:
        return field_intake.call_taken_back()
    if step == _UNANSWERED:
        return _("{number}: am notat că nu a răspuns nimeni.").format(number=number[:20])
    words = worklist.step_done(step) if step in TRANSITIONS and step != "expire" else ""
    return _("{number}: {step}.").format(number=number[:20], step=words) if words else ""


def back_here(number: str, step: str) -> Response:
    """Lead back after a step that was taken here, so that it can be said."""
    return RedirectResponse(f"{ADDRESS}?facut={step}&referire={number}", 303)


def note_unanswered(view: RequestView) -> Response:
    """Note that nobody answered at the service of a referral of the own area."""
    number = str(view.request.path_params["number"]).upper()
    referral = view.directory.ledger.referral(number, actor=view.actor)
    field_intake.note_call(view.directory, referral.service_id, outcome=field_intake.NO_ANSWER, actor=view.actor)
    return back_here(number, _UNANSWERED)


def _county(view: RequestView) -> Response:
    directory, actor = view.directory, view.actor
    every = directory.ledger.list_referrals(actor=actor)
    return page_frame.page(
        view,
        "county_today.html",
        day=work_items.day_words(directory),
        signals=county_worklist.signals(directory, actor=actor),
        work=county_today.county_today(directory, every, actor=actor, now=directory.ledger.clock()),
        reports=waiting_reports(directory, actor=actor),
        late=late_reports(directory, actor=actor),
        coming=work_items.coming_lines(directory, actor=actor),
        county=actor.county,
    )


def _nation(view: RequestView) -> Response:
    return page_frame.page(
        view,
        "national_today.html",
        day=work_items.day_words(view.directory),
        work=national_today(view.directory, actor=view.actor),
    )
