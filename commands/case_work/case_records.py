"""The case record at the command line: counted, listed; the telephones of the teams."""

from __future__ import annotations

import re
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.administration import erase
from commands.console import (
    Report,
    day_named,
    open_home,
    operator,
    operator_account,
    print_facts,
    print_json,
    print_lines,
    print_report,
    today,
)
from commands.options import Json
from core.i18n import _
from core.storage.home import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

County = Annotated[str, typer.Option(help="Județul: BC sau Bacău.")]
CommunityOption = Annotated[str, typer.Option(help="Comunitatea: „Parincea, Bacău” sau SIRUTA.")]


ACTIONS = (
    "status", "list", "agenda", "report", "amc", "needs", "diagnosis", "plan", "campaigns", "show", "export", "erase",
    "move",
)  # fmt: skip


def cases(
    action: Annotated[str, typer.Argument(metavar="|".join(ACTIONS))],
    case: Annotated[
        str, typer.Argument(metavar="[CAZ]", help="La show, erase și move: codul; fără el, de la intrarea standard.")
    ] = "",
    county: County = "",
    place: CommunityOption = "",
    state: Annotated[
        list[str] | None, typer.Option(help="La list: numai cazurile cu această stare (se poate repeta).")
    ] = None,
    month: Annotated[str, typer.Option(help="La report și amc: luna, AAAA-LL, sau lunile, AAAA-LL..AAAA-LL.")] = "",
    day: Annotated[str, typer.Option(help="La campaigns: ziua totalurilor, AAAA-LL-ZZ; fără ea, astăzi.")] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="La export: dosarul în care se scriu fișierele; la amc și plan: fișierul XLSX."),
    ] = None,
    reason: Annotated[
        str, typer.Option(help="La show, list, agenda și export: de ce se deschid cazurile; rămâne scris, echipa vede.")
    ] = "",
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="La plan: foaia (XLSX, CSV) care devine ciorna comunității."),
    ] = None,
    year: Annotated[int, typer.Option(help="La plan --from: anul planului; fără el, anul acesta.")] = 0,
    yes: Annotated[bool, typer.Option("--yes", help="La erase: nu mai întreba înainte.")] = False,
    as_json: Json = False,
) -> None:
    """Dosarele de caz: câte și care sunt, cifrele lunii, unul anume cu un motiv, fișiere, ștergere, mutare."""
    from referrals.ledger.ledger import open_ledger

    report: Report
    if action not in ACTIONS:
        raise typer.BadParameter(_("scrieți: {known}").format(known=", ".join(ACTIONS)))
    if action == "erase":
        erase(case, yes, as_json)
        return
    if (source is not None or year) and action != "plan":
        raise typer.BadParameter(_("--from și --year sunt numai pentru plan"))
    home = open_home()
    letters, uat = area_named(home, county, place)
    with closing(open_ledger(home)) as ledger:
        match action:
            case "status" | "list" | "needs" | "diagnosis" | "agenda":
                report = _read(ledger, action, letters, uat, state or (), reason)
            case "plan" if source is not None:
                from commands.case_work.community_plans import bring_plan

                report = bring_plan(ledger, source, year, letters, uat)
            case "plan":
                from commands.case_work.community_plans import say_plans

                say_plans(home, ledger, letters, uat, county_unit(letters) if letters else None, out, as_json=as_json)
                return
            case "campaigns":
                from cases.figures.field_campaigns import campaign_totals

                on = day_named(day).isoformat() if day else ""
                report = campaign_totals(ledger, actor=operator(), county=letters, uat_siruta=uat, day=on)
            case "report":
                _report(ledger, *months_named(month), letters, uat, as_json=as_json)
                return
            case "amc":
                _amc(home, ledger, *months_named(month), letters, uat, out, as_json=as_json)
                return
            case "export":
                _export(ledger, letters, uat, out, reason, as_json=as_json)
                return
            case "show":
                from cases.record.county_access import read_case, request_access

                code, actor = case or sys.stdin.readline(), county_unit(letters)
                request_access(ledger, code, reason, actor=actor)
                report = read_case(ledger, code, actor=actor, home=home)
            case _:
                from cases.record.county_access import confirm_move

                number = confirm_move(ledger, case or sys.stdin.readline(), actor=county_unit(letters))
                print_facts({"move_id": number, "state": "confirmed"}, as_json=as_json)
                return
    print_report(report, as_json=as_json)


