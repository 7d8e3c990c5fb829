"""The shapes of what programs send and get, for checking the one and describing both (OpenAPI)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from providers.finder.query_limits import MOST_ASKED, OLDEST_PERSON
from referrals.records.vocabulary import Basis, CapacityStatus, StatedReason

PlaceText = Annotated[
    str, Field(min_length=1, max_length=120, description="A name with its county, a SIRUTA code or LAT,LON")
]
Code = Annotated[str, Field(min_length=1, max_length=60)]
Cursor = Annotated[str | None, Field(description="Where the next page begins; null = this is the last")]


class _RequestBody(BaseModel):
    """What is sent: a name that is none of ours is refused, not passed over."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class _ResponseBody(BaseModel):
    """What is answered: names may come, none goes within a version."""

    model_config = ConfigDict(extra="allow")


class NearestRequestBody(_RequestBody):
    """A question: where, for what, and of the person only what a rule needs."""

    place: PlaceText
    needs: Annotated[list[Code], Field(max_length=10, description="Codes of /needs, or words")] = []
    services: Annotated[list[Code], Field(max_length=10, description="Codes of /taxonomy")] = []
    home: PlaceText | None = Field(None, description="Where the person lives, where that is another place")
    age: int | None = Field(None, ge=0, le=OLDEST_PERSON)
    sex: Literal["F", "M"] | None = None
    groups: Annotated[list[Code], Field(max_length=10)] = []
    k: int = Field(5, ge=1, le=MOST_ASKED, description="Services a block")
    mode: Literal["car", "walk"] = "car"
    max_minutes: float | None = Field(None, ge=0, le=10_000)
    only_confirmed: bool = False


class NearestAnswer(_ResponseBody):
    """What `harta nearest --json` prints."""

    query: dict[str, Any]
    first: list[dict[str, Any]] = Field(description="The best of each first kind of help")
    results: list[dict[str, Any]] = Field(description="At a site, nearest first in each block")
    also: list[dict[str, Any]]
    elsewhere: list[dict[str, Any]] = Field(description="Without a way: at home, by telephone, protected addresses")
    excluded: list[dict[str, Any]] = Field(description="Nearer and left out, each with its reason")
    emergency: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    missing: list[str]


class PlaceFound(_ResponseBody):
    """A place of the gazetteer."""

    label: str = Field(description="Unique; understood where a place is asked for")
    name: str
    siruta: int
    uat_siruta: int
    county: str
    lat: float | None
    lon: float | None


class Places(_ResponseBody):
    """Places that typed words may mean, the best first."""

    places: list[PlaceFound]


class NeedKnown(_ResponseBody):
    """A need, and the types of service that answer it in their order."""

    need: str
    group: str
    name: str
    is_danger: bool
    is_sensitive: bool
    service_types: list[str]


class Needs(_ResponseBody):
    """The needs."""

    needs: list[NeedKnown]


class ServiceTypeKnown(_ResponseBody):
    """A type of service, with the defaults of its kind."""

    service_type: str
    name: str
    official_name: str
    registry: str
    category: str
    delivery: str
    service_area: str
    access_route: str
    capacity_model: str
    is_secret: bool
    freshness_days: int
    hold_days: int


class GroupKnown(_ResponseBody):
    """A group of beneficiaries."""

    group: str
    name: str


class Taxonomy(_ResponseBody):
    """The types of service, and the groups of beneficiaries."""

    service_types: list[ServiceTypeKnown]
    groups: list[GroupKnown]


class CapacityResponse(_ResponseBody):
    """What is known of the places of a service; null is not known, and never 0."""

    status: CapacityStatus
    places_free: int | None
    places_max: int | None
    reported_at: datetime | None


class AnswerTimesResponse(_ResponseBody):
    """How a service answered the referrals of the last days; nothing of a protected one."""

    usual_days: int | None = Field(description="Median, rounded up; null = too few answers to tell")
    unanswered_in_a_row: int = Field(description="3, 5 or 10: at least so many of the latest; 0 = fewer than 3")
    window_days: int


class Service(_ResponseBody):
    """A service; of one with a protected address the public label, and nothing of its places."""

    service_id: str
    name: str
    service_type: str
    registry: str
    organization: str | None
    county: str | None
    uat_siruta: int | None
    lat: float | None
    lon: float | None
    is_secret: bool
    flags: list[str]
    groups: list[str]
    capacity: CapacityResponse


class OneService(Service):
    """A service asked for by its id: also how it answered, which grows older by the day and is in no list or feed."""

    answering: AnswerTimesResponse


class Services(_ResponseBody):
    """A page of services."""

    services: list[Service]
    total: int
    next: Cursor


