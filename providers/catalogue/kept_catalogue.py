"""The catalogue of a home as it was made, kept beside the editions for the next process: reading it takes a tenth.

    catalogue/<name>.arrow     services and what decides access, a column each (Arrow IPC, mapped into memory)
    catalogue/<name>.json      the digest of that file, and what is no column

It holds public facts alone, and the sealed keys of protected services; it is derived: it is in no backup, and whoever
deletes it loses time alone. Its name follows from the editions, the program and its tables, so another in any of them
is another catalogue. docs/decisions/0068 says what was measured.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from dataclasses import fields, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.resources import DATA
from core.storage.editions import EditionStore
from core.storage.file_stamps import fresh_sha256
from core.storage.home import make_private_folder, write_atomically
from core.storage.import_kinds import KINDS, REGISTRIES
from providers.catalogue.access_rules import Rules
from providers.catalogue.catalogue import Catalogue, assembled, law_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.storage.edition import Edition
    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer

FOLDER = "catalogue"
_FORM = "1"  # of the files: those of another form are made anew
_RULE = "rule:"  # before the name of a column of `Rules`
_CODE = Path(__file__).resolve().parent.parent.parent
_ROOMS = ("core", "geo", "providers")  # whose code makes a catalogue


def read_kept(home: Home, gazetteer: Gazetteer, *, sealing_key: bytes) -> Catalogue | None:
    """Return the catalogue of the editions in force as it was kept.

    Parameters
    ----------
    home
        The home.
    gazetteer
        Its places.
    sealing_key
        The home's secret, with which it was made.

    Returns
    -------
    Catalogue or None
        Equal to what `load_catalogue` makes; None where none is kept of these editions, this program and this key, or
        its file is not what was written.

    Raises
    ------
    EditionError
        Where the table of an edition in force is not what its digest says, though the catalogue is kept.
    """
    import pyarrow as pa

    editions = _editions(home)
    name = _name(editions, sealing_key)
    if not name:
        return None
    path = home.path / FOLDER / f"{name}.arrow"
    try:
        said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if fresh_sha256(path) != said["digest"]:
            return None
        with pa.memory_map(str(path)) as mapped:
            table = pa.ipc.open_file(mapped).read_all()
        rules = {each.name: _array(table, each.name, said["kinds"]) for each in fields(Rules)}
        services = table.select([column for column in table.column_names if not column.startswith(_RULE)]).to_pandas()
        sealed, offices = dict(said["sealed"]), int(said["offices"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException):
        return None
    for edition in editions:
        if edition.manifest.kind in _registry_kinds():
            edition.require_unchanged("services.parquet")
    law = law_manifest()
    manifests = (
        *(edition.manifest for edition in editions if edition.manifest.kind in _registry_kinds()),
        replace(law, rows_read=offices, rows_loaded=offices),
    )
    return assembled(services, Rules(**rules), gazetteer, manifests=manifests, sealed=sealed)


def keep(home: Home, catalogue: Catalogue, *, sealing_key: bytes) -> None:
    """Keep a catalogue for the next process; where the disk refuses, nothing is kept.

    Parameters
    ----------
    home
        The home whose editions in force it was made of.
    catalogue
        As `load_catalogue` makes it.
    sealing_key
        The home's secret, with which it was made.
    """
    name = _name(_editions(home), sealing_key)
    if not name:
        return
    with suppress(OSError):
        _write(home.path / FOLDER, name, catalogue)


def _write(folder: Path, name: str, catalogue: Catalogue) -> None:
    """Write both files, the one that is looked for first last, and delete those of other catalogues."""
    import pyarrow as pa

    make_private_folder(folder)
    table = pa.Table.from_pandas(catalogue.services, preserve_index=False)
    kinds = {}
    for each in fields(Rules):
        values = getattr(catalogue.rules, each.name)
        kinds[each.name] = values.dtype.str
        table = table.append_column(
            f"{_RULE}{each.name}", pa.array(values.astype(object) if _is_text(kinds[each.name]) else values)
        )
    aside = folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
    try:
        with open(aside, "xb", opener=_private) as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        said = {
            "digest": fresh_sha256(aside), "kinds": kinds, "sealed": dict(catalogue.sealed),
            "offices": catalogue.manifests[-1].rows_loaded,
        }  # fmt: skip
        aside.replace(folder / f"{name}.arrow")
    finally:
        aside.unlink(missing_ok=True)
    write_atomically(folder / f"{name}.json", json.dumps(said).encode(), is_private=True)
    for old in folder.iterdir():  # whoever has one mapped keeps it
        if not old.name.startswith((name, ".")):
            with suppress(OSError):
                old.unlink()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _is_text(kind: str) -> bool:
    return kind[1] == "U"


def _array(table: Any, name: str, kinds: dict[str, str]) -> Any:
    """Take one column of `Rules` as the array that it was, numbers without copying them."""
    column = table.column(f"{_RULE}{name}").combine_chunks()
    if _is_text(kinds[name]):
        return column.to_numpy(zero_copy_only=False).astype(kinds[name])
    return column.to_numpy(zero_copy_only=False).astype(kinds[name], copy=False)


def _registry_kinds() -> frozenset[str]:
    return frozenset(row.code for row in REGISTRIES.values())


def _editions(home: Home) -> list[Edition]:
    """List the editions in force of every kind: places, addresses and registries all go into a catalogue."""
    store = EditionStore(home)
    order = dict.fromkeys([*(row.code for row in REGISTRIES.values()), *KINDS])
    return [edition for kind in order for edition in store.in_force(kind)]


def _name(editions: list[Edition], sealing_key: bytes) -> str:
    """Name the catalogue of some editions; "" where an edition has no digests, as those of earlier versions."""
    if not all(edition.has_digests for edition in editions):
        return ""
    of = [[edition.slot, edition.manifest.edition, sorted(edition.manifest.digests.items())] for edition in editions]
    key = sha256(b"catalogue:" + sealing_key).hexdigest()
    return sha256(json.dumps([_FORM, _program(), key, of]).encode()).hexdigest()[:24]


@lru_cache(1)
def _program() -> str:
    """Tell one version of the code and the tables that make a catalogue from another, by size and time of each file."""
    return sha256(json.dumps(sorted(_files())).encode()).hexdigest()


def _files() -> Iterator[tuple[str, int, int]]:
    for root, pattern in (*((_CODE / room, "*.py") for room in _ROOMS), (DATA, "*.*")):
        for path in root.rglob(pattern):
            stat = path.stat()
            yield str(path), stat.st_size, stat.st_mtime_ns
