"""„Acoperire” on plain pages: three numbers, gaps, telephone calls, plans side by side, and the files.

The same question, address and words as the application's screen; the map is a layer of the map of all services.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast, get_args
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from api.forms.form_fields import FieldError, Fields
from api.forms.places_form import CallForm
from api.http import page_frame
from api.http.limited_coverages import coverage_for
from api.http.request_limits import TooManyRequestsError, wait_page
from api.plain import service_pages
from core.errors import BadValueError, MapError, UnknownCodeError
from core.i18n import _, ngettext
from core.text import collation_key
from providers.finder import search_terms
from providers.planning.coverage_measures import NAMED, measure_label, measure_note
from providers.planning.plan_constraints import GOALS, Goal, goal_words
from providers.rules.wording import minute_words
from referrals.records import roles
from referrals.workflow import field_intake, referral_offers
from reports.documents.report_writing import today
from reports.planning.coverage_answer import coverage_answer
from reports.planning.coverage_brief import brief
from reports.planning.coverage_files import coverage_csv, coverage_workbook, file_stem, source_lines
from reports.planning.coverage_question import (
    COUNTY,
    MEASURE,
    MINUTES,
    MOST_LETTERS,
    MOST_SCENARIOS,
    REACHES,
    SCENARIO,
    SERVICE,
    CoverageQuestion,
    ScenarioQuestion,
    other_county_words,
    parse_question,
)
from reports.planning.kept_plans import kept_plan, may_plan
from reports.planning.plan_report import opening_words, plan_words, what_words

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from providers.planning.county_plan import CountyPlan
    from providers.planning.effective_coverage import Coverage
    from reports.planning.coverage_answer import CoverageAnswer

ADDRESS = "/simplu/acoperire"
PLAN, CALLED, NOTED = f"{ADDRESS}/scenariu", f"{ADDRESS}/sunat", f"{ADDRESS}/sunat/nou"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BAD = 400
_SECONDS = 10.0  # a browser without a script shows nothing while it waits
_MOST_GAPS = 15
_LONGEST_WORDS = 120


@dataclass(frozen=True)
class CoverageForm:
    """The fields of the question. words: as typed or understood; choices: what may be meant, (value, words) each."""

    words: str
    choices: tuple[tuple[str, str], ...]
    counties: tuple[tuple[str, str], ...]
    county: str
    minutes: tuple[tuple[str, str], ...]
    reach: str
    measures: tuple[tuple[str, str], ...]
    measure: str


@dataclass(frozen=True)
class PlanView:
    """One plan: what it opens, and in words what it does."""

    name: str
    openings: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class CoverageView:
    """What the page shows of an answer. more_gaps: how many are only in the files, in words; carried: the question."""

    answer: CoverageAnswer
    note: str
    more_gaps: str
    plans: tuple[PlanView, ...]
    goals: tuple[tuple[str, str], ...]
    may_note: bool
    may_plan: bool
    carried: tuple[tuple[str, str], ...]
    map: str
    full: str
    files: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]


def show(view: RequestView) -> Response:
    """Show the question and its answer; what an address says wrongly is said in words."""
    try:
        asked, words, choices = _asked(view)
        shown = _coverage_view(view, asked) if asked.service else None
    except TooManyRequestsError as error:
        return wait_page(view, error)
    except MapError as error:
        empty = CoverageQuestion("", roles.only_county(view.session.actor if view.session else None) or "")
        return page_frame.page(
            view, "coverage.html", status=_BAD, alert=str(error), f=_form(view, empty, "", ()), c=None
        )
    done = (
        _("Am notat. Cifrele de mai jos țin seama de ce ați aflat.") if view.request.query_params.get("notat") else ""
    )
    own = roles.only_county(view.session.actor if view.session else None)
    other = other_county_words(view.request.query_params.get(COUNTY, ""), _counties(view), own_county=own)
    form = _form(view, asked, words, choices)
    return page_frame.page(view, "coverage.html", done=done, alert=other, f=form, c=shown)


def add_plan(view: RequestView) -> Response:
    """Put one more scenario into the address; what cannot be planned is said in words."""
    try:
        asked, _words, _choices = _asked(view)
        if not may_plan(view.session.actor if view.session else None):
            raise BadValueError(_("Scenariile le pregătește unitatea județeană."))
        scenario = _scenario(Fields.from_pairs(list(view.request.query_params.multi_items())))
    except MapError as error:
        return page_frame.error_page(view, str(error), _BAD)
    kept = [each for each in asked.scenarios if each.key != scenario.key]
    scenarios = (*kept, scenario)[-MOST_SCENARIOS:]
    return RedirectResponse(replace(asked, scenarios=scenarios).address(ADDRESS) + "#scenarii", 303)


def as_csv(view: RequestView) -> Response:
    """Return the table of the communes, or of the counties, as CSV."""
    found, asked = _file_of(view)
    content = coverage_csv(found, "uat" if asked.county else "county", county=asked.county or None)
    return _sent(view, asked, content, "csv", "text/csv; charset=utf-8")


def as_xlsx(view: RequestView) -> Response:
    """Return every table as a workbook, with the last scenario of the address."""
    found, asked = _file_of(view)
    plans = _plans(view, found, asked)
    content = coverage_workbook(
        found, made_on=today(), is_demo=view.home.is_demo, county=asked.county or None,
        level="uat" if asked.county else "county", plan=plans[-1][1] if plans else None,
    )  # fmt: skip
    return _sent(view, asked, content, "xlsx", _XLSX)


def as_pdf(view: RequestView) -> Response:
    """Return the county's brief on paper, with the last scenario of the address."""
    found, asked = _file_of(view)
    if not asked.county:
        raise BadValueError(_("Documentul este al unui județ: alegeți județul."))
    plans = _plans(view, found, asked)
    content = brief(
        found, view.home, county=asked.county, county_name=_counties(view)[asked.county], made_on=today(),
        plan=plans[-1][1] if plans else None, measure=asked.measure,
    )  # fmt: skip
    return _sent(view, asked, content, "pdf", "application/pdf")


