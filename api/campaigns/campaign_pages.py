"""Campaigns on plain pages: whom one would ask, starting it, who answered, calls, reminders and lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.forms.campaign_form import CampaignForm
from api.forms.form_fields import Fields
from api.forms.message_forms import AddressForm
from api.forms.places_form import MOST_PLACES, parse_count
from api.http import page_frame
from api.http.endpoint import as_endpoint
from core.errors import BadValueError
from core.i18n import _, ngettext, number
from core.text import collation_key
from providers.rules.wording import phones
from referrals.campaigns import campaign_calls, campaign_steps, campaign_view
from referrals.campaigns.asked_services import asked_types
from referrals.ledger.provider_tokens import MOST_OF_A_LINK
from referrals.records import roles
from referrals.records.ledger_errors import BadReportError
from referrals.workflow import field_intake
from referrals.workflow.referral_offers import name_in
from reports.campaigns.campaign_files import FILE_KINDS, campaign_file

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from referrals.campaigns.campaign_status import AskedOne

ADDRESS = "/simplu/campanii"
NEW = f"{ADDRESS}/noua"
_BAD = 400


@dataclass(frozen=True)
class NewCampaign:
    """The form of a new campaign.

    Attributes
    ----------
    county
        Code of the county that is chosen; "" for none.
    counties
        Code and name of each county that may be asked.
    types
        Code, name and whether it is chosen, of each type.
    plan
        Sentences that say what the campaign would do.
    may_start
        Whether anybody would be asked.
    warning
        What keeps messages from going out; "" for nothing.
    """

    county: str
    counties: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str, bool], ...]
    plan: tuple[str, ...]
    may_start: bool
    warning: str


def routes() -> list[BaseRoute]:
    """Return the routes of this module; files before the pages whose address they begin with."""
    one = f"{ADDRESS}/{{campaign}}"
    return [
        *(Route(f"{one}.{kind}", as_endpoint(file), methods=["GET"]) for kind in FILE_KINDS),
        Route(ADDRESS, as_endpoint(show_all), methods=["GET"]),
        Route(NEW, as_endpoint(show_all), methods=["GET"]),  # reloaded, the address of the form leads back to it
        Route(NEW, as_endpoint(start), methods=["POST"]),
        Route(one, as_endpoint(show), methods=["GET"]),
        Route(one, as_endpoint(go_on), methods=["POST"]),
        Route(f"{one}/{{ask:int}}", as_endpoint(ask_call), methods=["GET"]),
        Route(f"{one}/{{ask:int}}", as_endpoint(note_call), methods=["POST"]),
        Route(f"{one}/{{ask:int}}/adresa", as_endpoint(keep_address), methods=["POST"]),
    ]


def show_all(view: RequestView) -> Response:
    """List the campaigns of the county, and let a new one be planned."""
    asked = Fields.from_pairs(list(view.request.query_params.multi_items()))
    return page_frame.page(
        view,
        "campaigns.html",
        new=_new(view, asked),
        campaigns=campaign_view.campaign_names(view.directory, actor=view.actor),
    )


def _new(view: RequestView, fields: Fields) -> NewCampaign:
    actor = view.actor
    names = view.snapshot.catalogue.county_names
    own = roles.only_county(actor)
    asked = CampaignForm.parse(fields)
    county, types = own or asked.county, asked.service_types
    known = asked_types(view.snapshot, county) if county in names else {}
    plan = None
    if county in names:
        plan = campaign_steps.plan(view.directory, county=county, service_types=types, actor=actor)
    return NewCampaign(
        county=county,
        counties=() if own else tuple(sorted(names.items(), key=lambda pair: collation_key(pair[1]))),
        types=tuple((code, words, code in types) for code, words in known.items()),
        plan=tuple(campaign_view.plan_words(plan)) if plan else (),
        may_start=bool(plan and plan.providers),
        warning=campaign_view.off_words(view.directory) if plan and plan.by_message else "",
    )


def start(view: RequestView) -> Response:
    """Start a campaign; the ledger checks role and county."""
    asked, actor = CampaignForm.parse(view.fields), view.actor
    county = asked.county or actor.county
    made, _asked = campaign_steps.start(view.directory, county=county, service_types=asked.service_types, actor=actor)
    return RedirectResponse(f"{ADDRESS}/{made.campaign_id}?facut=start", 303)


def show(view: RequestView) -> Response:
    """Show how a campaign stands: whom to call first."""
    asked = Fields.from_pairs(list(view.request.query_params.multi_items()))
    shown = campaign_view.show_campaign(
        view.directory,
        str(view.request.path_params["campaign"]),
        actor=view.actor,
        who=asked.text("cine", 10),
        page=_whole(asked.text("pagina", 4)),
    )
    here = f"{ADDRESS}/{shown.name.number}"
    chosen = next(code for code, _words, _count, is_here in shown.filters if is_here)
    return page_frame.page(
        view,
        "campaign.html",
        done=_done_words(asked.text("facut", 10), _whole(asked.text("n", 4))),
        shown=shown,
        here=here,
        pages=[
            (f"{here}?{urlencode({'cine': chosen, 'pagina': n})}", n, n == shown.page)
            for n in range(1, shown.pages + 1)
        ],
        files=[(kind.upper(), f"{here}.{kind}") for kind in FILE_KINDS],
    )


def _done_words(step: str, count: int) -> str:
    if step == "remind":
        text = ngettext("Am pus la trimis {n} mesaj.", "Am pus la trimis {n} mesaje.", count)
        return text.format(n=number(count))
    return {
        "start": _("Campania a pornit. Mai jos sunt furnizorii de sunat și cei cărora li s-a scris."),
        "stop": _("Campania este oprită. Linkurile trimise mai primesc răspunsuri până expiră."),
        "adresa": _("Adresa este păstrată. Mesajele merg acolo de acum înainte."),
        "call": _("Am notat ce ați aflat la telefon."),
    }.get(step, "")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def go_on(view: RequestView) -> Response:
    """Remind whoever has not answered, or stop the campaign."""
    campaign_id, step = str(view.request.path_params["campaign"]), view.fields.text("pas", 10)
    ledger, here = view.directory.ledger, f"{ADDRESS}/{campaign_id[:20]}"
    if step == "remind":
        count = campaign_steps.remind(ledger, campaign_id, actor=view.actor)
        return RedirectResponse(f"{here}?facut=remind&n={count}", 303)
    if step == "stop":
        campaign_steps.stop(ledger, campaign_id, actor=view.actor)
        return RedirectResponse(f"{here}?facut=stop", 303)
    return RedirectResponse(here, 303)


def file(view: RequestView) -> Response:
    """Return a campaign as a file: the list to print with its codes, or the table."""
    campaign_id = str(view.request.path_params["campaign"])
    kind = view.request.url.path.rpartition(".")[2]
    content, media = campaign_file(view.directory, campaign_id, kind, actor=view.actor, origin=view.origin)
    where = {"Content-Disposition": f'attachment; filename="campanie.{kind}"'}
    return Response(content, media_type=media, headers=where)


def ask_call(view: RequestView, *, alert: str = "", status: int = 200) -> Response:
    """Ask what a provider said on the telephone of its services."""
    campaign_id, asked = _asked_one(view)
    catalogue = view.snapshot.catalogue
    lines = {
        field_intake.unanswered_line(view.directory, each, actor=view.actor)
        for each in asked.left[:1]
        if each in catalogue.position
    }
    return page_frame.page(
        view,
        "campaign_call.html",
        status=status,
        alert=alert,
        provider=asked.provider,
        phones=phones(asked.phone),
        fields=[(f"liber_{n}", name_in(catalogue, each)) for n, each in _numbered(asked)],
        outcomes=[(each, field_intake.outcome_label(each).capitalize()) for each in field_intake.CALL_OUTCOMES],
        note=next(iter(lines), ""),
        most=MOST_PLACES,
        back=f"{ADDRESS}/{campaign_id[:20]}",
        address=f"{ADDRESS}/{campaign_id[:20]}/{asked.ask_id}/adresa",
        kept=campaign_calls.kept_address(view.directory, asked, actor=view.actor),
    )


def keep_address(view: RequestView) -> Response:
    """Keep where a provider gets its messages."""
    campaign_id, asked = _asked_one(view)
    typed = AddressForm.parse(view.fields)
    try:
        campaign_calls.keep_address(
            view.directory, campaign_id, asked.ask_id, email=typed.email, phone=typed.phone, actor=view.actor
        )
    except BadValueError as error:
        return ask_call(view, alert=str(error), status=_BAD)
    return RedirectResponse(f"{ADDRESS}/{campaign_id[:20]}?facut=adresa", 303)


def note_call(view: RequestView) -> Response:
    """Write down what a provider said on the telephone."""
    campaign_id, asked = _asked_one(view)
    outcome = view.fields.text("pas", 20)
    try:
        if outcome in field_intake.CALL_OUTCOMES:
            campaign_calls.note_outcome(view.directory, campaign_id, asked.ask_id, outcome, actor=view.actor)
        else:
            campaign_calls.note_said(view.directory, campaign_id, asked.ask_id, _said(view, asked), actor=view.actor)
    except BadReportError as error:
        return ask_call(view, alert=str(error), status=_BAD)
    return RedirectResponse(f"{ADDRESS}/{campaign_id[:20]}?facut=call", 303)


def _asked_one(view: RequestView) -> tuple[str, AskedOne]:
    campaign_id, ask_id = str(view.request.path_params["campaign"]), int(str(view.request.path_params["ask"])[:12])
    return campaign_id, campaign_calls.asked_one(view.directory, campaign_id, ask_id, actor=view.actor)


def _numbered(asked: AskedOne) -> list[tuple[int, str]]:
    return list(enumerate(asked.services[:MOST_OF_A_LINK]))


def _said(view: RequestView, asked: AskedOne) -> dict[str, int]:
    values = {}
    for n, service_id in _numbered(asked):
        typed = view.fields.text(f"liber_{n}", 6).strip()
        if typed:
            values[service_id] = parse_count(typed)
    return values
