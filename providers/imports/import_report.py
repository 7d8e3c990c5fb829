"""What an import did, or would do: counts, what changed, the first rows that were refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.i18n import _, number
from core.storage.editions import REJECTS_FILE, Edition, Manifest
from providers.imports.reading_report import UNUSED, unused_lines

if TYPE_CHECKING:
    import pandas as pd


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
    """

    manifest: Manifest
    rejects_file: Path | None
    reasons: dict[str, int]
    is_dry_run: bool = False
    first_rejects: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON-ready data (DESIGN §7)."""
        m = self.manifest
        return {
            "kind": m.kind,
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
            "dry_run": self.is_dry_run,
        }

    def lines(self) -> list[str]:
        """Say the report in lines."""
        m = self.manifest
        said = [
            _("{kind}: rânduri citite {read} = încărcate {loaded} + respinse {rejected}").format(
                kind=m.kind, read=number(m.rows_read), loaded=number(m.rows_loaded), rejected=number(m.rows_rejected)
            ),
            _("Față de ediția dinainte: noi {added}, dispărute {removed}, schimbate {changed}").format(
                added=number(m.added), removed=number(m.removed), changed=number(m.changed)
            ),
            *(f"  {note}" for note in m.notes),
            *(f"  {reason}: {count}" for reason, count in self.reasons.items()),
            *(f"  {line}" for line in self.first_rejects),
            *(f"  {line}" for line in unused_lines(m.unused)),
        ]
        if self.is_dry_run:
            return [*said, _("Probă: nu s-a scris nimic.")]
        if self.rejects_file:
            said.append(_("Rândurile respinse: {path}").format(path=self.rejects_file))
        return [*said, _("Ediția în vigoare: {edition}").format(edition=m.edition)]


def import_report(
    manifest: Manifest, rejects: pd.DataFrame, edition: Edition | None, *, is_dry_run: bool = False
) -> ImportReport:
    """Make the report of an edition, or with `is_dry_run` of what would be one."""
    reasons = {str(reason): int(count) for reason, count in rejects["reason"].value_counts().items()}
    file = edition.folder / REJECTS_FILE if edition and len(rejects) else None
    first = tuple(said_reject(line) for line in rejects.head(3).itertuples())
    return ImportReport(manifest, file, reasons, is_dry_run, first)


def said_reject(reject: Any) -> str:
    """Say one row of the rejects' table in words."""
    # Registers hold line ends and worse; what is quoted stays on one line.
    value = " ".join(str(reject.value).split())[:40]
    said = _("rândul {row}, {field} „{value}”: {message}").format(
        row=reject.row, field=reject.field, value=value, message=reject.message
    )
    return _("foaia „{sheet}”, {said}").format(sheet=reject.sheet, said=said) if reject.sheet else said
