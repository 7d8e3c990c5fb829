"""The manifest of an edition: what is known of it, the digest of each of its files, and its own digest.

`manifest.json` is written in one way only (UTF-8, one space of indentation, the fields in their order, its own
digest last), so that any other byte shows. Manifests of earlier versions carry no digests; they are read as
they are, and `core.storage.editions.EditionStore.complete` adds what they lack.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import EditionError
from core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "manifest.json"
_OWN = "manifest_sha256"
_LATER = ("unused", "source_name", "layout")  # fields that manifests of an earlier version do not have


@dataclass(frozen=True)
class Source:
    """Where an edition comes from: what a source card says.

    Attributes
    ----------
    title, publisher
        What it is, and whose.
    url
        Where it was found.
    licence
        The publisher's; "" = not stated.
    synthetic
        Whether it was made up.
    """

    title: str
    publisher: str = ""
    url: str = ""
    licence: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Manifest:
    """What is known of an edition. `rows_read == rows_loaded + rows_rejected`, always.

    Attributes
    ----------
    kind, edition
        Kind of register or layer, and the edition's name.
    as_of
        Day that the data describe, ISO.
    imported_at
        Moment that they came in, UTC, ISO.
    source
        Where they come from.
    file, sha256
        Name and digest of the file read.
    rows_read, rows_loaded, rows_rejected
        Counts of rows.
    previous
        Edition that was in force before; None = there was none.
    added, removed, changed
        Counts of keys against the edition before.
    notes
        Counted remarks in words.
    digests
        Digest (sha256) of each file beside the manifest by its name; empty in an edition of an earlier version.
    unused
        What of the file was not used: `titles`, `sheets`, `layers` and `cells`; empty where nothing was kept.
    source_name
        Name of the registry's source that it is an edition of; "" for a layer.
    layout
        In which of its layouts the file came; "" = not said, as in an edition of an earlier version.
    """

    kind: str
    edition: str
    as_of: str
    imported_at: str
    source: Source
    file: str
    sha256: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    previous: str | None = None
    added: int = 0
    removed: int = 0
    changed: int = 0
    notes: tuple[str, ...] = field(default=())
    digests: Mapping[str, str] = field(default_factory=dict, hash=False)
    unused: Mapping[str, Any] = field(default_factory=dict, hash=False)
    source_name: str = ""
    layout: str = ""

    def __post_init__(self) -> None:
        """Refuse a count that loses a row."""
        if self.rows_read != self.rows_loaded + self.rows_rejected:
            raise EditionError(
                _("{kind}: {read} rânduri citite, dar {loaded} încărcate și {rejected} respinse.").format(
                    kind=self.kind, read=self.rows_read, loaded=self.rows_loaded, rejected=self.rows_rejected
                )
            )


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the one way in which a manifest is written."""
    values = {name: value for name, value in asdict(manifest).items() if value or name not in _LATER}
    return _written(values | {_OWN: hashlib.sha256(_written(values)).hexdigest()})


def _written(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=1).encode()


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an edition's folder.

    Raises FileNotFoundError where there is none, another OSError where it cannot be read, ValueError, TypeError
    or KeyError where it is not what was written.
    """
    content = (folder / FILE).read_bytes()
    fields = json.loads(content.decode())
    own = fields.pop(_OWN, None)
    manifest = Manifest(
        **{**fields, "source": Source(**fields["source"]), "notes": tuple(fields.get("notes", ()))},
    )
    if (own is not None or manifest.digests) and content != manifest_bytes(manifest):
        raise ValueError(_("nu mai este cum a fost scris (suma de control diferă)"))
    return manifest
