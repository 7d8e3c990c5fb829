"""Wide tables name their columns beside every cell, for screens where the head is out of sight."""

from __future__ import annotations

from pages.stacked import kind, labelled

HEADS = ("Loc", "Unitatea", "", 'De „ce” & "cum"')
ROWS = '<tr><td class="hs-num">1</td><th scope="row">Parava</th><td></td><td>tdx</td></tr><tr><td>2</td></tr>'


def test_every_cell_of_a_wide_table_says_its_column() -> None:
    assert labelled(ROWS, HEADS) == (
        '<tr><td data-label="Loc" class="hs-num">1</td><th data-label="Unitatea" scope="row">Parava</th><td></td>'
        '<td data-label="De „ce” &amp; &quot;cum&quot;">tdx</td></tr><tr><td data-label="Loc">2</td></tr>'
    )


def test_a_narrow_table_stays_as_it_is() -> None:
    assert labelled(ROWS, HEADS[:3]) == ROWS
    assert (kind(HEADS[:3]), kind(HEADS)) == ("", "hs-stack")
