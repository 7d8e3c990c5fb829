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
import time
from contextlib import suppress
from dataclasses import fields, replace
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
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
_LONGEST_WRITING = 3_600.0  # seconds; what lies about for longer nobody finishes
_RULE = "rule:"  # before the name of a column of `Rules`
_CODE = Path(__file__).resolve().parent.parent.parent
_ROOMS = ("core", "geo", "providers")  # whose code makes a catalogue


def name_of(home: Home, sealing_key: bytes) -> str:
    """Name the catalogue that this program makes of the editions in force.

    Parameters
    ----------
    home
        The home.
    sealing_key
        Its secret, with which sealed keys are made.

    Returns
    -------
    str
        Another one after every change of what it is made of; "" where an edition has no digests, as those of earlier
        versions: then none is kept.
    """
    editions = _editions(home)
    if not all(edition.has_digests for edition in editions):
        return ""
    of = [[edition.slot, edition.manifest.edition, sorted(edition.manifest.digests.items())] for edition in editions]
    key = sha256(b"catalogue:" + sealing_key).hexdigest()
    return sha256(json.dumps([_FORM, _program(), key, of]).encode()).hexdigest()[:24]


def read_kept(home: Home, gazetteer: Gazetteer, name: str) -> Catalogue | None:
    """Return the catalogue of the editions in force as it was kept.

    Parameters
    ----------
    home
        The home.
    gazetteer
        Its places.
    name
        From `name_of`.

    Returns
    -------
    Catalogue or None
        Equal to what `load_catalogue` makes; None where none is kept under this name, or its file is not what was
        written.

    Raises
    ------
    EditionError
        Where the table of an edition in force is not what its digest says, though the catalogue is kept.
    """
    import pyarrow as pa

    path = home.path / FOLDER / f"{name}.arrow"
    try:
        payload = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if fresh_sha256(path) != payload["digest"]:
            return None
        with pa.memory_map(str(path)) as mapped:
            table = pa.ipc.open_file(mapped).read_all()
        rules = {each.name: _array(table, each.name, payload["kinds"]) for each in fields(Rules)}
        services = table.select([column for column in table.column_names if not column.startswith(_RULE)]).to_pandas()
        sealed, offices = dict(payload["sealed"]), int(payload["offices"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException):
        return None
    registries = {row.code for row in REGISTRIES.values()}
    made_of = [edition for edition in _editions(home) if edition.manifest.kind in registries]
    for edition in made_of:
        edition.require_unchanged("services.parquet")
    law = replace(law_manifest(), rows_read=offices, rows_loaded=offices)
    manifests = (*(edition.manifest for edition in made_of), law)
    return assembled(services, Rules(**rules), gazetteer, manifests=manifests, sealed=sealed)


def keep(home: Home, catalogue: Catalogue, name: str) -> None:
    """Keep a catalogue for the next process; where the disk refuses, nothing is kept.

    Parameters
    ----------
    home
        The home.
    catalogue
        As `load_catalogue` made it of these editions and places.
    name
        From `name_of`, the same before it was made and after: an edition may be published meanwhile.
    """
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
        by_name = {
            "digest": fresh_sha256(aside), "kinds": kinds, "sealed": dict(catalogue.sealed),
            "offices": catalogue.manifests[-1].rows_loaded,
        }  # fmt: skip
        aside.replace(folder / f"{name}.arrow")
    finally:
        aside.unlink(missing_ok=True)
    write_atomically(folder / f"{name}.json", json.dumps(by_name).encode(), is_private=True)
    for old in folder.iterdir():  # whoever has one mapped keeps it
        is_being_written = old.name.startswith(".") and time.time() - old.stat().st_mtime < _LONGEST_WRITING
        if not (old.name.startswith(name) or is_being_written):
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


def _editions(home: Home) -> list[Edition]:
    """List the editions in force of every kind: places, addresses and registries all go into a catalogue."""
    store = EditionStore(home)
    order = dict.fromkeys([*(row.code for row in REGISTRIES.values()), *KINDS])
    return [edition for kind in order for edition in store.in_force(kind)]


@lru_cache(1)
def _program() -> str:
    """Tell one version of what makes a catalogue from another: libraries, and size and time of our files and tables."""
    libraries = [version(name) for name in ("pandas", "pyarrow", "numpy")]
    return sha256(json.dumps([libraries, sorted(_files())]).encode()).hexdigest()


def _files() -> Iterator[tuple[str, int, int]]:
    for root, pattern in (*((_CODE / room, "*.py") for room in _ROOMS), (DATA, "*.*")):
        for path in root.rglob(pattern):
            stat = path.stat()
            yield str(path), stat.st_size, stat.st_mtime_ns
