"""Many questions from a file: each row answered or refused, the answer whole or not there at all."""

from __future__ import annotations

import csv
import shutil
from datetime import date

import pytest

from core.errors import MapError, MissingColumnError, UnreadableFileError
from core.storage.home import make_home, open_home
from providers.finder.query_parsing import parse_row
from providers.finder.trips import as_json as trip_json
from providers.finder.trips import best_for
from providers.output.answer_json import as_json
from providers.output.answer_text import plan_lines
from referrals.field import local_entries
from referrals.field.local_entries import LocalDraft
from referrals.field.local_in_answers import trip_seen_by
from referrals.records.vocabulary import Actor
from referrals.workflow import batch
from referrals.workflow.batch import ANSWER_COLUMNS, answer_batch
from referrals.workflow.directory import open_directory
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM

ELSEWHERE = Actor("county", "ujss-cj", "CJ")
LINK = Actor("provider", "", service_id="medical:own:M1")
CARAVAN = LocalDraft(
    name="=Caravana", offers="Haine", taken="oricine", needs=("clothes", "mental-health"), county="BC",
    uat_siruta=24089, locality_siruta=None, serves="county", hours="9-12", phone="0234 000 111", days="w4",
    review_on=date(2099, 1, 1),
)  # fmt: skip


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A home without a register yet: the public offices alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HARTA_DATABASE_URL", raising=False)
        home = make_home("live", tmp_path_factory.mktemp("begun") / "var")
        opened = open_directory(home)
        opened.snapshot()
        opened.ledger.close()
        yield home


@pytest.fixture
def directory(begun, tmp_path, kept_catalogues):
    opened = open_directory(open_home(shutil.copytree(begun.path, tmp_path / "var")))
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
    assert answer_batch(directory, path, out, actor=ADMIN) == {"asked": 2, "refused": 0}
    lines = answers(out)
    assert list(lines[0]) == list(ANSWER_COLUMNS)
    for row, place, code in (("1", "Parincea, Bacău", "AUT-SPAS"), ("2", "Cluj-Napoca", "AUT-PRIM")):
        alone = as_json(directory.ask(parse_row(directory.gazetteer, {"from": place, "service": code, "k": row})))
        shown = [line["service_id"] for line in lines if line["row"] == row and line["rank"]]
        assert shown == [result["service_id"] for result in alone["results"]]


def test_a_bad_row_says_why_and_the_others_are_answered(directory, tmp_path):
    path = questions(tmp_path, "from,service\nNicăierești,AUT-SPAS\n\nParincea Bacău,AUT-SPAS\nParincea Bacău,NU\n")
    out = tmp_path / "a.csv"
    assert answer_batch(directory, path, out, actor=ADMIN) == {"asked": 3, "refused": 2}
    errors = {line["row"]: line["error"] for line in answers(out) if line["error"]}
    assert errors.keys() == {"1", "4"}  # blank rows count, so that the number finds the row
    assert "Nicăierești" in errors["1"]


def test_what_a_spreadsheet_would_run_comes_back_defused(directory, tmp_path):
    out = tmp_path / "a.csv"
    answer_batch(
        directory, questions(tmp_path, "from,service\n=1+1,AUT-SPAS\nParincea Bacău,@SUM(A1)\n"), out, actor=ADMIN
    )
    assert not any(cell.startswith(("=", "@")) for line in answers(out) for cell in line.values())


@pytest.mark.parametrize("text", ["", "\n", "unde,ce\nParincea,AUT-SPAS\n"])
def test_a_file_without_questions_is_refused_by_name(directory, tmp_path, text):
    with pytest.raises((UnreadableFileError, MissingColumnError), match=r"q\.csv"):
        answer_batch(directory, questions(tmp_path, text), tmp_path / "a.csv", actor=ADMIN)
    assert not (tmp_path / "a.csv").exists()


def test_where_the_answer_cannot_be_written_nothing_is_lost(directory, tmp_path, monkeypatch):
    path = questions(tmp_path, "from,service\nParincea Bacău,AUT-SPAS\n")
    with pytest.raises(MapError, match="nu poate fi scris"):
        answer_batch(directory, path, tmp_path / "nimic" / "a.csv", actor=ADMIN)
    out = tmp_path / "a.csv"
    out.write_text("the answer of yesterday", encoding="utf-8")

    def disk_full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch, "write_csv", disk_full)
    with pytest.raises(MapError, match="No space left"):
        answer_batch(directory, path, out, actor=ADMIN)
    assert out.read_text(encoding="utf-8") == "the answer of yesterday"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "q.csv", "var"]


@pytest.mark.parametrize(
    ("actor", "sees"),
    [(TEAM, True), (COUNTY, True), (NATIONAL, True), (ADMIN, True), (ELSEWHERE, False), (LINK, False)],
)
def test_what_teams_know_is_in_the_answers_of_those_who_may_read_it(directory, tmp_path, actor, sees):
    local_entries.add(directory.ledger, CARAVAN, actor=TEAM)
    out = tmp_path / "a.csv"
    answer_batch(
        directory, questions(tmp_path, "from,need\nParincea Bacău,clothes\nCluj-Napoca,clothes\n"), out, actor=actor
    )
    known = [line for line in answers(out) if line["block"] == "local"]
    assert [line["row"] for line in known] == (["1"] if sees else [])
    for line in known:
        assert (line["name"], line["phone"], line["service_id"]) == ("'=Caravana", "0234 000 111", "")
        assert "resursă locală, neverificată" in line["cautions"]
        assert "vine joi" in line["cautions"]


@pytest.mark.parametrize(("actor", "sees"), [(TEAM, True), (ELSEWHERE, False), (LINK, False)])
def test_a_trip_says_what_teams_know_but_of_a_sensitive_need(directory, actor, sees):
    local_entries.add(directory.ledger, CARAVAN, actor=TEAM)
    query = parse_row(directory.gazetteer, {"from": "Parincea, Bacău", "need": "clothes;mental-health"})
    (plan,) = [trip_seen_by(one, actor) for one in best_for(directory.snapshot(), query)]
    assert [(each.wanted, each.offer.help.name) for each in plan.local] == ([("clothes", "=Caravana")] if sees else [])
    told = "\n".join(plan_lines(plan))
    assert ("=Caravana" in told, "vine joi" in told) == (sees, sees)
    assert [each["name"] for each in trip_json(plan)["local"]] == (["=Caravana"] if sees else [])
