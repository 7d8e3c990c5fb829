"""Every piece of HTML comes from `templates/`: Jinja2 with autoescape, and a name that is missing is an error.

Sentences in templates go through `_` and `ngettext`, as in the code; `scripts/messages.py` collects them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token
from markupsafe import Markup

from core.i18n import _, language, ngettext, number
from core.resources import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2.lexer import TokenStream

TEMPLATES = ROOT / "templates"
_BLOCK = (
    r"</?(?:article|body|caption|dd|details|div|dl|dt|fieldset|footer|form|h[1-6]|head|header|html|legend|li|link|main|meta"
    r"|nav|ol|optgroup|option|p|section|summary|table|tbody|td|th|thead|title|tr|ul)\b"
)
_BEFORE_BLOCKS = re.compile(rf"\s+(?={_BLOCK})")
_AFTER_BLOCKS = re.compile(rf"({_BLOCK}[^<>]*>)\s+")
_INDENTATION = re.compile(r"\s*\n\s*")
_KEEPS_SPACE = re.compile(r"<(?:pre|textarea|script|style)\b")


class _Compact(Extension):
    """Leaves out, once and for all when a template is compiled, the breaks and spaces that indent it.

    What goes is what a browser passes over: around elements that are blocks. Between others one break stays.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            is_text = token.type == "data" and not _KEEPS_SPACE.search(token.value)
            yield Token(token.lineno, token.type, _compact(token.value)) if is_text else token


def _compact(text: str) -> str:
    return _INDENTATION.sub("\n", _AFTER_BLOCKS.sub(r"\1", _BEFORE_BLOCKS.sub("", text)))


@cache
def environment() -> Environment:
    """Return the one environment of all templates, with the words of the request's language at hand.

    Returns
    -------
    Environment
        Autoescape on, undefined names refused, without the spaces that only indent.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[_Compact],
    )
    made.globals.update(_=_, ngettext=ngettext, number=number, language=language)
    return made


@cache
def _text_environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - plain text, read by no browser
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(_=_, ngettext=ngettext, number=number)
    return made


def render_text(template: str, **values: object) -> str:
    """Render a template of plain text, an e-mail for instance: nothing is escaped, line breaks stay.

    Parameters
    ----------
    template
        Path below `templates/`, ending in `.txt`.
    **values
        What the template names.

    Returns
    -------
    str
        The text.

    Raises
    ------
    jinja2.UndefinedError
        Where the template names a value that was not given.
    """
    return _text_environment().get_template(template).render(values)


def compile_templates() -> None:
    """Compile every template ahead of its first use: the first reader need not wait for it."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)


def render(template: str, **values: object) -> Markup:
    """Render a template as markup.

    Parameters
    ----------
    template
        Path below `templates/`, for instance `screen/offer.html`.
    **values
        What the template names. Text is escaped; `Markup` goes in as it is.

    Returns
    -------
    Markup
        Safe to put into another template.

    Raises
    ------
    jinja2.UndefinedError
        Where the template names a value that was not given.
    """
    return Markup(environment().get_template(template).render(values))  # noqa: S704 - autoescape made it safe


def render_macro(template: str, macro: str, *values: object, **named: object) -> Markup:
    """Render one macro of a template as markup: a small piece, without a file of its own.

    Parameters
    ----------
    template
        Path below `templates/`, for instance `screen/_macros.html`.
    macro
        The macro's name.
    values, named
        What the macro takes. Text is escaped; `Markup` goes in as it is.

    Returns
    -------
    Markup
        Safe to put into another template.

    Raises
    ------
    AttributeError
        Where the template has no such macro.
    jinja2.UndefinedError
        Where the macro uses a value that was not given.
    """
    return _macro(template, macro)(*values, **named)


@cache
def _macro(template: str, macro: str) -> Callable[..., Markup]:
    found: Callable[..., Markup] = getattr(environment().get_template(template).module, macro)
    return found
