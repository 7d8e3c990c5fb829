"""Instruments in and out of a home: what is refused and why, what an old edition keeps, what the command prints."""

from __future__ import annotations

import csv
import json
from datetime import date

import pytest
import xlsxwriter
from typer.testing import CliRunner

import cli
from cases.instrument import assess, instrument_at, instrument_of, read_instrument
from cases.instrument.instrument_editions import BUILT_IN, KIND, refusal_words
from cases.record.record_exchange import instruments_of
from core.bad_rows import BadRowsError
from core.errors import EditionError, MapError, MissingColumnError, UnreadableFileError
from core.storage.editions import EditionStore
from core.storage.home import make_home
from providers.imports.importing import import_file

DAY = date(2026, 12, 1)
SHEETS = {
    "survey": "type,name,label,relevant,required\n"
    "begin group,g_home,Gospodăria,,\n"
    "integer,h_people,Câți oameni locuiesc aici?,,yes\n"
    "select_one yn,h_water,Este apă aproape?,,yes\n"
    "end group,,,,\n"
    "select_one yn,lonely,Este singur?,${h_people} = 1,yes\n",
    "choices": "list_name,name,label\nyn,yes,Da\nyn,no,Nu\nyn,unknown,Nu știu\n",
    "findings": "code,when,level,label,scope\n"
    "VLP_01,${h_water} = 'no',high,Fără apă,household\n"
    "VFA_02,${lonely} = 'yes',medium,Om singur,person\n",
}


def folder_of(place, **changed):
    place.mkdir(exist_ok=True)
    for name, text in {**SHEETS, **changed}.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


def stacked(place, **changed):
    """Write the sheets one under the other in a CSV, as tools for these forms do."""
    rows = []
    for name, text in {**SHEETS, **changed}.items():
        rows += [[name], *(["", *row] for row in csv.reader(text.splitlines()))]
    with place.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([*row, *[""] * (9 - len(row))] for row in rows)
    return place


def workbook(place, **changed):
    book = xlsxwriter.Workbook(place)
    for name, text in {**SHEETS, **changed, "notițe": "ceva\nmai mult\n"}.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(csv.reader(text.splitlines())):
            sheet.write_row(at, 0, row)
    book.close()
    return place


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return make_home("live", tmp_path / "home")


def harta(*words):
    return CliRunner().invoke(cli.app, ["instrument", *map(str, words)])


def test_a_workbook_a_csv_and_a_folder_say_the_same(tmp_path):
    paths = folder_of(tmp_path / "f"), stacked(tmp_path / "one.csv"), workbook(tmp_path / "book.xlsx")
    read = [read_instrument(path) for path in paths]
    assert read[0].instrument == read[1].instrument == read[2].instrument
    assert [len(each.rows) for each in read] == [16, 16, 16]  # 10 rows, and 6 of the built-in rule of the level
    assert not any(each.refusals for each in read)


