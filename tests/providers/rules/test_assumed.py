import tomllib
from datetime import date

import pytest

from core.errors import UnreadableFileError
from core.reading.curated_tables import FOLDER, PROVENANCE_COLUMNS, read_rows
from core.resources import ROOT
from providers.authorities.authorities import kinds
from providers.rules.help_tables.pension_age import retirement_steps
from providers.rules.needs import crosswalk, need_answers
from providers.rules.taxonomy import service_types
from scripts.assumed_rules import assumed_lines, assumed_rules
from tests.worlds.files.hand_kept import change, copies

GROUNDED = (
    "service_types", "beneficiary_groups", "need_answers", "need_crosswalk", "authority_kinds", "emergency_lines",
    "pension_age",
)  # fmt: skip


def test_every_rule_that_says_assumed_is_listed_once():
    rules = assumed_rules()
    by_hand = sum(
        any("assumed" in row.cells.get(column, "") for column in ("basis", "rule_basis", "certainty"))
        for file in rules["file"].unique()
        for row in read_rows(FOLDER / file, [])
    )
    assert len(rules) == by_hand > 0
    assert not rules.duplicated().any()


def test_what_a_source_assumes_its_certainty_says_too():
    for file in GROUNDED:
        for row in read_rows(FOLDER / f"{file}.csv", PROVENANCE_COLUMNS):
            says_so = any("assumed" in row.cells.get(column, "") for column in ("basis", "rule_basis"))
            # A code of the nurses is sure to be the law's matter; which need it means may be assumed.
            assert row.provenance().is_assumed or not says_so, (file, row)
            assert says_so or not row.provenance().is_assumed or file == "need_crosswalk", (file, row)


def test_every_rule_was_read_on_a_day_that_its_card_explains():
    for file in GROUNDED:
        card = tomllib.loads((FOLDER / f"{file}.source.toml").read_text("utf-8"))["source"]
        days = {row.provenance().checked_on for row in read_rows(FOLDER / f"{file}.csv", PROVENANCE_COLUMNS)}
        assert max(days) <= date.fromisoformat(card["accessed_on"])
        assert "checked_on" in card["notes"]


@pytest.mark.parametrize(
    ("table", "key", "cells"),
    [
        ("service_types", "SOC-AA", {"certainty": "perhaps"}),
        ("service_types", "SOC-AA", {"settle_by": ""}),
        ("beneficiary_groups", "adults", {"settle_by": "o lege"}),
        ("beneficiary_groups", "adults", {"checked_on": "ieri"}),
        ("need_answers", "MED-DENT", {"certainty": "assumed"}),
        ("need_crosswalk", "VAI_02", {"basis": ""}),
        ("emergency_lines", "112", {"checked_on": ""}),
        ("authority_kinds", "AUT-BAR", {"certainty": ""}),
        ("pension_age", "65", {"age": "mult"}),
    ],
)
def test_a_rule_without_its_ground_is_refused(tmp_path, table, key, cells):
    folder = copies(tmp_path)
    change(folder, table, key, **cells)
    with pytest.raises(UnreadableFileError, match=f"{table}.csv"):
        service_types(folder), need_answers(folder), crosswalk(folder), kinds(folder), retirement_steps(folder)


def test_a_rule_that_a_specialist_confirmed_leaves_the_list(tmp_path):
    folder = copies(tmp_path)
    assert "SOC-AA" in set(assumed_rules(folder)["rule"])
    change(folder, "service_types", "SOC-AA", basis="HG 1/2000", rule_basis="HG 1/2000", certainty="sure", settle_by="")
    assert "SOC-AA" not in set(assumed_rules(folder)["rule"])


def test_the_page_for_the_specialist_lists_exactly_the_assumed_rules():
    page = (ROOT / "docs" / "assumed-rules.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in page if line.startswith("|")]
    assert table == assumed_lines()
