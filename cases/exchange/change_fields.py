"""What a field of a change may hold: a code, a day, a number, a short text without personal data.

A value is returned tidy or refused in words that name the field and what is expected, and never repeat what was found:
it may be a name or a personal number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from cases.exchange.exchange_errors import RefusedChangeError
from cases.instrument.record_limits import ANSWER_NAME, FINDING_CODE, LONGEST_ANSWER, MOST_ANSWERS
from cases.rules.case_vocabulary import field_words
from core.i18n import _
from providers.rules.needs import needs
from referrals.ledger.referral_request import CODE_LETTERS
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import PersonalDataError

FieldCheck = Callable[[str, Any], Any]

_ID = re.compile(f"[A-Z]-[{CODE_LETTERS}]{{5}}-[{CODE_LETTERS}]{{5}}")
_BORN = re.compile(r"(?:19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2]))?")
_ANSWER = re.compile(rf"[\w .,;-]{{0,{LONGEST_ANSWER}}}", re.ASCII)
_ACCOUNT = re.compile(r"U-[0-9A-Z]{4,20}|demo-team|")
_TYPE = re.compile(r"[0-9A-Z][0-9A-Za-z.+-]{1,39}|")
_MOST_LISTED = 40
_SERVICES_WIDTH, _ITEMS_WIDTH = 200, 500  # characters: of the columns of a visit
MOST_HOUSES = 600


def field_error(name: str, expected: str) -> RefusedChangeError:
    """Say that a field does not hold what it may."""
    return RefusedChangeError(_("{field}: se așteaptă {expected}.").format(field=_named(name), expected=expected))


def _named(name: str) -> str:
    """Name a field as the telephone does; one that no form shows, by its name in the record."""
    sentence = field_words().get(name, name)
    return sentence[:1].upper() + sentence[1:]


def is_identifier(value: object, letter: str) -> bool:
    """Whether a value is an id of ours that begins with a letter: `C-XXXXX-XXXXX`."""
    return isinstance(value, str) and value[:1] == letter and bool(_ID.fullmatch(value))


def code_of_digest(letter: str, digest: bytes) -> str:
    """Make an id of ours out of a digest: the same for the same one."""
    number, word = int.from_bytes(digest), ""
    for _place in range(10):
        number, rest = divmod(number, len(CODE_LETTERS))
        word += CODE_LETTERS[rest]
    return f"{letter}-{word[:5]}-{word[5:]}"


def identifier(letter: str, *, or_none: bool = False) -> FieldCheck:
    """Check an id that a device makes: the letter, and ten that nobody guesses."""

    def check(name: str, value: Any) -> str:
        if (value == "" and or_none) or is_identifier(value, letter):
            return str(value)
        raise field_error(name, _("un cod de forma {letter}-XXXXX-XXXXX").format(letter=letter))

    return check


def one_of(codes: Collection[str]) -> FieldCheck:
    """Check one of some codes."""

    def check(name: str, value: Any) -> str:
        if isinstance(value, str) and value in codes:
            return value
        raise field_error(name, _("unul dintre codurile {codes}").format(codes=", ".join(filter(None, codes))))

    return check


def some_of(codes: Collection[str]) -> FieldCheck:
    """Check a list of codes; kept with spaces between."""

    def check(name: str, value: Any) -> str:
        if isinstance(value, list) and all(isinstance(each, str) and each in codes for each in value):
            return " ".join(dict.fromkeys(value))
        raise field_error(name, _("o listă dintre codurile {codes}").format(codes=", ".join(codes)))

    return check


def listed(pattern: re.Pattern[str], words: str, most: int = _MOST_LISTED, width: int | None = None) -> FieldCheck:
    """Check a list of what fits a pattern; kept with spaces between, in a column of some width."""

    def check(name: str, value: Any) -> str:
        fits = isinstance(value, list) and len(value) <= most
        if fits and all(isinstance(each, str) and pattern.fullmatch(each) for each in value):
            sentence = " ".join(dict.fromkeys(value))
            if width is None or len(sentence) <= width:
                return sentence
        raise field_error(name, words)

    return check


def service_codes(name: str, value: Any) -> str:
    """Check codes of services of the nurses' application."""
    return str(listed(FINDING_CODE, _("coduri de servicii, ca SMT_04"), width=_SERVICES_WIDTH)(name, value))


def item_ids(name: str, value: Any) -> str:
    """Check ids of items of a plan."""
    words = _("coduri de acțiuni ale planului")
    return str(listed(re.compile(f"I{_ID.pattern[5:]}"), words, width=_ITEMS_WIDTH)(name, value))


def household_ids(name: str, value: Any) -> str:
    """Check the codes of the households of a campaign."""
    words = _("coduri de gospodării, cel mult {most}").format(most=MOST_HOUSES)
    return str(listed(re.compile(f"H{_ID.pattern[5:]}"), words, MOST_HOUSES)(name, value))


