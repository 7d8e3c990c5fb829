"""What every template may count on: one language at a time, no space that only indents, no name that is missing."""

from __future__ import annotations

import jinja2
import pytest

from core.i18n import use_language
from core.templating import environment, render, render_macro


def drawn(source: str, **values: object) -> str:
    return environment().from_string(source).render(values)


def test_what_only_indents_a_template_is_not_sent() -> None:
    source = """
<section>
  {% if title %}
  <h2>{{ title }}</h2>
  {% endif %}
  <ul>
    {% for line in lines %}
    <li>{{ line }}</li>
    {% endfor %}
  </ul>
</section>
"""
    assert drawn(source, title="A", lines=["b", "c"]) == "<section><h2>A</h2><ul><li>b</li><li>c</li></ul></section>"


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("<p><b>a</b> <i>c</i></p>", "<p><b>a</b> <i>c</i></p>"),
        ("<p>\n  <b>a</b>\n  <i>c</i>\n</p>", "<p><b>a</b>\n<i>c</i></p>"),
        ("<p>{{ x }} {{ x }} <b>{{ x }}</b></p>", "<p>x x <b>x</b></p>"),
        ("<p>\n  {{ x }}\n  · {{ x }}\n</p>", "<p>x\n· x</p>"),
        ("<p>{% if x %} {{ x }}{% endif %} <b>y</b></p>", "<p> x <b>y</b></p>"),
        ("<pre>\n  a\n  <p> b </p></pre>", "<pre>\n  a\n  <p> b </p></pre>"),
    ],
)
def test_a_space_that_is_read_stays(source: str, sent: str) -> None:
    assert drawn(source, x="x") == sent


def test_spaces_and_breaks_of_a_value_are_left_as_they_are() -> None:
    value = " a\n   b <p>  </p> \n"
    assert (
        drawn("<div>\n  {{ value }}\n</div>", value=value)
        == "<div>" + value.replace("<", "&lt;").replace(">", "&gt;") + "</div>"
    )


def test_a_macro_that_was_rendered_once_speaks_the_language_of_the_next_request() -> None:
    said = {}
    for language in ("ro", "en", "ro"):
        with use_language(language):
            said.setdefault(language, render_macro("screen/page.html", "demo"))
            assert render_macro("screen/page.html", "demo") == said[language]
    assert "Date demonstrative." in said["ro"]
    assert "Date demonstrative." not in said["en"]


def test_what_is_missing_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render("screen/sources.html")
    with pytest.raises(jinja2.UndefinedError):
        render_macro("screen/page.html", "done")
    with pytest.raises(AttributeError):
        render_macro("screen/page.html", "no_such_macro")
