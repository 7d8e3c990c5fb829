"""What must not be written down: personal numbers and telephones in free text."""

from __future__ import annotations

import re

from core.i18n import _
from referrals.records.ledger_errors import PersonalDataError

NOTE_LENGTH = 500
# A run of digits as people write them: with spaces, dots, dashes, slashes or brackets between.
_RUN = re.compile(r"\+?\d(?:[ \t\u00a0.\-‐–/()]{0,3}\d)*")
_CNP_WEIGHTS = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
_CNP_LENGTH = 13
_PHONE = re.compile(r"(?:0040|\+40|40|0)[2-9]\d{8}")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")


def is_cnp(digits: str) -> bool:
    """Whether 13 digits are a Romanian personal number: a day that exists in form, and the right check digit.

    Weights 279146358279, the sum modulo 11, 10 read as 1.
    """
    if len(digits) != _CNP_LENGTH or not digits.isdigit() or digits[0] == "0":
        return False
    check = sum(int(d) * w for d, w in zip(digits, _CNP_WEIGHTS, strict=False)) % 11
    return int(digits[12]) == (1 if check == 10 else check)  # noqa: PLR2004


def refuse_personal(text: str, *, field: str) -> str:
    """Give `text` back trimmed; PersonalDataError where it holds a personal number, a telephone or an address for mail.

    Any 13 digits that look like a personal number are refused even when the check digit is wrong: a
    mistyped one still names the person.
    """
    said = text.strip()
    if len(said) > NOTE_LENGTH:
        raise PersonalDataError(
            _("{field}: textul are {found} de caractere; cel mult {most}.").format(
                field=field, found=len(said), most=NOTE_LENGTH
            )
        )
    if _EMAIL.search(said):
        raise PersonalDataError(
            _("{field}: ștergeți adresa de e-mail. Aici nu se scriu date personale.").format(field=field)
        )
    for run in _RUN.findall(said):
        digits = re.sub(r"[^\d+]", "", run)
        if re.search(r"[1-9]\d{12}", digits):
            raise PersonalDataError(
                _("{field}: ștergeți codul numeric personal. Aici nu se scriu date personale.").format(field=field)
            )
        if _PHONE.search(digits):
            raise PersonalDataError(
                _("{field}: ștergeți numărul de telefon. Aici nu se scriu date personale.").format(field=field)
            )
    return said
