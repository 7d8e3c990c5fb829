"""My referrals on plain pages: what is open, what is about to run out, the answer, the next best, the slip."""

from __future__ import annotations

import secrets
from math import isnan
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from api.plain import frame, offers, question
from api.plain.slip import is_sensitive, slip_lines
from geo.errors import UnknownCodeError
from geo.language import _, ngettext
from providers import wanted
from referrals import following, links, referring, roles
from referrals.facts import OPEN, WITH_A_PLACE, reason_label, state_label
from referrals.following import last_moment, moment_words, step_label
from referrals.together import ride_words, together

if TYPE_CHECKING:
    from api.view import View
    from referrals.facts import Referral
    from referrals.life import Action

_MOST_SHOWN = 20


def mine(view: View) -> Response:
    """List the open referrals of the area, and the refused ones to move on."""
    every = following.of_table(view.desk.ledger.referrals(actor=view.actor))
    waiting, lost = following.open_ones(every), following.to_move(every)
    title = _("Referiri")
    if not waiting and not lost:
        empty = frame.quiet(_("Nu aveți referiri deschise. Începeți cu o căutare."))
        go = Markup('<p><a class="btn main" href="/simplu">{}</a></p>').format(_("Căutați un serviciu"))
        return frame.page(view, title, empty, go)
    return frame.page(
        view,
        title,
        frame.quiet(ngettext("{n} referire deschisă", "{n} referiri deschise", len(waiting)).format(n=len(waiting))),
        _listed(view, _("De mutat la alt serviciu"), lost),
        _listed(view, _("Deschise"), waiting),
    )


def _listed(view: View, title: str, some: list[Referral]) -> Markup:
    if not some:
        return frame.NOTHING
    left = len(some) - _MOST_SHOWN
    more = frame.quiet(_("și încă {n}").format(n=left)) if left > 0 else frame.NOTHING
    return Markup("<h2>{}</h2>{}{}").format(
        title, Markup("").join(_card(view, each) for each in some[:_MOST_SHOWN]), more
    )


def _card(view: View, referral: Referral) -> Markup:
    urgent = following.is_urgent(referral) and referral.state in ("held", "asked")
    return Markup(
        '<article class="card"><h3><a href="/simplu/referire/{number}">{service}</a></h3>'
        '<p>{chip} <span class="soft">{number}{need}</span></p><p{kind}>{next}</p></article>'
    ).format(
        number=referral.referral_id,
        service=referring.service_name(view.desk, referral.service_id),
        chip=_state_chip(referral),
        need="" if is_sensitive(referral) else f" · {_need_name(referral)}",
        kind=Markup(' class="caution"') if urgent else frame.NOTHING,
        next=(_("Expiră curând. ") if urgent else "") + following.what_next(referral),
    )


def _state_chip(referral: Referral) -> Markup:
    kind = "free" if referral.state in WITH_A_PLACE else "ask"
    return Markup('<span class="chip {}">{}</span>').format(kind, state_label(referral.state))


def _need_name(referral: Referral) -> str:
    known = wanted.everything().get(referral.need)
    return known.label if known else referral.need


def one(view: View) -> Response:
    """Show one referral and what may be done with it. Reading it is written in the trail."""
    referral = view.desk.ledger.referral(_number(view), actor=view.actor)
    return _page(view, referral)


def _number(view: View) -> str:
    return str(view.request.path_params["number"]).upper()


def _page(view: View, referral: Referral, *before: Markup) -> Response:
    return frame.page(
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


def _facts(view: View, referral: Referral) -> Markup:
    rows = [
        (_("Serviciu"), referring.service_name(view.desk, referral.service_id)),
        (_("Nevoie"), _("confidențială") if is_sensitive(referral) else _need_name(referral)),
        (_("Codul cazului"), referral.case_ref or _("șters")),
        (_("Făcută la"), moment_words(referral.made_at)),
        (_("Expiră la"), last_moment(referral.expires_at)),
        (_("Motiv"), reason_label(referral.reason)),
        (_("Mențiuni"), referral.note),
    ]
    listed = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*row) for row in rows if row[1])
    return Markup('<div class="box"><p>{}</p><p><b>{}</b></p><dl>{}</dl>{}</div>').format(
        _state_chip(referral), following.what_next(referral), listed, _call(view, referral)
    )


