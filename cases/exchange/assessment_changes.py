"""Assessments, what is found by them, and the needs that follow."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from cases.exchange.case_book import CaseBook, Row
from cases.exchange.case_changes import household_of
from cases.exchange.case_endings import codes_behind, end_finding
from cases.exchange.exchange_context import (
    ExchangeContext,
    case_of,
    require_new,
    require_seen_need,
    row_of,
    seen_finding,
    seen_needs,
    sees_finding,
)
from cases.exchange.exchange_errors import RefusedChangeError
from cases.exchange.field_changes import change_fields
from cases.instrument import Assessed, Instrument, assess
from cases.instrument.assessing import is_answer
from cases.instrument.instrument_model import BORN, HOUSEHOLD, LEVELS, RESTRICTED
from cases.rules.case_terms import due_day
from core.i18n import _

if TYPE_CHECKING:
    from cases.exchange.change_kinds import CaseChange

_PRIORITIES = {"danger": 1, "high": 2, "medium": 3, "low": 4, "info": 5}
_WISHED = 3
_SEX = "sex"


def add_assessment(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Write an assessment down: findings, needs and level are computed here, by the edition that it was made with."""
    body = change.body
    require_new(book, "assessments", body["assessment_id"])
    instrument = context.instrument_of(body["edition"])
    if instrument is None:
        raise RefusedChangeError(_("Ediția chestionarului nu este cunoscută aici."))
    _require_questions(instrument, body["answers"], of_household=bool(change.household_id))
    _require_answers(instrument, body["answers"])
    row: Row = {
        "assessment_id": body["assessment_id"],
        "case_ref": change.case_ref,
        "household_id": change.household_id,
        "uat_siruta": context.uat_siruta,
        "kind": body["kind"],
        "on_day": body["on_day"],
        "place": body.get("place", "home"),
        "edition": body["edition"],
        "answers": json.dumps(body["answers"], ensure_ascii=False, sort_keys=True),
        "gaps": "",
        "complete": True,
        "level": "",
        "members": body.get("members", context.profession),
        "agreement": body.get("agreement", "said"),
        "by": context.account,
        "finished_at": context.now,
        "counted_in": context.month_of(body["on_day"]),
        "corrects": body.get("corrects", ""),
    }
    if change.household_id:
        household_of(book, change.household_id, context)
        book.put("assessments", row)
        return 0
    case = case_of(book, change.case_ref, context)
    if row["corrects"]:
        row_of(book, "assessments", row["corrects"], change.case_ref)
    is_newest = all(each["on_day"] <= row["on_day"] for each in book.of_case("assessments", change.case_ref))
    assessed = assess(instrument, _answers(book, case, body), on_day=date.fromisoformat(body["on_day"]))
    book.put("assessments", {**row, "gaps": " ".join(assessed.gaps)[:2000], "complete": assessed.complete,
                             "level": assessed.level})  # fmt: skip
    if is_newest:
        _take_findings(book, case, assessed, body, instrument, context)
    return 0


def _require_questions(instrument: Instrument, answers: Mapping[str, str], *, of_household: bool) -> None:
    asked = {name for name in instrument.by_name if of_household == name.startswith(HOUSEHOLD)}
    if not answers.keys() <= asked:
        raise RefusedChangeError(_("Un răspuns este la o întrebare pe care ediția chestionarului nu o are."))


def _require_answers(instrument: Instrument, answers: Mapping[str, str]) -> None:
    """Refuse words where codes and numbers stand: a name could be among them."""
    for name, text in answers.items():
        if not is_answer(instrument, name, text):
            raise RefusedChangeError(_("Un răspuns nu este dintre cele care se pot da."))


def _answers(book: CaseBook, case: Row, body: Mapping[str, Any]) -> dict[str, str]:
    """Return what a person answered, with what the household answered last and what the case says of birth and sex."""
    of_household = [
        each
        for each in book.tables["assessments"].values()
        if case["household_id"] and each["household_id"] == case["household_id"] and each["on_day"] <= body["on_day"]
    ]
    newest = max(of_household, key=lambda each: (each["on_day"], each["finished_at"]), default=None)
    known = {BORN: case["born"], _SEX: case["sex"]}
    return {**known, **(json.loads(newest["answers"]) if newest else {}), **body["answers"]}


