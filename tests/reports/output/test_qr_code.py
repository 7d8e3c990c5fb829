"""A QR code as a path holds exactly the dark modules of the code."""

from __future__ import annotations

import re

import segno

from reports.output.qr_code import qr_code

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
