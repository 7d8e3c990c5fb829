"""My referrals on plain pages: what is open, what is about to run out, the answer, the next best, the slip."""

from __future__ import annotations

import secrets
from math import isnan
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from api.http import page_frame
from api.plain import offer_cards, search_page
from api.plain.slip_page import is_sensitive, slip_lines
from core.errors import UnknownCodeError
from core.i18n import _, ngettext
from providers.finder import search_terms
from referrals.ledger import provider_tokens
from referrals.records import roles
from referrals.records.vocabulary import OPEN, WITH_A_PLACE, reason_label, state_label
from referrals.workflow import referral_offers, worklist
from referrals.workflow.ride_sharing import find_shared_rides, ride_words
from referrals.workflow.worklist import last_moment, moment_words, step_label

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from referrals.ledger.lifecycle import Action
    from referrals.records.vocabulary import Referral

_MOST_SHOWN = 20


def list_referrals(view: RequestView) -> Response:
    """List the open referrals of the area, and the refused ones to move on."""
    every = worklist.referrals_from_frame(view.directory.ledger.referrals(actor=view.actor))
    waiting, lost = worklist.open_referrals(every), worklist.awaiting_reassignment(every)
    title = _("Referiri")
    if not waiting and not lost:
        empty = page_frame.quiet(_("Nu aveți referiri deschise. Începeți cu o căutare."))
        go = Markup('<p><a class="btn main" href="/simplu">{}</a></p>').format(_("Căutați un serviciu"))
        return page_frame.page(view, title, empty, go)
    return page_frame.page(
        view,
        title,
        page_frame.quiet(
            ngettext("{n} referire deschisă", "{n} referiri deschise", len(waiting)).format(n=len(waiting))
        ),
        _listed(view, _("De mutat la alt serviciu"), lost),
        _listed(view, _("Deschise"), waiting),
    )


def _listed(view: RequestView, title: str, some: list[Referral]) -> Markup:
    if not some:
        return page_frame.NOTHING
    left = len(some) - _MOST_SHOWN
    more = page_frame.quiet(_("și încă {n}").format(n=left)) if left > 0 else page_frame.NOTHING
    return Markup("<h2>{}</h2>{}{}").format(
        title, Markup("").join(_card(view, each) for each in some[:_MOST_SHOWN]), more
    )


def _card(view: RequestView, referral: Referral) -> Markup:
    urgent = worklist.is_urgent(referral) and referral.state in ("held", "asked")
    return Markup(
        '<article class="card"><h3><a href="/simplu/referire/{number}">{service}</a></h3>'
        '<p>{chip} <span class="soft">{number}{need}</span></p><p{kind}>{next}</p></article>'
    ).format(
        number=referral.referral_id,
        service=referral_offers.service_name(view.directory, referral.service_id),
        chip=_state_chip(referral),
        need="" if is_sensitive(referral) else f" · {_need_name(referral)}",
        kind=Markup(' class="caution"') if urgent else page_frame.NOTHING,
        next=(_("Expiră curând. ") if urgent else "") + worklist.what_next(referral),
    )


def _state_chip(referral: Referral) -> Markup:
    kind = "free" if referral.state in WITH_A_PLACE else "ask"
    return Markup('<span class="chip {}">{}</span>').format(kind, state_label(referral.state))


def _need_name(referral: Referral) -> str:
    known = search_terms.all_search_terms().get(referral.need)
    return known.label if known else referral.need


def show_referral(view: RequestView) -> Response:
    """Show one referral and what may be done with it. Reading it is written in the trail."""
    referral = view.directory.ledger.referral(_number(view), actor=view.actor)
    return _page(view, referral)


def _number(view: RequestView) -> str:
    return str(view.request.path_params["number"]).upper()


def _page(view: RequestView, referral: Referral, *before: Markup) -> Response:
    return page_frame.page(
        view,
        _("Referirea {number}").format(number=referral.referral_id),
        *before,
        _facts(view, referral),
        _next_best(view, referral),
        _steps(view, referral),
        _handing_over(view, referral),
        _rides(view, referral),
        Markup('<p><a href="/simplu/referiri">{}</a></p>').format(_("Toate referirile")),
    )


