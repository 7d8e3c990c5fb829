"""Files with the habits of real spreadsheets, brought on „Registre”: the same as by the command, and matched there."""

from __future__ import annotations

import pytest

from core.storage.editions import EditionStore
from core.storage.home import make_home
from core.storage.import_kinds import slot_of
from core.storage.title_choices import remembered_titles
from referrals.records.vocabulary import Actor
from tests.covering import daily
from tests.worlds.clients.page_words import words
from tests.worlds.files.expected_files import EXPECTED, expected_folder, kind_of_file

ADMIN = Actor("admin", account="test")
REFUSED = {"x01_own.xlsb": "salvați-l ca XLSX"}
SAID = {
    "b01_hidden_first_sheet.xlsx": "Foi nefolosite: „Liste”",
    "b03_merged_status_and_protected.xlsx": "3 servicii au adresa protejată",
    "b05_duplicate_titles.xlsx": "„Județ [C]”",
    "b07_formulas_uncached.xlsx": "formulă fără rezultat",
    "c02_phones.csv": "telefon care nu a putut fi citit",
    "c03_open_quote.csv": "citite 40 = încărcate 40",
    "g1_two_layers.gpkg": "Straturi nefolosite: „judete”",
    "g2_split_unit.geojson": "altă parte a unei unități",
}


@pytest.fixture
def live(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return make_home("live", tmp_path / "live")


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


@pytest.fixture
def upload(in_home, live, file_reader):
    def bring(kind, name, content):
        app = in_home(live.path, actor=ADMIN).switch_page("registers.py").run()
        app.selectbox(key="register").select(kind).run()
        app.file_uploader[0].upload(name, content).run()
        day = next(box for box in app.text_input if box.label == "La ce dată se referă datele?")
        day.set_value("2026-11-01").run()
        return app

    return bring


# Every file is read by tests/providers/imports/test_expected_files.py; every day on the screen what it says or refuses.
@pytest.mark.parametrize("name", daily(EXPECTED, lambda name: name in (*REFUSED, *SAID)))
def test_an_uploaded_file_is_read_or_refused_in_words(upload, live, name):
    kind = kind_of_file(name)
    app = press(upload(kind, name, (expected_folder() / name).read_bytes()), "Citiți și comparați")
    assert not app.exception
    page = words(app)
    if name in REFUSED:
        assert REFUSED[name] in page
        return
    assert len(EditionStore(live).staged(slot_of(kind))) == 1
    assert SAID.get(name, "În așteptare: nepublicată") in page


def test_titles_that_nobody_knows_are_matched_on_the_screen_and_remembered(upload, live):
    content = "Cum îi spune;Tip serviciu;Zona;Localitate\nCabinet A;MED-GP;BC;Parincea\n".encode()
    app = press(upload("medical", "lista.csv", content), "Citiți și comparați")
    assert not app.exception
    assert "Fișierul nu se poate citi încă" in words(app)
    assert EditionStore(live).staged(slot_of("medical")) == []
    next(box for box in app.selectbox if box.label == "Cum îi spune").select("name")
    next(box for box in app.selectbox if box.label == "Zona").select("county")
    app = press(app.run(), "Citiți și comparați")
    assert not app.exception
    assert len(EditionStore(live).staged(slot_of("medical"))) == 1
    assert remembered_titles(live, "medical", "own") == {"Cum îi spune": "name", "Zona": "county"}


def test_the_titles_of_a_file_can_be_seen_before_it_is_read(upload, live):
    content = "Denumire;Tip serviciu;Județ;Localitate;Observații\nCabinet A;MED-GP;BC;Parincea;x\n".encode()
    app = press(upload("medical", "lista.csv", content), "Arătați titlurile fișierului")
    assert not app.exception
    assert "1 titlu nu se folosește" in words(app)
    assert {"Denumire", "Observații"} <= {box.label for box in app.selectbox}
    assert EditionStore(live).staged(slot_of("medical")) == []
