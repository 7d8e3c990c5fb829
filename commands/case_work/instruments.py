"""The instrument of the case record: checked, put in force, compared."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.console import day_named, open_home, operator, print_report, today, working
from commands.options import Json
from core.i18n import _

if TYPE_CHECKING:
    from cases.instrument.instrument_reading import ReadInstrument
    from core.storage.home import Home


def instrument(
    action: Annotated[str, typer.Argument(metavar="check|import|diff")],
    named: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|EDIȚIE]...",
            help="Foaia (XLSX, CSV sau un dosar cu câte un CSV de foaie) ori numele unei ediții. La check, fără ea: "
            "ediția în vigoare; la import: cel inclus; la diff una (față de ediția în vigoare) sau două.",
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(help="La check: răspunsuri, câte un obiect JSON pe rând; se arată ce urmează din ele."),
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="La import: ziua chestionarului, AAAA-LL-ZZ.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="La import: arată ce s-ar schimba, fără să scrie nimic.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="La import: confirmă o schimbare mare.")] = False,
    as_json: Json = False,
) -> None:
    """Chestionarul echipei: îl verifică, îl pune în vigoare ca ediție nouă, arată ce schimbă față de altul."""
    from cases.instrument.instrument_report import compare_instruments, report_on

    names = named or []
    if action not in ("check", "import", "diff") or len(names) > (2 if action == "diff" else 1):
        raise typer.BadParameter(_("scrieți: check [FILE], import [FILE] sau diff FILE [FILE]"))
    home = open_home(require="ledger" if action == "import" else "all")
    if action == "diff":
        if not names:
            raise typer.BadParameter(_("spuneți cu ce se compară: diff FILE"))
        sides = ["", *names] if len(names) == 1 else names
        before, after = ((name or _("în vigoare"), _whole(home, name)) for name in sides)
        print_report(compare_instruments(before, after), as_json=as_json)
        return
    name = names[0] if names else ""
    if action == "import":
        _require_whole(home, name, as_json=as_json)
        _import(home, name, day_named(as_of) if as_of else None, dry_run=dry_run, yes=yes, as_json=as_json)
        return
    report = report_on(name or _("în vigoare"), _read(home, name), answers, today=today())
    print_report(report, as_json=as_json)
    if not report.is_whole:
        raise SystemExit(1)


def _read(home: Home, name: str, *, judged: bool = True) -> ReadInstrument:
    """Read what a person named: a file or a folder, else an edition. judged: by what codes meant in this home."""
    from cases.instrument.instrument_editions import instrument_at, read_instrument
    from core.reading.sheets import SHEETS

    path = Path(name)
    is_file = bool(name) and (path.exists() or path.suffix.lower() in {".csv", *SHEETS} or len(path.parts) > 1)
    return read_instrument(path, home if judged else None) if is_file else instrument_at(home, name)


def _whole(home: Home, name: str) -> ReadInstrument:
    """Read an instrument to compare; one with rows that cannot be taken would show them as gone."""
    from cases.instrument.instrument_editions import in_order, refusal_words
    from core.bad_rows import BadRowsError

    read = _read(home, name, judged=False)
    if read.refusals:
        raise BadRowsError(Path(name).name, [refusal_words(refusal) for refusal in in_order(read.refusals)])
    return read


def _require_whole(home: Home, name: str, *, as_json: bool) -> None:
    """Print every row that cannot be taken, not only the first ones, where there are any, and end with 1."""
    from cases.instrument.instrument_editions import BUILT_IN, read_instrument
    from cases.instrument.instrument_report import report_on

    path = Path(name) if name else BUILT_IN
    report = report_on(path.name, read_instrument(path, home), None, today=today())
    if not report.is_whole:
        print_report(report, as_json=as_json)
        typer.echo(_("Nimic nu s-a schimbat: corectați rândurile respinse și încercați din nou."), err=True)
        raise SystemExit(1)


def _import(home: Home, name: str, as_of: date | None, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    from cases.instrument.instrument_editions import KIND, as_one_file
    from providers.imports.importing import import_file
    from referrals.homes.publishing import log_import
    from referrals.ledger.ledger import open_ledger

    with as_one_file(Path(name) if name else None) as file, working(_("Citesc {file}…").format(file=file.name)) as tell:
        report = import_file(home, KIND, file, as_of=as_of, dry_run=dry_run, confirmed=yes, tell=tell)
    if not dry_run:
        with closing(open_ledger(home)) as ledger:
            log_import(home, ledger, KIND, actor=operator())
    print_report(report, as_json=as_json)
