"""A week of a county in ten lines: counts of the whole county, nothing of one community or one person."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.i18n import _, number
from core.romanian_calendar import BUCHAREST
from referrals.database.models import field_reports, messages, referrals, reports, unmet_needs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from providers.catalogue.catalogue import Catalogue


def week_of(moment: datetime) -> str:
    """Name the last whole week before a moment, as ISO 8601 does: 2026-W09."""
    year, week, _day = (moment.astimezone(BUCHAREST) - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02d}"


def week_lines(connection: Connection, catalogue: Catalogue, county: str, week: str) -> tuple[str, ...]:
    """Format a week of a county in ten lines. week: as `week_of` names it."""
    first = datetime.fromisoformat(f"{week}-1").date()
    begin, end = (datetime.combine(day, time(), BUCHAREST) for day in (first, first + timedelta(days=7)))
    row, unmet, field = referrals.c, unmet_needs.c, field_reports.c
    mine = row.county == county

    def count(*conditions: Any) -> str:
        return number(connection.execute(select(func.count()).where(*conditions)).scalar_one())

    def closed(state: str) -> str:
        return count(mine, row.state == state, row.closed_at >= begin, row.closed_at < end)

    days = (unmet.on_day >= first.isoformat(), unmet.on_day < (first + timedelta(days=7)).isoformat())
    freed = (messages.c.county == county, messages.c.kind == "place_freed")
    return (
        _("Referiri făcute: {n}").format(n=count(mine, row.made_at >= begin, row.made_at < end)),
        _("Acceptate: {n}").format(n=count(mine, row.accepted_at >= begin, row.accepted_at < end)),
        _("Refuzate: {n}").format(n=closed("declined")),
        _("Expirate fără răspuns: {n}").format(n=closed("expired")),
        _("Încheiate: {n}").format(n=closed("completed")),
        _("Așteaptă acum răspuns: {n}").format(n=count(mine, row.state.in_(("held", "asked")))),
        _("Nevoi fără loc: {n}").format(n=count(unmet.county == county, *days)),
        _("Servicii care au spus câte locuri au: {n}").format(n=_reporting(connection, catalogue, county, begin, end)),
        _("Semnale din teren de lămurit: {n}").format(n=count(field.county == county, field.state == "open")),
        _("Locuri eliberate, anunțate celor refuzați: {n}").format(
            n=count(*freed, messages.c.made_at >= begin, messages.c.made_at < end)
        ),
    )


def _reporting(connection: Connection, catalogue: Catalogue, county: str, begin: datetime, end: datetime) -> str:
    query = select(reports.c.service_id).where(reports.c.reported_at >= begin, reports.c.reported_at < end).distinct()
    rows = (catalogue.position.get(service_id) for service_id in connection.execute(query).scalars())
    return number(sum(row is not None and catalogue.cell("county", row) == county for row in rows))
