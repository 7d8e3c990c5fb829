"""The directory: each question is answered by the editions and the ledger of its moment."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import NotAllowedError, UnknownCodeError
from core.storage.home import make_home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.finder.query_parsing import parse_query
from providers.imports import importing
from providers.output.answer_json import as_json
from referrals.records.vocabulary import Actor
from referrals.workflow import directory as directory_module
from referrals.workflow.directory import open_directory
from referrals.workflow.terminal import refer_by_command
from tests.worlds.files.register_files import import_file

ADMIN = Actor("admin", account="harta")
UNIT = Actor("county", "ujss-bc", "BC")
TITLES = "Cod,Tip serviciu,Denumire,Județ,Localitate,Latitudine,Longitudine,Locuri\n"
DAY_CENTRE = "{n},8891CZ-C-II,Centrul {n},Bacău,Bacău,46.5{n},26.91,20\n"
SHELTER = "9,8790CR-VD-I,Casa din Bacău,Bacău,Bacău,46.57,26.91,12\n"


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


@pytest.fixture(scope="module")
def imported(tmp_path_factory, gazetteer):
    """A home with two day centres; each test works in a copy of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HARTA_DATABASE_URL", raising=False)
        for module in (directory_module, importing):  # the places are the same for every test: they are read once
            patch.setattr(module, "load_gazetteer", lambda _home: gazetteer)
        folder = tmp_path_factory.mktemp("imported")
        home = make_home("live", folder / "var")
        listed(home, folder, 1, 2)
        open_directory(home).ledger.close()
        yield home


@pytest.fixture
def home(imported, tmp_path):
    return open_home(shutil.copytree(imported.path, tmp_path / "var"))


def listed(home, tmp_path, *numbers):
    """Put a register of day centres, and a shelter, in force."""
    path = tmp_path / f"centre{len(numbers)}.csv"
    rows = "".join(DAY_CENTRE.format(n=n) for n in numbers) + SHELTER
    path.write_text(TITLES.replace("Tip serviciu", "Cod serviciu").replace("Denumire", "Denumire serviciu").replace("Locuri", "Capacitate").replace("Cod,", "Număr licență,", 1) + rows, encoding="utf-8")  # fmt: skip
    import_file(home, "social", path)


@pytest.fixture
def directory(home):
    opened = open_directory(home)
    yield opened
    opened.ledger.close()


def asked(directory, code="8891CZ-C-II"):
    query = parse_query(directory.gazetteer, place="Bacău, Bacău", services=[code])
    return as_json(directory.ask(query))


def blocks(directory):
    return {result["service_id"]: result["block"] for result in asked(directory)["results"]}


def test_a_report_counts_from_the_next_question_on(directory):
    assert set(blocks(directory).values()) == {"call_first"}
    noted = directory.note_capacity("social:mmps:L1", actor=ADMIN, source="telefon", free=2)
    assert (noted["status"], noted["places_free"], noted["places_max"]) == ("free", 2, 20)
    assert blocks(directory) == {"social:mmps:L1": "confirmed", "social:mmps:L2": "call_first"}


def test_a_report_of_another_process_counts_too(home, directory):
    assert set(blocks(directory).values()) == {"call_first"}
    other = open_directory(home)
    other.note_capacity("social:mmps:L2", actor=ADMIN, source="telefon", free=1)
    other.ledger.close()
    assert blocks(directory)["social:mmps:L2"] == "confirmed"


def test_a_new_edition_is_seen_at_the_next_question(home, directory, tmp_path):
    assert blocks(directory).keys() == {"social:mmps:L1", "social:mmps:L2"}
    listed(home, tmp_path, 1, 2, 3)
    assert blocks(directory).keys() == {"social:mmps:L1", "social:mmps:L2", "social:mmps:L3"}


def test_between_questions_nothing_is_laid_out_anew_until_the_clock_has_moved(directory, monkeypatch):
    laid = []
    for name in ("availability", "availability_after"):
        lay = getattr(directory_module, name)
        said = lambda *args, lay=lay, name=name, **kwargs: laid.append(name) or lay(*args, **kwargs)  # noqa: E731
        monkeypatch.setattr(directory_module, name, said)
    now = datetime.now(UTC)
    first = directory.snapshot(now=now)
    assert directory.snapshot(now=now + timedelta(seconds=30)) is first
    assert directory.snapshot(now=now + timedelta(seconds=61)).catalogue is first.catalogue
    directory.snapshot(now=now)  # a clock that goes backwards is not trusted either
    assert laid == ["availability", "availability_after", "availability"]
    directory.snapshot(now=now + timedelta(seconds=540))
    directory.snapshot(now=now + timedelta(seconds=601))  # and of every place once in ten minutes
    assert laid[3:] == ["availability_after", "availability"]


