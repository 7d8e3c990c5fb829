"""The table of what can be imported: every registry and every layer is one row, and nothing else lists them.

Whatever needs to know the kinds (editions, imports, the catalogue, words of screens, reports, the demonstration)
derives it from these rows; their order here is their order everywhere. docs/adding-a-register.md adds one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.i18n import N_
from core.resources import DATA
from core.storage.manifest import Source

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class ImportKind:
    """A kind of file that can be imported, and how the product speaks of it.

    Attributes
    ----------
    code
        What the command line and the folder of its editions call it.
    title
        What a screen calls it.
    registry
        For a registry of services, their `registry` and the prefix of their `service_id`; "" = a layer.
    module
        Where it is read. For a registry, `load(path)` and `tidy(raw, gazetteer)`; a layer may do all in `load`, which
        then returns a TidiedTable. "" = no file of it can be read. Parameters are handed over by their names, see
        `providers.imports.file_shaping.read_file`.
    load
        Name of the function that reads.
    table, key
        Main table of an edition, and the column that is unique in it.
    publisher, url, licence
        Its source, where no card beside the file says better.
    default_source
        For a registry, the name of the source that a file is of where the registry has none yet and nobody names
        one; also of everything imported before there were sources. It stands in ids: it is never changed.
    is_needed
        Whether a question cannot be answered where an edition that was published is lost; False = it is answered
        without, and that is said.
    keeps_all
        Whether its editions are never deleted: what people recorded is read by the edition that it was recorded with.
    in_demo
        Whether a file of it may be imported into a demonstration: invented and real registers do not mix.
    demo_file
        What a demonstration shows of it, below `data/`; "" = nothing.
    open_file
        What is openly licensed and embedded of it, below `data/`, for a live home (`harta init --open-data`); "" =
        nothing.
    first_file
        What every live home begins with of it, below `data/`; "" = nothing.
    has_companion
        Whether its publisher hands out a second file with it.
    heading, in_sentence
        A registry's name over its services, and inside a sentence.
    coverage_indicator
        The indicator that measures communities against it (data/reports/indicators.csv); "" = not measured.
    colour
        Red, green and blue of its dots on paper, where it is measured.
    is_licensed
        Whether all services of a registry work by a licence, so that one of which no licence is known is told so;
        their coverage is published, and the names of their providers say whom they serve.
    """

    code: str
    title: str
    registry: str = ""
    module: str = ""
    load: str = "load"
    table: str = "services"
    key: str = "service_id"
    publisher: str = ""
    url: str = ""
    licence: str = ""
    default_source: str = "own"
    is_needed: bool = True
    keeps_all: bool = False
    in_demo: bool = False
    demo_file: str = ""
    open_file: str = ""
    first_file: str = ""
    has_companion: bool = False
    heading: str = ""
    in_sentence: str = ""
    coverage_indicator: str = ""
    colour: tuple[int, int, int] = field(default=(85, 85, 85))
    is_licensed: bool = False

    @property
    def source(self) -> Source:
        """Its source, as a card would say it."""
        return Source(self.title, self.publisher, self.url, self.licence)

    @property
    def demo_path(self) -> Path | None:
        """The embedded file that a demonstration shows, None where there is none."""
        return DATA / self.demo_file if self.demo_file else None

    @property
    def open_path(self) -> Path | None:
        """The embedded file that is openly licensed, None where there is none."""
        return DATA / self.open_file if self.open_file else None

    @property
    def first_path(self) -> Path | None:
        """The embedded file that every live home begins with, None where there is none."""
        return DATA / self.first_file if self.first_file else None


_ROWS = (
    ImportKind(
        code="boundaries",
        title=N_("Limitele unităților administrativ-teritoriale"),
        module="geo.layers.boundaries",
        table="boundaries",
        key="area_id",
        in_demo=True,
        demo_file="atlas/areas_approximate.parquet",
        open_file="atlas/areas_approximate.parquet",
    ),
    ImportKind(
        code="localities",
        title=N_("Localități cu coordonate"),
        module="geo.layers.localities",
        table="localities",
        key="locality_siruta",
        in_demo=True,
    ),
    ImportKind(
        code="population",
        title=N_("Populația pe comune și orașe"),
        module="geo.layers.population",
        table="population",
        key="uat_siruta",
        publisher="Institutul Național de Statistică",
        url="https://www.recensamantromania.ro",
        in_demo=True,
        demo_file="atlas/uat_population.csv",
        open_file="atlas/uat_population.csv",
    ),
    ImportKind(
        code="atlas-rural",
        title=N_("Atlasul zonelor rurale marginalizate"),
        module="geo.layers.atlas_files",
        load="load_rural",
        table="atlas",
        key="uat_siruta",
        demo_file="atlas/synthetic_atlas_rural.csv",
    ),
    ImportKind(
        code="atlas-urban",
        title=N_("Atlasul zonelor urbane marginalizate"),
        module="geo.layers.atlas_files",
        load="load_urban",
        table="atlas",
        key="uat_siruta",
        demo_file="atlas/synthetic_atlas_urban.csv",
    ),
    ImportKind(
        code="communities",
        title=N_("Lista comunităților proiectului"),
        module="geo.layers.community_list",
        table="communities",
        key="uat_siruta",
        demo_file="atlas/communities_demo.csv",
        first_file="atlas/communities_known.csv",
    ),
    ImportKind(
        code="organizations",
        title=N_("Furnizori de servicii sociale acreditați"),
        module="providers.registries.social.organizations",
        table="organizations",
        key="cui",
        publisher="Ministerul Muncii",
        url="https://data.gov.ro",
    ),
    ImportKind(
        code="social",
        title=N_("Servicii sociale licențiate"),
        registry="social",
        default_source="mmps",
        module="providers.registries.social.social_register",
        publisher="Ministerul Muncii",
        url="https://data.gov.ro",
        demo_file="providers/synthetic_social.parquet",
        has_companion=True,
        heading=N_("Servicii sociale"),
        in_sentence=N_("registrul serviciilor sociale"),
        coverage_indicator="COV-SOC",
        colour=(11, 95, 102),
        is_licensed=True,
    ),
    ImportKind(
        code="medical",
        title=N_("Furnizori de servicii medicale"),
        registry="medical",
        default_source="own",
        module="providers.registries.medical",
        demo_file="providers/synthetic_medical.parquet",
        open_file="providers/open_hospitals.csv.gz",
        heading=N_("Sănătate"),
        in_sentence=N_("serviciile medicale"),
        coverage_indicator="COV-MED",
        colour=(155, 28, 28),
    ),
    ImportKind(
        code="education",
        title=N_("Rețeaua școlară"),
        registry="education",
        default_source="siiir",
        module="providers.registries.education",
        publisher="Ministerul Educației (SIIIR)",
        url="https://data.gov.ro",
        demo_file="providers/synthetic_education.parquet",
        open_file="providers/open_education.csv.gz",
        heading=N_("Educație"),
        in_sentence=N_("rețeaua școlară"),
        coverage_indicator="COV-EDU",
        colour=(122, 74, 0),
    ),
    ImportKind(
        code="employment",
        title=N_("Agenții pentru ocuparea forței de muncă"),
        registry="employment",
        default_source="anofm",
        module="providers.registries.employment",
        publisher="Agenția Națională pentru Ocuparea Forței de Muncă",
        url="https://www.anofm.ro",
        demo_file="providers/synthetic_employment.parquet",
        open_file="providers/open_employment.csv.gz",
        heading=N_("Ocupare"),
        in_sentence=N_("serviciile de ocupare"),
        coverage_indicator="COV-EMP",
        colour=(29, 63, 116),
    ),
    ImportKind(
        code="authorities",
        title=N_("Autorități publice: date de contact"),
        registry="authority",
        default_source="oficii",
        module="providers.registries.general_format",
        in_demo=True,
        open_file="providers/open_town_halls.csv.gz",
        heading=N_("Birouri publice"),
        in_sentence=N_("autoritățile publice"),
    ),
    ImportKind(
        code="addresses",
        title=N_("Puncte ale adreselor"),
        module="geo.layers.addresses",
        table="addresses",
        key="address_id",
        in_demo=True,
    ),
    ImportKind(
        code="roads",
        title=N_("Rețeaua de drumuri"),
        module="geo.roads.reading.road_import",
        table="roads",
        key="road_id",
        publisher="OpenStreetMap",
        url="https://www.openstreetmap.org/copyright",
        licence="ODbL",
        is_needed=False,
        in_demo=True,
    ),
    ImportKind(
        code="instrument",
        title=N_("Chestionarul de evaluare al echipei"),
        module="cases.instrument.instrument_editions",
        table="items",
        key="key",
        is_needed=False,
        keeps_all=True,
        in_demo=True,
        demo_file="cases/whole/instrument.csv",
    ),
    # A new registry goes here: see docs/adding-a-register.md.
)
KINDS = {row.code: row for row in _ROWS}
READABLE = tuple(row.code for row in _ROWS if row.module)
REGISTRIES = {row.registry: row for row in _ROWS if row.registry}
MEASURED = tuple(row.registry for row in _ROWS if row.coverage_indicator)
LICENSED = frozenset(row.registry for row in _ROWS if row.is_licensed)
AUTHORITY = "authority"  # the registry of public offices: they follow from the law, and every area has them

_SOURCE_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")


def kind_of(registry: str) -> str:
    """Return the kind of file that a registry is imported as: the public offices come as `authorities`."""
    return REGISTRIES[registry].code


def is_source_name(text: str) -> bool:
    """Whether a text can name a source: it stands in ids, addresses and folders.

    >>> is_source_name("cnas-bc"), is_source_name("../x"), is_source_name("2026")
    (True, False, False)
    """
    return text != "current" and _SOURCE_NAME.fullmatch(text) is not None


def slot_of(kind: str, source: str = "") -> str:
    """Name the place where editions follow one another: of a registry a source (`social/mmps`), else the kind.

    Without a source that of a registry is its default one.

    >>> slot_of("social", "dgaspc-nt"), slot_of("social"), slot_of("population")
    ('social/dgaspc-nt', 'social/mmps', 'population')
    """
    row = KINDS.get(kind)
    return f"{kind}/{source or row.default_source}" if row is not None and row.registry else kind


def in_slot(slot: str) -> tuple[str, str]:
    """Take the name of a place of editions apart: kind and source ("" for a layer).

    >>> in_slot("social/dgaspc-nt"), in_slot("social"), in_slot("population")
    (('social', 'dgaspc-nt'), ('social', 'mmps'), ('population', ''))
    """
    kind, _slash, source = slot.partition("/")
    row = KINDS.get(kind)
    return kind, source or (row.default_source if row is not None and row.registry else "")
