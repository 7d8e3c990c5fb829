"""Two ways to draw all points in the browser, beside which our map is measured: they get the points with the page.

Their scripts come from a folder of npm packages (`npm install maplibre-gl leaflet leaflet.markercluster`), named by
HARTA_BENCH_PEERS: nothing of them is in the project, and where the folder is absent they are not measured.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from folium.plugins import FastMarkerCluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from providers.catalogue.map_points import MapPoints

PACKAGES = os.environ.get("HARTA_BENCH_PEERS")
MAPLIBRE = Path(__file__).parent / "pages" / "maplibre.html"
_PACKED = (".html", ".json", ".js", ".mjs", ".css")


class PeerPages(SimpleHTTPRequestHandler):
    """Serve a folder as a good server does: text is compressed."""

    def do_GET(self) -> None:
        """Answer with a file of the folder."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = path.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Cache-Control", "max-age=3600")
        if path.suffix in _PACKED:
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: Any) -> None:
        """Say nothing of each request."""


def fast_marker_cluster(points: MapPoints, *, is_local: bool = False) -> str:
    """Return folium's page with all points; is_local: its scripts from our packages, without those it does not need."""
    drawing = folium.Map(location=(46, 25), zoom_start=6, tiles=None)
    drawing.options["maxZoom"] = 18  # without tiles folium names none, and the clusters ask for it
    # Leaflet's own marker: that of the default asks for two libraries more.
    mark = "function (row) { return L.marker([row[0], row[1]]); }" if is_local else None
    layer = FastMarkerCluster(list(zip(points.lats.tolist(), points.lons.tolist(), strict=True)), callback=mark)
    if is_local:
        packages, cluster = "node_modules/leaflet/dist", "node_modules/leaflet.markercluster/dist"
        drawing.default_js = [("leaflet", f"{packages}/leaflet.js")]
        drawing.default_css = [("leaflet_css", f"{packages}/leaflet.css")]
        layer.default_js = [("cluster", f"{cluster}/leaflet.markercluster.js")]
        layer.default_css = [("cluster_css", f"{cluster}/MarkerCluster.Default.css")]
    layer.add_to(drawing)
    return str(drawing.get_root().render())


@contextmanager
def served_peers(points: MapPoints, folder: Path) -> Iterator[dict[str, tuple[str, str]]]:
    """Serve the peers' pages; gives, by the peer's name, its address and what is on its page once marks are drawn.

    Empty where the packages are not here.
    """
    packages = Path(PACKAGES or "") / "node_modules"
    if not PACKAGES or not packages.is_dir():
        yield {}
        return
    folder.mkdir()
    (folder / "node_modules").symlink_to(packages.resolve())
    (folder / "folium.html").write_text(fast_marker_cluster(points, is_local=True), encoding="utf-8")
    shutil.copy(MAPLIBRE, folder / "maplibre.html")
    places = zip(points.lons.round(5).tolist(), points.lats.round(5).tolist(), strict=True)
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": place}} for place in places
    ]
    (folder / "points.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(PeerPages, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield {
            "folium's FastMarkerCluster": (f"{base}/folium.html", ".marker-cluster, .leaflet-marker-icon"),
            "MapLibre": (f"{base}/maplibre.html", "body[data-marks]"),
        }
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
