"""Scenarios of „Acoperire” as HTML text: one as a card, two side by side, who waits. No Streamlit here."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, number
from pages.coverage_panels.coverage_html import framed, known
from providers.rules import wording
from reports.planning.plan_report import opening_words, plan_words, proof_words, said_uats, what_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from providers.planning.county_plan import CountyPlan

_MOST_UATS = 40


def plan_card(plan: CountyPlan, name: str) -> str:
    """Draw one scenario: what it does, where, on which days, and every UAT before and after."""
    title = f'<p class="hs-soft">{escape(plan.title)}</p>' if plan.title not in name else ""
    lines = "".join(f"<p>{escape(line)}</p>" for line in plan_words(plan))
    table = _openings(plan, name) if len(plan.openings) else ""
    days = "".join(
        f"<li>{escape(_('Echipa {n}, {day}: {name}').format(n=r['team'], day=_(r['day']), name=r['name']))}</li>"
        for r in plan.rounds.to_dict("records")
    )
    days = f"<ul>{days}</ul>" if days else ""
    body = f"<h2>{escape(name)}</h2>{title}{lines}{table}{days}{_before_after(plan, name)}"
    return f'<section class="hs-card">{body}</section>'


def _openings(plan: CountyPlan, name: str) -> str:
    # Regions of a page are told apart by their names.
    heads = (
        ("#", "hs-num"), (_("Unde"), ""), (_("Locuri"), "hs-num"), (_("Oameni"), "hs-num"), (_("Drum"), "hs-num"),
        (_("Lei pe an"), "hs-num"),
    )  # fmt: skip
    rows = "".join(
        f'<tr><td class="hs-num hs-rank">{r["order"]}</td><th scope="row">{escape(opening_words(r, plan.county))} '
        f'<span class="hs-soft">{escape(what_words(r["what"]))}</span></th><td class="hs-num">{known(r["places"])}</td>'
        f'<td class="hs-num">{known(r["people"])}</td><td class="hs-num">{_way(r["minutes"])}</td>'
        f'<td class="hs-num">{known(r["lei"])}</td></tr>'
        for r in plan.openings.to_dict("records")
    )
    return framed(f"{name}: {_('Ce se deschide sau crește')}", heads, rows)


def _before_after(plan: CountyPlan, name: str) -> str:
    """List every UAT where something changes, the most helped first."""
    rows = said_uats(plan)
    rows = rows[rows["gained"] > 0].sort_values(["gained", "uat_siruta"], ascending=[False, True])
    if rows.empty:
        return ""
    heads = (
        (_("Unitatea"), ""), (_("Fără loc înainte"), "hs-num"), (_("Fără loc după"), "hs-num"),
        (_("Drum înainte"), "hs-num"), (_("Drum după"), "hs-num"),
    )  # fmt: skip
    body = "".join(
        f'<tr><th scope="row">{escape(str(r["name"]))}</th><td class="hs-num">{known(r["unmet_before"])}</td>'
        f'<td class="hs-num">{known(r["unmet_after"])}</td><td class="hs-num">{_way(r["minutes_before"])}</td>'
        f'<td class="hs-num">{_way(r["minutes_after"])}</td></tr>'
        for r in rows.head(_MOST_UATS).to_dict("records")
    )
    caption = f"{name}: {_('Înainte și după, unde se schimbă ceva')}"
    if len(rows) > _MOST_UATS:
        caption += ", " + _("primele {n} din {total}").format(n=_MOST_UATS, total=number(len(rows)))
    summary = escape(_("Înainte și după, pe unități"))
    return f'<details class="hs-more"><summary>{summary}</summary>{framed(caption, heads, body)}</details>'


def _way(value: Any) -> str:
    return (
        "–" if pd.isna(value) else escape(wording.minute_words(float(value)) if float(value) >= 1 else _("sub 1 min"))
    )


def compared(first: tuple[CountyPlan, str], second: tuple[CountyPlan, str]) -> str:
    """Put two scenarios side by side, as a whole and for every UAT where they differ."""
    (a, a_name), (b, b_name) = first, second
    heads = (("", ""), (a_name, "hs-num"), (b_name, "hs-num"))
    rows = [
        (_("Fără loc înainte"), known(a.left_out_before), known(b.left_out_before)),
        (_("Fără loc după"), known(a.left_out_after), known(b.left_out_after)),
        (_("Câștigă un loc"), known(a.gained), known(b.gained)),
        (_("Drumul mediu la locul primit"), _way(a.minutes_after), _way(b.minutes_after)),
        (_("Servicii noi"), *(known((p.openings["what"] == "new").sum()) for p in (a, b))),
        (_("Locuri în plus"), *(known(p.openings["places"].sum()) for p in (a, b))),
        (_("Lei pe an"), known(a.lei_a_year), known(b.lei_a_year)),
        (_("Cât de sigur"), escape(proof_words(a)), escape(proof_words(b))),
    ]
    both = a.uats.merge(b.uats, on=["uat_siruta", "name"], suffixes=("_a", "_b"))
    differ = both[both["unmet_after_a"] != both["unmet_after_b"]]
    names = differ.sort_values("name").to_dict("records")
    if names:
        rows.append((_("Fără loc după, unde diferă:"), "", ""))
    rows += [(f"· {r['name']}", known(r["unmet_after_a"]), known(r["unmet_after_b"])) for r in names]
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="hs-num" style="white-space:normal">{one}</td>'
        f'<td class="hs-num" style="white-space:normal">{other}</td></tr>'
        for name, one, other in rows
    )
    return framed(_("Două scenarii alături"), heads, body)


def waiting_card(lines: Iterable[str]) -> str:
    """Draw what the order of arrival loses, in sentences."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    title = escape(_("Cei care au așteptat: cine ar merge unde"))
    return f'<section class="hs-card"><h2>{title}</h2>{body}</section>'
