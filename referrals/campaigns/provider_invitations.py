"""Providers without a fresh report of places, asked by hand: a link each, and sentences ready to be sent.

The program sends nothing. It makes the links; a person prints the list, or sends each sentence from a telephone or
mail program of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.i18n import _
from providers.rules.wording import phones
from referrals.workflow import county_worklist

if TYPE_CHECKING:
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

MOST = 20  # on a list: more than a morning of calls, and a page that stays small
_MOBILE = ("07", "+407", "00407")


@dataclass(frozen=True)
class Invitation:
    """A provider and the link with which it reports.

    sms, mail: addresses that open a message ready to be sent, blank where no mobile number or e-mail is published.
    """

    name: str
    kind: str
    phone: str
    report: str
    address: str
    sms: str
    mail: str


@dataclass(frozen=True)
class InvitationList:
    """What was made. first: number of the first of it, from 1; count: of all providers without a fresh report."""

    rows: tuple[Invitation, ...]
    first: int
    count: int

    @property
    def next(self) -> int:
        """How many come before the next list; 0 where this was the last."""
        done = self.first - 1 + len(self.rows)
        return done if done < self.count else 0


def invite_providers(directory: Directory, *, actor: Actor, origin: str, after: int = 0) -> InvitationList:
    """Make a link for each provider without a fresh report, as many as a list has.

    Parameters
    ----------
    directory
        Catalogue, places and ledger.
    actor
        A county unit; the ledger checks role and county at each link.
    origin
        With which the addresses of links begin.
    after
        How many were on the lists before.

    Returns
    -------
    InvitationList
        Never reported first, as `county_worklist.providers_table` lists them.

    Raises
    ------
    NotAllowedError
        Where the actor makes no links.
    """
    table = county_worklist.providers_table(directory, actor=actor, only_old=True)
    services = directory.snapshot().catalogue
    made = []
    for row in table.iloc[after : after + MOST].to_dict("records"):
        token = county_worklist.make_places_link(directory, str(row["service_id"]), actor=actor)
        address = f"{origin.rstrip('/')}/l/{token}"
        email = services.service(str(row["service_id"])).get("email")
        words = message_words(str(row["name"]), address)
        mobile = next((one.dial for one in phones(str(row["phone"])) if one.dial.startswith(_MOBILE)), "")
        made.append(
            Invitation(
                name=str(row["name"]),
                kind=str(row["kind"]),
                phone=str(row["phone"]),
                report=county_worklist.report_age(row),
                address=address,
                sms=f"sms:{quote(mobile)}?body={quote(words)}" if mobile else "",
                mail=_mail(email, words) if isinstance(email, str) and "@" in email else "",
            )
        )
    return InvitationList(tuple(made), after + 1, len(table))


def message_words(name: str, address: str) -> str:
    """Write the sentence that goes with a link."""
    return _(
        "Bună ziua! Câte locuri libere aveți la {name}? Scrieți-ne aici, fără cont, într-un minut: {address}"
    ).format(name=name, address=address)


def _mail(email: str, words: str) -> str:
    return f"mailto:{quote(email, safe='@')}?subject={quote(_('Locuri libere'))}&body={quote(words)}"


def explained() -> str:
    """Return in words what making a list does."""
    return _(
        "Programul nu trimite mesaje. Face câte un link nou, valabil un an, și le așază într-o listă de tipărit, "
        "cu mesaje gata de trimis din telefonul sau din poșta dumneavoastră. Linkurile de dinainte rămân bune."
    )


def list_label(count: int) -> str:
    """Word the button that makes a list."""
    if count <= MOST:
        return _("Faceți lista cu linkuri: {n}").format(n=count)
    return _("Faceți lista cu linkuri: primii {most} din {n}").format(most=MOST, n=count)
