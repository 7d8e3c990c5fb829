"""Hours as Romanian registers write them ("L-V 8-16", "luni-vineri 08:00-16:30, sâmbătă închis") as OpenStreetMap's.

Only a text that can be read in one way is taken: every word must be a day, a time, "închis" or filler; "M" alone is
neither marți nor miercuri; a span that ends before it begins is a night only from the afternoon on ("15-8"), so "8-4"
is not read; times without days, and a day named twice, are not read.
"""

from __future__ import annotations

import re

from core.text import fold

_DAYS = {
    "Mo": ("luni", "lun", "lu", "l"), "Tu": ("marti", "mar", "ma"), "We": ("miercuri", "mie", "mi"),
    "Th": ("joi", "j", "jo"), "Fr": ("vineri", "vin", "vi", "v"), "Sa": ("simbata", "sambata", "sim", "sam", "si", "s"),
    "Su": ("duminica", "dum", "du", "d"),
}  # fmt: skip
_DAY_OF = {word: code for code, words in _DAYS.items() for word in words}
_ORDER = tuple(_DAYS)
_ALWAYS = re.compile(r"(program )?(non[ -]?stop|24 ?/ ?(24|7)|permanent 24 ?/ ?24|24 de ore( din 24)?)")
_GROUPS = {"zilnic": "Mo-Su", "in fiecare zi": "Mo-Su", "weekend": "Sa,Su", "sarbatori legale": "PH", "sarbatori": "PH"}
_TOKEN = re.compile(
    r"(?P<group>zilnic|in fiecare zi|weekend|sarbatori legale|sarbatori)"
    r"|(?P<off>inchis|liber)"
    r"|(?P<times>(?:de la )?\d{1,2}(?:[:.]\d{2})?\s*(?:-|la|p[ai]na la)\s*\d{1,2}(?:[:.]\d{2})?)"
    r"|(?P<range>[a-z]+\s*(?:-|p[ai]na)\s*[a-z]+)"
    r"|(?P<filler>program|orar|ore|orele|ora|intre|si|de)\b"
    r"|(?P<day>[a-z]+)"
    r"|(?P<gap>[\s,;:.()]+)"
)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_NOON, _MIDNIGHT = 12 * 60, 24 * 60


def osm_hours(text: str) -> str:
    """Convert hours in Romanian words to OpenStreetMap's `opening_hours`; "" where there is not exactly one reading.

    >>> osm_hours("luni–vineri 08:00-16:30, sâmbătă închis"), osm_hours("L-D 15-8"), osm_hours("M 8-12")
    ('Mo-Fr 08:00-16:30; Sa off', 'Mo-Su 15:00-08:00', '')
    """
    plain = _plain(text)
    if _ALWAYS.fullmatch(plain):
        return "24/7"
    rules: list[str] = []
    seen: set[str] = set()
    days: list[str] = []
    spans: list[str] = []
    for kind, sentence in [*_tokens(plain), ("end", "")]:
        if kind in ("days", "end") and (spans or kind == "end"):
            named = _named(days)
            if not spans or not named or named & seen or ("off" in spans and len(spans) > 1):
                return ""
            seen |= named
            rules.append(f"{','.join(days)} {','.join(spans)}")
            days, spans = [], []
        if kind == "days":
            days.append(sentence)
        elif kind == "times":
            spans.append(sentence)
        elif kind == "unread":
            return ""
    return "; ".join(rules)


def _plain(text: str) -> str:
    """Fold case and diacritics, and the many dashes to one; unlike `fold`, keep what stands between words."""
    dashed = re.sub(r"\s*[‐-―−]\s*|\s+-\s+", "-", text)
    words = re.split(r"([a-zA-ZăâîșțşţĂÂÎȘȚŞŢ]+)", dashed)
    folded = "".join(fold(part) if part.isalpha() else part for part in words)
    return " ".join(folded.split()).strip(" .;,")


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return [("unread", "")]
        at = match.end()
        kind, sentence = str(match.lastgroup), match.group()
        if kind == "group":
            found.append(("days", _GROUPS[sentence]))
        elif kind == "off":
            found.append(("times", "off"))
        elif kind == "times":
            span = _span(sentence)
            found.append(("times", span) if span else ("unread", ""))
        elif kind == "range":
            first, last = (_DAY_OF.get(word) for word in re.split(r"\s*(?:-|p[ai]na)\s*", sentence))
            found.append(("days", f"{first}-{last}") if first and last else ("unread", ""))
        elif kind == "day":
            day = _DAY_OF.get(sentence)
            found.append(("days", day) if day else ("unread", ""))
    return found


def _span(text: str) -> str:
    (from_hour, from_minute), (to_hour, to_minute) = (
        (int(hour), int(minute or 0)) for hour, minute in _CLOCK.findall(text)
    )
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    is_clock = max(from_minute, to_minute) < 60 and start < _MIDNIGHT and end <= _MIDNIGHT  # noqa: PLR2004
    if not is_clock or (end <= start < _NOON):
        return ""
    return f"{from_hour:02}:{from_minute:02}-{to_hour:02}:{to_minute:02}"


def _named(days: list[str]) -> set[str]:
    """Return the days that were named, none where one is named twice."""
    named: list[str] = []
    for each in days:
        for part in each.split(","):
            first, dash, last = part.partition("-")
            if part == "PH" or not dash:
                named.append(first)
                continue
            start = _ORDER.index(first)
            named += [_ORDER[(start + i) % 7] for i in range((_ORDER.index(last) - start) % 7 + 1)]
    return set(named) if len(set(named)) == len(named) else set()
