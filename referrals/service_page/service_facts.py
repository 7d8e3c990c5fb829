"""What the page of a service says: whom it takes, how one gets in, how to reach it, and how old each fact is.

No way is told and nothing of a person: the page has an address that may be sent to anybody. Of a protected service
it says what its public label says, and no number, day or report that would tell one door from another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.cells import date_or_none
from core.errors import UnknownCodeError
from core.i18n import _
from core.romanian_calendar import BUCHAREST
from core.storage.service_ids import current_id
from providers.answering.answering_record import answering_window_words
from providers.rules import taxonomy
from providers.rules.flags import split_flags
from providers.rules.wording import access_words, age_words, day_words, iso_day, licence_words, phone_words
from providers.service_map.map_list import views_of
from referrals.field import field_reports
from referrals.field.corrected_catalogue import NO_COLUMN
from referrals.provider_entry.entry_form import statement_words
from referrals.service_page.papers_to_bring import paper_facts
from referrals.service_page.whom_words import area_words, whom_words
from referrals.workflow import field_intake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.storage.editions import Manifest
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.offer_view import OfferView
    from referrals.field.field_reports import FieldReport
    from referrals.workflow.directory import Directory

_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class ServiceFact:
    """One fact of a service.

    Attributes
    ----------
    name, value
        What it is, and what is known of it.
    known
        From where and since when; empty where that would tell a protected door.
    doubt
        What somebody on the spot said against it and nobody has settled; empty else.
    """

    name: str
    value: str
    known: str
    doubt: str = ""


@dataclass(frozen=True)
class FactGroup:
    """Facts under one heading, none of them empty.

    Attributes
    ----------
    title
        The heading.
    facts
        In the order in which they are read.
    """

    title: str
    facts: tuple[ServiceFact, ...]


@dataclass(frozen=True)
class ServicePage:
    """A service as its page shows it.

    Attributes
    ----------
    service_id
        Its present public id.
    service_type
        Code of its type: a person may be referred to it for that.
    offer
        What an answer says of it, without a way.
    way
        How one gets there, in a sentence; empty where that is not known or not said.
    provider
        Who gives it; empty behind a protected address.
    groups
        Its facts with their age.
    register_known
        The age of whatever has no age of its own: as of the register's edition.
    phones_doubt
        What is said against its telephone numbers.
    point
        Latitude and longitude of its door, where the register knows it; None else.
    source
        The edition behind it, with its day.
    """

    service_id: str
    service_type: str
    offer: OfferView
    way: str
    provider: str
    groups: tuple[FactGroup, ...]
    register_known: str
    phones_doubt: str
    point: tuple[float, float] | None
    source: str


def present_id(snapshot: Snapshot, text: str) -> str:
    """Return the id under which a service stands today.

    Parameters
    ----------
    snapshot
        The catalogue of this moment.
    text
        An id of today, of before registries had sources, or of a row that was found to be another service.

    Returns
    -------
    str
        The id in force.

    Raises
    ------
    UnknownCodeError
        Where there is no such service. The key under which the ledger keeps a protected one is nobody's to look up.
    """
    catalogue = snapshot.catalogue
    if text in catalogue.sealed.values():
        raise UnknownCodeError(_("Nu există serviciul „{code}”.").format(code=text[:60]))
    try:
        row = catalogue.row_of(current_id(text))
    except UnknownCodeError:
        raise UnknownCodeError(_("Nu există serviciul „{code}”.").format(code=text[:60])) from None
    return str(catalogue.cell("service_id", row))


def service_page(directory: Directory, service_id: str) -> ServicePage:
    """Gather what is public of a service.

    Parameters
    ----------
    directory
        Catalogue, places and what came from the field, of this moment.
    service_id
        As `present_id` knows it.

    Returns
    -------
    ServicePage
        In the language of this request.

    Raises
    ------
    UnknownCodeError
        Where there is no such service.
    """
    snapshot = directory.snapshot()
    key = present_id(snapshot, service_id)
    facts = _Facts(directory, snapshot, key)
    return ServicePage(
        service_id=key,
        service_type=facts.service["service_type"],
        offer=facts.offer,
        way="" if facts.is_secret else facts.way(),
        provider=facts.provider,
        groups=tuple(FactGroup(title, told) for title, told in facts.grouped() if told),
        register_known=facts.known(),
        phones_doubt=facts.doubt("phone"),
        point=facts.point,
        source=facts.source,
    )


class _Facts:
    """The facts of one service while its page is made."""

    def __init__(self, directory: Directory, snapshot: Snapshot, key: str) -> None:
        self.snapshot, self.key = snapshot, key
        self.row = snapshot.catalogue.row_of(key)
        self.service: dict[str, Any] = snapshot.catalogue.service(key)
        self.is_secret = bool(self.service["is_secret"])
        (self.offer,) = views_of(snapshot, [key], None)
        self.reports: list[FieldReport] = [] if self.is_secret else field_reports.of_service(directory.ledger, key)
        self.said_by = "" if self.is_secret else _place_source(directory, key)
        self.edition = _manifest(snapshot.catalogue.manifests, str(self.service["edition"]))

    @property
    def point(self) -> tuple[float, float] | None:
        """The door, where the register knows it."""
        if self.is_secret or self.service["position_precision"] != "address":
            return None
        return float(self.service["lat"]), float(self.service["lon"])

    @property
    def source(self) -> str:
        """The edition with its day."""
        if self.edition is None or self.is_secret:
            return ""
        text = _("{title}, la {day}").format(title=_(self.edition.source.title), day=iso_day(self.edition.as_of))
        return f"{text} {_('(date sintetice)')}" if self.edition.source.synthetic else text

    def known(self, what: str = "") -> str:
        """Return in words since when a fact is known: corrected from the field, else as of the register's edition."""
        if self.is_secret:
            return ""
        for each in self.reports:
            if what and each.what == what and each.state == "accepted" and self._is_applied(what) and each.settled_at:
                day = each.settled_at.astimezone(BUCHAREST).date()
                if each.role == field_reports.PROVIDER:
                    return _("spus de furnizor la {day}").format(day=day_words(day))
                return _("corectat la {day}, după o sesizare din teren").format(day=day_words(day))
        return "" if self.edition is None else _("din registru, {day}").format(day=iso_day(self.edition.as_of))

    def _is_applied(self, what: str) -> bool:
        flags = split_flags(str(self.service["flags"]))
        return what == "closed" or what in NO_COLUMN or bool({f"{what}_checked", f"{what}_told"} & set(flags))

    def _told(self, what: str) -> ServiceFact:
        """Say what the provider, or somebody on the spot, said of a fact that no register publishes."""
        report = next((each for each in self.reports if each.what == what and each.state == "accepted"), None)
        value = "" if report is None else statement_words(report)
        name = field_reports.what_label(what).capitalize()
        return ServiceFact(name, value, self.known(what) if value else "", self.doubt(what))

    def doubt(self, what: str) -> str:
        """Return in words what was reported against a fact and waits for the county unit."""
        for each in self.reports:
            if each.what == what and each.state == "open":
                if each.role == field_reports.PROVIDER:
                    text = statement_words(each)
                    return _("furnizorul spune: {value}; unitatea județeană verifică").format(value=text)
                days = (self.snapshot.availability.now - each.reported_at).total_seconds() / _DAY_SECONDS
                words = _("semnalat ca greșit {when}").format(when=age_words(days))
                right = phone_words(each.value) if what == "phone" else ""
                return _("{words}; un coleg propune {right}").format(words=words, right=right) if right else words
        return ""

    def grouped(self) -> Iterator[tuple[str, tuple[ServiceFact, ...]]]:
        """Return the facts under their headings."""
        yield _("Pentru cine"), self._list(self._whom())
        yield _("Cum se intră"), self._list(self._entry())
        yield _("Unde și când"), self._list(self._where())
        yield _("Contact"), self._list(self._contact())
        yield _("Locuri"), self._list(self._places())
        yield _("Cine îl oferă"), self._list(self._provider())

    def _list(self, facts: Iterator[ServiceFact]) -> tuple[ServiceFact, ...]:
        return tuple(each for each in facts if each.value)

    def _fact(self, name: str, value: Any, what: str = "") -> ServiceFact:
        text = value if isinstance(value, str) else ""
        return ServiceFact(name, text, self.known(what), self.doubt(what) if what else "")

    def _whom(self) -> Iterator[ServiceFact]:
        kind = taxonomy.service_type(self.service["service_type"])
        yield self._fact(_("Tip de serviciu"), _(kind.name))
        yield self._fact(_("Primește"), whom_words(self.snapshot.catalogue, self.row), "ages")
        yield self._fact(_("Din"), area_words(self.snapshot, self.service))

    def _entry(self) -> Iterator[ServiceFact]:
        decides = taxonomy.service_type(self.service["service_type"]).decision_by
        way = access_words(str(self.service["access_route"]), decides)
        yield self._fact(_("Intrarea"), way or _("Direct, fără decizie și fără trimitere de la medic."))
        if not self.is_secret:
            yield self._told("conditions")
            yield self._told("waiting")
        for title, value in paper_facts(str(self.service["service_type"])):
            yield ServiceFact(title, value, "")

    def _where(self) -> Iterator[ServiceFact]:
        if self.is_secret:
            return
        moved = "moved" if self.doubt("moved") or self._is_applied("moved") else "address"
        yield self._fact(_("Adresă"), self.offer.address, moved)
        yield ServiceFact(_("Cum ajungeți"), self.way(), "")
        yield self._fact(_("Poziție pe hartă"), self.offer.precision)
        yield self._fact(_("Program"), self.offer.hours or _("nu este în registru: întrebați la telefon"), "hours")
        yield ServiceFact(_("Acum"), self.offer.opening if self.offer.hours else "", "")
        yield self._told("wheelchair")

    @property
    def provider(self) -> str:
        """The organization."""
        value = self.service["organization"]
        return value if isinstance(value, str) and not self.is_secret else ""

    def way(self) -> str:
        """Return in words how one gets there, without a word of from where."""
        service, catalogue = self.service, self.snapshot.catalogue
        match catalogue.rules.delivery[self.row]:
            case "at_home":
                return _("Vine la persoană acasă: nu este nevoie de drum.")
            case "mobile":
                return _("Echipa vine în localitate: stabiliți la telefon ziua și locul.")
            case "remote":
                return _("Se acordă la distanță: nu este nevoie de drum.")
        county = catalogue.county_names.get(service["county"], "")
        locality = service["locality"] if isinstance(service["locality"], str) else ""
        if not locality or not county:
            return ""
        where = _("Mergeți în {locality}, județul {county}").format(locality=locality, county=county)
        if isinstance(service["address"], str):
            return _("{where}, la adresa {address}.").format(where=where, address=service["address"])
        return _("{where}. Strada și numărul nu sunt în registru: întrebați la telefon.").format(where=where)

    def _contact(self) -> Iterator[ServiceFact]:
        if self.is_secret:
            return
        yield self._fact(_("Telefon"), "; ".join(each.text for each in self.offer.phones), "phone")
        yield self._fact(_("E-mail"), self.service["email"], "email")
        yield self._fact(_("Pagină web"), self.service["website"])
        yield self._told("languages")

    def _places(self) -> Iterator[ServiceFact]:
        places = self.offer.places
        if places is None:
            return
        known = " · ".join(filter(None, (places.age, self.said_by))) or _("nimeni nu a raportat încă")
        yield ServiceFact(_("Locuri libere"), places.text, known)
        yield self._fact(_("Capacitate în registru"), self.service["capacity_text"])
        yield ServiceFact(_("Răspunsuri"), self.offer.answering, answering_window_words())

    def _provider(self) -> Iterator[ServiceFact]:
        if self.is_secret:
            return
        yield self._fact(_("Furnizor"), self.provider)
        if self.service["accreditation_status"] == "withdrawn":
            yield self._fact(_("Acreditare"), _("retrasă"))
        yield self._fact(_("Cod fiscal"), self.service["organization_cui"])
        yield self._fact(_("Licență"), self._licence())
        yield self._fact(_("De verificat"), self.offer.checks)

    def _licence(self) -> str:
        if not self.offer.licence:
            return ""
        until, status = date_or_none(self.service["licence_until"]), str(self.service["licence_status"])
        text = licence_words(until, status, self.snapshot.availability.today)
        number = self.service["licence_number"]
        return _("{said}, nr. {number}").format(said=text, number=number) if isinstance(number, str) else text


def _place_source(directory: Directory, key: str) -> str:
    table = directory.ledger.capacity_now([key])
    return "" if table.empty else _source_words(str(table["source"].iloc[0]))


def _source_words(source: str) -> str:
    """Say how places were reported; what an operator wrote as a source of its own stays as written."""
    if source.startswith("api:"):
        return _("de alt program")
    known = {
        field_intake.CALLED: _("la telefon"), "furnizor": _("de furnizor"), "fișier": _("dintr-un fișier"),
        "demonstrație": _("pentru demonstrație"),
    }  # fmt: skip
    return known.get(source, source)


def _manifest(manifests: Sequence[Manifest], edition: str) -> Manifest | None:
    return next((each for each in manifests if each.edition == edition), None)
