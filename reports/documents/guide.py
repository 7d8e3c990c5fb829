"""The guide for a new member of a team: two printed pages, in the words of the screens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fpdf.enums import XPos, YPos

from core.i18n import _, ngettext, use_language
from core.romanian_calendar import BUCHAREST
from providers.rules import needs, taxonomy
from referrals.records.vocabulary import EXAMINING, state_label
from referrals.workflow.worklist import step_label
from reports.output import pdf
from reports.output.pdf import PdfColumn

if TYPE_CHECKING:
    from datetime import date

    from reports.output.pdf import ReportPdf

NO_BREAK = "\u00a0"  # a number stays on one line


def render_pdf(*, made_on: date | None = None, is_demo: bool = False, code: str = "ro") -> bytes:
    """Make the guide as a PDF of two A4 pages. code: its language, `ro` or `en`."""
    with use_language(code):
        document = pdf.new_pdf(
            _("Ghid pentru un membru nou al echipei"),
            _("Două pagini. Restul îl spune fiecare ecran, la locul lui."),
            made_on=made_on or datetime.now(BUCHAREST).date(),
            is_demo=is_demo,
        )
        _danger(document)
        _steps(document)
        _blocks(document)
        _ticked(document, _("Ce întrebați la telefon"), _questions())
        document.add_page()
        _states(document)
        _list(document, _("Ce nu scrieți niciodată"), _never())
        _list(document, _("Nevoi sensibile și adrese protejate"), _quiet())
        _list(document, _("Când semnalul este slab"), _poor_network())
        _list(document, _("Când ceva nu se potrivește"), _wrong())
        _numbers(document)
        return pdf.to_bytes(document)


def _danger(document: ReportPdf) -> None:
    lines = "; ".join(
        f"{line.phone.replace(' ', NO_BREAK)} – {_(line.name)}" for line in needs.emergency_lines_by_code().values()
    )
    pdf.notice(document, _("În pericol imediat sunați întâi, căutați după: {lines}.").format(lines=lines))


def _steps(document: ReportPdf) -> None:
    """Say the whole journey in seven steps, with the words of the buttons."""
    _heading(document, _("De la nevoie la un loc rezervat"))
    days = sorted({kind.hold_days for kind in taxonomy.service_types().values() if kind.hold_days})
    hold = ngettext("{n} zi lucrătoare", "{n} zile lucrătoare", days[-1]).format(n=days[-1])
    steps = (
        _("Deschideți „Găsiți un serviciu”. Scrieți localitatea persoanei, cu sau fără diacritice."),
        _("Scrieți de ce este nevoie în cuvinte obișnuite: „buletin”, „abandon școlar”. Pot fi mai multe nevoi."),
        _("Spuneți vârsta, sexul sau situația numai dacă ecranul le cere: atunci o regulă ține de ele."),
        _("Apăsați „Căutați”. Vedeți cine este aproape, cine poate primi persoana și cine are loc."),
        _("Sunați serviciul și apăsați „Am sunat”. Scrieți câte locuri libere are: îl văd toate echipele."),
        _("Cereți acordul persoanei și apăsați „Referiți”. Locul se rezervă cel mult {days}.").format(days=hold),
        _("Dați biletul persoanei. Urmăriți „Referiri”: „{accepted}”, „{started}”, „{completed}”.").format(
            accepted=step_label("accept"), started=step_label("start"), completed=step_label("complete")
        ),
    )
    for place, step in enumerate(steps, start=1):
        top = document.get_y()
        pdf.set_text_style(document, 13, bold=True, colour=pdf.ACCENT)
        document.cell(9, 6, str(place))
        document.set_xy(pdf.MARGIN + 9, top + 0.4)
        pdf.set_text_style(document, 10)
        document.multi_cell(pdf.WIDTH - 9, 5.2, step, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        document.ln(1.6)


def _blocks(document: ReportPdf) -> None:
    _heading(document, _("Cum citiți lista"))
    fresh = sorted({kind.freshness_days for kind in taxonomy.service_types().values()})
    often = _("între {least} și {most} de zile, după tipul serviciului").format(least=fresh[0], most=fresh[-1])
    rows = (
        (
            _("Loc confirmat"),
            _(
                "Cineva a raportat de curând un loc liber ({often}) sau serviciul primește pe oricine. "
                "Vechimea raportului stă lângă număr."
            ).format(often=often),
        ),
        (_("Sunați înainte"), _("Nu se știe dacă are loc. Nu înseamnă că este plin: nimeni nu a întrebat încă.")),
        (
            _("La domiciliu, la distanță sau cu adresă protejată"),
            _("Vine acasă, răspunde la telefon sau are adresă protejată."),
        ),
        (
            _("De ce nu altele?"),
            _("Serviciile mai apropiate care lipsesc din listă, cu motivul lor: licență, vârstă, domiciliu, locuri."),
        ),
        (_("Minute"), _("Lângă ele scrie din ce sunt socotite. În linie dreaptă, drumul adevărat poate fi mai lung.")),
        (
            _("Un singur drum"),
            _("Pentru două până la cinci nevoi: la cine mergeți și în ce ordine, pe cel mai scurt drum."),
        ),
    )
    pdf.table(document, [PdfColumn(_("Ce vedeți"), 1), PdfColumn(_("Ce înseamnă"), 3.4)], rows, size=9)


def states() -> dict[str, str]:
    """Return in words what each state of a referral means for the team."""
    return {
        "held": _("Locul este al persoanei până la ora scrisă. Sunați furnizorul și notați răspunsul."),
        "asked": _("Nu s-a rezervat un loc (se intră cu decizie, după evaluare sau nu se știe). Așteptați răspunsul."),
        EXAMINING: _("Furnizorul a spus că examinează cazul. Locul nu rămâne rezervat mai mult decât era."),
        "accepted": _("Furnizorul o primește. Însoțiți persoana și notați când a ajuns."),
        "started": _("Persoana este la serviciu. Notați când se încheie."),
        "completed": _("S-a terminat cu bine. Nu mai este nimic de făcut."),
        "broken_off": _("S-a oprit înainte de sfârșit. Alegeți motivul; poate fi nevoie de alt serviciu."),
        "declined": _("Furnizorul nu o primește. Ecranul propune următorul serviciu potrivit."),
        "expired": _("Nu a răspuns nimeni la timp; locul a fost eliberat. Alegeți alt serviciu."),
        "cancelled": _("Ați anulat referirea; locul a fost eliberat."),
    }


def _states(document: ReportPdf) -> None:
    _heading(document, _("Stările unei referiri"))
    rows = [(state_label(state), words) for state, words in states().items()]
    pdf.table(document, [PdfColumn(_("Stare"), 1), PdfColumn(_("Ce faceți"), 3.4)], rows, size=9)


def _never() -> tuple[str, ...]:
    return (
        _("Nume, CNP, telefon, adresă sau diagnostic: nicăieri. Persoana are un cod de caz, făcut de aplicație."),
        _("Codul cazului îl păstrați în dosarul dumneavoastră, nu în mesaje."),
        _("La „Mențiuni” scrieți numai ce îi trebuie furnizorului: ora, scaunul cu rotile, limba."),
    )


def _quiet() -> tuple[str, ...]:
    return (
        _("La violență, trafic, dependențe și sănătate mintală, biletul nu numește nici nevoia, nici serviciul."),
        _("Adresa protejată nu o căutați, nu o scrieți și nu o spuneți: legătura o face direcția județeană (DGASPC)."),
        _("Aceste persoane nu se duc împreună cu altele, în aceeași mașină."),
    )


def _poor_network() -> tuple[str, ...]:
    return (
        _("Pagina simplă (adresa aplicației, urmată de /simplu) face același lucru și merge pe orice telefon."),
        _("Pachetul județului este un fișier cu toate serviciile; se deschide fără internet. Uitați-vă la data lui."),
        _("Dacă pagina s-a întrerupt la „Referiți”, apăsați din nou: nu se fac două referiri."),
    )


def _wrong() -> tuple[str, ...]:
    return (
        _(
            "Telefon greșit, serviciu mutat sau închis: apăsați „Ceva este greșit” lângă serviciu. Unitatea județeană "
            "verifică."
        ),
        _("Nimeni nu are loc: notați refuzul cu motivul „nu sunt locuri”. Așa se vede unde lipsesc locuri în județ."),
        _("Nu știți ce să alegeți: întrebați unitatea județeană de suport și supervizare."),
    )


def _questions() -> tuple[str, ...]:
    return (
        _("Aveți loc acum? Câte locuri libere aveți cu totul?"),
        _("Primiți o persoană de vârsta aceasta, din localitatea noastră?"),
        _("Ce acte cereți? Se poate începe fără unele dintre ele?"),
        _("În ce zile și la ce ore? De cine întreabă persoana când ajunge?"),
        _("Se plătește ceva? Cine poate plăti drumul?"),
        _("Dacă nu aveți loc: când credeți că se eliberează? Pe cine mai putem suna?"),
    )


def _ticked(document: ReportPdf, title: str, lines: tuple[str, ...]) -> None:
    """Write a list with boxes to tick, in two columns."""
    _heading(document, title)
    wide = pdf.WIDTH / 2
    for first in range(0, len(lines), 2):
        top = document.get_y()
        for place, line in enumerate(lines[first : first + 2]):
            left = pdf.MARGIN + place * wide
            document.set_draw_color(*pdf.SOFT)
            document.set_line_width(0.3)
            document.rect(left + 0.5, top + 0.9, 3.2, 3.2)
            pdf.set_text_style(document, 9.5)
            document.set_xy(left + 6, top)
            document.multi_cell(wide - 10, 4.8, line, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        document.set_y(top + 12)


def _numbers(document: ReportPdf) -> None:
    """Leave room for the numbers that every team needs and no register has."""
    _heading(document, _("Numerele noastre"))
    who = (
        _("Unitatea județeană de suport și supervizare"),
        _("Direcția județeană (DGASPC)"),
        _("Primăria, asistența socială"),
        _("Medicul de familie"),
        _("Poliția din comună"),
        _("Școala"),
    )
    wide = pdf.WIDTH / 2
    for first in range(0, len(who), 2):
        top = document.get_y()
        for place, name in enumerate(who[first : first + 2]):
            left = pdf.MARGIN + place * wide
            pdf.set_text_style(document, 8.5, colour=pdf.SOFT)
            document.set_xy(left, top)
            document.cell(wide, 4, name)
            document.set_draw_color(*pdf.LINE)
            document.set_line_width(0.25)
            document.line(left, top + 12, left + wide - 6, top + 12)
        document.set_y(top + 16)


def _heading(document: ReportPdf, text: str) -> None:
    document.ln(2)
    pdf.set_text_style(document, 13, bold=True, colour=pdf.ACCENT)
    document.cell(pdf.WIDTH, 6.5, text)
    document.ln(8)


def _list(document: ReportPdf, title: str, lines: tuple[str, ...]) -> None:
    _heading(document, title)
    pdf.bullets(document, lines)
