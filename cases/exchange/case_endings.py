"""How a case ends: closed with its outcome, or joined into the older case of the same person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cases.exchange.case_book import CaseBook, Row, row_key
from cases.exchange.change_kinds import CaseChange
from cases.exchange.exchange_context import (
    ExchangeContext,
    case_of,
    refresh_state,
    require_manager,
    sees_finding,
)
from cases.exchange.exchange_errors import RefusedChangeError
from cases.exchange.spell_rows import begin_spell, end_spell
from cases.instrument.instrument_model import RESTRICTED
from cases.rules.case_terms import days_after, term
from cases.rules.case_vocabulary import BY_MISTAKE, GOALS_MET, UNFINISHED
from core.i18n import _

JOINED = "joined"
_NO_PROBLEM = "info"  # the level of what is found and is none, as an age
_MOVED = ("assessments", "findings", "case_needs", "plans", "plan_items", "visits", "case_notes")


def close(book: CaseBook, case: Row, values: Mapping[str, Any], context: ExchangeContext) -> None:
    """Close a case: each open item and finding ends with it, by the words that were given."""
    ref, day, outcome = case["case_ref"], values["closed_on"], values["outcome"]
    if day < case["opened_on"]:
        raise RefusedChangeError(_("Închiderea este înainte de deschidere."))
    items = [item for item in book.of_case("plan_items", ref) if item["state"] in UNFINISHED]
    found = [finding for finding in book.of_case("findings", ref) if not finding["ended_on"]]
    if outcome != BY_MISTAKE:
        if items and not values.get("items_reason"):
            raise RefusedChangeError(_("Spuneți de ce rămân acțiuni neterminate."))
        # Who closes says how what it sees has ended; asked for the rest, it would learn that there is more.
        problems = [each for each in found if each["level"] != _NO_PROBLEM and sees_finding(each, case, context)]
        if problems and not values.get("findings_end"):
            raise RefusedChangeError(_("Spuneți cum s-au încheiat constatările deschise."))
        if outcome == GOALS_MET and problems and values["findings_end"] != "resolved":
            raise RefusedChangeError(_("Obiectivele sunt atinse numai când constatările sunt rezolvate."))
        _require_assessment(book, ref, values)
    for item in items:
        state = "cancelled" if outcome == BY_MISTAKE else "not_done"
        end_item(book, item, state, day, values.get("items_reason", ""), context)
    unsaid = "not_confirmed" if outcome == BY_MISTAKE else "no_longer"
    for finding in found:
        ending = "no_longer" if finding["level"] == _NO_PROBLEM else values.get("findings_end", unsaid)
        end_finding(book, finding, day, ending, context)
    for need in book.of_case("case_needs", ref):
        if not need["ended_on"]:
            book.set("case_needs", need, ended_on=day)
    for plan in book.of_case("plans", ref):
        if plan["state"] in ("draft", "agreed"):
            book.set("plans", plan, state="ended")
    book.set("cases", case, closed_on=day, outcome=outcome, version=case["version"] + 1)
    end_spell(book, ref, "closed", day, outcome, context, never=outcome == BY_MISTAKE)


def _require_assessment(book: CaseBook, case_ref: str, values: Mapping[str, Any]) -> None:
    days = [assessment["on_day"] for assessment in book.of_case("assessments", case_ref)]
    oldest = days_after(values["closed_on"], -term("last_assessment"))
    if (not days or max(days) < oldest) and not values.get("reason"):
        raise RefusedChangeError(_("Ultima evaluare este prea veche: reevaluați, sau scrieți de ce nu."))


def end_item(book: CaseBook, item: Row, state: str, day: str, reason: str, context: ExchangeContext) -> None:
    """End an item of a plan, in the first month that is not filed; one cancelled in time was never due."""
    values: dict[str, Any] = {"state": state, "done_on": day, "done_in": context.month_of(day), "reason": reason}
    if state == "cancelled" and day < item["due_on"] and item["due_in"] not in context.filed:
        values["due_in"] = ""
    book.set("plan_items", item, **values, version=item["version"] + 1)


def end_finding(book: CaseBook, finding: Row, day: str, ending: str, context: ExchangeContext) -> None:
    """End a finding, and the needs that came from it alone."""
    book.set("findings", finding, ended_on=day, ended_in=context.month_of(day), ending=ending)
    still = [each for each in book.of_case("findings", finding["case_ref"]) if not each["ended_on"]]
    for need in book.of_case("case_needs", finding["case_ref"]):
        codes = need["codes"].split()
        if need["origin"] == "finding" and finding["code"] in codes and not need["ended_on"]:
            behind = codes_behind(need, still)
            left = [code for code in codes if code in behind]
            values: dict[str, Any] = {"codes": " ".join(left)} if left else {"ended_on": day}
            book.set("case_needs", need, **values)


def codes_behind(need: Row, findings: Iterable[Row]) -> set[str]:
    """Return the codes of findings that a need may come of: one that is hidden, of what its finder hid."""
    if finder := need["found_by"]:
        return {each["code"] for each in findings if each["sees"] == RESTRICTED and each["by"] == finder}
    return {each["code"] for each in findings if each["sees"] != RESTRICTED}


def join_case(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Join a case into the older one of the same person: its facts go there, and can be brought back for some days."""
    case = case_of(book, change.case_ref, context)
    older = case_of(book, change.body["into"], context)
    # The manager of the older case will see all that is in this one. Whether anything is restricted makes no
    # difference: a refusal would tell.
    require_manager(case, context)
    if case is older or case["closed_on"] or older["closed_on"]:
        raise RefusedChangeError(_("Se unesc două cazuri deschise."))
    if older["opened_on"] > case["opened_on"]:
        raise RefusedChangeError(_("Cazul mai nou se unește cu cel mai vechi, nu invers."))
    if all(_agreed(book, each["case_ref"]) for each in (case, older)):
        raise RefusedChangeError(_("Amândouă au un plan agreat. Încheiați întâi unul dintre planuri."))
    moved: dict[str, list[str]] = {}
    for table in _MOVED:
        for row in book.of_case(table, change.case_ref):
            if table == "case_needs":
                taken = {**row, "case_ref": older["case_ref"]}
                before = book.get(table, row_key(table, taken))
                if before is None or (before["ended_on"] and not row["ended_on"]):
                    version = max(row["version"], before["version"] + 1 if before else 1)
                    book.put(table, {**taken, "version": version})
                    moved.setdefault(table, []).append(f"{row['need']} {row['found_by']}".rstrip())
                if not row["ended_on"]:
                    book.set(table, row, ended_on=change.body["on_day"])
                continue
            moved.setdefault(table, []).append(row_key(table, row))
            book.set(table, row, case_ref=older["case_ref"])
    book.set(
        "cases",
        case,
        closed_on=change.body["on_day"],
        outcome=JOINED,
        joined_into=older["case_ref"],
        version=case["version"] + 1,
    )
    end_spell(book, change.case_ref, "closed", change.body["on_day"], JOINED, context, never=True)
    book.joins[change.case_ref] = moved
    refresh_state(book, older)
    return 0


