"""Who may do what, and where: one table, enforced by the ledger itself and nowhere else.

Areas: `community` the actor's own UAT; `county` its own county; `nation` everywhere; `link` what the
provider's own link opens. An empty cell is a no. Of a service with a protected address only the county unit that
answers for it does what acts on the service (ON_A_SERVICE), whatever the table gives others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.errors import NotAllowedError
from core.i18n import _
from providers.rules import protected_keys

if TYPE_CHECKING:
    from referrals.records.vocabulary import Actor, Role

RoleScope = Literal["", "community", "county", "nation", "link"]
ROLES: tuple[Role, ...] = ("team", "county", "national", "provider", "admin", "system")

# A report of places is a dated fact with its source, and teams near a border phone across it: any area.
# The national level sees counts, never a case; the administrator runs the machine and sees no case either.
# fmt: off
TABLE: dict[str, tuple[RoleScope, RoleScope, RoleScope, RoleScope, RoleScope, RoleScope]] = {
    #                    team         county    national  provider  admin     system
    "capacity.report":  ("nation",    "nation", "nation", "link",   "nation", "nation"),
    "referral.make":    ("community", "county", "",       "",       "",       ""),
    "referral.answer":  ("community", "county", "",       "link",   "",       ""),
    "referral.follow":  ("community", "county", "",       "link",   "",       ""),
    "referral.cancel":  ("community", "county", "",       "",       "",       ""),
    "unmet.record":     ("community", "county", "",       "",       "",       ""),
    "referral.read":    ("community", "county", "",       "link",   "",       ""),
    "referral.list":    ("community", "county", "",       "",       "",       ""),
    "counts.read":      ("community", "county", "nation", "",       "nation", "nation"),
    "gap.read":         ("",          "county", "nation", "",       "nation", "nation"),
    "gap.words":        ("",          "",       "",       "",       "nation", "nation"),
    "case.erase":       ("community", "county", "",       "",       "nation", "nation"),
    "case.write":       ("community", "",       "",       "",       "",       ""),
    "case.import":      ("community", "",       "",       "",       "nation", ""),
    "case.read":        ("community", "county", "",       "",       "",       ""),
    "case.move":        ("community", "county", "",       "",       "",       ""),
    "case.supervise":   ("",          "county", "",       "",       "",       ""),
    "case.counts":      ("community", "county", "nation", "",       "nation", "nation"),
    "device.revoke":    ("community", "county", "",       "",       "nation", "nation"),
    "field.report":     ("nation",    "nation", "nation", "link",   "nation", ""),
    "entry.correct":    ("",          "",       "",       "link",   "",       ""),
    "field.read":       ("nation",    "county", "nation", "",       "nation", ""),
    "field.settle":     ("",          "county", "",       "",       "nation", ""),
    "duplicate.decide": ("",         "county", "",       "",       "nation", ""),
    "local.read":       ("county",    "county", "nation", "",       "nation", "nation"),
    "local.add":        ("county",    "county", "",       "",       "nation", ""),
    "local.change":     ("community", "county", "",       "",       "nation", ""),
    "local.check":      ("",          "county", "",       "",       "nation", ""),
    "monthly.enter":    ("community", "county", "",       "",       "nation", "nation"),
    "monthly.wide":     ("",          "county", "nation", "",       "nation", "nation"),
    "monthly.file":     ("community", "county", "",       "",       "",       "nation"),
    "monthly.decide":   ("",          "county", "",       "",       "",       "nation"),
    "monthly.read":     ("community", "county", "nation", "",       "nation", "nation"),
    "secret.read":      ("",          "county", "",       "",       "",       ""),
    "link.referral":    ("community", "county", "",       "",       "",       ""),
    "link.service":     ("",          "county", "",       "",       "nation", ""),
    "campaign.run":     ("",         "county", "",       "",       "nation", ""),
    "places.import":    ("",         "county", "",       "",       "nation", ""),
    "address.keep":     ("",         "county", "",       "",       "nation", ""),
    "message.manage":   ("",         "",       "",       "",       "nation", "nation"),
    "audit.read":       ("",          "",       "",       "",       "nation", "nation"),
    "account.manage":   ("",          "county", "",       "",       "nation", "nation"),
    "token.manage":     ("",          "",       "",       "",       "nation", "nation"),
    "edition.publish":  ("",          "",       "",       "",       "nation", "nation"),
    "store.keep":       ("",          "",       "",       "",       "nation", "nation"),
}
# fmt: on
ON_A_SERVICE = frozenset(
    {
        "capacity.report",
        "referral.make",
        "referral.answer",
        "field.report",
        "field.settle",
        "entry.correct",
        "link.referral",
        "link.service",
        "secret.read",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Area:
    """What an action touches.

    Attributes
    ----------
    county, uat_siruta
        Of the case or service: letters, SIRUTA; "" and None = of no one area.
    service_id, referral_id
        Their own numbers; "" = none.
    """

    county: str = ""
    uat_siruta: int | None = None
    service_id: str = ""
    referral_id: str = ""


NATION = Area()


def reach(role: Role, action: str) -> RoleScope:
    """Look a cell of the table up; KeyError for an action that is not in it."""
    return TABLE[action][ROLES.index(role)]


def allows(actor: Actor, action: str, area: Area) -> bool:
    """Return whether an actor may do something somewhere.

    Parameters
    ----------
    actor
        Who wants to.
    action
        A key of the table of roles.
    area
        What it touches; a protected service is closed to all but the entitled unit.

    Returns
    -------
    bool
        Whether it is allowed.
    """
    if protected_keys.is_protected(area.service_id) and not _may_touch(actor, action, area):
        return False
    match reach(actor.role, action):
        case "nation":
            return True
        case "county":
            return bool(actor.county) and actor.county == area.county
        case "community":
            return actor.uat_siruta is not None and actor.uat_siruta == area.uat_siruta
        case "link":
            return _is_own_link(actor, area)
        case _:
            return False


def _may_touch(actor: Actor, action: str, area: Area) -> bool:
    """Whether the protected service of an area leaves this to the actor; one of no county leaves it to nobody."""
    if action not in ON_A_SERVICE or (action == "referral.answer" and actor.role == "provider"):
        return True
    answers = protected_keys.county_of(area.service_id)
    return actor.role == "county" and bool(answers) and actor.county == answers and action != "link.service"


def own_area(actor: Actor, county: str = "") -> tuple[str, int | None]:
    """Return where an actor's reading starts from: the county asked for, else its own; and a team's community."""
    area = county or (actor.county if actor.role in ("team", "county") else "")
    return area, actor.uat_siruta if actor.role == "team" else None


def require_area(actor: Actor, action: str, county: str = "", uat_siruta: int | None = None) -> tuple[str, int | None]:
    """Return the area of a reading: the one asked for, else the actor's own.

    Parameters
    ----------
    actor
        Who reads.
    action
        A key of the table of roles.
    county, uat_siruta
        What is asked for; "" and None = as far as the actor sees.

    Returns
    -------
    tuple of str and int or None
        Letters of the county, "" for the nation; the community, None for all of them.

    Raises
    ------
    NotAllowedError
        Where the actor may not read there.
    """
    area, own = own_area(actor, county)
    uat = own if uat_siruta is None else uat_siruta
    require(actor, action, Area(area, uat))
    return area, uat


def only_county(actor: Actor | None) -> str | None:
    """Return the only county whose figures somebody looks at, None for all: a county unit or a team sees its own."""
    return (actor.county or None) if actor is not None and actor.role in ("county", "team") else None


def _is_own_link(actor: Actor, area: Area) -> bool:
    """Whether a link opens this: one for a referral opens that referral alone, one for a service its places."""
    if area.referral_id or actor.referral_id:
        return actor.referral_id == area.referral_id
    return bool(actor.service_id) and actor.service_id == area.service_id


def require(actor: Actor, action: str, area: Area = NATION) -> None:
    """Refuse what an actor may not do.

    Parameters
    ----------
    actor
        Who wants to.
    action
        A key of the table of roles.
    area
        What it touches.

    Raises
    ------
    NotAllowedError
        Saying whether the role, the area or a protected address stands in the way.
    """
    if allows(actor, action, area):
        return
    if protected_keys.is_protected(area.service_id) and not _may_touch(actor, action, area):
        raise NotAllowedError(protected_words())
    if reach(actor.role, action) in ("", "link"):
        raise NotAllowedError(_("Rolul dumneavoastră nu permite această acțiune."))
    raise NotAllowedError(_("Aveți acces numai la comunitatea sau județul dumneavoastră."))


def protected_words() -> str:
    """Return in words who alone acts on a service with a protected address."""
    return _(
        "Serviciul are adresa protejată: numai unitatea județeană de suport și supervizare (UJSS) "
        "care răspunde de el trimite "
        "persoane, raportează locuri și îi deschide datele."
    )
