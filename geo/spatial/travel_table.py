"""A table of travel: whole milliseconds from each of many origins to every site within some minutes, kept in files.

The pairs lie in bands of minutes, in each band by origin and site. Whoever asks how far 30 minutes reach reads the
first band alone; whoever asks from one origin reads a row of each. Processes map the files, so the rows that are read
are in memory once for all of them; after a question about the whole country its pages are given back.
"""

from __future__ import annotations

import json
import mmap
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from core.processes.partitioned_work import ONE_PROCESS, positions_by_key
from geo.spatial.points import Points

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from core.processes.partitioned_work import PartRunner
    from geo.spatial.travel import TravelModel

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

BANDS_MIN = (30.0, 60.0, 120.0)
MOST_MINUTES = BANDS_MIN[-1]
MS = 60_000.0  # of a minute
SHAPE_FILE = "shape.json"
_BLOCK = 64  # origins measured between two looks at how far it is
_CHUNK = 4_000_000  # pairs looked at together
_ROWS_HELD = 512  # rows read one by one before their pages are given back
_FEW = 16  # of the origins one in so many or fewer is read row by row


@dataclass(frozen=True)
class PairsFound:
    """Pairs of a table: row of the origin, position of the site, milliseconds; in no order."""

    row: NDArray[np.int64]
    site: NDArray[np.int64]
    ms: NDArray[np.int64]


@dataclass(frozen=True)
class _Band:
    """Pairs of more than the band before, up to `most_ms`; those of origin i begin at starts[i]."""

    most_ms: float
    starts: NDArray[np.int64]
    site: NDArray[Any]
    ms: NDArray[np.uint32]
    maps: tuple[mmap.mmap, ...]

    def give_back(self) -> None:
        """Let the system take the pages that were read: they stay in its cache, not in this process."""
        for mapped in self.maps:
            if hasattr(mmap, "MADV_DONTNEED"):
                mapped.madvise(mmap.MADV_DONTNEED)


@dataclass(frozen=True, eq=False)
class TravelTable:
    """A table that was opened.

    Attributes
    ----------
    origins, sites
        Latitude and longitude as complex numbers, distinct and sorted: what rows and sites are found by.
    bands
        The pairs.
    """

    origins: NDArray[np.complex128]
    sites: NDArray[np.complex128]
    bands: tuple[_Band, ...]
    _reads: Iterator[int] = field(default_factory=count, repr=False)

    def rows_of(self, lat: Floats, lon: Floats) -> Integers:
        """Return the row of each point as an origin, -1 where the table has none so placed."""
        return _found_in(self.origins, lat, lon)

    def sites_of(self, lat: Floats, lon: Floats) -> Integers:
        """Return the position of each point as a site, -1 where the table has none so placed."""
        return _found_in(self.sites, lat, lon)

    def minutes_from(self, row: int, sites: Integers, *, most_minutes: float = MOST_MINUTES) -> Floats:
        """Return the minutes from an origin to each of some sites: infinite to those farther, or not in the table."""
        minutes = np.full(len(self.sites) + 1, np.inf)
        before = 0.0
        for band in self.bands:
            if before >= most_minutes * MS:
                break
            there = slice(*band.starts[row : row + 2].tolist())
            minutes[band.site[there]] = band.ms[there] / MS
            before = band.most_ms
        if next(self._reads) % _ROWS_HELD == _ROWS_HELD - 1:
            self._give_back()
        return np.asarray(minutes[sites])

    def pairs(self, rows: Integers, sites: Integers, *, above_ms: float = -1.0, most_ms: float) -> PairsFound:
        """List the pairs of some origins and sites in more than `above_ms` and up to `most_ms` milliseconds.

        Parameters
        ----------
        rows
            Distinct rows of origins.
        sites
            Distinct positions of sites.
        above_ms, most_ms
            The limits; the table knows nothing beyond MOST_MINUTES.
        """
        wanted = np.zeros(len(self.sites), bool)
        wanted[sites] = True
        rows = np.sort(rows)
        found, before = [], -1.0
        for band in self.bands:
            if before < most_ms and band.most_ms > above_ms:
                found += [
                    _within(band, first, last, wanted, rows, above_ms, most_ms) for first, last in _runs(band, rows)
                ]
            before = band.most_ms
        if len(rows) > len(self.origins) // _FEW:
            self._give_back()
        none = np.empty(0, np.int64)
        return PairsFound(*(np.concatenate(each) for each in zip((none, none, none), *found, strict=True)))

    def _give_back(self) -> None:
        for band in self.bands:
            band.give_back()


def _runs(band: _Band, rows: Integers) -> Iterator[tuple[int, int]]:
    """Yield first and last row of the pieces in which a band is read: whole, unless few rows are wanted."""
    every = len(band.starts) - 1
    if len(rows) <= every // _FEW:
        yield from ((row, row + 1) for row in rows.tolist())
        return
    first = int(rows[0]) if len(rows) else every
    end = int(rows[-1]) + 1 if len(rows) else every
    while first < end:
        last = int(np.searchsorted(band.starts, band.starts[first] + _CHUNK, side="right")) - 1
        last = min(max(last, first + 1), end)
        yield first, last
        first = last


