"""What the field says is wrong in a register, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.console import open_home, operator, print_json, print_lines
from commands.options import Json, ServiceIdArgument
from core.i18n import _, ngettext


def report_wrong(
    service_id: ServiceIdArgument,
    what: Annotated[
        str,
        typer.Option(
            help="phone, address, hours (număr, adresă, program greșit), moved (s-a mutat), closed (închis temporar), "
            "gone (nu mai există) sau other (altceva, în observație)."
        ),
    ],
    right: Annotated[
        str,
        typer.Option(
            help="Telefonul, adresa, programul sau localitatea corectă, dacă se știe; la closed, prima și ultima zi: "
            "01.12.2026/10.12.2026."
        ),
    ] = "",
    note: Annotated[str, typer.Option(help="Observație, fără date personale.")] = "",
    as_json: Json = False,
) -> None:
    """Semnalează o greșeală despre un serviciu; unitatea județeană o verifică."""
    from referrals.workflow.directory import open_directory
    from referrals.workflow.field_intake import line, report_wrong

    directory = open_directory(open_home())
    actor = operator()
    made = report_wrong(directory, service_id, what=what, actor=actor, value=right, note=note)
    if as_json:
        print_json(line(directory, made))
    else:
        typer.echo(_("Sesizarea {n} așteaptă unitatea județeană.").format(n=made.report_id))


def corrections(
    county: Annotated[str, typer.Option(help="Literele județului; implicit toate.")] = "",
    accept: Annotated[int | None, typer.Option(metavar="N", help="Acceptă sesizarea cu acest număr.")] = None,
    reject: Annotated[int | None, typer.Option(metavar="N", help="Respinge sesizarea cu acest număr.")] = None,
    right: Annotated[str, typer.Option(help="La acceptare: telefonul bun sau localitatea de acum.")] = "",
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV cu corecturile acceptate, pentru cine ține registrul.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Arată sesizările din teren, le rezolvă și scoate corecturile acceptate."""
    from referrals.workflow.directory import open_directory
    from referrals.workflow.field_intake import export_corrections, line, queue, queue_lines, settle

    if accept is not None and reject is not None:
        raise typer.BadParameter(_("alegeți --accept sau --reject, nu amândouă"))
    directory, actor = open_directory(open_home()), operator()
    number = accept if accept is not None else reject
    if number is not None:
        settled = settle(directory, number, accept=accept is not None, actor=actor, value=right)
        found = [line(directory, settled)]
    else:
        found = queue(directory, actor=actor, county=county.upper())
    if export is not None:
        count = export_corrections(directory, export, actor=actor, county=county.upper())
        text = ngettext("{n} corectură acceptată, scrisă în {out}.", "{n} corecturi acceptate, scrise în {out}.", count)
        typer.echo(text.format(n=count, out=export), err=as_json)
    if as_json:
        print_json(found)
        return
    print_lines(queue_lines(found))
