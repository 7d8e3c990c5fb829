"""What is said of an instrument at the terminal: what it holds, what was refused, what answers make of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cases.instrument.assessing import Assessed, assess
from cases.instrument.instrument_editions import in_order, items_of, refusal_words
from cases.instrument.instrument_model import ON_DAY, WISHES, Instrument
from core.errors import UnreadableFileError
from core.i18n import _, ngettext, number
from core.reading.files import content_of
from core.storage.differences import difference
from providers.rules.needs import needs

if TYPE_CHECKING:
    from pathlib import Path

    from cases.instrument.instrument_reading import ReadInstrument

_MOST_PEOPLE = 1_000
_LEVEL_WORDS = {
    "urgent": lambda: _("urgent"),
    "high": lambda: _("ridicat"),
    "medium": lambda: _("mediu"),
    "low": lambda: _("scăzut"),
    "unknown": lambda: _("necunoscut"),
}


@dataclass(frozen=True)
class InstrumentReport:
    """What an instrument holds, and what follows from the answers of some people.

    Attributes
    ----------
    name
        Of its file or edition.
    read
        The instrument.
    people
        A name for each person's answers, and what follows from them.
    """

    name: str
    read: ReadInstrument
    people: tuple[tuple[str, Assessed], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it was refused."""
        return not self.read.refusals

    def _reached(self) -> set[str]:
        """Return the needs that a finding leads to; where wishes are asked, a person may name any other."""
        return {need for rule in self.read.instrument.rules for need in rule.needs}

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        found = self.read.instrument
        return {
            "name": self.name,
            "rows_read": self.read.rows_read,
            "rows_loaded": len(self.read.rows),
            "rows_rejected": len(self.read.refusals),
            "questions": sum(question.kind != "computed" for question in found.questions),
            "choices": sum(map(len, found.choices.values())),
            "rules": len(found.rules),
            "actions": len(found.actions),
            "needs_by_finding": len(self._reached()),
            "needs_by_wish": len(needs()) - len(self._reached()) if WISHES in found.by_name else 0,
            "rejects": [asdict(refusal) for refusal in in_order(self.read.refusals)],
            "remarks": list(self.read.remarks),
            "assessed": [{"name": name, **assessed.as_json()} for name, assessed in self.people],
        }

    def lines(self) -> list[str]:
        """Return it for people."""
        found, reached = self.read.instrument, len(self._reached())
        asked = sum(question.kind != "computed" for question in found.questions)
        lines = [
            _("{name}: întrebări {questions}, reguli {rules}, acțiuni {actions}.").format(
                name=self.name,
                questions=number(asked),
                rules=number(len(found.rules)),
                actions=number(len(found.actions)),
            ),
            _("Rânduri citite {read}, luate {loaded}, respinse {rejected}.").format(
                read=number(self.read.rows_read),
                loaded=number(len(self.read.rows)),
                rejected=number(len(self.read.refusals)),
            ),
            _("Nevoi la care duc constatările: {reached} din {all}.").format(
                reached=number(reached), all=number(len(needs()))
            ),
        ]
        lines += [f"  {refusal_words(refusal)}" for refusal in in_order(self.read.refusals)]
        lines += [f"  {remark}" for remark in self.read.remarks]
        for name, assessed in self.people:
            lines += _person_lines(name, assessed, found)
        return lines


def _person_lines(name: str, assessed: Assessed, instrument: Instrument) -> list[str]:
    level = _LEVEL_WORDS[assessed.level]()
    if assessed.at_least and assessed.level != "unknown":
        level = _("cel puțin {level}").format(level=level)
    lines = [_("{name}: nivel {level}").format(name=name, level=level)]
    for finding in assessed.findings:
        why = ", ".join(f"{question}={answer}" for question, answer in finding.why)
        lines.append(f"  {finding.code} {finding.label} ({why})")
    items = [
        (_("fără răspuns"), [instrument.by_name[gap].label for gap in assessed.gaps]),
        (_("nu se știe"), assessed.possible),
        (_("nevoi"), [needs()[need].name for need in assessed.needs()]),
        (_("răspunsuri nepotrivite"), [f"{fault.name}: {fault.message}" for fault in assessed.faults]),
    ]
    lines += [f"  {title}: {'; '.join(parts)}" for title, parts in items if parts]
    return lines


