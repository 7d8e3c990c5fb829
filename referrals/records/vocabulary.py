"""The facts that the ledger takes in and gives back, and the words for their states and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from core.i18n import _

if TYPE_CHECKING:
    from datetime import date, datetime

Role = Literal["team", "county", "national", "provider", "admin", "system"]
CapacityStatus = Literal["free", "full", "waitlist", "assess", "open", "unknown"]
AccessRoute = Literal["direct", "decision", "medical"]
Basis = Literal["consent", "public_task", "vital_interest"]
ReferralState = Literal[
    "held", "asked", "accepted", "started", "completed", "broken_off", "declined", "expired", "cancelled"
]
StatedReason = Literal[  # that a person can choose
    "no_places",
    "not_eligible",
    "licence",
    "unreachable",
    "no_show",
    "cannot_travel",
    "person_declined",
    "duplicate",
    "solved",
    "other",
]

STATUSES: tuple[CapacityStatus, ...] = get_args(CapacityStatus)
PROFESSIONS = ("social", "medical", "educational")  # of the three members of a team
LEAST_SHOWN = 5  # a smaller count of persons could name somebody (docs/decisions/0011)
FILED = ("filed", "accepted")  # states of a monthly report whose figures stand
ROUTES: tuple[AccessRoute, ...] = get_args(AccessRoute)
BASES: tuple[Basis, ...] = get_args(Basis)
STATES: tuple[ReferralState, ...] = get_args(ReferralState)
WAITING: tuple[ReferralState, ...] = ("held", "asked")  # for an answer
EXAMINING = "examining"  # what is said of a referral that waits while its provider examines it; no state of its own
OPEN: tuple[str, ...] = ("held", "asked", "accepted", "started")
WITH_A_PLACE: tuple[str, ...] = ("held", "accepted", "started")
STATED_REASONS: tuple[StatedReason, ...] = get_args(StatedReason)


def state_label(state: str) -> str:
    """Format a state of a referral, or that it is being examined, in the language of the screen."""
    return {
        EXAMINING: _("se examinează"),
        "held": _("loc rezervat"),
        "asked": _("cerere trimisă"),
        "accepted": _("acceptată"),
        "started": _("începută"),
        "completed": _("încheiată"),
        "broken_off": _("întreruptă"),
        "declined": _("refuzată"),
        "expired": _("expirată"),
        "cancelled": _("anulată"),
    }[state]


def reason_label(reason: str) -> str:
    """Format a coded reason in the language of the screen."""
    return {
        "": "",
        "no_places": _("nu sunt locuri"),
        "not_eligible": _("persoana nu îndeplinește condițiile"),
        "licence": _("serviciul nu are licență valabilă"),
        "unreachable": _("persoana nu a putut fi contactată"),
        "no_show": _("persoana nu a venit"),
        "cannot_travel": _("persoana nu poate ajunge acolo"),
        "person_declined": _("persoana a renunțat"),
        "duplicate": _("referirea era făcută de două ori"),
        "solved": _("s-a rezolvat altfel"),
        "other": _("alt motiv"),
        "erased": _("datele au fost șterse"),
    }[reason]


def status_label(status: str) -> str:
    """Format a capacity status in the language of the screen."""
    return {
        "free": _("locuri libere"),
        "full": _("fără locuri"),
        "waitlist": _("listă de așteptare"),
        "assess": _("după evaluare"),
        "open": _("fără limită de locuri"),
        "unknown": _("necunoscut"),
    }[status]


@dataclass(frozen=True)
class Actor:
    """Who acts: a role, an account (never a person's name) and the area it answers for. Empty means not bound to one.

    Attributes
    ----------
    role
        What it may do.
    account
        Number of the account.
    county, uat_siruta
        Letters of the county; SIRUTA of the community of a team member.
    service_id, referral_id
        What a provider's link opens.
    profession
        Of a team's member: social, medical or educational; "" = not said.
    """

    role: Role
    account: str = ""
    county: str = ""
    uat_siruta: int | None = None
    service_id: str = ""
    referral_id: str = ""
    profession: str = ""


SYSTEM = Actor("system", "harta")


@dataclass(frozen=True)
class ServiceTerms:
    """What the ledger must know of a service to take a referral to it.

    `closed_from` and `closed_until` are the first and last day of a closure for a time (None = not said), in which
    nothing is taken. `hold_working_days` is how long a held place waits for an answer; 0 = no place is held, a referral
    is a request. `answer_working_days` is how long a request that holds nothing waits (assumed: no rule gives a term
    for it).
    """

    service_id: str
    service_type: str
    county: str
    access_route: AccessRoute = "direct"
    places_max: int | None = None
    hold_working_days: int = 3
    answer_working_days: int = 10
    closed_from: date | None = None
    closed_until: date | None = None

    def is_closed_on(self, day: date) -> bool:
        """Whether the service is closed for a time on a day."""
        if self.closed_from is None and self.closed_until is None:
            return False
        return (self.closed_from or day) <= day <= (self.closed_until or day)


@dataclass(frozen=True)
class CapacityReport:
    """One report of a service's places; reports are never changed, only followed by others.

    Attributes
    ----------
    report_id, service_id
        Their numbers.
    status
        What was said: free, full, waitlist and so on.
    places_free, places_max
        Places free and places in all; None = not said.
    source
        Who said it: a team, the provider's link, a file.
    reported_at
        When, UTC.
    """

    report_id: int
    service_id: str
    status: CapacityStatus
    places_free: int | None
    places_max: int | None
    source: str
    reported_at: datetime


@dataclass(frozen=True)
class Referral:
    """One referral as it stands. Times are UTC.

    Attributes
    ----------
    referral_id
        Its number.
    service_id, service_type, service_county, access_route
        The service, its type, the letters of its county, and how it is entered.
    case_ref
        Code of the case; empty once the case was erased.
    need
        Code of the need.
    county, uat_siruta, locality_siruta
        Where the person lives: letters and SIRUTA codes; None = not known.
    state, reason
        Where it stands, and the code of the reason of the last step, if it had one.
    basis, consent_at
        Legal basis, and when consent was given; None where the basis is another.
    note
        Free text without personal data.
    replaces
        Number of the referral that it follows; "" = none.
    made_by
        Account that made it.
    made_at, expires_at, accepted_at, started_at, closed_at
        When each happened or will; None = not (yet).
    examined_at
        When the provider said that it examines the case; None = it did not. The place is held no longer for it.
    """

    referral_id: str
    service_id: str
    service_type: str
    service_county: str
    access_route: str
    case_ref: str
    need: str
    county: str
    uat_siruta: int
    locality_siruta: int | None
    state: ReferralState
    reason: str
    basis: str
    consent_at: datetime | None
    note: str
    replaces: str
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    accepted_at: datetime | None
    started_at: datetime | None
    closed_at: datetime | None
    examined_at: datetime | None = None

    @property
    def stage(self) -> str:
        """Its state, or EXAMINING while it waits for the answer of a provider that examines it."""
        return EXAMINING if self.state in WAITING and self.examined_at is not None else self.state
