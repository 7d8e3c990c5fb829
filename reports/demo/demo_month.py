"""A month of asking for places as it might be: a campaign that half answered, messages in files, a place freed.

Everything is made up, by the ordinary functions of the ledger with a clock of its own, so that what a newcomer walks
through is what the product does. Only in a demonstration, and only where no campaign was started yet.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from core.errors import HomeError
from core.storage.message_settings import change_message_settings, read_message_settings
from referrals.campaigns import campaign_steps
from referrals.campaigns.asked_services import providers_to_ask
from referrals.campaigns.campaign_status import asked_providers, list_campaigns
from referrals.database.home_identity import INVENTED_SOURCE
from referrals.delivery.mail_sending import send_due
from referrals.outbox.kept_addresses import KeptAddress, write_kept_address
from referrals.records.vocabulary import Actor, ServiceTerms

if TYPE_CHECKING:
    from datetime import date

    from referrals.workflow.directory import Directory

COUNTY, COMMUNITY = "BC", 24089  # Bacău, and Parincea, where the tour is
TYPES = ("8891CZ-C-II", "8730CR-V-I")  # day centres for children at risk, homes for elderly persons
NEED = "child-neglect"
_UNIT = Actor("county", "demo-county", COUNTY)
_TEAM = Actor("team", "demo-team", COUNTY, COMMUNITY)
_SYSTEM = Actor("system", "demo")
_SENDER, _ADDRESS = "harta@example.ro", "http://127.0.0.1:8501"


def seed_demo_month(directory: Directory, *, today: date) -> None:
    """Start a campaign ten days ago, let half answer, remind the others, and let a place come free yesterday.

    Parameters
    ----------
    directory
        Of a demonstration.
    today
        Day from which the others are counted.

    Raises
    ------
    HomeError
        In a live home.
    """
    if not directory.home.is_demo:
        raise HomeError("a campaign is invented in a demonstration only")
    if list_campaigns(directory.ledger, actor=_UNIT):
        return
    settings = read_message_settings(directory.home)
    if not settings.is_on:
        settings = change_message_settings(
            directory.home, channel="file", public_address=_ADDRESS, sender=_SENDER, quiet_from=0, quiet_until=0
        )
    clock = _Clock(today)
    then = replace(directory, ledger=replace(directory.ledger, clock=clock))
    clock.go(10)
    _keep_addresses(then)
    made, _asked = campaign_steps.start(then, county=COUNTY, service_types=TYPES, actor=_UNIT)
    send_due(then, settings)
    _made, asked = asked_providers(then, made.campaign_id, actor=_UNIT)
    for place, one in enumerate(asked[::2]):
        clock.go(9 - place % 6)
        lines = [{"service_id": each, "places_free": (place + n) % 4} for n, each in enumerate(one.services)]
        then.ledger.report_many(lines, source=INVENTED_SOURCE, actor=_SYSTEM)
    clock.go(2)
    campaign_steps.remind(then.ledger, made.campaign_id, actor=_UNIT)
    send_due(then, settings)
    _free_a_place(then, clock)


class _Clock:
    """A clock that is set to a day and goes on by a second at each look."""

    def __init__(self, today: date) -> None:
        self.today, self.at = today, datetime.combine(today, time(10), UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def go(self, days_ago: int) -> None:
        """Set it to noon of a day."""
        self.at = datetime.combine(self.today - timedelta(days=days_ago), time(10), UTC)


def _keep_addresses(directory: Directory) -> None:
    """Let the county know the e-mail of every second provider that it will ask."""
    some = providers_to_ask(directory.snapshot(), COUNTY, TYPES)
    with directory.ledger.store.write() as connection:
        for place, one in enumerate(some[::2], start=1):
            kept = KeptAddress(email=f"furnizor{place}@example.ro")
            for service_id in one.services:
                write_kept_address(connection, service_id, kept, by=_UNIT.account, now=directory.ledger.clock())


def _free_a_place(directory: Directory, clock: _Clock) -> None:
    """Let a referral be refused for lack of places, and a place come free there later."""
    catalogue = directory.snapshot().catalogue
    services = catalogue.services
    near = services[(services["service_type"] == TYPES[0]) & (services["county"] == COUNTY) & ~services["is_secret"]]
    service_id = str(near["service_id"].min())
    terms = ServiceTerms(service_id=service_id, service_type=TYPES[0], county=COUNTY)
    ledger = directory.ledger
    report = partial(ledger.report_capacity, service_id, source=INVENTED_SOURCE, actor=_SYSTEM)
    clock.go(6)
    report(places_free=1)
    made = ledger.refer(
        terms, case_ref=None, need=NEED, county=COUNTY, uat_siruta=COMMUNITY, basis="public_task", actor=_TEAM
    )
    clock.go(5)
    ledger.transition(made.referral_id, "decline", actor=_TEAM, reason="no_places")
    report(places_free=0)
    clock.go(1)
    report(places_free=1)
