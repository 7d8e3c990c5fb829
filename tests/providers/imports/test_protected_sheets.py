"""Whatever way a sheet marks a protected address, the address is in no output: it is understood, or the import asks."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MapError
from core.reading import sheets
from core.reading.reading_account import open_account
from core.storage.editions import EditionStore
from core.storage.home import make_home
from providers.catalogue.catalogue import load_catalogue
from providers.imports import importing
from providers.registries.social import current_social
from referrals.homes import edition_changes
from tests.covering import each_once
from tests.worlds.examples import examples
from tests.worlds.files.raw_tables import gazetteer
from tests.worlds.files.read_here import run_here
from tests.worlds.files.register_files import import_file
from tests.worlds.files.spreadsheets import Failed, Formula, Page, write

TITLES = ["Denumire serviciu", "Cod serviciu", "Județ", "Localitate", "Adresa", "Nr. licență"]
MARK_TITLES = (
    "Adresă protejată", "ADRESA PROTEJATA *", "Adresă protejată (DA/NU)", "Confidențial?", "Adresa este confidențială",
    "Adresa nu se publică", "Marcaj adresă secretă", "Adrsă protejată", "Adresă protjată", "Secret", "Regim confidențial",
    "Locație secretă", "Protejat (Legea 217/2003)", "Date confidențiale [X]", "Protecție adresă", "adresa_protejata",
)  # fmt: skip
REVERSED_TITLES = ("Adresă publică", "Se publică adresa (DA/NU)", "Adresa poate fi publicată", "Neconfidențial")
MARKS = (
    "DA",
    "da ",
    "x",
    "✓",
    True,
    1,
    "ADEVĂRAT",
    "DAA",
    "d a",
    "?",
    "Legea 217/2003",
    "conf.",
    Formula('"DA"'),
    Failed(),
)
PLAIN = ("", "NU", "nu", False, 0, "-")


@pytest.fixture(autouse=True)
def read_here(monkeypatch):
    """Workbooks are read in this process: what is tested is what is made of them."""
    monkeypatch.setattr(sheets, "run_limited", run_here)


def service(number):
    return [f"Centru de zi {number}", "8891CZ-C-II", "Bacău", "Parincea", f"Strada Tainică {number}", f"LF {number:03}"]


@st.composite
def workbooks(draw):
    """Pages of a workbook, and which of its services are protected."""
    count = draw(st.integers(2, 6))
    first = draw(st.integers(0, count - 1))
    last = draw(st.integers(first, count - 1))
    protected = set(range(first, last + 1))
    rows = [service(n) for n in range(count)]
    where = draw(st.sampled_from(["column", "merged", "reversed", "sheet", "sheet_name", "hidden_sheet"]))
    title = draw(st.sampled_from(MARK_TITLES))
    if where == "merged":
        mark = draw(st.sampled_from([m for m in MARKS if isinstance(m, str)]))
        table = [[*TITLES, title], *([*row, mark if n == first else ""] for n, row in enumerate(rows))]
        merged = [(first + 1, len(TITLES), last + 1, len(TITLES))] if last > first else []
        return [Page("Servicii", table, merged=merged)], protected
    if where in ("column", "reversed"):
        turned = where == "reversed"
        title = draw(st.sampled_from(REVERSED_TITLES)) if turned else title
        yes, no = (
            st.sampled_from(["NU", "nu", "", "?"] if turned else MARKS),
            st.sampled_from(["DA", "da"] if turned else PLAIN),
        )
        at = draw(st.integers(0, len(TITLES)))
        table = [[*TITLES[:at], title, *TITLES[at:]]]
        table += [[*row[:at], draw(yes if n in protected else no), *row[at:]] for n, row in enumerate(rows)]
        return [Page("Servicii", table)], protected
    if where == "sheet_name":
        name = draw(st.sampled_from(["Adrese protejate", "CONFIDENȚIAL", "Secrete"]))
        own = [row for n, row in enumerate(rows) if n in protected]
        rest = [row for n, row in enumerate(rows) if n not in protected]
        return [Page("Servicii", [TITLES, *rest]), Page(name, [TITLES, *own])], protected
    marks = [
        ["Nr. licență", title],
        *([rows[n][5], draw(st.sampled_from([m for m in MARKS if isinstance(m, str)]))] for n in protected),
    ]
    return [Page("Servicii", [TITLES, *rows]), Page("Anexa", marks, is_hidden=where == "hidden_sheet")], protected


@settings(max_examples=examples(120, daily=16), deadline=None)
@given(workbooks(), st.sampled_from([".xlsx", ".ods"]))
def test_a_protected_row_is_marked_or_the_import_asks(workbook, ending):
    pages, protected = workbook
    with tempfile.TemporaryDirectory() as folder, open_account() as account:
        path = write(Path(folder) / f"registru{ending}", *pages)
        try:
            raw = current_social.load(path)
        except MapError as error:
            asked = str(error)
        else:
            asked = ""
            services = current_social.tidy(raw, gazetteer()).services
    assert "Tainică" not in asked
    if asked:
        return
    secret = set(services.loc[services["is_secret"], "address"])
    assert {f"Strada Tainică {n}" for n in protected} <= secret
    assert "Tainică" not in json.dumps(account.unused(), ensure_ascii=False)


@pytest.mark.parametrize(("where", "ending"), each_once(["merged", "misspelt", "unknown", "sheet"], [".xlsx", ".ods"]))
def test_no_output_says_a_protected_address(tmp_path, monkeypatch, where, ending):
    monkeypatch.setattr(importing, "load_gazetteer", lambda _home: gazetteer())
    rows = [service(n) for n in range(4)]
    marked = {
        "merged": ("Adresă protejată", "DA"),
        "misspelt": ("Adresă protjată", "DAA"),
        "unknown": ("Confidențial?", "⚑"),
    }
    if where == "sheet":
        pages = [Page("Servicii", [TITLES, *rows[:2]]), Page("Adrese protejate", [TITLES, *rows[2:]])]
    else:
        title, mark = marked[where]
        table = [
            [*TITLES, title],
            *([*row, mark if n > 1 and (where != "merged" or n == 2) else ""] for n, row in enumerate(rows)),
        ]
        pages = [Page("Servicii", table, merged=[(3, 6, 4, 6)] if where == "merged" else [])]
    path = write(tmp_path / f"registru{ending}", *pages)
    home = make_home("live", tmp_path / "home")
    report = import_file(home, "social", path)
    edition = EditionStore(home).current("social")
    said = [
        json.dumps(report.as_json(), ensure_ascii=False), "\n".join(report.lines()),
        load_catalogue(home, gazetteer()).services.to_csv(), edition_changes.changes(home, edition).to_csv(),
        (edition.folder / "manifest.json").read_text(encoding="utf-8"),
        "".join(file.read_text(encoding="utf-8") for file in edition.folder.glob("*.csv")),
    ]  # fmt: skip
    assert not [text for text in said if "Tainică 2" in text or "Tainică 3" in text]
    assert "Tainică 0" in said[2]
