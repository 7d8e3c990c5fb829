"""What may be read of an offer, in the language of this request. Every surface shows all of it and says it alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal

from core.i18n import _, ngettext, number
from core.romanian_calendar import BUCHAREST
from core.storage.import_kinds import LICENSED
from providers.answering.answering_record import answering_words
from providers.finder.answer import SOCIAL_SERVICE, Elsewhere, Result
from providers.finder.instructions import has_fresh_report, instructions_for, takes_referrals
from providers.rules.opening_hours import Opening, hours_words, opening_words, read_hours
from providers.rules.taxonomy import service_type
from providers.rules.travel_words import (
    basis_words,
    distance_words,
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
    licence_words,
    licensed_words,
    minute_words,
    phones,
    places_words,
)

if TYPE_CHECKING:
    from providers.finder.answer import Offer

BadgeKind = Literal["free", "ask", "full"]
_LONGEST_TYPE_NAME = 90  # a longer name of a type is for the details


@dataclass(frozen=True)
class Travel:
    """The way to an offer, in words.

    first, second: what is known best and what goes with it: straight kilometres and an estimate of minutes, or minutes
    by road and kilometres. minutes, km: each alone, for a row; an
    estimate has its sign. basis: what minutes rest on, where they are not of the straight line that the kilometres
    are. whole: all of it in one piece. is_approximate: the service is known by its locality only. to_road: how far one
    walks to the road at both ends, empty where that is near or not known.
    """

    first: str
    second: str
    basis: str
    whole: str
    is_approximate: bool
    minutes: str
    km: str
    to_road: str = ""

    @property
    def words(self) -> str:
        """The way in one piece: "≈ 9,0 km în linie dreaptă, timp estimat cu mașina 12 min"."""
        text = ("≈ " if self.is_approximate else "") + self.whole
        return f"{text}; {self.to_road}" if self.to_road else text


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

    service_id: None behind a protected address and where only a kind of help is named. by: who offers it, empty where
    the name says so. mark: that it is the person's own. travel: None where nobody travels there, and then `not_visited`
    says why. places: None behind a protected address. cautions: what stands between the person and the service, and
    what somebody on the spot doubts. details: name and value of what is on demand. precision: how well its point is
    known, empty where nobody travels to it. checks: what of its published facts is to be checked. hours: of the week,
    or as the register wrote them where they have no one reading. opening: whether it is open at the moment of the
    question, which a paper leaves out. dated: of which day the register's facts are. may_refer: whether the ledger
    would take a referral to it. is_protected: nothing leads there but through the authority. answering: how it answered
    referrals lately, empty where too few are known.
    """

    service_id: str | None
    name: str
    what: str
    by: str
    mark: str
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
    is_protected: bool = False
    answering: str = ""


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
        by=_by(offer),
        mark=_own_words(offer),
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
        is_protected=is_secret,
        answering="" if is_secret else answering_words(offer.answering),
    )


