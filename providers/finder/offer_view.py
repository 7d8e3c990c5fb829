"""What may be read of an offer, in the language of this request. Every surface shows all of it and says it alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal

from core.i18n import _, ngettext, number
from core.text import collation_key
from providers.finder.answer import FARTHER, WITHIN, Elsewhere, Result
from providers.finder.instructions import instructions_for, takes_referrals
from providers.local.local_view import local_view
from providers.rules.freshness import is_fresh
from providers.rules.help_tables.first_hour import first_hours_of
from providers.rules.help_tables.own_steps import own_steps_of, own_steps_view
from providers.rules.opening_hours import Opening, hours_words, opening_words, read_hours
from providers.rules.taxonomy import service_type
from providers.rules.travel_words import (
    basis_words,
    distance_words,
    how_measured,
    in_whose_place,
    straight_error_words,
    straight_words,
    to_road_words,
    unreachable_words,
    way_pieces,
    way_words,
)
from providers.rules.wording import (
    Phone,
    age_words,
    caution_lines,
    check_words,
    day_words,
    iso_day,
    licence_words,
    licensed_words,
    phones,
    places_words,
    register_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from providers.finder.answer import Answer, Offer, SourceUsed
    from providers.local.local_view import LocalView
    from providers.rules.help_tables.first_hour import FirstHour
    from providers.rules.help_tables.own_steps import OwnStepsView

BadgeKind = Literal["free", "ask", "full"]
_LONGEST_TYPE_NAME = 90  # a longer name of a type is for the details


@dataclass(frozen=True)
class Travel:
    """The way to an offer, in words.

    first, second: what is known best and what goes with it: straight kilometres and an estimate of minutes, or minutes
    by road and kilometres. basis: what minutes rest on, where they are not of the straight line that the kilometres
    are. whole: all of it in one piece. is_approximate: the service is known by its locality only. to_road: how far one
    walks to the road at both ends, empty where that is near or not known.
    """

    first: str
    second: str
    basis: str
    whole: str
    is_approximate: bool
    to_road: str = ""

    @property
    def words(self) -> str:
        """The way in one piece: "≈ 9,0 km în linie dreaptă, timp estimat cu mașina 12 min"."""
        said = ("≈ " if self.is_approximate else "") + self.whole
        return f"{said}; {self.to_road}" if self.to_road else said


@dataclass(frozen=True)
class PlacesBadge:
    """What is known of places. kind: filled is free, outlined is to be asked, crossed is full. age: of the report."""

    kind: BadgeKind
    text: str
    age: str

    @property
    def words(self) -> str:
        """Both in one piece: "3 locuri libere, raportat azi"."""
        return f"{self.text}, {self.age}" if self.age else self.text


@dataclass(frozen=True)
class OfferView:
    """What may be read of an offer.

    service_id: None behind a protected address and where only a kind of help is named. travel: None where nobody
    travels there, and then `not_visited` says why. places: None behind a protected address. cautions: what stands
    between the person and the service, and what somebody on the spot doubts. details: name and value of what is on
    demand. precision: how well its point is known, empty where nobody travels to it. checks: what of its published
    facts is to be checked. hours: of the week, or as the register wrote them where they have no one reading. opening:
    whether it is open at the moment of the question, which a paper leaves out. dated: of which day the register's facts
    are. may_refer: whether the ledger would take a referral to it.
    """

    service_id: str | None
    name: str
    what: str
    travel: Travel | None
    not_visited: str
    places: PlacesBadge | None
    cautions: tuple[str, ...]
    phones: tuple[Phone, ...]
    address: str
    hours: str
    opening: str
    dated: str
    licence: str
    precision: str
    checks: str
    steps: tuple[str, ...]
    details: tuple[tuple[str, str], ...]
    may_refer: bool


@dataclass(frozen=True)
class FirstHourView:
    """What to do in the first hour of a danger: a title, and lists of sentences, each under its heading."""

    title: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class OfferGroup:
    """Offers that stand under one heading.

    key: `first`, `confirmed`, `call_first`, `also` or `far`. nothing: what to say where there is none. is_folded:
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

    first_hour: what to do at once where the need is a danger. missing: names the registers that would answer and were
    never imported, or empty. empty: where there is
    no result, a title and what to do. groups: the offers under their headings, in the order in which they are read.
    elsewhere: offers that nobody travels to and that no group has, of the home's county or of the whole country; away:
    those of other counties, which are shown on demand. sources: every edition with its day. own_steps: what
    the asker's own office does about the need. local: what teams know beside the registers. how_measured: how the
    minutes come about.
    """

    place: str
    first_hour: tuple[FirstHourView, ...]
    groups: tuple[OfferGroup, ...]
    elsewhere: tuple[Elsewhere, ...]
    away: AwayOffers | None
    missing: str
    empty: tuple[str, ...]
    sources: tuple[str, ...]
    how_measured: str
    own_steps: tuple[OwnStepsView, ...] = ()
    local: tuple[LocalView, ...] = ()


def view_of(offer: Offer) -> OfferView:
    """Return what may be read of an offer, in the language of this request.

    Parameters
    ----------
    offer
        A `Result` or an `Elsewhere` of the finder.

    Returns
    -------
    OfferView
        Sentences without markup; text of registers as it was published.
    """
    is_secret = offer.is_secret
    if isinstance(offer, Elsewhere) and offer.is_kind:
        return _kind_view(offer)
    return OfferView(
        service_id=None if is_secret else offer.service_id,
        name=offer.name,
        what=_what(offer),
        travel=_travel(offer),
        not_visited=not_visited_words(offer.why) if isinstance(offer, Elsewhere) else "",
        places=None if is_secret else places_badge(offer),
        cautions=cautions(offer),
        phones=phones(offer.phone),
        address="" if is_secret else ", ".join(part for part in (offer.address, offer.locality) if part),
        hours="" if is_secret else hours_words(offer.hours),
        opening="" if is_secret else _opening_words(offer),
        dated="" if is_secret else _dated(offer),
        licence="" if is_secret else _licence(offer),
        precision="" if is_secret else _precision_words(offer),
        checks="" if is_secret else check_words(offer.flags),
        steps=tuple(instructions_for(offer)),
        details=_details(offer),
        may_refer=not is_secret and takes_referrals(offer),
    )


def _kind_view(kind: Elsewhere) -> OfferView:
    """Return what may be read of a kind of help that no register has: how it is reached, and nothing invented."""
    return OfferView(
        service_id=None,
        name=kind.name,
        what=kind.words,
        travel=None,
        not_visited=not_visited_words(kind.why),
        places=None,
        cautions=cautions(kind),
        phones=phones(kind.phone),
        address="",
        hours="",
        opening="",
        dated="",
        licence="",
        precision="",
        checks="",
        steps=tuple(instructions_for(kind)),
        details=((_("Tip de serviciu"), _(kind.type_name)),),
        may_refer=False,
    )


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
    left = _not_in_groups(answer)
    county = (answer.query.home or answer.query.origin).county
    near = tuple(offer for offer in left if offer.county in (county, None))
    return AnswerView(
        place=_("Lângă {place}:").format(place=answer.query.origin.label),
        first_hour=tuple(first_hour_view(each) for each in first_hours_of(answer.query.wanted)),
        groups=tuple(_groups(answer)),
        elsewhere=near,
        away=away_view([offer for offer in left if offer.county not in (county, None)]),
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
    """Say how the minutes of an answer come about and, of a straight line, how far from the roads that is here.

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


