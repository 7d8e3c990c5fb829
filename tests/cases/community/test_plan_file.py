"""A sheet is a plan as a whole or not at all: each bad row says its column, what was found and what is expected."""

from __future__ import annotations

import csv
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from cases.community.plan_file import MOST_BYTES, read_plan
from core.bad_rows import BadRowsError
from core.errors import MapError, MissingColumnError, UnreadableFileError
from core.i18n import use_language

YEAR, TODAY = 2026, date(2026, 12, 2)
HEADS = ["Nr.", "Prioritatea", "Motivul", "Acțiunea", "Cine răspunde", "Termenul", "Cum este", "Începută la",
         "Încheiată la", "Ce a ieșit"]  # fmt: skip
PAPERS, DOCTOR = "Nu are buletin", "Medic de familie"
GOOD = [
    ["2", DOCTOR, "doi din trei", "Înscrierea celor fără medic", "asistent medical", "2026", "", "", "", ""],
    ["1", PAPERS, "mulți fără acte", "Caravana vine în sat", "primăria", "06.2026", "făcută", "02.03.2026",
     "2026-06-15", "a venit de două ori"],
    ["1", PAPERS, "", "Cereri la sediu", "PRIMĂRIA", "30.06.2027", "începută", "2026-11-30", "", ""],
]  # fmt: skip


def write(folder, rows, kind="csv", mark=";", heads=HEADS):
    path = folder / f"plan.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=mark).writerows([heads, *rows])
    else:
        book = Workbook()
        for row in [heads, *rows]:
            book.active.append(row)
        book.save(path)
    return path


def changed(at, title, value):
    """Return the rows with one cell changed."""
    rows = [list(row) for row in GOOD]
    rows[at][HEADS.index(title)] = value
    return rows


@pytest.mark.parametrize(("kind", "mark"), [("csv", ";"), ("csv", ","), ("xlsx", "")])
def test_priorities_come_by_their_number_with_their_actions(tmp_path, kind, mark):
    papers, doctor = read_plan(write(tmp_path, GOOD, kind, mark), YEAR, today=TODAY).priorities
    assert (papers.kind, papers.code, papers.reason) == ("need", "identity-papers", "mulți fără acte")
    assert (doctor.kind, doctor.code) == ("category", "MF")
    caravan, requests = papers.actions
    assert (caravan.responsible, caravan.due_on, caravan.state) == ("town_hall", "2026-06-30", "done")
    assert (caravan.begun_on, caravan.ended_on, caravan.result) == ("2026-03-02", "2026-06-15", "a venit de două ori")
    assert (requests.responsible, requests.due_on, requests.begun_on) == ("town_hall", "2027-06-30", "2026-11-30")
    assert (doctor.actions[0].state, doctor.actions[0].due_on) == ("planned", "2026-12-31")


def test_a_sheet_in_the_other_language_with_codes_and_other_titles_is_the_same_plan(tmp_path):
    heads = ["Priority", "Motiv", "Activitatea", "Responsabil", "Termen", "Buget"]
    rows = [["identity-papers", "mulți fără acte", "Caravana vine în sat", "the town hall", "2026", "100 lei"]]
    found = read_plan(write(tmp_path, rows, heads=heads), YEAR, today=TODAY)
    assert found.priorities[0].code == "identity-papers"
    assert found.priorities[0].actions[0].responsible == "town_hall"
    assert found.unread == ("Buget",)
    with use_language("en"):
        assert read_plan(write(tmp_path, GOOD), YEAR, today=TODAY).priorities[1].code == "MF"


