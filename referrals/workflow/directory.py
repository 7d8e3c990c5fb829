"""The desk: where the catalogue (what is offered) and the ledger (what is taken) meet to answer a question."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.errors import UnknownCodeError
from core.i18n import _
from core.storage.editions import EditionStore
from geo.gazetteer.gazetteer import Gazetteer, load_gazetteer
from providers.catalogue import authorities
from providers.catalogue.availability import Availability, availability
from providers.catalogue.catalogue import Catalogue, load_catalogue
from providers.finder.finder import find
from providers.rules.freshness import SECONDS_A_DAY, is_from_future
from referrals.field import corrected_catalogue, field_reports
from referrals.ledger import rekeying
from referrals.ledger.ledger import Ledger, open_ledger
from referrals.workflow import sealed_keys

if TYPE_CHECKING:
    import pandas as pd

    from core.storage.home import Home
    from providers.finder.answer import Answer, Query
    from referrals.records.vocabulary import Actor

_PLACES = ("localities", "boundaries")  # what the gazetteer is made of
_KEEP_SECONDS = 60.0  # freshness moves with the clock: a state older than this is laid out anew


@dataclass
class Directory:
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
        state = EditionStore(self.home).state()
        if self._published is None or self._published[0] != state:
            key = sealed_keys.sealing_key(self.ledger)
            rekeying.to_sealed(self.ledger, sealed_keys.seals(self.home, key))
            offices = self._offices_by_law()
            found = load_catalogue(self.home, self.gazetteer, by_law=offices, sealing_key=key)
            self._published = (state, found)
        return self._published[1]

    def _offices_by_law(self) -> pd.DataFrame:
        """Return the offices that follow from the law, and the places they stand in, anew where places changed."""
        state = EditionStore(self.home).state(_PLACES)
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
            self._catalogue = (
                state,
                corrected_catalogue.apply_corrections(plain, corrections, self.gazetteer).catalogue,
            )
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
        return corrected_catalogue.with_doubts(answer, self._doubts[1] if self._doubts else {})

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

    def key_for(self, service_id: str, *, actor: Actor, permission: str) -> str:
        """Return the key under which the ledger keeps a service, for an actor who acts on it (`sealed_keys`)."""
        return sealed_keys.key_for(self.catalogue(), self.ledger, service_id, actor=actor, permission=permission)

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

        Raises what `key_for` raises, and what `Ledger.report_capacity` does.
        """
        key = self.key_for(service_id, actor=actor, permission="capacity.report")
        self.ledger.report_capacity(
            key, places_free=free, places_max=maximum, status=status, source=source, actor=actor
        )
        return self.capacity_of(str(self.catalogue().service(key)["service_id"]))


def open_directory(home: Home) -> Directory:
    """Open the desk of a home."""
    return Directory(home, load_gazetteer(home), open_ledger(home))


def _whole(value: float) -> int | None:
    return None if value != value else int(value)  # noqa: PLR0124  NaN is not itself
