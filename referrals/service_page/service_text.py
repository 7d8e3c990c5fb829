"""The page of a service for a terminal and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from referrals.service_page.service_facts import ServiceFact, ServicePage


def page_json(page: ServicePage) -> dict[str, Any]:
    """Return the page of a service as JSON.

    Parameters
    ----------
    page
        From `service_page`.

    Returns
    -------
    dict
        `service_id`, `name`, `service_type`, `places`, `cautions`, `phones`, `steps`, `answering`, `source`,
        and `facts`: `group`, `name`, `value`, `known` and `doubt` each; what is not known is null.
    """
    offer = page.offer
    return {
        "service_id": page.service_id,
        "name": offer.name,
        "service_type": page.service_type,
        "places": offer.places.words if offer.places else None,
        "cautions": list(offer.cautions),
        "phones": [each.text for each in offer.phones],
        "steps": list(offer.steps),
        "answering": offer.answering or None,
        "lat": page.point[0] if page.point else None,
        "lon": page.point[1] if page.point else None,
        "facts": [
            {
                "group": group.title,
                "name": fact.name,
                "value": fact.value,
                "known": fact.known or None,
                "doubt": fact.doubt or None,
            }
            for group in page.groups
            for fact in group.facts
        ],
        "source": page.source or None,
    }


def page_lines(page: ServicePage) -> Iterator[str]:
    """Write the page of a service as lines of a terminal.

    Parameters
    ----------
    page
        From `service_page`.

    Yields
    ------
    str
        Name, places, cautions, then each fact with its age, under its heading.
    """
    yield page.offer.name
    if page.offer.places:
        yield page.offer.places.words
    yield from page.offer.cautions
    for group in page.groups:
        yield ""
        yield group.title
        yield from (f"  {_fact_words(fact)}" for fact in group.facts)
    if page.source:
        yield ""
        yield _("Sursa: {source}").format(source=page.source)
    yield page.service_id


def _fact_words(fact: ServiceFact) -> str:
    text = " · ".join(filter(None, (fact.value, fact.known)))
    return f"{fact.name}: {text}" + (f" ! {fact.doubt}" if fact.doubt else "")
