"""Keys of areas and services as positions, and pairs of positions in order: what costs time in every measure.

Whole numbers are looked up in an array and text by Arrow: each several times as fast as a hash table of Python objects.
A pair is one whole number, so that finding out whether pairs are in order, and putting them in order, is one pass over
numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import BadValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.signedinteger[Any]]
    Finder = Callable[[slice], NDArray[np.integer[Any]]]

_SPAN = 4_000_000  # of whole-number keys that are looked up in an array of this length
_BLOCK = 16_384  # rows worked on at a time
_FEW = 1 / 4  # of rows: so many changes of key, or fewer, and only the changes are looked up
_NARROW = np.iinfo(np.int32).max
_WIDE_BITS = 63


def in_order(column: pd.Series[Any], key: str) -> tuple[pd.Index, NDArray[np.intp] | None]:
    """Keys sorted, and the rows they come from (None where they were sorted and each came once).

    BadValueError for keys of several kinds, of which none comes before the other.
    """
    values = pd.Index(column.astype(column.cat.categories.dtype) if is_category(column) else column, name=key)
    text = _text(values)
    if text is None or text.null_count:
        # asked in this order, the first answer tells the second
        if values.is_monotonic_increasing and values.is_unique:
            return values, None
        try:
            order = np.asarray(values.argsort())
        except TypeError:
            raise _mixed_types_error(key) from None
    else:
        if pc.all(pc.less(text[:-1], text[1:]), min_count=0).as_py():
            return values, None
        order = pc.array_sort_indices(text).to_numpy().astype(np.intp)
    return values.take(order), order


def finder(column: pd.Series[Any], keys: pd.Index, *, name: str) -> Finder:
    """Return what gives the position in `keys` (sorted) of a stretch of the column, -1 for what is not there.

    BadValueError where one is text and the other numbers.
    """
    values = pd.Index(column.cat.categories) if is_category(column) else pd.Index(column)
    if len(values) and len(keys) and _is_text(values) != _is_text(keys):
        raise BadValueError(f"column {name} is text in one table and numbers in another; use one kind of key")
    if not is_category(column) and values.dtype == keys.dtype == np.int64 and len(keys):
        return _find_numbers(values.to_numpy(), keys)
    try:
        found = _find(values, keys)
    except TypeError:  # lists and the like
        raise _mixed_types_error(name) from None
    if not is_category(column):
        return lambda part: found[part]
    codes = column.cat.codes.to_numpy()
    if len(found) == len(keys) and (found == np.arange(len(keys))).all():  # its categories are the keys
        return lambda part: codes[part]
    of_code = np.append(found, -1)  # the last for a cell without a key, whose code is -1
    return lambda part: of_code[codes[part]]


def _mixed_types_error(name: str) -> BadValueError:
    return BadValueError(f"column {name} mixes several kinds of keys; use only numbers or only text")


def _find_numbers(asked: NDArray[np.int64], keys: pd.Index) -> Finder:
    """Look whole numbers up in an array whose first and last entry, where strangers end up, are -1."""
    known = keys.to_numpy()
    least, most = int(known[0]), int(known[-1])
    if most - least >= _SPAN or least == np.iinfo(np.int64).min:  # there is no number below it for strangers
        return lambda part: keys.get_indexer(pd.Index(asked[part]))
    start = 0 if least > 0 and most < _SPAN else least - 1
    place = np.full(most - start + 2, -1, np.int32)
    place[known - start] = np.arange(len(known), dtype=np.int32)
    return lambda part: place.take(asked[part] - start if start else asked[part], mode="clip")


def _find(values: pd.Index, keys: pd.Index) -> NDArray[np.integer[Any]]:
    """Position of every value in `keys`, -1 where it is not there; the same many times in a row looked up once."""
    if not len(values) or not len(keys):
        return np.full(len(values), -1, np.int32)
    if len(_changes(values[:_BLOCK])) > _FEW * min(len(values), _BLOCK):
        return _find_each(values, keys)
    first = _changes(values)
    return np.repeat(_find_each(values.take(first), keys), np.diff(np.append(first, len(values))))


def _find_each(values: pd.Index, keys: pd.Index) -> NDArray[np.integer[Any]]:
    known = _text(keys)
    asked = None if known is None else _text(values)
    if known is None or asked is None:
        return keys.get_indexer(values)
    found = pc.index_in(asked, value_set=known)
    at: NDArray[np.int32] = (pc.fill_null(found, -1) if found.null_count else found).to_numpy()
    return at


def _changes(values: pd.Index) -> NDArray[np.intp]:
    """Rows whose key is not that of the row before."""
    each = values.to_numpy() if values.dtype == object else values  # numpy asks first whether it is the same object
    try:
        return np.flatnonzero(np.append(True, np.asarray(each[1:] != each[:-1], dtype=bool)))
    except TypeError:  # objects that cannot tell whether they are equal, such as pd.NA
        return np.arange(len(values))


def _text(values: pd.Index) -> pa.Array | None:
    """Keys as Arrow's text; None where they are not all text."""
    if not isinstance(values.dtype, pd.StringDtype) and values.dtype != object:
        return None
    try:
        text = pa.array(values, type=pa.large_string(), from_pandas=True)
    except (pa.ArrowException, ValueError):
        return None
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text


def is_category(column: pd.Series[Any]) -> bool:
    """Whether a column holds codes of a list of keys."""
    return isinstance(column.dtype, pd.CategoricalDtype)


def _is_text(values: pd.Index) -> bool:
    return not pd.api.types.is_numeric_dtype(values)


def pair_keys(area: Finder, service: Finder, pairs: int, *, areas: int, bits: int) -> Whole:
    """One whole number for each pair of positions, the service in the last `bits`; below 0 where either is -1."""
    key: Whole = np.empty(pairs, np.int32 if areas << bits <= _NARROW else np.int64)
    for part in _blocks(pairs):
        key[part] = area(part)
        key[part] <<= bits
        key[part] |= service(part).astype(key.dtype, copy=False)
    return key


def _blocks(rows: int) -> Iterator[slice]:
    """Stretches of rows that stay in the processor's cache while they are worked on."""
    return (slice(start, start + _BLOCK) for start in range(0, rows, _BLOCK))


def sort_pairs(key: Whole, cost: Floats | None) -> tuple[Whole, Floats | None]:
    """Sort pairs by key, in place where it can be, and their costs with them where there are any."""
    if cost is None:
        key.sort()
        return key, None
    shift = len(key).bit_length()
    if int(key.max()).bit_length() + shift > _WIDE_BITS:
        order = key.argsort(kind="stable")
        return key[order], cost[order]
    packed = (key.astype(np.int64) << shift) | np.arange(len(key))  # sorting numbers is twice as fast as their order
    packed.sort()
    return (packed >> shift).astype(key.dtype), cost[packed & ((1 << shift) - 1)]


def first_pairs(key: Whole, *, areas: int, bits: int) -> NDArray[np.int32]:
    """First pair of each of so many areas, and the end, of sorted pairs."""
    before, after = key[:-1], key[1:]
    new = [  # a pair and the one before it differ above the service's bits
        np.flatnonzero((after[part] ^ before[part]) >= 1 << bits) + part.start + 1 for part in _blocks(len(after))
    ]
    first = np.concatenate([[0], *new, [len(key)]]) if len(key) else np.zeros(1, np.intp)
    counts = np.zeros(areas + 1, np.int32)
    counts[(key[first[:-1]] >> bits) + 1] = np.diff(first)
    return np.cumsum(counts, dtype=np.int32)
