"""Registers put in force by a person: a file in, the difference seen, published or thrown away, undone.

Everything that changes what is in force asks the table of roles and is written in the audit log. The rows of
services with a protected address are told without their names.
"""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import MapError, NotAllowedError, UnreadableFileError
from core.i18n import _, language, use_language
from core.storage.editions import Edition, EditionStore, Manifest
from core.storage.home import Home
from core.storage.import_kinds import KINDS, READABLE, in_slot, slot_of
from core.storage.title_choices import remember_titles
from providers.imports import importing
from providers.imports.import_guards import concerns_of, require_confirmed
from providers.imports.importing import may_import, prepare
from referrals.database import audit
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from providers.imports.importing import TitleLook
    from providers.imports.prepared_edition import Prepared
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

ACTION = "edition.publish"
MOST_BYTES = 60 * 1024 * 1024  # of an uploaded file: twice the largest real one; the server refuses more as well
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


@dataclass(frozen=True)
class KindState:
    """What a home holds of one kind. age_days: since the day the data describe, None where nobody said which.

    earlier: published before and not in force, newest import first. staged: waiting for a decision. Of a registry,
    what it holds of one source; its first source is still to be named where it has none.
    """

    kind: str
    source: str
    title: str
    current: Manifest | None
    age_days: int | None
    earlier: tuple[Manifest, ...]
    staged: tuple[Edition, ...]
    is_open: bool
    is_withdrawn: bool

    @property
    def slot(self) -> str:
        """Where its editions are (`core.storage.import_kinds.slot_of`)."""
        return slot_of(self.kind, self.source)


def overview(home: Home, *, today: date | None = None) -> list[KindState]:
    """Return for every kind, of a registry of every source, what the home holds.

    `is_open`: whether a file of it may be imported here at all.
    """
    store, day = EditionStore(home), today or datetime.now(UTC).date()
    slots = [slot for kind in READABLE for slot in store.slots(kind) or [slot_of(kind)]]
    return [_state(store, slot, day) for slot in slots]


def _state(store: EditionStore, slot: str, today: date) -> KindState:
    kind, source = in_slot(slot)
    now = store.current(slot)
    name = now.manifest.edition if now else ""
    return KindState(
        kind,
        source,
        KINDS[kind].title,
        now.manifest if now else None,
        _age(now.manifest.as_of, today) if now else None,
        tuple(e.manifest for e in store.editions(slot) if e.manifest.edition != name),
        tuple(store.staged(slot)),
        may_import(store.home, kind),
        store.is_withdrawn(slot),
    )


def _age(as_of: str, today: date) -> int | None:
    try:
        return (today - date.fromisoformat(as_of)).days
    except ValueError:
        return None


def may_publish(actor: Actor | None) -> bool:
    """Whether this person may change what is in force. Nobody known may not, in a demonstration neither."""
    return actor is not None and roles.allows(actor, ACTION, roles.NATION)


def require_publisher(actor: Actor | None) -> Actor:
    """Return who changes a register; NotAllowedError where nobody is signed in or may not."""
    if actor is None:
        raise NotAllowedError(_("Autentificați-vă ca să schimbați un registru."))
    roles.require(actor, ACTION)
    return actor


def stage_file(
    home: Home,
    kind: str,
    name: str,
    content: bytes,
    *,
    actor: Actor | None,
    source: str | None = None,
    as_of: date | None = None,
    companion: tuple[str, bytes] | None = None,
    titles: Mapping[str, str] | None = None,
    tell: Callable[[str], object] = str,
) -> Edition:
    """Read an uploaded file and lay it beside what is in force, unseen until somebody publishes it.

    The file is kept in a folder of its own while it is read, and removed whatever happens.

    Parameters
    ----------
    home
        The home.
    kind
        Kind of register or layer.
    name
        As the person's machine calls it; only its ending is used on ours.
    content
        The file's bytes, at most MOST_BYTES.
    actor
        Who uploads; None = nobody is signed in, which is refused.
    source
        Which source of a registry it is an edition of; None = the only one that it can be.
    as_of
        Day that the data are of; None = as the file says, or today.
    companion
        Name and bytes of a second file that the kind may need.
    titles
        Field by title of the file, as the person chose; they are remembered.
    tell
        Called with each step in words.

    Returns
    -------
    Edition
        Staged, not in force.

    Raises
    ------
    NotAllowedError
        Where the actor may not publish.
    UnreadableFileError
        Where a file is larger than MOST_BYTES.
    MapError
        Saying what else is wrong with the file.
    """
    require_publisher(actor)
    _require_small([(name, content), *([companion] if companion else ())])
    folder = Path(tempfile.mkdtemp(prefix="harta-upload-"))
    try:
        tell(_("Se păstrează fișierul"))
        path = _kept(folder, name, content)
        beside = _kept(folder, companion[0], companion[1], "companion") if companion else None
        tell(_("Se citește și se compară cu versiunea curentă"))
        prepared = _in_romanian(
            partial(prepare, home, kind, path, source=source, as_of=as_of, companion=beside, titles=titles)
        )
        tell(_("Se pregătește ediția"))
        staged = EditionStore(home).stage(prepared.manifest, prepared.tables)
        remember_titles(home, kind, titles or {}, source or "")
        return staged
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def look_at_titles(home: Home, kind: str, files: Sequence[tuple[str, bytes]], *, actor: Actor | None) -> TitleLook:
    """Return what the titles of an uploaded file are read as; nothing is kept of it.

    Parameters
    ----------
    home
        The home.
    kind
        Kind of register or layer.
    files
        Name and bytes of the file, and of its companion where there is one.
    actor
        Who uploads; None = nobody is signed in, which is refused.

    Returns
    -------
    TitleLook
        Also of a file that cannot be read as it is.

    Raises
    ------
    NotAllowedError
        Where the actor may not publish.
    UnreadableFileError
        Where a file is larger than MOST_BYTES.
    """
    require_publisher(actor)
    _require_small(files)
    with tempfile.TemporaryDirectory(prefix="harta-upload-") as name:
        kept = [_kept(Path(name), *file, part) for file, part in zip(files, ("registru", "companion"), strict=False)]
        return importing.look_at_titles(home, kind, kept[0], companion=kept[1] if len(kept) > 1 else None)


