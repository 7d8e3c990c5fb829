"""Campaigns that ask providers for their places, and messages on their way out."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.console import open_home, operator, print_facts, print_json, print_lines
from commands.options import Json
from core.i18n import _

if TYPE_CHECKING:
    from pandas import DataFrame

    from referrals.workflow.directory import Directory

_HIGHEST_NUMBER = 2**63 - 1  # of a row, for a database
Channel = Annotated[
    str | None, typer.Option(help="La configure: off, file (un dosar cu fișiere .eml, de probă) sau smtp.")
]


def outbox(
    action: Annotated[str, typer.Argument(metavar="list|send|retry|configure")] = "list",
    number: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="[MESAJ]...", min=1, max=_HIGHEST_NUMBER, help="La retry: numerele; fără ele, toate cele rămase."
        ),
    ] = None,
    state: Annotated[
        list[str] | None, typer.Option(help="La list: waiting, sent, failed, dead sau skipped (se poate repeta).")
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="La send: și în orele de liniște.")] = False,
    channel: Channel = None,
    address: Annotated[str | None, typer.Option(help="Adresa aplicației: https://harta.example.ro.")] = None,
    sender: Annotated[str | None, typer.Option(help="Adresa de e-mail de la care pleacă mesajele.")] = None,
    host: Annotated[str | None, typer.Option(help="Serverul de e-mail.")] = None,
    port: Annotated[int | None, typer.Option(help="Portul lui.")] = None,
    security: Annotated[str | None, typer.Option(help="starttls, tls, sau none (numai pe acest calculator).")] = None,
    user: Annotated[str | None, typer.Option(help="Contul; parola se dă prin HARTA_SMTP_PASSWORD.")] = None,
    quiet_from: Annotated[int | None, typer.Option(help="Ora de la care nu se trimite.")] = None,
    quiet_until: Annotated[int | None, typer.Option(help="Ora până la care nu se trimite.")] = None,
    sms_url: Annotated[
        str | None,
        typer.Option(
            help="Serviciul de SMS, oprit de la început: https://…; {to}, {text}, {id}, {secret} se înlocuiesc."
        ),
    ] = None,
    sms_body: Annotated[
        str | None, typer.Option(help="Corpul cererii, JSON sau formular; fără el se trimite prin GET.")
    ] = None,
    sms_header: Annotated[
        str | None,
        typer.Option(help="Un antet: „Authorization: Bearer {secret}”; secretul se dă prin HARTA_SMS_SECRET."),
    ] = None,
    sms_private: Annotated[
        bool | None,
        typer.Option("--sms-private/--no-sms-private", help="Serviciul de SMS poate fi într-o rețea privată."),
    ] = None,
    webhooks_private: Annotated[
        bool | None,
        typer.Option("--webhooks-private/--no-webhooks-private", help="Programele anunțate pot fi în rețeaua proprie."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Mesajele către furnizori, echipe și județe: ce așteaptă, trimiterea, reluarea, setările. Oprite de la început."""
    changes = {
        "channel": channel, "public_address": address.rstrip("/") if address else address, "sender": sender,
        "host": host, "port": port, "security": security, "user": user, "quiet_from": quiet_from,
        "quiet_until": quiet_until, "text_url": sms_url, "text_body": sms_body, "text_header": sms_header,
        "text_may_be_private": sms_private, "webhooks_may_be_private": webhooks_private,
    }  # fmt: skip
    given = {name: value for name, value in changes.items() if value is not None}
    if given and action != "configure":
        raise typer.BadParameter(_("setările se spun la „harta outbox configure”"))
    match action:
        case "list":
            _list(state or [], as_json=as_json)
        case "send":
            _send(in_quiet_hours=now, as_json=as_json)
        case "retry":
            _retry(number or [], as_json=as_json)
        case "configure":
            _configure(given, as_json=as_json)
        case _:
            raise typer.BadParameter(_("se poate: list, send, retry sau configure"))


