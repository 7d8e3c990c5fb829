"""What the two kinds of pages show of campaigns: the words, the filters and the counts, the same in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.i18n import _, ngettext, number, written_day
from core.paging import page_of
from core.romanian_calendar import BUCHAREST
from core.storage.message_settings import read_message_settings
from providers.rules import taxonomy
from providers.rules.wording import Phone, phones
from referrals.campaigns.campaign_status import asked_providers, list_campaigns
from referrals.campaigns.campaign_steps import REST
from referrals.workflow.referral_offers import name_in

if TYPE_CHECKING:
    from datetime import datetime

    from referrals.campaigns.campaign_status import AskedOne
    from referrals.campaigns.campaign_steps import Campaign, CampaignPlan
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

FILTERS = ("call", "silent", "answered", "all")
ON_A_PAGE = 25
_MOST_NAMED = 3  # services of a provider named in its line


@dataclass(frozen=True)
class CampaignLine:
    """One provider of a campaign in words.

    Attributes
    ----------
    ask_id
        Number of the asking.
    mark
        `free` who answered, `call` whom to call, `info` who got a message or the printed list.
    provider, services, state
        Its name; the services asked for; what became of it.
    phones
        To call.
    path
        Of the link that takes its answer.
    is_done
        Whether it answered for all.
    """

    ask_id: int
    mark: str
    provider: str
    services: str
    state: str
    phones: tuple[Phone, ...]
    path: str
    is_done: bool


@dataclass(frozen=True)
class CampaignName:
    """A campaign in a list: its number, whom it asks, since when, and whether it goes on."""

    number: str
    whom: str
    when: str
    is_open: bool


@dataclass(frozen=True)
class CampaignShown:
    """A campaign as a page shows it.

    Attributes
    ----------
    name
        Its number and words.
    summary
        How many answered, in a sentence.
    filters
        Code, words, count, and whether it is the one shown.
    lines
        The providers of one page.
    page, pages
        Which page of how many.
    may_remind
        Whether anybody may be asked again now.
    warning
        What keeps messages from going out; "" = nothing.
    """

    name: CampaignName
    summary: str
    filters: tuple[tuple[str, str, int, bool], ...]
    lines: tuple[CampaignLine, ...]
    page: int
    pages: int
    may_remind: bool
    warning: str


def show_campaign(
    directory: Directory, campaign_id: str, *, actor: Actor, who: str = "", page: int = 1
) -> CampaignShown:
    """Lay out a campaign.

    Parameters
    ----------
    directory
        Names, and the ledger.
    campaign_id
        Its number.
    actor
        Who looks.
    who
        One of FILTERS; anything else shows whom to call, or who has not answered where there is nobody to call.
    page
        From 1.

    Returns
    -------
    CampaignShown
        As it stands now.

    Raises
    ------
    UnknownCodeError
        Where there is no such campaign.
    NotAllowedError
        Where the actor may not ask the county's providers.
    """
    made, asked = asked_providers(directory, campaign_id, actor=actor)
    now = directory.ledger.clock()
    parts = {
        "call": [one for one in asked if not one.is_done and one.channel == "phone"],
        "silent": [one for one in asked if not one.is_done],
        "answered": [one for one in asked if one.is_done],
        "all": asked,
    }
    chosen = who if who in parts else next((code for code in FILTERS if parts[code]), "all")
    some = parts[chosen]
    here = page_of(len(some), ON_A_PAGE, page)
    is_open = made.stopped_at is None
    waits = [one for one in parts["silent"] if one.channel == "message"]
    return CampaignShown(
        name=_name(directory, made),
        summary=_summary(asked, parts["answered"]),
        filters=tuple((code, filter_label(code), len(parts[code]), code == chosen) for code in FILTERS),
        lines=tuple(_line(directory, one) for one in some[here.rows]),
        page=here.number,
        pages=here.count,
        may_remind=is_open and any((one.reminded_at or one.asked_at) <= now - REST for one in waits),
        warning=off_words(directory) if is_open and waits else "",
    )


def campaign_names(directory: Directory, *, actor: Actor) -> list[CampaignName]:
    """List the campaigns of an actor's area, the newest first; NotAllowedError where it runs none."""
    return [_name(directory, each) for each in list_campaigns(directory.ledger, actor=actor)]


