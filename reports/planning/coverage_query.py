"""Coverage and plans as asked at a desk: the state of this moment in, lines and JSON out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from cases.figures.case_demand import demand_from_cases, demand_state
from cases.record.record_exchange import instrument_in_force
from core.errors import UnknownCodeError
from core.i18n import _, ngettext, number
from core.processes.partitioned_work import ONE_PROCESS
from providers.planning.coverage_measures import default_measure, left_out_words, origin_words
from providers.planning.coverage_tables import CoverageLevel, by_level, gaps, reason_words
from providers.planning.demand import load_people
from providers.planning.effective_coverage import Coverage, compute_coverage, types_of
from providers.planning.supply import SupplyBasis
from providers.rules import need_search, needs
from providers.rules.taxonomy import service_type
from providers.rules.travel_words import basis_json
from providers.rules.wording import phone_words
from referrals.workflow.past_places import availability_at
from reports.planning.coverage_files import source_lines

if TYPE_CHECKING:
    from datetime import datetime

    from core.processes.partitioned_work import PartRunner
    from providers.planning.demand import DemandPeople
    from referrals.workflow.directory import Directory

_MOST_LINES = 10


def ask(
    directory: Directory,
    code: str,
    *,
    reach_minutes: float = 30.0,
    basis: str = "now",
    mode: str = "car",
    people: DemandPeople | None = None,
    at: datetime | None = None,
    runner: PartRunner = ONE_PROCESS,
) -> Coverage:
    """Compute a coverage by the state of this moment.

    Parameters
    ----------
    directory
        Services and places.
    code
        A service type or a need.
    reach_minutes
        Longest way.
    basis
        Places counted: licensed, reported or now.
    mode
        `car` or `walk`.
    people
        Those of the home, where the caller has them; None = they are read.
    at
        A moment gone by whose places are counted, and whose day licences are to hold on; None = now. Services, people
        and ways are those of now (`referrals.workflow.past_places`).
    runner
        Who measures the ways (`core.processes.partitioned_work`).

    Returns
    -------
    Coverage
        See `providers.planning.effective_coverage.compute_coverage`. Where communities work with cases, the people whom
        they counted stand instead of those of the rules.

    Raises
    ------
    UnknownCodeError
        For an unknown code or mode.
    BadValueError
        For a reach or basis that cannot be.
    """
    snapshot = directory.snapshot()
    if at is None:
        available = snapshot.availability
        reported = directory.ledger.capacity_now(now=available.now)
    else:
        available, reported = availability_at(directory.ledger, snapshot.catalogue, at)
    return compute_coverage(
        code,
        people or load_people(directory.home, snapshot.gazetteer),
        snapshot.catalogue,
        available,
        travel=snapshot.travel.in_bulk,
        reported=reported,
        reach_minutes=reach_minutes,
        basis=cast("SupplyBasis", basis),
        mode=mode,
        runner=runner,
        counted=counted_people(directory, code),
    )


def counted_people(directory: Directory, code: str) -> dict[int, int]:
    """Return the people in need of a type, or with a need, whom teams that work with cases counted, by SIRUTA.

    Nobody is counted of services that all have a protected address: they are told of by county (docs/decisions/0065).
    """
    if not demand_state(directory.ledger) or all(service_type(each).is_secret for each in types_of(code)):
        return {}
    return demand_from_cases(directory.ledger, code, instrument_in_force(directory.home))


def found_code(service: str | None, need: str | None) -> str:
    """Return the code meant by `--service` (a type, or a need) or `--need` (a code or words)."""
    if need is not None:
        return need_search.need(need).need
    text = service or ""
    return text if text in needs.needs() else service_type(text).service_type


def require_county(directory: Directory, text: str) -> str:
    """Return the letters of a county said in any way; UnknownCodeError where there is none."""
    found = directory.gazetteer.county_code(text)
    if found is None:
        raise UnknownCodeError(_("Nu există județul „{code}”.").format(code=text))
    return found


def coverage_json(coverage: Coverage, level: str, *, county: str | None, is_demo: bool) -> dict[str, Any]:
    """Return a coverage as data: what was asked, editions, notes, the rows of the level; null is not known."""
    rows = by_level(coverage, cast("CoverageLevel", level), county=county)
    return {
        "asked": coverage.code,
        "title": coverage.title,
        "level": level,
        "county": county,
        "within_minutes": coverage.reach_minutes,
        "basis": coverage.basis,
        "demo": is_demo,
        "travel": basis_json(coverage.travel.basis),
        "rule": coverage.rule,
        "sources": [vars_of(s) for s in coverage.sources],
        "notes": list(coverage.notes),
        "rows": records(rows),
    }


def vars_of(source: Any) -> dict[str, Any]:
    """Return a source as data."""
    return {"kind": source.kind, "edition": source.edition, "as_of": source.as_of, "title": source.title}


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn a table into records that JSON can hold; what is not known is null."""
    text = rows.to_json(orient="records", double_precision=6, force_ascii=False)
    return cast("list[dict[str, Any]]", json.loads(text))


def coverage_lines(coverage: Coverage, *, county: str | None = None) -> list[str]:
    """Format the outcome of a coverage in lines: the whole, the greatest gaps, notes and sources.

    Parameters
    ----------
    coverage
        What was computed.
    county
        Letters of the one county to tell of; None = the nation.

    Returns
    -------
    list of str
        In the language of the request.
    """
    whole = by_level(coverage, "county" if county else "national", county=county)
    row = whole.iloc[0]
    people = ngettext("{n} om", "{n} oameni", int(row["people"])).format(n=number(float(row["people"])))
    origin = _("estimare") if row["demand_from"] == "assumed" else origin_words(row["demand_from"])
    lines = [coverage.title, _("Au nevoie: {people} ({origin})").format(people=people, origin=origin)]
    if not coverage.is_protected:
        lines += [
            _("Acces: {n} fără serviciu accesibil").format(n=number(float(row["unreached"]))),
            _("Capacitate: {n} fără loc, după licențe").format(n=number(float(row["unmet_licensed"]))),
            _("Liber acum: {taken} deja în servicii, {now} ar găsi un loc liber, {left} nu").format(
                taken=number(float(row["taken_now"])),
                now=number(float(row["served_now"])),
                left=number(float(row["unmet_now"])),
            ),
        ]
        measure = default_measure(coverage.code)
        lines.append(_("Cele mai mari lipsuri ({measure}):").format(measure=left_out_words(measure)))
        ranked = gaps(coverage, county=county, measure=measure).head(_MOST_LINES)
        lines += [
            f"  {r['rank']}. {r['name']} ({r['county']}): {number(float(r['left_out']))}"
            + (f" ({origin_words(r['demand_from'])})" if r["demand_from"] == "cases" else "")
            + f", {reason_words(r['reason'])}"
            + (f" – {' '.join(filter(None, (r['phone_first'], phone_words(r['phone']))))}" if r["phone_first"] else "")
            for r in ranked.to_dict("records")
        ]
    return [*lines, *source_lines(coverage)]
