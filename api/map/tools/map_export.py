"""The services of a view as a file: what the map and its list show, for a spreadsheet or a GIS."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from api.map import map_page
from core.errors import BadValueError
from core.exporting import csv_bytes, defused
from core.i18n import _, number
from geo.spatial.crs import MAP_CRS
from providers.catalogue.published import published
from providers.service_map.map_answer import answer_map_view
from providers.service_map.view_window import MapView

if TYPE_CHECKING:
    import pandas as pd

    from api.http.request_view import RequestView

MOST_ROWS = 20_000
CSV, GEOPACKAGE = "/api/map/services.csv", "/api/map/services.gpkg"


def as_csv(view: RequestView) -> Response:
    """Send the services of a view as CSV."""
    table = _table(view)
    return _file(csv_bytes(table), "text/csv; charset=utf-8", "servicii.csv")


def as_geopackage(view: RequestView) -> Response:
    """Send the services of a view as a GeoPackage of points, WGS84."""
    import geopandas as gpd

    table = defused(_table(view))
    points = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs=MAP_CRS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "servicii.gpkg"
        points.to_file(path, driver="GPKG", layer="services_synthetic" if view.home.is_demo else "services")
        content = path.read_bytes()
    return _file(content, "application/geopackage+sqlite3", "servicii.gpkg")


def _table(view: RequestView) -> pd.DataFrame:
    """Return the published columns of the services in view, or in the zone drawn, and whether they are synthetic."""
    chosen, seen = map_page.asked(view, view.snapshot.gazetteer)
    if chosen.zone is not None:  # what was drawn is asked for whole, however near somebody looks
        seen = MapView(((chosen.zone.south, chosen.zone.west), (chosen.zone.north, chosen.zone.east)))
    answer = answer_map_view(view.snapshot, chosen, seen)
    if answer.total > MOST_ROWS:
        words = _("Prea multe servicii în cadru pentru un fișier: {n}, cel mult {most}. Apropiați harta sau filtrați.")
        raise BadValueError(words.format(n=number(answer.total), most=number(MOST_ROWS)))
    return published(view.snapshot, rows=answer.rows).services.assign(is_synthetic=view.home.is_demo)


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