def _groups(answer: Answer) -> Iterator[OfferGroup]:
    """Part the offers: the best of each first kind, the others near by in two blocks, what helps besides, the far."""
    near = [result for result in answer.others if result.reach == WITHIN]
    besides = [offer for offer in answer.also if not _is_far(offer)]
    far = [offer for offer in (*answer.others, *answer.also) if _is_far(offer)]
    has_first = bool(answer.first)
    if has_first:
        yield OfferGroup("first", _("Începeți cu"), _("cel mai potrivit din fiecare fel"), "", answer.first, False)
    blocks = (
        ("confirmed", _("Loc confirmat"), "", _("Niciun serviciu nu are acum un loc confirmat.")),
        ("call_first", _("Sunați înainte"), _("locurile nu sunt confirmate"), _("Niciun alt serviciu potrivit.")),
    )
    for key, title, note, nothing in blocks:
        offers = tuple(result for result in near if result.block == key)
        if offers or not (has_first or far or (key == "call_first" and answer.query.only_confirmed)):
            yield OfferGroup(key, _title_of(offers) or title, note, nothing, offers, False)
    if besides:
        yield OfferGroup(
            "also", _("Alte instituții și servicii utile"), _("pe lângă serviciul căutat"), "", tuple(besides), False
        )
    if far:
        yield OfferGroup("far", _("Departe"), _("mai departe decât se merge de obicei"), "", tuple(far), True)


