"""What a provider says of its service beside what registers publish: codes, and their words."""

from __future__ import annotations

from core.i18n import N_, _
from providers.rules.person import OLDEST_PERSON
from referrals.records.ledger_errors import BadReportError

WAITING = {
    "none": N_("nu are listă de așteptare"),
    "month": N_("listă de așteptare: sub o lună"),
    "quarter": N_("listă de așteptare: una până la trei luni"),
    "half": N_("listă de așteptare: trei până la șase luni"),
    "longer": N_("listă de așteptare: peste șase luni"),
}
WHEELCHAIR = {
    "yes": N_("se intră cu scaunul rulant"),
    "partly": N_("se intră cu scaunul rulant numai cu ajutor"),
    "no": N_("nu se intră cu scaunul rulant"),
}
LANGUAGES = {
    "ro": N_("română"),
    "hu": N_("maghiară"),
    "rom": N_("romani"),
    "uk": N_("ucraineană"),
    "de": N_("germană"),
    "en": N_("engleză"),
    "ru": N_("rusă"),
    "sign": N_("limbajul semnelor"),
}
_CHOICES = {"waiting": WAITING, "wheelchair": WHEELCHAIR, "languages": LANGUAGES}


def choices_of(what: str) -> tuple[tuple[str, str], ...]:
    """List what may be said of a fact that is chosen: code and words; nothing where it is written."""
    return tuple((code, _(words)) for code, words in _CHOICES.get(what, {}).items())


def check_choice(what: str, value: str) -> str:
    """Return a choice as it is stored: known codes, each once, in their order; BadReportError for another."""
    known, codes = _CHOICES[what], {code for code in value.split(";") if code}
    if not codes <= set(known) or (what != "languages" and len(codes) > 1):
        raise BadReportError(_("Alegeți numai din listă."))
    return ";".join(code for code in known if code in codes)


def choice_words(what: str, value: str) -> str:
    """Format a stored choice; a code of another version is passed over.

    >>> choice_words("languages", "ro;hu")
    'română, maghiară'
    """
    known = _CHOICES[what]
    return ", ".join(_(known[code]) for code in value.split(";") if code in known)


def check_ages(text: str) -> str:
    """Return the youngest and the oldest age that a service takes, full years, as `18-65`; one may be missing.

    >>> check_ages(" 18 - 65 "), check_ages("60-"), check_ages("")
    ('18-65', '60-', '')
    """
    typed = text.replace("–", "-").replace(" ", "")
    if not typed:
        return ""
    first, dash, last = typed.partition("-")
    ages = [int(each) if each.isascii() and each.isdigit() else None for each in (first, last)]
    is_read = bool(dash) and all(age is not None or not each for each, age in zip((first, last), ages, strict=True))
    low, high = ages[0] or 0, OLDEST_PERSON if ages[1] is None else ages[1]
    if not is_read or typed == "-" or not 0 <= low <= high <= OLDEST_PERSON:
        raise BadReportError(
            _("Vârste: „{found}”. Scrieți-le ca 18-65, sau 60- pentru „de la 60 de ani”.").format(found=text[:20])
        )
    return f"{first}-{last}"


def parse_ages(text: str) -> tuple[int | None, int | None]:
    """Read what `check_ages` wrote."""
    first, _dash, last = text.partition("-")
    return (int(first) if first else None, int(last) if last else None)
