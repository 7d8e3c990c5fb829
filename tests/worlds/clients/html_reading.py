"""What a browser makes of some HTML: its elements, and the text that people read."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

RUNS = frozenset({"script", "style", "iframe", "object", "embed", "base", "meta", "link", "form", "img", "svg"})


@dataclass
class Page:
    """elements: each element's name with the names of its attributes, in order. text: what is read. said: attributes."""

    elements: list[tuple[str, ...]] = field(default_factory=list)
    text: str = ""
    said: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def holds(self, text: str) -> bool:
        """Whether a text is read as typed, on the page or by a reader of the screen; spaces may be folded."""
        return any(folded(text) in folded(each) for each in (self.text, *self.said))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.unread = 0

    def handle_starttag(self, tag, attrs):
        self.page.elements.append((tag, *sorted(name for name, _value in attrs)))
        self.page.said += [value or "" for _name, value in attrs]
        self.page.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "formaction")]
        self.unread += tag in ("script", "style")

    def handle_endtag(self, tag):
        self.unread -= tag in ("script", "style")

    def handle_data(self, data):
        self.page.text += "" if self.unread else data


def read(html: str) -> Page:
    """Read HTML."""
    reader = _Reader()
    reader.feed(str(html))  # of `Markup`, the pieces would be escaped again
    reader.close()
    return reader.page


def folded(text: str) -> str:
    """Return a text without its spaces and breaks: where lines break is the page's business."""
    return "".join(text.split())
