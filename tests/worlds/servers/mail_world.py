"""A world to send in: services with e-mail addresses, accounts of teams and of a county unit, and a post that remembers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING

from sqlalchemy import insert

from core.storage.home import Home
from core.storage.message_settings import MessageSettings
from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import Catalogue, make_catalogue
from providers.rules.schema import services_table
from referrals.database.models import accounts
from referrals.outbox.message_queue import QueuedMessage, list_messages
from tests.worlds.homes.ledger_world import MONDAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage
    from pathlib import Path

    from referrals.ledger.ledger import Ledger

SETTINGS = MessageSettings(
    channel="file", public_address="https://harta.example.ro", sender="harta@example.ro", quiet_from=0, quiet_until=0
)
DAY_CARE = "8891CZ-C-II"
TEAM_ACCOUNTS = ("U-ANA", "U-BOGDAN")  # both of UAT 22889
OTHER_TEAM, UNIT = "U-CLUJ", "U-UJSS"
SERVICES = {  # what the register says of the e-mail of each
    "social:mmps:1": "Unu@furnizor.example.ro; doi@furnizor.example.ro",
    "social:mmps:2": "doi@furnizor.example.ro",
    "social:mmps:3": "",
    "social:mmps:4": "adapost@secret.example.ro",
}
SHELTER = "social:mmps:4"


def service(service_id: str, email: str, **said: object) -> dict[str, object]:
    registry, _source, key = service_id.split(":")
    return {
        "service_id": service_id, "registry": registry, "registry_key": key, "name": f"Cantina {key}",
        "organization": "Asociația Exemplu", "service_type": DAY_CARE, "county": "BC", "uat_siruta": 22889,
        "lat": 46.5, "lon": 27.1, "position_precision": "address", "source_row": 1, "email": email or None, **said,
    }  # fmt: skip


@cache
def catalogue(more: int = 0) -> Catalogue:
    rows = [
        service(key, email, **({"is_secret": True, "service_type": "8790CR-VD-I"} if key == SHELTER else {}))
        for key, email in SERVICES.items()
    ]
    rows += [service(f"social:mmps:{n}", f"s{n}@furnizor.example.ro") for n in range(10, 10 + more)]
    return make_catalogue(services_table(rows), load_gazetteer(None))


@dataclass
class MailDirectory:
    """What sending needs of a directory, around a ledger of a test."""

    ledger: Ledger
    folder: Path
    more: int = 0

    @property
    def home(self) -> Home:
        return Home(self.folder, "live")

    def snapshot(self) -> SimpleNamespace:
        now = self.ledger.clock()
        found = catalogue(self.more)
        capacity = self.ledger.capacity_now(now=now)
        return SimpleNamespace(catalogue=found, availability=availability(found, capacity, now=now))


@dataclass
class Post:
    """A channel that remembers what it took. refuse: raises what stands in the way of an e-mail."""

    refuse: Callable[[EmailMessage], None] = lambda _mail: None
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)

    def send(self, mail: EmailMessage, mail_id: str) -> None:
        self.refuse(mail)
        self.taken.append((mail_id, mail))

    @property
    def addresses(self) -> list[str]:
        return sorted(mail["To"] for _id, mail in self.taken)

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for _id, mail in self.taken if mail["To"] == address]


def text_of(mail: EmailMessage) -> str:
    return mail.get_content()


def links_of(mail: EmailMessage) -> list[str]:
    return re.findall(r"https://harta\.example\.ro(/l/\S+)", text_of(mail))


def add_account(ledger: Ledger, account_id: str, role: str, county: str, uat_siruta: int | None, login: str) -> None:
    with ledger.store.write() as connection:
        connection.execute(
            insert(accounts).values(
                account_id=account_id,
                login=login,
                role=role,
                county=county,
                uat_siruta=uat_siruta,
                password="",
                identity="",
                state="active",
                made_at=MONDAY,
            )
        )


def add_accounts(ledger: Ledger) -> None:
    """Two in the team of UAT 22889, the second without an address; a team elsewhere; the county unit."""
    add_account(ledger, "U-ANA", "team", "BC", 22889, "ana@primaria.example.ro")
    add_account(ledger, "U-BOGDAN", "team", "BC", 22889, "echipa.parincea")
    add_account(ledger, OTHER_TEAM, "team", "CJ", 55000, "alta@primaria.example.ro")
    add_account(ledger, UNIT, "county", "BC", None, "ujss@judet.example.ro")


def rows(ledger: Ledger) -> list[QueuedMessage]:
    with ledger.store.read() as connection:
        return list(reversed(list_messages(connection, limit=100_000)))


def told(ledger: Ledger) -> list[tuple[str, str]]:
    """Kind and recipient of every message, in the order in which they were written."""
    return [(one.kind, one.recipient) for one in rows(ledger)]
