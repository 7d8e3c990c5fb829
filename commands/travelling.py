"""The travel model of the home: which it is, another one chosen, and the table of its minutes."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from commands.console import open_home, print_json, print_lines, print_report, working
from commands.options import Json, Scheduler
from core.i18n import _

ModelArgument = Annotated[
    str,
    typer.Argument(
        metavar="[straight_line|roads|server]",
        help="Fără el: ce model este în vigoare. roads: drumurile importate; server: un server de rute.",
    ),
]
RoadSeasonOption = Annotated[
    str, typer.Option("--season", help="Al drumurilor: summer (august) sau winter (ianuarie).")
]
Engine = Annotated[str, typer.Option("--engine", help="Al serverului: osrm, valhalla sau openrouteservice.")]
Address = Annotated[
    str, typer.Option("--url", help="Unde răspunde serverul: https://server sau http:// în rețeaua instituției.")
]
TableOption = Annotated[
    bool,
    typer.Option(
        "--table", help="Măsoară acum tabelul minutelor pe drumuri, de la fiecare localitate la fiecare serviciu."
    ),
]

Measure = Annotated[
    bool,
    typer.Option(
        "--measure",
        help="Măsoară pe drumurile importate cât greșește linia dreaptă în fiecare județ; se spune apoi lângă ea.",
    ),
]


def travel(
    model: ModelArgument = "",
    season: RoadSeasonOption = "summer",
    engine: Engine = "osrm",
    url: Address = "",
    table: TableOption = False,
    measure: Measure = False,
    scheduler: Scheduler = "",
    as_json: Json = False,
) -> None:
    """Arată sau alege cum se socotesc minutele peste tot: în linie dreaptă, pe drumuri sau la un server."""
    from core.processes.dask_scheduler import part_runner
    from referrals.homes import travel_setting
    from referrals.workflow.directory import open_directory

    if measure:
        _measure(as_json=as_json)
        return
    # A straight line needs nothing: it may be chosen in any state of a home.
    home = open_home(require="nothing" if model == "straight_line" else "ledger")
    if model:
        travel_setting.choose(home, model, season=season, engine=engine, address=url)
    if not table:
        print_report(travel_setting.in_force(home), as_json=as_json)
        return
    directory = open_directory(home)
    with (
        closing(directory.ledger),
        working(_("Măsor minutele pe drumuri…")) as tell,
        part_runner(scheduler) as runner,
    ):
        measured = travel_setting.measure_table(home, directory.snapshot(), tell=tell, runner=runner)
    print_report(measured, as_json=as_json)


def _measure(*, as_json: bool) -> None:
    from core.storage.straight_errors import write_straight_errors
    from providers.finder.finder import county_name
    from providers.rules.travel_words import straight_error_words
    from referrals.workflow.directory import open_directory
    from reports.planning.straight_line_error import measure_straight_line

    home = open_home()
    snapshot = open_directory(home).snapshot()
    with working(_("Măsor linia dreaptă pe drumuri…")):
        found = measure_straight_line(home, snapshot)
    write_straight_errors(home, found)
    if as_json:
        print_json([vars(each) for each in found])
        return
    names = [county_name(snapshot.gazetteer, each.county) if each.county else "" for each in found]
    print_lines(straight_error_words(each, name) for each, name in zip(found, names, strict=True))
