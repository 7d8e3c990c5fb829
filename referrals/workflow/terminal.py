"""What the terminal does with referrals and accounts. Whoever has the terminal has the machine: rights are the area's.

The command line acts as the county unit of the place that it names (the ledger asks for one), under the account
of its operator (`cli:…`), so that the audit log tells who it was, and tells it from people on screens.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from core.errors import BadValueError, UnknownCodeError
from core.i18n import _
from providers.finder.query_parsing import parse_query
from providers.rules import protected_keys
from referrals.accounts import account_sessions, accounts
from referrals.ledger import lifecycle
from referrals.records.vocabulary import Actor
from referrals.workflow import referral_offers
from referrals.workflow.worklist import field_moment

if TYPE_CHECKING:
    from referrals.accounts.accounts import Account
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Referral, Role
    from referrals.workflow.directory import Directory


def refer_by_command(
    directory: Directory,
    service_id: str,
    *,
    place: str,
    need: str = "",
    case_ref: str = "",
    has_consented: bool = False,
    basis: str = "consent",
    replaces: str = "",
    second_place: bool = False,
    key: str = "",
    account: str,
) -> dict[str, Any]:
    """Refer a case to a service and give the referral as JSON-ready facts; raises what `referring.refer` raises.

    need: code or words; empty means the service's own type. case_ref: empty makes a new case.
    """
    service = directory.snapshot().catalogue.service(service_id)
    query = parse_query(
        directory.gazetteer,
        place=place,
        needs=(need,) if need else (),
        services=() if need else (service["service_type"],),
        near=service["county"] if isinstance(service["county"], str) else None,
    )
    made = referral_offers.refer(
        directory,
        service_id,
        query,
        actor=Actor("county", account, query.origin.county),
        basis=basis,
        consent_at=datetime.now(UTC) if has_consented else None,
        case_ref=case_ref.strip() or None,
        replaces=replaces,
        second_place=second_place,
        idempotency_key=key,
    )
    return facts_of(made)


def record_unmet_by_command(
    directory: Directory, *, place: str, need: str, key: str = "", account: str
) -> dict[str, Any]:
    """Count a need of a place for which nobody had room, and give what was counted as JSON-ready facts."""
    query = parse_query(directory.gazetteer, place=place, needs=(need,), services=())
    actor = Actor("county", account, query.origin.county)
    counted = referral_offers.record_unmet_need(directory, query, actor=actor, key=key)
    return {"need": query.wanted[0], "place": query.origin.label, "counted": counted}


def step_by_command(
    directory: Directory, referral_id: str, step: str = "", *, reason: str = "", account: str
) -> dict[str, Any]:
    """Take one step of a referral (none: only show it) and give it as JSON-ready facts.

    Raises what the ledger raises.
    """
    number = referral_id.strip().upper()
    actor = _county_of(directory, number, account)
    if not step:
        return facts_of(directory.ledger.referral(number, actor=actor))
    return facts_of(directory.ledger.transition(number, step.replace("-", "_"), actor=actor, reason=reason))


def referral_by_command(directory: Directory, referral_id: str, *, account: str) -> Referral:
    """Read a referral for the terminal; the reading is written in the audit log. Raises what the ledger raises."""
    number = referral_id.strip().upper()
    return directory.ledger.referral(number, actor=_county_of(directory, number, account))


def _county_of(directory: Directory, number: str, account: str) -> Actor:
    with directory.ledger.store.read() as connection:
        return Actor("county", account, lifecycle.by_id(connection, number).county)


def facts_of(referral: Referral) -> dict[str, Any]:
    """Return a referral as JSON-ready facts: moments in ISO 8601, UTC."""
    facts = asdict(referral) | {"service_id": protected_keys.public_form(referral.service_id)}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()}


def in_local_time(facts: dict[str, Any]) -> dict[str, Any]:
    """Write the moments of `facts_of` for a person: by the clock on the wall, a term with its weekday."""
    values = {name: datetime.fromisoformat(value) for name, value in facts.items() if name.endswith("_at") and value}
    return {**facts, **{name: field_moment(name, at) for name, at in values.items()}}


def account_by_command(  # noqa: PLR0911  (an answer an action)
    directory: Directory,
    action: str,
    login: str = "",
    *,
    role: str = "team",
    place: str = "",
    county: str = "",
    email: str = "",
    profession: str = "",
    actor: Actor,
) -> list[dict[str, Any]]:
    """Invite, list, reset or close accounts, end their sessions, say where their messages go; a line of facts each.

    An invitation and a reset give their `code`: what its owner opens at `/invitatie`. It is shown once.
    """
    ledger = directory.ledger
    match action.replace("-", "_"):
        case "list":
            return [asdict(each) for each in accounts.listed(ledger, actor=actor)]
        case "invite":
            letters, uat = area_of_role(directory, role, place, county)
            code = accounts.invite(ledger, login, role=cast("Role", role), county=letters, uat_siruta=uat, actor=actor)
            return [{"login": login, "code": code, "open": f"/invitatie?cod={code}"}]
        case "reset":
            code = accounts.offer_reset(ledger, login, actor=actor)
            return [{"login": login, "code": code, "open": f"/invitatie?cod={code}"}]
        case "disable":
            found = _named(ledger, login, actor)
            accounts.close(ledger, found.account_id, actor=actor)
            return [{"login": found.login, "state": "closed"}]
        case "email":
            found = _named(ledger, login, actor)
            accounts.set_address(ledger, found.account_id, email, actor=actor)
            return [{"login": found.login, "email": email}]
        case "profession":
            accounts.set_profession(ledger, login, profession, actor=actor)
            return [{"login": accounts.tidy_login(login), "profession": profession}]
        case "end_sessions":
            found = _named(ledger, login, actor)
            ended = account_sessions.end_sessions(ledger, found.account_id, actor=actor)
            return [{"login": found.login, "sessions_ended": ended}]
        case _:
            raise BadValueError(
                _(
                    "Acțiune necunoscută: „{found}”. Se poate: invite, list, reset, disable, email, profession, "
                    "end-sessions."
                ).format(found=action)
            )


def _named(ledger: Ledger, login: str, actor: Actor) -> Account:
    tidy = accounts.tidy_login(login)
    for each in accounts.listed(ledger, actor=actor):
        if each.login == tidy:
            return each
    raise UnknownCodeError(_("Nu există contul „{login}”.").format(login=login))


def area_of_role(directory: Directory, role: str, place: str, county: str) -> tuple[str, int | None]:
    """Return the letters of the county and the SIRUTA that a role is bound to, of what was typed for it."""
    if role == "team":
        if not place:
            raise BadValueError(_("O echipă are o comunitate: --place „Parincea, Bacău”."))
        where = directory.gazetteer.resolve(place)
        return where.county, where.uat_siruta
    if role == "county":
        letters = directory.gazetteer.county_code(county)
        if letters is None:
            raise BadValueError(_("Spuneți județul: --county BC."))
        return letters, None
    return "", None
