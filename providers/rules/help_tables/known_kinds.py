"""Kinds of help that are named also where no register has one: how to reach them, never an invented contact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core.reading.curated_tables import FOLDER, index_by, read_rows
from providers.rules.taxonomy import service_types

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class KnownKind:
    """A kind of help as it is named without a register. phone: a public number of the kind itself; else None."""

    service_type: str
    name: str
    words: str
    phone: str | None


@cache
def known_kinds(folder: Path = FOLDER) -> dict[str, KnownKind]:
    """Return the kinds that are named without a register, by the code of their type."""
    rows = index_by(
        read_rows(folder / "known_kinds.csv", ("service_type", "name", "words", "phone", "basis")), "service_type"
    )
    types = service_types(folder)
    return {
        row.key("service_type", types, "service_types.csv"): KnownKind(
            code, row.text("name"), row.text("words"), row.optional("phone")
        )
        for code, row in rows.items()
    }