def report_on(name: str, read: ReadInstrument, answers: Path | None, *, today: date) -> InstrumentReport:
    """Report on an instrument, with what follows from the answers of a file.

    Parameters
    ----------
    name
        What the instrument is called.
    read
        The instrument.
    answers
        JSON lines: answers by the name of the question, or an object with `name` and `answers`; `on_day` among the
        answers is the day of the assessment. None = nobody's.
    today
        The day where the answers say none.

    Returns
    -------
    InstrumentReport
        In the order of the file.

    Raises
    ------
    UnreadableFileError
        Naming the file and the line that is no answers.
    """
    people = tuple(_people(answers, read.instrument, today)) if answers is not None else ()
    return InstrumentReport(name, read, people)


def _people(path: Path, instrument: Instrument, today: date) -> list[tuple[str, Assessed]]:
    lines = content_of(path).decode("utf-8-sig", errors="replace").splitlines()
    if len(lines) > _MOST_PEOPLE:
        raise UnreadableFileError(
            _("{file}: prea multe rânduri, cel mult {n}.").format(file=path.name, n=number(_MOST_PEOPLE))
        )
    people = []
    for place, line in enumerate(lines, start=1):
        if line.strip():
            name, values = _answers_in(line, path.name, place)
            people.append((name, assess(instrument, values, on_day=_day(values, path.name, place) or today)))
    return people


def _answers_in(line: str, file: str, place: int) -> tuple[str, dict[str, str]]:
    try:
        raw: Any = json.loads(line)
        answers = raw.get("answers", raw)
        name, given = str(raw.get("name", place))[:80], dict(answers.items())
    except (ValueError, TypeError, AttributeError, RecursionError):
        name, given = "", {"": None}
    if not all(isinstance(value, (str, int)) for value in given.values()):
        raise _line_error(file, place, _("un obiect JSON cu răspunsuri după numele întrebării"))
    return name, {question: str(value) for question, value in given.items()}


def _day(answers: dict[str, str], file: str, place: int) -> date | None:
    if ON_DAY not in answers:
        return None
    try:
        return date.fromisoformat(answers[ON_DAY])
    except ValueError:
        raise _line_error(file, place, _("la on_day o zi scrisă ca 2026-11-30")) from None


def _line_error(file: str, place: int, expected: str) -> UnreadableFileError:
    return UnreadableFileError(
        _("{file}, rândul {row}: așteptam {expected}.").format(file=file, row=place, expected=expected)
    )


@dataclass(frozen=True)
class InstrumentDifference:
    """What one instrument changes against another: rows by their keys, and each cell of a changed row."""

    before: str
    after: str
    changes: tuple[dict[str, object], ...]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        counts = {word: sum(c["change"] == word for c in self.changes) for word in ("added", "removed", "changed")}
        return {"before": self.before, "after": self.after, **counts, "changes": list(self.changes)}

    def lines(self) -> list[str]:
        """Return it for people: + added, - removed, ~ changed."""
        count = len(self.changes)
        text = ngettext("{n} rând diferit", "{n} rânduri diferite", count).format(n=number(count))
        lines = [_("{before} → {after}: {said}").format(before=self.before, after=self.after, said=text)]
        signs = {"added": "+", "removed": "-", "changed": "~"}
        for change in self.changes:
            lines.append(f"  {signs[str(change['change'])]} {change['key']}")
            cells: Any = change["cells"]
            lines += [f"      {column}: {was!r} → {now!r}" for column, (was, now) in cells.items()]
        return lines


def compare_instruments(before: tuple[str, ReadInstrument], after: tuple[str, ReadInstrument]) -> InstrumentDifference:
    """Compare two instruments, each with its name, row by row.

    Parameters
    ----------
    before, after
        Name and instrument.

    Returns
    -------
    InstrumentDifference
        Rows that are equal are left out; the order of rows does not count.
    """
    tables = [items_of(read) for _name, read in (before, after)]
    old, new = (table.drop_duplicates("key").set_index("key") for table in tables)
    changes: list[dict[str, object]] = []
    for row in difference(old.reset_index(), new.reset_index(), key="key").to_dict("records"):
        fields = [field for field in str(row["fields"]).split(";") if field]
        cells = {field: [str(old[field][row["key"]]), str(new[field][row["key"]])] for field in fields}
        changes.append({"key": str(row["key"]), "change": str(row["change"]), "cells": cells})
    return InstrumentDifference(before[0], after[0], tuple(changes))
