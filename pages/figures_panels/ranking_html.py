"""Pieces of „Rapoarte” as HTML text: the way down and up, classes in words, a ranking. No Streamlit here."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, ngettext, number
from reports.views.ranking import FENCE, FEWEST, LEAST_BASE
from reports.views.report_views import format_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reports.indicators.indicators import Indicator, Level
    from reports.views.ranking import Class, Ranking

_FIRST_ROWS = 15


def path(steps: Sequence[tuple[str, str]]) -> str:
    """Draw the way from the country to what is shown: (words, address), the last without a link; none at the top."""
    if len(steps) == 1:
        return ""
    last = len(steps) - 1
    items = "".join(
        f'<li aria-current="page">{escape(words)}</li>'
        if place == last
        else f'<li><a href="{escape(address)}" target="_self">{escape(words)}</a></li>'
        for place, (words, address) in enumerate(steps)
    )
    return f'<nav class="hs-path" aria-label="{escape(_("Unde sunteți"))}"><ol>{items}</ol></nav>'


def legend(ranked: Ranking) -> str:
    """Say the classes in words with how many areas are in each, and what is not coloured."""
    lines = [
        (each.grade, f"{class_words(ranked.indicator, each)}: {_communities(each.count)}") for each in ranked.classes
    ]
    table = ranked.table
    hidden = int(table["hidden"].sum())
    unknown = int(table["value"].isna().sum()) - hidden
    if unknown:
        lines.append((0, _("nu se știe: {n}").format(n=_communities(unknown))))
    if hidden:
        lines.append((0, _("nu se arată, numărul e prea mic: {n}").format(n=_communities(hidden))))
    items = "".join(f'<li><i class="hs-class hs-dot-{grade}"></i>{escape(words)}</li>' for grade, words in lines)
    out = int((table["outlier"] != "").sum())
    if out:
        words = ngettext("{n} iese din rând", "{n} ies din rând", out).format(n=out)
        items += f'<li><i class="hs-class hs-dot-out"></i>{escape(words)}</li>'
    return f'<ul class="hs-legend">{items}</ul>'


def _communities(count: int) -> str:
    return ngettext("{n} comunitate", "{n} comunități", count).format(n=number(count))


def class_words(one: Indicator, each: Class) -> str:
    """Write the least and the greatest value of a class: 12–35."""
    least, most = format_value(one, each.least), format_value(one, each.most)
    return least if least == most else _("{least}–{most}").format(least=least, most=most)


def outliers(ranked: Ranking) -> str:
    """Explain in plain words who stands out, and with which bounds here."""
    one, found = ranked.indicator, ranked.fences
    if found is None:
        few = _("Nimic nu este marcat ca ieșit din rând: sunt mai puțin de {n} valori, sau cele mai multe sunt egale.")
        lines = [few.format(n=FEWEST)]
    else:
        high, low = format_value(one, found.high), format_value(one, found.low)
        beyond = _("sub {low} sau peste {high}").format(low=low, high=high)
        if found.low <= 0:
            beyond = _("peste {high}").format(high=high)
        half = _("Jumătatea din mijloc a valorilor stă între {first} și {third}. Iese din rând ce este {beyond}.")
        lines = [half.format(first=format_value(one, found.first), third=format_value(one, found.third), beyond=beyond)]
        rule = _(
            "Regula (gardurile lui Tukey, 1977): mai departe de jumătatea din mijloc decât de {n} ori lățimea ei. "
            "Câteva valori neobișnuite nu o mută. O valoare ieșită din rând cere o întrebare; nu este o greșeală."
        )
        lines.append(rule.format(n=number(FENCE, 1)))
        if one.denominator:
            words = _("O medie sau o parte din mai puțin de {n} de persoane sau referiri nu se marchează.")
            lines.append(words.format(n=LEAST_BASE))
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<details class="hs-more"><summary>{escape(_("Ce înseamnă „iese din rând”"))}</summary>{body}</details>'


def ranking(ranked: Ranking, leads_to: Callable[[str], str], *, rising: bool) -> str:
    """List areas by value, each name leading down to its own figures; the unknown last in both orders."""
    table = ranked.table
    if rising:
        table = pd.concat([table[table["value"].notna()].iloc[::-1], table[table["value"].isna()]])
    top = table["value"].max()
    rows = [_row(ranked.indicator, row, leads_to, top) for row in table.to_dict("records")]
    first = {"region": _("Regiunea"), "county": _("Județul"), "community": _("Comunitatea")}[ranked.level]
    heads = ((_("Locul"), "hs-num"), (first, ""), (_("Valoare"), "hs-num"), (_("Parte"), "hs-bar-cell"))
    head = "".join(f'<th scope="col" class="{kind}">{escape(words)}</th>' for words, kind in heads)
    caption = _("{indicator}, în ordine").format(indicator=_(ranked.indicator.name))
    shown, rest = rows[:_FIRST_ROWS], rows[_FIRST_ROWS:]
    drawn = _framed(caption, head, shown)
    if rest:
        words = ngettext("Încă {n}", "Încă {n}", len(rest)).format(n=len(rest))
        drawn += f'<details class="hs-more"><summary>{escape(words)}</summary>{_framed(words, head, rest)}</details>'
    return drawn


def _framed(caption: str, head: str, rows: Sequence[str]) -> str:
    return (
        f'<div class="hs-table-frame" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="hs-grid hs-ranking"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(one: Indicator, row: dict[Any, Any], leads_to: Callable[[str], str], top: float) -> str:
    value = None if pd.isna(row["value"]) else float(row["value"])
    words = format_value(one, value, hidden=bool(row["hidden"]))
    share = 0.0 if value is None or pd.isna(top) or top <= 0 else max(0.0, min(1.0, value / top))
    mark = {"high": _("iese din rând: mult"), "low": _("iese din rând: puțin")}.get(row["outlier"], "")
    chip = f' <span class="hs-out">{escape(mark)}</span>' if mark else ""
    made = ""
    if one.denominator and not pd.isna(row["numerator"]) and not pd.isna(row["denominator"]):
        words_of = _("{top} din {below}") if one.is_share else _("{top} împărțit la {below}")
        made = words_of.format(top=number(row["numerator"]), below=number(row["denominator"]))
        made = f'<span class="hs-soft">{escape(made)}</span>'
    name = f'<a href="{escape(leads_to(str(row["area"])))}" target="_self">{escape(str(row["name"]))}</a>'
    place = "–" if pd.isna(row["place"]) else number(int(row["place"]))
    bar = f'<span class="hs-class-{int(row["grade"])}" style="width:{100 * share:.1f}%"></span>' if value else ""
    return (
        f'<tr><td class="hs-num">{place}</td><th scope="row">{name}{chip}{made}</th>'
        f'<td class="hs-num">{escape(words)}</td><td class="hs-bar-cell">{bar}</td></tr>'
    )


def level_words(level: Level) -> str:
    """Name the areas of a level."""
    return {"region": _("regiuni"), "county": _("județe"), "community": _("comunități")}.get(level, level)


def made_of(one: Indicator, lines: Sequence[str]) -> str:
    """Say of a figure what it is, how it comes about, and which editions and days it rests on."""
    how = {
        "manual": _("Comunitățile îl scriu în raportul lunar."),
        "computed": _("Programul îl numără din ce are înregistrat."),
        "formula": _("Se calculează din alte cifre, la fiecare nivel din sumele lui."),
    }[one.entry]
    facts = [_(one.definition), how, *lines]
    body = "".join(f"<p>{escape(fact)}</p>" for fact in facts)
    summary = _("Ce este și din ce date: {name}").format(name=_(one.name))
    return f'<details class="hs-more"><summary>{escape(summary)}</summary>{body}</details>'