def _require_small(files: Sequence[tuple[str, bytes]]) -> None:
    for name, content in files:
        if len(content) > MOST_BYTES:
            raise UnreadableFileError(
                _("{file}: fișierul are peste {most} MB.").format(file=name, most=MOST_BYTES // 2**20)
            )


def _in_romanian(make: Callable[[], Prepared]) -> Prepared:
    """Prepare an edition: its notes and reasons stay for all to read, so they are Romanian on any screen.

    What is wrong with a file is said to the person at the screen only, in the language of the screen.
    """
    try:
        with use_language("ro"):
            return make()
    except MapError:
        if language() == "ro":
            raise
        return make()


def _kept(folder: Path, name: str, content: bytes, part: str = "registru") -> Path:
    # The stem is ours too: a name made elsewhere may climb out of the folder or point at a source card.
    last = Path(name.replace("\\", "/")).name
    suffix = Path(last).suffix
    stem = re.sub(r"[^0-9A-Za-z_-]+", "-", Path(last).stem).strip("-")[:60] or part
    path = folder / part / f"{stem}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
    path.parent.mkdir()
    path.write_bytes(content)
    return path


def publish(home: Home, ledger: Ledger, staged: Edition, *, actor: Actor | None, confirmed: bool = False) -> Edition:
    """Put a staged edition in force, and write that in the audit log.

    Parameters
    ----------
    home
        The home.
    ledger
        Its ledger.
    staged
        What `stage_file` gave.
    actor
        Who publishes; None = nobody is signed in, which is refused.
    confirmed
        Whether somebody has said that what gives concern is meant (`providers.imports.import_guards`).

    Returns
    -------
    Edition
        The edition in force.

    Raises
    ------
    NotAllowedError
        Where the actor may not publish.
    EditionError
        Where somebody else published meanwhile.
    NotConfirmedError
        Where what it would do gives concern and nobody has confirmed it.
    """
    who = require_publisher(actor)
    store = EditionStore(home)
    require_confirmed(staged.manifest, concerns_of(store, staged), confirmed=confirmed)
    before = staged.manifest.previous or ""
    edition = store.publish(staged)
    log_change(ledger, "edition.publish", staged.slot, before, edition.manifest.edition, who)
    prune_after_publishing(home, ledger, staged.slot, actor=who)
    return edition


def log_import(home: Home, ledger: Ledger, slot: str, *, actor: Actor) -> None:
    """Write in the audit log that a command put the edition in force there, and delete those that it made old."""
    now = EditionStore(home).current(slot)
    if now is not None:
        log_change(ledger, "edition.publish", now.slot, now.manifest.previous or "", now.manifest.edition, actor)
        prune_after_publishing(home, ledger, now.slot, actor=actor)


def discard(home: Home, ledger: Ledger, staged: Edition, *, actor: Actor | None) -> None:
    """Throw a staged edition away."""
    who = require_publisher(actor)
    EditionStore(home).discard(staged)
    log_change(ledger, "edition.discard", staged.slot, staged.manifest.edition, "", who)


def bring_back(home: Home, ledger: Ledger, slot: str, name: str, *, actor: Actor | None) -> Edition:
    """Put an earlier edition in force again."""
    who = require_publisher(actor)
    store = EditionStore(home)
    now = store.current(slot)
    edition = store.bring_back(slot, name)
    log_change(ledger, "edition.bring_back", edition.slot, now.manifest.edition if now else "", name, who)
    return edition


def prune(home: Home, ledger: Ledger, *, actor: Actor, keep: int = 2) -> list[tuple[str, str]]:
    """Delete old editions of every kind and source; return their slots and names.

    keep: how many stay of each, the one in force and those before it. Each deletion is written in the audit log.
    What cannot be deleted or read does not keep the others back: its error is raised at the end.
    """
    roles.require(actor, ACTION)
    gone: list[tuple[str, str]] = []
    trouble: MapError | None = None
    for slot in (slot for kind in KINDS for slot in EditionStore(home).slots(kind)):
        try:
            gone += [(slot, name) for name in _prune_slot(home, ledger, slot, actor, keep)]
        except MapError as error:
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    return gone


def _prune_slot(home: Home, ledger: Ledger, slot: str, actor: Actor, keep: int) -> list[str]:
    names = EditionStore(home).prune(slot, keep=keep)
    for name in names:
        log_change(ledger, "edition.prune", slot, name, "", actor)
    return names


def prune_after_publishing(home: Home, ledger: Ledger, slot: str, *, actor: Actor) -> None:
    """Delete the editions of a slot that a new one made old; trouble is logged, as the new one is in force already."""
    try:
        _prune_slot(home, ledger, slot, actor, keep=2)
    except MapError as error:
        logging.getLogger("harta.editions").warning("%s", error)


def log_change(ledger: Ledger, action: str, slot: str, before: str, after: str, actor: Actor) -> None:
    """Write in the audit log what was changed of the editions of a slot: their names before and after."""
    with ledger.store.write() as connection:
        audit.lock(connection, [slot])
        step = audit.AuditEvent(action, slot, before=before, after=after)
        audit.append(connection, slot, step, actor=actor, at=ledger.clock())
