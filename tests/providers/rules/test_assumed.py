from core.reading.curated_tables import FOLDER, read_rows
from core.resources import ROOT
from scripts.assumed_rules import assumed_lines, assumed_rules
from tests.worlds.hand_kept import change, copies


def test_every_rule_that_says_assumed_is_listed_once():
    rules = assumed_rules()
    by_hand = sum(
        "assumed" in text
        for file in rules["file"].unique()
        for row in read_rows(FOLDER / file, [])
        for column, text in row.cells.items()
        if column in ("basis", "rule_basis", "certainty")
    )
    assert len(rules) == by_hand > 0
    assert not rules.duplicated().any()


def test_a_rule_that_a_specialist_confirmed_leaves_the_list(tmp_path):
    folder = copies(tmp_path)
    assert "SOC-AA" in set(assumed_rules(folder)["rule"])
    change(folder, "service_types", "SOC-AA", basis="HG 1/2000", rule_basis="HG 1/2000")
    assert "SOC-AA" not in set(assumed_rules(folder)["rule"])


def test_the_page_for_the_specialist_lists_exactly_the_assumed_rules():
    page = (ROOT / "docs" / "assumed-rules.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in page if line.startswith("|")]
    assert table == assumed_lines()
