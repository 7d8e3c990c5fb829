"""How large and how tangled a layer may be: counted before anything is repaired.

Repairing takes time and memory by the crossings of lines, not by the size of the file: a star of 1,001 points
has 41 KB and half a million crossings. The real layer of UATs (56,112 vertices) has 131 crossings, at most 6
of one polygon; limits are far above that, and far below what stops a machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from core.errors import UnreadableFileError
from core.i18n import _, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MAX_FEATURES = 20_000
MAX_VERTICES = 2_000_000
MAX_FEATURE_VERTICES = 200_000
MAX_FEATURE_PARTS = 2_000  # rings, lines and points of one feature
MAX_FEATURE_CROSSINGS = 1_000
MAX_CROSSINGS = 10_000
MAX_NEAR_PAIRS = 60_000_000  # segments whose boxes meet; the real layer has 172,260, made 50 times finer 16 million
MAX_COVERING = 10  # other polygons over the same point; two layers in one file (UATs in their counties) make 1
_PAIRS_AT_ONCE = 2_000_000  # pairs of segments compared in one step: about 200 MB
_POINTS_AT_ONCE = 64


def require_modest_size(shapes: NDArray[np.object_], *, file: str) -> None:
    """Refuse a layer of too many features, vertices or parts.

    Parameters
    ----------
    shapes
        Geometries of any kind, collections inside collections too; None where a feature has none.
    file
        Name of the file, for the message.

    Raises
    ------
    UnreadableFileError
        Naming the file, the feature (1 = first), what was found and what is accepted.
    """
    if len(shapes) > MAX_FEATURES:
        text = _("{file}: stratul are prea multe elemente: {found}; se primesc cel mult {most}.")
        raise _too_much_error(text, file, len(shapes), MAX_FEATURES)
    vertices = np.array([shapely.count_coordinates(shape) for shape in shapes], dtype=int)
    text = _(
        "{file}: elementul {row} are prea multe vârfuri: {found}; se primesc cel mult {most}. Simplificați stratul."
    )
    _require_each(vertices, MAX_FEATURE_VERTICES, text, file)
    if vertices.sum() > MAX_VERTICES:
        text = _("{file}: stratul are prea multe vârfuri: {found}; se primesc cel mult {most}. Simplificați stratul.")
        raise _too_much_error(text, file, int(vertices.sum()), MAX_VERTICES)
    parts = np.array([_count_parts(shape) for shape in shapes], dtype=int)
    text = _("{file}: elementul {row} are prea multe părți și goluri: {found}; se primesc cel mult {most}.")
    _require_each(parts, MAX_FEATURE_PARTS, text, file)


def require_few_crossings(shapes: NDArray[np.object_], rows: NDArray[np.int64], *, file: str) -> None:
    """Refuse polygons whose borders cross too often, or too many of which lie over each other.

    Parameters
    ----------
    shapes
        Polygons and multipolygons in one CRS, not empty, valid or not.
    rows
        The row of each in the file (1 = first), for the message.
    file
        Name of the file, for the message.

    Raises
    ------
    UnreadableFileError
        Naming the file, the feature, what was found and what is accepted.
    """
    if not len(shapes):
        return
    _require_few_covering(shapes, rows, file)
    own = np.zeros(len(shapes), dtype=int)
    between = compared = 0
    for first, second, pairs in _crossing_owners(shapes):
        same = first == second
        own += np.bincount(first[same], minlength=len(shapes))
        between += int((~same).sum())
        worst = int(own.argmax())
        if own[worst] > MAX_FEATURE_CROSSINGS:
            text = _(
                "{file}: conturul elementului {row} se intersectează cu el însuși în prea multe puncte: cel puțin "
                "{found}; se primesc cel mult {most}. Refaceți poligonul."
            )
            raise _too_much_error(text, file, int(own[worst]), MAX_FEATURE_CROSSINGS, row=int(rows[worst]))
        if own.sum() + between > MAX_CROSSINGS:
            text = _(
                "{file}: contururile se intersectează în prea multe puncte, de exemplu la elementul {row}: cel puțin "
                "{found}; se primesc cel mult {most}. Curățați topologia stratului."
            )
            raise _too_much_error(text, file, int(own.sum()) + between, MAX_CROSSINGS, row=int(rows[first[-1]]))
        compared += pairs
        if compared > MAX_NEAR_PAIRS:
            text = _(
                "{file}: laturile poligoanelor sunt prea dese: cel puțin {found} perechi apropiate; se primesc cel "
                "mult {most}. Simplificați stratul."
            )
            raise _too_much_error(text, file, compared, MAX_NEAR_PAIRS)


def _require_few_covering(shapes: NDArray[np.object_], rows: NDArray[np.int64], file: str) -> None:
    tree = shapely.STRtree(shapes)
    points = shapely.point_on_surface(shapes)
    for start in range(0, len(points), _POINTS_AT_ONCE):
        some = points[start : start + _POINTS_AT_ONCE]
        at, _over = tree.query(some, predicate="intersects")
        covering = np.bincount(at, minlength=len(some)) - 1
        worst = int(covering.argmax())
        if covering[worst] > MAX_COVERING:
            text = _(
                "{file}: peste elementul {row} se suprapun prea multe poligoane: {found}; se primesc cel mult {most}. "
                "Păstrați un singur poligon pentru fiecare unitate."
            )
            raise _too_much_error(text, file, int(covering[worst]), MAX_COVERING, row=int(rows[start + worst]))


def _require_each(counts: NDArray[np.int64], most: int, text: str, file: str) -> None:
    """Refuse the largest of the counts of features where it is over `most`."""
    if len(counts) and counts.max() > most:
        raise _too_much_error(text, file, int(counts.max()), most, row=int(counts.argmax()) + 1)


def _too_much_error(text: str, file: str, found: int, most: int, *, row: int = 0) -> UnreadableFileError:
    return UnreadableFileError(text.format(file=file, row=number(row), found=number(found), most=number(most)))


def _count_parts(shape: object) -> int:
    """Count rings, lines and points, through collections inside collections."""
    parts = np.array([shape], dtype=object)
    while (collections := shapely.get_type_id(parts) > 3).any():  # noqa: PLR2004  4 to 7 are kinds of collections
        if len(parts) > MAX_FEATURE_PARTS:
            break
        parts = np.concatenate([parts[~collections], shapely.get_parts(parts[collections])])
    return len(parts) + int(shapely.get_num_interior_rings(parts).sum())


def _crossing_owners(shapes: NDArray[np.object_]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], int]]:
    """Find pairs of segments that cross, or of which one ends inside the other, step by step.

    Yields for each step the positions of the two shapes of each pair (equal: a shape crosses itself), and how many
    pairs were compared. Segments that share an end are no crossing: neighbours share all of theirs.
    """
    rings, ring_owner = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    begins = np.flatnonzero(ring[1:] == ring[:-1])
    # In random order each step meets about as many others as the step before, wherever the tangle lies.
    begins = np.random.default_rng(0).permutation(begins)
    begin, end, owner = xy[begins], xy[begins + 1], ring_owner[ring[begins]]
    lines = np.asarray(shapely.linestrings(np.stack([begin, end], axis=1)))
    tree = shapely.STRtree(lines)
    start, step = 0, 1
    while start < len(lines):
        a, b = tree.query(lines[start : start + step])
        a += start
        once = a < b
        a, b = a[once], b[once]
        crossing = _cross(begin[a], end[a], begin[b], end[b])
        yield owner[a[crossing]], owner[b[crossing]], len(once)
        start += step
        step = int(np.clip(_PAIRS_AT_ONCE * step / max(1, len(once)), 1, 2 * step))


def _cross(
    p: NDArray[np.float64], q: NDArray[np.float64], r: NDArray[np.float64], s: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether segment pq meets rs elsewhere than in a common end; both are known to have boxes that meet."""
    of_r, of_s, of_p, of_q = _side(p, q, r), _side(p, q, s), _side(r, s, p), _side(r, s, q)
    shares = _same(p, r) | _same(p, s) | _same(q, r) | _same(q, s)
    apart = (of_r * of_s > 0) | (of_p * of_q > 0)
    return ~shares & ~apart


def _side(p: NDArray[np.float64], q: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    d, e = q - p, x - p
    return np.sign(d[:, 0] * e[:, 1] - d[:, 1] * e[:, 0])


def _same(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (p == q).all(axis=1)
    return same
