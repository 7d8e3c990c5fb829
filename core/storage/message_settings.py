"""Whether and how a home sends messages: one file of the home, `messages.json`. Nothing is sent without it.

The password of the mail server is never in it: the environment says it (HARTA_SMTP_PASSWORD).
"""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from core.errors import BadValueError, HomeError
from core.i18n import _
from core.storage.home import write_atomically

if TYPE_CHECKING:
    from core.storage.home import Home

FILE = "messages.json"
PASSWORD_SETTING = "HARTA_SMTP_PASSWORD"  # noqa: S105 - the name of the variable
TEXT_SECRET_SETTING = "HARTA_SMS_SECRET"  # noqa: S105 - the name of the variable
CHANNELS = ("off", "file", "smtp")
SECURITIES = ("starttls", "tls", "none")
_HIGHEST_PORT = 65_535
_HOURS = range(25)
_SENDER = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
_TEXT_URL = re.compile(r"https?://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?(?:/[!-~]{0,500})?")
_LONGEST_BODY = 4000
TEXT_PARTS = ("to", "text", "id", "secret")  # what a template of a request names in braces
_PUBLIC = re.compile(r"https?://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?")


@dataclass(frozen=True)
class MessageSettings:
    """How messages leave the home.

    Attributes
    ----------
    channel
        `off`, `file` (a folder of .eml files, for trying out) or `smtp`.
    public_address
        Where people reach the application, as links in messages say it: https:// and a host.
    sender
        E-mail address from which messages come.
    host, port, security, user
        The mail server: `starttls`, `tls`, or `none` on this machine alone; user "" = without signing in.
    quiet_from, quiet_until
        Hours of Bucharest between which nothing is sent; the same = never quiet.
    digest_hour
        When whoever wants one message a day gets it.
    text_url, text_body, text_header
        The request by which a gateway sends a short message, "" = none is sent: `{to}`, `{text}`, `{id}` and
        `{secret}` stand for the number, the words, the number of the message and HARTA_SMS_SECRET. Without a body it
        is a GET; the header is one line, `Name: value`.
    text_may_be_private
        Whether the gateway may stand on this machine or in a private network.
    webhooks_may_be_private
        Whether programs may be told of events on this machine or in a private network.
    """

    channel: str = "off"
    public_address: str = ""
    sender: str = ""
    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    quiet_from: int = 20
    quiet_until: int = 8
    digest_hour: int = 8
    text_url: str = ""
    text_body: str = ""
    text_header: str = ""
    text_may_be_private: bool = False
    webhooks_may_be_private: bool = False

    @property
    def is_on(self) -> bool:
        """Whether anything is sent."""
        return self.channel != "off"

    @property
    def has_texts(self) -> bool:
        """Whether mobile telephones get short messages."""
        return self.is_on and bool(self.text_url)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return asdict(self)


def read_message_settings(home: Home) -> MessageSettings:
    """Return how a home sends messages; off where nobody said.

    Parameters
    ----------
    home
        The home.

    Returns
    -------
    MessageSettings
        As they were put in force.

    Raises
    ------
    HomeError
        Where the file is damaged: nothing is sent by a file that cannot be read.
    """
    try:
        payload = json.loads((home.path / FILE).read_bytes())
        found = MessageSettings(**{str(name): value for name, value in payload.items()})
        _require_sound(found, home)
    except FileNotFoundError:
        return MessageSettings()
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise HomeError(
            _("{file} este deteriorat ({why}). Spuneți din nou „harta outbox configure”.").format(
                file=FILE, why=str(error)[:120]
            )
        ) from None
    return found


def change_message_settings(home: Home, **changes: Any) -> MessageSettings:
    """Change some settings of a home; BadValueError where what comes out cannot be."""
    try:
        before = read_message_settings(home)
    except HomeError:
        before = MessageSettings()
    after = replace(before, **changes)
    _require_sound(after, home)
    write_atomically(
        home.path / FILE, json.dumps(asdict(after), ensure_ascii=False, indent=1).encode(), is_private=True
    )
    return after


def _require_sound(some: MessageSettings, home: Home) -> None:
    """Raise BadValueError for settings by which no message could go out, or by which one would go out in clear."""
    if any(type(getattr(some, each.name)) is not type(each.default) for each in fields(some)):
        raise BadValueError(_("o valoare este de alt fel"))
    if some.channel not in CHANNELS:
        raise BadValueError(_("Mesajele pot fi: {known}.").format(known=", ".join(CHANNELS)))
    if some.public_address and not _PUBLIC.fullmatch(some.public_address):
        raise BadValueError(_("Adresa aplicației se scrie ca https://harta.example.ro."))
    if not some.is_on:
        return
    if some.channel == "smtp" and home.is_demo:
        raise BadValueError(_("O demonstrație nu trimite mesaje; alegeți „file”, un dosar cu mesajele."))
    if not some.public_address:
        raise BadValueError(_("Lipsește adresa aplicației (--address), de pildă https://harta.example.ro."))
    if not _SENDER.fullmatch(some.sender):
        raise BadValueError(_("Lipsește adresa de e-mail de la care pleacă mesajele (--sender)."))
    hours = (some.quiet_from, some.quiet_until, some.digest_hour)
    if any(hour not in _HOURS for hour in hours):
        raise BadValueError(_("Orele sunt de la 0 la 24."))
    if some.channel == "smtp":
        _require_server(some)
    if some.text_url:
        _require_gateway(some, home)


def _require_server(some: MessageSettings) -> None:
    if not _HOST.fullmatch(some.host) or not 0 < some.port <= _HIGHEST_PORT:
        raise BadValueError(_("Lipsește serverul de e-mail (--host și --port)."))
    if some.security not in SECURITIES:
        raise BadValueError(_("Legătura cu serverul poate fi: {known}.").format(known=", ".join(SECURITIES)))
    if some.security == "none" and not is_this_machine(some.host):
        raise BadValueError(_("Fără criptare se trimite numai la un server de pe acest calculator."))


def _require_gateway(some: MessageSettings, home: Home) -> None:
    if home.is_demo:
        raise BadValueError(_("O demonstrație nu trimite SMS-uri; alegeți „file”, un dosar cu mesajele."))
    if not _TEXT_URL.fullmatch(some.text_url):
        raise BadValueError(_("Adresa serviciului de SMS se scrie ca https://sms.example.ro/trimite."))
    host = re.split(r"[/:]", some.text_url.partition("://")[2], maxsplit=1)[0]
    if some.text_url.startswith("http://") and not (some.text_may_be_private and is_this_machine(host)):
        raise BadValueError(_("Fără criptare se trimite numai la un server de pe acest calculator."))
    whole = some.text_url + some.text_body
    if "{to}" not in whole or "{text}" not in whole or len(some.text_body) > _LONGEST_BODY:
        raise BadValueError(_("Cererea către serviciul de SMS trebuie să conțină {to} și {text}, numărul și textul."))
    name, colon, value = some.text_header.partition(":")
    if some.text_header and not (colon and re.fullmatch(r"[A-Za-z0-9-]{1,60}", name) and value.isprintable()):
        raise BadValueError(_("Antetul cererii se scrie pe un rând: Authorization: Bearer {secret}."))


def is_this_machine(host: str) -> bool:
    """Whether a host is a name or an address of this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
