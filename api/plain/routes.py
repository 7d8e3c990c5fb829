"""The addresses of the plain pages. What is about a person is sent by POST and never stands in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.http.endpoint import as_endpoint
from api.http.request_view import RequestView
from api.plain import (
    county_worklist_pages,
    coverage_pages,
    local_pages,
    monthly_pages,
    print_pages,
    protected_page,
    referral_form,
    referral_pages,
    service_pages,
    today_pages,
    trip_page,
)

if TYPE_CHECKING:
    from api.http.endpoint import Handler

# Pages that answer a form. Reloaded or shared, their address alone leads back to the form.
_ANSWERS: dict[str, Handler] = {
    "/simplu/raspuns": referral_form.found,
    "/simplu/referire": referral_form.ask,
    "/simplu/referire/noua": referral_form.make,
    "/simplu/drum": trip_page.ask,
    "/simplu/drum/nou": trip_page.make,
    "/simplu/tiparit": trip_page.on_paper,
    "/simplu/confirmare": referral_form.ask_places,
    "/simplu/confirmare/noua": referral_form.note_places,
    "/simplu/confirmare/legatura": referral_form.make_places_link,
    "/simplu/fara-loc": referral_form.record_unmet_need,
    "/simplu/protejat": protected_page.show,
    "/simplu/local/nou": local_pages.add,
    "/simplu/furnizori/legatura": county_worklist_pages.make_link,
    coverage_pages.CALLED: coverage_pages.ask_call,
    coverage_pages.NOTED: coverage_pages.note_call,
    "/simplu/furnizori/lista": county_worklist_pages.make_list,
}
_PAGES: dict[str, Handler] = {
    "/simplu": today_pages.show_first,
    "/simplu/gasiti": referral_form.find,
    today_pages.ADDRESS: today_pages.show_today,
    "/simplu/referiri": referral_pages.list_referrals,
    county_worklist_pages.ADDRESS: county_worklist_pages.show_worklist,
    f"{county_worklist_pages.ADDRESS}.xlsx": county_worklist_pages.queue_xlsx,
    county_worklist_pages.PROVIDERS: county_worklist_pages.show_providers,
    coverage_pages.ADDRESS: coverage_pages.show,
    coverage_pages.PLAN: coverage_pages.add_plan,
    f"{coverage_pages.ADDRESS}.csv": coverage_pages.as_csv,
    f"{coverage_pages.ADDRESS}.xlsx": coverage_pages.as_xlsx,
    f"{coverage_pages.ADDRESS}.pdf": coverage_pages.as_pdf,
    "/simplu/referire/{number}": referral_pages.show_referral,
    "/simplu/referire/{number}/bilet": referral_pages.slip,
    "/simplu/referire/{number}/bilet.pdf": print_pages.slip_pdf,
    "/simplu/judet/{county}.pdf": print_pages.pack_pdf,
    "/simplu/judet/{county}.html": print_pages.pack_html,
    "/simplu/ghid.pdf": print_pages.guide,
    "/simplu/prima-ora": print_pages.first_hour,
    "/simplu/acte": print_pages.papers,
    "/simplu/acte/{code}.pdf": print_pages.paper_pdf,
    monthly_pages.ADDRESS: monthly_pages.show_list,
    f"{monthly_pages.ADDRESS}/{{uat:int}}/{{month}}": monthly_pages.show_month,
    local_pages.ADDRESS: local_pages.show_list,
    "/simplu/local/formular": local_pages.show_form,
    "/simplu/calendar.csv": local_pages.calendar_csv,
    "/simplu/gol": print_pages.blank,
    service_pages.ADDRESS: service_pages.show,
    print_pages.HELP: print_pages.help_page,
}
_STEPS: dict[str, Handler] = {
    "/simplu/referire/{number}/pas": referral_pages.advance,
    "/simplu/referire/{number}/legatura": referral_pages.make_link,
    "/simplu/referire/{number}/nu-raspunde": today_pages.note_unanswered,
    "/simplu/referire/{number}/nota-anulata": referral_pages.take_back,
    "/simplu/local/{entry:int}/pas": local_pages.step,
    service_pages.CALLED: service_pages.note_call,
    service_pages.TAKEN_BACK: service_pages.take_back,
    service_pages.WRONG: service_pages.report_wrong,
    service_pages.ADDRESS: service_pages.show,  # after its steps: an id may have slashes
    "/simplu/semnal/{report:int}/pas": county_worklist_pages.settle,
    f"{monthly_pages.ADDRESS}/{{uat:int}}/{{month}}": monthly_pages.step,
}
_SERVICE_STEPS = (service_pages.CALLED, service_pages.TAKEN_BACK, service_pages.WRONG)


def routes() -> list[BaseRoute]:
    """Return the routes of the plain pages: answers first, so that no page's parameter takes their address."""
    return [
        *(_route("POST", path, handler) for path, handler in (_ANSWERS | _STEPS).items()),
        *(_route("GET", path, again) for path in _ANSWERS),
        *(_route("GET", path, service_pages.again) for path in _SERVICE_STEPS),
        *(_route("GET", path, handler) for path, handler in _PAGES.items()),
    ]


def again(_view: RequestView) -> Response:
    """Lead from the address of a form's answer back to the form."""
    return RedirectResponse("/simplu/gasiti", 303)


def _route(method: str, path: str, handler: Handler) -> Route:
    return Route(path, as_endpoint(handler), methods=[method])
