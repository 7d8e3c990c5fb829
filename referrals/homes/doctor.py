"""What a home holds (`harta status`) and whether it is sound (`harta doctor`)."""

from __future__ import annotations

import stat
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from core.errors import MapError
from core.i18n import _, ngettext, number
from core.storage.editions import EditionStore
from core.storage.import_kinds import KINDS, in_slot, slot_of
from providers.rules.protected_keys import is_protected
from providers.rules.wording import age_words
from referrals.homes.file_permissions import too_open
from referrals.homes.open_data import MissingRegister, missing_lines, missing_registers
from referrals.homes.operating_checks import backup_faults, disk_faults
from referrals.homes.travel_setting import travel_faults
from referrals.ledger.ledger import open_ledger
from referrals.workflow.directory import open_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.storage.editions import Edition
    from core.storage.home import Home, PublishedEditions


_ABSENT: dict[str, Callable[[], str]] = {  # what stands in for a kind that was not imported
    "localities": lambda: _("se folosesc localitățile incluse în program"),
    "authorities": lambda: _("se folosesc autoritățile incluse în program"),
    "roads": lambda: _("minutele se socotesc din linia dreaptă"),
}
_MOST_NAMED = 5  # services named in a fault
_NARROWEST = 14  # characters of the column of kinds


@dataclass(frozen=True)
class KindStatus:
    """One source of a kind of data in a home; all but `kind` are None where it was never imported, or is lost."""

    kind: str
    edition: str | None = None
    as_of: str | None = None
    age_days: int | None = None
    rows_loaded: int | None = None
    rows_rejected: int | None = None
    title: str | None = None
    synthetic: bool | None = None
    source: str | None = None
    is_lost: bool = False


