"""What an import did, or would do: counts, what changed, the first rows that were refused."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.i18n import _, number
from core.storage.editions import REJECTS_FILE, Edition, Manifest
from providers.imports.reading_report import UNUSED, unused_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from providers.imports.prepared_edition import Prepared

_MOST_SAID = 5


@dataclass(frozen=True)
class ServiceMatch:
    """A service that kept its id although what identifies it changed. matched_by, changed: columns, `;` between."""

    service_id: str
    name: str
    matched_by: str
    changed: str

    def words(self) -> str:
        """Format it in a line."""
        return _("{name} ({id}): s-a schimbat {changed}; recunoscut după {by}").format(
            name=self.name, id=self.service_id, changed=_columns(self.changed), by=_columns(self.matched_by)
        )


@dataclass(frozen=True)
class Withdrawn:
    """A service that its source no longer has, and what is open at it: numbers of referrals, places held."""

    service_id: str
    name: str
    referrals: tuple[str, ...] = ()
    held: int = 0

    def words(self) -> str:
        """Format it in a line."""
        text = f"{self.name} ({self.service_id})"
        if not self.referrals:
            return text
        return (
            text
            + ": "
            + _("referiri deschise {numbers}, locuri rezervate {held}").format(
                numbers=", ".join(self.referrals), held=number(self.held)
            )
        )


def _listed(title: str, rows: Sequence[ServiceMatch | Withdrawn]) -> list[str]:
    """Say a list under its count: all with something open, and the first of the others."""
    if not rows:
        return []
    items = sorted(rows, key=lambda row: not getattr(row, "referrals", ()))
    busy = sum(bool(getattr(row, "referrals", ())) for row in items)
    shown = items[: max(busy, _MOST_SAID)]
    more = ["  …"] if len(shown) < len(items) else []
    return [title.format(n=number(len(rows))), *(f"  {row.words()}" for row in shown), *more]


def _columns(names: str) -> str:
    values = {
        "registry_key": _("codul"),
        "service_type": _("tipul"),
        "name": _("denumirea"),
        "organization": _("furnizorul"),
        "uat_siruta": _("localitatea"),
        "address": _("adresa"),
    }
    return ", ".join(values[name] for name in names.split(";") if name)


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do.

    Attributes
    ----------
    manifest
        The edition's own record.
    rejects_file
        Where the rejected rows stand; None where nothing was written.
    reasons
        Rejected rows by reason code.
    is_dry_run
        Whether nothing was written.
    first_rejects
        Some rejects in words, for the terminal.
    matches
        Services that kept their id although what identifies them changed.
    withdrawn
        Services that the source no longer has: kept as withdrawn.
    concerns
        What had to be confirmed, or would have to be.
    """

    manifest: Manifest
    rejects_file: Path | None
    reasons: dict[str, int]
    is_dry_run: bool = False
    first_rejects: tuple[str, ...] = field(default=())
    matches: tuple[ServiceMatch, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    concerns: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON-ready data (DESIGN §7)."""
        m = self.manifest
        return {
            "kind": m.kind,
            "source": m.source_name or None,
            "edition": m.edition,
            "as_of": m.as_of,
            "rows_read": m.rows_read,
            "rows_loaded": m.rows_loaded,
            "rows_rejected": m.rows_rejected,
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
            "added": m.added,
            "removed": m.removed,
            "changed": m.changed,
            "reasons": self.reasons,
            "notes": list(m.notes),
            "unused": {key: list(m.unused.get(key, ())) for key in UNUSED},
            "matches": [asdict(each) for each in self.matches],
            "withdrawn": [asdict(each) for each in self.withdrawn],
            "concerns": list(self.concerns),
            "dry_run": self.is_dry_run,
        }

    def lines(self) -> list[str]:
        """Format the report in lines."""
        m = self.manifest
        items = [
            _("{kind}: rânduri citite {read} = încărcate {loaded} + respinse {rejected}").format(
                kind=f"{m.kind}/{m.source_name}" if m.source_name else m.kind,
                read=number(m.rows_read),
                loaded=number(m.rows_loaded),
                rejected=number(m.rows_rejected),
            ),
            _("Față de ediția dinainte: noi {added}, dispărute {removed}, schimbate {changed}").format(
                added=number(m.added), removed=number(m.removed), changed=number(m.changed)
            ),
            *(f"  {note}" for note in m.notes),
            *(f"  {reason}: {count}" for reason, count in self.reasons.items()),
            *(f"  {line}" for line in self.first_rejects),
            *_listed(_("Recunoscute, deși s-au schimbat: {n}"), self.matches),
            *_listed(_("Retrase (nu mai sunt în fișier; ce este deschis la ele rămâne): {n}"), self.withdrawn),
            *(f"  {line}" for line in unused_lines(m.unused)),
        ]
        if self.is_dry_run:
            return [*items, _("Probă: nu s-a scris nimic.")]
        if self.rejects_file:
            items.append(_("Rândurile respinse: {path}").format(path=self.rejects_file))
        return [*items, _("Versiunea curentă: {edition}").format(edition=m.edition)]


def import_report(prepared: Prepared, edition: Edition | None) -> ImportReport:
    """Make the report of an edition; edition None: of what would be one."""
    rejects = prepared.tables["rejects"]
    reasons = {str(reason): int(count) for reason, count in rejects["reason"].value_counts().items()}
    file = edition.folder / REJECTS_FILE if edition and len(rejects) else None
    first = tuple(describe_reject(line) for line in rejects.head(3).itertuples())
    return ImportReport(
        prepared.manifest,
        file,
        reasons,
        is_dry_run=edition is None,
        first_rejects=first,
        matches=_matches(prepared.tables),
        withdrawn=_withdrawn(prepared),
        concerns=tuple(each.words for each in prepared.concerns),
    )


def _matches(tables: Mapping[str, Any]) -> tuple[ServiceMatch, ...]:
    """Name the public services that kept their id although what identifies them changed."""
    if "matches" not in tables:
        return ()
    services = tables["services"]
    public = services[~services["is_secret"]]
    names = dict(zip(public["service_id"], public["name"], strict=True))
    rows = tables["matches"].itertuples(index=False)
    return tuple(ServiceMatch(row.service_id, names[row.service_id], row.matched_by, row.changed) for row in rows
                 if row.service_id in names)  # fmt: skip


def _withdrawn(prepared: Prepared) -> tuple[Withdrawn, ...]:
    """Name the public services that this edition is the first not to have."""
    table = prepared.tables.get("withdrawn")
    if table is None:
        return ()
    now = table[(table["withdrawn_on"] == prepared.manifest.as_of) & ~table["is_secret"].astype("bool")]
    return tuple(Withdrawn(service_id, name) for service_id, name in zip(now["service_id"], now["name"], strict=True))


def describe_reject(reject: Any) -> str:
    """Format one row of the rejects' table in words."""
    # Registers hold line ends and worse; what is quoted stays on one line.
    value = " ".join(str(reject.value).split())[:40]
    text = _("rândul {row}, {field} „{value}”: {message}").format(
        row=reject.row, field=reject.field, value=value, message=reject.message
    )
    return _("foaia „{sheet}”, {said}").format(sheet=reject.sheet, said=text) if reject.sheet else text
