"""Pieces of an answer as markup: the question in a line, the answer in a sentence, rows, why not the others.

Facts in, markup out, without Streamlit: what is said is decided in `providers.finder`, how it looks in `templates/`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from core.templating import render, render_macro
from core.text import collation_key
from providers.finder.offer_view import view_of
from providers.rules.wording import minute_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from providers.finder.answer import Excluded, Offer, Result
    from providers.output.answer_text import AskedLine

_ROWS = "_answer.html"
_FINDER = "screen/finder.html"


def render_asked(line: AskedLine) -> Markup:
    """Render the question in one line, as the heading of the page."""
    return render_macro(_FINDER, "asked_line", line)


def render_summary(words: str, kinds: frozenset[str] | None) -> Markup:
    """Render the answer in a sentence, where a search leads to, with the switch to the map and the filters of the list.

    kinds: `AnswerView.kinds`, of which there is something; None where the list has no filters.
    """
    return render_macro(_FINDER, "summary", words, kinds)


def render_waiting() -> Markup:
    """Hold the place of an answer while it is looked for."""
    return render_macro(_FINDER, "waiting")


def render_row(offer: Offer, number: int = 0, reason: str = "", *, is_open: bool = False) -> Markup:
    """Draw one offer.

    Parameters
    ----------
    offer
        Of an answer.
    number
        In the list and on the map; 0 where it has none.
    reason
        Why it has no place now; empty for one that may take the person.
    is_open
        Whether it is unfolded at first.

    Returns
    -------
    Markup
        A row.
    """
    return render("screen/offer.html", o=view_of(offer), number=number, reason=reason, is_open=is_open)


def render_rows_heading(title: str, count: int = 0) -> Markup:
    """Head some rows; count: how many there are, 0 where that is not said."""
    return render_macro(_ROWS, "rows_heading", title, count)


def render_more(items: Sequence[Offer]) -> Markup:
    """List further offers in one line each, those under one public label counted together."""
    labels = sorted(Counter(item.name for item in items).items(), key=lambda pair: collation_key(pair[0]))
    return render_macro(_FINDER, "more_elsewhere", labels, len(items), any(item.is_secret for item in items))


def render_own_protected() -> Markup:
    """Lead the county unit to where the records of its protected services are opened."""
    return render_macro(_FINDER, "own_protected")


def render_why_not(items: Sequence[Excluded]) -> Markup:
    """List every nearer service that is not shown, with its one reason; nothing where there is none."""
    lines = [(i.name, "" if i.minutes is None else minute_words(i.minutes), i.words) for i in items]
    return render_macro(_ROWS, "why_not", lines, len(lines))


def render_comparison(items: Sequence[tuple[int, Result]]) -> Markup:
    """Lay results side by side, a column a service under its number; those that are ticked in the list are shown."""
    return render("screen/comparison.html", items=[(number, view_of(item), item) for number, item in items])
