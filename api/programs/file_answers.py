"""A file as an answer: whole or a range of its bytes, by a strong digest; read while it is sent."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from api.programs.operations import Answered
from api.programs.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import BufferedReader
    from pathlib import Path

    from starlette.datastructures import Headers

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def file_answer(
    path: Path, sha256: str, media_type: str, asked: Headers, headers: Mapping[str, str], *, is_head: bool = False
) -> Answered:
    """Answer with a file.

    Several ranges, and a range that is none, are passed over: the whole file comes, as RFC 9110 allows.

    Parameters
    ----------
    path, sha256, media_type
        The file.
    asked
        Headers of the request: `If-None-Match`, `Range`, `If-Range`.
    headers
        Of the answer, beside those made here.
    is_head
        Whether only the headers are wanted.

    Returns
    -------
    Answered
        200, 206 or 304.

    Raises
    ------
    ProblemError
        For a range behind the end, and where the file is gone.
    """
    tag = f'"{sha256}"'
    values = {"Cache-Control": "private, no-cache", "ETag": tag, "Accept-Ranges": "bytes", **headers}
    if {tag, "*"} & {part.strip().removeprefix("W/") for part in asked.get("if-none-match", "").split(",")}:
        return Answered(b"", 304, values)
    try:
        handle = path.open("rb")
    except OSError:
        raise ProblemError("not-found") from None
    size = path.stat().st_size
    wanted = _RANGE.fullmatch(asked.get("range", "").strip()) if asked.get("if-range", tag) == tag else None
    span = _span(wanted[1], wanted[2], size) if wanted else None
    if is_head:  # of the whole: ranges are of what is got
        handle.close()
        span = None
    if span is None:
        values |= {"Content-Length": str(size), "Repr-Digest": _digest(sha256)}
        return Answered(iter(()) if is_head else _pieces(handle, 0, size), 200, values, media_type)
    first, behind = span
    if first >= behind:
        handle.close()
        raise ProblemError("range", headers={"Content-Range": f"bytes */{size}"})
    values |= {"Content-Length": str(behind - first), "Content-Range": f"bytes {first}-{behind - 1}/{size}"}
    return Answered(_pieces(handle, first, behind), 206, values, media_type)


def _span(first: str, last: str, size: int) -> tuple[int, int] | None:
    """Return the first byte of a range and that behind its last; None for what is no range."""
    if not first:
        return (max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size


def _pieces(handle: BufferedReader, first: int, behind: int) -> Iterator[bytes]:
    with handle:
        handle.seek(first)
        while first < behind and (piece := handle.read(min(PIECE, behind - first))):
            first += len(piece)
            yield piece


def _digest(sha256: str) -> str:
    """Write a digest as RFC 9530 has it."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
