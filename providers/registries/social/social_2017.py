"""The register of licensed social services as it was published in 2017, in one JSON file.

`{"ss": [service types], "providers": [licensed services]}`; the second list is what we read. It has
points and capacities, no licence dates and no fiscal codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import MissingColumnError, UnreadableFileError
from core.i18n import _
from core.reading.files import read_json
from providers.registries.social.social_rows import RAW_COLUMNS, clean, tidy_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer
    from providers.rules.schema import Tidied

FIELDS = {
    # field of the file: our column. `type` (1-10, a colour on the publisher's map) says nothing that the code does not.
    "id": "key",
    "name": "name",
    "furnizor": "organization",
    "adresa": "address",
    "oras": "locality",
    "jud": "county",
    "cod": "service_code",
    "categorie": "groups",
    "capacitate": "capacity",
    "phone": "phone",
    "email": "email",
    "lat": "lat",
    "lng": "lon",
}
_REQUIRED = ("id", "name", "cod", "jud")


def load(path: Path) -> pd.DataFrame:
    """Read the licensed services, one row each: `row` and the columns of FIELDS, all text, lists joined by `;`.

    A list item that is not an object becomes a row without fields, for `tidy` to reject. Raises
    UnreadableFileError where the file is not this JSON, MissingColumnError where no service has a
    required field.
    """
    found = read_json(path)
    services = found.get("providers") if isinstance(found, dict) else None
    if not isinstance(services, list):
        raise UnreadableFileError(
            _("{file}: nu este registrul din 2017; se aștepta o listă „providers”. Am găsit: {found}.").format(
                file=path.name, found=_named(found) if isinstance(found, dict) else _("altceva")
            )
        )
    if not services:
        raise UnreadableFileError(_("{file}: lista „providers” este goală.").format(file=path.name))
    items = [item if isinstance(item, dict) else {} for item in services]
    missing = [name for name in _REQUIRED if not any(name in item for item in items)]
    if missing:
        raise MissingColumnError(
            _("{file}: lipsesc câmpurile {missing}. Am găsit: {found}.").format(
                file=path.name, missing=", ".join(missing), found=_named({name for item in items for name in item})
            )
        )
    columns = {ours: [_text(item.get(theirs)) for item in items] for theirs, ours in FIELDS.items()}
    return pd.DataFrame({"row": range(1, len(items) + 1), **columns})


def _named(fields: Iterable[str]) -> str:
    """Say which fields were found, on one line, each cut short."""
    return ", ".join(clean(name, 40) for name in sorted(fields)[:40]) or _("nimic")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(_text(part) for part in value)
    return "" if isinstance(value, dict) else clean(value)


def tidy(raw: pd.DataFrame, gazetteer: Gazetteer, *, corrections: pd.DataFrame | None = None) -> Tidied:
    """Shape the loaded rows into services and rejects (see providers.registries.social.social_rows.tidy_rows)."""
    return tidy_rows(raw.reindex(columns=["row", *RAW_COLUMNS]), gazetteer, corrections=corrections)