def _take_findings(
    book: CaseBook,
    case: Row,
    assessed: Assessed,
    body: Mapping[str, Any],
    instrument: Instrument,
    context: ExchangeContext,
) -> None:
    ref, day = case["case_ref"], body["on_day"]
    # A code may stand twice: of cases that were joined, and of a colleague who found what is restricted.
    standing = [each for each in book.of_case("findings", ref) if not each["ended_on"]]
    known = {each["code"] for each in standing if each["sees"] != RESTRICTED or sees_finding(each, case, context)}
    for finding in assessed.findings:
        if finding.code in known:
            continue
        book.put(
            "findings",
            {
                "finding_id": f"{body['assessment_id']}:{finding.code}",
                "case_ref": ref,
                "uat_siruta": context.uat_siruta,
                "code": finding.code,
                "level": finding.level,
                "member": finding.member,
                "sees": finding.sees,
                "assessment_id": body["assessment_id"],
                "by": context.account,
                "word": "",
                "opened_on": day,
                "opened_in": context.month_of(day),
                "ended_on": "",
                "ended_in": "",
                "ending": "",
            },
        )
    found = {finding.code for finding in assessed.findings}
    for before in standing:
        code = before["code"]
        # What may still be so stays; what a member added by hand was never asked; what a colleague hid is not known of.
        is_hidden = before["sees"] == RESTRICTED and not sees_finding(before, case, context)
        if code not in found and code not in assessed.possible and before["assessment_id"] and not is_hidden:
            end_finding(book, before, day, body.get("endings", {}).get(code, "no_longer"), context)
    _take_needs(book, ref, assessed, day, context)
    level = _level_of_all(book, ref, assessed.level, instrument)
    values: dict[str, Any] = {"level": level, "level_at_least": assessed.at_least}
    values["next_review"] = due_day(day, "review", case["level_said"] or level)
    for name in (BORN, _SEX):
        if not case[name] and body["answers"].get(name):
            values[name] = body["answers"][name]
    book.set("cases", case, **values, version=case["version"] + 1)


def _level_of_all(book: CaseBook, case_ref: str, level: str, instrument: Instrument) -> str:
    """Raise a level to that of all findings that stand: who asked last may not have asked, or seen, what is worst."""
    standing = {each["code"]: each["level"] for each in book.of_case("findings", case_ref) if not each["ended_on"]}
    of_all = instrument.level_of(Counter(standing.values()))
    return of_all if LEVELS.index(of_all) > (LEVELS.index(level) if level in LEVELS else 0) else level


def _take_needs(book: CaseBook, case_ref: str, assessed: Assessed, day: str, context: ExchangeContext) -> None:
    by_code = {finding.code: finding for finding in assessed.findings}
    for need, origins in assessed.needs().items():
        codes = [code for code in origins if code in by_code]
        hidden = [code for code in codes if by_code[code].sees == RESTRICTED]
        shown = [code for code in codes if code not in hidden]
        is_wished = len(codes) < len(origins)
        # What comes of what is hidden stands by itself: it is neither told to the team nor takes the team's own away.
        for some, found_by in ((shown, ""), (hidden, context.account)):
            if some or (is_wished and not found_by):
                priority = min((_PRIORITIES[by_code[code].level] for code in some), default=_WISHED)
                _lead_to_need(book, case_ref, need, day, context, codes=some, found_by=found_by, priority=priority)


def _lead_to_need(
    book: CaseBook,
    case_ref: str,
    need: str,
    day: str,
    context: ExchangeContext,
    *,
    codes: Sequence[str],
    found_by: str,
    priority: int,
) -> None:
    """Let findings, or a wish, lead to a need: one that is open says of which of them it comes by now."""
    before = _need_row(book, case_ref, need, found_by)
    if before is not None and not before["ended_on"]:
        still = codes_behind(before, (each for each in book.of_case("findings", case_ref) if not each["ended_on"]))
        codes = list(dict.fromkeys([*(code for code in before["codes"].split() if code in still), *codes]))
        book.set("case_needs", before, codes=" ".join(codes)[:200])
        return
    _put_need(book, case_ref, need, day, context, found_by=found_by, origin="finding" if codes else "wish",
              codes=" ".join(codes)[:200], sees=RESTRICTED if found_by else "team", priority=priority)  # fmt: skip


