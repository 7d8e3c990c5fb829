"""News on the screen: what the outbox tells an account, for whoever has no e-mail, and for everybody else too.

What went out by e-mail or telephone stands in the list and is not counted as new. Nothing is marked as read by
looking: links are opened by machines too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from core.i18n import _
from referrals.database.models import messages, news_read
from referrals.delivery.mail_text import MailItem, subject_of
from referrals.delivery.message_items import ItemMaker
from referrals.ledger.provider_tokens import signing_key
from referrals.outbox.message_queue import QueuedMessage
from referrals.workflow.worklist import moment_words

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

_ROLES = ("team", "county", "admin")  # to whom news are written
_LOOKED_BACK = timedelta(days=30)
_MOST = 50
_PAGES = {"webhook_paused": "/simplu/programe"}
_ANY_UAT, _NO_UAT = -1, 0
# Built once: every page counts them, and building a statement costs more than running it. The recipients stand by
# themselves, so that their index is used. What an account reported may be mended in another area, and no person is
# named in that.
_MINE = (
    messages.c.recipient.in_((bindparam("own"), bindparam("area"))),
    or_(
        and_(
            messages.c.county == bindparam("of_county"),
            or_(bindparam("of_uat") == _ANY_UAT, messages.c.uat_siruta == bindparam("of_uat")),
        ),
        and_(messages.c.recipient == bindparam("own"), messages.c.kind == "fact_mended"),
    ),
    messages.c.made_at > bindparam("since"),
)
_READ_UNTIL = select(func.coalesce(func.max(news_read.c.message_id), 0)).where(
    news_read.c.reader == bindparam("reader")
)
_COUNT_NEW = select(func.count()).where(
    *_MINE, messages.c.message_id > bindparam("read_until"), messages.c.state != "sent"
)


@dataclass(frozen=True)
class NewsLine:
    """One piece of news.

    Attributes
    ----------
    message_id
        Its number.
    words, lines
        What is told, and further lines.
    note
        When; and that it is no longer so, where that is the case.
    address
        Where to go on, "" = nowhere.
    is_new
        Whether it was neither read nor sent.
    """

    message_id: int
    words: str
    lines: tuple[str, ...]
    note: str
    address: str
    is_new: bool


def has_news(actor: Actor | None) -> bool:
    """Whether news are written to a role at all."""
    return actor is not None and actor.role in _ROLES


def count_news(ledger: Ledger, actor: Actor | None) -> int:
    """Count what was told to somebody and is neither read nor sent; 0 for whoever is told nothing."""
    if actor is None or not has_news(actor):
        return 0
    with ledger.store.read() as connection:
        asked = {**_of(actor, ledger.clock()), "read_until": _read_until(connection, actor)}
        return int(connection.execute(_COUNT_NEW, asked).scalar_one())


def list_news(directory: Directory, *, actor: Actor) -> list[NewsLine]:
    """List what was told to somebody within a month, the newest first.

    Parameters
    ----------
    directory
        Names, and the ledger.
    actor
        Who looks: sees the news of the own account and area alone.

    Returns
    -------
    list of NewsLine
        At most 50; none for a role to which nothing is told.
    """
    if not has_news(actor):
        return []
    ledger = directory.ledger
    catalogue, key, now = directory.snapshot().catalogue, signing_key(ledger), ledger.clock()
    maker = ItemMaker(catalogue, "", key, now)
    columns = [messages.c[name] for name in QueuedMessage.__dataclass_fields__]
    query = select(*columns).where(*_MINE).order_by(messages.c.message_id.desc()).limit(_MOST)
    with ledger.store.read() as connection:
        until = _read_until(connection, actor)
        some = [QueuedMessage(**each) for each in connection.execute(query, _of(actor, now)).mappings()]
        return [_line(one, maker.make_item(connection, one), until) for one in some]


def mark_read(ledger: Ledger, *, actor: Actor, until: int) -> None:
    """Note that somebody has read the news up to a message; an earlier one than before changes nothing."""
    if not has_news(actor):
        return
    values = {"message_id": until, "read_at": ledger.clock()}
    with ledger.store.write() as connection:
        row = news_read.c
        last = connection.execute(select(func.max(messages.c.message_id)).where(*_MINE), _of(actor, ledger.clock()))
        values["message_id"] = min(until, last.scalar_one() or 0)
        known = connection.execute(select(row.message_id).where(row.reader == _reader(actor))).scalar_one_or_none()
        if known is None:
            connection.execute(insert(news_read).values(reader=_reader(actor), **values))
        elif known < values["message_id"]:
            connection.execute(update(news_read).where(row.reader == _reader(actor)).values(values))


def _of(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what `_MINE` asks for: what is told to the account, or to its area where that has no account."""
    area = f"team:{actor.uat_siruta}" if actor.role == "team" else f"{actor.role}:{actor.county}"
    uat = (actor.uat_siruta or _NO_UAT) if actor.role == "team" else _ANY_UAT
    own = f"account:{actor.account}"
    return {"own": own, "area": area, "of_county": actor.county, "of_uat": uat, "since": now - _LOOKED_BACK}


def _reader(actor: Actor) -> str:
    return f"{actor.account}/{actor.uat_siruta or actor.county}"[:80]


def _read_until(connection: Connection, actor: Actor) -> int:
    return int(connection.execute(_READ_UNTIL, {"reader": _reader(actor)}).scalar_one())


def _line(one: QueuedMessage, item: MailItem | str, until: int) -> NewsLine:
    is_over = isinstance(item, str)
    number = one.referral_id or one.event.partition("/")[0]
    shown = MailItem(one.kind, number=number) if isinstance(item, str) else item
    when = moment_words(one.made_at)
    note = _("{when} · nu mai este cazul").format(when=when) if is_over else when
    if shown.service:
        note = f"{shown.service} · {note}"
    words = subject_of([shown])
    address = f"/simplu/referire/{one.referral_id}" if one.referral_id else _PAGES.get(one.kind, "")
    if shown.kind == "fact_mended" and shown.service:  # of a protected one nothing is said, nor led to
        words, address = f"{words}. {_('Vă mulțumim.')}", f"/simplu/serviciu/{one.service_id}"
    return NewsLine(
        message_id=one.message_id,
        words=words,
        lines=shown.lines,
        note=note,
        address=address,
        is_new=one.message_id > until and one.state != "sent",
    )
