"""Referrals by programs: one for any number of tries, steps in their order, changes in order, words refused that say who it is."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from api.programs import callers
from tests.api.plain.test_plain_journey import ask
from tests.covering import daily
from tests.worlds.clients.api_client import ADMIN, PARINCEA, is_problem

KEY = {"Idempotency-Key": "one-of-a-test"}
ASKED = {"service_id": "social:mmps:1", "place": str(PARINCEA), "need": "nobody-after-school", "basis": "public_task"}


def count(demo) -> int:
    with demo.ledger.store.read() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM referrals").scalar_one()


def together(client, number: int, connections: int, headers) -> list[httpx.Response]:
    """Send the same request so many times on so many connections at once."""

    async def sent() -> list[httpx.Response]:
        turns = asyncio.Semaphore(connections)
        transport = httpx.ASGITransport(app=client.app, client=("10.0.0.7", 5_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as program:

            async def one(place: int) -> httpx.Response:
                async with turns:
                    own = {"Authorization": f"Bearer {client.secret}", **headers(place)}
                    return await program.post("/api/v1/referrals", json=ASKED, headers=own)

            return await asyncio.gather(*(one(place) for place in range(number)))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, sent()).result()


@pytest.mark.slow
@pytest.mark.parametrize("many", daily([60, 500], lambda many: many == 60))
def test_equal_requests_on_sixteen_connections_make_one_referral(program, demo, monkeypatch, many):
    monkeypatch.setattr(callers.TOKENS, "tries", 1_000)
    answers = together(program("team"), many, 16, lambda _place: KEY)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["referral_id"] for answer in answers}) == 1
    assert count(demo) == 1
    assert demo.capacity_of("social:mmps:1")["places_free"] == 2
    assert demo.ledger.verify_counts() == []


def test_the_last_places_go_to_as_many_programs_and_people_as_there_are_places(program, demo, as_role):
    people = [as_role() for _ in range(3)]
    asked = [ask(person) for person in people]
    with ThreadPoolExecutor(len(people)) as threads:
        sent = [
            threads.submit(person.submit, page, "/referire/noua", temei="consent")
            for person, page in zip(people, asked, strict=True)
        ]
        answers = together(program("team"), 40, 16, lambda place: {"Idempotency-Key": f"other-{place:04}"})
        on_screen = sum("/simplu/referire/R-" in str(each.result().url) for each in sent)
    made = [answer for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code == 409]
    assert len(made) + on_screen == 3
    assert len(made) + len(refused) == 40
    assert all(is_problem(each, "no-place") or is_problem(each, "not-offered") for each in refused)
    assert demo.capacity_of("social:mmps:1")["places_free"] == 0
    assert demo.ledger.verify_counts() == []


def test_a_key_is_needed_serves_one_request_and_is_of_one_token(program, demo):
    one, other = program("team"), program("team")
    assert is_problem(one.post("/api/v1/referrals", ASKED), "idempotency-key-needed")
    for wrong in ("short", "x" * 129, "with space 12"):
        assert is_problem(one.post("/api/v1/referrals", ASKED, headers={"Idempotency-Key": wrong}), "invalid")
    first = one.post("/api/v1/referrals", ASKED, headers=KEY).json()
    assert one.post("/api/v1/referrals", ASKED, headers=KEY).json() == first
    assert is_problem(
        one.post("/api/v1/referrals", {**ASKED, "service_id": "social:mmps:2"}, headers=KEY), "key-reused"
    )
    assert other.post("/api/v1/referrals", ASKED, headers=KEY).json()["referral_id"] != first["referral_id"]
    assert count(demo) == 2


def test_the_first_referral_after_a_start_does_not_wait_for_the_public_table(program, demo, monkeypatch):
    def made(*_said):
        raise AssertionError("a process that has just begun takes seconds to make it")

    monkeypatch.setattr(callers, "public_table_of", made)
    assert program("team").post("/api/v1/referrals", ASKED, headers=KEY).status_code == 201
    assert count(demo) == 1


def test_a_referral_goes_through_its_life_and_a_wrong_step_is_refused(program, demo):
    client = program("county")
    number = client.post("/api/v1/referrals", ASKED, headers=KEY).json()["referral_id"]
    where = f"/api/v1/referrals/{number}"
    assert is_problem(client.post(f"{where}/complete", {}), "wrong-state")
    assert is_problem(client.post(f"{where}/decline", {}), "invalid")  # a reason is needed
    for step, state in (("accept", "accepted"), ("start", "started"), ("complete", "completed")):
        assert client.post(f"{where}/{step}").json()["state"] == state
    assert is_problem(client.post(f"{where}/cancel"), "wrong-state")
    assert is_problem(client.post(f"{where}/forget"), "invalid")
    assert client.get(where).json()["state"] == "completed"
    trail = demo.ledger.audit_log(actor=ADMIN, subject=number)
    assert set(trail["account"]) == {client_account(demo)}
    assert {"referral.accept", "referral.start", "referral.complete", "referral.read"} <= set(trail["action"])


def client_account(demo) -> str:
    from referrals.interchange.api_tokens import list_tokens

    (token,) = list_tokens(demo.ledger, actor=ADMIN)
    return f"token:{token.token_id}"


def test_a_program_that_reads_by_the_moment_of_change_misses_nothing(program, demo):
    client = program("team")
    numbers = [
        client.post("/api/v1/referrals", ASKED, headers={"Idempotency-Key": f"number-{n}"}).json()["referral_id"]
        for n in range(3)
    ]
    found, after = [], None
    while True:
        page = client.get("/api/v1/referrals", params={"limit": 1, **({"after": after} if after else {})}).json()
        found += page["referrals"]
        after = page["next"]
        if after is None:
            break
    assert [each["referral_id"] for each in found] == numbers
    last = found[-1]["changed_at"]
    client.post(f"/api/v1/referrals/{numbers[0]}/accept")
    changed = client.get("/api/v1/referrals", params={"changed_after": last}).json()["referrals"]
    assert [(each["referral_id"], each["state"]) for each in changed] == [(numbers[0], "accepted")]
    for last in ("9999-12-31T23:59:59-10:00", "9999-12-31T23:59:59Z"):  # UTC has no day after the last
        answer = client.get("/api/v1/referrals", params={"changed_after": last})
        assert answer.json() == {"referrals": [], "next": None}


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"note": "mama, tel. 0744 123 456"}, "personal-data"),
        ({"note": "CNP 1790101221144"}, "personal-data"),
        ({"case_ref": "Popescu Ion"}, "invalid"),
        ({"case_ref": "C-23456-23456"}, "unknown-case"),
        ({"service_id": "social:mmps:3"}, "not-offered"),
        ({"service_id": "social:mmps:4"}, "not-offered"),
        ({"service_id": "social:mmps:6"}, "not-offered"),
        ({"service_id": "nothing"}, "not-offered"),
        ({"basis": "consent"}, "invalid"),
        ({"basis": "consent", "consent_at": "0001-01-01T00:00:00+14:00"}, "invalid"),
        ({"basis": "consent", "consent_at": "2026-01-05"}, "invalid"),
        ({"basis": "consent", "consent_at": "2090-01-05T00:00:00Z"}, "invalid"),
        ({"basis": "consent", "consent_at": "9999-12-31T23:59:59-10:00"}, "invalid"),
        ({"replaces": "R-NIMIC"}, "invalid"),
        ({"place": "Parincea, Cluj"}, "unknown-place"),
        ({"need": "nimic"}, "unknown-code"),
        ({"name": "Popescu Ion"}, "invalid"),
    ],
)
def test_what_cannot_be_referred_is_refused_without_repeating_it(program, demo, said, problem):
    answer = program("team").post("/api/v1/referrals", {**ASKED, **said}, headers=KEY)
    assert is_problem(answer, problem), answer.text
    for word in ("Popescu", "0744", "1790101221144", "C-23456", "Parincea, Cluj"):
        assert word not in answer.text
    assert count(demo) == 0


def test_the_order_of_the_nearest_is_that_of_the_command(program, demo, monkeypatch):
    import json

    from typer.testing import CliRunner

    import cli

    for words, asked in (
        (["--service", "8891CZ-C-II", "--age", "8"], {"services": ["8891CZ-C-II"], "age": 8}),
        (["--need", "domestic-violence"], {"needs": ["domestic-violence"]}),
        (["--need", "nobody-after-school", "--k", "2"], {"needs": ["nobody-after-school"], "k": 2}),
    ):
        done = CliRunner().invoke(cli.app, ["nearest", "--siruta", str(PARINCEA), *words, "--json"])
        expected = json.loads(done.stdout)
        told = program("team").post("/api/v1/nearest", {"place": str(PARINCEA), **asked}).json()
        for block in ("first", "results", "also", "elsewhere", "excluded", "emergency"):
            assert [row.get("service_id") for row in told[block]] == [row.get("service_id") for row in expected[block]]
        assert told["results"]
