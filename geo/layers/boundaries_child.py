"""What reads a layer of boundaries in a process of its own (see `core.reading.limited_process`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.errors import MapError
from core.i18n import set_language
from core.reading.reading_account import open_account
from geo.layers import boundaries


def main(*, path: str, folder: str, language: str) -> dict[str, Any]:
    """Read and tidy the layer in `path`; its tables go to files in `folder`.

    Returns `rows_read`, `notes`, the `layers` not used and the `titles` with their fields; or `error` (the name of a
    class of `core.errors`) and its `message` in `language`.
    """
    set_language(language)
    try:
        with open_account() as account:
            layer = boundaries.read(Path(path))
    except MapError as error:
        return {"error": type(error).__name__, "message": str(error)}
    for name, table in {"rows": layer.rows, "rejects": layer.rejects, **layer.others}.items():
        table.to_parquet(Path(folder) / f"{name}.parquet")
    own = account.main()
    titles = [(use.title, use.field) for use in own.titles]
    return {"rows_read": layer.rows_read, "notes": layer.notes, "layers": own.layers, "titles": titles}
