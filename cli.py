"""The command `harta`: parse, call one core function, print. Exit 0 done, 1 refused with a reason, 2 wrong usage."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from geo.errors import MapError
from geo.language import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.home import Home
    from providers.answer import Answer, Query
    from providers.catalogue import Catalogue

app = typer.Typer(
    name="harta",
    help="Harta serviciilor comunitare: cine este aproape, îl poate primi și are loc.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Răspuns JSON, pentru programe.")]


def main() -> Never:
    """Run the command; a refusal is one line of words on standard error and exit code 1, wrong usage 2."""
    code: object = 0
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except MapError as error:
        code = _refuse(str(error), 1)
    except BrokenPipeError:
        # Who read our lines has seen enough; what is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except SystemExit as ended:
        # typer ends so itself where the pipe closed, with 1; nothing was refused.
        code = 0 if type(sys.stdout).__name__ == "PacifyFlushWrapper" else ended.code
    except Exception as error:
        wrong = _usage_words(error)
        if wrong is None and os.environ.get("HARTA_DEBUG"):
            raise
        code = _refuse(_unforeseen(error), 1) if wrong is None else _refuse(wrong, 2)
    raise SystemExit(code if isinstance(code, int) else 0)


def _refuse(text: str, code: int) -> int:
    typer.echo(f"harta: {text}" if text else "", err=True)
    return code


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return _("sistemul a refuzat: {why}").format(why=error.strerror)
    # No trace and no message: either may quote what should not be read over a shoulder.
    return _("eroare neașteptată ({kind}). Rulați „harta doctor”; amănunte cu HARTA_DEBUG=1.").format(
        kind=type(error).__name__
    )


def _usage_words(error: Exception) -> str | None:
    """Say in Romanian what is wrong with how the command was written; None for any other error."""
    kind, context = type(error).__name__, getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":  # its message is the help itself
        typer.echo(str(error), err=True)
        return ""
    if context is None and not hasattr(error, "option_name"):
        return None
    parameter = getattr(error, "param", None)
    hint = parameter.get_error_hint() if parameter is not None else getattr(error, "option_name", "")
    name = str(hint).replace("'", "")
    said = str(getattr(error, "message", error))
    known = {
        "MissingParameter": _("lipsește {name}"),
        "NoSuchOption": _("nu există opțiunea {name}"),
        "BadOptionUsage": _("opțiunea {name} cere o valoare"),
        "NoSuchCommand": _("nu există această comandă"),
    }
    words = known.get(kind, _("{name}: valoarea nu se potrivește") if parameter is not None else said)
    if said.startswith("No such command"):
        words = known["NoSuchCommand"]
    elif said.startswith("Got unexpected extra"):
        words = _("prea multe cuvinte; scrieți numele cu spații între ghilimele")
    # What the library says is English; what the option is for is ours.
    help_ = getattr(parameter, "help", None) or ""
    more = f" ({help_.rstrip('.')})" if kind == "BadParameter" and help_ else ""
    path = context.command_path if context is not None else "harta"
    return words.format(name=name) + more + "\n" + _("Scrieți „{command} --help”.").format(command=path)


def _print_json(content: object) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1))


def _home() -> Home:
    from geo.home import open_home

    return open_home()


def _progress(text: str) -> Callable[[], None]:
    """Show a line while long work goes on, on a terminal only; returns what ends it."""
    if not sys.stderr.isatty():
        return lambda: None
    from rich.console import Console

    status = Console(stderr=True).status(text)
    status.start()
    return status.stop


@app.command()
def demo() -> None:
    """Pregătește un dosar demonstrativ cu datele incluse (se poate repeta)."""
    from referrals.demonstration import make_demo

    done = _progress(_("Pregătesc datele demonstrative…"))
    try:
        home = make_demo()
    finally:
        done()
    typer.echo(_("Dosarul demonstrativ este pregătit: {path}").format(path=home.path))
    typer.echo(_("Datele despre furnizori și locuri sunt inventate. Porniți aplicația cu: harta serve"))


@app.command()
def init() -> None:
    """Pregătește un dosar real, gol, în afară de localități și autorități."""
    from referrals.demonstration import make_live

    home = make_live()
    typer.echo(_("Dosarul real este pregătit: {path}. Urmează „harta import KIND FIȘIER”.").format(path=home.path))


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Felul datelor: social, education, boundaries…")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Fișierul, așa cum l-a publicat instituția.")],
    organizations: Annotated[
        Path | None, typer.Option(help="Registrul furnizorilor acreditați, pentru registrul social de azi.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Ziua la care se referă datele, AAAA-LL-ZZ.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Arată ce s-ar schimba, fără să scrie nimic.")] = False,
    as_json: Json = False,
) -> None:
    """Citește un registru sau un strat și îl pune în vigoare ca ediție nouă."""
    from providers.importing import import_file

    done = _progress(_("Citesc {file}…").format(file=file.name))
    try:
        report = import_file(
            _home(), kind, file, as_of=_day(as_of) if as_of else None, dry_run=dry_run, companion=organizations
        )
    finally:
        done()
    if as_json:
        _print_json(report.as_json())
        return
    for line in report.lines():
        typer.echo(line)


@app.command()
def status(as_json: Json = False) -> None:
    """Arată ce date are dosarul de lucru: ediții, date, numere, prospețime."""
    from referrals.checkup import home_status

    report = home_status(_home())
    if as_json:
        _print_json(report.as_json())
        return
    for line in report.lines():
        typer.echo(line)


@app.command()
def nearest(
    from_: Annotated[str | None, typer.Option("--from", help="Locul persoanei: „Parincea, Bacău”.")] = None,
    at: Annotated[str | None, typer.Option(help="Locul persoanei: LAT,LON.")] = None,
    siruta: Annotated[str | None, typer.Option(help="Locul persoanei: cod SIRUTA.")] = None,
    service: Annotated[list[str] | None, typer.Option(help="Cod de tip de serviciu (se poate repeta).")] = None,
    need: Annotated[list[str] | None, typer.Option(help="Cod de nevoie sau cuvinte (se poate repeta).")] = None,
    k: Annotated[int, typer.Option(min=1, max=100, help="Câte servicii pe listă.")] = 5,
    age: Annotated[int | None, typer.Option(min=0, max=130, help="Vârsta, în ani împliniți.")] = None,
    sex: Annotated[str | None, typer.Option(help="F sau M.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="Grup de beneficiari (se poate repeta).")] = None,
    home: Annotated[str | None, typer.Option(help="Domiciliul, dacă este altul decât locul.")] = None,
    mode: Annotated[str, typer.Option(help="car sau walk.")] = "car",
    max_minutes: Annotated[float | None, typer.Option(min=0, help="Cel mult atâtea minute.")] = None,
    only_confirmed: Annotated[bool, typer.Option("--only-confirmed", help="Numai locuri confirmate.")] = False,
    batch: Annotated[Path | None, typer.Option(help="CSV cu aceleași nume drept coloane.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV în care se scriu răspunsurile.")] = None,
    as_json: Json = False,
) -> None:
    """Găsește cele mai apropiate servicii care pot primi persoana, și spune de ce nu altele."""
    from providers.asking import parse_query, stated_place
    from referrals.desk import open_desk

    if batch is not None:
        _nearest_batch(batch, out)
        return
    places = [(name, text) for name, text in (("from", from_), ("at", at), ("siruta", siruta)) if text]
    if len(places) != 1:
        raise typer.BadParameter(_("dați un singur loc: --from, --at sau --siruta"))
    if not service and not need:
        raise typer.BadParameter(_("spuneți ce căutați: --service COD sau --need NEVOIE"))
    desk = open_desk(_home())
    query = parse_query(
        desk.gazetteer,
        place=stated_place(*places[0]),
        services=tuple(service or ()),
        needs=tuple(need or ()),
        home=home,
        age=age,
        sex=sex,
        groups=tuple(group or ()),
        k=k,
        mode=mode,
        max_minutes=max_minutes,
        only_confirmed=only_confirmed,
    )
    answer = desk.ask(query)
    if as_json:
        from providers.answer import as_json as plain

        _print_json(plain(answer))
        return
    _print_answer(answer)
    if home is None:
        _say_which_home(desk.catalogue(), query)


def _nearest_batch(batch: Path, out: Path | None) -> None:
    from referrals.batch import answer_batch
    from referrals.desk import open_desk

    if out is None:
        raise typer.BadParameter(_("spuneți unde se scrie răspunsul: --out FIȘIER.csv"))
    done = _progress(_("Caut pentru fiecare rând…"))
    try:
        count = answer_batch(open_desk(_home()), batch, out)
    finally:
        done()
    typer.echo(_("{asked} întrebări, {refused} respinse; răspunsurile sunt în {out}.").format(**count, out=out))


def _say_which_home(catalogue: Catalogue, query: Query) -> None:
    from providers.questions import what_matters

    if what_matters(query.wanted, catalogue).home:
        place = query.origin.label
        typer.echo(_("Contează domiciliul; l-am socotit la {place}. Dacă este altul: --home LOC.").format(place=place))


def _print_answer(answer: Answer) -> None:
    from providers.answer_text import answer_lines

    for line in answer_lines(answer):
        typer.echo(line)


@app.command()
def capacity(
    service_id: Annotated[str, typer.Argument(metavar="SERVICE_ID")],
    free: Annotated[int | None, typer.Option(min=0, help="Locuri libere acum.")] = None,
    maximum: Annotated[int | None, typer.Option("--max", min=0, help="Locuri în total.")] = None,
    status_: Annotated[
        str | None, typer.Option("--status", help="free, full, waitlist, assess, open, unknown.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Notează câte locuri libere are un serviciu, sau arată ce se știe."""
    from referrals.desk import open_desk
    from referrals.facts import Actor

    if maximum is not None and free is None and status_ is None:
        raise typer.BadParameter(_("spuneți și câte locuri sunt libere (--free) sau starea (--status)"))
    desk = open_desk(_home())
    if free is None and status_ is None:
        facts = desk.capacity_of(service_id)
    else:
        facts = desk.note_capacity(
            service_id,
            actor=Actor("admin", account="harta"),
            source="command_line",
            free=free,
            maximum=maximum,
            status=status_,
        )
    if as_json:
        _print_json(facts)
        return
    for name, value in facts.items():
        typer.echo(f"{name}: {'–' if value is None else value}")