def _read(ledger: Ledger, action: str, letters: str, uat: int | None, states: Sequence[str], reason: str) -> Report:
    """Return the cases of an area: counted, listed, what is needed, what they say of a community, its work."""
    from cases.figures.community_diagnosis import community_diagnosis
    from cases.figures.open_needs import open_needs
    from cases.record.case_listing import count_cases, list_cases
    from cases.record.team_agenda import agenda_of

    if action == "needs":
        return open_needs(ledger, actor=operator(), county=letters, uat_siruta=uat)
    if action == "status":
        # Of a county as its unit, which reads the counts as they are.
        actor = county_unit(letters) if letters else operator()
        return count_cases(ledger, actor=actor, county=letters, uat_siruta=uat)
    unit = county_unit(letters)
    if action == "list":
        return list_cases(ledger, actor=unit, county=letters, uat_siruta=uat, states=states, reason=reason)
    if uat is None:
        raise typer.BadParameter(_("spuneți comunitatea: --place"))
    if action == "agenda":
        return agenda_of(ledger, uat, letters, actor=unit, reason=reason)
    return community_diagnosis(ledger, uat, letters, actor=unit)


def _report(ledger: Ledger, first: str, last: str, letters: str, uat: int | None, *, as_json: bool) -> None:
    """Say the figures of months; of one month also where a monthly report says another number than the cases."""
    from cases.figures import figures_of
    from reports.views.monthly_counts import difference_lines, month_differences

    found = figures_of(ledger, first, last, actor=operator(), county=letters, uat_siruta=uat)
    differences = (
        month_differences(ledger, found, actor=operator(), county=letters, uat_siruta=uat) if first == last else []
    )
    if as_json:
        print_json({**found.as_json(), "differences": differences})
    else:
        print_lines([*found.lines(), *difference_lines(differences)])


def _amc(
    home: Home, ledger: Ledger, first: str, last: str, letters: str, uat: int | None, out: Path | None, *, as_json: bool
) -> None:
    """Say the indicators that are asked of community nurses, or write them as a workbook."""
    from reports.views.amc_workbook import amc_of_area, amc_workbook

    found = amc_of_area(home, ledger, first, last, actor=operator(), county=letters, uat_siruta=uat)
    if out is None:
        print_report(found, as_json=as_json)
        return
    area = str(uat) if uat is not None else letters or "România"
    write_atomically(out, amc_workbook(found, area=area, made_on=today(), is_demo=home.is_demo), is_private=True)
    print_facts({"file": str(out)}, as_json=as_json)


def _export(ledger: Ledger, letters: str, uat: int | None, out: Path | None, reason: str, *, as_json: bool) -> None:
    from cases.record.case_export import export_cases

    if out is None:
        raise typer.BadParameter(_("spuneți în ce dosar se scrie: --out DOSAR"))
    files = export_cases(ledger, out, actor=county_unit(letters), county=letters, uat_siruta=uat, reason=reason)
    if as_json:
        print_json({"files": [str(file) for file in files]})
    else:
        print_lines(str(file) for file in files)


def area_named(home: Home, county: str, place: str) -> tuple[str, int | None]:
    """Return letters and SIRUTA of what was typed of an area; "" and None where nothing was."""
    from geo.gazetteer.gazetteer import load_gazetteer

    if not county and not place:
        return "", None
    gazetteer = load_gazetteer(home)
    if place:
        where = gazetteer.resolve(place)
        return where.county, where.uat_siruta
    letters = gazetteer.county_code(county)
    if letters is None:
        raise typer.BadParameter(_("nu există județul „{county}”").format(county=county[:20]))
    return letters, None


