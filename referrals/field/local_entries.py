"""Local knowledge in the ledger: a team adds it, its county unit checks it, who keeps it renews or removes it.

An entry is about an office, a parish, a group or a caravan, never about a person served. The audit log holds its
number and states. What is removed may be put back, and is then to be checked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Row, Select, func, insert, select, update

from core.i18n import _
from core.reading.fields import text_of
from core.romanian_calendar import BUCHAREST
from providers.registries.contacts import tidy_text
from referrals.database import audit, refused_attempts
from referrals.database.models import local_entries
from referrals.records import roles
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import BadLocalEntryError, UnknownLocalEntryError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from providers.local.local_help import Serves
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

STATES = ("entered", "checked", "refused", "removed")
IN_FORCE = ("entered", "checked")
MOST_OF_ONE = 200  # entries in force that one team, or one county unit, keeps
LONGEST = {"name": 120, "offers": 500, "taken": 200, "hours": 120}
# The moment alone does not tell two steps of one moment apart.
_VERSION = select(
    func.count(),
    func.max(local_entries.c.changed_at),
    func.count(local_entries.c.settled_at),
    func.min(local_entries.c.state),
    func.max(local_entries.c.state),
)


@dataclass(frozen=True)
class LocalDraft:
    """What somebody types of an entry, understood: place, needs, telephone and days are codes already.

    Attributes
    ----------
    name, offers, taken, hours
        Free text without personal data.
    needs
        Codes of needs.
    county, uat_siruta, locality_siruta
        Of its place.
    serves
        `county`, or `uat`: only the community that keeps it.
    phone
        Numbers in national form, `;` between them.
    days
        Rule of `providers.local.visit_days`; empty = it is always there.
    review_on
        By which day somebody asks again.
    """

    name: str
    offers: str
    taken: str
    needs: tuple[str, ...]
    county: str
    uat_siruta: int
    locality_siruta: int | None
    serves: Serves
    hours: str
    phone: str
    days: str
    review_on: date


@dataclass(frozen=True)
class LocalEntry:
    """An entry as the ledger holds it: what was drafted, whose it is, and its state.

    keeper_uat: community of the team that keeps it; None = of a county unit or an administrator. settled_at: when it
    last changed its state; None = never.
    """

    entry_id: int
    draft: LocalDraft
    keeper_uat: int | None
    state: str
    entered_at: datetime
    settled_at: datetime | None

    @property
    def serves_uat(self) -> int:
        """The community that it serves where it serves one alone."""
        return self.keeper_uat or self.draft.uat_siruta

    @property
    def checked_on(self) -> date | None:
        """Day on which the county unit checked it; None where it is not checked."""
        if self.state != "checked" or self.settled_at is None:
            return None
        return self.settled_at.astimezone(BUCHAREST).date()

    @property
    def area(self) -> Area:
        """Whose it is to change: the community that keeps it, in the county of its place."""
        return Area(county=self.draft.county, uat_siruta=self.keeper_uat)


def state_label(state: str) -> str:
    """Return a state in the language of the screen."""
    return {
        "entered": _("neverificat"),
        "checked": _("verificat"),
        "refused": _("respins"),
        "removed": _("scos"),
    }[state]


def add(ledger: Ledger, draft: LocalDraft, *, actor: Actor) -> LocalEntry:
    """Store an entry; the same name at the same place, kept by the same, is the same entry and is brought up to date.

    Parameters
    ----------
    ledger
        Where it is stored.
    draft
        What is said of it.
    actor
        Who adds it: a team or a county unit within its county.

    Returns
    -------
    LocalEntry
        Not checked yet, whoever adds it.

    Raises
    ------
    PersonalDataError
        Where a text says who a person is.
    BadLocalEntryError
        Where something is missing or too long, or too many are kept already.
    NotAllowedError
        Where the actor may not add in this county.
    """
    subject = f"local:{draft.county}"
    with refused_attempts.noted(ledger.store, "local.add", subject, actor=actor, clock=ledger.clock):
        roles.require(actor, "local.add", Area(county=draft.county, uat_siruta=actor.uat_siruta))
    checked = _checked_draft(draft)
    keeper = actor.uat_siruta if actor.role == "team" else None
    with ledger.store.write() as connection:
        audit.lock(connection, [subject])
        same = _same(connection, checked, keeper)
        if same is None and _count(connection, draft.county, keeper) >= MOST_OF_ONE:
            raise BadLocalEntryError(_("Aveți deja {n} resurse: scoateți întâi din ele.").format(n=MOST_OF_ONE))
        values = _values(checked) | {
            "state": "entered", "role": actor.role, "account": actor.account, "entered_at": ledger.clock(),
            "changed_at": ledger.clock(), "settled_by": "", "settled_at": None,
        }  # fmt: skip
        if same is not None:
            number = same.entry_id
            connection.execute(update(local_entries).where(local_entries.c.entry_id == number).values(values))
        else:
            made = insert(local_entries).values(values | {"keeper_uat": keeper}).returning(local_entries.c.entry_id)
            number = int(connection.execute(made).scalar_one())
        before = "" if same is None else same.state
        step = audit.AuditEvent("local.add", f"local:{number}", before=before, after="entered")
        audit.append(connection, subject, step, actor=actor, at=ledger.clock())
        return _by_id(connection, number)


def read_text(name: str, text: str) -> str:
    """Read a free text of an entry, one of LONGEST, as it is stored.

    Raises PersonalDataError where it says who a person is, BadLocalEntryError where it is missing or too long.
    """
    labels = {"name": _("Denumire"), "offers": _("Ce oferă"), "taken": _("Cine este primit"), "hours": _("Program")}
    label = labels[name]
    # Line breaks and cedillas of a paste would make one name two; control signs would move a terminal.
    sentence = refuse_personal(text_of(tidy_text(text)), field=label)
    if len(sentence) > LONGEST[name]:
        raise BadLocalEntryError(_("{field}: cel mult {most} de caractere.").format(field=label, most=LONGEST[name]))
    if not sentence and name in ("name", "offers"):
        raise BadLocalEntryError(_("{field}: completați.").format(field=label))
    return sentence


def _checked_draft(draft: LocalDraft) -> LocalDraft:
    values = {name: read_text(name, getattr(draft, name)) for name in LONGEST}
    if not draft.needs:
        raise BadLocalEntryError(_("Alegeți cel puțin o nevoie la care ajută."))
    return LocalDraft(**{**vars(draft), **values})


def _values(draft: LocalDraft) -> dict[str, object]:
    return {**vars(draft), "needs": ";".join(draft.needs), "review_on": draft.review_on.isoformat()}


def check(ledger: Ledger, entry_id: int, *, accept: bool, actor: Actor) -> LocalEntry:
    """Let the county unit say that an entry is right, or refuse it; a refused one is no longer offered.

    Parameters
    ----------
    ledger
        Where it is stored.
    entry_id
        Its number.
    accept
        Whether it is right.
    actor
        Who says so.

    Returns
    -------
    LocalEntry
        As it stands now.

    Raises
    ------
    UnknownLocalEntryError
        For a number that is none.
    BadLocalEntryError
        Where it is not in force.
    NotAllowedError
        Where the actor may not check entries of this county.
    """
    return _move(ledger, entry_id, "local.check", IN_FORCE, "checked" if accept else "refused", actor=actor)


def remove(ledger: Ledger, entry_id: int, *, actor: Actor) -> LocalEntry:
    """Take an entry out; it may be put back. Raises as `check` does."""
    return _move(ledger, entry_id, "local.change", (*IN_FORCE, "refused"), "removed", actor=actor)


def put_back(ledger: Ledger, entry_id: int, *, actor: Actor) -> LocalEntry:
    """Put an entry back that was taken out; the county unit checks it again. Raises as `check` does."""
    return _move(ledger, entry_id, "local.change", ("removed",), "entered", actor=actor)


def renew(ledger: Ledger, entry_id: int, *, review_on: date, actor: Actor) -> LocalEntry:
    """Say that an entry still holds, and until when that is believed; what the county unit checked stays checked.

    Raises as `check` does.
    """
    return _move(ledger, entry_id, "local.change", IN_FORCE, "", actor=actor, review_on=review_on.isoformat())


def _move(
    ledger: Ledger, entry_id: int, action: str, states: tuple[str, ...], after: str, *, actor: Actor, **values: str
) -> LocalEntry:
    found = by_id(ledger, entry_id)
    subject = f"local:{found.draft.county}"
    with refused_attempts.noted(ledger.store, action, f"local:{entry_id}", actor=actor, clock=ledger.clock):
        roles.require(actor, action, found.area)
    with ledger.store.write() as connection:
        audit.lock(connection, [subject])
        found = _by_id(connection, entry_id)
        if found.state not in states:
            raise BadLocalEntryError(
                _("Resursa {n} este acum „{state}”: reîncărcați lista.").format(
                    n=entry_id, state=state_label(found.state)
                )
            )
        by_name: dict[str, object] = {**values, "changed_at": ledger.clock()}
        if after:
            by_name |= {"state": after, "settled_by": actor.account, "settled_at": ledger.clock()}
        connection.execute(update(local_entries).where(local_entries.c.entry_id == entry_id).values(by_name))
        step = audit.AuditEvent(action, f"local:{entry_id}", before=found.state, after=after or "renewed")
        audit.append(connection, subject, step, actor=actor, at=ledger.clock())
        return _by_id(connection, entry_id)


def listed(ledger: Ledger, *, actor: Actor, county: str = "", states: Iterable[str] = STATES) -> list[LocalEntry]:
    """List the entries of a county by number; a team and a county unit see their own county's.

    Raises NotAllowedError for another county.
    """
    county, _community = roles.own_area(actor, county)
    roles.require(actor, "local.read", Area(county=county))
    query = select(local_entries).where(local_entries.c.state.in_(tuple(states)))
    if county:
        query = query.where(local_entries.c.county == county)
    return _read(ledger, query)


def in_force(ledger: Ledger) -> list[LocalEntry]:
    """Return what answers may offer, by number."""
    return _read(ledger, select(local_entries).where(local_entries.c.state.in_(IN_FORCE)))


def _read(ledger: Ledger, query: Select[tuple[object, ...]]) -> list[LocalEntry]:
    with ledger.store.read() as connection:
        return [_of(row) for row in connection.execute(query.order_by(local_entries.c.entry_id))]


def version(ledger: Ledger) -> str:
    """Return a short text that changes with every entry added, changed or settled."""
    with ledger.store.read() as connection:
        return ":".join(map(str, connection.execute(_VERSION).one()))


def by_id(ledger: Ledger, entry_id: int) -> LocalEntry:
    """Return one entry; UnknownLocalEntryError where there is none."""
    with ledger.store.read() as connection:
        return _by_id(connection, entry_id)


def _by_id(connection: Connection, entry_id: int) -> LocalEntry:
    row = connection.execute(select(local_entries).where(local_entries.c.entry_id == entry_id)).one_or_none()
    if row is None:
        raise UnknownLocalEntryError(_("Nu există resursa locală cu numărul {n}.").format(n=entry_id))
    return _of(row)


def _same(connection: Connection, draft: LocalDraft, keeper: int | None) -> LocalEntry | None:
    query = select(local_entries).where(
        local_entries.c.name == draft.name, local_entries.c.uat_siruta == draft.uat_siruta, *_kept_by(keeper)
    )
    row = connection.execute(query.order_by(local_entries.c.entry_id).limit(1)).one_or_none()
    return None if row is None else _of(row)


def _count(connection: Connection, county: str, keeper: int | None) -> int:
    query = select(func.count()).where(local_entries.c.county == county, *_kept_by(keeper))
    return int(connection.execute(query).scalar_one())


def _kept_by(keeper: int | None) -> tuple[ColumnElement[bool], ...]:
    kept = local_entries.c.keeper_uat
    return kept.is_(None) if keeper is None else kept == keeper, local_entries.c.state.in_(IN_FORCE)


def _of(row: Row[tuple[object, ...]]) -> LocalEntry:
    fields = row._asdict()
    drafted = {name: fields[name] for name in LocalDraft.__dataclass_fields__}
    drafted |= {
        "needs": tuple(code for code in str(fields["needs"]).split(";") if code),
        "review_on": date.fromisoformat(str(fields["review_on"])),
    }
    return LocalEntry(
        int(fields["entry_id"]),
        LocalDraft(**drafted),
        fields["keeper_uat"],
        str(fields["state"]),
        fields["entered_at"],
        fields["settled_at"],
    )