@app.command("report-wrong")
def report_wrong(
    service_id: Annotated[str, typer.Argument(metavar="SERVICE_ID")],
    what: Annotated[str, typer.Option(help="phone (număr greșit), moved (s-a mutat) sau gone (nu mai există).")],
    right: Annotated[str, typer.Option(help="Telefonul bun sau localitatea în care s-a mutat, dacă se știe.")] = "",
    note: Annotated[str, typer.Option(help="Observație, fără date personale.")] = "",
    as_json: Json = False,
) -> None:
    """Semnalează o greșeală despre un serviciu; unitatea județeană o verifică."""
    from referrals.desk import open_desk
    from referrals.facts import Actor
    from referrals.field_desk import line, report_wrong

    desk = open_desk(_home())
    actor = Actor("admin", account="harta")
    made = report_wrong(desk, service_id, what=what, actor=actor, value=right, note=note)
    if as_json:
        _print_json(line(desk, made))
    else:
        typer.echo(_("Semnalul {n} așteaptă unitatea județeană.").format(n=made.report_id))


@app.command()
def corrections(
    county: Annotated[str, typer.Option(help="Literele județului; implicit toate.")] = "",
    accept: Annotated[int | None, typer.Option(metavar="N", help="Acceptă semnalul cu acest număr.")] = None,
    reject: Annotated[int | None, typer.Option(metavar="N", help="Respinge semnalul cu acest număr.")] = None,
    right: Annotated[str, typer.Option(help="La acceptare: telefonul bun sau localitatea de acum.")] = "",
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV cu corecturile acceptate, pentru cine ține registrul.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Arată semnalele din teren, le rezolvă și scoate corecturile acceptate."""
    from referrals.desk import open_desk
    from referrals.facts import Actor
    from referrals.field_desk import export_corrections, line, queue, queue_lines, settle

    if accept is not None and reject is not None:
        raise typer.BadParameter(_("alegeți --accept sau --reject, nu amândouă"))
    desk, actor = open_desk(_home()), Actor("admin", account="harta")
    number = accept if accept is not None else reject
    if number is not None:
        settled = settle(desk, number, accept=accept is not None, actor=actor, value=right)
        found = [line(desk, settled)]
    else:
        found = queue(desk, actor=actor, county=county.upper())
    if export is not None:
        count = export_corrections(desk, export, actor=actor, county=county.upper())
        said = ngettext("{n} corectură acceptată, scrisă în {out}.", "{n} corecturi acceptate, scrise în {out}.", count)
        typer.echo(said.format(n=count, out=export), err=as_json)
    if as_json:
        _print_json(found)
        return
    for text in queue_lines(found):
        typer.echo(text)


@app.command()
def needs(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", help="Cuvinte: „buletin”, „nu are”.")] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Numără UAT în care nevoia are cel puțin un răspuns legal.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Fișier .md sau .csv în care se scrie numărătoarea.")] = None,
    as_json: Json = False,
) -> None:
    """Arată nevoile (toate, sau cele pe care le înseamnă cuvintele) și unde au răspuns."""
    from providers.need_list import need_lines, needs_json

    if coverage:
        _need_coverage(out, as_json=as_json)
        return
    text = " ".join(words or ())
    if as_json:
        _print_json(needs_json(text))
        return
    for line in need_lines(text):
        typer.echo(line)


def _need_coverage(out: Path | None, *, as_json: bool) -> None:
    from providers.need_coverage_report import count_needs

    done = _progress(_("Număr răspunsurile fiecărei nevoi…"))
    try:
        report = count_needs(_home())
    finally:
        done()
    if out is not None:
        report.write(out)
    if as_json:
        _print_json(report.as_json())
        return
    for line in report.lines():
        typer.echo(line)
    if out is not None:
        typer.echo(_("Scris în {out}.").format(out=out))


@app.command()
def refer(
    service_id: Annotated[str, typer.Argument(metavar="SERVICE_ID")],
    from_: Annotated[str, typer.Option("--from", help="Unde locuiește persoana: „Parincea, Bacău”.")],
    need: Annotated[str, typer.Option(help="Nevoia pentru care se face referirea; implicit tipul serviciului.")] = "",
    consent: Annotated[
        bool, typer.Option("--consent", help="Persoana și-a dat acordul, astăzi; se scrie data.")
    ] = False,
    basis: Annotated[str, typer.Option(help="Temeiul: consent, public_task sau vital_interest.")] = "consent",
    replaces: Annotated[str, typer.Option(help="Referirea în locul căreia se face aceasta.")] = "",
    second_place: Annotated[bool, typer.Option("--second-place", help="Este nevoie de două locuri.")] = False,
    key: Annotated[str, typer.Option(help="Cheie: aceeași comandă repetată nu face a doua referire.")] = "",
    as_json: Json = False,
) -> None:
    """Referă un caz la un serviciu. Codul cazului se citește de la intrarea standard; gol înseamnă caz nou."""
    from referrals.commands import refer_by_command
    from referrals.desk import open_desk

    # Never an argument: arguments stay in the history of the shell and in the list of processes.
    case_ref = "" if sys.stdin.isatty() else sys.stdin.readline()
    _print_facts(
        refer_by_command(
            open_desk(_home()),
            service_id,
            place=from_,
            need=need,
            case_ref=case_ref,
            has_consented=consent,
            basis=basis,
            replaces=replaces,
            second_place=second_place,
            key=key,
        ),
        as_json=as_json,
    )


@app.command()
def referral(
    referral_id: Annotated[str, typer.Argument(metavar="ID")],
    step: Annotated[
        str, typer.Argument(metavar="[STEP]", help="accept, decline, start, complete, break_off sau cancel.")
    ] = "",
    reason: Annotated[str, typer.Option(help="Motivul, la decline și break_off: no_places, not_eligible…")] = "",
    as_json: Json = False,
) -> None:
    """Arată o referire sau notează un pas al ei."""
    from referrals.commands import step_by_command
    from referrals.desk import open_desk

    _print_facts(step_by_command(open_desk(_home()), referral_id, step, reason=reason), as_json=as_json)


@app.command()
def account(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="invite, list, reset sau disable.")],
    login: Annotated[str, typer.Argument(metavar="[LOGIN]", help="Numele contului.")] = "",
    role: Annotated[str, typer.Option(help="team, county, national sau admin.")] = "team",
    place: Annotated[str, typer.Option(help="Comunitatea echipei: „Parincea, Bacău” sau SIRUTA.")] = "",
    county: Annotated[str, typer.Option(help="Județul unității județene: BC sau Bacău.")] = "",
    as_json: Json = False,
) -> None:
    """Conturi: invită, arată, resetează parola, închide."""
    from referrals.commands import account_by_command
    from referrals.desk import open_desk

    done = account_by_command(open_desk(_home()), action, login, role=role, place=place, county=county)
    if as_json:
        _print_json(done)
        return
    for facts in done:
        typer.echo(" · ".join(f"{name}: {value}" for name, value in facts.items() if value not in (None, "")))


def _print_facts(facts: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        _print_json(facts)
        return
    for name, value in facts.items():
        if value not in (None, ""):
            typer.echo(f"{name}: {value}")


@app.command()
def coverage(
    service: Annotated[str | None, typer.Option(help="Cod de tip de serviciu.")] = None,
    need: Annotated[str | None, typer.Option(help="Cod de nevoie sau cuvinte.")] = None,
    level: Annotated[str, typer.Option(help="locality, uat, county, region sau national.")] = "uat",
    within: Annotated[float, typer.Option(help="Pragul, în minute cu mașina.")] = 30.0,
    basis: Annotated[str, typer.Option(help="licensed, reported sau now (libere acum).")] = "now",
    county: Annotated[str | None, typer.Option(help="Numai județul acesta (litere sau nume).")] = None,
    out: Annotated[Path | None, typer.Option(help="Fișier .csv, .xlsx sau .gpkg.")] = None,
    as_json: Json = False,
) -> None:
    """Arată câți oameni ajung la un serviciu și câți rămân fără loc, pe un nivel al țării."""
    from referrals.desk import open_desk
    from reports.coverage_desk import ask, county_letters, coverage_json, coverage_lines, found_code
    from reports.coverage_files import write_coverage

    if (service is None) == (need is None):
        raise typer.BadParameter(_("spuneți ce căutați: --service COD sau --need NEVOIE, unul singur"))
    if out is None and not as_json:
        raise typer.BadParameter(_("spuneți unde se scrie: --out FIȘIER, sau --json"))
    home = _home()
    desk = open_desk(home)
    letters = county_letters(desk, county) if county else None
    done = _progress(_("Calculez acoperirea…"))
    try:
        found = ask(desk, found_code(service, need), reach_minutes=within, basis=basis)
        told = coverage_json(found, level, county=letters, is_demo=home.is_demo)
        count = (
            write_coverage(found, out, level=told["level"], home=home, made_on=_today(), county=letters) if out else 0
        )
    finally:
        done()
    if as_json:
        _print_json(told)
        return
    for line in coverage_lines(found, county=letters):
        typer.echo(line)
    said = ngettext("{n} rând, scris în {out}.", "{n} rânduri, scrise în {out}.", count)
    typer.echo(said.format(n=count, out=out))


@app.command()
def site(
    service: Annotated[str, typer.Option(help="Cod de tip de serviciu sau de nevoie.")],
    county: Annotated[str, typer.Option(help="Județul: litere sau nume.")],
    add: Annotated[int, typer.Option(min=0, help="Câte servicii noi se deschid.")] = 1,
    places: Annotated[int, typer.Option(min=1, help="Locuri la fiecare, sau în total cu --add 0.")] = 20,
    teams: Annotated[int, typer.Option(min=0, help="Echipe mobile în loc de servicii noi.")] = 0,
    within: Annotated[float, typer.Option(help="Pragul, în minute cu mașina.")] = 30.0,
    basis: Annotated[str, typer.Option(help="licensed, reported sau now (libere acum).")] = "now",
    worst_off_first: Annotated[
        bool, typer.Option("--worst-off-first", help="Întâi comunele cele mai marginalizate.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Fișier .csv sau .xlsx.")] = None,
    as_json: Json = False,
) -> None:
    """Caută unde se pun servicii sau locuri noi într-un județ, pentru cei care rămân fără loc."""
    from providers.siting_plan import plan
    from referrals.desk import open_desk
    from reports.coverage_desk import ask, county_letters, found_code, plan_json, plan_lines
    from reports.coverage_files import write_plan

    home = _home()
    desk = open_desk(home)
    letters = county_letters(desk, county)
    done = _progress(_("Caut cea mai bună alegere…"))
    try:
        found = plan(
            ask(desk, found_code(service, None), reach_minutes=within, basis=basis),
            letters,
            kind="team" if teams else ("sites" if add else "places"),
            sites=add,
            places=places,
            teams=max(teams, 1),
            worst_off_first=worst_off_first,
        )
        if out is not None:
            write_plan(found, out, made_on=_today(), is_demo=home.is_demo)
    finally:
        done()
    if as_json:
        _print_json(plan_json(found))
        return
    for line in plan_lines(found):
        typer.echo(line)
    if out is not None:
        typer.echo(_("Scris în {out}.").format(out=out))


def _today() -> date:
    return datetime.now(UTC).date()


@app.command()
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
    from referrals.desk import open_desk
    from referrals.facts import Actor
    from reports.writing import write_all, write_report

    if not month:
        raise typer.BadParameter(_("spuneți perioada: --month AAAA-LL"))
    if (out is None) == (everything is None):
        raise typer.BadParameter(_("spuneți unde se scrie: --out FIȘIER.pdf, sau --all DOSAR"))
    actor = Actor("admin", account="harta")
    done = _progress(_("Scriu rapoartele…"))
    try:
        if everything is not None:
            count = write_all(open_desk(_home()), month, everything, actor=actor, is_public=public)
            said = _("{count} fișiere scrise în {folder}.").format(count=count, folder=everything)
        elif out is not None:
            name = write_report(open_desk(_home()), level, id_, month, out, actor=actor, is_public=public)
            said = _("{name}: scris în {out}.").format(name=name, out=out)
    finally:
        done()
    typer.echo(said)


@app.command()
def trip(
    from_: Annotated[str, typer.Option("--from", help="De unde se pleacă: „Parincea, Bacău”.")],
    need: Annotated[list[str] | None, typer.Option(help="Cod de nevoie sau cuvinte (se repetă).")] = None,
    service: Annotated[list[str] | None, typer.Option(help="Cod de tip de serviciu (se poate repeta).")] = None,
    age: Annotated[int | None, typer.Option(min=0, max=130, help="Vârsta, în ani împliniți.")] = None,
    sex: Annotated[str | None, typer.Option(help="F sau M.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="Grup de beneficiari (se poate repeta).")] = None,
    home: Annotated[str | None, typer.Option(help="Domiciliul, dacă este altul decât locul.")] = None,
    mode: Annotated[str, typer.Option(help="car sau walk.")] = "car",
    max_minutes: Annotated[float | None, typer.Option(min=0, help="Cel mult atâtea minute până la serviciu.")] = None,
    only_confirmed: Annotated[bool, typer.Option("--only-confirmed", help="Numai locuri confirmate.")] = False,
    as_json: Json = False,
) -> None:
    """Alege pentru două până la cinci nevoi un singur drum, cel mai scurt, și îl compară cu drumurile separate."""
    from providers import trips
    from providers.asking import parse_query
    from providers.trip_text import plan_lines
    from referrals.desk import open_desk

    desk = open_desk(_home())
    query = parse_query(
        desk.gazetteer,
        place=from_,
        services=tuple(service or ()),
        needs=tuple(need or ()),
        home=home,
        age=age,
        sex=sex,
        groups=tuple(group or ()),
        mode=mode,
        max_minutes=max_minutes,
        only_confirmed=only_confirmed,
    )
    plans = trips.best_for(desk.catalogue(), query, desk.available())
    if as_json:
        _print_json([trips.as_json(plan) for plan in plans])
        return
    for number, plan in enumerate(plans):
        if number:
            typer.echo()
        for line in plan_lines(plan):
            typer.echo(line)


@app.command()
def slip(
    referral_id: Annotated[str, typer.Argument(metavar="REFERRAL_ID")],
    out: Annotated[Path | None, typer.Option(help="Fișier PDF; fără el, biletul se scrie ca text.")] = None,
    base: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Adresa aplicației (https://…), pentru codul de pe bilet.")
    ] = "",
) -> None:
    """Scrie biletul de îndrumare al unei referiri: o pagină PDF, sau text."""
    from referrals.commands import referral_by_command
    from referrals.desk import open_desk
    from reports.slip import slip_lines
    from reports.slip_pdf import pdf

    desk = open_desk(_home())
    found = referral_by_command(desk, referral_id)
    if out is None:
        for line in slip_lines(desk, found):
            typer.echo(line)
        return
    out.write_bytes(pdf(desk, found, base=base))
    typer.echo(_("Scris în {out}.").format(out=out))


@app.command()
def pack(
    county: Annotated[str, typer.Option(help="Județul: nume sau litere, de exemplu BC.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Dosarul în care se scriu fișierele.")],
) -> None:
    """Scrie pachetul unui județ: toate serviciile lui, un PDF și un fișier HTML care merge fără internet."""
    from referrals.desk import open_desk
    from reports import county_pack_html, county_pack_pdf
    from reports.county_pack import gather

    done = _progress(_("Adun serviciile județului…"))
    try:
        gathered = gather(open_desk(_home()), county)
        out.mkdir(parents=True, exist_ok=True)
        name = f"servicii-{gathered.county}-{gathered.made_on.isoformat()}"
        (out / f"{name}.html").write_text(county_pack_html.page_of(gathered), encoding="utf-8")
        (out / f"{name}.pdf").write_bytes(county_pack_pdf.pages_of(gathered))
    finally:
        done()
    counted = ngettext("{n} serviciu", "{n} servicii", gathered.services).format(n=gathered.services)
    typer.echo(
        _("{counted}, scrise în {html} și {pdf}.").format(
            counted=counted, html=out / f"{name}.html", pdf=out / f"{name}.pdf"
        )
    )


@app.command()
def guide(out: Annotated[Path, typer.Option(help="Fișierul PDF în care se scrie ghidul.")]) -> None:
    """Scrie ghidul de două pagini pentru un membru nou al echipei."""
    from reports.guide import pdf

    out.write_bytes(pdf())
    typer.echo(_("Scris în {out}.").format(out=out))


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8501,
    host: Annotated[str, typer.Option(help="Adresa pe care ascultă; implicit numai acest calculator.")] = "127.0.0.1",
) -> None:
    """Pornește aplicația în browser, pe acest calculator."""
    import app as web

    _home()
    web.run(host=host, port=port)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Verifică dosarul de lucru: ediții, bază de date, jurnal."""
    from referrals.checkup import examine

    report = examine(_home())
    if as_json:
        _print_json(report.as_json())
    else:
        for line in report.lines():
            typer.echo(line)
    if not report.is_sound:
        raise SystemExit(1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(_("„{text}” nu este o zi de forma AAAA-LL-ZZ").format(text=text)) from None


if __name__ == "__main__":
    main()
