"""One edition on disk: its manifest, its tables, and whether they are still what was written."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import EditionError
from core.i18n import _
from core.storage.file_stamps import file_sha256, fresh_sha256
from core.storage.import_kinds import KINDS, in_slot, slot_of
from core.storage.manifest import FILE, Manifest, read_manifest
from core.storage.service_ids import with_source

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_ID_COLUMNS = ("service_id", "key")


@dataclass(frozen=True)
class Edition:
    """An edition on disk.

    Attributes
    ----------
    manifest
        What is known of it.
    folder
        Where its tables are; each is checked against its digest when it is read.
    """

    manifest: Manifest
    folder: Path

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read one of its tables without geometry types (WKB stays bytes): quick, no geopandas.

        columns: those wanted; one that an edition of an earlier version has not is left out.

        Raises EditionError where the file is not what was written, or cannot be read.
        """
        import pyarrow.parquet as pq

        self.require_unchanged(f"{name}.parquet")
        try:
            with pq.ParquetFile(self.folder / f"{name}.parquet") as file:  # `read_table` imports all of its datasets
                if columns is not None:
                    columns = [column for column in columns if column in file.schema_arrow.names]
                arrow = file.read(columns=columns)
        except (OSError, ValueError) as error:
            raise self.unreadable_error(error) from None
        return self._with_ids(arrow.to_pandas())  # type: ignore[no-any-return]

    def layer(self, name: str) -> Any:
        """Read one of its tables as a GeoDataFrame; raises as `table` does."""
        import geopandas as gpd

        self.require_unchanged(f"{name}.parquet")
        try:
            return self._with_ids(gpd.read_parquet(self.folder / f"{name}.parquet"))
        except (OSError, ValueError) as error:
            raise self.unreadable_error(error) from None

    def array(self, name: str) -> NDArray[Any]:
        """Map one of its arrays into memory, for reading alone; raises as `table` does."""
        import numpy as np

        self.require_unchanged(f"{name}.npy")
        try:
            return np.asanyarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))
        except (OSError, ValueError) as error:
            raise self.unreadable_error(error) from None

    def _with_ids(self, table: Any) -> Any:
        """Give the ids of services their source: an edition of an earlier version has them without."""
        registry = KINDS[self.manifest.kind].registry
        for column in _ID_COLUMNS if registry else ():
            if column in table and len(table):
                table[column] = with_source(table[column].astype("str"), registry, self.manifest.source_name)
        return table

    @property
    def slot(self) -> str:
        """The place where it and the editions that it followed stand (`core.storage.import_kinds.slot_of`)."""
        return slot_of(self.manifest.kind, self.manifest.source_name)

    def tables(self) -> list[str]:
        """Return the names of its tables."""
        return sorted(path.stem for path in self.folder.glob("*.parquet"))

    @property
    def has_digests(self) -> bool:
        """Whether its manifest says what each file was when it was written; not so in earlier versions."""
        return bool(self.manifest.digests)

    def require_unchanged(self, file: str) -> None:
        """Raise EditionError where one of its files is not the one that was written, by the manifest's digest.

        Computed once per process and change of the file. An edition without digests is taken as it is.
        """
        if not self.has_digests:
            return
        path = self.folder / file
        try:
            found = file_sha256(path)
        except OSError as error:
            raise self.unreadable_error(error) from None
        if found != self.manifest.digests.get(file):
            raise self._changed_error(file)

    def files_state(self) -> str:
        """Return a text that changes with any of its files, for who keeps them open."""
        with os.scandir(self.folder) as found:
            items = sorted((each.name, each.stat().st_size, each.stat().st_mtime_ns) for each in found)
        return repr(items)

    def faults(self) -> list[str]:
        """Compute every digest from the disk; say in words each file that is changed, gone or was added."""
        items = []
        there = {path.name for path in self.folder.iterdir() if path.name != FILE}
        for file, digest in self.manifest.digests.items():
            try:
                if fresh_sha256(self.folder / file) != digest:
                    items.append(str(self._changed_error(file)))
            except OSError as error:
                items.append(str(self.unreadable_error(error)))
        if self.has_digests and (more := sorted(there - set(self.manifest.digests))):
            items.append(
                _("Ediția {edition} ({kind}) are fișiere pe care nu le-a scris nimeni la import: {files}.").format(
                    edition=self.manifest.edition, kind=self.slot, files=", ".join(more)
                )
            )
        return items

    def _changed_error(self, file: str) -> EditionError:
        return EditionError(
            _(
                "Ediția {edition} ({kind}) este deteriorată: {file} nu mai este cum a fost scris la import (suma de "
                "control diferă). Restaurați fișierul dintr-o copie, sau importați din nou sursa."
            ).format(edition=self.manifest.edition, kind=self.slot, file=file)
        )

    def unreadable_error(self, error: Exception) -> EditionError:
        """Say that something of it cannot be read, and why."""
        why = str(error)[:200]
        if isinstance(error, FileNotFoundError) and error.filename:
            why = _("fișierul {file} lipsește").format(file=Path(error.filename).name)
        return EditionError(
            _("Ediția {edition} ({kind}) nu poate fi citită: {why}").format(
                edition=self.manifest.edition, kind=self.slot, why=why
            )
        )


def edition_in(folder: Path, slot: str) -> Edition:
    """Read an edition of a slot.

    Raises FileNotFoundError where the folder has no manifest, EditionError where it is damaged.
    """
    try:
        manifest = read_manifest(folder)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged_error(slot, folder.name, error) from None
    kind, source = in_slot(slot)
    if (manifest.kind, manifest.edition) != (kind, folder.name) or manifest.source_name not in ("", source):
        raise damaged_error(slot, folder.name, ValueError(_("manifestul este al altei ediții")))
    # An edition of an earlier version does not say its source: the folder that it was moved to does.
    return Edition(replace(manifest, source_name=source), folder)


def damaged_error(slot: str, name: str, error: Exception) -> EditionError:
    """Say that something of a slot is not what was written."""
    return EditionError(
        _("Ediția {edition} ({kind}) este deteriorată: {why}").format(edition=name, kind=slot, why=str(error)[:200])
    )
