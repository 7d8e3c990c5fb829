"""Local knowledge as lists: what is kept, with the steps that may be taken, and the calendar of what comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _
from providers.local.local_help import is_over, next_days_of, overdue_days
from providers.local.local_view import coming_words, dialled, mark_words
from providers.local.visit_days import day_in_words, rule_in_words, upcoming_days
from providers.rules.needs import needs
from providers.rules.wording import day_words
from referrals.field import local_entries
from referrals.field.local_entries import state_label
from referrals.field.local_in_answers import as_local_help
from referrals.records import roles
from referrals.workflow.local_intake import today_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from geo.gazetteer.gazetteer import Gazetteer
    from providers.local.local_help import LocalHelp
    from referrals.field.local_entries import LocalDraft, LocalEntry
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

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
    """List local knowledge for whoever may read it: what is in force first, then what was refused or taken out."""
    found = local_entries.listed(directory.ledger, actor=actor, county=county)
    day = today_of(directory.ledger)
    every = [_line(entry, directory.gazetteer, actor, day) for entry in found]
    order = {state: place for place, state in enumerate(local_entries.STATES)}
    by_id = {entry.entry_id: entry for entry in found}
    return sorted(every, key=lambda line: (order[by_id[line.entry_id].state] > 1, line.entry_id))


def _line(entry: LocalEntry, gazetteer: Gazetteer, actor: Actor, day: date) -> LocalLine:
    said, shown = entry.draft, as_local_help(entry, gazetteer)
    names = ", ".join(_(needs()[code].name) for code in said.needs if code in needs())
    when = rule_in_words(said.days) or "; ".join(
        day_in_words(each) for each in upcoming_days(said.days, today=day, most=5)
    )
    late = overdue_days(shown, day) if shown is not None and entry.state in local_entries.IN_FORCE else 0
    over = shown is not None and is_over(shown, day)
    return LocalLine(
        entry_id=entry.entry_id,
        name=said.name,
        offers=said.offers,
        place=shown.place if shown else str(said.uat_siruta),
        when=when,
        facts=tuple((name, value) for name, value in _facts(said, names) if value),
        state=entry.state,
        mark=mark_words(shown) if shown and entry.state in local_entries.IN_FORCE else state_label(entry.state),
        note=_("a trecut: nu se mai arată") if over else _("data reconfirmării a trecut") if late else "",
        steps=tuple(_steps(entry, actor)),
    )


def _facts(said: LocalDraft, names: str) -> Iterator[tuple[str, str]]:
    yield _("Ajută la"), names
    yield _("Cine este primit"), said.taken
    yield _("Program"), said.hours
    yield _("Telefon"), "; ".join(text for _dial, text in dialled(said.phone))
    yield _("Pentru cine"), _("tot județul") if said.serves == "county" else _("numai comuna")
    yield _("De reconfirmat până la"), day_words(said.review_on)


def _steps(entry: LocalEntry, actor: Actor) -> Iterator[str]:
    is_in_force = entry.state in local_entries.IN_FORCE
    if is_in_force and roles.allows(actor, "local.check", entry.area):
        if entry.state == "entered":
            yield "check"
        yield "refuse"
    if roles.allows(actor, "local.change", entry.area):
        if is_in_force:
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
    found = local_entries.listed(directory.ledger, actor=actor, county=county, states=local_entries.IN_FORCE)
    shown, today = (as_local_help(entry, directory.gazetteer) for entry in found), today_of(directory.ledger)
    rows = [
        _calendar_row(each, day)
        for each in shown
        if each is not None
        for day in next_days_of(each, today, _CALENDAR_DAYS)
    ]
    table = pd.DataFrame(rows, columns=list(CALENDAR_COLUMNS))
    return table.sort_values(["day", "name"], kind="stable").reset_index(drop=True)


def _calendar_row(entry: LocalHelp, day: date) -> dict[str, Any]:
    names = ", ".join(_(needs()[code].name) for code in entry.needs if code in needs())
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
        "needs": names,
        "checked": entry.checked_on.isoformat() if entry.checked_on else "",
    }


def calendar_lines(directory: Directory, *, actor: Actor, county: str = "") -> Iterator[str]:
    """Say the calendar line by line: day, what comes, where, booking."""
    found = local_entries.listed(directory.ledger, actor=actor, county=county, states=local_entries.IN_FORCE)
    today = today_of(directory.ledger)
    coming = [
        (days[0], shown, days)
        for entry in found
        if (shown := as_local_help(entry, directory.gazetteer)) is not None and (days := next_days_of(shown, today))
    ]
    if not coming:
        yield _("Nimic în calendar.")
    for _first, shown, days in sorted(coming, key=lambda each: (each[0], each[1].entry_id)):
        phones = [text for _dial, text in dialled(shown.phone)]
        said = (shown.name, coming_words(shown, days), shown.hours, *phones, mark_words(shown))
        yield " · ".join(text for text in said if text)


def entry_lines(found: Sequence[LocalLine]) -> Iterator[str]:
    """Say a list of local knowledge line by line, for a terminal."""
    if not found:
        yield _("Nicio resursă locală.")
    for line in found:
        said = (line.name, line.offers, line.place, line.when, line.mark, line.note)
        yield f"{line.entry_id}. " + " · ".join(text for text in said if text)
        yield "   " + " · ".join(f"{name}: {value}" for name, value in line.facts if value)
