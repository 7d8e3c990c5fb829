from __future__ import annotations

import shutil
import subprocess
from datetime import date

import pytest

from reports.pdf import (
    WIDTH,
    Column,
    bullets,
    finished,
    heading,
    key_figures,
    letters,
    new_paper,
    notice,
    paragraph,
    shortened,
    sources,
    table,
    wrapped,
)

DAY = date(2026, 11, 22)


def page(rows: int = 3, *, is_demo: bool = True, made_on: date = DAY) -> bytes:
    paper = new_paper("Raport județean", "Județul Bacău", made_on=made_on, is_demo=is_demo)
    key_figures(paper, [("Persoane", "1.234", "țintă 2.000"), ("Referiri", "17", "")])
    heading(paper, "Situația", "Pe luni.")
    paragraph(paper, "Șapte țărani „vorbesc”.")
    bullets(paper, ["unu", "doi"])
    notice(paper, "Atenție la cifre.")
    table(paper, [Column("Comunitate", 2), Column("Număr", 1, "R")], [[f"Comuna {n}", str(n)] for n in range(rows)])
    sources(paper, ["atlasul"])
    return finished(paper)


def words_of(document: bytes, tmp_path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    (tmp_path / "a.pdf").write_bytes(document)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode()


def test_the_same_content_and_day_give_the_same_bytes():
    assert page() == page()
    assert page() != page(made_on=date(2026, 11, 23))


def test_diacritics_and_quotes_can_be_read_back(tmp_path):
    text = words_of(page(), tmp_path)
    assert "Șapte țărani „vorbesc”." in text
    assert "Județul Bacău" in text


def test_a_long_table_turns_the_page_and_repeats_its_head(tmp_path):
    text = words_of(page(90), tmp_path)
    pages = text.split("\f")[:-1]
    assert len(pages) == 3
    assert all(sheet.count("Comunitate") == 1 for sheet in pages[:2])
    assert [f"Comuna {n}\n" in text.replace(" ", " ") or f"Comuna {n} " in text for n in range(90)] == [True] * 90


def test_only_a_demonstration_is_marked(tmp_path):
    assert "date demonstrative" in words_of(page(), tmp_path)
    assert "demonstrativ" not in words_of(page(is_demo=False), tmp_path).casefold()


def test_wrapped_lines_fit_and_lose_no_sign():
    paper = new_paper("a", made_on=DAY, is_demo=False)
    letters(paper, 9)
    text = "un cuvânt și " + "lung" * 60 + " și sfârșit"
    lines = wrapped(paper, text, 30)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(paper.get_string_width(line) <= 30 for line in lines)
    assert wrapped(paper, "", 30) == [""]


def test_a_title_too_long_is_cut_with_an_ellipsis():
    paper = new_paper("a", made_on=DAY, is_demo=False)
    letters(paper, 9)
    cut = shortened(paper, "foarte lung " * 40, WIDTH / 2)
    assert cut.endswith("…")
    assert paper.get_string_width(cut) <= WIDTH / 2
