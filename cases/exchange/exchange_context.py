"""What holds for one exchange: who sends, from where, on which day, and what the community is known by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cases.exchange.case_book import CaseBook, Row
from cases.exchange.exchange_errors import EarlierChangeMissingError, RefusedChangeError
from cases.instrument import Instrument
from cases.rules.case_sight import Onlooker, in_order
from cases.rules.case_states import counted_month, state_of_case
from cases.rules.case_terms import days_after, term
from core.i18n import _


@dataclass(frozen=True)
class ExchangeContext:
    """Who sends changes, and when.

    Attributes
    ----------
    account, profession
        Of who sends.
    county, uat_siruta
        Its community.
    device_id
        Of the telephone.
    now
        The moment, UTC.
    today
        The day in Romania, ISO.
    filed
        Months whose report the community has filed.
    members
        Accounts of the community with their profession.
    instrument_of
        Gives the instrument of an edition by its name; None where there is none.
    """

    account: str
    profession: str
    county: str
    uat_siruta: int
    device_id: str
    now: datetime
    today: str
    filed: frozenset[str] = frozenset()
    members: Mapping[str, str] = field(default_factory=dict)
    instrument_of: Callable[[str], Instrument | None] = lambda _edition: None

    def month_of(self, day: str) -> str:
        """Return the month in whose figures a fact of a day counts."""
        return counted_month(day, self.filed)


def case_of(book: CaseBook, case_ref: str, context: ExchangeContext) -> Row:
    """Return a case that may be worked on.

    Raises
    ------
    EarlierChangeMissingError
        Where it was not opened yet.
    RefusedChangeError
        Where it was erased, or is another community's.
    """
    found = book.get("cases", case_ref)
    if case_ref in book.erased or (found is not None and found["erased_at"] is not None):
        raise RefusedChangeError(_("Cazul a fost șters."))
    if found is None:
        raise EarlierChangeMissingError(_("Cazul nu a ajuns încă la server."))
    if found["uat_siruta"] != context.uat_siruta:
        raise RefusedChangeError(_("Cazul este acum al altei comunități."))
    return found


def row_of(book: CaseBook, table: str, key: str, case_ref: str) -> Row:
    """Return a row of a case; EarlierChangeMissingError where it has not come, RefusedChangeError where not its."""
    found = book.get(table, key)
    if found is None:
        raise EarlierChangeMissingError(_("O schimbare de dinainte nu a ajuns încă la server."))
    if found["case_ref"] != case_ref:
        raise RefusedChangeError(_("Schimbarea este a altui caz."))
    return found


def seen_finding(book: CaseBook, finding_id: str, case: Row, context: ExchangeContext) -> Row:
    """Return a finding that who sends may see: one that is hidden from it is answered as one that has not come."""
    found = row_of(book, "findings", finding_id, case["case_ref"])
    if not sees_finding(found, case, context):
        raise EarlierChangeMissingError(_("O schimbare de dinainte nu a ajuns încă la server."))
    return found


def sees_finding(finding: Row, case: Row, context: ExchangeContext) -> bool:
    """Whether who sends may see a finding, or added it."""
    return finding["by"] == context.account or _onlooker(context).sees_finding(finding, case)


def seen_needs(book: CaseBook, need: str, case: Row, context: ExchangeContext) -> list[Row]:
    """List the rows of a need that who sends may see, the one that a change is about first; none may be there."""
    who = _onlooker(context)
    rows = [row for row in book.of_case("case_needs", case["case_ref"]) if row["need"] == need]
    return in_order(row for row in rows if who.sees_need(row, case))


def require_seen_need(book: CaseBook, need: str, case: Row, context: ExchangeContext) -> list[Row]:
    """List the rows of a need, as `seen_finding` answers: at least one."""
    if not (rows := seen_needs(book, need, case, context)):
        raise EarlierChangeMissingError(_("O schimbare de dinainte nu a ajuns încă la server."))
    return rows


def _onlooker(context: ExchangeContext) -> Onlooker:
    return Onlooker(context.account, context.profession)


def require_new(book: CaseBook, table: str, key: str) -> None:
    """Refuse to write a row a second time: what was added is never changed by adding it again."""
    if book.get(table, key) is not None:
        raise RefusedChangeError(_("Există deja și nu se mai schimbă. Adăugați alta, care o îndreaptă."))


def is_manager(case: Row, context: ExchangeContext) -> bool:
    """Whether who sends decides for a case: its manager, or anybody of the team where that one is away for days."""
    owner = case["owner"]
    if owner in ("", context.account) or owner not in context.members:
        return True
    return bool(days_after(case["owner_seen"], term("manager_away")) <= context.today)


def require_member(account: str, context: ExchangeContext, words: str) -> None:
    """Refuse, in words, an account that is none of the community's team; "" is nobody's."""
    if account and account != context.account and account not in context.members:
        raise RefusedChangeError(words)


def manager_words() -> str:
    """Say who may manage a case."""
    return _("Managerul de caz trebuie să fie din echipa comunității.")


def responsible_words() -> str:
    """Say who may answer for an item of a plan."""
    return _("Responsabilul unei acțiuni trebuie să fie din echipa comunității.")


def require_manager(case: Row, context: ExchangeContext) -> None:
    """Refuse to whoever is not the case manager."""
    if not is_manager(case, context):
        raise RefusedChangeError(
            _("Numai managerul de caz poate face aceasta; oricine din echipă, dacă el lipsește mai multe zile.")
        )


def refresh_state(book: CaseBook, case: Row) -> None:
    """Keep the state that follows from the facts of a case."""
    ref = case["case_ref"]
    state = state_of_case(
        case, book.of_case("assessments", ref), book.of_case("plans", ref), book.of_case("plan_items", ref)
    )
    if case["state"] != state:
        book.set("cases", case, state=state)
