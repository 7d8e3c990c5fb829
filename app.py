"""The web application, as `harta serve` runs it. Configuration and assembly, nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from streamlit import config

from api import atlas_areas, figures_page, message_choices, news_pages, provider_links, suggest, tour
from api.auth import sign_in
from api.bulk import bulk_routes
from api.campaigns import campaign_pages, fresh_places_page, places_upload
from api.fhir import fhir_routes
from api.field_work import shell_pages
from api.hsds import hsds_routes
from api.http import assets
from api.map import map_routes
from api.map.tools import tool_routes
from api.ogc import ogc_routes
from api.other_workers import OtherWorkers
from api.plain import routes as plain
from api.program_admin import program_pages
from api.queue import queue_pages
from api.screens import Screens
from api.server import health, http_server, metrics, middleware
from api.server.lifespan import lifespan
from api.v1 import v1_routes
from api.visit_list import visit_list_pages
from core.processes.worker_processes import given_worker
from core.resources import ROOT
from pages.common import runtime, sitemap

HERE = Path(__file__).resolve().parent

# Streamlit looks for `.streamlit/config.toml` beside the script it runs and in the working folder; ours
# stands in the resource folder, wherever the command was given. App sets the same variable when it is unset.
if config._main_script_path is None:  # noqa: SLF001
    config._main_script_path = str(ROOT / "app.py")  # noqa: SLF001

runtime.stay_at_home()
screens = Screens()
screen_server = runtime.ScreenRuntime(screens)
given = given_worker(os.environ)  # None where there is this process alone


def _map_script() -> str:
    # Read with the first map: what it stands on takes a second to load.
    from pages.common.map_view import frame_script

    return frame_script()


# The main script stands inside pages/: beside a folder of that name, Streamlit would show a navigation of
# its own made of file names to whoever comes first by a deep link.
app = runtime.ScreenApp(
    HERE / "pages" / "main.py",
    routes=[
        *assets.routes(),
        *health.routes(),
        *metrics.routes(),
        *suggest.routes(),
        *atlas_areas.routes(),
        *sign_in.routes(),
        *map_routes.routes(),
        *tool_routes.routes(middleware.PAGE_POLICY),
        *plain.routes(),
        *shell_pages.routes(),
        *campaign_pages.routes(),
        *fresh_places_page.routes(),
        *places_upload.routes(),
        *program_pages.routes(),
        *figures_page.routes(),
        *provider_links.routes(),
        *tour.routes(),
        *v1_routes.routes(),
        *ogc_routes.routes(),
        *hsds_routes.routes(),
        *fhir_routes.routes(),
        *bulk_routes.routes(),
        *message_choices.routes(),
        *news_pages.routes(),
        *visit_list_pages.routes(),
        *queue_pages.routes(),
    ],
    middleware=middleware.stack(
        sitemap.addresses(),
        (screen_server, screens),
        map_script=_map_script,
        others=None if given is None else OtherWorkers(given.folder),
    ),
    lifespan=lifespan,
    server=screen_server,
)


def run(port: int = 8501, host: str = "127.0.0.1", log: Path | None = None, *, log_as_json: bool = False) -> None:
    """Serve until stopped, as `api.server.http_server` says. By default only this machine is answered."""
    runtime.log_through_root()
    runtime.read_options_once()
    http_server.serve(app, host=host, port=port, log=log, log_as_json=log_as_json)
