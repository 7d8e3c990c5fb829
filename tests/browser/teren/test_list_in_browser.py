"""A list of the nurses' application in the browser: of who people are nothing is sent or kept; every row is taken or refused."""

from __future__ import annotations

import csv
import io
import json
from base64 import b64encode
from datetime import date
from random import Random

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from cases.list_import.list_guards import rows_of_list
from cases.list_import.list_rules import ListPlaces, read_list
from cases.rules.case_vocabulary import SOURCES
from referrals.database.tables import case_tables
from referrals.ledger.ledger import open_ledger
from tests.browser.teren.phone import DUMP, FULL, SENT

pytestmark = pytest.mark.browser
TODAY = "2026-12-02"
HEADS = ["ID", "Prenume", "Nume", "CNP", "Data nașterii", "Gen", "Județ", "Localitate", "Gospodărie", "Status"]
CANARIES = ("Canarescu", "Florica-Canar", "2560304080011", "0744123987", "Casa-Canar")
# As the application's own words are: who is active, occasional, gone, twice, without a birth, from elsewhere.
ROWS = [
    ["1001", "Florica-Canar", "Canarescu", "2560304080011", "1956-03-04", "Feminin", "Bacău", "Parincea", "Casa-Canar", "Activ"],
    ["1002", "Ion", "Canarescu", "", "04.05.1950", "Masculin", "Bacău", "PARINCEA", "Casa-Canar", "Catagrafiat"],
    ["1003", "Ana", "Canarescu", "", f"{date.today().year - 2}-01-15", "Feminin", "Bacău", "", "", "Înregistrat"],
    ["1003", "Ana", "Canarescu", "", "1980-01-15", "Feminin", "Bacău", "", "", "Activ"],
    ["1004", "Dan", "Canarescu", "", "", "Masculin", "Bacău", "", "", "Activ"],
    ["1005", "Dan", "Canarescu", "", "1970-01-01", "Altul", "Cluj", "Cluj-Napoca", "", "Activ"],
    ["1006", "Dan", "Canarescu", "", "1970-01-01", "Masculin", "Bacău", "", "", "Scos din evidență"],
    ["", "Dan", "Canarescu", "", "1970-01-01", "Masculin", "Bacău", "", "", "Activ"],
]  # fmt: skip
REFUSED = {5: "twice", 6: "no_born", 7: "elsewhere", 8: "gone", 9: "no_id"}


