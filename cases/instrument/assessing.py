"""What follows from the answers of one person: what was asked, what was found and why, what is not known, the level.

A rule is true, false, or not known (`cases.instrument.three_valued`). What is found are the rules that are true; what
may be so besides are those that are not known. The level is that of what is found, and says „at least” where what is
not known could raise it; „low” with something not known that could raise it is not said at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from cases.instrument.instrument_model import (
    AGES,
    BORN,
    LEVELS,
    NOTHING,
    RESTRICTED,
    WISHES,
    FindingRule,
    Instrument,
    InstrumentQuestion,
)
from cases.instrument.three_valued import NOT_KNOWN, Value, atoms_behind, evaluate, is_asked
from core.i18n import _
from providers.rules.needs import needs

UNKNOWN_LEVEL = "unknown"
MOST_WISHES = 5
_BORN = re.compile(r"((?:19|20)[0-9]{2})(?:-(0[1-9]|1[0-2]))?")
_MID_YEAR = 7
_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,3})?")
_BETWEEN_WISHES = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Finding:
    """One rule that is true. why: the questions behind it and what was answered, in the order of the instrument."""

    code: str
    label: str
    level: str
    member: str
    sees: str
    scope: str
    needs: tuple[str, ...]
    why: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AnswerFault:
    """An answer that cannot be one, and counts as not given. It is named, never quoted."""

    name: str
    message: str


@dataclass(frozen=True)
class Assessed:
    """What follows from answers.

    Attributes
    ----------
    age
        In full years; None where the birth is not known.
    asked
        Names of the questions asked, in their order.
    findings
        The rules that are true, in their order.
    possible
        Codes of the rules that are not known.
    gaps
        Questions that had to be answered and whose answer is not known.
    complete
        Whether the gaps are few, and what is asked in private was asked.
    level
        One of LEVELS, or UNKNOWN_LEVEL.
    at_least
        Whether what is not known could raise the level.
    wishes
        Needs that the person named.
    faults
        Answers that could not be taken.
    """

    age: int | None
    asked: tuple[str, ...]
    findings: tuple[Finding, ...]
    possible: tuple[str, ...]
    gaps: tuple[str, ...]
    complete: bool
    level: str
    at_least: bool
    wishes: tuple[str, ...]
    faults: tuple[AnswerFault, ...]

    def needs(self) -> dict[str, tuple[str, ...]]:
        """Return each need with what it comes from: codes of findings, or WISHES."""
        found: dict[str, tuple[str, ...]] = {}
        for finding in self.findings:
            for need in finding.needs:
                found[need] = (*found.get(need, ()), finding.code)
        for need in self.wishes:
            found[need] = (*found.get(need, ()), WISHES)
        return found

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return {**asdict(self), "needs": {need: list(origin) for need, origin in self.needs().items()}}


def assess(instrument: Instrument, answers: Mapping[str, str], *, on_day: date) -> Assessed:
    """Work out what follows from the answers of one person.

    Parameters
    ----------
    instrument
        What was asked, and the rules.
    answers
        Codes of choices (several with a space between), numbers and the birth as text, by the name of the question.
        What is not asked by the instrument's own conditions does not count.
    on_day
        The day of the assessment, by which the age goes.

    Returns
    -------
    Assessed
        The same for the same answers.
    """
    sheet = _AnswerSheet(instrument, answers, on_day)
    found, possible = [], []
    for rule in instrument.rules:
        truth = evaluate(rule.when, sheet.value)
        if truth:
            found.append(rule)
        # An answer to a question that may turn out not to be asked counts as given, and rules nothing out.
        elif truth is None or (sheet.doubtful and evaluate(rule.when, sheet.value, sheet.doubtful) is not False):
            possible.append(rule)
    level, most = _level(instrument, found), _level(instrument, [*found, *possible])
    gaps = tuple(q.name for q in sheet.asked if q.is_required and _is_gap(sheet.value(q.name)))
    private = {q.name for q in sheet.asked if q.sees == RESTRICTED}
    complete = 100 * len(gaps) <= instrument.gaps_percent * len(sheet.asked) and not private & set(gaps)
    is_unsaid = level == LEVELS[0] and (most != level or not complete)
    months = sheet.months
    return Assessed(
        age=None if months is None else months // 12,
        asked=tuple(q.name for q in sheet.asked),
        findings=tuple(_finding(rule, sheet) for rule in found),
        possible=tuple(rule.code for rule in possible),
        gaps=gaps,
        complete=complete,
        level=UNKNOWN_LEVEL if is_unsaid else level,
        at_least=most != level,
        wishes=sheet.wishes,
        faults=tuple(sheet.faults),
    )


def is_answer(instrument: Instrument, name: str, text: str) -> bool:
    """Whether a text is what a question takes: codes of its choices, a number, a text of its pattern.

    Parameters
    ----------
    instrument
        That has the question.
    name
        Of the question.
    text
        As it was sent; "" is no answer, and fits.

    Returns
    -------
    bool
        False for words; a number that is too large is an answer, though none that counts.
    """
    question, sentence = instrument.by_name[name], text.strip()
    if not sentence:
        return True
    if name == WISHES:
        return set(filter(None, _BETWEEN_WISHES.split(sentence))) <= needs().keys()
    if question.kind == "number":
        return bool(_NUMBER.fullmatch(sentence))
    if question.kind in ("one", "many"):
        chosen = {sentence} if question.kind == "one" else set(sentence.split())
        return chosen <= instrument.choices.get(question.list_name, {}).keys()
    fits = question.constraint is None or evaluate(question.constraint, lambda each: sentence if each == "." else None)
    return question.kind == "text" and fits is not False


def _level(instrument: Instrument, rules: Iterable[FindingRule]) -> str:
    return instrument.level_of(Counter(rule.level for rule in rules))


def _finding(rule: FindingRule, sheet: _AnswerSheet) -> Finding:
    behind = atoms_behind(rule.when, sheet.value)
    why = tuple((q.name, sheet.text(q.name)) for q in sheet.instrument.questions if q.name in behind)
    return Finding(rule.code, rule.label, rule.level, rule.member, rule.sees, rule.scope, rule.needs, why)


def _is_gap(value: Value) -> bool:
    chosen = value if isinstance(value, frozenset) else frozenset({value})
    return value is None or not chosen.isdisjoint(NOT_KNOWN)


class _AnswerSheet:
    """The answers of one person as values: known, "" of what is not asked, or None where it is not known.

    Attributes
    ----------
    asked
        The questions that are asked, by the answers to those above them.
    doubtful
        Those of them that may turn out not to be asked once something above is known, and have an answer.
    """

    def __init__(self, instrument: Instrument, answers: Mapping[str, str], on_day: date) -> None:
        self.instrument, self._answers, self._on_day = instrument, answers, on_day
        self.faults: list[AnswerFault] = []
        self.asked: list[InstrumentQuestion] = []
        self.wishes: tuple[str, ...] = ()
        self.months: int | None = None
        self.doubtful: frozenset[str] = frozenset()
        self._values: dict[str, Value] = {}
        for question in instrument.questions:
            self._take(question)

    def value(self, name: str) -> Value:
        """Return the value of a question above."""
        return self._values[name]

    def text(self, name: str) -> str:
        """Return what a person answered, the age where that is what counts."""
        value = self._values[name]
        return f"{value:g}" if name in AGES and value is not None else self._answers.get(name, "").strip()

    def _shown(self, name: str) -> Value:
        """Return the answer as a form has it: "" where there is none."""
        value = self._values[name]
        return "" if value is None else value

    def _take(self, question: InstrumentQuestion) -> None:
        name = question.name
        if question.kind == "computed":
            ages = (None, None) if self.months is None else (float(self.months // 12), float(self.months))
            self._values[name] = ages[AGES.index(name)]
            return
        when = question.relevant
        truth = True if when is None else evaluate(when, self._values.__getitem__, self.doubtful)
        if when is not None and not is_asked(when, self._shown):
            self._values[name] = "" if truth is False else None
            return
        if question.kind == "note":
            return
        self.asked.append(question)
        self._values[name] = self._given(question, self._answers.get(name, "").strip())
        if truth is None and self._values[name] is not None:
            self.doubtful |= {name}
        if name == BORN:
            self.months = self._age_months(self._values[name])

    def _given(self, question: InstrumentQuestion, text: str) -> Value:
        """Return the value of an answer, None where it is none; what is wrong with it goes to the faults."""
        if not text:
            return None
        if question.name == WISHES:
            return self._wished(text)
        value = self._value_of(question, text)
        if value is None:
            self.faults.append(AnswerFault(question.name, _("răspunsul nu este dintre cele care se pot da")))
        elif question.constraint is not None and not evaluate(
            question.constraint, lambda name: value if name == "." else self._values[name]
        ):
            sentence = question.constraint_message or _("răspunsul nu se potrivește cu ce cere întrebarea")
            self.faults.append(AnswerFault(question.name, sentence))
            value = None
        return value

    def _value_of(self, question: InstrumentQuestion, text: str) -> Value:
        options = self.instrument.choices.get(question.list_name, {})
        if question.kind == "number":
            is_number = _NUMBER.fullmatch(text) and (text.isdigit() or not question.is_whole)
            return float(text.replace(",", ".")) if is_number else None
        if question.kind == "one":
            return text if text in options else None
        if question.kind == "many":
            chosen = frozenset(text.split())
            # What was seen counts, also beside a „none” that was not taken back.
            return ((chosen - {NOTHING}) or chosen) if chosen <= options.keys() else None
        return text

    def _wished(self, text: str) -> Value:
        named = tuple(dict.fromkeys(filter(None, _BETWEEN_WISHES.split(text))))
        if len(named) > MOST_WISHES or not set(named) <= needs().keys():
            sentence = _("așteptam nevoi din lista hărții, cel mult {n}").format(n=MOST_WISHES)
            self.faults.append(AnswerFault(WISHES, sentence))
            return None
        self.wishes = named
        return text

    def _age_months(self, born: Value) -> int | None:
        """Return the age in months; a birth without a month counts from the middle of its year."""
        found = _BORN.fullmatch(str(born or ""))
        if found is None:
            return None
        year = int(found[1])
        months = 12 * (self._on_day.year - year) + self._on_day.month - int(found[2] or _MID_YEAR)
        if months >= 0:
            return months
        if not found[2] and year == self._on_day.year:
            return 0
        self.faults.append(AnswerFault(BORN, _("nașterea este după ziua evaluării")))
        self._values[BORN] = None
        return None
