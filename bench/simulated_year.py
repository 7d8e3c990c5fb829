"""A year of the project as it might be: 139 teams, 28,000 people, 60,000 referrals, monthly figures, capacity reports.

Everything here is made up by a seeded generator. It writes straight into the tables of a demonstration home,
for the trail of 60,000 referrals would take longer to make than all reports together: after it the ledger's own
check of the trail holds (no row is added), and its counts of places hold (what was taken was taken before the
last report of places).

    HARTA_HOME=… python -m bench.simulated_year            fill a demonstration home (once), and time the reports
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sqlalchemy import Table, func, insert, select

from geo.errors import HomeError
from geo.home import open_home
from providers import needs
from referrals import models
from referrals.desk import Desk, open_desk
from referrals.facts import SYSTEM
from reports.gathering import communities_of, gather
from reports.indicators import NATION, bounds
from reports.period import months_between, parse_period
from reports.writing import render, view_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

SEED = 139
PEOPLE, REFERRALS = 28_000, 60_000
_STATES = ("completed", "started", "accepted", "declined", "expired", "cancelled", "broken_off", "asked")
_SHARES = (0.46, 0.09, 0.06, 0.17, 0.10, 0.06, 0.04, 0.02)
_REASONS = ("no_places", "not_eligible", "unreachable", "person_declined", "other")
_REASON_SHARES = (0.55, 0.15, 0.12, 0.13, 0.05)
_CHUNK = 20_000


@dataclass(frozen=True)
class Sizes:
    """How much of a year to make."""

    people: int = PEOPLE
    referrals: int = REFERRALS


def fill(desk: Desk, *, day: date, sizes: Sizes | None = None, seed: int = SEED) -> dict[str, int]:
    """Fill the ledger of a demonstration with the year that ends on a day; give how many rows of what.

    Raises HomeError in a live home, or where the ledger has referrals already.
    """
    if not desk.home.is_demo:
        raise HomeError("a simulated year belongs in a demonstration home")
    engine = desk.ledger.store.engine
    with engine.connect() as connection:
        if connection.execute(select(func.count()).select_from(models.referrals)).scalar_one():
            raise HomeError("this home has referrals already")
    chance = np.random.default_rng(seed)
    communities = communities_of(desk)
    made = _referrals(desk, communities, chance, day, sizes or Sizes())
    lacking = made[(made["state"] == "declined") & (made["reason"] == "no_places")]
    figures = _figures(communities, chance, day, (sizes or Sizes()).people)
    tables: dict[Table, list[dict[Any, Any]]] = {
        models.referrals: made.to_dict("records"),
        models.unmet_needs: list(_unmet(lacking, chance)),
        models.monthly_figures: figures,
        models.monthly_reports: list(_reports(communities, chance, day)),
    }
    with engine.begin() as connection:
        for table, rows in tables.items():
            for start in range(0, len(rows), _CHUNK):
                connection.execute(insert(table), _plain(rows[start : start + _CHUNK]))
    return {table.name: len(rows) for table, rows in tables.items()}


def _plain(rows: list[dict[Any, Any]]) -> list[dict[str, Any]]:
    return [{str(k): (None if v is pd.NaT else v) for k, v in row.items()} for row in rows]


def _weights(communities: pd.DataFrame, chance: Generator) -> np.ndarray:
    weight = chance.gamma(6.0, 1.0, len(communities)) * np.where(communities["kind"] == "commune", 1.0, 1.25)
    return np.asarray(weight / weight.sum())


def _referrals(desk: Desk, communities: pd.DataFrame, chance: Generator, day: date, sizes: Sizes) -> pd.DataFrame:
    known = [code for code, need in needs.needs().items() if needs.answers(code) and not need.is_danger]
    popularity = chance.gamma(0.8, 1.0, len(known))
    n = sizes.referrals
    case = np.sort(chance.integers(0, sizes.people, n))
    turn = np.arange(n) - np.searchsorted(case, case)  # which referral of its case: each has another need
    shuffled = chance.choice(len(known), size=sizes.people, p=popularity / popularity.sum())
    need = (shuffled[case] + turn) % len(known)
    home = chance.choice(len(communities), size=sizes.people, p=_weights(communities, chance))[case]
    # More of them as the year goes on.
    ago = 364 * (1 - np.sqrt(chance.random(n)))
    at = pd.Timestamp(day, tz=UTC) - pd.to_timedelta(1 + ago + chance.random(n) / 3, unit="D")
    state = chance.choice(_STATES, size=n, p=_SHARES)
    state = np.where((state == "asked") & (ago > 10), "completed", state)
    reason = np.where(state == "declined", chance.choice(_REASONS, size=n, p=_REASON_SHARES), "")
    state = np.where((state == "accepted") & (ago > 40), "completed", state)
    taken = np.isin(state, ["completed", "started", "accepted", "broken_off"])
    answered = at + pd.to_timedelta(chance.gamma(1.6, 22.0, n), unit="h")
    limit = pd.Timestamp(day, tz=UTC) - pd.Timedelta(hours=12)
    answered = answered.where(answered < limit, limit)
    closed = answered + pd.to_timedelta(chance.gamma(2.0, 14.0, n), unit="D")
    closed = closed.where(closed < limit, limit)
    finished = np.isin(state, ["completed", "broken_off"])
    gone = np.isin(state, ["declined", "expired", "cancelled"])
    service = _services(desk, communities, known, chance, need, home)
    row = communities.iloc[home].reset_index(drop=True)
    none = pd.Series(pd.NaT, index=range(n), dtype="datetime64[ns, UTC]")
    return pd.DataFrame(
        {
            "referral_id": [f"R-SIM{i:06d}" for i in range(n)],
            "service_id": service["service_id"],
            "service_type": service["service_type"],
            "service_county": row["county"],
            "access_route": "direct",
            "case_ref": [f"C-{c // 100000:05d}-{c % 100000:05d}" for c in case],
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
    desk: Desk, communities: pd.DataFrame, known: list[str], chance: Generator, need: np.ndarray, home: np.ndarray
) -> pd.DataFrame:
    """Choose a service for each referral: one of three of the need's first type in the county, else any of it."""
    services = desk.catalogue().services
    services = services[~services["is_secret"]]
    by_type = {str(code): part for code, part in services.groupby("service_type", sort=True)}
    chosen: dict[tuple[str, str], list[str]] = {}
    types = {code: next((t for t in needs.answers(code) if t in by_type), "") for code in known}
    found = []
    county = communities["county"].to_numpy()[home]
    pick = chance.integers(0, 3, len(need))
    for number, letters, which in zip(need, county, pick, strict=True):
        kind = types[known[number]]
        if (kind, letters) not in chosen:
            part = by_type[kind] if kind else services
            near = part[part["county"] == letters]
            chosen[kind, letters] = (near if len(near) else part)["service_id"].head(3).tolist()
        options = chosen[kind, letters]
        found.append((options[which % len(options)], kind))
    return pd.DataFrame(found, columns=["service_id", "service_type"])


