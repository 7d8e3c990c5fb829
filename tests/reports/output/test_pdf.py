from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from reports.output.pdf import (
    WIDTH,
    PdfColumn,
    bullets,
    heading,
    key_figures,
    new_pdf,
    notice,
    paragraph,
    set_text_style,
    shortened,
    sources,
    table,
    to_bytes,
    wrapped,
)

DAY = date(2026, 11, 22)
ROOT = Path(__file__).resolve().parents[3]


def page(rows: int = 3, *, is_demo: bool = True, made_on: date = DAY) -> bytes:
    document = new_pdf("Raport județean", "Județul Bacău", made_on=made_on, is_demo=is_demo)
    key_figures(document, [("Persoane", "1.234", "țintă 2.000"), ("Referiri", "17", "")])
    heading(document, "Situația", "Pe luni.")
    paragraph(document, "Șapte țărani „vorbesc”.")
    bullets(document, ["unu", "doi"])
    notice(document, "Atenție la cifre.")
    table(
        document,
        [PdfColumn("Comunitate", 2), PdfColumn("Număr", 1, "R")],
        [[f"Comuna {n}", str(n)] for n in range(rows)],
    )
    sources(document, ["atlasul"])
    return to_bytes(document)


# The letters are cut in the first moments of a process, so each try is a new one.
_AT_ONCE = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from tests.reports.output.test_pdf import title_page

gate = threading.Barrier(20)

def made(_):
    gate.wait()
    return title_page()

with ThreadPoolExecutor(20) as pool:
    documents = set(pool.map(made, range(20)))
assert len(documents) == 1, len(documents)
sys.stdout.buffer.write(documents.pop())
"""


@pytest.mark.slow
def test_twenty_pages_at_the_same_moment_in_each_of_two_processes_are_the_page_made_alone():
    started = [
        subprocess.Popen([sys.executable, "-c", _AT_ONCE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
        for _process in range(2)
    ]
    for process in started:
        document, said = process.communicate(timeout=60)
        assert document == title_page(), said.decode()[-2_000:]


def title_page() -> bytes:
    return to_bytes(new_pdf("Raport județean", "Județul Bacău", made_on=DAY, is_demo=True))


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
    document = new_pdf("a", made_on=DAY, is_demo=False)
    set_text_style(document, 9)
    text = "un cuvânt și " + "lung" * 60 + " și sfârșit"
    lines = wrapped(document, text, 30)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(document.get_string_width(line) <= 30 for line in lines)
    assert wrapped(document, "", 30) == [""]


def test_a_title_too_long_is_cut_with_an_ellipsis():
    document = new_pdf("a", made_on=DAY, is_demo=False)
    set_text_style(document, 9)
    cut = shortened(document, "foarte lung " * 40, WIDTH / 2)
    assert cut.endswith("…")
    assert document.get_string_width(cut) <= WIDTH / 2
