"""Files in bulk, made once a day while the server runs, in a thread of their own."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api.atlas_areas import view_of
from api.http.dependencies import directory_for
from core.background_work import in_background, repeat
from reports.bulk.kept_bulk import is_due, is_wanted, make_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.storage.home import Home

EVERY_SECONDS = 60.0
_log = logging.getLogger("harta.bulk")


@contextmanager
def keeping_bulk_files(home: Home, *, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Make the files of a day when its time has come, while the block runs."""
    with in_background("bulk", lambda stop: repeat(lambda _stop: _make_what_is_due(home), stop, every_seconds, _log)):
        yield


def _make_what_is_due(home: Home) -> None:
    directory, now = directory_for(home), datetime.now(UTC)
    if is_wanted(directory) and is_due(directory, now=now):
        make_day(directory, now=now, view=view_of(home))
