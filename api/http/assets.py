"""Static files of our own host: Leaflet from its package, our style sheet, our script, the icon.

Nothing on a screen comes from another host, so nobody else learns who looks at what.
"""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from api.http.open_routes import opens_itself

OURS = Path(__file__).parent.parent / "static"
_FOREVER = "public, max-age=31536000, immutable"
_LEAFLET_FILES = (
    "leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png",
    "images/marker-icon.png", "images/marker-icon-2x.png", "images/marker-shadow.png",
)  # fmt: skip


@cache
def files() -> dict[str, Path]:
    """Return every file that is served, by its name after `/assets/`. What is not listed is not served."""
    ours = {path.name: path for path in sorted(OURS.iterdir()) if path.is_file()}
    return {**ours, **{f"leaflet/{name}": _leaflet_folder() / name for name in _LEAFLET_FILES}}


def _leaflet_folder() -> Path:
    # The package is made for Django, but its files stand for themselves; importing it needs no Django.
    import js_lib_leaflet

    return Path(js_lib_leaflet.__file__).parent / "static" / "js_lib_leaflet"


@cache
def asset_url(name: str) -> str:
    """Return the address of a file; it changes with the content, so that browsers may keep it for ever."""
    digest = hashlib.sha256(files()[name].read_bytes()).hexdigest()[:10]
    return f"/assets/{name}?v={digest}"


@opens_itself
async def asset(request: Request) -> Response:
    """Send one of our files; what is not on the list does not exist."""
    path = files().get(request.path_params["name"])
    if path is None:
        return PlainTextResponse("404", status_code=404)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    # Only an address that names its content may be kept for ever.
    keep = _FOREVER if "v" in request.query_params else "public, max-age=3600"
    return Response(path.read_bytes(), media_type=kind, headers={"Cache-Control": keep})


def routes() -> list[BaseRoute]:
    """Return the static routes."""
    return [Route("/assets/{name:path}", asset)]
