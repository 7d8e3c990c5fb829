"""Supervision by a county unit: a sample of plans to look at, sessions with a team, remarks that ask for something."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from cases.record.record_exchange import context_of
from cases.rules.case_terms import days_after, term
from cases.rules.case_vocabulary import OPEN_STATES, SUPERVISION_KINDS, case_state_label
from core.errors import BadValueError, UnknownCodeError
from core.i18n import _
from referrals.case_erasure import case_digest
from referrals.case_erasure.record_erasure import note_row
from referrals.database import audit
from referrals.database.models import accounts
from referrals.database.tables.case_tables import LEVEL_IN_FORCE, cases, plans, supervised, supervisions
from referrals.database.tables.exchange_tables import case_changes
from referrals.ledger.referral_request import random_code
from referrals.records import roles
from referrals.records.free_text import refuse_personal
from referrals.records.roles import Area
from referrals.records.vocabulary import Actor

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger


MOST_REMARK = 500  # characters: the width of the column


@dataclass(frozen=True)
class SupervisionSample:
    """The cases of a county to look at in a month.

    Attributes
    ----------
    county, month
        Letters; for instance 2026-10.
    cases
        Each with its community, its state and why it was taken: `plan` (drawn by lot) or `urgent`.
    """

    county: str
    month: str
    cases: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format it in lines."""
        if not self.cases:
            return [_("Niciun caz de văzut în luna {month}.").format(month=self.month)]
        why = {"plan": _("plan, tras la sorți"), "urgent": _("urgent")}
        return [
            " · ".join((each["case_ref"], str(each["uat_siruta"]), case_state_label(each["state"]), why[each["why"]]))
            for each in self.cases
        ]


@dataclass(frozen=True)
class SupervisorRemark:
    """What a supervisor says of a community, or of one of its cases ("" = of none). asks: something is to be done."""

    uat_siruta: int
    case_ref: str
    remark: str
    asks: bool = False
    due_on: str = ""


def supervision_sample(ledger: Ledger, county: str, month: str, *, actor: Actor) -> SupervisionSample:
    """Draw the cases to look at: some plans of each community, and every urgent case that has been so for days.

    The lot is the same for the same month, whoever draws it, and nobody can choose it.

    Parameters
    ----------
    ledger
        Where the record is kept.
    county, month
        Letters; for instance 2026-10: plans agreed in it.
    actor
        A county unit; the drawing is written in the audit log.

    Returns
    -------
    SupervisionSample
        By community.

    Raises
    ------
    NotAllowedError
        Where the actor is not the county's unit.
    """
    roles.require(actor, "case.supervise", Area(county))
    old = days_after(ledger.today().isoformat(), -term("urgent_supervised"))
    agreed = (
        select(cases.c.case_ref, cases.c.uat_siruta, cases.c.state)
        .join(plans, plans.c.case_ref == cases.c.case_ref)
        .where(cases.c.county == county, plans.c.agreed_on.startswith(month), plans.c.state != "replaced")
    )
    urgent = select(cases.c.case_ref, cases.c.uat_siruta, cases.c.state).where(
        cases.c.county == county,
        cases.c.state.in_(OPEN_STATES),
        LEVEL_IN_FORCE == "urgent",
        cases.c.opened_on <= old,
    )
    with ledger.store.write() as connection:
        by_uat: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in connection.execute(agreed.distinct()).mappings():
            by_uat[row["uat_siruta"]].append({**row, "why": "plan"})
        drawn = [
            each
            for found in by_uat.values()
            for each in sorted(found, key=lambda row: _lot(row["case_ref"], month))[: term("sample_plans")]
        ]
        taken = {each["case_ref"] for each in drawn}
        pressing = [{**row, "why": "urgent"} for row in connection.execute(urgent).mappings()]
        drawn += [each for each in pressing if each["case_ref"] not in taken]
        drawn.sort(key=lambda each: (each["uat_siruta"], each["why"], each["case_ref"]))
        subject = f"cases:{county}"
        audit.lock(connection, [subject])
        step = audit.AuditEvent("case.sample", subject, after=str(len(drawn)))
        audit.append(connection, subject, step, actor=actor, at=ledger.clock())
    return SupervisionSample(county, month, tuple(drawn))


