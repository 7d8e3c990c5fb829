"""Addresses for mail, bank accounts and identity papers in a text, plainly written or in disguise."""

from __future__ import annotations

import re

_DOT_SAID = r"\s*[(\[{<]\s*(?:punct|dot|\.)\s*[)\]}>]\s*|\s+-?(?:punct|dot)-?\s+|\s+\.\s+|\.(?=\S)"
_DOT = rf"(?:{_DOT_SAID})"
_ANY_DOT = rf"(?:{_DOT_SAID}|\s*\.\s*)"  # after the sign itself; elsewhere a dot and a blank end a sentence
_AT = (
    r"(?:\s*[(\[{<]\s*(?:at|a|la|aron[dg]?|a\s?rond|@)\s*[)\]}>]\s*|%40"
    r"|[\s_]{1,9}-?\s?(?:at|et|aron[dg]?|around|a[\s-]rond|arobase|coad[aă] de maimu[tț][aă])\s?-?[\s_]{1,9})"
)
_END_OF_HOST = (
    r"(?:ro|com|net|org|eu|info|biz|edu|gov|md|it|es|de|fr|uk|at|be|nl|hu|bg|gr|pt|ch|se|dk|ie|pl|io|me)(?![^\W_])"
)
_HOUSES = r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|icloud|protonmail|rds-?link|clicknet)"
_MAIL = re.compile(
    rf"(?<=[\w.+-]){_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,3}}?{_DOT}{_END_OF_HOST}"
    rf"|(?<=[\w.+-])(?:{_AT}|\s*@\s*){_HOUSES}(?![^\W_])"
    rf"|(?<=[^\s@][^\s@])@[^\W\d_][\w.-]|(?<=[^\s@])\s{{0,9}}@\s{{0,9}}[^\s@.]{{1,63}}{_ANY_DOT}\w{{2,}}"
    rf"|{_HOUSES}{_DOT}{_END_OF_HOST}|(?<=[\d._-])[^\W_]{{0,30}}\s+(?:la|pe)\s+{_HOUSES}(?![^\W_])",
    re.IGNORECASE,
)
_MAIL_CLOSED_UP = re.compile(rf"[^\W_]@[^\W_][\w.-]{{0,63}}\.{_END_OF_HOST}", re.IGNORECASE)
# Signs put around the words for @ and for the dot: ion*at*exemplu*dot*ro, ion „at” exemplu „punct” ro.
_MARK = r"[*|\"'„”“«»~^=:-]"
_AROUND = re.compile(rf"{_MARK}+(at|arond|dot|punct){_MARK}+", re.IGNORECASE)
_SIGN = r"[\s.\-–—_/]{0,3}"
_IBAN = re.compile(
    rf"(?<![A-Z0-9])R{_SIGN}O{_SIGN}\d{_SIGN}\d{_SIGN}(?:[A-Z]{_SIGN}){{4}}((?:[A-Z0-9]{_SIGN}){{15}}[A-Z0-9])"
)
_IBAN_ABROAD = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d\d(?:[ \-.]?[A-Z0-9]{4}){2,7}(?:[ \-.]?[A-Z0-9]{1,3})?(?![A-Z0-9])")
_IBAN_DIGITS = 8  # of the 16 signs of an account: words have none
_PAPER = re.compile(
    r"(?<!\w)(?:c\.?\s?i\.?|b\.?\s?i\.?|buletin\w*|carte\w* de identitate|act\w* de identitate|identitate)\W{0,3}"
    r"(?:(?:seria|serie)\W{0,3})?[a-z]{2}\W{0,3}(?:(?:nr|num[aă]r\w*|no)\W{0,3})?\d(?:\W?\d){5}(?!\d)"
    r"|(?<!\w)pa[sș]aport\w*\W{0,3}(?:(?:seria|nr|num[aă]r\w*)\W{0,3}){0,2}\d(?:\W?\d){7,8}(?!\d)",
    re.IGNORECASE,
)
# The series of today's identity cards, by county: one that is none (certificates of accreditation: AF, LF) is passed.
_SERIES = (
    "AX AR ZR AS AZ XC ZC XH ZH XB XT BV ZV XR XZ KS KL KX CJ KT KZ KV DD ZD DX DZ GL ZL GG GZ HR HD SZ MX MZ IZ IF MM "
    "XM MH MS ZS NT NZ OT PH PX KP SM SX SB SV XV TR TM TZ TC VS VX VN RX RR RT RD RK DP DR DT GM"
).replace(" ", "|")
_SERIES_SAID = re.compile(
    rf"(?<!\w)seri[ae]\W{{0,3}}(?:[sș]i\W+num[aă]r\w*\W{{0,3}})?(?:{_SERIES})\W{{0,3}}"
    r"(?:(?:nr|num[aă]r\w*|no)\W{0,3})?\d(?:\W?\d){5}(?!\d)",
    re.IGNORECASE,
)
_SERIES_ALONE = re.compile(rf"(?<!\w)(?:{_SERIES})(?:\s?nr\.?\s?)?\d{{6}}(?!\w)")


def has_mail(plain: str) -> bool:
    """Whether a plain text (see `referrals.records.spelled_digits.plain_text`) holds an address for mail."""
    bare = _AROUND.sub(r" \1 ", plain)
    return bool(
        _MAIL.search(plain) or _MAIL.search(bare) or ("@" in plain and _MAIL_CLOSED_UP.search("".join(plain.split())))
    )


def has_account(plain: str) -> bool:
    """Whether a plain text holds an IBAN: a Romanian one also mistyped, of another country with its check digits."""
    upper = plain.upper()
    if any(sum(sign.isdigit() for sign in found[1]) >= _IBAN_DIGITS for found in _IBAN.finditer(upper)):
        return True
    return any(_is_iban(re.sub(r"[ \-.]", "", found[0])) for found in _IBAN_ABROAD.finditer(upper))


def _is_iban(account: str) -> bool:
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1


def has_identity_paper(plain: str) -> bool:
    """Whether a plain text holds the series and number of an identity card, or the number of a passport."""
    return bool(_PAPER.search(plain) or _SERIES_SAID.search(plain) or _SERIES_ALONE.search(plain))