def _unmet(lacking: pd.DataFrame, chance: Generator) -> Iterator[dict[str, Any]]:
    for row in lacking.to_dict("records"):
        yield _one_unmet("declined", row)
        if chance.random() < 0.3:
            yield _one_unmet("none_found", row)


def _one_unmet(kind: str, row: dict[Any, Any]) -> dict[str, Any]:
    facts = {name: row[name] for name in ("need", "service_type", "county", "uat_siruta")}
    return {"kind": kind, **facts, "locality_siruta": None, "on_day": f"{row['closed_at']:%Y-%m-%d}"}


def _months(day: date) -> list[str]:
    last = day.replace(day=1) - timedelta(days=1)
    return months_between(
        f"{last.year - 1}-{last.month + 1:02d}" if last.month < 12 else f"{last.year}-01", f"{last:%Y-%m}"
    )


def _figures(communities: pd.DataFrame, chance: Generator, day: date, people: int) -> list[dict[str, Any]]:
    months = _months(day)
    wanted = _weights(communities, chance)
    goal = np.clip(people * wanted, 90, 320)
    begun = chance.integers(0, 5, len(communities))  # a few start later
    lines = []
    for place, row in enumerate(communities.to_dict("records")):
        has = {who: chance.random() < share for who, share in (("SOC", 0.96), ("MED", 0.9), ("EDU", 0.72))}
        for number, month in enumerate(months):
            if number < begun[place]:
                continue
            grown = (number + 1) / len(months)
            said = _one_month(chance, has, grown, float(goal[place]))
            at = datetime.fromisoformat(f"{month}-28").replace(tzinfo=UTC)
            lines += [
                {
                    "county": row["county"], "uat_siruta": row["uat_siruta"], "month": month, "indicator": code,
                    "value": value, "source": "import", "entered_at": at, "role": "system", "account": "simulare",
                }
                for code, value in said.items()
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


def _one_month(chance: Generator, has: dict[str, bool], grown: float, goal: float) -> dict[str, int]:
    people = round(goal * grown)
    said = {
        "COMM": 1,
        "SPAS": int(chance.random() < 0.4 + 0.5 * grown),
        "BEN": people,
        "EVAL": round(people * 0.97),
        "PLAN": round(people * (0.7 + 0.25 * grown)),
        "PROC-SOC": round(26 * min(1.0, grown * chance.uniform(0.8, 1.1))),
        "PROC-MED": round(16 * min(1.0, grown * chance.uniform(0.8, 1.1))),
    }
    for who, present in has.items():
        said[f"STAFF-{who}"] = int(present or (grown > 0.8 and chance.random() < 0.3))
        said[f"TRAIN-{who}"] = int(present and grown > 0.3)
        said[f"SUPP-{who}"] = int(present and who != "EDU") if who != "EDU" else int(present and goal > 260)
    limits = bounds("community")
    return {code: int(np.clip(value, limits[code].least, limits[code].most)) for code, value in said.items()}


def _reports(communities: pd.DataFrame, chance: Generator, day: date) -> Iterator[dict[str, Any]]:
    months = _months(day)
    for row in communities.to_dict("records"):
        for number, month in enumerate(months):
            is_last = number == len(months) - 1
            state = chance.choice(
                ["accepted", "filed", "returned", ""], p=[0.2, 0.55, 0.1, 0.15] if is_last else [0.9, 0.04, 0.02, 0.04]
            )
            if not state:
                continue
            at = datetime.fromisoformat(f"{month}-28").replace(tzinfo=UTC) + timedelta(days=7)
            yield {
                "uat_siruta": row["uat_siruta"], "month": month, "county": row["county"], "state": str(state),
                "remark": "Verificați numărul de planuri." if state == "returned" else "", "filed_at": at,
                "filed_by": "simulare", "decided_at": None if state == "filed" else at + timedelta(days=2),
                "decided_by": "" if state == "filed" else "simulare",
            }  # fmt: skip


def main() -> None:
    """Fill the home of HARTA_HOME where it is empty, and time what is read and written from it."""
    home = open_home()
    desk = open_desk(home)
    day = datetime.now(UTC).date()
    start = time.perf_counter()
    try:
        made = fill(desk, day=day)
        print(", ".join(f"{count:,} {name}" for name, count in made.items()), f"in {time.perf_counter() - start:.1f} s")
    except HomeError as error:
        print(error)
    if "--only-fill" not in sys.argv:
        measure(desk, day)


def measure(desk: Desk, day: date) -> None:
    """Print how long reports take, each made anew from the ledger."""
    months = _months(day)
    month, quarter = (
        months[-1],
        f"{months[-1][:4]}-T{(int(months[-1][5:]) - 1) // 3}" if months[-1][5:] > "03" else months[-1],
    )
    county = str(communities_of(desk)["county"].iloc[0])
    community = str(communities_of(desk)["uat_siruta"].iloc[0])
    start = time.perf_counter()
    gather(desk, actor=SYSTEM, day=day)
    print(f"read everything                {time.perf_counter() - start:6.2f} s")
    for name, level, area, period in (
        ("national, a month", "national", NATION, month),
        ("national, a quarter", "national", NATION, quarter),
        ("region, a month", "region", str(communities_of(desk)["region"].iloc[0]), month),
        ("county, a month", "county", county, month),
        ("community, a month", "community", community, month),
    ):
        start = time.perf_counter()
        facts = gather(desk, actor=SYSTEM, day=day)
        view = view_of(facts, level, area, parse_period(period))  # type: ignore[arg-type]
        shown = time.perf_counter() - start
        pages, sheets = render(view, desk, "pdf"), render(view, desk, "xlsx")
        done = time.perf_counter() - start
        print(f"{name:22} figures {shown:6.2f} s   both files {done:6.2f} s   {len(pages) + len(sheets):,} bytes")


if __name__ == "__main__":
    main()
