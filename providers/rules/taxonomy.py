"""Service types: the codes of the nomenclature of social services (HG 867/2015) and our short codes.

The facts are `data/providers/service_types.csv` and `beneficiary_groups.csv`; a rule is changed there.
`basis` says where a type comes from and `rule_basis` where its rules of access do: a law, or `assumed`
where a specialist has still to confirm it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

from core.errors import UnknownCodeError
from core.i18n import _
from core.reading.curated_tables import FOLDER, PROVENANCE_COLUMNS, CuratedRow, index_by, read_rows
from providers.rules.schema import VOCABULARIES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

OWN = ("list", "school", "town_hall", "team")
_GROUP_KINDS = ("age", "register", "situation")
_SUGGESTIONS = 3
_USUAL_HOLD_DAYS = 3


_OFFICES = ("AUT", "EMP")  # groups of the nomenclature


@dataclass(frozen=True)
class ServiceType:
    """One type of service, with the defaults that hold where a service of it says nothing else.

    Attributes
    ----------
    service_type
        Its code.
    name, official_name
        As we say it, and as the nomenclature or the law does.
    registry
        Code of the register that lists such services.
    category, group_code
        Heading under which it is shown, and the nomenclature's group.
    beneficiary_groups
        Takes persons of any of these; empty = everybody.
    age_min, age_max
        Full years, both included; None = no limit.
    sex
        F or M; None = both.
    delivery
        `at_site`, `at_home`, `mobile` or `remote`.
    service_area
        Whom it serves by home: own_uat, county, listed, region or nation.
    access_route
        `direct`, `medical` (a doctor sends) or `decision`.
    decision_by
        Who decides, in words, where access_route is decision.
    capacity_model
        How its places are counted.
    is_secret
        Whether the address is protected.
    is_sensitive
        Whether an answer must not be left on a screen or in a history.
    for_aggressors
        Never offered to victims.
    freshness_days
        Age at which a report of places goes stale.
    hold_days
        Working days for which a place is held; 0 = no place is held.
    basis, rule_basis
        Law or register that the type and its rules come from, or `assumed`.
    reach_minutes
        Minutes by car beyond which a service of it is far; None = no limit, as for an office of the whole county.
    whose
        Why a service of it is the person's own: `list` (enrolled with it), `school`, `town_hall` or `team`; None else.
    chosen_for
        Needs for which the person's own (a doctor, a school) is still to be chosen, so that others are ranked.
    hospital_line
        Line of care (`service_names.HOSPITAL_LINES`) by which hospitals are of this type; None = no hospital is.
    is_on_call
        Whether somebody answers at night and on holidays.
    beneficiaries_bind
        Whether the age bands that a register lists as beneficiaries are the age of the person who comes.
    is_pension_age
        Whether age_min is the age of retirement, which differs by sex and day; the cell has the lowest of today.
    """

    service_type: str
    name: str
    official_name: str
    registry: str
    category: str
    group_code: str
    beneficiary_groups: tuple[str, ...]
    age_min: int | None
    age_max: int | None
    sex: str | None
    delivery: str
    service_area: str
    access_route: str
    decision_by: str | None
    capacity_model: str
    is_secret: bool
    is_sensitive: bool
    for_aggressors: bool
    freshness_days: int
    hold_days: int
    basis: str
    rule_basis: str
    reach_minutes: int | None
    whose: str | None
    chosen_for: tuple[str, ...]
    hospital_line: str | None
    is_on_call: bool
    beneficiaries_bind: bool
    is_pension_age: bool

    @property
    def is_office(self) -> bool:
        """Whether it receives the public in its office hours, and has no places to give."""
        return self.capacity_model == "open" and self.group_code in _OFFICES

    @property
    def is_emergency_room(self) -> bool:
        """Whether it is a hospital's emergency room: day and night, for everybody, also without a telephone."""
        return self.hospital_line == "emergency"


@dataclass(frozen=True)
class Group:
    """One beneficiary group: an age band, a situation, or a code that only the social register uses.

    register_code: the code of the social register (B1 … B7). Ages in full years, None = no limit.
    is_pension_age: age_min is the age of retirement.
    """

    group: str
    name: str
    kind: str
    age_min: int | None
    age_max: int | None
    sex: str | None
    is_sensitive: bool
    register_code: str | None
    basis: str
    is_pension_age: bool


@cache
def service_types(folder: Path = FOLDER) -> dict[str, ServiceType]:
    """Return every service type by its code.

    Parameters
    ----------
    folder
        Where `service_types.csv` stands.

    Returns
    -------
    dict of str to ServiceType
        In the order of the file.

    Raises
    ------
    UnreadableFileError
        Naming file, row and column of what is wrong in the table.
    """
    columns = [*(field.name for field in fields(ServiceType)), *PROVENANCE_COLUMNS]
    rows = index_by(read_rows(folder / "service_types.csv", columns), "service_type")
    known = groups(folder)
    return {code: _service_type(row, known) for code, row in rows.items()}


