"""Today's register of social services: the licensed services, joined to the accredited providers by CUI.

Published as Excel (Law 197/2012, art. 8) and as XML; columns are found by their titles, Romanian or
English, in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import ngettext
from core.reading.fields import LICENCE_END, MARK, STATUS, Field
from providers.registries import contacts
from providers.registries.geocoding import join_flags
from providers.registries.raw_rows import made_key, published_key
from providers.registries.register_file import read_register
from providers.registries.social import organizations
from providers.registries.social.social_rows import RAW_COLUMNS, clean, tidy_rows
from providers.rules import taxonomy
from providers.rules.schema import Tidied
from providers.rules.secrecy import secret_rows

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

FIELDS = (
    Field(
        "organization_cui",
        ("provider_cui", "CUI furnizor", "CUI", "CIF", "Cod fiscal", "cui_cif", "CUI/CIF", "Cod unic de înregistrare"),
    ),
    Field(
        "organization", ("provider_name", "Denumire furnizor", "Nume furnizor", "Furnizor", "Denumirea furnizorului"),
    ),
    Field(
        "name",
        (
            "service_name", "Denumire serviciu", "Nume serviciu", "Denumirea serviciului", "Denumire serviciu social",
            "Denumirea serviciului social", "Serviciu", "Serviciu social",
        ),
        required=True,
    ),
    Field("service_kind", ("service_type", "Tip serviciu", "Tipul serviciului", "Categorie serviciu")),
    Field(
        "service_code",
        ("Cod serviciu", "Cod serviciu social", "Codul serviciului", "Cod nomenclator", "Cod", "cod"),
        required=True,
    ),
    Field("county", ("Județ", "Judet", "jud", "district")),
    Field("uat", ("UAT", "Comuna", "Unitate administrativ-teritorială")),
    Field("locality", ("Localitate", "Localitatea", "Oraș", "oras", "city", "location")),
    Field("siruta", ("siruta_code", "Cod SIRUTA", "SIRUTA", "Cod siruta localitate")),
    Field("address", ("Adresa", "Adresă", "Adresa serviciului", "Adresa sediului")),
    Field(
        "licence_number",
        ("license_number", "license_no", "Număr licență", "Nr. licență", "Licență", "Serie și număr licență",
         "Nr. licență de funcționare", "Licență de funcționare"),
    ),
    Field("licence_from", ("valid_from", "Valabilă de la", "Valabil de la", "Data licenței", "De la", "Data emiterii")),
    Field(
        "licence_until",
        ("valid_until", "Valabilă până la", "Valabil până la", "Data expirării", "Expiră la", "Până la",
         "Valabilitate"),
        is_joined=True,  # the earliest of several days counts
        role=LICENCE_END,
    ),
    Field("capacity", ("Capacitate", "Număr locuri", "Nr. locuri", "Nr. beneficiari", "Capacitatea")),
    Field(
        "status", ("Stare", "Statut", "Situație", "Stare licență", "Status licență"),
        is_joined=True,  # the gravest of several words counts
        role=STATUS,
    ),
    Field("phone", ("Telefon", "phone_number", "Telefoane", "Telefon fix", "Telefon mobil"), is_joined=True),
    Field("email", ("E-mail", "Adresă e-mail", "mail"), is_joined=True),
    Field("website", ("Pagina web", "Site", "Web", "Website")),
    Field("groups", ("Grup țintă", "Beneficiari", "Categorii de beneficiari")),
    Field("lat", ("Latitudine", "latitude")),
    Field("lon", ("Longitudine", "longitude", "lng", "long")),
    Field(
        "marked",
        ("Adresă protejată", "Adresă secretă", "Adresă confidențială", "Adresa este protejată",
         "Adresa este confidențială", "Adresă protejată (da/nu)", "Confidențial", "Confidențială", "Confidențialitate",
         "Protejat", "Protejată", "Secretă", "secret", "is_secret", "protected", "confidential"),
        is_joined=True,  # a mark in any of them protects
        role=MARK,
    ),
)  # fmt: skip


def load(
    services_path: Path, organizations_path: Path | None = None, *, listed: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Read the services and find their providers.

    Parameters
    ----------
    services_path
        Licensed services, as a sheet, CSV or XML.
    organizations_path
        Accredited providers, read with them.
    listed
        Providers imported before (table of `organizations.COLUMNS`); the file goes before it. Without
        either, accreditation is not known.

    Returns
    -------
    DataFrame
        The FIELDS that the file has, as text, and `row`; with providers, `organization_status` too
        (see `join_organizations`).

    Raises
    ------
    UnreadableFileError, MissingColumnError
        Naming the file.
    """
    raw = read_register(services_path, FIELDS)
    if organizations_path is not None:
        return join_organizations(raw, organizations.statuses(organizations.load(organizations_path)))
    if listed is not None:
        return join_organizations(raw, dict(zip(listed["cui"], listed["status"], strict=True)))
    return raw


