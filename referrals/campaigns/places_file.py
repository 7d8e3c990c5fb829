"""Places of many services from one file: read, shown, and stored all or none.

A row names its service by its code, or by its name where only one of those that may be reported on has it. Titles are
found as registers' are; what they do not say a person may. Nothing is stored before a person has seen what would be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.bad_rows import BadRowsError, bad_row
from core.errors import UnreadableFileError
from core.i18n import _, ngettext, number
from core.reading.fields import Field
from core.reading.reading_account import open_account
from core.reading.tables import read_table
from core.romanian_calendar import BUCHAREST
from core.text import fold
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

FIELDS = (
    Field("service", ("Serviciul", "Denumirea serviciului", "Cod serviciu", "service_id", "Denumire"), required=True),
    Field("free", ("Locuri libere", "Locuri disponibile", "places_free", "Libere"), required=True),
    Field("most", ("Locuri în total", "Capacitate", "places_max")),
    Field("day", ("Data raportului", "Data", "Ziua", "reported_on")),
)
SOURCE = "fișier"
MOST_ROWS = 500
MOST_PLACES = 9999
_OLDEST = timedelta(days=366)
_DAY = re.compile(r"(?:(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?:[ T].*)?|(?P<d2>\d\d?)\.(?P<m2>\d\d?)\.(?P<y2>20\d\d))")


@dataclass(frozen=True)
class PlacesRow:
    """One row of a file, understood.

    Attributes
    ----------
    service_id, name
        The service.
    free, most
        Places free, and in all; None = not said.
    day
        On which day that was so; None = now.
    """

    service_id: str
    name: str
    free: int
    most: int | None
    day: date | None


def reportable_services(directory: Directory, *, actor: Actor) -> dict[str, str]:
    """Name the services whose places an actor may report from a file, by id: of its county, or of the nation."""
    roles.require(actor, "places.import", Area(county=actor.county))
    catalogue = directory.snapshot().catalogue
    services = catalogue.services
    where = services["county"].where(services["county"].fillna("") != "", services["county_served"])
    mine = ~services["is_secret"].astype("bool") & (services["capacity_model"] == "places")
    if county := roles.only_county(actor):
        mine &= (where == county).fillna(value=False)
    some = services[mine.to_numpy("bool")]
    return dict(zip(some["service_id"].astype("str"), some["name"].astype("str"), strict=True))


def read_places(
    path: Path, known: Mapping[str, str], *, now: datetime, titles: Mapping[str, str] | None = None
) -> list[PlacesRow]:
    """Read places from a CSV or a sheet, all rows or none.

    Parameters
    ----------
    path
        The file. It is read as hostile.
    known
        Names of the services that may be reported on, by id.
    now
        The moment, UTC.
    titles
        Field by the title that a person said stands for it.

    Returns
    -------
    list of PlacesRow
        In the order of the rows.

    Raises
    ------
    BadRowsError
        Naming the first bad rows: row, column, what was found and what was expected.
    UnreadableFileError
        Where the file is none, has no row, or more than MOST_ROWS.
    MissingColumnError
        Where a column is missing, naming the titles that were found.
    """
    with open_account(titles):
        raw = read_table(path, FIELDS)
    if len(raw) > MOST_ROWS:
        raise UnreadableFileError(
            ngettext(
                "{file}: are {n} rând; se pot încărca cel mult {most} deodată.",
                "{file}: are {n} rânduri; se pot încărca cel mult {most} deodată.",
                len(raw),
            ).format(file=path.name, n=number(len(raw)), most=number(MOST_ROWS))
        )
    by_name: dict[str, list[str]] = {}
    for service_id, name in known.items():
        by_name.setdefault(fold(name), []).append(service_id)
    found: dict[str, tuple[int, PlacesRow]] = {}
    wrong: list[str] = []
    for row in raw.fillna("").to_dict("records"):
        place, cells = int(row["row"]), {f.name: str(row.get(f.name, "")).strip() for f in FIELDS}
        if not any(cells.values()):
            continue
        read = _read_row(cells, known, by_name, now)
        if isinstance(read, PlacesRow):
            first, before = found.setdefault(read.service_id, (place, read))
            if before is read:
                continue
            read = (
                "service",
                cells["service"],
                _("un serviciu o singură dată; este și în rândul {row}").format(row=first),
            )
        name, text, expected = read
        wrong.append(bad_row(place, next(f.title for f in FIELDS if f.name == name), text, expected))
    if wrong:
        raise BadRowsError(path.name, wrong)
    if not found:
        raise UnreadableFileError(_("{file}: nu are niciun rând cu locuri.").format(file=path.name))
    return [read for _place, read in found.values()]


def _read_row(
    cells: Mapping[str, str], known: Mapping[str, str], by_name: Mapping[str, list[str]], now: datetime
) -> PlacesRow | tuple[str, str, str]:
    """Understand a row, or return what is wrong with it: field, what was found, what was expected."""
    same = [cells["service"]] if cells["service"] in known else by_name.get(fold(cells["service"]), [])
    if len(same) != 1:
        expected = (
            _("codul serviciului: numele acesta îl au {n}").format(n=len(same))
            if same
            else _("codul sau numele unui serviciu al dumneavoastră, ca în registru")
        )
        return "service", cells["service"], expected
    numbers: dict[str, int | None] = {}
    for name in ("free", "most"):
        text = re.sub(r"[.,]0+$", "", cells[name])  # as a sheet writes a whole number
        if name == "most" and not text:
            numbers[name] = None
        elif text.isascii() and text.isdigit() and int(text[:9]) <= MOST_PLACES:
            numbers[name] = int(text)
        else:
            return name, cells[name], _("un număr întreg între 0 și {most}").format(most=MOST_PLACES)
    free, most = numbers["free"] or 0, numbers["most"]
    if most is not None and free > most:
        return "free", cells["free"], _("cel mult {most}, câte locuri sunt în total").format(most=most)
    day = _day(cells["day"], now) if cells["day"] else None
    if cells["day"] and day is None:
        return "day", cells["day"], _("o zi din ultimul an, de forma 2026-03-31 sau 31.03.2026")
    return PlacesRow(same[0], known[same[0]], free, most, day)


def _day(text: str, now: datetime) -> date | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    try:
        day = date(int(match["y"] or match["y2"]), int(match["m"] or match["m2"]), int(match["d"] or match["d2"]))
    except ValueError:
        return None
    today = now.astimezone(BUCHAREST).date()
    return day if today - _OLDEST <= day <= today else None


def store_places(directory: Directory, rows: list[PlacesRow], *, actor: Actor) -> int:
    """Store the rows of a file as reports of places, all in one transaction; give how many.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    rows
        What a person saw and confirmed.
    actor
        Who reports: its area is checked again, row by row.

    Returns
    -------
    int
        How many reports were written.

    Raises
    ------
    NotAllowedError
        Where the actor may report none of it.
    UnreadableFileError
        Where a service is not among those that it may report on any more.
    """
    known = reportable_services(directory, actor=actor)
    if not rows or any(row.service_id not in known for row in rows):
        raise UnreadableFileError(_("Fișierul nu mai este potrivit cu registrul. Încărcați-l din nou."))
    now = directory.ledger.clock()
    lines = report_lines(rows, now)
    return directory.ledger.report_many(lines, source=SOURCE, actor=actor)


def report_lines(rows: list[PlacesRow], now: datetime) -> list[dict[str, object]]:
    """Return the rows as the ledger takes reports; of a day that is over, at its noon."""
    return [
        {
            "service_id": row.service_id,
            "places_free": row.free,
            "places_max": row.most,
            "reported_at": _moment(row.day, now),
        }
        for row in rows
    ]


def _moment(day: date | None, now: datetime) -> datetime | None:
    if day is None or day == now.astimezone(BUCHAREST).date():
        return None
    return datetime.combine(day, time(12), BUCHAREST).astimezone(UTC)


def preview_words(count: int) -> str:
    """Return in words how many services a file speaks of, before anything is stored."""
    text = ngettext(
        "{n} serviciu în fișier. Nimic nu este încă salvat.",
        "{n} servicii în fișier. Nimic nu este încă salvat.",
        count,
    )
    return text.format(n=number(count))


def stored_words(count: int) -> str:
    """Return in words how many reports were stored."""
    return ngettext("Am notat locurile la {n} serviciu.", "Am notat locurile la {n} servicii.", count).format(
        n=number(count)
    )


def empty_table(known: Mapping[str, str]) -> pd.DataFrame:
    """Make the table to fill in: a row a service, by code and name, as `read_places` reads it."""
    import pandas as pd

    rows = [(service_id, name, None, None) for service_id, name in known.items()]
    table = pd.DataFrame(rows, columns=["Cod serviciu", "Numele", "Locuri libere", "Locuri în total"])
    return table.astype({"Locuri libere": "Int64", "Locuri în total": "Int64"})
