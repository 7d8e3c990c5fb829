"""A plan for a county in words, as lines, data and sheets: what it opens, for whom, at what cost, how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.i18n import _, ngettext, number
from providers.planning.county_plan import FARTHEST_MINUTES
from providers.planning.effective_coverage import title_of
from providers.rules.travel_words import basis_json, estimate_note
from providers.rules.wording import average_words, minute_words
from reports.output.xlsx import Sheet

if TYPE_CHECKING:
    from geo.siting.integer_program import Progress
    from providers.planning.county_plan import CountyPlan

_LEAST_GAP = 0.0001  # as a share: what is printed as 0,01 %


def plan_title(plan: CountyPlan) -> str:
    """Head a plan."""
    return _("{title} pentru „{service}”, județul {county}").format(
        title=plan.title, service=title_of(plan.code), county=plan.county
    )


def what_words(what: str) -> str:
    """Return in words what is done at an opening."""
    return {"new": _("serviciu nou"), "grow": _("locuri în plus"), "stop": _("oprire a echipei mobile")}[what]


def proof_words(plan: CountyPlan) -> str:
    """Return in words how sure it is that nothing better could be chosen."""
    if plan.is_proven:
        return _("Dovedit cel mai bun: nicio altă alegere nu face mai mult, în limitele date.")
    if not np.isfinite(plan.gap):
        return _("Căutarea s-a oprit la timp; nu se știe cât de departe este de cel mai bun.")
    text = number(100 * max(plan.gap, _LEAST_GAP), 1 if plan.gap >= 0.001 else 2)  # noqa: PLR2004 - prints as 0,1
    return _("Căutarea s-a oprit la timp: la cel mult {gap} % de cel mai bun posibil.").format(gap=text)


def progress_words(at: Progress, limit_s: float) -> str:
    """Return in words how far a search has come."""
    gap = _("încă fără soluție") if at.gap is None else _("la {n} % de cel mai bun posibil").format(
        n=number(100 * at.gap, 1)
    )  # fmt: skip
    return _("Caut de {s} s, din cel mult {limit} s: {gap}…").format(
        s=number(at.seconds), limit=number(limit_s), gap=gap
    )


def plan_words(plan: CountyPlan) -> list[str]:
    """Return in words what a plan does, in sentences."""
    lines = [
        _("Fără loc înainte: {before}; după: {after}; câștigă un loc {gained}.").format(
            before=number(plan.left_out_before), after=number(plan.left_out_after), gained=number(plan.gained)
        )
    ]
    if plan.counted_uats:
        counted = ngettext(
            "În {n} comunitate oamenii sunt numărați din cazuri; în rest, numărul este presupus.",
            "În {n} comunități oamenii sunt numărați din cazuri; în rest, numărul este presupus.",
            plan.counted_uats,
        )
        lines.append(counted.format(n=number(plan.counted_uats)))
    if plan.left_out_before == 0:
        return [*lines, _("Nicio persoană nu rămâne fără acces: nu este nimic de adăugat.")]
    if plan.placed == 0:
        lines.append(_("Nicio alegere nu ajută: nimeni dintre cei rămași nu ajunge la timp la un asemenea loc."))
    else:
        lines.append(_way_words(plan))
    lines += _travel_words(plan)
    if plan.goal == "poorest" and not plan.is_ranked:
        lines.append(_("Atlasul importat nu deosebește comunele județului: nu s-a putut alege întâi după sărăcie."))
    if len(plan.openings):
        prices = _("prețuri presupuse, de confirmat") if plan.means.prices.is_assumed else _("prețurile date de dvs.")
        lei = ngettext("{n} leu pe an", "{n} lei pe an", round(plan.lei_a_year)).format(n=number(plan.lei_a_year))
        lines.append(_("Costă {lei} ({prices}).").format(lei=lei, prices=prices))
    return [*lines, proof_words(plan), _checked_words()]


def _way_words(plan: CountyPlan) -> str:
    after = average_words(plan.minutes_after)
    if np.isnan(plan.minutes_before):
        return _("Drumul mediu al celor care primesc loc: {after}.").format(after=after)
    words = _("Drumul mediu al celor care primesc loc: {after}; până la cel mai apropiat serviciu, plin sau nu, cei "
              "rămași fără loc au azi {before}.")  # fmt: skip
    return words.format(after=after, before=average_words(plan.minutes_before))


def _travel_words(plan: CountyPlan) -> list[str]:
    if plan.goal != "travel" or not plan.placed:
        return []
    lines = [
        _("Toți primesc loc, la cel mult {far}; peste timpul maxim de {reach} merg {n}.").format(
            far=minute_words(FARTHEST_MINUTES), reach=minute_words(plan.reach_minutes), n=_people(plan.beyond)
        )
    ]
    if plan.elsewhere:
        lines.append(
            _("Dintre ei {n} merg la locuri libere azi, mai departe decât timpul maxim.").format(
                n=_people(plan.elsewhere)
            )
        )
    return lines


def _checked_words() -> str:
    return _("Verificat separat: nimeni și niciun loc nu se numără de două ori; drumul cel mai lung, bugetul și zilele "
             "echipelor se respectă.")  # fmt: skip


def _people(count: int) -> str:
    return ngettext("{n} om", "{n} oameni", count).replace("{n}", number(count))


def opening_words(row: dict[Any, Any], county: str) -> str:
    """Return in words where an opening is, and that it is a neighbour's where it is."""
    where = row["name"] if row["uat"] in ("", row["name"]) else f"{row['name']}, {row['uat']}"
    if row["county"] not in ("", county):
        where += " " + _("(județul vecin {county})").format(county=row["county"])
    return str(where)