def months_named(text: str) -> tuple[str, str]:
    """Return the first and the last month that were typed; last month where none was."""
    if not text:
        before = today().replace(day=1) - timedelta(days=1)
        return before.strftime("%Y-%m"), before.strftime("%Y-%m")
    first, _dots, last = text.partition("..")
    for month in (first, last or first):
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
            raise typer.BadParameter(_("„{text}” nu este o lună de forma AAAA-LL").format(text=text[:20]))
    if last and last < first:
        raise typer.BadParameter(_("„{text}”: luna din urmă este înaintea celei dintâi").format(text=text[:20]))
    return first, last or first


def county_unit(letters: str) -> Actor:
    """Return the county unit in whose name a command works on cases; the system's user stands in the audit log."""
    from referrals.records.vocabulary import Actor

    if not letters:
        raise typer.BadParameter(_("spuneți județul (--county) sau comunitatea (--place)"))
    return Actor("county", operator_account(), letters)


def devices(
    action: Annotated[str, typer.Argument(metavar="list|lost|revoke|allow")] = "list",
    device: Annotated[str, typer.Argument(metavar="[TELEFON]", help="Codul telefonului, D-XXXXX-XXXXX.")] = "",
    as_json: Json = False,
) -> None:
    """Telefoanele echipelor: care sunt, ce nu au trimis; un telefon pierdut se oprește."""
    from dataclasses import asdict

    from cases.record.field_devices import devices_of, shut_out
    from referrals.ledger.ledger import open_ledger

    states = {"lost": "lost", "revoke": "revoked", "allow": "active"}
    if action != "list" and (action not in states or not device):
        raise typer.BadParameter(_("scrieți: list, lost TELEFON, revoke TELEFON sau allow TELEFON"))
    with closing(open_ledger(open_home())) as ledger:
        if action in states:
            shut_out(ledger, device, states[action], actor=operator())
        found = devices_of(ledger, actor=operator())
    if as_json:
        print_json({"devices": [asdict(each) for each in found]})
        return
    if not found:
        print_lines([_("Niciun telefon nu a făcut încă schimb.")])
    for each in found:
        late = _("are lucru netrimis de mult") if each.is_late else ""
        items = (each.device_id, each.account, str(each.uat_siruta), each.state, each.last_seen, str(each.unsent), late)
        typer.echo(" · ".join(filter(None, items)))


def supervise(
    action: Annotated[str, typer.Argument(metavar="sample|note")],
    county: County = "",
    place: CommunityOption = "",
    month: Annotated[str, typer.Option(help="La sample: luna planurilor, AAAA-LL.")] = "",
    case: Annotated[str, typer.Option(help="La note: cazul; fără el, observația este a comunității.")] = "",
    remark: Annotated[str, typer.Option(help="La note: observația, fără date personale.")] = "",
    due: Annotated[str, typer.Option(help="La note: până când se cere ceva, AAAA-LL-ZZ.")] = "",
    as_json: Json = False,
) -> None:
    """Supervizarea: un eșantion de planuri și cazurile urgente ale lunii; observații pentru o echipă."""
    from cases.record.supervision import SupervisorRemark, hold_session, supervision_sample
    from referrals.ledger.ledger import open_ledger

    if action not in ("sample", "note"):
        raise typer.BadParameter(_("scrieți: sample sau note"))
    home = open_home()
    letters, uat = area_named(home, county, place)
    actor = county_unit(letters)
    with closing(open_ledger(home)) as ledger:
        if action == "sample":
            sample = supervision_sample(ledger, letters, months_named(month)[0], actor=actor)
            print_report(sample, as_json=as_json)
            return
        if uat is None:
            raise typer.BadParameter(_("spuneți județul (--county) sau comunitatea (--place)"))
        supervisor_remark = SupervisorRemark(
            uat, case.strip().upper(), remark, asks=bool(due), due_on=day_named(due).isoformat() if due else ""
        )
        kind = "case" if case else "team"
        number = hold_session(ledger, letters, today().isoformat(), kind, [supervisor_remark], actor=actor)
        print_facts({"supervision_id": number}, as_json=as_json)
