"""Which of our languages a program asks for (`Accept-Language`)."""

from __future__ import annotations

from core.i18n import LANGUAGES

_MOST = 200  # characters looked at


def accepted_language(text: str) -> str:
    """Return the language of ours that is wanted most; Romanian where none is.

    >>> accepted_language("en-GB,en;q=0.9,ro;q=0.8"), accepted_language("ro;q=0.5, en;q=0.4"), accepted_language("de")
    ('en', 'ro', 'ro')
    """
    best, weight = LANGUAGES[0], 0.0
    for part in text[:_MOST].split(","):
        name, _sign, rest = part.partition(";")
        code = name.strip().lower().partition("-")[0]
        wanted = _weight(rest)
        if code in LANGUAGES and wanted > weight:
            best, weight = code, wanted
    return best


def _weight(rest: str) -> float:
    name, _sign, value = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return max(0.0, min(1.0, float(value)))
    except ValueError:
        return 0.0
