"""The file of a backup: a ZIP archive with a list of its files and their digests, read as hostile."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.i18n import _
from core.storage import embedding, message_settings, title_choices, travel_choice
from core.storage.home import RECORD_FILE, make_private_folder, sync
from referrals.database import anchors
from referrals.records.ledger_errors import BackupError

if TYPE_CHECKING:
    from collections.abc import Iterator

LEDGER = "ledger.sqlite"  # name of the ledger in an archive
OF_THE_HOME = (RECORD_FILE, anchors.FILE, title_choices.FILE, travel_choice.FILE, embedding.FILE, message_settings.FILE)
_FORMAT = 1
_LIST = "backup.json"
_CHUNK = 1 << 20
_MOST_LISTED = 16 * 2**20  # bytes of the list of files: a hostile archive must not fill the memory
_NAME = re.compile(r"(?:editions/[0-9a-z-]+(?:/[0-9A-Za-z_][0-9A-Za-z._-]*){1,3}|[a-z][0-9a-z-]*\.(?:sqlite|jsonl?))")
# What zipfile raises of a damaged archive; RuntimeError of one that says it is encrypted.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_PACKED = (".parquet", ".gz", ".zip")  # compressed already


def pack(side: Path, values: dict[str, Any], kept: dict[str, bytes], files: dict[str, Path]) -> None:
    """Write an archive: contents and files by their names in it, and the list of both with what it says besides."""
    listed = {}
    with _private(side) as handle, zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, content in kept.items():
            archive.writestr(_entry(name), content)
            listed[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, path in files.items():
            listed[name] = _add(archive, name, path)
        content = json.dumps({"format": _FORMAT, **values, "files": listed}, ensure_ascii=False, indent=1).encode()
        archive.writestr(_entry(_LIST), content)
    sync(side)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, object]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(_entry(name), "w", force_zip64=True) as target:
        while part := source.read(_CHUNK):
            digest.update(part)
            size += len(part)
            target.write(part)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _private(path: Path) -> Any:
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def look_into(path: Path, *, read_all: bool = False) -> dict[str, Any]:
    """Read what a backup says of itself.

    Parameters
    ----------
    path
        The file.
    read_all
        Whether every file in it is read and held against its digest.

    Returns
    -------
    dict
        `made_at`, `mode`, `home`, `rows`, `files`.

    Raises
    ------
    BackupError
        Where the file is missing, damaged or none of ours.
    """
    if not path.is_file():
        raise BackupError(_("Copia de siguranță {path} nu există.").format(path=path))
    return checked_list(path, read_all=read_all)


def checked_list(path: Path, *, read_all: bool) -> dict[str, Any]:
    """Return the list of an archive once its files are those of the list; with `read_all` also their digests."""
    try:
        with zipfile.ZipFile(path) as archive:
            values = _list_of(archive, path)
            if read_all:
                for name, one in values["files"].items():
                    for _part in _parts(archive, name, one):
                        pass
    except BackupError:
        raise
    except (*_BROKEN, OSError) as error:
        raise _damaged_error(path, str(error)) from error
    return values


def _list_of(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    foreign = BackupError(_("{path} nu este o copie de siguranță a acestui program.").format(path=path))
    try:
        is_small = archive.getinfo(_LIST).file_size <= _MOST_LISTED
        values: dict[str, Any] = json.loads(archive.read(_LIST)) if is_small else {}
        names = set(values["files"])
        is_whole = names == set(archive.namelist()) - {_LIST} and {LEDGER, RECORD_FILE} <= names
        sizes = all(archive.getinfo(name).file_size == int(one["bytes"]) for name, one in values["files"].items())
        datetime.fromisoformat(values["made_at"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise foreign from None
    if values.get("format") != _FORMAT or values.get("mode") not in ("demo", "live"):
        raise foreign
    if not is_whole or not sizes or not all(_NAME.fullmatch(name) for name in names):
        raise _damaged_error(path, _("lipsesc fișiere sau sunt altele decât în listă"))
    return values


def _parts(archive: zipfile.ZipFile, name: str, one: dict[str, Any]) -> Iterator[bytes]:
    """Read a file of the archive part by part; BackupError at the end where it is not the one of the list."""
    digest = hashlib.sha256()
    with archive.open(name) as source:
        while part := source.read(_CHUNK):
            digest.update(part)
            yield part
    if digest.hexdigest() != one["sha256"]:
        raise _damaged_error(Path(str(archive.filename)), name)


def _damaged_error(path: Path, why: str) -> BackupError:
    return BackupError(_("Copia de siguranță {path} este deteriorată: {why}").format(path=path, why=why[:120]))


def unpack(path: Path, values: dict[str, Any], work: Path) -> None:
    """Unpack an archive into a folder, each file held against its digest."""
    needed = sum(int(one["bytes"]) for one in values["files"].values())
    if needed > shutil.disk_usage(work).free:
        raise BackupError(_("Discul este plin: pentru restaurare trebuie {n} MB.").format(n=needed // 2**20 + 1))
    try:
        with zipfile.ZipFile(path) as archive:
            for name, one in values["files"].items():
                to = work / name
                make_private_folder(to.parent)
                with _private(to) as handle:
                    for part in _parts(archive, name, one):
                        handle.write(part)
                sync(to)
    except BackupError:
        raise
    except _BROKEN as error:
        raise _damaged_error(path, str(error)) from error


def count_editions(values: dict[str, Any]) -> int:
    """Return how many editions an archive holds, by its list."""
    return sum(name.endswith("/manifest.json") for name in values["files"])
