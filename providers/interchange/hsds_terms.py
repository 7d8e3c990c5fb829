"""The taxonomies of the HSDS objects: types of service, and every list of codes that our attributes take from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from core.i18n import N_, _
from core.storage.import_kinds import REGISTRIES
from core.storage.service_ids import lasting_id
from providers.rules import taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

NAMESPACE: UUID = uuid5(NAMESPACE_URL, "urn:harta-serviciilor-comunitare")
SERVICE_TYPES, FIELDS = "service_type", "field"


def hsds_id(kind: str, key: str) -> str:
    """Return the UUID of an object, always the same for the same key (also since keys have their source).

    >>> hsds_id("service", "social:1") == hsds_id("service", "social:1") != hsds_id("location", "social:1")
    True
    """
    return str(uuid5(NAMESPACE, f"{kind}:{lasting_id(key)}"))


@dataclass(frozen=True)
class HsdsTaxonomy:
    """A list of codes. terms: code to name; with it, whether names are sentences of ours."""

    code: str
    name: str
    about: str
    terms: Callable[[], Mapping[str, str]]


def _sentences(**terms: str) -> Callable[[], Mapping[str, str]]:
    return lambda: terms


TAXONOMIES = (
    HsdsTaxonomy(
        SERVICE_TYPES,
        N_("Tipuri de servicii"),
        N_("Nomenclatorul serviciilor sociale (HG 867/2015) și tipurile proprii ale celorlalte registre."),
        lambda: {code: kind.name for code, kind in taxonomy.service_types().items()},
    ),
    HsdsTaxonomy(
        "registry", N_("Registre"), N_("Registrul din care vine serviciul."),
        lambda: {code: kind.heading or kind.title for code, kind in REGISTRIES.items()},
    ),
    HsdsTaxonomy(
        "delivery", N_("Mod de acordare"), N_("Unde se acordă serviciul."),
        _sentences(at_site=N_("la sediu"), at_home=N_("la domiciliu"), mobile=N_("mobil"), remote=N_("la distanță")),
    ),
    HsdsTaxonomy(
        "access_route", N_("Cale de acces"), N_("Cum ajunge cineva la serviciu."),
        _sentences(direct=N_("direct"), decision=N_("prin decizie"), medical=N_("prin trimitere")),
    ),
    HsdsTaxonomy(
        "position_precision", N_("Precizia punctului"), N_("De unde vin coordonatele."),
        _sentences(address=N_("adresa"), locality=N_("localitatea"),
            uat=N_("reședința unității"), none=N_("fără punct")),
    ),
    HsdsTaxonomy(
        "capacity_status", N_("Starea locurilor"), N_("Ce se știe acum despre locuri."),
        _sentences(
            free=N_("are locuri libere"), full=N_("nu are locuri libere"), waitlist=N_("listă de așteptare"),
            assess=N_("locul se hotărăște după evaluare"), open=N_("primește fără număr de locuri"),
            unknown=N_("nu se știe"),
        ),
    ),
    HsdsTaxonomy(
        "capacity_unit", N_("Unitatea locurilor"), N_("Ce se numără."),
        _sentences(places=N_("loc"), per_day=N_("persoană pe zi"), per_month=N_("persoană pe lună")),
    ),
    HsdsTaxonomy(
        "licence_status", N_("Starea licenței"), N_("După registrul licențelor."),
        _sentences(
            active=N_("activă"), suspended=N_("suspendată"), withdrawn=N_("retrasă"), expired=N_("expirată"),
            unknown=N_("necunoscută"),
        ),
    ),
    HsdsTaxonomy(
        FIELDS, N_("Câmpuri proprii"), N_("Valori pentru care HSDS nu are un câmp."),
        _sentences(
            service_id=N_("codul serviciului în registru"), places_max=N_("locuri, în total"),
            accreditation_status=N_("starea acreditării"), licence_from=N_("licență de la"),
            licence_until=N_("licență până la"), closed_from=N_("închis din"), closed_until=N_("închis până la"),
            is_secret=N_("adresă protejată"), flags=N_("semne de întrebare"), service_area=N_("arie de deservire"),
            county=N_("județ"), uat_siruta=N_("cod SIRUTA"), groups=N_("grupuri"), sex=N_("sex"),
            areas_served=N_("zone deservite"), county_served=N_("județ deservit"),
            capacity_model=N_("fel de capacitate"), operating_status=N_("stare"),
        ),
    ),
)  # fmt: skip
BY_CODE = {each.code: each for each in TAXONOMIES}


def term_id(of: str, code: str) -> str:
    """Return the id of a term; types of service keep the one that they had before there were taxonomies."""
    return hsds_id("taxonomy_term", code if of == SERVICE_TYPES else f"{of}:{code}")


def taxonomy_object(of: HsdsTaxonomy) -> dict[str, Any]:
    """Return a taxonomy as an object."""
    return {"id": hsds_id("taxonomy", of.code), "name": _(of.name), "description": _(of.about), "version": "1"}


def term_object(of: HsdsTaxonomy, code: str, *, is_whole: bool = True) -> dict[str, Any]:
    """Return a term as an object, with its taxonomy where it is to stand alone."""
    name = _(of.terms()[code]) if of.terms().get(code) else code
    kind = taxonomy.service_types()[code] if of.code == SERVICE_TYPES else None
    whole = {
        "id": term_id(of.code, code),
        "code": code,
        "name": name,
        "description": (kind.official_name if kind else "") or name,
        "taxonomy": _(of.name),
        "taxonomy_id": hsds_id("taxonomy", of.code),
        "language": "ro",
    }
    return {**whole, "taxonomy_detail": taxonomy_object(of)} if is_whole else whole


def taxonomies() -> Iterator[dict[str, Any]]:
    """Return every taxonomy."""
    return (taxonomy_object(each) for each in TAXONOMIES)


def terms() -> Iterator[dict[str, Any]]:
    """Return every term of every taxonomy."""
    return (term_object(each, code) for each in TAXONOMIES for code in each.terms())
