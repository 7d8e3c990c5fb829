"""Fields of the plain forms: a text field with its hint, what is wrong with it, and what to choose instead."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from api.http import page_frame
from core.i18n import _


@dataclass(frozen=True)
class FieldError:
    """What has to be set right before there is a query. choices: (value, words) to choose one of, for `field`."""

    field: str
    words: str
    choices: tuple[tuple[str, str], ...] = ()


def text_field(name: str, words: str, value: str, trouble: FieldError | None, *, hint: str = "") -> Markup:
    """Draw a text field with its label, and with what is wrong where something is."""
    described = Markup(' aria-invalid="true" aria-describedby="{}-err"').format(name) if trouble else page_frame.NOTHING
    field = Markup(
        '<label for="{name}">{words}{hint}</label>{error}'
        '<input type="text" id="{name}" name="{name}" value="{value}" maxlength="80" autocomplete="off"{described}>'
    ).format(
        name=name,
        words=words,
        hint=Markup('<span class="hint">{}</span>').format(hint) if hint else page_frame.NOTHING,
        error=error(name, trouble),
        value=value,
        described=described,
    )
    return field + _choices(name, trouble)


def error(name: str, trouble: FieldError | None) -> Markup:
    """Say above a field what is wrong with it."""
    if trouble is None:
        return page_frame.NOTHING
    return Markup('<p class="alert" id="{}-err" role="alert">{}</p>').format(name, trouble.words)


def _choices(name: str, trouble: FieldError | None) -> Markup:
    if trouble is None or not trouble.choices:
        return page_frame.NOTHING
    chosen = {"loc": "loc_ales", "domiciliu": "domiciliu_ales"}.get(name, "nevoie_aleasa")
    return page_frame.radios(chosen, _("Alegeți:"), trouble.choices)