def _need_row(book: CaseBook, case_ref: str, need: str, found_by: str) -> Row | None:
    return book.get("case_needs", f"{case_ref} {need} {found_by}".rstrip())


def _put_need(
    book: CaseBook,
    case_ref: str,
    need: str,
    day: str,
    context: ExchangeContext,
    *,
    found_by: str = "",
    **values: object,
) -> None:
    before = _need_row(book, case_ref, need, found_by)
    row: Row = {
        "case_ref": case_ref,
        "need": need,
        "found_by": found_by,
        "uat_siruta": context.uat_siruta,
        "origin": "member",
        "codes": "",
        "sees": "team",
        "priority": _WISHED,
        "opened_on": day,
        "ended_on": "",
        "declined": False,
        "version": before["version"] + 1 if before else 1,
        "touched": {},
        **values,
    }
    if before is None:
        book.put("case_needs", row)
    else:
        book.set("case_needs", before, **row)


def add_finding(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Add a finding by hand, with a word; the edition that it is taken from says its level and who sees it."""
    case = case_of(book, change.case_ref, context)
    body = change.body
    require_new(book, "findings", body["finding_id"])
    if not body["word"]:
        raise RefusedChangeError(_("Scrieți în câteva cuvinte de ce adăugați constatarea."))
    instrument = context.instrument_of(body.get("edition", ""))
    if instrument is None:
        raise RefusedChangeError(_("Ediția chestionarului nu este cunoscută aici."))
    rule = next((each for each in instrument.rules if each.code == body["code"]), None)
    if rule is None:
        raise RefusedChangeError(_("Codul constatării nu este în chestionar."))
    # One that the sender does not see stands beside the own: else its words would be lost, and that would tell of it.
    same = [e for e in book.of_case("findings", change.case_ref) if e["code"] == rule.code and not e["ended_on"]]
    if any(sees_finding(each, case, context) for each in same):
        return 0
    book.put(
        "findings",
        {
            "finding_id": body["finding_id"],
            "case_ref": change.case_ref,
            "uat_siruta": context.uat_siruta,
            "code": rule.code,
            "level": rule.level,
            "member": rule.member,
            "sees": rule.sees,
            "assessment_id": "",
            "by": context.account,
            "word": body["word"],
            "opened_on": body["on_day"],
            "opened_in": context.month_of(body["on_day"]),
            "ended_on": "",
            "ended_in": "",
            "ending": "",
        },
    )
    found_by = context.account if rule.sees == RESTRICTED else ""
    for need in rule.needs:
        _lead_to_need(book, change.case_ref, need, body["on_day"], context, codes=[rule.code], found_by=found_by,
                      priority=_PRIORITIES[rule.level])  # fmt: skip
    level = _level_of_all(book, change.case_ref, case["level"], instrument)
    if level != case["level"]:
        book.set("cases", case, level=level, version=case["version"] + 1)
    return 0


def finish_finding(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """End a finding: resolved, no longer so, or not confirmed."""
    case = case_of(book, change.case_ref, context)
    finding = seen_finding(book, change.body["finding_id"], case, context)
    if not finding["ended_on"]:
        end_finding(book, finding, change.body["on_day"], change.body["ending"], context)
    return 0


def add_need(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Add a need that no answer led to, unless who sends sees it already."""
    case = case_of(book, change.case_ref, context)
    need = change.body["need"]
    if all(each["ended_on"] for each in seen_needs(book, need, case, context)):
        priority = change.body.get("priority", _WISHED)
        _put_need(book, change.case_ref, need, change.body["on_day"], context, priority=priority)
    return 0


def set_need(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Change how urgent a need is, or that the person does not want help with it."""
    case = case_of(book, change.case_ref, context)
    values = dict(change.body)
    first, *others = require_seen_need(book, values.pop("need"), case, context)
    conflicts = change_fields(book, "case_needs", first, values, change, context)
    if not conflicts:
        for row in others:  # shown as one: `one_need`
            if not row["ended_on"]:
                change_fields(book, "case_needs", row, values, replace(change, base=None), context)
    return conflicts


def end_need(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """End a need."""
    case = case_of(book, change.case_ref, context)
    for row in require_seen_need(book, change.body["need"], case, context):
        if not row["ended_on"]:
            book.set("case_needs", row, ended_on=change.body["on_day"])
    return 0
