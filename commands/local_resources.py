"""What teams know and no register has, and what comes on some days: add, check, renew, remove, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.console import open_home, operator, print_json, print_lines
from commands.options import Json
from core.i18n import _, ngettext

CountyLetters = Annotated[str, typer.Option(help="Literele județului; implicit toate.")]


def local(
    county: CountyLetters = "",
    check: Annotated[int | None, typer.Option(metavar="N", help="Confirmă că resursa N este corectă.")] = None,
    refuse: Annotated[int | None, typer.Option(metavar="N", help="Respinge resursa N.")] = None,
    renew: Annotated[int | None, typer.Option(metavar="N", help="Resursa N este valabilă și acum.")] = None,
    remove: Annotated[int | None, typer.Option(metavar="N", help="Scoate resursa N.")] = None,
    put_back: Annotated[int | None, typer.Option(metavar="N", help="Pune la loc resursa N.")] = None,
    review: Annotated[str, typer.Option(help="La --renew: data până la care se reconfirmă.")] = "",
    as_json: Json = False,
) -> None:
    """Arată resursele locale știute de echipe și face un pas cu una dintre ele."""
    from referrals.local.local_intake import do_step
    from referrals.local.local_lists import entry_lines, lines
    from referrals.workflow.directory import open_directory

    steps = {"check": check, "refuse": refuse, "renew": renew, "remove": remove, "put_back": put_back}
    asked = [(step, number) for step, number in steps.items() if number is not None]
    if len(asked) > 1:
        raise typer.BadParameter(_("alegeți un singur pas"))
    directory, actor = open_directory(open_home()), operator()
    for step, number in asked:
        do_step(directory, number, step, actor=actor, review=review)
    found = lines(directory, actor=actor, county=county.upper())
    if as_json:
        print_json([vars(line) for line in found])
        return
    print_lines(entry_lines(found))


def local_add(
    name: Annotated[str, typer.Option(help="Denumirea: parohie, filială, grup, caravană.")],
    offers: Annotated[str, typer.Option(help="Ce oferă, fără date personale.")],
    place: Annotated[str, typer.Option(help="Localitatea: „Parincea, Bacău”.")],
    need: Annotated[list[str], typer.Option(help="Nevoia la care ajută; se poate repeta.")],
    taken: Annotated[str, typer.Option(help="Cine este primit.")] = "",
    hours: Annotated[str, typer.Option(help="Programul.")] = "",
    phone: Annotated[str, typer.Option(help="Telefonul instituției, și pentru programare.")] = "",
    serves: Annotated[str, typer.Option(help="county (tot județul) sau uat (numai comuna).")] = "county",
    days: Annotated[str, typer.Option(help="Zilele în care vine: „3.12.2026”, „joi”, „prima joi din lună”.")] = "",
    review: Annotated[str, typer.Option(help="Data până la care se reconfirmă; implicit peste 6 luni.")] = "",
) -> None:
    """Adaugă o resursă locală sau o zi din calendar: ce nu are niciun registru."""
    from referrals.local import local_intake
    from referrals.workflow.directory import open_directory

    typed = local_intake.LocalTyped(
        name, offers, place, tuple(need), taken=taken, hours=hours, phone=phone, serves=serves, days=days, review=review
    )
    made = local_intake.add(open_directory(open_home()), typed, actor=operator())
    typer.echo(
        _("Resursa {n} apare de acum în răspunsuri, ca neverificată, până o verifică unitatea județeană.").format(
            n=made.entry_id
        )
    )


def calendar(
    county: CountyLetters = "",
    export: Annotated[Path | None, typer.Option(metavar="FILE", help="CSV cu zilele care vin.")] = None,
) -> None:
    """Arată ce vine în comunități (caravane, medici, agenții) și scrie calendarul ca CSV."""
    from core.exporting import write_csv
    from referrals.local.local_lists import calendar_lines, calendar_table
    from referrals.workflow.directory import open_directory

    directory, actor = open_directory(open_home()), operator()
    print_lines(calendar_lines(directory, actor=actor, county=county.upper()))
    if export is not None:
        table = calendar_table(directory, actor=actor, county=county.upper())
        write_csv(table, export)
        text = ngettext("{n} zi, scrisă în {out}.", "{n} zile, scrise în {out}.", len(table))
        typer.echo(text.format(n=len(table), out=export))
