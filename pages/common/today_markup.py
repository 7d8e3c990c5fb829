"""Pieces of „Astăzi” as markup, by the same templates as on plain pages. No Streamlit here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.templating import render_macro
from referrals.today import work_items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from providers.finder.answer import Offer
    from referrals.delivery.news_list import NewsLine
    from referrals.today.county_today import CountyToday
    from referrals.today.work_items import TeamToday, WorkItem
    from reports.views.monthly_view import MonthLine
    from reports.views.national_today import NationalToday

_draw = partial(render_macro, "screen/today.html")


def render_day(day: str) -> Markup:
    """Head the page with the day."""
    return _draw("day", day)


def render_item(item: WorkItem) -> Markup:
    """Draw the head of one thing to do."""
    return _draw("item", item)


def render_calls(item: WorkItem) -> Markup:
    """Draw whom to call."""
    return _draw("calls", item.phones)


def render_slip(number: str) -> Markup:
    """Lead to the slip of a referral."""
    return _draw("slip", number)


def render_next(offer: Offer) -> Markup:
    """Render in one line how far a next service is and what is known of its places."""
    return _draw("next_offer", offer.name, work_items.next_words(offer))


def render_none(words: str) -> Markup:
    """Say that there is nothing."""
    return _draw("nothing", words)


def render_reports(reports: Sequence[MonthLine]) -> Markup:
    """Draw the reports to file or to correct; where there is none, that nothing waits and what to do next."""
    return _draw("reports", reports)


def render_under_way(day: TeamToday) -> Markup:
    """Count what is open and what ended without a result."""
    return _draw("under_way", day.open_count, day.closed)


def render_coming(lines: Sequence[str], title: str) -> Markup:
    """Render what comes within a week."""
    return _draw("coming", title, lines)


def render_papers(county: str) -> Markup:
    """Lead to the pack of the county and the guide."""
    return _draw("papers", county)


def render_county_work(today: CountyToday, reports: Sequence[MonthLine]) -> Markup:
    """Draw reports to decide and referrals to ask about; that nothing waits where there is neither."""
    return _draw("county_work", today, reports)


def render_county(today: CountyToday, late: Sequence[MonthLine]) -> Markup:
    """Draw reports that are late, providers to invite, entries to check, licences that run out, the queue's counts."""
    return _draw("county", today, late)


def render_nation(today: NationalToday) -> Markup:
    """Draw where the national level looks."""
    return _draw("nation", today)


def render_news(lines: Sequence[NewsLine]) -> Markup:
    """Draw what was told to somebody, each with where to go on."""
    return _draw("news", lines)
