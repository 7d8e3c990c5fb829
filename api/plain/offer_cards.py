"""What a plain page shows of an answer: rows under their headings, why not the others, and which buttons there are."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.forms.question_form import question_fields
from core.i18n import _
from providers.finder import search_terms
from providers.finder.answer import Result
from providers.finder.answer_view import answer_view, source_lines
from providers.finder.finder import find_all
from providers.finder.offer_view import view_of
from providers.rules import needs
from providers.rules.wording import minute_words
from referrals.field.local_in_answers import seen_by
from referrals.records import roles
from referrals.visit_list import list_kept
from referrals.workflow import protected_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from api.forms.form_fields import FieldError
    from api.http.request_view import RequestView
    from providers.finder.answer import Answer, Offer, Query
    from providers.finder.answer_view import AnswerView, OfferGroup
    from providers.finder.offer_view import OfferView
    from providers.rules.needs import EmergencyLine

_AT_ONCE, _AT_ONCE_SHORT = 3, 1  # rows of a group besides the first that are seen without being asked for
_MOST, _MOST_SHORT = 6, 1  # a page stays small; a filter shows all of its kind
_MOST_FILTERED = 40
_MOST_EXCLUDED, _MOST_EXCLUDED_SHORT = 12, 4
FILTERS = ("", "loc", "acasa", "institutii")  # what of an answer is shown: all, what has a place, who comes, offices


@dataclass(frozen=True)
class OfferButtons:
    """Which buttons a service has: those that would be refused are not drawn.

    keep: to put it on the list for a person. kept: ids of the services that are on it.
    """

    refer: bool = False
    note: bool = False
    keep: bool = False
    kept: frozenset[str] = frozenset()


NOTHING_OFFERED = OfferButtons()


@dataclass(frozen=True)
class OfferRow:
    """An offer in the list. number: there and on the map, 0 where it has none; reason: why it has no place now."""

    o: OfferView
    number: int = 0
    reason: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class OfferBlock:
    """Offers under one heading.

    key: of the group. rows: seen at once; more: on demand; left: how many are not named. is_folded: all on demand.
    """

    key: str
    title: str
    count: int
    rows: tuple[OfferRow, ...]
    more: tuple[OfferRow, ...]
    left: int
    is_folded: bool


@dataclass(frozen=True)
class LeftOut:
    """A service that is nearer and no answer. minutes: empty where nobody travels there."""

    name: str
    minutes: str
    words: str


@dataclass(frozen=True)
class NeedAnswered:
    """The answer to one need as a form, whose buttons name a service.

    carried: fields of the form. protected: (key, name) of records that this actor may open. is_short: one of several
    answers on a page. is_open: no trip of the page has a service for the need. unmet_key: of the button that counts the
    need as one for which nobody had a place; empty where who asks has no such button. only: which of `FILTERS` is on.
    """

    label: str
    words: AnswerView
    may: OfferButtons
    carried: list[tuple[str, str]]
    blocks: tuple[OfferBlock, ...]
    excluded: tuple[LeftOut, ...]
    excluded_count: int
    protected: list[tuple[str, str]]
    is_short: bool
    is_open: bool
    unmet_key: str
    only: str = ""

    @property
    def left_out(self) -> list[tuple[str, str, str]]:
        """Name, way and reason of what is left out."""
        return [(line.name, line.minutes, line.words) for line in self.excluded]


@dataclass(frozen=True)
class EmergencyCall:
    """A national line. dial: what a telephone dials."""

    dial: str
    phone: str
    name: str
    words: str


def may_send(view: RequestView, query: Query) -> bool:
    """Whether who asks may refer the person of a question: teams and county units, people of their own area."""
    home = query.home or query.origin
    area = roles.Area(home.county, home.uat_siruta)
    return view.session is not None and roles.allows(view.session.actor, "referral.make", area)


def _may_note(view: RequestView) -> bool:
    return view.session is not None and roles.allows(view.session.actor, "capacity.report", roles.NATION)


def _buttons(view: RequestView, query: Query) -> OfferButtons:
    kept = list_kept(view.session.session_id).services if view.session is not None else ()
    return OfferButtons(
        refer=may_send(view, query),
        note=_may_note(view),
        keep=view.session is not None,
        kept=frozenset(each.service_id for each in kept),
    )


def need_answered(
    view: RequestView,
    found: Answer,
    *,
    carried: Iterable[tuple[str, str]] = (),
    is_short: bool = False,
    is_open: bool = False,
    shown_before: int = 0,
) -> NeedAnswered:
    """Return what a page shows of the answer to one need.

    Parameters
    ----------
    view
        The request.
    found
        The answer.
    carried
        Name and value of more fields of the form: the referral that a new one is to take the place of, or its case.
    is_short
        Whether less is listed, as beside other answers.
    is_open
        Whether the details are open at first.
    shown_before
        Numbers that stand above, where there are several answers.

    Returns
    -------
    NeedAnswered
        For the template.
    """
    words = answer_view(found)
    excluded = words.excluded[: _MOST_EXCLUDED_SHORT if is_short else _MOST_EXCLUDED]
    only = view.fields.text("arata")
    return NeedAnswered(
        label=search_terms.all_search_terms()[found.query.wanted[0]].label,
        words=words,
        may=_buttons(view, found.query),
        carried=[*question_fields(found.query), *carried],
        blocks=tuple(_blocks(found, words, shown_before, only=only if only in FILTERS else "", is_short=is_short)),
        excluded=tuple(
            LeftOut(line.name, "" if line.minutes is None else minute_words(line.minutes), line.words)
            for line in excluded
        ),
        excluded_count=len(words.excluded),
        protected=protected_records.openable(view.directory, found.elsewhere, actor=view.actor) if view.session else [],
        is_short=is_short,
        is_open=is_open,
        unmet_key=secrets.token_urlsafe(12) if may_send(view, found.query) else "",
        only=only if only in FILTERS else "",
    )


def _blocks(found: Answer, words: AnswerView, before: int, *, only: str, is_short: bool) -> Iterator[OfferBlock]:
    """Part the rows into blocks; a filter leaves rows out and changes no number."""
    numbers = {each.service_id: place for place, each in enumerate(found.listed, start=before + 1)}
    at_once, most = (_AT_ONCE_SHORT, _MOST_SHORT) if is_short else (_AT_ONCE, _MOST)
    if only:
        at_once = most = _MOST_FILTERED
    has_open = before > 0
    for group in words.groups:
        rows = []
        for offer in group.offers:
            row = _row(found, words, offer, numbers)
            if _is_shown(group, row, only):
                is_first = not has_open and group.key in ("near", "home") and _is_usable(row)
                has_open = has_open or is_first
                rows.append(replace(row, is_open=is_first))
        if rows:
            first = len(rows) if group.key == "near" or group.is_folded else at_once
            title, left = group.title, max(len(rows) - max(most, first), 0)
            yield OfferBlock(
                group.key, title, len(rows), tuple(rows[:first]), tuple(rows[first:most]), left, group.is_folded
            )


def _row(found: Answer, words: AnswerView, offer: Offer, numbers: Mapping[str, int]) -> OfferRow:
    seen = view_of(offer)
    is_listed = isinstance(offer, Result) and offer in found.listed
    return OfferRow(seen, numbers[offer.service_id] if is_listed else 0, words.reasons.get(offer.service_id, ""))


def _is_shown(group: OfferGroup, row: OfferRow, only: str) -> bool:
    if only == "loc":
        return group.key in ("near", "home", "far") and row.o.places is not None and row.o.places.kind == "free"
    return not only or group.key == {"acasa": "home", "institutii": "also"}[only]


def _is_usable(row: OfferRow) -> bool:
    return bool(row.o.service_id) and (row.o.places is None or row.o.places.kind != "full")


def answers_to(view: RequestView, query: Query) -> list[Answer]:
    """Answer each need of a question.

    Parameters
    ----------
    view
        The request: what teams know is in an answer only for who may see it.
    query
        What is asked.

    Returns
    -------
    list of Answer
        In the order of the needs.
    """
    reader = view.session.actor if view.session is not None else None
    queries = [replace(query, wanted=(code,)) for code in query.wanted]
    return [seen_by(found, reader) for found in find_all(view.snapshot, queries)]


def sources(answers: Iterable[Answer]) -> tuple[str, ...]:
    """Name what the numbers rest on: every edition, with its day."""
    return source_lines(source for found in answers for source in found.sources)


def danger(answers: Iterable[Answer]) -> tuple[EmergencyCall, ...]:
    """Draw the national lines of some answers, each once.

    Parameters
    ----------
    answers
        Answers to one question.

    Returns
    -------
    Markup
        The lines; empty where there is none.
    """
    return _calls(dict.fromkeys(line for found in answers for line in found.emergency))


def danger_of(error: FieldError | None) -> tuple[EmergencyCall, ...]:
    """Draw the national lines of the needs asked back about: who is in danger does not choose first."""
    return _calls(needs.lines_of_likely(code for code, _words in (error.choices if error is not None else ())))


def _calls(lines: Iterable[EmergencyLine]) -> tuple[EmergencyCall, ...]:
    return tuple(
        EmergencyCall(
            "".join(sign for sign in line.phone if sign.isdigit() or sign == "+"),
            line.phone,
            _(line.name),
            _(line.words),
        )
        for line in lines
    )