def as_csv(rows, mark=";", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(rows)
    return text.getvalue().encode(encoding)


def as_workbook(rows):
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


LIST = {"name": "lista.xlsx", "mimeType": "application/octet-stream", "buffer": as_workbook([HEADS, *ROWS])}
READ = """async ([said, name, day]) => {
  const { tableOf, readList } = await import('/list_reading.js');
  try {
    const rows = await tableOf(new File([Uint8Array.from(atob(said), (sign) => sign.charCodeAt(0))], name));
    return readList(rows, { day, villages: [[24098, 'Parincea']], uatName: 'Parincea', counties: ['BC', 'Bacău'], known: new Set(['77']) });
  } catch (error) { return error.message; }
}"""


def read(client_page, content, name="list.csv"):
    return client_page.evaluate(READ, [b64encode(content).decode(), name, TODAY])


@pytest.fixture(scope="module")
def by_loops():
    """What the rows give, read again by plain loops."""
    taken = []
    for row in ROWS[:3]:
        year, month = (row[4][:4], row[4][5:7]) if "-" in row[4] else (row[4][6:], row[4][3:5])
        small = int(TODAY[:4]) - int(year) <= 6
        taken.append(
            {
                "id": row[0],
                "born": f"{year}-{month}" if small else year,
                "sex": {"Feminin": "F", "Masculin": "M"}[row[5]],
                "locality": 24098 if row[7] else None,
                "household": row[8],
            }
        )
    return taken


@pytest.mark.parametrize("kind", ["semicolons", "commas", "tabs", "windows", "workbook"])
def test_every_row_is_taken_or_refused_with_its_reason_in_any_form_of_the_list(client_page, by_loops, kind):
    rows = [HEADS, *ROWS]
    content = {
        "semicolons": lambda: as_csv(rows),
        "commas": lambda: as_csv(rows, ","),
        "tabs": lambda: as_csv(rows, "\t"),
        "windows": lambda: as_csv(
            [[cell.replace("ș", "ş").replace("ț", "ţ") for cell in row] for row in rows], ";", "cp1250"
        ),
        "workbook": lambda: as_workbook(rows),
    }[kind]()
    found = read(client_page, content, "list.xlsx" if kind == "workbook" else "list.csv")
    assert found["taken"] == by_loops
    assert {each["row"]: each["reason"] for each in found["rejected"]} == REFUSED
    assert len(found["taken"]) + len(found["rejected"]) == len(ROWS)
    assert [title.replace("ţ", "ț") for title in found["unread"]] == ["Prenume", "Nume", "CNP"]


# One cell each: what a birth, a sex, a place, a county, a status, a number and a household may look like.
CELLS = {
    "ID": ["1", "a-b_c", "", " 12 ", "1 2", "x" * 20, "x" * 21, "ș1", "-1", "77"],
    "Data nașterii": [
        "1956-03-04", "1956-03-04 00:00:00", "1956-3-4", "1956-00-01", "04.05.1950", "4/5/1950", "4-5-1950", "45/13/1950",
        "20518", "20518.0", "3001", "2999", "1956", "2026-12-31", "2027-01-01", "2020-12-02", "2020-11", "2019-12-31",
        "1899-12-31", "1900-01-01", "99999", "ieri", "", "1956-03-99x",
    ],
    "Gen": ["M", "f", "FEMININ", "masculin ", "altul", ""],
    "Județ": ["Bacău", "BACAU", "bc", "Cluj", "", "Judeţul Bacău"],
    "Localitate": ["Parincea", "PARINCEA", " parincea ", "Parincea  ", "Nănești", "", "Parincea, Bacău"],
    "Gospodărie": ["G-1", "Casa", ""],
    "Status": ["Activ", "inactiv", "Scos din evidenţă", "Scos din  evidență", ""],
}  # fmt: skip


def listed_cells(random):
    """Rows in which each cell is one of the above, and a good row of each number now and then."""
    heads = random.sample([*CELLS, "Altceva"], len(CELLS) + 1)
    return heads, [[random.choice(CELLS.get(head, ["x", ""])) for head in heads] for _row in range(60)]


def read_in_python(rows):
    places = ListPlaces(((24098, "Parincea"),), "Parincea", ("BC", "Bacău"))
    taken, refused = read_list(rows, day=date.fromisoformat(TODAY), places=places, known={"77"})
    return (
        [
            {"id": e.list_id, "born": e.born, "sex": e.sex, "locality": e.locality, "household": e.household}
            for e in taken
        ],
        [{"row": each.row, "reason": each.reason} for each in refused],
    )


@pytest.mark.parametrize("seed", range(6))
def test_the_server_reads_lists_by_the_same_rules(client_page, tmp_path, seed):
    heads, rows = listed_cells(Random(seed))
    # Each cell once in a row that is good otherwise, so that each alone decides.
    good = {"ID": "5", "Data nașterii": "1956-03-04", "Gen": "F", "Județ": "BC", "Localitate": "", "Status": "Activ"}
    alone = [[{**good, "ID": str(n + 100), name: cell}.get(head, "") for head in heads]
             for n, (name, cell) in enumerate((name, cell) for name, cells in CELLS.items() for cell in cells)]  # fmt: skip
    rows = [heads, *rows, [""] * len(heads), *alone]
    content = as_csv(rows)
    found = read(client_page, content)
    file = tmp_path / "lista.csv"
    file.write_bytes(content)
    read_rows = rows_of_list(file)
    assert sum(any(row) for row in read_rows) == len(rows) - 1
    assert (found["taken"], found["rejected"]) == read_in_python(read_rows)
    assert 0 < len(found["taken"]) < len(rows)
    assert {each["reason"] for each in found["rejected"]} >= {"no_id", "before", "gone", "no_born", "elsewhere"}
    workbook = as_workbook([[None], *(row if any(row) else [None] for row in rows)])
    (tmp_path / "lista.xlsx").write_bytes(workbook)
    found = read(client_page, workbook, "lista.xlsx")
    assert (found["taken"], found["rejected"]) == read_in_python(rows_of_list(tmp_path / "lista.xlsx"))


@pytest.mark.parametrize("kind", ["csv", "workbook"])
def test_rows_are_named_by_their_place_in_the_list_also_after_empty_ones(client_page, kind):
    rows = [[""] * 10, HEADS, [""] * 10, ROWS[0], [""] * 10, ROWS[4]]
    content = as_csv(rows) if kind == "csv" else as_workbook([row if any(row) else [None] for row in rows])
    found = read(client_page, content, "list.xlsx" if kind == "workbook" else "list.csv")
    assert [each["id"] for each in found["taken"]] == ["1001"]
    assert found["rejected"] == [{"row": 6, "reason": "no_born"}]


def test_no_row_of_a_long_list_is_left_out_unsaid(client_page):
    rows = [[str(n), "", "", "", "1980", "", "", "", "", ""] for n in range(2001)]
    assert read(client_page, as_csv([HEADS, *rows])) == "list_large"
    found = read(client_page, as_csv([HEADS, *rows[:2000]]))
    assert len(found["taken"]) + len(found["rejected"]) == 2000


def test_days_of_a_workbook_are_days(client_page):
    book, content = Workbook(), io.BytesIO()
    book.active.append(HEADS)
    book.active.append(["7", "x", "y", "", date(1956, 3, 4), "Feminin", "", "", "", "Activ"])
    book.active.append(["8", "x", "y", "", date(2025, 3, 31), "Feminin", "", "", "", "Activ"])
    book.save(content)
    found = read(client_page, content.getvalue(), "list.xlsx")
    assert [each["born"] for each in found["taken"]] == ["1956", "2025-03"]


@pytest.mark.parametrize("born", ["1856-01-01", "2026-13-01", "2027-01-01", "ieri", "31/12", "0", "99999999"])
def test_a_birth_that_cannot_be_is_refused(client_page, born):
    row = ["1", "x", "y", "", born, "Feminin", "", "", "", "Activ"]
    assert read(client_page, as_csv([HEADS, row]))["rejected"] == [{"row": 2, "reason": "no_born"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 no archive at all", "list_unknown"),
        (as_csv([["Nume", "CNP"], ["x", "y"]]), "list_columns"),
        (b"", "list_columns"),
        (b"a" * 5_000_001, "list_large"),
    ],
)
def test_what_is_no_such_list_is_said(client_page, content, said):
    assert read(client_page, content, "list.xlsx") == said


def test_a_list_is_read_without_network_after_one_visit(phones):
    phone = phones().begin()
    page = phone.page
    phone.wait_for_all()
    phone.context.set_offline(True)
    page.reload()
    phone.at("azi")
    phone.go("oameni")
    page.click("button:text('Aduceți o listă')")
    phone.at("lista")
    page.set_input_files(
        "input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": as_csv([HEADS, ROWS[0]])}
    )
    page.wait_for_selector("text=De adus: 1.")


