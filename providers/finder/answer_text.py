"""An answer in plain lines, for a terminal and for a message that must work on any telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _, number
from providers.finder.instructions import instructions_for
from providers.rules.wording import age_words, day_words, flag_words, places_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from providers.finder.answer import Answer, Offer, Result

_MOST_EXCLUDED = 8


def answer_lines(answer: Answer) -> Iterator[str]:
    """Say an answer line by line: danger first, the two blocks, the rest, why not the others, sources."""
    for line in answer.emergency:
        yield f"!! {line.phone}: {_(line.name)}"
    yield _("Lângă {place}:").format(place=answer.query.origin.label)
    for block, title, nothing in (
        ("confirmed", _("Loc confirmat"), _("Niciun serviciu nu are acum un loc confirmat.")),
        ("call_first", _("Sunați înainte (locurile nu sunt confirmate)"), _("Niciun alt serviciu potrivit.")),
    ):
        if block == "call_first" and answer.query.only_confirmed:
            continue
        yield ""
        yield title
        results = [r for r in answer.results if r.block == block]
        if not results:
            yield f"  {nothing}"
        for result in results:
            yield from _result(result)
    if answer.also:
        yield ""
        yield _("Mai pot ajuta")
        for result in answer.also:
            yield from _result(result)
    yield from _elsewhere(answer)
    yield from _excluded(answer)
    yield ""
    for source in answer.sources:
        note = _(" (date demonstrative)") if source.synthetic else ""
        yield _("Sursa: {title}, la {day}{note}").format(title=_(source.title), day=source.as_of, note=note)


def _result(result: Result) -> Iterator[str]:
    close = result.distance_m < 100  # noqa: PLR2004 - metres: a settlement is one point, so 0 would be false precision
    way = _("{minutes} min, {km} km în linie dreaptă").format(
        minutes=number(max(1.0, result.minutes)),
        km=_("sub {n}").format(n=number(0.1, 1)) if close else number(result.distance_m / 1000, 1),
    )
    yield f"  {result.rank}. {result.name} · {way}  [{result.service_id}]"
    yield f"     {_(result.type_name)} · {result.organization} · {capacity_words(result)}"
    details = [result.locality, result.address, result.phone, _licence(result)]
    yield "     " + " · ".join(text for text in details if text)
    for flag in result.flags:
        if flag.startswith("doubt_"):
            yield f"     ? {flag_words(flag)}"
    if result.rank == 1:
        yield from (f"     → {step}" for step in instructions_for(result))
    elif result.access_route == "decision":
        yield "     " + _("Se intră prin decizie: {who}").format(who=_(result.decision_by or "") or _("neprecizat"))


def capacity_words(offer: Offer) -> str:
    """Say what is known of the places of an offer, with the age of the report."""
    if offer.status == "open":
        return _("fără limită de locuri")
    if offer.status == "assess":
        return _("locul se stabilește după evaluare")
    if offer.places_reported_at is not None and offer.status == "free":
        free = places_words(offer.places_free) if offer.places_free is not None else _("are locuri libere")
        return f"{free}, {_('raportat')} {age_words(offer.report_age_days or 0.0)}"
    if offer.places_reported_at is not None and offer.status in ("full", "waitlist"):
        said = _("nu avea locuri") if offer.status == "full" else _("avea listă de așteptare")
        return f"{said}, {_('raportat')} {age_words(offer.report_age_days or 0.0)}"
    if offer.places_max is not None:
        return _("locuri licențiate: {n}; libere: necunoscut").format(n=number(offer.places_max))
    return _("locuri libere: necunoscut")


def _licence(offer: Offer) -> str:
    if offer.licence_valid_until is not None:
        return _("licență până la {day}").format(day=day_words(offer.licence_valid_until))
    return ""


def _elsewhere(answer: Answer) -> Iterator[str]:
    if not answer.elsewhere:
        return
    yield ""
    yield _("Fără drum sau fără adresă publică")
    words = {
        "at_home": _("vine la domiciliu"),
        "mobile": _("echipă mobilă"),
        "remote": _("la distanță"),
        "secret": _("adresă protejată: contactul este prin direcția județeană (DGASPC)"),
        "not_placed": _("adresa nu este cunoscută"),
    }
    for offer in answer.elsewhere:
        phone = f" · {offer.phone}" if offer.phone else ""
        yield f"  - {offer.name} · {words[offer.why]}{phone}  [{offer.service_id}]"


def _excluded(answer: Answer) -> Iterator[str]:
    if not answer.excluded:
        return
    yield ""
    yield _("De ce nu altele?")
    for line in answer.excluded[:_MOST_EXCLUDED]:
        way = f", {_('{n} min').format(n=number(line.minutes))}" if line.minutes is not None else ""
        yield f"  - {line.name}{way}: {line.words}"
    more = len(answer.excluded) - _MOST_EXCLUDED
    if more > 0:
        yield "  " + _("… și încă {n} (toate sunt în răspunsul --json)").format(n=more)
