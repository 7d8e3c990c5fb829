"""The parts of indicators: figures of communities, their reports, referrals and the catalogue on one long table.

Every function takes tables and gives rows of `indicators.PART_COLUMNS`; only communities of the list count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from referrals.records.vocabulary import FILED
from reports.indicators.indicators import PART_COLUMNS, indicators
from reports.indicators.period import months_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STATE_PARTS = {
    "held": "REF-OPEN", "asked": "REF-OPEN", "accepted": "REF-ACC", "started": "REF-ACC", "completed": "REF-DONE",
    "broken_off": "REF-BROKEN", "declined": "REF-DECL", "expired": "REF-EXP", "cancelled": "REF-CANC",
}  # fmt: skip
PROCEDURES = 42  # 26 social and 16 medical: the target of 4S207
_TEAM = ("SOC", "MED", "EDU")
_KEYS = ["county", "uat_siruta", "month"]


def from_figures(figures: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """Make parts of the figures that communities, counties and the nation entered.

    figures: `referrals.monthly.monthly_reports.FIGURE_COLUMNS`. communities: `uat_siruta`, `county`, `kind`. Adds
    what follows from
    them: vacancies, full teams, communes among the services, and how many said each figure.
    """
    manual = {one.code for one in indicators().values() if one.entry == "manual"}
    known = figures[figures["indicator"].isin(manual) & _counts(figures["uat_siruta"], communities)]
    table = pd.DataFrame({**{key: known[key] for key in _KEYS}, "part": known["indicator"], "value": known["value"]})
    table["value"] = table["value"].astype("float64")
    rural = set(communities.loc[communities["kind"] == "commune", "uat_siruta"])
    more = [
        _renamed(table, "COMM", "COMM-RURAL", table["uat_siruta"].isin(rural)),
        _renamed(table, "BEN", "BEN-SAID").assign(value=1.0),
        table[table["part"].isin(["PROC-SOC", "PROC-MED"])]
        .drop_duplicates(_KEYS)
        .assign(part="PROC-BASE", value=float(PROCEDURES)),
        *_teams(table),
    ]
    return _parts([table, *more])


def _teams(table: pd.DataFrame) -> Iterable[pd.DataFrame]:
    staff = [_renamed(table, f"STAFF-{who}", f"VAC-{who}") for who in _TEAM]
    for one in staff:
        yield one.assign(value=(one["value"] < 1).astype("float64"))
    whole = table[table["part"].isin([f"STAFF-{who}" for who in _TEAM])]
    filled = whole.assign(filled=(whole["value"] >= 1).astype("int64")).groupby(_KEYS, as_index=False)["filled"].sum()
    yield filled.assign(part="TEAM-FULL", value=(filled["filled"] == len(_TEAM)).astype("float64"))


def _renamed(table: pd.DataFrame, part: str, name: str, only: pd.Series[bool] | None = None) -> pd.DataFrame:
    chosen = table["part"] == part if only is None else (table["part"] == part) & only
    return table[chosen].assign(part=name)


def _counts(uats: pd.Series[int], communities: pd.DataFrame) -> pd.Series[bool]:
    return (uats == 0) | uats.isin(communities["uat_siruta"])


def from_reports(reports: pd.DataFrame, communities: pd.DataFrame, *, first: str, last: str) -> pd.DataFrame:
    """Count the reports due, filed and accepted of the months from first to last.

    reports: `referrals.monthly.monthly_reports.REPORT_COLUMNS`. A returned report is not filed.
    """
    months = months_between(first, last)
    due = communities[["county", "uat_siruta"]].merge(pd.DataFrame({"month": months}), how="cross")
    state = due.merge(reports[["uat_siruta", "month", "state"]], on=["uat_siruta", "month"], how="left")["state"]
    counted = {
        "RAP-DUE": np.ones(len(due)),
        "RAP-FILED": state.isin(FILED).to_numpy("float64"),
        "RAP-ACC": (state == "accepted").fillna(value=False).to_numpy("float64"),
    }
    return _parts([due.assign(part=part, value=value) for part, value in counted.items()])


def from_referrals(tallied: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """Make parts of referrals. tallied: `referrals.monthly.referral_statistics.TALLY_COLUMNS`."""
    known = tallied[tallied["uat_siruta"].isin(communities["uat_siruta"])]
    ours = known.assign(county=_county(known["uat_siruta"], communities))
    lacking = (ours["state"] == "declined") & (ours["reason"] == "no_places")
    pieces = [
        ours.assign(part="REF", value=ours["referrals"]),
        ours.assign(part=ours["state"].map(STATE_PARTS), value=ours["referrals"]),
        ours.assign(part="REF-TAKEN", value=ours["taken"]),
        ours[lacking].assign(part="REF-NOPLACE", value=ours.loc[lacking, "referrals"]),
        ours.assign(part="HOURS-SUM", value=ours["hours_sum"]),
        ours.assign(part="DAYS-SUM", value=ours["days_sum"]),
    ]
    return _summed(pieces)


def from_unmet(unmet: pd.DataFrame, communities: pd.DataFrame) -> pd.DataFrame:
    """Make parts of unmet needs. unmet: `referrals.ledger.queries.UNMET_COLUMNS`."""
    known = unmet[unmet["uat_siruta"].isin(communities["uat_siruta"])]
    uats = known["uat_siruta"].astype("int64")
    return _summed(
        [
            pd.DataFrame(
                {
                    "county": _county(uats, communities),
                    "uat_siruta": uats,
                    "month": known["on_day"].astype("str").str.slice(0, 7),
                    "part": "UNMET",
                    "value": known["unmet"].astype("float64"),
                }
            )
        ]
    )


def from_facts(facts: Mapping[str, pd.Series[float]], communities: pd.DataFrame, *, month: str) -> pd.DataFrame:
    """Make parts of what the catalogue says today. facts: part -> value by `uat_siruta`."""
    keys = communities[["county", "uat_siruta"]].assign(month=month)
    return _parts([keys.assign(part=part, value=keys["uat_siruta"].map(value)) for part, value in facts.items()])


def _county(uats: pd.Series[int], communities: pd.DataFrame) -> pd.Series[str]:
    # The county of the list decides: a row of the ledger may hold an older one.
    return uats.map(communities.set_index("uat_siruta")["county"]).astype("str")


def _summed(pieces: list[pd.DataFrame]) -> pd.DataFrame:
    table = _parts(pieces)
    return pd.DataFrame(table.groupby([*_KEYS, "part"], as_index=False, sort=False)["value"].sum())


def _parts(pieces: list[pd.DataFrame]) -> pd.DataFrame:
    chosen = [piece[list(PART_COLUMNS)] for piece in pieces if len(piece)]
    if not chosen:
        chosen = [pd.DataFrame(columns=list(PART_COLUMNS))]
    table = pd.concat(chosen, ignore_index=True)
    texts = dict.fromkeys(("county", "month", "part"), "str")
    typed = table.astype({**texts, "uat_siruta": "int64", "value": "float64"})
    return typed[typed["value"].notna()].reset_index(drop=True)
