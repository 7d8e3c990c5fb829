"""A provider's link that opens several of its services: one page, one answer for all of them.

A number stands for each service that is answered for; what is left blank is not said. What stands already is
confirmed for all with one button.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from api.forms.places_form import MOST_PLACES
from api.http import page_frame
from core.i18n import _, ngettext, number
from referrals.ledger import provider_tokens
from referrals.ledger.provider_tokens import MOST_OF_A_LINK
from referrals.records.ledger_errors import BadReportError
from referrals.records.vocabulary import status_label
from referrals.workflow.referral_offers import name_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from api.http.request_view import RequestView


@dataclass(frozen=True)
class PlacesAsked:
    """One service of the page. field: of its number; known: what is known of its places, or empty."""

    field: str
    name: str
    known: str


def show(
    view: RequestView, token: str, services: tuple[str, ...], *, done: str = "", alert: str = "", status: int = 200
) -> Response:
    """Show the services of a link, and what is known of the places of each."""
    catalogue = view.directory.snapshot().catalogue
    known = _known(view, services)
    asked = [
        PlacesAsked(f"liber_{n}", name_in(catalogue, each), _words(known[each]) if each in known else "")
        for n, each in enumerate(services[:MOST_OF_A_LINK])
    ]
    return page_frame.page(
        view,
        "provider_several.html",
        status=status,
        done=done,
        alert=alert,
        carried=[("o_data", provider_tokens.new_nonce(view.directory.ledger, token))],
        services=asked,
        has_known=bool(known),
        entry=f"/l/{token}/date",
        most=MOST_PLACES,
        upload=f"/l/{token}/fisier",
    )


def _known(view: RequestView, services: tuple[str, ...]) -> dict[str, tuple[int | None, str]]:
    """Return what is free now by the last report of each service that has one, and the status that it says."""
    table = view.directory.ledger.capacity_now(services)
    known = {}
    for service_id, status, free in zip(table["service_id"], table["status"], table["places_free"], strict=True):
        if status in ("free", "full", "waitlist", "assess", "open"):
            is_counted = status in ("free", "full") and not pd.isna(free)
            known[str(service_id)] = (int(free) if is_counted else None, str(status))
    return known


def _words(known: tuple[int | None, str]) -> str:
    free, status = known
    return (
        status_label(status)
        if not free
        else ngettext("{n} loc liber", "{n} locuri libere", free).format(n=number(free))
    )


def answer(view: RequestView, token: str, services: tuple[str, ...]) -> str:
    """Take what was typed, and confirm what is known of the rest where that is said; give the words for it.

    Raises LedgerError.
    """
    said = dict(_typed(view, services))
    if view.fields.text("pas", 20) == "same":  # what was typed goes before what stands
        said = {**_confirmed(view, services), **said}
    if not said:
        raise BadReportError(_("Scrieți câte locuri libere sunt, la cel puțin un serviciu."))
    nonce = view.fields.text("o_data", 300)
    provider_tokens.report_several(view.directory.ledger, token, nonce, said)
    words = ngettext("Am notat locurile la {n} serviciu.", "Am notat locurile la {n} servicii.", len(said))
    return f"{words.format(n=number(len(said)))} {_('Vă mulțumim.')}"


def _confirmed(view: RequestView, services: tuple[str, ...]) -> Mapping[str, tuple[int | None, str | None]]:
    return {
        service_id: (free, None if free else status) for service_id, (free, status) in _known(view, services).items()
    }


def _typed(view: RequestView, services: tuple[str, ...]) -> Mapping[str, tuple[int | None, str | None]]:
    said: dict[str, tuple[int | None, str | None]] = {}
    for n, service_id in enumerate(services[:MOST_OF_A_LINK]):
        typed = view.fields.text(f"liber_{n}", 6).strip()
        if not typed:
            continue
        if not (typed.isascii() and typed.isdigit()) or int(typed) > MOST_PLACES:
            raise BadReportError(_("„{found}” nu este un număr de locuri.").format(found=typed))
        said[service_id] = (int(typed), None)
    return said
