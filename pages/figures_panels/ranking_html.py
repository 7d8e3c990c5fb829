"""What „Rapoarte” says of areas compared, made ready for its templates: the way down and up, classes, a ranking.

No Streamlit here. Facts in, markup out: how it looks is in templates/screen/ranking.html, which escapes every text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from core.i18n import _, ngettext, number
from core.templating import render_macro
from geo.maps.map_style import LegendKey
from reports.views.ranking import FENCE, FEWEST, LEAST_BASE, worst_first
from reports.views.report_views import format_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reports.indicators.indicators import Indicator, Level
    from reports.views.ranking import Class, Ranking

_FEWEST_SHARING = 3  # areas of one value that are named in one row

_draw = partial(render_macro, "screen/ranking.html")


@dataclass(frozen=True)
class RankedArea:
    """An area in a ranking. mark: that it stands out; made_of: its parts; share: of the greatest, None without bar."""

    place: str
    name: str
    address: str
    mark: str
    made_of: str
    value: str
    grade: int
    share: float | None


@dataclass(frozen=True)
class SharedPlace:
    """Areas that share a place in a ranking, with what they share. words: how many they are, with which value."""

    place: str
    words: str
    value: str
    grade: int
    share: float | None
    areas: tuple[RankedArea, ...]


def render_path(steps: Sequence[tuple[str, str]]) -> Markup:
    """Draw the way from the country to what is shown: (words, address), the last without a link; none at the top."""
    return _draw("path", steps) if len(steps) > 1 else Markup()


def render_legend(ranked: Ranking) -> Markup:
    """Render the classes in words with how many areas are in each, and what is not coloured."""
    lines = [
        (each.grade, f"{class_words(ranked.indicator, each)}: {_communities(each.count)}") for each in ranked.classes
    ]
    table = ranked.table
    has_class = any(each.is_hidden for each in ranked.classes)
    hidden = 0 if has_class else int(table["hidden"].sum())
    unknown = int((table["value"].isna() & ~table["hidden"]).sum())
    if unknown:
        lines.append((0, _("nu se știe: {n}").format(n=_communities(unknown))))
    if hidden:
        lines.append((0, _("nu se arată: {n}").format(n=_communities(hidden))))
    marked = [LegendKey(f"dot-{grade}", words) for grade, words in lines]
    out = int((table["outlier"] != "").sum())
    if out:
        words = ngettext("{n} valoare atipică", "{n} valori atipice", out).format(n=out)
        marked.append(LegendKey("dot-out", words))
    return render_macro("screen/_macros.html", "map_notes", marked)


def _communities(count: int) -> str:
    return ngettext("{n} comunitate", "{n} comunități", count).format(n=number(count))


def class_words(one: Indicator, each: Class) -> str:
    """Write the least and the greatest value of a class: 12–35; of hidden counts that they are hidden."""
    if each.is_hidden:
        return format_value(one, None, hidden=True)
    least, most = format_value(one, each.least), format_value(one, each.most)
    return least if least == most else _("{least}–{most}").format(least=least, most=most)


def render_outliers(ranked: Ranking) -> Markup:
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
    return _draw("folded", _("Ce înseamnă „valoare atipică”"), lines)


def render_ranking(ranked: Ranking, leads_to: Callable[[str], str], *, turned: bool = False) -> Markup:
    """List areas from the worst on, with bars and a word beside who stands out. turned: the best first.

    Areas that share a place are named in one row, with their value said once.
    """
    table = worst_first(ranked, turned=turned)
    top = table["value"].max()
    rows: list[RankedArea | SharedPlace] = []
    for _place, some in groupby(table.to_dict("records"), lambda row: (row["place"] is pd.NA, str(row["place"]))):
        areas = [_ranked_area(ranked.indicator, row, leads_to, top) for row in some]
        rows += [_shared(ranked.level, areas)] if len(areas) >= _FEWEST_SHARING else areas
    first = {"region": _("Regiunea"), "county": _("Județul"), "community": _("Comunitatea")}[ranked.level]
    heads = ((_("Locul"), "hs-num"), (first, ""), (_("Valoare"), "hs-num"), (_("Parte"), "hs-bar-cell"))
    caption = _("{indicator}, în ordine").format(indicator=_(ranked.indicator.name))
    return _draw("ranking", caption, heads, rows)


def _shared(level: Level, areas: list[RankedArea]) -> SharedPlace:
    count = {
        "region": ngettext("{n} regiune", "{n} regiuni", len(areas)),
        "county": ngettext("{n} județ", "{n} județe", len(areas)),
        "community": ngettext("{n} comunitate", "{n} comunități", len(areas)),
    }[level].format(n=len(areas))
    value = areas[0].value if areas[0].value != "–" else _("valoare necunoscută")
    words = _("{areas} cu {value}").format(areas=count, value=value)
    return SharedPlace(areas[0].place, words, areas[0].value, areas[0].grade, areas[0].share, tuple(areas))


def _ranked_area(one: Indicator, row: dict[Any, Any], leads_to: Callable[[str], str], top: float) -> RankedArea:
    value = None if pd.isna(row["value"]) else float(row["value"])
    made_of = ""
    if one.denominator and not pd.isna(row["numerator"]) and not pd.isna(row["denominator"]):
        words = _("{top} din {below}") if one.is_share else _("{top} împărțit la {below}")
        made_of = words.format(top=number(row["numerator"]), below=number(row["denominator"]))
    share = None
    if value:
        share = 0.0 if pd.isna(top) or top <= 0 else max(0.0, min(1.0, value / top))
    return RankedArea(
        place="–" if pd.isna(row["place"]) else number(int(row["place"])),
        name=str(row["name"]),
        address=leads_to(str(row["area"])),
        mark={"high": _("valoare atipică: mare"), "low": _("valoare atipică: mică")}.get(row["outlier"], ""),
        made_of=made_of,
        value=format_value(one, value, hidden=bool(row["hidden"])),
        grade=int(row["grade"]),
        share=share,
    )


def level_words(level: Level) -> str:
    """Name the areas of a level."""
    return {"region": _("regiuni"), "county": _("județe"), "community": _("comunități")}.get(level, level)


def render_made_of(one: Indicator, lines: Sequence[str]) -> Markup:
    """Render of a figure what it is, how it comes about, and which editions and days it rests on."""
    how = {
        "manual": _("Comunitățile îl scriu în raportul lunar."),
        "computed": _("Programul îl numără din ce are înregistrat."),
        "formula": _("Se calculează din alte cifre, la fiecare nivel din sumele lui."),
    }[one.entry]
    summary = _("Ce este și din ce date: {name}").format(name=_(one.name))
    return _draw("folded", summary, [_(one.definition), how, *lines])
