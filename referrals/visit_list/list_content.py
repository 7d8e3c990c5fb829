"""What the sheet of a list says of each service: the public face that its page has, and nothing of a person.

No need is named: whoever finds the paper would know it of a person. What a service is for is said in the words of its
type; of one for what has to stay unsaid stands its name from the register and no word of ours; of a protected one its
public label and who makes the contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import UnknownCodeError
from core.i18n import _
from providers.finder.instructions import missing_phone_words
from providers.rules import needs, taxonomy
from referrals.service_page import papers_by_need, service_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from providers.rules.wording import Phone
    from referrals.service_page import ServicePage
    from referrals.visit_list.kept_lists import KeptService
    from referrals.workflow.directory import Directory


@dataclass(frozen=True)
class ListedService:
    """One service of a list, as page and sheet show it.

    Attributes
    ----------
    service_id
        As it is kept.
    name
        From the register; a protected one's public label.
    facts
        Name and value each, none empty, in the order in which they are read.
    cautions
        What stands between a person and the service.
    phones
        To be called with one tap.
    is_quiet
        Whether nothing of it may go into a message.
    is_gone
        Whether no register has it any more; only the page says that, the sheet leaves it out.
    """

    service_id: str
    name: str
    facts: tuple[tuple[str, str], ...] = ()
    cautions: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    is_quiet: bool = False
    is_gone: bool = False


def describe_list(directory: Directory, kept: Sequence[KeptService]) -> tuple[ListedService, ...]:
    """Say of every service of a list what a person needs to go there, as it is known now.

    Parameters
    ----------
    directory
        Catalogue, places and what came from the field, of this moment.
    kept
        Services in the order chosen.

    Returns
    -------
    tuple of ListedService
        In the same order and in the language of this request.
    """
    return tuple(_described(directory, each) for each in kept)


def _described(directory: Directory, kept: KeptService) -> ListedService:
    try:
        page = service_page(directory, kept.service_id)
    except UnknownCodeError:  # an edition has dropped it since
        words = _("Un serviciu care nu mai este în registre")
        return ListedService(kept.service_id, words, is_gone=True)
    kind, offer = taxonomy.service_type(page.service_type), page.offer
    is_quiet = kind.is_sensitive or kind.is_secret or offer.is_protected
    facts = _facts(page, kept.need, is_quiet=is_quiet)
    return ListedService(
        service_id=kept.service_id,
        name=offer.name,
        facts=tuple((name, value) for name, value in facts if value),
        cautions=() if offer.is_protected else offer.cautions,
        phones=offer.phones,
        is_quiet=is_quiet,
    )


def _facts(page: ServicePage, need: str, *, is_quiet: bool) -> Iterator[tuple[str, str]]:
    offer = page.offer
    yield _("Pentru ce"), _what_for(page, is_quiet=is_quiet)
    yield _("Adresă"), offer.address
    yield _("Cum ajungeți"), page.way
    yield _("Telefon"), "; ".join(each.text for each in offer.phones)
    if not offer.is_protected:
        yield _("Program"), offer.hours or _("nu este în registru: întrebați la telefon")
    papers = _papers(page.service_type, need, is_quiet=is_quiet)
    yield _("Ce luați cu dumneavoastră"), papers[:1].upper() + papers[1:]
    yield _("Pe cine întrebați"), _whom_to_ask(page)
    if offer.places:
        yield _("Locuri"), offer.places.words


def _what_for(page: ServicePage, *, is_quiet: bool) -> str:
    name = _(taxonomy.service_type(page.service_type).name)
    return "" if is_quiet or name.casefold() == page.offer.name.casefold() else name


def _papers(service_type: str, need: str, *, is_quiet: bool) -> str:
    if is_quiet:
        return _("actul de identitate, dacă îl aveți")
    known = needs.needs()
    if need:
        return _(known[need].what_to_bring or "")
    # Lists for several needs would name needs that the person does not have.
    asked = [
        bring
        for bring, codes in papers_by_need(service_type).items()
        if not all(known[code].is_sensitive for code in codes)
    ]
    return _(asked[0]) if len(asked) == 1 else _("actul de identitate; întrebați la telefon ce alte acte sunt cerute")


def _whom_to_ask(page: ServicePage) -> str:
    if page.offer.is_protected:
        return " ".join(page.offer.steps)
    missing = "" if page.offer.phones else missing_phone_words(page.service_type)
    provider = "" if page.provider.casefold() == page.offer.name.casefold() else page.provider
    return ". ".join(filter(None, (provider, missing)))


def list_text(listed: Sequence[ListedService], address_of: Callable[[str], str]) -> str:
    """Write a list as text, to be sent by the telephone's own menu.

    Parameters
    ----------
    listed
        From `describe_list`.
    address_of
        Makes of the id of a service the whole address of its public page.

    Returns
    -------
    str
        Empty where one of the services may be in no message: then the sheet is handed over.
    """
    shown = [each for each in listed if not each.is_gone]
    if any(each.is_quiet for each in shown):
        return ""
    parts = []
    for place, service in enumerate(shown, start=1):
        facts = (f"{name}: {value}" for name, value in service.facts)
        parts.append("\n".join((f"{place}. {service.name}", *service.cautions, *facts, address_of(service.service_id))))
    return "\n\n".join(parts)
