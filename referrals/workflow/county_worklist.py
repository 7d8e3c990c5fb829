"""What a county unit settles: signals from the field, referrals that wait or ended in nothing, providers to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.errors import UnknownCodeError
from core.i18n import _, written_day
from core.romanian_calendar import BUCHAREST
from core.text import collation_keys, fold
from providers.rules import taxonomy
from providers.rules.freshness import is_fresh
from providers.rules.wording import Phone, age_words, phone_words, phones
from referrals.field import corrected_catalogue, field_reports
from referrals.ledger import provider_tokens
from referrals.records import roles, told_facts
from referrals.records.vocabulary import state_label
from referrals.workflow import referral_offers, worklist

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from providers.catalogue.snapshot import Snapshot
    from referrals.field.field_reports import FieldReport
    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.directory import Directory

QUEUE_COLUMNS = (
    "referral_id", "age_days", "uat_siruta", "community", "need", "service", "state", "until", "next", "part",
)  # fmt: skip
PROVIDER_COLUMNS = ("service_id", "name", "kind", "locality", "phone", "reported_on", "age_days", "is_fresh")
PARTS = ("open", "lost", "closed")  # of the queue: open, to be moved on, ended without a result
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Signal:
    """A report from the field that waits for the county unit, in words.

    Attributes
    ----------
    report_id
        Its number.
    service, what
        Of which service, and what is said to be wrong.
    published, proposed
        What the register says, and what is said to be right; blank where nothing is.
    value
        The proposed value as it is typed; value_label: how its field is named, empty where none can be given.
    note, since
        What was added, and when it was reported.
    phones
        Whom to ask: a proposed telephone first, then the published ones.
    """

    report_id: int
    service: str
    what: str
    published: str
    proposed: str
    value: str
    value_label: str
    note: str
    since: str
    phones: tuple[Phone, ...]


def signals(directory: Directory, *, actor: Actor) -> list[Signal]:
    """List the reports that wait for this county unit, the oldest first.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    actor
        Who settles them.

    Returns
    -------
    list of Signal
        Those of the actor's area.

    Raises
    ------
    NotAllowedError
        Where the actor settles nothing.
    """
    roles.require(actor, "field.settle", roles.Area(county=actor.county))
    found = field_reports.listed(directory.ledger, actor=actor, states=("open",))
    return [_signal(directory, each) for each in found]


def _signal(directory: Directory, report: FieldReport) -> Signal:
    try:
        service: dict[str, Any] = directory.published().service(report.service_id)
    except UnknownCodeError:  # a new edition left the service out
        service = {}
    return Signal(
        report_id=report.report_id,
        service=str(service.get("name") or _("nu mai este în registru")),
        what=field_reports.what_label(report.what),
        published=_fact(directory, report.what, corrected_catalogue.published(service, report.what) if service else ""),
        proposed=_fact(directory, report.what, report.value),
        value="" if report.what == "moved" else report.value,
        value_label=_value_label(report.what),
        note=report.note,
        since=_said_when(report),
        phones=(
            *phones(report.value if report.what == "phone" else ""),
            *(phones(service["phone"]) if isinstance(service.get("phone"), str) else ()),
        ),
    )


def _value_label(what: str) -> str:
    if what == "phone":
        return _("Numărul bun")
    return _("Valoarea bună, dacă este alta") if what in ("moved", "hours", "address", "name", "ages") else ""


def _said_when(report: FieldReport) -> str:
    when = worklist.moment_words(report.reported_at)
    return _("spune furnizorul, {when}").format(when=when) if report.role == field_reports.PROVIDER else when


def _fact(directory: Directory, what: str, value: str) -> str:
    """Say a published or proposed fact in words."""
    if what == "moved":
        code, _bar, address = value.partition("|")
        return ", ".join(part for part in (address, _place(directory, code)) if part)
    if what == "closed" and value:
        first, last = field_reports.parse_period(value)
        return " – ".join("…" if day is None else written_day(day) for day in (first, last))
    if told_facts.choices_of(what):
        return told_facts.choice_words(what, value)
    if what == "phone":
        return phone_words(value)
    return value if what in ("hours", "address", "name", "email", "ages") else ""


def _place(directory: Directory, code: str) -> str:
    if not code.isascii() or not code.isdigit():
        return ""
    try:
        return directory.gazetteer.place_of(int(code), None).label
    except UnknownCodeError:
        return code


def queue_table(directory: Directory, every: Iterable[Referral], *, now: datetime | None = None) -> pd.DataFrame:
    """Lay out the referrals that a county unit follows, the oldest first, none left out.

    Parameters
    ----------
    directory
        For names.
    every
        All referrals of the county.
    now
        Ages are counted to it; None = this moment.

    Returns
    -------
    pd.DataFrame
        QUEUE_COLUMNS: `age_days` since it was made (int), `part` one of PARTS; a confidential need is not named.
    """
    moment = now or datetime.now(UTC)
    parts = queue_parts(every, moment)
    snapshot = directory.snapshot()
    rows = [_queue_row(snapshot, each, part, moment) for part, some in parts.items() for each in some]
    table = pd.DataFrame(rows, columns=list(QUEUE_COLUMNS))
    return table.sort_values(["age_days", "referral_id"], ascending=[False, True]).reset_index(drop=True)


def queue_parts(every: Iterable[Referral], moment: datetime) -> dict[str, list[Referral]]:
    """Sort referrals into the PARTS of the queue; what ended well is in none."""
    mine = list(every)
    found = (
        worklist.open_referrals(mine),
        worklist.awaiting_reassignment(mine, moment),
        worklist.closed_without_result(mine, moment),
    )
    return dict(zip(PARTS, found, strict=True))


def _queue_row(snapshot: Snapshot, each: Referral, part: str, moment: datetime) -> dict[str, Any]:
    is_waiting = each.state in ("held", "asked")
    return {
        "referral_id": each.referral_id,
        "age_days": (moment - each.made_at).days,
        "uat_siruta": each.uat_siruta,
        "community": snapshot.gazetteer.place_of(None, each.uat_siruta).name,  # of the one county
        "need": worklist.need_words(each),
        "service": referral_offers.name_in(snapshot.catalogue, each.service_id),
        "state": state_label(each.stage),
        "until": worklist.last_moment(each.expires_at) if is_waiting else "",
        "next": worklist.what_next(each) if part != "closed" else _("Întrebați echipa ce a devenit persoana."),
        "part": part,
    }


def part_label(part: str) -> str:
    """Name a part of the queue."""
    return {"open": _("Deschise"), "lost": _("De mutat la alt serviciu"), "closed": _("Închise fără rezultat")}[part]


def filter_queue(table: pd.DataFrame, *, part: str = "", kept: Container[str] | None = None) -> pd.DataFrame:
    """Keep the rows of a queue that fit.

    Parameters
    ----------
    table
        What `queue_table` returned.
    part
        One of PARTS; "" = all.
    kept
        Numbers of the referrals that are looked for (`queue_filter.filter_referrals`); None = all.

    Returns
    -------
    pd.DataFrame
        The same columns, in the same order.
    """
    keep = pd.Series(data=True, index=table.index)
    if part:
        keep &= table["part"] == part
    if kept is not None:
        keep &= table["referral_id"].map(kept.__contains__).astype(bool)
    return table[keep].reset_index(drop=True)


def providers_table(directory: Directory, *, actor: Actor, words: str = "", only_old: bool = False) -> pd.DataFrame:
    """List the services of the county whose places are asked for, those without a fresh report first.

    Parameters
    ----------
    directory
        Catalogue and places of this moment.
    actor
        A county unit, or whoever else makes links for providers.
    words
        Part of a name or locality to look for.
    only_old
        Only those without a fresh report.

    Returns
    -------
    pd.DataFrame
        PROVIDER_COLUMNS: never reported first, then by age; services with a protected address are not there.

    Raises
    ------
    NotAllowedError
        Where the actor makes no links.
    """
    roles.require(actor, "link.service", roles.Area(county=actor.county))
    snapshot = directory.snapshot()
    services, available = snapshot.catalogue.services, snapshot.availability
    county = services["county"].where(services["county"].fillna("") != "", services["county_served"])
    asked = (county == actor.county) & ~services["is_secret"].astype("bool") & (services["capacity_model"] == "places")
    if words.strip():
        text = services["name"].fillna("") + " " + services["locality"].fillna("")
        asked &= text.map(fold).str.contains(fold(words.strip()), regex=False)
    at = np.flatnonzero(asked.fillna(value=False).to_numpy("bool"))
    reported = np.asarray(available.reported_s)[at]
    age = (available.now.timestamp() - reported) / _SECONDS_A_DAY
    some = services.iloc[at]
    table = pd.DataFrame(
        {
            "service_id": some["service_id"].to_numpy(),
            "name": some["name"].to_numpy(),
            "kind": [_(taxonomy.service_types()[code].name) for code in some["service_type"]],
            "locality": some["locality"].fillna("").to_numpy(),
            "phone": some["phone"].fillna("").to_numpy(),
            "reported_on": [_day_of(seconds) for seconds in reported],
            "age_days": age,
            "is_fresh": np.asarray(is_fresh(age, snapshot.catalogue.rules.freshness_days[at])),
        },
        columns=list(PROVIDER_COLUMNS),
    )
    if only_old:
        table = table[~table["is_fresh"]]
    return table.sort_values(
        ["is_fresh", "age_days", "name"],
        ascending=[True, False, True],
        na_position="first",
        ignore_index=True,
        key=lambda column: collation_keys(column) if column.name == "name" else column,
    )


def _day_of(seconds: float) -> date | None:
    return None if np.isnan(seconds) else datetime.fromtimestamp(seconds, BUCHAREST).date()


def report_age(row: Mapping[Any, Any]) -> str:
    """Say of a row of `providers_table` when its places were last reported."""
    if pd.isna(row["age_days"]):
        return _("niciunul")
    return f"{written_day(row['reported_on'])} ({age_words(row['age_days'])})"


def make_places_link(directory: Directory, service_id: str, *, actor: Actor) -> str:
    """Make the link with which a provider reports its places by itself.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    service_id
        The service.
    actor
        Who makes it; the ledger checks role and county, and notes a refusal.

    Returns
    -------
    str
        The token with which the address ends.

    Raises
    ------
    UnknownCodeError
        Where there is no such service.
    NotAllowedError
        Where the actor may not make links for it.
    """
    key, county = link_of(directory, service_id, actor=actor)
    return provider_tokens.make_service_link(directory.ledger, key, county=county, actor=actor)


def link_of(directory: Directory, service_id: str, *, actor: Actor) -> tuple[str, str]:
    """Return the ledger's key of a service and the county under which its links stand; raises as `make_places_link`."""
    key = directory.key_for(service_id, actor=actor, permission="link.service")
    county = service_county(directory.snapshot().catalogue.service(key))
    provider_tokens.require_service_link(directory.ledger, key, county=county, actor=actor)
    return key, county


def service_county(service: dict[str, Any]) -> str:
    """Return the letters of the county where a service is, else of the one that it serves; blank where neither is."""
    found = (service["county"], service["county_served"])
    return next((county for county in found if isinstance(county, str) and county), "")
