"""Everything that is public, as files for other programs: HSDS (objects or tables), GeoParquet, GeoPackage, a workbook.

Each export has a source card beside it, which says of which editions it is made and what their licences are.
All files of an export are written to the side first, so a failure leaves what was there before.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import BadValueError, MapError
from core.exporting import defused
from core.i18n import _
from core.reading.files import sha256_of
from core.storage.editions import EditionStore, Manifest
from core.storage.home import sync
from geo.spatial.crs import MAP_CRS
from providers.catalogue.published import ORGANIZATION_COLUMNS, PUBLISHED_COLUMNS, Published, published
from providers.interchange import hsds_objects as hsds
from providers.interchange import hsds_tables, hsds_terms
from reports.output.xlsx import Sheet, workbook

if TYPE_CHECKING:
    from providers.catalogue.snapshot import Snapshot
    from referrals.workflow.directory import Directory


class ExportError(MapError, RuntimeError):
    """An export cannot be written where it was asked for, or would write over what is there."""


@dataclass(frozen=True)
class Content:
    """What an export is made of."""

    tables: Published
    snapshot: Snapshot
    manifests: tuple[Manifest, ...]
    directory: Directory
    made_on: date

    @property
    def watermark(self) -> str:
        """Words that stand on everything that is invented; empty in a live home."""
        return _("Date demonstrative: furnizorii și locurile sunt inventate.") if self.directory.home.is_demo else ""


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes
    ----------
    files
        The files.
    services, organizations
        How many of each they hold.
    """

    files: tuple[Path, ...]
    services: int
    organizations: int


def export(directory: Directory, kind: str, folder: Path, *, made_on: date, force: bool = False) -> Exported:
    """Write the public tables into a folder, in one of KINDS, with the card `<kind>.source.toml`.

    Raises BadValueError for an unknown kind, ExportError where a file is there already (unless `force`) or
    the disk refuses.
    """
    if kind not in KINDS:
        raise BadValueError(
            _("Nu cunosc exportul „{kind}”. Alegeți unul dintre: {kinds}.").format(kind=kind, kinds=", ".join(KINDS))
        )
    names = [*KINDS[kind].files, f"{kind}.source.toml"]
    try:
        there = [name for name in names if (folder / name).exists()]
        if there and not force:
            raise ExportError(
                _("{folder}: există deja {files}. Alegeți alt dosar, sau scrieți peste cu --force.").format(
                    folder=folder, files=", ".join(there)
                )
            )
        content = gathered(directory, made_on=made_on)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as side:
            KINDS[kind].write(content, Path(side))
            (Path(side) / names[-1]).write_text(card(content, kind, Path(side)), encoding="utf-8")
            for name in names:
                sync(Path(side) / name)
            for name in names:
                (Path(side) / name).replace(folder / name)
        sync(folder)
    except OSError as error:
        raise ExportError(
            _("{folder}: exportul nu poate fi scris ({why}).").format(folder=folder, why=error.strerror)
        ) from error
    return Exported(
        tuple(folder / name for name in names), len(content.tables.services), len(content.tables.organizations)
    )


def gathered(directory: Directory, *, made_on: date) -> Content:
    """Gather what an export is made of, as it is at this moment."""
    snapshot = directory.snapshot()
    edition = EditionStore(directory.home).current("organizations")
    registered = edition.table("organizations") if edition else None
    manifests = (*snapshot.catalogue.manifests, *([edition.manifest] if edition else []))
    return Content(published(snapshot, registered), snapshot, manifests, directory, made_on)


def card(content: Content, kind: str, folder: Path) -> str:
    """Say in TOML what the export is, in the form of every source card, then each file and each edition."""
    licences = dict.fromkeys(manifest.source.licence or _("nespecificată") for manifest in content.manifests)
    title = _("Servicii și furnizori, export {kind}").format(kind=kind)
    head = {
        "title": f"{title}. {content.watermark}".rstrip(". ") + ".",
        "publisher": _("Harta serviciilor comunitare, după registrele de mai jos"),
        "url": "",
        "accessed_on": content.made_on.isoformat(),
        "licence": "; ".join(licences),
        "synthetic": content.directory.home.is_demo,
    }
    files = [
        {"file": name, "sha256": sha256_of(folder / name), "bytes": (folder / name).stat().st_size}
        for name in KINDS[kind].files
    ]
    editions = [
        {
            "kind": m.kind, "edition": m.edition, "as_of": m.as_of, "title": _(m.source.title) or m.kind,
            "publisher": m.source.publisher, "url": m.source.url, "licence": m.source.licence, "sha256": m.sha256,
            "rows": m.rows_loaded, "synthetic": m.source.synthetic,
        }
        for m in content.manifests
    ]  # fmt: skip
    sections = [("[source]", head), *(("[[file]]", f) for f in files), *(("[[edition]]", e) for e in editions)]
    return "\n\n".join("\n".join([heading, *_toml(values)]) for heading, values in sections) + "\n"


