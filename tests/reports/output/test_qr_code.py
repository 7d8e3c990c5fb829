"""A QR code, as a path and on paper, holds exactly the dark modules of the code."""

from __future__ import annotations

import re
from datetime import date

import segno

from reports.output.pdf import new_pdf
from reports.output.qr_code import draw_code, qr_code

ADDRESS = "https://harta.example/simplu/serviciu/social:mmps:1"


def test_the_path_covers_the_dark_modules_and_no_other():
    code = qr_code(ADDRESS)
    covered = {
        (int(x) + step, int(y))
        for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path)
        for step in range(int(wide))
    }
    rows = list(segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=4))
    assert code.size == len(rows)
    assert covered == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_the_bars_on_paper_are_the_code_of_the_address():
    document = new_pdf("x", made_on=date(2026, 11, 30), is_demo=False)
    drawn = []
    document.rect = lambda x, y, w, h, **_said: drawn.append((x, y, w, h))
    draw_code(document, "https://exemplu.ro/x", 10, 20, 33)
    matrix = [list(row) for row in segno.make("https://exemplu.ro/x", error="m", micro=False).matrix_iter(border=4)]
    one = 33 / len(matrix)
    dark = set()
    for x, y, w, _h in drawn[1:]:
        row, start = round((y - 20) / one), round((x - 10) / one)
        dark |= {(row, column) for column in range(start, start + round((w - 0.01) / one))}
    assert dark == {(r, c) for r, row in enumerate(matrix) for c, on in enumerate(row) if on}
