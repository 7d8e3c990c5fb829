"""The view on paper and as a picture: the services of the map, numbered as on it; nothing protected."""

from __future__ import annotations

import html
import re

import pytest

from api.map.tools import map_paper

PDF, PICTURE, POINTS = "/api/map/harta.pdf", "/api/map/harta.svg", "/api/map/points"
VIEW = "registru=social&cadru=46.4,26.8,46.7,27.3&zoom=10"


@pytest.mark.parametrize("paper", ["", "&hartie=a3"])
def test_the_view_is_printed_and_the_same_view_gives_the_same_bytes(demo, as_role, paper):
    browser = as_role()
    page = browser.get(f"{PDF}?{VIEW}{paper}")
    assert page.status_code == 200
    assert page.content.startswith(b"%PDF")
    assert page.headers["content-type"] == "application/pdf"
    assert page.content == browser.get(f"{PDF}?{VIEW}{paper}").content
    box = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ", page.content)
    assert round(float(box[1])) == (842 if paper else 595)


def test_the_rows_on_paper_are_the_services_of_the_map_by_the_numbers_of_their_marks(demo, as_role, monkeypatch):
    kept = []
    monkeypatch.setattr(map_paper, "map_sheet_pdf", lambda sheet, **_size: kept.append(sheet) or b"")
    browser = as_role()
    browser.get(f"{PDF}?{VIEW}")
    (sheet,) = kept
    (south, west), (north, east) = sheet.frame.corners
    total = browser.get(f"{POINTS}?registru=social&cadru={south},{west},{north},{east}&zoom=10").json()["total"]
    assert len(sheet.rows) == total > 0
    assert {row.number for row in sheet.rows} == {mark.label for mark in sheet.marks}
    assert all(0 <= mark.x <= sheet.frame.width and 0 <= mark.y <= sheet.frame.height for mark in sheet.marks)
    secret = set(demo.snapshot().catalogue.services.query("is_secret")["name"])
    assert not secret & {row.name for row in sheet.rows}
    browser.get(f"{PDF}?{VIEW}&semne=fara")
    assert (kept[1].marks, kept[1].rows) == (sheet.marks, sheet.rows)
    monkeypatch.setattr(map_paper, "MOST_NUMBERED", 1)
    browser.get(f"{PDF}?{VIEW}")
    assert kept[2].rows == ()
    assert kept[2].more
    browser.get(f"{PDF}?{VIEW}&semne=fara")
    assert kept[3].marks == ()
    assert kept[3].mark_keys == kept[2].mark_keys
    assert "ascunse" in kept[3].label_note


def test_the_picture_has_legend_sources_scale_and_the_mark_of_a_demonstration(demo, as_role):
    browser = as_role()
    page = browser.get(f"{PICTURE}?{VIEW}&zona=46.5,27,12")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("image/svg+xml")
    said = html.unescape(page.text)
    for words in ("Surse", "de sunat înainte", "km", "DATE DEMONSTRATIVE", "<polygon", "adresă protejată"):
        assert words in said
    assert "<script" not in page.text
    numbers = [int(found) for found in re.findall(r'text-anchor="middle" fill="#\w+">(\d+)<', page.text)]
    assert all(n > 1 for n in numbers)


@pytest.mark.parametrize("query", ["?hartie=a0", "?cadru=1,2", "?zona=1", "?serviciu=nimic"])
def test_what_is_wrong_in_an_address_is_said_in_words(demo, as_role, query):
    page = as_role().get(PDF + query)
    assert page.status_code >= 400
    assert 'role="alert"' in page.text