def test_a_report_grows_stale_while_the_desk_stays_open(directory):
    directory.note_capacity("social:mmps:L1", actor=ADMIN, source="telefon", free=2)
    row = directory.snapshot().catalogue.position["social:mmps:L1"]
    limit = float(directory.snapshot().catalogue.rules.freshness_days[row])
    assert directory.snapshot().availability.block[row] == 0
    assert directory.snapshot(now=datetime.now(UTC) + timedelta(days=limit, minutes=5)).availability.block[row] == 1


def test_a_service_that_nobody_lists_has_no_capacity(directory):
    with pytest.raises(UnknownCodeError, match="social:mmps:nimic"):
        directory.capacity_of("social:mmps:nimic")
    with pytest.raises(UnknownCodeError, match="social:mmps:nimic"):
        directory.note_capacity("social:mmps:nimic", actor=ADMIN, source="telefon", free=1)
    assert directory.ledger.capacity_now().empty


def test_how_many_a_shelter_takes_stays_secret(directory):
    hidden = "protected:8790CR-VD-I:BC:1"
    for key in ("social:mmps:L9", hidden, directory.snapshot().catalogue.sealed[hidden]):
        with pytest.raises((UnknownCodeError, NotAllowedError)):
            directory.note_capacity(key, actor=ADMIN, source="telefon", free=5, maximum=12)
    with pytest.raises(UnknownCodeError, match="social:mmps:L9"):
        directory.capacity_of("social:mmps:L9")
    directory.note_capacity("social:mmps:L9", actor=UNIT, source="telefon", free=0, maximum=12)
    told = directory.capacity_of(hidden)
    assert (told["status"], told["places_free"], told["places_max"], told["places_reported_at"]) == ("unknown", None, None, None)  # fmt: skip
    assert "Casa" not in told["name"]
    said = asked(directory, "8790CR-VD-I")
    assert said["results"] == []
    assert [offer["why"] for offer in said["elsewhere"]] == ["secret"]
    assert "Casa" not in str(said)


def test_a_type_of_which_no_place_is_held_gets_a_request_though_places_are_reported(directory):
    def refer(service_id):
        directory.note_capacity(service_id, actor=ADMIN, source="telefon", free=2)
        return refer_by_command(directory, service_id, place="Bacău, Bacău", has_consented=True, account="cli:maria")[
            "state"
        ]

    assert refer("authority:oficii:SPAS-20297") == "asked"
    assert refer("social:mmps:L1") == "held"


def test_places_imported_while_the_desk_is_open_are_known_from_the_next_question_on(
    directory, tmp_path, monkeypatch, gazetteer
):
    done = []
    monkeypatch.setattr(directory_module, "load_gazetteer", lambda _home: done.append("places") or gazetteer)
    directory.snapshot()
    listed(directory.home, tmp_path, 1, 2, 3)
    assert "social:mmps:L3" in directory.snapshot().catalogue.position
    assert done == []  # a register moves no place
    points = tmp_path / "localitati.csv"
    points.write_text("SIRUTA,DENLOC,SIRSUP,TIP,JUD,lat,lon\n1026,ALBA IULIA,1017,9,1,46.07,23.57\n", encoding="utf-8")
    import_file(directory.home, "localities", points)
    directory.snapshot()
    assert done == ["places"]


def test_a_recent_snapshot_may_lag_by_the_seconds_allowed_and_no_more(directory, home, tmp_path):
    first = directory.recent_snapshot(60)
    listed(home, tmp_path, 1, 2, 3)
    assert directory.recent_snapshot(60) is first
    assert "social:mmps:L3" not in first.catalogue.position
    assert "social:mmps:L3" in directory.recent_snapshot(0).catalogue.position
    assert directory.recent_snapshot(60) is directory.snapshot()


def test_how_services_answer_is_read_anew_after_ten_minutes_and_for_other_editions_only(
    directory, home, tmp_path, monkeypatch
):
    read = []
    monkeypatch.setattr(directory_module, "answering_records", lambda _ledger, *, now: read.append(now) or {})
    now = datetime.now(UTC)
    for minutes in (0, 2, 4):
        directory.snapshot(now=now + timedelta(minutes=minutes))
    assert read == [now]
    later = now + timedelta(minutes=11)
    directory.snapshot(now=later)
    assert read == [now, later]
    listed(home, tmp_path, 1, 2, 3)
    directory.snapshot(now=later)
    assert read == [now, later, later]
