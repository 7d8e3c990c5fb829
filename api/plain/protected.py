"""The record behind a protected address, on a plain page: for the county unit that answers for it, by POST alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import Response

from api.plain import frame, question
from geo.language import _
from providers.answer import Query
from referrals import protected, roles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.view import View
    from providers.answer import Offer


def buttons(view: View, offers: Iterable[Offer]) -> Markup:
    """Offer to open the protected records among some offers that this actor is entitled to."""
    if view.session is None:
        return frame.NOTHING
    mine = protected.keys_of(view.desk, view.session.actor)
    items = Markup("").join(
        Markup('<button name="serviciu" value="{}" formaction="/simplu/protejat">{}</button>').format(
            mine[offer.service_id], offer.name
        )
        for offer in offers
        if offer.service_id in mine
    )
    if not items:
        return frame.NOTHING
    return Markup('<details><summary>{}</summary>{}<div class="row">{}</div></details>').format(
        _("Date protejate"), frame.quiet(_("Fiecare deschidere se scrie în jurnal.")), items
    )


def show(view: View) -> Response:
    """Open one record; it is written in the trail who did, and when."""
    record = protected.open_record(view.desk, view.said("serviciu"), actor=view.actor)
    key = protected.key_for(view.desk, view.said("serviciu"), actor=view.actor, permission="secret.read")
    labels = {
        "name": _("Serviciu"),
        "organization": _("Furnizor"),
        "address": _("Adresă"),
        "locality": _("Localitate"),
        "phone": _("Telefon"),
        "email": _("E-mail"),
        "hours": _("Program"),
        "capacity_text": _("Capacitate"),
        "places": _("Locuri"),
    }
    rows = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(labels[name], value) for name, value in record.items()
    )
    warning = _("Adresă protejată. Nu o scrieți, nu o trimiteți prin mesaj și nu o spuneți decât persoanei.")
    facts = Markup('<dl class="box">{}</dl>').format(rows)
    return frame.page(view, _("Date protejate"), frame.alert(warning), facts, _acts(view, key))


def _acts(view: View, key: str) -> Markup:
    """Offer to refer the person of the question that led here, and to note what the service said of its places."""
    query = question.read(view)
    if not isinstance(query, Query):
        return frame.NOTHING
    home = query.home or query.origin
    may_refer = roles.allows(view.actor, "referral.make", roles.Area(home.county, home.uat_siruta, key))
    refer = Markup('<button class="main">{}</button>').format(_("Referiți")) if may_refer else frame.NOTHING
    return Markup(
        '<form method="post" action="/simplu/referire">{}<div class="row">{}'
        '<button formaction="/simplu/confirmare">{}</button></div></form>'
    ).format(frame.hidden(view, [*question.fields_of(query), ("serviciu", key)]), refer, _("Am sunat: notați"))
