"""Pieces of the screens about cases as markup. No Streamlit here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.templating import render_macro

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from pages.case_panels.case_sheet import CaseSheet
    from pages.case_panels.plan_sheet import PlanSheet

_draw = partial(render_macro, "screen/cases.html")


def render_listing(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> Markup:
    """Draw a table; on a telephone row by row. numbers: how many of its last columns are counts."""
    first = len(heads) - numbers
    titles = [(words, "hs-num" if place >= first else "") for place, words in enumerate(heads)]
    return _draw("listing", caption, titles, list(rows))


def render_remark(title: str, words: str, when: str, *, is_late: bool) -> Markup:
    """Draw a remark of supervision: of whom, what was said, and until when it is to be done."""
    return _draw("remark", title, words, when, is_late)


def render_said(lines: Iterable[tuple[str, str]]) -> Markup:
    """List what will be written of a session: of whom, and the words."""
    return _draw("said", list(lines))


def render_case(sheet: CaseSheet, until: str) -> Markup:
    """Draw one case that was opened with a reason. until: when it closes, in words."""
    return _draw("case", sheet, until)


def render_plan(sheet: PlanSheet) -> Markup:
    """Draw the plan of a community."""
    return _draw("plan", sheet)
