"""How far one comes in so many minutes, and the way between two places."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.console import open_home, print_json, print_lines, working
from commands.options import Json, ModeOption
from core.i18n import _, ngettext, number

SeasonOption = Annotated[
    str, typer.Option(help="summer (august) sau winter (ianuarie); implicit anotimpul ales cu „harta travel”.")
]

DEFAULT = (15.0, 30.0, 45.0, 60.0)


def isochrone(
    from_: Annotated[str, typer.Option("--from", help="De unde: „Parincea, Bacău”, cod SIRUTA sau LAT,LON.")] = "",
    service: Annotated[str, typer.Option(help="În loc de --from: codul unui serviciu; de unde se ajunge la el.")] = "",
    out: Annotated[Path | None, typer.Option(help="Fișier .geojson.")] = None,
    minutes: Annotated[
        list[float] | None, typer.Option(min=1, max=180, help="Câte minute (se poate repeta); implicit 15, 30, 45, 60.")
    ] = None,
    mode: ModeOption = "car",
    season: SeasonOption = "",
    as_json: Json = False,
) -> None:
    """Desenează până unde se ajunge în atâtea minute, pe drumuri sau în linie dreaptă, cum socotește dosarul."""
    from core.storage.home import write_atomically
    from referrals.workflow.directory import open_directory
    from reports.planning.travel_layers import geojson_bytes, isochrone_layer, service_place

    if bool(from_) == bool(service):
        raise typer.BadParameter(_("spuneți de unde (--from) sau la ce serviciu (--service)"))
    if out is None and not as_json:
        raise typer.BadParameter(_("spuneți unde se scrie: --out FIȘIER, sau --json"))
    home = open_home()
    directory = open_directory(home)
    place = service_place(directory.snapshot(), service) if service else directory.gazetteer.resolve(from_)
    with working(_("Caut până unde se ajunge…")):
        layer = isochrone_layer(
            home, directory.gazetteer, place, tuple(minutes or DEFAULT), mode=mode, season=season, towards=bool(service)
        )
    if as_json:
        print_json(layer)
    if out is not None:
        write_atomically(out, geojson_bytes(layer))
    if out is not None and not as_json:
        for feature in layer["features"]:
            value = feature["properties"]
            typer.echo(
                ngettext(
                    "{minutes} min: {area} km², {n} localitate",
                    "{minutes} min: {area} km², {n} localități",
                    value["localities"],
                ).format(
                    minutes=number(value["minutes"]), area=number(value["area_km2"]), n=number(value["localities"])
                )
            )
        typer.echo(layer["properties"]["model_words"])
        typer.echo(_("Scris în {out}.").format(out=out))


def route(
    from_: Annotated[str, typer.Option("--from", help="De unde: „Parincea, Bacău”, cod SIRUTA sau LAT,LON.")],
    to: Annotated[str, typer.Option(help="Unde: „Bacău”, cod SIRUTA sau LAT,LON.")],
    out: Annotated[Path | None, typer.Option(help="Fișier .geojson în care se desenează drumul.")] = None,
    mode: ModeOption = "car",
    season: SeasonOption = "",
    as_json: Json = False,
) -> None:
    """Arată drumul dintre două locuri pe drumurile importate: minute, km și din ce este făcut."""
    from core.storage.home import write_atomically
    from geo.gazetteer.gazetteer import load_gazetteer
    from reports.planning.travel_layers import geojson_bytes, route_layer, route_lines

    home = open_home()
    gazetteer = load_gazetteer(home)
    layer = route_layer(home, gazetteer.resolve(from_), gazetteer.resolve(to), mode=mode, season=season)
    if out is not None:
        write_atomically(out, geojson_bytes(layer))
    if as_json:
        print_json(layer)
    else:
        print_lines(route_lines(layer))
