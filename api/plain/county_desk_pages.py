"""A county unit's desk on plain pages: signals to settle, the queue with filters, providers and their links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from api.forms.form_fields import Fields
from api.http import page_frame
from core.i18n import _, ngettext
from referrals.campaigns import provider_invitations
from referrals.records import roles
from referrals.search_gaps import gap_parts, search_gaps
from referrals.workflow import county_desk, field_intake, worklist
from reports.views.county_queue import queue_workbook

if TYPE_CHECKING:
    import pandas as pd

    from api.http.request_view import RequestView

ADDRESS = "/simplu/judetul-meu"
PROVIDERS = "/simplu/furnizori"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AGES = (7, 30, 90)
_ON_A_PAGE = 25
_LONGEST_AGE = 4  # digits


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue is asked for; what does not fit the queue leaves nothing out."""

    part: str
    uat: int
    state: str
    need: str
    days: int

    @classmethod
    def parse(cls, fields: Fields) -> QueueFilter:
        """Read the fields of an address."""
        part = fields.text("parte", 10)
        return cls(
            part=part if part in county_desk.PARTS else "open",
            uat=_number(fields.text("comunitate", 6)),
            state=fields.text("stare", 60),
            need=fields.text("nevoie", 120),
            days=_number(fields.text("zile", _LONGEST_AGE)),
        )

    def apply(self, table: pd.DataFrame) -> pd.DataFrame:
        """Keep the rows of a queue that fit."""
        return county_desk.filter_queue(
            table, part=self.part, uat_siruta=self.uat, state=self.state, need=self.need, least_days=self.days
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def show_desk(view: RequestView) -> Response:
    """Show what the county unit settles: signals first, then its queue, all rows."""
    asked = Fields.from_pairs(list(view.request.query_params.multi_items()))
    waiting = county_desk.signals(view.directory, actor=view.actor)
    table, said = _queue(view)
    found = said.apply(table)
    pages = max(1, -(-len(found) // _ON_A_PAGE))
    here = min(max(1, _number(asked.text("pagina", _LONGEST_AGE))), pages)
    shown = found.iloc[(here - 1) * _ON_A_PAGE : here * _ON_A_PAGE]
    of_part = table[table["part"] == said.part]
    counts = {str(part): int(count) for part, count in table["part"].value_counts().items()}
    return page_frame.page(
        view,
        "county_desk.html",
        done=_settled_words(asked.text("facut", 10)),
        undo=_number(asked.text("semnal", 9)) if asked.text("facut", 10) in ("accept", "reject") else 0,
        signals=waiting,
        parts=[
            (f"{ADDRESS}?parte={part}", county_desk.part_label(part), counts.get(part, 0), part == said.part)
            for part in county_desk.PARTS
        ],
        said=said,
        communities=sorted(set(zip(of_part["uat_siruta"].astype("str"), of_part["community"], strict=True))),
        states=[(each, each) for each in sorted(set(of_part["state"]))],
        needs=[(each, each) for each in sorted(set(of_part["need"]))],
        ages=[(str(n), ngettext("cel puțin {n} zi", "cel puțin {n} zile", n).format(n=n)) for n in _AGES],
        rows=shown.to_dict("records"),
        count=len(found),
        gaps=gap_parts(search_gaps(view.directory.ledger, actor=view.actor), view.directory.gazetteer),
        pages=[(f"{ADDRESS}?{_address_of(said)}&pagina={n}", n, n == here) for n in range(1, pages + 1)],
        xlsx=f"{ADDRESS}.xlsx?{_address_of(said)}",
    )


def _settled_words(step: str) -> str:
    return {
        "accept": _("Semnalul este acceptat."),
        "reject": _("Semnalul este respins."),
        "undo": _("Decizia a fost anulată: semnalul așteaptă din nou."),
    }.get(step, "")


def _queue(view: RequestView) -> tuple[pd.DataFrame, QueueFilter]:
    # A team may list its own community, not a county.
    roles.require(view.actor, "referral.list", roles.Area(county=view.actor.county))
    every = worklist.referrals_from_frame(view.directory.ledger.referrals(actor=view.actor))
    asked = Fields.from_pairs(list(view.request.query_params.multi_items()))
    return county_desk.queue_table(view.directory, every), QueueFilter.parse(asked)


def _address_of(said: QueueFilter) -> str:
    asked = {"parte": said.part, "comunitate": said.uat or "", "stare": said.state, "nevoie": said.need}
    return urlencode({**asked, "zile": said.days or ""})


def queue_xlsx(view: RequestView) -> Response:
    """Give the rows that the filters keep as a spreadsheet."""
    table, said = _queue(view)
    content = queue_workbook(said.apply(table), is_demo=view.home.is_demo)
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
    asked = Fields.from_pairs(list(view.request.query_params.multi_items()))
    words, everybody = asked.text("cauta", 60), bool(asked.text("toti", 1))
    table = county_desk.providers_table(view.directory, actor=view.actor, words=words, only_old=not everybody)
    pages = max(1, -(-len(table) // _ON_A_PAGE))
    here = min(max(1, _number(asked.text("pagina", _LONGEST_AGE))), pages)
    shown = table.iloc[(here - 1) * _ON_A_PAGE : here * _ON_A_PAGE]
    old = int((~table["is_fresh"]).sum()) if not words else 0
    said = urlencode({"cauta": words, "toti": "1" if everybody else ""})
    return page_frame.page(
        view,
        "county_providers.html",
        words=words,
        everybody=everybody,
        count=len(table),
        rows=[{**row, "report": county_desk.report_age(row)} for row in shown.to_dict("records")],
        pages=[(f"{PROVIDERS}?{said}&pagina={n}", n, n == here) for n in range(1, pages + 1)],
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
    token = county_desk.make_places_link(view.directory, view.fields.text("serviciu", 120), actor=view.actor)
    words = _("Trimiteți furnizorului această adresă. Cine o are poate raporta locurile serviciului.")
    address = f"{view.origin}/l/{token}"
    return page_frame.page(view, "places_link.html", done=words, address=address)
