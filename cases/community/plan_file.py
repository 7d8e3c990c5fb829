"""A plan of community services in a sheet: the workbook that is written of a plan, or any table with its titles.

Read as hostile, and whole or not at all. Words may stand in either language, whichever the reader speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from cases.community.plan_drafting import MOST_ACTIONS, MOST_PRIORITIES
from cases.community.plan_texts import (
    MOST_ACTION,
    MOST_REASON,
    MOST_RESULT,
    YEARS_AHEAD,
    tidy_words,
    typed_day,
    typed_term,
)
from cases.community.plan_vocabulary import (
    ACTION_STATES,
    KINDS,
    RESPONSIBLES,
    UNENDED,
    PriorityCode,
    action_state_label,
    plan_titles,
    priority_codes,
    priority_name,
    responsible_label,
)
from core.bad_rows import BadRowsError, bad_row
from core.errors import BadValueError, UnreadableFileError
from core.exporting import undefused
from core.i18n import LANGUAGES, _, language, ngettext, number, use_language
from core.reading.fields import Field
from core.reading.files import require_size
from core.reading.reading_account import open_account
from core.reading.tables import read_table
from core.text import fold
from referrals.records.free_text import personal_data
from referrals.records.ledger_errors import PersonalDataError

if TYPE_CHECKING:
    from pathlib import Path

    from core.reading.reading_account import FileAccount

MOST_BYTES = 5_000_000
_MOST_ROWS = MOST_PRIORITIES * MOST_ACTIONS
_NEEDED = ("priority", "reason", "what", "responsible", "due_on")
_ALSO_CALLED = {
    "rank": ("Nr. crt.", "Numărul"),
    "priority": ("Prioritate", "Nevoia", "Vulnerabilitatea"),
    "reason": ("Motiv", "De ce"),
    "what": ("Acțiune", "Activitatea", "Măsura"),
    "responsible": ("Responsabil", "Responsabilul"),
    "due_on": ("Termen", "Anul"),
    "state": ("Stadiul", "Starea"),
    "result": ("Rezultat", "Rezultatul"),
}
_RANK = re.compile(r"[0-9]{1,2}")
_Code = TypeVar("_Code")


@dataclass(frozen=True)
class SheetAction:
    """An action of a sheet, by our codes; days ISO, "" = none. row: where it stands, from 1 below the titles."""

    row: int
    what: str
    responsible: str
    due_on: str
    state: str
    begun_on: str
    ended_on: str
    result: str


@dataclass(frozen=True)
class SheetPriority:
    """A priority of a sheet with its actions, in their order."""

    kind: str
    code: str
    reason: str
    actions: tuple[SheetAction, ...]


@dataclass(frozen=True)
class PlanFile:
    """A plan as a file has it: priorities by their rank. unread: titles of the file that were not looked at."""

    file: str
    priorities: tuple[SheetPriority, ...]
    unread: tuple[str, ...]


def read_plan(path: Path, year: int, *, today: date) -> PlanFile:
    """Read a plan from a workbook or a CSV, all of it or nothing.

    Parameters
    ----------
    path
        The file. A row is an action with its priority, or a priority without an action.
    year
        Of the plan: nothing is due before it.
    today
        Nothing was begun or ended after it.

    Returns
    -------
    PlanFile
        Priorities by their number where the sheet has one, else in the order of the rows.

    Raises
    ------
    BadRowsError
        Naming the first bad rows: row, column, what was found and what was expected.
    MissingColumnError
        Where a column is missing, naming the titles that were found.
    UnreadableFileError
        Where the file is none, has no row, or is too large.
    """
    require_size(path)
    if path.stat().st_size > MOST_BYTES:
        words = _("{file}: fișierul are peste {most} MB; un plan are mult mai puțin.")
        raise UnreadableFileError(words.format(file=path.name, most=number(MOST_BYTES / 1e6)))
    with open_account() as account:
        table = read_table(path, _fields(language()))
    if len(table) > _MOST_ROWS:
        words = ngettext("{file}: are {n} rând; un plan are cel mult {most}.",
                         "{file}: are {n} rânduri; un plan are cel mult {most}.", len(table))  # fmt: skip
        raise UnreadableFileError(words.format(file=path.name, n=number(len(table)), most=number(_MOST_ROWS)))
    read = _Reading(year, today)
    read.refuse_unread(account.main())
    for row in table.fillna("").to_dict("records"):
        read.row(int(row["row"]), {name: undefused(str(row.get(name, "")).strip()) for name in plan_titles()})
    priorities = read.priorities()
    if read.wrong:
        raise BadRowsError(path.name, [line for _row, line in sorted(read.wrong, key=lambda each: each[0])])
    if not priorities:
        raise UnreadableFileError(_("{file}: foaia nu are nicio prioritate.").format(file=path.name))
    unread = tuple(use.title[:40] for use in account.main().titles if not use.field)
    return PlanFile(path.name, priorities, unread)


@cache
def _fields(first: str) -> tuple[Field, ...]:
    """Return the columns with their titles in every language, that of the reader first."""
    values: dict[str, list[str]] = {}
    for code in (first, *LANGUAGES):
        with use_language(code):
            for name, title in plan_titles().items():
                values.setdefault(name, []).append(title)
    return tuple(
        Field(name, (*dict.fromkeys(titles), *_ALSO_CALLED.get(name, ())), required=name in _NEEDED)
        for name, titles in values.items()
    )


def _by_words(
    codes: Iterable[_Code], name: Callable[[_Code], str], written: Callable[[_Code], str]
) -> dict[str, _Code]:
    """Return codes by what a sheet may say of them: their names in every language, and the codes themselves."""
    found: dict[str, _Code] = {}
    for code in codes:
        for each in LANGUAGES:
            with use_language(each):
                found.setdefault(fold(name(code)), code)
        found.setdefault(fold(written(code)), code)
    return found


@cache
def _priorities() -> dict[str, PriorityCode]:
    known = [(kind, code) for kind in KINDS for code in priority_codes(kind)]
    return _by_words(known, lambda each: priority_name(*each), lambda each: each[1])


@cache
def _responsibles() -> dict[str, str]:
    return _by_words(RESPONSIBLES, responsible_label, str)


@cache
def _states() -> dict[str, str]:
    return _by_words(ACTION_STATES, action_state_label, str)


@dataclass
class _Chosen:
    """A priority while its rows are read: its number, its reason and the row where each was said first."""

    row: int
    rank: int | None = None
    reason: tuple[int, str] | None = None
    actions: list[SheetAction] = field(default_factory=list)


class _Reading:
    """The rows of a sheet on their way to a plan, and what is wrong with them."""

    def __init__(self, year: int, today: date) -> None:
        self.year, self.today = year, today
        self.chosen: dict[PriorityCode, _Chosen] = {}
        self.wrong: list[tuple[int, str]] = []
        self._titles = plan_titles()
        self._unreadable: set[tuple[int, str]] = set()  # cells by row and column: what they hold is not looked at

    def refuse(self, row: int, name: str, found: str, expected: str) -> None:
        if (row, name) in self._unreadable:
            return
        shown = _("date despre cineva") if personal_data(found) else found or _("nimic")
        self.wrong.append((row, bad_row(row, self._titles[name], shown, expected)))

    def refuse_unread(self, own: FileAccount) -> None:
        """Refuse what the reader of files could not read of the rows and of the columns of a plan."""
        line = _("Rândul {row} de sub antet: {why}")
        self.wrong += [(each.row, line.format(row=each.row, why=each.message)) for each in own.refusals]
        used = {use.title: use.field for use in own.titles if use.field}
        line = _("Rândul {row} de sub antet, coloana „{column}”: {why}.")
        for remark in own.cells():
            for row in remark.rows if remark.title in used else ():
                self.wrong.append((row, line.format(row=row, column=remark.title, why=remark.why)))
                self._unreadable.add((row, used[remark.title]))

    def row(self, row: int, cells: Mapping[str, str]) -> None:
        """Read one row: its priority, and its action where it has one."""
        if not any(cells.values()):
            return
        code = _priorities().get(fold(cells["priority"]))
        if code is None:
            expected = _("o nevoie sau o vulnerabilitate, numită ca pe ecran, pe fiecare rând")
            self.refuse(row, "priority", cells["priority"], expected)
        else:
            self._priority(row, cells, self.chosen.setdefault(code, _Chosen(row)))
        if any(cells[name] for name in self._titles if name not in ("rank", "priority", "reason", "is_late")):
            action = self._action(row, cells)
            if code is not None and action is not None:
                self._add(row, self.chosen[code], action)

    def _priority(self, row: int, cells: Mapping[str, str], kept: _Chosen) -> None:
        if text := cells["rank"]:
            rank = int(text) if _RANK.fullmatch(text) else 0
            if not 1 <= rank <= MOST_PRIORITIES:
                self.refuse(row, "rank", text, _("un număr de la 1 la {most}").format(most=MOST_PRIORITIES))
                self._unreadable.add((kept.row, "rank"))
            elif kept.rank not in (None, rank):
                self.refuse(row, "rank", text, _("{n}, ca la aceeași prioritate mai sus").format(n=kept.rank))
            else:
                kept.rank = rank
        if kept.reason is None or cells["reason"]:
            before, reason = kept.reason, self._text(row, "reason", cells["reason"], MOST_REASON)
            if before is None:
                kept.reason = row, reason
            elif reason and reason != before[1]:
                self.refuse(row, "reason", reason, _("același motiv ca în rândul {row}").format(row=before[0]))

    def _action(self, row: int, cells: Mapping[str, str]) -> SheetAction | None:
        """Read the action of a row; None where something of it is wrong."""
        before = len(self.wrong)
        what = self._text(row, "what", cells["what"], MOST_ACTION)
        responsible = _responsibles().get(fold(cells["responsible"]), "")
        if not responsible:
            names = f"{responsible_label('town_hall')}, {responsible_label('medical')}"
            expected = _("o instituție sau o profesie, numită ca pe ecran: {names} și altele").format(names=names)
            self.refuse(row, "responsible", cells["responsible"], expected)
        due = self._term(row, cells["due_on"])
        state = _states().get(fold(cells["state"]), "") if cells["state"] else ACTION_STATES[0]
        if not state:
            self.refuse(row, "state", cells["state"], ", ".join(map(action_state_label, ACTION_STATES)))
        result = self._text(row, "result", cells["result"], MOST_RESULT, may_be_blank=state in ("", *UNENDED))
        begun, ended = (self._day(row, name, cells[name]) for name in ("begun_on", "ended_on"))
        if len(self.wrong) == before:
            begun = self._days(row, state, begun, ended)
        action = SheetAction(row, what, responsible, due, state, begun, ended, result)
        return action if len(self.wrong) == before else None

    def _days(self, row: int, state: str, begun: str, ended: str) -> str:
        """Hold the days of an action against its state; return the day on which it was begun."""
        label = action_state_label(state)
        if state in UNENDED and ended:
            self.refuse(row, "ended_on", ended, _("nimic: acțiunea este {state}").format(state=label))
        elif state == ACTION_STATES[0] and begun:
            self.refuse(row, "begun_on", begun, _("nimic: acțiunea este {state}").format(state=label))
        elif state == ACTION_STATES[1] and not begun:
            self.refuse(row, "begun_on", "", _("ziua în care a început"))
        elif state not in UNENDED and not ended:
            self.refuse(row, "ended_on", "", _("ziua în care s-a încheiat"))
        elif begun and ended and begun > ended:
            self.refuse(row, "ended_on", ended, _("o zi de după {day}").format(day=begun))
        return begun or ended

    def _add(self, row: int, kept: _Chosen, action: SheetAction) -> None:
        for other in kept.actions:
            if (other.what, other.responsible, other.due_on) == (action.what, action.responsible, action.due_on):
                expected = _("o acțiune o singură dată; este și în rândul {row}").format(row=other.row)
                self.refuse(row, "what", action.what, expected)
                return
        if len(kept.actions) == MOST_ACTIONS:
            expected = _("cel mult {n} acțiuni la o prioritate").format(n=MOST_ACTIONS)
            self.refuse(row, "what", action.what, expected)
        else:
            kept.actions.append(action)

    def priorities(self) -> tuple[SheetPriority, ...]:
        """Return the priorities by rank; what is wrong with their ranks is noted."""
        ranks: dict[int, int] = {}
        is_numbered = any(kept.rank is not None for kept in self.chosen.values())
        for place, ((kind, code), kept) in enumerate(self.chosen.items(), 1):
            if place > MOST_PRIORITIES:
                expected = _("cel mult {n} priorități într-un plan").format(n=MOST_PRIORITIES)
                self.refuse(kept.row, "priority", priority_name(kind, code), expected)
            elif is_numbered and kept.rank is None:
                self.refuse(kept.row, "rank", "", _("un număr, ca la celelalte priorități"))
            elif kept.rank is not None and ranks.setdefault(kept.rank, kept.row) != kept.row:
                expected = _("alt număr decât al priorității din rândul {row}").format(row=ranks[kept.rank])
                self.refuse(kept.row, "rank", str(kept.rank), expected)
        ordered = sorted(self.chosen.items(), key=lambda each: each[1].rank or 0)
        return tuple(
            SheetPriority(kind, code, kept.reason[1] if kept.reason else "", tuple(kept.actions))
            for (kind, code), kept in ordered
        )

    def _text(self, row: int, name: str, text: str, most: int, *, may_be_blank: bool = False) -> str:
        try:
            return tidy_words(text, field=self._titles[name], most=most, may_be_blank=may_be_blank)
        except PersonalDataError:
            expected = _("instituții și funcții, fără nume, numere de telefon sau coduri de caz")
            self.refuse(row, name, _("date despre cineva"), expected)
        except BadValueError:
            found = ngettext("{n} caracter", "{n} caractere", len(text)).format(n=number(len(text))) if text else ""
            self.refuse(row, name, found, _("un text de cel mult {most} de caractere").format(most=most))
        return ""

    def _term(self, row: int, text: str) -> str:
        try:
            return typed_term(text, self.year)
        except BadValueError:
            expected = _("un an, o lună sau o zi între {first} și {last}, ca 06.{first}")
            self.refuse(row, "due_on", text, expected.format(first=self.year, last=self.year + YEARS_AHEAD))
            return ""

    def _day(self, row: int, name: str, text: str) -> str:
        day = typed_day(text) if text else None
        if text and (day is None or day > self.today):
            self.refuse(row, name, text, _("o zi de până azi, ca 30.06.{year}").format(year=self.today.year))
        return day.isoformat() if day is not None else ""
