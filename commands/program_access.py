"""Other programs: their tokens, and the addresses at which they are told of what happens."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from commands.console import open_home, operator, print_json, print_lines
from commands.options import Json
from core.i18n import _

if TYPE_CHECKING:
    from referrals.interchange.api_tokens import ApiToken
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Role
    from referrals.webhooks.subscriptions import Webhook


def token(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="create, list sau revoke.")],
    token_id: Annotated[str, typer.Argument(metavar="[ID]", help="Numărul cheii, la revoke: T-XXXXXXXX.")] = "",
    name: Annotated[str, typer.Option(help="Ce program primește cheia.")] = "",
    role: Annotated[str, typer.Option(help="team, county, national sau provider.")] = "national",
    place: Annotated[str, typer.Option(help="Comunitatea echipei: „Parincea, Bacău” sau SIRUTA.")] = "",
    county: Annotated[str, typer.Option(help="Județul unității județene: BC sau Bacău.")] = "",
    service: Annotated[
        list[str] | None, typer.Option(metavar="SERVICE_ID", help="Serviciul furnizorului (se poate repeta).")
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(help="Ce poate cere: read, nearest, figures, report, refer, answer, webhook (se poate repeta)."),
    ] = None,
    days: Annotated[int, typer.Option(help="Câte zile este valabilă, cel mult un an.")] = 90,
    replaces: Annotated[
        str,
        typer.Option(metavar="ID", help="Cheia în locul căreia vine, cu aceleași drepturi; cea veche mai ține 7 zile."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Chei pentru alte programe: face, arată, retrage. Secretul se arată o singură dată."""
    from referrals.interchange import api_tokens
    from referrals.ledger.ledger import open_ledger
    from referrals.workflow.directory import open_directory
    from referrals.workflow.terminal import area_of_role

    home = open_home()
    if action == "create" and not replaces:
        directory = open_directory(home)
        letters, uat = area_of_role(directory, role, place, county)
        services = [str(directory.snapshot().catalogue.service(each)["service_id"]) for each in service or ()]
        made = api_tokens.create_token(
            directory.ledger,
            name,
            role=cast("Role", role),
            county=letters,
            uat_siruta=uat,
            services=services,
            scopes=scope or (),
            days=days,
            actor=operator(),
        )
        _show(made, as_json=as_json)
        return
    with closing(open_ledger(home)) as ledger:
        match action:
            case "create":
                _show(api_tokens.replace_token(ledger, replaces, days=days, actor=operator()), as_json=as_json)
            case "list":
                _list(ledger, as_json=as_json)
            case "revoke":
                if not token_id:
                    raise typer.BadParameter(_("spuneți numărul cheii: harta token revoke T-XXXXXXXX"))
                gone = api_tokens.revoke_token(ledger, token_id, actor=operator())
                if as_json:
                    print_json(_facts(gone, ledger.clock()))
                else:
                    typer.echo(_("Cheia {id} este retrasă: nu mai deschide nimic.").format(id=gone.token_id))
            case _:
                raise typer.BadParameter(_("se poate: create, list sau revoke"))


def _show(made: tuple[ApiToken, str], *, as_json: bool) -> None:
    found, secret = made
    if as_json:
        print_json({**_facts(found, found.made_at), "secret": secret})
        return
    ends = found.expires_at.date().isoformat()
    print_lines(
        [
            _("Cheia {id} este făcută, valabilă până la {day}.").format(id=found.token_id, day=ends),
            secret,
            _("Păstrați secretul acum: nu se mai arată. Programul îl trimite așa: Authorization: Bearer …"),
        ]
    )


def _list(ledger: Ledger, *, as_json: bool) -> None:
    from referrals.interchange.api_tokens import list_tokens

    now = ledger.clock()
    lines = [_facts(each, now) for each in list_tokens(ledger, actor=operator())]
    if as_json:
        print_json(lines)
        return
    print_lines(
        "  ".join(
            filter(
                None,
                (
                    line["token_id"],
                    line["state"],
                    line["expires_at"][:10],
                    line["role"],
                    line["county"],
                    " ".join(line["scopes"]),
                    line["name"],
                ),
            )
        )
        for line in lines
    )
    if not lines:
        typer.echo(_("Nu este nicio cheie. Se face cu „harta token create”."))


