"""A service that a team says is closed, and the county unit confirms: every interface says so from then on."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from typer.testing import CliRunner

import cli
from api.http.dependencies import directory_for
from api.http.service_links import service_address
from core.romanian_calendar import BUCHAREST
from providers.finder.query_parsing import parse_query
from providers.interchange.hsds_terms import hsds_id
from referrals.field import field_reports
from referrals.ledger import provider_tokens
from referrals.records.ledger_errors import LedgerError
from referrals.workflow import field_intake, referral_offers
from tests.worlds.clients.api_client import ApiClient, secret_for
from tests.worlds.clients.form_browser import Browser
from tests.worlds.clients.html_reading import read
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world
from tests.worlds.homes.parity_world import TEAM, UNIT, VILLAGE
from tests.worlds.homes.small_world import CHILD_DAY_CENTRE
from tests.worlds.servers.plain_app import plain_app

KEY, NAME = "social:mmps:80", "Centrul Semnalat"
TODAY = datetime.now(BUCHAREST).date()
UNTIL = TODAY + timedelta(days=1)
PERIOD = f"{TODAY:%d.%m.%Y}/{UNTIL:%d.%m.%Y}"
DOUBTED = "Cineva a semnalat că nu mai există; nu s-a verificat încă."
# What was reported and whether the county unit confirmed it: the words that people read beside the service, why an answer
# leaves it out ("" = it does not), its state in HSDS, FHIR and OGC API Features, its place in FHIR.
CASES = {
    "said gone": ("gone", "", False, DOUBTED, "", ("active", True, "open", "active")),
    "gone": ("gone", "", True, "S-a închis: nu mai primește pe nimeni.", "s-a închis", ("inactive", False, "closed", "inactive")),
    "said closed": ("closed", PERIOD, False, "", "", ("active", True, "open", "active")),
    "closed for a time": ("closed", PERIOD, True, f"Închis temporar între {TODAY:%d.%m.%Y} și {UNTIL:%d.%m.%Y}", "închis temporar",
                          ("temporarily closed", True, "open", "suspended")),
}  # fmt: skip


@pytest.fixture(params=CASES)
def reported(request, tmp_path, monkeypatch):
    """A home in which a team reported the nearest service, and what is to be read of it."""
    what, value, is_confirmed, *expected = CASES[request.param]
    home = small_world.make_world(tmp_path / "home")
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    nearest = small_world.service(80, 0.001, 0.0, name=NAME, phone="0234512399")
    small_world.publish(home, "social", [*small_world.services(), nearest])
    small_world.report(home, KEY, 3)
    directory = directory_for(home)
    assert NAME in command().output, "it is in an answer before"
    made = field_intake.report_wrong(directory, KEY, what=what, actor=TEAM, value=value)
    if is_confirmed:
        field_reports.settle(directory.ledger, made.report_id, accept=True, actor=UNIT)
    yield directory, *expected
    directory.ledger.close()


def command(*more: str):
    return CliRunner().invoke(cli.app, ["nearest", "--siruta", str(VILLAGE), "--service", CHILD_DAY_CENTRE, *more])


def cards(text: str) -> str:
    """What stands in the answer itself: cards of services, or rows of them."""
    return " ".join(read(card).text for card in re.findall(r"<article\b.*?</article>", text, re.DOTALL))


def test_every_interface_says_the_same_of_it(reported, in_home):
    directory, said, why, (in_hsds, is_active, in_features, place) = reported
    web = plain_app()
    client = ApiClient(web, secret_for(directory, "national", ("read", "nearest")))
    team = Browser(web)
    team.submit_only(team.get("/intra"), "/intra", rol=f"team:{TEAM.uat_siruta}", pagini="simplu")

    # Programs: our own API, HSDS, FHIR, OGC API Features.
    one = client.get(f"/api/v1/services/{KEY}").json()
    assert said.rstrip(".") in " ".join(one["cautions"])
    hsds = client.get(f"/hsds/services/{hsds_id('service', KEY)}").json()
    assert (hsds["status"], said.rstrip(".") in hsds["alert"]) == (in_hsds, True)
    fhir = client.get(f"/fhir/HealthcareService/{hsds_id('service', KEY)}").json()
    assert (fhir["active"], bool(fhir.get("notAvailable"))) == (is_active, in_hsds == "temporarily closed")
    assert client.get(f"/fhir/Location/{hsds_id('service_at_location', KEY)}").json()["status"] == place
    found = client.get("/ogc/collections/services.social/items", params={"limit": 1000}).json()["features"]
    assert [each["properties"]["operating_status"] for each in found if each["id"] == KEY] == [in_features]

    # Answers: the API and the command as data, the command in words, the plain page (where /teren leads), the screen.
    asked = {"place": str(VILLAGE), "services": [CHILD_DAY_CENTRE]}
    for answer in (client.post("/api/v1/nearest", asked).json(), json.loads(command("--json").output)):
        names = {each["name"] for part in ("first", "results", "also", "elsewhere") for each in answer[part]}
        reasons = [each["words"] for each in answer["excluded"] if each["name"] == NAME]
        assert (NAME in names, [why in each for each in reasons]) == ((True, []) if not why else (False, [True]))
    plain = team.submit(team.get("/simplu/gasiti"), "/simplu/raspuns", loc=str(VILLAGE), cuvinte=CHILD_DAY_CENTRE).text
    screen = words(in_home(directory.home.path, actor=TEAM, loc=str(VILLAGE), nevoie=CHILD_DAY_CENTRE))
    listed, _sign, left_out = command().output.partition("De ce nu altele?")
    for where, in_answer, whole in (("plain", cards(plain), read(plain).text), ("screen", cards(screen), read(screen).text),
                                    ("terminal", listed, listed + left_out)):  # fmt: skip
        assert (NAME in in_answer) is not bool(why), where
        if why:
            assert re.search(rf"{NAME}[^:]*: {why}", whole), where
        else:
            assert said in in_answer, where

    # Its own page, the provider's link, and whom it would be sent: nobody while it is closed.
    page = read(team.get(service_address(KEY)).text).text
    assert said.rstrip(".") in page
    token = provider_tokens.make_service_link(directory.ledger, KEY, county="BC", actor=UNIT)
    link = read(Browser(web).get(f"/l/{token}").text).text
    assert bool(why) == bool(re.search("[Îî]nchis", link))
    query = parse_query(directory.gazetteer, place=str(VILLAGE), services=(CHILD_DAY_CENTRE,))
    refer = partial(referral_offers.refer, directory, KEY, query, actor=TEAM, basis="public_task",
                    consent_at=datetime.now(UTC), is_new_case=True)  # fmt: skip
    if why:
        with pytest.raises(LedgerError):
            refer()
    else:
        assert refer().service_id == KEY