def _title_of(offers: Iterable[Result]) -> str:
    """Return the heading of confirmed offers none of which has places to confirm; empty for others."""
    kinds = {(offer.block, offer.status == "open", service_type(offer.service_type).is_office) for offer in offers}
    if kinds == {("confirmed", True, True)}:
        return _("Instituții care vă primesc în programul de lucru")
    return _("Primesc fără limită de locuri") if kinds == {("confirmed", True, False)} else ""


def _is_far(offer: Offer) -> bool:
    return isinstance(offer, Result) and offer.reach == FARTHER


def _not_in_groups(answer: Answer) -> tuple[Elsewhere, ...]:
    shown = {offer.service_id for offer in (*answer.first, *answer.also)}
    return tuple(offer for offer in answer.elsewhere if offer.service_id not in shown)


def places_badge(offer: Offer) -> PlacesBadge:
    """Return what is known of the places of an offer, with the unit that the register counts in.

    Parameters
    ----------
    offer
        An offer of the finder.

    Returns
    -------
    PlacesBadge
        `free` only where the report is within the freshness limit of its type, or where there is no limit of places.
    """
    age = "" if offer.report_age_days is None else _("raportat {when}").format(when=age_words(offer.report_age_days))
    if offer.status == "open":
        kind = service_type(offer.service_type)
        if offer.whose and kind.capacity_model != "open":
            return PlacesBadge("free", _("primește copiii din circumscripția școlară"), age)
        words = _("primește în programul cu publicul") if kind.is_office else _("primește fără limită de locuri")
        return PlacesBadge("free", words, age)
    if offer.status == "free":
        words = _("are locuri libere") if offer.places_free is None else places_words(offer.places_free)
        if offer.block == "confirmed" or (not offer.block and _is_fresh(offer)):
            return PlacesBadge("free", words, age)
        return PlacesBadge("ask", _("{free}, raport vechi").format(free=words), age)
    if offer.status in ("full", "waitlist"):
        said = _("fără locuri") if offer.status == "full" else _("listă de așteptare")
        return PlacesBadge("full", said, age)
    return PlacesBadge("ask", _places_to_ask(offer), age)


def _is_fresh(offer: Offer) -> bool:
    """Whether a report still confirms; an offer that nobody travels to is in no block that would tell."""
    limit = service_type(offer.service_type).freshness_days
    return offer.report_age_days is not None and bool(is_fresh(offer.report_age_days, limit))


def _places_to_ask(offer: Offer) -> str:
    if offer.status == "assess":
        return _("locul se stabilește după evaluare")
    if offer.places_max is None:
        return _("locuri libere: necunoscut")
    licensed = licensed_words(offer.places_max, offer.capacity_unit)
    return _("{licensed}, libere: necunoscut").format(licensed=licensed)


def cautions(offer: Offer) -> tuple[str, ...]:
    """Return what must not hide in the details: a closure, how one gets in, what people on the spot doubt.

    Parameters
    ----------
    offer
        An offer of the finder.

    Returns
    -------
    tuple[str, ...]
        Whole sentences, in the order in which they are read.
    """
    return caution_lines(
        offer.flags,
        is_secret=offer.is_secret,
        access_route=offer.access_route,
        decision_by=offer.decision_by,
        closure=(offer.closed_from, offer.closed_until),
    )


def not_visited_words(why: str) -> str:
    """Say why nobody travels to an offer: it comes home, is mobile, remote, protected, or has no known place."""
    return {
        "at_home": _("vine acasă"),
        "mobile": _("echipă mobilă"),
        "remote": _("la distanță"),
        "secret": _("adresă protejată"),
        "own": _("de care ține persoana"),
        "known": _("nu este în registrele de aici"),
        "nobody_near": _("niciunul în apropiere"),
    }.get(why, _("fără poziție pe hartă: sunați"))


