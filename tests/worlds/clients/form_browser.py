"""A browser without scripts: keeps cookies, follows redirects, sends the forms that a page has."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin

import httpx

PHONE = "Mozilla/5.0 (Linux; Android 8.0; Phone) Mobile"


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self.select = ""
        self.chosen: str | None = None
        self.textarea = ""

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(said.get("action", "")))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "input" and said.get("name"):
            ticked = said.get("type") not in ("radio", "checkbox") or "checked" in said
            if ticked:
                form.fields.append((said["name"], said.get("value", "")))
        elif tag == "button":
            form.buttons.append(said)
        elif tag == "select":
            self.select, self.chosen = said.get("name", ""), None
        elif tag == "option" and self.select and (self.chosen is None or "selected" in said):
            self.chosen = said.get("value", "")
        elif tag == "textarea" and said.get("name"):
            form.fields.append((said["name"], ""))

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            self.forms[-1].fields.append((self.select, self.chosen or ""))
            self.select = ""


_BAR_SEARCH = re.compile(r'<form [^>]*class="bar-search".*?</form>', re.DOTALL)


def forms(page: httpx.Response) -> list[Form]:
    """Return the forms of a page, without the bar's search, which every page has."""
    return _forms_in(_BAR_SEARCH.sub("", page.text))


def form(page: httpx.Response, action: str) -> Form:
    every = [*forms(page), *_forms_in("".join(_BAR_SEARCH.findall(page.text)))]
    found = [each for each in every if each.action == action or each.action.endswith(action)]
    assert found, f"no form to {action}: {[each.action for each in every]}"
    return found[0]


def _forms_in(html: str) -> list[Form]:
    parser = _Forms()
    parser.feed(html)
    return parser.forms


@dataclass
class Browser:
    app: Any
    base: str = "http://127.0.0.1"
    client: str = "127.0.0.1"
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    headers: dict[str, str] = field(default_factory=dict)
    moved: int = 0  # bytes of bodies received, as sent (compressed)

    def _ask(self, method: str, path: str, content: str = "", headers: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, client=(self.client, 5000))
            async with httpx.AsyncClient(transport=transport, base_url=self.base, cookies=self.cookies) as client:
                sent = {**self.headers, **(headers or {})}
                if method == "POST":
                    sent = {"Content-Type": "application/x-www-form-urlencoded", **sent}
                answer = await client.request(method, path, content=content or None, headers=sent)
                self.cookies = httpx.Cookies(client.cookies)
                self.moved += answer.num_bytes_downloaded
                return answer

        # In a thread of its own: where Playwright is at work, this one has a running loop already.
        with ThreadPoolExecutor(1) as other:
            return other.submit(asyncio.run, ask()).result()

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self._follow(self._ask("GET", path, **options))

    def post(self, path: str, data: Any, **options: Any) -> httpx.Response:
        return self._follow(self._ask("POST", path, urlencode(data, doseq=True), **options))

    def _follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect:
            answer = self._ask("GET", urljoin(str(answer.url), answer.headers["location"]))
        return answer

    def submit(
        self, page: httpx.Response, action: str, button: tuple[str, str] | None = None, **said: str
    ) -> httpx.Response:
        """Fill the form and press a button of it, as a person would: only what the form has can be said."""
        return self._follow(self.submit_only(page, action, button, **said))

    def submit_only(
        self, page: httpx.Response, action: str, button: tuple[str, str] | None = None, **said: str
    ) -> httpx.Response:
        """Do what `submit` does, and leave unread where the answer leads."""
        chosen = form(page, action)
        names = {name for name, _value in chosen.fields}
        fields = [(name, said.get(name, value)) for name, value in chosen.fields]
        fields += [(name, value) for name, value in said.items() if name not in names]
        target = chosen.action
        if button is not None:
            (pressed,) = [
                b for b in chosen.buttons if (b.get("name"), b.get("value")) == button and "formaction" not in b
            ]
            fields.append((pressed["name"], pressed["value"]))
        return self._ask("POST", urljoin(str(page.url), target or str(page.url)), urlencode(fields, doseq=True))
