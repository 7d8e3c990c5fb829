"""What is printed or kept for places without a network: the slip as a page, the county pack, the guide, help."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

from api.http import page_frame
from core.i18n import _, written_day
from core.romanian_calendar import BUCHAREST
from core.templating import render
from core.text import collation_keys
from providers.finder.answer_view import first_hour_view
from providers.rules.help_tables.first_hour import first_hours
from providers.rules.help_tables.papers import papers as blank_papers
from reports.documents.help_texts import help_of, screens

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from referrals.records.vocabulary import Actor

HELP = "/simplu/ajutor"


def slip_pdf(view: RequestView) -> Response:
    """Return the slip of a referral as one A4 page. Reading it is written in the audit log."""
    from reports.documents.slip_pdf import render_pdf

    number = str(view.request.path_params["number"]).upper()
    referral = view.directory.ledger.referral(number, actor=view.actor)
    made = render_pdf(view.directory, referral, base=view.origin)
    return _file(made, "application/pdf", f"bilet-{referral.referral_id}.pdf")


def pack_pdf(view: RequestView) -> Response:
    """Return the pack of a county as a PDF."""
    from reports.documents.county_pack import make_pack
    from reports.documents.county_pack_pdf import pages_of

    pack = make_pack(view.directory, str(view.request.path_params["county"]), actor=_reader(view))
    return _file(pages_of(pack), "application/pdf", f"servicii-{pack.county}-{pack.made_on.isoformat()}.pdf")


def pack_html(view: RequestView) -> Response:
    """Return the pack of a county as a file to keep on a telephone."""
    from reports.documents.county_pack import make_pack
    from reports.documents.county_pack_html import render_pack

    pack = make_pack(view.directory, str(view.request.path_params["county"]), actor=_reader(view))
    name = f"servicii-{pack.county}-{pack.made_on.isoformat()}.html"
    return _file(render_pack(pack).encode(), "text/html; charset=utf-8", name, is_kept=True)


def _reader(view: RequestView) -> Actor | None:
    return view.session.actor if view.session is not None else None


def guide(view: RequestView) -> Response:
    """Return the two-page guide."""
    from reports.documents.guide import render_pdf

    return _file(render_pdf(is_demo=view.home.is_demo, code=view.language), "application/pdf", "ghid.pdf")


def _file(content: bytes, kind: str, name: str, *, is_kept: bool = False) -> Response:
    where = "attachment" if is_kept else "inline"
    return Response(content, media_type=kind, headers={"Content-Disposition": f'{where}; filename="{name}"'})


def first_hour(view: RequestView) -> Response:
    """Show what to do in the first hour of every danger, each on a printed page of its own."""
    cards = [first_hour_view(danger) for danger in first_hours().values()]
    return page_frame.page(view, "first_hour.html", cards=cards)


def papers(view: RequestView) -> Response:
    """List the papers that are printed empty and filled in by hand."""
    listed = [(each.paper, _(each.title), _(each.purpose)) for each in blank_papers().values()]
    return page_frame.page(view, "papers.html", papers=listed)


def paper_pdf(view: RequestView) -> Response:
    """Return one of them as a PDF; nothing about a person is in it."""
    from reports.documents.blank_papers import render_pdf

    code = str(view.request.path_params["code"])
    return _file(render_pdf(code, is_demo=view.home.is_demo), "application/pdf", f"{code}.pdf")


def blank(_view: RequestView) -> Response:
    """Show an empty page to whoever has to leave a screen at once."""
    return Response(render("plain/blank.html"), media_type="text/html; charset=utf-8")


def help_page(view: RequestView) -> Response:
    """Show the help of every screen, the guide and the packs of the counties; `?ecran=find` opens that screen's."""
    asked = view.request.query_params.get("ecran", "")
    first = ("plain", "find", "referrals", "slip", "pack")
    order = sorted(
        (*first, *(screen for screen in screens() if screen not in first)), key=lambda screen: screen != asked
    )
    counties = view.directory.gazetteer.counties.sort_values("name", key=collation_keys)
    own = view.session.actor.county if view.session is not None else ""
    return page_frame.page(
        view,
        "help.html",
        texts=[(help_of(screen), screen == asked) for screen in order if screen in screens()],
        day=written_day(datetime.now(BUCHAREST)),
        is_own=bool(own),
        counties=[
            (code, name)
            for code, name in zip(counties["county"], counties["name"], strict=True)
            if own in ("", code)  # the pack of the own county; to whom has none, all of them
        ],
    )