def off_words(directory: Directory) -> str:
    """Return in words that nothing is sent, where messages are off; "" where they are on."""
    if read_message_settings(directory.home).is_on:
        return ""
    return _("Mesajele sunt oprite: până le pornește administratorul, folosiți lista tipărită sau telefonul.")


def plan_words(plan: CampaignPlan) -> list[str]:
    """Return in words what starting a campaign would do, in a few lines."""
    if not plan.providers:
        if plan.asked_already:
            return [_("Nu mai este pe cine întreba: campaniile deschise îi întreabă deja pe toți.")]
        return [_("Nu este pe cine întreba: toate serviciile au un raport proaspăt.")]
    whole = _("{providers} cu {services}").format(
        providers=ngettext("{n} furnizor", "{n} furnizori", plan.providers).format(n=number(plan.providers)),
        services=ngettext("{n} serviciu", "{n} servicii", plan.services).format(n=number(plan.services)),
    )
    parts = (
        (plan.by_message, _("{n} prin mesaj")),
        (plan.by_phone, _("{n} la telefon")),
        (plan.printed, _("{n} pe lista tipărită")),
    )
    lines = [f"{whole}: {', '.join(words.format(n=number(count)) for count, words in parts if count)}."]
    if plan.asked_already:
        text = ngettext(
            "{n} serviciu este întrebat deja de o campanie deschisă și nu se întreabă din nou.",
            "{n} servicii sunt întrebate deja de o campanie deschisă și nu se întreabă din nou.",
            plan.asked_already,
        )
        lines.append(text.format(n=number(plan.asked_already)))
    return lines


def filter_label(code: str) -> str:
    """Name a filter of a campaign's list."""
    return {
        "call": _("De sunat"),
        "silent": _("Nu au răspuns"),
        "answered": _("Au răspuns"),
        "all": _("Toți"),
    }[code]


def _name(directory: Directory, made: Campaign) -> CampaignName:
    known = taxonomy.service_types()
    types = [_(known[code].name) for code in made.service_types.split(";") if code in known]
    county = directory.snapshot().catalogue.county_names.get(made.county, made.county)
    text = _("începută pe {day}").format(day=_day(made.started_at))
    if made.stopped_at is not None:
        text = _("{begun}, oprită pe {day}").format(begun=text, day=_day(made.stopped_at))
    whom = f"{county} · {', '.join(types) if types else _('toate tipurile')}"
    return CampaignName(made.campaign_id, whom, text, made.stopped_at is None)


def _day(moment: datetime) -> str:
    return written_day(moment.astimezone(BUCHAREST).date())


def _summary(asked: list[AskedOne], answered: list[AskedOne]) -> str:
    services, count = sum(len(one.services) for one in asked), sum(len(one.answered) for one in asked)
    words = _("Furnizori care au răspuns: {done} din {asked}. Servicii cu locuri raportate: {told} din {services}.")
    return words.format(
        done=number(len(answered)), asked=number(len(asked)), told=number(count), services=number(services)
    )


def _line(directory: Directory, one: AskedOne) -> CampaignLine:
    catalogue = directory.snapshot().catalogue
    names = [name_in(catalogue, each) for each in one.services[:_MOST_NAMED]]
    more = len(one.services) - _MOST_NAMED
    if more > 0:
        names.append(_("și încă {n}").format(n=number(more)))
    mark = "free" if one.is_done else "call" if one.channel == "phone" else "info"
    return CampaignLine(
        ask_id=one.ask_id,
        mark=mark,
        provider=one.provider or _("nu mai este în registru"),
        services=", ".join(names),
        state=_state(one),
        phones=phones(one.phone),
        path=one.path,
        is_done=one.is_done,
    )


def _state(one: AskedOne) -> str:
    if one.is_done:
        return _("a răspuns")
    part = ""
    if one.answered:
        part = _("servicii cu răspuns: {told} din {asked}").format(
            told=number(len(one.answered)), asked=number(len(one.services))
        )
    channel = {
        "message": _("i s-a scris pe {day}").format(day=_day(one.reminded_at or one.asked_at)),
        "phone": _("de sunat"),
        "print": _("fără telefon și e-mail: pe lista tipărită"),
    }[one.channel]
    return f"{part} · {channel}" if part else channel
