"""What may be read around the offers of an answer, in the language of this request. Every surface says it alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from core.i18n import _, ngettext, number
from core.text import collation_key
from providers.finder.answer import FARTHER, Elsewhere, Result
from providers.finder.offer_view import places_badge
from providers.local.local_view import local_view
from providers.rules.help_tables.first_hour import first_hours_of
from providers.rules.help_tables.own_steps import own_steps_of, own_steps_view
from providers.rules.taxonomy import service_type
from providers.rules.travel_words import how_measured, in_whose_place, straight_error_words
from providers.rules.wording import iso_day, minute_words, register_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from providers.finder.answer import Answer, Excluded, Offer, SourceUsed
    from providers.local.local_view import LocalView
    from providers.rules.help_tables.first_hour import FirstHour
    from providers.rules.help_tables.own_steps import OwnStepsView

_COMES = ("at_home", "mobile")
_NOBODY = "nobody_near"
_NOT_LISTED = (*_COMES, _NOBODY)
_HOUR = 60


@dataclass(frozen=True)
class FirstHourView:
    """What to do in the first hour of a danger: a title, and lists of sentences, each under its heading."""

    title: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class OfferGroup:
    """Offers that stand under one heading.

    key: `near`, `home`, `also`, `remote`, `nobody` or `far`. nothing: what to say where there is none. is_folded:
    whether it is shown on demand.
    """

    key: str
    title: str
    note: str
    nothing: str
    offers: tuple[Offer, ...]
    is_folded: bool


@dataclass(frozen=True)
class AwayOffers:
    """Offers of other counties that nobody travels to: how each label is counted, and how they are reached."""

    title: str
    how: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class AnswerView:
    """What may be read around the offers of an answer.

    first_hour: what to do at once where the need is a danger. summary: the answer in a sentence. missing: names the
    registers that would answer and were never imported, or empty. empty: where there is no result, a title and what to
    do. groups: the offers under their headings, in the order in which they are read. away: offers of other counties
    that nobody travels to, which are shown on demand. reasons: why a service of the list has no place now, by its id.
    excluded: nearer services that are in no group. sources: every edition with its day. own_steps: what the asker's own
    office does about the need. local: what teams know beside the registers. how_measured: how the minutes come about.
    """

    place: str
    first_hour: tuple[FirstHourView, ...]
    summary: str
    groups: tuple[OfferGroup, ...]
    away: AwayOffers | None
    reasons: Mapping[str, str]
    excluded: tuple[Excluded, ...]
    missing: str
    empty: tuple[str, ...]
    sources: tuple[str, ...]
    how_measured: str
    own_steps: tuple[OwnStepsView, ...] = ()
    local: tuple[LocalView, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """What a list may be narrowed to: `free` has a place, `home` comes home, `also` is an institution."""
        keys = {group.key for group in self.groups if group.offers}
        listed = (offer for group in self.groups if group.key in ("near", "home", "far") for offer in group.offers)
        free = {"free"} if any(not o.is_secret and places_badge(o).kind == "free" for o in listed) else set()
        return frozenset((keys & {"home", "also"}) | free)


def answer_view(answer: Answer) -> AnswerView:
    """Return what may be read around the offers of an answer, in the language of this request.

    Parameters
    ----------
    answer
        An answer of the finder.

    Returns
    -------
    AnswerView
        Sentences without markup.
    """
    county = (answer.query.home or answer.query.origin).county
    shown = {offer.service_id for offer in (*answer.first, *answer.also)}
    left = [offer for offer in answer.elsewhere if offer.service_id not in shown]
    groups = tuple(_groups(answer, [offer for offer in left if offer.county in (county, None)]))
    full = {offer.service_id for offer in answer.full}
    return AnswerView(
        place=_("Lângă {place}:").format(place=answer.query.origin.label),
        first_hour=tuple(first_hour_view(each) for each in first_hours_of(answer.query.wanted)),
        summary=_summary(answer, groups),
        groups=groups,
        away=away_view([offer for offer in left if offer.county not in (county, None)]),
        reasons={line.service_id: line.words for line in answer.excluded if line.service_id in full},
        excluded=tuple(line for line in answer.excluded if line.service_id not in full),
        missing=missing_words(answer.missing),
        empty=() if answer.results or answer.first else tuple(_empty(answer)),
        sources=source_lines(answer.sources),
        how_measured=how_measured_words(answer),
        own_steps=tuple(own_steps_view(each) for each in own_steps_of(answer.query.wanted)),
        local=tuple(local_view(offer) for offer in answer.local),
    )


def away_view(offers: Sequence[Elsewhere]) -> AwayOffers | None:
    """Say of offers of other counties how many there are, those under one public label counted together.

    Parameters
    ----------
    offers
        Offers that nobody travels to.

    Returns
    -------
    AwayOffers or None
        None where there is none.
    """
    if not offers:
        return None
    title = ngettext("În alte județe: {n} serviciu", "În alte județe: {n} servicii", len(offers))
    is_protected = any(offer.is_secret for offer in offers)
    how = _("Adresa nu se arată nimănui. Legătura se face prin direcția județeană (DGASPC).") if is_protected else ""
    counted = sorted(Counter(offer.name for offer in offers).items(), key=lambda pair: collation_key(pair[0]))
    labels = tuple(name if n == 1 else f"{name} × {number(n)}" for name, n in counted)
    return AwayOffers(title.format(n=number(len(offers))), how, labels)


def how_measured_words(answer: Answer) -> str:
    """Return how the minutes of an answer come about and, of a straight line, how far from the roads that is here.

    Parameters
    ----------
    answer
        An answer of the finder.

    Returns
    -------
    str
        Sentences.
    """
    return " ".join(part for part in (how_measured(answer.travel), _straight_error_words(answer)) if part)


def minutes_note(answer: Answer) -> str:
    """Say of minutes what a reader would not expect: that something chosen does not serve, how far off they are here.

    Parameters
    ----------
    answer
        An answer of the finder.

    Returns
    -------
    str
        Sentences for a page that is kept short; empty where there is nothing to say.
    """
    return " ".join(part for part in (in_whose_place(answer.travel), _straight_error_words(answer)) if part)


def _straight_error_words(answer: Answer) -> str:
    error = answer.straight_error
    return "" if error is None else straight_error_words(error, answer.county_name)


def first_hour_view(danger: FirstHour) -> FirstHourView:
    """Say what to do in the first hour of a danger, in the language of this request.

    Parameters
    ----------
    danger
        A row of `providers.rules.help_tables.first_hour`.

    Returns
    -------
    FirstHourView
        Whom to call first, then what to do, what not, and what must be reported.
    """
    parts = (
        (_("Sunați"), danger.call),
        (_("Faceți"), danger.do),
        (_("Nu faceți"), danger.dont),
        (_("Obligația de a sesiza"), danger.report),
    )
    return FirstHourView(
        _("Prima oră: {danger}").format(danger=_(danger.title)),
        tuple((heading, tuple(_(line) for line in lines)) for heading, lines in parts if lines),
    )


def _groups(answer: Answer, near_home: list[Elsewhere]) -> Iterator[OfferGroup]:
    """Part the offers: one list within reach, who comes home, what helps besides, what needs no way, the far.

    near_home: what nobody travels to, of the home's county, and that is neither first nor helps besides.
    """
    besides = [offer for offer in answer.also if not _is_far(offer)]
    every = (*answer.first, *besides, *near_home)
    home = [offer for offer in every if isinstance(offer, Elsewhere) and offer.why in _COMES]
    near = tuple(_near_list(answer))
    far = tuple(offer for offer in (*answer.others, *answer.also) if _is_far(offer))
    remote = tuple(offer for offer in near_home if offer.why not in _COMES)
    if near or not (home or far or answer.also):
        yield OfferGroup("near", _near_title(answer), "", _("Niciun serviciu potrivit nu este aproape."), near, False)
    if home:
        place = answer.query.home or answer.query.origin
        yield OfferGroup("home", _("Vin acasă la {place}").format(place=place.name), "", "", tuple(home), False)
    also = (*answer.own_office, *(offer for offer in besides if offer not in home))
    if also:
        note = _("pe lângă serviciul căutat")
        yield OfferGroup("also", _("Alte instituții și servicii utile"), note, "", also, False)
    if remote:
        yield OfferGroup("remote", _("La distanță sau cu adresă protejată"), "", "", remote, False)
    if nobody := tuple(_nobody_near(answer)):
        yield OfferGroup("nobody", _("Niciunul în apropiere"), "", "", nobody, False)
    if far:
        yield OfferGroup("far", _far_title(far), _("mai departe decât se merge de obicei"), "", far, True)


def _near_list(answer: Answer) -> Iterator[Offer]:
    """List what is within reach in the order of reading.

    The person's own comes first, then what somebody travels to, then what answers from afar. The first hour of a danger
    keeps the order of the first kinds.
    """
    kinds = [offer for offer in answer.first if isinstance(offer, Elsewhere) and offer.why not in _COMES]
    own = [offer for offer in kinds if offer.whose]
    yield from own
    if first_hours_of(answer.query.wanted):
        first = [offer for offer in answer.first if offer not in own and offer not in answer.own_office]
        yield from (offer for offer in first if not isinstance(offer, Elsewhere) or offer.why not in _NOT_LISTED)
        known = {offer.service_id for offer in first}
        yield from (offer for offer in answer.near if offer.service_id not in known)
    else:
        yield from answer.near
        yield from (offer for offer in kinds if not offer.whose and offer.why != _NOBODY)


def _nobody_near(answer: Answer) -> Iterator[Elsewhere]:
    """List the first kinds of which nobody is near, but for those that are: without a place, struck in the list."""
    named = {offer.service_type for offer in answer.full}
    for offer in answer.first:
        if isinstance(offer, Elsewhere) and offer.why == _NOBODY and offer.service_type not in named:
            yield offer


def _summary(answer: Answer, groups: Iterable[OfferGroup]) -> str:
    """Say the answer in a sentence: "2 la cel mult o oră · 1 plin · 12 vin acasă"."""
    full = {offer.service_id for offer in answer.full}
    listed = {group.key: group.offers for group in groups}
    near = sum(not (isinstance(o, Elsewhere) and o.is_kind) for o in listed.get("near", ()) if o.service_id not in full)
    home, far = len(listed.get("home", ())), len(listed.get("far", ()))
    reach = _within_words(answer)
    lines = [f"{number(near)} {reach}" if near else _("Niciunul {reach}").format(reach=reach)]
    if full:
        lines.append(ngettext("{n} plin", "{n} pline", len(full)).format(n=number(len(full))))
    if home:
        lines.append(ngettext("{n} vine acasă", "{n} vin acasă", home).format(n=number(home)))
    if far and not home and not near:
        lines.append(ngettext("{n} mai departe", "{n} mai departe", far).format(n=number(far)))
    return " · ".join(lines)


def reach_minutes(answer: Answer) -> float | None:
    """Return how far an answer looks before it folds away: the reach of its types, or less where less was asked.

    Parameters
    ----------
    answer
        An answer of the finder.

    Returns
    -------
    float or None
        Minutes; None where its types have no one limit.
    """
    limits = {service_type(code).reach_minutes for code in answer.types} - {None}
    longest = float(limits.pop() or 0) if len(limits) == 1 else None
    asked = answer.query.max_minutes
    return min((each for each in (asked, longest) if each is not None), default=None)


def reach_words(answer: Answer) -> str:
    """Say how far an answer looks before it folds away: "cel mult o oră"; empty where its types have no one limit."""
    minutes = reach_minutes(answer)
    if minutes is None:
        return ""
    return _("cel mult o oră") if minutes == _HOUR else _("cel mult {minutes}").format(minutes=minute_words(minutes))


def _within_words(answer: Answer) -> str:
    words = reach_words(answer)
    return _("la {reach}").format(reach=words) if words else _("în apropiere")


def _near_title(answer: Answer) -> str:
    words = _within_words(answer)
    return words[:1].upper() + words[1:]


def _far_title(far: Sequence[Offer]) -> str:
    """Head what is folded: how many are far, how many of them have a place, and how far the nearest is."""
    reaches = {service_type(offer.service_type).reach_minutes for offer in far}
    title = _("Mai departe de o oră") if reaches == {_HOUR} else _("Mai departe")
    confirmed = sum(offer.block == "confirmed" for offer in far)
    if confirmed == len(far):
        title = _("{farther}, cu loc confirmat").format(farther=title)
    text = f"{title}: {number(len(far))}"
    if 0 < confirmed < len(far):
        text += ", " + _("din care {n} cu loc confirmat").format(n=number(confirmed))
    ways = [offer.minutes for offer in far if isinstance(offer, Result) and isfinite(offer.minutes)]
    return f"{text} ({_('de la {minutes}').format(minutes=minute_words(min(ways)))})" if ways else text


def _is_far(offer: Offer) -> bool:
    return isinstance(offer, Result) and offer.reach == FARTHER


def missing_words(kinds: Iterable[str]) -> str:
    """Return in words which registers that would answer were never imported; empty where none is missing."""
    named = ", ".join(register_words(kind) for kind in kinds)
    return _("Registre încă neimportate aici: {names}.").format(names=named) if named else ""


def source_lines(sources: Iterable[SourceUsed]) -> tuple[str, ...]:
    """Return each edition that the numbers rest on once, with its day and a mark where it is synthetic."""
    used: Mapping[tuple[str, str], SourceUsed] = {(source.kind, source.edition): source for source in sources}
    return tuple(
        _("{title}, la {day}").format(title=_(source.title) or source.kind, day=iso_day(source.as_of))
        + (" " + _("(date sintetice)") if source.synthetic else "")
        for source in used.values()
    )


def _empty(answer: Answer) -> list[str]:
    if answer.missing:
        advice = _(
            "Administratorul aduce registrul cu comanda „harta import”; până atunci nu putem spune cine este aproape."
        )
        return [_("Nu avem încă date despre aceste servicii."), missing_words(answer.missing), advice]
    lines = [_("Niciun serviciu potrivit nu este la îndemână.")]
    if answer.query.max_minutes is not None:
        lines.append(_("Alegeți mai mult la „Cât de departe?”."))
    if answer.query.only_confirmed:
        lines.append(_("Scoateți bifa de la „Numai locuri confirmate”: poate are loc cineva care nu a raportat."))
    if answer.elsewhere:
        lines.append(_("Mai jos sunt servicii care nu cer deplasare."))
    if answer.excluded:
        lines.append(_("La „De ce nu altele?” vedeți ce este în apropiere și de ce nu se potrivește."))
    lines.append(_("Întrebați serviciul public de asistență socială de la primărie: are datoria să îndrume persoana."))
    return lines
