"""What „Acoperire” answers, in the words of both its faces: three numbers, the greatest gaps, the calls, the plans."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, ngettext, number
from providers.planning.coverage_measures import left_out_words, origin_words
from providers.planning.coverage_tables import gaps, reason_words
from providers.planning.phone_calls import phone_calls
from providers.rules.wording import average_words, minute_words, phones
from reports.planning.plan_report import proof_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from providers.planning.county_plan import CountyPlan
    from providers.planning.effective_coverage import Coverage
    from providers.planning.phone_calls import PhoneCalls
    from providers.rules.wording import Phone
    from reports.planning.coverage_question import CoverageQuestion

COMMUNITY_SHEET = "/comunitati?comunitate="
_UNKNOWN_WAY = "–"
_MOST_DIFFERENT = 40  # UATs named where plans differ


@dataclass(frozen=True)
class GapLine:
    """A UAT where people find no place.

    county: its name, blank where all are of one; origin: that they were counted from cases, blank where a rule gives
    them; phone: of whom to call first.
    """

    rank: int
    name: str
    address: str
    county: str
    left_out: str
    origin: str
    reason: str
    phone_first: str
    phone: Phone | None
    way: str
    priority: str


@dataclass(frozen=True)
class CallLine:
    """One telephone call. service_id: whose places may be noted; depend, places: in words."""

    order: int
    service_id: str
    name: str
    phone: Phone | None
    county: str
    depend: str
    places: str


@dataclass(frozen=True)
class CoverageAnswer:
    """The answer as both faces show it.

    Attributes
    ----------
    asked
        The question in one line.
    lead, unknown, rest
        The three numbers, a sentence each; unknown is empty where nothing is unknown.
    gap_caption, gaps
        The greatest gaps; all of them, the greatest first.
    calls_title, calls, call_notes
        The telephone calls, and what they can and cannot tell.
    plan_caption, plan_heads, plan_rows
        The plans side by side, the telephone calls first.
    """

    asked: str
    lead: str
    unknown: str
    rest: str
    gap_caption: str
    gaps: tuple[GapLine, ...]
    calls_title: str
    calls: tuple[CallLine, ...]
    call_notes: tuple[str, ...]
    plan_caption: str
    plan_heads: tuple[str, ...]
    plan_rows: tuple[tuple[str, ...], ...]


def coverage_answer(
    found: Coverage,
    asked: CoverageQuestion,
    *,
    county_names: dict[str, str],
    plans: Sequence[tuple[str, CountyPlan]] = (),
) -> CoverageAnswer:
    """Say a coverage, and plans for it.

    Parameters
    ----------
    found
        What was computed for the question; not one of protected services.
    asked
        The question.
    county_names
        Names of the counties by their letters.
    plans
        Name and plan of each scenario.

    Returns
    -------
    CoverageAnswer
        In the language of the request.
    """
    county = asked.county or None
    calls = phone_calls(found, asked.county) if county else None
    lead, unknown, rest = _numbers(found, asked, calls)
    ranked = gaps(found, county=county, measure=asked.measure)
    names = {} if county else county_names
    return CoverageAnswer(
        asked=question_words(found, asked, county_names),
        lead=lead,
        unknown=unknown,
        rest=rest,
        gap_caption=_("Cele mai mari lipsuri, {left_out}: persoane × prioritatea din atlas").format(
            left_out=left_out_words(asked.measure)
        ),
        gaps=tuple(_gap(row, names, asked.minutes) for row in ranked.to_dict("records")),
        calls_title=_calls_title(calls),
        calls=() if calls is None else tuple(_call(row, county_names) for row in calls.calls.to_dict("records")),
        call_notes=() if calls is None else tuple(call_notes(calls)),
        plan_caption=_("Ce ar ajuta, alături"),
        plan_heads=_plan_heads(calls, plans),
        plan_rows=_plan_rows(found, asked, calls, [plan for _name, plan in plans]),
    )


def people_words(count: float) -> str:
    """Count people."""
    return ngettext("{n} persoană", "{n} persoane", round(count)).replace("{n}", number(round(count)))


def question_words(found: Coverage, asked: CoverageQuestion, county_names: dict[str, str]) -> str:
    """Format the question in one line."""
    where = county_names.get(asked.county, "") or _("toată țara")
    what = {"reach": _("acces"), "balance": _("după licențe"), "free": _("locuri libere acum")}[asked.measure]
    return f"{found.title} · {where} · {minute_words(asked.minutes)} · {what}"


def _numbers(found: Coverage, asked: CoverageQuestion, calls: PhoneCalls | None) -> tuple[str, str, str]:
    areas = found.areas if not asked.county else found.areas[found.areas["county"] == asked.county]
    people, within = int(areas["people"].sum()), minute_words(asked.minutes)
    unreached = int(areas["unreached"].sum())
    if people == 0:
        return _("După regula de mai jos nu este nimeni de numărat."), "", ""
    if asked.measure == "reach":
        lead = _("{left} din {all} nu au acest serviciu la cel mult {within}").format(
            left=number(unreached), all=people_words(people), within=within
        )
        return lead, _unknown_words(found, asked, calls), _("{all} îl au.").format(all=people_words(people - unreached))
    if asked.measure == "balance":
        left = int(areas["unmet_licensed"].sum())
        lead = _("{left} din {all} nu au loc, după licențe").format(left=number(left), all=people_words(people))
        no_service = int(areas.loc[areas["reason"].isin(["none", "not_for_them"]), "unmet_licensed"].sum())
    else:
        left = int(areas["unmet_now"].sum())
        lead = _("{left} din {all} nu au loc azi").format(left=number(left), all=people_words(people))
        no_service = int(areas.loc[areas["reason"].isin(["none", "not_for_them"]), "unmet_now"].sum())
    unknown = int(areas.loc[areas["reason"] == "unknown", "unmet_now"].sum()) if asked.measure == "free" else 0
    full = left - no_service - unknown
    words = _("{n} nu au serviciu la cel mult {within}; {full} îl au, dar plin.")
    if not full:
        words = _("{n} nu au serviciu la cel mult {within}.")
    elif asked.measure == "balance":
        words = _("{n} nu au serviciu la cel mult {within}; {full} îl au, dar cu prea puține locuri.")
    rest = words.format(n=people_words(no_service), within=within, full=number(full))
    return lead, _unknown_words(found, asked, calls), rest


def _unknown_words(found: Coverage, asked: CoverageQuestion, calls: PhoneCalls | None) -> str:
    """Say how many depend on calls; in the country nobody is called yet."""
    if calls is None:
        unknown = found.areas.loc[found.areas["reason"] == "unknown", "unmet_now"].sum()
        words = _("Pentru {n} nu se știe dacă au loc. Alegeți județul: apar telefoanele de dat.")
        return words.format(n=people_words(unknown)) if unknown else ""
    if not calls.people:
        return ""
    count = len(calls.calls)
    some = ngettext("{n} telefon", "{n} telefoane", count).replace("{n}", number(count))
    words = ngettext("{n} persoană depinde de {calls}.", "{n} persoane depind de {calls}.", calls.people)
    if asked.measure == "reach":  # its explanation says that places do not count
        words = ngettext(
            "Când se socotesc și locurile, {n} persoană depinde de {calls}.",
            "Când se socotesc și locurile, {n} persoane depind de {calls}.",
            calls.people,
        )
    elif asked.measure != "free":
        words = ngettext("Azi {n} persoană depinde de {calls}.", "Azi {n} persoane depind de {calls}.", calls.people)
    return words.replace("{n}", number(calls.people)).format(calls=some)


def _gap(row: dict[Any, Any], names: dict[str, str], most_minutes: float) -> GapLine:
    is_asked, way = bool(row["phone_first"]), _("nimeni nu ajunge")
    if pd.notna(row["minutes_mean"]):
        minutes = float(row["minutes_mean"])
        # 15,3 min of at most 15 are too far, and are not written as 15
        way = average_words(ceil(minutes) if minutes > most_minutes else minutes)
    return GapLine(
        rank=int(row["rank"]),
        name=str(row["name"]),
        address=f"{COMMUNITY_SHEET}{int(row['uat_siruta'])}",
        county=names.get(str(row["county"]), ""),
        left_out=number(int(row["left_out"])),
        origin=origin_words("cases") if row["demand_from"] == "cases" else "",
        reason=reason_words(row["reason"]),
        phone_first=str(row["phone_first"]) if is_asked else "",
        phone=next(iter(phones(row["phone"])), None) if is_asked else None,
        way=way,
        priority=number(float(row["priority"]), 2),
    )


def _call(row: dict[Any, Any], names: dict[str, str]) -> CallLine:
    licensed = row["places_licensed"]
    text = row["phone"] if isinstance(row["phone"], str) else None
    return CallLine(
        order=int(row["order"]),
        service_id=str(row["service_id"]),
        name=str(row["name"]),
        phone=next(iter(phones(text)), None),
        county=names.get(str(row["county"]), ""),
        depend=people_words(row["depend"]),
        places=_("locuri licențiate: nu se știe câte")
        if pd.isna(licensed)
        else ngettext("{n} loc licențiat", "{n} locuri licențiate", round(licensed)).replace("{n}", number(licensed))
        if licensed != float("inf")
        else _("fără limită"),
    )


def _calls_title(calls: PhoneCalls | None) -> str:
    if calls is None or calls.calls.empty:
        return _("Niciun telefon de dat")
    count = len(calls.calls)
    return ngettext("{n} telefon de dat", "{n} telefoane de dat", count).replace("{n}", number(count))


def call_notes(calls: PhoneCalls) -> list[str]:
    """Return in words what the calls can tell, and how sure it is that no fewer would do.

    Parameters
    ----------
    calls
        Of a county.

    Returns
    -------
    list of str
        In the language of the request; empty where nobody is to be called.
    """
    if calls.calls.empty:
        return []
    notes = [
        _("La cel puțin unul dintre aceste servicii ajunge fiecare dintre cei pentru care nu se știe dacă au loc."),
        _("Un telefon nu adaugă locuri: spune unde sunt. Orice s-ar afla, rămân fără loc cel puțin {n}.").format(
            n=people_words(calls.least_left_out)
        ),
    ]
    if calls.others:
        words = ngettext(
            "Dacă toate spun că sunt pline, mai este de întrebat {n} serviciu din apropiere.",
            "Dacă toate spun că sunt pline, mai sunt de întrebat {n} servicii din apropiere.",
            calls.others,
        )
        notes.append(words.replace("{n}", number(calls.others)))
    if calls.is_fewest:
        notes.append(_("Dovedit: cu mai puține telefoane nu se ajunge la toți."))
    else:
        row = calls.calls.iloc[len(calls.calls) // 2]
        words = _("Primele {n} ajung la {reached}; oricare altele, tot atâtea, la cel mult {most}.")
        notes.append(
            words.format(n=number(int(row["order"])), reached=people_words(row["reached"]), most=number(row["at_most"]))
        )
    return notes


def _plan_heads(calls: PhoneCalls | None, plans: Sequence[tuple[str, CountyPlan]]) -> tuple[str, ...]:
    phone = () if calls is None else (_("0. Telefoane: {n}").format(n=number(len(calls.calls))),)
    return ("", *phone, *(name for name, _plan in plans))


def _plan_rows(
    found: Coverage, asked: CoverageQuestion, calls: PhoneCalls | None, plans: Sequence[CountyPlan]
) -> tuple[tuple[str, ...], ...]:
    if calls is None:
        return ()
    ours = found.areas[found.areas["county"] == asked.county]
    before = int(ours[f"unmet_{asked.basis}"].sum())
    after = (
        number(before)
        if asked.basis != "now" or calls.least_left_out >= before
        else _("între {a} și {b}").format(a=number(calls.least_left_out), b=number(before))
    )
    rows: list[tuple[str, ...]] = [
        (_("Fără loc înainte"), number(before), *(number(p.left_out_before) for p in plans)),
        (_("Fără loc după"), after, *(number(p.left_out_after) for p in plans)),
        (_("Câștigă un loc"), _("se află la telefon"), *(people_words(p.gained) for p in plans)),
        (_("Se lămurește dacă au loc"), people_words(calls.people), *(_UNKNOWN_WAY for _p in plans)),
        (_("Drumul mediu la locul primit"), _UNKNOWN_WAY, *(_way(p.minutes_after) for p in plans)),
        (_("Servicii noi"), number(0), *(number(int((p.openings["what"] == "new").sum())) for p in plans)),
        (_("Locuri în plus"), number(0), *(number(int(p.openings["places"].sum())) for p in plans)),
        (_("Lei pe an"), number(0), *(number(p.lei_a_year) for p in plans)),
        (_("Cât de sigur"), _("numai ce spune furnizorul, în ziua aceea"), *(proof_words(p) for p in plans)),
    ]
    return tuple(rows + _differences(plans))


def _way(minutes: float) -> str:
    return _UNKNOWN_WAY if pd.isna(minutes) else average_words(minutes)


def _differences(plans: Sequence[CountyPlan]) -> list[tuple[str, ...]]:
    """Name the UATs where the plans leave a different number of people, those of the greatest difference first."""
    if len(plans) <= 1:
        return []
    tables = [p.uats.set_index("uat_siruta")["unmet_after"] for p in plans]
    after = pd.concat(tables, axis="columns").fillna(0).astype("int64")
    spread = (after.max(axis="columns") - after.min(axis="columns")).sort_values(ascending=False, kind="stable")
    names = plans[0].uats.set_index("uat_siruta")["name"]
    rows = [
        (f"· {names.get(code, code)}", "", *map(number, after.loc[code].tolist()))
        for code in spread[spread > 0].index[:_MOST_DIFFERENT]
    ]
    return [(_("Fără loc după, unde diferă:"), *("" for _each in range(len(plans) + 1))), *rows] if rows else []