@dataclass(frozen=True)
class HomeStatus:
    """What a home holds: kinds, services, how fresh what is known of their places is, and what a live home lacks."""

    path: str
    mode: str
    kinds: tuple[KindStatus, ...]
    services: int
    reported: int
    confirmed: int
    held: int
    missing: tuple[MissingRegister, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the status as JSON-ready data."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format the status in lines."""
        mode = _("demonstrativ, cu date inventate") if self.mode == "demo" else _("real")
        sentences = [_("Dosar {mode}: {path}").format(mode=mode, path=self.path), ""]
        names = [f"{kind.kind}/{kind.source}" if kind.source else kind.kind for kind in self.kinds]
        width = max((_NARROWEST, *map(len, names)))
        for kind, name in zip(self.kinds, names, strict=True):
            if kind.is_lost:
                sentences.append(
                    _("  {kind} nu poate fi citit: vedeți „harta doctor”").format(kind=name.ljust(width))
                    + f"; {_ABSENT[kind.kind]()}"
                )
                continue
            if kind.edition is None:
                absent = _("  {kind} neimportat").format(kind=name.ljust(width))
                sentences.append(f"{absent}: {_ABSENT[kind.kind]()}" if kind.kind in _ABSENT else absent)
                continue
            sentences.append(
                _("  {kind} la {as_of} ({age}): {rows}, {rejected} · {title}{note}").format(
                    kind=name.ljust(width),
                    as_of=kind.as_of,
                    age=age_words(kind.age_days or 0),
                    rows=ngettext("{n} rând", "{n} rânduri", kind.rows_loaded or 0).format(
                        n=number(kind.rows_loaded or 0)
                    ),
                    rejected=ngettext("{n} respins", "{n} respinse", kind.rows_rejected or 0).format(
                        n=number(kind.rows_rejected or 0)
                    ),
                    title=_(kind.title or ""),
                    note=_(" (date demonstrative)") if kind.synthetic else "",
                )
            )
        sentences += [
            "",
            _(
                "Servicii și autorități: {n}; cu locuri raportate: {reported}; cu loc confirmat acum: {confirmed}"
            ).format(n=number(self.services), reported=number(self.reported), confirmed=number(self.confirmed)),
            _("Locuri rezervate acum: {n}").format(n=number(self.held)),
            *missing_lines(self.missing),
        ]
        return sentences


def home_status(home: Home) -> HomeStatus:
    """Look at a home: its editions in force and the state of its ledger.

    Parameters
    ----------
    home
        The home.

    Returns
    -------
    HomeStatus
        Kinds with their editions, and counts of services, of those that reported, are confirmed and hold places.

    Raises
    ------
    MapError
        Where an edition or the ledger cannot be read.
    """
    directory = open_directory(home)
    snapshot = directory.snapshot()
    availability = snapshot.availability
    capacity = directory.ledger.capacity_now()
    return HomeStatus(
        path=str(home.path),
        mode=home.mode,
        kinds=tuple(each for kind in KINDS for each in _kinds(EditionStore(home), kind)),
        services=len(snapshot.catalogue.services),
        reported=int((availability.reported_s == availability.reported_s).sum()),
        confirmed=int(((availability.status == "free") & (availability.block == 0)).sum()),
        held=int(capacity.loc[~capacity["service_id"].map(is_protected).astype(bool), "held"].sum()),
        missing=() if home.is_demo else missing_registers(home),
    )


def _kinds(store: EditionStore, kind: str) -> list[KindStatus]:
    """Tell of every source of a kind that is in force; of a kind without one that it was never imported."""
    try:
        return [_kind(kind, edition) for edition in store.in_force(kind)] or [KindStatus(kind)]
    except MapError:
        if KINDS[kind].is_needed:
            raise
        return [KindStatus(kind, is_lost=True)]


def _kind(kind: str, edition: Edition) -> KindStatus:
    m = edition.manifest
    age = max(0, (datetime.now(UTC).date() - date.fromisoformat(m.as_of)).days)  # somewhere it is tomorrow already
    return KindStatus(
        kind, m.edition, m.as_of, age, m.rows_loaded, m.rows_rejected, m.source.title, m.source.synthetic, m.source_name
    )


@dataclass(frozen=True)
class Diagnosis:
    """What was examined, and every fault found, in words."""

    examined: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """Return the examination as JSON-ready data."""
        return {"sound": self.is_sound, **asdict(self)}

    def lines(self) -> list[str]:
        """Format the examination in lines."""
        verdict = _("Totul este în ordine.") if self.is_sound else _("Probleme găsite: {n}").format(n=len(self.faults))
        return [*(f"ok  {line}" for line in self.examined), *(f"!!  {line}" for line in self.faults), verdict]


def run_checks(home: Home, others: Mapping[str, Callable[[Home], list[str]]] | None = None) -> Diagnosis:
    """Examine a home: permissions, record, all files of all editions, the database and its counts, backups, the disk.

    Parameters
    ----------
    home
        The home.
    others
        What rooms above examine besides, by its name; None = nothing.

    Returns
    -------
    Diagnosis
        What was examined, and each fault in words; a fault never ends the examination.
    """
    examined: list[str] = []
    faults: list[str] = []

    def look(name: str, find_faults: Callable[[], list[str]]) -> None:
        try:
            faults.extend(find_faults())
            examined.append(name)
        except MapError as error:
            faults.append(str(error))
        except Exception as error:  # noqa: BLE001  who calls the doctor wants the list to its end
            faults.append(_("{name}: eroare neașteptată ({kind})").format(name=name, kind=type(error).__name__))

    look(_("drepturile fișierelor"), lambda: _permission_faults(home))
    look(_("evidența edițiilor"), lambda: record_faults(home))
    store = EditionStore(home)
    for slot in (slot for kind in KINDS for slot in store.slots(kind)):
        if (home.editions / slot).exists() or slot in _published(home):
            look(slot, lambda slot=slot: edition_faults(home, slot))  # type: ignore[misc]
    look(_("modelul de călătorie"), lambda: travel_faults(home))
    look(_("jurnalul și numărul locurilor"), lambda: _ledger_faults(home))
    look(
        _("catalogul"),
        lambda: [] if len(open_directory(home).snapshot().catalogue.services) else [_("Catalogul este gol.")],
    )
    look(_("copiile de siguranță"), lambda: backup_faults(home))
    look(_("locul pe disc"), lambda: disk_faults(home))
    for name, find_faults in (others or {}).items():
        look(name, lambda find_faults=find_faults: find_faults(home))  # type: ignore[misc]
    return Diagnosis(tuple(examined), tuple(dict.fromkeys(faults)))


def _published(home: Home) -> Mapping[str, PublishedEditions]:
    return home.record().published or {}


def record_faults(home: Home) -> list[str]:
    """Find in the record kinds that no version knows."""
    return [
        _("home.json: felul „{kind}” nu există. Restaurați home.json dintr-o copie.").format(kind=kind)
        for kind in sorted({in_slot(slot)[0] for slot in _published(home)} - set(KINDS))
    ]


def _permission_faults(home: Home) -> list[str]:
    found = too_open(home)
    if not found:
        return []
    text = ngettext(
        "{n} dosar sau fișier este deschis altor utilizatori ai calculatorului: {which}. Rulați „{command}”.",
        "{n} dosare și fișiere sunt deschise altor utilizatori ai calculatorului: {which}. Rulați „{command}”.",
        len(found),
    )
    named = ", ".join(f"{path} ({stat.S_IMODE(path.lstat().st_mode):o})" for path in found[:_MOST_NAMED])
    more = "…" if len(found) > _MOST_NAMED else ""
    return [text.format(n=number(len(found)), which=named + more, command=_maker(home))]


def _maker(home: Home) -> str:
    return "harta demo" if home.is_demo else "harta init"


def edition_faults(home: Home, slot: str) -> list[str]:
    """Find the faults of one slot, in words: of the edition in force, of those before it, of those that wait.

    Every digest is computed from the disk.
    """
    store = EditionStore(home)
    kind = slot_of(*in_slot(slot))
    faults: list[str] = []
    try:
        now = store.latest_edition(kind)
    except MapError as error:
        faults.append(str(error))
        now = None
    recorded = _published(home).get(kind)
    there = store.names(kind)
    for name in sorted({*there, *(recorded.editions if recorded else ())}):
        if name not in there:
            faults.append(
                _(
                    "Ediția {edition} ({kind}) a fost publicată și nu mai este. Restaurați-o dintr-o copie; dacă nu "
                    "o mai aveți, „{command}” o scoate din evidență."
                ).format(edition=name, kind=kind, command=_maker(home))
            )
            continue
        try:
            edition = store.edition(kind, name)
        except MapError as error:
            faults.append(str(error))
            continue
        faults += edition.faults() or _row_faults(edition)
        if not edition.has_digests:
            faults.append(
                _(
                    "Ediția {edition} ({kind}) este de la o versiune mai veche, fără sume de control: o schimbare a "
                    "fișierelor nu s-ar vedea. Rulați „{command}”, care le adaugă."
                ).format(edition=name, kind=kind, command=_maker(home))
            )
    if now is not None and recorded and now.manifest.edition in set(recorded.editions) - {recorded.current}:
        faults.append(
            _(
                "{kind}: în vigoare este ediția {found}, dar ultima publicată este {expected}. Dacă așa trebuie să "
                "fie, rulați „{command}”; altfel aduceți înapoi ediția publicată."
            ).format(kind=kind, found=now.manifest.edition, expected=recorded.current, command=_maker(home))
        )
    for waiting in store.staged(kind):
        faults += waiting.faults()
    return faults


def _ledger_faults(home: Home) -> list[str]:
    ledger = open_ledger(home)
    try:
        damaged = ledger.verify_storage()
        if damaged:
            return damaged
        return [
            *(str(fault) for fault in ledger.verify_audit()),
            *_count_faults(ledger.verify_counts()),
            *_clock_faults(ledger.verify_clock()),
            *filter(None, [ledger.notice()]),
        ]
    finally:
        ledger.close()


def _clock_faults(services: list[str]) -> list[str]:
    if not services:
        return []
    text = ngettext(
        "{n} serviciu are un raport de locuri din viitor: {which}. Un ceas a mers înainte, sau al acestui calculator a "
        "rămas în urmă; raportul nu confirmă nimic. Verificați ceasul și raportați din nou locurile.",
        "{n} servicii au rapoarte de locuri din viitor: {which}. Un ceas a mers înainte, sau al acestui calculator a "
        "rămas în urmă; rapoartele nu confirmă nimic. Verificați ceasul și raportați din nou locurile.",
        len(services),
    )
    return [text.format(n=number(len(services)), which=_named(services))]


def _named(services: list[str]) -> str:
    return ", ".join(services[:_MOST_NAMED]) + ("…" if len(services) > _MOST_NAMED else "")


def _count_faults(services: list[str]) -> list[str]:
    if not services:
        return []
    text = ngettext(
        "{n} serviciu are alt număr de locuri decât spun rapoartele și referirile: {which}",
        "{n} servicii au alt număr de locuri decât spun rapoartele și referirile: {which}",
        len(services),
    )
    return [text.format(n=number(len(services)), which=_named(services))]


def _row_faults(edition: Edition) -> list[str]:
    """Read every table of an edition to its end, and count what the manifest counts."""
    m = edition.manifest
    rows = {name: len(edition.table(name)) for name in edition.tables()}
    counted = [(_("respinse"), m.rows_rejected, rows.get("rejects", 0))]
    if KINDS[m.kind].registry:
        counted.append((_("încărcate"), m.rows_loaded, rows.get("services", 0)))
    return [
        _("{kind}: manifestul spune {said} rânduri {which}, fișierul are {found}").format(
            kind=m.kind, said=said, which=which, found=found
        )
        for which, said, found in counted
        if said != found
    ]
