"""The working folder: make it, fill it, put its sources in order, look at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.console import day_named, open_home, operator, print_json, print_lines, print_report, today, working
from commands.options import Json
from core.i18n import _, ngettext, number
from core.storage.import_kinds import slot_of

if TYPE_CHECKING:
    from datetime import date

    from core.storage.editions import Edition
    from core.storage.home import Home
    from providers.imports.import_report import ImportReport

SourceWords = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[remove|restore|order KIND SURSĂ…]",
        help="Fără cuvinte: lista. remove retrage o sursă, restore o pune la loc, order: ale cui date merg înainte.",
    ),
]


def demo(
    roads: Annotated[
        bool, typer.Option("--roads", help="Cu o rețea de drumuri inventată, pe care se socotesc minutele.")
    ] = False,
) -> None:
    """Pregătește un dosar demonstrativ cu datele incluse (se poate repeta)."""
    from reports.demo.whole_demo import make_whole_demo

    with working(_("Pregătesc datele demonstrative…")):
        home = make_whole_demo(with_roads=roads)
    typer.echo(_("Dosarul demonstrativ este pregătit: {path}").format(path=home.path))
    if roads:
        typer.echo(_("Și drumurile sunt inventate: minutele pe ele nu sunt ale unor drumuri adevărate."))
    typer.echo(_("Furnizorii, locurile, referirile și rapoartele sunt inventate. Porniți aplicația cu: harta serve"))


def init(
    join: Annotated[
        bool,
        typer.Option("--join", help="Leagă dosarul de baza de date a unui dosar pierdut sau de pe alt calculator."),
    ] = False,
    open_data: Annotated[
        bool,
        typer.Option(
            "--open-data", help="Pune în dosar registrele deschise incluse: școli, spitale, agenții, primării…"
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Pregătește un dosar real: gol, în afară de localități și autorități, sau cu datele deschise incluse."""
    from referrals.homes.demonstration import make_live
    from referrals.homes.open_data import add_open_data
    from referrals.ledger.ledger import open_ledger

    home = make_live(may_join=join, tell=lambda text: typer.echo(text, err=True))
    if not open_data:
        if as_json:
            print_json({"path": str(home.path), "mode": home.mode})
        else:
            typer.echo(
                _("Dosarul real este pregătit: {path}. Urmează „harta import KIND FIȘIER”.").format(path=home.path)
            )
        return
    with working(_("Pregătesc datele deschise…")) as tell, closing(open_ledger(home)) as ledger:
        report = add_open_data(home, ledger, actor=operator(), tell=tell)
    if not as_json:
        typer.echo(_("Dosarul real este pregătit: {path}").format(path=home.path))
    print_report(report, as_json=as_json)


def import_(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Felul datelor: social, education, boundaries…; cases.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Fișierul, așa cum l-a publicat instituția.")],
    organizations: Annotated[
        Path | None, typer.Option(help="Registrul furnizorilor acreditați, pentru registrul social de azi.")
    ] = None,
    heights: Annotated[
        Path | None,
        typer.Option(
            help="Pentru drumuri: înălțimile, pentru mersul pe jos: .hgt (SRTM), .asc în grade sau .zip cu ele."
        ),
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Ziua la care se referă datele, AAAA-LL-ZZ.")] = None,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="NUME", help="A cui este lista: o sursă de dinainte (o înnoiește) sau una nouă (alături)."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Arată ce s-ar schimba, fără să scrie nimic.")] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Confirmă ce altfel s-ar întreba: multe rânduri dispărute, mutate, respinse."),
    ] = False,
    titles: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="TITLU=CÂMP",
            help="Ce este un titlu al fișierului; „-” dacă nu este niciun câmp. Se poate repeta și se ține minte.",
        ),
    ] = None,
    place: Annotated[
        str, typer.Option(help="Pentru cases: comunitatea ai cărei oameni sunt, „Parincea, Bacău” sau SIRUTA.")
    ] = "",
    pairs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Pentru cases: foaia cu perechi ID – cod, numai pentru echipă; nu rămâne pe server."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Citește un registru sau un strat și îl pune în vigoare ca ediție nouă; o listă de oameni o face cazuri."""
    from providers.imports.import_guards import NotConfirmedError
    from providers.imports.importing import import_file
    from referrals.homes.publishing import log_import
    from referrals.homes.withdrawals import with_open
    from referrals.ledger.ledger import open_ledger

    if kind == "cases":
        _import_people(file, place, pairs, day_named(as_of) if as_of else None, dry_run=dry_run, as_json=as_json)
        return
    if place or pairs is not None:
        raise typer.BadParameter(_("--place și --pairs sunt numai pentru cazuri („harta import cases …”)"))
    home = open_home(require="ledger")
    if heights is not None and kind != "roads":
        raise typer.BadParameter(_("--heights este numai pentru drumuri („harta import roads …”)"))
    day = day_named(as_of) if as_of else None
    choices = _choices(titles or ())

    def imported(*, confirmed: bool) -> ImportReport:
        with working(_("Citesc {file}…").format(file=file.name)) as tell:
            return import_file(
                home, kind, file, source=source, as_of=day, dry_run=dry_run, companion=heights or organizations,
                confirmed=confirmed, titles=choices, tell=tell,
            )  # fmt: skip

    try:
        report = imported(confirmed=yes)
    except NotConfirmedError as doubt:
        if not sys.stdin.isatty():
            raise
        typer.echo(str(doubt), err=True)
        typer.confirm(_("Publicați totuși?"), abort=True, err=True)
        report = imported(confirmed=True)
    with closing(open_ledger(home)) as ledger:
        if not dry_run:
            log_import(home, ledger, slot_of(kind, report.manifest.source_name), actor=operator())
        report = with_open(report, ledger)
    print_report(report, as_json=as_json)
    if kind == "roads" and not (dry_run or as_json):
        _hint_roads(home)


