"""Needs: what a team records about a person, and which service types answer it, in order.

Four tables under `data/providers/` say it: `needs.csv` (the catalogue, in plain words), `need_answers.csv`
(one row an answer, with its legal source or `assumed`), `need_crosswalk.csv` (the vulnerability codes that
community nurses already record) and `emergency_lines.csv`. A specialist changes a rule by editing one row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

from core.i18n import _
from core.reading.curated_tables import FOLDER, PROVENANCE_COLUMNS, CuratedRow, RuleProvenance, index_by, read_rows
from providers.rules.schema import VOCABULARIES
from providers.rules.taxonomy import groups, service_types, within

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from providers.rules.person import Person

ROLES = ("first", "also", "fallback")
LIKELY = 3  # of the needs that words may mean: the others are asked about, and are no reason for alarm
_AGGRESSOR = "aggressor"
_VICTIMS = frozenset({"violence-victim", "trafficking-victim"})


@dataclass(frozen=True)
class EmergencyLine:
    """A national telephone line: its number as it is read out, and in words what it is for and when."""

    code: str
    phone: str
    name: str
    words: str
    basis: str


@dataclass(frozen=True)
class CalledLine:
    """A line that a need calls, and at which ages of the person; None = at any, as where a child is concerned."""

    code: str
    age_min: int | None
    age_max: int | None


@dataclass(frozen=True)
class Need:
    """What a person needs, as teams say it.

    Attributes
    ----------
    need
        Its code.
    group
        Heading under which it is listed.
    name
        As it is said.
    synonyms
        Everyday words, for search only.
    is_danger
        Whether somebody may be hurt now.
    emergency_lines
        Lines to show above the answers: a code, or `116111:0-18` where only some ages call it.
    is_sensitive
        Whether an answer must not be left on a screen or in a history.
    what_to_bring
        In words; None = nothing in particular.
    age_min, age_max, sex, groups
        Who may have it: full years, both included, F or M, groups; None and empty = anybody.
    """

    need: str
    group: str
    name: str
    synonyms: tuple[str, ...]
    is_danger: bool
    emergency_lines: tuple[CalledLine, ...]
    is_sensitive: bool
    what_to_bring: str | None
    age_min: int | None
    age_max: int | None
    sex: str | None
    groups: tuple[str, ...]


@dataclass(frozen=True)
class NeedAnswer:
    """One service type that answers a need, and for whom.

    role: `first`, what to try first; `also`, what helps besides; `fallback`, the public office behind the
    register's row above it, for where the register lacks it. groups: for these alone, an age band among them standing
    for whoever is of that age; not_groups: for none of these situations. provenance: why, or that it is assumed.
    """

    need: str
    rank: int
    service_type: str
    role: str
    age_min: int | None
    age_max: int | None
    sex: str | None
    groups: tuple[str, ...]
    not_groups: tuple[str, ...]
    provenance: RuleProvenance


@dataclass(frozen=True)
class CrosswalkEntry:
    """One vulnerability code of the community nurses: the needs that it means, or why it asks for no help."""

    code: str
    needs: tuple[str, ...]
    reason: str | None
    why_not: str | None


@cache
def emergency_lines_by_code(folder: Path = FOLDER) -> dict[str, EmergencyLine]:
    """Return the national emergency lines by code, in the order in which they are shown."""
    columns = [*(field.name for field in fields(EmergencyLine)), *PROVENANCE_COLUMNS]
    rows = index_by(read_rows(folder / "emergency_lines.csv", columns), "code")
    return {
        code: EmergencyLine(
            code=code,
            phone=row.text("phone"),
            name=row.text("name"),
            words=row.text("words"),
            basis=row.provenance().basis,
        )
        for code, row in rows.items()
    }


@cache
def needs(folder: Path = FOLDER) -> dict[str, Need]:
    """Return every need by its code, in the order of the file."""
    columns = [field.name for field in fields(Need)]
    rows = index_by(read_rows(folder / "needs.csv", columns), "need")
    return {code: _need(row, folder) for code, row in rows.items()}


def need_name(code: str) -> str:
    """Name a need in the language of the request; a code that is none stands for itself."""
    found = needs().get(code)
    return code if found is None else _(found.name)


def _need(row: CuratedRow, folder: Path) -> Need:
    called = tuple(_called(row, text, folder) for text in row.codes("emergency_lines"))
    is_danger = row.flag("is_danger")
    if is_danger and not called:
        raise row.cell_error("emergency_lines", _("o linie de urgență, pentru că nevoia este un pericol imediat"))
    return Need(
        need=row.text("need"),
        group=row.text("group"),
        name=row.text("name"),
        synonyms=row.codes("synonyms"),
        is_danger=is_danger,
        emergency_lines=called,
        is_sensitive=row.flag("is_sensitive"),
        what_to_bring=row.optional("what_to_bring"),
        age_min=row.whole("age_min"),
        age_max=row.whole("age_max"),
        sex=row.choice("sex", {"", *VOCABULARIES["sex"]}) or None,
        groups=row.keys("groups", groups(folder), "beneficiary_groups.csv"),
    )


def _called(row: CuratedRow, text: str, folder: Path) -> CalledLine:
    """Read `119` or `119:0-17`: a line, and the ages at which it is called."""
    code, _colon, ages = text.partition(":")
    youngest, _dash, oldest = ages.partition("-")
    if code not in emergency_lines_by_code(folder) or not all(not age or age.isdigit() for age in (youngest, oldest)):
        raise row.cell_error("emergency_lines", _("coduri din emergency_lines.csv, cu vârste dacă e cazul: 119:0-17"))
    return CalledLine(code, int(youngest) if youngest else None, int(oldest) if oldest else None)


@cache
def need_answers(folder: Path = FOLDER) -> dict[str, tuple[NeedAnswer, ...]]:
    """Return the answers of every need, in order of rank.

    A service for aggressors is refused as an answer to any need that is not the aggressor's own.

    Parameters
    ----------
    folder
        Where `need_answers.csv` stands.

    Returns
    -------
    dict of str to tuple of NeedAnswer
        Answers by the code of the need, all needs in the order of the catalogue.

    Raises
    ------
    UnreadableFileError
        Naming file, row and column of what is wrong in the table.
    """
    columns = [*(field.name for field in fields(NeedAnswer) if field.name != "provenance"), *PROVENANCE_COLUMNS]
    found: defaultdict[str, list[NeedAnswer]] = defaultdict(list)
    for row in read_rows(folder / "need_answers.csv", columns):
        answer = _answer(row, folder)
        if any(answer.rank == other.rank for other in found[answer.need]):
            raise row.cell_error("rank", _("un loc în ordine care nu se repetă"))
        found[answer.need].append(answer)
    return {code: tuple(sorted(found[code], key=lambda answer: answer.rank)) for code in needs(folder)}


def _answer(row: CuratedRow, folder: Path) -> NeedAnswer:
    need_code = row.key("need", needs(folder), "needs.csv")
    rank = row.whole("rank")
    if rank is None:
        raise row.cell_error("rank", _("un număr întreg"))
    kind = service_types(folder)[row.key("service_type", service_types(folder), "service_types.csv")]
    if kind.for_aggressors and needs(folder)[need_code].groups != (_AGGRESSOR,):
        raise row.cell_error("service_type", _("un tip care nu este pentru agresori, la nevoia unei victime"))
    return NeedAnswer(
        need=need_code,
        rank=rank,
        service_type=kind.service_type,
        role=row.choice("role", ROLES),
        age_min=row.whole("age_min"),
        age_max=row.whole("age_max"),
        sex=row.choice("sex", {"", *VOCABULARIES["sex"]}) or None,
        groups=row.keys("groups", groups(folder), "beneficiary_groups.csv"),
        not_groups=row.keys("not_groups", groups(folder), "beneficiary_groups.csv"),
        provenance=row.provenance(),
    )


@cache
def crosswalk(folder: Path = FOLDER) -> dict[str, CrosswalkEntry]:
    """Return what each vulnerability code of the community nurses means here."""
    columns = [*(field.name for field in fields(CrosswalkEntry)), *PROVENANCE_COLUMNS]
    rows = index_by(read_rows(folder / "need_crosswalk.csv", columns), "code")
    found = {}
    for code, row in rows.items():
        row.provenance()
        meant = row.keys("needs", needs(folder), "needs.csv")
        if bool(meant) == bool(row.optional("why_not")):
            raise row.cell_error("why_not", _("fie nevoi, fie motivul pentru care codul nu cere ajutor"))
        found[code] = CrosswalkEntry(code, meant, row.optional("reason"), row.optional("why_not"))
    return found


def applies_to(each: Need | NeedAnswer, person: Person) -> bool:
    """Return whether a need or an answer is for this person. What is not said about the person rules nothing out.

    Situations are compared only where the person has some stated: an age band is not a situation.
    """
    by_age = person.age is None or within(person.age, each.age_min, each.age_max)
    by_sex = person.sex is None or each.sex in (None, person.sex)
    situations = {code for code in person.groups if code in groups() and groups()[code].kind == "situation"}
    by_group = not each.groups or not situations or bool(situations & set(each.groups)) or _is_of_age(each, person)
    refused = isinstance(each, NeedAnswer) and not situations.isdisjoint(each.not_groups)
    return by_age and by_sex and by_group and not refused


def _is_of_age(each: Need | NeedAnswer, person: Person) -> bool:
    """Tell whether the person is of an age band that stands among the groups."""
    bands = [groups()[code] for code in each.groups if groups()[code].kind == "age"]
    return person.age is not None and any(within(person.age, band.age_min, band.age_max) for band in bands)


def answer_rows(code: str, person: Person | None = None, folder: Path = FOLDER) -> tuple[NeedAnswer, ...]:
    """Return the answers of a need (its own code) that are for this person, in order, with role and source.

    Nobody who is a victim is ever sent to a service for aggressors, whatever the tables say.
    """
    found = need_answers(folder)[code]
    if person is None:
        return found
    is_victim = bool(person.groups & _VICTIMS)
    return tuple(
        each
        for each in found
        if applies_to(each, person) and not (is_victim and service_types(folder)[each.service_type].for_aggressors)
    )


def answers(code: str, person: Person | None = None, folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the service types that answer a need (its own code) of this person, each once, in order."""
    return tuple(dict.fromkeys(each.service_type for each in answer_rows(code, person, folder)))


def emergency_lines(need_: Need, age: int | None = None, folder: Path = FOLDER) -> tuple[EmergencyLine, ...]:
    """Return the lines of a need for a person of this age, in the order in which they are shown."""
    called = {line.code for line in need_.emergency_lines if age is None or within(age, line.age_min, line.age_max)}
    return tuple(line for line in emergency_lines_by_code(folder).values() if line.code in called)


def lines_of_likely(codes: Iterable[str]) -> tuple[EmergencyLine, ...]:
    """Return the lines of the likeliest need in danger among those that words may mean, best first.

    codes: of needs and service types.
    """
    known = needs()
    for code in list(codes)[:LIKELY]:
        if code in known and (lines := emergency_lines(known[code])):
            return lines
    return ()