def _facts(found: ApiToken, now: datetime) -> dict[str, Any]:
    state = "revoked" if found.revoked_at else "valid" if found.is_valid(now) else "expired"
    return {
        "token_id": found.token_id,
        "name": found.name,
        "state": state,
        "role": found.role,
        "county": found.county,
        "uat_siruta": found.uat_siruta,
        "services": list(found.services),
        "scopes": list(found.scopes),
        "made_at": found.made_at.astimezone(UTC).isoformat(),
        "expires_at": found.expires_at.astimezone(UTC).isoformat(),
        "used_on": found.used_on or None,
    }


def webhooks(
    action: Annotated[str, typer.Argument(metavar="list|add|pause|resume|ping|rotate|retry|remove")] = "list",
    number: Annotated[
        str, typer.Argument(metavar="[ID]", help="Numărul abonamentului, W-XXXXXXXX; la add, cheia: T-XXXXXXXX.")
    ] = "",
    address: Annotated[str, typer.Option(help="La add: unde se anunță, https://program.example.ro/primeste.")] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help="La add: despre ce, services sau referrals (se poate repeta).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Programe anunțate de ce se întâmplă (webhooks): adresele lor, proba, secretele, ce nu au primit."""
    from core.storage.message_settings import read_message_settings
    from referrals.ledger.ledger import open_ledger
    from referrals.webhooks import subscriptions

    home = open_home(require="ledger")
    if action not in ("list", "add", "pause", "resume", "ping", "rotate", "retry", "remove"):
        raise typer.BadParameter(_("se poate: list, add, pause, resume, ping, rotate, retry sau remove"))
    if action != "list" and not number:
        raise typer.BadParameter(_("spuneți numărul: W-XXXXXXXX, iar la add cheia, T-XXXXXXXX"))
    if action == "ping":
        _ping(number, as_json=as_json)
        return
    secret = ""
    with closing(open_ledger(home)) as ledger:
        who = operator()
        may_be_private = read_message_settings(home).webhooks_may_be_private
        found: list[Webhook] = []
        match action:
            case "list":
                found = subscriptions.list_webhooks(ledger, actor=who)
            case "add":
                made, secret = subscriptions.make_webhook(
                    ledger, number, address, kind or (), actor=who, may_be_private=may_be_private
                )
                found = [made]
            case "rotate":
                made, secret = subscriptions.rotate_secret(ledger, number, actor=who)
                found = [made]
            case "remove":
                found = [subscriptions.remove_webhook(ledger, number, actor=who)]
            case "retry":
                subscriptions.retry_dead(ledger, number, actor=who)
                found = [subscriptions.find_webhook(ledger, number, actor=who)]
            case _:
                found = [subscriptions.set_paused(ledger, number, action == "pause", actor=who)]
        facts = [
            {
                **each.as_json(),
                "token_id": each.token_id,
                **({} if action == "remove" else subscriptions.count_owed(ledger, each.webhook_id, actor=who)),
                **({"secret": secret} if secret else {}),
            }
            for each in found
        ]
    if as_json:
        print_json(facts if action == "list" else facts[0])
        return
    _print_webhooks(facts, secret)


_COLUMNS = ("webhook_id", "state", "reason", "token_id", "last_result", "waiting", "dead", "address")


def _print_webhooks(facts: list[dict[str, Any]], secret: str) -> None:
    print_lines("  ".join(str(one[name]) for name in _COLUMNS if one.get(name)) for one in facts)
    if not facts:
        typer.echo(_("Niciun program nu este anunțat. Se face cu „harta webhooks add T-XXXXXXXX --address …”."))
    if secret:
        print_lines([secret, _("Păstrați secretul acum: nu se mai arată. Cu el programul verifică semnăturile.")])


def _ping(number: str, *, as_json: bool) -> None:
    from core.storage.message_settings import read_message_settings
    from referrals.webhooks.webhook_requests import is_taken, ping_webhook
    from referrals.workflow.directory import open_directory

    home = open_home()
    result = ping_webhook(open_directory(home), number, read_message_settings(home), actor=operator())
    if as_json:
        print_json({"result": result, "is_taken": is_taken(result)})
        return
    typer.echo(
        _("Programul a primit proba.")
        if is_taken(result)
        else _("Proba nu a fost primită: {result}.").format(result=result)
    )
