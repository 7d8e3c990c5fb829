"""How good the registers are: figures of each source with their rows, and services that may be one."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.console import open_home, operator, print_json, print_lines, today, working
from commands.options import Json, Scheduler
from core.i18n import _, number

_VERDICTS = {"join": "joined", "part": "parted", "leave": "left"}
DecisionWords = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[join|part|leave SERVICIU SERVICIU]",
        help="Fără cuvinte: perechile de verificat. join: sunt unul; part: sunt două; leave: pentru mai târziu.",
    ),
]


def duplicates(
    words: DecisionWords = None,
    kind: Annotated[str, typer.Option(help="Un singur registru: social, medical, education, employment.")] = "",
    county: Annotated[str, typer.Option(help="Literele județului; implicit toate.")] = "",
    decided: Annotated[bool, typer.Option("--decided", help="Perechile despre care s-a decis.")] = False,
    scheduler: Scheduler = "",
    as_json: Json = False,
) -> None:
    """Arată perechile de servicii care pot fi unul singur, le unește sau le desparte."""
    from core.processes.dask_scheduler import part_runner
    from referrals.workflow import duplicate_pairs
    from referrals.workflow.directory import open_directory

    directory, actor = open_directory(open_home()), operator()
    if words:
        if len(words) != 3 or words[0] not in _VERDICTS:  # noqa: PLR2004 - a verb and two services
            raise typer.BadParameter(_("scrieți: join, part sau leave, apoi cele două servicii"))
        made = duplicate_pairs.decide(directory, words[1], words[2], verdict=_VERDICTS[words[0]], actor=actor)
        if as_json:
            print_json({"service_a": made.service_a, "service_b": made.service_b, "verdict": made.verdict})
        elif made.kept:
            typer.echo(_("Serviciile sunt unite: rămâne {kept}.").format(kept=made.kept))
        else:
            typer.echo(_("Decizia a fost notată."))
        return
    with working(_("Compar serviciile…")), part_runner(scheduler) as runner:
        found = duplicate_pairs.pairs(
            directory, actor=actor, registry=kind, county=county.upper(), is_decided=decided, runner=runner
        )
    if as_json:
        print_json([each.as_json() for each in found])
        return
    print_lines(duplicate_pairs.pair_lines(found))


def quality(
    figure: Annotated[str, typer.Option(help="Arată rândurile acestei cifre: not_placed, name_against_code…")] = "",
    source: Annotated[
        str, typer.Option(metavar="KIND:SURSĂ", help="Numai această sursă, de exemplu social:mmps.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Arată cât de bune sunt datele fiecărei surse; fiecare cifră își arată rândurile."""
    from core.storage.editions import EditionStore
    from providers.quality.register_quality import FIGURES, judged_by_list, register_quality, rows_of_figure
    from referrals.workflow.directory import open_directory

    if figure and figure not in FIGURES:
        raise typer.BadParameter(_("cifrele sunt: {known}").format(known=", ".join(FIGURES)))
    if figure and ":" not in source:
        raise typer.BadParameter(_("scrieți și sursa, de exemplu --source social:mmps"))
    home = open_home()
    providers = EditionStore(home).current_table("organizations", "organizations", ["cui", "status"])
    services = judged_by_list(open_directory(home).published().services, providers)
    if figure:
        registry, name = source.split(":", 1)
        found = rows_of_figure(services, figure, registry=registry, source=name, on=today())
        rows = found[["service_id", "name", "organization", "locality"]].fillna("").to_dict("records")
        if as_json:
            print_json(rows)
            return
        print_lines(" · ".join(str(value) for value in row.values() if value) for row in rows)
        return
    table = register_quality(services, on=today())
    if source:
        table = table[table["registry"] + ":" + table["source"] == source]
    if as_json:
        print_json(table.to_dict("records"))
        return
    for row in table.to_dict("records"):
        print_lines([f"{row['registry']}:{row['source']}"])
        print_lines(f"  {_(each.title)}: {number(int(row[code]))}" for code, each in FIGURES.items())