@pytest.mark.parametrize(
    ("at", "title", "value", "expected"),
    [
        (0, "Prioritatea", "Ceva", "o nevoie sau o vulnerabilitate"),
        (0, "Prioritatea", "", "o nevoie sau o vulnerabilitate"),
        (0, "Nr.", "16", "un număr de la 1 la 15"),
        (0, "Nr.", "1", "alt număr decât al priorității"),
        (0, "Nr.", "", "un număr, ca la celelalte"),
        (2, "Nr.", "3", "ca la aceeași prioritate"),
        (0, "Motivul", "", "un text de cel mult 500"),
        (2, "Motivul", "altul", "același motiv ca în rândul 2"),
        (0, "Acțiunea", "", "un text de cel mult 300"),
        (0, "Acțiunea", "x" * 301, "un text de cel mult 300"),
        (0, "Acțiunea", "Doamna Popescu aduce actele", "fără nume"),
        (0, "Ce a ieșit", "sunați la 0744 123 987", "fără nume"),
        (0, "Motivul", "cazul C-23456-789AB", "fără nume"),
        (0, "Cine răspunde", "vecinul", "o instituție sau o profesie"),
        (0, "Termenul", "2025", "între 2026 și 2031"),
        (0, "Termenul", "la vară", "un an, o lună sau o zi"),
        (0, "Cum este", "gata", "de făcut, începută"),
        (0, "Începută la", "2026-11-01", "nimic: acțiunea este de făcut"),
        (1, "Încheiată la", "", "ziua în care s-a încheiat"),
        (1, "Încheiată la", "2026-12-03", "o zi de până azi"),
        (1, "Încheiată la", "01.03.2026", "o zi de după 2026-03-02"),
        (1, "Ce a ieșit", "", "un text de cel mult 300"),
        (2, "Începută la", "", "ziua în care a început"),
        (2, "Încheiată la", "2026-12-01", "nimic: acțiunea este începută"),
    ],
)
def test_a_bad_cell_is_named_with_what_is_expected(tmp_path, at, title, value, expected):
    with pytest.raises(BadRowsError) as refused:
        read_plan(write(tmp_path, changed(at, title, value)), YEAR, today=TODAY)
    said = [line for line in refused.value.lines if title in line]
    assert len(said) == 1, refused.value.lines
    assert expected in said[0]
    assert str(refused.value).startswith("plan.csv: ")
    if "fără nume" in expected:
        assert not [word for word in ("Popescu", "0744", "23456") if word in str(refused.value)]


def test_every_bad_row_is_named_in_the_order_of_the_sheet_and_in_the_language_of_the_reader(tmp_path):
    rows = changed(2, "Termenul", "cândva")
    rows[0][1] = "Ceva"
    file = write(tmp_path, rows)
    with pytest.raises(BadRowsError) as refused:
        read_plan(file, YEAR, today=TODAY)
    assert [line.split(",")[0] for line in refused.value.lines] == ["Rândul 1 de sub antet", "Rândul 3 de sub antet"]
    with use_language("en"), pytest.raises(BadRowsError) as refused:
        read_plan(file, YEAR, today=TODAY)
    assert not [line for line in refused.value.lines if "așteaptă" in line]


def test_the_same_action_twice_and_more_than_a_plan_holds_are_refused(tmp_path):
    with pytest.raises(BadRowsError, match="o singură dată; este și în rândul 1"):
        read_plan(write(tmp_path, [GOOD[0], GOOD[0]]), YEAR, today=TODAY)
    many = [["1", PAPERS, "motiv", f"acțiunea {n}", "primăria", "2026", "", "", "", ""] for n in range(21)]
    with pytest.raises(BadRowsError, match="cel mult 20"):
        read_plan(write(tmp_path, many), YEAR, today=TODAY)
    with pytest.raises(UnreadableFileError, match="cel mult 300"):
        read_plan(write(tmp_path, many * 15), YEAR, today=TODAY)


def test_a_sheet_without_the_columns_says_what_it_lacks_and_has(tmp_path):
    with pytest.raises(MissingColumnError, match=r"„Termenul”.*„Acțiunea”"):
        read_plan(write(tmp_path, [["a", "b"]], heads=["Prioritatea", "Acțiunea"]), YEAR, today=TODAY)
    with pytest.raises(UnreadableFileError):
        read_plan(write(tmp_path, []), YEAR, today=TODAY)


def test_a_formula_is_its_value_or_refused_and_text_is_never_run(tmp_path):
    book = Workbook()
    for row in [HEADS, *changed(0, "Termenul", "=1+1")]:
        book.active.append(row)
    book.save(tmp_path / "plan.xlsx")
    with pytest.raises(BadRowsError) as refused:
        read_plan(tmp_path / "plan.xlsx", YEAR, today=TODAY)
    assert refused.value.lines == ("Rândul 1 de sub antet, coloana „Termenul”: formulă fără rezultat.",)
    rows = changed(0, "Acțiunea", "'=HYPERLINK(1)")
    assert read_plan(write(tmp_path, rows), YEAR, today=TODAY).priorities[1].actions[0].what == "=HYPERLINK(1)"


def test_a_hostile_file_is_refused_in_words(tmp_path):
    large = tmp_path / "mare.csv"
    large.write_bytes(b"x" * (MOST_BYTES + 1))
    bomb = tmp_path / "bomba.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    other = tmp_path / "altceva.xlsx"
    other.write_bytes(b"%PDF-1.7\n")
    empty = tmp_path / "gol.csv"
    empty.write_bytes(b"")
    slipped = tmp_path / "alunecat.csv"
    slipped.write_text(";".join(HEADS) + "\n" + ";".join([*GOOD[0], "în plus"]) + "\n", encoding="utf-8")
    for file in (large, bomb, other, empty, slipped):
        with pytest.raises(MapError, match=file.name):
            read_plan(file, YEAR, today=TODAY)
