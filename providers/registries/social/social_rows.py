"""Rows of the social register, in whatever format they came, shaped into the common table of services.

The modules of the formats (`social_2017`, `social_register`) bring their rows to RAW_COLUMNS, all text;
here they are corrected, checked, placed and marked secret. Every row ends loaded or rejected.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.cells import is_missing
from providers.registries import capacity_text, contacts, licences
from providers.registries import corrections as repairs
from providers.registries.geocoding import geocode, join_flags
from providers.registries.raw_rows import or_na, stated_places
from providers.registries.social.social_checks import rejection_checks, remarks
from providers.rules import secrecy, taxonomy
from providers.rules.schema import Tidied, services_table

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer

RAW_COLUMNS: dict[str, int] = {
    # column: longest text kept (the longest real name has 201 characters)
    "key": 80, "name": 300, "organization": 300, "organization_cui": 40, "county": 60, "locality": 120,
    "uat": 120, "siruta": 20, "address": 300, "service_code": 60, "groups": 200, "capacity": 80, "phone": 200,
    "email": 200, "website": 300, "lat": 60, "lon": 60, "licence_number": 80, "licence_from": 40,
    "licence_until": 120, "status": 120, "organization_status": 20, "marked": 120,
}  # fmt: skip
CORRECTION_FLAGS = {"service_code": "code_corrected", "groups": "group_corrected"}

# Control and direction characters, and halves of surrogate pairs, which no file format of ours can hold.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def clean(text: object, limit: int = 4_000) -> str:
    """Return printable text on one line, at most `limit` characters; None and NaN are ""."""
    if is_missing(text):
        return ""
    return contacts.tidy_text(_CONTROL.sub(" ", _INVISIBLE.sub("", str(text))))[:limit].strip()


def tidy_rows(raw: pd.DataFrame, gazetteer: Gazetteer, *, corrections: pd.DataFrame | None = None) -> Tidied:
    """Shape raw rows of the social register into services and rejects.

    A row is rejected for the first of: no name, no code, a code that the nomenclature lacks, a key seen before, a place
    that cannot be found (unless its address is protected: such a row loads without a point). A reject of a protected
    row never says what was found.

    Parameters
    ----------
    raw
        RAW_COLUMNS (missing columns are empty) and `row`, 1 = first data row.
    gazetteer
        Places the rows.
    corrections
        Table of `providers.registries.corrections`; None = none.

    Returns
    -------
    TidiedTable
        Services (SERVICE_COLUMNS), rejects and notes; rows read = services + rejects.
    """
    rows = _cleaned(raw)
    notes: tuple[str, ...] = ()
    flags = pd.Series("", index=rows.index, dtype="str")
    fixed = None
    if corrections is not None:
        fixed = repairs.apply(rows, corrections, key="key", flag_names=CORRECTION_FLAGS)
        rows, flags = fixed.table, fixed.flags
    rows["service_code"] = contacts.map_unique(rows["service_code"], taxonomy.tidy_code)
    secret = secrecy.secret_rows(
        rows["service_code"],
        rows["name"],
        rows["address"],
        marked=rows["marked"],
        key=rows["key"],
        same=(rows["licence_number"],),
    )
    if fixed is not None:
        notes = repairs.remarks(fixed, key=rows["key"], hidden=secret)
    placed = _placed(rows, gazetteer, secret)
    bad, rejects = rejection_checks(rows, placed["problem"], secret)
    services = _services(rows[~bad], placed[~bad], secret[~bad], flags[~bad])
    return Tidied(services, rejects, len(raw), (*notes, *remarks(services)))


def _cleaned(raw: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame({"row": range(1, len(raw) + 1)})
    if "row" in raw:
        numbers = pd.to_numeric(raw["row"], errors="coerce").reset_index(drop=True)
        # Rejects are told by row number, so numbers that cannot tell rows apart are counted anew.
        if numbers.notna().all() and numbers.is_unique and numbers.between(1, 2**53).all():
            rows["row"] = numbers.astype("int64")
    for column, limit in RAW_COLUMNS.items():
        texts = raw[column].tolist() if column in raw else [""] * len(raw)
        rows[column] = pd.Series([clean(t, limit) for t in texts], dtype="str")
    return rows


def _placed(rows: pd.DataFrame, gazetteer: Gazetteer, secret: pd.Series[Any]) -> pd.DataFrame:
    stated, read_so = stated_places(rows, gazetteer)
    placed = geocode(stated, gazetteer)
    unknown = (rows["county"] != "") & stated["county"].isna()
    placed["flags"] = [
        join_flags(a, b, "county_unknown" if u else "")
        for a, b, u in zip(read_so, placed["flags"], unknown, strict=True)
    ]
    return _without_false_precision(rows, placed, secret)


def _without_false_precision(rows: pd.DataFrame, placed: pd.DataFrame, secret: pd.Series[Any]) -> pd.DataFrame:
    """Call a point the locality's where a public row without any address has the very same one.

    The publisher's geocoder gives the middle of the town where it cannot find the street. A protected row proves
    nothing about a point: what is public would then tell its town.
    """
    points = pd.MultiIndex.from_arrays([placed["lat"].round(6), placed["lon"].round(6)])
    own = placed["position_precision"] == "address"
    at_middle = points.isin(points[own & (rows["address"] == "") & ~secret])
    placed.loc[own & at_middle, "position_precision"] = "locality"
    return placed


def _services(rows: pd.DataFrame, placed: pd.DataFrame, secret: pd.Series[Any], flags: pd.Series[Any]) -> pd.DataFrame:
    capacities = {text: capacity_text.parse(text) for text in rows["capacity"].unique()}
    capacity = [capacities[text] for text in rows["capacity"]]
    groups = {text: read_groups(text) for text in rows["groups"].unique()}
    dates, date_flags = _licence_dates(rows)
    status, status_flags = _status(rows, dates)
    dated = pd.DataFrame(
        {
            "registry": "social",
            "registry_key": rows["key"],
            "service_type": rows["service_code"],
            "name": rows["name"],
            "organization": rows["organization"],
            "organization_cui": or_na(contacts.map_unique(rows["organization_cui"], contacts.fiscal_code)),
            "county": placed["county"],
            "county_served": placed["county"],
            "uat_siruta": placed["uat_siruta"],
            "locality_siruta": placed["locality_siruta"],
            "locality": placed["locality"],
            "address": or_na(contacts.map_unique(rows["address"], contacts.blank_placeholders)),
            "phone": or_na(contacts.read_phones(rows["phone"], rows["row"], title="Telefon")),
            "email": or_na(contacts.map_unique(rows["email"], contacts.emails)),
            "website": or_na(contacts.map_unique(rows["website"], contacts.website)),
            "lat": placed["lat"],
            "lon": placed["lon"],
            "position_precision": placed["position_precision"],
            "groups": or_na(pd.Series([groups[t][0] for t in rows["groups"]], index=rows.index, dtype="str")),
            "places_max": pd.array([c.places_max for c in capacity], dtype="Int64"),
            "capacity_unit": pd.Series([c.unit for c in capacity], index=rows.index, dtype="object"),
            "capacity_text": or_na(rows["capacity"]),
            "licence_number": or_na(rows["licence_number"]),
            "licence_from": dates["licence_from"],
            "licence_until": dates["licence_until"],
            "licence_status": status["licence_status"],
            "accreditation_status": rows["organization_status"].replace("", "unknown"),
            "operating_status": status["operating_status"],
            "is_secret": secret,
            "source_row": rows["row"],
        },
        index=rows.index,
    )
    more = zip(
        flags, placed["flags"], (c.flag for c in capacity), (groups[t][1] for t in rows["groups"]),
        date_flags, status_flags, _row_flags(rows, secret), strict=True,
    )  # fmt: skip
    dated["flags"] = pd.Series([join_flags(*each) for each in more], index=rows.index, dtype="str")
    return services_table(dated)


def read_groups(text: str) -> tuple[str, str]:
    """Read the register's beneficiary groups ("B1.2;B2.") as our codes, and a flag.

    `group_corrected`: a code lost its second numeral ("B2.") and counts as the whole group.
    `group_unknown`: a code that the list of groups lacks was left out.
    """
    by_code = {g.register_code: g.group for g in taxonomy.groups().values() if g.register_code}
    codes, flags = [], []
    for part in re.split(r"[;,\s]+", text.upper()):
        code = part.rstrip(".")
        if code in by_code:
            codes.append(by_code[code])
            flags.append("group_corrected" if code != part else "")
        elif code:
            flags.append("group_unknown")
    return ";".join(dict.fromkeys(codes)), join_flags(*flags)


def _licence_dates(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """First and last day of the licence; flags for what could not be read or runs backwards."""
    dates, flags = [], []
    for first_text, last_text in zip(rows["licence_from"], rows["licence_until"], strict=True):
        first, last = licences.read_date(first_text), licences.read_last_day(last_text)
        unread = (first_text and not first) or (last_text and not last)
        backwards = bool(first and last and last < first)
        dates.append((None, None) if backwards else (first, last))
        flags.append(join_flags("licence_date_unread" if unread else "", "licence_dates_reversed" if backwards else ""))
    table = pd.DataFrame(dates, columns=["licence_from", "licence_until"], index=rows.index)
    for column in table:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
    return table, flags


def _status(rows: pd.DataFrame, dates: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Status of licence and service; with dates and no word, a listed licence is in force until its last day."""
    words = {text: licences.read_status(text) for text in rows["status"].unique()}
    found, flags = [], []
    for text, until in zip(rows["status"], dates["licence_until"], strict=True):
        status = words[text] or licences.UNKNOWN
        implied = not text and pd.notna(until)
        found.append(("active" if implied else status.licence, status.operating))
        flags.append("status_unread" if words[text] is None else "")
    return pd.DataFrame(found, columns=["licence_status", "operating_status"], index=rows.index), flags


def _row_flags(rows: pd.DataFrame, secret: pd.Series[Any]) -> list[str]:
    """Doubts that are seen only by looking at the whole file (its public rows), or that no other column shows."""
    lines = ["service_code", "name", "organization", "organization_cui", "address", "locality", "siruta", "county"]
    alike = rows[~secret].duplicated(lines, keep=False).reindex(rows.index, fill_value=False)
    lost_phone = rows["phone"].map({text: contacts.is_phone_lost(text) for text in rows["phone"].unique()})
    return [
        join_flags(
            "possible_duplicate" if twin else "",
            "phone_unread" if lost else "",
            "organization_missing" if not organization else "",
        )
        for twin, lost, organization in zip(alike, lost_phone, rows["organization"], strict=True)
    ]
