"""A receiver of webhooks in memory: it takes some, refuses others, and checks every signature by an independent library."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import standardwebhooks.webhooks
from standardwebhooks import Webhook as Verifier

from core.storage.message_settings import MessageSettings

SETTINGS = MessageSettings(webhooks_may_be_private=True)
ADDRESS = "https://program.example.ro/in"


@dataclass
class Receiver:
    """Answers as `answer` says, by number of the try; what was not taken does not count as told."""

    answer: Callable[[int], int] = lambda _number: 204
    tries: list[dict[str, Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    signatures: list[str] = field(default_factory=list)

    def __call__(self, method, url, *, body, headers, may_be_private, seconds) -> int:
        said = {**json.loads(body), "id": headers["webhook-id"], "to": url}
        self.last = (body, dict(headers))
        self.tries.append(said)
        status = self.answer(len(self.tries))
        if 200 <= status < 300:
            self.taken.append(said)
            self.ids[said["id"]] += 1
        return status

    def states(self, number: str) -> list[str]:
        return [each["data"]["state"] for each in self.taken if each["data"].get("referral_id") == number]


def verify(secret: str, receiver: Receiver, clock: Callable[[], datetime], monkeypatch) -> Any:
    """Check the last delivery as its receiver would, at the moment that the test's clock shows."""

    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return clock().astimezone(tz)

    monkeypatch.setattr(standardwebhooks.webhooks, "datetime", Then)
    return Verifier(secret).verify(*receiver.last)
