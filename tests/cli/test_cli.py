"""The command `harta` on the real registers: what it prints, its exit codes, and what it never prints."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from core.resources import ROOT
from core.storage.editions import EditionStore
from core.storage.home import Home, make_home, open_home
from referrals.homes.demonstration import begin_ledger
from referrals.ledger.ledger import open_ledger
from referrals.workflow.sealed_keys import sealing_key
from tests.covering import repeats

RESULT_KEYS = {
    "block", "service_id", "name", "organization", "service_type", "status", "places_free", "places_max",
    "places_reported_at", "minutes", "distance_m", "travel_model", "position_precision", "lat", "lon", "phone",
    "licence_valid_until",
}  # fmt: skip
AS_OF = ("--as-of", "2024-05-06")
IMPORT_KEYS = {
    "kind", "edition", "as_of", "rows_read", "rows_loaded", "rows_rejected", "rejects_file", "added", "removed", "changed",
}  # fmt: skip
PARINCEA = ("--from", "Parincea, Bacău")
HOSPITALS = "id,hospital_name,lat,lon,city,cap_beds\n1,Spitalul Exemplu,46.57,26.91,Bacău,100\n2,,46.57,26.91,Bacău,9\n"


@pytest.fixture(scope="session")
def begun_home(tmp_path_factory) -> Home:
    """A live home with a ledger, and its secret for sealed keys in it: copies on the same editions have one catalogue."""
    home = make_home("live", tmp_path_factory.mktemp("begun") / "var")
    begin_ledger(home)
    ledger = open_ledger(home)
    sealing_key(ledger)
    ledger.close()
    return home


@pytest.fixture
def empty_home(begun_home, tmp_path, monkeypatch) -> Home:
    home = open_home(shutil.copytree(begun_home.path, tmp_path / "var"))
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return home


@pytest.fixture
def full_home(real_home, empty_home) -> Home:
    """A home of the test's own with the real editions, which nobody changes."""
    empty_home.editions.rmdir()
    empty_home.editions.symlink_to(real_home.editions)
    return empty_home


