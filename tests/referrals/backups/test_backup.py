"""A backup of the whole home while others work in it, and its way back: whole, consistent, nothing erased returns."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import HomeError, NotAllowedError
from core.storage.home import make_home, open_home
from referrals import backups
from referrals.accounts import account_sessions, accounts
from referrals.homes import publishing
from referrals.homes.doctor import run_checks
from referrals.ledger import erasure_list, link_answers, provider_tokens
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import BackupError, LinkError, NoPlaceError, SignInError
from tests.covering import EXHAUSTIVE, daily
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM, everything, refer, report

PASSWORD = "patru cuvinte la rand"  # noqa: S105 - of an invented account


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request, tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    if request.param == "postgresql":
        monkeypatch.setenv("HARTA_DATABASE_URL", request.getfixturevalue("empty_url")("postgresql"))
    return make_home("live", tmp_path / "home")


# For what never sees which database it is: on the second one in the long run.
SQLITE_DAILY = ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, EXHAUSTIVE])]


@pytest.fixture
def lived(home):
    """A home with two editions of a register, cases, an account with a session and a link."""
    with closing(open_ledger(home, may_begin=True)) as ledger:
        for codes in ((24089,), (24089, 20876)):
            content = ("SIRUTA\n" + "".join(f"{code}\n" for code in codes)).encode()
            staged = publishing.stage_file(home, "communities", "lista.csv", content, actor=ADMIN)
            publishing.publish(home, ledger, staged, actor=ADMIN)
        report(ledger, 9)
        for _person in range(4):
            refer(ledger, note="vine însoțită")
        yield ledger


@pytest.fixture
def elsewhere(tmp_path, monkeypatch, empty_url):
    """Where a backup is brought back: another folder, another database (SQLite in the folder)."""

    def go(name="elsewhere"):
        monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
        return tmp_path / name

    return go


def make(home, ledger, path):
    return backups.backup(home, ledger, path, actor=ADMIN)


def restore(path, folder, **options):
    return backups.restore(path, folder, actor=ADMIN, **options)


def published(home) -> set[str]:
    return {
        str(path.relative_to(home.editions))
        for path in home.editions.rglob("*")
        if path.is_file() and "/." not in str(path)
    }


def cases_of(ledger) -> dict[str, str]:
    with ledger.store.read() as connection:
        return dict(connection.exec_driver_sql("SELECT referral_id, case_ref FROM referrals").all())


def test_the_whole_home_comes_back_elsewhere_and_is_sound(home, lived, tmp_path, elsewhere):
    made = make(home, lived, tmp_path / "copie.zip")
    before = everything(lived)
    assert (made.rows["referrals"], made.editions) == (4, 2)
    assert (tmp_path / "copie.zip").stat().st_mode & 0o777 == 0o600
    folder = elsewhere()
    done = restore(tmp_path / "copie.zip", folder)
    assert published(done.home) == published(home)
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*")} == {0}
    with closing(open_ledger(done.home)) as back:
        after = everything(back)
        for table in ("referrals", "places", "capacity_reports", "signing_keys", "ledger_identity"):
            assert after[table] == before[table]
        assert before["audit"] == [row for row in after["audit"] if row[5] != "store.restore"]
    found = run_checks(done.home)
    assert found.is_sound, found.faults
    assert not [path for path in folder.iterdir() if path.name.startswith(".restor")]


@pytest.mark.parametrize("number_of_writers", daily([2, 8], lambda number: number == 2))
def test_a_backup_taken_while_others_write_is_one_consistent_state(home, lived, tmp_path, elsewhere, number_of_writers):
    stop = threading.Event()
    troubles = []

    def work(number: int) -> None:
        try:
            with closing(open_ledger(home)) as own:
                while not stop.is_set():
                    report(own, 5, f"social:mmps:{number}")
                    try:
                        made = refer(own, f"social:mmps:{number}")
                        own.transition(made.referral_id, "accept", actor=TEAM)
                        refer(own, "social:mmps:1", case_ref=made.case_ref, need="locuire")
                    except NoPlaceError:
                        report(own, 9)
        except BaseException as error:
            troubles.append(error)
            raise

    writers = [threading.Thread(target=work, args=(number,)) for number in range(number_of_writers)]
    for writer in writers:
        writer.start()
    try:
        made = [make(home, lived, tmp_path / f"copie-{turn}.zip") for turn in range(2)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert troubles == []
    assert made[0].rows["referrals"] < made[1].rows["referrals"] <= len(cases_of(lived))
    everyone = cases_of(lived)
    for turn, each in enumerate(made):
        done = restore(each.path, elsewhere(f"elsewhere-{turn}"))
        with closing(open_ledger(done.home)) as back:
            assert back.verify_audit() == []
            assert back.verify_counts() == []
            assert cases_of(back).items() <= everyone.items()
            assert len(cases_of(back)) == each.rows["referrals"]


# --- what was erased since ----------------------------------------------------------------------------


def test_what_was_erased_closed_or_revoked_since_does_not_come_back_and_all_sessions_have_ended(
    home, lived, tmp_path, elsewhere
):
    invitation = accounts.invite(lived, "echipa", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
    accounts.set_password(lived, invitation, PASSWORD)
    accounts.invite(lived, "stays", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
    session = account_sessions.sign_in(lived, "echipa", PASSWORD)
    door = provider_tokens.make_service_link(lived, "social:mmps:1", county="BC", actor=COUNTY)
    gone, held, *rest = cases_of(lived).values()
    make(home, lived, tmp_path / "copie.zip")

    lived.erase_case(gone, actor=COUNTY)
    lived.erase_case(held, actor=COUNTY)
    (owner,) = [each for each in accounts.listed(lived, actor=ADMIN) if each.login == "echipa"]
    accounts.close(lived, owner.account_id, actor=ADMIN)
    provider_tokens.revoke(lived, "social:mmps:1", actor=COUNTY)

    done = restore(tmp_path / "copie.zip", elsewhere())
    assert len(done.applied.referrals) == 2
    with closing(open_ledger(done.home)) as back:
        left = cases_of(back)
        assert sorted(left.values()) == ["", "", *sorted(rest)]
        states = {row[0] for row in everything(back)["referrals"] if not left[row[0]]}
        assert len(states) == 2
        assert account_sessions.who(back, session) is None
        assert everything(back)["sessions"] == everything(back)["account_tokens"] == []
        with pytest.raises(SignInError):
            account_sessions.sign_in(back, "echipa", PASSWORD)
        with pytest.raises(LinkError):
            link_answers.look(back, door)
        assert back.verify_audit() == []
        assert back.verify_counts() == []
    raw = b"".join(path.read_bytes() for path in done.home.path.rglob("*") if path.is_file())
    for code in (gone, held):
        assert code.encode() not in raw, "not in free pages or journals of the restored ledger either"


@pytest.mark.parametrize("home", SQLITE_DAILY, indirect=True)
def test_a_copy_carried_away_finds_the_erasures_of_its_home_and_without_any_list_it_is_refused(
    home, lived, tmp_path, elsewhere
):
    make(home, lived, tmp_path / "copie.zip")
    code = next(iter(cases_of(lived).values()))
    (tmp_path / "away").mkdir()
    carried = shutil.copy(tmp_path / "copie.zip", tmp_path / "away")
    lived.erase_case(code, actor=COUNTY)
    assert len(restore(Path(carried), elsewhere("first")).applied.referrals) == 1

    kept = shutil.move(home.path / erasure_list.FILE, tmp_path / "lista.json")
    with pytest.raises(BackupError, match="--erasures"):
        restore(Path(carried), elsewhere("second"))
    assert not (tmp_path / "second").exists()
    assert len(restore(Path(carried), elsewhere("second"), lists=[Path(kept)]).applied.referrals) == 1
    assert restore(Path(carried), elsewhere("third"), without_erasures=True).applied.referrals == ()


@pytest.mark.parametrize("home", SQLITE_DAILY, indirect=True)
def test_an_erasure_says_which_backup_it_could_not_reach_and_forgets_those_that_are_gone(home, lived, tmp_path):
    first, second, *_rest = cases_of(lived).values()
    for name in ("here", "disk", "gone"):
        (tmp_path / name).mkdir()
        make(home, lived, tmp_path / name / "copie.zip")
    shutil.move(tmp_path / "disk", tmp_path / "unmounted")
    (tmp_path / "gone" / "copie.zip").unlink()
    lived.erase_case(first, actor=COUNTY)
    assert lived.keep_erasures() == [tmp_path / "disk" / "copie.zip"]
    assert len(erasure_list.read(erasure_list.beside(tmp_path / "here" / "copie.zip")).referrals) == 1
    shutil.move(tmp_path / "unmounted", tmp_path / "disk")
    lived.erase_case(second, actor=COUNTY)
    assert len(erasure_list.read(erasure_list.beside(tmp_path / "disk" / "copie.zip")).referrals) == 2
    assert lived.keep_erasures() == []
    text = (home.path / erasure_list.FILE).read_text()
    assert first not in text
    assert second not in text


# --- refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("home", SQLITE_DAILY, indirect=True)
def test_nothing_is_overwritten_and_only_who_may_keeps_copies(home, lived, tmp_path, elsewhere, monkeypatch):
    (tmp_path / "copie.zip").write_text("ceva")
    with pytest.raises(BackupError, match="există deja"):
        make(home, lived, tmp_path / "copie.zip")
    assert (tmp_path / "copie.zip").read_text() == "ceva"
    with pytest.raises(BackupError, match=r"nu este o copie|deteriorată"):
        restore(tmp_path / "copie.zip", elsewhere())
    with pytest.raises(BackupError, match="Faceți-l întâi"):
        make(home, lived, tmp_path / "nowhere" / "copie.zip")
    for act in (
        lambda: backups.backup(home, lived, tmp_path / "alta.zip", actor=COUNTY),
        lambda: backups.restore(tmp_path / "copie.zip", tmp_path / "x", actor=COUNTY),
    ):
        with pytest.raises(NotAllowedError):
            act()
    make(home, lived, tmp_path / "buna.zip")
    for full in (home.path, tmp_path):
        with pytest.raises(BackupError, match="nu este gol"):
            restore(tmp_path / "buna.zip", full)
    with pytest.raises(BackupError, match="nu există"):
        restore(tmp_path / "nimic.zip", tmp_path / "x")


def test_a_database_in_use_takes_no_restore(home, lived, tmp_path, monkeypatch):
    make(home, lived, tmp_path / "copie.zip")
    monkeypatch.setenv("HARTA_DATABASE_URL", home.database_url)
    before = everything(lived)
    with pytest.raises(BackupError, match="nu este goală"):
        restore(tmp_path / "copie.zip", tmp_path / "elsewhere")
    assert everything(lived) == before
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("home", SQLITE_DAILY, indirect=True)
def test_a_home_that_was_begun_and_never_used_counts_as_empty(home, lived, tmp_path, elsewhere):
    from referrals.homes.demonstration import make_live

    make(home, lived, tmp_path / "copie.zip")
    begun = make_live(elsewhere())
    done = restore(tmp_path / "copie.zip", begun.path)
    assert published(done.home) == published(home)
    assert run_checks(done.home).is_sound
    assert done.home.record().home_id == home.record().home_id


def altered(path: Path, other: Path, change) -> Path:
    """The same archive with one of its files changed, added or left out."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        files = {name: source.read(name) for name in source.namelist()}
        change(files)
        for name, content in files.items():
            target.writestr(name, content)
    return other


