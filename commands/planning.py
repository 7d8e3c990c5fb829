"""Where a service is out of reach, and where a new one does most good."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from commands.console import open_home, operator, print_json, print_lines, today, working
from commands.options import BasisOption, Json, Scheduler, Within
from core.i18n import _, ngettext

if TYPE_CHECKING:
    from providers.planning.plan_constraints import Goal


def coverage(
    service: Annotated[str | None, typer.Option(help="Cod de tip de serviciu.")] = None,
    need: Annotated[str | None, typer.Option(help="Cod de nevoie sau cuvinte.")] = None,
    level: Annotated[str, typer.Option(help="locality, uat, county, region sau national.")] = "uat",
    within: Within = 30.0,
    basis: BasisOption = "now",
    county: Annotated[str | None, typer.Option(help="Numai județul acesta (litere sau nume).")] = None,
    out: Annotated[Path | None, typer.Option(help="Fișier .csv, .xlsx sau .gpkg.")] = None,
    scheduler: Scheduler = "",
    as_json: Json = False,
) -> None:
    """Arată câți oameni ajung la un serviciu și câți rămân fără loc, pe un nivel al țării."""
    from core.processes.dask_scheduler import part_runner
    from referrals.workflow.directory import open_directory
    from reports.planning.coverage_files import write_coverage
    from reports.planning.coverage_query import ask, coverage_json, coverage_lines, found_code, require_county

    if (service is None) == (need is None):
        raise typer.BadParameter(_("spuneți ce căutați: --service COD sau --need NEVOIE, unul singur"))
    if out is None and not as_json:
        raise typer.BadParameter(_("spuneți unde se scrie: --out FIȘIER, sau --json"))
    home = open_home()
    directory = open_directory(home)
    letters = require_county(directory, county) if county else None
    with working(_("Calculez acoperirea…")):
        with part_runner(scheduler) as runner:
            found = ask(directory, found_code(service, need), reach_minutes=within, basis=basis, runner=runner)
        values = coverage_json(found, level, county=letters, is_demo=home.is_demo)
        count = (
            write_coverage(found, out, level=values["level"], home=home, made_on=today(), county=letters) if out else 0
        )
    if as_json:
        print_json(values)
        return
    print_lines(coverage_lines(found, county=letters))
    text = ngettext("{n} rând, scris în {out}.", "{n} rânduri, scrise în {out}.", count)
    typer.echo(text.format(n=count, out=out))


def site(
    service: Annotated[str, typer.Option(help="Cod de tip de serviciu sau de nevoie.")],
    county: Annotated[str, typer.Option(help="Județul: litere sau nume.")],
    goal: Annotated[str, typer.Option(help="Ce căutați: most, poorest, travel sau everybody.")] = "most",
    add: Annotated[int | None, typer.Option(min=0, help="Cel mult atâtea servicii noi.")] = None,
    places: Annotated[
        int | None,
        typer.Option(
            min=0, help="Locuri la fiecare serviciu nou; 0: câte sunt necesare. Implicit 20; cu travel și everybody 0."
        ),
    ] = None,
    more_places: Annotated[int, typer.Option(min=0, help="Locuri în plus, în total, la serviciile de acum.")] = 0,
    teams: Annotated[int, typer.Option(min=0, help="Echipe mobile.")] = 0,
    mobile_days: Annotated[int, typer.Option(min=1, max=5, help="Zile pe săptămână, de luni.")] = 5,
    visits: Annotated[int, typer.Option(min=1, help="Oameni văzuți de o echipă într-o zi.")] = 10,
    budget: Annotated[float | None, typer.Option(min=0, help="Cel mult atâția lei pe an.")] = None,
    cost_site: Annotated[float | None, typer.Option(min=0, help="Lei pe an: un serviciu nou, fără locuri.")] = None,
    cost_place: Annotated[float | None, typer.Option(min=0, help="Lei pe an: un loc.")] = None,
    cost_day: Annotated[float | None, typer.Option(min=0, help="Lei pe an: o zi de echipă pe săptămână.")] = None,
    share: Annotated[float, typer.Option(min=1, max=100, help="Cu everybody: la câți la sută se ajunge.")] = 100.0,
    anywhere: Annotated[bool, typer.Option("--anywhere", help="În orice localitate, nu numai la primării.")] = False,
    within: Within = 30.0,
    basis: BasisOption = "now",
    time_limit: Annotated[float, typer.Option(min=1, max=3600, help="Secunde de căutare, cel mult.")] = 30.0,
    assign: Annotated[
        bool, typer.Option("--assign", help="Alături: cei care așteaptă, potriviți cât mai bine pe locuri.")
    ] = False,
    scheduler: Scheduler = "",
    out: Annotated[Path | None, typer.Option(help="Fișier .csv, .xlsx sau .gpkg.")] = None,
    as_json: Json = False,
) -> None:
    """Caută ce se adaugă într-un județ pentru cei care rămân fără loc: servicii noi, locuri sau echipe mobile."""
    from core.processes.dask_scheduler import part_runner
    from providers.planning.county_plan import plan
    from providers.planning.plan_constraints import DAYS, PlanConstraints, default_prices
    from referrals.workflow.directory import open_directory
    from reports.planning.coverage_files import write_plan
    from reports.planning.coverage_query import ask, found_code, require_county
    from reports.planning.plan_report import plan_json, plan_lines, progress_words
    from reports.planning.waiting_people import waiting_json, waiting_people, waiting_words

    home = open_home()
    directory = open_directory(home)
    letters = require_county(directory, county)
    prices = default_prices().changed(site=cost_site, place=cost_place, team_day=cost_day)
    if places is None:  # as the screen proposes: these goals want everybody seated
        places = 0 if goal in ("travel", "everybody") else 20
    open_end = budget is not None or goal == "everybody"
    new = add if add is not None else (0 if more_places or teams else (None if open_end else 1))
    means = PlanConstraints(
        sites=new, places_each=places or None, places_more=more_places, teams=teams, days=DAYS[:mobile_days],
        visits=visits, budget=budget, prices=prices, anywhere=anywhere,
    )  # fmt: skip
    with working(_("Caut cea mai bună alegere…")) as say:
        with part_runner(scheduler) as runner:
            covered = ask(directory, found_code(service, None), reach_minutes=within, basis=basis, runner=runner)
        found = plan(
            covered, letters, means, goal=cast("Goal", goal), share=share / 100.0, time_limit_s=time_limit,
            watch=lambda at: say(progress_words(at, time_limit)),
        )  # fmt: skip
        waiting = (
            waiting_people(
                covered, directory.ledger, actor=operator(), now=datetime.now(UTC), county=letters, plan=found
            )
            if assign
            else None
        )
        if out is not None:
            write_plan(covered, found, out, home=home, made_on=today())
    if as_json:
        values = plan_json(found) | {"demo": home.is_demo}
        print_json(values | ({"waiting": waiting_json(waiting)} if waiting else {}))
        return
    print_lines(plan_lines(found))
    if waiting is not None:
        print_lines(waiting_words(waiting, plan_title=found.means.title))
    if out is not None:
        typer.echo(_("Scris în {out}.").format(out=out))
