"""Wide tables name their columns beside every cell, for screens where the head is out of sight."""

from __future__ import annotations

from core.templating import environment

HEADS = [("Loc", "hs-num"), ("Unitatea", ""), ("", ""), ('De „ce” & "cum"', "")]
TABLE = """{% from "screen/_macros.html" import cells, label, table %}
{% call(row) table("Nume", heads, rows, stacks=stacks) %}
"""
PLAIN = TABLE + "{{ cells(heads, row) }}{% endcall %}"
OWN = (
    TABLE
    + "<td{{ label(heads, 0) }}>{{ row }}</td><td colspan='2'{{ label(heads, 1) }}></td><td{{ label(heads, 3) }}></td>{% endcall %}"
)


def drawn(source: str, heads: list[tuple[str, str]], *rows: object, stacks: bool = True) -> str:
    return environment().from_string(source).render(heads=heads, rows=rows, stacks=stacks)


def body(table: str) -> str:
    return table.partition("<tbody>")[2].partition("</tbody>")[0]


def test_every_cell_of_a_wide_table_says_its_column() -> None:
    table = drawn(PLAIN, HEADS, ("1", "Parava", "", "tdx"), ("2",))
    assert body(table) == (
        '<tr><th scope="row" data-label="Loc">1</th><td data-label="Unitatea">Parava</td><td></td>'
        '<td data-label="De „ce” &amp; &#34;cum&#34;">tdx</td></tr><tr><th scope="row" data-label="Loc">2</th></tr>'
    )
    assert '<table class="hs-grid hs-stack">' in table


def test_a_narrow_table_stays_as_it_is() -> None:
    table = drawn(PLAIN, HEADS[:3], ("1", "Parava", ""))
    assert body(table) == '<tr><th scope="row">1</th><td>Parava</td><td></td></tr>'
    assert '<table class="hs-grid">' in table


def test_a_cell_over_several_columns_has_the_name_of_the_first() -> None:
    assert body(drawn(OWN, HEADS, "x")) == (
        '<tr><td data-label="Loc">x</td><td colspan=\'2\' data-label="Unitatea"></td>'
        '<td data-label="De „ce” &amp; &#34;cum&#34;"></td></tr>'
    )


def test_a_table_of_few_letters_stays_a_table_on_a_telephone() -> None:
    assert '<table class="hs-grid">' in drawn(OWN, HEADS, "x", stacks=False)


def test_a_plain_cell_has_the_class_of_its_column_and_a_corner_heads_nothing() -> None:
    heads = [("", ""), ("Locuri", "hs-num")]
    table = drawn(PLAIN, heads, ("Parava", "3"))
    assert body(table) == '<tr><th scope="row">Parava</th><td class="hs-num">3</td></tr>'
    assert '<tr><td></td><th scope="col" class="hs-num">Locuri</th></tr>' in table
