"""What people said of titles that no list of ours knows: the field of each, remembered per register and source.

One file of the home, `titles.json`: kind, source, title, field. The next edition of the same source is read the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.errors import HomeError
from core.i18n import _
from core.storage.home import locked, write_atomically

if TYPE_CHECKING:
    from core.storage.home import Home

FILE = "titles.json"
_Choices = dict[str, dict[str, dict[str, str]]]


def remembered_titles(home: Home, kind: str, source: str = "") -> dict[str, str]:
    """Return the field of each title that somebody chose for a source.

    Parameters
    ----------
    home
        The home.
    kind
        Kind of register or layer.
    source
        The source; "" = the kind's own.

    Returns
    -------
    dict of str to str
        Field by title; `-` for a title that stands for none.

    Raises
    ------
    HomeError
        Where the file is damaged.
    """
    return _read(home).get(kind, {}).get(source, {})


def remember_titles(home: Home, kind: str, choices: Mapping[str, str], source: str = "") -> None:
    """Add choices to those that are remembered of a source; a later one of the same title takes the place."""
    if not choices:
        return
    with locked(home.path / f".{FILE}.lock"):
        every = _read(home)
        own = every.setdefault(kind, {}).setdefault(source, {})
        own.update(choices)
        write_atomically(home.path / FILE, json.dumps(every, ensure_ascii=False, indent=1).encode(), is_private=True)


def _read(home: Home) -> _Choices:
    try:
        payload = json.loads((home.path / FILE).read_bytes())
        return {
            str(kind): {
                str(source): {str(title): str(field) for title, field in own.items()} for source, own in sources.items()
            }
            for kind, sources in payload.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise HomeError(_("{file} este deteriorat: {why}").format(file=FILE, why=str(error)[:120])) from None
