"""What a team asks for when it refers somebody, checked at the door."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.language import _
from referrals.capacity import CLOCK_TOLERANCE
from referrals.errors import BadReferralError
from referrals.facts import BASES, ROUTES
from referrals.privacy import refuse_personal

if TYPE_CHECKING:
    from datetime import datetime

    from referrals.facts import ServiceTerms

# No 0/O, 1/I/L, U: what is read out over the telephone must not be misheard.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CASE = re.compile(f"C-[{_ALPHABET}]{{5}}-[{_ALPHABET}]{{5}}")


@dataclass(frozen=True)
class Wish:
    """A referral asked for: the service, the case (empty: a new one), the need, where the person lives.

    is_new_case: `case_ref` is a code that we offered for a case to come (`case_codes`).
    """

    terms: ServiceTerms
    case_ref: str
    need: str
    county: str
    uat_siruta: int
    locality_siruta: int | None
    basis: str
    consent_at: datetime | None
    note: str
    replaces: str
    second_place: bool
    is_new_case: bool = False


def random_code(length: int) -> str:
    """Make a code that nobody guesses and everybody can read out."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_case_reference() -> str:
    """Make a case reference: random, so that it means nothing."""
    return f"C-{random_code(5)}-{random_code(5)}"


def checked_case(case_ref: str) -> str:
    """Give a case reference in its one form; BadReferralError where it is not one of ours."""
    tidy = case_ref.strip().upper()
    if not _CASE.fullmatch(tidy):
        # What was typed is not repeated: it may be a name or a personal number.
        raise BadReferralError(
            _("Codul de caz nu are forma C-XXXXX-XXXXX. Folosiți codul făcut de program, nu un nume sau un CNP.")
        )
    return tidy


def checked(wish: Wish, now: datetime) -> Wish:
    """Give a wish back tidy; BadReferralError or PersonalDataError says what is wrong with it."""
    if wish.terms.access_route not in ROUTES:
        raise BadReferralError(_("Cale de acces necunoscută: „{found}”.").format(found=wish.terms.access_route))
    if wish.terms.hold_working_days < 0 or wish.terms.answer_working_days < 1:
        raise BadReferralError(_("Termenul de răspuns trebuie să fie de cel puțin o zi lucrătoare."))
    if not wish.need.strip():
        raise BadReferralError(_("Alegeți nevoia pentru care se face referirea."))
    if wish.replaces and not wish.case_ref:
        raise BadReferralError(_("O referire se mută împreună cu cazul ei: lipsește codul de caz."))
    _check_basis(wish, now)
    return replace(
        wish,
        case_ref=checked_case(wish.case_ref) if wish.case_ref else "",
        need=wish.need.strip(),
        note=refuse_personal(wish.note, field=_("Mențiuni")),
    )


def _check_basis(wish: Wish, now: datetime) -> None:
    if wish.basis not in BASES:
        raise BadReferralError(
            _("Temei necunoscut: „{found}”. Se pot alege: {known}.").format(found=wish.basis, known=", ".join(BASES))
        )
    if wish.basis == "consent" and wish.consent_at is None:
        raise BadReferralError(_("Cereți întâi acordul persoanei și treceți data lui."))
    if wish.consent_at is not None and wish.consent_at > now + CLOCK_TOLERANCE:
        raise BadReferralError(_("Data acordului este în viitor."))