def _import_people(
    file: Path, place: str, pairs: Path | None, as_of: date | None, *, dry_run: bool, as_json: bool
) -> None:
    """Bring the people of a list as cases of a community; the sheet of pairs is written for the team alone."""
    from cases.list_import import import_cases
    from core.exporting import csv_bytes
    from core.storage.home import write_atomically
    from geo.gazetteer import load_gazetteer
    from referrals.ledger.ledger import open_ledger

    home = open_home(require="ledger")
    if not place:
        raise typer.BadParameter(_("spuneți comunitatea: --place"))
    uat = load_gazetteer(home).resolve(place).uat_siruta
    if not dry_run:
        _require_sheet(home, pairs)
    with closing(open_ledger(home)) as ledger, working(_("Citesc {file}…").format(file=file.name)):
        report = import_cases(home, ledger, file, uat, actor=operator(), as_of=as_of, dry_run=dry_run)
    if pairs is not None and not dry_run:
        import pandas as pd

        table = pd.DataFrame(report.pairs, columns=[_("ID"), _("Codul cazului")], dtype="str")
        write_atomically(pairs, csv_bytes(table, is_romanian=True), is_private=True)
        words = _("Perechile ID – cod sunt în {file}: dați foaia echipei, apoi ștergeți fișierul.")
        typer.echo(words.format(file=pairs), err=True)
    print_report(report, as_json=as_json)


def _require_sheet(home: Home, pairs: Path | None) -> None:
    """Refuse before anything is written where the sheet of pairs cannot be kept, or would stay on the server."""
    if pairs is None:
        raise typer.BadParameter(_("spuneți unde se scrie foaia cu perechi: --pairs FIȘIER.csv"))
    if not pairs.absolute().parent.is_dir() or pairs.is_dir():
        raise typer.BadParameter(_("nu există dosarul pentru foaia cu perechi"))
    if pairs.resolve().is_relative_to(home.path.resolve()):
        raise typer.BadParameter(_("foaia cu perechi nu rămâne în dosarul de lucru: scrieți-o în alt loc"))


def sources(words: SourceWords = None, as_json: Json = False) -> None:
    """Arată sursele fiecărui registru: ale cui sunt, de când, ce acoperă; le retrage și le pune la loc."""
    from referrals.homes import home_sources

    if not words:
        print_report(home_sources.sources(open_home()), as_json=as_json)
        return
    action, *named = words
    if action not in ("remove", "restore", "order") or len(named) < 2 or (action != "order" and len(named) > 2):  # noqa: PLR2004
        raise typer.BadParameter(_("scrieți: remove KIND SURSĂ, restore KIND SURSĂ sau order KIND SURSĂ SURSĂ…"))
    home = open_home(require="ledger")
    kind = named[0]
    if action == "order":
        home_sources.put_in_order(home, kind, named[1:])
    else:
        _change_source(home_sources.remove if action == "remove" else home_sources.restore, kind, named[1])
    print_report(home_sources.sources(home, kind), as_json=as_json)