def _toml(values: dict[str, Any]) -> Iterator[str]:
    # A TOML basic string is written like a JSON string, and so are whole numbers, true and false.
    return (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())


def _write_hsds(content: Content, folder: Path) -> None:
    services = _hsds_services(content)
    _write_objects(folder / "hsds-services.json", services)
    _write_objects(folder / "hsds-organizations.json", hsds.organizations(content.tables, alert=content.watermark))


def _hsds_services(content: Content) -> Iterator[dict[str, Any]]:
    snapshot = content.snapshot
    return hsds.services(
        content.tables,
        snapshot.gazetteer,
        content.manifests,
        on=snapshot.availability.today,
        alert=content.watermark,
    )


def _write_hsds_tables(content: Content, folder: Path) -> None:
    services = _hsds_services(content)
    organizations = hsds.organizations(content.tables, alert=content.watermark)
    title = f"{_('Servicii și furnizori')}. {content.watermark}".strip(". ")
    hsds_tables.write_tables(folder, services, organizations, hsds_terms.terms(), title=title)


def _write_objects(path: Path, objects: Iterator[dict[str, Any]]) -> None:
    """Write a JSON array with an object a line: one file for programs, and each line readable alone."""
    with path.open("w", encoding="utf-8") as out:
        out.write("[")
        for number, each in enumerate(objects):
            out.write(("," if number else "") + "\n" + json.dumps(each, ensure_ascii=False))
        out.write("\n]\n")


def _layers(content: Content) -> tuple[Any, pd.DataFrame]:
    """Return services as points (none where protected or not placed) and organizations, each saying if invented."""
    import geopandas as gpd

    services = content.tables.services.assign(is_synthetic=content.directory.home.is_demo)
    points = gpd.GeoSeries(gpd.points_from_xy(services["lon"], services["lat"], crs=MAP_CRS), index=services.index)
    points = points.where(services["lat"].notna(), None)
    organizations = content.tables.organizations.assign(is_synthetic=content.directory.home.is_demo)
    return gpd.GeoDataFrame(services, geometry=points, crs=MAP_CRS), organizations


def _write_geoparquet(content: Content, folder: Path) -> None:
    services, organizations = _layers(content)
    services.to_parquet(folder / "services.parquet", index=False)
    organizations.to_parquet(folder / "organizations.parquet", index=False)


def _write_geopackage(content: Content, folder: Path) -> None:
    import geopandas as gpd

    services, organizations = _layers(content)
    plain = defused(pd.DataFrame(services.drop(columns="geometry")))
    for layer, table, shapes in (
        ("services", plain, services.geometry),
        ("organizations", defused(organizations), gpd.GeoSeries([None] * len(organizations), crs=MAP_CRS)),
    ):
        gpd.GeoDataFrame(table, geometry=shapes, crs=MAP_CRS).to_file(
            folder / "services.gpkg", driver="GPKG", layer=layer
        )


def _write_workbook(content: Content, folder: Path) -> None:
    services = content.tables.services.assign(
        places_reported_at=content.tables.services["places_reported_at"].dt.tz_localize(None)
    )
    sheets = [
        Sheet(_("Servicii"), services, meanings=PUBLISHED_COLUMNS),
        Sheet(_("Furnizori"), content.tables.organizations, meanings=ORGANIZATION_COLUMNS),
    ]
    sources = [
        " · ".join(filter(None, (_(m.source.title) or m.kind, m.source.publisher, m.as_of, m.edition,
                                 m.source.licence or _("licență nespecificată"), m.source.url)))
        for m in content.manifests
    ]  # fmt: skip
    is_demo = content.directory.home.is_demo
    made = workbook(sheets, title=_("Servicii și furnizori"), made_on=content.made_on, is_demo=is_demo, sources=sources)
    (folder / "services.xlsx").write_bytes(made)


@dataclass(frozen=True)
class ExportKind:
    """One form of export: the files that it makes, and what writes them into a folder."""

    files: tuple[str, ...]
    write: Callable[[Content, Path], None]


KINDS = {
    "hsds": ExportKind(("hsds-services.json", "hsds-organizations.json"), _write_hsds),
    "hsds-tables": ExportKind(
        (*(f"{name}.csv" for name in hsds_tables.COLUMNS), "datapackage.json"), _write_hsds_tables
    ),
    "geoparquet": ExportKind(("services.parquet", "organizations.parquet"), _write_geoparquet),
    "geopackage": ExportKind(("services.gpkg",), _write_geopackage),
    "xlsx": ExportKind(("services.xlsx",), _write_workbook),
}
