"""The look is written twice, for Streamlit and for our own markup: the two must say the same, and be readable."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = (ROOT / "api" / "static" / "tokens.css").read_text(encoding="utf-8")
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]


def tokens(scheme: str) -> dict[str, str]:
    light, dark = CSS.split("@media", 1)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_streamlits_theme_has_the_colours_of_the_tokens(scheme):
    colours = tokens(scheme)
    assert THEME[scheme] == {
        "primaryColor": colours["accent"],
        "backgroundColor": colours["ground"],
        "secondaryBackgroundColor": colours["paper"],
        "textColor": colours["ink"],
        "linkColor": colours["accent"],
        "borderColor": colours["line"],
    }


TEXT_ON_GROUND = [
    ("ink", "paper"), ("ink", "ground"), ("ink-soft", "paper"), ("ink-soft", "ground"), ("accent", "paper"),
    ("accent", "ground"), ("accent", "accent-soft"), ("accent-ink", "accent"), ("bar-ink", "bar"), ("call", "paper"),
    ("call", "call-soft"), ("full", "paper"), ("danger", "paper"), ("danger", "danger-soft"), ("ink", "danger-soft"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read_on_its_ground(scheme, text, ground):
    colours = tokens(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edge", ["field", "accent", "call"])
def test_edges_of_fields_and_marks_can_be_seen(scheme, edge):
    colours = tokens(scheme)
    assert contrast(colours[edge], colours["paper"]) >= 3


def test_the_style_sheets_use_no_colour_that_is_not_a_token():
    for name in ("style.css", "map.css", "map_keys.css", "service_map.css"):
        text = (ROOT / "api" / "static" / name).read_text(encoding="utf-8")
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", text) == [], name


def test_every_token_that_is_used_is_defined():
    for name in ("style.css", "map.css", "map_keys.css", "service_map.css"):
        text = (ROOT / "api" / "static" / name).read_text(encoding="utf-8")
        defined = set(re.findall(r"--([\w-]+):", CSS))
        assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= defined


def test_text_has_the_four_sizes_of_the_tokens_alone():
    for name in ("style.css", "plain.css"):
        text = (ROOT / "api" / "static" / name).read_text(encoding="utf-8")
        sizes = set(re.findall(r"font-size: ?([^;!}]+)", text))
        assert {size.strip() for size in sizes} <= {
            *(f"var(--text-{each})" for each in ("small", "body", "large", "title")),
            "100%",  # of the root: the size of text is the reader's to choose
        }, name


# Parts of our names that a template or a script puts after „hs-” and „work-”; longer beginnings are found by themselves.
ENDINGS = {"work-": {"free", "full", "call", "back", "info"}, "hs-": {"full", "refusal"}}
NOT_OURS = re.compile(r"st-emotion|leaflet|st[A-Z]")
MADE_OF = ("templates", "pages", "api", "geo", "reports", "providers")


@cache
def written() -> tuple[frozenset[str], frozenset[str]]:
    """Every word of markup and code, and those after which a quote or a brace stands: the rest is put together."""
    files = (path for room in MADE_OF for path in (ROOT / room).rglob("*") if path.suffix in {".html", ".py", ".js"})
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return frozenset(re.findall(r"[\w-]+", code)), frozenset(re.findall(r"([\w-]+)['\"{$]", code))


def classes_of(css: str) -> set[str]:
    bare = re.sub(r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)", "", css, flags=re.DOTALL)
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", bare)))


def is_used(name: str) -> bool:
    """Whether a class is written somewhere, or is put together from a beginning that is and an ending."""
    words, unfinished = written()
    bare = name.removeprefix("st-key-")
    if bare in words:
        return True
    beginnings = [bare[: at + 1] for at, sign in enumerate(bare) if sign == "-"]
    return any(
        bare[len(begin) :] in ENDINGS[begin] if begin in ENDINGS else any(word.endswith(begin) for word in unfinished)
        for begin in beginnings
    )


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "api" / "static").glob("*.css")))
def test_every_class_of_a_sheet_is_one_that_something_draws(name):
    classes = classes_of((ROOT / "api" / "static" / name).read_text(encoding="utf-8"))
    assert [each for each in sorted(classes) if not NOT_OURS.match(each) and not is_used(each)] == []


def test_every_kind_of_field_of_the_plain_pages_is_as_high_as_a_finger():
    sheet = (ROOT / "api" / "static" / "plain.css").read_text(encoding="utf-8")
    rule = next(line for line in sheet.splitlines() if line.startswith("input:not([type])"))
    assert "min-height: 46px" in rule
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "templates" / "plain").rglob("*.html")]
    kinds = {kind for page in pages for kind in re.findall(r'<input[^>]*type="(\w+)"', page)}
    typed = kinds - {"checkbox", "radio", "hidden", "file"}
    assert {"text", "tel", "url"} <= typed
    assert {kind for kind in typed if f'input[type="{kind}"]' not in rule} == set()
