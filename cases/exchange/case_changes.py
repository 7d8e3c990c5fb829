"""Changes of a case itself and of its household: opened, changed, closed, opened anew, joined, moved."""

from __future__ import annotations

from typing import Any

from cases.exchange import case_endings
from cases.exchange.case_book import CaseBook, Row
from cases.exchange.change_kinds import CaseChange
from cases.exchange.exchange_context import (
    ExchangeContext,
    case_of,
    is_manager,
    manager_words,
    require_manager,
    require_member,
    require_new,
    row_of,
)
from cases.exchange.exchange_errors import EarlierChangeMissingError, RefusedChangeError
from cases.exchange.field_changes import change_fields
from cases.exchange.spell_rows import begin_spell, end_spell
from cases.rules.case_vocabulary import SAID_LEVELS
from core.i18n import _

_PEOPLE = ("people_0_2", "people_3_5", "people_6_17", "people_18_64", "people_65")


def open_household(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Write a household down."""
    require_new(book, "households", change.household_id)
    book.put(
        "households",
        {
            "household_id": change.household_id,
            "county": context.county,
            "uat_siruta": context.uat_siruta,
            "locality_siruta": None,
            **dict.fromkeys(_PEOPLE, 0),
            **change.body,
            "version": 1,
            "touched": {},
        },
    )
    return 0


def set_household(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Change who lives in a household, or where it is."""
    return change_fields(
        book, "households", household_of(book, change.household_id, context), change.body, change, context
    )


def household_of(book: CaseBook, household_id: str, context: ExchangeContext) -> Row:
    """Return a household of the community; EarlierChangeMissingError where it has not come."""
    found = book.get("households", household_id)
    if found is None:
        raise EarlierChangeMissingError(_("Gospodăria nu a ajuns încă la server."))
    if found["uat_siruta"] != context.uat_siruta:
        raise RefusedChangeError(_("Gospodăria este a altei comunități."))
    return found


def open_case(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Open a case; its first manager is who opens it, unless another is named."""
    if change.case_ref in book.erased:
        raise RefusedChangeError(_("Cazul a fost șters."))
    require_new(book, "cases", change.case_ref)
    # A code stands on slips: whoever read one there does not get the referrals that others made under it.
    made = (row for row in book.tables["referrals"].values() if row["case_ref"] == change.case_ref)
    if any(row["uat_siruta"] != context.uat_siruta for row in made):
        raise RefusedChangeError(_("Codul este al altei comunități: deschideți cazul cu un cod nou."))
    body = {"owner": context.account, **change.body}
    require_member(body["owner"], context, manager_words())
    if body.get("household_id"):
        household_of(book, body["household_id"], context)
    book.put(
        "cases",
        {
            "case_ref": change.case_ref,
            "household_id": "",
            "relation": "",
            "county": context.county,
            "uat_siruta": context.uat_siruta,
            "locality_siruta": None,
            "born": "",
            "sex": "",
            "state": "noted",
            "level": "",
            "level_at_least": False,
            "level_said": "",
            "level_reason": "",
            "next_review": "",
            "closed_on": "",
            "outcome": "",
            "note": "",
            "joined_into": "",
            **body,
            "owner_profession": _profession(body["owner"], context),
            "owner_seen": context.today,
            "version": 1,
            "touched": {},
            "erased_at": None,
        },
    )
    begin_spell(book, change.case_ref, "opened", body["opened_on"], context)
    return 0


def _profession(owner: str, context: ExchangeContext) -> str:
    return context.profession if owner == context.account else context.members.get(owner, "")


def set_case(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Change fields of a case."""
    case = case_of(book, change.case_ref, context)
    values: dict[str, Any] = dict(change.body)
    if values.get("household_id"):
        household_of(book, values["household_id"], context)
    if "owner" in values:
        # The manager sees what is restricted: nobody becomes one by saying so.
        if values["owner"] != case["owner"]:
            require_manager(case, context)
        require_member(values["owner"], context, manager_words())
        values["owner_profession"] = _profession(values["owner"], context)
    if "level_said" in values:
        _require_reason(case, values, context)
    return change_fields(book, "cases", case, values, change, context)


def _require_reason(case: Row, values: dict[str, Any], context: ExchangeContext) -> None:
    value = values["level_said"]
    if value and not values.get("level_reason"):
        raise RefusedChangeError(_("Scrieți de ce nivelul este altul decât cel găsit."))
    stands = case["level_said"] or (case["level"] if case["level"] in SAID_LEVELS else "")
    after = value or (case["level"] if case["level"] in SAID_LEVELS else "")
    if SAID_LEVELS.index(after) < SAID_LEVELS.index(stands) and not is_manager(case, context):
        raise RefusedChangeError(_("Numai managerul de caz coboară nivelul."))


def close_case(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Close a case with its outcome; what is open ends with it."""
    case = case_of(book, change.case_ref, context)
    require_manager(case, context)
    case_endings.close(book, case, change.body, context)
    return 0


def reopen_case(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Open a closed case anew; its next plan has a number of its own."""
    case = case_of(book, change.case_ref, context)
    if not case["closed_on"] or case["joined_into"]:
        raise RefusedChangeError(_("Cazul nu este închis."))
    book.set("cases", case, closed_on="", outcome="", version=case["version"] + 1, owner_seen=context.today)
    begin_spell(book, change.case_ref, "reopened", change.body["on_day"], context)
    return 0


def offer_move(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Offer a case to the team of another community, to which the person has moved."""
    case = case_of(book, change.case_ref, context)
    require_manager(case, context)
    require_new(book, "case_moves", change.body["move_id"])
    if change.body["to_uat"] == context.uat_siruta:
        raise RefusedChangeError(_("Cazul este deja al acestei comunități."))
    if any(move["state"] in ("offered", "confirmed") for move in book.of_case("case_moves", change.case_ref)):
        raise RefusedChangeError(_("Cazul este deja oferit altei comunități."))
    book.put(
        "case_moves",
        {
            "move_id": change.body["move_id"],
            "case_ref": change.case_ref,
            "from_uat": context.uat_siruta,
            "to_uat": change.body["to_uat"],
            "to_county": "",
            "state": "offered",
            "offered_on": change.body["on_day"],
            "offered_by": context.account,
            "confirmed_by": "",
            "accepted_by": "",
        },
    )
    return 0


def withdraw_move(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Take an offer back."""
    case_of(book, change.case_ref, context)
    move = row_of(book, "case_moves", change.body["move_id"], change.case_ref)
    if move["state"] not in ("offered", "confirmed"):
        raise RefusedChangeError(_("Oferta nu mai așteaptă."))
    book.set("case_moves", move, state="withdrawn")
    return 0


def accept_move(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Take a case over from another community: its work to come is here, what was done stays where it was."""
    move = row_of(book, "case_moves", change.body["move_id"], change.case_ref)
    case = book.get("cases", change.case_ref)
    if case is None or move["to_uat"] != context.uat_siruta:
        raise RefusedChangeError(_("Cazul nu este oferit acestei comunități."))
    if move["state"] != "confirmed":
        raise RefusedChangeError(_("Mutarea așteaptă unitatea județeană."))
    day = change.body["on_day"]
    book.moved_from[change.case_ref] = case["uat_siruta"]
    end_spell(book, change.case_ref, "moved", day, "other_team", context)
    book.set(
        "cases",
        case,
        county=context.county,
        uat_siruta=context.uat_siruta,
        household_id="",
        locality_siruta=None,
        owner=context.account,
        owner_profession=context.profession,
        owner_seen=context.today,
        version=case["version"] + 1,
    )
    begin_spell(book, change.case_ref, "moved", day, context)
    for table, is_over in (("findings", "ended_on"), ("case_needs", "ended_on"), ("plan_items", "done_on")):
        for row in book.of_case(table, change.case_ref):
            if not row[is_over]:
                book.set(table, row, uat_siruta=context.uat_siruta)
                if row.get("account"):  # of the team that gave it over
                    book.set(table, row, account="")
    book.set("case_moves", move, state="accepted", accepted_by=context.account)
    return 0
