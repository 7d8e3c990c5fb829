"""What may be read of local knowledge, in the language of this request; every surface says it alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from core.i18n import _, ngettext
from providers.local.visit_days import day_in_words, rule_in_words
from providers.rules.travel_words import time_words
from providers.rules.wording import Phone, day_words, kilometre_words, phones

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from providers.local.local_help import LocalHelp, LocalOffer


@dataclass(frozen=True)
class LocalView:
    """What may be read of an offer of local knowledge.

    when: on which days it comes; empty where it is always there. mark: that it is local knowledge, and who checked
    it. way: of the way there, or the place alone. lines: who is taken, hours, what is to be asked again.
    """

    name: str
    offers: str
    when: str
    mark: str
    way: str
    lines: tuple[str, ...]
    phones: tuple[Phone, ...]
    is_checked: bool
    is_folded: bool


def local_view(offer: LocalOffer) -> LocalView:
    """Return what may be read of an offer of local knowledge.

    Parameters
    ----------
    offer
        Of an answer.

    Returns
    -------
    LocalView
        Sentences without markup; text of people as they typed it.
    """
    entry = offer.help
    way = entry.place
    if offer.minutes is not None and offer.distance_m is not None:
        about = "≈ " if isfinite(offer.minutes) else ""
        way = _("{place}: {km} în linie dreaptă, {minutes}").format(
            place=entry.place,
            km=kilometre_words(offer.distance_m),
            minutes=about + time_words(offer.minutes, offer.travel),
        )
    return LocalView(
        name=entry.name,
        offers=entry.offers,
        when=coming_words(entry, offer.next_days),
        mark=mark_words(entry),
        way=way,
        lines=tuple(line for line in (_taken(entry), _hours(entry), _overdue(offer)) if line),
        phones=phones(entry.phone),
        is_checked=entry.checked_on is not None,
        is_folded=offer.is_folded,
    )


def coming_words(entry: LocalHelp, days: Sequence[date]) -> str:
    """Return in words when it comes next, and where: "vine joi, 3 decembrie, la Parincea (prima joi din lună)".

    Parameters
    ----------
    entry
        The entry.
    days
        Its next days.

    Returns
    -------
    str
        Empty where it is always there.
    """
    if not days:
        return ""
    place = entry.place.partition(",")[0]
    text = _("vine {day}, la {place}").format(day=day_in_words(days[0]), place=place)
    rule = rule_in_words(entry.days)
    if rule:
        return f"{text} ({rule})"
    more = "; ".join(day_in_words(day) for day in days[1:])
    return _("{said}, apoi {more}").format(said=text, more=more) if more else text


def mark_words(entry: LocalHelp) -> str:
    """Return in words that it is local knowledge, and whether the county unit checked it."""
    if entry.checked_on is None:
        return _("resursă locală, neverificată")
    return _("resursă locală, verificată de UJSS la {day}").format(day=day_words(entry.checked_on))


def _taken(entry: LocalHelp) -> str:
    return _("Cine este primit: {who}").format(who=entry.taken) if entry.taken else ""


def _hours(entry: LocalHelp) -> str:
    return _("Program: {hours}").format(hours=entry.hours) if entry.hours else ""


def _overdue(offer: LocalOffer) -> str:
    days = offer.overdue_days
    if not days:
        return ""
    text = ngettext(
        "Trebuia reconfirmat acum {n} zi: întrebați dacă mai este așa.",
        "Trebuia reconfirmat acum {n} zile: întrebați dacă mai este așa.",
        days,
    )
    return text.format(n=days)