def ask_call(view: RequestView) -> Response:
    """Ask what a provider said on the telephone."""
    return _call_page(view)


def note_call(view: RequestView) -> Response:
    """Write down what a provider said, and lead back to the answer, which knows of it."""
    service_id, form = view.fields.text("furnizor", 120), CallForm.parse(view.fields)
    back = _carried_question(view).address(ADDRESS)
    if isinstance(form, FieldError):
        return _call_page(view, form, _BAD)
    if (places := form.places) is None:
        field_intake.note_call(view.directory, service_id, outcome=form.outcome, actor=view.actor, key=form.key)
    else:
        field_intake.note_places(
            view.directory, service_id, status=places.status, free=places.free, actor=view.actor, key=form.key
        )
    return RedirectResponse(f"{back}{'&' if '?' in back else '?'}notat=1", 303)


def _call_page(view: RequestView, wrong: FieldError | None = None, status: int = 200) -> Response:
    service_id = view.fields.text("furnizor", 120)
    key = view.directory.key_for(service_id, actor=view.actor, permission="capacity.report")
    return page_frame.page(
        view,
        "call_note.html",
        status=status,
        action=NOTED,
        service=referral_offers.service_name(view.directory, key),
        carried=[*_carried_question(view).fields(), ("furnizor", key)],
        call=service_pages.call_asked(view, key),
        wrong=wrong,
        may_link=False,
    )


def _carried_question(view: RequestView) -> CoverageQuestion:
    values = {name: [view.fields.text(name, _LONGEST_WORDS)] for name in (SERVICE, COUNTY, MINUTES, MEASURE)}
    return parse_question(
        values, _counties(view), own_county=roles.only_county(view.session.actor if view.session else None)
    )


def _counties(view: RequestView) -> dict[str, str]:
    counties = view.snapshot.gazetteer.counties
    return dict(zip(counties["county"], counties["name"], strict=True))


def _asked(view: RequestView) -> tuple[CoverageQuestion, str, tuple[tuple[str, str], ...]]:
    """Read the question of an address: a code, or words for one; of words that may mean several, what may be meant."""
    params = view.request.query_params
    values = {name: params.getlist(name) for name in (SERVICE, COUNTY, MINUTES, MEASURE, SCENARIO)}
    asked = parse_question(
        values, _counties(view), own_county=roles.only_county(view.session.actor if view.session else None)
    )
    typed = params.get("cuvinte", "").strip()[:_LONGEST_WORDS]
    known = search_terms.all_search_terms()
    if not typed or (asked.service and typed == known[asked.service].label):
        return asked, known[asked.service].label if asked.service else "", ()
    meant = search_terms.resolve(typed)
    if len(meant) != 1:
        # A press on one of the radios comes with the same words: the choice counts.
        if any(term.code == asked.service for term in meant):
            return asked, known[asked.service].label, ()
        return replace(asked, service=""), typed, tuple((term.code, term.label) for term in meant)
    again = {**values, SERVICE: [meant[0].code]}
    return (
        parse_question(
            again, _counties(view), own_county=roles.only_county(view.session.actor if view.session else None)
        ),
        meant[0].label,
        (),
    )


def _form(view: RequestView, asked: CoverageQuestion, words: str, choices: tuple[tuple[str, str], ...]) -> CoverageForm:
    names, own = _counties(view), roles.only_county(view.session.actor if view.session else None)
    ordered = [own] if own else ["", *sorted(names, key=lambda code: collation_key(names[code]))]
    return CoverageForm(
        words=words,
        choices=choices,
        counties=tuple((code, names.get(code, _("toată țara"))) for code in ordered),
        county=asked.county,
        minutes=tuple((str(n), minute_words(n)) for n in REACHES),
        reach=str(asked.minutes),
        measures=tuple((code, measure_label(code)) for code in NAMED),
        measure=asked.measure,
    )