def missing_words(kinds: Iterable[str]) -> str:
    """Say which registers that would answer were never imported; empty where none is missing."""
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


def _what(offer: Offer) -> str:
    said = _(offer.type_name)
    kind = said if len(said) <= _LONGEST_TYPE_NAME else said[:_LONGEST_TYPE_NAME].rsplit(" ", 1)[0] + "…"
    parts = [
        part
        for part in (_own_words(offer), kind, offer.organization)
        if part and part.casefold() != offer.name.casefold()
    ]
    return " · ".join(dict.fromkeys(parts))


def _own_words(offer: Offer) -> str:
    """Say that an offer is the person's own; of the desk of social assistance, that it is where the work is done."""
    if not offer.whose:
        return ""
    return _("ce face asistența socială acum") if offer.service_type == "AUT-SPAS" else _("de care ține persoana")


def _travel(offer: Offer) -> Travel | None:
    if not isinstance(offer, Result):
        return None
    basis, is_approximate = offer.travel, offer.position_precision != "address"
    km = distance_words(offer.distance_m, basis)
    if "no_direct_road" in offer.flags or not isfinite(offer.minutes):
        said = _("fără drum direct") if "no_direct_road" in offer.flags else unreachable_words(basis)
        return Travel(said, km, "", straight_words(said, offer.distance_m), is_approximate)
    first, second = way_pieces(offer.minutes, offer.distance_m, basis)
    beside = "" if basis.is_straight else basis_words(basis)
    whole = way_words(offer.minutes, offer.distance_m, basis)
    return Travel(first, second, beside, whole, is_approximate, to_road_words(offer.to_road_m, basis))


def _details(offer: Offer) -> tuple[tuple[str, str], ...]:
    kind = (_("Tip de serviciu"), _(offer.type_name))
    if offer.is_secret:
        return (kind,)
    rows = [
        kind,
        (_("Adresă"), ", ".join(part for part in (offer.address, offer.locality) if part)),
        (_("Poziție pe hartă"), _precision_words(offer)),
        (_("Alte telefoane"), "; ".join(phone.text for phone in phones(offer.phone)[2:])),
        (_("Program"), " · ".join(part for part in (hours_words(offer.hours), _opening_words(offer)) if part)),
        (_("Licență"), _licence(offer)),
        (_("E-mail"), offer.email or ""),
        (_("Pagină web"), offer.website or ""),
        (_("Capacitate în registru"), offer.capacity_text or ""),
        (_("De verificat"), check_words(offer.flags)),
        (_("Registru"), _dated(offer)),
    ]
    return tuple((name, value) for name, value in rows if value)


def _licence(offer: Offer) -> str:
    """Say how long the licence holds; nothing of what works without one (offices, schools, hospitals)."""
    is_said = offer.licence_valid_until is not None or offer.licence_status == "active"
    is_licensed = service_type(offer.service_type).registry == "social"
    return licence_words(offer.licence_valid_until, offer.licence_status) if is_said or is_licensed else ""


def _opening_words(offer: Offer) -> str:
    if not offer.hours:
        return _("zi și noapte") if service_type(offer.service_type).is_emergency_room else _("necunoscut")
    if offer.asked_at is None or read_hours(offer.hours) is None:
        return ""
    return opening_words(Opening(offer.opening, offer.opening_changes_at), offer.asked_at)


def _dated(offer: Offer) -> str:
    """Say of which day what is published of it is, where anything is that leads there."""
    if offer.as_of is None or not (offer.phone or offer.address or offer.email):
        return ""
    return _("date din {day}").format(day=day_words(offer.as_of))


def _precision_words(offer: Offer) -> str:
    said = {
        "address": _("la adresă"),
        "locality": _("aproximativă: centrul localității"),
        "uat": _("aproximativă: centrul comunei sau al orașului"),
    }.get(offer.position_precision, "")
    if isinstance(offer, Result) and offer.is_tied:
        units = ngettext("{n} unitate de acest tip", "{n} unități de acest tip", offer.at_same_point).format(
            n=number(offer.at_same_point)
        )
        return _("{point}; aici sunt arătate {units}, niciuna mai aproape decât alta").format(point=said, units=units)
    return said
