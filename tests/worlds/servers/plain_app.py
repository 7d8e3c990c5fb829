"""The plain pages and what stands beside them as one ASGI application, behind the middleware but without Streamlit."""

from __future__ import annotations

from starlette.applications import Starlette

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
from api.plain import routes as plain
from api.program_admin import program_pages
from api.queue import queue_pages
from api.server import health, middleware
from api.v1 import v1_routes
from api.visit_list import visit_list_pages


def plain_app(*more, pages: frozenset[str] = frozenset()) -> Starlette:
    """Make the application. more: routes of a test's own, at `pages` that stand in for Streamlit's."""
    routes = [
        *assets.routes(),
        *health.routes(),
        *suggest.routes(),
        *atlas_areas.routes(),
        *sign_in.routes(),
        *map_routes.routes(),
        *tool_routes.routes(middleware.PAGE_POLICY),
        *plain.routes(),
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
        *shell_pages.routes(),
        *more,
    ]
    return Starlette(routes=routes, middleware=middleware.stack(pages))
