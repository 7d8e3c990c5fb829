"""Which of two sources of a registry goes first where both describe one service, field by field.

`sources.json` in the folder of a registry's editions says the order that somebody chose; else a registry's default
source goes before the others, which follow by name. A field that the first leaves empty is taken from the next.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from core.errors import EditionError, UnknownCodeError
from core.i18n import _
from core.storage.home import make_private_folder, write_atomically
from core.storage.import_kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from core.storage.home import Home

FILE = "sources.json"


def ordered(home: Home, kind: str, sources: Iterable[str]) -> list[str]:
    """Put sources of a registry in the order in which their facts go."""
    chosen = {name: place for place, name in enumerate(_chosen(home, kind))}
    usual = KINDS[kind].default_source
    return sorted(sources, key=lambda name: (chosen.get(name, len(chosen)), name != usual, name))


def choose_order(home: Home, kind: str, order: Sequence[str], *, known: Iterable[str]) -> None:
    """Write down that the facts of the sources named go first, in this order.

    Raises UnknownCodeError for a source that is not among those known, or is named twice.
    """
    there = set(known)
    wrong = [name for name in order if name not in there] or [name for name in order if list(order).count(name) > 1]
    if wrong:
        raise UnknownCodeError(
            _("{kind}: nu găsesc sursa „{source}” în starea cerută. Sursele sunt: {known}.").format(
                kind=kind, source=wrong[0][:40], known=", ".join(sorted(there)) or _("niciuna")
            )
        )
    path = _file(home, kind)
    make_private_folder(path.parent)
    write_atomically(path, json.dumps({"order": list(order)}, ensure_ascii=False).encode(), is_private=True)


def _chosen(home: Home, kind: str) -> list[str]:
    path = _file(home, kind)
    try:
        return [str(name) for name in json.loads(path.read_text(encoding="utf-8"))["order"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EditionError(_("{file} este deteriorat: {why}").format(file=path.name, why=str(error)[:200])) from None


def _file(home: Home, kind: str) -> Path:
    return home.editions / kind / FILE


def first_filled(rows: pd.DataFrame, order: Sequence[str], source: pd.Series[str]) -> dict[str, object]:
    """Take each field of one service from the first source that says it.

    Parameters
    ----------
    rows
        What sources say of one service, a row each.
    order
        Sources, those that go first before the others.
    source
        The source of each row.
    """
    place: Mapping[str, int] = {name: number for number, name in enumerate(order)}
    ranked = rows.assign(_place=source.map(place).fillna(len(order))).sort_values("_place", kind="stable")
    values: dict[str, object] = {}
    for column in rows.columns:
        there = ranked[column][ranked[column].notna() & (ranked[column].astype("str") != "")]
        values[str(column)] = there.iloc[0] if len(there) else ranked[column].iloc[0]
    return values
