"""The sources of registries in a home: what each covers, withdrawn and restored (`harta sources`, „Registre”)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from core.errors import UnknownCodeError
from core.i18n import _, ngettext, number
from core.storage.editions import EditionStore
from core.storage.import_kinds import KINDS, in_slot, slot_of
from providers.catalogue import source_coverage, source_order
from providers.rules.wording import age_words, iso_day
from referrals.homes.publishing import log_change, require_publisher

if TYPE_CHECKING:
    from core.storage.editions import Edition
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


@dataclass(frozen=True)
class SourceState:
    """One source of a registry: whose, of when, how much, what it covers.

    place: among the sources of its registry, 1 = its facts go first where two describe one service. covers: in words.
    counties: letters of those that it lists; empty where it is of the whole nation.
    """

    kind: str
    source: str
    place: int
    title: str
    publisher: str
    edition: str
    as_of: str
    age_days: int
    rows_loaded: int
    rows_rejected: int
    editions: int
    is_withdrawn: bool
    is_national: bool
    counties: tuple[str, ...]
    service_types: tuple[str, ...]

    def line(self) -> str:
        """Format it in one line."""
        rows = ngettext("{n} rând", "{n} rânduri", self.rows_loaded).format(n=number(self.rows_loaded))
        if self.is_national:
            where = _("toată țara")
        else:
            where = (
                _("județe: {letters}").format(letters=", ".join(self.counties)) if self.counties else _("niciun loc")
            )
        types = ngettext("{n} tip de serviciu", "{n} tipuri de servicii", len(self.service_types))
        state = " · " + _("retrasă") if self.is_withdrawn else ""
        return _("  {place}. {kind}/{source}: {title}{by}, la {day} ({age}): {rows}; {where}; {types}{state}").format(
            place=self.place, kind=self.kind, source=self.source, title=_(self.title),
            by=f" ({self.publisher})" if self.publisher else "", day=iso_day(self.as_of), age=age_words(self.age_days),
            rows=rows, where=where, types=types.format(n=number(len(self.service_types))), state=state,
        )  # fmt: skip


@dataclass(frozen=True)
class SourceList:
    """The sources of a home."""

    sources: tuple[SourceState, ...]

    def as_json(self) -> dict[str, Any]:
        """Return them as JSON-ready data."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format them in lines."""
        if not self.sources:
            return [_("Nu este importat niciun registru.")]
        return [each.line() for each in self.sources]


def sources(home: Home, kind: str | None = None, *, today: date | None = None) -> SourceList:
    """List the sources of a home, withdrawn ones too, in the order in which their facts go first.

    kind: only of this registry. Raises UnknownCodeError for a kind that has none.
    """
    store, day = EditionStore(home), today or datetime.now(UTC).date()
    kinds = [code for code, row in KINDS.items() if row.registry] if kind is None else [_registry_kind(kind)]
    found = []
    for code in kinds:
        latest = {slot: edition for slot in store.slots(code) if (edition := store.latest_edition(slot))}
        order = source_order.ordered(home, code, [in_slot(slot)[1] for slot in latest])
        states = [_state(store, edition, order, day) for edition in latest.values()]
        found += sorted(states, key=lambda state: state.place)
    return SourceList(tuple(found))


def _registry_kind(kind: str) -> str:
    if kind not in KINDS or not KINDS[kind].registry:
        known = ", ".join(code for code, row in KINDS.items() if row.registry)
        raise UnknownCodeError(
            _("„{kind}” nu este un registru cu surse. Alegeți unul dintre: {kinds}.").format(kind=kind, kinds=known)
        )
    return kind


def _state(store: EditionStore, edition: Edition, order: list[str], today: date) -> SourceState:
    m = edition.manifest
    covered = source_coverage.coverage(edition.table("services", list(source_coverage.READ)), m.source_name)
    return SourceState(
        kind=m.kind, source=m.source_name, place=order.index(m.source_name) + 1, title=m.source.title,
        publisher=m.source.publisher, edition=m.edition, as_of=m.as_of,
        age_days=max(0, (today - date.fromisoformat(m.as_of)).days), rows_loaded=m.rows_loaded,
        rows_rejected=m.rows_rejected, editions=len(store.names(edition.slot)),
        is_withdrawn=store.is_withdrawn(edition.slot), is_national=covered.is_national,
        counties=() if covered.is_national else covered.counties, service_types=covered.service_types,
    )  # fmt: skip


def remove(home: Home, ledger: Ledger, kind: str, source: str, *, actor: Actor | None) -> Edition:
    """Withdraw a source: nothing of it is in force any more, its editions stay, and nothing of another changes.

    Raises NotAllowedError; UnknownCodeError where it is not there or withdrawn already.
    """
    who = require_publisher(actor)
    slot = slot_of(_registry_kind(kind), source)
    store = EditionStore(home)
    now = store.withdraw(slot) if slot in store.slots(kind) else None
    if now is None:
        raise _unknown_source_error(home, kind, source)
    log_change(ledger, "source.remove", slot, now.manifest.edition, "", who)
    return now


def restore(home: Home, ledger: Ledger, kind: str, source: str, *, actor: Actor | None) -> Edition:
    """Put a source that was withdrawn in force again, as it was; raises as `remove` does."""
    who = require_publisher(actor)
    store, slot = EditionStore(home), slot_of(_registry_kind(kind), source)
    latest = store.latest_edition(slot) if slot in store.slots(kind) and store.is_withdrawn(slot) else None
    if latest is None:
        raise _unknown_source_error(home, kind, source)
    edition = store.bring_back(slot, latest.manifest.edition)
    log_change(ledger, "source.restore", slot, "", edition.manifest.edition, who)
    return edition


def put_in_order(home: Home, kind: str, order: list[str]) -> None:
    """Write down whose facts go first where two sources of a registry describe one service."""
    known = [each.source for each in sources(home, kind).sources]
    source_order.choose_order(home, kind, order, known=known)


def _unknown_source_error(home: Home, kind: str, source: str) -> UnknownCodeError:
    known = sources(home, kind).sources
    named = ", ".join(f"{each.source} ({_('retrasă')})" if each.is_withdrawn else each.source for each in known)
    return UnknownCodeError(
        _("{kind}: nu găsesc sursa „{source}” în starea cerută. Sursele sunt: {known}.").format(
            kind=kind, source=source[:40], known=named or _("niciuna")
        )
    )