def _call(view: View, referral: Referral) -> Markup:
    try:
        phone = view.desk.catalogue().service(referral.service_id)["phone"]
    except UnknownCodeError:
        return frame.NOTHING
    numbers = offers.phones(phone if isinstance(phone, str) else None)[:2]
    buttons = Markup("").join(
        Markup('<a class="btn" href="tel:{}">{} {}</a>').format(digits, _("Sunați"), text) for digits, text in numbers
    )
    return Markup('<div class="row">{}</div>').format(buttons) if buttons else frame.NOTHING


def _next_best(view: View, referral: Referral) -> Markup:
    """Offer the next service for the same need: one button, the agreement already given goes with it."""
    may = roles.allows(view.actor, "referral.make", roles.Area(referral.county, referral.uat_siruta))
    if referral.state not in following.LOST or not may or not referral.case_ref:
        return frame.NOTHING
    others = following.of_table(view.desk.ledger.referrals(actor=view.actor, case_ref=referral.case_ref))
    if any(each.replaces == referral.referral_id for each in others):
        return frame.quiet(_("Cazul a fost mutat deja la alt serviciu."))
    offer = referring.next_best(view.desk, referral, (each.service_id for each in others))
    carried = [
        *question.fields_of(referring.question_of(view.desk, referral)),
        ("inlocuieste", referral.referral_id),
        ("cheie", secrets.token_urlsafe(12)),
    ]
    if offer is None:
        return frame.quiet(_("Nu mai este alt serviciu potrivit. Întrebați unitatea județeană de sprijin."))
    return Markup(
        '<h2>{title}</h2>{card}<form method="post" action="/simplu/referire/noua">{hidden}'
        '<button class="main" name="serviciu" value="{service}">{go}</button></form>'
        '<form method="post" action="/simplu/raspuns">{all}<p><button class="link">{others}</button></p></form>'
    ).format(
        title=_("Următorul serviciu potrivit"),
        card=offers.card(offer),
        hidden=frame.hidden(view, carried),
        service=offer.service_id,
        go=_("Referiți la acesta"),
        all=frame.hidden(view, carried[:-1]),
        others=_("Vedeți toate serviciile"),
    )


def _steps(view: View, referral: Referral) -> Markup:
    steps = following.steps_for(view.actor, referral)
    plain = [step for step in steps if not following.takes_reason(step)]
    reasoned = [step for step in steps if following.takes_reason(step)]
    if not steps:
        return frame.NOTHING
    buttons = Markup("").join(_plain_step(view, referral, step, is_main=step in ("accept", "start")) for step in plain)
    return Markup('<h2>{}</h2><div class="row">{}</div>{}').format(
        _("Ce s-a întâmplat?"),
        buttons,
        Markup("").join(_reasoned_step(view, referral, step) for step in reasoned),
    )


def _plain_step(view: View, referral: Referral, step: Action, *, is_main: bool) -> Markup:
    return Markup(
        '<form method="post" action="/simplu/referire/{}/pas">{}<button class="{}">{}</button></form>'
    ).format(referral.referral_id, _step_fields(view, step), "main" if is_main else "", step_label(step))


def _reasoned_step(view: View, referral: Referral, step: Action) -> Markup:
    must = following.needs_reason(step)
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
        required=Markup(" required") if must else frame.NOTHING,
        reasons=frame.options([first, *following.reasons()]),
    )


def _step_fields(view: View, step: Action) -> Markup:
    return frame.hidden(view, [("pas", step), ("cheie", secrets.token_urlsafe(12))])


