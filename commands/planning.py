"""Where a service is out of reach, and where a new one does most good."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.console import open_home, print_json, print_lines, today, working
from commands.options import Basis, Json, Within
from geo.language import _, ngettext


def coverage(
    service: Annotated[str | None, typer.Option(help="Cod de tip de serviciu.")] = None,
    need: Annotated[str | None, typer.Option(help="Cod de nevoie sau cuvinte.")] = None,
    level: Annotated[str, typer.Option(help="locality, uat, county, region sau national.")] = "uat",
    within: Within = 30.0,
    basis: Basis = "now",
    county: Annotated[str | None, typer.Option(help="Numai județul acesta (litere sau nume).")] = None,
    out: Annotated[Path | None, typer.Option(help="Fișier .csv, .xlsx sau .gpkg.")] = None,
    as_json: Json = False,
) -> None:
    """Arată câți oameni ajung la un serviciu și câți rămân fără loc, pe un nivel al țării."""
    from referrals.desk import open_desk
    from reports.coverage_desk import ask, county_letters, coverage_json, coverage_lines, found_code
    from reports.coverage_files import write_coverage

    if (service is None) == (need is None):
        raise typer.BadParameter(_("spuneți ce căutați: --service COD sau --need NEVOIE, unul singur"))
    if out is None and not as_json:
        raise typer.BadParameter(_("spuneți unde se scrie: --out FIȘIER, sau --json"))
    home = open_home()
    desk = open_desk(home)
    letters = county_letters(desk, county) if county else None
    with working(_("Calculez acoperirea…")):
        found = ask(desk, found_code(service, need), reach_minutes=within, basis=basis)
        told = coverage_json(found, level, county=letters, is_demo=home.is_demo)
        count = (
            write_coverage(found, out, level=told["level"], home=home, made_on=today(), county=letters) if out else 0
        )
    if as_json:
        print_json(told)
        return
    print_lines(coverage_lines(found, county=letters))
    said = ngettext("{n} rând, scris în {out}.", "{n} rânduri, scrise în {out}.", count)
    typer.echo(said.format(n=count, out=out))


def site(
    service: Annotated[str, typer.Option(help="Cod de tip de serviciu sau de nevoie.")],
    county: Annotated[str, typer.Option(help="Județul: litere sau nume.")],
    add: Annotated[int, typer.Option(min=0, help="Câte servicii noi se deschid.")] = 1,
    places: Annotated[int, typer.Option(min=1, help="Locuri la fiecare, sau în total cu --add 0.")] = 20,
    teams: Annotated[int, typer.Option(min=0, help="Echipe mobile în loc de servicii noi.")] = 0,
    within: Within = 30.0,
    basis: Basis = "now",
    worst_off_first: Annotated[
        bool, typer.Option("--worst-off-first", help="Întâi comunele cele mai marginalizate.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Fișier .csv sau .xlsx.")] = None,
    as_json: Json = False,
) -> None:
    """Caută unde se pun servicii sau locuri noi într-un județ, pentru cei care rămân fără loc."""
    from providers.siting_plan import plan
    from referrals.desk import open_desk
    from reports.coverage_desk import ask, county_letters, found_code, plan_json, plan_lines
    from reports.coverage_files import write_plan

    home = open_home()
    desk = open_desk(home)
    letters = county_letters(desk, county)
    with working(_("Caut cea mai bună alegere…")):
        found = plan(
            ask(desk, found_code(service, None), reach_minutes=within, basis=basis),
            letters,
            kind="team" if teams else ("sites" if add else "places"),
            sites=add,
            places=places,
            teams=max(teams, 1),
            worst_off_first=worst_off_first,
        )
        if out is not None:
            write_plan(found, out, made_on=today(), is_demo=home.is_demo)
    if as_json:
        print_json(plan_json(found))
        return
    print_lines(plan_lines(found))
    if out is not None:
        typer.echo(_("Scris în {out}.").format(out=out))
