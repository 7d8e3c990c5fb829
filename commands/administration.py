"""What the law and the machine ask for: forgetting, retention, backups, the audit log, old editions."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.console import open_home, operator, print_json, print_lines, working
from commands.options import Json
from core.i18n import _, ngettext, number


def embed(
    origins: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ADRESĂ]...", help="Site-urile, de pildă https://primaria.example.ro."),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Harta nu se mai oferă niciunui site.")] = False,
    as_json: Json = False,
) -> None:
    """Spune care site-uri pot arăta harta într-un cadru al lor; fără adrese, arată care pot acum."""
    from core.storage.embedding import read_embedding, write_embedding

    home = open_home()
    if origins and off:
        raise typer.BadParameter(_("dați adrese sau --off, nu amândouă"))
    kept = write_embedding(home, origins or ()) if origins or off else read_embedding(home)
    if as_json:
        print_json({"origins": list(kept)})
    elif kept:
        print_lines([*kept, _("Adresa de pus în cadru: {address}").format(address="/incorporat/harta")])
    else:
        typer.echo(_("Harta nu este oferită altor site-uri."))


def erase(
    case: Annotated[
        str, typer.Argument(metavar="[CASE]", help="Codul cazului; fără el se citește de la intrarea standard.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Nu mai întreba înainte.")] = False,
    as_json: Json = False,
) -> None:
    """Șterge datele unei persoane: codul, localitatea, mențiunile. Nu se poate întoarce."""
    from referrals.ledger.ledger import open_ledger
    from referrals.records.ledger_errors import UnknownCaseError

    code = case or sys.stdin.readline()
    if not yes and sys.stdin.isatty():
        typer.confirm(_("Datele cazului se șterg pentru totdeauna. Continuați?"), abort=True)
    with closing(open_ledger(open_home())) as ledger:
        erased = ledger.erase_case(code, actor=operator())
        unreached = ledger.keep_erasures()
    if not erased:
        raise UnknownCaseError(_("Nu există niciun caz cu acest cod: nu a fost făcut aici, sau a fost deja șters."))
    if as_json:
        print_json({"referrals_erased": erased, "backups_out_of_reach": [str(each) for each in unreached]})
    else:
        text = ngettext("Șters: {n} referire a cazului.", "Șterse: {n} referiri ale cazului.", erased)
        typer.echo(text.format(n=number(erased)))
    _say_unreached(unreached)


def _say_unreached(unreached: list[Path]) -> None:
    for each in unreached:
        typer.echo(
            _(
                "Copia {path} nu este la îndemână: lista ștergerilor de lângă ea a rămas în urmă. Când discul este din "
                "nou aici, orice altă ștergere (sau „harta retention --apply”) o aduce la zi."
            ).format(path=each),
            err=True,
        )


def retention(
    apply: Annotated[bool, typer.Option("--apply", help="Șterge acum ce a trecut de termen.")] = False,
    as_json: Json = False,
) -> None:
    """Arată ce a trecut de termenul de păstrare și, cu --apply, șterge."""
    from referrals.ledger.ledger import open_ledger

    with closing(open_ledger(open_home())) as ledger:
        due = ledger.due_for_erasure(actor=operator())
        erased = ledger.erase_old(actor=operator()) if apply else 0
        unreached = ledger.keep_erasures() if apply else []
    if as_json:
        facts = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(due).items()
        }
        print_json({**facts, "applied": apply, "referrals_erased": erased})
    else:
        print_lines(retention_lines(due))
        if apply:
            text = ngettext("Șters: {n} referire.", "Șterse: {n} referiri.", erased)
            typer.echo(text.format(n=number(erased)))
        elif due.referrals:
            typer.echo(_("Nu s-a șters nimic. Ștergeți cu „harta retention --apply”."))
    _say_unreached(unreached)


def retention_lines(due: Any) -> list[str]:
    """Return in words what is past its time, for people."""
    from referrals.homes.administration_report import retention_words

    return retention_words(due)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Fișierul copiei, de exemplu /mnt/copii/harta.zip.")],
    as_json: Json = False,
) -> None:
    """Face o copie de siguranță a întregului dosar, și în timp ce aplicația lucrează."""
    from referrals.backups import backup as make
    from referrals.homes.administration_report import backup_words
    from referrals.ledger.ledger import open_ledger

    home = open_home()
    with working(_("Fac copia de siguranță…")), closing(open_ledger(home)) as ledger:
        made = make(home, ledger, file, actor=operator())
    if as_json:
        print_json(made.as_json())
    else:
        print_lines(backup_words(made))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Copia făcută de „harta backup”.")],
    erasures: Annotated[
        list[Path] | None,
        typer.Option("--erasures", metavar="FILE", help="Lista ștergerilor făcute după copie (se poate repeta)."),
    ] = None,
    without_erasures: Annotated[
        bool, typer.Option("--without-erasures", help="Restaurează și fără lista ștergerilor.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Restaurează o copie într-un dosar gol (HARTA_HOME), cu ștergerile făcute după ea."""
    from referrals.backups import restore as bring_back
    from referrals.homes.administration_report import restore_words

    with working(_("Restaurez copia de siguranță…")):
        done = bring_back(file, actor=operator(), lists=erasures or (), without_erasures=without_erasures)
    if as_json:
        print_json(done.as_json())
    else:
        print_lines(restore_words(done))


