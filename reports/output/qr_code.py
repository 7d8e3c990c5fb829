"""A QR code as one path of a drawing, for a page that is printed or held before a telephone."""

from __future__ import annotations

from dataclasses import dataclass

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
                bars.append(f"M{x} {y}h{end - x}v1h{x - end}z")
            x = end + 1
    return QrCode(len(rows), "".join(bars))
