"""A county unit's desk on plain pages: signals to settle, the queue with filters, providers and their links."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from api.http import page_frame
from api.queue.queue_search import COUNTY_QUEUE, asked_fields, bulk_offered, queue_search, wanted_filter
from core.i18n import _
from core.paging import page_of
from referrals.campaigns import provider_invitations
from referrals.queue import filter_referrals
from referrals.records import roles
from referrals.search_gaps import gap_parts, search_gaps
from referrals.workflow import county_worklist, field_intake
from reports.views.county_queue import queue_workbook

if TYPE_CHECKING:
    import pandas as pd

    from api.http.request_view import RequestView
    from referrals.queue import ReferralFilter
    from referrals.records.vocabulary import Referral

ADDRESS = COUNTY_QUEUE
PROVIDERS = "/simplu/furnizori"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ON_A_PAGE = 25
_LONGEST_AGE = 4  # digits


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def show_worklist(view: RequestView) -> Response:
    """Show what the county unit settles: signals first, then its queue, all rows."""
    asked = asked_fields(view)
    waiting = county_worklist.signals(view.directory, actor=view.actor)
    every, table, wanted = _queue(view)
    found = _kept(view, every, table, wanted)
    page = page_of(len(found), _ON_A_PAGE, asked.text("pagina", 6))
    search = queue_search(view, wanted, every)
    counts = {str(part): int(count) for part, count in table["part"].value_counts().items()}
    text = asked.text("facut", 10)
    return page_frame.page(
        view,
        "county_worklist.html",
        done=_settled_words(text),
        undo=_number(asked.text("semnal", 9)) if text in ("accept", "reject") else 0,
        signals=waiting,
        parts=[
            (f"{ADDRESS}?parte={part}", county_worklist.part_label(part), counts.get(part, 0), part == wanted.part)
            for part in county_worklist.PARTS
        ],
        search=search,
        bulk=bulk_offered() if wanted.part == "open" else None,
        rows=found.iloc[page.rows].to_dict("records"),
        count=len(found),
        gaps=gap_parts(search_gaps(view.directory.ledger, actor=view.actor), view.directory.gazetteer),
        pages=[(search.page_address(n), n, n == page.number) for n in range(1, page.count + 1)],
        xlsx=f"{ADDRESS}.xlsx?{urlencode(search.carried)}",
    )


def _settled_words(step: str) -> str:
    return {
        "accept": _("Semnalul este acceptat."),
        "reject": _("Semnalul este respins."),
        "undo": _("Decizia a fost anulată: semnalul așteaptă din nou."),
    }.get(step, "")


def _queue(view: RequestView) -> tuple[list[Referral], pd.DataFrame, ReferralFilter]:
    # A team may list its own community, not a county.
    roles.require(view.actor, "referral.list", roles.Area(county=view.actor.county))
    every = view.directory.ledger.list_referrals(actor=view.actor)
    wanted = wanted_filter(view)
    return every, county_worklist.queue_table(view.directory, every), replace(wanted, part=wanted.part or "open")


def _kept(view: RequestView, every: list[Referral], table: pd.DataFrame, wanted: ReferralFilter) -> pd.DataFrame:
    now, account = view.directory.ledger.clock(), view.actor.account
    kept = {each.referral_id for each in filter_referrals(every, wanted, now=now, account=account)}
    # Who looks for a number finds it in whichever part it is.
    return county_worklist.filter_queue(table, part="" if wanted.number else wanted.part, kept=kept)


def queue_xlsx(view: RequestView) -> Response:
    """Return the rows that the filters keep as a spreadsheet."""
    content = queue_workbook(_kept(view, *_queue(view)), is_demo=view.home.is_demo)
    where = {"Content-Disposition": 'attachment; filename="coada-judetului.xlsx"'}
    return Response(content, media_type=_XLSX, headers=where)


def settle(view: RequestView) -> Response:
    """Accept or refuse a signal, by the same function as the command; the ledger checks role and county."""
    step = view.fields.text("pas", 10)
    number = int(str(view.request.path_params["report"]))
    if step == "undo":
        field_intake.undo_settling(view.directory, number, actor=view.actor)
        return RedirectResponse(f"{ADDRESS}?facut=undo", 303)
    if step not in ("accept", "reject"):
        return RedirectResponse(ADDRESS, 303)
    field_intake.settle(
        view.directory,
        number,
        accept=step == "accept",
        actor=view.actor,
        value=view.fields.text("valoare", 120) if step == "accept" else "",
    )
    return RedirectResponse(f"{ADDRESS}?facut={step}&semnal={number}", 303)


def show_providers(view: RequestView) -> Response:
    """List the county's providers, those without a fresh report first, each with its button."""
    asked = asked_fields(view)
    words, everybody = asked.text("cauta", 60), bool(asked.text("toti", 1))
    table = county_worklist.providers_table(view.directory, actor=view.actor, words=words, only_old=not everybody)
    page = page_of(len(table), _ON_A_PAGE, asked.text("pagina", 6))
    old = int((~table["is_fresh"]).sum()) if not words else 0
    text = urlencode({"cauta": words, "toti": "1" if everybody else ""})
    return page_frame.page(
        view,
        "county_providers.html",
        words=words,
        everybody=everybody,
        count=len(table),
        rows=[{**row, "report": county_worklist.report_age(row)} for row in table.iloc[page.rows].to_dict("records")],
        pages=[(f"{PROVIDERS}?{text}&pagina={n}", n, n == page.number) for n in range(1, page.count + 1)],
        list_label=provider_invitations.list_label(old) if old else "",
        explained=provider_invitations.explained(),
    )


def make_list(view: RequestView) -> Response:
    """Make a link for each provider without a fresh report and lay them out as a list to print and to send from."""
    after = _number(view.fields.text("dupa", _LONGEST_AGE))
    made = provider_invitations.invite_providers(view.directory, actor=view.actor, origin=view.origin, after=after)
    return page_frame.page(view, "provider_list.html", made=made, explained=provider_invitations.explained())


def make_link(view: RequestView) -> Response:
    """Make a provider's link and show it to be copied into a message."""
    token = county_worklist.make_places_link(view.directory, view.fields.text("serviciu", 120), actor=view.actor)
    words = _("Trimiteți furnizorului această adresă. Cine o are poate raporta locurile serviciului.")
    address = f"{view.origin}/l/{token}"
    return page_frame.page(view, "places_link.html", done=words, address=address)
