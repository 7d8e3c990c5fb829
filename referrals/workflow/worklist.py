"""What to do next with a referral, and who may do it: the same words for every screen and for the terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from core.i18n import _, ngettext, written_day
from core.romanian_calendar import BUCHAREST
from providers.finder import search_terms
from providers.local.visit_days import day_in_words
from providers.rules import needs, protected_keys, taxonomy
from referrals.ledger.lifecycle import TRANSITIONS
from referrals.records import roles
from referrals.records.vocabulary import EXAMINING, STATED_REASONS, Referral, reason_label, state_label
from referrals.records.working_time import is_working_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from referrals.ledger.lifecycle import Action
    from referrals.records.vocabulary import Actor

SOON = timedelta(hours=24)
RECENT = timedelta(days=30)  # a refusal older than this is not work to do any more
LOST = ("declined", "expired")


def step_label(step: Action) -> str:
    """Format a step as the words of its button."""
    return {
        "accept": _("Furnizorul a acceptat"),
        "examine": _("Furnizorul examinează"),
        "decline": _("Furnizorul a refuzat"),
        "start": _("Persoana a ajuns"),
        "complete": _("S-a încheiat"),
        "break_off": _("S-a întrerupt"),
        "cancel": _("Anulați referirea"),
    }[step]


def step_done(step: Action) -> str:
    """Format a step that was taken, as it goes on after the number of its referral."""
    return {
        "accept": _("furnizorul a acceptat"),
        "examine": _("furnizorul examinează cazul"),
        "decline": _("furnizorul a refuzat"),
        "start": _("persoana a ajuns"),
        "complete": _("s-a încheiat"),
        "break_off": _("s-a întrerupt"),
        "cancel": _("referirea este anulată"),
        "expire": _("a expirat fără răspuns"),
    }[step]


def steps_for(actor: Actor, referral: Referral) -> tuple[Action, ...]:
    """List the steps that this actor may take with a referral as it stands."""
    area = roles.Area(referral.county, referral.uat_siruta, referral.service_id, referral.referral_id)
    return tuple(
        step
        for step, rule in TRANSITIONS.items()
        if rule.permission
        and referral.state in rule.sources
        and not (step == "examine" and referral.examined_at is not None)
        and roles.allows(actor, rule.permission, area)
    )


def needs_reason(step: Action) -> bool:
    """Whether a step is refused without a coded reason."""
    return TRANSITIONS[step].reason == "must"


def takes_reason(step: Action) -> bool:
    """Whether a reason can be given with a step."""
    return TRANSITIONS[step].reason != "none"


def reasons() -> list[tuple[str, str]]:
    """List the reasons that a person can choose: code and words."""
    return [(code, reason_label(code)) for code in STATED_REASONS]


def moment_words(moment: datetime | None) -> str:
    """Write a moment as it is read in Romania: 25.11.2026, 15:00.

    >>> moment_words(datetime(2026, 11, 25, 13, 0, tzinfo=UTC))
    '25.11.2026, 15:00'
    """
    if moment is None:
        return ""
    local = moment.astimezone(BUCHAREST)
    return f"{written_day(local)}, {local:%H:%M}"


def last_moment(moment: datetime | None) -> str:
    """Write until when, with its weekday: a midnight ends the last working day before it, when somebody answers.

    Who reads „26.11.2026, 00:00” comes a day late, and a term that ends as Monday begins ends on Friday.

    >>> last_moment(datetime(2026, 12, 6, 22, 0, tzinfo=UTC))
    'sfârșitul zilei de vineri, 4 decembrie 2026'
    >>> last_moment(datetime(2026, 11, 25, 13, 0, tzinfo=UTC))
    'miercuri, 25 noiembrie 2026, 15:00'
    """
    if moment is None:
        return ""
    local = moment.astimezone(BUCHAREST)
    if (local.hour, local.minute) != (0, 0):
        return visit_words(moment)
    return _("sfârșitul zilei de {day}").format(day=_long_day(_last_working_day(local)))


def visit_words(moment: datetime | None) -> str:
    """Write for when somebody is expected; empty where that was not said.

    >>> visit_words(datetime(2026, 12, 4, 8, 0, tzinfo=UTC))
    'vineri, 4 decembrie 2026, 10:00'
    """
    if moment is None:
        return ""
    local = moment.astimezone(BUCHAREST)
    return f"{_long_day(local)}, {local:%H:%M}"


def last_day_words(moment: datetime) -> str:
    """Name the last working day of a term, with its weekday and without its year: it is near.

    >>> last_day_words(datetime(2026, 12, 6, 22, 0, tzinfo=UTC))
    'vineri, 4 decembrie'
    """
    local = moment.astimezone(BUCHAREST)
    is_midnight = (local.hour, local.minute) == (0, 0)
    return day_in_words((_last_working_day(local) if is_midnight else local).date())


def _last_working_day(midnight: datetime) -> datetime:
    day = midnight - timedelta(days=1)
    while not is_working_day(day.date()):
        day -= timedelta(days=1)
    return day


def field_moment(field: str, moment: datetime | None) -> str:
    """Write a moment of a referral by its field: a term as `last_moment`, what has been as `moment_words`."""
    return last_moment(moment) if field == "expires_at" else moment_words(moment)


def _long_day(day: datetime) -> str:
    return f"{day_in_words(day.date())} {day.year}"


def hides_need(referral: Referral) -> bool:
    """Whether the need has to stay unsaid on a screen that others may see."""
    known = needs.needs().get(referral.need)
    kind = taxonomy.service_types().get(referral.service_type)
    return bool((known and known.is_sensitive) or (kind and (kind.is_sensitive or kind.is_secret)))


def need_words(referral: Referral) -> str:
    """Name the need, or say that it stays unsaid."""
    if hides_need(referral):
        return _("nevoie confidențială")
    found = search_terms.all_search_terms().get(referral.need)
    return found.label if found else referral.need


def is_urgent(referral: Referral, now: datetime | None = None) -> bool:
    """Whether its answer runs out within a day."""
    return referral.expires_at is not None and referral.expires_at - (now or datetime.now(UTC)) <= SOON


def what_next(referral: Referral) -> str:
    """Return in words what a team does next with a referral.

    Parameters
    ----------
    referral
        In any state.

    Returns
    -------
    str
        One sentence in the language of the request.
    """
    until = last_moment(referral.expires_at)
    match referral.state:
        case "held" | "asked":
            return _waiting_words(referral).format(until=until)
        case "accepted":
            return _("Acceptată. Însoțiți persoana și notați când a ajuns.")
        case "started":
            return _("Persoana este la serviciu. Notați când se încheie.")
        case "declined" | "expired":
            return _("Alegeți următorul serviciu potrivit.")
        case _:
            return _("Nu mai este nimic de făcut.")


def _waiting_words(referral: Referral) -> str:
    is_held = referral.state == "held"
    if referral.stage == EXAMINING:
        if is_held:
            return _("Furnizorul examinează cazul. Locul rămâne rezervat numai până la {until}.")
        return _("Furnizorul examinează cazul; răspunsul este așteptat până la {until}.")
    if is_held:
        return _("Loc rezervat până la {until}. Sunați furnizorul și notați răspunsul.")
    return _("Cerere fără loc rezervat; răspunsul este așteptat până la {until}.")


def awaiting_reassignment(mine: Iterable[Referral], now: datetime | None = None) -> list[Referral]:
    """List the refused and the expired ones that nobody has moved on to another service yet."""
    since = (now or datetime.now(UTC)) - RECENT
    return [each for each in _not_moved_on(mine) if each.made_at >= since]


def closed_without_result(mine: Iterable[Referral], now: datetime | None = None) -> list[Referral]:
    """List the refused and the expired ones of long ago that nobody moved on: no person is to end in silence.

    Parameters
    ----------
    mine
        Referrals in any state.
    now
        What is older than RECENT then is of long ago; None = this moment.

    Returns
    -------
    list of Referral
        In the order in which they came.
    """
    since = (now or datetime.now(UTC)) - RECENT
    return [each for each in _not_moved_on(mine) if each.made_at < since]


def _not_moved_on(mine: Iterable[Referral]) -> list[Referral]:
    every = list(mine)
    moved = {each.replaces for each in every if each.replaces}
    served = {(each.case_ref, each.need) for each in every if each.state in ("held", "asked", "accepted", "started")}
    completed: dict[tuple[str, str], datetime] = {}
    for each in every:
        if each.state == "completed":
            key = (each.case_ref, each.need)
            completed[key] = max(each.made_at, completed.get(key, each.made_at))
    return [
        each
        for each in every
        if each.state in LOST
        and each.referral_id not in moved
        and each.case_ref
        and (each.case_ref, each.need) not in served
        and completed.get((each.case_ref, each.need), each.made_at) <= each.made_at
    ]


def open_referrals(mine: Iterable[Referral]) -> list[Referral]:
    """List the open referrals, those about to run out first.

    Parameters
    ----------
    mine
        Referrals in any state.

    Returns
    -------
    list of Referral
        Held, asked, accepted or started ones.
    """
    late = datetime.max.replace(tzinfo=UTC)
    waiting = [each for each in mine if each.state in ("held", "asked", "accepted", "started")]
    return sorted(waiting, key=lambda each: (each.expires_at or late, each.referral_id))


def at_service_words(count: int) -> str:
    """Return in words how many open referrals have their person at the service already: the name of their fold."""
    return ngettext("La serviciu: {n} persoană", "La serviciu: {n} persoane", count).format(n=count)


# --- out of the house -------------------------------------------------------------------------------

_OUT = (
    "referral_id", "case_ref", "service_id", "service", "service_type", "need", "state", "reason", "county",
    "uat_siruta", "made_at", "expires_at", "accepted_at", "started_at", "closed_at", "replaces",
)  # fmt: skip


def worklist_table(some: Iterable[Referral], names: Mapping[str, str]) -> pd.DataFrame:
    """Lay referrals out for a spreadsheet: codes and words side by side, times of Bucharest. names: by service_id."""
    rows = [
        {
            **{name: getattr(each, name) for name in _OUT if name != "service"},
            "service_id": protected_keys.public_form(each.service_id),
            "service": names.get(each.service_id, each.service_id),
            "state": state_label(each.stage),
            "reason": reason_label(each.reason),
            **{name: field_moment(name, getattr(each, name)) for name in _OUT if name.endswith("_at")},
        }
        for each in some
    ]
    return pd.DataFrame(rows, columns=list(_OUT))
