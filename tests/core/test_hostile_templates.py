"""Every template with hostile text: it is read as typed wherever it stands, and adds no element and no attribute."""

from __future__ import annotations

import pytest
from jinja2 import nodes

from core.templating import TEMPLATES, environment, render, render_macro
from tests.worlds.clients.html_reading import Page, folded, read
from tests.worlds.files.hostile import HOSTILE
from tests.worlds.files.template_samples import FILES, MACROS

USUAL = "Zvezda"  # no word of ours
ROWS = {
    **{name: lambda text, name=name: render(name, **FILES[name](text)) for name in FILES},
    **{
        f"{file}: {macro}": lambda text, file=file, macro=macro: called(file, macro, text)
        for file, macros in MACROS.items()
        for macro in macros
    },
}


def called(file: str, macro: str, text: str) -> str:
    call = MACROS[file][macro](text)
    drawn = render_macro(file, macro, *call.values, **(call.named or {}))
    # What stands inside a tag is read there.
    return f"<p{drawn}></p>" if drawn.startswith(" ") else drawn


def times(page: Page, text: str) -> int:
    return folded(" ".join((page.text, *page.said))).count(folded(text))


@pytest.mark.parametrize("row", ROWS)
def test_hostile_text_is_read_as_typed_and_adds_nothing(row: str) -> None:
    usual = read(ROWS[row](USUAL))
    for text in HOSTILE:
        page = read(ROWS[row](text))
        assert page.elements == usual.elements, text
        assert times(page, text) >= times(usual, USUAL), text


@pytest.mark.everyday
def test_every_template_and_every_macro_of_a_file_of_macros_has_a_row() -> None:
    files, macros = set(), set()
    for path in TEMPLATES.rglob("*.html"):
        name = path.relative_to(TEMPLATES).as_posix()
        parsed = environment().parse(path.read_text(encoding="utf-8"))
        defined = {f"{name}: {macro.name}" for macro in parsed.find_all(nodes.Macro)}
        if _draws(parsed) or not defined:
            files.add(name)  # macros of its own are drawn with it
        else:
            macros |= defined
    assert set(ROWS) == files | macros


def _draws(template: nodes.Template) -> bool:
    """Whether a template has more than macros."""
    return any(
        not isinstance(node, (nodes.Macro, nodes.FromImport, nodes.Import, nodes.Assign))
        and not (isinstance(node, nodes.Output) and all(_is_blank(part) for part in node.nodes))
        for node in template.body
    )


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TemplateData) and not node.data.strip()


def test_the_rule_finds_text_that_is_taken_for_markup() -> None:
    """The measure itself: what is not escaped adds an element, what is escaped twice is not read as typed."""
    usual = read(f"<p>{USUAL}</p>")
    assert read("<p><b>bold</b></p>").elements != usual.elements
    assert times(read("<p>&amp;lt;b&amp;gt;</p>"), "<b>") < times(usual, USUAL)
