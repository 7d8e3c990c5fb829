"""The files of the page of the field: modules, style, icon; each version under an address of its own.

Modules name each other by their folder, so that one version never mixes with another: the folder is named by what
all of its files hold.
"""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from api.http.assets import OURS
from api.http.open_routes import opens_itself

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

FOLDER = OURS / "teren"
ADDRESS = "/teren/f"
WORKER = "sw.js"  # has an address of its own, which never changes
# Few need them: they come once the page is there, not among what a telephone loads first.
LATER = ("list_reading.js", "screens_import.js")
_SHARED = ("tokens.css", "icon.svg")
_FOREVER = "public, max-age=31536000, immutable"


@cache
def shell_files() -> dict[str, Path]:
    """Return every file of the page by its name. What is not listed is not served."""
    own = {path.name: path for path in sorted(FOLDER.iterdir()) if path.is_file() and path.name != WORKER}
    return {**own, **{name: OURS / name for name in _SHARED}}


@cache
def file_content(name: str) -> bytes:
    """Return a file as it is sent: a script without the lines of comments and the indents, an eighth of the whole page.

    KeyError for a file that is not of the page. No text of the scripts goes over several lines (a test looks).
    """
    content = shell_files()[name].read_bytes()
    if not name.endswith(".js"):
        return content
    lines = (line.strip() for line in content.split(b"\n"))
    return b"\n".join(line for line in lines if line and not line.startswith(b"//"))


@cache
def files_digest() -> str:
    """Return what names this version of the files."""
    digest = hashlib.sha256()
    for name in shell_files():
        digest.update(f"{name}\0".encode() + file_content(name))
    return digest.hexdigest()[:12]


def file_address(name: str) -> str:
    """Return the address of a file of this version; KeyError for one that is not of the page.

    Examples
    --------
    >>> file_address("main.js").endswith("/main.js")
    True
    """
    return f"{ADDRESS}/{files_digest()}/{shell_files()[name].name}"


@opens_itself
async def shell_file(request: Request) -> Response:
    """Send a file of this version; another version's address does not exist here."""
    path = shell_files().get(request.path_params["name"])
    if path is None or request.path_params["version"] != files_digest():
        return PlainTextResponse("404", 404, headers={"Cache-Control": "no-store"})
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(file_content(path.name), media_type=kind, headers={"Cache-Control": _FOREVER})
