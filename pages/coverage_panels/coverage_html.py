"""Pieces of „Acoperire” as HTML text: figures, gaps, distribution, plans. No Streamlit here.

Text of a register goes through `html.escape`; what is not known is said in words, never as NaN.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, ngettext, number
from pages.common import stacked
from pages.common.community_html import SHEET
from providers.finder.offer_view import phones
from providers.planning.coverage_tables import reason_words, report_words
from providers.rules import wording
from reports.planning.coverage_files import class_words

if TYPE_CHECKING:
    from collections.abc import Sequence

MEASURES = ("left_out", "minutes_mean", "places_per_1000_2sfca", "places_per_1000_e2sfca", "places_per_1000_bfca")
_GAPS_AT_ONCE = 10


def measure_name(code: str) -> str:
    """Name a measure."""
    return {
        "left_out": _("oameni fără loc"),
        "minutes_mean": _("minute până la cel mai apropiat"),
        "places_per_1000_2sfca": _("locuri la 1.000 de oameni (2SFCA)"),
        "places_per_1000_e2sfca": _("locuri, cele apropiate cântăresc mai mult (E2SFCA)"),
        "places_per_1000_bfca": _("locuri, fără să se numere nimic de două ori (BFCA)"),
    }[code]


def explained() -> str:
    """Explain the measures in plain words, each with its source."""
    lines = (
        _("Fără loc: fiecare om își caută loc la serviciile care îl primesc, în pragul de timp; un loc se dă o singură "
          "dată. Cine nu găsește este numărat aici."),
        _("Minute: drumul până la cel mai apropiat serviciu care primește oameni de acolo, plin sau nu."),
        _("2SFCA: locurile din jur împărțite la toți cei care ajung la ele (Luo și Wang, 2003)."),
        _("E2SFCA: la fel, dar un loc apropiat cântărește mai mult decât unul depărtat (Luo și Qi, 2009)."),
        _("BFCA: nici oamenii, nici locurile nu se numără de două ori (Páez, Higgins și Vivona, 2019)."),
        _("Libere acum: raportate recent, fără cele reținute. Ultimul raport: oricât de vechi. Licențiate: ca și cum "
          "toate ar fi libere."),
    )  # fmt: skip
    said = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<details class="hs-more"><summary>{escape(_("Ce înseamnă măsurile"))}</summary><ul>{said}</ul></details>'


def known(value: Any, digits: int = 0) -> str:
    """Write a figure, or that it is not known."""
    return escape(_("nu se știe")) if pd.isna(value) else number(float(value), digits)


def figures(row: pd.Series[Any]) -> str:
    """Draw the main figures of a county or the country."""
    facts = [
        (_("Au nevoie (estimare)"), _people(row["people"])),
        (_("Au loc liber acum"), _people(row["served_now"])),
        (_("Fără loc liber acum"), _people(row["unmet_now"])),
        (_("Au loc, după ultimul raport"), _people(row["served_reported"])),
        (_("Ar avea loc, după licențe"), _people(row["served_licensed"])),
        (_("La 15, 30, 60 de minute"), " · ".join(known(row[f"within_{m}"]) for m in (15, 30, 60))),
        (_("Drumul, mediana; media"), f"{_minutes(row['minutes_median'])} · {_minutes(row['minutes_mean'])}"),
        (_("Servicii"), _counts(row)),
        (_("Cu adresă protejată"), known(row["services_protected"])),
    ]
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in facts)
    return f'<section class="hs-card"><h2>{escape(_("Pe scurt"))}</h2><dl>{listed}</dl></section>'


def _people(value: Any) -> str:
    if pd.isna(value):
        return known(value)
    return escape(ngettext("{n} om", "{n} oameni", int(value)).replace("{n}", number(int(value))))


def _minutes(value: Any) -> str:
    if pd.isna(value):
        return escape(_("nimeni nu ajunge"))
    return escape(wording.minute_words(float(value)) if float(value) >= 1 else _("sub 1 min"))


def _counts(row: pd.Series[Any]) -> str:
    words = _("{all}, din care fără raport {never}, cu raport vechi {stale}, pline {full}")
    return escape(words.format(all=known(row["services"]), never=known(row["services_never"]),
                               stale=known(row["services_stale"]), full=known(row["services_full"])))  # fmt: skip


def framed(caption: str, heads: Sequence[tuple[str, str]], body: str) -> str:
    """Frame a table that scrolls sideways by itself; a wide one is read row by row on a telephone."""
    names = [words for words, _kind in heads]
    # A corner without words heads nothing.
    head = "".join(
        f'<th scope="col" class="{kind}">{escape(words)}</th>' if words else "<td></td>" for words, kind in heads
    )
    return (
        f'<div class="hs-table-frame" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="hs-grid {stacked.kind(names)}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{stacked.labelled(body, names)}</tbody></table></div>"
    )


def gap_table(rows: pd.DataFrame, total: int, names: dict[str, str]) -> str:
    """List the greatest gaps: where, how many people, why, and whom to phone first; the first few at once.

    names: of the counties, by their code; blank where all the rows are of one county, which the page has named.
    """
    caption = _("Cele mai mari lipsuri: oameni × prioritatea din atlas")
    if total > len(rows):
        caption += ", " + _("primele {n} din {total}").format(n=len(rows), total=number(total))
    heads = ((_("Loc"), "hs-num"), (_("Unitatea"), ""), (_("Fără loc"), "hs-num"), (_("De ce"), ""),
             (_("Drum"), "hs-num"), (_("Prioritate"), "hs-num"))  # fmt: skip
    lines = [_gap(row, names) for row in rows.to_dict("records")]
    shown, rest = lines[:_GAPS_AT_ONCE], lines[_GAPS_AT_ONCE:]
    drawn = f'<div class="hs-apart">{framed(caption, heads, "".join(shown))}</div>'
    if rest:
        words = ngettext("Încă {n}", "Încă {n}", len(rest)).format(n=len(rest))
        more = framed(words, heads, "".join(rest))
        drawn += f'<details class="hs-more"><summary>{escape(words)}</summary>{more}</details>'
    return drawn


def _gap(row: dict[Any, Any], names: dict[str, str]) -> str:
    why = escape(reason_words(row["reason"]))
    if row["phone_first"]:
        dialled = "".join(
            f' <a class="hs-nobr" href="tel:{escape(one.dial)}">{escape(one.text)}</a>'
            for one in phones(row["phone"])[:1]
        )
        why += f'<span class="hs-soft hs-line">{escape(str(row["phone_first"]))}{dialled}</span>'
    name = f'<a href="{SHEET}{int(row["uat_siruta"])}" target="_self">{escape(str(row["name"]))}</a>'
    county = names.get(str(row["county"]), "")
    where = f' <span class="hs-soft">{escape(county)}</span>' if county else ""
    return (
        f'<tr><td class="hs-num hs-rank">{int(row["rank"])}</td><th scope="row">{name}{where}</th>'
        f"<td class='hs-num'>{known(row['unmet_now'])}</td>"
        f'<td class="hs-why">{why}</td>'
        f'<td class="hs-num">{_minutes(row["minutes_mean"])}</td>'
        f'<td class="hs-num">{known(row["priority"], 2)}</td></tr>'
    )


def level_table(rows: pd.DataFrame, name: str, basis: str, *, caption: str) -> str:
    """List a level: people, served and left out on the basis, minutes, places per 1,000."""
    heads = ((_("Unitatea"), ""), (_("Au nevoie"), "hs-num"), (_("Au loc"), "hs-num"), (_("Fără loc"), "hs-num"),
             (_("Drum"), "hs-num"), ("2SFCA", "hs-num"), ("E2SFCA", "hs-num"), ("BFCA", "hs-num"))  # fmt: skip
    body = "".join(
        f'<tr><th scope="row">{escape(str(r[name]))}</th><td class="hs-num">{known(r["people"])}</td>'
        f'<td class="hs-num">{known(r[f"served_{basis}"])}</td><td class="hs-num">{known(r[f"unmet_{basis}"])}</td>'
        f'<td class="hs-num">{_minutes(r["minutes_mean"])}</td>'
        + "".join(f'<td class="hs-num">{known(r[f"places_per_1000_{m}"], 1)}</td>' for m in ("2sfca", "e2sfca", "bfca"))
        + "</tr>"
        for r in rows.to_dict("records")
    )
    return framed(caption, heads, body)


def flow_table(rows: pd.DataFrame, names: dict[str, str]) -> str:
    """List who crosses the county's border to a place, and who comes."""
    heads = ((_("De unde"), ""), (_("Unde"), ""), (_("Oameni"), "hs-num"))
    body = "".join(
        f'<tr><th scope="row">{escape(names.get(r["from_county"], r["from_county"]))}</th>'
        f"<td>{escape(names.get(r['to_county'], r['to_county']))}</td>"
        f"<td class='hs-num'>{known(r['people'], 1)}</td></tr>"
        for r in rows.to_dict("records")
    )
    return framed(_("Oameni care trec granița județului"), heads, body)