def listed(files: dict[str, bytes], name: str, content: bytes) -> None:
    import hashlib

    files[name] = content
    said = json.loads(files["backup.json"])
    said["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    files["backup.json"] = json.dumps(said).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.update({"ledger.sqlite": files["ledger.sqlite"][:-1] + b"x"}),
        lambda files: files.update({"home.json": b"{}"}),
        lambda files: files.pop("ledger.sqlite"),
        lambda files: files.update({"editions/communities/more.txt": b""}),
        lambda files: listed(files, "../outside.json", b"{}"),
        lambda files: listed(files, "/outside.json", b"{}"),
        lambda files: listed(files, "editions/../../outside.json", b"{}"),
        lambda files: listed(files, "editions/communities/.staged", b"{}"),
        lambda files: files.update({"backup.json": b"[]"}),
        lambda files: files.update({"backup.json": b"{}"}),
    ],
)
def test_an_archive_that_was_changed_brings_nothing_in(small, tmp_path, change):
    folder = tmp_path / "elsewhere"
    with pytest.raises(BackupError):
        restore(altered(small[1], tmp_path / "alta.zip", change), folder, without_erasures=True)
    with pytest.raises(HomeError):
        open_home(folder)
    assert not (tmp_path / "outside.json").exists()
    assert not Path("/outside.json").exists()


