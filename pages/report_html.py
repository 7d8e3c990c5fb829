"""Pieces of „Rapoarte” as HTML text: figures against targets, areas, a funnel, definitions. No Streamlit here."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.language import _, number
from reports.indicators import indicator, indicators, targets
from reports.sheets import SIDE_BY_SIDE, reached, said, target_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.indicators import Indicator, Level
    from reports.sheets import View

CARDS = ("COMM", "BEN", "TEAM-FULL", "RAP-RATE", "REF", "REF-DONE", "REF-NOPLACE", "UNMET")
STEPS = ("REF", "REF-ACC", "REF-DONE", "REF-DECL", "REF-EXP", "REF-CANC", "REF-BROKEN", "REF-OPEN")


def cards(view: View, here: dict[str, float | None], before: dict[str, float | None]) -> str:
    """Draw the key figures: value, target with its bar, and the change since the month before."""
    items = "".join(_card(view, indicator(code), here[code], before.get(code)) for code in CARDS)
    return f'<section class="hs-kpis" aria-label="{escape(_("Cifrele cele mai importante"))}">{items}</section>'


def _card(view: View, one: Indicator, value: float | None, before: float | None) -> str:
    words = said(one, value, hidden=view.is_hidden(one.code))
    share = reached(one, value) if view.level == "national" else None
    target = ""
    if share is not None:
        most = targets()[one.code][0].most
        percent = number(100 * share) + " %"
        if most is not None and share >= 1 and value is not None:
            percent = _("în interval") if value <= most else _("peste interval")
        target = (
            f'<div class="hs-kpi-bar" aria-hidden="true"><i style="width:{min(share, 1) * 100:.0f}%"></i></div>'
            f"<p>{escape(_('țintă {target}: {share}').format(target=target_words(one)[0], share=percent))}</p>"
        )
    return (
        f'<article class="hs-card hs-kpi"><h3>{escape(_(one.name))}</h3><b>{escape(words)}</b>{target}'
        f"<p>{escape(_change(one, value, before))}</p></article>"
    )


def _change(one: Indicator, value: float | None, before: float | None) -> str:
    """Say the change since the month before in words; nothing where one of them is unknown."""
    if value is None or before is None:
        return ""
    if one.is_share:
        points = 100 * (value - before)
        return _("{points} puncte procentuale față de luna dinainte").format(points=f"{points:+.0f}".replace("-", "−"))
    change = value - before
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return _("{change} față de luna dinainte").format(change=sign + number(abs(change)))


def funnel(view: View, here: dict[str, float | None]) -> str:
    """Draw what became of referrals as bars with their numbers."""
    first = here["REF"] or 0
    rows = []
    for code in STEPS:
        one, value = indicator(code), here[code]
        words = said(one, value, hidden=view.is_hidden(code))
        share = 0.0 if value is None or not first else value / first
        note = f" ({number(100 * share)} %)" if value is not None and first else ""
        rows.append(
            f"<tr><th scope='row'>{escape(_(one.name))}</th>"
            f'<td class="hs-bar-cell"><span style="width:{100 * share:.1f}%"></span></td>'
            f"<td>{escape(words + note)}</td></tr>"
        )
    head = "".join(f"<th scope='col'>{escape(w)}</th>" for w in (_("Stare"), _("Parte"), _("Câte")))
    return _table(_("Ce s-a întâmplat cu referirile"), head, "".join(rows))


def areas(view: View, level: Level, table: pd.DataFrame) -> str:
    """Put areas side by side: the same few indicators, hidden and unknown told apart in words."""
    first = {"region": _("Regiunea"), "county": _("Județul"), "community": _("Comunitatea")}[level]
    names = [first, *(_(indicator(code).name) for code in SIDE_BY_SIDE)]
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in names)
    rows = []
    for row in table.to_dict("records"):
        cells = "".join(
            f"<td>{escape(said(indicator(c), row[c], hidden=view.is_hidden(c, level, str(row['area']))))}</td>"
            for c in SIDE_BY_SIDE
        )
        rows.append(f"<tr><th scope='row'>{escape(str(row['name']))}</th>{cells}</tr>")
    caption = {"region": _("Pe regiuni"), "county": _("Pe județe"), "community": _("Pe comunități")}[level]
    return _table(caption, head, "".join(rows))


def all_indicators(view: View, table: pd.DataFrame) -> str:
    """List every indicator with its definition, its parts and every version of its target, group by group."""
    groups: dict[str, list[str]] = {}
    for row in table.to_dict("records"):
        groups.setdefault(str(row["group"]), []).append(_indicator_line(view, row))
    return "".join(
        f'<section class="hs-card hs-group"><h3>{escape(_(name))}</h3>{"".join(lines)}</section>'
        for name, lines in groups.items()
    )


def _indicator_line(view: View, row: dict[Any, Any]) -> str:
    one = indicator(str(row["code"]))
    words = said(one, row["value"], hidden=view.is_hidden(one.code))
    facts = [_(one.definition), _("Cod {code}, {unit}.").format(code=one.code, unit=_(one.unit))]
    if one.denominator and not pd.isna(row["numerator"]) and not pd.isna(row["denominator"]):
        facts.append(
            _("{top} împărțit la {below}.").format(top=number(row["numerator"]), below=number(row["denominator"]))
        )
    if view.level == "national":
        for target, said_target in zip(targets().get(one.code, ()), target_words(one), strict=True):
            note = f" ({_(target.note)})" if target.note else ""
            facts.append(
                _("Ținta {version}: {value}, din {source}{note}.").format(
                    version=target.version, value=said_target, source=_(target.source), note=note
                )
            )
    body = "".join(f"<p>{escape(fact)}</p>" for fact in facts)
    return f"<details><summary>{escape(_(one.name))}: <b>{escape(words)}</b></summary>{body}</details>"


def queue(rows: pd.DataFrame) -> str:
    """List the monthly reports that wait for somebody."""
    heads = (_("Comunitatea"), _("Luna"), _("Stare"), _("Termen"), _("Observații"))
    head = "".join(f"<th scope='col'>{escape(word)}</th>" for word in heads)
    lines = "".join(
        f"<tr><th scope='row'>{escape(str(row['name']))}</th><td>{escape(str(row['month']))}</td>"
        f"<td>{escape(str(row['state']))}{' · <b>' + escape(_('întârziat')) + '</b>' if row['is_late'] else ''}</td>"
        f"<td>{row['due_on']:%d.%m.%Y}</td><td>{escape(str(row['remark']))}</td></tr>"
        for row in rows.to_dict("records")
    )
    return _table(_("Rapoarte care așteaptă"), head, lines)


def figures(said_figures: dict[str, int]) -> str:
    """List the figures of a report that is closed."""
    head = "".join(f"<th scope='col'>{escape(word)}</th>" for word in (_("Indicator"), _("Valoare")))
    lines = "".join(
        f"<tr><th scope='row'>{escape(_(one.name))}</th><td>{escape(said(one, said_figures.get(code)))}</td></tr>"
        for code, one in indicators().items()
        if one.entry == "manual" and one.level == "community"
    )
    return _table(_("Cifrele raportului"), head, lines)


def history(rows: pd.DataFrame) -> str:
    """List what a community said of a month, the newest first."""
    heads = (_("Când"), _("Indicator"), _("Valoare"), _("De unde"))
    head = "".join(f"<th scope='col'>{escape(word)}</th>" for word in heads)
    names = {code: _(one.name) for code, one in indicators().items()}
    lines = "".join(
        f"<tr><td>{row['entered_at']:%d.%m.%Y %H:%M}</td>"
        f"<th scope='row'>{escape(names.get(row['indicator'], row['indicator']))}</th>"
        f"<td>{escape(_('ștearsă') if pd.isna(row['value']) else number(row['value']))}</td>"
        f"<td>{escape({'import': _('fișier'), 'screen': _('ecran')}.get(row['source'], row['source']))}</td></tr>"
        for row in rows.to_dict("records")
    )
    return _table(_("Istoricul cifrelor"), head, lines)


def _table(caption: str, head: str, rows: str) -> str:
    return (
        f'<div class="hs-table" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def note(lines: Sequence[str]) -> str:
    """Say something beside the figures."""
    return "".join(f'<p class="hs-quiet">{escape(line)}</p>' for line in lines)