def _service_type(row: CuratedRow, known: dict[str, Group]) -> ServiceType:
    row.provenance()
    route = row.choice("access_route", VOCABULARIES["access_route"])
    return ServiceType(
        service_type=row.text("service_type"),
        name=row.text("name"),
        official_name=row.text("official_name"),
        registry=row.choice("registry", VOCABULARIES["registry"]),
        category=row.text("category"),
        group_code=row.text("group_code"),
        beneficiary_groups=row.keys("beneficiary_groups", known, "beneficiary_groups.csv"),
        age_min=row.whole("age_min"),
        age_max=row.whole("age_max"),
        sex=row.choice("sex", {"", *VOCABULARIES["sex"]}) or None,
        delivery=row.choice("delivery", VOCABULARIES["delivery"]),
        service_area=row.choice("service_area", VOCABULARIES["service_area"]),
        access_route=route,
        decision_by=row.text("decision_by") if route == "decision" else row.optional("decision_by"),
        capacity_model=row.choice("capacity_model", VOCABULARIES["capacity_model"]),
        is_secret=row.flag("is_secret"),
        is_sensitive=row.flag("is_sensitive"),
        for_aggressors=row.flag("for_aggressors"),
        freshness_days=_days(row, "freshness_days"),
        hold_days=_days(row, "hold_days"),
        basis=row.text("basis"),
        rule_basis=row.text("rule_basis"),
        reach_minutes=row.whole("reach_minutes"),
        whose=row.choice("whose", ("", *OWN)) or None,
        chosen_for=row.codes("chosen_for"),
        hospital_line=row.optional("hospital_line"),
        is_on_call=row.flag("is_on_call"),
        beneficiaries_bind=row.flag("beneficiaries_bind"),
        is_pension_age=row.flag("is_pension_age"),
    )


def _days(row: CuratedRow, column: str) -> int:
    days = row.whole(column)
    if days is None:
        raise row.cell_error(column, _("un număr de zile"))
    return days


@cache
def groups(folder: Path = FOLDER) -> dict[str, Group]:
    """Return every beneficiary group by its code."""
    columns = [*(field.name for field in fields(Group)), *PROVENANCE_COLUMNS]
    rows = index_by(read_rows(folder / "beneficiary_groups.csv", columns), "group")
    return {
        code: Group(
            group=code,
            name=row.text("name"),
            kind=row.choice("kind", _GROUP_KINDS),
            age_min=row.whole("age_min"),
            age_max=row.whole("age_max"),
            sex=row.choice("sex", {"", *VOCABULARIES["sex"]}) or None,
            is_sensitive=row.flag("is_sensitive"),
            register_code=row.optional("register_code"),
            basis=row.provenance().basis,
            is_pension_age=row.flag("is_pension_age"),
        )
        for code, row in rows.items()
    }


def service_type(code: str, folder: Path = FOLDER) -> ServiceType:
    """Return the type of a code, however it is spaced or cased ("8899 cz-pn-v").

    Parameters
    ----------
    code
        Code of a type.
    folder
        Where `service_types.csv` stands.

    Returns
    -------
    ServiceType
        The type.

    Raises
    ------
    UnknownCodeError
        With the nearest codes, where there is no such type.
    """
    known = service_types(folder)
    found = known.get(tidy_code(code))
    if found is None:
        raise UnknownCodeError(_unknown(_("Tipul de serviciu „{code}” nu există."), code, known))
    return found


def group(code: str, folder: Path = FOLDER) -> Group:
    """Return the beneficiary group of a code, ours or the register's ("B1.3"); UnknownCodeError else."""
    known = groups(folder)
    wanted = code.strip()
    found = known.get(wanted.lower()) or next(
        (each for each in known.values() if each.register_code == wanted.upper()), None
    )
    if found is None:
        raise UnknownCodeError(_unknown(_("Grupul „{code}” nu există."), code, known))
    return found


def tidy_code(code: str) -> str:
    """Write a code as the nomenclature does: no spaces, upper case, plain hyphens.

    >>> tidy_code("8790 cr–d-ii")
    '8790CR-D-II'
    """
    return "".join(code.split()).upper().replace("–", "-").replace("—", "-")


def within(age: int, age_min: int | None, age_max: int | None) -> bool:
    """Return whether an age in full years is between the limits, both included; None = no limit."""
    return (age_min is None or age >= age_min) and (age_max is None or age <= age_max)


def hold_days(kind: ServiceType, access_route: str) -> int:
    """Return for how many working days a place of a service of this type is held; 0 = none is held.

    access_route: the service's own. A type that is entered by decision holds nothing for that reason alone: a
    service of it that is entered directly has the usual days.
    """
    if access_route != "direct":
        return 0
    return _USUAL_HOLD_DAYS if kind.access_route != "direct" and not kind.hold_days else kind.hold_days


@cache
def load(folder: Path = FOLDER) -> pd.DataFrame:
    """Return the service types as a table, one row a type, indexed by `service_type`.

    The columns are the fields of ServiceType; `beneficiary_groups` holds codes with `;` between them.
    The table is shared: copy it before changing it.
    """
    # Only those who want the table pay for pandas; a look-up of one code does not.
    import pandas as pd

    table = pd.DataFrame([vars(each) for each in service_types(folder).values()])
    table["beneficiary_groups"] = table["beneficiary_groups"].str.join(";").astype("str")
    table["chosen_for"] = table["chosen_for"].str.join(";").astype("str")
    kinds = {
        "age_min": "Int64", "age_max": "Int64", "reach_minutes": "Int64", "sex": "str", "decision_by": "str",
        "whose": "str", "hospital_line": "str",
    }  # fmt: skip
    return table.astype(kinds).set_index("service_type", drop=False).rename_axis(index=None)


def _unknown(message: str, code: str, known: Iterable[str]) -> str:
    # rapidfuzz only when somebody mistyped
    from rapidfuzz import process

    near = [
        match[0] for match in process.extract(tidy_code(code), list(known), processor=str.casefold, limit=_SUGGESTIONS)
    ]
    return message.format(code=code) + " " + _("Coduri apropiate: {near}.").format(near=", ".join(near))
