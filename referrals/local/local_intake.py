"""Local knowledge from what is typed to the ledger and to answers: places, needs, days and telephones understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from core.errors import MapError, UnknownCodeError
from core.i18n import _
from core.text import fold
from providers.local.visit_days import last_given_day, parse_days
from providers.registries import contacts
from providers.registries.licences import read_date
from providers.rules import need_search, secrecy
from referrals.field import local_entries
from referrals.field.local_entries import LocalDraft
from referrals.records import roles
from referrals.records.ledger_errors import BadLocalEntryError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from providers.local.local_help import Serves
    from referrals.field.local_entries import LocalEntry
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

DEFAULT_REVIEW_DAYS = 180
_LONGEST_REVIEW_DAYS = 366
_MOST_NEEDS = 12
# Beginnings of words: where people stay, and who hides there. Such a place is in the registers, with its address kept.
_STAY = ("adapost", "cazar", "locuint", "gazd", "refugi", "rezident", "camin", "centru maternal")
_HIDDEN = ("victim", "violent", "violat", "batut", "abuz", "trafic", "agres")
_BY_DAY = "8899CZ-F-I"  # a service that nobody lives in: its address is protected only where its words say a shelter
_HIDDEN_NEEDS = frozenset({"domestic-violence", "violence-risk", "protection-order", "sexual-violence", "trafficking"})


@dataclass(frozen=True)
class LocalTyped:
    """An entry as somebody types it.

    needs: codes or words, each meaning one need. serves: `county` or `uat`. days: as `parse_days` reads them; empty =
    it is always there. review: a date (2027-05-01 or 1.5.2027); empty = in half a year.
    """

    name: str
    offers: str
    place: str
    needs: tuple[str, ...]
    taken: str = ""
    hours: str = ""
    phone: str = ""
    serves: str = "county"
    days: str = ""
    review: str = ""


def add(directory: Directory, typed: LocalTyped, *, actor: Actor) -> LocalEntry:
    """Understand an entry and store it.

    Parameters
    ----------
    directory
        Places, and the ledger.
    typed
        As it was typed.
    actor
        Who adds it.

    Returns
    -------
    LocalEntry
        As it is stored.

    Raises
    ------
    BadLocalEntryError
        For a need or a review date that is none, and for a place where people are hidden.
    BadValueError
        For a telephone or days that cannot be understood.
    UnknownPlaceError, AmbiguousPlaceError
        For the place.
    PersonalDataError, NotAllowedError
        As `referrals.field.local_entries.add`.
    """
    place = directory.gazetteer.resolve(typed.place, near=actor.county or None)
    day = directory.ledger.today()
    days = parse_days(typed.days, today=day)
    codes = _codes(typed)
    if typed.serves not in ("county", "uat"):
        raise BadLocalEntryError(_("Spuneți cui se adresează: județului (county) sau numai comunei (uat)."))
    _refuse_hidden(typed, codes)
    draft = LocalDraft(
        name=typed.name,
        offers=typed.offers,
        taken=typed.taken,
        needs=codes,
        county=place.county,
        uat_siruta=place.uat_siruta,
        locality_siruta=place.locality_siruta,
        serves=cast("Serves", typed.serves),
        hours=typed.hours,
        phone=contacts.typed_phones(typed.phone),
        days=days,
        review_on=last_given_day(days) or read_review(typed.review, today=day),
    )
    return local_entries.add(directory.ledger, draft, actor=actor)


def faults(directory: Directory, typed: LocalTyped, *, near: str | None = None) -> dict[str, str]:
    """Say of each field of an entry what is wrong with it, by its name in LocalTyped; nothing is stored.

    near: letters of the county of who types, whose places are asked back first.
    """
    day = directory.ledger.today()
    readings: dict[str, Callable[[], object]] = {
        "name": lambda: local_entries.read_text("name", typed.name),
        "offers": lambda: local_entries.read_text("offers", typed.offers),
        "place": lambda: directory.gazetteer.resolve(typed.place, near=near),
        "needs": lambda: _codes(typed),
        "taken": lambda: local_entries.read_text("taken", typed.taken),
        "hours": lambda: local_entries.read_text("hours", typed.hours),
        "phone": lambda: contacts.typed_phones(typed.phone),
        "days": lambda: parse_days(typed.days, today=day),
        "review": lambda: read_review(typed.review, today=day),
    }
    found = {}
    for field, read in readings.items():
        try:
            read()
        except MapError as error:
            found[field] = str(error)
    return found


def _codes(typed: LocalTyped) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(_need(each) for each in typed.needs if each.strip()))
    if not codes:
        raise BadLocalEntryError(_("Alegeți cel puțin o nevoie la care ajută."))
    if len(codes) > _MOST_NEEDS:
        raise BadLocalEntryError(_("Ați ales prea multe nevoi: cel mult {n}.").format(n=_MOST_NEEDS))
    return codes


def read_review(text: str, *, today: date) -> date:
    """Understand a review date: empty is in half a year, at most a year ahead; BadLocalEntryError for another."""
    if not text.strip():
        return today + timedelta(days=DEFAULT_REVIEW_DAYS)
    found = read_date(text)
    if found is None or not 0 <= (found - today).days <= _LONGEST_REVIEW_DAYS:
        raise BadLocalEntryError(
            _("Data reconfirmării: scrieți o zi de acum înainte, cel mult peste un an, de exemplu 1.5.2027.")
        )
    return found


def _need(text: str) -> str:
    """Return the code of the one need that a code or words mean."""
    try:
        found = need_search.resolve(text.strip()[:80])
    except UnknownCodeError:
        found = ()
    if len(found) != 1:
        raise BadLocalEntryError(_("„{text}” nu este o nevoie din listă.").format(text=text.strip()[:40]))
    return found[0].need


def _refuse_hidden(typed: LocalTyped, codes: Sequence[str]) -> None:
    """Refuse a place where people stay who are hidden there: its address stays with the registers."""
    text = f"{typed.name} {typed.offers} {typed.taken} {typed.hours}"
    stays, hides = (any(f" {word}" in f" {fold(text)}" for word in words) for words in (_STAY, _HIDDEN))
    if (stays and (hides or _HIDDEN_NEEDS & set(codes))) or secrecy.is_secret(_BY_DAY, text):
        raise BadLocalEntryError(
            _("Un adăpost pentru victime are adresa protejată: nu se scrie aici. Legătura se face prin DGASPC.")
        )


def do_step(directory: Directory, entry_id: int, step: str, *, actor: Actor, review: str = "") -> LocalEntry:
    """Take a step with an entry.

    Parameters
    ----------
    directory
        The ledger.
    entry_id
        Number of the entry.
    step
        One of `check`, `refuse`, `renew`, `remove`, `put_back`.
    actor
        Who takes it.
    review
        Of `renew`, the next review date; empty = in half a year.

    Returns
    -------
    LocalEntry
        As it stands now.

    Raises
    ------
    UnknownCodeError
        For a step that is none; else as `referrals.field.local_entries` raises.
    """
    ledger = directory.ledger
    match step:
        case "check" | "refuse":
            return local_entries.check(ledger, entry_id, accept=step == "check", actor=actor)
        case "renew":
            return local_entries.renew(
                ledger, entry_id, review_on=read_review(review, today=ledger.today()), actor=actor
            )
        case "remove":
            return local_entries.remove(ledger, entry_id, actor=actor)
        case "put_back":
            return local_entries.put_back(ledger, entry_id, actor=actor)
    raise UnknownCodeError(_("Nu există acest pas."))


def may_add(actor: Actor) -> bool:
    """Return whether somebody may add local knowledge in the own county."""
    return roles.allows(actor, "local.add", roles.Area(actor.county, actor.uat_siruta))
