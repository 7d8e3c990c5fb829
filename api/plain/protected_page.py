"""The record behind a protected address, on a plain page: for the county unit that answers for it, by POST alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from api.forms.consent_form import ChosenServiceForm
from api.forms.question_form import question_fields
from api.http import page_frame
from api.plain import search_page
from core.i18n import _
from providers.finder.answer import Query
from referrals.records import roles
from referrals.workflow import protected_records

if TYPE_CHECKING:
    from api.http.request_view import RequestView


def show(view: RequestView) -> Response:
    """Open one record; it is written in the audit log who did, and when."""
    service_id = ChosenServiceForm.parse(view.fields).service_id
    record = protected_records.open_record(view.directory, service_id, actor=view.actor)
    key = view.directory.key_for(service_id, actor=view.actor, permission="secret.read")
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
    # The person of the question that led here may be referred, and what the service said of its places noted.
    query = search_page.read(view)
    carried, may_refer = [], False
    if isinstance(query, Query):
        home = query.home or query.origin
        carried = [*question_fields(query), ("serviciu", key)]
        may_refer = roles.allows(view.actor, "referral.make", roles.Area(home.county, home.uat_siruta, key))
    return page_frame.page(
        view,
        "protected.html",
        rows=[(labels[name], value) for name, value in record.items()],
        carried=carried,
        may_refer=may_refer,
    )
