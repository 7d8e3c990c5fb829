"""The share of services with a fresh report of places as a plain page of „Rapoarte”, and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.forms.form_fields import Fields
from api.http import page_frame
from api.http.endpoint import as_endpoint
from reports.campaigns.fresh_figures import FILE_KINDS, explained, file_name, fresh_places, fresh_places_file
from reports.documents.report_writing import today
from reports.indicators.kept_report_data import kept_report_data
from reports.views import figures_view

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from reports.indicators.report_data import ReportData

ADDRESS = "/simplu/rapoarte/locuri"


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    files = [Route(f"{ADDRESS}.{kind}", as_endpoint(file), methods=["GET"]) for kind in FILE_KINDS]
    return [Route(ADDRESS, as_endpoint(show), methods=["GET"]), *files]


def show(view: RequestView) -> Response:
    """Show the shares of an area: now, over weeks, by county and by type."""
    facts, area = _asked(view)
    level = figures_view.area_level(facts, area)
    return page_frame.page(
        view,
        "fresh_places.html",
        shown=fresh_places(view.directory, facts, level, area),
        explained=explained(),
        files=[(kind.upper(), f"{ADDRESS}.{kind}?zona={area}") for kind in FILE_KINDS],
        back=f"/simplu/rapoarte?zona={area}",
    )


def file(view: RequestView) -> Response:
    """Return the shares of an area as a file."""
    facts, area = _asked(view)
    kind, level = view.request.url.path.rpartition(".")[2], figures_view.area_level(facts, area)
    content, media = fresh_places_file(view.directory, facts, level, area, kind)
    where = {"Content-Disposition": f'attachment; filename="{file_name(area, kind)}"'}
    return Response(content, media_type=media, headers=where)


def _asked(view: RequestView) -> tuple[ReportData, str]:
    actor = view.session.actor if view.session is not None else None
    _state, facts = kept_report_data(view.directory, today())
    fields = Fields.from_pairs(list(view.request.query_params.multi_items()))
    return facts, fields.text("zona", 10) or figures_view.home_area(facts, actor)
