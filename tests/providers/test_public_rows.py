"""What is public of a register is the same whatever its protected rows say, in each of its formats."""

from __future__ import annotations

import pandas as pd
import pytest

from providers.imports.file_shaping import place_notes
from providers.registries import general_format
from providers.registries.social import current_social, social_2017

SHELTER, DAY = "8790CR-VD-I", "8891CZ-C-II"
PLACE = {"lat": "46.4833", "lon": "27.1"}
CORRECTIONS = pd.DataFrame(
    [
        ("H1", "capacity", "12", "15", "slip", "call"), ("H2", "capacity", "13", "15", "slip", "call"),
        ("*", "capacity", "20", "21", "slip", "call"),
    ],
    columns=["row_id", "column", "published", "corrected", "reason", "source"], dtype="str",
)  # fmt: skip


def public() -> list[dict[str, str]]:
    """Three day centres: two at one point, one of them without any doubt, and one in another town."""
    base = {
        "service_code": DAY,
        "organization": "Asociația Exemplu",
        "county": "Bacău",
        "locality": "Parincea",
        **PLACE,
    }
    return [
        {**base, "key": "1", "name": "Centrul Unu", "address": "Strada Mare 1", "licence_number": "LF1", "capacity": "20"},
        {**base, "key": "2", "name": "Centrul Doi", "address": "Strada Mare 2", "licence_number": "LF2", "capacity": ""},
        {**base, "key": "3", "name": "Centrul Trei", "address": "Strada Mică 1", "licence_number": "LF3",
         "locality": "Onești", "lat": "46.25", "lon": "26.76"},
    ]  # fmt: skip


def hidden(**said: str) -> list[dict[str, str]]:
    """Two shelters, the second of another name; `said` changes both."""
    base = {"service_code": SHELTER, "county": "Bacău", "locality": "Bacău", "lat": "46.57", "lon": "26.91", "name": "Casa",
            "organization": "F", "address": "Strada Tainică 1", "licence_number": "", "capacity": "12", "marked": "da"}  # fmt: skip
    first, second = ({**base, **said, "key": f"H{n}"} for n in (1, 2))
    return [first, {**second, "name": second["name"] + " a doua, adăpost pentru victimele violenței"}]


COPY = "with all fields of a public service but the mark"
# Each is a way in which a protected row once told of itself in the rows beside it, or could.
OTHERS = {
    "at the point of two public services, without an address": {"address": "", **PLACE},
    "with the licence of a public service": {"licence_number": "LF1"},
    COPY: public()[0],
    "far from its town, in no county": {"lat": "44.0", "lon": "29.9", "locality": "Bacău"},
    "in a town that nobody knows": {"locality": "Nicăieri pe lume", "lat": "", "lon": ""},
    "with a capacity that a correction looks for": {"capacity": "13"},
    "with another owner, who is in no list": {
        "organization": "Alt furnizor",
        "organization_cui": "999",
        "capacity": "",
    },
}


def today(rows, gazetteer):
    table = pd.DataFrame(rows).drop(columns="key").fillna("").assign(organization_status="not_listed")
    return current_social.tidy(table, gazetteer, corrections=CORRECTIONS)


def of_2017(rows, gazetteer):
    table = pd.DataFrame(rows).fillna("").drop(columns="licence_number")
    table["row"] = range(1, len(table) + 1)
    for column in set(social_2017.FIELDS.values()) - set(table.columns):
        table[column] = ""
    return social_2017.tidy(table, gazetteer, corrections=CORRECTIONS)


def general(rows, gazetteer):
    names = {"service_code": "service_type", "key": "registry_key", "capacity": "places_max"}
    table = pd.DataFrame(rows).fillna("").rename(columns=names)
    # This format has no column for the mark: there a row says it in the place of its address.
    table["address"] = table["address"].mask(table["marked"] == "da", "adresă confidențială")
    table["row"] = range(1, len(table) + 1)
    fixes = CORRECTIONS.assign(column="places_max")
    return general_format.tidy(table, gazetteer, registry="social", corrections=fixes)


def told(tidied) -> tuple[str, str, tuple[str, ...]]:
    """All that is public of an import: the public rows, the rejects, the notes."""
    rows = tidied.services[~tidied.services["is_secret"]].drop(columns="source_row").reset_index(drop=True)
    return rows.to_csv(), tidied.rejects.to_csv(), (*tidied.notes, *place_notes(tidied.services))


@pytest.mark.parametrize("how", [how for how in OTHERS if how != COPY])
@pytest.mark.parametrize("read", [today, of_2017, general])
def test_protected_rows_change_nothing_beside_them(gazetteer, read, how):
    for_all = told(read([*hidden(), *public()], gazetteer))
    assert told(read([*hidden(**OTHERS[how]), *public()], gazetteer)) == for_all


@pytest.mark.parametrize("read", [today, of_2017])
def test_a_row_that_stands_again_with_the_mark_is_protected_and_nothing_else_changes(gazetteer, read):
    """One row has a mark, the same row elsewhere has none: the address is not published by the one without."""
    copied = read([*hidden(**OTHERS[COPY]), *public()], gazetteer)
    assert told(copied)[0] == told(read([*hidden(), *public()[1:]], gazetteer))[0]
    # What the importer hears of the copy, where both have one licence, does not say what stands in it.
    assert set(copied.rejects["value"]) <= {"(protejat)"}


def test_the_general_format_has_no_mark_that_a_copy_could_lack(gazetteer):
    for_all = told(general([*hidden(), *public()], gazetteer))
    assert told(general([*hidden(**OTHERS[COPY]), *public()], gazetteer)) == for_all


@pytest.mark.parametrize("first", [True, False])
def test_a_key_that_one_row_protects_is_protected_in_the_other_too(gazetteer, first):
    twice = [{**public()[0], "key": "9", "marked": "da" if marked else ""} for marked in (first, not first)]
    services = of_2017([*twice, public()[1]], gazetteer).services
    assert dict(zip(services["registry_key"], services["is_secret"], strict=True)) == {"9": True, "2": False}
