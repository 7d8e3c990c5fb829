"""Contacts of public offices, and offices that only people on the spot know: what `harta import authorities` brings.

The file is in the general format (`providers.registries.general_format`). An imported row that is one of the offices
that the law gives every place fills in its contacts; any other is an office of its own, as a list of whom each papers
office serves brings them. An office of a town hall that has no contacts of
its own has the town hall's.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from providers.authorities.authorities import AREA_TRANSCRIBED, NO_CONTACT

_CONTACTS = ("address", "phone", "email", "website", "hours")
_REACHED = ("address", "phone", "email")
_TOWN_HALL = "AUT-PRIM"
_OF_TOWN_HALL = "contact_of_town_hall"
_PLACE = ("lat", "lon", "position_precision", "locality", "locality_siruta", "uat_siruta", "county")


def with_imported(authorities: pd.DataFrame, imported: pd.DataFrame) -> pd.DataFrame:
    """Return the offices of the law with what was imported of them, and the imported ones beside them.

    A row is taken for an office of the law by its key, else by its type and whom it serves: the
    same UAT, or the same county, or its seat where an act lists whom it serves (the row's own areas then replace
    the act's). Cells that were left empty change nothing; an address moves the point too. Offices of a town hall that
    nobody gave contacts get the town hall's, flagged `contact_of_town_hall`.

    Parameters
    ----------
    authorities
        From `authorities.derive`: SERVICE_COLUMNS, perhaps `edition`.
    imported
        Services of the registry `authority` (an edition), with the same columns; `edition` goes with what was imported.

    Returns
    -------
    pd.DataFrame
        With the columns of `authorities`, `service_id` unique.
    """
    known = imported.drop_duplicates("service_id").reset_index(drop=True)
    twin = _twins(authorities, known)
    filled = _filled(authorities, known.assign(service_id=twin).dropna(subset=["service_id"]))
    own = known[twin.isna()]
    return pd.concat([_with_town_halls(filled), own], ignore_index=True)[list(authorities.columns)]


def _twins(authorities: pd.DataFrame, imported: pd.DataFrame) -> pd.Series[str]:
    """Return the `service_id` of the office of the law that each imported row is; NA where it is none."""
    of_act = authorities["flags"].str.contains(AREA_TRANSCRIBED)
    by_uat = _ids_by(authorities[authorities["service_area"] == "own_uat"], "service_type", "uat_siruta")
    by_seat = _ids_by(authorities[of_act], "service_type", "uat_siruta")
    by_county = _ids_by(authorities[authorities["service_area"] == "county"], "service_type", "county_served")
    ids = dict(zip(authorities["registry_key"].tolist(), authorities["service_id"].tolist(), strict=True))
    county = imported["county_served"].where(imported["county_served"].notna(), imported["county"])
    found: list[str | None] = []
    read = (imported[name] for name in ("registry_key", "service_type", "uat_siruta", "areas_served"))
    for key, kind, uat, areas, letters in zip(*(column.tolist() for column in (*read, county)), strict=True):
        if key in ids:
            found.append(ids[key])
        elif not pd.isna(uat) and (kind, uat) in by_seat:
            found.append(by_seat[kind, uat])
        elif pd.isna(areas) or not areas:  # an office of listed places is nobody's twin
            found.append((None if pd.isna(uat) else by_uat.get((kind, uat))) or by_county.get((kind, letters)))
        else:
            found.append(None)
    return pd.Series(found, index=imported.index, dtype="str")


def _ids_by(offices: pd.DataFrame, *names: str) -> dict[tuple[Any, ...], str]:
    """Index the ids of offices by what their columns say; lists, for Arrow gives its values one by one slowly."""
    keys = zip(*(offices[name].tolist() for name in names), strict=True)
    return dict(zip(keys, offices["service_id"].tolist(), strict=True))


def _filled(authorities: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    given = contacts.drop_duplicates("service_id").set_index("service_id")
    table = authorities.copy()
    if "edition" in table and "edition" in given:
        edition = table["service_id"].map(given["edition"])
        table["edition"] = edition.where(edition.notna(), table["edition"])
    at_address = table["service_id"].map(given["position_precision"]) == "address"
    for column in (*_CONTACTS, *_PLACE):
        new = table["service_id"].map(given[column])
        takes = new.notna() & (new != "") & (at_address if column in _PLACE else True)
        table[column] = table[column].mask(takes, new)
    areas = table["service_id"].map(given["areas_served"])
    replaced = (table["service_area"] == "listed") & areas.notna() & (areas != "")
    reached = table[list(_REACHED)].notna().any(axis=1)
    flags = table["flags"].mask(reached, _without(table["flags"], NO_CONTACT))
    return table.assign(
        areas_served=table["areas_served"].mask(replaced, areas),
        flags=flags.mask(replaced, _without(flags, AREA_TRANSCRIBED)),
    )


def _with_town_halls(offices: pd.DataFrame) -> pd.DataFrame:
    """Give offices of a town hall that have no contacts those of the town hall, and its edition."""
    halls = offices[(offices["service_type"] == _TOWN_HALL) & offices[list(_REACHED)].notna().any(axis=1)]
    by_hall = halls.drop_duplicates("uat_siruta").set_index("uat_siruta")
    same = offices["organization"] == offices["uat_siruta"].map(by_hall["organization"])
    lacks = offices[list(_REACHED)].isna().all(axis=1)
    taken = same & lacks & (offices["service_type"] != _TOWN_HALL)
    columns = [*_REACHED, *(["edition"] if "edition" in offices else [])]
    given = {column: offices[column].mask(taken, offices["uat_siruta"].map(by_hall[column])) for column in columns}
    named = _without(offices["flags"], NO_CONTACT).map(lambda text: ";".join(filter(None, [text, _OF_TOWN_HALL])))
    return offices.assign(**given, flags=offices["flags"].mask(taken, named).astype("str"))


def _without(flags: pd.Series[str], gone: str) -> pd.Series[str]:
    return flags.map(lambda text: ";".join(flag for flag in text.split(";") if flag != gone)).astype("str")
