"""Forgetting a case record: on request, when the retention period is over, and again after an older backup came back.

What is left are counts: that a case was opened in a community, when and how it ended, and that work was done. Birth,
sex, locality, household, answers, notes and needs are gone; findings stay as codes of the community, tied to no case.
The code of the case is replaced by a digest of it, by which telephones know which case they have to forget.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from referrals.case_erasure.code_mentions import forget_codes
from referrals.database import audit
from referrals.database.tables import case_tables as t
from referrals.database.tables import exchange_tables as x
from referrals.database.tables import field_campaign_tables as campaigns
from referrals.database.tables.table_base import UtcTime
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Table

    from referrals.records.vocabulary import Actor

_AT_ONCE = 200  # cases: one transaction does not hold everybody up
GONE = "case.gone"  # the kind of the change by which telephones learn of it
TOLD = "campaign.told"  # the kind of the change by which they are told of a campaign anew
_UNNAMED = "case.unnamed"  # the kind of the change by which they are told of words that named an erased case
_KEPT: dict[Table, dict[str, Any]] = {  # tables whose rows stay under the digest, and what is blanked in them
    t.assessments: {"answers": "{}", "gaps": "", "household_id": "", "level": ""},
    t.plans: {"goal": ""},
    t.plan_items: dict.fromkeys(("need", "action", "reason", "service_type", "referral_id", "found_by"), ""),
    t.visits: {"note": "", "services": "", "household_id": "", "place": "", "next_on": ""},
    t.supervised: {"remark": ""},
}
_DROPPED = (t.case_needs, t.case_notes, t.case_moves, x.case_conflicts, x.case_access)


def case_digest(case_ref: str) -> str:
    """Return what stands for the code of a case in the audit log, in lists of erasures and once it is erased.

    Parameters
    ----------
    case_ref
        Code of a case.

    Returns
    -------
    str
        Of SHA-256, 80 bits: the same for the same code, and nobody reads the code from it.
    """
    return f"X-{hashlib.sha256(case_ref.encode()).hexdigest()[:20]}"


def erase_record(connection: Connection, case_ref: str, *, actor: Actor, now: datetime) -> int:
    """Erase the record of a case, and of cases of the same person that were joined into it.

    Parameters
    ----------
    connection
        In a transaction that writes.
    case_ref
        The case's code.
    actor
        Who erases, by the permission `case.erase` in the area of each.
    now
        The moment that is noted, UTC.

    Returns
    -------
    int
        How many cases were erased; 0 where there is none, or it was erased before.

    Raises
    ------
    NotAllowedError
        Outside the actor's area.
    """
    cases = t.cases.c
    found: list[dict[str, Any]] = []
    wanted = [case_ref]
    while wanted:
        query = select(t.cases).where(cases.case_ref.in_(wanted), cases.erased_at.is_(None))
        rows = [dict(row) for row in connection.execute(query).mappings()]
        for row in rows:
            roles.require(actor, "case.erase", Area(row["county"], row["uat_siruta"]))
        found += rows
        wanted = list(
            connection.execute(
                select(cases.case_ref).where(cases.joined_into.in_([row["case_ref"] for row in rows]))
            ).scalars()
        )
    _erase_all(connection, found, "record.erase", actor=actor, now=now)
    return len(found)


def erase_old_records(connection: Connection, before: datetime, *, actor: Actor, now: datetime) -> int:
    """Erase records closed before a moment, some at a time; give how many (0: nothing left)."""
    cases = t.cases.c
    query = select(t.cases).where(
        cases.closed_on != "", cases.closed_on < before.date().isoformat(), cases.erased_at.is_(None)
    )
    found = connection.execute(query.order_by(cases.closed_on, cases.case_ref).limit(_AT_ONCE)).mappings().all()
    _erase_all(connection, [dict(row) for row in found], "record.retention", actor=actor, now=now)
    return len(found)


def count_old_records(connection: Connection, before: datetime) -> int:
    """Count the records that are past their time; nothing is changed."""
    cases = t.cases.c
    query = select(func.count()).where(
        cases.closed_on != "", cases.closed_on < before.date().isoformat(), cases.erased_at.is_(None)
    )
    return int(connection.execute(query).scalar_one())


def erase_digests(connection: Connection, digests: Collection[str], *, actor: Actor, now: datetime) -> list[str]:
    """Erase the records whose digests are in a list and that are not erased yet; give which."""
    wanted = set(digests)
    if not wanted:
        return []
    rows = connection.execute(select(t.cases).where(t.cases.c.erased_at.is_(None))).mappings().all()
    found = [dict(row) for row in rows if case_digest(row["case_ref"]) in wanted]
    _erase_all(connection, found, "record.erase", actor=actor, now=now)
    return [case_digest(row["case_ref"]) for row in found]


def _erase_all(
    connection: Connection, found: list[dict[str, Any]], action: str, *, actor: Actor, now: datetime
) -> None:
    # All chains at once: no two writers can wait for each other.
    where = [(row["uat_siruta"], row["county"], row["case_ref"]) for row in found] + _former_places(connection, found)
    audit.lock(connection, {f"cases:{uat}" for uat, _county, _ref in where})
    for row in found:
        _erase(connection, row, action, actor=actor, now=now)
    forget_words(connection, where, now)


def forget_words(connection: Connection, places: Collection[tuple[int, str, str]], now: datetime) -> None:
    """Take codes out of the words of others, and tell telephones of these cases and households anew.

    places: communities, their counties, and the codes of cases that were there.
    """
    for uat, county in sorted({(uat, county) for uat, county, _ref in places}):
        codes = sorted({ref for of, _county, ref in places if of == uat})
        items = sorted(forget_codes(connection, uat, county, codes))
        rows = [{**note_row(of, ref, _UNNAMED, now), "household_id": house} for of, ref, house in items]
        if rows:
            connection.execute(insert(x.case_changes), rows)


def _former_places(connection: Connection, found: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    """List the other communities where cases were, each with the county where the case is and its code."""
    spells, county = t.case_spells.c, {row["case_ref"]: row["county"] for row in found}
    query = select(spells.uat_siruta, spells.case_ref).where(spells.case_ref.in_(county)).distinct()
    return [(uat, county[ref], ref) for uat, ref in map(tuple, connection.execute(query))]


def _erase(connection: Connection, case: dict[str, Any], action: str, *, actor: Actor, now: datetime) -> None:
    ref, digest = case["case_ref"], case_digest(case["case_ref"])
    day = now.date().isoformat()
    connection.execute(
        update(t.cases)
        .where(t.cases.c.case_ref == ref)
        .values(
            case_ref=digest, household_id="", relation="", locality_siruta=None, born="", sex="", level="",
            level_said="", level_reason="", note="", next_review="", joined_into="", state="erased", erased_at=now,
            touched="{}",
        )
    )  # fmt: skip
    connection.execute(update(t.cases).where(t.cases.c.joined_into == ref).values(joined_into=digest))
    for number, spell in enumerate(
        connection.execute(select(t.case_spells.c.spell_id).where(t.case_spells.c.case_ref == ref)).scalars().all()
    ):
        values: dict[str, Any] = {"case_ref": digest, "spell_id": f"{digest}.{number + 1}"}
        connection.execute(update(t.case_spells).where(t.case_spells.c.spell_id == spell).values(**values))
    open_spell = (t.case_spells.c.case_ref == digest, t.case_spells.c.ended_as == "")
    ending = {"ended_as": "closed", "ended_on": day, "ended_in": day[:7], "outcome": "erased"}
    connection.execute(update(t.case_spells).where(*open_spell).values(**ending))
    for table, blank in _KEPT.items():
        connection.execute(update(table).where(table.c.case_ref == ref).values(case_ref=digest, **blank))
    for table in _DROPPED:
        connection.execute(delete(table).where(table.c.case_ref == ref))
    _unlink_findings(connection, ref, day)
    changes = x.case_changes
    blank_change = {"case_ref": digest, "household_id": "", "body": "{}", "reason": "", "base": None}
    connection.execute(update(changes).where(changes.c.case_ref == ref).values(**blank_change))
    _unname(connection, ref, digest)
    # What waited for something of this case waits in vain.
    waits = (changes.c.case_ref == digest, changes.c.result == "waiting")
    connection.execute(update(changes).where(*waits).values(result="refused", has_waited=True))
    connection.execute(insert(changes), note_row(case["uat_siruta"], digest, GONE, now))
    if case["household_id"]:
        _forget_household(connection, case["household_id"], case["uat_siruta"], now)
    # The audit log names the digest, not the case.
    step = audit.AuditEvent(action, digest, before=case["state"])
    audit.append(connection, f"cases:{case['uat_siruta']}", step, actor=actor, at=now)


def _unname(connection: Connection, case_ref: str, digest: str) -> None:
    """Name the digest in the changes by which another case was once joined into this one, where they were made."""
    changes, spells = x.case_changes, t.case_spells.c
    about = (
        changes.c.uat_siruta.in_(select(spells.uat_siruta).where(spells.case_ref == digest)),
        changes.c.kind == "case.join",
        changes.c.body.contains(case_ref, autoescape=True),
    )
    connection.execute(update(changes).where(*about).values(body=func.replace(changes.c.body, case_ref, digest)))


def _unlink_findings(connection: Connection, case_ref: str, day: str) -> None:
    """Let findings be counts of their community: no case, no assessment, no word, no number that led back."""
    found = t.findings
    rows = connection.execute(select(found).where(found.c.case_ref == case_ref)).mappings().all()
    connection.execute(delete(found).where(found.c.case_ref == case_ref))
    for row in rows:
        loose = {"finding_id": f"G-{secrets.token_hex(10)}", "case_ref": "", "assessment_id": "", "word": "", "by": ""}
        over = {} if row["ended_on"] else {"ended_on": day, "ended_in": day[:7], "ending": "no_longer"}
        connection.execute(insert(found), {**row, **loose, **over})


def note_row(uat_siruta: int, case_ref: str, kind: str, now: datetime) -> dict[str, Any]:
    """Make the row of a change that no telephone sent, so that telephones are told of it.

    Parameters
    ----------
    uat_siruta, case_ref
        Of which community and case.
    kind
        Of the change, as telephones know it.
    now
        The moment, UTC.

    Returns
    -------
    dict of str to Any
        A row of the table `case_changes`, with a new `change_id`.
    """
    return {
        "change_id": f"G-{secrets.token_hex(10)}",
        "device_id": "",
        "device_no": 0,
        "account": "",
        "uat_siruta": uat_siruta,
        "case_ref": case_ref,
        "household_id": "",
        "kind": kind,
        "base": None,
        "body": "{}",
        "at_client": now,
        "received_at": now,
        "result": "applied",
        "reason": "",
        "has_waited": False,
    }


def erase_old_campaigns(connection: Connection, before: datetime, *, now: datetime) -> int:
    """Let campaigns that were over before a moment forget their households; give how many campaigns.

    A household that has no case and stands in no other campaign is forgotten whole.
    """
    own, listed, stops = campaigns.field_campaigns.c, campaigns.campaign_households.c, campaigns.campaign_stops.c
    day = before.date().isoformat()
    last = select(func.max(stops.on_day)).where(stops.campaign_id == own.campaign_id).scalar_subquery()
    named = select(listed.household_id).where(
        listed.campaign_id == own.campaign_id, listed.household_id.startswith("H-")
    )
    is_over = (own.begun_on < day, own.ended_on < day, or_(last.is_(None), last < day), named.exists())
    rows = connection.execute(select(own.campaign_id, own.uat_siruta).where(*is_over).limit(_AT_ONCE)).all()
    for row in rows:
        houses = connection.execute(
            select(listed.household_id).where(
                listed.campaign_id == row.campaign_id, listed.household_id.startswith("H-")
            )
        )
        for house in houses.scalars().all():
            _unlink_campaigns(connection, house, now, only=row.campaign_id)
            other = select(listed.campaign_id).where(listed.household_id == house).limit(1)
            if connection.execute(other).first() is None:
                _forget_household(connection, house, row.uat_siruta, now)
    return len(rows)


def erase_old_households(connection: Connection, before: datetime, *, now: datetime) -> int:
    """Forget households without a case and a campaign of which nothing was said since a moment; give how many."""
    home, listed, changes = t.households.c, campaigns.campaign_households.c, x.case_changes.c
    alone = select(home.household_id, home.uat_siruta).where(
        ~select(t.cases.c.case_ref).where(t.cases.c.household_id == home.household_id).exists(),
        ~select(listed.campaign_id).where(listed.household_id == home.household_id).exists(),
    )
    found = dict(map(tuple, connection.execute(alone)))
    if not found:  # the changes of all households are read for nothing
        return 0
    # Each came by a change that names it, and that stays.
    silent = select(changes.household_id).where(changes.case_ref == "", changes.household_id != "")
    silent = silent.group_by(changes.household_id).having(
        func.max(changes.received_at) < bindparam("before", before, UtcTime)
    )
    due = sorted(found.keys() & set(connection.execute(silent).scalars()))[:_AT_ONCE]
    for household in due:
        _forget_household(connection, household, found[household], now)
    return len(due)


def _unlink_campaigns(connection: Connection, household_id: str, now: datetime, *, only: str = "") -> None:
    """Let campaigns forget which household it was: what was done there stays, under a number that leads nowhere."""
    listed, stops = campaigns.campaign_households, campaigns.campaign_stops
    where = [table.c.household_id == household_id for table in (listed, stops)]
    if only:
        where = [each & (table.c.campaign_id == only) for each, table in zip(where, (listed, stops), strict=True)]
    rows = connection.execute(select(listed.c.campaign_id, listed.c.uat_siruta).where(where[0])).all()
    loose = {"household_id": f"G-{secrets.token_hex(10)}"}
    connection.execute(update(listed).where(where[0]).values(**loose))
    connection.execute(update(stops).where(where[1]).values(needs="", by="", **loose))
    items = [
        {**note_row(row.uat_siruta, "", TOLD, now), "body": json.dumps({"campaign_id": row.campaign_id})}
        for row in rows
    ]
    if items:
        connection.execute(insert(x.case_changes), items)


def _forget_household(connection: Connection, household_id: str, uat_siruta: int, now: datetime) -> None:
    """Forget a household none of whose people has a case any more."""
    rest = select(t.cases.c.case_ref).where(t.cases.c.household_id == household_id).limit(1)
    if connection.execute(rest).first() is not None:
        return
    _unlink_campaigns(connection, household_id, now)
    connection.execute(insert(x.case_changes), note_row(uat_siruta, case_digest(household_id), GONE, now))
    for table in (t.households, t.assessments, x.case_conflicts):
        connection.execute(delete(table).where(table.c.household_id == household_id))
    unlinked = {"household_id": "", "note": "", "services": ""}
    connection.execute(update(t.visits).where(t.visits.c.household_id == household_id).values(**unlinked))
    changes = x.case_changes
    blank = {"household_id": "", "body": "{}", "base": None}
    # The list with which a campaign began names households too; the campaign itself says what is left of it.
    lists = (changes.c.kind == "campaign.open", changes.c.body.contains(household_id))
    connection.execute(update(changes).where(*lists).values(body="{}"))
    about = (changes.c.household_id == household_id, changes.c.case_ref == "")
    connection.execute(update(changes).where(*about, changes.c.result == "waiting").values(result="refused"))
    connection.execute(update(changes).where(*about).values(**blank))
    of_cases = changes.c.household_id == household_id
    connection.execute(update(changes).where(of_cases).values(household_id=""))
