"""Opening hours: what is read and what is not, and the fast answer against a minute by minute one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.romanian_calendar import BUCHAREST, is_public_holiday
from providers.rules.opening_hours import (
    DAYS,
    HOLIDAY,
    Schedule,
    hours_words,
    opening_at,
    opening_words,
    parse_osm,
    read_hours,
    schedule_words,
)

OFFICE = "Mo-Fr 08:00-16:00"
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BUCHAREST)


def obvious_state(schedule: Schedule, moment: datetime) -> str:
    """Look at every minute of today and of yesterday's overhang."""
    today, yesterday = moment.date(), moment.date() - timedelta(days=1)

    def spans(day):
        if is_public_holiday(day):
            return schedule.days[HOLIDAY]
        return schedule.days[day.weekday()] or ()

    minute = moment.hour * 60 + moment.minute
    for start, end in spans(today) or ():
        if minute in range(start, end):
            return "open"
    for _start, end in spans(yesterday) or ():
        if minute + 1440 in range(1440, end):
            return "open"
    return "unknown" if is_public_holiday(today) and schedule.days[HOLIDAY] is None else "closed"


def obvious_change(schedule: Schedule, moment: datetime) -> datetime | None:
    """Walk on minute by minute until it is surely the other."""
    wanted = "closed" if obvious_state(schedule, moment) == "open" else "open"
    here = moment.replace(second=0, microsecond=0, tzinfo=None)
    for _ in range(14 * 1440):
        here += MINUTE
        if obvious_state(schedule, here) == wanted:
            return here.replace(tzinfo=BUCHAREST)
    return None


SPAN = st.tuples(st.integers(0, 95), st.integers(1, 60)).map(lambda each: (each[0] * 15, each[0] * 15 + each[1] * 15))
SPANS = st.lists(SPAN, max_size=2).map(lambda spans: tuple(sorted(spans)))
SCHEDULES = st.tuples(*[st.none() | SPANS] * 8).map(Schedule)
MOMENTS = st.datetimes(datetime(2026, 11, 25), datetime(2027, 1, 10)).map(
    lambda each: each.replace(second=0, microsecond=0, tzinfo=BUCHAREST)
)


@settings(max_examples=60, deadline=None)
@given(SCHEDULES, MOMENTS)
def test_the_state_and_its_next_change_are_those_of_every_minute(schedule, moment):
    found = opening_at(schedule, moment)
    assert found.state == obvious_state(schedule, moment)
    if schedule.is_always_open:
        assert found.changes_at is None
        return
    expected = obvious_change(schedule, moment)
    assert found.changes_at == expected or (expected is None and found.changes_at >= moment + timedelta(days=14))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-27 10:00", "deschis acum, până la 16:00"),
        ("2026-11-27 07:59", "închis acum, se deschide la 8:00"),
        ("2026-11-25 16:00", "închis acum, se deschide mâine la 8:00"),
        ("2026-11-20 17:00", "închis acum, se deschide luni la 8:00"),
        ("2026-12-01 10:00", "sărbătoare legală: programul de azi nu se știe, sunați înainte"),
        ("2026-11-27 16:30", "închis acum, se deschide miercuri la 8:00"),  # Monday and Tuesday are holidays
    ],
)
def test_it_says_whether_it_is_open_and_until_when(moment, words):
    assert opening_words(opening_at(read_hours(OFFICE), at(moment)), at(moment)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mo-Fr 08:00-16:00; PH off", "luni–vineri 8:00–16:00, sărbători legale închis"),
        ("Mo-Sa 07:30-12:00,13:00-20:00", "luni–sâmbătă 7:30–12:00 13:00–20:00"),
        ("24/7", "non-stop"),
        ("08:00-20:00", "luni–duminică 8:00–20:00"),
        ("Mo-Fr 08:00-16:00; Fr 08:00-14:00", "luni–joi 8:00–16:00, vineri 8:00–14:00"),
        ("Sa-Mo 15:00-08:00", "luni 15:00–8:00, sâmbătă–duminică 15:00–8:00"),
        ("L-V 8-16", "luni–vineri 8:00–16:00"),
        ("luni-vineri 08:00-16:30, sâmbătă închis", "luni–vineri 8:00–16:30, sâmbătă închis"),
        ("luni–vineri, 8–16", "luni–vineri 8:00–16:00"),
        ("Luni, Miercuri și Vineri: 9.00 - 12.30", "luni 9:00–12:30, miercuri 9:00–12:30, vineri 9:00–12:30"),
        ("L-J 8-16:30; V 8-14", "luni–joi 8:00–16:30, vineri 8:00–14:00"),
        ("Program: L-V orele 8-16", "luni–vineri 8:00–16:00"),
        ("Sîmbătă 9-13", "sâmbătă 9:00–13:00"),
        ("SÂMBĂTĂ şi duminică 9-13", "sâmbătă–duminică 9:00–13:00"),
        ("L-D 15-8", "luni–duminică 15:00–8:00"),
        ("NON-STOP", "non-stop"),
        ("zilnic 8-20, sărbători legale închis", "luni–duminică 8:00–20:00, sărbători legale închis"),
        ("L-V de la 8 la 16", "luni–vineri 8:00–16:00"),
        ("luni până vineri 8-16", "luni–vineri 8:00–16:00"),
    ],
)
def test_what_has_one_reading_is_read(text, words):
    assert schedule_words(read_hours(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "Un schimb/zi", "Program normal", "8-16", "M 8-12", "L,M,M,J,V 8-16", "L-V 8-4", "L-V 25-26", "L-V 8:75-16",
        "L-V 8-16, vineri 8-14", "la cerere", "L-V 8-16 cu programare", "Mo-Fr 08:00+", "Jan-Mar Mo 08:00-12:00",
        "Mo[1] 08:00-12:00", "sunrise-sunset", "", ";", "L-V", "închis", "-", 'Mo-Fr 08:00-16:00 "programare"',
        "L-V 8-12 închis", "V 8-16-18",
    ],
)  # fmt: skip
def test_what_has_none_or_more_than_one_stays_the_register_s_words(text):
    assert read_hours(text) is None
    assert hours_words(text) in ("", f"{text} (cum l-a scris registrul)")


@given(st.text(alphabet='LMJVSDoFruPH0123456789:-,; –"[]+lunimarțsâmbătăînchis', max_size=40))
def test_no_text_breaks_the_reader_and_what_is_read_can_be_said(text):
    schedule = read_hours(text)
    if schedule is not None:
        assert schedule_words(schedule)
        assert any(schedule.days)


def test_days_are_the_eight_of_a_schedule():
    always = parse_osm("24/7")
    assert len(always.days) == len(DAYS) + 1
    assert opening_at(always, at("2026-12-01 03:00")).state == "open"