def _coverage_view(view: RequestView, asked: CoverageQuestion) -> CoverageView:
    found = _found(view, asked)
    if found.is_protected:
        raise BadValueError(_("Serviciile cu adresă protejată se numără numai pe județ, în aplicația completă."))
    actor = view.session.actor if view.session else None
    is_planned = bool(asked.county) and may_plan(actor)
    plans = _plans(view, found, asked)
    answer = coverage_answer(found, asked, county_names=_counties(view), plans=plans)
    left = len(answer.gaps) - _MOST_GAPS
    more = ngettext("încă {n} unitate este în fișiere", "încă {n} unități sunt în fișiere", left) if left > 0 else ""
    kinds = ("csv", "xlsx", "pdf") if asked.county else ("csv", "xlsx")
    layer = [(SERVICE, asked.service), (MINUTES, str(asked.minutes)), ("culoare", "acoperire"), (COUNTY, asked.county)]
    return CoverageView(
        answer=replace(answer, gaps=answer.gaps[:_MOST_GAPS]),
        note=measure_note(asked.service, asked.measure),
        more_gaps=more.replace("{n}", str(left)),
        plans=tuple(_plan_view(name, plan) for name, plan in plans),
        goals=tuple((goal, goal_words(goal).capitalize()) for goal in GOALS),
        may_note=actor is not None and roles.allows(actor, "capacity.report", roles.NATION),
        may_plan=is_planned,
        carried=tuple(asked.fields()),
        map="/simplu/harta?" + urlencode([pair for pair in layer if pair[1]]),
        full=asked.address("/acoperire"),
        files=tuple((kind.upper(), asked.address(f"{ADDRESS}.{kind}")) for kind in kinds),
        sources=tuple(source_lines(found)),
    )


def _plan_view(name: str, plan: CountyPlan) -> PlanView:
    openings = (
        _("{order}. {where}: {what}, {places}").format(
            order=r["order"], where=opening_words(r, plan.county), what=what_words(r["what"]),
            places=ngettext("{n} loc", "{n} locuri", r["places"]).format(n=r["places"]),
        )
        for r in plan.openings.to_dict("records")
    )  # fmt: skip
    return PlanView(name, tuple(openings), tuple(plan_words(plan)))


def _found(view: RequestView, asked: CoverageQuestion) -> Coverage:
    return coverage_for(view, asked.service, minutes=float(asked.minutes), basis=asked.basis)


def _plans(view: RequestView, found: Coverage, asked: CoverageQuestion) -> list[tuple[str, CountyPlan]]:
    """Return the plans of the address; those who may not plan, and the whole country, have none."""
    if not asked.county or not may_plan(view.session.actor if view.session else None):
        return []
    made = [kept_plan(view.directory, found, asked.county, each, most_seconds=_SECONDS) for each in asked.scenarios]
    pairs = zip(asked.scenarios, made, strict=True)
    return [(f"{n}. {each.said or plan.title}", plan) for n, (each, plan) in enumerate(pairs, start=1)]


def _scenario(fields: Fields) -> ScenarioQuestion:
    """Read the form of a plan: it goes through the same reading as an address, so the same is refused."""
    usual = ScenarioQuestion()
    goal = fields.text("cauta", 12)
    if goal not in get_args(Goal):
        raise UnknownCodeError(
            _("Ținta „{name}” nu există; alegeți: {known}.").format(name=goal, known=", ".join(GOALS))
        )
    counts = {
        name: fields.text(name, 10) or usual_value
        for name, usual_value in (
            ("noi", "n" if goal == "everybody" else "0"), ("locuri", "n" if goal in ("everybody", "travel") else "20"),
            ("in_plus", "0"), ("buget", "n"), ("jur", str(usual.means.least_people)),
        )
    }  # fmt: skip
    own = "0" if fields.text("vecini", 1) else "1"
    name = fields.text("nume", MOST_LETTERS)
    means = usual.means
    text = "~".join(
        (goal, counts["noi"], counts["locuri"], counts["in_plus"], "0", "01234", str(means.visits), counts["buget"],
         "0", own, counts["jur"], "100", "10", "", "", "", name)
    )  # fmt: skip
    return replace(ScenarioQuestion.parse(text), goal=cast("Goal", goal))


def _file_of(view: RequestView) -> tuple[Coverage, CoverageQuestion]:
    asked, _words, _choices = _asked(view)
    if not asked.service:
        raise BadValueError(_("Alegeți întâi serviciul sau nevoia."))
    return _found(view, asked), asked


def _sent(view: RequestView, asked: CoverageQuestion, content: bytes, ending: str, media: str) -> Response:
    name = file_stem(asked.service, asked.county, is_demo=view.home.is_demo)
    where = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(content, media_type=media, headers=where)
