"""Which places are free now, as far as anybody has said: capacity reports laid over the catalogue.

Capacity is a dated fact. A report within the freshness limit of its type confirms; a stale one, one from the
future, and no report at all, mean "call first"; unknown is never shown as 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.romanian_calendar import BUCHAREST
from providers.rules.freshness import SECONDS_A_DAY, is_fresh

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from providers.catalogue.catalogue import Catalogue

CONFIRMED, CALL_FIRST, FULL, WAITLIST = range(4)


@dataclass(frozen=True)
class Availability:
    """What is known of the places of every service of a catalogue at one moment: arrays in the catalogue's order.

    Attributes
    ----------
    status
        `free`, `full`, `waitlist`, `assess`, `open` or `unknown`.
    places_free
        Places free now, after holds; NaN = not known.
    places_max
        Places as reported, else as licensed; NaN = not known.
    reported_s
        When they were reported, seconds since 1970 UTC; NaN = never.
    block
        CONFIRMED, CALL_FIRST, FULL or WAITLIST.
    now
        The moment.
    catalogue_digest
        `Catalogue.digest` of the catalogue whose rows these are.
    """

    status: NDArray[np.str_]
    places_free: NDArray[np.float64]
    places_max: NDArray[np.float64]
    reported_s: NDArray[np.float64]
    block: NDArray[np.int8]
    now: datetime
    catalogue_digest: str

    @property
    def today(self) -> date:
        """The day in Romania: licences and closures are of days there."""
        return self.now.astimezone(BUCHAREST).date()


def availability(catalogue: Catalogue, capacity: pd.DataFrame, *, now: datetime | None = None) -> Availability:
    """Lay reports over the catalogue.

    capacity: one row a service that has a report or a hold: `service_id`, `status`, `places_free` (Int64,
    free now), `places_max` (Int64), `places_reported_at` (UTC). Rows of services not in the catalogue are
    passed over (an edition may have dropped them), and those of protected services: whether there is room behind
    such a door, and who asked when, is part of the secret.
    """
    moment = now or datetime.now(UTC)
    n = len(catalogue.services)
    free, reported = np.full(n, np.nan), np.full(n, np.nan)
    status, most = _unreported(catalogue), _licensed(catalogue).copy()
    _lay(catalogue, capacity, status, free, most, reported)
    block = _blocks(catalogue, status, reported, moment)
    return Availability(status, free, most, reported, block, moment, catalogue.digest)


def availability_after(
    before: Availability, catalogue: Catalogue, service_ids: Sequence[str], capacity: pd.DataFrame, *, now: datetime
) -> Availability:
    """Return what `availability` would, where nothing was said since `before` but of a few services.

    Parameters
    ----------
    before
        As it was.
    catalogue
        Its catalogue.
    service_ids
        The services of which something was said, or is said no longer.
    capacity
        As for `availability`: of these services.
    now
        The moment.

    Returns
    -------
    Availability
        Of that moment; `before` is not changed.
    """
    status, free = before.status.copy(), before.places_free.copy()
    most, reported = before.places_max.copy(), before.reported_s.copy()
    rows = [catalogue.position[each] for each in service_ids if each in catalogue.position]
    status[rows], most[rows] = _unreported(catalogue)[rows], _licensed(catalogue)[rows]
    free[rows] = reported[rows] = np.nan
    _lay(catalogue, capacity, status, free, most, reported)
    block = _blocks(catalogue, status, reported, now)
    return Availability(status, free, most, reported, block, now, catalogue.digest)


def _lay(
    catalogue: Catalogue,
    capacity: pd.DataFrame,
    status: NDArray[np.str_],
    free: NDArray[np.float64],
    most: NDArray[np.float64],
    reported: NDArray[np.float64],
) -> None:
    """Write what was reported into the arrays, in the catalogue's order."""
    rows = np.array([catalogue.position.get(s, -1) for s in capacity["service_id"].tolist()], np.int64)
    known = rows >= 0
    known[known] = ~catalogue.services["is_secret"].to_numpy(bool)[rows[known]]
    rows, table = rows[known], capacity[known]
    if len(rows):
        reported[rows] = _seconds(table["places_reported_at"])
        free[rows] = table["places_free"].to_numpy("float64", na_value=np.nan)
        status[rows] = np.where(table["status"].notna(), table["status"].fillna("").to_numpy(str), status[rows])
        stated = table["places_max"].to_numpy("float64", na_value=np.nan)
        most[rows] = np.where(np.isnan(stated), most[rows], stated)
        status[rows] = np.where((status[rows] == "free") & (free[rows] <= 0), "full", status[rows])


def _licensed(catalogue: Catalogue) -> NDArray[np.float64]:
    return catalogue.services["places_max"].to_numpy("float64", na_value=np.nan)


def _unreported(catalogue: Catalogue) -> NDArray[np.str_]:
    model = catalogue.rules.capacity_model
    return np.where(model == "open", "open", np.where(model == "assess", "assess", "unknown")).astype("<U8")


def _seconds(column: pd.Series[pd.Timestamp]) -> NDArray[np.float64]:
    moments = pd.to_datetime(column, utc=True).dt.tz_localize(None).to_numpy("datetime64[us]")
    return np.where(np.isnat(moments), np.nan, moments.astype("int64") / 1e6)


def _blocks(
    catalogue: Catalogue, status: NDArray[np.str_], reported: NDArray[np.float64], now: datetime
) -> NDArray[np.int8]:
    fresh = is_fresh((now.timestamp() - reported) / SECONDS_A_DAY, catalogue.rules.freshness_days)
    block = np.full(len(status), CALL_FIRST, np.int8)
    block[fresh & (status == "free")] = CONFIRMED
    block[fresh & (status == "full")] = FULL
    block[fresh & (status == "waitlist")] = WAITLIST
    # Walk-in by its nature needs no report; a stale report that it is open is doubted like any other.
    block[(status == "open") & (fresh | np.isnan(reported))] = CONFIRMED
    return block
