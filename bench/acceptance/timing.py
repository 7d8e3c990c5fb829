"""How long answers take tells nothing of what is protected: its id, words and place against such as do not exist.

Every kind of reading is asked over HTTP by a county unit's token, in random order, for the one and for the other: the
register's key of a protected service, its name, a small box and a circle around its point, its town; a case and a
subscription of others. Times are compared by the test of Mann and Whitney: a pair whose p, times the number of pairs,
is under 0.01 is told apart, and the run fails. Beside each stands how much longer one of the two would have to take to
be told apart by this rule; on a machine too busy to see five milliseconds the run fails too.

    python -m bench.acceptance.timing [requests of each]
"""

from __future__ import annotations

import http.client
import json
import os
import random
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import numpy as np
from scipy.stats import mannwhitneyu

from bench.screens.browsing import load, served
from core.storage.editions import EditionStore
from core.storage.home import open_home
from providers.interchange.hsds_terms import hsds_id
from referrals.homes.demonstration import make_demo
from referrals.interchange.api_tokens import create_token, list_tokens
from referrals.records.vocabulary import Actor, ServiceTerms
from referrals.webhooks import subscriptions
from referrals.workflow.directory import Directory, open_directory

if TYPE_CHECKING:
    import pandas as pd

    from core.storage.home import Home

EACH, TOKENS, CASES, LEVEL = 500, 60, 40, 0.01
COUNTY = "BC"
ADMIN = Actor("admin", "bench")
SHELTER = "8790CR-VD-I"
SEEN_MS = 5.0
_BOX = 0.0001  # degrees to each side of a point


@dataclass(frozen=True)
class Ask:
    """One request."""

    path: str
    method: str = "GET"
    body: dict[str, Any] | None = None


@dataclass(frozen=True)
class Pair:
    """Requests for what is there and not to be known, and for what is not there."""

    name: str
    hidden: list[Ask]
    absent: list[Ask]


def protected(home: Home) -> pd.DataFrame:
    """Return the rows of the social register that are protected, as the register has them."""
    edition = EditionStore(home).in_force("social")[0]
    table = edition.table("services")
    return table[table["is_secret"]].reset_index(drop=True)


def pairs_of(directory: Directory, rng: random.Random) -> list[Pair]:
    """Return what is compared."""
    rows = protected(directory.home)
    keys = rows["service_id"].tolist()
    no_keys = [_other(key, rng) for key in keys]
    towns = rows["locality"].fillna("").tolist()
    names = [name[-80:] for name in rows["name"]]
    no_names = [
        name.replace(town, "".join(rng.sample("bcdfghjklmnprstvz" * 3, len(town))))
        for name, town in zip(names, towns, strict=True)
    ]
    boxes, no_boxes = _boxes(directory, rows)
    points = [(lat, lon) for lat, lon in zip(rows["lat"], rows["lon"], strict=True)]
    near = [f"/fhir/Location?near={lat:.5f}%7C{lon:.5f}%7C0.02%7Ckm&type={SHELTER}" for lat, lon in points]
    no_near = [
        f"/fhir/Location?near={lat + 0.01:.5f}%7C{lon + 0.01:.5f}%7C0.02%7Ckm&type={SHELTER}" for lat, lon in points
    ]
    known = sorted(set(rows["uat_siruta"].astype(int)))
    uats = directory.gazetteer.uats[["uat_siruta", "county"]]
    others = uats[uats["county"].isin(set(rows["county"])) & ~uats["uat_siruta"].isin(known)]["uat_siruta"]
    no_places = rng.sample(others.astype(int).tolist(), len(known))
    cases = foreign_cases(directory)
    hooks = foreign_hooks(directory)
    found = [
        *(
            Pair(f"{path}id", [Ask(path + of(key)) for key in keys], [Ask(path + of(key)) for key in no_keys])
            for path, of in (
                ("/api/v1/services/", str),
                ("/ogc/collections/services/items/", str),
                ("/hsds/services/", lambda key: hsds_id("service", key)),
                ("/hsds/service_at_locations/", lambda key: hsds_id("service_at_location", key)),
                ("/fhir/HealthcareService/", lambda key: hsds_id("service", key)),
                ("/fhir/Location/", lambda key: hsds_id("service_at_location", key)),
            )
        ),
        *(
            Pair(f"{path}name", [Ask(path + quote(name)) for name in names], [Ask(path + quote(n)) for n in no_names])
            for path in ("/api/v1/services?q=", "/hsds/services?search=", "/fhir/HealthcareService?name:contains=")
        ),
        Pair("/ogc/collections/services/items?bbox=", [Ask(each) for each in boxes], [Ask(each) for each in no_boxes]),
        Pair("/fhir/Location?near=", [Ask(each) for each in near], [Ask(each) for each in no_near]),
        Pair("/api/v1/nearest, its town", [_nearest(each) for each in known], [_nearest(each) for each in no_places]),
        Pair(
            "/api/v1/referrals/id, another county's",
            [Ask(f"/api/v1/referrals/{each}") for each in cases],
            [Ask(f"/api/v1/referrals/{_other(each, rng)}") for each in cases],
        ),
        Pair(
            "/api/v1/webhooks/id, another token's",
            [Ask(f"/api/v1/webhooks/{each}") for each in hooks],
            [Ask(f"/api/v1/webhooks/{_other(each, rng)}") for each in hooks],
        ),
    ]  # fmt: skip
    assert all(pair.hidden and pair.absent for pair in found)
    return found