def harta(*words: str, code: int = 0) -> str:
    """Run the command in this process; return what it prints."""
    done = CliRunner().invoke(cli.app, list(words), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.stdout


def harta_process(*words: str, home: Path | None = None, **more) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does: a process of its own."""
    environment = {**os.environ, **({"HARTA_HOME": str(home)} if home else {}), **more.pop("env", {})}
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *words], capture_output=True, text=True, env=environment,
        cwd=more.pop("cwd", ROOT), timeout=120, check=False, **more,
    )  # fmt: skip


def refused(capsys, monkeypatch, *words: str) -> tuple[int, str]:
    """Run `main` in this process; return its exit code and what it says on standard error."""
    monkeypatch.setattr(sys, "argv", ["harta", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return int(ended.value.code or 0), printed.err


# --- the real registers --------------------------------------------------------------------------


def test_the_real_registers_come_in_with_every_row_accounted_for(real_imports):
    _home, said = real_imports
    for kind, report in said.items():
        assert report.keys() >= IMPORT_KEYS
        assert report["kind"] == kind
        assert (
            report["rows_read"]
            == report["rows_loaded"] + report["rows_rejected"]
            == sum(report["reasons"].values(), report["rows_loaded"])
        )
        assert (report["added"], report["removed"], report["changed"]) == (report["rows_loaded"], 0, 0)
    read = {kind: report["rows_read"] for kind, report in said.items()}
    assert read == {
        "boundaries": 3_186, "localities": 13_755, "social": 2_186, "education": 18_200, "medical": 179, "employment": 37,
    }  # fmt: skip
    loaded = {kind: report["rows_loaded"] for kind, report in said.items()}
    assert loaded["social"] >= 2_150
    assert loaded["education"] >= 18_200 * 0.995
    assert (loaded["medical"], loaded["employment"], loaded["boundaries"]) == (179, 37, 3_186)
    assert "39 de poligoane reparate" in said["boundaries"]["notes"]


def test_the_schools_are_placed_and_the_resource_centres_counted(real_home):
    schools = EditionStore(real_home).current_table("education", "services")
    placed = schools["lat"].notna() & (schools["position_precision"] != "none")
    assert placed.sum() >= 18_200 * 0.995
    assert (schools["service_type"] == "EDU-CJRAE").sum() == 59
    assert schools.loc[schools["county"] == "B", "uat_siruta"].nunique() == 6  # the sectors


def test_the_boundaries_have_the_area_of_the_country(real_home):
    areas = EditionStore(real_home).current_table("boundaries", "boundaries", ["area_km2"])
    assert areas["area_km2"].sum() == pytest.approx(238_418, rel=0.001)


def test_import_prints_json_and_writes_the_rejects(empty_home, tmp_path):
    path = tmp_path / "spitale.csv"
    path.write_text(HOSPITALS, encoding="utf-8")
    said = json.loads(harta("import", "medical", str(path), "--as-of", "2024-05-06", "--json"))
    assert said.keys() >= IMPORT_KEYS
    assert (said["as_of"], said["rows_read"], said["rows_loaded"], said["rows_rejected"]) == ("2024-05-06", 2, 1, 1)
    with Path(said["rejects_file"]).open(encoding="utf-8-sig", newline="") as handle:
        (reject,) = csv.DictReader(handle)
    assert (reject["row"], reject["reason"]) == ("2", "missing")
    lines = harta("import", "medical", str(path), *AS_OF).splitlines()
    assert lines[0] == "medical/own: rânduri citite 2 = încărcate 1 + respinse 1"
    assert lines[1] == "Față de ediția dinainte: noi 0, dispărute 0, schimbate 0"


def test_a_file_mostly_rejected_is_refused_unless_it_is_said_that_it_is_meant(
    empty_home, tmp_path, capsys, monkeypatch
):
    path = tmp_path / "spitale.csv"
    path.write_text(HOSPITALS + "3,,46.57,26.91,Bacău,9\n", encoding="utf-8")
    code, printed = refused(capsys, monkeypatch, "import", "medical", str(path), *AS_OF)
    assert code == 1
    assert "2 din " in printed
    assert "--yes" in printed
    said = json.loads(harta("import", "medical", str(path), *AS_OF, "--yes", "--json"))
    assert (said["rows_loaded"], said["rows_rejected"]) == (1, 2)


def test_a_dry_run_writes_nothing(empty_home, tmp_path):
    path = tmp_path / "spitale.csv"
    path.write_text(HOSPITALS, encoding="utf-8")
    before = {p: p.stat().st_mtime_ns for p in empty_home.path.rglob("*")}
    said = json.loads(harta("import", "medical", str(path), *AS_OF, "--dry-run", "--json"))
    assert (said["dry_run"], said["rows_loaded"], said["rejects_file"]) == (True, 1, None)
    assert {p: p.stat().st_mtime_ns for p in empty_home.path.rglob("*")} == before
    assert "nu s-a scris nimic" in harta("import", "medical", str(path), *AS_OF, "--dry-run")


# --- questions -----------------------------------------------------------------------------------


def test_nearest_prints_the_documented_json(full_home):
    said = json.loads(harta("nearest", *PARINCEA, "--service", "8891CZ-C-II", "--k", "4", "--json"))
    assert {"query", "results", "excluded", "elsewhere"} <= said.keys()
    assert said["query"]["from"] == "Parincea, județul Bacău"
    assert len(said["results"]) == 4
    for result in said["results"]:
        assert result.keys() >= RESULT_KEYS
        assert result["block"] == "call_first"  # nobody has reported anything yet
        assert (result["status"], result["places_free"]) == ("unknown", None)
    minutes = [result["minutes"] for result in said["results"]]
    assert minutes == sorted(minutes)
    for line in said["excluded"]:
        assert {"service_id", "name", "minutes", "reason"} <= line.keys()


@pytest.mark.slow
def test_the_same_place_by_name_by_code_and_by_point(full_home):
    asked = ("--service", "8891CZ-C-II", "--json")
    by_name, by_code, by_point = (
        json.loads(harta("nearest", *place, *asked))["results"]
        for place in (PARINCEA, ("--siruta", "24098"), ("--at", "46.4833,27.1"))
    )
    assert [r["service_id"] for r in by_name] == [r["service_id"] for r in by_code]
    assert by_point[0]["service_id"] == by_name[0]["service_id"]


@pytest.mark.slow
def test_a_report_of_free_places_moves_the_service_to_the_confirmed_ones(full_home):
    asked = ("nearest", *PARINCEA, "--service", "8891CZ-C-II", "--json")
    second = json.loads(harta(*asked))["results"][1]
    noted = json.loads(harta("capacity", second["service_id"], "--free", "3", "--json"))
    assert (noted["status"], noted["places_free"]) == ("free", 3)
    first = json.loads(harta(*asked))["results"][0]
    assert (first["service_id"], first["block"], first["places_free"]) == (second["service_id"], "confirmed", 3)
    assert first["places_reported_at"] is not None
    only = json.loads(harta(*asked, "--only-confirmed"))["results"]
    assert [r["service_id"] for r in only] == [second["service_id"]]
    assert "3 locuri libere, raportat azi" in harta(*asked[:-1])
    harta("capacity", second["service_id"], "--free", "0")
    later = json.loads(harta(*asked))
    assert second["service_id"] not in [r["service_id"] for r in later["results"]]
    assert [e["reason"] for e in later["excluded"] if e["service_id"] == second["service_id"]] == ["full"]
    assert "places_free: 0" in harta("capacity", second["service_id"])


@pytest.mark.slow
def test_a_batch_answers_like_the_single_questions_and_names_bad_rows(full_home, tmp_path):
    questions, out = tmp_path / "q.csv", tmp_path / "a.csv"
    questions.write_text(
        'from,siruta,service,k,age\n"Parincea, Bacău",,8891CZ-C-II,2,\n,24098,8891CZ-C-II;EMP-AJOFM,1,9\n'
        'Nicăieri,,8891CZ-C-II,,\n"Parincea, Bacău",,8891CZ-C-II,nan,\n', encoding="utf-8",
    )  # fmt: skip
    assert "4 întrebări, 2 respinse" in harta("nearest", "--batch", str(questions), "--out", str(out))
    with out.open(encoding="utf-8-sig", newline="") as handle:
        lines = list(csv.DictReader(handle))
    single = json.loads(harta("nearest", *PARINCEA, "--service", "8891CZ-C-II", "--k", "2", "--json"))["results"]
    batch = [line for line in lines if line["row"] == "1" and line["block"] in ("confirmed", "call_first")]
    assert [(b["service_id"], float(b["minutes"])) for b in batch] == [(s["service_id"], s["minutes"]) for s in single]
    errors = {line["row"]: line["error"] for line in lines if line["error"]}
    assert errors.keys() == {"3", "4"}
    assert "Nicăieri" in errors["3"]
    assert "nan" in errors["4"]


@pytest.mark.slow
def test_status_and_doctor_say_what_there_is(full_home):
    status = json.loads(harta("status", "--json"))
    kinds = {kind["kind"]: kind for kind in status["kinds"]}
    assert kinds["education"]["rows_loaded"] == 18_200
    assert kinds["roads"]["edition"] is None
    assert status["services"] > 20_000
    said = harta("status")
    assert re.search(r"education/siiir .* 18\.200 de rânduri, 0 respinse", said)
    assert re.search(r"roads +neimportat", said)
    assert json.loads(harta("doctor", "--json"))["sound"] is True
    assert harta("doctor").splitlines()[-1] == "Totul este în ordine."


def test_doctor_names_what_is_damaged_and_ends_with_1(empty_home, tmp_path):
    path = tmp_path / "spitale.csv"
    path.write_text(HOSPITALS, encoding="utf-8")
    harta("import", "medical", str(path), *AS_OF)
    edition = EditionStore(empty_home).current("medical")
    (edition.folder / "services.parquet").write_bytes(b"PAR1")
    assert "!!" in harta("doctor", code=1)
    assert json.loads(harta("doctor", "--json", code=1))["sound"] is False


# --- what stays secret ---------------------------------------------------------------------------


@pytest.mark.slow
def test_nothing_that_leads_to_a_protected_door_is_ever_printed(full_home, tmp_path, capsys, monkeypatch):
    services = EditionStore(full_home).current_table("social", "services")
    secret = services[services["is_secret"]]
    assert len(secret) >= 42
    assert (secret["service_type"].str.match(r"8790CR-(VD|VTP)")).sum() >= 35
    types = sorted(secret["service_type"].unique())
    counties = sorted(secret["county"].dropna().unique())
    seats = {"B": "București", "BC": "Bacău, Bacău", "IS": "Iași, Iași", "CJ": "Cluj-Napoca, Cluj", "MS": "Târgu Mureș"}
    places = [seats[county] for county in counties if county in seats]
    questions, out = tmp_path / "q.csv", tmp_path / "a.csv"
    with questions.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["from", "service", "k"])
        writer.writerows([place, ";".join(types), 100] for place in places)
    printed = [
        harta("nearest", "--batch", str(questions), "--out", str(out)), out.read_text(encoding="utf-8-sig"),
        harta("status"), harta("status", "--json"), harta("doctor"), harta("doctor", "--json"),
    ]  # fmt: skip
    offers = []
    for place in places[:2]:
        asked = ("nearest", "--from", place, "--k", "100", *(word for code in types for word in ("--service", code)))
        printed.append(harta(*asked))
        printed.append(harta(*asked, "--json"))
        offers += json.loads(printed[-1])["elsewhere"]
        shown = json.loads(printed[-1])
        assert not {r["service_id"] for r in shown["results"]} & set(secret["service_id"])
    hidden = [offer for offer in offers if offer["why"] == "secret"]
    assert {offer["service_id"].rpartition(":")[0] for offer in hidden} <= {
        f"protected:{kind}:{county}" for kind, county in zip(secret["service_type"], secret["county"], strict=True)
    }
    assert hidden
    key, made_up = secret["service_id"].iloc[0], "social:mmps:404404"
    for words in (("--free", "3"), ("--json",)):  # a key of a protected row is a key that does not exist
        code, told = refused(capsys, monkeypatch, "capacity", key, *words)
        assert (code, told.replace(key, "")) == (
            1, refused(capsys, monkeypatch, "capacity", made_up, *words)[1].replace(made_up, "")
        )  # fmt: skip
    assert refused(capsys, monkeypatch, "capacity", hidden[0]["service_id"], "--free", "3")[0] == 1
    printed.append(harta("capacity", hidden[0]["service_id"], "--json"))
    assert json.loads(printed[-1])["places_free"] is None
    for offer in hidden:
        assert not offer.keys() & {"lat", "lon", "minutes", "distance_m", "rank"}
        for field in ("locality", "address", "phone", "email", "website", "hours", "places_max", "places_free"):
            assert offer[field] is None, field
        assert offer["organization"] == ""
    everything = "\n".join(printed)
    assert not [key for key in secret["service_id"] if re.search(rf"{key}\b", everything)]
    open_ones = services[~services["is_secret"]]
    for field in ("name", "organization", "address", "phone", "email"):
        elsewhere = " ".join(open_ones[field].dropna())
        for value in set(secret[field].dropna()):
            if len(value) > 4 and value not in elsewhere:  # what an open service says too is public
                assert value not in everything, field
    # No secret point among those shown, but where an open service has the very same (a town's middle).
    open_points = set(zip(open_ones["lat"], open_ones["lon"], strict=True))
    secret_points = set(zip(secret["lat"], secret["lon"], strict=True)) - open_points
    with out.open(encoding="utf-8-sig", newline="") as handle:
        shown_points = {(float(r["lat"]), float(r["lon"])) for r in csv.DictReader(handle) if r["lat"]}
    assert len(shown_points) > 100
    assert not shown_points & secret_points


def test_a_refused_import_quotes_nothing_of_a_protected_row(empty_home, tmp_path):
    services = [
        {"id": "", "name": "Centrul Ascuns din Satul Tainic", "cod": "8790CR-VD-I", "jud": "Bacău", "oras": "Satul Tainic",
         "adresa": "Strada Ferită 7", "phone": ["0234999888"]},
        {"id": 2, "name": "Centrul de zi", "cod": "8891CZ-C-II", "jud": "Bacău", "oras": "Parincea"},
    ]  # fmt: skip
    path = tmp_path / "registru.json"
    path.write_text(json.dumps({"providers": services}), encoding="utf-8")
    printed = harta("import", "social", str(path), *AS_OF) + harta("import", "social", str(path), *AS_OF, "--json")
    edition = EditionStore(empty_home).current("social")
    printed += (edition.folder / "rejects.csv").read_text(encoding="utf-8-sig")
    assert edition.manifest.rows_rejected == 1
    for word in ("Tainic", "Ascuns", "Ferită", "234999888"):
        assert word not in printed


# --- refusals and wrong usage --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nearest", "--from", "Nicăierești", "--service", "MED-HOSP"), "Nicăierești"),
        (("nearest", "--at", "0,0", "--service", "MED-HOSP"), "nu este în România"),
        (("nearest", "--at", "nan,nan", "--service", "MED-HOSP"), "LAT,LON"),
        (("nearest", "--siruta", "Bacău", "--service", "MED-HOSP"), "SIRUTA"),
        (("nearest", *PARINCEA, "--service", "NU-EXISTA"), "NU-EXISTA"),
        (("nearest", *PARINCEA, "--service", "MED-HOSP", "--mode", "fly"), "fly"),
        (("nearest", *PARINCEA, "--service", "MED-HOSP", "--sex", "X"), "F sau M"),
        (("capacity", "social:mmps:nimic"), "social:mmps:nimic"),
        (("capacity", "authority:oficii:SPAS-24089", "--free", "1", "--status", "full"), "full"),
        (("import", "social", "absent.csv"), "absent.csv"),
        (("import", "nimic", "absent.csv"), "boundaries"),
        (("nearest", "--batch", "absent.csv", "--out", "a.csv"), "absent.csv"),
    ],
)  # fmt: skip
def test_a_refusal_is_words_on_standard_error_and_1(empty_home, capsys, monkeypatch, words, said):
    code, printed = refused(capsys, monkeypatch, *words)
    assert code == 1
    assert printed.startswith("harta: ")
    assert said in printed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nearst",), "nu există această comandă"),
        (("nearest", "--fel", "x"), "--fel"),
        (("nearest", "--k", "0", *PARINCEA, "--service", "MED-HOSP"), "--k"),
        (("nearest", "--k", "101"), "--k"),
        (("nearest", "--age", "zece"), "--age"),
        (("nearest", "--max-minutes", "nan", *PARINCEA, "--service", "MED-HOSP"), "--max-minutes"),
        (("nearest", "--from"), "--from"),
        (("nearest", "--service", "MED-HOSP"), "un singur loc"),
        (("nearest", *PARINCEA, "--at", "46,27", "--service", "MED-HOSP"), "un singur loc"),
        (("nearest", *PARINCEA), "ce căutați"),
        (("nearest", "--batch", "q.csv"), "--out"),
        (("import", "social"), "FILE"),
        (("import", "social", "x.csv", "--as-of", "2024-02-30"), "2024-02-30"),
        (("capacity", "social:mmps:1", "--max", "4"), "--free"),
        (("status", "acum"), "prea multe cuvinte"),
        (("serve", "--port", "70000"), "--port"),
    ],
)
def test_wrong_usage_is_said_in_romanian_and_ends_with_2(empty_home, capsys, monkeypatch, words, said):
    code, printed = refused(capsys, monkeypatch, *words)
    assert code == 2
    assert said in printed
    assert not re.search(r"\b(Error|Usage|Invalid|Missing|Try|should)\b", printed)


def test_a_folder_that_is_no_home_says_how_to_make_one(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "nimic"))
    code, printed = refused(capsys, monkeypatch, "status")
    assert code == 1
    assert "harta init" in printed


def test_an_error_that_nobody_foresaw_is_one_line_unless_asked_for(empty_home, capsys, monkeypatch):
    import referrals.homes.doctor

    def broken(_home):
        raise RuntimeError("Strada Ascunsă 7")

    monkeypatch.setattr(referrals.homes.doctor, "home_status", broken)
    code, printed = refused(capsys, monkeypatch, "status")
    assert code == 1
    assert "RuntimeError" in printed
    assert "Ascunsă" not in printed
    monkeypatch.setenv("HARTA_DEBUG", "1")
    with pytest.raises(RuntimeError, match="Ascunsă"):
        cli.main()


# --- as a person runs it -------------------------------------------------------------------------


@pytest.mark.slow
@repeats(
    "tests/cli/test_home_commands.py::test_doctor_says_both_and_init_alone_mends_what_can_be_mended",
    "tests/cli/test_cli.py::test_import_prints_json_and_writes_the_rejects",
    "tests/cli/test_cli.py::test_a_refusal_is_words_on_standard_error_and_1",
    "tests/cli/test_cli.py::test_wrong_usage_is_said_in_romanian_and_ends_with_2",
    "tests/cli/test_cli.py::test_a_reader_who_has_seen_enough_is_no_error",
    "tests/source/test_wheel.py::test_a_wheel_answers_from_a_demonstration",
)
def test_init_import_ask_and_stop_in_processes_of_their_own(tmp_path):
    home = tmp_path / "var"
    made = harta_process("init", home=home, cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert open_home(home).mode == "live"
    (tmp_path / "spitale.csv").write_text(HOSPITALS, encoding="utf-8")
    came = harta_process("import", "medical", "spitale.csv", *AS_OF, "--json", home=home, cwd=tmp_path)
    assert (came.returncode, came.stderr) == (0, "")  # no progress where nobody watches
    assert json.loads(came.stdout)["rows_loaded"] == 1
    asked = harta_process("nearest", *PARINCEA, "--service", "MED-HOSP", "--json", home=home, cwd=tmp_path)
    # Each county's own hospital is a fact of the law, and stands among those of the register.
    assert "medical:own:1" in [r["service_id"] for r in json.loads(asked.stdout)["results"]]
    wrong = harta_process("nearest", *PARINCEA, "--service", "NU-EXISTA", home=home)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("harta: ")
    assert harta_process("nearest", "--k", "x", home=home).returncode == 2


def test_help_costs_no_heavy_import():
    code = (
        "import sys, cli; from typer.testing import CliRunner; r = CliRunner().invoke(cli.app, ['--help']);"
        "assert r.exit_code == 0; print(sorted({'pandas', 'numpy', 'streamlit', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_reader_who_has_seen_enough_is_no_error(empty_home):
    command = f"'{sys.executable}' cli.py needs | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1


def has_open(pid: int, name: str) -> bool:
    """Tell whether a process holds a file of this name open."""
    try:
        return any(handle.readlink().name == name for handle in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:  # a handle was closed meanwhile
        return False


def test_ctrl_c_is_quiet(empty_home, tmp_path):
    # A question file with very many rows: the command is certainly still at work when it is told to stop.
    questions = tmp_path / "q.csv"
    questions.write_text("from,service\n" + '"Parincea, Bacău",AUT-SPAS\n' * 50_000, encoding="utf-8")
    worker = subprocess.Popen(
        [sys.executable, "cli.py", "nearest", "--batch", str(questions), "--out", str(tmp_path / "a.csv")],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # What was started in the background ignores the signal, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    try:
        while not has_open(worker.pid, "harta.sqlite"):  # before it, Python itself is still loading
            assert worker.poll() is None
            time.sleep(0.02)
        time.sleep(0.3)
        worker.send_signal(signal.SIGINT)
        out, err = worker.communicate(timeout=60)
    finally:
        worker.kill()
    assert worker.returncode == 130
    assert (out, err) == ("", "")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["q.csv", "var"]  # no half of an answer


def test_a_place_that_is_not_named_as_written_is_asked_back_a_line_a_choice(empty_home, capsys, monkeypatch):
    code, printed = refused(capsys, monkeypatch, "nearest", "--from", "Prancea", "--service", "MED-HOSP")
    first, *choices = printed.splitlines()
    assert code == 1
    assert first == "harta: Nu am găsit „Prancea”. Poate ați vrut:"
    assert "  Parincea, județul Bacău" in choices