def test_a_list_that_found_no_room_is_brought_whole_once_there_is_some(phones):
    phone = phones().begin()
    page = phone.page
    phone.go("oameni")
    page.click("button:text('Aduceți o listă')")
    phone.at("lista")
    page.evaluate(FULL, ["changes"])
    page.set_input_files("input[type=file]", LIST)
    page.click("button:text('Aduceți cazurile')")
    page.wait_for_selector("#said .alert")
    page.evaluate("() => { IDBObjectStore.prototype.put = window.hadPut; }")
    page.set_input_files("input[type=file]", LIST)
    page.wait_for_selector("text=Rânduri: 8. De adus: 3. Respinse: 5.")


def test_of_who_people_are_nothing_leaves_the_browser_or_stays_in_it(phones, field_server):
    phone = phones().begin()
    page, sent = phone.page, []
    phone.context.on("request", lambda asked: sent.append(f"{asked.url} {asked.post_data or ''} {asked.headers}"))
    phone.go("oameni")
    page.click("button:text('Aduceți o listă')")
    phone.at("lista")
    page.set_input_files("input[type=file]", LIST)
    page.wait_for_selector("text=Rânduri: 8. De adus: 3. Respinse: 5.")
    assert "Prenume, Nume, CNP" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.click("button:text('Aduceți cazurile')")
    phone.at("perechi")
    assert page.locator("#screen .fact").count() == 3
    pairs = dict(
        zip(page.locator(".fact .name").all_inner_texts(), page.locator(".fact .value").all_inner_texts(), strict=True)
    )
    assert set(pairs) == {"1001", "1002", "1003"}
    assert phone.send() == SENT
    assert any("case.open" in each for each in sent)
    ledger = open_ledger(field_server[1])
    with ledger.store.read() as connection:
        kept = {
            row.case_ref: row
            for row in connection.execute(select(case_tables.cases).where(case_tables.cases.c.source == "import"))
        }
    ledger.close()
    assert set(kept) == set(pairs.values())
    assert "import" in SOURCES
    first, second, third = (kept[pairs[number]] for number in ("1001", "1002", "1003"))
    assert (first.born, first.sex, second.born, second.sex) == ("1956", "F", "1950", "M")
    assert first.household_id == second.household_id != ""
    assert (third.household_id, len(third.born)) == ("", 7)
    everything = "".join(sent) + page.evaluate(DUMP) + json.dumps([list(map(str, row)) for row in kept.values()])
    database = b"".join(
        path.read_bytes()
        for path in field_server[1].path.rglob("*")
        if path.is_file() and path.suffix in (".db", ".sqlite", ".db-wal", ".log")
    )
    assert not [canary for canary in CANARIES if canary in everything or canary.encode() in database]
    assert not [number for number in pairs if number in page.evaluate(DUMP)]
    # The same list again brings nobody a second time.
    phone.go("oameni")
    page.click("button:text('Aduceți o listă')")
    phone.at("lista")
    page.set_input_files("input[type=file]", LIST)
    page.wait_for_selector("text=Rânduri: 8. De adus: 0. Respinse: 8.")
