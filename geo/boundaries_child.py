"""What reads a layer of boundaries in a process of its own (see `geo.limited_process`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geo import boundaries
from geo.errors import MapError
from geo.language import set_language


def main(*, path: str, folder: str, language: str) -> dict[str, Any]:
    """Read and tidy the layer in `path`; its tables go to files in `folder`.

    Returns `rows_read` and `notes`, or `error` (the name of a class of `geo.errors`) and its `message` in `language`.
    """
    set_language(language)
    try:
        layer = boundaries.read(Path(path))
    except MapError as error:
        return {"error": type(error).__name__, "message": str(error)}
    for name, table in {"rows": layer.rows, "rejects": layer.rejects, **layer.others}.items():
        table.to_parquet(Path(folder) / f"{name}.parquet")
    return {"rows_read": layer.rows_read, "notes": layer.notes}
