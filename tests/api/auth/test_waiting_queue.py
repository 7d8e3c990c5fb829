"""A few at work, some more in the queue, and everybody else is told at once."""

from __future__ import annotations

import asyncio

import pytest

from api.auth.waiting_queue import QueueFullError, WaitingQueue
from tests.worlds.servers import own_loop


async def _known() -> bool:
    return True


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Crowd:
    """People who want a turn: each holds it until told to leave."""

    def __init__(self, turns: WaitingQueue) -> None:
        self.turns, self.inside, self.leave, self.refused = turns, [], {}, []

    async def come(self, name: str, *, is_known: bool = False) -> asyncio.Task:
        self.leave[name] = asyncio.Event()
        task = asyncio.create_task(self._stay(name, is_known=is_known))
        await _settle()
        return task

    async def _stay(self, name: str, *, is_known: bool) -> None:
        try:
            async with self.turns.turn(_known if is_known else None):
                self.inside.append(name)
                await self.leave[name].wait()
                self.inside.remove(name)
        except QueueFullError:
            self.refused.append(name)

    async def go(self, *names: str) -> None:
        for name in names:
            self.leave[name].set()
        await _settle()


def run(story, **limits):
    async def told():
        crowd = Crowd(WaitingQueue(2, **limits))
        await story(crowd)
        for event in crowd.leave.values():
            event.set()
        await _settle()
        assert crowd.inside == []
        assert crowd.turns._free == 2, "every turn came back"

    own_loop.run(told())


def test_those_who_come_are_served_in_order_and_the_rest_are_refused_at_once():
    async def story(crowd):
        for name in "abcde":
            await crowd.come(name)
        assert (crowd.inside, crowd.refused) == (["a", "b"], ["e"])
        await crowd.go("b")
        assert crowd.inside == ["a", "c"]
        await crowd.come("f")
        await crowd.go("a", "c")
        assert crowd.inside == ["d", "f"]

    run(story, waiting=2)


def test_the_known_have_places_of_their_own_and_go_first():
    async def story(crowd):
        for name in "abcd":
            await crowd.come(name)
        await crowd.come("owner", is_known=True)
        await crowd.come("owner 2", is_known=True)
        assert (crowd.inside, crowd.refused) == (["a", "b"], ["d", "owner 2"])
        await crowd.go("a")
        assert crowd.inside == ["b", "owner"]

    run(story, waiting=1, reserved=1)


def test_nobody_waits_for_ever_and_a_place_given_up_is_free():
    async def story(crowd):
        for name in "ab":
            await crowd.come(name)
        late = await crowd.come("c")
        await late
        assert crowd.refused == ["c"]
        gone = await crowd.come("d")
        gone.cancel()
        await _settle()
        await crowd.come("e")
        await crowd.go("a")
        assert crowd.inside == ["b", "e"]

    run(story, waiting=1, seconds=0.05)


def test_who_leaves_as_the_turn_comes_passes_it_on():
    async def story(crowd):
        for name in "ab":
            await crowd.come(name)
        first = await crowd.come("c")
        await crowd.come("d")
        crowd.leave["a"].set()
        await asyncio.sleep(0)
        first.cancel()
        await _settle()
        assert crowd.inside == ["b", "d"]

    run(story, waiting=2)


def test_a_fault_at_work_gives_the_turn_back():
    async def story(crowd):
        for _ in range(5):
            with pytest.raises(RuntimeError):
                async with crowd.turns.turn():
                    raise RuntimeError

    run(story, waiting=0)
