"""A provider's link, `/l/…`: answer one referral, or report free places, without an account.

Opening shows and changes nothing (mail scanners open links); a change is a confirmed POST with a nonce
that the page was given. It shows no more than the provider needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.http import page_frame, rate_limit
from api.http.endpoint import as_endpoint
from api.http.proxies import network_of
from api.http.request_view import RequestView
from core.i18n import _
from providers.finder import search_terms
from referrals.ledger import provider_tokens
from referrals.ledger.lifecycle import TRANSITIONS
from referrals.records.ledger_errors import BadReportError, LedgerError, LinkError, WrongStateError
from referrals.records.vocabulary import STATUSES, state_label, status_label
from referrals.workflow import referral_offers, worklist

if TYPE_CHECKING:
    from referrals.ledger.lifecycle import Action
    from referrals.ledger.provider_tokens import Link, LinkAnswer, ProviderView

_OPENINGS = rate_limit.Limiter(60, 60)  # a minute, of one address; what a link may change is counted by the ledger
_WRONG = rate_limit.Limiter(20, 600)  # links that are none, of one address
_STEPS: tuple[LinkAnswer, ...] = ("accept", "decline", "start", "complete", "break_off")


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [
        Route("/l/{token}", as_endpoint(show, is_public=True, is_for_provider=True), methods=["GET"]),
        Route("/l/{token}", as_endpoint(answer, is_public=True, is_for_provider=True), methods=["POST"]),
    ]


def show(view: RequestView, *before: Markup, status: int = 200) -> Response:
    """Show what a link opens: the referral, or the form for places."""
    opened = _open(view)
    if isinstance(opened, Response):
        return opened
    link, seen = opened
    name = referral_offers.service_name(view.directory, link.service_id)
    if seen is None:
        return page_frame.page(
            view, _("Locuri libere"), *before, page_frame.quiet(name), _places_form(view), status=status
        )
    return page_frame.page(view, _("O referire pentru dumneavoastră"), *before, _facts(view, name, seen), status=status)


def _open(view: RequestView) -> tuple[Link, ProviderView | None] | Response:
    if not _OPENINGS.allows(network_of(view.client)):
        return page_frame.error_page(
            view, _("Prea multe încercări. Încercați peste un minut."), 429, page_frame.NOTHING
        )
    try:
        return provider_tokens.look(view.directory.ledger, _token(view))
    except LinkError as error:
        if not _WRONG.allows(network_of(view.client)):
            return page_frame.error_page(
                view, _("Prea multe încercări. Încercați peste 10 minute."), 429, page_frame.NOTHING
            )
        return page_frame.error_page(view, str(error), 404, page_frame.NOTHING)


def _token(view: RequestView) -> str:
    return str(view.request.path_params["token"])[:300]


def _facts(view: RequestView, service: str, seen: ProviderView) -> Markup:
    known = search_terms.all_search_terms().get(seen.need)
    rows = [
        (_("Serviciu"), service),
        (_("Nevoie"), known.label if known else seen.need),
        (_("Din"), view.directory.gazetteer.place_of(None, seen.uat_siruta).label),
        (_("Stare"), state_label(seen.state)),
        (_("Făcută la"), worklist.moment_words(seen.made_at)),
        (_("Răspundeți până la"), worklist.last_moment(seen.expires_at)),
        (_("Mențiuni"), seen.note),
    ]
    listed = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*row) for row in rows if row[1])
    steps = [step for step in _STEPS if seen.state in TRANSITIONS[cast("Action", step)].sources]
    forms = Markup("").join(_step_form(view, step) for step in steps)
    nothing = page_frame.quiet(_("Nu mai este nimic de răspuns. Vă mulțumim."))
    return Markup('<div class="box"><p>{}</p><dl>{}</dl></div>{}').format(
        _("O echipă comunitară vă trimite o persoană. Referirea {number}.").format(number=seen.referral_id),
        listed,
        forms if steps else nothing,
    )


def _label(step: LinkAnswer) -> str:
    return {
        "accept": _("Acceptăm persoana"),
        "decline": _("Nu putem primi persoana"),
        "start": _("Persoana a ajuns"),
        "complete": _("Serviciul s-a încheiat"),
        "break_off": _("Serviciul s-a întrerupt"),
    }[step]


def _step_form(view: RequestView, step: LinkAnswer) -> Markup:
    carried = page_frame.hidden(
        view, [("pas", step), ("o_data", provider_tokens.new_nonce(view.directory.ledger, _token(view)))]
    )
    if not worklist.needs_reason(cast("Action", step)):
        return Markup('<form method="post">{}<button class="main">{}</button></form>').format(carried, _label(step))
    return Markup(
        '<details><summary>{label}</summary><form method="post">{hidden}<label for="motiv-{step}">{why}</label>'
        '<select id="motiv-{step}" name="motiv" required>{reasons}</select>'
        "<p><button>{label}</button></p></form></details>"
    ).format(
        label=_label(step),
        hidden=carried,
        step=step,
        why=_("De ce?"),
        reasons=page_frame.options([("", _("Alegeți motivul")), *worklist.reasons()]),
    )


def _places_form(view: RequestView) -> Markup:
    said = [(status, status_label(status)) for status in STATUSES if status != "unknown"]
    return Markup(
        '<form method="post" class="box">{}{}<label for="locuri">{}<span class="hint">{}</span></label>'
        '<input type="number" id="locuri" name="locuri" min="0" max="9999" inputmode="numeric">'
        '<button class="main">{}</button></form>'
    ).format(
        page_frame.hidden(
            view, [("pas", "places"), ("o_data", provider_tokens.new_nonce(view.directory.ledger, _token(view)))]
        ),
        page_frame.radios("stare", _("Cum stați cu locurile?"), said, "free"),
        _("Câte locuri libere?"),
        _("Pentru persoane noi: fără locurile promise deja celor acceptați."),
        _("Trimiteți"),
    )


def answer(view: RequestView) -> Response:
    """Do what was confirmed, once, and show the link's page again with what became of it."""
    opened = _open(view)
    if isinstance(opened, Response):
        return opened
    try:
        words = _places(view) if view.said("pas", 20) == "places" else _step(view)
    except (WrongStateError, BadReportError) as error:
        return show(view, page_frame.alert(str(error)), status=409)
    except LedgerError as error:
        return show(view, page_frame.alert(str(error)), status=400)
    return show(view, page_frame.done(words))


def _step(view: RequestView) -> str:
    step = view.said("pas", 20)
    if step not in _STEPS:
        raise LinkError(_("Pasul nu există."))
    provider_tokens.answer(
        view.directory.ledger, _token(view), view.said("o_data", 300), step, reason=view.said("motiv", 30)
    )
    return _("Am notat răspunsul. Echipa îl vede imediat.")


def _places(view: RequestView) -> str:
    status, typed = view.said("stare", 12), view.said("locuri", 6)
    if status == "free" and not (typed.isascii() and typed.isdigit()):
        raise BadReportError(_("Scrieți câte locuri libere sunt."))
    free = int(typed) if status == "free" else 0 if status == "full" else None
    provider_tokens.report_places(
        view.directory.ledger,
        _token(view),
        view.said("o_data", 300),
        places_free=free,
        status=None if status == "free" else status,
    )
    return _("Am notat locurile. Vă mulțumim.")