def _change_source(change: Callable[..., Edition], kind: str, source: str) -> None:
    from referrals.ledger.ledger import open_ledger

    home = open_home(require="ledger")
    with closing(open_ledger(home)) as ledger:
        change(home, ledger, kind, source, actor=operator())


def _hint_roads(home: Home) -> None:
    """Say how imported roads are put in force, where minutes do not come from them."""
    from providers.catalogue.home_travel import travel_of

    if travel_of(home).car.basis.kind != "roads":
        typer.echo(_("Minutele sunt încă în linie dreaptă: „harta travel roads” le socotește pe aceste drumuri."))


def _choices(lines: Iterable[str]) -> dict[str, str]:
    """Read TITLE=FIELD; a title may hold an equals sign, a field may not."""
    choices = {}
    for each in lines:
        title, sign, field = each.rpartition("=")
        if not (title.strip() and sign and field.strip()):
            raise typer.BadParameter(_("„{text}” nu este de forma TITLU=CÂMP").format(text=each[:80]))
        choices[title.strip()] = field.strip()
    return choices


def status(as_json: Json = False) -> None:
    """Arată ce date are dosarul de lucru: ediții, date, numere, prospețime."""
    from referrals.homes.doctor import home_status

    print_report(home_status(open_home()), as_json=as_json)


def export(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="hsds, hsds-tables, geoparquet, geopackage, xlsx sau bulk.")
    ],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Dosarul în care se scriu fișierele.")],
    force: Annotated[bool, typer.Option("--force", help="Scrie peste fișierele unui export de dinainte.")] = False,
    as_json: Json = False,
) -> None:
    """Scrie serviciile și furnizorii, fără ce este protejat, pentru alte programe; cu fișa sursei."""
    from referrals.workflow.directory import open_directory
    from reports.bulk import export_bulk
    from reports.documents import export as exports

    if kind == "bulk":
        with working(_("Scriu exportul…")):
            index = export_bulk(open_directory(open_home()), folder, day=today(), force=force)
        if as_json:
            print_json(index.as_json())
            return
        print_lines(f"  {folder / each.name}" for each in index.files)
        return
    with working(_("Scriu exportul…")):
        made = exports.export(open_directory(open_home()), kind, folder, made_on=today(), force=force)
    if as_json:
        print_json(
            {"files": [str(f) for f in made.files], "services": made.services, "organizations": made.organizations}
        )
        return
    counted = ngettext("{n} serviciu", "{n} servicii", made.services).format(n=number(made.services))
    owners = ngettext("{n} furnizor", "{n} furnizori", made.organizations).format(n=number(made.organizations))
    typer.echo(_("{services} și {organizations}, în:").format(services=counted, organizations=owners))
    print_lines(f"  {file}" for file in made.files)


def doctor(as_json: Json = False) -> None:
    """Verifică dosarul de lucru: ediții, bază de date, jurnal."""
    from cases.record.record_checks import home_faults
    from referrals.homes.doctor import run_checks

    report = run_checks(open_home(require="nothing"), {_("starea cazurilor"): home_faults})
    print_report(report, as_json=as_json)
    if not report.is_sound:
        raise SystemExit(1)


def convert(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Servicii ca JSON sau NDJSON: HSDS 3.1 sau alt format.")],
    out: Annotated[Path, typer.Option("--out", help="Fișierul CSV care se scrie.")],
    mapping: Annotated[
        Path | None, typer.Option("--map", help="Fișierul TOML de potriviri; lipsă = HSDS al nostru.")
    ] = None,
) -> None:
    """Face din serviciile altui director o listă în formatul general, care se importă ca sursă separată."""
    from core.exporting import write_csv
    from providers.interchange import hsds_reading

    rows = hsds_reading.general_rows(hsds_reading.read_records(file), hsds_reading.read_mapping(mapping))
    write_csv(rows, out)
    text = ngettext(
        "{n} rând în {file}. Urmează: harta import … {file} --source NUME",
        "{n} rânduri în {file}. Urmează: harta import … {file} --source NUME",
        len(rows),
    )
    typer.echo(text.format(n=number(len(rows)), file=out))
