"""How far the straight line is from the roads of a home, by county: measured once, kept in `straight_line.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.storage.home import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.storage.home import Home

FILE = "straight_line.json"


@dataclass(frozen=True)
class StraightError:
    """What was measured in one county.

    Attributes
    ----------
    county
        Its letters; empty for the whole country.
    ratio
        Minutes by road for each minute of the straight line, the median; infinite is never kept.
    other_first
        Share of localities and kinds of service of which another service is nearest by road, 0 to 1.
    pairs
        So many ways were compared.
    as_of
        Day that the roads are of, ISO.
    is_invented
        Whether the roads are.
    """

    county: str
    ratio: float
    other_first: float
    pairs: int
    as_of: str = ""
    is_invented: bool = False


def read_straight_errors(home: Home) -> dict[str, StraightError]:
    """Return what was measured, by county; nothing where nobody measured, or the file is not ours."""
    try:
        rows = json.loads((home.path / FILE).read_bytes())
        found = [StraightError(**row) for row in rows]
        return {each.county: each for each in found if 0 < float(each.ratio) < _MOST and 0 <= each.other_first <= 1}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


_MOST = 100.0


def write_straight_errors(home: Home, errors: Iterable[StraightError]) -> None:
    """Keep what was measured: every process of the home says it from its next question on."""
    content = json.dumps([asdict(each) for each in errors], ensure_ascii=False, indent=1).encode()
    write_atomically(home.path / FILE, content, is_private=True)
