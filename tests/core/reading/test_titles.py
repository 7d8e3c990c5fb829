"""Titles as people write them: which column a field is read from, what is asked, and what is said as not used."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import MissingColumnError, UnclearTitlesError
from core.reading.critical_columns import PUBLIC, STATUS_WORD, critical_title, is_marked, turned
from core.reading.fields import LICENCE_END, MARK, STATUS, Field
from core.reading.reading_account import open_account
from core.reading.sheets import RawSheet
from core.reading.tables import read_table, table_of_sheets
from tests.worlds.files.spreadsheets import Failed, Formula, Page, write

FIELDS = (
    Field("name", ("Denumire serviciu", "Serviciu social"), required=True),
    Field("county", ("Județ",)),
    Field("places", ("Capacitate",)),
    Field("until", ("Valabilă până la", "Valabilitate"), role=LICENCE_END),
    Field("status", ("Stare",), is_joined=True, role=STATUS),
    Field("marked", ("Adresă protejată",), is_joined=True, role=MARK),
)
HERE = Path("registru.xlsx")


def read(*rows, choices=None, watch=True):
    """Read one sheet; returns the rows as records and the account."""
    with open_account(choices) as account:
        table = table_of_sheets([RawSheet("Foaie", rows=rows)], FIELDS, path=HERE, watch=watch)
    return table.to_dict("records"), account


def spelled(title):
    """Spell a title as people do: case, asterisks, brackets, numbers before it, no diacritics."""
    plain = title.translate(str.maketrans("ăâîșțĂÂÎȘȚ", "aaistAAIST"))
    return st.builds(
        lambda text, case, before, after: before + case(text) + after,
        st.sampled_from([title, plain, title.replace(" ", "\n"), title.replace(" ", "  ")]),
        st.sampled_from([str, str.upper, str.lower, str.title]),
        st.sampled_from(["", "* ", "3. ", "  "]),
        st.sampled_from(["", " *", " (DA/NU)", " [obligatoriu]", ":", " **", " ¹"]),
    )


@given(spelled("Denumire serviciu"), spelled("Județ"), spelled("Adresă protejată"), spelled("Stare"))
def test_a_title_is_known_however_it_is_spelled(name, county, mark, status):
    records, account = read([name, county, mark, status], ["A", "Bacău", "da", "Activă"])
    assert [(r["name"], r["county"], r["marked"], r["status"]) for r in records] == [("A", "Bacău", "da", "Activă")]
    assert account.unused()["titles"] == []


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Adresa serviciului este confidențială", MARK), ("Adresa nu se publică", MARK), ("Confidențialitate", MARK),
        ("Protecția adresei", MARK), ("Adresă protjată", MARK), ("Locuri protejate", MARK), ("Adresă publică", PUBLIC),
        ("Se publică adresa (DA/NU)", PUBLIC), ("Starea licenței de funcționare *", STATUS), ("Statut actual", STATUS),
        ("Suspendată", STATUS_WORD), ("Data retragerii licenței", STATUS_WORD), ("Radiat (da/nu)", STATUS_WORD),
        ("Licență valabilă până la data de", LICENCE_END), ("Data expirării licenței", LICENCE_END),
        ("Autorizație sanitară valabilă până la", LICENCE_END), ("Perioada de valabilitate", LICENCE_END),
    ],
)  # fmt: skip
def test_a_title_that_must_not_be_lost_is_seen(title, role):
    found = critical_title(title)
    assert found is not None
    assert found.role == role


@pytest.mark.parametrize(
    "title",
    ["Denumire", "Statut unitate", "Telefon secretariat", "Locuințe protejate", "Valabilă de la", "Tip furnizor (public/privat)",
     "HG utilitate publica", "Protecția copilului", "Proiect", "Activitate", "Statut juridic", "Mod functionare"],
)  # fmt: skip
def test_a_title_that_only_sounds_like_one_is_not(title):
    assert critical_title(title) is None


@pytest.mark.parametrize("title", ["Locuri protejate", "Autorizație sanitară valabilă până la", "Nr. persoane retrase"])
def test_a_title_that_is_not_understood_is_asked_about_and_an_answer_settles_it(title):
    rows = (["Denumire serviciu", title], ["A", "x"])
    with pytest.raises(UnclearTitlesError, match=title.split()[0]) as asked:
        read(*rows)
    assert asked.value.titles == (title,)
    records, account = read(*rows, choices={title: "-"})
    assert (records[0]["name"], account.unused()["titles"]) == ("A", [title])


def test_a_choice_gives_an_unknown_title_its_field():
    rows = (["Cum se numește", "Zona", "Observații"], ["A", "Bacău", "x"])
    with pytest.raises(MissingColumnError, match="Cum se numește"):
        read(*rows)
    records, account = read(*rows, choices={"cum se numește": "name", "Zona": "Județ"})
    assert (records[0]["name"], records[0]["county"]) == ("A", "Bacău")
    assert account.unused()["titles"] == ["Observații"]
    assert account.met == {"cum se numește", "Zona"}


@pytest.mark.parametrize(("cell", "marked"), [("DA", False), ("da", False), ("NU", True), ("", True), ("?", True)])
def test_where_yes_means_public_all_else_is_protected(cell, marked):
    records, _account = read(["Denumire serviciu", "Adresa se publică (DA/NU)"], ["A", cell])
    assert is_marked(records[0]["marked"]) is marked


def test_a_column_of_those_suspended_is_a_status():
    records, _account = read(
        ["Denumire serviciu", "Suspendată", "Activ"], ["A", "DA", "da"], ["B", "nu", "NU"], ["C", "", ""]
    )
    assert [r["status"] for r in records] == ["suspendat; activ", "inactiv", ""]
    assert turned("2024-02-01", STATUS_WORD, "retras") == "retras"


def test_the_surer_of_two_titles_is_read_and_the_other_said():
    records, account = read(["Serviciu social", "Denumire serviciu"], ["Centre de zi", "Alfa"])
    assert (records[0]["name"], account.unused()["titles"]) == ("Alfa", ["Serviciu social"])


def test_of_equal_titles_the_one_of_the_service_or_the_filled_one_is_read_else_it_is_asked():
    above = ["Furnizor", "", "Serviciu", ""]
    records, _account = read(above, ["Nume", "Județ", "Denumire serviciu", "Județ"], ["F", "Cluj", "A", "Bacău"])
    assert records[0]["county"] == "Bacău"
    records, _account = read(["Denumire serviciu", "Județ (furnizor)", "Județ (serviciu)"], ["A", "Cluj", "Bacău"])
    assert records[0]["county"] == "Bacău"
    records, _account = read(["Denumire serviciu", "Județ", "Județ"], ["A", "", "Bacău"], ["B", "", ""])
    assert records[0]["county"] == "Bacău"
    rows = (["Denumire serviciu", "Județ", "Județ"], ["A", "Cluj", "Bacău"])
    with pytest.raises(UnclearTitlesError, match=r"„Județ \[B\]”, „Județ \[C\]”"):
        read(*rows)
    records, account = read(*rows, choices={"Județ [C]": "county"})
    assert (records[0]["county"], account.unused()["titles"]) == ("Bacău", ["Județ [B]"])


def test_titles_over_two_rows_without_merged_cells_are_read_together():
    records, account = read(
        ["Denumire serviciu", "Licență", "", "Capacitate"],
        ["", "Număr", "Valabilă până la", ""],
        ["A", "7", "2020-01-01", "20"],
    )
    assert (records[0]["until"], records[0]["places"], records[0]["row"]) == ("2020-01-01", "20", 1)
    assert account.unused()["titles"] == ["Număr"]


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_a_workbook_reads_the_same_in_both_formats(tmp_path, ending):
    titles = ["Denumire serviciu", "Județ", "Capacitate", "Stare", "Adresă protejată"]
    path = write(
        tmp_path / f"registru{ending}",
        Page("Liste", [["Stare"], ["Activă"]], is_hidden=True),
        Page("Instrucțiuni", [["Completați „Adresă protejată” cu DA sau NU."]]),
        Page(
            "Bacău",
            [["Registrul serviciilor"], titles, ["A", "Bacău", 20, "Suspendată", ""], ["B", "Bacău", Formula(), "", "DA"],
             ["C", "Bacău", Failed(), "Activă", ""], ["D", Failed("#N/A"), 5, Formula(), Formula()]],
            merged=[(2, 3, 3, 3), (3, 4, 4, 4)],
        ),
        Page("Iași", [titles, ["E", "Iași", 7, "Activă", False], ["F", "Iași", 8, "Activă", True]]),
    )  # fmt: skip
    with open_account() as account:
        records = read_table(path, FIELDS, watch=True).to_dict("records")
    assert [r["name"] for r in records] == list("ABCDEF")
    assert [r["status"] for r in records[:3]] == ["Suspendată", "Suspendată", "Activă"]
    assert [is_marked(r["marked"]) for r in records] == [False, True, True, True, False, True]
    assert [r["places"] for r in records] == ["20", "", "", "5", "7", "8"]
    assert records[3]["status"] != ""
    unused = account.unused()
    assert unused["sheets"] == ["Liste", "Instrucțiuni"]
    named = {(cell["sheet"], cell["title"], row) for cell in unused["cells"] for row in cell["rows"]}
    assert {
        ("Bacău", "Capacitate", 2),
        ("Bacău", "Capacitate", 3),
        ("Bacău", "Județ", 4),
        ("Bacău", "Stare", 4),
    } <= named
    own = account.main()
    assert [own.place(row) for row in (records[0]["row"], records[4]["row"])] == [("Bacău", 1), ("Iași", 1)]


def test_a_row_of_a_csv_with_more_cells_than_titles_is_refused_and_not_read_askew(tmp_path):
    path = tmp_path / "registru.csv"
    path.write_text("Denumire serviciu,Județ,Adresă protejată\nA,Bacău,nu\nB, sat C,Bacău,da\n", encoding="utf-8")
    with open_account() as account:
        records = read_table(path, FIELDS, watch=True).to_dict("records")
    assert [r["name"] for r in records] == ["A"]
    assert [(r.row, r.reason, r.value) for r in account.main().refusals] == [(2, "shifted", "")]


def test_a_row_that_ends_before_its_mark_counts_as_marked(tmp_path):
    path = tmp_path / "registru.csv"
    path.write_text("Denumire serviciu,Județ,Adresă protejată\nA,Bacău,\nB,Bacău\n", encoding="utf-8")
    records = read_table(path, FIELDS, watch=True).to_dict("records")
    assert [is_marked(r["marked"]) for r in records] == [False, True]
