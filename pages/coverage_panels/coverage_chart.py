"""People by minutes as a drawn chart: SVG in the page itself, with its words and numbers beside it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from core.i18n import _, number
from pages.coverage_panels.coverage_html import framed, known

if TYPE_CHECKING:
    import pandas as pd

# Of the drawing, in its own units: about a pixel on a telephone. Bars lie, so that words and figures of any length fit.
_WIDE, _STEP, _BAR = 310, 26, 16
_WORDS, _FIGURES = 76, 72  # room before the bars and after the longest


def distribution(rows: pd.DataFrame) -> str:
    """Draw people by minutes to the nearest service that serves them: bars, a sentence, and a table on request.

    rows: `label`, `people`, the last row those who reach none. The text is for `st.markdown`, which keeps SVG where
    `st.html` strips it; it has no empty lines, which would end it there.
    """
    total = max(float(rows["people"].sum()), 1.0)
    title = _("Oameni după drumul până la cel mai apropiat serviciu care îi primește")
    said = "; ".join(
        _("{label}: {n} ({share} %)").format(label=label, n=known(people), share=number(100 * people / total))
        for label, people in rows[["label", "people"]].itertuples(index=False)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td class="hs-num">{known(people)}</td>'
        f'<td class="hs-num">{number(100 * people / total)} %</td></tr>'
        for label, people in rows[["label", "people"]].itertuples(index=False)
    )
    heads = ((_("Minute"), ""), (_("Oameni"), "hs-num"), (_("Parte"), "hs-num"))
    table = framed(title, heads, body)
    summary = escape(_("Aceleași numere, ca tabel"))
    return (
        f'<figure class="hs-card" style="margin:0 0 var(--gap)"><figcaption style="font-weight:700">{escape(title)}'
        f"</figcaption>{_svg(rows, title, said)}"
        f'<details class="hs-more"><summary>{summary}</summary>{table}</details></figure>'
    )


def _svg(rows: pd.DataFrame, title: str, said: str) -> str:
    most = max(float(rows["people"].max()), 1.0)
    drawn = []
    for place, (label, people) in enumerate(rows[["label", "people"]].itertuples(index=False)):
        long = (_WIDE - _WORDS - _FIGURES) * float(people) / most
        middle = (place + 0.5) * _STEP
        colour = "var(--ink-soft)" if place == len(rows) - 1 else "var(--accent)"
        drawn.append(
            f'<text x="{_WORDS - 8}" y="{middle + 5:.1f}" text-anchor="end" style="fill:var(--ink-soft)">'
            f"{escape(label)}</text>"
            f'<rect x="{_WORDS}" y="{middle - _BAR / 2:.1f}" width="{long:.1f}" height="{_BAR}" '
            f'style="fill:{colour}"/>'
            f'<text x="{_WORDS + long + 6:.1f}" y="{middle + 5:.1f}" style="fill:var(--ink)">{known(people)}</text>'
        )
    tall = _STEP * len(rows)
    line = f'<line x1="{_WORDS}" x2="{_WORDS}" y1="0" y2="{tall}" style="stroke:var(--field);stroke-width:1"/>'
    return (
        f'<svg role="img" aria-label="{escape(title)}. {escape(said)}" viewBox="0 0 {_WIDE} {tall}" width="100%" '
        f'font-size="14" xmlns="http://www.w3.org/2000/svg" '
        f'style="display:block;font-family:inherit;max-width:400px;margin:10px 0 4px">{"".join(drawn)}{line}</svg>'
    )
