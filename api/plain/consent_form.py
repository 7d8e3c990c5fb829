"""What is said before a referral, on a plain form: the ground, the agreement and its day, the case, a remark."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.http import page_frame
from core.i18n import _
from referrals.records.working_time import BUCHAREST

if TYPE_CHECKING:
    from api.http.request_view import RequestView


def basis_fields(view: RequestView) -> Markup:
    """Ask on what ground, whether the person agreed, and when."""
    pairs = [
        ("consent", _("persoana (sau reprezentantul) și-a dat acordul")),
        ("public_task", _("obligația legală de asistență")),
        ("vital_interest", _("viața sau sănătatea este în pericol")),
    ]
    today = datetime.now(BUCHAREST).date().isoformat()
    return Markup(
        '{radios}<label class="pick"><input type="checkbox" name="acord" value="1"{ticked}> {agreed}</label>'
        '<label for="acord_la">{when}</label>'
        '<input type="date" id="acord_la" name="acord_la" value="{day}" max="{today}">'
    ).format(
        radios=page_frame.radios("temei", _("Pe ce temei?"), pairs, view.said("temei") or "consent"),
        ticked=Markup(" checked") if view.said("acord") == "1" else page_frame.NOTHING,
        agreed=_("Am cerut acordul și l-am primit"),
        when=_("Data acordului"),
        day=view.said("acord_la") or today,
        today=today,
    )


def case_fields(view: RequestView) -> Markup:
    """Offer to name a case that is known already, and to say something; not where a referral is only moved."""
    if view.said("inlocuieste"):
        return page_frame.NOTHING
    return Markup(
        '<details{open}><summary>{more}</summary><label for="caz">{case}<span class="hint">{hint}</span></label>'
        '<input type="text" id="caz" name="caz" value="{typed}" placeholder="C-XXXXX-XXXXX" maxlength="20" '
        'autocomplete="off" autocapitalize="characters">'
        '<label for="nota">{note}<span class="hint">{nothing}</span></label>'
        '<textarea id="nota" name="nota" maxlength="500">{said}</textarea></details>'
    ).format(
        open=Markup(" open") if view.said("caz") or view.said("nota") else page_frame.NOTHING,
        more=_("Caz existent, mențiuni"),
        case=_("Codul cazului"),
        hint=_("Lăsați gol pentru o persoană nouă: facem noi un cod."),
        typed=view.said("caz"),
        note=_("Mențiuni pentru furnizor"),
        nothing=_("Fără nume, CNP, telefon sau diagnostic."),
        said=view.said("nota", 500),
    )


def second_field(*, second: bool) -> Markup:
    """Ask whether two places are meant, where the case has one already."""
    if not second:
        return page_frame.NOTHING
    return Markup('<label class="pick"><input type="checkbox" name="al_doilea" value="1"> {}</label>').format(
        _("Este nevoie de două locuri")
    )


def consent_at(view: RequestView) -> datetime | None:
    """Read when the person agreed: now for today, noon for an earlier day; None where nobody said so."""
    if view.said("temei") != "consent" or view.said("acord") != "1":
        return None
    try:
        day = date.fromisoformat(view.said("acord_la", 10))
    except ValueError:
        return None
    now = datetime.now(UTC)
    return now if day == now.astimezone(BUCHAREST).date() else datetime.combine(day, time(12), BUCHAREST)
