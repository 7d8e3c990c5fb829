"""What is asked and what is answered: the query, the offers, the ones left out, and their JSON form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from providers.rules.help_tables.first_hour import first_hours_of
from providers.rules.person import Person

if TYPE_CHECKING:
    from core.storage.straight_errors import StraightError
    from geo.gazetteer.gazetteer import Place
    from geo.spatial.travel import TravelBasis
    from providers.answering.answering_record import AnsweringRecord
    from providers.local.local_help import LocalOffer
    from providers.rules.needs import EmergencyLine

WITHIN, FARTHER = "within", "farther"
SOCIAL_SERVICE = "AUT-SPAS"  # the public social assistance service of a town hall


@dataclass(frozen=True)
class Query:
    """One question.

    Attributes
    ----------
    origin
        Where the search starts.
    wanted
        Codes of service types and needs, any mix.
    person
        What is known of the person.
    home
        Where the person lives, if elsewhere.
    k
        Services a block.
    mode
        `car` or `walk`.
    max_minutes
        Longest way, minutes; None = any.
    only_confirmed
        Whether services to call first are left out.
    on
        Day on which a licence must hold and a service be open.
    """

    origin: Place
    wanted: tuple[str, ...]
    person: Person = field(default_factory=Person)
    home: Place | None = None
    k: int = 5
    mode: str = "car"
    max_minutes: float | None = None
    only_confirmed: bool = False
    on: date = field(default_factory=date.today)


@dataclass(frozen=True)
class Offer:
    """What is said of a service that may take the person, wherever it is offered.

    Attributes
    ----------
    service_id, name, organization
        Key outside, name and provider; of a protected service the public label.
    service_type, type_name
        Code of the type and its name in the language of the request.
    need
        Code of the need that it answers; None where a type was asked for.
    status
        `free`, `full`, `waitlist`, `assess`, `open` or `unknown`.
    places_free, places_max
        Places free now after holds, and places in all; None = not known.
    capacity_unit, capacity_text
        Unit of the places where it is not a person, and the register's own words.
    places_reported_at, report_age_days
        When places were last reported and how many days ago; None = never.
    county, locality, address
        Where it is: letters, names; None where it is not public.
    phone, email, website, hours
        As published; None = not published.
    licence_valid_until, licence_status
        Last day of the licence (None = not stated) and its status.
    access_route, decision_by
        `direct`, `medical` or `decision`, and who decides.
    capacity_model
        How its places are counted.
    delivery
        `at_site`, `at_home`, `mobile` or `remote`.
    flags
        Doubts, as codes.
    edition
        Edition that it comes from.
    as_of
        Day that the edition's facts are of; None = not known.
    asked_at
        Moment of the question, to which `opening` refers.
    opening, opening_changes_at
        `open`, `closed` or `unknown` by its hours, and when that changes next; None = not known.
    closed_from, closed_until
        First and last day of a closure for a time that is not over on the day asked about; None = not said.
    whose
        `own` where it is the person's own (school, family doctor, town hall, team); empty else.
    answering
        How it answered referrals lately; None = too few to tell, or of a protected address.
    """

    service_id: str
    name: str
    organization: str
    service_type: str
    type_name: str
    need: str | None
    status: str
    places_free: int | None
    places_max: int | None
    capacity_unit: str | None
    capacity_text: str | None
    places_reported_at: datetime | None
    report_age_days: float | None
    county: str | None
    locality: str | None
    address: str | None
    phone: str | None
    email: str | None
    website: str | None
    hours: str | None
    licence_valid_until: date | None
    licence_status: str
    access_route: str
    decision_by: str | None
    capacity_model: str
    delivery: str
    flags: tuple[str, ...]
    edition: str
    as_of: date | None = field(default=None, kw_only=True)
    asked_at: datetime | None = field(default=None, kw_only=True, compare=False)
    opening: Literal["open", "closed", "unknown"] = field(default="unknown", kw_only=True)
    opening_changes_at: datetime | None = field(default=None, kw_only=True)
    closed_from: date | None = field(default=None, kw_only=True)
    closed_until: date | None = field(default=None, kw_only=True)
    whose: str = field(default="", kw_only=True)
    answering: AnsweringRecord | None = field(default=None, kw_only=True)

    if TYPE_CHECKING:  # each kind of offer has these, as a field or as a constant

        @property
        def block(self) -> str:
            """Block of a ranked offer, `confirmed` or `call_first`; empty where it is not ranked."""

        @property
        def position_precision(self) -> str:
            """`address`, `locality` or `uat`; empty where nobody travels to it."""

        @property
        def is_secret(self) -> bool:
            """Whether its address is protected: then it has no point, no place and no key outside."""


@dataclass(frozen=True)
class Result(Offer):
    """An offer at a site, ranked in its block; what any offer has is said at `Offer`.

    Attributes
    ----------
    block
        `confirmed` or `call_first`.
    rank
        Place in its block, from 1; those that share an approximate point share the place too.
    minutes, distance_m
        From the origin: minutes by the travel model (infinite where nobody gets there), metres straight on the
        ellipsoid.
    travel
        What minutes rest on.
    position_precision
        What its point is: `address`, `locality` or `uat`.
    lat, lon
        WGS84 degrees.
    at_same_point
        Services of its type at this very point, itself among them.
    reach
        `within` the reach of its type, or `farther`.
    to_road_m
        Metres from the origin to the road and from the road to the service, which the minutes count; 0 = not known.
    """

    block: str
    rank: int
    minutes: float
    distance_m: float
    travel: TravelBasis
    position_precision: str
    lat: float
    lon: float
    at_same_point: int = 1

    @property
    def is_tied(self) -> bool:
        """Whether others of its type stand at the same point of a locality: none of them is nearer than another."""
        return self.at_same_point > 1 and self.position_precision != "address"

    reach: str = field(default=WITHIN, kw_only=True)
    to_road_m: float = field(default=0.0, kw_only=True)

    @property
    def is_secret(self) -> bool:
        """A ranked offer has a point, so it is never behind a protected address."""
        return False


@dataclass(frozen=True)
class Elsewhere(Offer):
    """An offer without a way to it.

    why: `at_home`, `mobile`, `remote`, `secret` or `not_placed`. Or a kind of help that stands for itself, without a
    service of a register (`service_id` is empty): the person's `own`, one that is `known` how to reach, or one of
    which `nobody_near` is; words: how it is reached.
    """

    why: str
    words: str = ""

    @property
    def is_kind(self) -> bool:
        """Whether it stands for a kind of help, without a service of a register."""
        return not self.service_id

    @property
    def block(self) -> str:
        """Not ranked."""
        return ""

    @property
    def position_precision(self) -> str:
        """Nobody travels to it."""
        return ""

    @property
    def is_secret(self) -> bool:
        """Whether its address is protected."""
        return self.why == "secret"


@dataclass(frozen=True)
class Excluded:
    """A service left out: nearer than the last shown (or, not being visited, serving the home)."""

    service_id: str
    name: str
    service_type: str
    minutes: float | None
    reason: str
    words: str


@dataclass(frozen=True)
class SourceUsed:
    """An edition that the answer rests on."""

    kind: str
    edition: str
    as_of: str
    title: str
    synthetic: bool


@dataclass(frozen=True)
class Answer:
    """Who may help: results by block (confirmed first) and rank, and the rest as the fields say.

    Attributes
    ----------
    query
        What was asked.
    types
        Service types whose services are ranked.
    results
        Offers at a site, the nearest of each block.
    also
        What helps besides, one of each kind, in the order of the need's answers, the far ones last.
    elsewhere
        Offers that nobody travels to: at home, remote, mobile, or of a protected address.
    excluded
        Nearer services that may not take this person, each with its reason.
    emergency
        Lines to call first.
    sources
        Editions that were looked at, with their dates.
    is_sensitive
        Whether the answer must not be left on a screen or in a history.
    travel
        What all its minutes rest on.
    missing
        Kinds of registers that would answer and were never imported.
    first
        The best of each kind that answers a need first, in the order of the need's answers: the person's own, the
        nearest within reach, or the kind itself where its register has none. Empty where only types were asked.
    full
        The nearest within reach that would take the person and have no place, whose reason stands in `excluded`.
    local
        What teams of the county know beside the registers.
    straight_error, county_name
        Of minutes in a straight line: how far they are from the roads in the county of the origin, where that was
        measured, and how the county is called.
    """

    query: Query
    types: tuple[str, ...]
    results: tuple[Result, ...]
    also: tuple[Offer, ...]
    elsewhere: tuple[Elsewhere, ...]
    excluded: tuple[Excluded, ...]
    emergency: tuple[EmergencyLine, ...]
    sources: tuple[SourceUsed, ...]
    is_sensitive: bool
    travel: TravelBasis
    missing: tuple[str, ...] = ()
    first: tuple[Offer, ...] = ()
    full: tuple[Result, ...] = ()
    local: tuple[LocalOffer, ...] = ()
    straight_error: StraightError | None = None
    county_name: str = ""

    @property
    def visited(self) -> tuple[Result, ...]:
        """Every offer at a site of the first kinds that may take the person, each once, as a list reads them."""
        full = {offer.service_id for offer in self.full}
        return tuple(offer for offer in self.listed if offer.service_id not in full)

    @property
    def listed(self) -> tuple[Result, ...]:
        """Everything at a site that a list numbers: within reach, the full ones among it, the own office, the far."""
        far = [result for result in self.others if result.reach != WITHIN]
        return (*self.near, *self.own_office, *far)

    @property
    def near(self) -> tuple[Result, ...]:
        """What is within reach at a site, the full ones among it: the person's own, then the nearest first.

        Where a danger has its first hour, the first kinds keep their order before all others.
        """
        first = [offer for offer in self.first if isinstance(offer, Result) and not self._is_own_office(offer)]
        others = [result for result in self.others if result.reach == WITHIN]
        order = {offer.service_id: place for place, offer in enumerate(first)} if self._has_first_hour else {}
        return tuple(
            sorted(
                (*first, *others, *self.full),
                key=lambda offer: (
                    not offer.whose,
                    order.get(offer.service_id, len(order)),
                    "no_direct_road" in offer.flags,
                    offer.minutes,
                    offer.service_id,
                ),
            )
        )

    @property
    def own_office(self) -> tuple[Result, ...]:
        """The social assistance service that the person belongs to, where the answer is more than that office."""
        return tuple(offer for offer in self.first if isinstance(offer, Result) and self._is_own_office(offer))

    def _is_own_office(self, offer: Offer) -> bool:
        return bool(offer.whose) and offer.service_type == SOCIAL_SERVICE and set(self.types) != {SOCIAL_SERVICE}

    @property
    def visit_types(self) -> tuple[str, ...]:
        """The types that somebody travels to for this need: the own office is asked where it stands, and is no stop."""
        return (
            self.types
            if set(self.types) == {SOCIAL_SERVICE}
            else tuple(code for code in self.types if code != SOCIAL_SERVICE)
        )

    @property
    def _has_first_hour(self) -> bool:
        return bool(first_hours_of(self.query.wanted))

    @property
    def others(self) -> tuple[Result, ...]:
        """Every ranked offer that is not one of the best of its kind, those within reach before the far ones."""
        best = {offer.service_id for offer in self.first}
        left = [result for result in self.results if result.service_id not in best]
        return tuple(sorted(left, key=lambda result: result.reach != WITHIN))

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Every offer of a service, each once, in the order in which they are read."""
        listed = (*self.first, *self.results, *self.also, *self.elsewhere)
        once: dict[str, Offer] = {}
        for offer in listed:
            once.setdefault(offer.service_id, offer)
        return tuple(offer for service_id, offer in once.items() if service_id)
