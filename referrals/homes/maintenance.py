"""What a home needs while its server runs: retention, backups, pruning, anchors of the audit log, each in its time.

One thread looks each minute at what is due. Several servers of one home take turns (a lock in the home). What
fails is logged and tried again; a server that is stopped in the middle leaves the old state or the new one.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from core.background_work import in_background
from core.errors import BadValueError, MapError
from core.i18n import _
from core.romanian_calendar import BUCHAREST
from core.storage.home import locked, make_private_folder, write_atomically
from referrals.backups import creation
from referrals.homes import publishing
from referrals.ledger import erasure, erasure_list
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import BackupError
from referrals.records.vocabulary import SYSTEM

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

EVERY_SECONDS = 60.0
FOLDER_SETTING, KEPT_SETTING = "HARTA_BACKUPS", "HARTA_BACKUPS_KEPT"
OFF = "off"
KEPT = 14  # automatic backups that stay: what was erased is gone from every backup after as many days
_LOCK, _STATE = ".maintenance.lock", "maintenance.json"
_NAME, _PATTERN = "harta-%Y-%m-%dT%H%M%S%f.zip", "harta-????-??-??T*.zip"
_NIGHT = range(1, 5)  # hours of Bucharest in which a backup stands in nobody's way
_DAY, _LATE = timedelta(hours=20), timedelta(hours=30)


@dataclass(frozen=True)
class Task:
    """One thing to be done again and again: how often, and what."""

    name: str
    every: timedelta
    do: Callable[[Home, Ledger], object]
    is_nightly: bool = False


def backups_folder(home: Home) -> Path | None:
    """Return where automatic backups go: HARTA_BACKUPS, else `backups` in the home; None where they are off.

    A demonstration makes none by itself.
    """
    text = os.environ.get(FOLDER_SETTING, "").strip()
    if text.casefold() == OFF or (home.is_demo and not text):
        return None
    return Path(text).absolute() if text else home.path / "backups"


def backups_kept() -> int:
    """Read how many automatic backups stay; BadValueError for a setting that is no number."""
    text = os.environ.get(KEPT_SETTING, "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise BadValueError(
            _("{setting} este „{found}”; trebuie să fie un număr de copii, cel puțin 1.").format(
                setting=KEPT_SETTING, found=text[:20]
            )
        )
    return int(text) if text else KEPT


def backups(home: Home) -> list[Path]:
    """List the automatic backups that are there, newest first."""
    folder = backups_folder(home)
    return sorted(folder.glob(_PATTERN), reverse=True) if folder and folder.is_dir() else []


def make_backup(home: Home, ledger: Ledger, *, actor: Actor = SYSTEM) -> Path:
    """Make a backup where they are kept, `backups` in the home where that is said nowhere.

    The oldest above the number that stays are taken away. Raises what `creation.backup` raises.
    """
    folder, kept = backups_folder(home) or home.path / "backups", backups_kept()
    try:
        make_private_folder(folder)
    except OSError as error:
        raise BackupError(
            _("Dosarul copiilor {path} nu poate fi făcut: {why}").format(path=folder, why=error.strerror or error)
        ) from error
    made = creation.backup(home, ledger, folder / ledger.clock().strftime(_NAME), actor=actor)
    for old in sorted(folder.glob(_PATTERN), reverse=True)[kept:]:
        old.unlink(missing_ok=True)
        erasure_list.beside(old).unlink(missing_ok=True)
    return made.path


def _automatic_backup(home: Home, ledger: Ledger) -> None:
    if backups_folder(home) is not None:
        make_backup(home, ledger)


def _witness(_home: Home, ledger: Ledger) -> None:
    ledger.anchor()
    ledger.keep_erasures()
    ledger.store.empty_journal()


TASKS = (
    Task("anchor", timedelta(minutes=10), _witness),
    Task("retention", timedelta(hours=1), lambda _home, ledger: ledger.erase_old(actor=SYSTEM)),
    Task("purge", _DAY, lambda _home, ledger: ledger.store.purge(*erasure.PURGED), is_nightly=True),
    Task("prune", _DAY, lambda home, ledger: publishing.prune(home, ledger, actor=SYSTEM)),
    Task("backup", _DAY, _automatic_backup, is_nightly=True),
)


def do_what_is_due(home: Home, *, now: datetime | None = None) -> list[str]:
    """Do each task whose time has come; return the names of those that were done. Trouble is logged."""
    done = []
    with locked(home.path / _LOCK):
        last, moment = last_done(home), now or datetime.now(UTC)
        due = [task for task in TASKS if _is_due(task, last.get(task.name), moment)]
        if not due:
            return []
        with closing(open_ledger(home)) as ledger:
            for task in due:
                try:
                    task.do(home, ledger)
                except (MapError, OSError) as error:
                    logging.getLogger("harta.maintenance").warning("%s: %s", task.name, error)
                    continue
                last[task.name] = moment
                done.append(task.name)
                values = {name: at.isoformat(timespec="seconds") for name, at in last.items()}
                write_atomically(home.path / _STATE, json.dumps(values, indent=1).encode(), is_private=True)
    return done


def last_done(home: Home) -> dict[str, datetime]:
    """Return when each task was done last, by its name."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        payload = json.loads((home.path / _STATE).read_text(encoding="utf-8"))
        return {str(name): datetime.fromisoformat(at) for name, at in payload.items()}
    return {}


def _is_due(task: Task, last: datetime | None, now: datetime) -> bool:
    """Whether a task's time has come; a nightly one waits for the night unless it is late or was never done."""
    if last is None or last > now:  # a clock that was put back must not stop everything
        return True
    since = now - last
    if task.is_nightly and since < _LATE:
        return since >= task.every and now.astimezone(BUCHAREST).hour in _NIGHT
    return since >= task.every


@contextmanager
def maintaining(home: Home, *, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Do what is due in a thread of its own while the block runs."""
    with in_background("maintenance", lambda stop: _run(home, stop, every_seconds)):
        yield


def _run(home: Home, stop: threading.Event, every_seconds: float) -> None:
    # Not with the first pages: whoever starts a server wants to see one.
    while not stop.wait(min(every_seconds, 5.0 if not last_done(home) else every_seconds)):
        try:
            do_what_is_due(home)
        except (MapError, OSError) as error:
            logging.getLogger("harta.maintenance").warning("%s", error)
