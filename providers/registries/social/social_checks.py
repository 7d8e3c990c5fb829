"""Which rows of the social register cannot be loaded, and what is to be said of those that are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.i18n import _, ngettext, number
from providers.registries.row_validation import Check, duplicates, not_placed_check, reject_rows
from providers.rules import taxonomy

if TYPE_CHECKING:
    import pandas as pd


def rejection_checks(
    rows: pd.DataFrame, problem: pd.Series[Any], secret: pd.Series[Any]
) -> tuple[pd.Series[Any], pd.DataFrame]:
    """Refuse the rows that cannot be loaded, each for its first fault: which rows, and their rejects.

    rows: cleaned rows with `row`, `key`, `name`, `service_code`, `locality`. problem: that column of
    `providers.registries.geocoding.geocode`. secret: whether the address is protected; such a row needs no place, and
    its reject does not say what was found, for names hold towns too.
    """
    code = rows["service_code"]
    own = [
        Check(rows["name"] == "", "name", rows["name"], "missing", _("Serviciul nu are nume.")),
        Check(rows["key"] == "", "key", rows["key"], "missing", _("Rândul nu are un identificator al registrului.")),
        Check(
            code == "", "service_code", code, "missing",
            _("Lipsește codul serviciului social; se aștepta un cod din HG 867/2015."),
        ),
        Check(
            ~code.isin(list(taxonomy.service_types())), "service_code", code, "unknown_code",
            _("Codul nu este în nomenclatorul serviciilor sociale (HG 867/2015)."),
        ),
    ]  # fmt: skip
    placing = not_placed_check(problem.where(~secret, ""), rows["locality"], field="locality")
    before = [*own, *placing]
    return reject_rows(rows["row"], [*before, duplicates(rows["key"], before, field="key")], hidden=secret)


def remarks(services: pd.DataFrame) -> tuple[str, ...]:
    """Say in counted words what the person who imports should know: of public rows, and how many are protected."""
    public = services[~services["is_secret"]]

    def flagged(flag: str) -> int:
        return int(public["flags"].str.split(";").map(lambda codes: flag in codes).sum())

    counts = (
        (flagged("county_mismatch"), _mismatches),
        (flagged("place_by_name"), _by_names),
        (flagged("possible_duplicate"), _twins),
        (int(services["is_secret"].sum()), _secrets),
        (int(public["places_max"].isna().sum()), _unknown_capacities),
    )
    return tuple(say(n).format(n=number(n)) for n, say in counts if n)


def _mismatches(n: int) -> str:
    return ngettext(
        "{n} rând are punctul în alt județ decât cel scris; a fost așezat în localitatea scrisă.",
        "{n} rânduri au punctul în alt județ decât cel scris; au fost așezate în localitatea scrisă.",
        n,
    )


def _by_names(n: int) -> str:
    return ngettext(
        "{n} rând nu are cod SIRUTA; localitatea a fost găsită după nume și județ.",
        "{n} rânduri nu au cod SIRUTA; localitatea a fost găsită după nume și județ.",
        n,
    )


def _twins(n: int) -> str:
    return ngettext("{n} rând seamănă cu altul.", "{n} rânduri seamănă între ele.", n)


def _secrets(n: int) -> str:
    return ngettext("{n} serviciu are adresa protejată.", "{n} servicii au adresa protejată.", n)


def _unknown_capacities(n: int) -> str:
    return ngettext("{n} serviciu nu are capacitatea cunoscută.", "{n} servicii nu au capacitatea cunoscută.", n)