def _lot(case_ref: str, month: str) -> str:
    return hashlib.sha256(f"{month}:{case_ref}".encode()).hexdigest()


def hold_session(
    ledger: Ledger, county: str, on_day: str, kind: str, remarks: Sequence[SupervisorRemark], *, actor: Actor
) -> str:
    """Write a session of supervision down, with what was said of each community and case; return its number.

    The team's telephones are told of remarks about their cases. Raises NotAllowedError, BadValueError for a kind or a
    day that cannot be, PersonalDataError for a remark that names a person, UnknownCodeError for a community that is not
    the county's, or has neither team nor case, and for a case of another community.
    """
    roles.require(actor, "case.supervise", Area(county))
    if kind not in SUPERVISION_KINDS or on_day > ledger.today().isoformat() or not remarks:
        raise BadValueError(_("O ședință de supervizare are o zi, un fel și cel puțin o observație."))
    if any(len(each.remark.strip()) > MOST_REMARK for each in remarks):
        raise BadValueError(_("O observație are cel mult {n} de caractere.").format(n=MOST_REMARK))
    items = [refuse_personal(each.remark, field=_("Observații")) for each in remarks]
    if not all(items):  # nothing, or signs that nobody sees
        raise BadValueError(_("Scrieți observația."))
    now, number = ledger.clock(), f"S-{random_code(10)}"
    with ledger.store.write() as connection:
        audit.lock(connection, {f"cases:{each.uat_siruta}" for each in remarks} | {f"cases:{county}"})
        row = {"supervision_id": number, "county": county, "on_day": on_day, "kind": kind, "by": actor.account}
        connection.execute(insert(supervisions), row)
        for each, words in zip(remarks, items, strict=True):
            _require_own(connection, county, each)
            team = Actor("team", "", county, each.uat_siruta)
            month = context_of(connection, team, "", now, lambda _edition: None).month_of(on_day)
            letters = random_code(10)
            connection.execute(
                insert(supervised),
                {
                    "remark_id": f"R-{letters[:5]}-{letters[5:]}",
                    "supervision_id": number,
                    "uat_siruta": each.uat_siruta,
                    "case_ref": each.case_ref,
                    "remark": words,
                    "asks": each.asks,
                    "due_on": each.due_on,
                    "state": "open" if each.asks else "done",
                    "counted_in": month,
                },
            )
            if each.case_ref:
                note = note_row(each.uat_siruta, each.case_ref, "remark.add", now)
                connection.execute(insert(case_changes), note)
            subject = case_digest(each.case_ref) if each.case_ref else f"cases:{each.uat_siruta}"
            step = audit.AuditEvent("case.remark", subject, after=number)
            audit.append(connection, f"cases:{each.uat_siruta}", step, actor=actor, at=now)
    return number


def _require_own(connection: Any, county: str, remark: SupervisorRemark) -> None:
    of_community = select(cases.c.case_ref).where(cases.c.county == county, cases.c.uat_siruta == remark.uat_siruta)
    teams = select(accounts.c.account_id).where(
        accounts.c.county == county, accounts.c.uat_siruta == remark.uat_siruta, accounts.c.role == "team"
    )
    if all(connection.execute(query.limit(1)).first() is None for query in (of_community, teams)):
        raise UnknownCodeError(_("În județ nu este o comunitate cu acest cod care să aibă o echipă sau un caz."))
    if not remark.case_ref:
        return
    if connection.execute(of_community.where(cases.c.case_ref == remark.case_ref)).first() is None:
        raise UnknownCodeError(_("Cazul nu este al acestei comunități."))
