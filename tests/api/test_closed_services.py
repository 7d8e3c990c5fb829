"""A service that closed, closed for a time or lost its licence: every interface for programs says the same of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from api.http.service_links import service_address
from core.romanian_calendar import BUCHAREST
from providers.interchange.hsds_terms import hsds_id
from referrals.ledger import provider_tokens
from tests.worlds.clients.form_browser import Browser
from tests.worlds.homes import small_world
from tests.worlds.homes.ledger_world import COUNTY

TODAY = datetime.now(BUCHAREST).date()


def _day(days: int) -> pd.Timestamp:
    return pd.Timestamp(TODAY + timedelta(days=days))


# What a register says: state in HSDS, whether FHIR has it active, state of its Location, whether a closure is said.
STATES = {
    "open": ({}, "active", True, "active", False),
    "closed": ({"operating_status": "closed"}, "inactive", False, "inactive", False),
    "withdrawn": ({"licence_status": "withdrawn"}, "inactive", False, "inactive", False),
    "suspended": ({"licence_status": "suspended"}, "inactive", False, "inactive", False),
    "closed until tomorrow": ({"closed_until": _day(1)}, "temporarily closed", True, "suspended", True),
    "closed from today": ({"closed_from": _day(0)}, "temporarily closed", True, "suspended", True),
    "closed to come": ({"closed_from": _day(2), "closed_until": _day(9)}, "active", True, "active", True),
    "closed and over": ({"closed_from": _day(-9), "closed_until": _day(-1)}, "active", True, "active", False),
}


@pytest.fixture(scope="module")
def numbers():
    return {name: f"social:mmps:{50 + place}" for place, name in enumerate(STATES)}


@pytest.fixture
def client(demo, program, numbers):
    rows = [
        small_world.service(int(numbers[name].rsplit(":", 1)[1]), 0.01 * place, 0.0, name=f"Centrul „{name}”", **said)
        for place, (name, (said, *_more)) in enumerate(STATES.items())
    ]
    small_world.publish(demo.home, "social", [*small_world.services(), *rows])
    return program("national", "read", "nearest")


def test_interfaces_for_programs_say_the_same(client, numbers):
    found = client.get("/ogc/collections/services.social/items", params={"limit": 1000}).json()["features"]
    features = {each["id"]: each["properties"] for each in found}
    for name, (said, status, is_active, location, is_said) in STATES.items():
        key = numbers[name]
        hsds = client.get(f"/hsds/services/{hsds_id('service', key)}").json()
        assert hsds["status"] == status, name
        service = client.get(f"/fhir/HealthcareService/{hsds_id('service', key)}").json()
        assert service["active"] is is_active, name
        assert bool(service.get("notAvailable")) is is_said, name
        where = client.get(f"/fhir/Location/{hsds_id('service_at_location', key)}").json()
        assert where["status"] == location, name
        one = client.get(f"/api/v1/services/{key}").json()
        cautions = " ".join(one["cautions"]).casefold()
        words = "închis temporar" in cautions
        assert words is is_said is ("închis temporar" in hsds.get("alert", "").casefold()), name
        if is_said:
            (closure,) = service["notAvailable"]
            assert closure["description"].casefold() in cautions
            days = {end: said[column].date().isoformat() for end, column in
                    (("start", "closed_from"), ("end", "closed_until")) if column in said}  # fmt: skip
            assert closure["during"] == days
        assert features[key]["operating_status"] == ("closed" if name == "closed" else "open"), name


def test_a_closure_is_of_the_day_in_romania(demo, numbers):
    """Past midnight in Romania the world's clock still has the day before."""
    from dataclasses import replace

    from providers.planning.supply import read_supply

    small_world.publish(
        demo.home,
        "social",
        [
            small_world.service(60, 0.01, 0.0, closed_from=_day(0), closed_until=_day(0)),
            small_world.service(61, 0.02, 0.0),
        ],
    )
    snapshot = demo.snapshot()
    start = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=BUCHAREST) + timedelta(minutes=30)
    for moment, count in ((start, 1), (start - timedelta(hours=1), 2), (start + timedelta(days=1), 2)):
        available = replace(snapshot.availability, now=moment.astimezone(UTC))
        supply = read_supply(snapshot.catalogue, available, [small_world.CHILD_DAY_CENTRE])
        assert len(supply.services) == count, moment


# What the page of a service and its provider's link say of it, where nobody is sent there.
SAID = {
    "closed": ("S-a închis", "Închis."),
    "withdrawn": ("<dd>retrasă", "Licența a fost retrasă."),
    "suspended": ("<dd>suspendată", "Licența este suspendată."),
    "expired": ("<dd>a expirat la", "Licența a expirat la"),
    "closed until tomorrow": ("Închis temporar până la", "Închis temporar până la"),
    "of a withdrawn provider": ("<dt>Acreditare</dt>", "Furnizorul nu mai este acreditat."),
}


def test_people_and_the_provider_read_why_nobody_is_sent(web, demo, as_role):
    until, more = {"licence_until": _day(400)}, {"expired": {"licence_until": _day(-1)}}
    more["of a withdrawn provider"] = {"accreditation_status": "withdrawn"}
    rows = [
        small_world.service(70 + place, 0.01 * place, 0.0, name=f"Centrul „{name}”",
                            **{**until, **more.get(name, STATES.get(name, ({},))[0])})
        for place, name in enumerate(SAID)
    ]  # fmt: skip
    small_world.publish(demo.home, "social", [*small_world.services(), *rows])
    team = as_role()
    for place, (name, (page, link)) in enumerate(SAID.items()):
        key = f"social:mmps:{70 + place}"
        small_world.report(demo.home, key, 3)
        said = team.get(service_address(key)).text
        assert page in said, name
        assert ("valabilă până la" in said) == (
            name in ("closed", "closed until tomorrow", "of a withdrawn provider")
        ), name
        token = provider_tokens.make_service_link(demo.ledger, key, county="BC", actor=COUNTY)
        opened = Browser(web).get(f"/l/{token}").text
        assert link in opened, name
        assert "Acum se arată: 3 locuri libere" in opened