def unjoin_case(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Part two cases that were joined not long ago: each gets back what it had."""
    case = case_of(book, change.case_ref, context)
    moved = book.joins.get(change.case_ref)
    latest = days_after(case["closed_on"] or context.today, term("join_undone"))
    if not case["joined_into"] or moved is None or latest < context.today:
        raise RefusedChangeError(_("Unirea nu se mai poate desface."))
    older = case_of(book, case["joined_into"], context)
    for table, keys in moved.items():
        for key in keys:
            if table == "case_needs":
                own = book.get(table, f"{change.case_ref} {key}")
                borrowed = book.get(table, f"{older['case_ref']} {key}")
                if own is not None and borrowed is not None:
                    book.set(table, own, ended_on=borrowed["ended_on"])
                    book.set(table, borrowed, ended_on=borrowed["ended_on"] or change.body["on_day"])
                continue
            row = book.get(table, key)
            if row is not None and row["case_ref"] == older["case_ref"]:
                book.set(table, row, case_ref=change.case_ref)
    book.set("cases", case, closed_on="", outcome="", joined_into="", version=case["version"] + 1)
    _go_on(book, change, context)
    refresh_state(book, older)
    return 0


def _go_on(book: CaseBook, change: CaseChange, context: ExchangeContext) -> None:
    """Let a case that was joined be open again: as if it never ended, or, where that was told, from now on."""
    last = book.of_case("case_spells", change.case_ref)[-1]
    if last["ended_in"] in context.filed:
        begin_spell(book, change.case_ref, "opened", change.body["on_day"], context)
    else:
        book.set("case_spells", last, ended_as="", ended_on="", ended_in="", outcome="", is_counted=True)


def _agreed(book: CaseBook, case_ref: str) -> bool:
    return any(plan["state"] == "agreed" for plan in book.of_case("plans", case_ref))