def join_organizations(raw: pd.DataFrame, statuses: dict[str, str]) -> pd.DataFrame:
    """Add the accreditation of each row's provider, by its fiscal code.

    Parameters
    ----------
    raw
        Rows of the register, perhaps with `organization_cui`.
    statuses
        Accreditation by fiscal code (digits), as `accreditation` gives it.

    Returns
    -------
    pd.DataFrame
        The rows with `organization_status`: accredited, withdrawn, unknown, or not_listed where no provider has the
        code.
    """
    blank = pd.Series("", index=raw.index, dtype="str")
    cui = contacts.map_unique(raw.get("organization_cui", blank), contacts.fiscal_code)
    found = [statuses.get(code, "not_listed") for code in cui]
    return raw.assign(organization_status=pd.Series(found, index=raw.index, dtype="str"))


def tidy(raw: pd.DataFrame, gazetteer: Gazetteer, *, corrections: pd.DataFrame | None = None) -> Tidied:
    """Shape the loaded rows into services and rejects (see providers.registries.social.social_rows.tidy_rows).

    The key is the licence's number, or made of the row's own fields where it has none or shares it. A
    service whose provider is not in the list of providers loads with the flag `provider_not_listed`.
    """
    rows = raw.reindex(columns=["row", *RAW_COLUMNS]).reset_index(drop=True)
    rows["key"] = _keys(rows)
    unlisted = pd.Series([clean(s) == "not_listed" for s in rows["organization_status"]], dtype=bool)
    known = rows["organization_status"].isin(["accredited", "withdrawn"])
    rows["organization_status"] = rows["organization_status"].where(known, "unknown")
    tidied = tidy_rows(rows, gazetteer, corrections=corrections)
    return _with_unlisted(tidied, unlisted, rows)


def _keys(rows: pd.DataFrame) -> pd.Series[Any]:
    """Keys that stay the same from one edition to the next and do not hang on the order of rows."""
    # A prefix, for a plain licence number would read like an id of the register of 2017.
    licence = pd.Series(
        [published_key(clean(n)).upper() for n in rows["licence_number"]], index=rows.index, dtype="str"
    )
    # A licence that a protected row has as well is no reason to number a public one otherwise.
    text = rows.map(clean)
    hidden = secret_rows(
        contacts.map_unique(text["service_code"], taxonomy.tidy_code), text["name"], text["address"],
        marked=text["marked"], key=pd.Series("", index=rows.index),
        same=(text["licence_number"],),
    )  # fmt: skip
    twice = licence[~hidden].duplicated(keep=False).reindex(rows.index, fill_value=False)
    shared = twice.mask(hidden, licence.duplicated(keep=False)) | (licence == "")
    made = [
        _made(row, is_hidden=secret) if lacks else ""
        for row, lacks, secret in zip(rows.to_dict("records"), shared, hidden, strict=True)
    ]
    return ("L" + licence).where(~shared, pd.Series(made, index=rows.index, dtype="str"))


def _made(row: dict[Any, Any], *, is_hidden: bool) -> str:
    text = {column: clean(value) for column, value in row.items()}
    code = taxonomy.tidy_code(text["service_code"])
    # A protected address stays out: a short digest of it could be found by trying addresses.
    parts = ["licence_number", "organization_cui", "name", "county"]
    parts += [] if is_hidden else ["siruta", "locality", "address"]
    return "R" + made_key(code, *(text[part] for part in parts))


def _with_unlisted(tidied: Tidied, unlisted: pd.Series[Any], rows: pd.DataFrame) -> Tidied:
    missing = set(rows["key"][unlisted])
    services = tidied.services.copy()
    here = services["registry_key"].isin(missing)
    count = int((here & ~services["is_secret"]).sum())
    if not here.any():
        return tidied
    services.loc[here, "flags"] = [join_flags(f, "provider_not_listed") for f in services.loc[here, "flags"]]
    text = ngettext(
        "{n} serviciu are un furnizor care nu este în lista furnizorilor acreditați.",
        "{n} servicii au furnizori care nu sunt în lista furnizorilor acreditați.",
        count,
    ).format(n=count)
    return Tidied(services, tidied.rejects, tidied.rows_read, (*tidied.notes, *([text] if count else [])))
