"""„Rapoarte” as a plain page: the own area first, numbers by role, small, the way down and up."""

from __future__ import annotations

import re
from io import BytesIO

import pandas as pd
import pytest

from api.http.dependencies import directory_for
from referrals.campaigns import fresh_share_table
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.demo.demo_year import Sizes, seed_ledger
from reports.documents.report_writing import today
from tests.worlds.homes.atlas_world import make_atlas_world

PAGE = "/simplu/rapoarte"
COUNTY = Actor("county", "ujss-bc", "BC")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A home with a list of communities and a year of referrals, for reading."""
    directory = open_directory(make_atlas_world(tmp_path_factory.mktemp("figures") / "home"))
    seed_ledger(directory, day=today(), sizes=Sizes(people=200, referrals=300))
    directory.ledger.close()
    return directory.home


@pytest.fixture
def year(seeded, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(seeded.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    monkeypatch.delenv("HARTA_DEMO_PUBLIC", raising=False)
    return directory_for(seeded)


def test_it_opens_on_the_own_area_with_what_fails_first_and_numbers_by_role(year, as_role):
    team, county, nobody = (as_role(role).get(PAGE) for role in ("team:24089", "county:BC", ""))
    assert "Parincea" in re.findall("<h2>([^<]*)", team.text)[0]
    assert "Bacău" in re.findall("<h2>([^<]*)", county.text)[0]
    assert "Toate comunitățile proiectului" in nobody.text
    assert nobody.text.index("Ce nu merge") < nobody.text.index("<caption")
    asked = f"{PAGE}?zona=RO&indicator=REF-NOPLACE"
    assert "nu se arată, nici cele" in as_role("county:BC").get(asked).text
    assert "nu se arată, nici cele" not in as_role("national:").get(asked).text
    for page in (team, county, nobody):
        assert len(page.content) < 30_000


def test_names_of_the_ranking_lead_down_and_the_path_leads_up(year, as_role):
    browser = as_role("")
    page = browser.get(f"{PAGE}?zona=RO21")
    assert "zona=BC" in page.text
    down = browser.get(f"{PAGE}?zona=BC")
    assert "zona=RO21" in down.text
    assert "zona=24089" in down.text
    assert "Fișa comunității" in browser.get(f"{PAGE}?zona=24089").text


def test_the_share_of_fresh_reports_is_a_page_and_a_file_that_say_the_same(year, as_role):
    browser = as_role("county:BC")
    assert f"{PAGE}/locuri?zona=BC" in browser.get(PAGE).text
    page = browser.get(f"{PAGE}/locuri")
    now = fresh_share_table(year, [year.ledger.clock()], actor=COUNTY)
    counted, fresh = int(now["services"].sum()), int(now["fresh"].sum())
    assert counted > fresh > 0
    assert f"Județul Bacău: {fresh} din {counted} servicii cu locuri numărate" in page.text
    assert "Pe județe" not in page.text
    assert "Pe județe" in browser.get(f"{PAGE}/locuri?zona=RO21").text
    table = pd.read_csv(BytesIO(browser.get(f"{PAGE}/locuri.csv?zona=BC").content), sep=";", decimal=",")
    last = table[table["Data"] == table["Data"].max()]
    assert (last["Cu raport proaspăt"].sum(), last["Servicii cu locuri numărate"].sum()) == (fresh, counted)
    assert (table["Data"].nunique(), set(table["Județul"])) == (8, {"Bacău"})
    assert browser.get(f"{PAGE}/locuri.xlsx?zona=RO").content.startswith(b"PK")
    assert browser.get(f"{PAGE}/locuri?zona=XX").status_code == 404


@pytest.mark.parametrize("asked", ["zona=XX", "perioada=2019-01", "perioada=ieri", "indicator=NIMIC", "pagina=x"])
def test_what_is_not_there_is_refused_in_words(asked, year, as_role):
    page = as_role("").get(f"{PAGE}?{asked}")
    assert page.status_code == (200 if asked == "pagina=x" else 404)
