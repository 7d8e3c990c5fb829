"""Codes of cases to come: made by us, signed, and handed to a form that makes several referrals of one new case.

Elsewhere a new case gets its code with its first referral, and a code that comes in must be of a case that is there.
A form that may be sent twice has to name its new case beforehand; the signature says that we did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from itsdangerous import BadSignature, URLSafeTimedSerializer

from geo.language import _
from referrals.errors import BadReferralError
from referrals.links import signing_key
from referrals.wish import new_case_reference

if TYPE_CHECKING:
    from referrals.facts import Actor
    from referrals.ledger import Ledger

_SECONDS = 24 * 3600


def offer_code(ledger: Ledger, actor: Actor) -> str:
    """Make the code of a new case, signed for this account and for a day; writes nothing."""
    return _signer(ledger).dumps([actor.account, new_case_reference()])


def offered_code(ledger: Ledger, token: str, actor: Actor) -> str:
    """Return the code that was offered to this account; BadReferralError for any other text."""
    try:
        account, code = _signer(ledger).loads(token, max_age=_SECONDS)
    except (BadSignature, ValueError):
        account, code = None, ""
    if account != actor.account:
        raise BadReferralError(_("Pagina este prea veche. Căutați din nou și trimiteți formularul nou."))
    return str(code)


def _signer(ledger: Ledger) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing_key(ledger), salt="harta.case")
