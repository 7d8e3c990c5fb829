"""Another directory's objects as rows of the general format, by a mapping: HSDS, its profiles, or any list of records.

The rows go to a file that is looked at and then imported as a source of its own, with the checks of every import.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from core.errors import BadValueError
from core.i18n import _
from core.resources import DATA

OWN_MAPPING = DATA / "providers" / "hsds_mapping.toml"
MOST_BYTES = 400 * 1024 * 1024
_STEP = re.compile(r"(?P<name>\w+)(?:\[(?P<key>\w+)=(?P<value>[^\]]*)\])?")
_LONGEST = 2_000


@dataclass(frozen=True)
class RecordMapping:
    """How records become rows: paths by column, the first that leads to something; codes of theirs to codes of ours.

    Attributes
    ----------
    paths
        `name.name`, through lists; `[key=value]` chooses the objects of a list; several values are joined by `;`.
    values
        By column: what of theirs is what of ours. A value that is not in it is kept as it is.
    defaults
        Where no path leads to anything.
    last_part
        By column: of a value, what stands behind the last such sign.
    only_where
        By column: paths and the text that each must lead to, or nothing is said.
    """

    paths: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, str]]
    defaults: Mapping[str, str]
    last_part: Mapping[str, str]
    only_where: Mapping[str, Mapping[str, str]]


def read_mapping(path: Path | None = None) -> RecordMapping:
    """Read a mapping.

    Parameters
    ----------
    path
        A TOML file with `[paths]` and, where wanted, `[values.COLUMN]`, `[defaults]`, `[last_part]`,
        `[only_where.COLUMN]`; None = that of our own HSDS.

    Returns
    -------
    RecordMapping
        As the file says.

    Raises
    ------
    BadValueError
        Where it is no such file.
    """
    try:
        by_name = tomllib.loads((path or OWN_MAPPING).read_text(encoding="utf-8"))
        paths = {name: (of,) if isinstance(of, str) else tuple(of) for name, of in by_name["paths"].items()}
        values, only_where = (
            {column: dict(of) for column, of in by_name.get(name, {}).items()} for name in ("values", "only_where")
        )
        defaults, last_part = (
            {column: str(of) for column, of in by_name.get(name, {}).items()} for name in ("defaults", "last_part")
        )
        return RecordMapping(paths, values, defaults, last_part, only_where)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise BadValueError(
            _("Fișierul de potriviri nu se poate citi: are nevoie de secțiunea [paths], în TOML.")
        ) from None


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Read records of a file: an array, an object with `contents`, or an object a line.

    Parameters
    ----------
    path
        JSON or NDJSON in UTF-8.

    Yields
    ------
    dict of str to Any
        Each record; what is no object is passed over.

    Raises
    ------
    BadValueError
        Where the file is too large, or is not JSON.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadValueError(_("Fișierul este prea mare: cel mult 400 MB."))
        text = path.read_text(encoding="utf-8-sig")
        try:
            found = json.loads(text)
        except ValueError:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError, RecursionError):
        raise BadValueError(_("Fișierul nu este JSON în UTF-8.")) from None
    if isinstance(found, dict):
        found = found["contents"] if isinstance(found.get("contents"), list) else [found]
    yield from (each for each in found if isinstance(each, dict))


def general_rows(records: Iterable[Mapping[str, Any]], mapping: RecordMapping) -> pd.DataFrame:
    """Make rows of the general format (docs/general-format.md) of records.

    Parameters
    ----------
    records
        Services, each with what belongs to it inside.
    mapping
        Of their names and codes to ours.

    Returns
    -------
    pd.DataFrame
        A row a record, text; columns as `mapping.paths` names them, "" where nothing is said.
    """
    rows = [{column: _cell(record, column, mapping) for column in mapping.paths} for record in records]
    return pd.DataFrame(rows, columns=list(mapping.paths), dtype="str").fillna("")


def _cell(record: Mapping[str, Any], column: str, mapping: RecordMapping) -> str:
    wanted = mapping.only_where.get(column, {})
    is_wanted = all(value in map(_text, _at(record, path)) for path, value in wanted.items())
    for path in mapping.paths[column] if is_wanted else ():
        known = mapping.values.get(column, {})
        texts = (_text(value) for value in _at(record, path))
        if sign := mapping.last_part.get(column):
            texts = (text.rpartition(sign)[2] for text in texts)
        items = [known.get(text, text) for text in texts if text]
        if items:
            return ";".join(dict.fromkeys(items))[:_LONGEST]
    return mapping.defaults.get(column, "")


def _at(found: Any, path: str) -> Iterator[Any]:
    """Give every value that a path leads to."""
    if isinstance(found, list):
        for each in found:
            yield from _at(each, path)
        return
    if not path:
        yield found
        return
    step, _sign, rest = path.partition(".")
    match = _STEP.fullmatch(step)
    if match is None or not isinstance(found, dict) or match["name"] not in found:
        return
    inner = found[match["name"]]
    if match["key"]:
        some = inner if isinstance(inner, list) else [inner]
        inner = [each for each in some if isinstance(each, dict) and str(each.get(match["key"])) == match["value"]]
    yield from _at(inner, rest)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "da" if value else "nu"
    if isinstance(value, (str, int, float)):
        return " ".join(str(value).split())
    return ""
