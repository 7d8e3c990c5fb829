from __future__ import annotations

from core.reading.tidied_table import REJECT_COLUMNS, Refusal, first_refusal_per_row, rejects_table


def test_refusals_become_a_table_in_the_documented_columns_and_in_row_order():
    table = rejects_table(
        [Refusal(3, "lat", "x" * 999, "bad_number", "nu este un număr"), Refusal(1, "a", "", "missing", "")]
    )
    assert list(table.columns) == list(REJECT_COLUMNS)
    assert table["row"].tolist() == [1, 3]
    assert len(table["value"].iloc[1]) == 200
    assert list(rejects_table([]).columns) == list(REJECT_COLUMNS)


def test_a_row_is_refused_for_its_first_reason_only():
    twice = [Refusal(1, "a", "", "missing", ""), Refusal(1, "b", "", "bad_number", "")]
    assert first_refusal_per_row(twice)[1].reason == "missing"