@pytest.mark.parametrize(
    ("sheet", "row", "reason", "said"),
    [
        ("findings", "VSA_02,count(${h_people}) > 1,high,,", "bad_expression", "„count”"),
        ("findings", "VSA_02,${gone} = 'no',high,,", "dangling_name", "${gone}"),
        ("findings", "VSA_02,${lonely} = 'maybe',high,,", "dangling_name", "„maybe”"),
        ("findings", "VLP_01,${h_water} = 'yes',high,Apă,", "duplicate_key", "deja o regulă"),
        ("findings", "VSA_02,${lonely} = 'no',huge,,", "unknown_word", "danger, high"),
        ("findings", "VSA_02,${lonely} = 'no',high,,household", "dangling_name", "gospodăriei"),
        ("findings", "V-SA,${lonely} = 'no',high,,", "bad_code", "cod din litere"),
        ("findings", "VSA_02,,high,,", "missing", "lipsește"),
        ("choices", "yn,no,Altfel", "duplicate_key", "de două ori"),
        ("choices", "yn,maybe,", "missing", "lipsește"),
        ("survey", "select_one gone,x,Ce?,,", "dangling_name", "lista „gone”"),
        ("survey", "select_one yn,lonely,Iar?,,", "duplicate_key", "numele lonely"),
        ("survey", "integer,x,Câți?,${later} = 'yes',", "dangling_name", "${later}"),
        ("survey", "text,who,Cum se numește?,,", "free_text", "numi persoana"),
        ("survey", "geopoint,where,Unde?,,", "unknown_word", "select_one"),
        ("survey", "calculate,score,,,", "unknown_word", "age"),
        ("survey", "calculate,age,,,", "dangling_name", "born"),
        ("survey", "end group,,,,", "open_group", "begin group"),
        ("survey", "begin group,g_open,Deschis,,", "open_group", "end group"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_row_and_reason(tmp_path, sheet, row, reason, said):
    path = folder_of(tmp_path / "f", **{sheet: SHEETS[sheet] + row + "\n"})
    read = read_instrument(path)
    (refusal,) = read.refusals
    assert (refusal.sheet, refusal.row, refusal.reason) == (sheet, SHEETS[sheet].count("\n"), reason)
    assert said in refusal_words(refusal)
    assert read.rows_read == len(read.rows) + 1 == 17


def test_a_refused_question_refuses_what_speaks_of_it(tmp_path):
    survey = SHEETS["survey"].replace("select_one yn,lonely", "select_one ny,lonely")
    read = read_instrument(folder_of(tmp_path / "f", survey=survey))
    assert [(r.sheet, r.row) for r in read.refusals] == [("survey", 5), ("findings", 2)]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.csv", b"", UnreadableFileError),
        ("one.csv", "type,name,label\ninteger,x,Câți?\n".encode(), MissingColumnError),
        ("not.xlsx", b"survey", UnreadableFileError),
        ("bytes.csv", bytes(range(256)) * 40, MapError),
        ("twice.csv", b"survey,,\n,type,name\nsurvey,,\n,type,name\nfindings,,\n", UnreadableFileError),
        ("titles.csv", b"survey,,\n,what,who\n,a,b\nfindings,,\n,code,when\n,A,B\n", MissingColumnError),
    ],
)
def test_a_file_that_is_no_instrument_is_named(tmp_path, name, content, error):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=name.split(".", maxsplit=1)[0]):
        read_instrument(tmp_path / name)


def test_a_formula_without_a_result_is_not_read_as_an_empty_condition(tmp_path):
    path = workbook(tmp_path / "book.xlsx", findings=SHEETS["findings"].replace("${lonely} = 'yes'", "=1+1"))
    book_read = read_instrument(path)
    assert [(r.sheet, r.row) for r in book_read.refusals] == [("findings", 2)]


def test_an_assessment_of_an_old_edition_shows_its_own_questions_for_ever(home, tmp_path):
    import_file(home, KIND, stacked(tmp_path / "one.csv"), as_of=DAY)
    store = EditionStore(home)
    name = store.current(KIND).manifest.edition
    changed = SHEETS["survey"].replace("integer,h_people,Câți oameni locuiesc aici?,,yes\n", "")
    changed = changed.replace("${h_people} = 1", "")
    second = import_file(home, KIND, stacked(tmp_path / "two.csv", survey=changed), as_of=DAY, confirmed=True)
    assert second.manifest.removed == 1
    assert store.prune(KIND, keep=1) == []
    old, new = instrument_of(store.edition(KIND, name)).instrument, instrument_at(home).instrument
    assert old.questions[0].label == "Câți oameni locuiesc aici?"
    assert instrument_at(home, name).instrument == old == instruments_of(home)(name), "which an assessment names"
    assert [q.name for q in new.questions] == ["h_water", "lonely"]
    answers = {"h_people": "2", "h_water": "no", "lonely": "yes"}
    assert assess(old, answers, on_day=DAY).asked == ("h_people", "h_water")
    assert [f.code for f in assess(new, answers, on_day=DAY).findings] == ["VLP_01", "VFA_02"]
    assert harta("check", name).exit_code == 0