def _list(states: list[str], *, as_json: bool) -> None:
    from referrals.delivery.outbox_listing import list_outbox
    from referrals.ledger.ledger import open_ledger

    with closing(open_ledger(open_home(require="ledger"))) as ledger:
        found = list_outbox(ledger, actor=operator(), states=states)
    if as_json:
        print_json(found)
        return
    print_lines(f"{state}: {count}" for state, count in found["counts"].items())
    print_lines(
        " · ".join(str(value) for value in one.values() if value not in (None, "")) for one in found["messages"]
    )


def _send(*, in_quiet_hours: bool, as_json: bool) -> None:
    from core.errors import BadValueError
    from core.storage.message_settings import read_message_settings
    from referrals.delivery.message_timer import deliver_once
    from referrals.workflow.directory import open_directory

    home = open_home()
    if not read_message_settings(home).is_on:
        raise BadValueError(_("Mesajele sunt oprite. Porniți-le cu „harta outbox configure --channel smtp …”."))
    report = deliver_once(home, open_directory(home), in_quiet_hours=in_quiet_hours)
    print_facts(report.as_json(), as_json=as_json)


def _retry(numbers: list[int], *, as_json: bool) -> None:
    from referrals.delivery.outbox_listing import retry_messages
    from referrals.ledger.ledger import open_ledger

    with closing(open_ledger(open_home(require="ledger"))) as ledger:
        done = retry_messages(ledger, actor=operator(), numbers=numbers)
    print_facts({"retried": done}, as_json=as_json)


def _configure(changes: dict[str, Any], *, as_json: bool) -> None:
    from core.storage.message_settings import change_message_settings, read_message_settings

    home = open_home(require="ledger")
    message_settings = change_message_settings(home, **changes) if changes else read_message_settings(home)
    print_facts(message_settings.as_json(), as_json=as_json)


