"""Counting by week what is searched and not found; nothing of it leads back to who searched.

A need is counted where nobody within reach answers it, by the community from which was asked; a sensitive one by its
county alone. Of words only single ones are kept, folded, apart from each other: nothing of a text that says who a
person is, no word with a capital letter (a name), none with a digit, no name of a place. A word that the vocabulary
does not have is listed once three accounts typed it. Counts under five are said as such, and after half a year they
are forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from core.romanian_calendar import BUCHAREST
from core.text import fold
from providers.rules.need_words import known_words
from providers.rules.needs import needs
from referrals.database import models
from referrals.ledger.provider_tokens import signing_key
from referrals.records import roles
from referrals.records.free_text import personal_data
from referrals.records.ledger_errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from providers.finder.answer import Answer
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

LISTED_WEEKS, _KEPT_WEEKS = 8, 26
LEAST_ACCOUNTS = 3  # that typed a word before it is listed
SMALL = 5  # counts under it are not told apart
_SHORTEST, _LONGEST = 3, 24  # letters of a word
_MOST_WORDS = 8  # of one text
_MOST_LISTED = 100


@dataclass(frozen=True)
class SearchGaps:
    """What was searched and not found in the last weeks, the most frequent first.

    Attributes
    ----------
    needs
        Code, letters of the county, how often; None = fewer than five times.
    places
        Code of a need, SIRUTA of the community, how often; only from five times on.
    words
        Word and how often; empty for who does not keep the vocabulary.
    """

    needs: tuple[tuple[str, str, int | None], ...]
    places: tuple[tuple[str, int, int], ...]
    words: tuple[tuple[str, int | None], ...]


def week_of(moment: datetime) -> str:
    """Name the week of a moment as ISO 8601 does: 2026-W49."""
    year, week, _day = moment.astimezone(BUCHAREST).isocalendar()
    return f"{year}-W{week:02d}"


def is_unanswered(answer: Answer) -> bool:
    """Whether nobody within reach takes the person: neither at a site, nor at home, nor from afar."""
    full = {each.service_id for each in answer.full}
    return not any(each.service_id not in full for each in answer.near) and not any(
        not each.is_kind for each in answer.elsewhere
    )


def note_answers(ledger: Ledger, answers: Iterable[Answer]) -> int:
    """Count the needs of a search that nobody answers.

    Parameters
    ----------
    ledger
        Where it is counted.
    answers
        One a need; services asked for by their type are not counted.

    Returns
    -------
    int
        How many were counted.
    """
    known = needs()
    rows = []
    for answer in answers:
        code, origin = answer.query.wanted[0], answer.query.origin
        if code not in known or not is_unanswered(answer):
            continue
        uat = 0 if answer.is_sensitive or known[code].is_sensitive else origin.uat_siruta
        rows.append({"need": code, "county": origin.county, "uat_siruta": uat})
    if rows:
        _count(ledger, models.search_gaps, rows)
    return len(rows)


def note_unfound(ledger: Ledger, text: str, *, actor: Actor | None, is_place: Callable[[str], bool]) -> int:
    """Count the words of a text for which no need was found.

    Parameters
    ----------
    ledger
        Where they are counted.
    text
        What was typed; nothing of it is kept where it says who a person is.
    actor
        Whose account typed it; of nobody's only words of the vocabulary are counted.
    is_place
        Tells whether a folded word is the name of a place, or a part of one: it is not counted.

    Returns
    -------
    int
        How many words were counted.
    """
    if personal_data(text) is not None:
        return 0
    typist = _typist(ledger, actor)
    rows = []
    for word in sorted(_countable(text))[:_MOST_WORDS]:
        if is_place(word):
            continue
        if word in known_words():
            rows.append({"word": word, "typist": ""})
        elif typist:
            rows.append({"word": word, "typist": typist})
    if rows:
        _count(ledger, models.unfound_words, rows)
    return len(rows)


def _typist(ledger: Ledger, actor: Actor | None) -> str:
    if actor is None or not actor.account:
        return ""
    key = signing_key(ledger).encode()
    return hmac.new(key, f"typist:{actor.role}:{actor.account}".encode(), hashlib.sha256).hexdigest()[:16]


def _countable(text: str) -> set[str]:
    typed = re.findall(r"[^\W_]+", text)
    # A capital letter begins a name, also of the first word: better lose a word than keep a person.
    return {fold(word) for word in typed if word.isalpha() and word.islower() and _SHORTEST <= len(word) <= _LONGEST}


def _count(ledger: Ledger, table: Any, rows: list[dict[str, Any]]) -> None:
    now = ledger.clock()
    with suppress(LedgerError), ledger.store.write() as connection:  # a search is answered all the same
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        for row in rows:
            statement = insert(table).values(week=week_of(now), times=1, **row)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=list(table.primary_key.columns), set_={"times": table.c.times + 1}
                )
            )
        connection.execute(delete(table).where(table.c.week < week_of(now - timedelta(weeks=_KEPT_WEEKS))))


def search_gaps(ledger: Ledger, *, actor: Actor) -> SearchGaps:
    """Say what was searched and not found in the last eight weeks.

    Parameters
    ----------
    ledger
        Where it is counted.
    actor
        A county unit sees its county; whoever keeps the vocabulary sees the words too.

    Returns
    -------
    SearchGaps
        Small counts are hidden.

    Raises
    ------
    NotAllowedError
        Where the actor may not see it.
    """
    county, _uat = roles.own_area(actor)
    roles.require(actor, "gap.read", roles.Area(county))
    since = week_of(ledger.clock() - timedelta(weeks=LISTED_WEEKS))
    table = models.search_gaps
    query = select(table).where(table.c.week > since)
    if county:
        query = query.where(table.c.county == county)
    by_need: Counter[tuple[str, str]] = Counter()
    by_place: Counter[tuple[str, int]] = Counter()
    with ledger.store.read() as connection:
        for row in connection.execute(query):
            by_need[row.need, row.county] += row.times
            if row.uat_siruta:
                by_place[row.need, row.uat_siruta] += row.times
        words = _words(connection, since) if roles.allows(actor, "gap.words", roles.NATION) else ()
    return SearchGaps(
        tuple((*pair, _shown(n)) for pair, n in sorted(by_need.items(), key=_most_first)[:_MOST_LISTED]),
        tuple((*pair, n) for pair, n in sorted(by_place.items(), key=_most_first)[:_MOST_LISTED] if n >= SMALL),
        words,
    )


def _words(connection: Connection, since: str) -> tuple[tuple[str, int | None], ...]:
    table = models.unfound_words
    times: Counter[str] = Counter()
    typists: defaultdict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(table).where(table.c.week > since)):
        times[row.word] += row.times
        typists[row.word].add(row.typist)
    listed = {word: n for word, n in times.items() if "" in typists[word] or len(typists[word]) >= LEAST_ACCOUNTS}
    return tuple((word, _shown(n)) for word, n in sorted(listed.items(), key=_most_first)[:_MOST_LISTED])


def _most_first(pair: tuple[Any, int]) -> tuple[int, Any]:
    # Those under five come in the order of their names: their order would tell them apart.
    return (-pair[1] if pair[1] >= SMALL else 0, pair[0])


def _shown(times: int) -> int | None:
    return times if times >= SMALL else None
