"""The desk: where the catalogue (what is offered) and the ledger (what is taken) meet to answer a question."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geo.editions import Store
from geo.errors import UnknownCodeError
from geo.gazetteer import Gazetteer, load_gazetteer
from geo.language import _
from providers import authorities
from providers.availability import Availability, availability
from providers.catalogue import Catalogue, load_catalogue
from providers.finder import find
from providers.freshness import SECONDS_A_DAY, is_from_future
from referrals import corrected, field_reports, protected, rekeying
from referrals.ledger import Ledger, open_ledger

if TYPE_CHECKING:
    import pandas as pd

    from geo.home import Home
    from providers.answer import Answer, Query
    from referrals.facts import Actor

_PLACES = ("localities", "boundaries")  # what the gazetteer is made of
_KEEP_SECONDS = 60.0  # freshness moves with the clock: a state older than this is laid out anew


@dataclass
class Desk:
    """An open desk of one home: catalogue, places and ledger, kept current from question to question.

    Every question looks at the ledger's event counter and at the editions in force (two tiny reads), so a
    hold or an edition of another process counts from the next question on.
    """

    home: Home
    gazetteer: Gazetteer
    ledger: Ledger
    _offices: tuple[str, pd.DataFrame] | None = field(default=None, repr=False)
    _published: tuple[str, Catalogue] | None = field(default=None, repr=False)
    _catalogue: tuple[str, Catalogue] | None = field(default=None, repr=False)
    _doubts: tuple[str, dict[str, tuple[str, ...]]] | None = field(default=None, repr=False)
    _available: tuple[str, int, Availability] | None = field(default=None, repr=False)

    def published(self) -> Catalogue:
        """Return the catalogue as the editions in force publish it."""
        state = Store(self.home).state()
        if self._published is None or self._published[0] != state:
            key = protected.sealing_key(self.ledger)
            rekeying.to_sealed(self.ledger, protected.seals(self.home, key))
            offices = self._offices_by_law()
            found = load_catalogue(self.home, self.gazetteer, by_law=offices, sealing_key=key)
            self._published = (state, found)
        return self._published[1]

    def _offices_by_law(self) -> pd.DataFrame:
        """Return the offices that follow from the law, and the places they stand in, anew where places changed."""
        state = Store(self.home).state(_PLACES)
        if self._offices is not None and self._offices[0] != state:
            self.gazetteer = load_gazetteer(self.home)
        if self._offices is None or self._offices[0] != state:
            self._offices = (state, authorities.derive(self.gazetteer))
        return self._offices[1]

    def catalogue(self) -> Catalogue:
        """Return the catalogue of the editions in force, with the corrections that county units accepted."""
        plain = self.published()
        state = f"{self._published and self._published[0]} {field_reports.version(self.ledger)}"
        if self._catalogue is None or self._catalogue[0] != state:
            corrections = field_reports.accepted(self.ledger)
            self._catalogue = (state, corrected.overlay(plain, corrections, self.gazetteer).catalogue)
            self._doubts = (state, field_reports.unsettled(self.ledger))
        return self._catalogue[1]

    def doubts(self) -> dict[str, tuple[str, ...]]:
        """Return what people on the spot doubt and nobody has settled yet: `phone`, `moved`, `gone` by service."""
        self.catalogue()
        return self._doubts[1] if self._doubts else {}

    def available(self, *, now: datetime | None = None) -> Availability:
        """Return the places as the ledger has them now."""
        catalogue = self.catalogue()
        state = self._catalogue[0] if self._catalogue else ""
        moment = now or datetime.now(UTC)
        events = self.ledger.event_counter()
        kept = self._available
        if kept is not None and kept[:2] == (state, events):
            age = (moment - kept[2].now).total_seconds()
            due = self.ledger.next_expiry()
            if 0 <= age < _KEEP_SECONDS and (due is None or due > moment):
                return kept[2]
        laid = availability(catalogue, self.ledger.capacity_now(now=moment), now=moment)
        self._available = (state, events, laid)
        return laid

    def ask(self, query: Query) -> Answer:
        """Answer a query by the state of this moment."""
        available = self.available()
        answer = find(self._catalogue[1] if self._catalogue else self.catalogue(), query, available)
        return corrected.with_doubts(answer, self._doubts[1] if self._doubts else {})

    def capacity_of(self, service_id: str) -> dict[str, Any]:
        """Tell what is known of a service's places; UnknownCodeError where there is no such service.

        Of a service with a protected address nothing is told: how many it takes is part of the secret. It is known
        here by its public id alone. `doubt`, where it is there, says why the report confirms nothing.
        """
        catalogue, laid = self.catalogue(), self.available()
        service = catalogue.service(service_id)
        if service["service_id"] != service_id:
            raise UnknownCodeError(_("Nu există serviciul „{code}”.").format(code=service_id))
        if service["is_secret"]:
            unsaid = dict.fromkeys(("places_free", "places_max", "places_reported_at"))
            return {"service_id": service_id, "name": service["name"], "status": "unknown", **unsaid}
        row = catalogue.position[service_id]
        reported = laid.reported_s[row]
        said = {
            "service_id": service_id,
            "name": service["name"],
            "status": str(laid.status[row]),
            "places_free": _whole(laid.places_free[row]),
            "places_max": _whole(laid.places_max[row]),
            "places_reported_at": None if reported != reported else datetime.fromtimestamp(reported, UTC).isoformat(),  # noqa: PLR0124
        }
        if is_from_future((laid.now.timestamp() - reported) / SECONDS_A_DAY):
            said["doubt"] = _("raportul poartă o dată din viitor: nu confirmă nimic până la un raport nou")
        return said

    def note_capacity(
        self,
        service_id: str,
        *,
        actor: Actor,
        source: str,
        free: int | None,
        maximum: int | None = None,
        status: str | None = None,
    ) -> dict[str, Any]:
        """Append a capacity report of a service that the catalogue knows, and tell what is known now.

        Raises what `protected.key_for` raises, and what `Ledger.report_capacity` does.
        """
        key = protected.key_for(self, service_id, actor=actor, permission="capacity.report")
        self.ledger.report_capacity(
            key, places_free=free, places_max=maximum, status=status, source=source, actor=actor
        )
        return self.capacity_of(str(self.catalogue().service(key)["service_id"]))


def open_desk(home: Home) -> Desk:
    """Open the desk of a home."""
    return Desk(home, load_gazetteer(home), open_ledger(home))


def _whole(value: float) -> int | None:
    return None if value != value else int(value)  # noqa: PLR0124  NaN is not itself
