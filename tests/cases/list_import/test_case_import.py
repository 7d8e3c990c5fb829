"""A list brought on the server: nobody's name comes in, every row is a case or refused, and brought again nobody twice."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from cases.list_import import import_cases
from cases.list_import.list_guards import KIND_WORDS
from cases.list_import.listed_codes import code_changes
from cases.record import exchange
from core.errors import BadValueError, MissingColumnError, NotAllowedError, UnreadableFileError
from core.storage.home import make_home
from referrals.case_erasure.record_erasure import erase_record
from referrals.database.tables import case_tables as t
from referrals.records.ledger_errors import PersonalDataError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.case_world import Phone, code
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, audited, everything

PARINCEA, NEXT_DOOR = 24089, 22898
TEAM = Actor("team", "U-PARINCEA", "BC", PARINCEA, profession="social")
HEADS = ["ID", "Gen", "Data nașterii", "Județ", "Localitate", "Gospodărie", "Status", "Coduri", "Observații"]
GOOD = [
    ["1001", "Feminin", "1956-03-04", "Bacău", "Parincea", "G-1", "Activ", "VAI_02, VGR_99", ""],
    ["1002", "Masculin", "04.05.1950", "BACĂU", "PARINCEA", "G-1", "Catagrafiat", "", "vine joi"],
    ["1003", "F", "2024-01-15", "", "", "", "Înregistrat", "", ""],
]
BAD = {
    "twice": ["1001", "F", "1980-01-15", "", "", "", "Activ", "", ""],
    "no_born": ["1004", "F", "", "", "", "", "Activ", "", ""],
    "elsewhere": ["1005", "F", "1970-01-01", "Cluj", "Parincea", "", "Activ", "", ""],
    "gone": ["1006", "M", "1970-01-01", "", "", "", "Scos din evidență", "", ""],
    "no_id": ["", "M", "1970-01-01", "", "", "", "Activ", "", ""],
    "household": ["1007", "M", "1970-01-01", "", "", "Casa Canarescu", "Activ", "", ""],
    "personal": ["1008", "M", "1970-01-01", "", "", "", "Activ", "", "sunați la 0744 123 987"],
    "code": ["1009", "M", "1970-01-01", "", "", "", "Activ", "VSP_LC", ""],
}
SHEETS = [("csv", ";"), ("csv", ","), ("csv", "\t"), ("xlsx", "")]


@pytest.fixture
def home(tmp_path):
    return make_home("live", tmp_path / "var")


def write(folder, rows, kind="csv", mark=";", name="lista"):
    path = folder / f"{name}.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=mark).writerows(rows)
    else:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    return path


def cases_of(ledger):
    with ledger.store.read() as connection:
        return {row.case_ref: row for row in connection.execute(select(t.cases))}


@pytest.mark.parametrize(("kind", "mark"), SHEETS)
def test_every_row_becomes_a_case_or_is_refused_with_row_field_found_and_expected(home, ledger, tmp_path, kind, mark):
    rows = [HEADS, *GOOD, *BAD.values()]
    report = import_cases(home, ledger, write(tmp_path, rows, kind, mark), PARINCEA, actor=TEAM)
    assert (report.rows, report.loaded, report.households, report.findings) == (11, 3, 1, 1)
    assert {each.row: each.reason for each in report.refused} == dict(enumerate(BAD, 5))
    assert all(each.field in HEADS and each.found and each.expected for each in report.refused)
    assert [(each.field, each.found) for each in report.refused] == [
        ("ID", "1001"), ("Data nașterii", "nimic"), ("Localitate", "Parincea"), ("Status", "Scos din evidență"),
        ("ID", "nimic"), ("Gospodărie", "cuvinte"), ("Observații", KIND_WORDS["phone"]), ("Coduri", "VSP_LC"),
    ]  # fmt: skip
    assert report.unread == ("Observații",)
    kept = cases_of(ledger)
    by_id = {number: kept[ref] for number, ref in report.pairs}
    assert [(row.born, row.sex, row.source, row.owner) for row in by_id.values()] == [
        ("1956", "F", "import", TEAM.account), ("1950", "M", "import", TEAM.account),
        ("2024-01", "F", "import", TEAM.account),
    ]  # fmt: skip
    assert by_id["1001"].household_id == by_id["1002"].household_id != ""
    assert by_id["1003"].household_id == ""
    assert report.lines()[0] == f"lista.{kind}: Rânduri: 11. Aduse: 3. Respinse: 8."
    assert json.dumps(report.as_json()).count('"row"') == 8
    assert "case.import" in audited(ledger)


def test_of_the_list_nothing_but_births_sexes_villages_and_codes_is_kept(home, ledger, tmp_path):
    rows = [HEADS, ["777001", "F", "1956-03-04", "", "Parincea", "G-555", "Activ", "VAI_02", "Canarescu vine joi"]]
    report = import_cases(home, ledger, write(tmp_path, rows), PARINCEA, actor=ADMIN)
    said = repr(everything(ledger))
    assert not [word for word in ("777001", "G-555", "Canarescu", "vine joi", "-03-04") if word in said]
    assert "777001" not in json.dumps(report.as_json())
    assert report.pairs[0][0] == "777001"


def test_a_list_brought_again_gives_nobody_a_second_case_and_the_same_pairs(home, ledger, tmp_path):
    first = import_cases(home, ledger, write(tmp_path, [HEADS, *GOOD]), PARINCEA, actor=ADMIN)
    more = ["1010", "F", "1990-01-01", "", "", "G-1", "Activ", "", ""]
    again = import_cases(home, ledger, write(tmp_path, [HEADS, *GOOD, more]), PARINCEA, actor=TEAM)
    assert (again.loaded, [each.reason for each in again.refused], again.households) == (1, ["before"] * 3, 0)
    assert again.pairs[:3] == first.pairs
    kept = cases_of(ledger)
    assert len(kept) == 4
    assert kept[again.pairs[3][1]].household_id == kept[again.pairs[0][1]].household_id
    elsewhere = [HEADS[:3], GOOD[0][:3]]
    other = import_cases(home, ledger, write(tmp_path, elsewhere), NEXT_DOOR, actor=ADMIN)
    assert (other.loaded, other.pairs[0][1] in kept) == (1, False), "the same number of another community is another's"


def test_a_dry_run_says_the_same_and_writes_nothing(home, ledger, tmp_path):
    file = write(tmp_path, [HEADS, *GOOD, *BAD.values()])
    before = everything(ledger)
    dry = import_cases(home, ledger, file, PARINCEA, actor=ADMIN, dry_run=True)
    assert everything(ledger) == before
    done = import_cases(home, ledger, file, PARINCEA, actor=ADMIN)
    assert (dry.loaded, dry.refused, dry.pairs, dry.notes) == (done.loaded, done.refused, done.pairs, done.notes)
    assert "De adus: 3." in dry.lines()[0]


def test_telephones_get_the_cases_and_who_was_erased_does_not_come_back(home, ledger, tmp_path):
    file = write(tmp_path, [HEADS, *GOOD])
    report = import_cases(home, ledger, file, PARINCEA, actor=ADMIN)
    told = exchange(ledger, Phone(1).message(), actor=TEAM, home=home)
    assert {each["case_ref"] for each in told.cases} == {ref for _number, ref in report.pairs}
    (found,) = (each for case in told.cases for each in case["findings"])
    assert (found["code"], found["sees"], found["word"]) == ("VAI_02", "team", "din lista asistenților medicali")
    assert {each["state"] for each in told.cases} == {"noted"}
    assert {each["owner"] for each in told.cases} == {""}
    with ledger.store.write() as connection:
        erase_record(connection, report.pairs[0][1], actor=ADMIN, now=ledger.clock())
    again = import_cases(home, ledger, file, PARINCEA, actor=ADMIN)
    assert [(each.row, each.reason) for each in again.refused] == [(2, "erased"), (3, "before"), (4, "before")]


@pytest.mark.parametrize(
    "title",
    ["Nume", "Prenumele", "Nume și prenume", "CNP", "Cod numeric personal", "Nr. telefon", "E-mail", "Adresă", "Strada",
     "Serie_act", "Denumire gospodărie", "Numele mamei", "C.N.P.", "NumePrenume", "Nume1", "N u m e", "Beneficiar"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_that_says_who_people_are_is_refused_whole(home, ledger, tmp_path, title, kind):
    rows = [[*HEADS, title], *([*row, ""] for row in GOOD)]
    with pytest.raises(PersonalDataError, match="/teren") as caught:
        import_cases(home, ledger, write(tmp_path, rows, kind), PARINCEA, actor=ADMIN)
    assert f"„{title}”" in str(caught.value)
    assert cases_of(ledger) == {}


@pytest.mark.parametrize("above", [[], [["Situația lunii"], []]])
def test_names_on_another_sheet_a_hidden_one_too_refuse_the_workbook(home, ledger, tmp_path, above):
    book = Workbook()
    for row in (HEADS, *GOOD):
        book.active.append(row)
    other = book.create_sheet("Persoane")
    for row in above:
        other.append(row)
    other.append(["ID", "Prenume"])
    other.sheet_state = "hidden"
    book.save(tmp_path / "lista.xlsx")
    with pytest.raises(PersonalDataError, match="Prenume"):
        import_cases(home, ledger, tmp_path / "lista.xlsx", PARINCEA, actor=ADMIN)


@pytest.mark.parametrize("place", [0, 4, 6, 8])
@pytest.mark.parametrize(
    ("cell", "kind"), [("2560304080011", "cnp"), ("0744123987", "phone"), ("ana@primarie.ro", "mail")]
)
def test_a_cell_of_any_column_that_says_who_somebody_is_refuses_its_row_and_is_not_repeated(
    home, ledger, tmp_path, place, cell, kind
):
    row = [*GOOD[0]]
    row[place] = cell
    report = import_cases(home, ledger, write(tmp_path, [HEADS, row, GOOD[2]]), PARINCEA, actor=ADMIN)
    assert [(each.row, each.reason, each.field, each.found) for each in report.refused] == [
        (2, "personal", HEADS[place], KIND_WORDS[kind])
    ]
    assert report.loaded == 1
    assert cell not in json.dumps(report.as_json()) + repr(everything(ledger))


@pytest.mark.parametrize(
    ("cell", "as_of", "reason"),
    [
        ("VGR_98", "2024-07-21", ""),
        ("VGR_98", "2024-07-22", "code"),
        ("VGR_98", "2024-10-27", "code"),
        ("VGR_98", "2024-10-28", ""),
        ("VSP_PM", "2026-01-01", "code"),
        ("VSP_LC", "2024-01-01", "code"),
        ("VAI_02;VGR_96", "2026-01-01", ""),
        ("VXX_01", "2026-01-01", "code"),
        ("Ion Canarescu", "2026-01-01", "code"),
        ("VFV_03", "2026-01-01", "code"),  # about violence: whoever finds it writes it
    ],
)
def test_codes_are_taken_by_what_they_meant_when_the_list_was_made(home, ledger, tmp_path, cell, as_of, reason):
    row = [*GOOD[0][:7], cell, ""]
    report = import_cases(
        home, ledger, write(tmp_path, [HEADS, row]), PARINCEA, actor=ADMIN, as_of=date.fromisoformat(as_of)
    )
    assert [each.reason for each in report.refused] == ([reason] if reason else [])
    assert not any("CANARESCU" in each.found.upper() for each in report.refused)
    assert report.findings == (0 if reason or cell == "VGR_98" else 1)


def test_the_codes_that_changed_are_those_of_the_applications_own_files():
    assert {each.code for each in code_changes()} == {"VGR_98", "VSP_LC", "VSP_PM"}


@pytest.mark.parametrize("who", [COUNTY, NATIONAL, Actor("team", "U-ELSE2222", "BC", NEXT_DOOR)])
def test_only_the_team_of_the_community_and_the_administrator_bring_a_list(home, ledger, tmp_path, who):
    with pytest.raises(NotAllowedError):
        import_cases(home, ledger, write(tmp_path, [HEADS, *GOOD]), PARINCEA, actor=who)
    assert cases_of(ledger) == {}


def test_cases_of_a_list_read_on_a_telephone_are_pointed_out(home, ledger, tmp_path):
    phone = Phone(1)
    made = phone.change("case.open", code("C", 5), opened_on="2026-03-02", source="import", born="1956", sex="F")
    exchange(ledger, phone.message(made), actor=TEAM)
    report = import_cases(home, ledger, write(tmp_path, [HEADS, *GOOD]), PARINCEA, actor=ADMIN)
    assert any("aceiași oameni au acolo alte coduri" in each for each in report.notes)
    assert any("niciun cont de echipă" in each for each in report.notes)


def test_a_day_to_come_and_a_list_without_its_columns_are_refused(home, ledger, tmp_path):
    file = write(tmp_path, [HEADS, *GOOD])
    with pytest.raises(BadValueError, match="viitor"):
        import_cases(home, ledger, file, PARINCEA, actor=ADMIN, as_of=date(2026, 3, 3))
    for rows in ([["a", "b"], ["1", "2"]], [HEADS[:2], ["1001", "F"]]):
        with pytest.raises(MissingColumnError, match=r"lista\.csv: .*Data nașterii"):
            import_cases(home, ledger, write(tmp_path, rows), PARINCEA, actor=ADMIN)


def bomb(path):
    content = BytesIO()
    Workbook().save(content)
    with (
        zipfile.ZipFile(content) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for part in source.namelist():
            packed.writestr(part, source.read(part))
        packed.writestr("xl/media/zero.bin", b"\0" * 60_000_000)
    return path


def test_hostile_files_are_refused_before_anything_is_read_of_them(home, ledger, tmp_path):
    many = [HEADS[:3], *([str(n), "F", "1956-03-04"] for n in range(2_001))]
    large = tmp_path / "mare.csv"
    large.write_bytes(b"ID;Data\n" + b"x" * 5_000_001)
    archive = tmp_path / "arhiva.csv"
    archive.write_bytes(bomb(tmp_path / "b.xlsx").read_bytes())
    text = tmp_path / "text.xlsx"
    text.write_text("ID;Data nașterii\n", encoding="utf-8")
    for file in (write(tmp_path, many), large, bomb(tmp_path / "bomba.xlsx"), archive, text, tmp_path / "lipsa.csv"):
        with pytest.raises(UnreadableFileError, match=file.name):
            import_cases(home, ledger, file, PARINCEA, actor=ADMIN)
    assert cases_of(ledger) == {}


def test_formulas_are_text_and_come_out_defused(home, ledger, tmp_path):
    rows = [
        HEADS,
        ["-1", "F", "1956-03-04", "", "", "=1+1", "Activ", "", ""],
        ["=HYPERLINK(1)", "F", "1956-03-04", "", "", "", "Activ", "", ""],
        ["1012", "F", "=TODAY()", "", "=A1", "", "Activ", "=A1", ""],
    ]
    report = import_cases(home, ledger, write(tmp_path, rows, "xlsx"), PARINCEA, actor=ADMIN)
    assert report.loaded + len(report.refused) == 3
    assert not any("=" in each.found for each in report.refused)