def finding_code(name: str, value: Any) -> str:
    """Check the code of a finding."""
    if isinstance(value, str) and FINDING_CODE.fullmatch(value):
        return value
    raise field_error(name, _("un cod de vulnerabilitate, ca VAI_02"))


def finding_id(name: str, value: Any) -> str:
    """Check the id of a finding: of its assessment and its code, or one that a member added."""
    if isinstance(value, str):
        made_by, _sign, code = value.partition(":")
        if is_identifier(value, "F") or (is_identifier(made_by, "A") and FINDING_CODE.fullmatch(code)):
            return value
    raise field_error(name, _("codul unei constatări"))


def conflict_id(name: str, value: Any) -> str:
    """Check the id of a conflict, which is that of its change with a number."""
    if isinstance(value, str) and re.fullmatch(f"X{_ID.pattern[5:]}[.][0-9]{{1,2}}", value):
        return value
    raise field_error(name, _("codul unei nepotriviri"))


def day(name: str, value: Any) -> str:
    """Check a day, AAAA-LL-ZZ."""
    try:
        if isinstance(value, str) and date.fromisoformat(value).isoformat() == value and "2000" < value < "2200":
            return value
    except ValueError:
        pass
    raise field_error(name, _("o zi de forma AAAA-LL-ZZ"))


def day_or_none(name: str, value: Any) -> str:
    """Check a day, or "" for none."""
    return "" if value == "" else day(name, value)


def born(name: str, value: Any) -> str:
    """Check a birth to the year, or to the month."""
    if isinstance(value, str) and (value == "" or _BORN.fullmatch(value)):
        return value
    raise field_error(name, _("un an, sau un an și o lună: 1956, 2024-03"))


def number(least: int, most: int) -> FieldCheck:
    """Check a whole number between two, both included."""

    def check(name: str, value: Any) -> int:
        if type(value) is int and least <= value <= most:
            return value
        raise field_error(name, _("un număr între {least} și {most}").format(least=least, most=most))

    return check


def siruta(name: str, value: Any) -> int | None:
    """Check a SIRUTA code of a locality; None = not said."""
    if value is None:
        return None
    found: int = number(10, 999_999)(name, value)
    return found


def flag(name: str, value: Any) -> bool:
    """Check yes or no."""
    if isinstance(value, bool):
        return value
    raise field_error(name, _("da sau nu"))


def text(most: int) -> FieldCheck:
    """Check a short text that says nothing of who a person is."""

    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise field_error(name, _("un text de cel mult {most} de caractere").format(most=most))
        try:
            return refuse_personal(value, field=_named(name))
        except PersonalDataError as error:
            raise RefusedChangeError(str(error)) from None

    return check


def need(name: str, value: Any) -> str:
    """Check a need of the map."""
    if isinstance(value, str) and value in needs():
        return value
    raise field_error(name, _("o nevoie din lista hărții"))


def account(name: str, value: Any) -> str:
    """Check the number of an account; "" = nobody's."""
    if isinstance(value, str) and _ACCOUNT.fullmatch(value):
        return value
    raise field_error(name, _("numărul unui cont"))


def service_type(name: str, value: Any) -> str:
    """Check the code of a type of service; "" = none."""
    if isinstance(value, str) and _TYPE.fullmatch(value):
        return value
    raise field_error(name, _("codul unui tip de serviciu"))


def edition(name: str, value: Any) -> str:
    """Check the name of an edition of the instrument; "" = the built-in one."""
    if isinstance(value, str) and re.fullmatch(r"[\w.:-]{0,80}", value, re.ASCII):
        return value
    raise field_error(name, _("numele unei ediții a chestionarului"))


def answers(name: str, value: Any) -> dict[str, str]:
    """Check answers by the name of the question: codes and numbers as text, no free text."""
    if isinstance(value, dict) and len(value) <= MOST_ANSWERS:
        pairs = list(value.items())
        if all(isinstance(k, str) and ANSWER_NAME.fullmatch(k) for k, _v in pairs):
            short = all(isinstance(v, str) and _ANSWER.fullmatch(v) for _k, v in pairs)
            if short and not any(re.search(r"\d{7}", v) for _k, v in pairs):
                return dict(pairs)
    raise field_error(name, _("răspunsuri: coduri și numere, după numele întrebării"))


def endings(codes: Collection[str]) -> FieldCheck:
    """Check, for the codes of findings that are over: how they ended."""

    def check(name: str, value: Any) -> dict[str, str]:
        if isinstance(value, dict):
            return {finding_code(name, code): one_of(codes)(name, how) for code, how in value.items()}
        raise field_error(name, _("codurile de vulnerabilitate și cum s-au încheiat"))

    return check
