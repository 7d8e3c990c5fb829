"""The letters of printed pages: Noto Sans, cut to the signs that Romanian pages use.

The font comes from the pinned package `fontpkg-noto-sans` (OFL-1.1), one variable file of 2 MB; a page needs
two weights of it and few hundred signs. Cutting takes about a second, once in a process.
"""

from __future__ import annotations

import io
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

import fontpkg_noto_sans

Weight = Literal[400, 700]
_FILE = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
# Latin with all of Central Europe, the comma letters ș ț, dashes, quotes and the few signs that we draw.
SIGNS = frozenset(
    {
        *range(0x20, 0x7F),
        *range(0xA0, 0x180),
        *range(0x218, 0x21C),
        *range(0x2010, 0x2027),
        0x20AC,
        0x2212,
    }
)
_STANDS_FOR_UNKNOWN = "?"
_CUTTING = threading.Lock()


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

    options = subset.Options(hinting=False, notdef_outline=True, layout_features=["kern"])
    options.drop_tables += ["STAT", "DSIG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=SIGNS)
    cut = io.BytesIO()
    with TTFont(_FILE, lazy=True, recalcTimestamp=False) as font:
        cutter.subset(font)
        instancer.instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
        font.save(cut)
    return cut.getvalue()


def printable(text: object) -> str:
    r"""Make any text fit for the page: composed letters, spaces for breaks and tabs, „?” for what the font lacks.

    >>> printable("Bac\u0103u\tși \u4e2d")
    'Bacău și ?'
    """
    composed = unicodedata.normalize("NFC", str(text))
    signs = (" " if sign.isspace() and sign != "\u00a0" else sign for sign in composed)
    return "".join(
        sign if ord(sign) in SIGNS else _STANDS_FOR_UNKNOWN for sign in signs if sign.isprintable() or sign == "\u00a0"
    )