def _kind_view(kind: Elsewhere) -> OfferView:
    """Return what may be read of a kind of help that no register has: how it is reached, and nothing invented."""
    return OfferView(
        service_id=None,
        name=kind.name,
        what=kind.words,
        by="",
        mark="",
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
    if "closed" in offer.flags:  # what was reported of its places is of another time
        return PlacesBadge("full", _("s-a închis"), "")
    age = "" if offer.report_age_days is None else _("raportat {when}").format(when=age_words(offer.report_age_days))
    if offer.status == "open":
        return PlacesBadge("free", _open_words(offer), age)
    if offer.status == "free":
        words = _("are locuri libere") if offer.places_free is None else places_words(offer.places_free)
        if offer.block == "confirmed" or (not offer.block and has_fresh_report(offer)):
            return PlacesBadge("free", words, age)
        return PlacesBadge("ask", _("{free}, raport vechi").format(free=words), age)
    if offer.status in ("full", "waitlist"):
        text = _("fără locuri") if offer.status == "full" else _("listă de așteptare")
        # An old report of no places decides nothing: whoever said so is called first, not struck.
        is_old = not has_fresh_report(offer)
        return (
            PlacesBadge("ask", _("{free}, raport vechi").format(free=text), age)
            if is_old
            else PlacesBadge("full", text, age)
        )
    return PlacesBadge("ask", _places_to_ask(offer), age)


def _open_words(offer: Offer) -> str:
    kind = service_type(offer.service_type)
    if offer.whose and kind.capacity_model != "open":
        return _("primește copiii din circumscripția școlară")
    return _("primește în programul cu publicul") if kind.is_office else _("primește fără limită de locuri")


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
    """Return why nobody travels to an offer: it comes home, is mobile, remote, protected, or has no known place."""
    return {
        "at_home": _("vine acasă"),
        "mobile": _("echipă mobilă"),
        "remote": _("la distanță"),
        "secret": _("adresă protejată"),
        "own": _("de care ține persoana"),
        "known": _("nu este în registrele de aici"),
        "nobody_near": _("niciunul în apropiere"),
    }.get(why, _("fără poziție pe hartă: sunați"))


def _what(offer: Offer) -> str:
    text = _(offer.type_name)
    kind = text if len(text) <= _LONGEST_TYPE_NAME else text[:_LONGEST_TYPE_NAME].rsplit(" ", 1)[0] + "…"
    parts = [
        part
        for part in (_own_words(offer), kind, offer.organization)
        if part and part.casefold() != offer.name.casefold()
    ]
    return " · ".join(dict.fromkeys(parts))


def _by(offer: Offer) -> str:
    """Name who offers it and where, as far as the name of the service does not say so."""
    text = offer.name.casefold()
    parts = []
    for part in (offer.organization, "" if offer.is_secret else offer.locality or ""):
        if part and part.casefold() not in text:
            parts.append(part)
            text += part.casefold()
    return " · ".join(parts)


def _own_words(offer: Offer) -> str:
    """Say that an offer is the person's own; of the social assistance service, that it is where the work is done."""
    if not offer.whose:
        return ""
    return _("ce face asistența socială acum") if offer.service_type == SOCIAL_SERVICE else _("de care ține persoana")


def _travel(offer: Offer) -> Travel | None:
    if not isinstance(offer, Result):
        return None
    basis, is_approximate = offer.travel, offer.position_precision != "address"
    km = distance_words(offer.distance_m, basis)
    if "no_direct_road" in offer.flags or not isfinite(offer.minutes):
        text = _("fără drum direct") if "no_direct_road" in offer.flags else unreachable_words(basis)
        return Travel(text, km, "", straight_words(text, offer.distance_m), is_approximate, text, km)
    first, second = way_pieces(offer.minutes, offer.distance_m, basis)
    beside = "" if basis.is_straight else basis_words(basis)
    whole = way_words(offer.minutes, offer.distance_m, basis)
    minutes = ("≈ " if is_approximate or basis.is_straight else "") + minute_words(offer.minutes)
    to_road = to_road_words(offer.to_road_m, basis)
    return Travel(first, second, beside, whole, is_approximate, minutes, km, to_road)


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
    is_licensed = service_type(offer.service_type).registry in LICENSED
    if not (is_said or is_licensed):
        return ""
    day = offer.asked_at.astimezone(BUCHAREST).date() if offer.asked_at is not None else None
    return licence_words(offer.licence_valid_until, offer.licence_status, day)


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
    text = {
        "address": _("la adresă"),
        "locality": _("aproximativă: centrul localității"),
        "uat": _("aproximativă: centrul comunei sau al orașului"),
    }.get(offer.position_precision, "")
    if isinstance(offer, Result) and offer.is_tied:
        units = ngettext("{n} unitate de acest tip", "{n} unități de acest tip", offer.at_same_point).format(
            n=number(offer.at_same_point)
        )
        return _("{point}; aici sunt arătate {units}, niciuna mai aproape decât alta").format(point=text, units=units)
    return text
