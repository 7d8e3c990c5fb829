"""A provider's link that opens several of its services: one page, one answer for all of them.

A number stands for each service that is answered for: one tap for the small ones, typed for the rest; what is left
blank is not said. What stands already is confirmed for all with one button.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from api.forms.places_form import MOST_PLACES, ONE_TAP, parse_count
from api.http import page_frame
from api.link_opening import onward
from core.i18n import _, ngettext, number
from providers.rules.wording import standing_lines
from referrals.ledger import link_answers, provider_tokens
from referrals.ledger.provider_tokens import MOST_OF_A_LINK
from referrals.records.ledger_errors import BadReportError
from referrals.records.vocabulary import status_label
from referrals.workflow.referral_offers import name_in
from reports.documents.help_texts import help_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from api.http.request_view import RequestView


_TAPS = tuple(str(n) for n in range(ONE_TAP + 1))


@dataclass(frozen=True)
class PlacesFields:
    """One service of the page.

    Attributes
    ----------
    field
        Of its number, which is tapped or typed.
    name
        Of the service.
    known
        What is known of its places, or empty.
    tapped, typed
        What was sent with a page that was refused; "" = nothing.
    """

    field: str
    name: str
    known: str
    tapped: str = ""
    typed: str = ""


def show(
    view: RequestView, token: str, services: tuple[str, ...], *, done: str = "", alert: str = "", status: int = 200
) -> Response:
    """Show the services of a link, and what is known of the places of each; what was refused stands there again."""
    catalogue = view.directory.snapshot().catalogue
    known = _known(view, services)
    asked = []
    for n, each in enumerate(services[:MOST_OF_A_LINK]):
        lines = [text for text in view.fields.all(f"liber_{n}") if text] if alert else []
        tapped = next((text for text in lines if text in _TAPS), "")
        asked.append(
            PlacesFields(
                f"liber_{n}",
                name_in(catalogue, each),
                " ".join((*stands_of(view, each), *([_words(known[each])] if each in known else []))),
                tapped,
                next((text[:6] for text in lines if text != tapped), ""),
            )
        )
    return page_frame.page(
        view,
        "provider_several.html",
        status=status,
        done=done,
        alert=alert,
        carried=[("o_data", provider_tokens.new_nonce(view.directory.ledger, token))],
        services=asked,
        has_known=bool(known),
        entry=onward(view, f"/l/{token}/date"),
        most=MOST_PLACES,
        taps=_TAPS,
        help=help_of("provider_link"),
        upload=onward(view, f"/l/{token}/fisier"),
    )


def stands_of(view: RequestView, service_id: str) -> list[str]:
    """Say to its provider why nobody is sent to a service now: in the list it is closed, or has no licence."""
    snapshot = view.snapshot
    if service_id not in snapshot.catalogue.position:
        return []
    return standing_lines(snapshot.catalogue.service(service_id), snapshot.availability.today)


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
    values = dict(_typed(view, services))
    if view.fields.text("pas", 20) == "same":  # what was typed goes before what stands
        values = {**_confirmed(view, services), **values}
    if not values:
        raise BadReportError(_("Scrieți câte locuri libere sunt, la cel puțin un serviciu."))
    nonce = view.fields.text("o_data", 300)
    link_answers.report_several(view.directory.ledger, token, nonce, values)
    words = ngettext("Am notat locurile la {n} serviciu.", "Am notat locurile la {n} servicii.", len(values))
    return f"{words.format(n=number(len(values)))} {_('Vă mulțumim.')}"


def _confirmed(view: RequestView, services: tuple[str, ...]) -> Mapping[str, tuple[int | None, str | None]]:
    return {
        service_id: (free, None if free else status) for service_id, (free, status) in _known(view, services).items()
    }


def _typed(view: RequestView, services: tuple[str, ...]) -> Mapping[str, tuple[int | None, str | None]]:
    catalogue = view.directory.snapshot().catalogue
    values: dict[str, tuple[int | None, str | None]] = {}
    for n, service_id in enumerate(services[:MOST_OF_A_LINK]):
        found = {text.strip()[:6] for text in view.fields.all(f"liber_{n}")} - {""}
        if not found:
            continue
        if len(found) > 1:  # which of the two came last is not known
            words = _("{service}: ați spus și {one}, și {other}. Lăsați un singur număr.")
            one, other = sorted(found)[:2]
            raise BadReportError(words.format(service=name_in(catalogue, service_id), one=one, other=other))
        (typed,) = found
        values[service_id] = (parse_count(typed), None)
    return values
