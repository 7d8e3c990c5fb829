"""What is left of a service with a protected address: the one place where it is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.i18n import _, use_language
from providers.rules import protected_keys, taxonomy
from providers.rules.schema import SERVICE_COLUMNS

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer

# What of a secret service may be known to everybody: never its place, its people or how many it takes, and nothing
# that finds its row, and so its door, in a published register: no key, no number or day of its licence.
_SECRET_KEEPS = (
    "registry", "service_type", "county", "county_served", "delivery", "service_area", "access_route", "age_min",
    "age_max", "sex", "groups", "capacity_model", "operating_status", "is_secret",
)  # fmt: skip
_SECRET_SAYS = {
    "registry_key": "", "organization": "", "position_precision": "none", "flags": "", "licence_status": "unknown",
    "accreditation_status": "unknown",
}  # fmt: skip
_NEAR_AREAS = ("own_uat", "listed")  # areas that would tell the town


def redact(services: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Take from secret services all that could lead to their door, or to who lives there.

    What stays is the type, the county and the rules of access; the name becomes a public label, the key a public
    id, and the contact is the county's authority. One that its register calls closed, suspended or withdrawn is left
    out. The days of a licence decide nothing: the day on which a service went would be the last of its licence. The
    one place where this is done; what is redacted already stays as it is.
    """
    secret = services["is_secret"].to_numpy(bool)
    if not secret.any():
        return services
    own = secret & ~services["service_id"].map(protected_keys.is_protected).to_numpy(bool)
    ended = (
        services["licence_status"].isin(["suspended", "withdrawn"])
        | (services["accreditation_status"] == "withdrawn")
        | (services["operating_status"] == "closed")
    ).to_numpy(bool)
    public: pd.DataFrame = services[~(own & ended)].copy()
    raw = own[~(own & ended)]
    for column, (kind, _meaning) in SERVICE_COLUMNS.items():
        if column != "service_id" and column not in _SECRET_KEEPS:
            nothing = _SECRET_SAYS.get(column, None if kind == "str" else pd.NA if kind == "Int64" else np.nan)
            public[column] = public[column].mask(raw, nothing)
    usual = public["service_type"].map(taxonomy.load()["service_area"])
    near = public["service_area"].fillna(usual).isin(_NEAR_AREAS)
    public["service_area"] = public["service_area"].mask(raw & near, "county")
    public["county"] = public["county"].mask(raw & public["county_served"].notna(), public["county_served"])
    public["county_served"] = public["county_served"].mask(raw, public["county"])
    names = gazetteer.county_names
    with use_language("ro"):  # the catalogue is kept for all; a screen says the label in its own language
        public.loc[raw, "name"] = [
            public_label(code, names.get(where))
            for code, where in public.loc[raw, ["service_type", "county"]].itertuples(index=False)
        ]
    items = [column for column in _SECRET_KEEPS if column in public]
    public.loc[raw, "service_id"] = protected_keys.public_ids(public[raw], items)
    return public


def public_label(code: str, county_name: str | None) -> str:
    """Name a secret service by its type and county only, in the language of this request."""
    return _("{type}, județul {county} (adresă protejată)").format(
        type=_(taxonomy.service_type(code).name), county=county_name or _("necunoscut")
    )
