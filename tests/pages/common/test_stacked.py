"""Wide tables name their columns beside every cell, for screens where the head is out of sight."""

from __future__ import annotations

from pages.common.stacked import kind, labelled

HEADS = ("Loc", "Unitatea", "", 'De „ce” & "cum"')
ROWS = '<tr><td class="hs-num">1</td><th scope="row">Parava</th><td></td><td>tdx</td></tr><tr><td>2</td></tr>'


def test_every_cell_of_a_wide_table_says_its_column() -> None:
    assert labelled(ROWS, HEADS) == (
        '<tr><td class="hs-num" data-label="Loc">1</td><th scope="row" data-label="Unitatea">Parava</th><td></td>'
        '<td data-label="De „ce” &amp; &quot;cum&quot;">tdx</td></tr><tr><td data-label="Loc">2</td></tr>'
    )


def test_a_narrow_table_stays_as_it_is() -> None:
    assert labelled(ROWS, HEADS[:3]) == ROWS
    assert (kind(HEADS[:3]), kind(HEADS)) == ("", "hs-stack")


def test_a_cell_over_several_columns_has_the_name_of_the_first() -> None:
    row = '<tr><td colspan="3">neimportat</td><td>–</td></tr>'
    assert labelled(row, ("La data", "Vechime", "Rânduri", "În așteptare")) == (
        '<tr><td colspan="3" data-label="La data">neimportat</td><td data-label="În așteptare">–</td></tr>'
    )
