"""What `harta doctor` says of the machine that a home is on: whether backups are made, whether the disk has room."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.i18n import _, ngettext, number
from referrals.homes.maintenance import backups, backups_folder, last_done

if TYPE_CHECKING:
    from core.storage.home import Home

_OLDEST_BACKUP = timedelta(hours=48)
_LEAST_FREE = 200_000_000  # bytes; a backup and a rebuilt database have to fit in any case
_BYTES_A_MB = 1_000_000


def backup_faults(home: Home, *, now: datetime | None = None) -> list[str]:
    """Find that a served home has no backup of the last two nights; nothing where automatic backups are off."""
    if backups_folder(home) is None or not last_done(home):  # nobody has served it yet
        return []
    newest = backups(home)[:1]
    if not newest:
        return [_("Nu există nicio copie de siguranță automată. Vedeți jurnalul aplicației.")]
    age = (now or datetime.now(UTC)) - datetime.fromtimestamp(newest[0].stat().st_mtime, UTC)
    if age <= _OLDEST_BACKUP:
        return []
    hours = int(age.total_seconds() // 3600)
    return [
        ngettext(
            "Ultima copie de siguranță automată este de acum {n} oră ({path}). Vedeți jurnalul aplicației.",
            "Ultima copie de siguranță automată este de acum {n} ore ({path}). Vedeți jurnalul aplicației.",
            hours,
        ).format(n=number(hours), path=newest[0])
    ]


def disk_faults(home: Home) -> list[str]:
    """Find that the disk of the home has no room for the next backup."""
    kept = backups(home)[:1]
    needed = max(_LEAST_FREE, 2 * kept[0].stat().st_size if kept else 0)
    free = shutil.disk_usage(home.path).free
    if free >= needed:
        return []
    return [
        _("Discul aproape s-a umplut: {free} MB liberi, trebuie cel puțin {needed} MB. Eliberați spațiu.").format(
            free=number(free // _BYTES_A_MB), needed=number(needed // _BYTES_A_MB)
        )
    ]