def campaign(
    action: Annotated[str, typer.Argument(metavar="start|status|remind|stop|share|upload")] = "status",
    number: Annotated[
        str,
        typer.Argument(metavar="[CAMPANIE]", help="Numărul ei, K-…; fără el, la status: toate; la upload: fișierul."),
    ] = "",
    county: Annotated[str, typer.Option(help="Județul, la start și status: BC sau Bacău.")] = "",
    type_: Annotated[
        list[str] | None, typer.Option("--type", help="Codul tipului de serviciu (se poate repeta); fără el, toate.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="La status: lista, cu linkuri (CSV), sau de tipărit, cu coduri QR (PDF); la share: CSV."),
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=104, help="La share: câte săptămâni înapoi.")] = 8,
    yes: Annotated[
        bool, typer.Option("--yes", help="La upload: salvează; fără el arată numai ce s-a înțeles.")
    ] = False,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="TITLU=CÂMP", help="La upload: service, free, most sau day (se poate repeta)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Cere furnizorilor locurile: prin mesaje cu linkuri, pe o listă de tipărit sau de sunat; cine a răspuns."""
    from referrals.workflow.directory import open_directory

    directory = open_directory(open_home())
    if action == "start":
        _start(directory, county, type_ or [], as_json=as_json)
    elif action == "status":
        _status(directory, number, county, out, as_json=as_json)
    elif action == "share":
        _share(directory, county, weeks, out, as_json=as_json)
    elif action == "upload":
        _upload(directory, Path(number), map_ or [], is_sure=yes, as_json=as_json)
    elif action in ("remind", "stop"):
        _go_on(directory, action, number, as_json=as_json)
    else:
        raise typer.BadParameter(_("se poate: start, status, remind, stop, share sau upload"))


def _start(directory: Directory, county: str, service_types: list[str], *, as_json: bool) -> None:
    from referrals.campaigns.campaign_steps import start

    letters = directory.gazetteer.county_code(county)
    if letters is None:
        raise typer.BadParameter(_("spuneți județul: --county BC"))
    made, asked = start(directory, county=letters, service_types=service_types, actor=operator())
    print_facts({"campaign": made.campaign_id, "county": letters, "providers": asked}, as_json=as_json)


def _status(directory: Directory, number: str, county: str, out: Path | None, *, as_json: bool) -> None:
    from referrals.campaigns.campaign_status import campaign_table, list_campaigns

    if not number:
        letters = directory.gazetteer.county_code(county) or "" if county else ""
        found = [
            {"campaign": each.campaign_id, "county": each.county, "types": each.service_types,
             "started_at": each.started_at.isoformat(),
             "stopped_at": each.stopped_at.isoformat() if each.stopped_at else None}
            for each in list_campaigns(directory.ledger, actor=operator(), county=letters)
        ]  # fmt: skip
        if as_json:
            print_json(found)
        else:
            print_lines(" · ".join(str(value) for value in one.values() if value) for one in found)
        return
    table = campaign_table(directory, number, actor=operator())
    if out is not None:
        _write_list(directory, table, number, out)
    facts = {
        "campaign": number,
        "providers": len(table),
        "answered": int((table["answered"] >= table["asked"]).sum()),
        "services": int(table["asked"].sum()),
        "services_answered": int(table["answered"].sum()),
        "to_call": int(((table["answered"] < table["asked"]) & (table["channel"] != "message")).sum()),
    }
    print_facts(facts, as_json=as_json)


def _write_list(directory: Directory, table: DataFrame, number: str, out: Path) -> None:
    """Write a campaign's list, by the ending of the file: all of it as CSV, whom to call as a PDF with codes."""
    from core.errors import BadValueError
    from core.exporting import write_csv
    from core.storage.message_settings import read_message_settings
    from referrals.campaigns.campaign_steps import campaign_of
    from reports.campaigns.campaign_list_pdf import campaign_list_pdf

    address = read_message_settings(directory.home).public_address
    if out.suffix.casefold() != ".pdf":
        write_csv(table.assign(link=address + table["link"]), out)
        return
    if not address:
        raise BadValueError(_("Codurile au nevoie de adresa aplicației: „harta outbox configure --address https://…”."))
    made = campaign_of(directory.ledger, number, actor=operator(), action="campaign.status")
    county = directory.snapshot().catalogue.county_names[made.county]
    made_on = directory.ledger.today()
    is_demo = directory.home.is_demo
    out.write_bytes(campaign_list_pdf(table, public_address=address, county=county, made_on=made_on, is_demo=is_demo))


def _share(directory: Directory, county: str, weeks: int, out: Path | None, *, as_json: bool) -> None:
    """Show which part of the services had a fresh place at the end of each week."""
    from datetime import timedelta

    from core.exporting import write_csv
    from referrals.campaigns.fresh_share import fresh_share_table

    letters = directory.gazetteer.county_code(county) or "" if county else ""
    now = directory.ledger.clock()
    moments = [now - timedelta(weeks=back) for back in reversed(range(weeks))]
    table = fresh_share_table(directory, moments, actor=operator(), county=letters)
    if out is not None:
        write_csv(table, out)
    if as_json:
        print_json(table.assign(moment=[at.isoformat() for at in table["moment"]]).to_dict("records"))
        return
    total = table.groupby("moment")[["services", "fresh"]].sum()
    for at, row in total.iterrows():
        typer.echo(f"{at:%Y-%m-%d}: {row['fresh']} / {row['services']}")


def _upload(directory: Directory, file: Path, maps: list[str], *, is_sure: bool, as_json: bool) -> None:
    """Read places of many services from a file; store them only where that is said."""
    from referrals.campaigns.places_file import read_places, reportable_services, store_places

    titles = dict(each.rpartition("=")[::2] for each in maps)
    known = reportable_services(directory, actor=operator())
    rows = read_places(file, known, now=directory.ledger.clock(), titles=titles)
    done = store_places(directory, rows, actor=operator()) if is_sure else 0
    if not as_json:
        print_lines(f"{row.service_id} · {row.name} · {row.free}" for row in rows)
    print_facts({"services": len(rows), "stored": done}, as_json=as_json)


def _go_on(directory: Directory, action: str, number: str, *, as_json: bool) -> None:
    from referrals.campaigns.campaign_steps import remind, stop

    if not number:
        raise typer.BadParameter(_("spuneți numărul campaniei, K-…"))
    if action == "remind":
        print_facts({"reminded": remind(directory.ledger, number, actor=operator())}, as_json=as_json)
    else:
        made = stop(directory.ledger, number, actor=operator())
        print_facts({"campaign": made.campaign_id, "stopped_at": str(made.stopped_at)}, as_json=as_json)