def _within(
    band: _Band, first: int, last: int, wanted: NDArray[np.bool_], rows: Integers, above_ms: float, most_ms: float
) -> tuple[Integers, Integers, Integers]:
    """Return the pairs of the rows from `first` to before `last` that are wanted."""
    begin, end = int(band.starts[first]), int(band.starts[last])
    site = band.site[begin:end]
    kept = np.flatnonzero(wanted[site])
    ms = band.ms[begin:end][kept].astype(np.int64)
    if band.most_ms > most_ms or above_ms >= 0:
        near = (ms <= most_ms) & (ms > above_ms)
        kept, ms = kept[near], ms[near]
    row = np.repeat(np.arange(first, last), np.diff(band.starts[first : last + 1]))[kept]
    if last - first > 1 and np.searchsorted(rows, last) - np.searchsorted(rows, first) < last - first:
        asked = np.zeros(last - first, bool)
        asked[rows[(rows >= first) & (rows < last)] - first] = True
        among = asked[row - first]
        return row[among], site[kept[among]].astype(np.int64), ms[among]
    return row, site[kept].astype(np.int64), ms


def distinct_points(lat: Floats, lon: Floats) -> NDArray[np.complex128]:
    """Return the distinct points (WGS84 degrees, those not finite left out) as sorted complex numbers.

    Parameters
    ----------
    lat, lon
        Degrees, one for each point.

    Returns
    -------
    NDArray[np.complex128]
        Latitude + longitude i.

    Examples
    --------
    >>> distinct_points(np.array([46.0, 45.5, 46.0]), np.array([26.0, 25.0, 26.0])).tolist()
    [(45.5+25j), (46+26j)]
    """
    points = np.asarray(lat, float) + 1j * np.asarray(lon, float)
    return np.unique(points[np.isfinite(points)])


def _found_in(sorted_points: NDArray[np.complex128], lat: Floats, lon: Floats) -> Integers:
    points = np.asarray(lat, float) + 1j * np.asarray(lon, float)
    if not len(sorted_points):
        return np.full(len(points), -1, np.int64)
    at = np.minimum(np.searchsorted(sorted_points, points), len(sorted_points) - 1)
    return np.where(sorted_points[at] == points, at, -1).astype(np.int64)


@dataclass(frozen=True)
class _Towards:
    """What is the same for all origins: the model, and the sites."""

    travel: TravelModel
    sites: Points


@dataclass(frozen=True)
class _Rows:
    """Pairs of some origins: of each band and origin how many, and of each band its sites and milliseconds."""

    counts: Integers
    site: tuple[NDArray[np.uint32], ...]
    ms: tuple[NDArray[np.uint32], ...]


def write_table(
    folder: Path,
    travel: TravelModel,
    origins: NDArray[np.complex128],
    sites: NDArray[np.complex128],
    *,
    tell: Callable[[int], object] = int,
    counties: NDArray[Any] | None = None,
    runner: PartRunner = ONE_PROCESS,
) -> int:
    """Measure every origin against every site and write what is at most MOST_MINUTES apart.

    Parameters
    ----------
    folder
        An empty folder. SHAPE_FILE is written last: a folder without it holds no table.
    travel
        The model. Its minutes are whole milliseconds; a model over an older table measures only what that lacks.
    origins, sites
        As `distinct_points` returns them.
    tell
        Called with the number of origins that are done.
    counties
        Of each origin: what a runner that divides divides them by.
    runner
        Who measures; whoever it is, the files are the same to the last byte.

    Returns
    -------
    int
        Pairs written.

    Raises
    ------
    ValueError
        Where a minute of the model is no whole number of milliseconds: the table could not give it back.
    """
    np.save(folder / "origins.npy", origins)
    np.save(folder / "sites.npy", sites)
    kind = np.dtype(np.uint16 if len(sites) <= np.iinfo(np.uint16).max else np.uint32)
    counts = np.zeros((len(BANDS_MIN), len(origins)), np.int64)
    if runner.divides and counties is not None:
        parts = positions_by_key(counties, runner)
    else:
        parts = np.split(np.arange(len(origins)), np.arange(_BLOCK, len(origins), _BLOCK))
    files = [[(folder / _file(band, what)).open("wb") for what in ("site", "ms")] for band in range(len(BANDS_MIN))]
    try:
        towards, done = _Towards(travel, Points.of(sites.real, sites.imag)), 0
        for rows, found in zip(
            parts, runner.run(measure_rows, towards, [origins[rows] for rows in parts]), strict=True
        ):
            counts[:, rows] = found.counts
            for (to_site, to_ms), site, ms in zip(files, found.site, found.ms, strict=True):
                site.astype(kind).tofile(to_site)
                ms.tofile(to_ms)
            done += len(rows)
            tell(done)
    finally:
        for each in (file for pair in files for file in pair):
            each.close()
    came = np.concatenate([*parts, np.empty(0, np.intp)])
    for band in range(len(BANDS_MIN)):
        for what, of in (("site", kind), ("ms", np.dtype(np.uint32))):
            _put_in_order(folder / _file(band, what), of, came, counts[band])
    starts = np.zeros((len(BANDS_MIN), len(origins) + 1), np.int64)
    np.cumsum(counts, axis=1, out=starts[:, 1:])
    np.save(folder / "starts.npy", starts)
    shape = {"bands_min": BANDS_MIN, "site": kind.str, "pairs": int(counts.sum())}
    (folder / SHAPE_FILE).write_text(json.dumps(shape), encoding="utf-8")
    return int(counts.sum())


