"""A map on paper: the two darker classes carry lines inside of their outlines, the others none."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from reports.output.pdf import new_pdf
from reports.output.pdf_map import RAMP, PdfLegendKey, draw_map


@pytest.mark.parametrize(("grade", "clips"), [(1, 0), (2, 0), (3, 2), (4, 2)])
def test_darker_classes_are_known_by_lines_on_the_map_and_in_its_legend(monkeypatch, grade, clips):
    document = new_pdf("Harta", "", made_on=date(2026, 1, 1), is_demo=True)
    written: list[str] = []
    monkeypatch.setattr(document, "_out", lambda text: written.append(str(text)))
    draw_map(document, [(shapely.box(0, 0, 1000, 1000), RAMP[grade - 1])], legend=[PdfLegendKey(RAMP[grade - 1], "x")])
    assert "\n".join(written).count("W* n") == clips