class ServiceChange(_ResponseBody):
    """One service that changed, as it is now."""

    sequence: int
    kind: Literal["service"]
    id: str
    change: Literal["created", "changed", "removed"]
    at: datetime
    service: dict[str, Any] | None = Field(description="As /services has it, but cautions and edition; null = gone")


class Changes(_ResponseBody):
    """A page of the feed, by sequence. `next` is always there: ask with it again later."""

    changes: list[ServiceChange]
    next: str
    more: bool = Field(description="Whether there is another page now")


class Organization(_ResponseBody):
    """Who offers services."""

    organization_id: str
    name: str | None
    cui: str | None
    services: int


class Organizations(_ResponseBody):
    """A page of organizations."""

    organizations: list[Organization]
    total: int
    next: Cursor


class AreaResponse(_ResponseBody):
    """An administrative unit and its class in the atlas; null is not known."""

    uat_siruta: int
    name: str
    county: str
    region: str
    kind: str
    atlas_class: int | None
    population: int | None


class Areas(_ResponseBody):
    """A page of administrative units."""

    areas: list[AreaResponse]
    total: int
    next: Cursor


class CoverageResponse(_ResponseBody):
    """A coverage, as `harta coverage --json` prints it."""

    asked: str
    level: str
    rows: list[dict[str, Any]]


class IndicatorResponse(_ResponseBody):
    """One indicator of one area."""

    area: str
    indicator: str
    value: float | None
    hidden: bool = Field(description="Whether a small number of persons, or what would give one away, is kept back")


class Indicators(_ResponseBody):
    """Indicators of an area and of the areas of a level within it; small numbers of persons are hidden."""

    level: str
    area: str
    period: str
    figures: list[IndicatorResponse]


class PlacesReported(_RequestBody):
    """How many places a service has free now."""

    places_free: int | None = Field(None, ge=0, le=100_000)
    places_max: int | None = Field(None, ge=0, le=100_000)
    status: CapacityStatus | None = Field(None, description="Follows from places_free where it is not said")


class ReferralRequestBody(_RequestBody):
    """A referral of one person to one service. No name, number, telephone or address of anybody."""

    service_id: Annotated[str, Field(min_length=1, max_length=120)]
    place: PlaceText = Field(description="Where the person lives")
    need: Code
    basis: Basis
    consent_at: AwareDatetime | None = Field(None, description="When consent was given")
    case_ref: Annotated[str | None, Field(max_length=20, description="Code of the case; null = a new one")] = None
    age: int | None = Field(None, ge=0, le=OLDEST_PERSON)
    sex: Literal["F", "M"] | None = None
    groups: Annotated[list[Code], Field(max_length=10)] = []
    note: Annotated[str, Field(max_length=500)] = ""
    replaces: Annotated[str, Field(max_length=20)] = ""
    second_place: bool = False


class StepRequestBody(_RequestBody):
    """Why; needed where a referral is declined or broken off."""

    reason: Literal["", StatedReason] = ""


class ReferralResponse(_ResponseBody):
    """A referral as it stands. Moments are UTC."""

    referral_id: str
    service_id: str
    case_ref: str
    need: str
    state: str
    reason: str
    made_at: datetime
    expires_at: datetime | None
    examined_at: datetime | None = Field(None, description="When its provider said that it examines the case")


class Referrals(_ResponseBody):
    """A page of referrals, by when each last changed."""

    referrals: list[ReferralResponse]
    next: Cursor


class WebhookRequestBody(_RequestBody):
    """A subscription: where this program is told, and of what."""

    address: Annotated[str, Field(min_length=8, max_length=500, description="https, and public")]
    kinds: Annotated[list[Literal["services", "referrals"]], Field(min_length=1, max_length=2)]


class WebhookResponse(_ResponseBody):
    """A subscription as it stands; its secret at its making and at a rotation alone."""

    webhook_id: str
    address: str
    kinds: list[str]
    state: Literal["active", "paused"]
    reason: str = Field(description="Why it is paused: asked, failing, gone, restored")
    made_at: datetime
    delivered_at: datetime | None = Field(description="When something was last taken")
    failing_since: datetime | None
    last_result: str = Field(description="An HTTP status, `away` or `refused`; empty = nothing was sent yet")
    former_secret_until: datetime | None = Field(description="Until when the secret before this one signs too")
    waiting: int = Field(description="Events that will be tried again")
    dead: int = Field(description="Events that were given up; the step `retry` tries them again")
    secret: str | None = Field(None, description="whsec_…, shown once")


class Webhooks(_ResponseBody):
    """The subscriptions of this token."""

    webhooks: list[WebhookResponse]
