"""A visitor who follows every link, sends every form and presses every button, and keeps what was answered."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx
from google.protobuf.json_format import MessageToDict

from tests.worlds.clients.html_reading import Page, read
from tests.worlds.clients.map_page import strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.worlds.clients.screen_socket import ScreenSocket

MARKUP = ("html", "markdown")  # elements of a screen that are set as HTML or Markdown
LABELS = ("label", "help", "placeholder", "options", "body")
_NUMBERS = re.compile(r"R-\w{10}|C-\w{5}-\w{5}|\d+|(?<=/judet/)[A-Z]{1,2}")  # of which one stands for all
_LAST = ("/iesire",)  # ends the visit
_GEO = re.compile(r"geo:(-?[\d.]+,-?[\d.]+)\?q=\1")  # opens the map program of a telephone at a point (RFC 5870)


@dataclass
class Field:
    """A field of a form. values: what a person could choose; hidden fields have one."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)

    def filled(self, text: str | None) -> list[tuple[str, str]]:
        """Fill the form: each choice with its last option, each text with `text`, or as it stands where None."""
        said = []
        for each in self.fields:
            if each.kind in ("text", "search", "textarea", "password"):
                said.append((each.name, each.values[-1] if text is None else text))
            elif each.values:
                said.append((each.name, each.values[-1]))
        return said


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.open: Form | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(said.get("action", ""), said.get("method", "get").upper())
            self.found.append(self.open)
        elif self.open is None:
            return
        elif tag == "button":
            self.open.buttons.append(said)
        elif tag in ("input", "textarea") and said.get("name"):
            kind = "textarea" if tag == "textarea" else said.get("type", "text")
            self._add(Field(said["name"], kind, [said.get("value", "")]), merge=kind == "radio")
        elif tag == "select":
            self.select = Field(said["name"], "select")
            self.open.fields.append(self.select)
        elif tag == "option" and self.select is not None:
            self.select.values.append(said.get("value", ""))

    def _add(self, new: Field, *, merge: bool) -> None:
        assert self.open is not None
        same = [each for each in self.open.fields if merge and each.name == new.name]
        if same:
            same[0].values += new.values
        else:
            self.open.fields.append(new)

    def handle_endtag(self, tag: str) -> None:
        self.open = None if tag == "form" else self.open
        self.select = None if tag == "select" else self.select


def forms(html: str) -> list[Form]:
    """Return the forms of a page with their fields' options."""
    reader = _Forms()
    reader.feed(html)
    return reader.found


@dataclass
class Answer:
    """What was answered to one request. where: method and address, with what tells rows apart left out."""

    where: str
    status: int
    headers: str
    text: str
    page: Page | None


@dataclass
class Visit:
    """One visitor of a served application, with a cookie or without."""

    base: str
    cookie: str = ""
    typed: str = ""  # what is typed into every text field, the second time
    asks: tuple[dict[str, str], ...] = ()  # what is said beside that in a form that has all these fields
    skips: str = "\n"  # addresses with this end are not asked for
    answers: list[Answer] = field(default_factory=list)
    links: int = 0
    sent: int = 0
    foreign: list[str] = field(default_factory=list)  # addresses on other hosts
    most: int = 400

    def everything(self, *starts: str) -> None:
        """Follow and send everything that can be reached from these addresses."""
        headers = {"Accept": "text/html,*/*", **({"Cookie": self.cookie} if self.cookie else {})}
        # The cookie of the session stands in a header of ours; what the server adds is kept beside it.
        with httpx.Client(base_url=self.base, headers=headers, trust_env=False, timeout=60) as client:
            client.headers.pop("cookie", None)
            for part in filter(None, self.cookie.split("; ")):
                client.cookies.set(*part.split("=", 1), domain="127.0.0.1")
            waiting: deque[tuple[str, str, Any]] = deque(("GET", start, None) for start in starts)
            last: list[tuple[str, str, Any]] = []
            known: set[str] = set()
            while waiting and len(self.answers) < self.most:
                method, address, fields = waiting.popleft()
                for step in self._ask(client, method, address, fields):
                    key = _key(step)
                    if key not in known:
                        known.add(key)
                        (last if step[1].endswith(_LAST) else waiting).append(step)
            for method, address, fields in last:
                list(self._ask(client, method, address, fields))

    def _ask(self, client: httpx.Client, method: str, address: str, fields: Any) -> Iterator[tuple[str, str, Any]]:
        answer = client.request(method, address, data=dict_of(fields) if fields is not None else None)
        self.links += method == "GET"
        self.sent += fields is not None
        is_page = "html" in answer.headers.get("content-type", "")
        page = read(answer.text) if is_page else None
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        where = f"{method} {_NUMBERS.sub('#', urlsplit(address).path)}"
        text = answer.text if is_text(answer) else ""
        self.answers.append(Answer(where, answer.status_code, headers, text, page))
        base = str(answer.url)
        if answer.is_redirect:
            yield from self._own([urljoin(base, answer.headers["location"])])
        if page is None:
            return
        yield from self._own([urljoin(base, each) for each in page.addresses if not each.startswith("data:")])
        for form in forms(answer.text):
            for button in form.buttons or [{}]:
                to = urljoin(base, button.get("formaction") or form.action or base)
                pressed = [(button["name"], button.get("value", ""))] if button.get("name") else []
                for said in self._said_in(form):
                    yield form.method, to, [*said, *pressed]

    def _said_in(self, form: Form) -> Iterator[list[tuple[str, str]]]:
        """Give the ways in which a form is filled."""
        yield form.filled(None)
        if self.typed:
            yield form.filled(self.typed)
        for asked in self.asks:
            if asked.keys() <= {each.name for each in form.fields}:
                yield [(name, value) for name, value in form.filled(None) if name not in asked] + list(asked.items())

    def _own(self, addresses: list[str]) -> Iterator[tuple[str, str, Any]]:
        for address in addresses:
            parts = urlsplit(address)
            if parts.scheme in ("tel", "sms", "mailto") or _GEO.fullmatch(address) or parts.path.endswith(self.skips):
                continue
            if not address.startswith(f"{self.base}/"):
                self.foreign.append(address)
                continue
            yield "GET", address.split("#")[0], None


