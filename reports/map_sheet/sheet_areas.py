"""The areas of a sheet on paper, and their keys: filled by step, with lines that a copy in grey keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.maps.area_patterns import CROSS, DOTS, GRID, LIGHT, PATTERNS, RISE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.maps.area_patterns import AreaPattern
    from geo.maps.view_drawing import DrawnArea
    from reports.map_sheet.sheet_content import MapSheet
    from reports.output.pdf import ReportPdf

_POINTS_A_MM = 72 / 25.4
_MM_A_PIXEL = 0.2  # of a pattern, which is said in pixels of a screen
_EDGE = "0.588 0.635 0.651"
_Box = tuple[float, float, float, float]  # left, bottom, right, top in points from the page's lower left corner


def draw_areas(document: ReportPdf, sheet: MapSheet, left: float, top: float) -> None:
    """Draw the areas of a sheet.

    Parameters
    ----------
    document
        The document under way.
    sheet
        Whose areas, and by what they are coloured.
    left, top
        Where the drawing begins, millimetres of the page.
    """
    x0, y0 = left * _POINTS_A_MM, (document.tall - top) * _POINTS_A_MM
    wide, high = sheet.frame.width * _POINTS_A_MM, sheet.frame.height * _POINTS_A_MM
    box = (x0, y0 - high, x0 + wide, y0)
    by_step: dict[int, list[str]] = {}
    for area in sheet.areas:
        by_step.setdefault(area.grade, []).append(_outline(area, x0, y0))
    lines = ["q", f"{_EDGE} RG {0.12 * _POINTS_A_MM:.2f} w 1 j"]
    for step, outlines in by_step.items():
        pattern = PATTERNS[sheet.step_mark(step)]
        lines += [f"{_colour(pattern.ground)} rg", *(f"{outline} B*" for outline in outlines)]
    lines.append("Q")
    for step, outlines in by_step.items():
        lines += _over(PATTERNS[sheet.step_mark(step)], outlines, box)
    document._out("\n".join(lines))  # noqa: SLF001 - thousands of outlines at once, as in reports.output.pdf_map


def draw_area_key(document: ReportPdf, mark: str, x: float, y: float) -> None:
    """Draw the key of a step, 4 by 2.8 mm, at millimetres of the page."""
    left, high = x * _POINTS_A_MM, (document.tall - y) * _POINTS_A_MM
    wide, tall = 4 * _POINTS_A_MM, 2.8 * _POINTS_A_MM
    outline = f"{left:.2f} {high - tall:.2f} {wide:.2f} {tall:.2f} re"
    pattern = PATTERNS[mark]
    filled = ["q", f"{_EDGE} RG 0.42 w {_colour(pattern.ground)} rg {outline} B", "Q"]
    over = _over(pattern, [outline], (left, high - tall, left + wide, high))
    document._out("\n".join([*filled, *over]))  # noqa: SLF001 - as above


def _outline(area: DrawnArea, x0: float, y0: float) -> str:
    path = []
    for ring in area.rings:
        first, *rest = (f"{x0 + x * _POINTS_A_MM:.2f} {y0 - y * _POINTS_A_MM:.2f}" for x, y in ring[:-1].tolist())
        path.append(f"{first} m " + " ".join(f"{point} l" for point in rest) + " h")
    return " ".join(path)


def _over(pattern: AreaPattern, outlines: Iterable[str], box: _Box) -> list[str]:
    """Draw the lines of a pattern over outlines, all at once and clipped by them."""
    if not pattern.lines:
        return []
    apart = pattern.side * _MM_A_PIXEL * _POINTS_A_MM
    pen = f"{0.55 if pattern.lines == DOTS else 0.35} w {_colour(pattern.pen)} RG"
    dashes = f"[0.9 {apart - 0.9:.2f}] 0 d" if pattern.lines == DOTS else ""
    return ["q", *outlines, "W* n", f"{pen} {dashes}", *_strokes(pattern.lines, apart, box), "S", "Q"]


def _strokes(kind: str, apart: float, box: _Box) -> list[str]:
    left, low, right, high = box
    tall, wide = high - low, right - left
    strokes: list[str] = []
    if kind in (RISE, CROSS):
        starts = [left - tall + apart * place for place in range(int((wide + tall) / apart) + 1)]
        strokes += [f"{x:.1f} {low:.1f} m {x + tall:.1f} {high:.1f} l" for x in starts]
        if kind == CROSS:
            strokes += [f"{x:.1f} {high:.1f} m {x + tall:.1f} {low:.1f} l" for x in starts]
    if kind in (DOTS, GRID):
        rows = [low + apart * (place + 0.5) for place in range(int(tall / apart) + 1)]
        strokes += [f"{left:.1f} {y:.1f} m {right:.1f} {y:.1f} l" for y in rows]
    if kind == GRID:
        columns = [left + apart * (place + 0.5) for place in range(int(wide / apart) + 1)]
        strokes += [f"{x:.1f} {low:.1f} m {x:.1f} {high:.1f} l" for x in columns]
    return strokes


def _colour(name: str) -> str:
    return " ".join(f"{part / 255:.3f}" for part in bytes.fromhex(LIGHT[name][1:]))
