"""Whether what is kept of cases is what follows from their facts: `harta doctor` works it out anew."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, Table, select

from cases.record.book_rows import rows_by_case
from cases.rules.case_states import state_of_case
from core.i18n import ngettext, number
from referrals.case_erasure import case_digest
from referrals.database.tables import case_tables as t
from referrals.ledger.ledger import open_ledger

if TYPE_CHECKING:
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger

_MOST_NAMED = 5


def case_faults(ledger: Ledger) -> list[str]:
    """Find the cases whose state is not the one that follows from their facts.

    Parameters
    ----------
    ledger
        Where the record is kept.

    Returns
    -------
    list[str]
        In words, naming digests of codes; nothing where all is well.
    """
    with ledger.store.read() as connection:
        wrong = wrong_states(connection)
    if not wrong:
        return []
    text = ngettext(
        "{n} caz are altă stare decât spun faptele lui: {which}",
        "{n} cazuri au altă stare decât spun faptele lor: {which}",
        len(wrong),
    )
    named = ", ".join(f"{case_digest(ref)} ({kept} ≠ {due})" for ref, kept, due in wrong[:_MOST_NAMED])
    return [text.format(n=number(len(wrong)), which=named + ("…" if len(wrong) > _MOST_NAMED else ""))]


def home_faults(home: Home) -> list[str]:
    """Find the same in the ledger of a home."""
    with closing(open_ledger(home)) as ledger:
        return case_faults(ledger)


def wrong_states(connection: Connection) -> list[tuple[str, str, str]]:
    """List cases with the state that is kept and the one that follows, where the two differ."""
    assessments = rows_by_case(connection, _parts(t.assessments, "case_ref"))
    plans = rows_by_case(connection, _parts(t.plans, "case_ref", "plan_id", "state"))
    items = rows_by_case(connection, _parts(t.plan_items, "case_ref", "plan_id", "state"))
    kept = t.cases.c
    wrong = []
    for case in connection.execute(
        select(kept.case_ref, kept.state, kept.closed_on, kept.erased_at).order_by(kept.case_ref)
    ).mappings():
        ref = case["case_ref"]
        due = state_of_case(dict(case), assessments[ref], plans[ref], items[ref])
        if case["state"] != due:
            wrong.append((str(ref), str(case["state"]), due))
    return wrong


def _parts(table: Table, *names: str) -> Select[Any]:
    return select(*(table.c[name] for name in names)).where(table.c.case_ref != "")
