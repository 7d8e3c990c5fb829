"""Charts drawn on paper: columns by month, and a funnel. Every bar carries its number, so that no scale is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _, number
from reports.output.fonts import printable
from reports.output.pdf import (
    ACCENT,
    GROUND,
    INK,
    LINE,
    MARGIN,
    SOFT,
    WIDTH,
    ensure_space,
    set_text_style,
    shortened,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.output.pdf import ReportPdf


def columns(document: ReportPdf, labels: Sequence[str], values: Sequence[float | None], *, tall: float = 34.0) -> None:
    """Draw a column chart below what is on the page.

    Parameters
    ----------
    document
        The document under way.
    labels
        Words below the columns.
    values
        Heights, one a label; None is a hidden or unknown value and shows as a dash.
    tall
        Height of the tallest column, millimetres.
    """
    ensure_space(document, tall + 12)
    top = document.get_y() + 5
    step = WIDTH / max(len(labels), 1)
    wide = min(step * 0.66, 16.0)
    most = max((value for value in values if value is not None), default=0) or 1
    document.set_draw_color(*LINE)
    document.set_line_width(0.2)
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        middle = MARGIN + step * (place + 0.5)
        high = 0.0 if value is None else tall * value / most
        document.set_fill_color(*ACCENT)
        if high:
            document.rect(middle - wide / 2, top + tall - high, wide, high, style="F")
        set_text_style(document, 7, colour=INK)
        _middle(document, middle, top + tall - high - 4, "–" if value is None else number(value), step)
        set_text_style(document, 7, colour=SOFT)
        _middle(document, middle, top + tall + 0.8, label, step)
    document.line(MARGIN, top + tall, MARGIN + WIDTH, top + tall)
    document.set_xy(MARGIN, top + tall + 6.5)


def funnel(document: ReportPdf, steps: Sequence[tuple[str, float | None]]) -> None:
    """Draw steps as bars one under the other, each with its number and its share of the first."""
    tall, name_wide = 6.4, 62.0
    ensure_space(document, tall * len(steps) + 4)
    first = steps[0][1] if steps and steps[0][1] else None
    for name, value in steps:
        top = document.get_y()
        set_text_style(document, 8.5)
        document.set_xy(MARGIN, top)
        document.cell(name_wide, tall - 1.2, shortened(document, printable(name), name_wide - 2))
        room = WIDTH - name_wide - 32
        document.set_fill_color(*GROUND)
        document.rect(MARGIN + name_wide, top + 0.3, room, tall - 2, style="F")
        if value is not None and first:
            document.set_fill_color(*ACCENT)
            document.rect(MARGIN + name_wide, top + 0.3, room * min(value / first, 1), tall - 2, style="F")
        text = _("1–4 sau ascuns") if value is None else number(value)
        if value is not None and first:
            text += f" ({number(100 * value / first)} %)"
        set_text_style(document, 8.5, bold=True)
        document.set_xy(MARGIN + name_wide + room + 2, top)
        document.cell(30, tall - 1.2, text)
        document.set_xy(MARGIN, top + tall)
    document.ln(2)


def _middle(document: ReportPdf, x: float, y: float, text: str, wide: float) -> None:
    document.set_xy(x - wide / 2, y)
    document.cell(wide, 4, printable(text), align="C")
