"""One exchange with a telephone: its changes are taken in, and what changed since is told, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, or_, select

from cases.exchange import CaseChange, ChangeOutcome, ExchangeContext, exchange_changes, parse_change
from cases.exchange.change_fields import is_identifier
from cases.exchange.exchange_errors import RefusedChangeError
from cases.exchange.referred_items import follow_all
from cases.figures.case_figures import freeze_filed
from cases.instrument import Instrument, instrument_at
from cases.record import field_devices, referrals_of_items
from cases.record.book_rows import WantedRows, read_book, write_book
from cases.record.campaign_bundle import campaigns_shown
from cases.record.team_bundle import cases_shown, households_shown
from cases.rules.case_sight import Onlooker
from cases.rules.case_terms import days_after
from core.errors import BadValueError, EditionError, MapError, UnknownCodeError
from core.i18n import _
from core.romanian_calendar import BUCHAREST
from core.storage.editions import EditionStore
from core.storage.home import Home
from referrals.case_erasure import case_digest
from referrals.case_erasure.record_erasure import GONE, note_row
from referrals.database import audit
from referrals.database.models import accounts, monthly_reports
from referrals.database.tables import case_tables, exchange_tables
from referrals.records import roles
from referrals.records.roles import Area
from referrals.records.vocabulary import FILED

if TYPE_CHECKING:
    from datetime import datetime

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

MOST_CHANGES = 200
_MOST_SINCE = 2**62
MOVED = "case.moved"  # the kind of the change by which telephones of the former community learn of a move
_TOLD_REMARK_DAYS = 30  # for how long telephones show a remark about a community that asks for nothing
_KEPT_CLOSED_DAYS = 90  # for how long a telephone that begins anew gets cases that are closed


@dataclass(frozen=True)
class ExchangeAnswer:
    """What a telephone is told.

    Attributes
    ----------
    results
        What became of each change, in the order in which they came.
    later
        What became of changes of this device that had waited.
    cases, households, campaigns
        Whole, as they stand now, of all that changed since.
    gone
        Digests of the codes of cases that the telephone has to forget.
    offers
        Cases that other communities offer to this one.
    remarks
        What supervision says of the community as a whole: what waits, and of the last days what asks for nothing.
    team
        Accounts of the team with their professions.
    filed
        Months whose report was filed.
    edition
        Name of the edition of the instrument in force; "" = the built-in one.
    today
        The day in Romania.
    next
        Where the next exchange begins.
    """

    results: tuple[ChangeOutcome, ...]
    later: tuple[ChangeOutcome, ...]
    cases: tuple[dict[str, Any], ...]
    households: tuple[dict[str, Any], ...]
    campaigns: tuple[dict[str, Any], ...]
    gone: tuple[str, ...]
    offers: tuple[dict[str, Any], ...]
    remarks: tuple[dict[str, Any], ...]
    team: Mapping[str, str]
    filed: tuple[str, ...]
    edition: str
    today: str
    next: int

    def as_json(self) -> dict[str, Any]:
        """Return it for the telephone."""
        return asdict(self)


def exchange(ledger: Ledger, values: Mapping[str, Any], *, actor: Actor, home: Home | None = None) -> ExchangeAnswer:
    """Take in what a telephone sends, and tell it what changed.

    Parameters
    ----------
    ledger
        Where the record is kept.
    values
        The JSON of an exchange (docs/cases.md): `device`, `since`, `changes`, `shell`, `unsent`, `unsent_since`.
    actor
        A member of a team.
    home
        Whose editions of the instrument are known; None = the built-in one alone.

    Returns
    -------
    ExchangeAnswer
        The same changes sent again get the same results and change nothing.

    Raises
    ------
    NotAllowedError
        Where the actor is no member of a team, or the device was reported lost.
    BadValueError
        Where the message is none.
    """
    roles.require(actor, "case.write", Area(actor.county, actor.uat_siruta))
    if actor.uat_siruta is None:
        raise BadValueError(_("Contul nu are o comunitate."))
    device_id, since, sent = _parse_message(values)
    changes, refused = _parse_changes(sent)
    now = ledger.clock()
    instrument_of = instruments_of(home)
    with ledger.store.write() as connection:
        # One exchange of a community at a time: what it is told is in the order in which it is written.
        audit.lock(connection, [f"cases:{actor.uat_siruta}"])
        wanted = WantedRows()
        for change in changes:
            wanted.add(change)
        behind, failed = (
            referrals_of_items.behind(connection, actor.uat_siruta, now),
            referrals_of_items.failed(connection, actor.uat_siruta),
        )
        wanted.cases |= behind
        field_devices.greet(connection, device_id, values, actor=actor, now=now)
        context = context_of(connection, actor, device_id, now, instrument_of)
        freeze_filed(connection, actor.uat_siruta, context.filed, now)
        book = read_book(connection, wanted, actor.uat_siruta)
        followed = follow_all(book, context)
        outcomes = iter(exchange_changes(book, changes, context))
        followed += follow_all(book, context)  # for items that have just come
        write_book(connection, book)
        _tell_others(connection, book.moved_from, dict.fromkeys([*followed, *failed]), context)
        write_trail(connection, book.trail, actor, now)
        onlooker = Onlooker(actor.account, actor.profession)
        answer = _answer(connection, since, context, onlooker)
        results = tuple(refused[place] if place in refused else next(outcomes) for place in range(len(sent)))
    return ExchangeAnswer(results=results, edition=edition_in_force(home), **answer)


def _parse_message(values: Mapping[str, Any]) -> tuple[str, int, Sequence[Any]]:
    device, since, changes = values.get("device"), values.get("since", 0), values.get("changes", [])
    if (
        not is_identifier(device, "D")
        or type(since) is not int
        or not 0 <= since <= _MOST_SINCE
        or not isinstance(changes, list)
    ):
        raise BadValueError(_("Mesajul telefonului nu are forma cunoscută. Actualizați pagina de teren."))
    if len(changes) > MOST_CHANGES:
        raise BadValueError(_("Prea multe schimbări deodată: cel mult {n}.").format(n=MOST_CHANGES))
    return str(device), since, changes


def _parse_changes(sent: Sequence[Any]) -> tuple[list[CaseChange], dict[int, ChangeOutcome]]:
    """Return the changes that can be taken in, and for each of the others, by its place, why it was refused."""
    taken: list[CaseChange] = []
    refused: dict[int, ChangeOutcome] = {}
    for place, each in enumerate(sent):
        try:
            taken.append(parse_change(each if isinstance(each, dict) else {}))
        except RefusedChangeError as error:
            refused[place] = ChangeOutcome(_named(each), "refused", str(error))
    return taken, refused


def _named(change: Any) -> str:
    value = change.get("change_id", "") if isinstance(change, dict) else ""
    return str(value) if is_identifier(value, "K") else ""


def instruments_of(home: Home | None) -> Callable[[str], Instrument | None]:
    """Return what gives the instrument of an edition by its name; "" = the built-in one; None where there is none."""
    return _at_home(home.path) if home is not None else _built_in


def _built_in(name: str) -> Instrument | None:
    from cases.instrument.instrument_editions import BUILT_IN, read_instrument

    return _kept_built_in(read_instrument, BUILT_IN) if name == "" else None


@lru_cache(maxsize=1)
def _kept_built_in(read: Any, path: Any) -> Instrument:
    found: Instrument = read(path).instrument
    return found


@lru_cache(maxsize=8)
def _at_home(path: Any) -> Callable[[str], Instrument | None]:
    """Keep the instruments of a home: an edition never changes."""

    @lru_cache(maxsize=32)
    def of(name: str) -> Instrument | None:
        if name == "":
            return _built_in("")
        try:
            return instrument_at(Home(path, "live"), name).instrument
        except (UnknownCodeError, MapError):
            return None

    return of


def edition_in_force(home: Home | None) -> str:
    """Return the name of the edition of the instrument in force; "" = the built-in one."""
    current = EditionStore(home).current("instrument") if home is not None else None
    return current.manifest.edition if current is not None else ""


def instrument_in_force(home: Home) -> Instrument:
    """Return the instrument that is asked by now: that of the edition in force, else the built-in one."""
    of = instruments_of(home)
    found = of(edition_in_force(home)) or of("")
    if found is None:
        raise EditionError(_("Chestionarul care vine cu programul lipsește."))
    return found


def context_of(
    connection: Connection,
    actor: Actor,
    device_id: str,
    now: datetime,
    instrument_of: Callable[[str], Instrument | None],
) -> ExchangeContext:
    """Return what holds for an exchange of an actor."""
    uat = actor.uat_siruta or 0
    reports, members = monthly_reports.c, accounts.c
    filed = connection.execute(
        select(reports.month).where(reports.uat_siruta == uat, reports.state.in_(FILED))
    ).scalars()
    team = connection.execute(
        select(members.account_id, members.profession).where(
            members.uat_siruta == uat, members.role == "team", members.state == "active"
        )
    ).all()
    return ExchangeContext(
        account=actor.account,
        profession=actor.profession,
        county=actor.county,
        uat_siruta=uat,
        device_id=device_id,
        now=now,
        today=now.astimezone(BUCHAREST).date().isoformat(),
        filed=frozenset(filed),
        members={row.account_id: row.profession for row in team},
        instrument_of=instrument_of,
    )


def _tell_others(
    connection: Connection, moved: Mapping[str, int], followed: Iterable[str], context: ExchangeContext
) -> None:
    """Write the changes that nobody sent: a case that left its community, an item whose referral went on."""
    rows = [note_row(context.uat_siruta, ref, referrals_of_items.FOLLOWED, context.now) for ref in followed]
    rows += [note_row(uat, ref, MOVED, context.now) for ref, uat in moved.items()]
    if rows:
        connection.execute(insert(exchange_tables.case_changes), rows)


def write_trail(
    connection: Connection, trail: Sequence[tuple[str, str, str, str]], actor: Actor, now: datetime
) -> None:
    """Write what was done to cases into the audit log, under the digests of their codes."""
    steps = [
        (f"cases:{actor.uat_siruta}", audit.AuditEvent(action, case_digest(ref), before=before, after=after), now)
        for action, ref, before, after in trail
    ]
    audit.append_many(connection, steps, actor=actor)


def _answer(connection: Connection, since: int, context: ExchangeContext, onlooker: Onlooker) -> dict[str, Any]:
    changes, cases = exchange_tables.case_changes.c, case_tables.cases.c
    uat = context.uat_siruta
    last = connection.execute(select(func.max(changes.seq)).where(changes.uat_siruta == uat)).scalar() or 0
    fresh = connection.execute(
        select(
            changes.change_id,
            changes.device_id,
            changes.case_ref,
            changes.household_id,
            changes.kind,
            changes.result,
            changes.reason,
            changes.has_waited,
        )
        .where(changes.uat_siruta == uat, changes.seq > since)
        .order_by(changes.seq)
    ).all()
    items = [row for row in fresh if row.result in ("applied", "conflict")]
    households = {row.household_id for row in items} - {""}
    gone = {row.case_ref for row in items if row.kind == GONE}
    gone |= {case_digest(row.case_ref) for row in items if row.kind == MOVED}
    if since:
        touched = {row.case_ref for row in items} - {""}
        own = select(cases.case_ref).where(cases.case_ref.in_(touched), cases.uat_siruta == uat)
    else:
        oldest = days_after(context.today, -_KEPT_CLOSED_DAYS)
        own = select(cases.case_ref).where(
            cases.uat_siruta == uat, cases.erased_at.is_(None), or_(cases.closed_on == "", cases.closed_on >= oldest)
        )
        table = case_tables.households.c
        households = set(connection.execute(select(table.household_id).where(table.uat_siruta == uat)).scalars())
    refs = set(connection.execute(own).scalars())
    gone -= {case_digest(ref) for ref in refs}
    shown = cases_shown(connection, refs, onlooker, context.instrument_of)
    if shown:
        step = audit.AuditEvent("case.list", f"cases:{uat}", after=str(len(shown)))
        actor_row = (f"cases:{uat}", step, context.now)
        audit.append_many(connection, [actor_row], actor=_reader(context))
    return {
        "later": tuple(
            ChangeOutcome(row.change_id, row.result, row.reason)
            for row in fresh
            if row.has_waited and row.device_id == context.device_id
        ),
        "cases": tuple(shown),
        "households": tuple(households_shown(connection, households, onlooker, context.instrument_of)),
        "campaigns": tuple(campaigns_shown(connection, since, context)),
        "gone": tuple(sorted(gone)) if since else (),
        "offers": tuple(_offers(connection, uat)),
        "remarks": tuple(_remarks(connection, uat, days_after(context.today, -_TOLD_REMARK_DAYS))),
        "team": context.members,
        "filed": tuple(sorted(context.filed)),
        "today": context.today,
        "next": last,
    }


def _reader(context: ExchangeContext) -> Actor:
    from referrals.records.vocabulary import Actor

    return Actor("team", context.account, context.county, context.uat_siruta)


def _offers(connection: Connection, uat_siruta: int) -> list[dict[str, Any]]:
    moves = case_tables.case_moves.c
    query = select(moves.move_id, moves.case_ref, moves.from_uat, moves.offered_on).where(
        moves.to_uat == uat_siruta, moves.state == "confirmed"
    )
    return [dict(row) for row in connection.execute(query.order_by(moves.move_id)).mappings()]


def _remarks(connection: Connection, uat_siruta: int, since: str) -> list[dict[str, Any]]:
    columns, sessions = case_tables.supervised.c, case_tables.supervisions.c
    query = (
        select(columns.remark_id, columns.remark, columns.asks, columns.due_on, columns.state)
        .join(case_tables.supervisions, sessions.supervision_id == columns.supervision_id)
        .where(columns.uat_siruta == uat_siruta, columns.case_ref == "")
        .where(or_(columns.state == "open", ~columns.asks & (sessions.on_day >= since)))
        .order_by(sessions.on_day, columns.remark_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