def test_one_flipped_bit_or_a_cut_anywhere_is_found_and_a_good_copy_comes_in_after_a_bad_one(small, tmp_path):
    home, copy, *_lines = small
    content = copy.read_bytes()
    folder, broken = tmp_path / "elsewhere", tmp_path / "stricata.zip"
    for place in range(40, len(content), len(content) // 40):
        broken.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        try:
            backups.look_into(broken, read_all=True)
        except BackupError:
            continue
        # A bit of the archive's own dates or flags: what comes in is the same all the same.
        restore(broken, folder, without_erasures=True)
        assert published(open_home(folder)) == published(home)
        shutil.rmtree(folder)
    broken.write_bytes(content[: len(content) // 2])
    with pytest.raises(BackupError):
        restore(broken, folder, without_erasures=True)
    restore(copy, folder)
    assert run_checks(open_home(folder)).is_sound


# --- killed ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small home, a backup of it, and how many lines of our modules making and bringing back take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HARTA_DATABASE_URL", raising=False)
        folder = tmp_path_factory.mktemp("small")
        home = make_home("live", folder / "home")
        with closing(open_ledger(home, may_begin=True)) as ledger:
            refer(ledger)
        making = lines_of(lambda: keep(home, folder / "copie.zip"))
        bringing = lines_of(lambda: restore(folder / "copie.zip", folder / "elsewhere"))
        yield home, folder / "copie.zip", making, bringing


def keep(home, path) -> None:
    with closing(open_ledger(home)) as own:
        make(home, own, path)


@pytest.mark.parametrize("share", daily([0.1, 0.5, 0.8, 0.97], lambda share: share in (0.5, 0.97)))
def test_a_backup_killed_at_any_moment_leaves_none_or_a_whole_one(small, tmp_path, share):
    home, _copy, lines, _bringing = small
    copy = tmp_path / "copie.zip"
    assert killed_at(int(lines * share), lambda: keep(home, copy))
    if not copy.exists():
        keep(home, copy)
    assert backups.look_into(copy)["rows"]["referrals"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copie.zip", "copie.zip.erasures.json"]


@pytest.mark.parametrize("share", daily([0.1, 0.4, 0.7, 0.9, 0.95, 0.99], lambda share: share in (0.4, 0.95)))
def test_a_restore_killed_at_any_moment_leaves_no_home_or_the_whole_one(small, tmp_path, share):
    _home, copy, _making, lines = small
    folder = tmp_path / "elsewhere"
    assert killed_at(int(lines * share), lambda: restore(copy, folder))
    try:
        open_home(folder)
    except HomeError:
        restore(copy, folder)
    assert run_checks(open_home(folder)).is_sound
    with closing(open_ledger(open_home(folder))) as back:
        assert len(cases_of(back)) == 1


OURS = ("backups/archive.py", "backups/creation.py", "backups/restoring.py", "ledger_copy.py", "erasure_list.py")


def counted(at: int, act) -> int:
    """Run `act` and count the lines of our modules that it takes; at the n-th the process is killed."""
    seen = 0

    def trace(frame, _event, _argument):
        nonlocal seen
        if not frame.f_code.co_filename.endswith(OURS):
            return None
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return seen


def lines_of(act) -> int:
    return counted(-1, act)


def killed_at(line: int, act) -> bool:
    """Run `act` in a process that is killed at its n-th line of our modules; whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            counted(line, act)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
