"""Which cases of a community have items whose referral was made or went on since telephones were told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select

from cases.rules.case_vocabulary import BY_REFERRAL, FAILED_REFERRAL, TAKEN_REFERRAL, UNFINISHED
from referrals.database.models import referrals
from referrals.database.tables import case_tables, exchange_tables

FOLLOWED = "item.follow"  # the kind of the change by which telephones learn of it
_UNTIED_DAYS = 30  # for how long a referral may wait for an item that is drawn up later


def behind(connection: Connection, uat_siruta: int, now: datetime) -> set[str]:
    """Return the cases in which an item has not followed its referral yet, or may be tied to one that has none."""
    items, made = case_tables.plan_items.c, referrals.c
    due = or_(
        made.state.in_(TAKEN_REFERRAL) & (items.state == "planned"),
        (made.state == "completed") & items.state.in_(UNFINISHED),
    )
    following = (
        select(items.case_ref)
        .join(referrals, made.referral_id == items.referral_id)
        .where(items.uat_siruta == uat_siruta, items.referral_id != "", due)
    )
    others = case_tables.plan_items.alias()
    is_tied = select(others.c.item_id).where(others.c.referral_id == made.referral_id).exists()
    untied = (
        select(items.case_ref)
        .join(referrals, (made.case_ref == items.case_ref) & (made.need == items.need))
        .where(
            items.uat_siruta == uat_siruta,
            items.state.in_(UNFINISHED),
            or_(items.member == BY_REFERRAL, items.referral_id != ""),
            made.made_at >= now - timedelta(days=_UNTIED_DAYS),
            ~is_tied,
        )
    )
    return {*connection.execute(following).scalars(), *connection.execute(untied).scalars()}


def failed(connection: Connection, uat_siruta: int) -> set[str]:
    """Return the cases in which an item's referral came to nothing, and telephones were not told so yet."""
    items, made, changes = case_tables.plan_items.c, referrals.c, exchange_tables.case_changes.c
    exists = (
        select(changes.change_id)
        .where(changes.case_ref == items.case_ref, changes.kind == FOLLOWED, changes.received_at >= made.closed_at)
        .exists()
    )
    query = (
        select(items.case_ref)
        .join(referrals, made.referral_id == items.referral_id)
        .where(
            items.uat_siruta == uat_siruta,
            items.referral_id != "",
            items.state.in_(UNFINISHED),
            made.state.in_(FAILED_REFERRAL),
            ~exists,
        )
    )
    return set(connection.execute(query).scalars())
