"""Registers put in force by a person: who may, what is seen before, what is left behind."""

from __future__ import annotations

import dataclasses
import io
import json
import math
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from core.errors import EditionError, HomeError, MapError, NotAllowedError, UnreadableFileError
from core.reading.tidied_table import rejects_table
from core.storage.editions import EditionStore
from core.storage.home import make_home
from providers.imports.file_shaping import services_shaped
from providers.imports.import_guards import NotConfirmedError
from providers.imports.importing import prepare_shaped
from providers.rules.schema import Tidied, services_table
from referrals.homes import edition_changes, publishing
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor

ADMIN = Actor("admin", account="test")
OTHERS = (
    None,
    Actor("team", account="t", county="BC", uat_siruta=24089),
    Actor("county", account="c", county="BC"),
    Actor("national", account="n"),
    Actor("provider", account="p", service_id="social:mmps:1"),
)


def communities(*codes: int) -> bytes:
    return ("SIRUTA\n" + "".join(f"{code}\n" for code in codes)).encode()


@pytest.fixture
def home(tmp_path):
    return make_home("live", tmp_path / "live")


@pytest.fixture
def ledger(home):
    opened = open_ledger(home)
    yield opened
    opened.close()


def stage(home, *codes, actor=ADMIN, name="lista.csv"):
    return publishing.stage_file(home, "communities", name, communities(*codes), actor=actor)


def listed(home, **said):
    return next(state for state in publishing.overview(home, **said) if state.kind == "communities")


def in_force(home) -> set[int]:
    table = EditionStore(home).current_table("communities", "communities")
    return set() if table is None else set(table["uat_siruta"])


def test_a_file_is_seen_before_it_counts_and_counts_once_published(home, ledger):
    staged = stage(home, 24089, 20297)
    assert in_force(home) == set()
    assert listed(home).staged[0].manifest == staged.manifest
    publishing.publish(home, ledger, staged, actor=ADMIN)
    assert in_force(home) == {24089, 20297}
    assert listed(home).staged == ()


def test_the_difference_names_what_appears_goes_and_changes(home, ledger):
    publishing.publish(home, ledger, stage(home, 24089, 20297), actor=ADMIN)
    staged = stage(home, 24089, 24187)
    found = edition_changes.changes(home, staged).set_index("change")
    assert found.loc["added", ["key", "label"]].tolist() == ["24187", "Pâncești (BC)"]
    assert found.loc["removed", ["key", "label"]].tolist() == ["20297", "Bacău (BC)"]
    assert (staged.manifest.added, staged.manifest.removed) == (1, 1)


def test_a_file_thrown_away_leaves_nothing(home, ledger):
    publishing.publish(home, ledger, stage(home, 24089), actor=ADMIN)
    staged = stage(home, 20297)
    publishing.discard(home, ledger, staged, actor=ADMIN)
    assert not staged.folder.exists()
    assert in_force(home) == {24089}


def test_the_edition_before_can_be_brought_back(home, ledger):
    first = publishing.publish(home, ledger, stage(home, 24089), actor=ADMIN)
    publishing.publish(home, ledger, stage(home, 20297), actor=ADMIN)
    state = listed(home)
    assert [manifest.edition for manifest in state.earlier] == [first.manifest.edition]
    publishing.bring_back(home, ledger, "communities", first.manifest.edition, actor=ADMIN)
    assert in_force(home) == {24089}


def test_somebody_who_published_meanwhile_is_not_overwritten(home, ledger):
    mine, theirs = stage(home, 24089), stage(home, 20297)
    publishing.publish(home, ledger, theirs, actor=ADMIN)
    with pytest.raises(EditionError, match="Între timp"):
        publishing.publish(home, ledger, mine, actor=ADMIN)
    assert in_force(home) == {20297}
    assert [e.manifest.edition for e in EditionStore(home).staged("communities")] == [mine.manifest.edition]


