"""Imports of files that do not say of which day they are, as most tests write them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.storage.home import Home
from core.storage.source_cards import card_beside
from providers.imports import importing
from providers.imports.import_report import ImportReport


def import_file(home: Home, kind: str, path: Path, **said: Any) -> ImportReport:
    """Import a file, of today where neither it nor the test says of when it is."""
    if not card_beside(path).exists():
        said.setdefault("as_of", datetime.now(UTC).date())
    return importing.import_file(home, kind, path, **said)