def _other(key: str, rng: random.Random) -> str:
    """Return a key of the same form that does not exist."""
    head, tail = key[:-5], key[-5:]
    while True:
        made = head + "".join(
            rng.choice("9876") if each.isdigit() else rng.choice("ABCDEFGHJKMNPQRSTVWXYZ") for each in tail
        )
        if made != key and (not tail.isdigit() or int(made[-5:]) > 60_000):
            return made


def _boxes(directory: Directory, rows: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return boxes around protected points and beside them, none with a public service in it."""
    services = directory.snapshot().catalogue.services
    public = services[["lon", "lat"]].dropna().to_numpy(float)
    found: list[list[str]] = [[], []]
    for lat, lon in zip(rows["lat"], rows["lon"], strict=True):
        at = [(lon, lat), (lon + 0.003, lat + 0.003)]
        if any((np.abs(public - point).max(axis=1) <= _BOX).any() for point in at):
            continue
        for told, (x, y) in zip(found, at, strict=True):
            box = f"{x - _BOX:.5f},{y - _BOX:.5f},{x + _BOX:.5f},{y + _BOX:.5f}"
            told.append(f"/ogc/collections/services/items?bbox={box}")
    return found[0], found[1]


def _nearest(place: int) -> Ask:
    return Ask("/api/v1/nearest", "POST", {"place": str(place), "services": [SHELTER], "age": 30})


def foreign_cases(directory: Directory) -> list[str]:
    """Make referrals of a team of another county; return their numbers. Those of the demonstration look otherwise."""
    unit, team = Actor("county", "bench", "CJ"), Actor("team", "bench", "CJ", 55008)
    terms = ServiceTerms(service_id="social:bench:1", service_type="8899CZ-PN-V", county="CJ")
    directory.ledger.report_capacity(terms.service_id, places_free=CASES, source="phone", actor=unit)
    return [
        directory.ledger.refer(
            terms, case_ref=None, need="hrana", county="CJ", uat_siruta=55008, basis="public_task", actor=team
        ).referral_id
        for _ in range(CASES)
    ]


def foreign_hooks(directory: Directory) -> list[str]:
    """Make subscriptions of another token; return their numbers."""
    token, _secret = create_token(
        directory.ledger, "bench, other", role="county", county="CJ", scopes=["refer", "webhook"], days=1, actor=ADMIN
    )
    return [
        subscriptions.make_webhook(
            directory.ledger, token.token_id, f"https://example.org/{number}", ["referrals"], actor=ADMIN
        )[0].webhook_id
        for number in range(4)
    ]


def measured(
    address: str, secrets: list[str], pairs: list[Pair], each: int, rng: random.Random
) -> dict[tuple[str, int], list[float]]:
    """Ask for everything in random order over one connection; return milliseconds."""
    turns = [(pair, which) for pair in pairs for which in (0, 1) for _ in range(each)]
    rng.shuffle(turns)
    took: dict[tuple[str, int], list[float]] = {(pair.name, which): [] for pair in pairs for which in (0, 1)}
    statuses: dict[str, set[int]] = {}
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)) as line:
        for number, (pair, which) in enumerate([*turns[:300], *turns]):  # the first load what is loaded once
            ask = rng.choice(pair.absent if which else pair.hidden)
            headers = {"Authorization": f"Bearer {secrets[number % len(secrets)]}", "Content-Type": "application/json"}
            start = time.perf_counter()
            line.request(ask.method, ask.path, body=json.dumps(ask.body) if ask.body else None, headers=headers)
            answer = line.getresponse()
            answer.read()
            ms = 1000 * (time.perf_counter() - start)
            assert answer.status not in (400, 403, 422, 429), (answer.status, ask)
            if number >= 300:
                took[pair.name, which].append(ms)
                statuses.setdefault(pair.name, set()).add(answer.status)
    differing = {name for name, each in statuses.items() if len(each) > 1}
    assert not differing, differing
    return took


def seen_from(ours: np.ndarray, none: np.ndarray, pairs: int) -> float:
    """Return how many milliseconds more each of the first would have to take to be told apart from the second."""
    steps = 0.02 * 1.25 ** np.arange(40)
    level = ours - (np.median(ours) - np.median(none))
    return next((float(ms) for ms in steps if p_of(level + ms, none, pairs) < LEVEL), float("inf"))


def p_of(ours: np.ndarray, none: np.ndarray, pairs: int) -> float:
    """Return the chance of a difference like this one where there is none, times the number of pairs."""
    return min(1.0, float(mannwhitneyu(ours, none).pvalue) * pairs)


def main() -> None:
    """Print a line a pair; the run fails where one is told apart, or where the machine was too busy to see."""
    rng, each = random.Random(), int(sys.argv[1]) if sys.argv[1:] else EACH
    with tempfile.TemporaryDirectory() as folder:
        home = open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home")
        directory = open_directory(home)
        secrets = [
            create_token(
                directory.ledger, "bench", role="county", county=COUNTY,
                scopes=["read", "nearest", "refer", "webhook"], days=1, actor=ADMIN,
            )[1]
            for _ in range(TOKENS)
        ]  # fmt: skip
        pairs = pairs_of(directory, rng)
        assert len(list_tokens(directory.ledger, actor=ADMIN)) > TOKENS
        directory.ledger.close()
        with served(home) as address:
            took = measured(address, secrets, pairs, each, rng)
    print(
        f"{'ms: a tenth, the half, nine tenths below':<48}{'there, not to be known':>24}{'not there':>24}{'p':>9}  seen"
    )
    apart, blind = [], []
    for pair in pairs:
        ours, none = (np.array(took[pair.name, which]) for which in (0, 1))
        p, seen = p_of(ours, none, len(pairs)), seen_from(ours, none, len(pairs))
        said = [" ".join(f"{ms:7.2f}" for ms in np.percentile(each, (10, 50, 90))) for each in (ours, none)]
        apart += [pair.name] if p < LEVEL else []
        blind += [pair.name] if seen > SEEN_MS else []
        word = "  apart" if p < LEVEL else ""
        print(f"{pair.name:<48}{said[0]:>24}{said[1]:>24}{p:>9.2g}{seen:>6.2f}{word}", flush=True)
    print(f"{each} of each, {len(pairs)} pairs, in random order, one connection; {load()}")
    if apart or blind:
        raise SystemExit(f"told apart: {apart}; too busy to see: {blind}")


if __name__ == "__main__":
    main()
