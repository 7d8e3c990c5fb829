"""Boundaries of UATs and of counties: read, mended into one coverage without overlaps, thinned for the map.

`load(path)` reads any file that GDAL knows; `tidy()` is pure. The areas are kept in metres (METRIC_CRS); the
layer for drawing in degrees. This module needs geopandas; `geo.spatial.areas`, which answers questions, does not.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from core import errors
from core.errors import MapError, MissingColumnError, UnreadableFileError
from core.i18n import _, language, ngettext, number
from core.reading.files import require_size
from core.reading.limited_process import run_limited
from core.reading.reading_account import TitleUse, account_now
from core.reading.tidied_table import Refusal, TidiedTable, first_refusal_per_row, rejects_table
from core.text import fold, spell
from geo.gazetteer import siruta
from geo.layers.boundary_shapes import areas_only, clean_coverage, frame_of, is_another_part, join_parts, map_layer
from geo.layers.layer_limits import require_few_crossings, require_modest_size
from geo.spatial.crs import MAP_CRS, METRIC_CRS, in_romania

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

READER_MEMORY_BYTES = 3_000_000_000
READER_SECONDS = 120

_UAT_CODES = ("natcode", "siruta", "uat siruta", "cod siruta", "siruta uat", "codsiruta", "sirsup")
_COUNTY_CODES = ("countycode", "county siruta", "cod judet", "siruta judet")
_CODES = frozenset({*_UAT_CODES, *_COUNTY_CODES})
_POPULATION = re.compile(r"pop(?:ulat\w+)?[ _]?(\d{4})", re.IGNORECASE)
_EARLIEST, _LATEST = 1900, 2100


def load(path: Path) -> TidiedTable:
    """Read a file of boundaries of UATs or of counties, in a process of its own within limits; see `tidy`.

    Raises UnreadableFileError for what is not a layer, is larger or more tangled than `geo.layers.layer_limits`
    accepts,
    or takes more than READER_MEMORY_BYTES or READER_SECONDS; MissingColumnError where it has no SIRUTA codes.
    """
    require_size(path)
    _require_known_format(path)
    with tempfile.TemporaryDirectory(prefix="harta-") as folder:
        arguments = {"path": str(path.absolute()), "folder": folder, "language": language()}
        answer = run_limited(
            "geo.layers.boundaries_child", arguments, memory_bytes=READER_MEMORY_BYTES, seconds=READER_SECONDS
        )
        if "rows_read" in answer:
            own = account_now().begin(str(path))
            own.layers.extend(answer["layers"])
            own.titles.extend(TitleUse(title, field) for title, field in answer["titles"])
            return _tables(Path(folder), answer)
    if "error" in answer:
        raise getattr(errors, answer["error"])(answer["message"])
    if answer["fault"] == "limit":
        raise UnreadableFileError(
            _(
                "{file}: citirea și repararea stratului cer peste {memory} MB de memorie sau peste {seconds} s; "
                "nu îl import. Simplificați poligoanele și importați din nou."
            ).format(file=path.name, memory=number(READER_MEMORY_BYTES / 1e6), seconds=READER_SECONDS)
        )
    raise _not_a_layer_error(path, str(answer["found"]))


def _tables(folder: Path, answer: dict[str, Any]) -> TidiedTable:
    import geopandas as gpd

    rows, drawn = (gpd.read_parquet(folder / f"{name}.parquet") for name in ("rows", "map"))
    rejects = pd.read_parquet(folder / "rejects.parquet")
    return TidiedTable(rows, rejects, int(answer["rows_read"]), {"map": drawn}, tuple(answer["notes"]))


def read(path: Path) -> TidiedTable:
    """Read a file of boundaries in this process; for `load`, which holds it within limits."""
    import geopandas as gpd

    try:
        with warnings.catch_warnings():
            # GDAL's remarks on single shapes are English and go to the terminal; `tidy` looks at every shape.
            warnings.simplefilter("ignore", RuntimeWarning)
            columns = {
                str(name): [str(column) for column in gpd.read_file(path, layer=name, rows=0).columns]
                for name in gpd.list_layers(path)["name"]
            }
            chosen = choose_layer(columns, file=path.name)
            raw = gpd.read_file(path, layer=chosen)
    except (MemoryError, MapError):
        raise
    except Exception as error:  # noqa: BLE001  GDAL, GEOS and PROJ raise kinds of their own
        raise _not_a_layer_error(path, str(error)) from None
    account_now().of(str(path)).layers.extend(name for name in columns if name != chosen)
    if not isinstance(raw, gpd.GeoDataFrame):
        raise UnreadableFileError(_("{file}: nu conține geometrii.").format(file=path.name))
    own = account_now().of(str(path))
    own.titles.extend(
        TitleUse(str(c), "area_id" if _folded_title(c) in _CODES or _POPULATION.fullmatch(str(c)) else "")
        for c in raw.columns
        if c != raw.geometry.name
    )
    register = siruta.load()
    return tidy(raw, register.uats, register.counties, file=path.name)


def choose_layer(columns: Mapping[str, Sequence[str]], *, file: str) -> str:
    """Choose of the layers of a file the one to read: that of units, else that of counties.

    Parameters
    ----------
    columns
        Names of the columns of each layer.
    file
        Name of the file, for the message.

    Returns
    -------
    str
        Name of the layer; of one without codes where the file has no other.

    Raises
    ------
    UnreadableFileError
        Where several layers may be meant.
    """
    for titles in (_UAT_CODES, _COUNTY_CODES):
        fitting = [name for name, own in columns.items() if {_folded_title(each) for each in own} & set(titles)]
        if len(fitting) > 1:
            raise UnreadableFileError(
                _(
                    "{file}: mai multe straturi au coduri SIRUTA: {layers}. Păstrați în fișier numai stratul dorit."
                ).format(file=file, layers=", ".join(f"„{name}”" for name in fitting))
            )
        if fitting:
            return fitting[0]
    if len(columns) > 1:
        raise MissingColumnError(
            _("{file}: niciun strat nu are o coloană cu codurile SIRUTA. Straturi găsite: {layers}.").format(
                file=file, layers=", ".join(f"„{name}”" for name in columns)
            )
        )
    return next(iter(columns), "")


def _not_a_layer_error(path: Path, why: str) -> UnreadableFileError:
    return UnreadableFileError(
        _("{file}: nu este un strat de limite care poate fi citit ({why}).").format(
            file=path.name, why=why.replace(str(path), path.name)[:120]
        )
    )


def _require_known_format(path: Path) -> None:
    """Refuse what is no GeoJSON, GeoPackage or shapefile by its first bytes.

    GDAL goes by content, not by name, and knows formats (VRT, WFS, GML) that read other files or fetch from
    other machines.
    """
    try:
        with path.open("rb") as handle:
            head = handle.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise UnreadableFileError(
            _("{file}: fișierul nu poate fi citit ({why}).").format(file=path.name, why=error.strerror)
        ) from None
    if not head.startswith((b"{", b"SQLite format 3\x00", b"\x00\x00\x27\x0a")):
        raise UnreadableFileError(
            _("{file}: nu este un strat de limite; se primesc GeoJSON, GeoPackage și shapefile.").format(file=path.name)
        )


def tidy(raw: gpd.GeoDataFrame, uats: pd.DataFrame, counties: pd.DataFrame, *, file: str = "") -> TidiedTable:
    """Make areas of raw boundaries.

    Names, counties and kinds are SIRUTA's. Invalid polygons are mended (`shapely.make_valid`), then the whole is
    made a coverage (`shapely.coverage_clean`): what two areas claim goes to the one with the longer common border.

    Parameters
    ----------
    raw
        Polygons in any CRS (none stated: degrees), with a column of SIRUTA codes of UATs (`natcode`, `siruta`) or of
        counties (`countyCode`), and perhaps `pop2011` and the like.
    uats, counties
        The tables of `geo.gazetteer.siruta`.
    file
        Name of the file, for messages.

    Returns
    -------
    TidiedTable
        One row per area, in METRIC_CRS: `area_id` (SIRUTA of the UAT or of the county, text), `uat_siruta` (of the
        sector, in Bucharest; NA for a county), `name` and `county` (letters) as SIRUTA has them, `kind` (commune,
        town, municipality, sector or county), `area_km2`, `source_row` (1 = first feature), `population_YYYY` where
        the file has it, `geometry` (polygon or multipolygon). `others["map"]` is that of `map_layer`. Refused are
        rows without a known code, with a code already seen, without an area, or not in Romania.

    Raises
    ------
    MissingColumnError
        Where there is no column of codes.
    UnreadableFileError
        Where there is more, or more tangled, than `geo.layers.layer_limits` accepts; counted before anything is mended.
    """
    require_modest_size(raw.geometry.to_numpy(), file=file)
    codes, is_uat = _codes(raw, file)
    facts = _facts(uats, counties, is_uat=is_uat)
    degrees = raw.set_crs(MAP_CRS) if raw.crs is None else raw.to_crs(MAP_CRS)
    degrees = degrees.set_geometry(frame_of(pd.DataFrame(index=degrees.index), areas_only(degrees), MAP_CRS).geometry)
    refused = first_refusal_per_row([*_bad_codes(codes, facts), *_bad_geometries(degrees)])
    rows = np.array([i for i in range(len(raw)) if i + 1 not in refused], dtype=int)
    metric = degrees.iloc[rows].to_crs(METRIC_CRS).geometry.to_numpy()
    require_few_crossings(metric, rows + 1, file=file)
    again = {each.row: each for each in _repeated(codes, metric, rows)}
    refused |= again
    metric, rows = metric[[row + 1 not in again for row in rows]], rows[[row + 1 not in again for row in rows]]
    metric = join_parts(codes.iloc[rows].to_numpy("int64"), metric)
    parts = int(shapely.is_empty(metric).sum())
    metric, rows = metric[~shapely.is_empty(metric)], rows[~shapely.is_empty(metric)]
    mended = int((~shapely.is_valid(metric)).sum())
    clean = clean_coverage(metric)
    lost = [int(rows[i]) + 1 for i in np.flatnonzero(shapely.is_empty(clean))]
    refused |= {r: Refusal(r, "geometry", "", "no_area", _("nu rămâne nicio suprafață după reparare")) for r in lost}
    kept = ~shapely.is_empty(clean)
    areas = _areas(raw.iloc[rows[kept]], codes.iloc[rows[kept]], facts, clean[kept], rows[kept] + 1)
    notes = _notes(mended, areas, parts)
    return TidiedTable(areas, rejects_table(refused.values()), len(raw), {"map": map_layer(areas)}, notes)


def _codes(raw: gpd.GeoDataFrame, file: str) -> tuple[pd.Series, bool]:
    """Find the column of codes, and whether they are of UATs (else of counties)."""
    columns = {_folded_title(c): c for c in raw.columns if c != raw.geometry.name}
    for titles, is_uat in ((_UAT_CODES, True), (_COUNTY_CODES, False)):
        for title in titles:
            if title in columns:
                numbers = pd.to_numeric(raw[columns[title]].astype("str").str.strip(), errors="coerce")
                whole = numbers.where(numbers.between(1, 999_999) & (numbers % 1 == 0))
                return whole.astype("Int64").reset_index(drop=True), is_uat
    raise MissingColumnError(
        _("{file}: lipsește coloana cu codurile SIRUTA („natcode” sau „siruta”). Am găsit: {found}.").format(
            file=file, found=", ".join(str(c) for c in raw.columns)
        )
    )


def _folded_title(column: object) -> str:
    return fold(str(column).replace("_", " "))


def _facts(uats: pd.DataFrame, counties: pd.DataFrame, *, is_uat: bool) -> pd.DataFrame:
    """Name, county and kind by code. The municipality of Bucharest is drawn as its sectors or as one."""
    if is_uat:
        return uats.set_index("uat_siruta")[["name", "county", "kind"]]
    return counties.assign(kind="county").set_index("county_siruta")[["name", "county", "kind"]]


def _bad_codes(codes: pd.Series, facts: pd.DataFrame) -> list[Refusal]:
    known = codes.isin(facts.index)
    return [
        Refusal(i + 1, "siruta", str(codes[i]), "unknown_code", _("codul SIRUTA lipsește sau nu este în nomenclator"))
        for i in np.flatnonzero(~known).tolist()
    ]


def _repeated(codes: pd.Series, shapes: NDArray[np.object_], rows: NDArray[np.int64]) -> list[Refusal]:
    """Refuse features of a code seen before: the unit again, or elsewhere, and no part beside it."""
    first: dict[int, Any] = {}
    refusals = []
    twice = codes.iloc[rows].duplicated(keep=False).to_numpy(bool)
    for at, row in ((at, row) for at, row in enumerate(rows.tolist()) if twice[at]):
        code, shape = int(codes[row]), shapely.make_valid(shapes[at])
        before = first.get(code)
        if before is not None and not is_another_part(shape, before):
            text = _("codul SIRUTA apare a doua oară")
            refusals.append(Refusal(row + 1, "siruta", str(codes[row]), "duplicate_key", text))
        else:
            first[code] = shape if before is None else shapely.union(before, shape)
    return refusals


def _bad_geometries(degrees: gpd.GeoDataFrame) -> list[Refusal]:
    shapes = degrees.geometry.to_numpy()
    # Type ids 3 and 6 are Polygon and MultiPolygon; a missing geometry is -1.
    polygons = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    refusals = [
        Refusal(i + 1, "geometry", getattr(shapes[i], "geom_type", ""), "no_area", _("lipsește poligonul unității"))
        for i in np.flatnonzero(~polygons).tolist()
    ]
    low_lon, low_lat, high_lon, high_lat = shapely.bounds(shapes).T
    inside = in_romania(low_lat, low_lon) & in_romania(high_lat, high_lon)
    swapped = in_romania(low_lon, low_lat) & in_romania(high_lon, high_lat)
    for i in np.flatnonzero(polygons & ~inside).tolist():
        message = _("latitudinea și longitudinea par inversate") if swapped[i] else _("poligonul nu este în România")
        where = f"{low_lat[i]:.4f}, {low_lon[i]:.4f}"
        refusals.append(Refusal(i + 1, "geometry", where, "bad_position", message))
    return refusals


def _areas(
    raw: gpd.GeoDataFrame, codes: pd.Series, facts: pd.DataFrame, shapes: NDArray[np.object_], rows: NDArray[np.int64]
) -> gpd.GeoDataFrame:
    found = facts.loc[codes.astype("int64")].reset_index(names="code")
    is_county = (found["kind"] == "county").to_numpy()
    table = pd.DataFrame(
        {
            "area_id": found["code"].astype("str"),
            "uat_siruta": found["code"].astype("Int64").mask(is_county),
            "name": found["name"].map(spell),
            "county": found["county"],
            "kind": found["kind"],
            "area_km2": np.round(shapely.area(shapes) / 1e6, 4),
            "source_row": pd.array(rows, dtype="Int64"),
        }
    )
    for column in raw.columns:
        if (match := _POPULATION.fullmatch(str(column))) and _EARLIEST <= int(match[1]) <= _LATEST:
            people = pd.to_numeric(raw[column], errors="coerce").to_numpy(float)
            table[f"population_{match[1]}"] = pd.array(np.where(people >= 0, np.round(people), np.nan), dtype="Int64")
    return frame_of(table, shapes, METRIC_CRS)


def _notes(mended: int, areas: gpd.GeoDataFrame, parts: int) -> tuple[str, ...]:
    notes = []
    if parts:
        text = ngettext(
            "{n} element este altă parte a unei unități și s-a unit cu ea",
            "{n} elemente sunt alte părți ale unor unități și s-au unit cu ele",
            parts,
        )
        notes.append(text.format(n=parts))
    if mended:
        notes.append(ngettext("{n} poligon reparat", "{n} poligoane reparate", mended).format(n=mended))
    notes.append(_("suprafață totală {area} km²").format(area=number(areas["area_km2"].sum())))
    return tuple(notes)
