"""A small client of the API: pages, feed, nearest, files. Needs Python 3.11 and httpx; copy it, it is MIT-licensed.

from client import HartaClient

with HartaClient("https://HOST", "harta_…") as harta:
    for service in harta.services(county="BC", status="free"):
        print(service["name"], service["capacity"]["places_free"])
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import httpx

TRIES = 4


class HartaError(Exception):
    """A refusal. problem: as RFC 9457 has it; `problem["type"]` is for programs, `title` and `detail` for people."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem.get('title')}: {problem.get('detail')}")
        self.problem = problem


class HartaClient:
    """One server, one token."""

    def __init__(self, address: str, token: str, *, language: str = "ro") -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self.http = httpx.Client(base_url=address, headers=headers, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.close()

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask, wait where the server says so, and raise HartaError for a refusal."""
        for number in range(TRIES):
            answer = self.http.request(method, path, **more)
            if answer.status_code not in (429, 503) or number == TRIES - 1:
                break
            time.sleep(float(answer.headers.get("Retry-After", "10")))
        if answer.status_code >= 400:
            raise HartaError(answer.json())
        return answer

    def pages(self, path: str, name: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Give every object of a list, page after page."""
        after = None
        while True:
            asked = {"limit": 200, **filters, **({"after": after} if after else {})}
            said = self.ask("GET", f"/api/v1{path}", params=asked).json()
            yield from said[name]
            after = said["next"]
            if after is None:
                return

    def services(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Give services; filters: county, uat_siruta, service_type, registry, status."""
        return self.pages("/services", "services", **filters)

    def nearest(self, place: str, **asked: Any) -> dict[str, Any]:
        """Ask who is near and may take a person; what is said of the person stands in the body."""
        return dict(self.ask("POST", "/api/v1/nearest", json={"place": place, **asked}).json())

    def report_places(self, service_id: str, **said: Any) -> dict[str, Any]:
        """Report places: places_free, places_max, status."""
        return dict(self.ask("PUT", f"/api/v1/services/{service_id}/places", json=said).json())

    def refer(self, **said: Any) -> dict[str, Any]:
        """Make a referral. However often it is tried, it is made once: all tries have one key."""
        key = str(uuid.uuid4())
        return dict(self.ask("POST", "/api/v1/referrals", json=said, headers={"Idempotency-Key": key}).json())

    def follow(self, copy: dict[str, Any], after: str | None = None) -> str:
        """Bring a copy of all services up to date by the feed; return from where to go on the next time."""
        while True:
            asked = {"limit": 1_000, **({"after": after} if after else {})}
            said = self.ask("GET", "/api/v1/changes", params=asked).json()
            for change in said["changes"]:
                if change["change"] == "removed":
                    copy.pop(change["id"], None)
                else:
                    copy[change["id"]] = change["service"]
            after = said["next"]
            if not said["more"]:
                return str(after)

    def download(self, name: str, folder: Path, *, day: str = "latest") -> Path:
        """Fetch a file of `/bulk`, hold it to its digest, and return where it is."""
        index = self.ask("GET", f"/bulk/{day}").json()
        known = next(each for each in index["files"] if each["name"] == name)
        path, digest = folder / name, hashlib.sha256()
        with self.http.stream("GET", f"/bulk/{index['day']}/{name}") as answer, path.open("wb") as out:
            if answer.status_code >= 400:
                answer.read()
                raise HartaError(answer.json())
            for piece in answer.iter_bytes():
                digest.update(piece)
                out.write(piece)
        if digest.hexdigest() != known["sha256"]:
            path.unlink()
            raise ValueError(f"{name} is not what the index says")
        return path
