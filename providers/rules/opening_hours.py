"""Opening hours as data: a part of OpenStreetMap's `opening_hours`, read, evaluated and said in words.

The part that is read (docs/decisions/0031): `24/7`, or rules with `;` between them, each days and then times or `off`:

    rule  = [days] ( span ("," span)* | "off" | "closed" )
    days  = day ("," day)*        day = Mo … Su, a range Mo-Fr, or PH (public holidays)
    span  = HH:MM-HH:MM           the end may be 24:00, or of the next morning

Days that a later rule names are that rule's alone; a rule without days is for Monday to Sunday. On a public holiday
that no rule names nobody knows whether it is open, unless it is open always. Whatever else is written is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from core.i18n import _
from core.romanian_calendar import BUCHAREST, is_public_holiday
from providers.rules.written_hours import osm_hours

if TYPE_CHECKING:
    from collections.abc import Iterator

State = Literal["open", "closed", "unknown"]
Spans = tuple[tuple[int, int], ...]
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAY = 7  # the eighth day of a schedule
DAY_MINUTES = 24 * 60
_LOOK_AHEAD = 15  # days in which the next change is looked for: longer than any row of holidays
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_RULE = re.compile(r"(?P<days>[A-Za-z][A-Za-z, -]*?)?\s*(?P<times>off|closed|\d.*)?")


@dataclass(frozen=True)
class Schedule:
    """When a place is open: for Monday to Sunday and public holidays the spans of that day.

    days: eight entries; None = no rule names the day, () = closed. A span is minutes after the midnight with which
    the day begins; its end is above 1440 where it goes on into the next morning.
    """

    days: tuple[Spans | None, ...]

    @property
    def is_always_open(self) -> bool:
        """Whether it never closes."""
        return all(spans == ((0, DAY_MINUTES),) for spans in self.days)


@dataclass(frozen=True)
class Opening:
    """Whether a place is open at a moment. changes_at: when it closes or opens next (Bucharest); None = not known."""

    state: State
    changes_at: datetime | None = None


@lru_cache(maxsize=4096)
def read_hours(text: str) -> Schedule | None:
    """Read hours as OpenStreetMap or as Romanian registers write them.

    Parameters
    ----------
    text
        As published.

    Returns
    -------
    Schedule | None
        None where the text has no reading, or more than one.

    Examples
    --------
    >>> read_hours("Mo-Fr 08:00-16:00") == read_hours("L-V 8-16") is not None
    True
    >>> read_hours("Un schimb/zi") is None
    True
    """
    return parse_osm(text) or parse_osm(osm_hours(text))


def parse_osm(text: str) -> Schedule | None:
    """Read the part of OpenStreetMap's `opening_hours` that the head of this module states; None for anything else."""
    close = text.strip().rstrip(";").strip()
    if close == "24/7":
        return Schedule((((0, DAY_MINUTES),),) * 8)
    days: list[Spans | None] = [None] * 8
    for rule in close.split(";"):
        read = _rule(rule.strip())
        if read is None:
            return None
        named, spans = read
        for day in named:
            days[day] = spans
    return Schedule(tuple(days)) if any(days) else None


def _rule(text: str) -> tuple[list[int], Spans] | None:
    found = _RULE.fullmatch(text)
    if not text or found is None or found["times"] is None:
        return None
    named = _named_days(found["days"]) if found["days"] else list(range(7))
    spans = () if found["times"] in ("off", "closed") else _spans(found["times"])
    return None if named is None or spans is None else (named, spans)


def _named_days(text: str) -> list[int] | None:
    known = {**{code: i for i, code in enumerate(DAYS)}, "PH": HOLIDAY}
    named: list[int] = []
    for part in text.split(","):
        first, dash, last = (each.strip() for each in part.partition("-"))
        if first not in known or (dash and (last not in known or HOLIDAY in (known[first], known[last]))):
            return None
        start, end = known[first], known[last] if dash else known[first]
        named += [start] if not dash else [(start + i) % 7 for i in range((end - start) % 7 + 1)]
    return named


def _spans(text: str) -> Spans | None:
    spans = []
    for part in text.split(","):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            return None
        from_hour, from_minute, to_hour, to_minute = (int(number) for number in found.groups())
        start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
        if max(from_minute, to_minute) > 59 or start >= DAY_MINUTES or end > DAY_MINUTES:  # noqa: PLR2004
            return None
        spans.append((start, end if end > start else end + DAY_MINUTES))
    return tuple(sorted(spans))