def audit(
    case: Annotated[
        str | None,
        typer.Option(metavar="CASE", help="Numai ce privește acest caz; „-” îl citește de la intrarea standard."),
    ] = None,
    subject: Annotated[str, typer.Option(help="Numai ce privește o referire, un serviciu sau un cont.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="Cel mult atâtea rânduri, cele mai noi.")] = 100,
    verify: Annotated[bool, typer.Option("--verify", help="Verifică dacă lanțul jurnalului ține.")] = False,
    anchors: Annotated[
        list[Path] | None,
        typer.Option("--anchors", metavar="FILE", help="Ancore păstrate în altă parte, sau o copie de siguranță."),
    ] = None,
    seal: Annotated[str, typer.Option(help="Un sigiliu notat la o verificare de dinainte.")] = "",
    as_json: Json = False,
) -> None:
    """Arată cine ce a făcut și a citit; cu --verify, dacă jurnalul este neatins."""
    from referrals.homes import administration_report
    from referrals.ledger.ledger import open_ledger

    code = sys.stdin.readline() if case == "-" else case
    with closing(open_ledger(open_home())) as ledger:
        if verify:
            found = administration_report.verify(ledger, actor=operator(), kept=anchors or (), seal=seal)
        else:
            table = ledger.audit_log(actor=operator(), subject=subject, case_ref=code or "", limit=limit)
    if verify:
        if as_json:
            print_json(found.as_json())
        else:
            print_lines(found.lines())
        if not found.holds:
            raise SystemExit(1)
        return
    if as_json:
        rows = table.assign(at=[at.isoformat() for at in table["at"]]).to_dict("records")
        print_json(rows)
    else:
        print_lines(administration_report.audit_log_lines(table))


def prune(
    keep: Annotated[
        int, typer.Option(min=2, help="Câte ediții rămân de fiecare fel: cea în vigoare și cele dinaintea ei.")
    ] = 2,
    as_json: Json = False,
) -> None:
    """Șterge edițiile vechi ale registrelor; rămân cea în vigoare și cea dinaintea ei."""
    from referrals.homes.publishing import prune as prune_editions
    from referrals.ledger.ledger import open_ledger

    home = open_home()
    with closing(open_ledger(home)) as ledger:
        gone = prune_editions(home, ledger, actor=operator(), keep=keep)
    if as_json:
        print_json({"pruned": [{"kind": kind, "edition": edition} for kind, edition in gone]})
        return
    print_lines(f"  {kind}: {edition}" for kind, edition in gone)
    text = ngettext("{n} ediție veche ștearsă.", "{n} ediții vechi șterse.", len(gone))
    typer.echo(text.format(n=number(len(gone))) if gone else _("Nu este nicio ediție veche de șters."))
