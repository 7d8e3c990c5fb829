"""„Rapoarte” as a plain page: what fails, key figures, a ranking that leads down, what became of referrals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.routing import Route

from api.forms.form_fields import Fields
from api.http import page_frame
from api.http.endpoint import as_endpoint
from core.cells import is_missing
from core.errors import UnknownCodeError
from core.i18n import _
from core.paging import page_of
from reports.documents.report_writing import today
from reports.indicators.indicators import NATION, indicators
from reports.indicators.kept_report_data import kept_report_data
from reports.indicators.period import months_between, parse_period
from reports.views import figures_view
from reports.views.figures_import import opening_month
from reports.views.ranking import comparable, ranking, worst_first
from reports.views.report_views import BELOW, format_value, make_view

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from api.http.request_view import RequestView
    from reports.indicators.report_data import ReportData
    from reports.views.report_views import ReportView

ADDRESS = "/simplu/rapoarte"
_FIRST = "BEN"
_ON_A_PAGE = 25


@dataclass(frozen=True)
class PlainRanking:
    """One page of a ranking. rows: (place, name, address, value). pages: (address, number, whether it is shown)."""

    title: str
    rows: tuple[tuple[str, str, str, str], ...]
    pages: tuple[tuple[str, int, bool], ...]


def routes() -> list[BaseRoute]:
    """Return the route of the page."""
    return [Route(ADDRESS, as_endpoint(show), methods=["GET"])]


def show(view: RequestView) -> Response:
    """Show the figures of an area and a period; numbers by role, as in the application."""
    asked = Fields.from_pairs(list(view.request.query_params.multi_items()))
    actor = view.session.actor if view.session is not None else None
    _state, facts = kept_report_data(view.directory, today())
    area = asked.text("zona", 10) or figures_view.home_area(facts, actor)
    level = figures_view.area_level(facts, area)
    months = months_between(*facts.months)[::-1]
    period = asked.text("perioada", 8) or opening_month(facts.filed, facts.day)
    if period not in months:
        raise UnknownCodeError(_("Pentru „{period}” nu sunt cifre de arătat.").format(period=period))
    is_public = figures_view.is_public_for(actor, facts, level, area)
    codes = comparable(BELOW.get(level, "community"), is_public=is_public)
    code = asked.text("indicator", 20) or _FIRST
    if code not in codes:
        raise UnknownCodeError(_("Nu există indicatorul „{code}”.").format(code=code))
    report = make_view(facts, level, area, parse_period(period), is_public=is_public)
    place = months.index(period) + 1
    here, before = report.own_values(), {}
    if place < len(months):
        before = make_view(facts, level, area, parse_period(months[place]), is_public=is_public).own_values()

    def leads_to(other: str) -> str:
        return _address(area, period, other) if other in codes else ""

    failing, has_targets = figures_view.failing_figures(report, here, before, leads_to)
    return page_frame.page(
        view,
        "figures.html",
        name=report.name,
        period=report.period.label(),
        path=_path(facts, report, period, code),
        said=(area, period, code),
        periods=[(month, parse_period(month).label()) for month in months],
        indicators=[(each, f"{_(indicators()[each].group)}: {_(indicators()[each].name)}") for each in codes],
        failing=failing,
        has_targets=has_targets,
        tiles=figures_view.tile_figures(report, here, before, code, leads_to),
        ranked=_ranked(report, period, code, asked.text("pagina", 3)),
        fresh=f"{ADDRESS}/locuri?zona={area}",
        funnel=figures_view.funnel_rows(report, here),
        is_public=is_public,
        sheet=f"/comunitati?comunitate={area}" if level == "community" else "",
        sources=[*(figures_view.edition_words(each) for each in facts.editions), facts.sources[-1]],
    )


def _address(area: str, period: str, code: str, **more: int) -> str:
    return f"{ADDRESS}?{urlencode({'zona': area, 'perioada': period, 'indicator': code, **more})}"


def _path(facts: ReportData, report: ReportView, period: str, code: str) -> list[tuple[str, str]]:
    """Return the way from the country down to what is shown: (name, address)."""
    steps = [(_("Toată țara"), _address(NATION, period, code))]
    if report.level == "national":
        return []
    row = facts.within(report.level, report.area).iloc[0]
    for level, area in (("region", row["region"]), ("county", row["county"]), ("community", report.area)):
        name = row["name"] if level == "community" else row[f"{level}_name"]
        steps.append((str(name), _address(str(area), period, code)))
        if level == report.level:
            break
    return steps


def _ranked(report: ReportView, period: str, code: str, asked: str) -> PlainRanking | None:
    below = BELOW.get(report.level)
    if below is None:
        return None
    ranked = ranking(report, below, code)
    table = worst_first(ranked)
    page = page_of(len(table), _ON_A_PAGE, asked)
    rows = [
        (
            "–" if is_missing(row["place"]) else str(row["place"]),
            str(row["name"]),
            _address(str(row["area"]), period, code),
            format_value(ranked.indicator, row["value"], hidden=bool(row["hidden"])),
        )
        for row in table.iloc[page.rows].to_dict("records")
    ]
    pages = tuple(
        (_address(report.area, period, code, pagina=n), n, n == page.number) for n in range(1, page.count + 1)
    )
    return PlainRanking(_("{indicator}, în ordine").format(indicator=_(ranked.indicator.name)), tuple(rows), pages)
