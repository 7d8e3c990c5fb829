"""What is kept by its key: made once, bounded, and never after a failure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import pytest

from core.bounded_cache import BoundedCache


def test_of_one_key_a_result_is_made_once_and_of_another_anew():
    cache, numbers = BoundedCache(3), count()
    assert [cache.take(key, lambda: next(numbers)) for key in ("a", "a", "b", "a")] == [0, 0, 1, 0]


def test_of_too_many_keys_the_one_that_was_not_asked_for_the_longest_goes():
    cache, numbers = BoundedCache(2), count()
    for key in ("a", "b", "a", "c"):
        cache.take(key, lambda: next(numbers))
    assert cache.take("a", lambda: next(numbers)) == 0
    assert cache.take("b", lambda: next(numbers)) == 3


def test_what_fails_is_raised_and_tried_again():
    cache = BoundedCache(2)
    with pytest.raises(ZeroDivisionError):
        cache.take("a", lambda: 1 // 0)
    assert cache.take("a", lambda: 1) == 1


def test_who_asks_for_what_is_being_made_waits_for_it():
    cache, made, begun, may_end = BoundedCache(2), [], Event(), Event()

    def make():
        made.append(1)
        begun.set()
        assert may_end.wait(10)
        return "made"

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(cache.take, "a", make)]
        assert begun.wait(10)
        asked += [pool.submit(cache.take, "a", make) for _ in range(3)]
        assert cache.take("b", lambda: "another") == "another"  # and nobody else does
        may_end.set()
        assert [each.result(10) for each in asked] == ["made"] * 4
    assert len(made) == 1


def test_a_result_may_be_made_of_another_of_the_same_cache():
    cache = BoundedCache(2)
    assert cache.take("a", lambda: cache.take("b", lambda: 1) + 1) == 2
