"""„Rapoarte”: the project's figures from the nation down to a community, their files, and the monthly report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from pages.common import markup, shared
from pages.figures_panels import figures_query, figures_ranking, fresh_panel, monthly_form, ranking_html, report_html
from pages.figures_panels.figures_query import FiguresQuery, link
from reports.documents.report_writing import render, today, view_of
from reports.indicators.indicators import NATION
from reports.indicators.kept_report_data import kept_report_data
from reports.indicators.period import months_between, parse_period
from reports.views import figures_view
from reports.views.figures_view import CROSSING
from reports.views.ranking import comparable
from reports.views.report_views import BELOW, ReportView, area_table, indicator_table, make_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from core.storage.home import Home
    from referrals.records.vocabulary import Actor
    from reports.indicators.indicators import Level
    from reports.indicators.report_data import ReportData

WHOLE = "all"  # the period of everything since the start
MIME = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def page() -> None:
    """Choose what about and when, then draw it."""
    home = shared.home()
    actor = shared.actor(home)
    st.html(markup.render_title(_("Rapoarte"), _("Cifrele proiectului față de ținte, de la țară la comunitate.")))
    state, facts = kept_report_data(shared.directory(home), today())
    views = [_("Cifre"), *([_("Raportul lunar")] if actor and actor.role in ("team", "county") else [])]
    chosen = views[0]
    if len(views) > 1 and monthly_form.is_asked():
        st.session_state.setdefault("reports_view", views[1])
    if len(views) > 1:
        chosen = str(st.segmented_control(_("Ce faceți"), views, default=views[0], key="reports_view") or views[0])
    if chosen == views[0]:
        _figures(home, state, facts, actor)
    elif actor is not None:
        monthly_form.draw(home, facts, actor)


@st.cache_resource(max_entries=64, show_spinner=False)
def _view(_facts: ReportData, key: str, level: Level, area: str, period: str, is_public: bool) -> ReportView:  # noqa: ARG001, FBT001
    return make_view(_facts, level, area, parse_period(period), is_public=is_public)


def _figures(home: Home, state: str, facts: ReportData, actor: Actor | None) -> None:
    usual = figures_view.home_area(facts, actor)
    figures_query.load_query_parameters(facts, usual)
    form = st.container(key="hs-area", horizontal=True)
    period = figures_query.choose_period(facts, form)
    level, area = figures_query.choose_area(facts, form)
    is_public = figures_view.is_public_for(actor, facts, level, area)
    code = figures_ranking.indicator_asked(level, is_public=is_public)
    asked = FiguresQuery(level, area, period, code, usual)
    view = _view(facts, state, level, area, period, is_public)
    before = _before(facts, period)
    earlier = _view(facts, state, level, area, before, is_public).own_values() if before else {}
    here = view.own_values()
    st.html("".join((_path(facts, asked), markup.render_heading(view.name, view.period.label()))))
    opens = _opens(view, asked)
    st.html(report_html.render_failing(view, here, earlier, leads_to=opens))
    st.html(report_html.render_tiles(view, here, earlier, chosen=code, leads_to=opens))
    figures_query.write(facts, asked)
    figures_ranking.draw(home, view, asked)
    _parts(home, view, asked, actor)


def _parts(home: Home, view: ReportView, asked: FiguresQuery, actor: Actor | None) -> None:
    """Draw the part that was chosen of what is not looked at every day; only that one is worked out."""
    below = BELOW.get(asked.level)
    parts = {"referrals": _("Referiri")}
    if below is not None:
        parts["areas"] = {"region": _("Regiuni"), "county": _("Județe"), "community": _("Comunități")}[below]
    parts |= {"places": _("Rapoarte de locuri"), "all": _("Toți indicatorii"), "sources": _("Surse și fișiere")}
    chosen = st.segmented_control(
        _("Mai mult"),
        list(parts),
        format_func=parts.__getitem__,
        default="referrals",
        key=f"reports_part_{asked.level}",
    )
    if chosen == "areas" and below is not None:
        table = area_table(view, below)
        st.html(report_html.render_areas(view, below, table, lambda area: link(view.gathered, asked, area=area)))
    elif chosen == "all":
        st.html(report_html.render_indicators(view, indicator_table(view), _opens(view, asked)))
    elif chosen == "places":
        fresh_panel.draw(view)
    elif chosen == "sources":
        st.html(report_html.render_notes(source_lines(view.gathered)))
        _downloads(home, view, actor)
    else:
        st.html(report_html.render_funnel(view, view.own_values()))
    if view.is_public or asked.level == "community":
        community = asked.area if asked.level == "community" else ""
        words = [_("Numerele de persoane mai mici decât 5 nu se arată, nici cele din care s-ar putea afla.")]
        st.html(report_html.render_notes(words if view.is_public else [], community=community))


def source_lines(facts: ReportData) -> list[str]:
    """Name the sources with their day; the ids of their editions are in the files."""
    return [*(figures_view.edition_words(edition) for edition in facts.editions), facts.sources[-1]]


def _opens(view: ReportView, asked: FiguresQuery) -> Callable[[str], str]:
    """Return from a code the address at which its figure opens to its rows; blank where it has none."""
    known = set(comparable(BELOW.get(asked.level, "community"), is_public=view.is_public))
    return lambda code: link(view.gathered, asked, code=code) if code in known else ""


def _path(facts: ReportData, asked: FiguresQuery) -> Markup:
    """Draw the way from the country down to what is shown; each step leads back up."""
    steps = [(_("Toată țara"), link(facts, asked, area=NATION))]
    if asked.level != "national":
        row = facts.within(asked.level, asked.area).iloc[0]
        below = {"region": str(row["region"]), "county": str(row["county"]), "community": asked.area}
        names = {"region": row["region_name"], "county": row["county_name"], "community": row["name"]}
        for level, area in below.items():
            steps.append((str(names[level]), link(facts, asked, area=area)))
            if level == asked.level:
                break
    return ranking_html.render_path(steps)


def _before(facts: ReportData, period: str) -> str:
    """Return the month before a month that is spoken of; blank for other periods and the first month."""
    months = months_between(*facts.months)
    return months[months.index(period) - 1] if period in months and months.index(period) else ""


def _downloads(home: Home, view: ReportView, actor: Actor | None) -> None:
    st.html(markup.render_heading(_("Descărcați raportul"), _("aceleași date și aceeași zi dau același fișier")))
    if view.level in CROSSING:
        words = _(
            "Fișierele despre o regiune sau despre țară ascund numerele mici, oricine le face: pot ajunge la oricine."
        )
        st.html(markup.render_quiet(words))
    files = (
        ("pdf", view.period.text, _("Raportul PDF")),
        ("xlsx", view.period.text, _("Tabelele XLSX")),
        ("pdf", WHOLE, _("Toată perioada, PDF")),
        ("xlsx", WHOLE, _("Toată perioada, XLSX")),
    )
    with st.container(key="hs-row-download", horizontal=True):
        for kind, period, words in files:
            st.download_button(
                words,
                # Written when it is asked for: a national report takes seconds.
                data=partial(_written, home, view, period, kind, actor),
                file_name=f"raport-{view.level}-{view.area}-{period}.{kind}",
                mime=MIME[kind],
                key=f"reports_{kind}" if period != WHOLE else f"reports_whole_{kind}",
                on_click="ignore",
            )


def _written(home: Home, view: ReportView, period: str, kind: str, actor: Actor | None) -> bytes:
    """Write a report of the area on screen, for the same reader; one that crosses counties is fit for everybody."""
    if period != view.period.text or (view.level in CROSSING and not view.is_public):
        view = view_of(view.gathered, view.level, view.area, parse_period(period), is_public=view.is_public)
    return render(view, shared.directory(home), kind, reader=actor)


page()
