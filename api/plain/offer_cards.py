"""What a plain page shows of an answer: the two blocks, the rest, why not the others, and which buttons there are."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.forms.question_form import question_fields
from api.plain import protected_page
from core.i18n import _
from providers.finder import search_terms
from providers.finder.finder import find_all
from providers.finder.offer_view import AnswerView, OfferGroup, OfferView, answer_view, source_lines, view_of
from providers.rules import needs
from providers.rules.wording import minute_words
from referrals.field.local_in_answers import seen_by
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.forms.form_fields import FieldError
    from api.http.request_view import RequestView
    from providers.finder.answer import Answer, Offer, Query
    from providers.rules.needs import EmergencyLine

_MOST_ELSEWHERE, _MOST_ELSEWHERE_SHORT = 6, 1
_MOST_ALSO_SHORT = 1
_MOST_EXCLUDED, _MOST_EXCLUDED_SHORT = 12, 4


@dataclass(frozen=True)
class OfferButtons:
    """Which buttons a service has: those that would be refused are not drawn."""

    refer: bool = False
    note: bool = False


NOTHING_OFFERED = OfferButtons()


@dataclass(frozen=True)
class OfferBlock:
    """Offers under one heading. is_folded: shown on demand. is_numbered: its services are on the map of the answer."""

    title: str
    note: str
    offers: tuple[OfferView, ...]
    is_folded: bool
    is_numbered: bool = True


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
    need as one for which nobody had a place; empty where who asks has no such button.
    """

    label: str
    words: AnswerView
    may: OfferButtons
    carried: list[tuple[str, str]]
    blocks: tuple[OfferBlock, ...]
    elsewhere: tuple[OfferView, ...]
    elsewhere_count: int
    excluded: tuple[LeftOut, ...]
    excluded_count: int
    protected: list[tuple[str, str]]
    is_short: bool
    is_open: bool
    unmet_key: str


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


def need_answered(
    view: RequestView,
    found: Answer,
    *,
    carried: Iterable[tuple[str, str]] = (),
    is_short: bool = False,
    is_open: bool = False,
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

    Returns
    -------
    NeedAnswered
        For the template.
    """
    words = answer_view(found)
    excluded = found.excluded[: _MOST_EXCLUDED_SHORT if is_short else _MOST_EXCLUDED]
    return NeedAnswered(
        label=search_terms.all_search_terms()[found.query.wanted[0]].label,
        words=words,
        may=OfferButtons(refer=may_send(view, found.query), note=_may_note(view)),
        carried=[*question_fields(found.query), *carried],
        blocks=tuple(_block(group, is_short=is_short) for group in words.groups if group.offers),
        elsewhere=_views(words.elsewhere[: _MOST_ELSEWHERE_SHORT if is_short else _MOST_ELSEWHERE]),
        elsewhere_count=len(words.elsewhere),
        excluded=tuple(
            LeftOut(line.name, "" if line.minutes is None else minute_words(line.minutes), line.words)
            for line in excluded
        ),
        excluded_count=len(found.excluded),
        protected=protected_page.openable(view, found.elsewhere),
        is_short=is_short,
        is_open=is_open,
        unmet_key=secrets.token_urlsafe(12) if may_send(view, found.query) else "",
    )


def _block(group: OfferGroup, *, is_short: bool) -> OfferBlock:
    offers = group.offers[:_MOST_ALSO_SHORT] if is_short and group.key in ("also", "far") else group.offers
    return OfferBlock(group.title, group.note, _views(offers), group.is_folded, is_numbered=group.key != "also")


def _views(offers: Sequence[Offer]) -> tuple[OfferView, ...]:
    return tuple(view_of(offer) for offer in offers)


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
