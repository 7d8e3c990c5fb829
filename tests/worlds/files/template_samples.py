"""A row for every template, and for every macro of a file of macros: what it is rendered with, given some text.

The text stands wherever a register, a file or a person may put theirs: words, not addresses or classes of ours.
`tests/core/test_hostile_templates.py` renders each row and misses the templates and macros that have none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np

from api.auth.sign_in import OutsideLink
from api.campaigns.campaign_pages import NewCampaign
from api.field_work.guide_page import GuidePart
from api.figures_page import PlainRanking
from api.forms.consent_form import ConsentForm
from api.forms.form_fields import FieldError
from api.forms.needs_form import NeedsForm
from api.forms.places_form import CallButtons
from api.http.menu import Menu, MenuEntry, Screen
from api.http.page_frame import PageFrame
from api.map.answer_on_map import AnswerOnMap
from api.map.area_more import AreaMore
from api.map.county_maps import CountyDrawing, CountyMaps
from api.map.coverage_layer import LayerLegend
from api.map.joined_table import JoinedRow, JoinedTable
from api.map.layers_page import LayersPage
from api.map.local_layer import LocalPlace, LocalPlaces
from api.map.map_area import AreaCard
from api.map.map_backgrounds import AreaColours
from api.map.map_page import MapChoice, MapPage
from api.map.map_tools import MapTools
from api.map.reach_layer import ReachLegend
from api.map.tools.map_suggest import SearchLink, SearchPage
from api.plain.coverage_pages import CoverageForm, CoverageView, PlanView
from api.plain.local_pages import LocalCard, LocalFields
from api.plain.monthly_pages import FigureField, FigureGroup, FormSteps, MonthShown
from api.plain.offer_cards import EmergencyCall, LeftOut, NeedAnswered, OfferBlock, OfferButtons, OfferRow
from api.plain.referral_pages import NextBest, ReferralCard, ReferralShown, StepOffered
from api.plain.search_page import GroupChoice, PersonQuestions, QuestionPage
from api.plain.service_pages import CorrectionFields, PersonFields, ServiceQueryView, ServiceShown
from api.plain.today_pages import ItemShown, StepButton
from api.plain.trip_box import MadeReferral, PlanShown, StopShown, TripShown
from api.plain.trip_page import TripStop
from api.provider_links import AnswerOffered, VisitFields
from api.provider_several import PlacesFields
from api.queue import BulkOffered, QueueSearch, ViewOffered
from api.tour import Tour, TourStep
from api.visit_list import ListEntry
from geo.gazetteer.places import Place
from geo.maps.area_patterns import LIGHT, PATTERNS
from geo.maps.map_style import LegendKey
from geo.maps.still_map import StillMap, StillMark, StillPin
from geo.maps.view_drawing import DrawnArea, ViewFrame
from pages.case_panels.case_sheet import CaseSheet
from pages.case_panels.plan_sheet import PlanSheet, PriorityLines
from pages.coverage_panels.coverage_html import Bar, BarDrawing
from pages.coverage_panels.coverage_plan_html import PlanCard
from pages.figures_panels.ranking_html import RankedArea, SharedPlace
from pages.figures_panels.report_html import IndicatorLine
from providers.finder.answer_view import AnswerView, AwayOffers, FirstHourView
from providers.finder.offer_view import OfferView, PlacesBadge, Travel
from providers.finder.search_terms import SearchTerm
from providers.local.local_view import LocalView
from providers.output.answer_text import AskedLine
from providers.rules.help_tables.own_steps import OwnStepsView
from providers.rules.wording import Phone
from referrals.answers import HistoryLine
from referrals.campaigns.campaign_view import CampaignLine, CampaignName, CampaignShown
from referrals.campaigns.provider_invitations import Invitation, InvitationList
from referrals.delivery.news_list import NewsLine
from referrals.delivery.own_settings import OwnSettings
from referrals.ledger.lifecycle import Action
from referrals.local.local_intake import LocalTyped
from referrals.local.local_lists import LocalLine
from referrals.outbox.address_choices import MailChoice
from referrals.outbox.kept_addresses import KeptAddress
from referrals.provider_entry import EntryField, SaidBefore
from referrals.queue import BulkOutcome, ReferralFilter
from referrals.records.vocabulary import Referral
from referrals.service_page import FactGroup, ServiceFact, ServicePage
from referrals.today.county_today import CountyToday, EndingLicence
from referrals.today.team_work import WorkKind
from referrals.today.work_items import ClosedItem, WorkItem
from referrals.visit_list import ListedService
from referrals.webhooks.program_view import ProgramLine, ProgramsShown
from referrals.workflow.county_worklist import Signal
from reports.campaigns.fresh_figures import FreshPart, FreshPlaces
from reports.documents.help_texts import Help
from reports.indicators.indicators import indicator
from reports.map_sheet import MapSheet
from reports.map_sheet.sheet_content import SheetKey, SheetMark, SheetRow
from reports.output.qr_code import QrCode
from reports.planning.coverage_answer import CallLine, CoverageAnswer, GapLine
from reports.planning.way_view import WayView
from reports.views.figures_view import FailingFigure, KeyFigure
from reports.views.monthly_view import MonthLine
from reports.views.national_today import NationalToday
from reports.views.shortfalls import Shortfall


@dataclass(frozen=True)
class Call:
    """What a macro is called with; `caller` in `named` stands for what `{% call %}` writes."""

    values: tuple[Any, ...] = ()
    named: Mapping[str, Any] | None = None


def given(*values: Any, **named: Any) -> Call:
    """Write a call as it is written in a template."""
    return Call(values, named)


def offer(t: str) -> OfferView:
    """Return an offer that says a text wherever it can."""
    return OfferView(
        service_id=t, name=t, what=t, by=t, mark=t, travel=Travel(t, t, t, t, True, t, t, to_road=t), not_visited=t,
        places=PlacesBadge("free", t, t), cautions=(t, t), phones=(Phone("0234512345", t), Phone("112", t)), address=t,
        hours=t, opening=t, dated=t, licence=t, precision=t, checks=t, steps=(t, t), details=((t, t), (t, t)), may_refer=True,
    )  # fmt: skip


def _with_a_page(t: str) -> OfferView:
    """Return an offer whose id is one: it stands in the address of its page, which is no place for words."""
    return replace(offer(t), service_id="social:mmps:1")


def _service_page(t: str) -> ServicePage:
    facts = (ServiceFact(t, t, t, t), ServiceFact(t, t, "", ""))
    return ServicePage(t, t, offer(t), t, t, (FactGroup(t, facts),), t, t, (46.5, 27.1), t)


def _service_shown(t: str) -> ServiceShown:
    asked = ServiceQueryView(_fields(t), t, t, may_refer=True)
    person = PersonFields(t, t, 120, t, {"loc": FieldError("loc", t, ((t, t),)), "varsta": FieldError("varsta", t)})
    return ServiceShown(
        _service_page(t), (t, t), t, "/simplu/harta", "46.5,27.1", QrCode(29, "M0 0h1v1h-1z"), asked, person, _call_asked(t),
        _wrong_asked(t), "/simplu/serviciu/1", tuple(_fields(t)), FieldError("corect", t), t, may_keep=True,
    )  # fmt: skip


def _list_entry(t: str) -> ListEntry:
    listed = ListedService("social:mmps:1", t, ((t, t), (t, t)), (t,), (Phone("0234512345", t),))
    return ListEntry(listed, "/simplu/serviciu/1", QrCode(29, "M0 0h1v1h-1z"))


def _queue_search(t: str) -> QueueSearch:
    wanted = ReferralFilter(number=t, state=t, left_days=1, is_own=True, part="open")
    views = (
        ViewOffered(t, "/simplu/referiri?stare=held", True, True),
        ViewOffered(t, "/simplu/referiri?zile=1", False, False),
    )
    return QueueSearch("/simplu/referiri", wanted, ((t, t, ((t, t),), t),), ((t, t),), views, True)


def _outcome(t: str) -> BulkOutcome:
    return BulkOutcome((t,), ((t, t),), t, may_undo=True)


def _bulk(t: str) -> BulkOffered:
    return BulkOffered(((t, t),), ((t, t),), t)


def _entry_fields(t: str) -> list[EntryField]:
    chosen = ((t, t, True), (t, t, False))
    return [
        EntryField("hours", t, t, t, (), False, True, 60),
        EntryField("conditions", t, "", t, (), False, True, 300),
        EntryField("closed", t, "", t, (), False, False, 60),
        EntryField("languages", t, "", t, chosen, True, False, 60),
        EntryField("wheelchair", t, "", t, chosen, False, False, 60),
    ]


def _visit(t: str) -> VisitFields:
    return VisitFields(t, t, t, FieldError("ziua", t))


def _call_asked(t: str) -> CallButtons:
    return CallButtons(tuple(_fields(t)), 5, 9999, t)


def _wrong_asked(t: str) -> CorrectionFields:
    return CorrectionFields(tuple(_fields(t)), t, t, t, t)


def _heads(t: str) -> list[tuple[str, str]]:
    return [(t, ""), (t, "hs-num"), ("", ""), (t, "hs-num")]


def _six_heads(t: str) -> tuple[tuple[str, str], ...]:
    return (*_heads(t), (t, "hs-num"), (t, "hs-num"))


def _month_line(t: str) -> MonthLine:
    return MonthLine(24089, t, t, t, t, t, is_late=True, remark=t, button=t, is_main=True)


def _month_shown(t: str) -> MonthShown:
    return MonthShown("/simplu/raport-lunar/24089/2026-10", t, t, t, t, t)


def _ranked(t: str) -> RankedArea:
    return RankedArea(place=t, name=t, address="/rapoarte", mark=t, made_of=t, value=t, grade=2, share=0.5)


def _first_hour(t: str) -> SimpleNamespace:
    return SimpleNamespace(title=t, parts=[(t, [t, t])])


def _own_steps(t: str) -> OwnStepsView:
    return OwnStepsView(title=t, parts=((t, (t, t)),), papers=(("referral", t),), basis=t)


def _local(t: str) -> tuple[LocalView, ...]:
    return tuple(
        LocalView(
            name=t,
            offers=t,
            when=t,
            mark=t,
            way=t,
            lines=(t, t),
            phones=(Phone("0234512345", t),),
            is_checked=not is_folded,
            is_folded=is_folded,
        )
        for is_folded in (False, True)
    )


def _local_line(t: str) -> LocalLine:
    return LocalLine(7, t, t, t, t, ((t, t), (t, "")), "checked", t, t, ("check", "remove"))


def _local_fields(t: str) -> LocalFields:
    needs = NeedsForm((SearchTerm("food", t, t, is_need=True, is_sensitive=False),), t)
    typed = LocalTyped(t, t, t, ("food",), t, t, t, "uat", t, t)
    errors = {name: FieldError(name, t) for name in ("nume", "loc", "zile")}
    return LocalFields(typed, needs, ((t, (("food", t),)),), errors)


def _gap(t: str) -> GapLine:
    return GapLine(1, t, "/comunitati", t, t, t, t, t, Phone("0234512345", t), t, t)


def _coverage_answer(t: str) -> CoverageAnswer:
    calls = (CallLine(1, t, t, Phone("0234512345", t), t, t, t), CallLine(2, t, t, None, "", t, t))
    return CoverageAnswer(t, t, t, t, t, (_gap(t),) * 6, t, calls, (t,), t, ("", t, t), ((t, t, t),))


# --- the plain pages ---------------------------------------------------------------------------------

_MAY = OfferButtons(refer=True, note=True, keep=True)


def _fields(t: str) -> list[tuple[str, str]]:
    return [(t, t), (t, t)]


def _badge(t: str) -> PlacesBadge:
    return PlacesBadge("free", t, t)


def _field(t: str) -> SimpleNamespace:
    return SimpleNamespace(name=t, kind=t, is_needed=True, words=t)


def _asset(name: str) -> str:
    return f"/assets/{name}"


def _tour(t: str) -> Tour:
    return Tour("echipa", t, "team:24089", t, (TourStep(t, t, "/", "/simplu"), TourStep(t, t)))


def _menu(t: str) -> Menu:
    entry = MenuEntry(Screen("find", t, "/gasiti", "/simplu/gasiti"), 3)
    return Menu((entry,), (entry,), t, t, t, 3)


def _framed(t: str, **values: Any) -> dict[str, Any]:
    """Return what every page in the frame is rendered with, and its own values."""
    frame = PageFrame("ro", "en", "English", "/simplu", t, True, _menu(t), "find", t)
    return {"frame": frame, "asset": _asset, "done": t, "alert": t, **values}


def _consent(t: str) -> ConsentForm:
    return ConsentForm(basis="consent", agreed_on=t, case_ref=t, note=t, second_place=False)


def _need(t: str) -> NeedAnswered:
    words = AnswerView(t, (), t, (), AwayOffers(t, t, (t,)), {t: t}, (), t, (), (t,), t, (_own_steps(t),), _local(t))
    return NeedAnswered(
        label=t, words=words, may=_MAY, carried=_fields(t), blocks=(_block(t, is_folded=False), _block(t, is_folded=True)),
        excluded=(LeftOut(t, t, t), LeftOut(t, "", t)), excluded_count=9, protected=[(t, t)], is_short=True, is_open=True,
        unmet_key=t,
    )  # fmt: skip


def _row(t: str) -> OfferRow:
    return OfferRow(_with_a_page(t), 2, t, is_open=True)


def _block(t: str, *, is_folded: bool) -> OfferBlock:
    return OfferBlock("home", t, 9, (_row(t),), (_row(t),), 7, is_folded)


def _asked(t: str) -> AskedLine:
    return AskedLine(t, t, (t, t))


def _line(t: str) -> EmergencyCall:
    return EmergencyCall("112", t, t, t)


def _person(t: str) -> PersonQuestions:
    return PersonQuestions(_fields(t), True, t, 130, True, "F", (GroupChoice(t, t, True),))


def _question(t: str) -> QuestionPage:
    error = FieldError("loc", t, ((t, t), (t, t)))
    return QuestionPage(
        place=t, home=t, age=t, oldest=130, mode=t, modes=((t, t),), reach=t, reaches=((t, t),), only_confirmed=True,
        is_more_open=True, needs=(SearchTerm(t, t, t, True, False),), words=t, may_say_more=True,
        listed=((t, ((t, t), (t, t))),), carried=_fields(t),
        errors=dict.fromkeys(("loc", "nevoie", "cuvinte", "domiciliu", "varsta"), error),
    )  # fmt: skip


def _plan(t: str) -> PlanShown:
    return PlanShown(
        t, t, t, t, t, (StopShown(t, t, t, t, t, t, t, _badge(t), (Phone("112", t),)),), (t, t), (t,), True, _fields(t)
    )


def _trip(t: str) -> TripShown:
    return TripShown(_plan(t), (_plan(t),), t, frozenset())


def _made(t: str) -> MadeReferral:
    return MadeReferral("R-1", t)


def _outside(t: str) -> OutsideLink:
    return OutsideLink("/intra/openid", t)


def _step(t: str) -> StepOffered:
    return StepOffered(t, t, _fields(t), True, True, tuple(_fields(t)))


def _referral(t: str) -> ReferralShown:
    best = NextBest(offers=(offer(t), offer(t)), may=_MAY, carried=tuple(_fields(t)), key=t)
    return ReferralShown(
        number="R-1", kind="free", state=t, next=t, facts=tuple(_fields(t)), phones=(Phone("112", t),), next_best=best,
        steps=(_step(t),), reasoned=(_step(t),), is_open=True, may_link=True, rides=t,
        service_id="social:mmps:1", may_note=True, unanswered=t, history=(HistoryLine(t, t, t),),
    )  # fmt: skip


def _choice(t: str) -> MapChoice:
    return MapChoice("locuri", t, t, 3, is_on=True)


def _still() -> StillMap:
    return StillMap(
        600,
        400,
        ("M1,2 3,4 5,6Z",),
        (StillMark(1.0, 2.0, 9.0, 3, (0, 1, 2)),),
        (3.0, 4.0),
        (StillPin(1.0, 2.0, 1, "free"),),
        ("M1,2 3,4",),
    )


def _way(t: str) -> WayView:
    return WayView(t, (("road", t),), (), t)


def _answer_on_map(t: str) -> AnswerOnMap:
    place = Place(t, t, 1, 1, t, 46.0, 27.0, "locality")
    return AnswerOnMap(t, place, (_need(t), _need(t)), (), _person(t), (_line(t),), True, _fields(t),
                       (("raspuns", t),), t, (t,), ((46.0, 27.0), (47.0, 28.0)), _way(t))  # fmt: skip


def _tools(t: str) -> MapTools:
    return MapTools((("loc", t),), t, t, t, "/simplu/harta", "/simplu/harta", "/simplu/harta", {"words": {}})


def _sheet(t: str) -> MapSheet:
    ring = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [1.0, 2.0]])
    return MapSheet(
        t, t, t, ViewFrame.fitted(((46, 26), (47, 27)), 600, 400), (DrawnArea(4, (ring,)), DrawnArea(0, (ring,))),
        (SheetMark(1.0, 2.0, 9.0, "3", "ask"),), (3.0, 4.0, t), ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)), "class", t,
        (SheetKey("class-4", t, "3"),), t, (SheetKey("free", t, "3"),), t, (SheetRow("1", t, t, t, t, t),), t, (t,),
        date(2026, 11, 30), is_demo=True,
    )  # fmt: skip


def _links(t: str) -> tuple[SearchLink, ...]:
    return (SearchLink("/simplu/harta?zoom=6", t, t),)


def _map(t: str) -> MapPage:
    one = (_choice(t),)
    return MapPage(
        place=t, need="", km=t, kinds=one, places=one, deliveries=one, yes=one, wanted=((t, one),), groups=one, summary=t,
        legend=(LegendKey("free", t, 3),), backgrounds=(AreaColours("class", t, (1.0, 2.0, 3.0), (LegendKey("class-4", t, 3),)),), listed=(offer(t),), more=t, still=_still(), address="zoom=6", settings={"note": ""},
        sources=(t,), is_framed=True, answer=_answer_on_map(t), tools=_tools(t),
        layers=LayersPage("clasa", (("", t, True),), (("", t, True),), ((t, t, True),), (("", t, True),), True, True, _legend(t), _joined(t), _reach(t), _local_places(t)),
    )  # fmt: skip


def _reach(t: str) -> ReachLegend:
    return ReachLegend(t, (LegendKey("reach-1", t),), t)


def _place(t: str) -> LocalPlace:
    return LocalPlace(t, 46.5, 26.9, (_local_line(t),), True)


def _local_places(t: str) -> LocalPlaces:
    return LocalPlaces(t, (_place(t),))


def _legend(t: str) -> LayerLegend:
    steps = (LegendKey("served-2", t, 3),)
    return LayerLegend(
        t, steps, (t, t, t), ((t, ((1, 2), (2, 3), (3, 4))),), (t,), (t,), "/acoperire", "/simplu/harta/judete"
    )


def _county(t: str) -> CountyDrawing:
    return CountyDrawing(t, 100, 80, (("reach-1", "M1,2l3,4 5,6z"),), t, (t, t), "/simplu/harta", "/acoperire")


def _counties(t: str) -> CountyMaps:
    return CountyMaps(_legend(t), (t, t), (_county(t),), "/simplu/harta")


def _joined(t: str) -> JoinedTable:
    row = JoinedRow(1, 9, t, t, t, t, t, t, t, "/comunitati", "/acoperire")
    return JoinedTable(t, ((t, t, True),), (row,), t, "/api/map/joined.csv")


def _signal(t: str) -> Signal:
    return Signal(1, t, t, t, t, t, value_label=t, note=t, since=t, phones=(Phone("112", t),))


def _referred(t: str) -> Referral:
    moment = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    return Referral(
        "R-1",
        t,
        t,
        "BC",
        "direct",
        t,
        t,
        "BC",
        1,
        None,
        "held",
        "",
        "consent",
        moment,
        t,
        "",
        t,
        moment,
        moment,
        None,
        None,
        None,
    )


def _work(t: str, kind: WorkKind = "expiring", mark: str = "call") -> WorkItem:
    steps: tuple[Action, ...] = {"lost": ()}.get(kind, ("accept", "decline"))
    return WorkItem(_referred(t), kind, mark, t, t, t, (Phone("112", t),), steps)


def _work_shown(t: str) -> list[ItemShown]:
    steps = (
        StepButton("accept", t, (("pas", t),), is_main=True),
        StepButton("decline", t, (("pas", t),), is_main=False, reasons=((t, t),)),
    )
    return [
        ItemShown(_work(t), steps),
        ItemShown(_work(t, "accepted", "free"), steps),
        ItemShown(_work(t, "lost", "full"), (), next_offers=((t, t, t),), carried=(("loc", t),), key=t),
        ItemShown(_work(t, "lost", "full"), (), carried=(("loc", t),), key=t),
        ItemShown(_work(t, "lost", "full"), ()),
    ]


def _closed(t: str) -> ClosedItem:
    return ClosedItem(t, t, t)


def _news(t: str) -> NewsLine:
    return NewsLine(3, t, (t, t), t, "/simplu/referire/R-1", is_new=True)


def _campaign(t: str) -> CampaignName:
    return CampaignName("K-1", t, t, is_open=True)


def _asked_line(t: str) -> CampaignLine:
    return CampaignLine(1, "call", t, t, t, (Phone("112", t),), "/l/1", is_done=False)


def _campaign_shown(t: str) -> CampaignShown:
    filters = (("call", t, 3, True), ("all", t, 4, False))
    return CampaignShown(_campaign(t), t, filters, (_asked_line(t),), 1, 2, may_remind=True, warning=t)


def _county_today(t: str) -> CountyToday:
    licence = EndingLicence(t, t, t, (Phone("112", t),))
    return CountyToday((_work(t, "aged"),), 3, 2, 1, 480, 688, (licence,), 2)


def _shortfall(t: str) -> Shortfall:
    return Shortfall(replace(indicator("LIC"), name=t), 1.0, 139.0, 0.01)


def _national_today(t: str) -> NationalToday:
    return NationalToday(t, "2026-11", (_shortfall(t),), 4, t, ((t, t),))


FILES: dict[str, Callable[[str], dict[str, Any]]] = {
    "screen/offer.html": lambda t: {"o": _with_a_page(t), "number": 2, "reason": t, "is_open": True},
    "screen/comparison.html": lambda t: {
        "items": [(1, offer(t), SimpleNamespace(type_name=t, organization=t, hours=t))] * 2,
    },
    "screen/sources.html": lambda t: {"lines": [t, t]},
    "screen/index_head.html": lambda t: {"asset": _asset},
    "screen/index_body.html": lambda t: {},
    "screen/index_icon.html": lambda t: {"asset": _asset},
    "screen/index_without_scripts.html": lambda t: {},
    "screen/map_data.html": lambda t: {"name": t, "text": ""},
    "plain/_bare.html": lambda t: {"asset": _asset},
    "plain/_frame.html": _framed,
    "plain/answer.html": lambda t: _framed(t, made=[_made(t)], danger=[_line(t)], person=_person(t), line=_asked(t), summary=t, filters=[("loc", t, True, True), ("acasa", t, False, False)], trip=_trip(t),
                                           needs=[_need(t), _need(t)], minutes_note=t, sources=[t, t], question=_fields(t), may_say_more=True,
                                           is_sensitive=True, first_hours=[_first_hour(t)]),
    "plain/api_reference.html": lambda t: {
        "operations": [SimpleNamespace(name=t, method=t, path=t, summary=t, words=t, scopes=(t,), parameters=[_field(t)], sent=[_field(t)], answered=[_field(t)])],
        "forms": [(t, "/ogc/openapi.json")],
        "problems": [SimpleNamespace(name=t, status=404, title=t, detail=t)],
        "asset": _asset,
    },
    "plain/bare.html": lambda t: {"title": t, "words": t, "onward": "/", "asset": _asset},
    "plain/bind_identity.html": lambda t: _framed(t, name=t, login=t, whose=t, address="/intra/openid/legare"),
    "plain/blank.html": lambda _t: {},
    "plain/county_worklist.html": lambda t: _framed(t, undo=1, gaps=[(t, [(t, t)])], signals=[_signal(t)], parts=[("/simplu/judetul-meu", t, 3, True)],
        search=_queue_search(t), bulk=_bulk(t),
        rows=[{"referral_id": "R-1", "service": t, "state": t, "community": t, "need": t, "age_days": 3, "next": t}],
        count=26, pages=[("/simplu/judetul-meu?pagina=1", 1, True), ("/simplu/judetul-meu?pagina=2", 2, False)], xlsx="/simplu/judetul-meu.xlsx"),
    "plain/provider_list.html": lambda t: _framed(t, made=InvitationList(
        (Invitation(t, t, t, t, t, "sms:0722?body=x", "mailto:a@b?body=x"),), 1, 3), explained=t),
    "plain/county_providers.html": lambda t: _framed(t, words=t, everybody=True, count=3, list_label=t, explained=t,
        pages=[("/simplu/furnizori?pagina=1", 1, True), ("/simplu/furnizori?pagina=2", 2, False)],
        rows=[{"service_id": t, "name": t, "kind": t, "phone": t, "is_fresh": False, "report": t}]),
    "plain/monthly_list.html": lambda t: _framed(t, address="/simplu/raport-lunar", lines=[_month_line(t)]),
    "plain/monthly_form.html": lambda t: _framed(t, m=_month_shown(t), groups=[FigureGroup(1, t, t, [
        FigureField("BEN", t, t, t, is_yes_no=False, is_marked=True, error=FieldError("f-BEN", t)),
        FigureField("SPAS", t, t, "1", is_yes_no=True, is_marked=False)])], steps=FormSteps(2, 3, is_ready=False, mark=t)),
    "plain/monthly_check.html": lambda t: _framed(t, m=_month_shown(t), heads=[t] * 5, rows=[((t, t, t, t), (t,))], wrong=[],
        yes=t, seen=[("vazut", t)], changes=[("/simplu/raport-lunar", t)]),
    "plain/monthly_month.html": lambda t: _framed(t, m=_month_shown(t), heads=[t] * 5, rows=[((t, t, t, t), ())], codes=[(t, t)], can_accept=True),
    "plain/figures.html": lambda t: _framed(t, name=t, period=t, path=[(t, "/simplu/rapoarte"), (t, "")], said=(t, t, t),
        periods=_fields(t), indicators=_fields(t), failing=[FailingFigure(t, "/rapoarte", t, t, 0.5), FailingFigure(t, "", t, t, 0.0)], has_targets=True,
        tiles=[KeyFigure(t, "/rapoarte", t, t, t, is_chosen=True), KeyFigure(t, "", t, "", "", is_chosen=False)],
        ranked=PlainRanking(t, ((t, t, "/simplu/rapoarte", t),), (("/simplu/rapoarte", 1, True), ("/simplu/rapoarte", 2, False))),
        funnel=[(t, 0.5, t)], is_public=True, sheet="/comunitati", sources=[t], fresh="/simplu/rapoarte/locuri"),
    "plain/fresh_places.html": lambda t: _framed(t, shown=FreshPlaces(t, (FreshPart(t, 0.5, t),), (FreshPart(t, 0.5, t),), (FreshPart(t, 0.5, t),)),
        explained=t, files=[(t, "/simplu/rapoarte/locuri.csv")], back="/simplu/rapoarte"),
    "plain/local.html": lambda t: _framed(t, cards=[LocalCard(_local_line(t), (("check", t),))], more=3, may_add=True),
    "plain/local_form.html": lambda t: _framed(t, f=_local_fields(t), place=t),
    "plain/papers.html": lambda t: _framed(t, papers=[("referral", t, t)]),
    "plain/first_hour.html": lambda t: _framed(t, cards=[_first_hour(t)]),
    "plain/map.html": lambda t: _framed(t, m=_map(t)),
    "plain/map_counties.html": lambda t: _framed(t, c=_counties(t)),
    "plain/map_search.html": lambda t: _framed(t, address="/simplu/harta/cautare", s=SearchPage(
        t, (("loc", t),), _links(t), (_with_a_page(t),), _links(t), _links(t), "/simplu/harta", True)),
    "plain/map_picture.html": lambda t: {"s": _sheet(t), "bar": (100.0, 5_000.0), "head": [t], "foot": [t], "patterns": PATTERNS, "light": LIGHT},
    "plain/map_embed.html": lambda t: {"m": _map(t), "settings": {"page": "/incorporat/harta"}, "asset": _asset,
                                       "alert": t, "whole": "/simplu/harta", "is_demo": True},
    "plain/map_embed_card.html": lambda t: {"offers": [offer(t), offer(t)]},
    "plain/map_embed_area.html": lambda t: {
        "a": AreaCard(t, (t,), (t, t), "/acoperire", (t,), "/api/map/area/more", "/comunitati", "/simplu/harta", t)},
    "plain/map_card.html": lambda t: {"offers": [_with_a_page(t), _with_a_page(t)], "csrf_token": t, "need": "", "place": t},
    "plain/map_area.html": lambda t: {"a": AreaCard(t, (t,), (t, t), "/acoperire", (t,), "/api/map/area/more", "/comunitati", "/simplu/harta", t), "need": "", "csrf_token": t},
    "plain/map_list.html": lambda t: {"listed": [offer(t)], "more": t, "summary": t, "place": t, "need": "", "csrf_token": t},
    "plain/map_area_more.html": lambda t: {"m": AreaMore(t, ((t, (t,)),), (t,))},
    "plain/map_layer_legend.html": lambda t: {"legend": _legend(t)},
    "plain/map_reach_legend.html": lambda t: {"legend": _reach(t)},
    "plain/map_local_card.html": lambda t: {"place": _place(t)},
    "plain/map_local_list.html": lambda t: {"found": _local_places(t)},
    "plain/map_joined_table.html": lambda t: {"table": _joined(t)},
    "plain/map_answer.html": lambda t: {"a": _answer_on_map(t), "csrf_token": t},
    "plain/map_question.html": lambda t: {"q": _question(t), "danger": (_line(t),), "csrf_token": t},
    "plain/map_way.html": lambda t: {"way": _way(t)},
    "plain/map_refusal.html": lambda t: {"words": t},
    "plain/coverage.html": lambda t: _framed(
        t,
        f=CoverageForm(t, ((t, t),), ((t, t),), t, ((t, t),), t, ((t, t),), t),
        c=CoverageView(_coverage_answer(t), t, t, (PlanView(t, (t,), (t,)),), ((t, t),), True, True, ((t, t),),
                       "/simplu/harta", "/acoperire", ((t, "/simplu/acoperire.csv"),), (t,)),
    ),
    "plain/call_note.html": lambda t: _framed(t, action="/simplu/confirmare/noua", service=t, carried=_fields(t), call=_call_asked(t), may_link=True,
                                              wrong=FieldError("locuri", t)),
    "plain/choose_role.html": lambda t: _framed(
        t, carried=_fields(t), usual=_fields(t), roles=[(t, _fields(t))], pages="simplu"
    ),
    "plain/consent.html": lambda t: _framed(t, o=offer(t), line=t, effect=t, carried=_fields(t), said=_consent(t), today=t,
                                            bases=_fields(t), wrong=FieldError("al_doilea", t), asks_case=True,
                                            asks_second=True, go=t),
    "plain/help.html": lambda t: _framed(t, texts=[(Help("find", "ro", t, t, (t, t), (t,)), True)], day=t, is_own=False,
                                         counties=[("BC", t)]),
    "plain/invitation.html": lambda t: _framed(t, code=t, least=12, outside=_outside(t)),
    "plain/password_saved.html": lambda t: _framed(t, login=t),
    "plain/service.html": lambda t: _framed(t, s=_service_shown(t)),
    "plain/tour.html": lambda t: _framed(t, tour=_tour(t), tours=(_tour(t),), address="/simplu/tur"),
    "plain/visit_list.html": lambda t: _framed(
        t, entries=[_list_entry(t), _list_entry(t)], may_undo=True, languages=[("ro", t)], text=t),
    "plain/places_link.html": lambda t: _framed(t, address="/l/1"),
    "plain/protected.html": lambda t: _framed(t, rows=_fields(t), carried=_fields(t), may_refer=True),
    "plain/message_choice.html": lambda t: _framed(
        t, rhythms=_fields(t), rhythm=t, languages=_fields(t), chosen_language=t),
    "plain/news.html": lambda t: _framed(t, lines=[_news(t)], is_new=True, last=3, rhythms=_fields(t), languages=_fields(t), hours=_fields(t),
        own=OwnSettings(t, t, t, MailChoice("each", "ro", (22, 6)), is_on=False, has_texts=True)),
    "plain/programs.html": lambda t: _framed(t, shown=ProgramsShown(
        (ProgramLine(t, t, (t, t), is_open=True),), (ProgramLine(t, t, (t,), True, ((t, t),)),), t), done=t, secret=t, alert=t,
        roles=_fields(t), role=t, name=t, counties=_fields(t), scopes=_fields(t), ticked={t}, kinds=_fields(t), days=90, longest=366,
        open_tokens=_fields(t), address=t, sure={"revoke": t, "remove": t}),
    "plain/campaigns.html": lambda t: _framed(t, campaigns=[_campaign(t)], new=NewCampaign(
        t, ((t, t),), ((t, t, True), (t, t, False)), (t, t), may_start=True, warning=t)),
    "plain/campaign.html": lambda t: _framed(t, shown=_campaign_shown(t), here="/simplu/campanii/K-1",
        pages=[("/simplu/campanii/K-1?pagina=1", 1, True), ("/simplu/campanii/K-1?pagina=2", 2, False)], files=[(t, "/simplu/campanii/K-1.pdf")]),
    "plain/campaign_call.html": lambda t: _framed(t, provider=t, phones=(Phone("112", t),), fields=[("liber_0", t)],
        outcomes=_fields(t), note=t, most=9999, back="/simplu/campanii", address="/simplu/campanii/K-1/1/adresa", kept=KeptAddress(t, t)),
    "plain/places_upload.html": lambda t: _framed(t, wrong=(t, t), back="/simplu/campanii", titles=[("free", t)], most=9999),
    "plain/places_preview.html": lambda t: _framed(t, back="/simplu/campanii", summary=t, rows=[(t, t, t, t), (t, t, "", t)],
        more=2, carried=_fields(t)),
    "plain/provider_several.html": lambda t: _framed(
        t, carried=_fields(t), services=[PlacesFields("liber_0", t, t, "1", t)], has_known=True, most=9999, taps=("0", "1"), help=Help(t, "ro", t, t, (t,), (t,)), entry="/l/1/date", upload="/l/1/fisier"),
    "plain/provider_entries.html": lambda t: _framed(t, services=[("/l/1/date/1", t)], back="/l/1"),
    "plain/provider_entry.html": lambda t: _framed(
        t, name=t, fields=_entry_fields(t), days=[t, t], wrong=FieldError("hours", t), history=[SaidBefore(1, t, t, t, True)],
        carried=_fields(t), back="/l/1"),
    "plain/provider_places.html": lambda t: _framed(t, service=t, carried=_fields(t), call=_call_asked(t), wrong=FieldError("locuri", t), entry="/l/1/date", upload="/l/1/fisier"),
    "plain/provider_referral.html": lambda t: _framed(t, number=t, asker=t, phones=(Phone("112", t),), may_answer=True, rows=_fields(t), visit=_visit(t), call_me=_fields(t), steps=[
        AnswerOffered("accept", t, _fields(t), ()), AnswerOffered(t, t, _fields(t), ()), AnswerOffered(t, t, _fields(t), tuple(_fields(t)))]),
    "plain/queue_stepped.html": lambda t: _framed(t, outcome=_outcome(t), carried=((t, t),), onward="/simplu/referiri"),
    "plain/referral.html": lambda t: _framed(t, link="/l/1", r=_referral(t), is_noted=True),
    "plain/referrals.html": lambda t: _framed(t, search=_queue_search(t), bulk=_bulk(t), here=[ReferralCard(t, t, "free", t, t, True, t, (), may_mark=True)], here_words=t, pages=[("/simplu/referiri?pagina=1", 1, True), ("/simplu/referiri?pagina=2", 2, False)], lists=[(t, [ReferralCard(t, t, "free", t, t, True, t, (Phone("112", t),))])], open_count=1, lost_count=1),
    "plain/refused.html": lambda t: _framed(t, has_way_back=True, form_page="/simplu/gasiti"),
    "plain/today.html": lambda t: _framed(t, day=t, items=_work_shown(t), reports=[_month_line(t)], open_count=3, closed=[_closed(t)], coming=[t], county="BC", noted=t),
    "plain/county_today.html": lambda t: _framed(t, day=t, signals=[_signal(t)], work=_county_today(t), reports=[_month_line(t)], late=[_month_line(t)] * 5, coming=[t], county="BC"),
    "plain/national_today.html": lambda t: _framed(t, day=t, work=_national_today(t)),
    "plain/search.html": lambda t: _framed(t, is_first=True, q=_question(t), danger=[_line(t)], is_sensitive=True),
    "plain/sign_in.html": lambda t: _framed(t, carried=_fields(t), login=t, pages="simplu", outside=_outside(t)),
    "plain/slip.html": lambda t: _framed(t, lines=[t, t], here="/simplu/referire/R-1"),
    "plain/trip_consent.html": lambda t: _framed(t, stops=[TripStop(t, t, t, t, _badge(t), t)], carried=_fields(t),
                                                 said=_consent(t), bases=_fields(t), wrong=FieldError("temei", t),
                                                 asks_case=True, today=t),
    "plain/trip_paper.html": lambda t: _framed(t, p=_plan(t), place=t),
    "plain/trip_made.html": lambda t: _framed(t, made=[_made(t)]),
    "documents/county_pack.html": lambda t: {
        "pack": SimpleNamespace(title=t, is_demo=True), "said": t, "policy": "default-src 'none'", "style": "", "script": "",
        "emergency": [(t, t, "112")], "sources": [t],
        "sections": [(t, 3, [(t, [SimpleNamespace(words=t, kind=t, place=t, phones=[(t, "112"), (t, "")], facts=[t, t],
                                                  name=t, email=t)])])],
    },
    "teren/_pieces.html": lambda t: {},
    "teren/guide.html": lambda t: {
        "file": _asset, "title": t, "back": "/", "parts": [GuidePart(kind, (t, t)) for kind in ("title", "text", "steps", "notes")],
    },
    "teren/shell.html": lambda t: {
        "file": _asset, "manifest": "/", "config": {"words": t}, "is_demo": True, "guide": "/",
        "other": {"address": "/", "language": "en", "name": t},
    },
}  # fmt: skip

MACROS: dict[str, dict[str, Callable[[str], Call]]] = {
    "_gaps.html": {"gap_lists": lambda t: given([(t, [(t, t)])])},
    "plain/_parts.html": {
        "pages": lambda _t: given([("/simplu", 1, True), ("/simplu", 2, False)]),
        "hidden": lambda t: given(t, _fields(t)),
        "first_hour": lambda t: given(_first_hour(t)),
        "own_steps": lambda t: given(_own_steps(t)),
        "parts": lambda t: given(((t, (t, t)),)),
        "history": lambda t: given((HistoryLine(t, t, t),)),
        "visit_fields": lambda t: given(_visit(t)),
        "say_alert": given,
        "say_done": given,
        "quiet": given,
        "hint": given,
        "options": lambda t: given(_fields(t), t),
        "groups_of_options": lambda t: given([(t, _fields(t))]),
        "radios": lambda t: given(t, t, _fields(t), t),
        "checkbox": lambda t: given(t, t, t, is_ticked=True),
        "field_error": lambda t: given("loc", FieldError("loc", t)),
        "asked_back": lambda t: given(FieldError("loc", t, ((t, t),))),
        "quick_exit": lambda t: given(),
        "text_field": lambda t: given("loc", t, t, FieldError("loc", t, ((t, t),)), t),
        "age_field": lambda t: given(t, FieldError("varsta", t), 130),
        "reasoned_step": lambda t: given("/simplu/referire/R-1/pas", t, _fields(t), t, t, _fields(t)),
        "facts": lambda t: given(_fields(t)),
        "state_chip": lambda t: given("free", t),
        "search_again": lambda t: given(),
        "emergency": lambda t: given([_line(t)]),
    },
    "plain/_offers.html": {
        "badge": lambda t: given(_badge(t)),
        "call": lambda t: given(Phone("112", t)),
        "calls": lambda t: given([Phone("112", t)]),
        "published": lambda t: given(offer(t)),
        "act_on": lambda t: given(offer(t), _MAY),
        "card": lambda t: given(offer(t), _MAY),
        "local_card": lambda t: given(_local(t)[0]),
        "local_offers": lambda t: given(_local(t)),
        "more": lambda t: given(3),
        "answer": lambda t: given(_need(t), t),
        "refer_button": lambda t: given(offer(t), _MAY),
        "note_button": lambda t: given(offer(t), _MAY),
        "keep_button": lambda t: given(offer(t), _MAY),
        "drawn": lambda t: given(_row(t), _MAY, None),
        "block": lambda t: given(_block(t, is_folded=False), _MAY, None),
    },
    "_answer.html": {
        "state": lambda t: given(offer(t), t),
        "way": lambda t: given(offer(t)),
        "facts": lambda t: given(offer(t)),
        "row": lambda t: given(offer(t), 2, t, is_open=True, on_map=True, can_compare=True, caller=lambda _is_first: t),
        "asked": lambda t: given(_asked(t)),
        "rows_heading": lambda t: given(t, 3),
        "why_not": lambda t: given([(t, t, t), (t, "", t)], 4, 2),
    },
    "_menu.html": {
        "entry_words": lambda t: given(t, 3),
        "sign_in_link": lambda t: given(t, "/astazi"),
        "bell": lambda t: given(3, "/simplu/noutati"),
        "about_links": lambda t: given(_menu(t), True, "/astazi", "find", ("?lang=en", "en", t), ("/intra/simplu", t)),
    },
    "_legend.html": {
        "legend": lambda t: given([LegendKey("here", t), LegendKey("free", t, 3)], is_live=True),
    },
    "plain/_map.html": {
        "map_row": lambda t: given(offer(t), _MAY, 1),
        "way_said": lambda t: given(_way(t)),
        "search_from": lambda t: given(t, "", t),
        "one_of": lambda t: given("locuri", t, [_choice(t)], t),
        "one_of_groups": lambda t: given("serviciu", t, [(t, [_choice(t)])], t),
        "tick": lambda t: given(_choice(t)),
        "drawing": lambda t: given(_still(), t),
    },
    "plain/_map_layers.html": {
        "layer_legend": lambda t: given(_legend(t)),
        "joined_rows": lambda t: given(_joined(t)),
        "reach_legend": lambda t: given(_reach(t)),
        "local_card": lambda t: given(_place(t)),
        "county_figure": lambda t: given(_county(t)),
        "county_patterns": lambda t: given(),
        "county_rows": lambda t: given(_counties(t)),
        "local_list": lambda t: given(_local_places(t)),
    },
    "plain/_map_tools.html": {
        "search_box": lambda t: given("/simplu/harta/cautare", (("loc", t),), t),
        "drawn": lambda t: given(_tools(t)),
        "kept": lambda t: given(_tools(t)),
        "file_tools": lambda t: given("zoom=6"),
        "found_links": lambda t: given(t, _links(t)),
    },
    "screen/map.html": {
        "map_frame": lambda t: given("/simplu/harta?incadrat=1", "/simplu/harta"),
    },
    "plain/_question.html": {
        "question_form": lambda t: given(_question(t), t),
        "needs_fields": lambda t: given(_question(t)),
        "person_form": lambda t: given(_person(t), t),
    },
    "plain/_consent.html": {
        "marked": lambda t: given(FieldError("temei", t), "temei"),
        "basis_fields": lambda t: given(_consent(t), t, _fields(t), FieldError("temei", t)),
        "case_fields": lambda t: given(_consent(t), FieldError("nota", t)),
    },
    "plain/_monthly.html": {
        "where": lambda t: given(_month_shown(t)),
        "checked": lambda t: given([t] * 5, [((t, t, t, t), (t, t))]),
    },
    "plain/_queue.html": {
        "queue_search": lambda t: given(_queue_search(t)),
        "view_forms": lambda t: given(_queue_search(t), t),
        "mark": given,
        "bulk": lambda t: given(_bulk(t)),
    },
    "plain/_send_link.html": {"send_link": lambda t: given("/l/1", "", "", "112")},
    "plain/_service.html": {
        "service_link": lambda t: given("social:1", t),
        "service_button": lambda t: given("social:1", t),
        "fact_groups": lambda t: given(_service_page(t)),
        "qr": lambda t: given(QrCode(29, "M0 0h1v1h-1z"), t),
        "refused": lambda t: given(FieldError("corect", t), "corect"),
        "call_note": lambda t: given(_call_asked(t), t, "/simplu/confirmare/noua", t, _fields(t), FieldError("locuri", t)),
        "taken_back": lambda t: given("/simplu/serviciu/1", 7, t, _fields(t)),
        "fault_field": lambda t: given("corect", t, t, FieldError("corect", t), 60, t),
        "fault_form": lambda t: given(_wrong_asked(t), "/simplu/serviciu/1", t, _fields(t), FieldError("pana", t)),
    },
    "plain/_trip.html": {
        "trip_box": lambda t: given(_trip(t), t),
        "plan": lambda t: given(_plan(t), t),
        "stop_fields": lambda t: given(_plan(t).stops),
        "separately": lambda t: given(_plan(t)),
        "made_referral": lambda t: given(_made(t)),
    },
    "plain/_sign_in.html": {
        "which_pages": lambda t: given("simplu"),
        "outside_link": lambda t: given(_outside(t)),
    },
    "screen/_macros.html": {
        "about": lambda t: given(Travel(t, t, t, t, True, t, t, to_road=t)),
        "badge": lambda t: given(PlacesBadge("free", t, t)),
        "chip": lambda t: given(t, "hs-how"),
        "link": lambda t: given("/registre", t),
        "phone": lambda t: given(Phone("112", t)),
        "paragraphs": lambda t: given([t, t]),
        "cautions": lambda t: given([t, t]),
        "quiet": given,
        "calls": lambda t: given(offer(t).phones),
        "title": lambda t: given(t, t),
        "heading": lambda t: given(t, t),
        "notice": lambda t: given(t, [t, t]),
        "card": lambda t: given(t, caller=lambda: t),
        "details": lambda t: given(t, caller=lambda: t),
        "facts": lambda t: given([(t, t), (t, t)]),
        "map_notes": lambda t: given([LegendKey("here", t)], t),
        "travel_notes": lambda t: given(t, [LegendKey("way-road", t)], t),
        "table": lambda t: given(t, _heads(t), [t, t], caller=lambda row: row),
        "cells": lambda t: given(_heads(t), [t, t, t, t]),
        "label": lambda t: given(_heads(t), 1),
    },
    "screen/page.html": {
        "brand": lambda t: given(),
        "menu": lambda t: given(_menu(t), "/astazi"),
        "role": given,
        "about": lambda t: given(_menu(t), False, "/astazi", "find", ("?lang=en", "en", t)),
        "demo": lambda t: given(),
        "foot": lambda t: given("find"),
        "sign_in": lambda t: given(t, "/referiri"),
        "way": lambda t: given("/intra", t),
        "steps": lambda t: given(t, [t, t], t),
        "field_error": given,
        "panel_title": lambda t: given(t, t, t),
        "understood": given,
        "done": given,
    },
    "screen/local.html": {"entry": lambda t: given(_local_line(t))},
    "screen/cases.html": {
        "listing": lambda t: given(t, [(t, ""), (t, "hs-num")], [(t, t)]),
        "remark": lambda t: given(t, t, t, True),
        "said": lambda t: given([(t, t)]),
        "plan": lambda t: given(PlanSheet(t, t, (PriorityLines(t, t, t, ((t, t, t),)), PriorityLines(t, t, "", ())))),
        "case": lambda t: given(CaseSheet(t, ((t, t),), ((t, ((t, t),)),)), t),
    },
    "screen/visit_list.html": {
        "entry": lambda t: given(2, _list_entry(t)),
        "sheets": lambda t: given("/simplu/lista.pdf", [("ro", t)], "/simplu/lista"),
    },
    "screen/finder.html": {
        "parts": lambda t: given(((t, (t, t)),)),
        "asked_line": lambda t: given(_asked(t)),
        "summary": lambda t: given(t, frozenset({"free"})),
        "waiting": lambda t: given(),
        "answer_top": lambda t: given(t, [FirstHourView(t, ((t, (t, t)),))], is_sensitive=True),
        "local_card": lambda t: given(_local(t)[0]),
        "local_offers": lambda t: given(_local(t)),
        "own_steps": lambda t: given([_own_steps(t)]),
        "danger": lambda t: given([(Phone("112", t), SimpleNamespace(name=t, words=t))]),
        "need_heading": lambda t: given(2, t),
        "choose_role": lambda t: given(),
        "more_elsewhere": lambda t: given([(t, 2), (t, 1)], 3, has_protected=True),
        "asked_top": lambda t: given(t, is_sensitive=True),
        "own_protected": lambda t: given(),
        "away": lambda t: given(AwayOffers(t, t, (t,))),
        "referred": lambda t: given("R-1", t, t),
        "trip": lambda t: given(t, t, [(SimpleNamespace(name=t, locality=t, address=t), t, t, PlacesBadge("free", t, t), (Phone("112", t),))], t, t, [(t, [t])]),
        "separate_ways": lambda t: given([(t, [t, t])]),
    },
    "screen/communities.html": {
        "formula": given,
        "units": lambda t: given(t, [{"address": "/comunitati", "name": t, "marks": t, "code": 3, "words": t, "figures": [t, t, t, t]}]),
        "sheet_title": lambda t: given("/comunitati", t, t),
        "atlas_facts": lambda t: given([(t, t), (t, t)], "/rapoarte", t),
        "county": lambda t: given(t, [("/comunitati", t), ("/comunitati", t)]),
        "missing": lambda t: given(t, [(t, [(t, t)])], [t, t], t),
        "within": lambda t: given(
            30, [(t, t, [{"kind": t, "nearest": t, "minutes": t, "is_travelled": True, "places": t, "where": t}])], t
        ),
    },
    "screen/referrals.html": {
        "outcome": lambda t: given(_outcome(t)),
        "who": given,
        "step_done": given,
        "referral": lambda t: given(
            {
                "number": "R-1", "case": t, "service": t, "need": t, "state": t, "has_place": True, "since": t, "reason": t,
                "is_urgent": True, "next": t, "is_open": True, "phones": (Phone("112", t),), "visit": t, "called": t,
                "history": (HistoryLine(t, t, t),),
            }
        ),
        "offer_line": lambda t: given(t, t),
        "counts": lambda t: given([(t, ""), (t, ""), (t, "")], [(t, t, t, t)]),
    },
    "screen/registers.html": {
        "holdings": lambda t: given([{"title": t, "is_imported": True, "waiting": t, "day": t, "age": t, "loaded": t, "rejected": t},
                                     {"title": t, "is_imported": False, "is_withdrawn": True, "waiting": t}]),
        "edition": lambda t: given(t, [(t, t, ""), (t, t, "ro")]),
        "facts_card": lambda t: given(t, [t, t]),
        "difference": lambda t: given(t, [(t, t, t, t)]),
        "copy_address": given,
    },
    "screen/register_panels.html": {
        "quality": lambda t: given([(t, "hs-num"), (t, "hs-num")], [(t, [(t, True), (t, False)])]),
        "rows": lambda t: given(t, [[t] * 7], 2),
        "pair": lambda t: given([(t, t, t)], (t, t), t, t),
    },
    "screen/figures.html": {
        "failing": lambda t: given([FailingFigure(t, "/rapoarte", t, t, 0.5), FailingFigure(t, "", t, t, 0.0)], has_targets=True),
        "group_title": lambda t: given(t, t, True),
        "tiles": lambda t: given([KeyFigure(t, "/rapoarte", t, t, t, is_chosen=True), KeyFigure(t, "", t, "", "", is_chosen=False)]),
        "bars": lambda t: given(t, _heads(t)[:3], [(t, 0.5, t), (t, 0.0, t)]),
        "areas": lambda t: given(t, _heads(t), [(t, "/rapoarte", [t, t, t])]),
        "indicators": lambda t: given([(t, [IndicatorLine(t, t, (t, t), "/rapoarte")])]),
        "month": lambda t: given(_month_line(t)),
        "checked": lambda t: given(t, [*_heads(t), (t, "")], [((t, t, t, t), (t, t)), ((t, t, t, t), ())]),
        "history": lambda t: given(_heads(t), [(t, t, t, t)]),
        "notes": lambda t: given([t, t], "/comunitati"),
    },
    "_work.html": {
        "work_head": lambda t: given("back", t, t, t),
        "work_calls": lambda t: given((Phone("112", t),)),
        "work_line": lambda t: given("info", t, t, "/referiri", t),
        "work_day": given,
        "work_closed": lambda t: given([_closed(t)]),
        "work_coming": lambda t: given([t, t]),
        "work_papers": lambda t: given("BC"),
        "work_county": lambda t: given(_county_today(t), [_month_line(t)] * 5, "/simplu/campanii", "/referiri", "/rapoarte"),
        "work_campaign": lambda t: given(_campaign(t), "/simplu/campanii/K-1"),
        "work_asked_head": lambda t: given(_asked_line(t)),
        "work_news": lambda t: given(_news(t)),
        "work_asked": lambda t: given(_asked_line(t), "/simplu/campanii/K-1/1"),
        "work_licences": lambda t: given(_county_today(t)),
        "work_nation": lambda t: given(_national_today(t)),
    },
    "plain/_signals.html": {
        "signal_card": lambda t: given(_signal(t), t),
    },
    "screen/today.html": {
        "day": given,
        "item": lambda t: given(_work(t)),
        "calls": lambda t: given((Phone("112", t),)),
        "slip": given,
        "next_offer": lambda t: given(t, t),
        "nothing": given,
        "reports": lambda t: given([_month_line(t)]),
        "under_way": lambda t: given(3, [_closed(t)]),
        "coming": lambda t: given(t, [t]),
        "papers": lambda t: given("BC"),
        "news": lambda t: given([_news(t)]),
        "county_work": lambda t: given(_county_today(t), [_month_line(t)]),
        "county": lambda t: given(_county_today(t), [_month_line(t)]),
        "nation": lambda t: given(_national_today(t)),
    },
    "screen/campaigns.html": {
        "head": lambda t: given(_campaign_shown(t)),
        "asked": lambda t: given(_asked_line(t)),
        "calls": lambda t: given((Phone("112", t),)),
        "plan": lambda t: given([t, t], t),
        "campaigns": lambda t: given([_campaign(t)]),
        "places": lambda t: given(t, t, [(t, "")] * 4, [(t, t, t, t)]),
    },
    "screen/county_worklist.html": {
        "signal": lambda t: given(_signal(t)),
        "queue": lambda t: given(t, [*_heads(t), (t, ""), (t, ""), (t, "")], [(t, t, t, (t, t, t, t, t))]),
        "providers": lambda t: given(t, _heads(t), [(t, t, t, t, False), (t, t, t, t, True)]),
        "link_made": lambda t: given(t, t),
        "invitations": lambda t: given(t, [Invitation(t, t, t, t, t, "sms:0722?body=x", "mailto:a@b?body=x"), Invitation(t, t, "", t, t, "", "")]),
    },
    "screen/ranking.html": {
        "path": lambda t: given([(t, "/rapoarte"), (t, "")]),
        "folded": lambda t: given(t, [t, t]),
        "ranking": lambda t: given(t, _heads(t), [_ranked(t), SharedPlace(t, t, t, 2, 0.5, (_ranked(t), _ranked(t)))]),
    },
    "screen/coverage.html": {
        "answer": lambda t: given(_coverage_answer(t), t, (_gap(t), _gap(t))),
        "calls": lambda t: given(_coverage_answer(t), (*_heads(t), (t, "")), True),
        "plan_table": lambda t: given(t, _heads(t)[:3], ((t, t, t),)),
        "measures": lambda t: given([t, t]),
        "main_figures": lambda t: given([(t, t)]),
        "gaps": lambda t: given(t, _six_heads(t), [_gap(t)], t, [_gap(t)]),
        "gap_table": lambda t: given(t, _six_heads(t), [_gap(t)]),
        "first_call": lambda t: given(_gap(t)),
        "plain_table": lambda t: given(t, _heads(t), [(t, t, t, t)]),
        "distribution": lambda t: given(
            t, t, BarDrawing((Bar(t, t, "5", "18", "9", "91", is_out_of_reach=True),), 310, 26, 16, 68, 76),
            _heads(t)[:3], [(t, t, t)],
        ),
    },
    "screen/coverage_plan.html": {
        "plan_card": lambda t: given(
            PlanCard(t, t, (t,), t, _six_heads(t), [(t,) * 7], (t, t), t, (*_heads(t),), [(t, t, t, t)])
        ),
        "openings": lambda t: given(t, _six_heads(t), [(t,) * 7]),
        "waiting": lambda t: given([t, t]),
    },
}  # fmt: skip
