"""What stands between a file that was read and an edition in force: is anything there, and is enough of it good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UnreadableFileError
from core.i18n import _, number
from providers.imports.import_report import describe_reject

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from core.storage.editions import Manifest

# Assumed: a register of which half is refused was read wrongly more often than it is wrong. The largest share
# refused of a real register so far is 1 in 2,000.
MOST_REJECTED = 0.5
_REASONS_SAID = 3


def require_file(path: Path) -> None:
    """Refuse a name behind which there is no file."""
    try:
        found = path.exists()
    except (OSError, ValueError):  # a name too long, a folder that may not be entered
        found = False
    if not found:
        raise UnreadableFileError(_("{file}: nu există un fișier cu acest nume.").format(file=str(path)[-120:]))


def require_rows(path: Path, rows_read: int, rejects: pd.DataFrame) -> None:
    """Refuse a file of which nothing is left: an empty edition would take all services off the map."""
    if rows_read > len(rejects):
        return
    if not rows_read:
        raise UnreadableFileError(
            _("{file}: sub titluri nu este niciun rând. Versiunea curentă a rămas neschimbată.").format(file=path.name)
        )
    first = describe_reject(next(rejects.itertuples())).rstrip(".")
    raise UnreadableFileError(
        _(
            "{file}: niciun rând nu poate fi încărcat ({n} respinse). {first}. Versiunea curentă a rămas neschimbată."
        ).format(file=path.name, n=number(rows_read), first=first[:1].upper() + first[1:])
    )


def too_many_rejects(manifest: Manifest) -> bool:
    """Whether so much was refused (MOST_REJECTED or more) that a person must say that it is meant.

    A single refused row is not too many of however few: the report shows it whole.
    """
    return manifest.rows_rejected > 1 and manifest.rows_rejected >= MOST_REJECTED * manifest.rows_read


def reject_words(manifest: Manifest, rejects: pd.DataFrame) -> str:
    """Return in words how much of a file was refused, for which reasons, and one row of it."""
    reasons = rejects["reason"].value_counts().head(_REASONS_SAID)
    first = describe_reject(next(rejects.itertuples())).rstrip(".")
    return _("rânduri care ar fi respinse: {rejected} din {read} ({reasons}), de exemplu {first}").format(
        rejected=number(manifest.rows_rejected),
        read=number(manifest.rows_read),
        reasons=", ".join(f"{reason}: {number(int(count))}" for reason, count in reasons.items()),
        first=first,
    )
