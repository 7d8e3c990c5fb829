"""What whoever runs an installation does: serve, upgrade, move the ledger to another database."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands.console import open_home, operator, print_json, print_lines, print_report, working
from commands.options import Json
from core.i18n import _, ngettext, number


class LogFormat(StrEnum):
    """How the log of the server is written."""

    TEXT = "text"
    JSON = "json"


def upgrade(
    check: Annotated[bool, typer.Option("--check", help="Numai spune dacă este ceva de făcut.")] = False,
    as_json: Json = False,
) -> None:
    """Aduce baza de date la versiunea programului: întâi o copie, apoi schimbarea, apoi verificarea."""
    from referrals.homes.home_upgrade import find_upgrade, upgrade_home

    home = open_home(require="nothing")
    if check:
        print_report(find_upgrade(home), as_json=as_json)
        return
    with working(_("Fac copia de siguranță…")) as tell:
        done = upgrade_home(home, actor=operator(), tell=tell)
    print_report(done, as_json=as_json)


def move_ledger(
    address: Annotated[
        str,
        typer.Argument(
            metavar="[ADRESĂ]",
            help="Baza nouă, goală: postgresql://… sau sqlite:////…; fără ea se citește de la intrarea standard.",
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Mută cazurile, referirile, conturile și jurnalul în altă bază de date; cea veche nu se mai deschide."""
    from referrals.backups import move_ledger as move

    # A password on the command line would stand in the list of processes.
    to = address or sys.stdin.readline().strip()
    with working(_("Pregătesc baza nouă…")) as tell:
        moved = move(open_home(require="nothing"), to, actor=operator(), tell=tell)
    if as_json:
        print_json(moved.as_json())
        return
    rows = sum(moved.rows.values())
    counted = ngettext("{n} rând", "{n} rânduri", rows).format(n=number(rows))
    print_lines(
        [
            _("Mutate și comparate: {rows}. Acum lucrează numai {target}.").format(rows=counted, target=moved.target),
            _("Puneți adresa ei în HARTA_DATABASE_URL și porniți aplicația din nou."),
            _(
                "Cea veche, {source}, nu se mai deschide, dar are încă date personale: ștergeți-o după prima copie."
            ).format(source=moved.source),
        ]
    )


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Portul; cu mai multe procese, al primului.")] = 8501,
    host: Annotated[str, typer.Option(help="Adresa pe care ascultă; implicit numai acest calculator.")] = "127.0.0.1",
    log: Annotated[
        Path | None, typer.Option(help="Fișierul jurnalului, ținut sub 4 MB; implicit se scrie în terminal.")
    ] = None,
    log_format: Annotated[
        LogFormat, typer.Option("--log-format", help="text, sau json: un obiect pe rând, pentru programe.")
    ] = LogFormat.TEXT,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Câte procese, fiecare pe portul lui, în spatele unui proxy.")
    ] = 1,
) -> None:
    """Pornește aplicația în browser, pe acest calculator."""
    from core.processes.log_lines import terminal_line
    from core.processes.worker_processes import exec_watcher, given_worker
    from referrals.homes.file_permissions import close_to_others

    as_json = log_format is LogFormat.JSON
    if given_worker(os.environ) is None:
        _upgrade_before_serving(as_json=as_json)
        for path in close_to_others(open_home()):
            words = _("Atenție: {path} este deschis altor utilizatori ai calculatorului.").format(path=path)
            typer.echo(terminal_line(words, as_json=as_json), err=True)
    if workers == 1:
        import app as web  # slow to import: after what may be refused

        web.run(host=host, port=port, log=log, log_as_json=as_json)
        return
    command = [*_own_command(), "serve", "--log-format", log_format.value]
    if log is not None:  # each writes a file of its own: `harta.log` becomes `harta.1.log`
        command += ["--log", str(log.with_name(f"{log.stem}.{{worker}}{log.suffix}"))]
    exec_watcher(command, host=host, port=port, count=workers, log_as_json=as_json)


def _own_command() -> list[str]:
    """Name what starts a worker: this program by the path it was called by, so that a link to a new release counts."""
    called = Path(sys.argv[0]).absolute()
    if called.name == "harta" and os.access(called, os.X_OK):
        return [str(called)]
    return [sys.executable, "-P", "-c", "from cli import main; main()"]


def _upgrade_before_serving(*, as_json: bool) -> None:
    """Upgrade a live home that is behind, before anything else opens its ledger and migrates it without a backup."""
    from core.processes.log_lines import terminal_line
    from referrals.homes.home_upgrade import upgrade_home

    home = open_home(require="nothing")
    if home.is_demo:
        return
    upgraded = upgrade_home(
        home, actor=operator(), tell=lambda words: typer.echo(terminal_line(words, as_json=as_json), err=True)
    )
    if upgraded.backup is not None:
        typer.echo("\n".join(terminal_line(line, as_json=as_json) for line in upgraded.lines()), err=True)
