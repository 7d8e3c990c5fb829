"""The list for a person of a session: of that session alone, in the order chosen, and every loss can be taken back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadValueError
from providers.rules import needs
from referrals.visit_list import change_list, keep_service, kept_lists, list_kept, need_to_keep
from tests.worlds.homes.small_world import CHILD_DAY_CENTRE


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    kept_lists._kept.clear()
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(kept_lists.time, "monotonic", lambda: clock.now)
    return clock


def ids(session="one"):
    return [each.service_id for each in list_kept(session).services]


def keep(*names, session="one"):
    for name in names:
        keep_service(session, name)


def test_a_list_belongs_to_its_session_and_nobody_has_one_without():
    keep("a", "b")
    keep("a", session="")
    assert (ids(), ids("other"), ids("")) == (["a", "b"], [], [])


def test_a_service_is_kept_once_and_a_full_list_says_so():
    keep("a", "b", "a")
    assert ids() == ["a", "b"]
    keep(*(f"s{n}" for n in range(kept_lists.MOST_SERVICES - 2)))
    with pytest.raises(BadValueError, match="12"):
        keep("one too many")
    keep("a")  # already there: nothing is refused
    assert len(ids()) == kept_lists.MOST_SERVICES


@pytest.mark.parametrize(("step", "service"), [("goleste", ""), ("scoate", "b")])
def test_what_takes_services_off_is_taken_back_with_one_step(step, service):
    keep("a", "b", "c")
    change_list("one", step, service)
    assert ids() == ([] if step == "goleste" else ["a", "c"])
    change_list("one", "inapoi")
    assert ids() == ["a", "b", "c"]
    assert list_kept("one").before is None


def test_another_step_is_refused():
    with pytest.raises(BadValueError):
        change_list("one", "sterge-tot", "a")


@given(st.lists(st.tuples(st.sampled_from(["sus", "jos"]), st.sampled_from("abcdx")), max_size=12))
def test_moving_agrees_with_the_obvious_swap(steps):
    kept_lists._kept.clear()
    keep("a", "b", "c", "d")
    slow = ["a", "b", "c", "d"]
    for step, name in steps:
        change_list("one", step, name)
        if name in slow:
            at = slow.index(name)
            to = min(max(at + (1 if step == "jos" else -1), 0), len(slow) - 1)
            slow.insert(to, slow.pop(at))
    assert ids() == slow


def test_hours_after_the_last_step_it_is_forgotten(moment):
    keep("a")
    moment.now = kept_lists.KEEP_SECONDS
    assert ids() == ["a"]
    moment.now += 1
    assert ids() == []


def test_old_lists_make_room():
    for number in range(kept_lists._MOST_LISTS + 1):
        keep("a", session=f"s{number}")
    assert (ids("s0"), ids("s1")) == ([], ["a"])


def test_a_need_is_kept_for_its_papers_only_where_it_may_be_known():
    answered = [
        code
        for code, rows in needs.need_answers().items()
        if any(each.service_type == CHILD_DAY_CENTRE for each in rows)
    ]
    plain = next(code for code in answered if not needs.needs()[code].is_sensitive)
    assert need_to_keep(CHILD_DAY_CENTRE, ("clothes", plain)) == plain
    assert need_to_keep(CHILD_DAY_CENTRE, (CHILD_DAY_CENTRE,)) == ""
    for code, need in needs.needs().items():
        if need.is_sensitive:
            kinds = {each.service_type for each in needs.need_answers().get(code, ())}
            assert {need_to_keep(kind, (code,)) for kind in kinds} <= {""}