def measure_rows(towards: _Towards, origins: NDArray[np.complex128]) -> _Rows:
    """Measure some origins, such as those of a county, against every site.

    Parameters
    ----------
    towards
        The model and the sites.
    origins
        Some of those of the table, in its order.

    Returns
    -------
    _Rows
        What is at most MOST_MINUTES apart, by band, origin and site.

    Raises
    ------
    ValueError
        Where a minute of the model is no whole number of milliseconds.
    """
    counts = np.zeros((len(BANDS_MIN), len(origins)), np.int64)
    none = np.empty(0, np.uint32)
    sites, took = [[none] for _band in BANDS_MIN], [[none] for _band in BANDS_MIN]
    edges = np.array(BANDS_MIN) * MS
    for first in range(0, len(origins), _BLOCK):
        block = origins[first : first + _BLOCK]
        pairs = towards.travel.pairs_within(Points.of(block.real, block.imag), towards.sites, MOST_MINUTES)
        ms = np.rint(pairs.minutes * MS)
        if (ms / MS != pairs.minutes).any():
            raise ValueError("minutes of the model are no whole milliseconds")
        band_of = np.searchsorted(edges, ms)
        for band in range(len(BANDS_MIN)):
            chosen = band_of == band
            counts[band, first : first + len(block)] = np.bincount(pairs.origin[chosen], minlength=len(block))
            sites[band].append(pairs.site[chosen].astype(np.uint32))
            took[band].append(ms[chosen].astype(np.uint32))
    return _Rows(counts, tuple(map(np.concatenate, sites)), tuple(map(np.concatenate, took)))


def _put_in_order(path: Path, kind: np.dtype[Any], came: NDArray[np.intp], counts: Integers) -> None:
    """Write a file anew whose rows came county by county, in the order of the table."""
    if (came[1:] > came[:-1]).all() or not counts.any():
        return
    first = np.empty(len(came), np.int64)
    first[came] = np.cumsum(counts[came]) - counts[came]
    written = np.memmap(path, kind, mode="r")
    aside = path.with_suffix(".aside")
    with aside.open("wb") as handle:
        for begin, count in zip(first.tolist(), counts.tolist(), strict=True):
            written[begin : begin + count].tofile(handle)
    del written
    aside.replace(path)


def open_table(folder: Path) -> TravelTable:
    """Open a table that `write_table` wrote: its pairs are mapped, not read.

    Parameters
    ----------
    folder
        Where it lies.

    Returns
    -------
    TravelTable
        The table; it stays whole for whoever opened it also where the folder is deleted.

    Raises
    ------
    OSError, ValueError
        Where a file lacks, or is not as long as the table says.
    """
    shape = json.loads((folder / SHAPE_FILE).read_text(encoding="utf-8"))
    if tuple(shape["bands_min"]) != BANDS_MIN:
        raise ValueError("the table has other bands")
    starts = np.load(folder / "starts.npy")
    bands = []
    for i, most in enumerate(BANDS_MIN):
        pairs = int(starts[i, -1])
        site, ms = (
            _mapped(folder / _file(i, what), kind, pairs) for what, kind in (("site", shape["site"]), ("ms", "<u4"))
        )
        bands.append(_Band(most * MS, starts[i], site[0], ms[0], tuple(m for m in (site[1], ms[1]) if m is not None)))
    return TravelTable(np.load(folder / "origins.npy"), np.load(folder / "sites.npy"), tuple(bands))


def _file(band: int, what: str) -> str:
    return f"band{band}_{what}.bin"


def _mapped(path: Path, kind: str, pairs: int) -> tuple[NDArray[Any], mmap.mmap | None]:
    if path.stat().st_size != pairs * np.dtype(kind).itemsize:
        raise ValueError(f"{path.name} is not as long as the table says")
    if not pairs:
        return np.empty(0, kind), None
    with path.open("rb") as handle:
        mapped = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(mapped, kind), mapped