def neighbour_table(rows: pd.DataFrame, names: dict[str, str]) -> str:
    """List the services of neighbouring counties that are within reach and take people from here."""
    heads = ((_("Serviciul"), ""), (_("Județul"), ""), (_("De la, minute"), "hs-num"), (_("Oameni în prag"), "hs-num"),
             (_("Locuri licențiate"), "hs-num"), (_("Libere acum"), "hs-num"))  # fmt: skip
    body = "".join(
        f'<tr><th scope="row">{escape(str(r["name"]))}</th><td>{escape(names.get(r["county"], str(r["county"])))}</td>'
        f'<td class="hs-num">{_minutes(r["minutes"])}</td><td class="hs-num">{known(r["people_near"])}</td>'
        + "".join(f'<td class="hs-num">{_places(r[places])}</td>' for places in ("places_licensed", "places_now"))
        + "</tr>"
        for r in rows.to_dict("records")
    )
    return framed(_("Ce oferă județele vecine oamenilor de aici"), heads, body)


def _places(value: Any) -> str:
    return escape(_("fără limită")) if value == float("inf") else known(value)


def report_table(rows: pd.DataFrame) -> str:
    """Tell how old the reports are: how much of what is licensed is known to be free, stale or never reported."""
    heads = ((_("Rapoarte"), ""), (_("Servicii"), "hs-num"), (_("Locuri licențiate"), "hs-num"), (_("Pline"), "hs-num"))
    body = "".join(
        f'<tr><th scope="row">{escape(report_words(r["report"]))}</th><td class="hs-num">{known(r["services"])}</td>'
        f'<td class="hs-num">{known(r["places_licensed"])}</td><td class="hs-num">{known(r["full"])}</td></tr>'
        for r in rows.to_dict("records")
    )
    return framed(_("Cât de vechi sunt rapoartele de locuri"), heads, body)