def plan_lines(plan: CountyPlan) -> list[str]:
    """Format a plan in lines."""
    lines = [plan_title(plan)]
    for r in plan.openings.to_dict("records"):
        places = ngettext("{n} loc", "{n} locuri", r["places"]).replace("{n}", number(r["places"]))
        way = average_words(r["minutes"])
        words = f"{what_words(r['what'])}, {places}, {_people(r['people'])}, {way}"
        lines.append(f"  {r['order']}. {opening_words(r, plan.county)}: {words}")
    lines += [
        "  " + _("Echipa {n}, {day}: {name}").format(n=r["team"], day=_(r["day"]), name=r["name"])
        for r in plan.rounds.to_dict("records")
    ]
    return [*lines, *plan_words(plan), estimate_note(plan.travel)]


def plan_json(plan: CountyPlan) -> dict[str, Any]:
    """Return a plan as data; null is not known, or without meaning."""
    means = plan.means
    return {
        "service": plan.code,
        "county": plan.county,
        "goal": plan.goal,
        "title": plan.title,
        "within_minutes": plan.reach_minutes,
        "basis": plan.basis,
        "means": {
            "sites": means.sites, "places_each": means.places_each, "places_more": means.places_more,
            "teams": means.teams, "days": list(means.days) if means.teams else [], "visits": means.visits,
            "budget": means.budget, "anywhere": means.anywhere, "share": plan.share,
            "prices": {"site": means.prices.site, "place": means.prices.place, "team_day": means.prices.team_day,
                       "assumed": means.prices.is_assumed},
        },
        "travel": basis_json(plan.travel),
        "people": plan.people,
        "communities_counted_from_cases": plan.counted_uats,
        "left_out_before": plan.left_out_before,
        "left_out_after": plan.left_out_after,
        "placed": plan.placed,
        "beyond_reach": plan.beyond,
        "at_places_free_today": plan.elsewhere,
        "minutes_before": _number(plan.minutes_before),
        "minutes_after": _number(plan.minutes_after),
        "lei_a_year": plan.lei_a_year,
        "gap": _number(plan.gap),
        "proven": plan.is_proven,
        "openings": _records(plan.openings),
        "rounds": _records(plan.rounds),
        "uats": _records(plan.uats),
    }  # fmt: skip


def _number(value: float) -> float | None:
    return round(value, 6) if np.isfinite(value) else None


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    plain = rows.astype(object).where(rows.notna(), None)
    return [
        {str(k): v.item() if isinstance(v, np.generic) else v for k, v in row.items()}
        for row in plain.to_dict("records")
    ]


def openings_table(plan: CountyPlan) -> pd.DataFrame:
    """Return the openings as people read them: what is done in words, whole minutes."""
    rows = plan.openings.drop(columns=["lat", "lon"])
    return rows.assign(what=rows["what"].map(what_words), minutes=rows["minutes"].round(1))


def uats_table(plan: CountyPlan) -> pd.DataFrame:
    """Return every UAT before and after, with who gains a place."""
    rows = plan.uats.assign(gained=plan.uats["unmet_before"] - plan.uats["unmet_after"])
    return rows.round({"minutes_before": 1, "minutes_after": 1})


def with_code_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn the codes of a register into text: a SIRUTA is no amount, and has no thousands."""
    return rows.assign(**{code: rows[code].astype("str") for code in ("area_id", "uat_siruta") if code in rows})


def plan_sheets(plan: CountyPlan) -> list[Sheet]:
    """Lay a plan out as sheets: what it does in words, what to open, before and after by UAT, the team's rounds."""
    names = {
        "order": _("Ordinea"), "site_id": _("Cod"), "what": _("Ce se face"), "name": _("Denumire"),
        "uat": _("Unitatea"), "county": _("Județ"), "places": _("Locuri"),
        "days": _("Zile pe săptămână"), "people": _("Oameni"), "minutes": _("Minute, în medie"),
        "lei": _("Lei pe an"), "uat_siruta": "SIRUTA",
        "unmet_before": _("Fără loc înainte"), "unmet_after": _("Fără loc după"), "gained": _("Câștigă un loc"),
        "minutes_before": _("Minute înainte"), "minutes_after": _("Minute după"), "team": _("Echipa"),
        "day": _("Ziua"), "words": _("Pe scurt"),
    }  # fmt: skip
    tables = {
        _("Planul în cuvinte"): pd.DataFrame(
            {"words": [plan_title(plan), *plan_words(plan), estimate_note(plan.travel)]}
        ),
        _("Propunere"): openings_table(plan),
        _("Înainte și după"): with_code_text(uats_table(plan)),
    }
    if len(plan.rounds):
        tables[_("Program")] = plan.rounds.assign(day=plan.rounds["day"].map(_))
    return [Sheet(name, rows, names) for name, rows in tables.items()]
