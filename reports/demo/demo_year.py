"""A year of the project as it might be: 139 teams, 28,000 people, 60,000 referrals, monthly figures and reports.

Everything here is made up by a seeded generator, for a demonstration only. It goes straight into the tables, for the
audit log of 60,000 referrals would take longer to make than all reports together. The ledger's own checks of it
and of its counts of places hold after it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from providers.rules import needs
from referrals.homes.seed import insert_made_up, is_used
from referrals.ledger.referral_request import CODE_LETTERS
from reports.indicators.indicators import bounds
from reports.indicators.period import months_between
from reports.indicators.report_data import communities_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from referrals.workflow.directory import Directory

SEED = 139
PEOPLE, REFERRALS = 28_000, 60_000
_STATES = ("completed", "started", "accepted", "declined", "expired", "cancelled", "broken_off", "asked")
_SHARES = (0.46, 0.09, 0.06, 0.17, 0.10, 0.06, 0.04, 0.02)
_REASONS = ("no_places", "not_eligible", "unreachable", "person_declined", "other")
_REASON_SHARES = (0.55, 0.15, 0.12, 0.13, 0.05)


@dataclass(frozen=True)
class Sizes:
    """How much of a year to make.

    Attributes
    ----------
    people
        People whom the figures of the year reach.
    referrals
        Referrals of the year.
    """

    people: int = PEOPLE
    referrals: int = REFERRALS


# What `harta demo` shows: figures of every community, and a handful of referrals each.
DEMO_SIZES = Sizes(PEOPLE, 6_000)


def seed_demo_year(directory: Directory, *, today: date) -> None:
    """Fill a demonstration that nobody has used with a year up to the end of last month; a used one stays as it is.

    Parameters
    ----------
    directory
        Of a demonstration.
    today
        Day from which last month is told.

    Raises
    ------
    HomeError
        In a live home.
    """
    if not is_used(directory.ledger):
        seed_ledger(directory, day=today.replace(day=1), sizes=DEMO_SIZES)


def seed_ledger(directory: Directory, *, day: date, sizes: Sizes | None = None, seed: int = SEED) -> dict[str, int]:
    """Fill the ledger of a demonstration with the year that ends on a day.

    Parameters
    ----------
    directory
        Of a demonstration.
    day
        The day after the last one of the year.
    sizes
        How much to make; None = `Sizes()`.
    seed
        Of the random numbers: the same seed makes the same year.

    Returns
    -------
    dict of str to int
        How many rows were made, by table.

    Raises
    ------
    HomeError
        In a live home, or where the ledger is used already.
    """
    sizes = sizes or Sizes()
    rng = np.random.default_rng(seed)
    communities = communities_of(directory)
    made = _referrals(directory, communities, rng, day, sizes)
    lacking = made[(made["state"] == "declined") & (made["reason"] == "no_places")]
    figures = _figures(communities, rng, day, sizes.people)
    rows: dict[str, list[dict[Any, Any]]] = {
        "referrals": made.to_dict("records"),
        "unmet_needs": list(_unmet(lacking, rng)),
        "monthly_figures": figures,
        "monthly_reports": list(_reports(communities, rng, day)),
    }
    return insert_made_up(directory.home, directory.ledger, rows)


def _weights(communities: pd.DataFrame, rng: Generator) -> np.ndarray:
    weight = rng.gamma(6.0, 1.0, len(communities)) * np.where(communities["kind"] == "commune", 1.0, 1.25)
    return np.asarray(weight / weight.sum())


def _case_reference(number: int) -> str:
    """Return the code of a made-up case, in the form that the ledger takes: its referrals can be moved on."""
    code = "SM"
    for place in range(7, -1, -1):
        code += CODE_LETTERS[number // len(CODE_LETTERS) ** place % len(CODE_LETTERS)]
    return f"C-{code[:5]}-{code[5:]}"


def _referrals(
    directory: Directory, communities: pd.DataFrame, rng: Generator, day: date, sizes: Sizes
) -> pd.DataFrame:
    known = [code for code, need in needs.needs().items() if needs.answers(code) and not need.is_danger]
    popularity = rng.gamma(0.8, 1.0, len(known))
    n = sizes.referrals
    case = np.sort(rng.integers(0, sizes.people, n))
    turn = np.arange(n) - np.searchsorted(case, case)  # which referral of its case: each has another need
    shuffled = rng.choice(len(known), size=sizes.people, p=popularity / popularity.sum())
    need = (shuffled[case] + turn) % len(known)
    home = rng.choice(len(communities), size=sizes.people, p=_weights(communities, rng))[case]
    # More of them as the year goes on.
    ago = 364 * (1 - np.sqrt(rng.random(n)))
    at = pd.Timestamp(day, tz=UTC) - pd.to_timedelta(1 + ago + rng.random(n) / 3, unit="D")
    state = rng.choice(_STATES, size=n, p=_SHARES)
    state = np.where((state == "asked") & (ago > 10), "completed", state)
    reason = np.where(state == "declined", rng.choice(_REASONS, size=n, p=_REASON_SHARES), "")
    state = np.where((state == "accepted") & (ago > 40), "completed", state)
    taken = np.isin(state, ["completed", "started", "accepted", "broken_off"])
    answered = at + pd.to_timedelta(rng.gamma(1.6, 22.0, n), unit="h")
    limit = pd.Timestamp(day, tz=UTC) - pd.Timedelta(hours=12)
    answered = answered.where(answered < limit, limit)
    closed = answered + pd.to_timedelta(rng.gamma(2.0, 14.0, n), unit="D")
    closed = closed.where(closed < limit, limit)
    finished = np.isin(state, ["completed", "broken_off"])
    gone = np.isin(state, ["declined", "expired", "cancelled"])
    service = _services(directory, communities, known, rng, need, home)
    row = communities.iloc[home].reset_index(drop=True)
    none = pd.Series(pd.NaT, index=range(n), dtype="datetime64[ns, UTC]")
    return pd.DataFrame(
        {
            "referral_id": [f"R-SIM{i:06d}" for i in range(n)],
            "service_id": service["service_id"],
            "service_type": service["service_type"],
            "service_county": row["county"],
            "access_route": "direct",
            "case_ref": [_case_reference(int(number)) for number in case],
            "need": np.array(known)[need],
            "county": row["county"],
            "uat_siruta": row["uat_siruta"],
            "locality_siruta": None,
            "state": state,
            "reason": reason,
            "basis": "public_task",
            "consent_at": None,
            "note": "",
            "replaces": "",
            "second_place": True,
            "made_by": "simulare",
            "made_at": _moments(pd.Series(at)),
            "expires_at": _moments(pd.Series(at + pd.Timedelta(days=14)).where(pd.Series(state == "asked"), none)),
            "accepted_at": _moments(pd.Series(answered).where(pd.Series(taken), none)),
            "started_at": _moments(pd.Series(answered).where(pd.Series(taken & (state != "accepted")), none)),
            "closed_at": _moments(
                pd.Series(closed).where(pd.Series(finished), pd.Series(answered).where(pd.Series(gone), none))
            ),
        }
    ).astype({"uat_siruta": object})


def _moments(times: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series([None if t is pd.NaT else t.to_pydatetime() for t in times.dt.floor("s")], dtype=object)


def _services(
    directory: Directory,
    communities: pd.DataFrame,
    known: list[str],
    rng: Generator,
    need: np.ndarray,
    home: np.ndarray,
) -> pd.DataFrame:
    """Choose a service for each referral: one of three of the need's first type in the commune, else in the county.

    Those of which nobody reported places come first: where free places are known, they stay what was reported.
    """
    services = directory.snapshot().catalogue.services
    services = services.loc[~services["is_secret"], ["service_id", "service_type", "uat_siruta", "county"]]
    is_reported = services["service_id"].isin(directory.ledger.capacity_now()["service_id"])
    firsts: dict[tuple[Any, ...], list[str]] = {}
    for part in (services[~is_reported], services[is_reported]):
        for service_id, kind, *areas in zip(*(part[column].tolist() for column in part), strict=True):
            for key in itertools.product((kind, ""), (*areas, None)):
                if len(some := firsts.setdefault(key, [])) < 3:
                    some.append(service_id)
    types = {code: next((t for t in needs.answers(code) if (t, None) in firsts), "") for code in known}
    found = []
    pick = rng.integers(0, 3, len(need))
    counties, communes = communities["county"].to_list(), communities["uat_siruta"].to_list()
    for number, place, which in zip(need, home, pick, strict=True):
        kind = types[known[number]]
        options = next(
            firsts[kind, area] for area in (communes[place], counties[place], None) if (kind, area) in firsts
        )
        found.append((options[which % len(options)], kind))
    return pd.DataFrame(found, columns=["service_id", "service_type"])


def _unmet(lacking: pd.DataFrame, rng: Generator) -> Iterator[dict[str, Any]]:
    for row in lacking.to_dict("records"):
        yield _one_unmet("declined", row)
        if rng.random() < 0.3:
            yield _one_unmet("none_found", row)


def _one_unmet(kind: str, row: dict[Any, Any]) -> dict[str, Any]:
    facts = {name: row[name] for name in ("need", "service_type", "county", "uat_siruta")}
    return {"kind": kind, **facts, "locality_siruta": None, "on_day": f"{row['closed_at']:%Y-%m-%d}"}


def _months(day: date) -> list[str]:
    last = day.replace(day=1) - timedelta(days=1)
    return months_between(
        f"{last.year - 1}-{last.month + 1:02d}" if last.month < 12 else f"{last.year}-01", f"{last:%Y-%m}"
    )


def _figures(communities: pd.DataFrame, rng: Generator, day: date, people: int) -> list[dict[str, Any]]:
    months = _months(day)
    wanted = _weights(communities, rng)
    goal = np.clip(people * wanted, 90, 320)
    begun = rng.integers(0, 5, len(communities))  # a few start later
    lines = []
    for place, row in enumerate(communities.to_dict("records")):
        has = {who: rng.random() < share for who, share in (("SOC", 0.96), ("MED", 0.9), ("EDU", 0.72))}
        for number, month in enumerate(months):
            if number < begun[place]:
                continue
            grown = (number + 1) / len(months)
            values = _one_month(rng, has, grown, float(goal[place]))
            at = datetime.fromisoformat(f"{month}-28").replace(tzinfo=UTC)
            lines += [
                {
                    "county": row["county"], "uat_siruta": row["uat_siruta"], "month": month, "indicator": code,
                    "value": value, "source": "import", "entered_at": at, "role": "system", "account": "simulare",
                }
                for code, value in values.items()
            ]  # fmt: skip
    wide = [(county, 0, "UJSS", 1) for county in sorted(set(communities["county"]))]
    wide += [("", 0, "TOOLS-SOC", 24), ("", 0, "TOOLS-MED", 15)]
    at = datetime.fromisoformat(f"{months[-1]}-28").replace(tzinfo=UTC)
    lines += [
        {
            "county": county, "uat_siruta": uat, "month": months[-1], "indicator": code, "value": value,
            "source": "import", "entered_at": at, "role": "system", "account": "simulare",
        }
        for county, uat, code, value in wide
    ]  # fmt: skip
    return lines


def _one_month(rng: Generator, has: dict[str, bool], grown: float, goal: float) -> dict[str, int]:
    people = round(goal * grown)
    values = {
        "COMM": 1,
        "SPAS": int(rng.random() < 0.4 + 0.5 * grown),
        "BEN": people,
        "EVAL": round(people * 0.97),
        "PLAN": round(people * (0.7 + 0.25 * grown)),
        "PROC-SOC": round(26 * min(1.0, grown * rng.uniform(0.8, 1.1))),
        "PROC-MED": round(16 * min(1.0, grown * rng.uniform(0.8, 1.1))),
    }
    for who, present in has.items():
        values[f"STAFF-{who}"] = int(present or (grown > 0.8 and rng.random() < 0.3))
        values[f"TRAIN-{who}"] = int(present and grown > 0.3)
        values[f"SUPP-{who}"] = int(present and who != "EDU") if who != "EDU" else int(present and goal > 260)
    limits = bounds("community")
    return {code: int(np.clip(value, limits[code].least, limits[code].most)) for code, value in values.items()}


def _reports(communities: pd.DataFrame, rng: Generator, day: date) -> Iterator[dict[str, Any]]:
    months = _months(day)
    for row in communities.to_dict("records"):
        for number, month in enumerate(months):
            is_last = number == len(months) - 1
            state = rng.choice(
                ["accepted", "filed", "returned", ""], p=[0.2, 0.55, 0.1, 0.15] if is_last else [0.9, 0.04, 0.02, 0.04]
            )
            if not state:
                continue
            at = datetime.fromisoformat(f"{month}-28").replace(tzinfo=UTC) + timedelta(days=7)
            at = min(at, datetime(day.year, day.month, day.day, tzinfo=UTC))  # nothing is filed on a day to come
            yield {
                "uat_siruta": row["uat_siruta"], "month": month, "county": row["county"], "state": str(state),
                "remark": "Verificați numărul de planuri." if state == "returned" else "", "filed_at": at,
                "filed_by": "simulare", "decided_at": None if state == "filed" else at + timedelta(days=2),
                "decided_by": "" if state == "filed" else "simulare",
            }  # fmt: skip
