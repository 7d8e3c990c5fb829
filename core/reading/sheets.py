"""Spreadsheets that others made (XLSX, XLS, ODS), opened whole in a process of their own within limits."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import UnreadableFileError
from core.i18n import _
from core.reading.files import require_size
from core.reading.limited_process import run_limited

MAX_UNPACKED_BYTES = 400_000_000  # the school network unpacks to 30 MB
MAX_UNPACK_RATIO = 200  # real sheets pack about 1:10; deflate's own limit is 1:1032
MAX_ROWS = 300_000
MAX_CELLS = 10_000_000  # the school network has 473,000
READER_MEMORY_BYTES = 1_200_000_000
READER_SECONDS = 120
SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_BINARY = ".xlsb"


@dataclass(frozen=True)
class RawSheet:
    """One sheet of a workbook, or a CSV as a whole.

    Attributes
    ----------
    name
        Its name; "" for a CSV.
    is_hidden
        Whether its owner hid it.
    rows
        Cells as they are: text, numbers, true or false; dates as ISO text; merged cells filled; blank rows empty.
    faults
        Row, column (from 0) and what stands there instead of a value: the error, or a formula without a result.
    merged
        Merged ranges over several rows: first row, first column, last row, last column.
    strays
        Rows (from 0) of cells far below the table, left out.
    is_ragged
        Whether a row longer than the titles is one that slipped, as in a CSV.
    """

    name: str
    is_hidden: bool = False
    rows: Sequence[Sequence[object]] = ()
    faults: Sequence[tuple[int, int, str]] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()
    strays: Sequence[int] = field(default=())
    is_ragged: bool = False


def read_workbook(path: Path) -> list[RawSheet]:
    """Read every sheet of a workbook, in a process of its own within limits of memory and time.

    Parameters
    ----------
    path
        The workbook.

    Returns
    -------
    list of RawSheet
        In their order, the hidden ones too.

    Raises
    ------
    UnreadableFileError
        For an empty, damaged or encrypted file, one that unpacks to more than MAX_UNPACKED_BYTES or MAX_UNPACK_RATIO
        times its size, or needs more memory or time than the reader has; and for a binary workbook (XLSB), of which
        nobody tells us which cells are merged.
    """
    require_size(path)
    if path.suffix.lower() == _BINARY:
        raise UnreadableFileError(
            _("{file}: este un registru binar XLSB. Deschideți-l în programul de calcul și salvați-l ca XLSX.").format(
                file=path.name
            )
        )
    if zipfile.is_zipfile(path):
        _refuse_bomb(path)
    arguments = {"path": str(path.absolute()), "rows": MAX_ROWS, "cells": MAX_CELLS}
    answer = run_limited(
        "core.reading.sheet_child", arguments, memory_bytes=READER_MEMORY_BYTES, seconds=READER_SECONDS
    )
    if "sheets" not in answer:
        raise UnreadableFileError(_fault(path, str(answer.get("fault")), answer.get("found")))
    return [
        RawSheet(
            name=str(said["name"]),
            is_hidden=bool(said["hidden"]),
            rows=said["rows"],
            faults=[(row, column, text) for row, column, text in said["faults"]],
            merged=[(top, left, bottom, right) for top, left, bottom, right in said["merged"]],
            strays=said["strays"],
        )
        for said in answer["sheets"]
    ]


def _fault(path: Path, fault: str, found: Any) -> str:
    file = path.name
    if fault == "too_large":
        return _("{file}: foaia este prea mare ({rows} rânduri, {columns} coloane).").format(
            file=file, rows=found[0], columns=found[1]
        )
    if fault == "limit":
        return _("{file}: foaia de calcul cere prea multă memorie sau prea mult timp; nu o deschid.").format(file=file)
    if why := _other_content(path):
        return _("{file}: nu este o foaie de calcul care poate fi citită ({why}).").format(file=file, why=why)
    words = _(
        "{file}: foaia de calcul este deteriorată sau închisă cu parolă. Deschideți-o și salvați-o din nou; dacă nu se "
        "deschide, cereți-o încă o dată de la sursă."
    )
    return words.format(file=file)


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
