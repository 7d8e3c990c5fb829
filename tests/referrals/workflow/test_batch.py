"""Many questions from a file: each row answered or refused, the answer whole or not there at all."""

from __future__ import annotations

import csv

import pytest

from core.errors import MapError, MissingColumnError, UnreadableFileError
from core.storage.home import make_home
from providers.finder.answer import as_json
from providers.finder.query_parsing import parse_row
from referrals.workflow import batch
from referrals.workflow.batch import ANSWER_COLUMNS, answer_batch
from referrals.workflow.directory import open_directory


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    opened = open_directory(make_home("live", tmp_path / "var"))  # no register yet: the public offices alone
    yield opened
    opened.ledger.close()


def questions(tmp_path, text):
    path = tmp_path / "q.csv"
    path.write_text(text, encoding="utf-8")
    return path


def answers(path):
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_each_row_is_answered_as_the_same_question_alone(directory, tmp_path):
    path = questions(tmp_path, "K;From;Service\n1;Parincea, Bacău;AUT-SPAS\n2;Cluj-Napoca;AUT-PRIM; \n")
    out = tmp_path / "a.csv"
    assert answer_batch(directory, path, out) == {"asked": 2, "refused": 0}
    lines = answers(out)
    assert list(lines[0]) == list(ANSWER_COLUMNS)
    for row, place, code in (("1", "Parincea, Bacău", "AUT-SPAS"), ("2", "Cluj-Napoca", "AUT-PRIM")):
        alone = as_json(directory.ask(parse_row(directory.gazetteer, {"from": place, "service": code, "k": row})))
        shown = [line["service_id"] for line in lines if line["row"] == row and line["rank"]]
        assert shown == [result["service_id"] for result in alone["results"]]


def test_a_bad_row_says_why_and_the_others_are_answered(directory, tmp_path):
    path = questions(tmp_path, "from,service\nNicăierești,AUT-SPAS\n\nParincea Bacău,AUT-SPAS\nParincea Bacău,NU\n")
    out = tmp_path / "a.csv"
    assert answer_batch(directory, path, out) == {"asked": 3, "refused": 2}
    errors = {line["row"]: line["error"] for line in answers(out) if line["error"]}
    assert errors.keys() == {"1", "4"}  # blank rows count, so that the number finds the row
    assert "Nicăierești" in errors["1"]


def test_what_a_spreadsheet_would_run_comes_back_defused(directory, tmp_path):
    out = tmp_path / "a.csv"
    answer_batch(directory, questions(tmp_path, "from,service\n=1+1,AUT-SPAS\nParincea Bacău,@SUM(A1)\n"), out)
    assert not any(cell.startswith(("=", "@")) for line in answers(out) for cell in line.values())


@pytest.mark.parametrize("text", ["", "\n", "unde,ce\nParincea,AUT-SPAS\n"])
def test_a_file_without_questions_is_refused_by_name(directory, tmp_path, text):
    with pytest.raises((UnreadableFileError, MissingColumnError), match=r"q\.csv"):
        answer_batch(directory, questions(tmp_path, text), tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()


def test_where_the_answer_cannot_be_written_nothing_is_lost(directory, tmp_path, monkeypatch):
    path = questions(tmp_path, "from,service\nParincea Bacău,AUT-SPAS\n")
    with pytest.raises(MapError, match="nu poate fi scris"):
        answer_batch(directory, path, tmp_path / "nimic" / "a.csv")
    out = tmp_path / "a.csv"
    out.write_text("the answer of yesterday", encoding="utf-8")

    def disk_full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch, "write_csv", disk_full)
    with pytest.raises(MapError, match="No space left"):
        answer_batch(directory, path, out)
    assert out.read_text(encoding="utf-8") == "the answer of yesterday"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "q.csv", "var"]
