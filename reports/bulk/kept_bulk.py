"""The files of the last days in a home: made once a day, kept for some, and taken back where they say too much.

    bulk/2026-12-01/           the files of a day, and `.open`: keyed hashes of the services whose address they tell

A service that becomes protected was open in the files of days before: such a day is not given out any more, from the
next request on, and is made again or deleted by the next turn of the timer. The hashes name nobody without the home's
secret.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import BadValueError
from core.i18n import _
from core.romanian_calendar import BUCHAREST
from core.storage.home import locked, make_private_folder, sync
from providers.rules import protected_keys
from referrals.workflow.sealed_keys import sealing_key
from reports.bulk.bulk_files import read_index, write_bulk
from reports.bulk.bulk_tables import gather_bulk

if TYPE_CHECKING:
    from geo.maps.atlas_view import AtlasView
    from providers.catalogue.catalogue import Catalogue
    from referrals.workflow.directory import Directory
    from reports.bulk.bulk_files import BulkIndex
    from reports.bulk.bulk_tables import BulkContent

SETTING, KEPT_SETTING = "HARTA_BULK", "HARTA_BULK_KEPT"
ON, OFF = "on", "off"
KEPT = 7  # days
FOLDER = "bulk"
_OPEN, _LOCK = ".open", ".bulk.lock"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NIGHT = range(1, 5)  # hours of Bucharest in which the work stands in nobody's way
_LATE = timedelta(hours=30)


def is_wanted(directory: Directory) -> bool:
    """Whether the timer makes files: `on`, or nothing said in a live home; a demonstration makes none by itself."""
    text = os.environ.get(SETTING, "").strip().casefold()
    if text not in ("", ON, OFF):
        raise BadValueError(_("{setting} poate fi on sau off.").format(setting=SETTING))
    return text == ON or (not text and not directory.home.is_demo)


def days_kept() -> int:
    """Read how many days stay; BadValueError for a setting that is no number."""
    text = os.environ.get(KEPT_SETTING, "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise BadValueError(
            _("{setting} este „{found}”; trebuie să fie un număr de zile, cel puțin 1.").format(
                setting=KEPT_SETTING, found=text[:20]
            )
        )
    return int(text) if text else KEPT


def open_days(directory: Directory) -> list[str]:
    """List the days that may be given out now, newest first."""
    catalogue = directory.snapshot().catalogue
    return [folder.name for folder in _folders(directory) if not _says_too_much(folder, catalogue)]


def open_index(directory: Directory, day: str) -> tuple[Path, BulkIndex] | None:
    """Return the folder of a day and its index; None where there is none that may be given out."""
    if day not in open_days(directory):
        return None
    folder = directory.home.path / FOLDER / day
    try:
        return folder, read_index(folder)
    except (OSError, ValueError):
        return None


def is_due(directory: Directory, *, now: datetime) -> bool:
    """Whether the files of today are to be made: at night, or at once where the newest are gone, old or taken back."""
    days = open_days(directory)
    if not days or len(days) < len(_folders(directory)):
        return True
    local = now.astimezone(BUCHAREST)
    if days[0] >= local.date().isoformat():
        return False
    made = datetime.fromisoformat(f"{days[0]}T00:00").replace(tzinfo=BUCHAREST)
    return local.hour in _NIGHT or local - made > _LATE


def make_day(directory: Directory, *, now: datetime, view: AtlasView | None = None) -> BulkIndex:
    """Make the files of today, take back what says too much, and delete what is past its days.

    Parameters
    ----------
    directory
        Of the home.
    now
        This moment.
    view
        Units with the atlas, where the caller has them.

    Returns
    -------
    BulkIndex
        What was made.

    Raises
    ------
    BadValueError
        For a setting that is none.
    OSError
        Where the disk refuses.
    """
    kept, day = days_kept(), now.astimezone(BUCHAREST).date()
    above = directory.home.path / FOLDER
    make_private_folder(above)
    with locked(directory.home.path / _LOCK):
        content = gather_bulk(directory, view=view)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=above) as side:
            made = Path(side) / "day"
            made.mkdir(mode=0o700)
            _write_hashes(content, made / _OPEN)
            index = write_bulk(content, made, day=day)
            target = above / day.isoformat()
            if target.exists():
                target.rename(Path(side) / "before")
            made.rename(target)
        sync(above)
        catalogue = directory.snapshot().catalogue
        found = _folders(directory)
        for folder in {*found[kept:], *(each for each in found if _says_too_much(each, catalogue))}:
            shutil.rmtree(folder, ignore_errors=True)
    return index


def _folders(directory: Directory) -> list[Path]:
    with suppress(OSError):
        found = (directory.home.path / FOLDER).iterdir()
        return sorted((each for each in found if _DAY.fullmatch(each.name)), reverse=True)
    return []


def _write_hashes(content: BulkContent, path: Path) -> None:
    key = sealing_key(content.directory.ledger)
    table = content.public
    hashes = (
        protected_keys.tail(each, key) for each, secret in zip(table.ids, table.is_secret, strict=True) if not secret
    )
    path.write_text("\n".join(hashes), encoding="ascii")


def _says_too_much(folder: Path, catalogue: Catalogue) -> bool:
    try:
        hashes = _hashes(folder, (folder / _OPEN).stat().st_mtime_ns)
    except OSError:
        return True  # nothing tells what is in there
    return any(protected_keys.tail_of(key) in hashes for key in catalogue.sealed.values())


@lru_cache(maxsize=16)
def _hashes(folder: Path, _changed: int) -> frozenset[str]:
    return frozenset((folder / _OPEN).read_text(encoding="ascii").split())
