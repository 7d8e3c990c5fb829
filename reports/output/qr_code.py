"""A QR code: one path of a drawing for a page, bars on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.output.pdf import ReportPdf

_MARGIN = 4  # modules: readers need them


@dataclass(frozen=True)
class QrCode:
    """A code as a drawing. size: of its square, in modules. path: `d` of an SVG path, its dark modules."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Draw a text as a QR code.

    Parameters
    ----------
    text
        What a reader shows, as an address.

    Returns
    -------
    QrCode
        With the margin that readers need; runs of modules are one bar.
    """
    size, bars = _bars(text)
    return QrCode(size, "".join(f"M{x} {y}h{long}v1h-{long}z" for x, y, long in bars))


def draw_code(document: ReportPdf, text: str, left: float, top: float, wide: float) -> None:
    """Draw a QR code of a text on paper: white ground with the margin that readers need, runs of modules as one bar."""
    size, bars = _bars(text)
    one = wide / size
    document.set_fill_color(255, 255, 255)
    document.rect(left, top, wide, wide, style="F")
    document.set_fill_color(0, 0, 0)
    for x, y, long in bars:
        # A hair wider than its modules, so that no white line shows between bars.
        document.rect(left + x * one, top + y * one, long * one + 0.01, one + 0.01, style="F")


def _bars(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """Give the side of a code in modules, and its dark bars: column, row, length."""
    import segno

    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=_MARGIN)]
    bars = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                bars.append((x, y, end - x))
            x = end + 1
    return len(rows), bars