def is_text(answer: httpx.Response) -> bool:
    """Whether the body of an answer can be read as text."""
    kind = answer.headers.get("content-type", "")
    return kind.startswith("text/") or "json" in kind or "javascript" in kind


def dict_of(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Return fields as they are sent: a name may come several times."""
    said: dict[str, list[str]] = {}
    for name, value in fields:
        said.setdefault(name, []).append(value)
    return said


def _key(step: tuple[str, str, Any]) -> str:
    """What makes two steps the same: pages of two referrals are one kind, and so are two services to be chosen."""
    method, address, fields = step
    parts = urlsplit(address)
    # Of a form what counts is what it asks, not whom it was filled for.
    kept = ("pas", "cuvinte", "rol")
    names = sorted({(name, value if name in kept else "") for name, value in fields or () if value})
    query = sorted(parts.query.split("&")) if fields is None else ""
    return f"{method} {_NUMBERS.sub('#', parts.path)} {query} {names}"


# --- screens ---------------------------------------------------------------------------------------------


@dataclass
class Shown:
    """What a run of a screen has sent. messages: how many; elements: of every element its kind and content."""

    messages: int
    finished: bool
    elements: list[tuple[str, dict[str, Any]]]

    def html(self) -> Iterator[str]:
        """Give what is set as HTML."""
        for kind, said in self.elements:
            if kind == "html" or (kind == "markdown" and said.get("allowHtml")):
                yield str(said.get("body", ""))

    def labels(self) -> Iterator[str]:
        """Give what is set as Markdown: labels, helps, options, texts."""
        for kind, said in self.elements:
            if kind != "html" and not said.get("allowHtml"):
                for name, value in said.items():
                    if name in LABELS:
                        yield from strings({"": value})

    def buttons(self) -> list[tuple[str, str]]:
        """Give the buttons that may be pressed, as (number, label)."""
        return [
            (said["id"], said.get("label", ""))
            for kind, said in self.elements
            if kind == "button" and not said.get("disabled")
        ]

    def all_text(self) -> str:
        """Give every string of every element."""
        return "\n".join(text for _kind, said in self.elements for text in strings(said))


def shown(socket: ScreenSocket) -> Shown:
    """Read what the socket has heard since the screen was last asked for."""
    elements = []
    for message in socket.messages:
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            kind = str(element.WhichOneof("type"))
            elements.append((kind, MessageToDict(getattr(element, kind))))
        elif message.WhichOneof("type") == "delta":
            elements.append(("block", MessageToDict(message.delta)))
    # Successfully, or a part of the screen successfully.
    finished = [m.script_finished for m in socket.messages if m.WhichOneof("type") == "script_finished"]
    return Shown(len(socket.messages), finished[-1:] in ([0], [3]), elements)
