"""What may be written into a plan of community services: no person, no case; and when an action is due."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from cases.rules.case_terms import last_day_of
from core.errors import BadValueError
from core.i18n import _
from referrals.ledger.referral_request import CODE_LETTERS
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import PersonalDataError

MOST_REASON, MOST_ACTION, MOST_RESULT, MOST_REMARK = 500, 300, 300, 500  # characters: the widths of the columns
YEARS_AHEAD = 5
# The code of a case or a household, whatever stands between its parts.
_CODED = re.compile(rf"\b[CH]([\W_]{{0,3}})([{CODE_LETTERS}]{{5}})[\W_]{{0,3}}([{CODE_LETTERS}]{{5}})\b", re.IGNORECASE)
# A title and a capital letter. In quotation marks it is the name of an institution: „Dr. …”.
_TITLED = re.compile(
    r"(?<![„\"“«\w])(?:[Dd]omnul|[Dd]oamna|[Dd]omnișoara|[Dd]omnisoara|[Dd]l|[Dd]-l|[Dd]na|[Dd]-na|[Dd]ra|[Dd]-ra|[Dd]r"
    r"|[Nn]umitul|[Nn]umita|DOMNUL|DOAMNA|DOMNIȘOARA|DOMNISOARA|DL|D-L|D-NA|D-RA|DR|NUMITUL|NUMITA)"  # DNA is an office
    r"\b\.?\s*(?!T[Rr]\b)[A-ZĂÂÎȘȚŞŢ]\w"  # Dr. Tr. Severin is a town
)
_MONTH, _DAY = re.compile(r"(0?[1-9]|1[0-2])\.(\d{4})"), re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def tidy_words(text: str, *, field: str, most: int, may_be_blank: bool = False) -> str:
    """Return a text of a plan on one line, unless it says who somebody is.

    Parameters
    ----------
    text
        As it was typed.
    field
        What the field is called on the screen, for the message.
    most
        Characters that it may have.
    may_be_blank
        Whether nothing may be said.

    Returns
    -------
    str
        Without signs that nobody sees, one space between words.

    Raises
    ------
    BadValueError
        Where nothing is said, or too much.
    PersonalDataError
        For a personal number, a telephone, an address for mail, an account, an identity paper, a name behind a title,
        and for the code of a case or a household.
    """
    sentence = " ".join("".join(_seen(sign) for sign in unicodedata.normalize("NFC", text)).split())
    if not sentence and not may_be_blank:
        raise BadValueError(_("{field}: scrieți ceva.").format(field=field))
    if len(sentence) > most:
        words = _("{field}: textul are {found} de caractere; cel mult {most}.")
        raise BadValueError(words.format(field=field, found=len(sentence), most=most))
    refuse_personal(sentence, field=field)
    if _has_code(sentence):
        words = _("{field}: ștergeți codul de caz. Planul este al comunității, nu al unei persoane.")
        raise PersonalDataError(words.format(field=field))
    if _TITLED.search(sentence):
        words = _("{field}: scrieți instituția sau funcția, nu numele. Numele unei instituții stă între ghilimele.")
        raise PersonalDataError(words.format(field=field))
    return sentence


def _has_code(text: str) -> bool:
    """Whether a text holds the code of a case or a household: by its hyphen, else by a digit, which words have none."""
    return any(
        re.search(r"[^\w\s.,;:]|_", found[1]) or re.search(r"\d", found[2] + found[3])
        for found in _CODED.finditer(text)
    )


def _seen(sign: str) -> str:
    """Give a sign that one sees; a blank for a control character, nothing for what is invisible."""
    kind = unicodedata.category(sign)
    if kind == "Cc":
        return " "
    return "" if kind[0] == "C" else sign


def typed_term(text: str, year: int) -> str:
    """Return the day by which an action is due, of what was typed: a year, a month or a day.

    Parameters
    ----------
    text
        „2027”, „06.2027” or „30.06.2027”.
    year
        Of the plan: nothing is due before it.

    Returns
    -------
    str
        ISO day, the last one of what was typed.

    Raises
    ------
    BadValueError
        Where it is none of these, or not of the plan's year and the five after it.
    """
    due = _last_day(text.strip())
    if due is None:
        raise BadValueError(_("Termenul este un an, o lună sau o zi: 2027, 06.2027 sau 30.06.2027."))
    if not year <= due.year <= year + YEARS_AHEAD:
        raise BadValueError(
            _("Termenul este între {first} și {last}, pentru un plan din {first}.").format(
                first=year, last=year + YEARS_AHEAD
            )
        )
    return due.isoformat()


def _last_day(text: str) -> date | None:
    try:
        if re.fullmatch(r"[0-9]{4}", text):
            return date(int(text), 12, 31)
        if found := _MONTH.fullmatch(text):
            return last_day_of(f"{int(found[2]):04}-{int(found[1]):02}")
    except ValueError:
        return None
    return typed_day(text)


def typed_day(text: str) -> date | None:
    """Return the day that was typed, as 30.06.2027 or 2027-06-30; None where it is none."""
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def term_words(due_on: str) -> str:
    """Format a term as short as it was typed: the year where it is its end.

    >>> term_words("2027-12-31"), term_words("2027-06-30"), term_words("2027-06-15")
    ('2027', '06.2027', '15.06.2027')
    """
    due = date.fromisoformat(due_on)
    if (due.month, due.day) == (12, 31):
        return f"{due.year}"
    if due == last_day_of(due_on[:7]):
        return f"{due.month:02}.{due.year}"
    return f"{due:%d.%m.%Y}"
