"""A plan of community services brought from a sheet: it becomes a draft of its year, whole, for the team to adopt."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, insert, select

from cases.community.plan_drafting import FIRST_VERSION, new_number, note_step, open_draft, require_year
from cases.community.plan_file import read_plan
from core.i18n import _, number
from referrals.database.tables import community_plan_tables as t
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from pathlib import Path

    from cases.community.plan_file import PlanFile
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_Origin = tuple[str, str, str]  # kind and code of a priority, and what is done


@dataclass(frozen=True)
class PlanImport:
    """What became of a sheet.

    Attributes
    ----------
    file, plan_id, year
        Its name, the number of the draft that it is now, and of which year.
    priorities, actions
        How many it has.
    unread
        Titles of the columns that nobody looked at.
    """

    file: str
    plan_id: str
    year: int
    priorities: int
    actions: int
    unread: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format it in lines."""
        words = _("{file}: ciorna planului pe {year}. Priorități: {priorities}; acțiuni: {actions}.")
        sentences = [
            words.format(
                file=self.file, year=self.year, priorities=number(self.priorities), actions=number(self.actions)
            ),
            _("Echipa o citește și o adoptă la „Cazuri”, „Planul comunității”."),
        ]
        if self.unread:
            sentences.append(_("Coloane care nu se citesc: {titles}").format(titles=", ".join(self.unread)))
        return sentences


def import_plan(ledger: Ledger, path: Path, year: int, uat_siruta: int, county: str, *, actor: Actor) -> PlanImport:
    """Bring a plan from a sheet as the draft of a community for a year; where anything is wrong, nothing is written.

    Parameters
    ----------
    ledger
        Where the record is kept.
    path
        A workbook as one is written of a plan, or a CSV with its titles.
    year
        From last year to five years ahead.
    uat_siruta, county
        Which community: SIRUTA and letters of its county.
    actor
        A member of its team, or the administrator.

    Returns
    -------
    PlanImport
        An action that the plan in force has too goes on with it: what is noted of that one reaches the draft.

    Raises
    ------
    NotAllowedError
        For everybody else.
    BadRowsError, MissingColumnError, UnreadableFileError
        Where the file is no plan, with row, column, what was found and what is expected.
    BadValueError
        For a year that cannot be planned, or has a draft already.
    """
    area = Area(county, uat_siruta)
    roles.require(actor, "case.import", area)
    require_year(ledger, year)
    read = read_plan(path, year, today=ledger.today())
    with ledger.store.write() as connection:
        row, source = open_draft(connection, ledger, year, area, actor)
        _write(connection, row, read, _origins(connection, source))
        note_step(connection, row, "import", row["plan_id"], actor, ledger, after=str(year))
    actions = sum(len(each.actions) for each in read.priorities)
    return PlanImport(read.file, row["plan_id"], year, len(read.priorities), actions, read.unread)


def _origins(connection: Connection, source: Row[Any, Any] | None) -> dict[_Origin, str]:
    """Return the actions of the plan in force by what tells them apart; not those that nothing does."""
    if source is None:
        return {}
    priorities, actions = t.community_priorities.c, t.community_actions.c
    query = (
        select(priorities.kind, priorities.code, actions.what, actions.action_id)
        .join(t.community_priorities, priorities.priority_id == actions.priority_id)
        .where(actions.plan_id == source.plan_id)
    )
    found: dict[_Origin, list[str]] = {}
    for kind, code, what, action_id in map(tuple, connection.execute(query)):
        found.setdefault((kind, code, what), []).append(action_id)
    return {key: numbers[0] for key, numbers in found.items() if len(numbers) == 1}


def _write(connection: Connection, plan: dict[str, Any], read: PlanFile, origins: dict[_Origin, str]) -> None:
    of_plan = {"plan_id": plan["plan_id"], "uat_siruta": plan["uat_siruta"], **FIRST_VERSION}
    for rank, each in enumerate(read.priorities, 1):
        priority_id = new_number("T")
        by_name = {"kind": each.kind, "code": each.code, "rank": rank, "reason": each.reason}
        connection.execute(insert(t.community_priorities), {**of_plan, "priority_id": priority_id, **by_name})
        for action in each.actions:
            values = {name: value for name, value in asdict(action).items() if name != "row"}
            follows = origins.pop((each.kind, each.code, action.what), "")
            made = {"action_id": new_number("N"), "priority_id": priority_id, "follows": follows}
            connection.execute(insert(t.community_actions), {**of_plan, **made, **values})
