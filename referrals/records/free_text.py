"""What must not be written down: whatever in free text says who the person is.

Personal number, telephone, address for mail, account, identity paper: people spell such numbers in many ways, and
ordinary notes are full of dates, hours, counts and numbers of laws. `tests/referrals/records/test_personal_data.py`
measures both on a list of spellings and on made-up ordinary notes.
"""

from __future__ import annotations

import re
from typing import Literal

from core.i18n import N_, _
from referrals.records.ledger_errors import PersonalDataError
from referrals.records.personal_numbers import is_personal_number, is_telephone, spans
from referrals.records.personal_papers import has_account, has_identity_paper, has_mail
from referrals.records.spelled_digits import plain_text, with_letters_as_digits

PersonalKind = Literal["mail", "cnp", "phone", "account", "identity"]

NOTE_LENGTH = 500
# NUL and halves of characters no database takes; other control signs a terminal and a workbook obey or refuse, and
# those that turn the direction of reading show another text than was written.
_NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_REFUSED = {
    "mail": N_("{field}: ștergeți adresa de e-mail. Aici nu se scriu date personale."),
    "cnp": N_("{field}: ștergeți codul numeric personal. Aici nu se scriu date personale."),
    "phone": N_("{field}: ștergeți numărul de telefon. Aici nu se scriu date personale."),
    "account": N_("{field}: ștergeți numărul contului bancar (IBAN). Aici nu se scriu date personale."),
    "identity": N_("{field}: ștergeți seria și numărul actului de identitate. Aici nu se scriu date personale."),
}


def refuse_personal(text: str, *, field: str) -> str:
    """Return `text` trimmed and without control signs, unless it says who a person is.

    Parameters
    ----------
    text
        Free text as it was typed.
    field
        What the field is called on the screen, for the message.

    Returns
    -------
    str
        The text without spaces around it.

    Raises
    ------
    PersonalDataError
        Where the text is longer than NOTE_LENGTH, or holds what `personal_data` finds. The message
        names the field and what is to be deleted; it does not repeat it.
    """
    sentence = _NO_CHARACTERS.sub("", text).strip()
    if len(sentence) > NOTE_LENGTH:
        raise PersonalDataError(
            _("{field}: textul are {found} de caractere; cel mult {most}.").format(
                field=field, found=len(sentence), most=NOTE_LENGTH
            )
        )
    kind = personal_data(sentence)
    if kind is not None:
        raise PersonalDataError(_(_REFUSED[kind]).format(field=field))
    return sentence


def personal_data(text: str) -> PersonalKind | None:
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
