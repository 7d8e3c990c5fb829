"""Maps on paper: outlines and dots filled by class, a legend in words. Vectors, drawn from METRIC_CRS metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import shapely

from geo.maps.map_style import CLASS_COLOURS
from reports.output.fonts import printable
from reports.output.pdf import INK, MARGIN, SOFT, WHITE, WIDTH, Colour, ensure_space, set_text_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.output.pdf import ReportPdf

RAMP: tuple[Colour, ...] = CLASS_COLOURS
EMPTY: Colour = (246, 247, 247)
_EDGE: Colour = (170, 180, 184)
_POINTS_A_MM = 72 / 25.4
_PAGE_MM = 297.0
NOBODY: Colour = (247, 248, 247)
NOT_KNOWN: Colour = (253, 241, 221)
# The two darker classes carry lines, as on a screen: a copy in grey keeps them apart, and what is no class is not the
# lowest one. Colour of the pen, millimetres between lines, and which way they run.
_HATCHES: dict[Colour, tuple[Colour, float, Literal["rise", "fall", "cross"]]] = {
    RAMP[2]: (RAMP[3], 1.6, "rise"),
    RAMP[3]: (RAMP[2], 1.3, "cross"),
    NOBODY: ((150, 160, 164), 2.2, "rise"),
    NOT_KNOWN: ((122, 74, 0), 1.4, "fall"),
}


@dataclass(frozen=True)
class PdfDot:
    """A mark: metres, its fill and half its width in millimetres. label: written beside it."""

    x: float
    y: float
    fill: Colour
    radius: float = 1.0
    label: str = ""


@dataclass(frozen=True)
class PdfLegendKey:
    """One line of the legend."""

    fill: Colour
    words: str
    is_dot: bool = False


def draw_map(
    document: ReportPdf,
    shapes: Sequence[tuple[Any, Colour]],
    dots: Sequence[PdfDot] = (),
    *,
    legend: Sequence[PdfLegendKey] = (),
    tall: float = 110.0,
    edge_mm: float = 0.15,
) -> None:
    """Draw filled outlines and marks over them, fitted into the width of the page.

    Parameters
    ----------
    document
        The document under way.
    shapes
        Shapely polygons in METRIC_CRS (metres), each with its fill.
    dots
        Marks over them.
    legend
        Fills and marks with their words.
    tall
        Height of the map, millimetres.
    edge_mm
        Width of the outlines, millimetres.
    """
    ensure_space(document, tall + 6)
    top = document.get_y()
    west, south, east, north = shapely.total_bounds([shape for shape, _fill in shapes])
    scale = min(WIDTH / (east - west), tall / (north - south))
    left = MARGIN + (WIDTH - (east - west) * scale) / 2
    # The page counts from below in points; everything is written in one go, for a shape call by call is slow.
    factor = scale * _POINTS_A_MM
    x0 = left * _POINTS_A_MM - west * factor
    y0 = (_PAGE_MM - top - tall) * _POINTS_A_MM - south * factor
    lines = [f"q {edge_mm * _POINTS_A_MM:.2f} w 1 j {_colour(_EDGE)} RG"]
    box = (MARGIN, top, MARGIN + WIDTH, top + tall)
    outlines: dict[Colour, list[str]] = {}
    for shape, fill in shapes:
        rings = [_ring(ring, factor, x0, y0) for ring in _rings(shape)]
        lines += [f"{_colour(fill)} rg", *rings, "B*"]
        outlines.setdefault(fill, []).extend(rings)
    lines.append("Q")
    for fill in [each for each in _HATCHES if each in outlines]:
        lines += _hatch(fill, outlines[fill], box)
    document._out("\n".join(lines))  # noqa: SLF001 - fpdf2 has no public way to write thousands of outlines at once
    for dot in dots:
        _draw_dot(document, dot, (dot.x * factor + x0) / _POINTS_A_MM, _PAGE_MM - (dot.y * factor + y0) / _POINTS_A_MM)
    document.set_xy(MARGIN, top + tall + 2)
    _legend(document, legend)


def _hatch(fill: Colour, outlines: Sequence[str], box: tuple[float, float, float, float]) -> list[str]:
    """Draw the lines of a class over all its outlines at once. box: millimetres from the left and from above."""
    pen, step, way = _HATCHES[fill]
    left, low, right, high = (part * _POINTS_A_MM for part in (box[0], _PAGE_MM - box[3], box[2], _PAGE_MM - box[1]))
    tall, wide, apart = high - low, right - left, step * _POINTS_A_MM
    starts = [left - tall + apart * place for place in range(int((wide + tall) / apart) + 1)]
    strokes = [f"{x:.1f} {low:.1f} m {x + tall:.1f} {high:.1f} l" for x in starts] if way != "fall" else []
    if way != "rise":
        strokes += [f"{x:.1f} {high:.1f} m {x + tall:.1f} {low:.1f} l" for x in starts]
    return ["q", *outlines, "W* n", f"0.35 w {_colour(pen)} RG", *strokes, "S", "Q"]


def _draw_dot(document: ReportPdf, dot: PdfDot, x: float, y: float) -> None:
    document.set_fill_color(*dot.fill)
    document.set_draw_color(*INK)
    document.set_line_width(0.15)
    document.ellipse(x - dot.radius, y - dot.radius, 2 * dot.radius, 2 * dot.radius, style="DF")
    if dot.label:
        set_text_style(document, 7, bold=True)
        text = printable(dot.label)
        wide = document.get_string_width(text)
        # Written to the left where the right edge is near.
        at = x + dot.radius + 0.8 if x + wide + 4 < MARGIN + WIDTH else x - dot.radius - 0.8 - wide
        for across, down in ((-0.25, 0), (0.25, 0), (0, -0.25), (0, 0.25)):
            document.set_text_color(*WHITE)
            document.text(at + across, y + 1 + down, text)
        document.set_text_color(*INK)
        document.text(at, y + 1, text)


def _rings(shape: Any) -> list[Any]:
    polygons = shapely.get_parts(shape)
    rings = []
    for polygon in polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON]:
        rings += [polygon.exterior, *polygon.interiors]
    return rings


def _ring(ring: Any, factor: float, x0: float, y0: float) -> str:
    xy = shapely.get_coordinates(ring) * factor
    first, *rest = (f"{x + x0:.2f} {y + y0:.2f}" for x, y in xy[:-1])
    return f"{first} m " + " ".join(f"{point} l" for point in rest) + " h"


def _box(corners: tuple[float, float, float, float]) -> str:
    left, top, right, bottom = corners
    sides = (left, _PAGE_MM - bottom, right - left, bottom - top)
    return " ".join(f"{side * _POINTS_A_MM:.2f}" for side in sides) + " re"


def _colour(colour: Colour) -> str:
    return " ".join(f"{part / 255:.3f}" for part in colour)


def _legend(document: ReportPdf, legend: Sequence[PdfLegendKey]) -> None:
    set_text_style(document, 8, colour=SOFT)
    x, y = MARGIN, document.get_y()
    for key in legend:
        text = printable(key.words)
        wide = document.get_string_width(text) + 10
        if x + wide > MARGIN + WIDTH:
            x, y = MARGIN, y + 5
        document.set_fill_color(*key.fill)
        document.set_draw_color(*_EDGE)
        document.set_line_width(0.15)
        if key.is_dot:
            document.ellipse(x + 0.5, y + 1, 2.6, 2.6, style="DF")
        else:
            document.rect(x, y + 1, 4, 2.8, style="DF")
            if key.fill in _HATCHES:
                corners = (x, y + 1, x + 4, y + 3.8)
                document._out("\n".join(_hatch(key.fill, [_box(corners)], corners)))  # noqa: SLF001 - as above
        document.set_xy(x + 5, y)
        document.cell(wide - 5, 5, text)
        x += wide
    document.set_xy(MARGIN, y + 7 if legend else y)
