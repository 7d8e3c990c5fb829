from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date

import pytest

from providers.rules.help_tables.papers import papers
from reports.documents.blank_papers import render_pdf

DAY = date(2026, 11, 30)
PAGES = re.compile(rb"/Type /Page\b")


def text_of(made: bytes, folder) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here (Debian: poppler-utils)")
    (folder / "paper.pdf").write_bytes(made)
    command = ["pdftotext", "-layout", folder / "paper.pdf", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("code", papers())
def test_a_paper_is_the_same_every_time_and_has_two_pages_at_most(code):
    made = render_pdf(code, made_on=DAY)
    assert 1 <= len(PAGES.findall(made)) <= 2
    assert made == render_pdf(code, made_on=DAY)


@pytest.mark.parametrize("code", ["referral", "benefits", "protection-order", "disability-file"])
def test_what_is_handed_over_in_one_sheet_has_one_page(code):
    assert len(PAGES.findall(render_pdf(code, made_on=DAY))) == 1


def test_every_line_of_the_report_stands_on_it_in_romanian_with_room_for_a_name(tmp_path):
    said = re.sub(r"\s+", " ", text_of(render_pdf("report-child", made_on=DAY), tmp_path))
    for line in papers()["report-child"].lines:
        for name in line.names if line.kind in ("fields", "sign", "to") else (line.words,):
            assert all(word in said for word in name.split()), name
    assert "Temei: Legea 272/2004; HG 49/2011" in said
    assert "se completează de mână" in said
    assert not set(said) & set("şţŞŢ")


def test_one_printed_from_a_demonstration_is_marked(tmp_path):
    assert render_pdf("referral", made_on=DAY, is_demo=True) != render_pdf("referral", made_on=DAY)
