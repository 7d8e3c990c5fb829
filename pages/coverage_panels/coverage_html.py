"""What „Acoperire” says, made ready for its templates: figures, gaps, people by minutes, levels, the map in words.

No Streamlit here. Facts in, markup out: how it looks is in templates/screen/coverage.html, which escapes every text;
what is not known is said in words, never as NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import N_, _, ngettext, number
from core.templating import render_macro
from geo.maps.map_style import LegendKey
from providers.planning.coverage_measures import NAMED, measure_help, measure_words
from providers.planning.coverage_tables import report_words
from providers.rules import wording
from providers.rules.travel_words import estimate_note
from reports.planning.coverage_answer import people_words
from reports.planning.coverage_brief import class_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from geo.spatial.travel import TravelBasis
    from reports.planning.coverage_answer import CoverageAnswer

SPECIAL = ("minutes_mean", "places_per_1000_2sfca", "places_per_1000_e2sfca", "places_per_1000_bfca")
_GAPS_AT_ONCE = 5
_GAPS_IN_ANSWER = 3
_MOST_GAPS = 20
# Of the drawing, in its own units: about a pixel on a telephone. Bars lie, so that words and figures of any length fit.
_WIDE, _STEP, _BAR = 310, 26, 16
_WORDS = 76  # room before the bars
_DIGIT = 8.6  # of the figure after a bar, with room for the next size of letters

_draw = partial(render_macro, "screen/coverage.html")


@dataclass(frozen=True)
class Bar:
    """A bar of a drawing with its words and figure, in the drawing's own units."""

    label: str
    figure: str
    y: str
    text_y: str
    length: str
    figure_x: str
    is_out_of_reach: bool


