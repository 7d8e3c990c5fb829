from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from core.errors import UnknownCodeError
from core.i18n import use_language
from providers.rules import needs
from referrals.records.vocabulary import EXAMINING, STATES, state_label
from reports.documents import guide, help_texts
from reports.documents.help_texts import FOLDER, help_of, screens

DAY = date(2026, 11, 22)
PAGES = Path(__file__).parents[3] / "pages"


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here (Debian: poppler-utils)")
    path = tmp_path_factory.mktemp("guide") / "ghid.pdf"
    path.write_bytes(guide.render_pdf(made_on=DAY, is_demo=True))
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()


def test_the_guide_is_two_pages_and_the_same_every_time():
    first = guide.render_pdf(made_on=DAY)
    assert len(re.findall(rb"/Type /Page\b", first)) == 2
    assert first == guide.render_pdf(made_on=DAY)


def test_in_english_it_has_two_pages_too_and_nothing_romanian_is_left(tmp_path):
    made = guide.render_pdf(made_on=DAY, is_demo=True, code="en")
    assert len(re.findall(rb"/Type /Page\b", made)) == 2
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here (Debian: poppler-utils)")
    (tmp_path / "guide.pdf").write_bytes(made)
    command = ["pdftotext", "-layout", tmp_path / "guide.pdf", "-"]
    said = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    with use_language("en"):
        for state in STATES:
            assert state_label(state) in said
    assert not set(said) & set("ăâîșțĂÂÎȘȚ„")


def test_it_names_every_state_and_every_emergency_line_with_right_diacritics(text):
    assert set(guide.states()) == {*STATES, EXAMINING}
    for state in STATES:
        assert state_label(state) in text
    for line in needs.emergency_lines_by_code().values():
        assert line.phone in text.replace("\u00a0", " ")
    assert "Ce nu scrieți niciodată" in text
    assert "date demonstrative" in text
    assert not set(text) & set("şţŞŢ")


def test_it_names_only_buttons_that_the_screens_have():
    sources = "".join(path.read_text(encoding="utf-8") for path in PAGES.rglob("*.py"))
    for words in ("Găsiți un serviciu", "Căutați", "Referiți", "Referiri", "Am sunat", "Ceva este greșit"):
        assert f'"{words}' in sources


def test_every_page_has_a_help_text_of_title_steps_and_notes():
    from pages.common.sitemap import sitemap

    assert {Path(file).stem for file, _address, _title in sitemap()} <= set(screens())
    for screen in screens():
        help_ = help_of(screen)
        assert help_.title
        assert help_.about.endswith(".")
        assert len(help_.steps) >= 2
        assert help_.notes
        raw = (FOLDER / f"{screen}.md").read_text(encoding="utf-8")
        assert not set(raw) & set('şţŞŢ"')
        assert len(raw.split()) < 160


def test_every_help_text_is_there_in_english_step_for_step():
    for screen in screens():
        romanian = help_of(screen)
        with use_language("en"):
            english = help_of(screen)
        assert (romanian.code, english.code) == ("ro", "en")
        assert len(english.steps) == len(romanian.steps)
        assert len(english.notes) >= len(romanian.notes)
        raw = (FOLDER / "en" / f"{screen}.md").read_text(encoding="utf-8")
        assert not set(raw) & set('ăâîșțĂÂÎȘȚ„"')


def test_what_has_no_english_is_explained_in_romanian(tmp_path, monkeypatch):
    monkeypatch.setattr(help_texts, "FOLDER", tmp_path)
    (tmp_path / "new.md").write_text("# Nou\n\nCeva nou.\n\n1. Unu.\n2. Doi.\n\n- Atât.\n", encoding="utf-8")
    with use_language("en"):
        assert (help_of("new").code, help_of("new").title) == ("ro", "Nou")


def test_an_unknown_screen_has_no_help():
    with pytest.raises(UnknownCodeError, match="Nu există ajutor"):
        help_of("../secret")