@pytest.mark.parametrize("actor", OTHERS, ids=lambda actor: actor.role if actor else "nobody")
def test_only_the_administrator_changes_a_register(home, ledger, actor):
    assert not publishing.may_publish(actor)
    staged = stage(home, 24089)
    for change in (
        lambda: stage(home, 24089, actor=actor),
        lambda: publishing.publish(home, ledger, staged, actor=actor),
        lambda: publishing.discard(home, ledger, staged, actor=actor),
        lambda: publishing.bring_back(home, ledger, "communities", "x", actor=actor),
    ):
        with pytest.raises(NotAllowedError):
            change()
    assert in_force(home) == set()
    assert staged.folder.exists()


def test_every_change_is_written_in_the_trail_without_what_is_in_the_file(home, ledger):
    first = publishing.publish(home, ledger, stage(home, 24089), actor=ADMIN)
    publishing.publish(home, ledger, stage(home, 20297), actor=ADMIN)
    publishing.bring_back(home, ledger, "communities", first.manifest.edition, actor=ADMIN)
    publishing.discard(home, ledger, stage(home, 24187), actor=ADMIN)
    log = ledger.audit_log(actor=ADMIN)
    assert [a for a in log["action"] if a.startswith("edition.")].count("edition.publish") == 2
    assert {"edition.bring_back", "edition.discard"} <= set(log["action"])
    assert ledger.verify_audit() == []


@pytest.mark.parametrize("content", [b"", b"nimic\n", b"\x00\x01\x02" * 50, b"SIRUTA\n"])
def test_a_file_that_is_none_is_refused_and_the_edition_stays(home, ledger, content):
    publishing.publish(home, ledger, stage(home, 24089), actor=ADMIN)
    with pytest.raises(MapError):
        publishing.stage_file(home, "communities", "lista.csv", content, actor=ADMIN)
    assert in_force(home) == {24089}
    assert EditionStore(home).staged("communities") == []


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "C:\\x\\lista.csv", "a/b/../lista.csv", "….csv", "x" * 300 + ".csv"]
)
def test_the_name_of_an_upload_cannot_leave_its_folder(home, name, monkeypatch):
    made = []
    real = tempfile.mkdtemp
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **said: made.append(real(**said)) or made[-1])
    staged = stage(home, 24089, name=name)
    assert "/" not in staged.manifest.file
    assert len(staged.manifest.file) < 80
    assert [Path(folder).exists() for folder in made] == [False]


