"""Every data file has its card, every card its file; what the packages give is what the repository holds."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest

from core.reading.files import sha256_of
from core.resources import DATA
from scripts import build_data
from scripts.embedded_data import build_sources
from tests.covering import repeats

CARDS = sorted(DATA.rglob("*.source.toml"))
LARGEST_BYTES = 8_000_000


def source(card):
    return tomllib.loads(card.read_text("utf-8"))["source"]


def test_every_data_file_has_a_card():
    described = {card.parent / source(card)["file"] for card in CARDS}
    files = {p for p in DATA.rglob("*") if p.suffix in {".csv", ".parquet", ".gz"}}
    assert {p for p in files if not p.name.endswith(".corrections.csv")} == described


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_a_card_tells_its_file_its_licence_and_its_digest(card):
    said = source(card)
    assert said["sha256"] == sha256_of(card.parent / said["file"])
    assert said["title"]
    assert said["publisher"]
    assert said["licence"]
    assert dt.date.fromisoformat(said["accessed_on"])
    assert isinstance(said["synthetic"], bool)


@pytest.mark.parametrize("card", [c for c in CARDS if c.name.startswith("synthetic_")], ids=lambda card: card.name)
def test_a_synthetic_file_says_so(card):
    assert source(card)["synthetic"] is True
    assert "Made up for the demonstration" in source(card)["notes"]


def test_the_embedded_data_is_small():
    assert sum(p.stat().st_size for p in DATA.rglob("*") if p.is_file()) <= LARGEST_BYTES


@pytest.mark.slow
@repeats("tests/data/test_source_cards.py::test_a_card_tells_its_file_its_licence_and_its_digest")
def test_building_from_the_packages_gives_the_files_in_the_repository(packages, tmp_path):
    settlements = build_data.build_settlement_files(packages, tmp_path)
    build_data.build_population(settlements, tmp_path)
    build_data.build_area_file(packages, settlements, tmp_path)
    for path in sorted((tmp_path / "atlas").iterdir()):
        assert path.read_bytes() == (DATA / "atlas" / path.name).read_bytes(), path.name


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path):
    (tmp_path / build_sources.WORLD_ATLAS.tarball).write_bytes(b"something else")
    with pytest.raises(ValueError, match="expected"):
        build_sources.read_outline_topology(tmp_path)
    assert len(build_sources.missing_packages(tmp_path)) == 2
