"""Sites that may show the map in a frame of theirs, by `embedding.json` of the home; none until they are named."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from core.errors import BadValueError, HomeError
from core.i18n import _
from core.storage.home import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.storage.home import Home

FILE = "embedding.json"
MOST_ORIGINS = 20
_ORIGIN = re.compile(
    r"https://(?=.{1,253}(?::|$))[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[0-9]{1,5})?"
)


def read_embedding(home: Home) -> tuple[str, ...]:
    """Return the origins of the sites that may frame the map.

    Parameters
    ----------
    home
        The home.

    Returns
    -------
    tuple of str
        `https://` and a host each, as a browser names an origin; empty = the map is embedded nowhere.

    Raises
    ------
    HomeError
        Where the file is damaged: nothing is opened by a file that cannot be read.
    """
    try:
        payload = json.loads((home.path / FILE).read_bytes())
        return _checked([str(origin) for origin in payload["origins"]])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        words = _("{file} este deteriorat ({why}). Spuneți din nou „harta embed ADRESĂ” sau „harta embed --off”.")
        raise HomeError(words.format(file=FILE, why=str(error)[:120])) from None


def write_embedding(home: Home, origins: Sequence[str]) -> tuple[str, ...]:
    """Let the sites of some origins frame the map, and no others.

    Parameters
    ----------
    home
        The home.
    origins
        As somebody wrote them; empty = none any more.

    Returns
    -------
    tuple of str
        As they were kept.

    Raises
    ------
    BadValueError
        For what is no origin of https.
    """
    kept = _checked([origin.strip().lower().rstrip("/") for origin in origins])
    write_atomically(home.path / FILE, json.dumps({"origins": list(kept)}, indent=1).encode(), is_private=True)
    return kept


def _checked(origins: Sequence[str]) -> tuple[str, ...]:
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            words = _(
                "„{found}” nu este adresa unui site: se scrie https:// și numele, de pildă https://primaria.example.ro."
            )
            raise BadValueError(words.format(found=origin[:80]))
    if len(origins) > MOST_ORIGINS:
        raise BadValueError(_("Harta poate fi încorporată în cel mult {most} site-uri.").format(most=MOST_ORIGINS))
    return tuple(dict.fromkeys(origins))
