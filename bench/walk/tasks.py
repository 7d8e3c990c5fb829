"""A task walked as somebody on a window of its own: what stops it is told, and the others are walked all the same."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from api.http import session
from bench.walk.goals import line_of
from bench.walk.hand import PHONE, Hand, Walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.storage.home import Home

PARINCEA, COMMUNITY, COUNTY = 24098, 24089, "BC"
LATE = 24034  # Parava: the demonstration leaves it a month to file
TITLE = ".hs-title, main h1"


def area_of(role: str, community: int = COMMUNITY) -> dict[str, Any]:
    """Give the area of a role: of a team its county and community."""
    return {"team": {"county": COUNTY, "uat_siruta": community}, "county": {"county": COUNTY}}.get(role, {})


class Tasks:
    """What the tasks of one role share; `walks` names them in the order of a day."""

    walks: tuple[str, ...] = ()

    def __init__(self, browser: Any, base: str, home: Home) -> None:
        self.browser, self.base, self.home = browser, base, home
        self.done: list[Walked] = []

    @contextmanager
    def task(
        self, name: str, role: str | None, size: dict[str, int] = PHONE, *, community: int = COMMUNITY
    ) -> Iterator[Hand]:
        """Walk one task as somebody; HARTA_WALK_PICTURES names a folder for pictures of where one stopped."""
        context = self.browser.new_context(viewport=size, locale="ro-RO")
        if role:
            sealed = session.demo_cookie(self.home, role, **area_of(role, community))  # type: ignore[arg-type]
            context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": self.base}])
        walked = Walked(name)
        self.done.append(walked)
        page = context.new_page()
        page.set_default_timeout(15_000)
        try:
            yield Hand(page, self.base, walked)
        except Exception as error:  # noqa: BLE001 - playwright's, or a screen that is not as it was
            walked.is_finished = False
            walked.said = f"NOT FINISHED: {' '.join(str(error).split())[:160]}"
            if folder := os.environ.get("HARTA_WALK_PICTURES"):
                page.screenshot(path=f"{folder}/{name.replace(':', '').replace('/', '')[:60]}.png")
        finally:
            context.close()
            print(line_of(walked), flush=True)

    def walk(self, only: list[str]) -> None:
        """Walk the tasks; only: names of those that are wanted, all where it is empty."""
        for name in self.walks:
            if not only or name in only:
                getattr(self, name)()