def test_an_uploaded_layer_that_is_too_tangled_to_repair_is_refused_in_words(home):
    turns = [n * 500 % 1_001 for n in range(1_002)]  # a star in which every side crosses nearly every other
    ring = [[24 + 0.3 * math.cos(t * math.tau / 1_001), 46 + 0.3 * math.sin(t * math.tau / 1_001)] for t in turns]
    star = {
        "type": "Feature",
        "properties": {"natcode": "1017"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    content = json.dumps({"type": "FeatureCollection", "features": [star]}).encode()
    with pytest.raises(UnreadableFileError, match=r"stea\.geojson: conturul elementului 1 .* cel mult 1\.000"):
        publishing.stage_file(home, "boundaries", "stea.geojson", content, actor=ADMIN)


def test_the_uploaded_file_is_removed_whatever_happens(home, monkeypatch):
    made = []
    real = tempfile.mkdtemp
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **said: made.append(real(**said)) or made[-1])
    with pytest.raises(MapError):
        publishing.stage_file(home, "communities", "lista.csv", b"nimic", actor=ADMIN)
    assert [Path(folder).exists() for folder in made] == [False]


def test_a_file_too_large_is_refused_before_it_is_read(home, monkeypatch):
    monkeypatch.setattr(publishing, "MOST_BYTES", 10)
    with pytest.raises(UnreadableFileError, match="peste"):
        stage(home, 24089, 20297)


def test_a_demonstration_takes_no_real_register(tmp_path):
    demo = make_home("demo", tmp_path / "demo")
    states = {state.kind: state for state in publishing.overview(demo)}
    assert not states["social"].is_open
    assert not states["communities"].is_open
    assert states["boundaries"].is_open
    with pytest.raises(HomeError, match="demonstrativ"):
        stage(demo, 24089)


def test_steps_are_told_while_a_file_is_read(home):
    said = []
    publishing.stage_file(home, "communities", "l.csv", communities(24089), actor=ADMIN, tell=said.append)
    assert len(said) == 3
    assert all(isinstance(words, str) for words in said)


def test_rows_of_a_protected_address_are_told_without_their_names(home):
    def services(*rows):
        table = services_table(
            [{"registry": "social", "county": "BC", "position_precision": "none", **r} for r in rows]
        )
        return services_shaped(Tidied(table, rejects_table([]), len(table)))

    def row(number, name, **said):
        return {
            "service_id": f"social:mmps:K{number}", "registry_key": f"K{number}", "name": name, "organization": "O",
            "service_type": "8891CZ-C-II", "source_row": number, **said,
        }  # fmt: skip

    path = home.path / "x.csv"
    path.write_text("x")
    store = EditionStore(home)
    before = services(row(1, "Vechi ascuns", is_secret=True), row(2, "Public"), row(3, "Devine ascuns"))
    prepared = prepare_shaped(home, "social", path, before, as_of=date(2026, 11, 1))
    store.publish(store.stage(prepared.manifest, prepared.tables))
    after = services(
        row(2, "Public nou"), row(3, "Numele ascuns", is_secret=True), row(4, "Nou ascuns", is_secret=True)
    )
    prepared = prepare_shaped(home, "social", path, after, as_of=date(2026, 11, 2))
    found = edition_changes.changes(home, store.stage(prepared.manifest, prepared.tables))
    assert found.to_dict("split")["data"] == [
        ["protected:1", "(adresă protejată)", "added", ""], ["social:mmps:K2", "Public nou (BC)", "changed", "name"],
    ]  # fmt: skip
    older = dataclasses.replace(prepared.manifest, edition=f"{prepared.manifest.edition}b")
    keyed = pd.DataFrame(
        {"key": ["social:mmps:K4", "social:mmps:K3", "social:mmps:K1", "social:mmps:K2"], "change": ["added", "changed", "removed", "changed"],
         "fields": ["", "name;phone", "", "name"]}, dtype="str",
    )  # fmt: skip
    told = edition_changes.changes(home, store.stage(older, {**prepared.tables, "changes": keyed}))
    assert list(told["key"]) == ["protected:1", "protected:2", "social:mmps:K2"]
    assert list(told["fields"]) == ["", "", "name"]


def test_rejected_rows_can_be_taken_away_as_a_file(home):
    staged = publishing.stage_file(home, "communities", "l.csv", communities(24089, 99), actor=ADMIN)
    content = edition_changes.rejects_file(staged)
    assert content is not None
    table = pd.read_csv(io.BytesIO(content))
    assert len(table) == staged.manifest.rows_rejected == 1
    clean = stage(home, 24089)
    assert edition_changes.rejects_file(clean) is None


def test_an_edition_of_which_half_was_refused_is_published_only_with_a_yes(home, ledger):
    staged = publishing.stage_file(home, "communities", "l.csv", communities(24089, 98, 99), actor=ADMIN)
    with pytest.raises(NotConfirmedError, match=r"2 din .*3"):
        publishing.publish(home, ledger, staged, actor=ADMIN)
    assert in_force(home) == set()
    assert [e.manifest.edition for e in listed(home).staged] == [staged.manifest.edition]
    publishing.publish(home, ledger, staged, actor=ADMIN, confirmed=True)
    assert in_force(home) == {24089}


def test_an_age_counts_from_the_day_the_data_describe(home, ledger):
    publishing.publish(home, ledger, stage(home, 24089), actor=ADMIN)
    state = listed(home)
    day = date.fromisoformat(state.current.as_of)
    assert listed(home, today=day + timedelta(days=40)).age_days == 40
