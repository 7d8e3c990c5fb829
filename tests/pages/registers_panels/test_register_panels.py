"""The panels of „Registre”: figures of quality open their rows, and pairs of services are decided on."""

from __future__ import annotations

from datetime import date

import pytest

from core.storage.home import make_home
from providers.imports.importing import import_file
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.worlds.clients.page_words import words

TITLES = "Număr licență,Cod serviciu,Denumire serviciu,Furnizor,Județ,Localitate,Adresa,Telefon,Capacitate\n"
NATIONAL = (
    "LF1,8891CZ-C-II,Centrul de zi Luminița,Asociația Speranța,Bacău,Parincea,Str. Păcii nr. 7,0234512345,20\n"
    "LF9,8790CR-VD-I,Adăpost,Asociația Speranța,Bacău,Parincea,Str. Ascunsă 1,0234999999,9\n"
)
COUNTY = "x,8891CZ-C-II,CENTRU DE ZI LUMINITA,Speranța,Bacău,Parincea,Strada Păcii 7,,25\n"
UNIT, TEAM = Actor("county", "u", "BC"), Actor("team", "t", "BC", 24089)
JOIN = "Sunt unul singur"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("live", tmp_path / "var")
    open_ledger(home).close()
    for source, rows in (("mmps", NATIONAL), ("dgaspc-bc", COUNTY)):
        (tmp_path / f"{source}.csv").write_text(TITLES + rows, encoding="utf-8")
        import_file(home, "social", tmp_path / f"{source}.csv", source=source, as_of=date(2026, 11, 1))
    return home


def opened(in_home, home, who):
    return in_home(home.path, actor=who).switch_page("registers.py").run()


def buttons(app) -> list[str]:
    return [button.label for button in app.button]


def test_a_pair_is_joined_and_the_decision_changed_by_the_county_unit(in_home, home):
    app = opened(in_home, home, UNIT)
    said = words(app)
    for text in ("Centrul de zi Luminița", "CENTRU DE ZI LUMINITA", "denumiri asemănătoare"):
        assert text in said
    assert "Ascunsă" not in said
    next(button for button in app.button if button.label == JOIN).click().run()
    assert "Decizia a fost notată: același serviciu." in words(app)
    assert "Nu sunt perechi de verificat." in words(app)
    app.toggle(key="duplicates-decided").set_value(True).run()
    assert JOIN not in buttons(app)
    next(button for button in app.button if button.label == "Sunt două").click().run()
    assert "servicii diferite" in words(app)


def test_a_team_sees_figures_and_decides_nothing(in_home, home):
    app = opened(in_home, home, TEAM)
    assert JOIN not in buttons(app)
    app.selectbox(key="quality-source").select("social:mmps").run()
    app.selectbox(key="quality-figure").select("with_phone").run()
    said = words(app)
    assert "Cu telefon: 1" in said
    assert "Centrul de zi Luminița" in said
    assert "0234999999" not in said


def test_a_home_without_registers_says_that_nothing_can_be_measured(in_home, tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    empty = make_home("live", tmp_path / "empty")
    open_ledger(empty).close()
    app = opened(in_home, empty, UNIT)
    assert "Calitatea datelor" in words(app)
    assert not app.exception