def opening_at(schedule: Schedule, moment: datetime) -> Opening:
    """Say whether a place is open at a moment, and when that changes.

    Parameters
    ----------
    schedule
        Its hours.
    moment
        With a time zone; hours are those of the clock on the wall in Bucharest.

    Returns
    -------
    Opening
        `unknown` on a public holiday that no rule names. `changes_at` is the next minute at which it is surely
        closed (where it is open) or open (where it is not), within 15 days.
    """
    local = moment.astimezone(BUCHAREST)
    now = _state(schedule, local)
    if schedule.is_always_open:
        return Opening("open")
    wanted: State = "closed" if now == "open" else "open"
    first = next((at for at in _boundaries(schedule, local) if _state(schedule, at) == wanted), None)
    return Opening(now, first)


def _boundaries(schedule: Schedule, local: datetime) -> Iterator[datetime]:
    """Give the moments after `local` at which anything may change, in their order."""
    midnight = datetime.combine(local.date(), time(), BUCHAREST)
    for ahead in range(-1, _LOOK_AHEAD):
        begins = midnight + timedelta(days=ahead)
        minutes = {0, *(m for span in _spans_of(schedule, begins.date()) or () for m in span if m < DAY_MINUTES)}
        before = _spans_of(schedule, begins.date() - timedelta(days=1)) or ()
        minutes |= {end - DAY_MINUTES for _start, end in before if end >= DAY_MINUTES}
        yield from (at for m in sorted(minutes) if (at := _on_the_wall(begins.date(), m)) > local)


def _on_the_wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), BUCHAREST)


def _state(schedule: Schedule, local: datetime) -> State:
    minute = local.hour * 60 + local.minute
    today = _spans_of(schedule, local.date())
    before = _spans_of(schedule, local.date() - timedelta(days=1)) or ()
    if any(start <= minute < end for start, end in today or ()) or any(minute + DAY_MINUTES < e for _s, e in before):
        return "open"
    return "unknown" if today is None and is_public_holiday(local.date()) else "closed"


def _spans_of(schedule: Schedule, day: date) -> Spans | None:
    """Return the spans that begin on a day; None on a public holiday that no rule names, () on another such day."""
    if is_public_holiday(day):
        return schedule.days[HOLIDAY]
    return schedule.days[day.weekday()] or ()


def schedule_words(schedule: Schedule) -> str:
    """Format the hours of a week in the language of this request: "luni–vineri 8:00–16:00, sâmbătă închis"."""
    if schedule.is_always_open:
        return _("non-stop")
    items, day = [], 0
    while day <= HOLIDAY:
        last = day
        while last < HOLIDAY - 1 and schedule.days[last + 1] == schedule.days[day]:
            last += 1
        if (spans := schedule.days[day]) is not None:
            times = " ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans) or _("închis")
            named = day_name(day) if last == day else f"{day_name(day)}–{day_name(last)}"
            items.append(f"{named} {times}")
        day = last + 1
    return ", ".join(items)


def hours_words(hours: str | None) -> str:
    """Format the hours of a week; those that have no one reading as the register wrote them; empty where it has none.

    Parameters
    ----------
    hours
        As published.

    Returns
    -------
    str
        In the language of this request, but for the register's own words.
    """
    if not hours:
        return ""
    schedule = read_hours(hours)
    if schedule is None:
        return _("{hours} (cum l-a scris registrul)").format(hours=hours.rstrip("."))
    return schedule_words(schedule)


def opening_words(opening: Opening, at: datetime) -> str:
    """Return whether a place is open, and until when: "deschis acum, până la 16:00", "se deschide luni la 8:00".

    at: the moment of the question, from which today and tomorrow are counted.
    """
    if opening.state == "unknown":
        return _("sărbătoare legală: programul de azi nu se știe, sunați înainte")
    when = opening.changes_at
    if opening.state == "open":
        if when is None:
            return _("deschis acum")
        return _("deschis acum, până {when}").format(when=_when(when, at))
    return _("închis acum, se deschide {when}").format(when=_when(when, at)) if when else _("închis acum")


def _when(then: datetime, at: datetime) -> str:
    ahead = (then.date() - at.astimezone(BUCHAREST).date()).days
    clock = f"{then.hour}:{then.minute:02}"
    if ahead == 0:
        return _("la {time}").format(time=clock)
    if ahead == 1:
        return _("mâine la {time}").format(time=clock)
    day = day_name(then.weekday()) if ahead < 7 else f"{then:%d.%m}"  # noqa: PLR2004
    return _("{day} la {time}").format(day=day, time=clock)


def day_name(day: int) -> str:
    """Name a day of a schedule: 0 is Monday, 7 a public holiday."""
    return (
        _("luni"), _("marți"), _("miercuri"), _("joi"), _("vineri"), _("sâmbătă"), _("duminică"),
        _("sărbători legale"),
    )[day]  # fmt: skip


def _clock(minutes: int) -> str:
    rest = minutes if minutes <= DAY_MINUTES else minutes - DAY_MINUTES
    return f"{rest // 60}:{rest % 60:02}"
