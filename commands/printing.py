"""What is printed and handed over: reports, slips, a county's pack, the guide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.console import open_home, operator, operator_account, print_lines, working
from core.i18n import LANGUAGES, _, ngettext


def report(
    level: Annotated[str, typer.Option(help="community, county, region sau national.")] = "national",
    id_: Annotated[str, typer.Option("--id", help="Cod SIRUTA sau „Comuna, Județ”; BC; RO21.")] = "",
    month: Annotated[str, typer.Option(help="Luna 2026-03, trimestrul 2026-T1, anul 2026 sau all.")] = "",
    out: Annotated[Path | None, typer.Option(help="Fișierul scris, .pdf sau .xlsx.")] = None,
    everything: Annotated[
        Path | None, typer.Option("--all", metavar="DIR", help="Scrie toate rapoartele lunii într-un dosar.")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="Ascunde numerele mici și sub nivelul regiunii.")] = False,
) -> None:
    """Scrie rapoarte: o comunitate, un județ, o regiune, toată țara."""
    from referrals.workflow.directory import open_directory
    from reports.documents.report_writing import write_all, write_report

    if not month:
        raise typer.BadParameter(_("spuneți perioada: --month AAAA-LL"))
    if (out is None) == (everything is None):
        raise typer.BadParameter(_("spuneți unde se scrie: --out FIȘIER.pdf, sau --all DOSAR"))
    actor = operator()
    with working(_("Scriu rapoartele…")) as tell:
        if everything is not None:
            directory = open_directory(open_home())
            count = write_all(directory, month, everything, actor=actor, is_public=public, tell=tell)
            text = ngettext("{n} fișier scris în {folder}.", "{n} fișiere scrise în {folder}.", count).format(
                n=count, folder=everything
            )
        elif out is not None:
            name = write_report(open_directory(open_home()), level, id_, month, out, actor=actor, is_public=public)
            text = _("{name}: scris în {out}.").format(name=name, out=out)
    typer.echo(text)


def slip(
    referral_id: Annotated[str, typer.Argument(metavar="REFERRAL_ID")],
    out: Annotated[Path | None, typer.Option(help="Fișier PDF; fără el, biletul se scrie ca text.")] = None,
    base: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Adresa aplicației (https://…), pentru codul de pe bilet.")
    ] = "",
) -> None:
    """Scrie biletul de îndrumare al unei referiri: o pagină PDF, sau text."""
    from referrals.workflow.directory import open_directory
    from referrals.workflow.terminal import referral_by_command
    from reports.documents.slip import slip_lines
    from reports.documents.slip_pdf import render_pdf

    directory = open_directory(open_home())
    found = referral_by_command(directory, referral_id, account=operator_account())
    if out is None:
        print_lines(slip_lines(directory, found))
        return
    out.write_bytes(render_pdf(directory, found, base=base))
    typer.echo(_("Scris în {out}.").format(out=out))


def paper(
    code: Annotated[str, typer.Argument(metavar="COD", help="Codul actului; fără el se scrie lista.")] = "",
    out: Annotated[Path | None, typer.Option(help="Fișierul PDF în care se scrie actul.")] = None,
) -> None:
    """Scrie un act de completat de mână (fișă, sesizare, cerere, listă): PDF fără nimic despre persoană."""
    from providers.rules.help_tables.papers import papers
    from reports.documents.blank_papers import render_pdf

    if not code:
        print_lines(f"{each.paper}: {_(each.title)}. {_(each.purpose)}" for each in papers().values())
        return
    if out is None:
        raise typer.BadParameter(_("spuneți unde se scrie: --out FIȘIER.pdf"))
    out.write_bytes(render_pdf(code, is_demo=open_home().is_demo))
    typer.echo(_("Scris în {out}.").format(out=out))


def pack(
    county: Annotated[str, typer.Option(help="Județul: nume sau litere, de exemplu BC.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Dosarul în care se scriu fișierele.")],
) -> None:
    """Scrie pachetul unui județ: toate serviciile lui, un PDF și un fișier HTML care merge fără internet."""
    from referrals.workflow.directory import open_directory
    from reports.documents import county_pack_html, county_pack_pdf
    from reports.documents.county_pack import make_pack

    with working(_("Adun serviciile județului…")):
        gathered = make_pack(open_directory(open_home()), county, actor=operator())
        out.mkdir(parents=True, exist_ok=True)
        name = f"servicii-{gathered.county}-{gathered.made_on.isoformat()}"
        (out / f"{name}.html").write_text(county_pack_html.render_pack(gathered), encoding="utf-8")
        (out / f"{name}.pdf").write_bytes(county_pack_pdf.pages_of(gathered))
    counted = ngettext("{n} serviciu", "{n} servicii", gathered.services).format(n=gathered.services)
    typer.echo(
        _("{counted}, scrise în {html} și {pdf}.").format(
            counted=counted, html=out / f"{name}.html", pdf=out / f"{name}.pdf"
        )
    )


def guide(
    out: Annotated[Path, typer.Option(help="Fișierul PDF în care se scrie ghidul.")],
    language: Annotated[str, typer.Option(help="Limba ghidului: ro sau en.")] = "ro",
) -> None:
    """Scrie ghidul de două pagini pentru un membru nou al echipei."""
    from reports.documents.guide import render_pdf

    if language not in LANGUAGES:
        raise typer.BadParameter(_("limba este ro sau en, nu „{found}”").format(found=language))
    out.write_bytes(render_pdf(code=language))
    typer.echo(_("Scris în {out}.").format(out=out))
