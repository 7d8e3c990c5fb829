"""An attribute computed when it is first read, without a lock of the class."""

from __future__ import annotations

import threading

from core.lazy_properties import lazy_property


class LazyRequest:
    """One request."""

    def __init__(self, work):
        self.work, self.times = work, 0

    @lazy_property
    def answer(self):
        """What is answered."""
        self.times += 1
        return self.work()


def test_it_is_computed_once_for_an_object():
    asked = LazyRequest(lambda: [1])
    assert asked.answer is asked.answer
    assert asked.times == 1
    assert LazyRequest.answer.__doc__ == "What is answered."


def test_one_object_does_not_wait_for_another():
    """The fault of functools.cached_property before Python 3.12: the second would wait for the first."""
    both = threading.Barrier(2, timeout=10)
    others = [LazyRequest(both.wait) for _ in range(2)]
    threads = [threading.Thread(target=lambda each=each: each.answer) for each in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(each.answer for each in others) == [0, 1]
