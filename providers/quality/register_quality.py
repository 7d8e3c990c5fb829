"""How good each source of a registry is, in counts: how rows were placed, what they lack, what contradicts itself.

Every figure is a set of rows, so that each number opens the rows that it counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from core.i18n import N_
from core.storage.service_ids import parts
from providers.rules.help_tables.name_against_code import contradicts_code

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Mask = Callable[[pd.DataFrame, date], "pd.Series[bool]"]
_EXPIRING = timedelta(days=90)


@dataclass(frozen=True)
class QualityFigure:
    """One figure: its title on screen, which rows it counts, and whether they are a fault to be looked at."""

    title: str
    rows: _Mask
    is_fault: bool = False


def _said(column: str) -> _Mask:
    return lambda services, _on: services[column].notna() & (services[column].astype("str").str.strip() != "")


def _placed(precision: str) -> _Mask:
    return lambda services, _on: services["position_precision"] == precision


def _licence(first: timedelta | None, last: timedelta | None) -> _Mask:
    def rows(services: pd.DataFrame, on: date) -> pd.Series[bool]:
        until = services["licence_until"]
        day = pd.Timestamp(on)
        found = until.notna()
        if first is not None:
            found &= until >= day + first
        if last is not None:
            found &= until < day + last
        return found

    return rows


FIGURES: dict[str, QualityFigure] = {
    "rows": QualityFigure(N_("Servicii"), lambda services, _on: pd.Series(True, index=services.index)),
    "at_address": QualityFigure(N_("Așezate la adresă"), _placed("address")),
    "at_locality": QualityFigure(N_("Așezate în centrul localității"), _placed("locality")),
    "at_uat": QualityFigure(N_("Așezate la reședința unității"), _placed("uat")),
    "not_placed": QualityFigure(N_("Fără poziție pe hartă"), _placed("none"), is_fault=True),
    "with_phone": QualityFigure(N_("Cu telefon"), _said("phone")),
    "with_hours": QualityFigure(N_("Cu program"), _said("hours")),
    "with_places": QualityFigure(N_("Cu număr de locuri"), _said("places_max")),
    "with_licence": QualityFigure(N_("Cu termenul licenței"), _said("licence_until")),
    "licence_expired": QualityFigure(N_("Cu licența expirată"), _licence(None, timedelta()), is_fault=True),
    "licence_expiring": QualityFigure(
        N_("Cu licența care expiră în 90 de zile"), _licence(timedelta(), _EXPIRING), is_fault=True
    ),
    "provider_withdrawn": QualityFigure(
        N_("Cu furnizorul radiat sau fără acreditare"),
        lambda s, _on: s["accreditation_status"] == "withdrawn",
        is_fault=True,
    ),
    "name_against_code": QualityFigure(
        N_("Cu denumirea în contradicție cu codul"), lambda services, _on: contradicts_code(services), is_fault=True
    ),
}


def judged_by_list(services: pd.DataFrame, organizations: pd.DataFrame | None) -> pd.DataFrame:
    """Let a list of organizations say which providers are no more, whatever the day on which a register came in.

    Parameters
    ----------
    services
        Table of `providers.rules.schema.SERVICE_COLUMNS`.
    organizations
        Table of `providers.registries.social.organizations.COLUMNS`; None = no list is imported.

    Returns
    -------
    pandas.DataFrame
        The same table, `accreditation_status` `withdrawn` also where the list says so of the fiscal code.
    """
    if organizations is None:
        return services
    gone = organizations.loc[organizations["status"] == "withdrawn", "cui"]
    is_gone = services["organization_cui"].isin(gone)
    return services.assign(accreditation_status=services["accreditation_status"].mask(is_gone, "withdrawn"))


def register_quality(services: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Count the figures of each source.

    Parameters
    ----------
    services
        Table of `providers.rules.schema.SERVICE_COLUMNS`; protected rows are not counted.
    on
        Day from which licences are judged.

    Returns
    -------
    pandas.DataFrame
        Columns `registry`, `source` and the codes of FIGURES, one row a source, in their order.
    """
    services = services[~services["is_secret"].to_numpy(bool)]  # what is public does not depend on them
    table = pd.DataFrame({code: _counted(services, code, on) for code in FIGURES})
    table.insert(0, "source", _sources(services))
    table.insert(0, "registry", services["registry"].to_numpy(object))
    counts: pd.DataFrame = table.groupby(["registry", "source"], sort=True)[list(FIGURES)].sum()
    return counts.astype("int64").reset_index()


def rows_of_figure(services: pd.DataFrame, figure: str, *, registry: str, source: str, on: date) -> pd.DataFrame:
    """Return the public rows that one figure of one source counts.

    Parameters
    ----------
    services
        As for `register_quality`.
    figure
        A code of FIGURES.
    registry, source
        Which source.
    on
        Day from which licences are judged.

    Returns
    -------
    pandas.DataFrame
        The rows, without protected ones.

    Raises
    ------
    KeyError
        For a figure that does not exist.
    """
    services = services[~services["is_secret"].to_numpy(bool)]
    own = (services["registry"] == registry).to_numpy(bool) & (_sources(services) == source)
    shown = own & _counted(services, figure, on).to_numpy(bool)
    found: pd.DataFrame = services[shown]
    return found.reset_index(drop=True)


def _counted(services: pd.DataFrame, figure: str, on: date) -> pd.Series[bool]:
    return FIGURES[figure].rows(services, on).fillna(value=False).astype(bool)


def _sources(services: pd.DataFrame) -> NDArray[object]:  # type: ignore[type-var]
    return services["service_id"].map(lambda one: parts(one)[1]).to_numpy(object)
