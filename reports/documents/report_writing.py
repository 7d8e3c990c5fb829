"""Reports from a question to files: whose, which, when, where to. What the command and the screens call."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.errors import BadValueError
from core.i18n import _
from core.romanian_calendar import BUCHAREST
from core.storage.editions import EditionStore
from core.storage.home import write_atomically
from core.text import fold
from referrals.monthly import monthly_reports
from reports.disclosure.public_figures import public_period
from reports.documents import resume
from reports.indicators.indicators import LEVELS, NATION, Level
from reports.indicators.period import Period, parse_period
from reports.indicators.report_data import load_report_data
from reports.views.figures_view import CROSSING
from reports.views.report_views import make_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory
    from reports.indicators.report_data import ReportData
    from reports.views.report_views import ReportView

FORMATS = ("pdf", "xlsx")


def today() -> date:
    """Return the day in Bucharest."""
    return datetime.now(UTC).astimezone(BUCHAREST).date()


def parse_level(text: str) -> Level:
    """Read a level; BadValueError names them."""
    for level in LEVELS:
        if text.strip().casefold() in (level, {"national": "nation"}.get(level, "")):
            return level
    raise BadValueError(
        _("Nivelul „{text}” nu există. Alegeți unul dintre: {known}.").format(text=text[:20], known=", ".join(LEVELS))
    )


def find_area(directory: Directory, gathered: ReportData, level: Level, text: str) -> str:
    """Find an area as people name it: SIRUTA or „Parincea, Bacău”; BC or Bacău; RO21 or Nord-Est.

    Raises UnknownCodeError where the list of communities has nothing there, AmbiguousPlaceError, UnknownPlaceError.
    """
    sentence = text.strip()
    if level == "national":
        return NATION
    if not sentence:
        raise BadValueError(_("Spuneți pentru ce este raportul: --id (cod SIRUTA, județ sau regiune)."))
    if level == "county":
        area = directory.gazetteer.county_code(sentence) or sentence.upper()
    elif level == "region":
        named = {
            fold(name): code
            for name, code in zip(gathered.communities["region_name"], gathered.communities["region"], strict=True)
        }
        area = named.get(fold(sentence), sentence.upper())
    else:
        area = sentence if sentence.isdigit() else str(directory.gazetteer.resolve(sentence).uat_siruta)
        if sentence.isdigit() and area not in gathered.areas("community"):
            area = str(directory.gazetteer.by_siruta(int(sentence)).uat_siruta)
    gathered.name_of(level, area)
    return area


def view_of(gathered: ReportData, level: Level, area: str, period: Period, *, is_public: bool = False) -> ReportView:
    """Begin a report; one that crosses counties is always fit for everybody."""
    return make_view(gathered, level, area, period, is_public=is_public or level in CROSSING)


def render(view: ReportView, directory: Directory, kind: str, *, reader: Actor | None = None) -> bytes:
    """Write a report as pdf or xlsx. reader: for whom; None = for whoever."""
    from reports.documents.report_documents import report_pdf, report_xlsx

    if kind not in FORMATS:
        raise BadValueError(
            _("Fișierul „.{kind}” nu se poate scrie; alegeți {known}.").format(kind=kind[:10], known=", ".join(FORMATS))
        )
    return report_pdf(view, directory, reader=reader) if kind == "pdf" else report_xlsx(view)


def write_report(
    directory: Directory,
    level: str,
    area: str,
    period: str,
    out: Path,
    *,
    actor: Actor,
    is_public: bool = False,
    day: date | None = None,
) -> str:
    """Write one report to a file whose ending says the kind.

    Parameters
    ----------
    directory
        What is reported on.
    level
        `community`, `county`, `region` or `nation`.
    area
        Code of the area: SIRUTA, letters, a region's code or RO.
    period
        As `reports.indicators.parse_period` reads it.
    out
        The file, ending in `.pdf` or `.xlsx`.
    actor
        Who asks; sees the own area.
    is_public
        Whether small counts are hidden.
    day
        Day printed; None = today.

    Returns
    -------
    str
        Name of the area.

    Raises
    ------
    BadValueError
        For another ending, for what is no period, or one that is not over where the report is public.
    UnknownCodeError
        For a level or an area that there is not.
    NotAllowedError
        Where the actor may not read the figures.
    """
    kind = out.suffix.removeprefix(".").casefold()
    if kind not in FORMATS:
        raise BadValueError(_("{file}: numele fișierului se termină în .pdf sau .xlsx.").format(file=out.name))
    at, when = parse_level(level), parse_period(period)
    gathered = load_report_data(directory, actor=actor, day=day or today())
    view = view_of(gathered, at, find_area(directory, gathered, at, area), when, is_public=is_public)
    write_atomically(out, render(view, directory, kind, reader=actor))
    return view.name


def write_all(
    directory: Directory,
    period: str,
    folder: Path,
    *,
    actor: Actor,
    levels: tuple[Level, ...] = LEVELS,
    is_public: bool = False,
    day: date | None = None,
    tell: Callable[[str], object] = str,
) -> int:
    """Write every report of a period, a folder a level.

    The same inputs and day give the same bytes, so a timer may repeat it. A run that was cut off goes on where it
    stopped.

    Parameters
    ----------
    directory
        What is reported on.
    period
        As `reports.indicators.parse_period` reads it.
    folder
        Where the files go.
    actor
        Who asks; sees the own area.
    levels
        Levels to write.
    is_public
        Whether small counts are hidden.
    day
        Day printed; None = today.
    tell
        Called for each file with how far the run is.

    Returns
    -------
    int
        How many files there are.

    Raises
    ------
    BadValueError
        For what is no period, or one that is not over where the reports are public.
    NotAllowedError
        Where the actor may not read the figures.
    """
    when = parse_period(period)
    on_day = day or today()
    gathered = load_report_data(directory, actor=actor, day=on_day)
    if is_public or CROSSING & set(levels):
        public_period(gathered, when)  # said before the first file is written, not in the middle
    counters = f"{directory.ledger.event_counter()}|{monthly_reports.version(directory.ledger)}"
    facts = (
        f"{EditionStore(directory.home).state()}|{gathered.travel}|{counters}|{on_day}|{when.text}|{is_public}|{levels}"
    )
    before = resume.written_before(folder, facts)
    total = len(FORMATS) * sum(len(gathered.areas(level)) for level in levels)
    count = 0
    for level in levels:
        (folder / level).mkdir(parents=True, exist_ok=True)
        for area in gathered.areas(level):
            view = view_of(gathered, level, area, when, is_public=is_public)
            for kind in FORMATS:
                name = f"{level}/{when.text}-{area}.{kind}"
                count += 1
                if name in before:
                    continue
                write_atomically(folder / name, render(view, directory, kind, reader=actor))
                resume.note(folder, name)
                tell(_("{n} din {total}: {name}").format(n=count, total=total, name=name))
    resume.end(folder)
    return count
