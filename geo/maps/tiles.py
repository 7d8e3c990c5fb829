"""A tile server behind the map: only where whoever runs the application named one, and only for who asks for it.

The server learns where people look, and from which address; nothing else leaves the machine. HARTA_TILES is its
template (`https://…/{z}/{x}/{y}.png`), HARTA_TILES_ATTRIBUTION what it wants to be written on the map (its name, where
nothing is said).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import BadValueError
from core.i18n import _

TEMPLATE, ATTRIBUTION = "HARTA_TILES", "HARTA_TILES_ATTRIBUTION"
_HOST = re.compile(r"[a-z0-9.-]+(:\d+)?")


@dataclass(frozen=True)
class TileServer:
    """template: address of a tile with {z}, {x} and {y}. origin: scheme and host, as a content policy names them."""

    template: str
    attribution: str
    origin: str

    @property
    def host(self) -> str:
        """Who it is, for people."""
        return self.origin.split("//")[1].removeprefix("*.")


def tile_server() -> TileServer | None:
    """Return the tile server of this installation, None where nobody named one.

    Raises BadValueError where HARTA_TILES is not the template of one.
    """
    template = os.environ.get(TEMPLATE, "").strip()
    if not template:
        return None
    parts = urlsplit(template.replace("{s}.", "*."))
    host = parts.netloc.lower()
    is_whole = all(part in template for part in ("{z}", "{x}", "{y}"))
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host.removeprefix("*.")) or not is_whole:
        raise BadValueError(
            _("{name} conține „{found}”; se așteaptă o adresă ca https://server/{{z}}/{{x}}/{{y}}.png.").format(
                name=TEMPLATE, found=template
            )
        )
    origin = f"{parts.scheme}://{host}"
    return TileServer(template, os.environ.get(ATTRIBUTION, "").strip() or host.removeprefix("*."), origin)
