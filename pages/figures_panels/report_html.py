"""Pieces of „Rapoarte” as HTML text: figures against targets, areas, a funnel, definitions. No Streamlit here."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, ngettext, number, written_day
from pages.common import stacked
from reports.indicators.indicators import indicator, indicators, targets
from reports.indicators.period import parse_period
from reports.views.report_views import SIDE_BY_SIDE, format_value, target_share, target_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reports.indicators.indicators import Indicator, Level
    from reports.views.report_views import ReportView

CARDS = ("COMM", "BEN", "TEAM-FULL", "RAP-RATE", "REF", "REF-DONE", "REF-NOPLACE", "UNMET")
_HALF_A_POINT = 0.5  # per cent: what rounds to no change is none
STEPS = ("REF", "REF-ACC", "REF-DONE", "REF-DECL", "REF-EXP", "REF-CANC", "REF-BROKEN", "REF-OPEN")


def cards(
    view: ReportView,
    here: dict[str, float | None],
    before: dict[str, float | None],
    *,
    chosen: str = "",
    leads_to: Callable[[str], str] = "".join,
) -> str:
    """Draw the key figures: value, target with its bar, and the change since the month before.

    chosen: the one that the map shows. leads_to: from a code to the address where a figure opens to its rows.
    """
    items = "".join(
        _card(view, indicator(code), (here[code], before.get(code)), leads_to(code), is_chosen=code == chosen)
        for code in CARDS
    )
    return f'<section class="hs-kpis" aria-label="{escape(_("Cifrele cele mai importante"))}">{items}</section>'


def _card(
    view: ReportView, one: Indicator, values: tuple[float | None, float | None], address: str, *, is_chosen: bool
) -> str:
    value, before = values
    words = format_value(one, value, hidden=view.is_hidden(one.code))
    share = target_share(one, value) if view.level == "national" else None
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
        f'<article class="hs-card hs-kpi"{" aria-current=true" if is_chosen else ""}><h3>'
        f'<a href="{escape(address)}" target="_self">{escape(_(one.name))}</a></h3><b>{escape(words)}</b>{target}'
        f"<p>{escape(_change(one, value, before))}</p></article>"
    )


def _change(one: Indicator, value: float | None, before: float | None) -> str:
    """Say the change since the month before in words; nothing where one of them is unknown."""
    if value is None or before is None:
        return ""
    if one.is_share:
        points = 100 * (value - before)
        if abs(points) < _HALF_A_POINT:
            return _("la fel ca luna dinainte")
        said = ngettext(
            "{n} punct procentual față de luna dinainte",
            "{n} puncte procentuale față de luna dinainte",
            round(abs(points)),
        )
        return said.format(n=f"{points:+.0f}".replace("-", "−"))
    change = value - before
    if not change:
        return _("la fel ca luna dinainte")
    sign = "+" if change > 0 else "−"
    return _("{change} față de luna dinainte").format(change=sign + number(abs(change)))


def funnel(view: ReportView, here: dict[str, float | None]) -> str:
    """Draw what became of referrals as bars with their numbers."""
    first = here["REF"] or 0
    rows = []
    for code in STEPS:
        one, value = indicator(code), here[code]
        words = format_value(one, value, hidden=view.is_hidden(code))
        share = 0.0 if value is None or not first else value / first
        note = f" ({number(100 * share)}\N{NO-BREAK SPACE}%)" if value is not None and first else ""
        rows.append(
            f"<tr><th scope='row'>{escape(_(one.name))}</th>"
            f'<td class="hs-bar-cell"><span style="width:{100 * share:.1f}%"></span></td>'
            f"<td>{escape(words + note)}</td></tr>"
        )
    heads = (_("Stare"), _("Parte"), _("Câte"))
    return _table(_("Ce s-a întâmplat cu referirile"), heads, "".join(rows))


def months(one: Indicator, table: pd.DataFrame) -> str:
    """List an indicator month by month with bars. table: `month` and the indicator."""
    top = table[one.code].max()
    rows = []
    for row in table.to_dict("records"):
        value = None if pd.isna(row[one.code]) else float(row[one.code])
        share = value / top if value and top > 0 else 0.0
        rows.append(
            f"<tr><th scope='row'>{escape(parse_period(str(row['month'])).label())}</th>"
            f'<td class="hs-bar-cell"><span style="width:{100 * share:.1f}%"></span></td>'
            f"<td>{escape(format_value(one, value))}</td></tr>"
        )
    heads = (_("Luna"), _("Parte"), _("Valoare"))
    return _table(_("{indicator}, luna de lună").format(indicator=_(one.name)), heads, "".join(rows))


def areas(view: ReportView, level: Level, table: pd.DataFrame, leads_to: Callable[[str], str]) -> str:
    """Put areas side by side: the same few indicators, hidden and unknown told apart in words; names lead down."""
    first = {"region": _("Regiunea"), "county": _("Județul"), "community": _("Comunitatea")}[level]
    names = [first, *(_(indicator(code).name) for code in SIDE_BY_SIDE)]
    rows = []
    for row in table.to_dict("records"):
        cells = "".join(
            f"<td>{escape(format_value(indicator(c), row[c], hidden=view.is_hidden(c, level, str(row['area']))))}</td>"
            for c in SIDE_BY_SIDE
        )
        name = f'<a href="{escape(leads_to(str(row["area"])))}" target="_self">{escape(str(row["name"]))}</a>'
        rows.append(f"<tr><th scope='row'>{name}</th>{cells}</tr>")
    caption = {"region": _("Pe regiuni"), "county": _("Pe județe"), "community": _("Pe comunități")}[level]
    return _table(caption, names, "".join(rows))


def all_indicators(view: ReportView, table: pd.DataFrame, leads_to: Callable[[str], str]) -> str:
    """List every indicator with its definition, its parts and every version of its target, group by group.

    leads_to: from a code to the address where the figure opens to its rows; blank where it has none.
    """
    groups: dict[str, list[str]] = {}
    for row in table.to_dict("records"):
        line = _indicator_line(view, row, leads_to(str(row["code"])))
        groups.setdefault(str(row["group"]), []).append(line)
    return "".join(
        f'<section class="hs-card hs-group"><h3>{escape(_(name))}</h3>{"".join(lines)}</section>'
        for name, lines in groups.items()
    )


def _indicator_line(view: ReportView, row: dict[Any, Any], address: str) -> str:
    one = indicator(str(row["code"]))
    words = format_value(one, row["value"], hidden=view.is_hidden(one.code))
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
    if address:
        leads = _("Vedeți-l pe hartă și în clasament")
        body += f'<p><a href="{escape(address)}" target="_self">{escape(leads)}</a></p>'
    return f"<details><summary>{escape(_(one.name))}: <b>{escape(words)}</b></summary>{body}</details>"


def queue(rows: pd.DataFrame) -> str:
    """List the monthly reports that wait for somebody."""
    heads = (_("Comunitatea"), _("Luna"), _("Stare"), _("Termen"), _("Observații"))
    lines = "".join(
        f"<tr><th scope='row'>{escape(str(row['name']))}</th><td>{escape(parse_period(str(row['month'])).label())}</td>"
        f"<td>{escape(str(row['state']))}{' · <b>' + escape(_('întârziat')) + '</b>' if row['is_late'] else ''}</td>"
        f"<td>{written_day(row['due_on'])}</td><td>{escape(str(row['remark']))}</td></tr>"
        for row in rows.to_dict("records")
    )
    return _table(_("Rapoarte care așteaptă"), heads, lines)


def figures(said_figures: dict[str, int]) -> str:
    """List the figures of a report that is closed."""
    lines = "".join(
        f"<tr><th scope='row'>{escape(_(one.name))}</th>"
        f"<td>{escape(format_value(one, said_figures.get(code)))}</td></tr>"
        for code, one in indicators().items()
        if one.entry == "manual" and one.level == "community"
    )
    return _table(_("Cifrele raportului"), (_("Indicator"), _("Valoare")), lines)


def history(rows: pd.DataFrame) -> str:
    """List what a community said of a month, the newest first."""
    heads = (_("Când"), _("Indicator"), _("Valoare"), _("De unde"))
    names = {code: _(one.name) for code, one in indicators().items()}
    lines = "".join(
        f"<tr><td>{written_day(row['entered_at'])} {row['entered_at']:%H:%M}</td>"
        f"<th scope='row'>{escape(names.get(row['indicator'], row['indicator']))}</th>"
        f"<td>{escape(_('ștearsă') if pd.isna(row['value']) else number(row['value']))}</td>"
        f"<td>{escape({'import': _('fișier'), 'screen': _('ecran')}.get(row['source'], row['source']))}</td></tr>"
        for row in rows.to_dict("records")
    )
    return _table(_("Istoricul cifrelor"), heads, lines)


def _table(caption: str, heads: Sequence[str], rows: str) -> str:
    head = "".join(f"<th scope='col'>{escape(word)}</th>" for word in heads)
    return (
        f'<div class="hs-table" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="{stacked.kind(heads)}"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{stacked.labelled(rows, heads)}</tbody></table></div>"
    )


def note(lines: Sequence[str]) -> str:
    """Say something beside the figures."""
    return "".join(f'<p class="hs-quiet">{escape(line)}</p>' for line in lines)
