"""The travel model of the home: which it is, and another one chosen."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.console import open_home, print_report
from commands.options import Json

Model = Annotated[
    str,
    typer.Argument(
        metavar="[straight_line|server]", help="Fără el: ce model este în vigoare. server: un server de rute."
    ),
]
Engine = Annotated[str, typer.Option("--engine", help="Al serverului: osrm, valhalla sau openrouteservice.")]
Address = Annotated[
    str, typer.Option("--url", help="Unde răspunde serverul: https://server sau http:// în rețeaua instituției.")
]


def travel(model: Model = "", engine: Engine = "osrm", url: Address = "", as_json: Json = False) -> None:
    """Arată sau alege cum se socotesc minutele, o dată pentru toate ecranele: în linie dreaptă sau la un server."""
    from referrals.homes import travel_setting

    home = open_home()
    if model:
        travel_setting.choose(home, model, engine=engine, address=url)
    print_report(travel_setting.in_force(home), as_json=as_json)
