"""How soon figures and reports are there, over a simulated year.

    python -m bench.bench_reports [--all]

A demonstration home of its own is filled with 139 teams, 28,000 people and 60,000 referrals (HARTA_HOME is taken where
it is set and has referrals). Seconds of processor and of the clock for the first sight of each screen's figures and
the second, and for the files of the four levels; `--all` also writes every report of a month.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import HomeError
from core.storage.home import open_home
from providers.finder.answer import Query
from referrals.homes.demonstration import make_demo
from referrals.records.vocabulary import SYSTEM, Actor
from referrals.workflow.directory import Directory, open_directory
from reports.demo.demo_year import seed_ledger
from reports.disclosure.public_figures import hidden_cells
from reports.documents.report_writing import render, today, view_of, write_all
from reports.indicators.indicators import LEVELS, NATION
from reports.indicators.period import months_between, parse_period
from reports.indicators.report_data import load_report_data
from reports.views.report_views import BELOW, area_table, indicator_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.indicators.indicators import Level
    from reports.indicators.report_data import ReportData

# The contract, in seconds of processor: the clock of a busy machine measures its neighbours.
MOST_SCREEN, MOST_NATIONAL, MOST_COUNTY = 1.5, 20.0, 5.0


def main() -> None:
    """Print the tables; exit 1 where the contract is not kept."""
    with ExitStack() as stack:
        if os.environ.get("HARTA_HOME"):
            directory = open_directory(open_home())
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            directory = open_directory(make_demo(Path(folder) / "var"))
        stack.callback(directory.ledger.close)
        try:
            seed_ledger(directory, day=today())
        except HomeError:
            print("the home has referrals already: taken as it is")
        directory.snapshot()  # the server has them before anybody asks for figures
        over = [*_screens(directory), *_files(directory)]
        if "--all" in sys.argv:
            _everything(directory, Path(stack.enter_context(tempfile.TemporaryDirectory())))
    if over:
        raise SystemExit(f"over the contract: {', '.join(over)}")


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    processor, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - processor, time.perf_counter() - clock


def _screens(directory: Directory) -> list[str]:
    print(f"\n{'screen':<48}{'first, CPU s':>13}{'first, s':>10}{'second, CPU s':>15}")
    facts = load_report_data(directory, actor=SYSTEM, day=today())
    month = facts.months[1]
    quarter = next(q for q in _quarters(facts) if parse_period(q).last <= month)
    county = str(facts.communities["county"].iloc[0])
    community = str(facts.communities["uat_siruta"].iloc[0])
    team = Actor("team", "simulare", county, int(community))
    region = str(facts.communities["region"].iloc[0])
    over = []

    def look(name: str, work: Callable[[ReportData], object]) -> None:
        fresh = replace(facts, kept={}, _worked_out={})
        first, clock = _timed(lambda: work(fresh))
        second, _clock = _timed(lambda: work(fresh))
        print(f"{name:<48}{first:>13.2f}{clock:>10.2f}{second:>15.2f}", flush=True)
        if first > MOST_SCREEN:
            over.append(name)

    look("figures read anew from the ledger", lambda _fresh: load_report_data(directory, actor=SYSTEM, day=today()))
    areas: list[tuple[Level, str]] = [
        ("national", NATION),
        ("region", region),
        ("county", county),
        ("community", community),
    ]
    for level, area in areas:
        look(f"Rapoarte, {level}, a month", partial(_figures, level=level, area=area, period=month))
    look("Rapoarte, national, a quarter", partial(_figures, level="national", area=NATION, period=quarter))
    other = partial(_figures, level="county", area=county, period=quarter, public=True)
    look("Rapoarte, another county's, a quarter", other)
    look("Comunități, what is free now", lambda _fresh: directory.snapshot())
    place = directory.gazetteer.by_siruta(int(community))
    look("Caută, a question", lambda _fresh: directory.ask(Query(place, ("8899CZ-PN-V",))))
    look("Referiri, a team's own", lambda _fresh: directory.ledger.referrals(actor=team))
    whole, _clock = _timed(lambda: hidden_cells(replace(facts, kept={}, _worked_out={}), parse_period("all")))
    print(f"the hidden cells of the whole time: {whole:.1f} CPU s")
    return over


def _figures(facts: ReportData, level: Level, area: str, period: str, *, public: bool = False) -> None:
    """Do what the screen „Rapoarte” does before it draws."""
    view = view_of(facts, level, area, parse_period(period), is_public=public)
    view.own_values()
    indicator_table(view)
    if level in BELOW:
        area_table(view, BELOW[level])


def _quarters(facts: ReportData) -> list[str]:
    months = months_between(*facts.months)[::-1]
    return list(dict.fromkeys(f"{month[:4]}-T{(int(month[5:]) + 2) // 3}" for month in months))


def _files(directory: Directory) -> list[str]:
    print(f"\n{'report, both files, from reading the ledger on':<48}{'CPU s':>13}{'s':>10}{'KB':>10}")
    facts = load_report_data(directory, actor=SYSTEM, day=today())
    month = facts.months[1]
    quarter = next(q for q in _quarters(facts) if parse_period(q).last <= month)
    over = []
    for level in LEVELS[::-1]:
        area = facts.areas(level)[0]
        for period in (month, quarter, "all"):
            name, made = f"{level}, {period}", list[bytes]()
            used, clock = _timed(partial(_both, directory, level, area, period, made))
            print(f"{name:<48}{used:>13.2f}{clock:>10.2f}{sum(map(len, made)) / 1024:>10.0f}", flush=True)
            if used > (MOST_NATIONAL if level in ("national", "region") else MOST_COUNTY):
                over.append(name)
    return over


def _both(directory: Directory, level: Level, area: str, period: str, made: list[bytes]) -> None:
    facts = load_report_data(directory, actor=SYSTEM, day=today())
    view = view_of(facts, level, area, parse_period(period))
    made += [render(view, directory, kind) for kind in ("pdf", "xlsx")]


def _everything(directory: Directory, folder: Path) -> None:
    month = load_report_data(directory, actor=SYSTEM, day=today()).months[1]
    count: list[int] = []
    used, clock = _timed(lambda: count.append(write_all(directory, month, folder, actor=SYSTEM)))
    print(f"\nevery report of a month: {count[0]} files, {used:.0f} CPU s, {clock:.0f} s")


if __name__ == "__main__":
    main()