def _facts(view: RequestView, referral: Referral) -> Markup:
    rows = [
        (_("Serviciu"), referral_offers.service_name(view.directory, referral.service_id)),
        (_("Nevoie"), _("confidențială") if is_sensitive(referral) else _need_name(referral)),
        (_("Codul cazului"), referral.case_ref or _("șters")),
        (_("Făcută la"), moment_words(referral.made_at)),
        (_("Expiră la"), last_moment(referral.expires_at)),
        (_("Motiv"), reason_label(referral.reason)),
        (_("Mențiuni"), referral.note),
    ]
    listed = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*row) for row in rows if row[1])
    return Markup('<div class="box"><p>{}</p><p><b>{}</b></p><dl>{}</dl>{}</div>').format(
        _state_chip(referral), worklist.what_next(referral), listed, _call(view, referral)
    )


def _call(view: RequestView, referral: Referral) -> Markup:
    try:
        phone = view.snapshot.catalogue.service(referral.service_id)["phone"]
    except UnknownCodeError:
        return page_frame.NOTHING
    return offer_cards.calls(phone if isinstance(phone, str) else None)


def _next_best(view: RequestView, referral: Referral) -> Markup:
    """Offer the next service for the same need: one button, the agreement already given goes with it."""
    may = roles.allows(view.actor, "referral.make", roles.Area(referral.county, referral.uat_siruta))
    if referral.state not in worklist.LOST or not may or not referral.case_ref:
        return page_frame.NOTHING
    others = worklist.referrals_from_frame(
        view.directory.ledger.referrals(actor=view.actor, case_ref=referral.case_ref)
    )
    if any(each.replaces == referral.referral_id for each in others):
        return page_frame.quiet(_("Cazul a fost mutat deja la alt serviciu."))
    offer = referral_offers.next_best(view.directory, referral, (each.service_id for each in others))
    carried = [
        *search_page.fields_of(referral_offers.question_of(view.directory, referral)),
        ("inlocuieste", referral.referral_id),
        ("cheie", secrets.token_urlsafe(12)),
    ]
    if offer is None:
        return page_frame.quiet(_("Nu mai este alt serviciu potrivit. Întrebați unitatea județeană de sprijin."))
    return Markup(
        '<h2>{title}</h2>{card}<form method="post" action="/simplu/referire/noua">{hidden}'
        '<button class="main" name="serviciu" value="{service}">{go}</button></form>'
        '<form method="post" action="/simplu/raspuns">{all}<p><button class="link">{others}</button></p></form>'
    ).format(
        title=_("Următorul serviciu potrivit"),
        card=offer_cards.card(offer),
        hidden=page_frame.hidden(view, carried),
        service=offer.service_id,
        go=_("Referiți la acesta"),
        all=page_frame.hidden(view, carried[:-1]),
        others=_("Vedeți toate serviciile"),
    )


def _steps(view: RequestView, referral: Referral) -> Markup:
    steps = worklist.steps_for(view.actor, referral)
    plain = [step for step in steps if not worklist.takes_reason(step)]
    reasoned = [step for step in steps if worklist.takes_reason(step)]
    if not steps:
        return page_frame.NOTHING
    buttons = Markup("").join(_plain_step(view, referral, step, is_main=step in ("accept", "start")) for step in plain)
    return Markup('<h2>{}</h2><div class="row">{}</div>{}').format(
        _("Ce s-a întâmplat?"),
        buttons,
        Markup("").join(_reasoned_step(view, referral, step) for step in reasoned),
    )


def _plain_step(view: RequestView, referral: Referral, step: Action, *, is_main: bool) -> Markup:
    return Markup(
        '<form method="post" action="/simplu/referire/{}/pas">{}<button class="{}">{}</button></form>'
    ).format(referral.referral_id, _step_fields(view, step), "main" if is_main else "", step_label(step))


def _reasoned_step(view: RequestView, referral: Referral, step: Action) -> Markup:
    must = worklist.needs_reason(step)
    first = ("", _("Alegeți motivul") if must else _("fără motiv"))
    return Markup(
        '<details><summary>{label}</summary><form method="post" action="/simplu/referire/{number}/pas">{hidden}'
        '<label for="motiv-{step}">{why}</label><select id="motiv-{step}" name="motiv"{required}>{reasons}</select>'
        "<p><button>{label}</button></p></form></details>"
    ).format(
        label=step_label(step),
        number=referral.referral_id,
        hidden=_step_fields(view, step),
        step=step,
        why=_("De ce?"),
        required=Markup(" required") if must else page_frame.NOTHING,
        reasons=page_frame.options([first, *worklist.reasons()]),
    )


