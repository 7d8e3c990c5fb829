"""Every piece of HTML comes from `templates/`: Jinja2 with autoescape, and a name that is missing is an error.

Sentences in templates go through `_` and `ngettext`, as in the code; `scripts/messages.py` collects them.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.i18n import _, language, ngettext, number
from core.resources import ROOT

TEMPLATES = ROOT / "templates"


@cache
def environment() -> Environment:
    """Return the one environment of all templates, with the words of the request's language at hand.

    Returns
    -------
    Environment
        Autoescape on, undefined names refused, blocks without blank lines of their own.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(_=_, ngettext=ngettext, number=number, language=language)
    return made


def render(template: str, **values: object) -> Markup:
    """Render a template as markup.

    Parameters
    ----------
    template
        Path below `templates/`, for instance `screen/offer.html`.
    values
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