def step(view: View) -> Response:
    """Take one step of a referral, then show it again."""
    after = view.desk.ledger.transition(
        _number(view),
        view.said("pas", 20),
        actor=view.actor,
        reason=view.said("motiv", 30),
        key=view.said("cheie", 60),
    )
    return RedirectResponse(f"/simplu/referire/{after.referral_id}", 303)


def _handing_over(view: View, referral: Referral) -> Markup:
    """Offer the slip and the provider's link; a referral that has ended sends nobody anywhere."""
    if referral.state not in OPEN:
        return frame.NOTHING
    pieces = [
        Markup('<a class="btn" href="/simplu/referire/{}/bilet">{}</a>').format(
            referral.referral_id, _("Biletul, ca text")
        )
    ]
    area = roles.Area(referral.county, referral.uat_siruta, referral.service_id, referral.referral_id)
    if roles.allows(view.actor, "link.referral", area):
        pieces.append(
            Markup('<form method="post" action="/simplu/referire/{}/legatura">{}<button>{}</button></form>').format(
                referral.referral_id, frame.hidden(view), _("Legătură pentru furnizor")
            )
        )
    return Markup('<h2>{}</h2><div class="row">{}</div>').format(_("De dat mai departe"), Markup("").join(pieces))


def _rides(view: View, referral: Referral) -> Markup:
    """Say who of the same community could come along; sensitive needs ride alone, and nobody to a protected address."""
    area = roles.Area(referral.county, referral.uat_siruta)
    is_open = referral.state in ("held", "asked", "accepted")
    if not is_open or is_sensitive(referral) or not roles.allows(view.actor, "referral.list", area):
        return frame.NOTHING
    try:
        service = view.desk.catalogue().service(referral.service_id)
    except UnknownCodeError:
        return frame.NOTHING
    if service["is_secret"] or service["delivery"] != "at_site" or isnan(service["lat"]):
        return frame.NOTHING
    stops = [(float(service["lat"]), float(service["lon"]))]
    home = referring.place_of(view.desk, referral)
    words = ride_words(together(view.desk, home, stops, actor=view.actor, case_ref=referral.case_ref or ""))
    return frame.quiet(words) if words else frame.NOTHING


def make_link(view: View) -> Response:
    """Make the link with which the provider answers, and show it to be copied into a message."""
    referral = view.desk.ledger.referral(_number(view), actor=view.actor)
    token = links.make_referral_link(view.desk.ledger, referral.referral_id, actor=view.actor)
    address = f"{str(view.request.base_url).rstrip('/')}/l/{token}"
    words = _("Trimiteți furnizorului această adresă. Cine o are poate răspunde la referire, timp de {n} de zile.")
    return _page(view, referral, frame.done(words.format(n=links.REFERRAL_DAYS)), frame.to_copy(address))


def slip(view: View) -> Response:
    """Show the slip; with `?forma=text` as a text file that any telephone opens and any printer prints."""
    referral = view.desk.ledger.referral(_number(view), actor=view.actor)
    lines = slip_lines(view.desk, referral)
    if view.request.query_params.get("forma") == "text":
        name = f"bilet-{referral.referral_id}.txt"
        # A byte order mark: without it old telephones and Windows guess the letters wrongly.
        return PlainTextResponse(
            "\ufeff" + "\r\n".join(lines) + "\r\n", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
    here = f"/simplu/referire/{referral.referral_id}"
    return frame.page(
        view,
        _("Bilet de îndrumare"),
        Markup('<div class="box"><pre lang="ro">{}</pre></div>').format("\n".join(lines)),
        Markup(
            '<div class="row"><a class="btn main" href="{here}/bilet.pdf">{page}</a>'
            '<a class="btn" href="{here}/bilet?forma=text">{text}</a><a class="btn" href="{here}">{back}</a></div>'
        ).format(here=here, page=_("De tipărit (PDF)"), text=_("Ca text"), back=_("Înapoi la referire")),
    )