def _step_fields(view: RequestView, step: Action) -> Markup:
    return page_frame.hidden(view, [("pas", step), ("cheie", secrets.token_urlsafe(12))])


def advance(view: RequestView) -> Response:
    """Take one step of a referral, then show it again."""
    after = view.directory.ledger.transition(
        _number(view),
        view.said("pas", 20),
        actor=view.actor,
        reason=view.said("motiv", 30),
        key=view.said("cheie", 60),
    )
    return RedirectResponse(f"/simplu/referire/{after.referral_id}", 303)


def _handing_over(view: RequestView, referral: Referral) -> Markup:
    """Offer the slip and the provider's link; a referral that has ended sends nobody anywhere."""
    if referral.state not in OPEN:
        return page_frame.NOTHING
    pieces = [
        Markup('<a class="btn" href="/simplu/referire/{}/bilet">{}</a>').format(
            referral.referral_id, _("Biletul, ca text")
        )
    ]
    area = roles.Area(referral.county, referral.uat_siruta, referral.service_id, referral.referral_id)
    if roles.allows(view.actor, "link.referral", area):
        pieces.append(
            Markup('<form method="post" action="/simplu/referire/{}/legatura">{}<button>{}</button></form>').format(
                referral.referral_id, page_frame.hidden(view), _("Legătură pentru furnizor")
            )
        )
    return Markup('<h2>{}</h2><div class="row">{}</div>').format(_("De dat mai departe"), Markup("").join(pieces))


def _rides(view: RequestView, referral: Referral) -> Markup:
    """Say who of the same community could come along; sensitive needs ride alone, and nobody to a protected address."""
    area = roles.Area(referral.county, referral.uat_siruta)
    is_open = referral.state in ("held", "asked", "accepted")
    if not is_open or is_sensitive(referral) or not roles.allows(view.actor, "referral.list", area):
        return page_frame.NOTHING
    try:
        service = view.snapshot.catalogue.service(referral.service_id)
    except UnknownCodeError:
        return page_frame.NOTHING
    if service["is_secret"] or service["delivery"] != "at_site" or isnan(service["lat"]):
        return page_frame.NOTHING
    stops = [(float(service["lat"]), float(service["lon"]))]
    home = referral_offers.place_of(view.directory, referral)
    words = ride_words(
        find_shared_rides(view.directory, home, stops, actor=view.actor, case_ref=referral.case_ref or "")
    )
    return page_frame.quiet(words) if words else page_frame.NOTHING


def make_link(view: RequestView) -> Response:
    """Make the link with which the provider answers, and show it to be copied into a message."""
    referral = view.directory.ledger.referral(_number(view), actor=view.actor)
    token = provider_tokens.make_referral_link(view.directory.ledger, referral.referral_id, actor=view.actor)
    address = f"{str(view.request.base_url).rstrip('/')}/l/{token}"
    words = _("Trimiteți furnizorului această adresă. Cine o are poate răspunde la referire, timp de {n} de zile.")
    return _page(
        view, referral, page_frame.done(words.format(n=provider_tokens.REFERRAL_DAYS)), page_frame.to_copy(address)
    )


def slip(view: RequestView) -> Response:
    """Show the slip; with `?forma=text` as a text file that any telephone opens and any printer prints."""
    referral = view.directory.ledger.referral(_number(view), actor=view.actor)
    lines = slip_lines(view.directory, referral)
    if view.request.query_params.get("forma") == "text":
        name = f"bilet-{referral.referral_id}.txt"
        # A byte order mark: without it old telephones and Windows guess the letters wrongly.
        return PlainTextResponse(
            "\ufeff" + "\r\n".join(lines) + "\r\n", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
    here = f"/simplu/referire/{referral.referral_id}"
    return page_frame.page(
        view,
        _("Bilet de îndrumare"),
        Markup('<div class="box"><pre lang="ro">{}</pre></div>').format("\n".join(lines)),
        Markup(
            '<div class="row"><a class="btn main" href="{here}/bilet.pdf">{page}</a>'
            '<a class="btn" href="{here}/bilet?forma=text">{text}</a><a class="btn" href="{here}">{back}</a></div>'
        ).format(here=here, page=_("De tipărit (PDF)"), text=_("Ca text"), back=_("Înapoi la referire")),
    )
