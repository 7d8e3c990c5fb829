"""Places from a file on plain pages: of a county's services, or of those that a provider's link opens.

What a file says is shown first and stored on a second press. Between the two it travels in the form, signed, and is
held to role and area again when it comes back.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.http import page_frame, rate_limit
from api.http.endpoint import as_endpoint
from api.http.proxies import network_of
from api.link_opening import onward, open_link, token_in
from core.bad_rows import BadRowsError
from core.errors import MapError, UnreadableFileError
from core.i18n import _, number, written_day
from referrals.campaigns import places_file
from referrals.campaigns.places_file import FIELDS, PlacesRow
from referrals.ledger import link_answers, provider_tokens
from referrals.records.ledger_errors import LedgerError
from referrals.workflow.referral_offers import name_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.http.request_view import RequestView

ADDRESS = "/simplu/locuri-din-fisier"
_OF_LINK = "/l/{token}/fisier"
_CARRIED_SECONDS = 3600
_SHOWN_ROWS = 60
_BAD = 400
_LOOKED = rate_limit.Limiter(30, 600)  # files of one address: reading one takes a process of its own
_SHEETS = (".xlsx", ".csv")


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [
        Route(ADDRESS, as_endpoint(show), methods=["GET"]),
        Route(ADDRESS, as_endpoint(take, takes_file=True), methods=["POST"]),
        Route(_OF_LINK, as_endpoint(show_of_link, is_public=True, is_for_provider=True), methods=["GET"]),
        Route(
            _OF_LINK, as_endpoint(take_of_link, is_public=True, is_for_provider=True, takes_file=True), methods=["POST"]
        ),
    ]


def show(view: RequestView) -> Response:
    """Ask for the file of a county's services."""
    places_file.reportable_services(view.directory, actor=view.actor)
    return _form(view, "/simplu/campanii")


def take(view: RequestView) -> Response:
    """Show what a file says, or store what was shown."""
    known = places_file.reportable_services(view.directory, actor=view.actor)
    if view.fields.text("pas", 10) != "store":
        return _preview(view, known, "/simplu/campanii", view.actor.account)
    try:
        rows = _carried(view, view.actor.account)
        done = places_file.store_places(view.directory, rows, actor=view.actor)
    except MapError as error:
        return _form(view, "/simplu/campanii", alert=str(error), status=_BAD)
    return _form(view, "/simplu/campanii", done=places_file.stored_words(done))


def show_of_link(view: RequestView) -> Response:
    """Ask a provider for the file of its own services."""
    known = _services_of_link(view)
    return known if isinstance(known, Response) else _form(view, _link(view))


def take_of_link(view: RequestView) -> Response:
    """Show what a provider's file says, or store what was shown."""
    known = _services_of_link(view)
    if isinstance(known, Response):
        return known
    if view.fields.text("pas", 10) != "store":
        return _preview(view, known, _link(view), token_in(view))
    ledger = view.directory.ledger
    try:
        lines = places_file.report_lines(_carried(view, token_in(view)), ledger.clock())
        done = link_answers.report_lines(ledger, token_in(view), view.fields.text("o_data", 300), lines)
    except (LedgerError, UnreadableFileError) as error:
        return _form(view, _link(view), alert=str(error), status=_BAD)
    return _form(view, _link(view), done=places_file.stored_words(len(lines) if done is None else done))


def _services_of_link(view: RequestView) -> Mapping[str, str] | Response:
    """Name the services that a link opens; the page that refuses where it opens none."""
    if not _LOOKED.allows(network_of(view.client)):
        words = _("Prea multe încercări. Încercați peste 10 minute.")
        return page_frame.error_page(view, words, 429, has_way_back=False)
    opened = open_link(view)
    if isinstance(opened, Response):
        return opened
    services = provider_tokens.services_of(view.directory.ledger, opened[0])
    if not services:
        words = _("Acest link este numai pentru răspunsul la o referire.")
        return page_frame.error_page(view, words, 404, has_way_back=False)
    catalogue = view.directory.snapshot().catalogue
    return {each: name_in(catalogue, each) for each in services}


def _link(view: RequestView) -> str:
    return onward(view, f"/l/{token_in(view)}")


def _form(
    view: RequestView, back: str, *, done: str = "", alert: str = "", wrong: tuple[str, ...] = (), status: int = 200
) -> Response:
    return page_frame.page(
        view,
        "places_upload.html",
        status=status,
        done=done,
        alert=alert,
        wrong=wrong,
        back=back,
        titles=[(field.name, field.title) for field in FIELDS],
        most=places_file.MOST_ROWS,
    )


def _preview(view: RequestView, known: Mapping[str, str], back: str, whose: str) -> Response:
    if view.given is None:
        return _form(view, back, alert=_("Alegeți fișierul."), status=_BAD)
    values = {view.fields.text(f"titlu_{field.name}", 80): field.name for field in FIELDS}
    titles = {title: name for title, name in values.items() if title}
    try:
        rows = _read(view.given.name, view.given.content, known, view, titles)
    except BadRowsError as error:
        words = _("Fișierul nu s-a salvat. Îndreptați rândurile și încărcați-l din nou.")
        return _form(view, back, alert=words, wrong=error.lines, status=_BAD)
    except MapError as error:
        return _form(view, back, alert=str(error), status=_BAD)
    nonce = provider_tokens.new_nonce(view.directory.ledger, whose) if back.startswith("/l/") else ""
    return page_frame.page(
        view,
        "places_preview.html",
        back=back,
        summary=places_file.preview_words(len(rows)),
        rows=[(row.name, number(row.free), "" if row.most is None else number(row.most), _day_words(row.day))
              for row in rows[:_SHOWN_ROWS]],
        more=max(0, len(rows) - _SHOWN_ROWS),
        carried=[("randuri", _signer(view, whose).dumps(_packed(rows))), ("o_data", nonce)],
    )  # fmt: skip


def _read(
    name: str, content: bytes, known: Mapping[str, str], view: RequestView, titles: Mapping[str, str]
) -> list[PlacesRow]:
    suffix = Path(name).suffix.lower()
    with TemporaryDirectory(prefix="harta-") as folder:
        path = Path(folder) / f"locuri{suffix if suffix in _SHEETS else '.csv'}"
        path.write_bytes(content)
        return places_file.read_places(path, known, now=view.directory.ledger.clock(), titles=titles)


def _day_words(day: date | None) -> str:
    return written_day(day) if day else _("acum")


def _packed(rows: list[PlacesRow]) -> list[list[object]]:
    return [[row.service_id, row.free, row.most, row.day.isoformat() if row.day else ""] for row in rows]


def _carried(view: RequestView, whose: str) -> list[PlacesRow]:
    """Return the rows that were shown to the same person, or refuse."""
    catalogue = view.directory.snapshot().catalogue
    try:
        rows = _signer(view, whose).loads(view.fields.text("randuri", 60_000), max_age=_CARRIED_SECONDS)
    except BadSignature:
        raise UnreadableFileError(_("Pagina este prea veche. Încărcați fișierul din nou.")) from None
    return [
        PlacesRow(key, name_in(catalogue, key), free, most, date.fromisoformat(day) if day else None)
        for key, free, most, day in rows
    ]


def _signer(view: RequestView, whose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(provider_tokens.signing_key(view.directory.ledger), salt=f"harta.places-file.{whose}")
