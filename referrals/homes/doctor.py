"""What a home holds (`harta status`) and whether it is sound (`harta doctor`)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from core.editions import KINDS, REGISTRIES, EditionStore
from core.errors import MapError
from core.i18n import _, ngettext, number
from providers.rules.wording import age_words
from referrals.ledger.ledger import open_ledger
from referrals.workflow.directory import open_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.editions import Edition
    from core.home import Home


_ABSENT: dict[str, Callable[[], str]] = {  # what stands in for a kind that was not imported
    "localities": lambda: _("se folosesc localitățile incluse în program"),
    "authorities": lambda: _("se folosesc autoritățile incluse în program"),
    "roads": lambda: _("această versiune nu îl citește"),
}
_MOST_NAMED = 5  # services named in a fault


@dataclass(frozen=True)
class KindStatus:
    """One kind of data in a home; all but `kind` are None where it was never imported."""

    kind: str
    edition: str | None = None
    as_of: str | None = None
    age_days: int | None = None
    rows_loaded: int | None = None
    rows_rejected: int | None = None
    title: str | None = None
    synthetic: bool | None = None


@dataclass(frozen=True)
class HomeStatus:
    """What a home holds: kinds, services, and how fresh what is known of their places is."""

    path: str
    mode: str
    kinds: tuple[KindStatus, ...]
    services: int
    reported: int
    confirmed: int
    held: int

    def as_json(self) -> dict[str, Any]:
        """Return the status as JSON-ready data."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Say the status in lines."""
        mode = _("demonstrativ, cu date inventate") if self.mode == "demo" else _("real")
        said = [_("Dosar {mode}: {path}").format(mode=mode, path=self.path), ""]
        for kind in self.kinds:
            if kind.edition is None:
                absent = _("  {kind:<14} neimportat").format(kind=kind.kind)
                said.append(f"{absent}: {_ABSENT[kind.kind]()}" if kind.kind in _ABSENT else absent)
                continue
            said.append(
                _("  {kind:<14} la {as_of} ({age}): {rows}, {rejected} · {title}{note}").format(
                    kind=kind.kind,
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
        said += [
            "",
            _(
                "Servicii și autorități: {n}; cu locuri raportate: {reported}; cu loc confirmat acum: {confirmed}"
            ).format(n=number(self.services), reported=number(self.reported), confirmed=number(self.confirmed)),
            _("Locuri reținute acum: {n}").format(n=number(self.held)),
        ]
        return said


def home_status(home: Home) -> HomeStatus:
    """Look at a home: its editions in force and the state of its ledger."""
    directory = open_directory(home)
    laid = directory.available()
    capacity = directory.ledger.capacity_now()
    return HomeStatus(
        path=str(home.path),
        mode=home.mode,
        kinds=tuple(_kind(kind, EditionStore(home).current(kind)) for kind in KINDS),
        services=len(directory.catalogue().services),
        reported=int((laid.reported_s == laid.reported_s).sum()),
        confirmed=int(((laid.status == "free") & (laid.block == 0)).sum()),
        held=int(capacity["held"].sum()) if len(capacity) else 0,
    )


def _kind(kind: str, edition: Edition | None) -> KindStatus:
    if edition is None:
        return KindStatus(kind)
    m = edition.manifest
    age = (datetime.now(UTC).date() - date.fromisoformat(m.as_of)).days
    return KindStatus(kind, m.edition, m.as_of, age, m.rows_loaded, m.rows_rejected, m.source.title, m.source.synthetic)


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
        """Say the examination in lines."""
        verdict = _("Totul este în ordine.") if self.is_sound else _("Probleme găsite: {n}").format(n=len(self.faults))
        return [*(f"ok  {line}" for line in self.examined), *(f"!!  {line}" for line in self.faults), verdict]


def run_checks(home: Home) -> Diagnosis:
    """Read every edition in force, add up its rows, and verify the ledger's trail and counts."""
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

    for kind in (kind for kind in KINDS if (home.editions / kind / "current").exists()):
        look(kind, lambda kind=kind: _kind_faults(home, kind))  # type: ignore[misc]
    look(_("jurnalul și numărul locurilor"), lambda: _ledger_faults(home))
    look(_("catalogul"), lambda: [] if len(open_directory(home).catalogue().services) else [_("Catalogul este gol.")])
    return Diagnosis(tuple(examined), tuple(faults))


def _kind_faults(home: Home, kind: str) -> list[str]:
    edition = EditionStore(home).current(kind)
    return [] if edition is None else _edition_faults(edition)


def _ledger_faults(home: Home) -> list[str]:
    ledger = open_ledger(home)
    try:
        return [*(str(fault) for fault in ledger.verify_audit()), *_count_faults(ledger.verify_counts())]
    finally:
        ledger.close()


def _count_faults(services: list[str]) -> list[str]:
    if not services:
        return []
    said = ngettext(
        "{n} serviciu are alt număr de locuri decât spun rapoartele și referirile: {which}",
        "{n} servicii au alt număr de locuri decât spun rapoartele și referirile: {which}",
        len(services),
    )
    which = ", ".join(services[:_MOST_NAMED]) + ("…" if len(services) > _MOST_NAMED else "")
    return [said.format(n=number(len(services)), which=which)]


def _edition_faults(edition: Edition) -> list[str]:
    """Read every table of an edition to its end, and count what the manifest counts."""
    m = edition.manifest
    rows = {name: len(edition.table(name)) for name in edition.tables()}
    counted = [(_("respinse"), m.rows_rejected, rows.get("rejects", 0))]
    if m.kind in REGISTRIES:
        counted.append((_("încărcate"), m.rows_loaded, rows.get("services", 0)))
    return [
        _("{kind}: manifestul spune {said} rânduri {which}, fișierul are {found}").format(
            kind=m.kind, said=said, which=which, found=found
        )
        for which, said, found in counted
        if said != found
    ]
