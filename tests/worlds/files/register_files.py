"""Imports of files that do not say of which day they are, as most tests write them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.storage.home import Home
from core.storage.source_cards import card_beside
from providers.imports import importing
from providers.imports.import_report import ImportReport


def import_file(home: Home, kind: str, path: Path, **said: Any) -> ImportReport:
    """Import a file, of today where neither it nor the test says of when it is."""
    if not os.path.exists(card_beside(path)):  # noqa: PTH110 - of a name too long pathlib raises
        said.setdefault("as_of", datetime.now(UTC).date())
    return importing.import_file(home, kind, path, **said)