@dataclass(frozen=True)
class BarDrawing:
    """Bars under each other, and what they have in common, in the drawing's own units."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    thickness: int
    words_x: int
    bars_x: int


# What measures beside the named ones are called where they are chosen (a telephone has room for two or three words),
# and in a sentence.
_MORE_MEASURES = {
    "minutes_mean": (N_("Minute"), N_("minute până la cel mai apropiat")),
    "places_per_1000_2sfca": (N_("Locuri (2SFCA)"), N_("locuri la 1.000 de oameni (2SFCA)")),
    "places_per_1000_e2sfca": (N_("Locuri (E2SFCA)"), N_("locuri, cele apropiate cântăresc mai mult (E2SFCA)")),
    "places_per_1000_bfca": (N_("Locuri (BFCA)"), N_("locuri, fără să se numere nimic de două ori (BFCA)")),
}


def measure_name(code: str) -> str:
    """Name a measure in a sentence."""
    return measure_words(code) if code in NAMED else _(_MORE_MEASURES[code][1])


def measure_option(code: str) -> str:
    """Name a measure for specialists where it is chosen."""
    return _(_MORE_MEASURES[code][0]) if code else _("măsura de sus")


def render_answer(answer: CoverageAnswer, key: str) -> Markup:
    """Draw the answer's heading, its three numbers and the greatest gaps.

    key: what was asked, by which a script tells a new answer from the old one.
    """
    return _draw("answer", answer, key, answer.gaps[:_GAPS_IN_ANSWER])


def render_calls(answer: CoverageAnswer, *, is_led_to: bool = False) -> Markup:
    """List the telephone calls. is_led_to: a button just led here; its head takes the focus and comes into view."""
    heads = (("#", "hs-num"), (_("Serviciul"), ""), (_("Telefon"), ""), (_("Depind de el"), "hs-num"),
             (_("Locuri"), "hs-num"))  # fmt: skip
    return _draw("calls", answer, heads, is_led_to)


def render_plan_table(answer: CoverageAnswer) -> Markup:
    """Put the plans side by side, the telephone calls first."""
    heads = tuple((head, "hs-num" if head else "") for head in answer.plan_heads)
    return _draw("plan_table", answer.plan_caption, heads, answer.plan_rows)


def render_measures() -> Markup:
    """Explain the measures in plain words, each with its source."""
    lines = (
        *(measure_help(measure) for measure in NAMED),
        _("Minute: drumul până la cel mai apropiat serviciu care primește oameni de acolo, plin sau nu."),
        _("2SFCA: locurile din jur împărțite la toate persoanele care ajung la ele (Luo și Wang, 2003)."),
        _("E2SFCA: la fel, dar un loc apropiat cântărește mai mult decât unul depărtat (Luo și Qi, 2009)."),
        _("BFCA: nici oamenii, nici locurile nu se numără de două ori (Páez, Higgins și Vivona, 2019)."),
    )  # fmt: skip
    return _draw("measures", lines)


def known(value: Any, digits: int = 0) -> str:
    """Write a figure, or that it is not known."""
    return _("nu se știe") if pd.isna(value) else number(float(value), digits)


def format_way(minutes: Any, unknown: str) -> str:
    """Write minutes of a way; unknown: what is said where there are none."""
    if pd.isna(minutes):
        return unknown
    return wording.average_words(float(minutes))


def _minutes(value: Any) -> str:
    return format_way(value, _("nimeni nu ajunge"))


def render_main_figures(row: pd.Series[Any]) -> Markup:
    """Draw the main figures of a county or the country."""
    lines = [
        (_("Au nevoie (estimare)"), _people(row["people"])),
        (_("Acces: fără serviciu accesibil"), _people(row["unreached"])),
        (_("Capacitate: fără loc, după licențe"), _people(row["unmet_licensed"])),
        (_("Deja în servicii (locuri ocupate)"), _people(row["taken_now"])),
        (_("Persoane noi cu loc liber acum"), _people(row["served_now"])),
        (_("Persoane noi fără loc liber acum"), _people(row["unmet_now"])),
        (_("La 15, 30, 60 de minute"), " · ".join(known(row[f"within_{m}"]) for m in (15, 30, 60))),
        (
            _("Deplasarea: jumătate ajung în cel mult; media"),
            f"{_minutes(row['minutes_median'])} · {_minutes(row['minutes_mean'])}",
        ),
        (_("Servicii"), _counts(row)),
        (_("Cu adresă protejată"), known(row["services_protected"])),
    ]
    return _draw("main_figures", lines)


def _people(value: Any) -> str:
    return known(value) if pd.isna(value) else people_words(value)


def _counts(row: pd.Series[Any]) -> str:
    words = _("{all}, din care fără raport {never}, cu raport vechi {stale}, pline {full}")
    return words.format(all=known(row["services"]), never=known(row["services_never"]),
                        stale=known(row["services_stale"]), full=known(row["services_full"]))  # fmt: skip


def render_gaps(answer: CoverageAnswer) -> Markup:
    """List the greatest gaps: where, how many people, why, and whom to phone first; the first few at once."""
    caption, total = answer.gap_caption, len(answer.gaps)
    if total > _MOST_GAPS:
        caption += ", " + _("primele {n} din {total}").format(n=_MOST_GAPS, total=number(total))
    heads = ((_("Nr."), "hs-num"), (_("Unitatea"), ""), (_("Persoane"), "hs-num"), (_("De ce"), ""),
             (_("Drum"), "hs-num"), (_("Prioritate"), "hs-num"))  # fmt: skip
    gaps = answer.gaps[:_MOST_GAPS]
    shown, rest = gaps[:_GAPS_AT_ONCE], gaps[_GAPS_AT_ONCE:]
    more = ngettext("Încă {n}", "Încă {n}", len(rest)).format(n=len(rest)) if rest else ""
    return _draw("gaps", caption, heads, shown, more, rest)


def render_levels(rows: pd.DataFrame, name: str, basis: str, *, caption: str) -> Markup:
    """List a level: people, served and left out on the basis, the way."""
    heads = ((_("Unitatea"), ""), (_("Au nevoie"), "hs-num"), (_("Au loc"), "hs-num"), (_("Fără loc"), "hs-num"),
             (_("Drum"), "hs-num"))  # fmt: skip
    lines = [
        (
            str(r[name]), known(r["people"]), known(r[f"served_{basis}"]), known(r[f"unmet_{basis}"]),
            _minutes(r["minutes_mean"]),
        )
        for r in rows.to_dict("records")
    ]  # fmt: skip
    return _draw("plain_table", caption, heads, lines)


def render_special(rows: pd.DataFrame, *, caption: str) -> Markup:
    """List places per 1,000 people by every method. rows: with the column `name`."""
    heads = ((_("Unitatea"), ""), ("2SFCA", "hs-num"), ("E2SFCA", "hs-num"), ("BFCA", "hs-num"))
    lines = [
        (str(r["name"]), *(known(r[f"places_per_1000_{m}"], 1) for m in ("2sfca", "e2sfca", "bfca")))
        for r in rows.to_dict("records")
    ]
    return _draw("plain_table", caption, heads, lines)


def render_flows(rows: pd.DataFrame, names: Mapping[str, str]) -> Markup:
    """List who crosses the county's border to a place, and who comes."""
    heads = ((_("De unde"), ""), (_("Unde"), ""), (_("Câți"), "hs-num"))
    lines = [
        (
            names.get(r["from_county"], r["from_county"]),
            names.get(r["to_county"], r["to_county"]),
            people_words(r["people"]) if r["people"] >= 1 else _("sub o persoană"),
        )
        for r in rows.to_dict("records")
    ]
    return _draw("plain_table", _("Persoane care se adresează altui județ"), heads, lines)


def render_neighbours(rows: pd.DataFrame, names: Mapping[str, str]) -> Markup:
    """List the services of neighbouring counties that are within reach and take people from here."""
    heads = ((_("Serviciul"), ""), (_("Județul"), ""), (_("De la, minute"), "hs-num"),
             (_("Persoane care ajung"), "hs-num"), (_("Locuri licențiate"), "hs-num"),
             (_("Libere acum"), "hs-num"))  # fmt: skip
    lines = [
        (
            str(r["name"]), names.get(r["county"], str(r["county"])), _minutes(r["minutes"]), known(r["people_near"]),
            *(_places(r[places]) for places in ("places_licensed", "places_now")),
        )
        for r in rows.to_dict("records")
    ]  # fmt: skip
    return _draw("plain_table", _("Ce oferă județele vecine oamenilor de aici"), heads, lines)


