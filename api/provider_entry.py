"""The entry of a service, corrected by its provider through its link: one page a service, and what was said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.forms.form_fields import FieldError
from api.http import page_frame
from api.http.endpoint import as_endpoint
from api.link_opening import onward, open_link, token_in
from core.i18n import _, ngettext
from referrals.field import corrected_catalogue, field_reports, provider_statements
from referrals.ledger import provider_tokens
from referrals.provider_entry import WrongEntryError, entry_fields, read_statements, said_before
from referrals.records.ledger_errors import LedgerError, LinkError
from referrals.workflow.referral_offers import name_in

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from referrals.field.field_reports import FieldReport

_LONGEST_NUMBER = 12


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    shown, taken = (as_endpoint(each, is_public=True, is_for_provider=True) for each in (show, take))
    return [
        Route("/l/{token}/date", shown, methods=["GET"]),
        Route("/l/{token}/date/{n:int}", shown, methods=["GET"]),
        Route("/l/{token}/date/{n:int}", taken, methods=["POST"]),
    ]


def entry_address(token: str, n: int = 0) -> str:
    """Return the address of the n-th service's entry; 0 = of the list of all."""
    return f"/l/{token}/date/{n}" if n else f"/l/{token}/date"


def show(view: RequestView) -> Response:
    """Show the entry of a service, or the list of services where a link has several."""
    services = _services(view)
    if isinstance(services, Response):
        return services
    token, n = token_in(view), int(view.request.path_params.get("n", 0))
    if n == 0 and len(services) == 1:
        return RedirectResponse(onward(view, entry_address(token, 1)), 303)
    if n == 0:
        catalogue = view.snapshot.catalogue
        listed = [
            (onward(view, entry_address(token, at)), name_in(catalogue, key))
            for at, key in enumerate(services, start=1)
        ]
        return page_frame.page(view, "provider_entries.html", services=listed, back=onward(view, f"/l/{token}"))
    return _entry_page(view, services)


def _services(view: RequestView) -> tuple[str, ...] | Response:
    opened = open_link(view)
    if isinstance(opened, Response):
        return opened
    services = provider_tokens.services_of(view.directory.ledger, opened[0])
    n = int(view.request.path_params.get("n", 0))
    if n > len(services) or not services:
        return page_frame.error_page(view, _("Acest link nu este pentru acest serviciu."), 404, has_way_back=False)
    return services


def _entry_page(
    view: RequestView, services: tuple[str, ...], *, done: str = "", wrong: FieldError | None = None, status: int = 200
) -> Response:
    token, n = token_in(view), int(view.request.path_params["n"])
    key = services[n - 1]
    service = view.snapshot.catalogue.service(key)
    days = field_reports.parse_period(corrected_catalogue.published(service, "closed"))
    return page_frame.page(
        view,
        "provider_entry.html",
        status=status,
        done=done,
        alert="" if wrong is None or wrong.field else wrong.words,
        name=name_in(view.snapshot.catalogue, key),
        fields=entry_fields(view.directory, key),
        days=["" if day is None else day.isoformat() for day in days],
        wrong=wrong,
        history=said_before(view.directory, key),
        carried=[("o_data", provider_tokens.new_nonce(view.directory.ledger, token))],
        back=onward(view, f"/l/{token}"),
    )


def take(view: RequestView) -> Response:
    """Take in what the provider says, or take a statement back, and show the entry as it stands now."""
    services = _services(view)
    if isinstance(services, Response):
        return services
    n = int(view.request.path_params["n"])
    if n == 0:
        return RedirectResponse(onward(view, entry_address(token_in(view))), 303)
    try:
        done = _take_back(view) if view.fields.text("retrage", _LONGEST_NUMBER) else _said(view, services[n - 1])
    except WrongEntryError as error:
        return _entry_page(view, services, wrong=FieldError(error.what, str(error)), status=400)
    except LedgerError as error:
        return _entry_page(view, services, wrong=FieldError("", str(error)), status=409)
    return _entry_page(view.anew(), services, done=done)


def _said(view: RequestView, key: str) -> str:
    typed = {
        name: ";".join(view.fields.all(name)) for name in (*provider_statements.FACTS, "closed_from", "closed_until")
    }
    items = read_statements(view.directory, key, typed)
    if not items:
        return _("Nu ați schimbat nimic.")
    made = provider_statements.state_facts(
        view.directory.ledger, token_in(view), view.fields.text("o_data", 300), items
    )
    return " ".join(filter(None, (_at_once_words(made), _waiting_words(made), _("Vă mulțumim."))))


def _at_once_words(made: list[FieldReport]) -> str:
    n = sum(each.state == "accepted" for each in made)
    text = ngettext("{n} informație se arată deja, cu data de azi.", "{n} informații se arată deja, cu data de azi.", n)
    return text.format(n=n) if n else ""


def _waiting_words(made: list[FieldReport]) -> str:
    n = sum(each.state == "open" for each in made)
    text = ngettext("{n} informație așteaptă unitatea județeană.", "{n} informații așteaptă unitatea județeană.", n)
    return text.format(n=n) if n else ""


def _take_back(view: RequestView) -> str:
    typed = view.fields.text("retrage", _LONGEST_NUMBER)
    if not (typed.isascii() and typed.isdigit()):
        raise LinkError(_("Pagina este prea veche. Deschideți din nou linkul și confirmați."))
    nonce = view.fields.text("o_data", 300)
    provider_statements.take_back(view.directory.ledger, token_in(view), nonce, int(typed))
    return _("Am retras ce ați spus: se arată din nou ce era înainte.")
