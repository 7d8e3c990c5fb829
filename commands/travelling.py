"""The travel model of the home: which it is, and another one chosen."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.console import open_home, print_report
from commands.options import Json

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


def travel(
    model: Model = "", season: Season = "summer", engine: Engine = "osrm", url: Address = "", as_json: Json = False
) -> None:
    """Arată sau alege cum se socotesc minutele peste tot: în linie dreaptă, pe drumuri sau la un server."""
    from referrals.homes import travel_setting

    # A straight line needs nothing: it may be chosen in any state of a home.
    home = open_home(require="nothing" if model == "straight_line" else "ledger")
    if model:
        travel_setting.choose(home, model, season=season, engine=engine, address=url)
    print_report(travel_setting.in_force(home), as_json=as_json)
