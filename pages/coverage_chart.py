"""People by minutes as a drawn chart: SVG in the page itself, with its words and numbers beside it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from geo.language import _, number
from pages.coverage_html import framed, known

if TYPE_CHECKING:
    import pandas as pd

_WIDE, _TALL = 360, 180  # of the drawing, in its own units
_TOP, _FOOT, _GAP = 22, 40, 6


def distribution(rows: pd.DataFrame) -> str:
    """Draw people by minutes to the nearest service that serves them: columns, a sentence, and a table on request.

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
    step = _WIDE / max(len(rows), 1)
    floor = _TALL - _FOOT
    drawn = []
    for place, (label, people) in enumerate(rows[["label", "people"]].itertuples(index=False)):
        high = (floor - _TOP) * float(people) / most
        left, middle = place * step + _GAP / 2, (place + 0.5) * step
        colour = "var(--ink-soft)" if place == len(rows) - 1 else "var(--accent)"
        drawn.append(
            f'<rect x="{left:.1f}" y="{floor - high:.1f}" width="{step - _GAP:.1f}" height="{high:.1f}" '
            f'style="fill:{colour}"/>'
            f'<text x="{middle:.1f}" y="{floor - high - 6:.1f}" text-anchor="middle" font-size="13" '
            f'style="fill:var(--ink)">{known(people)}</text>' + _label(label, middle, floor)
        )
    line = f'<line x1="0" x2="{_WIDE}" y1="{floor}" y2="{floor}" style="stroke:var(--field);stroke-width:1"/>'
    return (
        f'<svg role="img" aria-label="{escape(title)}. {escape(said)}" viewBox="0 0 {_WIDE} {_TALL}" width="100%" '
        f'xmlns="http://www.w3.org/2000/svg" style="font-family:inherit;max-height:260px">{"".join(drawn)}{line}</svg>'
    )


def _label(label: str, middle: float, floor: float) -> str:
    """Write a label under its column, in two lines where it is words."""
    words = label.split(" ", 1)
    return "".join(
        f'<text x="{middle:.1f}" y="{floor + 16 + 14 * line:.1f}" text-anchor="middle" font-size="12" '
        f'style="fill:var(--ink-soft)">{escape(part)}</text>'
        for line, part in enumerate(words)
    )