def _places(value: Any) -> str:
    return _("fără limită") if value == float("inf") else known(value)


def render_report_ages(rows: pd.DataFrame) -> Markup:
    """Tell how old the reports are: how much of what is licensed is known to be free, stale or never reported."""
    heads = ((_("Rapoarte"), ""), (_("Servicii"), "hs-num"), (_("Locuri licențiate"), "hs-num"), (_("Pline"), "hs-num"))
    lines = [
        (report_words(r["report"]), known(r["services"]), known(r["places_licensed"]), known(r["full"]))
        for r in rows.to_dict("records")
    ]
    return _draw("plain_table", _("Cât de vechi sunt rapoartele de locuri"), heads, lines)


def render_distribution(rows: pd.DataFrame) -> str:
    """Draw people by minutes to the nearest service that serves them: bars, a sentence, and a table on request.

    rows: `label`, `people`, the last row those who reach none. The text is for `st.markdown`, which keeps SVG where
    `st.html` strips it; it has no empty lines, which would end it there.
    """
    total = max(float(rows["people"].sum()), 1.0)
    people = [(str(label), float(n)) for label, n in rows[["label", "people"]].itertuples(index=False)]
    text = "; ".join(
        _("{label}: {n} ({share} %)").format(label=label, n=known(n), share=number(100 * n / total))
        for label, n in people
    )
    heads = ((_("Minute"), ""), (_("Oameni"), "hs-num"), (_("Parte"), "hs-num"))
    lines = [(label, known(n), f"{number(100 * n / total)} %") for label, n in people]
    title = _("Oameni după drumul până la cel mai apropiat serviciu care îi primește")
    drawn = _draw("distribution", title, text, _bars(people), heads, lines)
    return "\n".join(line for line in drawn.split("\n") if line.strip())


def _bars(people: Sequence[tuple[str, float]]) -> BarDrawing:
    most = max(*(n for _label, n in people), 1.0)
    figures = 12 + _DIGIT * max(len(known(n)) for _label, n in people)  # no figure is cut, however long
    bars = []
    for place, (label, n) in enumerate(people):
        length = (_WIDE - _WORDS - figures) * n / most
        middle = (place + 0.5) * _STEP
        bars.append(
            Bar(
                label, known(n), y=f"{middle - _BAR / 2:.1f}", text_y=f"{middle + 5:.1f}", length=f"{length:.1f}",
                figure_x=f"{_WORDS + length + 6:.1f}", is_out_of_reach=place == len(people) - 1,
            )
        )  # fmt: skip
    return BarDrawing(
        tuple(bars), width=_WIDE, height=_STEP * len(people), thickness=_BAR, words_x=_WORDS - 8, bars_x=_WORDS
    )


def service_words() -> dict[str, str]:
    """Return in words what the points of services mean."""
    return {"free": _("serviciu cu loc"), "ask": _("serviciu: sunați"), "full": _("serviciu plin")}


def render_legend(words: Sequence[str], unknown: str, travel: TravelBasis, *, is_approximate: bool) -> Markup:
    """Explain the colours in words, and what minutes rest on. unknown: what the hatching of the unknown means."""
    lines = [LegendKey(f"class-{grade}", text) for grade, text in enumerate(words, start=1)]
    lines.append(LegendKey("class-5", unknown))
    lines.append(LegendKey("class-0", _("nimeni cu nevoie")))
    lines += [LegendKey(f"service-{state}", text) for state, text in service_words().items()]
    how = estimate_note(travel)
    if is_approximate:
        how += " " + _("Limitele unităților sunt aproximative.")
    return render_macro("screen/_macros.html", "map_notes", lines, how)


def limits_words(measure: str, limits: Sequence[float]) -> list[str]:
    """Format the four classes of a measure in words."""
    if measure in NAMED:
        return class_words(measure)
    if measure == "minutes_mean":
        a, b, c = (wording.minute_words(v) for v in limits)
        between = _("între {a} și {b}")
        inner = [between.format(a=low, b=high) for low, high in ((a, b), (b, c))]
        return [_("cel mult {n}").format(n=a), *inner, _("peste {n}").format(n=c)]
    a, b, c = (number(v, 1) for v in limits)
    unit = _("locuri la 1.000 de oameni")
    return [
        _("cel mult {a} {unit}").format(a=a, unit=unit), _("{a}–{b} {unit}").format(a=a, b=b, unit=unit),
        _("{a}–{b} {unit}").format(a=b, b=c, unit=unit), _("peste {a} {unit}").format(a=c, unit=unit),
    ]  # fmt: skip
