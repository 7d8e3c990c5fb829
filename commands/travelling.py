"""The travel model of the home: which it is, another one chosen, and the table of its minutes."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from commands.console import open_home, print_report, working
from commands.options import Json
from core.i18n import _

Model = Annotated[
    str,
    typer.Argument(
        metavar="[straight_line|roads|server]",
        help="Fără el: ce model este în vigoare. roads: drumurile importate; server: un server de rute.",
    ),
]
Season = Annotated[str, typer.Option("--season", help="Al drumurilor: summer (august) sau winter (ianuarie).")]
Engine = Annotated[str, typer.Option("--engine", help="Al serverului: osrm, valhalla sau openrouteservice.")]
Address = Annotated[
    str, typer.Option("--url", help="Unde răspunde serverul: https://server sau http:// în rețeaua instituției.")
]
Table = Annotated[
    bool,
    typer.Option(
        "--table", help="Măsoară acum tabelul minutelor pe drumuri, de la fiecare localitate la fiecare serviciu."
    ),
]


def travel(
    model: Model = "",
    season: Season = "summer",
    engine: Engine = "osrm",
    url: Address = "",
    table: Table = False,
    as_json: Json = False,
) -> None:
    """Arată sau alege cum se socotesc minutele peste tot: în linie dreaptă, pe drumuri sau la un server."""
    from referrals.homes import travel_setting
    from referrals.workflow.directory import open_directory

    # A straight line needs nothing: it may be chosen in any state of a home.
    home = open_home(require="nothing" if model == "straight_line" else "ledger")
    if model:
        travel_setting.choose(home, model, season=season, engine=engine, address=url)
    if not table:
        print_report(travel_setting.in_force(home), as_json=as_json)
        return
    directory = open_directory(home)
    with closing(directory.ledger), working(_("Măsor minutele pe drumuri…")) as tell:
        print_report(travel_setting.measure_table(home, directory.snapshot(), tell=tell), as_json=as_json)
