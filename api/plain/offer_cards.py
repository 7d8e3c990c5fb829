"""An answer on a plain page: danger first, the two blocks, the rest, why not the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.http import page_frame
from api.plain import protected_page, search_page
from core.i18n import _
from core.templating import render
from providers.finder.offer_view import answer_view, phones, places_badge, source_lines, view_of
from providers.rules.wording import minute_words
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.http.request_view import RequestView
    from providers.finder.answer import Answer, Offer, Query

_MOST_ELSEWHERE, _MOST_ELSEWHERE_SHORT = 6, 1
_MOST_ALSO_SHORT = 1
_MOST_EXCLUDED, _MOST_EXCLUDED_SHORT = 12, 4


@dataclass(frozen=True)
class Offered:
    """Which buttons a service has: those that would be refused are not drawn."""

    refer: bool = False
    note: bool = False


NOTHING_OFFERED = Offered()


def may_send(view: RequestView, query: Query) -> bool:
    """Whether who asks may refer the person of a question: teams and county units, people of their own area."""
    home = query.home or query.origin
    area = roles.Area(home.county, home.uat_siruta)
    return view.session is not None and roles.allows(view.session.actor, "referral.make", area)


def _may_note(view: RequestView) -> bool:
    return view.session is not None and roles.allows(view.session.actor, "capacity.report", roles.NATION)


def answer(
    view: RequestView, found: Answer, *, carried: Iterable[tuple[str, str]] = (), is_short: bool = False
) -> Markup:
    """Draw an answer as one form, whose buttons name a service: refer to it, or note what it said by telephone.

    carried: more fields of the form: the referral that a new one is to take the place of, or the case it is for.
    is_short: one of several answers on a page.
    """
    may = Offered(refer=may_send(view, found.query), note=_may_note(view))
    blocks = (
        (_("Loc confirmat"), "", [r for r in found.results if r.block == "confirmed"]),
        (
            _("Sunați înainte"),
            _("locurile nu sunt confirmate"),
            [r for r in found.results if r.block == "call_first"],
        ),
        (_("Mai pot ajuta"), "", found.also[:_MOST_ALSO_SHORT] if is_short else found.also),
    )
    most = _MOST_ELSEWHERE_SHORT if is_short else _MOST_ELSEWHERE
    return render(
        "plain/answer.html",
        v=answer_view(found),
        blocks=[(title, note, _cards(offers, may)) for title, note, offers in blocks if offers],
        elsewhere=_cards(found.elsewhere[:most], may),
        elsewhere_count=len(found.elsewhere),
        excluded=found.excluded[: _MOST_EXCLUDED_SHORT if is_short else _MOST_EXCLUDED],
        excluded_count=len(found.excluded),
        hidden=page_frame.hidden(view, [*search_page.fields_of(found.query), *carried]),
        protected=protected_page.buttons(view, found.elsewhere),
        is_short=is_short,
        minute_words=minute_words,
    )


def _cards(offers: Sequence[Offer], may: Offered) -> list[Markup]:
    return [card(offer, may=may) for offer in offers]


def asked(query: Query) -> Markup:
    """Say near which place."""
    return page_frame.quiet(_("Lângă {place}:").format(place=query.origin.label))


def card(offer: Offer, *, may: Offered = NOTHING_OFFERED, level: int = 3) -> Markup:
    """Draw one offer: name, what it is, the way, places and how old that is, what to do now. level: of its heading."""
    return render("plain/offer.html", o=view_of(offer), may_refer=may.refer, may_note=may.note, level=level)


def badge(offer: Offer) -> Markup:
    """Draw in one chip what is known of places: filled is free, outlined is to be asked, crossed is full."""
    return render("plain/badge.html", places=None if offer.is_secret else places_badge(offer))


def calls(published: str | None) -> Markup:
    """Draw the first two of some published telephone numbers, each one tap away."""
    return render("plain/calls.html", phones=phones(published)[:2])


def sources(answers: Iterable[Answer]) -> Markup:
    """Name what the numbers rest on: every edition, with its day."""
    used = source_lines(source for found in answers for source in found.sources)
    return render("plain/sources.html", lines=used)


def danger(answers: Iterable[Answer]) -> Markup:
    """Draw the national lines of some answers, each once."""
    return page_frame.emergency(dict.fromkeys(line for found in answers for line in found.emergency))
