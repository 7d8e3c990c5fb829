"""Local knowledge as lists: what is kept, with the steps that may be taken, and the calendar of what comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _
from core.text import collation_keys
from providers.local.local_help import is_over, is_stale, next_days_of, overdue_days
from providers.local.local_view import coming_words, mark_words
from providers.local.visit_days import day_in_words, last_given_day, rule_in_words, upcoming_days
from providers.rules.needs import needs
from providers.rules.wording import day_words, phones
from referrals.field import local_entries
from referrals.field.local_entries import state_label
from referrals.field.local_in_answers import as_local_help
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from geo.gazetteer.gazetteer import Gazetteer
    from providers.local.local_help import LocalHelp
    from referrals.field.local_entries import LocalDraft, LocalEntry
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

MOST_SHOWN = 40  # entries of one list on a screen
_CALENDAR_DAYS = 30  # most days of one entry in the calendar
CALENDAR_COLUMNS = (
    "day",
    "weekday",
    "name",
    "offers",
    "taken",
    "place",
    "county",
    "hours",
    "phone",
    "needs",
    "checked",
)


@dataclass(frozen=True)
class LocalLine:
    """One entry as a list shows it, in the language of this request.

    steps: what this actor may do with it, of `check`, `refuse`, `renew`, `remove`, `put_back`. note: that its review
    date passed, or that it came and comes no more.
    """

    entry_id: int
    name: str
    offers: str
    place: str
    when: str
    facts: tuple[tuple[str, str], ...]
    state: str
    mark: str
    note: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class PlacedLine:
    """One entry in force as a list shows it; lat, lon: of its locality, degrees; comes: whether on some days alone."""

    line: LocalLine
    lat: float
    lon: float
    comes: bool


def step_label(step: str) -> str:
    """Return what the button of a step says."""
    return {
        "check": _("Confirmați că este corect"),
        "refuse": _("Respingeți"),
        "renew": _("Este valabil și acum"),
        "remove": _("Scoateți"),
        "put_back": _("Puneți înapoi"),
    }[step]


def step_done(step: str) -> str:
    """Return what is said when a step was taken."""
    return {
        "check": _("verificat."),
        "refuse": _("respins; nu se mai arată."),
        "renew": _("reconfirmat."),
        "remove": _("scos; se poate pune înapoi."),
        "put_back": _("pus înapoi; așteaptă verificarea UJSS."),
    }[step]


def lines(directory: Directory, *, actor: Actor, county: str = "") -> list[LocalLine]:
    """List local knowledge for whoever may read it: what is to be checked first, what was refused or taken out last.

    Parameters
    ----------
    directory
        The ledger and its places.
    actor
        Who reads.
    county
        Letters of the only county to list; "" = all that the actor may read.

    Returns
    -------
    list of LocalLine
        One an entry.
    """
    found = local_entries.listed(directory.ledger, actor=actor, county=county)
    day = directory.ledger.today()
    return sorted((_line(entry, directory.gazetteer, actor, day) for entry in found), key=_to_do_first)


def placed_lines(directory: Directory, *, actor: Actor, within_days: int) -> list[PlacedLine]:
    """List what may stand on a map: entries in force that somebody confirmed, at their locality.

    Parameters
    ----------
    directory
        Places, and the ledger.
    actor
        Who asks; a team and a county unit get their county's.
    within_days
        What comes on some days is listed where one of them is so near.

    Returns
    -------
    list of PlacedLine
        By number.

    Raises
    ------
    NotAllowedError
        For a role that may read none.
    """
    day, found = directory.ledger.today(), []
    for entry in local_entries.listed(directory.ledger, actor=actor, states=local_entries.IN_FORCE):
        shown = as_local_help(entry, directory.gazetteer)
        if shown is None or shown.lat != shown.lat or is_stale(shown, day):
            continue
        days = next_days_of(shown, day, 1)
        if bool(shown.days) != bool(days) or (days and (days[0] - day).days > within_days):
            continue
        found.append(PlacedLine(_line(entry, directory.gazetteer, actor, day), shown.lat, shown.lon, bool(days)))
    return found


def _to_do_first(line: LocalLine) -> tuple[bool, ...]:
    """Order a list of which a screen shows MOST_SHOWN: what waits for this actor stands before what does not."""
    return line.state not in local_entries.IN_FORCE, "check" not in line.steps, not line.steps, not line.note


def _line(entry: LocalEntry, gazetteer: Gazetteer, actor: Actor, day: date) -> LocalLine:
    draft, shown = entry.draft, as_local_help(entry, gazetteer)
    when = rule_in_words(draft.days) or "; ".join(
        day_in_words(each) for each in upcoming_days(draft.days, today=day, most=5)
    )
    late = overdue_days(shown, day) if shown is not None and entry.state in local_entries.IN_FORCE else 0
    over = shown is not None and is_over(shown, day)
    return LocalLine(
        entry_id=entry.entry_id,
        name=draft.name,
        offers=draft.offers,
        place=shown.place if shown else str(draft.uat_siruta),
        when=when,
        facts=tuple((name, value) for name, value in _facts(draft) if value),
        state=entry.state,
        mark=mark_words(shown) if shown and entry.state in local_entries.IN_FORCE else state_label(entry.state),
        note=_("a trecut: nu se mai arată") if over else _("data reconfirmării a trecut") if late else "",
        steps=tuple(_steps(entry, actor)),
    )


def _facts(draft: LocalDraft) -> Iterator[tuple[str, str]]:
    yield _("Ajută la"), _need_names(draft.needs)
    yield _("Cine este primit"), draft.taken
    yield _("Program"), draft.hours
    yield _("Telefon"), "; ".join(phone.text for phone in phones(draft.phone))
    yield _("Pentru cine"), _("tot județul") if draft.serves == "county" else _("numai comuna")
    yield _("De reconfirmat până la"), day_words(draft.review_on)


def _need_names(codes: Iterable[str]) -> str:
    return ", ".join(_(needs()[code].name) for code in codes if code in needs())


def _steps(entry: LocalEntry, actor: Actor) -> Iterator[str]:
    is_in_force = entry.state in local_entries.IN_FORCE
    if is_in_force and roles.allows(actor, "local.check", entry.area):
        if entry.state == "entered":
            yield "check"
        yield "refuse"
    if roles.allows(actor, "local.change", entry.area):
        if is_in_force and not last_given_day(entry.draft.days):  # what names its dates holds until the last of them
            yield "renew"
        yield "put_back" if entry.state == "removed" else "remove"


def calendar_table(directory: Directory, *, actor: Actor, county: str = "") -> pd.DataFrame:
    """List the days on which something comes, from today on, one row a day.

    Parameters
    ----------
    directory
        Places, and the ledger.
    actor
        Who asks; a team and a county unit get their county's.
    county
        Letters of the county; empty = the actor's, or all.

    Returns
    -------
    DataFrame
        CALENDAR_COLUMNS, by day and name; `day` is ISO 8601, `needs` are names, `checked` the day or empty.
    """
    today = directory.ledger.today()
    found = _coming(directory, actor, county)
    rows = [_calendar_row(each, day) for each in found for day in next_days_of(each, today, _CALENDAR_DAYS)]
    table = pd.DataFrame(rows, columns=list(CALENDAR_COLUMNS))
    return table.sort_values("name", key=collation_keys).sort_values("day", kind="stable").reset_index(drop=True)


def _calendar_row(entry: LocalHelp, day: date) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "weekday": day_in_words(day).partition(",")[0],
        "name": entry.name,
        "offers": entry.offers,
        "taken": entry.taken,
        "place": entry.place,
        "county": entry.county,
        "hours": entry.hours,
        "phone": entry.phone,
        "needs": _need_names(entry.needs),
        "checked": entry.checked_on.isoformat() if entry.checked_on else "",
    }


def calendar_lines(directory: Directory, *, actor: Actor, county: str = "") -> Iterator[str]:
    """Format the calendar line by line: day, what comes, where, booking."""
    today = directory.ledger.today()
    found = _coming(directory, actor, county)
    if not found:
        yield _("Nimic în calendar.")
    for shown in sorted(found, key=lambda each: next_days_of(each, today)[0]):
        numbers = [phone.text for phone in phones(shown.phone)]
        sentences = (
            shown.name,
            coming_words(shown, next_days_of(shown, today)),
            shown.hours,
            *numbers,
            mark_words(shown),
        )
        yield " · ".join(text for text in sentences if text)


def coming_lines(directory: Directory, *, actor: Actor, within_days: int) -> Iterator[str]:
    """Return in words what comes within so many days, the soonest first: for a team what comes to its own community."""
    today = directory.ledger.today()
    for shown in sorted(_coming(directory, actor, ""), key=lambda each: next_days_of(each, today)[0]):
        days = [day for day in next_days_of(shown, today) if (day - today).days <= within_days]
        is_here = actor.uat_siruta is None or shown.uat_siruta == actor.uat_siruta
        if days and is_here:
            yield " · ".join(
                text for text in (shown.name, coming_words(shown, days), shown.hours, shown.offers) if text
            )


def _coming(directory: Directory, actor: Actor, county: str) -> list[LocalHelp]:
    """Return what comes on some days from today on, by number; not what nobody has confirmed again for long."""
    found = local_entries.listed(directory.ledger, actor=actor, county=county, states=local_entries.IN_FORCE)
    shown, today = (as_local_help(entry, directory.gazetteer) for entry in found), directory.ledger.today()
    return [each for each in shown if each is not None and next_days_of(each, today) and not is_stale(each, today)]


def entry_lines(found: Sequence[LocalLine]) -> Iterator[str]:
    """Format a list of local knowledge line by line, for a terminal."""
    if not found:
        yield _("Nicio resursă locală.")
    for line in found:
        items = (line.name, line.offers, line.place, line.when, line.mark, line.note)
        yield f"{line.entry_id}. " + " · ".join(text for text in items if text)
        yield "   " + " · ".join(f"{name}: {value}" for name, value in line.facts if value)
