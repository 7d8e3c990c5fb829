"""The letters of printed pages: Noto Sans, cut to the signs that Romanian pages use.

The font comes from the pinned package `fontpkg-noto-sans` (OFL-1.1), one variable file of 2 MB; a page needs
two weights of it and few hundred signs. Cutting takes half a second a weight, once in a process.
"""

from __future__ import annotations

import io
import re
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import fontpkg_noto_sans

from core.i18n import _

Weight = Literal[400, 700]
_FILE = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
# Latin with all of Central Europe, the comma letters ș ț, Greek, Cyrillic, dashes, quotes and the signs that we draw.
SIGNS = frozenset(
    {
        *range(0x20, 0x7F),
        *range(0xA0, 0x180),
        *range(0x218, 0x21C),
        *range(0x370, 0x378),
        *range(0x37A, 0x380),
        *range(0x384, 0x38B),
        0x38C,
        *range(0x38E, 0x3A2),
        *range(0x3A3, 0x3E2),
        *range(0x3F0, 0x400),
        *range(0x400, 0x530),
        *range(0x2010, 0x2027),
        0x20AC,
        0x2116,
        0x2212,
    }
)
_TELEPHONES = frozenset("\u260e\u260f\u2706\U0001f4de\U0001f57f")
_AGAIN = re.compile(r"(\[[^\[\]]+\])(?:\s*\1)+")  # a word that stands for each letter of a text is said once
_CUTTING = threading.Lock()


def prepare() -> None:
    """Cut both weights beforehand, so that the first page of a process does not wait for them."""
    for weight in get_args(Weight):
        face(weight)


def face(weight: Weight) -> bytes:
    """Return the font file (TrueType, not variable) of a weight, cut to SIGNS; the same bytes every time.

    Any number of threads may ask at once: one of them cuts, the others wait for it.
    """
    with _CUTTING:
        return _cut(weight)


@cache
def _cut(weight: Weight) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    # Pages are written letter by letter: nobody reads the tables that move and join letters, and to cut those takes
    # four times as long as all the rest.
    options = subset.Options(hinting=False, notdef_outline=True, layout_features=[])
    options.drop_tables += ["STAT", "DSIG", "GPOS", "GSUB", "GDEF"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=SIGNS)
    cut = io.BytesIO()
    with TTFont(_FILE, lazy=True, recalcTimestamp=False) as font:
        cutter.subset(font)
        instancer.instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
        font.save(cut)
    return cut.getvalue()


def printable(text: object) -> str:
    r"""Make any text fit for the page: composed letters, spaces for breaks and tabs, words for what the font lacks.

    A sign that is another way to write letters of the page is written in those (the ligature of fi). Where a text is in
    another alphabet, or a sign is not on the page, the reader is told so.

    >>> printable("Bac\u0103u\tși \u4e2d\u5fc3 \ufb01 \u260e")
    'Bacău și [alt alfabet] fi tel.'
    """
    composed = unicodedata.normalize("NFC", str(text))
    signs = (" " if sign.isspace() and sign != "\u00a0" else sign for sign in composed)
    shown = (
        sign if ord(sign) in SIGNS else _in_words(sign) for sign in signs if sign.isprintable() or sign == "\u00a0"
    )
    return _AGAIN.sub(r"\1", "".join(shown))


def _in_words(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    if all(ord(letter) in SIGNS for letter in plain):
        return plain
    if sign in _TELEPHONES:
        return _("tel.")
    kind = unicodedata.category(sign)
    if kind.startswith("M"):  # a mark over a letter that the font has alone
        return ""
    return _("[alt alfabet]") if kind.startswith("L") else _("[semn]")
