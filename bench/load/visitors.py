"""Who comes on a morning: teams on screens and plain pages, programs that ask the API, providers with their links."""

from __future__ import annotations

import asyncio
import math
import random
import time
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

import httpx

from bench.load.samples import Samples
from bench.load.screen_client import PATIENCE, ScreenClient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bench.load.installation import People

WITHOUT_WORDS = " without words"  # of an error of the application that is no sentence
_LATER = 429
_ANOTHER_SECONDS = 0.5  # after which somebody opens the application in the place of one whose screen has ended
_OF_AN_ANSWER = ("refer-", "places-")  # keys of the buttons that open an answer: to refer there, to note a call


@dataclass
class Morning:
    """How much comes: screens that are open, how they think, and how many of the others come a second.

    stay_seconds: mean of how long somebody has the application open; 0 = until the morning is over.
    """

    screens: int = 139
    arrive_seconds: float = 60.0
    think_seconds: float = 20.0
    plain_a_second: float = 4.0
    api_a_second: float = 2.0
    links_a_second: float = 1.0
    seconds: float = 120.0
    stay_seconds: float = 0.0


@dataclass
class Crowd:
    """Visitors of one installation; each keeps one address of it, as a proxy would send them."""

    bases: list[str]
    people: People
    samples: Samples = field(default_factory=Samples)
    lot: random.Random = field(default_factory=lambda: random.Random(1))
    screen_bytes: int = 0
    _turn: Iterator[str] = field(init=False)
    _tokens: Iterator[str] = field(init=False)
    _cookies: Iterator[str] = field(init=False)  # a session has 40 screens at most, so every team has one of its own

    def __post_init__(self) -> None:
        self._turn, self._tokens = cycle(self.bases), cycle(self.people.tokens)
        self._cookies = cycle(self.people.cookies)

    def question(self) -> str:
        """Return a question for one person, as the address has it."""
        return f"loc={self.lot.choice(self.people.places)}&nevoie={self.lot.choice(self.people.needs)}"

    async def morning(self, plan: Morning) -> None:
        """Let everybody come as planned."""
        self.samples.began = time.monotonic()
        until = self.samples.began + plan.seconds
        async with asyncio.TaskGroup() as group:
            for number in range(plan.screens):
                begins = self.samples.began + plan.arrive_seconds * number / max(1, plan.screens)
                group.create_task(self.screen(begins, until, plan))
            for a_second, visit in (
                (plan.plain_a_second, self.plain),
                (plan.api_a_second, self.api),
                (plan.links_a_second, self.link),
            ):
                group.create_task(self._at_a_pace(a_second, until, visit))

    async def rush(self, clients: int, seconds: float) -> None:
        """Let so many clients ask plain pages one after the other without thinking: how many answers are possible."""
        self.samples.began = time.monotonic()
        until = self.samples.began + seconds

        async def client(base: str) -> None:
            async with self._http(base) as http:
                while time.monotonic() < until:
                    await self._get(http, "plain answer", f"/simplu/gasiti?{self.question()}")

        await asyncio.gather(*(client(next(self._turn)) for _number in range(clients)))

    async def _at_a_pace(self, a_second: float, until: float, visit: Callable[[], Awaitable[None]]) -> None:
        """Begin a visit at a steady pace, whether the ones before have ended or not."""
        async with asyncio.TaskGroup() as group:
            due = time.monotonic()
            while a_second > 0 and (due := due + 1 / a_second) < until:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                group.create_task(visit())  # type: ignore[arg-type]

    async def screen(self, begins: float, until: float, plan: Morning) -> None:
        """Open the application until the morning is over; where people stay for a time, another comes after each."""
        await asyncio.sleep(max(0.0, begins - time.monotonic()))
        while time.monotonic() < until:
            base, cookie = next(self._turn), next(self._cookies)
            with self.samples.timed("screen page"):
                async with self._http(base) as http:
                    self._good(await http.get("/", headers={"Cookie": cookie}))
                    # A proxy says by a cookie of its own which process the screen is to be in.
                    cookie = "; ".join([cookie, *(f"{name}={value}" for name, value in http.cookies.items())])
            with self.samples.watched("screen over"):
                stays = self.lot.expovariate(1 / plan.stay_seconds) if plan.stay_seconds else math.inf
                await self._session(base, cookie, min(until, time.monotonic() + stays), plan.think_seconds)
            await asyncio.sleep(_ANOTHER_SECONDS)

    async def _session(self, base: str, cookie: str, until: float, think: float) -> None:
        """Search, open an answer, change the page, search again."""
        async with ScreenClient(base, cookie) as opened:
            with self.samples.timed("screen opened"):
                await opened.draw()
            while opened.is_open and time.monotonic() < until:
                question = self.question()
                for kind, page, query in (
                    ("screen search", "gasiti", question),
                    ("screen answer", "", ""),
                    ("screen again", "gasiti", f"{question}&ord=timp"),
                    ("screen other page", "referiri", ""),
                ):
                    await asyncio.sleep(self.lot.expovariate(1 / think))
                    if opened.is_open and time.monotonic() < until:
                        with self.samples.timed(kind):
                            await (opened.draw(page, query) if page else opened.press(*_OF_AN_ANSWER))
            self.screen_bytes += opened.bytes

    async def plain(self) -> None:
        """Ask on the plain pages: the empty question, an answer, a service."""
        async with self._http(next(self._turn)) as http:
            await self._get(http, "plain start", "/simplu/gasiti")
            await self._get(http, "plain answer", f"/simplu/gasiti?{self.question()}")
            await self._get(http, "plain service", f"/simplu/serviciu/{self.lot.choice(self.people.services)}")

    async def api(self) -> None:
        """Ask as a program does: the nearest, then a page of the list."""
        headers = {"Authorization": f"Bearer {next(self._tokens)}"}
        async with self._http(next(self._turn)) as http:
            said = {"place": str(self.lot.choice(self.people.places)), "needs": [self.lot.choice(self.people.needs)]}
            with self.samples.timed("api nearest"):
                self._good(await http.post("/api/v1/nearest", json=said, headers=headers))
            with self.samples.timed("api list"):
                self._good(await http.get("/api/v1/services?limit=50", headers=headers))

    async def link(self) -> None:
        """Open a provider's link."""
        async with self._http(next(self._turn)) as http:
            await self._get(http, "link opened", f"/l/{self.lot.choice(self.people.links)}")

    async def _get(self, http: httpx.AsyncClient, kind: str, path: str) -> None:
        answer = None
        with self.samples.timed(kind):
            answer = await http.get(path, headers={"Cookie": next(self._cookies)})
            if answer.status_code != _LATER:
                self._good(answer)
        if answer is not None and answer.status_code == _LATER:
            self.samples.seconds[kind].pop()
            self.samples.waits[kind] += 1

    @staticmethod
    def _good(answer: httpx.Response) -> None:
        if answer.status_code in {200, 201}:
            return
        kind = answer.headers.get("content-type", "")
        is_said = "<h1" in answer.text or ("problem+json" in kind and answer.json().get("detail"))
        raise AssertionError(f"status {answer.status_code}{'' if is_said else WITHOUT_WORDS}")

    @staticmethod
    def _http(base: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=base, timeout=PATIENCE, trust_env=False)
