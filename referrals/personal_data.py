"""What in a text says who a person is: personal number, telephone, address for mail, account, identity paper.

People spell such numbers in many ways, and ordinary notes are full of dates, hours, counts and numbers of laws.
`tests/referrals/test_privacy.py` measures both on a list of spellings and on made-up ordinary notes.
"""

from __future__ import annotations

from typing import Literal

from referrals.personal_numbers import is_personal_number, is_telephone, spans
from referrals.personal_papers import has_account, has_identity_paper, has_mail
from referrals.spelled_digits import plain_text, with_letters_as_digits

Kind = Literal["mail", "cnp", "phone", "account", "identity"]


def personal_data(text: str) -> Kind | None:
    """Find what in a text says who a person is.

    Parameters
    ----------
    text
        Free text of a few hundred characters, as it was typed.

    Returns
    -------
    str or None
        `mail`, `cnp` (13 digits, also with a wrong check digit: mistyped ones name the person too), `phone`
        (Romanian, or of another country where it begins with + or 00; not the free lines 0800 and 116),
        `account` (IBAN) or `identity` (series and number of an identity paper or a passport); None where
        nothing was found.
    """
    plain = plain_text(text)
    if has_mail(plain):
        return "mail"
    if has_account(plain):
        return "account"
    for reading in dict.fromkeys((plain, with_letters_as_digits(plain))):
        found = list(spans(reading))
        if any(is_personal_number(span) for span in found):
            return "cnp"
        if any(is_telephone(span) for span in found):
            return "phone"
    return "identity" if has_identity_paper(plain) else None
