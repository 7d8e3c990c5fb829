"""From one way to its referrals: the agreement once, then every stop by itself, all of one case.

A stop whose place is gone meanwhile does not take the others with it: what was made stands, and for what
was not the list of this moment follows.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.plain import agreement, frame, offers, question, trip_box
from api.plain.answers import answer_page
from api.plain.referring import query_of
from geo.language import _, ngettext
from geo.trip import MOST_NEEDS
from providers.steps import promise
from providers.trip_text import wanted_words
from referrals import case_codes, following, referring
from referrals.errors import BadReferralError, NoPlaceError, PersonalDataError, SecondPlaceError
from referrals.referring import NotOfferedError

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.view import View
    from providers.answer import Offer, Query
    from referrals.facts import Referral

    Stop = tuple[str, str]  # what for (a code of the question), and the service

_LONGEST_TOKEN = 200  # of a new case


def ask(view: View) -> Response:
    """Ask for the person's agreement to all the stops of a way."""
    return _consent_page(view, query_of(view), _stops(view))


def _stops(view: View) -> list[Stop]:
    """Read where the way leads: only needs of the question, each once."""
    wanted = set(query_of(view).wanted)
    found: dict[str, str] = {}
    for text in view.all_said("oprire")[:MOST_NEEDS]:
        need, _blank, service = text.partition(" ")
        if need in wanted:
            found.setdefault(need, service)
    if not found:
        raise BadReferralError(_("Lipsesc opririle drumului. Căutați din nou."))
    return list(found.items())


def _consent_page(view: View, query: Query, stops: list[Stop], trouble: str = "", status: int = 200) -> Response:
    try:
        offered = [
            (need, referring.offer_now(view.desk, replace(query, wanted=(need,)), service)) for need, service in stops
        ]
    except NotOfferedError as error:
        return answer_page(view, query, frame.alert(str(error)), status=409)
    carried = [
        *question.fields_of(query),
        ("cheie", view.said("cheie") or secrets.token_urlsafe(12)),
        # A new case is named here, so that the form sent again says the same thing, whatever was made before.
        ("caz_nou", view.said("caz_nou", _LONGEST_TOKEN) or case_codes.offer_code(view.desk.ledger, view.actor)),
    ]
    form = Markup(
        '<form method="post" action="/simplu/drum/nou" class="box">{}{}{}{}<button class="main">{}</button></form>'
    ).format(
        frame.hidden(view, carried),
        trip_box.stop_fields(stops),
        agreement.basis_fields(view),
        agreement.case_fields(view),
        ngettext("Trimiteți {n} referire", "Trimiteți {n} referiri", len(stops)).format(n=len(stops)),
    )
    return frame.page(
        view,
        _("Referiți persoana la tot drumul"),
        frame.alert(trouble) if trouble else frame.NOTHING,
        Markup("<ol>{}</ol>").format(Markup("").join(_stop(need, offer) for need, offer in offered)),
        form,
        status=status,
    )


def _stop(need: str, offer: Offer) -> Markup:
    return Markup('<li><b>{}</b><br>{} {}<br><span class="soft">{}</span></li>').format(
        offer.name, wanted_words(need), offers.chip(offer), promise(offer)
    )


def make(view: View) -> Response:
    """Refer to every stop, by the facts of this moment; say what was made and what was not."""
    query, stops = query_of(view), _stops(view)
    made: list[Referral] = []
    failed: list[tuple[str, str]] = []  # what for, and why not
    case, offered = view.said("caz", 20), view.said("caz_nou", _LONGEST_TOKEN)
    is_new = bool(offered) and not case
    if is_new:
        case = case_codes.offered_code(view.desk.ledger, offered, view.actor)
    for place, (need, service) in enumerate(stops):
        try:
            made.append(_refer(view, replace(query, wanted=(need,)), service, case, place, is_new=is_new))
        except (NotOfferedError, NoPlaceError, SecondPlaceError) as error:
            failed.append((need, str(error)))
        except (BadReferralError, PersonalDataError) as error:
            if not made:  # what is wrong with the form is wrong from the first stop on
                return _consent_page(view, query, stops, str(error), 400)
            raise
        case = case or (made[0].case_ref if made else "")
    return _what_came(view, query, made, failed)


def _refer(view: View, query: Query, service: str, case: str, place: int, *, is_new: bool) -> Referral:
    key = view.said("cheie", 50)
    return referring.refer(
        view.desk,
        service,
        query,
        actor=view.actor,
        basis=view.said("temei"),
        consent_at=agreement.consent_at(view),
        case_ref=case or None,
        is_new_case=is_new,
        note=view.said("nota", 1000),
        idempotency_key=f"{key}-{place}" if key else "",
    )


def _what_came(view: View, query: Query, made: list[Referral], failed: list[tuple[str, str]]) -> Response:
    done = Markup("").join(_made(view, each) for each in made)
    if not failed:
        every = Markup('<p><a class="btn main" href="/simplu/referiri">{}</a></p>').format(_("Toate referirile"))
        return frame.page(view, _("Referirile drumului"), done, every)
    said = frame.alert(" ".join(f"{wanted_words(need)}: {why}" for need, why in failed))
    left = replace(query, wanted=tuple(need for need, _why in failed))
    case = [("caz", made[0].case_ref)] if made else []
    return answer_page(view, left, done, said, carried=case, status=409)


def _made(view: View, referral: Referral) -> Markup:
    here = f"/simplu/referire/{referral.referral_id}"
    return Markup(
        '<div class="done" role="status"><p>{}</p><p>{}</p><div class="row"><a class="btn" href="{}/bilet">{}</a>'
        '<a class="btn" href="{}">{}</a></div></div>'
    ).format(
        _("S-a făcut referirea {number}").format(number=referral.referral_id),
        f"{referring.service_name(view.desk, referral.service_id)}. {following.what_next(referral)}",
        here,
        _("Biletul, ca text"),
        here,
        _("Deschideți referirea"),
    )
