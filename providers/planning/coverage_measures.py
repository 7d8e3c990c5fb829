"""The three named measures of coverage, and which of them a service type is shown by first.

`reach` asks whether anybody is near, `balance` whether there are places for those in need, `free` whether a newcomer
finds a place today. Which comes first is data (`data/providers/coverage_measures.csv`): a school or a family doctor has
no places to count, a shelter is asked for today.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, cast, get_args

from core.i18n import _, ngettext, number
from core.reading.curated_tables import FOLDER, read_rows
from providers.rules import needs, taxonomy

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from providers.planning.supply import SupplyBasis

CoverageMeasure = Literal["reach", "balance", "free"]
NAMED: tuple[CoverageMeasure, ...] = get_args(CoverageMeasure)
LEFT_OUT: dict[CoverageMeasure, str] = {"reach": "unreached", "balance": "unmet_licensed", "free": "unmet_now"}
COUNTED_STEP = 5  # people who were counted are told in fives, rounded down: no smaller count (docs/decisions/0065)
DemandOrigin = Literal["assumed", "cases", "both"]
BASIS_OF: dict[CoverageMeasure, SupplyBasis] = {"reach": "licensed", "balance": "licensed", "free": "now"}


@cache
def _table(folder: Path) -> dict[tuple[str, str], CoverageMeasure]:
    rows = read_rows(folder / "coverage_measures.csv", ("kind", "code", "measure", "basis", "note"))
    return {
        (row.choice("kind", ("registry", "type")), row.text("code")): cast(
            "CoverageMeasure", row.choice("measure", NAMED)
        )
        for row in rows
    }


def default_measure(code: str, folder: Path = FOLDER) -> CoverageMeasure:
    """Return the measure by which a service type is shown first; of a need, that of its first type."""
    types = taxonomy.service_types(folder)
    if code not in types:
        answers = needs.answers(code, folder=folder) if code in needs.needs(folder) else ()
        if not answers:
            return "balance"
        code = answers[0]
    known = _table(folder)
    return known.get(("type", code)) or known.get(("registry", types[code].registry), "balance")


def measure_words(measure: CoverageMeasure) -> str:
    """Name a measure."""
    return {
        "reach": _("acces: este un serviciu în apropiere?"),
        "balance": _("echilibru: sunt locuri pentru cei care au nevoie?"),
        "free": _("liber acum: primește un loc cine vine azi?"),
    }[measure]


def measure_label(measure: CoverageMeasure) -> str:
    """Name a measure in so few words that a choice on a telephone is not cut; `measure_help` explains it."""
    return {"reach": _("Acces"), "balance": _("Capacitate"), "free": _("Liber acum")}[measure]


def measure_help(measure: CoverageMeasure) -> str:
    """Return in words what a measure counts and what it leaves out."""
    return {
        "reach": _(
            "Acces: persoanele care nu ajung, în timpul maxim, la niciun serviciu care le deservește localitatea. "
            "Locurile nu contează."
        ),
        "balance": _(
            "Capacitate: nevoia, mai puțin toate locurile licențiate accesibile, ocupate sau libere. "
            "Un loc se numără o singură dată."
        ),
        "free": _(
            "Liber acum: persoanele deja în servicii ocupă locurile care nu sunt libere; locurile libere raportate "
            "recent revin celorlalte. Unde nimeni nu a raportat, locurile licențiate se socotesc ocupate."
        ),
    }[measure]


def measure_note(code: str, measure: CoverageMeasure) -> str:
    """Explain a measure, and say where it is the one that a service or need is shown by first."""
    if measure != default_measure(code):
        return measure_help(measure)
    return measure_help(measure) + " " + _("Serviciul ales se arată întâi așa; puteți alege altă măsură.")


def left_out_words(measure: CoverageMeasure) -> str:
    """Name those whom a measure leaves out."""
    return {
        "reach": _("fără serviciu accesibil"), "balance": _("fără loc"), "free": _("fără loc liber acum"),
    }[measure]  # fmt: skip


def origin_words(origin: DemandOrigin) -> str:
    """Return in words where the number of people in need comes from: a `DemandOrigin`."""
    return {"assumed": _("presupus"), "cases": _("numărat din cazuri"), "both": _("în parte din cazuri")}[origin]


def counted_note(areas: pd.DataFrame) -> str:
    """Say in how many UATs people in need were counted by a team that works with cases, and how; blank where in none.

    Parameters
    ----------
    areas
        Of a coverage: `uat_siruta` and `is_counted`.

    Returns
    -------
    str
        In the language of the request.
    """
    count = int(areas.loc[areas["is_counted"], "uat_siruta"].nunique())
    if not count:
        return ""
    words = ngettext(
        "{n} comunitate lucrează cu cazuri: acolo sunt numărați oamenii cu o nevoie deschisă fără referire acceptată, "
        "rotunjit în jos la multipli de {step} (0 poate fi și mai puțin de {step}). În rest, numărul este presupus.",
        "{n} comunități lucrează cu cazuri: acolo sunt numărați oamenii cu o nevoie deschisă fără referire acceptată, "
        "rotunjit în jos la multipli de {step} (0 poate fi și mai puțin de {step}). În rest, numărul este presupus.",
        count,
    )
    return words.format(n=number(count), step=COUNTED_STEP)
