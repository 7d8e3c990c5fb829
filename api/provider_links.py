"""A provider's link, `/l/…`: answer one referral, or report free places, without an account.

Opening shows and changes nothing (mail scanners open links); a change is a confirmed POST with a nonce
that the page was given. It shows no more than the provider needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api import rate
from api.plain import frame
from api.proxies import network_of
from api.view import View, endpoint
from geo.language import _
from providers import wanted
from referrals import following, links, referring
from referrals.errors import BadReportError, LedgerError, LinkError, WrongStateError
from referrals.facts import STATUSES, state_label, status_label
from referrals.life import TRANSITIONS

if TYPE_CHECKING:
    from referrals.life import Action
    from referrals.links import Answer, Link, ProviderView

_OPENINGS = rate.Limiter(60, 60)  # a minute, of one address; what a link may change is counted by the ledger
_WRONG = rate.Limiter(20, 600)  # links that are none, of one address
_STEPS: tuple[Answer, ...] = ("accept", "decline", "start", "complete", "break_off")


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [
        Route("/l/{token}", endpoint(show, is_public=True, is_for_provider=True), methods=["GET"]),
        Route("/l/{token}", endpoint(answer, is_public=True, is_for_provider=True), methods=["POST"]),
    ]


def show(view: View, *before: Markup, status: int = 200) -> Response:
    """Show what a link opens: the referral, or the form for places."""
    opened = _open(view)
    if isinstance(opened, Response):
        return opened
    link, seen = opened
    name = referring.service_name(view.desk, link.service_id)
    if seen is None:
        return frame.page(view, _("Locuri libere"), *before, frame.quiet(name), _places_form(view), status=status)
    return frame.page(view, _("O referire pentru dumneavoastră"), *before, _facts(view, name, seen), status=status)


def _open(view: View) -> tuple[Link, ProviderView | None] | Response:
    if not _OPENINGS.allows(network_of(view.client)):
        return frame.refused(view, _("Prea multe încercări. Încercați peste un minut."), 429, frame.NOTHING)
    try:
        return links.look(view.desk.ledger, _token(view))
    except LinkError as error:
        if not _WRONG.allows(network_of(view.client)):
            return frame.refused(view, _("Prea multe încercări. Încercați peste 10 minute."), 429, frame.NOTHING)
        return frame.refused(view, str(error), 404, frame.NOTHING)


def _token(view: View) -> str:
    return str(view.request.path_params["token"])[:300]


def _facts(view: View, service: str, seen: ProviderView) -> Markup:
    known = wanted.everything().get(seen.need)
    rows = [
        (_("Serviciu"), service),
        (_("Nevoie"), known.label if known else seen.need),
        (_("Din"), view.desk.gazetteer.place_of(None, seen.uat_siruta).label),
        (_("Stare"), state_label(seen.state)),
        (_("Făcută la"), following.moment_words(seen.made_at)),
        (_("Răspundeți până la"), following.last_moment(seen.expires_at)),
        (_("Mențiuni"), seen.note),
    ]
    listed = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*row) for row in rows if row[1])
    steps = [step for step in _STEPS if seen.state in TRANSITIONS[cast("Action", step)].sources]
    forms = Markup("").join(_step_form(view, step) for step in steps)
    nothing = frame.quiet(_("Nu mai este nimic de răspuns. Vă mulțumim."))
    return Markup('<div class="box"><p>{}</p><dl>{}</dl></div>{}').format(
        _("O echipă comunitară vă trimite o persoană. Referirea {number}.").format(number=seen.referral_id),
        listed,
        forms if steps else nothing,
    )


def _label(step: Answer) -> str:
    return {
        "accept": _("Acceptăm persoana"),
        "decline": _("Nu putem primi persoana"),
        "start": _("Persoana a ajuns"),
        "complete": _("Serviciul s-a încheiat"),
        "break_off": _("Serviciul s-a întrerupt"),
    }[step]


def _step_form(view: View, step: Answer) -> Markup:
    carried = frame.hidden(view, [("pas", step), ("o_data", links.new_nonce(view.desk.ledger, _token(view)))])
    if not following.needs_reason(cast("Action", step)):
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
        reasons=frame.options([("", _("Alegeți motivul")), *following.reasons()]),
    )


def _places_form(view: View) -> Markup:
    said = [(status, status_label(status)) for status in STATUSES if status != "unknown"]
    return Markup(
        '<form method="post" class="box">{}{}<label for="locuri">{}<span class="hint">{}</span></label>'
        '<input type="number" id="locuri" name="locuri" min="0" max="9999" inputmode="numeric">'
        '<button class="main">{}</button></form>'
    ).format(
        frame.hidden(view, [("pas", "places"), ("o_data", links.new_nonce(view.desk.ledger, _token(view)))]),
        frame.radios("stare", _("Cum stați cu locurile?"), said, "free"),
        _("Câte locuri libere?"),
        _("Pentru persoane noi: fără locurile promise deja celor acceptați."),
        _("Trimiteți"),
    )


def answer(view: View) -> Response:
    """Do what was confirmed, once, and show the link's page again with what became of it."""
    opened = _open(view)
    if isinstance(opened, Response):
        return opened
    try:
        words = _places(view) if view.said("pas", 20) == "places" else _step(view)
    except (WrongStateError, BadReportError) as error:
        return show(view, frame.alert(str(error)), status=409)
    except LedgerError as error:
        return show(view, frame.alert(str(error)), status=400)
    return show(view, frame.done(words))


def _step(view: View) -> str:
    step = view.said("pas", 20)
    if step not in _STEPS:
        raise LinkError(_("Pasul nu există."))
    links.answer(view.desk.ledger, _token(view), view.said("o_data", 300), step, reason=view.said("motiv", 30))
    return _("Am notat răspunsul. Echipa îl vede imediat.")


def _places(view: View) -> str:
    status, typed = view.said("stare", 12), view.said("locuri", 6)
    if status == "free" and not (typed.isascii() and typed.isdigit()):
        raise BadReportError(_("Scrieți câte locuri libere sunt."))
    free = int(typed) if status == "free" else 0 if status == "full" else None
    links.report_places(
        view.desk.ledger,
        _token(view),
        view.said("o_data", 300),
        places_free=free,
        status=None if status == "free" else status,
    )
    return _("Am notat locurile. Vă mulțumim.")
