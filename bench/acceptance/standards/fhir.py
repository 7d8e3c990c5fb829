"""Every FHIR resource of the demonstration against models made by others, its state of places, and the order of `near`.

Over HTTP: every page of the three searches, and of what changed, by the models of `fhir.resources` (R4B, whose
resources of a directory are R4's); the state of places of every service against the ledger; then, around random
localities, Location by `near` against the answer to the question of `harta nearest`.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import httpx
from fhir.resources.R4B import get_fhir_model_class

from api.fhir.fhir_resources import MOST
from bench.acceptance.hsds import the_home
from bench.screens.browsing import load, served
from bench.server.bench_tokens import national_tokens
from providers.finder.query_limits import MOST_ASKED
from providers.interchange.fhir_objects import CAPACITY, CAPACITY_CODES
from providers.interchange.hsds_terms import hsds_id
from referrals.workflow.directory import open_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from referrals.workflow.directory import Directory

SEARCHES = ("Organization", "Location", "HealthcareService", "HealthcareService/_history")
PLACES = 200  # random localities; a token asks 600 times a minute
TYPES = ("8891CZ-C-II", "8899CZ-PN-V", "MED-GP", "8730CR-V-I", "8810ID-I")


def pages(client: httpx.Client, path: str) -> Iterator[dict[str, Any]]:
    """Give every page of a search by its links."""
    onward: str | None = f"/fhir/{path}?_count=500"
    while onward:
        answer = client.get(onward)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        yield said
        onward = next((each["url"] for each in said["link"] if each["relation"] == "next"), None)


def check_search(client: httpx.Client, path: str) -> dict[str, dict[str, Any]]:
    """Hold each page to the model of a Bundle, which holds every resource in it; give the resources by id."""
    start, model, found, total = time.perf_counter(), get_fhir_model_class("Bundle"), {}, 0
    for page in pages(client, path):
        model.model_validate(page)
        total = page["total"]
        found |= {each["fullUrl"]: each.get("resource", {}) for each in page.get("entry", ())}
    assert len(found) == total, (path, len(found), total)
    kinds = Counter(each.get("resourceType", "deleted") for each in found.values())
    print(
        f"{path:<27}{total:>7,} resources: 0 errors by R4B {dict(kinds)}; {time.perf_counter() - start:.0f} s",
        flush=True,
    )
    return {each["id"]: each for each in found.values() if each}


def check_places(directory: Directory, services: dict[str, dict[str, Any]]) -> None:
    """Hold the state of places that each service tells to the ledger's; of a protected one nothing is told."""
    snapshot, counts = directory.snapshot(), Counter[str]()
    table = snapshot.catalogue.services
    for key, is_secret, status in zip(
        table["service_id"], table["is_secret"], snapshot.availability.status, strict=True
    ):
        said = services.pop(hsds_id("service", key))
        codes = [
            each["valueCodeableConcept"]["coding"][0]["code"]
            for each in said.get("extension", ())
            if each["url"] == CAPACITY
        ]
        wanted = None if is_secret else CAPACITY_CODES.get(str(status))
        assert codes == ([wanted] if wanted else []), (key, codes, wanted)
        assert not (is_secret and {"location", "providedBy", "telecom"} & said.keys()), key
        counts[wanted or "not told"] += 1
    assert not services
    print(f"state of places as the ledger has it: {dict(counts)}", flush=True)


def check_near(client: httpx.Client, localities: list[tuple[int, float, float]], rng: random.Random) -> None:
    """Hold the order of `near` around random localities to the minutes of the answer to a question."""
    count = 0
    for siruta, lat, lon in localities:
        kind = rng.choice(TYPES)
        asked = {"place": str(siruta), "services": [kind], "k": MOST_ASKED, "max_minutes": 10_000}
        answer = client.post("/api/v1/nearest", json=asked).json()
        near = {"near": f"{lat}|{lon}", "type": kind, "_count": 500}
        said = client.get("/fhir/Location", params=near)
        assert said.status_code == 200, (near, said.text)
        found = [each["resource"]["id"] for each in said.json().get("entry", ())]
        place_of = {key: place for place, key in enumerate(found)}
        # Each block is complete and has its own order; minutes of an answer are rounded, so nothing is sorted here.
        for block in ("confirmed", "call_first"):
            own = [each for each in answer["results"] if each["block"] == block]
            ids = [hsds_id("service_at_location", each["service_id"]) for each in own]
            places = [place_of[each] for each in ids if each in place_of]
            assert places == sorted(places), (siruta, kind, block)
            assert len(places) == len(ids) or len(found) == MOST, (siruta, kind, block)
            count += len(places)
    print(f"`near` around {len(localities)} localities: {count:,} services in the order of the nearest", flush=True)


def main() -> None:
    """Print what was looked at; a fault stops the run."""
    rng = random.Random(20)
    with the_home() as home:
        directory = open_directory(home)
        secrets = national_tokens(directory.ledger, ["read", "nearest"], 2)
        table = directory.gazetteer.localities[["locality_siruta", "lat", "lon"]].dropna()
        where = [(int(siruta), lat, lon) for siruta, lat, lon in table.itertuples(index=False)]
        with served(home) as address:
            for turn, secret in enumerate(secrets):
                headers = {"Authorization": f"Bearer {secret}"}
                with httpx.Client(base_url=address, headers=headers, timeout=600) as client:
                    if turn:
                        check_near(client, rng.sample(where, PLACES), rng)
                        continue
                    get_fhir_model_class("CapabilityStatement").model_validate(client.get("/fhir/metadata").json())
                    found = {path: check_search(client, path) for path in SEARCHES}
                    check_places(directory, found["HealthcareService"])
        directory.ledger.close()
    print(load())


if __name__ == "__main__":
    main()
