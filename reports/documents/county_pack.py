"""The county pack: every service of a county, to be printed or kept on a telephone for places without a network.

It is a photograph: it says its day and its editions, and no free places, which would be old by the next day.
Of protected services it has what the catalogue has, the public label. Beside the registers it has what the teams of the
county know, marked, for whoever may read that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import UnknownPlaceError
from core.i18n import _, ngettext, number
from core.romanian_calendar import BUCHAREST
from core.storage.import_kinds import AUTHORITY, LICENSED, REGISTRIES
from core.text import collation_key, fold_loose
from providers.finder.answer import Offer, Query
from providers.finder.answer_view import missing_words
from providers.finder.finder import describe_all
from providers.finder.offer_view import OfferView, view_of
from providers.local.local_help import is_over, is_stale, next_days_of
from providers.local.local_view import coming_words, mark_words
from providers.rules import needs, taxonomy
from providers.rules.wording import Phone, day_words, iso_day, licence_words, licensed_words, phones, registry_words
from referrals.records import roles

if TYPE_CHECKING:
    from datetime import date

    from core.storage.editions import Manifest
    from providers.catalogue.snapshot import Snapshot
    from providers.local.local_help import LocalHelp
    from providers.rules.needs import EmergencyLine
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

    _Listed = tuple[dict[str, Any], Offer]  # a row of the catalogue, and what an answer would say of it


@dataclass(frozen=True)
class PackEntry:
    """One service as the pack says it; texts are empty where nothing is known.

    view: what every surface says of it, of which the pack leaves out ways and free places. places: licensed ones.
    notes: how one gets in, licence and what to doubt, a sentence each.
    """

    service_id: str
    view: OfferView
    organization: str
    type_name: str
    category: str
    locality: str
    address: str
    email: str
    places: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """The services of one register: title and entries, by type, locality and name."""

    title: str
    entries: tuple[PackEntry, ...]


@dataclass(frozen=True)
class LocalPackEntry:
    """What teams of the county know and no register has. notes: what it gives, when it comes, its mark, a text each."""

    name: str
    place: str
    phones: tuple[Phone, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    """All that the pack of a county holds.

    Attributes
    ----------
    county, county_name
        Letters and name.
    made_on
        Day of the pack.
    is_demo
        Whether its data are of a demonstration.
    emergency
        Lines to call first.
    sections
        Services by heading.
    local
        What the county's teams know beside the registers, by place and name.
    sources
        A line each edition.
    missing
        Registers not imported here, in a sentence; blank where there is none.
    """

    county: str
    county_name: str
    made_on: date
    is_demo: bool
    emergency: tuple[EmergencyLine, ...]
    sections: tuple[Section, ...]
    local: tuple[LocalPackEntry, ...]
    sources: tuple[str, ...]
    missing: str

    @property
    def services(self) -> int:
        """How many services the pack holds."""
        return sum(len(section.entries) for section in self.sections)

    @property
    def title(self) -> str:
        """Name the pack."""
        return _("Serviciile din {county}").format(county=self.county_name)


def make_pack(directory: Directory, county: str, *, made_on: date | None = None, actor: Actor | None = None) -> Pack:
    """Gather the pack of a county.

    Parameters
    ----------
    directory
        Services and places of this moment.
    county
        Its name or its letters.
    made_on
        Day printed; None = today.
    actor
        Who reads it: what teams know is for those of the county alone. None = nobody who signed in, who reads that of
        a demonstration alone, where all is invented.

    Returns
    -------
    Pack
        Public facts alone.

    Raises
    ------
    UnknownPlaceError
        Where there is no such county.
    """
    snapshot = directory.snapshot()
    catalogue, gazetteer = snapshot.catalogue, snapshot.gazetteer
    code = gazetteer.county_code(county)
    if code is None:
        raise UnknownPlaceError(
            _("Nu există județul „{county}”. Scrieți literele lui, de exemplu BC.").format(county=county)
        )
    services = catalogue.services
    listed = services["service_id"].isin(services["service_id"].iloc[catalogue.listed.get(code, [])])
    here = services[(services["county"] == code) | (services["county_served"] == code) | listed]
    day = made_on or datetime.now(BUCHAREST).date()
    names = dict(zip(gazetteer.counties["county"], gazetteer.counties["name"], strict=True))
    rows: list[dict[str, Any]] = [{str(name): value for name, value in row.items()} for row in here.to_dict("records")]
    # Nobody travels in a pack, so the way of these offers is from the county's first place and is not printed.
    first = int(gazetteer.uats.loc[gazetteer.uats["county"] == code, "uat_siruta"].iloc[0])
    query = Query(origin=gazetteer.place_of(uat_siruta=first), wanted=())
    offers = describe_all(snapshot, query, [row["service_id"] for row in rows])
    listed_rows = list(zip(rows, offers, strict=True))
    sections = (
        _section(registry, [each for each in listed_rows if each[0]["registry"] == registry], day)
        for registry in REGISTRIES
    )
    kinds = {manifest.kind for manifest in catalogue.manifests}
    return Pack(
        county=code,
        county_name=_("municipiul București") if code == "B" else _("județul {name}").format(name=names[code]),
        made_on=day,
        is_demo=directory.home.is_demo,
        emergency=tuple(needs.emergency_lines_by_code().values()),
        sections=tuple(section for section in sections if section.entries),
        local=_local(snapshot, code, day) if _reads_local(directory, actor, code) else (),
        sources=tuple(_source(manifest) for manifest in catalogue.manifests),
        missing=missing_words(r for r in REGISTRIES if r != AUTHORITY and r not in kinds),
    )


def _section(registry: str, rows: list[_Listed], day: date) -> Section:
    order = {code: place for place, code in enumerate(taxonomy.service_types())}

    def by_type_and_place(listed: _Listed) -> tuple[int, str, str, str]:
        row, offer = listed
        return (
            order[offer.service_type],
            collation_key(offer.locality or ""),
            collation_key(offer.name),
            str(row["service_id"]),
        )

    entries = tuple(_entry(row, offer, day) for row, offer in sorted(rows, key=by_type_and_place))
    return Section(registry_words(registry), entries)


def _entry(row: dict[str, Any], offer: Offer, day: date) -> PackEntry:
    view = view_of(offer)
    return PackEntry(
        service_id=offer.service_id,
        view=view,
        organization="" if fold_loose(offer.organization) in fold_loose(offer.name) else offer.organization,
        type_name=_(offer.type_name),
        category=_(taxonomy.service_type(offer.service_type).category),
        locality=offer.locality or "",
        address=offer.address or "",
        email=offer.email or "",
        places="" if pd.isna(row["places_max"]) else licensed_words(int(row["places_max"]), offer.capacity_unit),
        notes=tuple(_notes(row, view, day)),
    )


def _notes(row: dict[str, Any], view: OfferView, day: date) -> list[str]:
    notes = []
    if row["operating_status"] == "closed":
        notes.append(_("Închis."))  # a closure for a time is among the cautions
    if row["accreditation_status"] == "withdrawn":
        notes.append(_("Furnizorul nu mai este acreditat."))
    if row["licence_status"] in ("withdrawn", "suspended"):
        notes.append(
            _("Licența a fost retrasă.") if row["licence_status"] == "withdrawn" else _("Licența este suspendată.")
        )
    elif pd.notna(row["licence_until"]):
        until = row["licence_until"].date()
        text = _("Licență: {words}.").format(words=licence_words(until, "active"))
        notes.append(text if until >= day else _("Licența a expirat la {day}.").format(day=day_words(until)))
    elif row["registry"] in LICENSED and not row["is_secret"]:
        notes.append(_("Licență: {words}.").format(words=licence_words(None, row["licence_status"])))
    if row["delivery"] in ("at_home", "mobile", "remote"):
        words = {"at_home": _("Vine la domiciliu."), "mobile": _("Echipă mobilă."), "remote": _("La distanță.")}
        notes.append(words[row["delivery"]])
    return [*notes, *view.cautions]


def _reads_local(directory: Directory, actor: Actor | None, county: str) -> bool:
    if actor is None:
        return directory.home.is_demo
    return roles.allows(actor, "local.read", roles.Area(county=county))


def _local(snapshot: Snapshot, county: str, day: date) -> tuple[LocalPackEntry, ...]:
    """List what is in force on the day: neither what comes no more nor what nobody has confirmed again for long."""
    some = [e for e in snapshot.local if e.county == county and not is_over(e, day) and not is_stale(e, day)]
    some.sort(key=lambda e: (collation_key(e.place), collation_key(e.name), e.entry_id))
    return tuple(LocalPackEntry(e.name, e.place, phones(e.phone), tuple(_local_notes(e, day))) for e in some)


def _local_notes(entry: LocalHelp, day: date) -> list[str]:
    only = _("numai comuna") if entry.serves == "uat" else ""
    items = (
        entry.offers,
        coming_words(entry, next_days_of(entry, day)),
        entry.taken,
        entry.hours,
        only,
        mark_words(entry),
    )
    return [text for text in items if text]


def _source(manifest: Manifest) -> str:
    note = _(" (date demonstrative)") if manifest.source.synthetic else ""
    return _("{title}, la {day}, ediția {edition}{note}").format(
        title=_(manifest.source.title), day=iso_day(manifest.as_of), edition=manifest.edition, note=note
    )


def content_words(pack: Pack) -> str:
    """Return in words how many services there are and of which day the pack is."""
    counted = ngettext("{n} serviciu", "{n} servicii", pack.services).format(n=number(pack.services))
    day = datetime(pack.made_on.year, pack.made_on.month, pack.made_on.day, tzinfo=UTC)
    return _("{counted}, așa cum erau la {day}. Locurile libere se află la telefon.").format(
        counted=counted, day=day_words(day)
    )