def legend(words: Sequence[str], *, is_approximate: bool) -> str:
    """Explain the colours in words."""
    lines = "".join(
        f'<li><i class="hs-class hs-class-{grade}"></i>{escape(text)}</li>' for grade, text in enumerate(words, start=1)
    )
    lines += f'<li><i class="hs-class hs-class-0"></i>{escape(_("nu se știe sau nimeni nu are nevoie"))}</li>'
    how = _("Minutele sunt estimate din distanța în linie dreaptă; drumul adevărat poate dura mai mult.")
    if is_approximate:
        how += " " + _("Limitele unităților sunt aproximative.")
    return f'<div class="hs-map-notes"><ul class="hs-legend">{lines}</ul><p>{escape(how)}</p></div>'


def limits_words(measure: str, limits: Sequence[float]) -> list[str]:
    """Say the four classes of a measure in words."""
    if measure == "left_out":
        return class_words()
    a, b, c = (number(v, 0 if measure == "minutes_mean" else 1) for v in limits)
    unit = _("minute") if measure == "minutes_mean" else _("locuri la 1.000 de oameni")
    return [
        _("cel mult {a} {unit}").format(a=a, unit=unit), _("{a}–{b} {unit}").format(a=a, b=b, unit=unit),
        _("{a}–{b} {unit}").format(a=b, b=c, unit=unit), _("peste {a} {unit}").format(a=c, unit=unit),
    ]  # fmt: skip
