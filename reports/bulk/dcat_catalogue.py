"""The data sets of a day as a catalogue that portals of open data read: DCAT-AP 3, JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.i18n import _, language
from reports.bulk.bulk_files import DICTIONARY, table_titles
from reports.bulk.bulk_tables import ABOUT

if TYPE_CHECKING:
    from reports.bulk.bulk_files import BulkFile, BulkIndex

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/RON"
_COUNTRY = "http://publications.europa.eu/resource/authority/country/ROU"
_DAILY = "http://publications.europa.eu/resource/authority/frequency/DAILY"
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_RESTRICTED = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"
_THEME = "http://publications.europa.eu/resource/authority/data-theme/SOCI"
# What each ending is: the list of file types of the Publications Office, and of IANA.
_FORMS = {
    ".csv.gz": ("CSV", "text/csv"),
    ".ndjson.gz": ("JSON", "application/x-ndjson"),
    ".parquet": ("PARQUET", "application/vnd.apache.parquet"),
    ".gpkg": ("GPKG", "application/geopackage+sqlite3"),
}
_GZIP = "application/gzip"
_SERVICES = (
    ("/api/v1", "/api/v1/openapi.json", "API REST"),
    ("/ogc", "/ogc/openapi.json", "OGC API Features"),
    ("/hsds", "/hsds/openapi.json", "HSDS 3.1"),
    ("/fhir", "/fhir/openapi.json", "HL7 FHIR R4"),
)


def dcat_catalogue(index: BulkIndex, *, host: str, bulk: str) -> dict[str, Any]:
    """Describe the files of a day.

    Parameters
    ----------
    index
        Of the day.
    host, bulk
        Addresses of the server, and under which the files are, without a slash at their end.

    Returns
    -------
    dict
        JSON-LD: a catalogue with a data set a table, a distribution a file, and the services that answer the same.
    """
    titles = table_titles()
    names = [name for name in titles if any(each.table == name for each in index.files)]
    sets = [_data_set(index, name, titles[name], bulk) for name in names]
    licences = "; ".join(dict.fromkeys(each["licence"] or _("nespecificată") for each in index.sources))
    for each in sets:
        for distribution in each["dcat:distribution"]:
            distribution["dct:rights"] = {"@type": "dct:RightsStatement", "dct:description": _said(licences)}
    words = _("Servicii, furnizori, locuri și unități administrative, ca fișiere făcute zilnic.")
    demo = _("Date demonstrative: furnizorii și locurile sunt inventate.") if index.is_demo else ""
    return {
        "@context": _CONTEXT,
        "@id": f"{bulk}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _said(_("Harta serviciilor comunitare")),
        "dct:description": _said(f"{words} {demo}".strip()),
        "dct:publisher": _publisher(host),
        "dct:language": {"@id": _LANGUAGE},
        "dct:spatial": {"@id": _COUNTRY},
        "dct:modified": _moment(index.made_at),
        "foaf:homepage": {"@id": f"{host}/"},
        "dcat:dataset": sets,
        "dcat:service": [
            {
                "@id": f"{host}{path}",
                "@type": "dcat:DataService",
                "dct:title": _said(f"{_('Harta serviciilor comunitare')}: {name}"),
                "dcat:endpointURL": {"@id": f"{host}{path}"},
                "dcat:endpointDescription": {"@id": f"{host}{description}"},
                "dcat:servesDataset": [{"@id": f"{bulk}/#services"}],
            }
            for path, description, name in _SERVICES
        ],
    }


def _data_set(index: BulkIndex, name: str, title: str, bulk: str) -> dict[str, Any]:
    files = [each for each in index.files if each.table == name]
    return {
        "@id": f"{bulk}/#{name}",
        "@type": "dcat:Dataset",
        "dct:title": _said(title),
        "dct:description": _said(_(ABOUT[name])),
        "dct:identifier": name,
        "dct:publisher": {"@id": f"{bulk.rpartition('/')[0]}/#publisher"},
        "dct:accrualPeriodicity": {"@id": _DAILY},
        "dct:accessRights": {"@id": _RESTRICTED if any(each.scope != "read" for each in files) else _PUBLIC},
        "dct:spatial": {"@id": _COUNTRY},
        "dct:modified": _moment(index.made_at),
        "dcat:theme": {"@id": _THEME},
        "dcat:landingPage": {"@id": f"{bulk}/{index.day}"},
        "dct:source": [{"@id": each["url"]} for each in index.sources if each["url"]],
        "foaf:page": {"@id": f"{bulk}/{index.day}/{DICTIONARY}"},
        "dcat:distribution": [_distribution(index, each, bulk) for each in files],
    }


def _distribution(index: BulkIndex, file: BulkFile, bulk: str) -> dict[str, Any]:
    where = f"{bulk}/{index.day}/{file.name}"
    kind, media_type = next(said for ending, said in _FORMS.items() if file.name.endswith(ending))
    packed = {"dcat:compressFormat": {"@id": f"{_MEDIA_TYPES}{_GZIP}"}} if file.media_type == _GZIP else {}
    return {
        "@id": where,
        "@type": "dcat:Distribution",
        "dct:title": _said(file.name),
        "dcat:accessURL": {"@id": f"{bulk}/latest/{file.name}"},
        "dcat:downloadURL": {"@id": where},
        "dct:format": {"@id": f"{_FILE_TYPES}{kind}"},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{media_type}"},
        **packed,
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.bytes)},
        "dct:issued": _moment(index.made_at),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
        },
    }


def _publisher(host: str) -> dict[str, Any]:
    return {"@id": f"{host}/#publisher", "@type": "foaf:Agent", "foaf:name": _said(_("Harta serviciilor comunitare"))}


def _said(words: str) -> dict[str, str]:
    return {"@language": language(), "@value": words}


def _moment(text: str) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": text}