def test_a_code_never_gets_another_meaning_not_even_one_that_went(home, tmp_path):
    import_file(home, KIND, stacked(tmp_path / "one.csv"), as_of=DAY)
    without = SHEETS["findings"].replace("VFA_02,${lonely} = 'yes',medium,Om singur,person\n", "")
    import_file(home, KIND, stacked(tmp_path / "two.csv", findings=without), as_of=DAY, confirmed=True)
    again = SHEETS["findings"].replace("Om singur", "Fără frigider")
    with pytest.raises(BadRowsError, match="a însemnat „Om singur”"):
        import_file(home, KIND, stacked(tmp_path / "three.csv", findings=again), as_of=DAY)
    spelt = SHEETS["findings"].replace("Om singur", "om SINGUR")
    assert not read_instrument(stacked(tmp_path / "four.csv", findings=spelt), home).refusals
    vouched = "code,when,level,label,formerly\nVFA_02,${lonely} = 'yes',medium,Persoană singură,Om singur\n"
    assert not read_instrument(stacked(tmp_path / "five.csv", findings=vouched), home).refusals
    other_kind = SHEETS["survey"].replace("integer,h_people", "select_one yn,h_people").replace("${h_people} = 1", "")
    (refusal,) = read_instrument(stacked(tmp_path / "six.csv", survey=other_kind), home).refusals
    assert (refusal.row, refusal.field, refusal.reason) == (2, "type", "new_meaning")


@pytest.mark.parametrize("kind", ["one", "multiple"])
def test_an_older_spelling_of_a_type_is_the_same_type(home, tmp_path, kind):
    asked = f"select_{kind} yn,h_extra,Altceva?,,\n"
    import_file(home, KIND, stacked(tmp_path / "one.csv", survey=SHEETS["survey"] + asked), as_of=DAY)
    spelt = SHEETS["survey"] + asked.replace("_", " ", 1)
    assert not read_instrument(stacked(tmp_path / "two.csv", survey=spelt), home).refusals


def test_the_command_refuses_the_whole_file_and_names_every_row(home, tmp_path):
    bad = folder_of(tmp_path / "f", findings=SHEETS["findings"] + "A,${x} = 1,high,,\nB,1,low,,\n")
    for action in ("check", "import"):
        told = harta(action, bad, "--json")
        assert told.exit_code == 1
        said = json.loads(told.stdout)
        assert [(r["sheet"], r["row"]) for r in said["rejects"]] == [("findings", 3), ("findings", 4)]
        assert said["rows_read"] == said["rows_loaded"] + said["rows_rejected"]
    assert EditionStore(home).current(KIND) is None


def test_the_command_puts_the_built_in_instrument_in_force_and_compares(home, tmp_path):
    assert json.loads(harta("import", "--json").stdout)["rows_rejected"] == 0
    edition = EditionStore(home).current(KIND)
    assert edition.manifest.source.licence == "MIT; codurile: MPL-2.0"
    assert instrument_at(home).instrument == read_instrument(BUILT_IN).instrument
    said = json.loads(harta("diff", BUILT_IN, folder_of(tmp_path / "f"), "--json").stdout)
    assert said["added"] + said["removed"] + said["changed"] == len(said["changes"])
    water = next(change for change in said["changes"] if change["key"] == "findings:VLP_01")
    assert water["change"] == "changed"
    assert water["cells"]["level"] == ["medium", "high"]
    assert harta("diff", BUILT_IN).stdout.count("\n") == 1
    answers = tmp_path / "answers.jsonl"
    answers.write_text('{"h_people": 1, "on_day": "2026-11-15"}\n', encoding="utf-8")
    assert "nivel necunoscut" in harta("check", "--answers", answers).stdout
    for line, found in (("[1]", "JSON"), ('{"on_day": "azi"}', "on_day")):
        answers.write_text(line, encoding="utf-8")
        refused = harta("check", "--answers", answers)
        assert isinstance(refused.exception, UnreadableFileError)
        assert found in str(refused.exception)


def test_a_damaged_edition_says_so(home, tmp_path):
    import_file(home, KIND, stacked(tmp_path / "one.csv"), as_of=DAY)
    (EditionStore(home).current(KIND).folder / "items.parquet").write_bytes(b"PAR1")
    with pytest.raises(EditionError, match="deteriorată"):
        instrument_at(home)
