"""Spreadsheets that others made (XLSX, XLS, ODS), opened in a process of their own within limits."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

from core.errors import UnreadableFileError
from core.i18n import _
from core.reading.limited_process import run_limited

MAX_UNPACKED_BYTES = 400_000_000  # the school network unpacks to 30 MB
MAX_UNPACK_RATIO = 200  # real sheets pack about 1:10; deflate's own limit is 1:1032
MAX_ROWS = 300_000
MAX_CELLS = 10_000_000  # the school network has 473,000
READER_MEMORY_BYTES = 1_200_000_000
READER_SECONDS = 120
SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})


def read_sheet(path: Path, *, sheet: str | int | None = None) -> list[list[object]]:
    """Read one sheet of a workbook as raw rows, in a process of its own within limits of memory and time.

    Parameters
    ----------
    path
        The workbook.
    sheet
        Its name or its position; None = the first that has rows.

    Returns
    -------
    list of list
        Cells are text, numbers, true or false; dates come as ISO text, empty cells as "".

    Raises
    ------
    UnreadableFileError
        For an empty, damaged or encrypted file, one that unpacks to more than MAX_UNPACKED_BYTES or MAX_UNPACK_RATIO
        times its size, or needs more memory or time than the reader has, and one without the sheet asked for.
    """
    if zipfile.is_zipfile(path):
        _refuse_bomb(path)
    arguments = {"path": str(path.absolute()), "sheet": sheet, "rows": MAX_ROWS, "cells": MAX_CELLS}
    answer = run_limited(
        "core.reading.sheet_child", arguments, memory_bytes=READER_MEMORY_BYTES, seconds=READER_SECONDS
    )
    rows = answer.get("rows")
    if isinstance(rows, list):
        return rows
    raise UnreadableFileError(_fault(path, str(answer.get("fault")), answer.get("found"), sheet))


def _fault(path: Path, fault: str, found: Any, sheet: str | int | None) -> str:
    file = path.name
    if fault == "no_sheet":
        return _("{file}: nu are foaia „{sheet}”. Foi găsite: {found}.").format(
            file=file, sheet=sheet, found=", ".join(found)
        )
    if fault == "too_large":
        return _("{file}: foaia este prea mare ({rows} rânduri, {columns} coloane).").format(
            file=file, rows=found[0], columns=found[1]
        )
    if fault == "limit":
        return _("{file}: foaia de calcul cere prea multă memorie sau prea mult timp; nu o deschid.").format(file=file)
    why = _other_content(path) or found
    return _("{file}: nu este o foaie de calcul care poate fi citită ({why}).").format(file=file, why=why)


def _other_content(path: Path) -> str:
    """Say what a file is by its first bytes, where that is not what its name says; empty where it is."""
    try:
        with path.open("rb") as handle:
            head = handle.read(4_000)
    except OSError:
        return ""
    ending = path.suffix.lower()
    if head.startswith(b"PK") and ending == ".xls":
        return _("conținutul este XLSX; dați-i terminația .xlsx")
    if head.startswith(b"\xd0\xcf\x11\xe0") and ending != ".xls":
        return _("conținutul este XLS sau are parolă; dați-i terminația .xls ori salvați-l fără parolă")
    if b"\x00" in head or head.startswith(b"PK"):
        return ""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _("conținutul este XML sau HTML; deschideți-l și salvați-l ca XLSX")
    return _("conținutul este text; dați-i terminația .csv")


def _refuse_bomb(path: Path) -> None:
    # Sizes in the archive's directory may lie, so members are unpacked once, and the count stops at the limit.
    limit = min(MAX_UNPACKED_BYTES, MAX_UNPACK_RATIO * max(path.stat().st_size, 50_000))
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as stream:
                    while chunk := stream.read(1 << 20):
                        unpacked += len(chunk)
                        if unpacked > limit:
                            raise UnreadableFileError(
                                _("{file}: foaia se despachetează la peste {size} MB; nu o deschid.").format(
                                    file=path.name, size=limit // 1_000_000
                                )
                            )
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError) as error:
        raise UnreadableFileError(
            _("{file}: arhiva foii de calcul este deteriorată ({why}).").format(file=path.name, why=str(error)[:120])
        ) from None
