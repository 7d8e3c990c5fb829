"""`harta cases`, `harta supervise` and `harta devices`, as typed in a terminal."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from typer.testing import CliRunner

from cases.record import exchange
from cli import app
from core.storage.home import make_home, open_home
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.cases.community.plan_world import adopted
from tests.worlds.homes.case_world import Phone, assessing, code, opening

TEAM = Actor("team", "U-SQC22222", "BC", 24089, profession="social")
CASE, OTHER = code("C", 1), code("C", 2)


@pytest.fixture
def harta(tmp_path, monkeypatch):
    home = make_home("live", tmp_path / "var")
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    with closing(open_ledger(home, may_begin=True)) as ledger:
        phone = Phone(1)
        made = [opening(phone, ref, opened_on="2026-01-05") for ref in (CASE, OTHER)]
        found = exchange(ledger, phone.message(*made, assessing(phone, CASE, 1, on_day="2026-01-06")), actor=TEAM)
        assert {each.result for each in found.results} == {"applied"}

    def run(*words: str, code: int = 0, said: str = "") -> str:
        done = CliRunner().invoke(app, list(words), catch_exceptions=code != 0, input=said or None)
        assert (done.exit_code == 0) is (code == 0), done.output
        return done.stdout

    return run


def test_cases_are_counted_listed_and_reported(harta):
    counted = json.loads(harta("cases", "status", "--county", "BC", "--json"))
    assert (counted["states"], counted["is_rounded"]) == ({"assessed": 1, "noted": 1}, False)
    assert "2 cazuri deschise" in harta("cases", "status", "--county", "BC")
    assert json.loads(harta("cases", "status", "--json"))["states"] == {"assessed": 0, "noted": 0}, "told in fives"
    assert "rotunjite" in harta("cases", "status")
    why = ("--reason", "control anual")
    listed = json.loads(harta("cases", "list", "--county", "BC", *why, "--json"))["cases"]
    assert {each["case_ref"] for each in listed} == {CASE, OTHER}
    assert harta("cases", "list", "--county", "BC", "--state", "noted", *why).startswith(OTHER)
    counted = json.loads(harta("cases", "report", "--month", "2026-01", "--json"))["communities"]
    assert counted["24089"]["BEN"] == 2
    assert "de evaluat" in harta("cases", "agenda", "--place", "24089", *why)
    assert json.loads(harta("cases", "needs", "--json"))["rows"]
    assert "Nicio nevoie fără răspuns." in harta("cases", "needs", "--county", "CJ")
    assert "Nicio cifră din cazuri." in harta("cases", "report", "--month", "2026-01", "--county", "CJ")
    said = json.loads(harta("cases", "diagnosis", "--place", "24089", "--json"))
    assert (said["people"], said["is_rounded"]) == (0, True)
    asked = json.loads(harta("cases", "amc", "--month", "2026-01", "--json"))
    assert (len(asked["indicators"]), asked["is_rounded"]) == (402, True)
    assert "Nu se numără din cazuri" in harta("cases", "amc", "--month", "2026-01", "--place", "24089")
    for wrong in (
        ("list",),
        ("list", "--county", "BC"),
        ("agenda", "--place", "24089"),
        ("report", "--month", "2026-13"),
        ("report", "--month", "2026-10..2026-01"),
        ("burn",),
        ("export", "--county", "BC"),
        ("agenda",),
    ):
        harta("cases", *wrong, code=1)


def test_campaigns_of_a_crisis_are_counted_as_of_a_day(harta):
    phone, house, day = Phone(7), code("H", 1), "2026-01-07"
    said = {"campaign_id": code("L", 1), "on_day": day}
    changes = [
        phone.change("household.open", household=house),
        phone.change("campaign.open", kind="protection", households=[house], **said),
        phone.change("campaign.stop", household=house, stop_id=code("S", 1), outcome="met", protection=3, **said),
    ]
    with closing(open_ledger(open_home())) as ledger:
        exchange(ledger, phone.message(*changes), actor=TEAM)
    counted = json.loads(harta("cases", "campaigns", "--county", "BC", "--day", day, "--json"))
    assert [(each["kind"], each["reached"], each["stops_today"]) for each in counted["rows"]] == [("protection", 1, 1)]
    assert "materiale de protecție: 3" in harta("cases", "campaigns", "--day", day)
    assert "Nicio campanie" in harta("cases", "campaigns", "--county", "CJ")
    harta("cases", "campaigns", "--day", "ieri", code=1)


def test_one_case_is_shown_with_a_reason_written_into_files_and_erased(harta, tmp_path):
    harta("cases", "show", CASE, "--county", "BC", code=1)
    shown = json.loads(harta("cases", "show", "--county", "BC", "--reason", "plângere", "--json", said=CASE))
    assert shown["case_ref"] == CASE
    to = ("cases", "export", "--county", "BC", "--out", str(tmp_path / "out"), "--json")
    harta(*to, code=1)
    files = json.loads(harta(*to, "--reason", "raport la minister"))["files"]
    assert any(file.endswith("cases.csv") for file in files)
    harta("cases", "move", CASE, "--county", "BC", code=1)
    assert json.loads(harta("cases", "erase", CASE, "--yes", "--json"))["referrals_erased"] == 1
    assert json.loads(harta("cases", "status", "--county", "BC", "--json"))["states"] == {"erased": 1, "noted": 1}


def test_a_county_supervises_and_shuts_a_lost_telephone_out(harta):
    sample = json.loads(harta("supervise", "sample", "--county", "BC", "--month", "2026-01", "--json"))
    assert sample["cases"] == []
    asked = ("--place", "24089", "--case", CASE, "--remark", "lipsește planul", "--due", "2026-02-01")
    assert json.loads(harta("supervise", "note", *asked, "--json"))["supervision_id"]
    harta("supervise", "note", "--place", "24089", "--remark", "sunați la 0722 123 456", code=1)
    (device,) = json.loads(harta("devices", "--json"))["devices"]
    assert device["account"] == TEAM.account
    assert "lost" in harta("devices", "lost", device["device_id"])
    harta("devices", "lost", "D-22222-99999", code=1)
    harta("devices", "burn", code=1)


def test_plans_of_communities_are_read_counted_and_written_to_a_file(harta, tmp_path):
    assert "nu are încă un plan" in harta("cases", "plan", "--place", "24089")
    assert "Nicio comunitate" in harta("cases", "plan")
    harta("cases", "plan", "--place", "24089", "--out", str(tmp_path / "plan.xlsx"), code=1)
    with closing(open_ledger(open_home())) as ledger:
        plan = adopted(ledger, TEAM, year=ledger.today().year)
    assert "Caravana de evidență" in harta("cases", "plan", "--place", "24089")
    (read,) = json.loads(harta("cases", "plan", "--place", "24089", "--json"))["plans"]
    assert (read["plan_id"], read["priorities"][0]["actions"][0]["responsible"]) == (plan.plan_id, "town_hall")
    (row,) = json.loads(harta("cases", "plan", "--county", "BC", "--json"))["rows"]
    assert (row["uat_siruta"], row["state"], row["actions"]) == (24089, "adopted", 2)
    nation = harta("cases", "plan", "--json")
    assert json.loads(nation)["counties"][0]["adopted"] == 1
    assert "Caravana" not in nation
    file = tmp_path / "plan.xlsx"
    for no_community in ((), ("--county", "BC")):  # a file is of one community: nothing is said and nothing written
        harta("cases", "plan", *no_community, "--out", str(file), code=1)
        assert not file.exists()
    assert str(file) in harta("cases", "plan", "--place", "24089", "--out", str(file))
    assert file.read_bytes()[:2] == b"PK"
    bring = ("cases", "plan", "--from", str(file))
    for wrong in (
        bring,
        (*bring, "--county", "BC"),
        ("cases", "list", *bring[2:]),
        (*bring, "--place", "24089", "--year", "1999"),
    ):
        harta(*wrong, code=1)
    said = json.loads(harta(*bring, "--place", "24089", "--json"))
    assert (said["year"], said["priorities"], said["actions"]) == (plan.year, 2, 2)
    assert "Planul pe" in harta("cases", "plan", "--place", "24089")
    drafts = json.loads(harta("cases", "plan", "--place", "24089", "--json"))["plans"]
    assert [(each["state"], each["number"]) for each in drafts] == [("draft", 2), ("adopted", 1)]
    harta(*bring, "--place", "24089", code=1)
    sheet = tmp_path / "plan.csv"
    heads = "Prioritatea;Motivul;Acțiunea;Cine răspunde;Termenul"
    row = f"Medic de familie;doi din trei;Lista celor fără medic;asistent medical;{plan.year + 1}"
    sheet.write_text(f"{heads}\n{row}\n", encoding="utf-8")
    said = harta("cases", "plan", "--from", str(sheet), "--place", "24089", "--year", str(plan.year + 1))
    assert f"ciorna planului pe {plan.year + 1}. Priorități: 1; acțiuni: 1." in said


def test_a_list_of_people_becomes_cases_and_its_pairs_go_to_the_team_alone(harta, tmp_path):
    file, pairs = tmp_path / "lista.csv", tmp_path / "perechi.csv"
    file.write_text("ID;Data nașterii;Gen;Localitate\n1001;1956-03-04;F;Parincea\n1002;;M;\n", encoding="utf-8")
    asked = ("import", "cases", str(file), "--place", "24089")
    assert json.loads(harta(*asked, "--dry-run", "--json"))["loaded"] == 1
    assert not pairs.exists()
    harta(*asked, code=1)
    harta("import", "cases", str(file), "--pairs", str(pairs), code=1)
    harta(*asked, "--pairs", str(open_home().path / "perechi.csv"), code=1)
    harta("import", "social", str(file), "--place", "24089", code=1)
    said = harta(*asked, "--pairs", str(pairs))
    assert "Rânduri: 2. Aduse: 1. Respinse: 1." in said
    assert "coloana „Data nașterii”: am găsit „nimic”" in said
    assert "1001" not in said
    number, ref = pairs.read_text("utf-8-sig").splitlines()[1].split(";")
    assert number == "1001"
    assert pairs.stat().st_mode & 0o077 == 0
    why = ("--reason", "verificare")
    listed = json.loads(harta("cases", "list", "--county", "BC", *why, "--json"))["cases"]
    assert ref in {each["case_ref"] for each in listed}
    again = json.loads(harta(*asked, "--pairs", str(pairs), "--json"))
    assert (again["loaded"], [each["reason"] for each in again["rejected"]]) == (0, ["before", "no_born"])
    file.write_text("ID;Nume;Data nașterii\n1001;Canarescu;1956-03-04\n", encoding="utf-8")
    harta(*asked, "--pairs", str(pairs), code=1)
