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


def columns(paper: ReportPdf, labels: Sequence[str], values: Sequence[float | None], *, tall: float = 34.0) -> None:
    """Draw a column chart below what is on the page.

    Parameters
    ----------
    paper
        The document under way.
    labels
        Words below the columns.
    values
        Heights, one a label; None is a hidden or unknown value and shows as a dash.
    tall
        Height of the tallest column, millimetres.
    """
    ensure_space(paper, tall + 12)
    top = paper.get_y() + 5
    step = WIDTH / max(len(labels), 1)
    wide = min(step * 0.66, 16.0)
    most = max((value for value in values if value is not None), default=0) or 1
    paper.set_draw_color(*LINE)
    paper.set_line_width(0.2)
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        middle = MARGIN + step * (place + 0.5)
        high = 0.0 if value is None else tall * value / most
        paper.set_fill_color(*ACCENT)
        if high:
            paper.rect(middle - wide / 2, top + tall - high, wide, high, style="F")
        set_text_style(paper, 7, colour=INK)
        _middle(paper, middle, top + tall - high - 4, "–" if value is None else number(value), step)
        set_text_style(paper, 7, colour=SOFT)
        _middle(paper, middle, top + tall + 0.8, label, step)
    paper.line(MARGIN, top + tall, MARGIN + WIDTH, top + tall)
    paper.set_xy(MARGIN, top + tall + 6.5)


def funnel(paper: ReportPdf, steps: Sequence[tuple[str, float | None]]) -> None:
    """Draw steps as bars one under the other, each with its number and its share of the first."""
    tall, name_wide = 6.4, 62.0
    ensure_space(paper, tall * len(steps) + 4)
    first = steps[0][1] if steps and steps[0][1] else None
    for name, value in steps:
        top = paper.get_y()
        set_text_style(paper, 8.5)
        paper.set_xy(MARGIN, top)
        paper.cell(name_wide, tall - 1.2, shortened(paper, printable(name), name_wide - 2))
        room = WIDTH - name_wide - 32
        paper.set_fill_color(*GROUND)
        paper.rect(MARGIN + name_wide, top + 0.3, room, tall - 2, style="F")
        if value is not None and first:
            paper.set_fill_color(*ACCENT)
            paper.rect(MARGIN + name_wide, top + 0.3, room * min(value / first, 1), tall - 2, style="F")
        said = _("1–4 sau ascuns") if value is None else number(value)
        if value is not None and first:
            said += f" ({number(100 * value / first)} %)"
        set_text_style(paper, 8.5, bold=True)
        paper.set_xy(MARGIN + name_wide + room + 2, top)
        paper.cell(30, tall - 1.2, said)
        paper.set_xy(MARGIN, top + tall)
    paper.ln(2)


def _middle(paper: ReportPdf, x: float, y: float, text: str, wide: float) -> None:
    paper.set_xy(x - wide / 2, y)
    paper.cell(wide, 4, printable(text), align="C")
