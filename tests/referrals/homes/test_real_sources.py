"""Schools of two years as two editions of one source, and a county's own list beside them: rows of the real register."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from typer.testing import CliRunner

from cli import app
from core.storage.editions import EditionStore
from core.storage.home import make_home
from core.storage.service_ids import parts
from referrals.homes import home_sources
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.worlds.files.register_files import import_file
from tests.worlds.files.spreadsheets import Page, write

ADMIN = Actor("admin", account="test")
COUNTY, REGISTER = "BC", "education/retea-scolara-2024-2025.xlsx"
TITLES, NAME, UNIT = 3, 13, 11  # row of the titles in the file, columns of name and code


@pytest.fixture(scope="module")
def rows(real_data):
    """The titles and the rows of one county of the real school network."""
    import python_calamine

    sheet = python_calamine.CalamineWorkbook.from_path(real_data / REGISTER).get_sheet_by_index(0).to_python()
    return sheet[TITLES], [row for row in sheet[TITLES + 1 :] if row[1] == COUNTY]


@pytest.fixture(scope="module")
def home(rows, oracles, tmp_path_factory):
    """A home with both years, the second one with fewer schools and a corrected name, and the county's list."""
    folder = tmp_path_factory.mktemp("sources")
    titles, schools = rows
    made = make_home("live", folder / "home")
    ledger = open_ledger(made, may_begin=True)
    ledger.close()
    import_file(made, "education", write(folder / "2024.xlsx", Page("Export", [[], [], [], titles, *schools])))
    later = [["2025-2026", *row[1:]] for row in schools[5:]]
    later[0][NAME] = f"{later[0][NAME]} „NUME NOU”"
    # The next year's edition has its titles two rows higher; nobody has to say of which source it is.
    import_file(made, "education", write(folder / "2025.xlsx", Page("Export", [[], titles, *later])))
    import_file(made, "education", oracles / "imports" / "e01_county_list.csv", source="cj-bacau")
    return made


def nearest(home, *wanted):
    """Return the ids that `harta nearest` gives, those that are at home or remote too."""
    asked = ["nearest", "--from", "Parincea, Bacău", "--k", "100", "--json", *(f"--service={code}" for code in wanted)]
    done = CliRunner().invoke(app, asked, env={"HARTA_HOME": str(home.path)})
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    return [offer["service_id"] for offer in (*said["results"], *said["elsewhere"])]


def by_source(ids):
    return Counter(parts(service_id)[1] for service_id in ids)


@pytest.mark.slow
def test_two_years_are_editions_of_one_source_and_every_school_keeps_its_id(home, rows):
    store = EditionStore(home)
    assert store.slots("education") == ["education/cj-bacau", "education/siiir"]
    assert [len(store.names(slot)) for slot in store.slots("education")] == [1, 2]
    first, second = (edition.table("services") for edition in store.editions("education/siiir"))
    if len(first) < len(second):
        first, second = second, first
    assert len(first) - len(second) == 5
    assert set(second["service_id"]) < set(first["service_id"])
    gone = store.current("education/siiir").table("withdrawn")
    assert set(gone["service_id"]) == set(first["service_id"]) - set(second["service_id"])


@pytest.mark.slow
def test_nearest_counts_all_and_a_source_that_is_removed_takes_only_its_own(home):
    wanted = ("EDU-HIGH", "EDU-AFTER", "EDU-SECOND")
    high = EditionStore(home).current("education/siiir").table("services", ["service_type"])
    both = by_source(nearest(home, *wanted))
    # Of the county's list one row is for the pupils of another commune.
    assert both == {"siiir": (high["service_type"] == "EDU-HIGH").sum(), "cj-bacau": 2}
    ledger = open_ledger(home)
    try:
        for name, other in (("cj-bacau", "siiir"), ("siiir", "cj-bacau")):
            home_sources.remove(home, ledger, "education", name, actor=ADMIN)
            assert by_source(nearest(home, *wanted)) == {other: both[other]}
            home_sources.restore(home, ledger, "education", name, actor=ADMIN)
        assert by_source(nearest(home, *wanted)) == both
    finally:
        ledger.close()
