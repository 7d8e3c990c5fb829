"""The work of a case: free places, referrals and their steps, accounts."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from commands.console import open_home, operator, operator_account, print_facts, print_json, print_lines
from commands.options import Json, ServiceIdArgument
from core.i18n import _


def capacity(
    service_id: ServiceIdArgument,
    free: Annotated[int | None, typer.Option(min=0, help="Locuri libere acum.")] = None,
    maximum: Annotated[int | None, typer.Option("--max", min=0, help="Locuri în total.")] = None,
    status_: Annotated[
        str | None, typer.Option("--status", help="free, full, waitlist, assess, open, unknown.")
    ] = None,
    no_answer: Annotated[
        bool, typer.Option("--no-answer", help="Ați sunat și nu a răspuns nimeni: se notează, locurile rămân.")
    ] = False,
    wrong_number: Annotated[bool, typer.Option("--wrong-number", help="Ați sunat: numărul este greșit.")] = False,
    as_json: Json = False,
) -> None:
    """Notează câte locuri libere are un serviciu, sau arată ce se știe."""
    from referrals.workflow import field_intake
    from referrals.workflow.directory import open_directory

    if (no_answer or wrong_number) and not (no_answer and wrong_number) and (free, maximum, status_) == (None,) * 3:
        outcome = field_intake.NO_ANSWER if no_answer else field_intake.WRONG_NUMBER
        text = field_intake.note_call(open_directory(open_home()), service_id, outcome=outcome, actor=operator()).words
        print_facts({"service_id": service_id, "noted": outcome, "words": text}, as_json=as_json)
        return
    if no_answer or wrong_number:
        raise typer.BadParameter(_("--no-answer și --wrong-number se spun singure, fără locuri"))
    if maximum is not None and free is None and status_ is None:
        raise typer.BadParameter(_("spuneți și câte locuri sunt libere (--free) sau starea (--status)"))
    directory = open_directory(open_home())
    if free is None and status_ is None:
        facts = directory.capacity_of(service_id)
    else:
        facts = directory.note_capacity(
            service_id,
            actor=operator(),
            source="command_line",
            free=free,
            maximum=maximum,
            status=status_,
        )
    if as_json:
        print_json(facts)
    else:
        print_lines(f"{name}: {'–' if value is None else value}" for name, value in facts.items())


def refer(
    service_id: ServiceIdArgument,
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
    from referrals.workflow.directory import open_directory
    from referrals.workflow.terminal import in_local_time, refer_by_command

    # Never an argument: arguments stay in the history of the shell and in the list of processes.
    case_ref = "" if sys.stdin.isatty() else sys.stdin.readline()
    done = refer_by_command(
        open_directory(open_home()),
        service_id,
        place=from_,
        need=need,
        case_ref=case_ref,
        has_consented=consent,
        basis=basis,
        replaces=replaces,
        second_place=second_place,
        key=key,
        account=operator_account(),
    )
    print_facts(done if as_json else in_local_time(done), as_json=as_json)


def unmet(
    from_: Annotated[str, typer.Option("--from", help="Unde locuiește persoana: „Parincea, Bacău”.")],
    need: Annotated[str, typer.Option(help="Nevoia pentru care nimeni nu are loc: cod sau cuvinte.")],
    key: Annotated[str, typer.Option(help="Cheie: aceeași comandă repetată nu numără de două ori.")] = "",
    as_json: Json = False,
) -> None:
    """Notează o nevoie pentru care nu s-a găsit loc: se numără nevoia, locul și ziua, nimic despre persoană."""
    from referrals.workflow.directory import open_directory
    from referrals.workflow.terminal import record_unmet_by_command

    done = record_unmet_by_command(
        open_directory(open_home()), place=from_, need=need, key=key, account=operator_account()
    )
    print_facts(done, as_json=as_json)


def referral(
    referral_id: Annotated[str, typer.Argument(metavar="ID")],
    step: Annotated[
        str, typer.Argument(metavar="[STEP]", help="accept, examine, decline, start, complete, break_off sau cancel.")
    ] = "",
    reason: Annotated[str, typer.Option(help="Motivul, la decline și break_off: no_places, not_eligible…")] = "",
    as_json: Json = False,
) -> None:
    """Arată o referire sau notează un pas al ei."""
    from referrals.workflow.directory import open_directory
    from referrals.workflow.terminal import in_local_time, step_by_command

    facts = step_by_command(open_directory(open_home()), referral_id, step, reason=reason, account=operator_account())
    print_facts(facts if as_json else in_local_time(facts), as_json=as_json)


def account(
    action: Annotated[
        str, typer.Argument(metavar="ACTION", help="invite, list, reset, disable, email, profession sau end-sessions.")
    ],
    login: Annotated[str, typer.Argument(metavar="[LOGIN]", help="Numele contului.")] = "",
    role: Annotated[str, typer.Option(help="team, county, national sau admin.")] = "team",
    place: Annotated[str, typer.Option(help="Comunitatea echipei: „Parincea, Bacău” sau SIRUTA.")] = "",
    county: Annotated[str, typer.Option(help="Județul unității județene: BC sau Bacău.")] = "",
    email: Annotated[
        str, typer.Option(help="Unde primește contul mesaje; gol: la numele lui, dacă este o adresă.")
    ] = "",
    profession: Annotated[
        str, typer.Option(help="Profesia în echipă: social, medical sau educational (la „profession”).")
    ] = "",
    as_json: Json = False,
) -> None:
    """Conturi: invită, arată, resetează parola, închide, spune adresa de mesaje, încheie sesiunile de pe un telefon."""
    from referrals.workflow.directory import open_directory
    from referrals.workflow.terminal import account_by_command

    done = account_by_command(
        open_directory(open_home()),
        action,
        login,
        role=role,
        place=place,
        county=county,
        email=email,
        profession=profession,
        actor=operator(),
    )
    if as_json:
        print_json(done)
        return
    for facts in done:
        typer.echo(" · ".join(f"{name}: {value}" for name, value in facts.items() if value not in (None, "")))
