"""Files that others wrote: their bytes within limits, the text that these are, and JSON."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from core.errors import UnreadableFileError
from core.i18n import _

MAX_FILE_BYTES = 100_000_000


def sha256_of(path: Path) -> str:
    """Digest of a file's bytes, in hexadecimal; UnreadableFileError where it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise unreadable_error(path, error) from None


def require_size(path: Path) -> None:
    """Raise UnreadableFileError for what is no file, is empty, or is larger than MAX_FILE_BYTES."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise unreadable_error(path, error) from None
    except ValueError:  # a NUL in the name
        raise UnreadableFileError(_("Numele fișierului nu poate fi citit.")) from None
    if path.is_dir():
        raise UnreadableFileError(_("{file}: este un dosar, nu un fișier.").format(file=path.name))
    if size == 0:
        raise UnreadableFileError(_("{file}: fișierul este gol.").format(file=path.name))
    if size > MAX_FILE_BYTES:
        raise UnreadableFileError(
            _("{file}: fișierul are {size} MB; se primesc cel mult {limit} MB.").format(
                file=path.name, size=size // 1_000_000, limit=MAX_FILE_BYTES // 1_000_000
            )
        )


def content_of(path: Path) -> bytes:
    """Return a file's bytes, within the limit of size."""
    require_size(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable_error(path, error) from None


def unreadable_error(path: Path, error: OSError) -> UnreadableFileError:
    """Make the error of a file that the system does not let us read."""
    return UnreadableFileError(
        _("{file}: fișierul nu poate fi citit ({why}).").format(file=path.name[-120:], why=error.strerror)
    )


def encoding_of(content: bytes, *, file: str) -> str:
    """Find how text is written: UTF-8, UTF-16 with its mark, else the code page that spreadsheets still write.

    A few broken bytes do not make UTF-8 another encoding: it stays, and they are shown as broken. Raises
    UnreadableFileError for what is not text.
    """
    if b"\x00" in content[:4_000]:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        raise UnreadableFileError(_("{file}: este un fișier binar, nu text.").format(file=file))
    text = content.decode("utf-8-sig", errors="replace")
    broken = text.count("\ufffd")
    if not broken or broken * 2 < len(content) - len(text):  # letters beyond ASCII take more bytes than characters
        return "utf-8-sig"
    try:
        content.decode("cp1250")
    except UnicodeDecodeError:
        return "iso8859-16"
    return "cp1250"


def decode(content: bytes, *, file: str) -> str:
    """Turn bytes into text (see `encoding_of`)."""
    return content.decode(encoding_of(content, file=file), errors="replace")


def read_json(path: Path) -> Any:
    """Read a JSON file; UnreadableFileError says where it breaks."""
    try:
        return json.loads(decode(content_of(path), file=path.name))
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(
            _("{file}: nu este JSON valid ({why}).").format(file=path.name, why=str(error)[:120])
        ) from None
