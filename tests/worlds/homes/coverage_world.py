"""Three communes of Bacău and one of Neamț on the real gazetteer, with a handful of services near Parincea."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd

from geo.gazetteer.gazetteer import load_gazetteer
from geo.layers.census_table import age_columns
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.planning.demand import make_people
from providers.rules.schema import services_table

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PARINCEA, PLACE = 24089, (46.48333, 27.1)
CENTRE, SHELTER, HOME_CARE, KITCHEN = "8891CZ-C-II", "8790CR-VD-I", "8810ID-I", "8899CPDH-I"
GAZETTEER = load_gazetteer(None)


def population(people: int = 1000, **of_uat: int) -> pd.DataFrame:
    """As many people in every UAT; `u24089=5000` gives one its own number."""
    codes = GAZETTEER.uats.loc[GAZETTEER.uats["kind"] != "sector", "uat_siruta"].to_numpy()
    table = pd.DataFrame({"uat_siruta": codes, "population": people})
    for name, number in of_uat.items():
        table.loc[table["uat_siruta"] == int(name[1:]), "population"] = number
    ages = dict.fromkeys(age_columns(), pd.NA)
    return table.assign(**ages).astype(dict.fromkeys(("population", *ages), "Int64"))


def people(number: int = 1000, **of_uat: int):
    return make_people(GAZETTEER, population(number, **of_uat))


def service(number: int, north: float = 0.0, east: float = 0.0, **said):
    return {
        "service_id": f"social:mmps:{number}", "registry": "social", "registry_key": str(number), "name": f"Centrul {number}",
        "organization": "Asociația Exemplu", "service_type": CENTRE, "county": "BC", "uat_siruta": PARINCEA,
        "lat": PLACE[0] + north, "lon": PLACE[1] + east, "position_precision": "address", "source_row": number, **said,
    }  # fmt: skip


def catalogue(*rows):
    return make_catalogue(services_table(list(rows)), GAZETTEER)


def reports(*said: tuple[int, int | None, float]) -> pd.DataFrame:
    """(number of the service, free places, days ago) each."""
    return pd.DataFrame(
        {
            "service_id": [f"social:mmps:{n}" for n, _free, _days in said],
            "status": ["full" if free == 0 else "free" for _n, free, _days in said],
            "places_free": pd.array([free for _n, free, _days in said], "Int64"),
            "places_reported": pd.array([free for _n, free, _days in said], "Int64"),
            "places_max": pd.array([None] * len(said), "Int64"),
            "places_reported_at": pd.to_datetime([NOW - timedelta(days=days) for _n, _free, days in said], utc=True),
        }
    )


def laid(of, *said):
    return availability(of, reports(*said), now=NOW)
