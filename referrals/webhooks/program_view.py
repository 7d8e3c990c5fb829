"""Programs in words, the same on both kinds of screens: keys, where they are told, what can be done with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from core.i18n import _, ngettext, number
from core.storage.message_settings import read_message_settings
from providers.rules.wording import iso_day
from referrals.interchange import api_tokens
from referrals.records.ledger_errors import BadTokenError
from referrals.records.vocabulary import Actor
from referrals.webhooks import subscriptions
from referrals.webhooks.webhook_requests import is_taken, ping_webhook
from referrals.workflow import role_words
from referrals.workflow.terminal import area_of_role
from referrals.workflow.worklist import moment_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from referrals.interchange.api_tokens import ApiToken
    from referrals.records.vocabulary import Role
    from referrals.webhooks.subscriptions import Webhook
    from referrals.workflow.directory import Directory


@dataclass(frozen=True)
class ProgramLine:
    """A key or a subscription.

    Attributes
    ----------
    number
        `T-…` or `W-…`.
    title
        Which program, or at which address.
    lines
        What is known of it.
    is_open
        Whether it opens or tells anything now.
    steps
        What can be done with it and taken back, by code and words.
    """

    number: str
    title: str
    lines: tuple[str, ...]
    is_open: bool
    steps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ProgramsShown:
    """All of them, the newest first. warning: what keeps subscriptions from being told; "" = nothing."""

    tokens: tuple[ProgramLine, ...]
    webhooks: tuple[ProgramLine, ...]
    warning: str


def show_programs(directory: Directory, *, actor: Actor) -> ProgramsShown:
    """Return the programs of a home in words.

    Parameters
    ----------
    directory
        Ledger, and names of areas.
    actor
        Who looks; NotAllowedError for whoever keeps no tokens.

    Returns
    -------
    ProgramsShown
        Without secrets.
    """
    ledger = directory.ledger
    now = ledger.clock()
    tokens = api_tokens.list_tokens(ledger, actor=actor)
    names = {each.token_id: each for each in tokens}
    hooks = subscriptions.list_webhooks(ledger, actor=actor)
    is_held = directory.home.is_demo and not read_message_settings(directory.home).webhooks_may_be_private
    return ProgramsShown(
        tuple(_token_line(directory, each, now) for each in tokens),
        tuple(_hook_line(directory, each, names.get(each.token_id), now, actor) for each in hooks),
        _("O demonstrație nu anunță niciun program.") if is_held and hooks else "",
    )


def _token_line(directory: Directory, each: ApiToken, now: datetime) -> ProgramLine:
    who = role_words.actor_words(Actor(each.role, "", each.county, each.uat_siruta), directory.gazetteer)
    if each.services:
        count = ngettext("{n} serviciu", "{n} servicii", len(each.services)).format(n=number(len(each.services)))
        who = f"{_('Furnizor')} · {count}"
    if each.revoked_at:
        state = _("Retrasă: {moment}").format(moment=moment_words(each.revoked_at))
    elif each.is_valid(now):
        state = _("Valabilă până la {day}").format(day=moment_words(each.expires_at))
    else:
        state = _("A expirat: {day}").format(day=moment_words(each.expires_at))
    used = _("Folosită ultima dată: {day}").format(day=iso_day(each.used_on)) if each.used_on else _("Nefolosită încă")
    lines = (f"{each.token_id} · {who}", ", ".join(scope_words(each.scopes)), f"{state} · {used}")
    return ProgramLine(each.token_id, each.name, lines, each.is_valid(now))


def _hook_line(directory: Directory, each: Webhook, token: ApiToken | None, now: datetime, actor: Actor) -> ProgramLine:
    owed = subscriptions.count_owed(directory.ledger, each.webhook_id, actor=actor)
    is_open = token is not None and token.is_valid(now)
    state = _("Pornit") if each.state == "active" else _pause_words(each.reason)
    if not is_open:
        state = _("Cheia lui nu mai este valabilă: nu i se trimite nimic.")
    name = token.name if token else each.token_id
    lines = [f"{each.webhook_id} · {name} ({each.token_id})", ", ".join(kind_words(each.kinds)), state]
    if each.last_result:
        lines.append(result_words(each.last_result))
    if each.delivered_at:
        lines.append(_("Ultimul anunț primit: {moment}").format(moment=moment_words(each.delivered_at)))
    if owed["waiting"] or owed["dead"]:
        words = _("De trimis din nou: {waiting}; la care s-a renunțat: {dead}.")
        lines.append(words.format(waiting=number(owed["waiting"]), dead=number(owed["dead"])))
    steps = [("pause", _("Opriți")) if each.state == "active" else ("resume", _("Porniți din nou"))]
    steps += [("ping", _("Trimiteți o probă")), ("rotate", _("Secret nou"))]
    if owed["waiting"] or owed["dead"]:
        steps.append(("retry", _("Trimiteți din nou ce nu a primit")))
    return ProgramLine(each.webhook_id, each.address, tuple(lines), is_open and each.state == "active", tuple(steps))


def sure_words(step: str) -> str:
    """Return in words what whoever ends a key (`revoke`) or a subscription (`remove`) has to know first."""
    known = {
        "revoke": _("Știu că o cheie retrasă nu mai deschide nimic și nu se mai poate întoarce"),
        "remove": _("Știu că un abonament șters nu se mai poate întoarce"),
    }
    return known[step]


def _pause_words(reason: str) -> str:
    return {
        "asked": _("Oprit la cerere"),
        "failing": _("Oprit: nu a primit nimic de mai multe zile"),
        "gone": _("Oprit: programul a spus că nu mai este acolo (410)"),
        "restored": _("Oprit: datele au fost restaurate dintr-o copie"),
    }.get(reason, _("Oprit"))


def result_words(result: str) -> str:
    """Return in words how the last try ended."""
    if is_taken(result):
        return _("Ultima încercare: primit ({status}).").format(status=result)
    known = {"away": _("nu răspunde nimeni"), "refused": _("adresa nu are voie să fie anunțată de aici")}
    return _("Ultima încercare: {what}.").format(what=known.get(result) or _("răspuns {status}").format(status=result))


def scope_words(scopes: Iterable[str] = tuple(api_tokens.SCOPES)) -> list[str]:
    """Return in words what some scopes open."""
    known = {
        "read": _("citește serviciile și locurile"),
        "nearest": _("caută cele mai apropiate servicii"),
        "figures": _("citește acoperirea și indicatorii"),
        "report": _("raportează locuri libere"),
        "refer": _("face referiri"),
        "answer": _("răspunde la referiri"),
        "webhook": _("este anunțat de ce se întâmplă"),
    }
    return [known[scope] for scope in scopes]


def kind_words(kinds: Iterable[str] = tuple(subscriptions.KINDS)) -> list[str]:
    """Say of what a subscription tells."""
    known = {"services": _("servicii și locurile lor"), "referrals": _("referiri din zona cheii")}
    return [known[kind] for kind in kinds]


def role_choices() -> dict[str, str]:
    """Return as whom a key may act, by role."""
    return {
        "national": _("Nivel național"),
        "county": _("Unitate județeană"),
        "team": _("Echipă comunitară"),
        "provider": _("Furnizor, pentru serviciile lui"),
    }


def make_token(
    directory: Directory,
    name: str,
    *,
    role: str,
    place: str,
    county: str,
    services: str,
    scopes: Iterable[str],
    days: str,
    actor: Actor,
) -> tuple[ApiToken, str]:
    """Make a key of what was typed.

    Parameters
    ----------
    directory
        Ledger, names of places and services.
    name
        Which program.
    role, place, county
        As whom, and where: a community's name or SIRUTA, letters of a county.
    services
        Ids of a provider's services, with spaces or commas between.
    scopes
        What it may ask for.
    days
        How long, as it was typed.
    actor
        Who makes it.

    Returns
    -------
    tuple of ApiToken and str
        The key and its secret, to be shown once.

    Raises
    ------
    BadTokenError, UnknownCodeError
        For what does not fit.
    """
    if role not in role_choices():
        raise BadTokenError(_("Alegeți rolul cheii."))
    if role == "county" and not county:
        raise BadTokenError(_("Alegeți județul."))
    if role == "team" and not place:
        raise BadTokenError(_("Spuneți comunitatea echipei, de exemplu: Parincea, Bacău."))
    letters, uat = area_of_role(directory, role, place, county) if role in ("team", "county") else ("", None)
    catalogue = directory.snapshot().catalogue
    wanted = services.replace(",", " ").split() if role == "provider" else []
    return api_tokens.create_token(
        directory.ledger,
        name,
        role=cast("Role", role),
        county=letters,
        uat_siruta=uat,
        services=[str(catalogue.service(each)["service_id"]) for each in wanted],
        scopes=scopes,
        days=_days(days),
        actor=actor,
    )


def change_token(directory: Directory, token_id: str, *, days: str, actor: Actor) -> tuple[ApiToken, str]:
    """Make a key that takes the place of another; raises UnknownTokenError, BadTokenError."""
    return api_tokens.replace_token(directory.ledger, token_id, days=_days(days), actor=actor)


def _days(typed: str) -> int:
    text = typed.strip() or str(api_tokens.USUAL_DAYS)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(api_tokens.LONGEST_DAYS)) else 0


def subscribe(
    directory: Directory, token_id: str, address: str, kinds: Iterable[str], *, actor: Actor
) -> tuple[Webhook, str]:
    """Subscribe a program; raises BadWebhookError, UnknownTokenError."""
    may = read_message_settings(directory.home).webhooks_may_be_private
    return subscriptions.make_webhook(directory.ledger, token_id, address, kinds, actor=actor, may_be_private=may)


def take_step(directory: Directory, webhook_id: str, step: str, *, actor: Actor) -> tuple[str, str]:
    """Do what was asked with a subscription; give what to say, and a secret to show once or "".

    Parameters
    ----------
    directory
        Of the home.
    webhook_id
        Which subscription.
    step
        pause, resume, ping, rotate, retry or remove; any other does nothing.
    actor
        Who asks.

    Returns
    -------
    tuple of str and str
        What was done, in words, and the secret.

    Raises
    ------
    UnknownWebhookError
        Where there is none.
    """
    ledger, shown = directory.ledger, webhook_id.strip().upper()[:20]
    match step:
        case "pause" | "resume":
            subscriptions.set_paused(ledger, webhook_id, step == "pause", actor=actor)
            words = _("Abonamentul {number} este oprit.") if step == "pause" else _("Abonamentul {number} este pornit.")
            return words.format(number=shown), ""
        case "ping":
            return result_words(
                ping_webhook(directory, webhook_id, read_message_settings(directory.home), actor=actor)
            ), ""
        case "rotate":
            _found, secret = subscriptions.rotate_secret(ledger, webhook_id, actor=actor)
            return _("Abonamentul {number} are un secret nou; cel vechi mai este bun 7 zile.").format(
                number=shown
            ), secret
        case "retry":
            count = subscriptions.retry_dead(ledger, webhook_id, actor=actor)
            text = ngettext("Am pus la trimis {n} anunț.", "Am pus la trimis {n} anunțuri.", count)
            return text.format(n=number(count)), ""
        case "remove":
            subscriptions.remove_webhook(ledger, webhook_id, actor=actor)
            return _("Abonamentul {number} este șters.").format(number=shown), ""
    return "", ""
