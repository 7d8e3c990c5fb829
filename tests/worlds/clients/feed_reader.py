"""A program that keeps a copy by the feed alone, and what a fresh reading of all services says."""

from __future__ import annotations

from typing import Any

from tests.worlds.clients.api_client import ApiClient


class FeedReader:
    """What is kept of `/changes`, and of nothing else."""

    def __init__(self, client: ApiClient) -> None:
        self.client = client
        self.services: dict[str, Any] = {}
        self.after: str | None = None
        self.told: list[tuple[str, str]] = []

    def read(self, limit: int = 1_000) -> int:
        """Read on to the end; return how many changes came."""
        count = 0
        while True:
            params = {"limit": limit, **({"after": self.after} if self.after else {})}
            answer = self.client.get("/api/v1/changes", params=params)
            assert answer.status_code == 200, answer.text
            said = answer.json()
            numbers = [each["sequence"] for each in said["changes"]]
            assert numbers == sorted(set(numbers))
            for each in said["changes"]:
                self.told.append((each["change"], each["id"]))
                if each["change"] == "removed":
                    assert each["service"] is None
                    self.services.pop(each["id"], None)
                else:
                    self.services[each["id"]] = each["service"]
            count += len(said["changes"])
            self.after = said["next"]
            if not said["more"]:
                return count


def whole(client: ApiClient, **filters: Any) -> dict[str, Any]:
    """Every service, page by page, as the feed tells them."""
    found: dict[str, Any] = {}
    after = None
    while True:
        params = {"limit": 200, **filters, **({"after": after} if after else {})}
        said = client.get("/api/v1/services", params=params).json()
        for each in said["services"]:
            assert each["service_id"] not in found
            found[each["service_id"]] = {k: v for k, v in each.items() if k not in ("cautions", "edition")}
        after = said["next"]
        if after is None:
            assert len(found) == said["total"]
            return found
