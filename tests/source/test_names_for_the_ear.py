"""What is read aloud of a button or a link contains what is written on it (WCAG 2.5.3): it can be asked for by voice."""

import re

import pytest

from core.resources import ROOT

CONTROL = re.compile(
    r"<(?P<tag>button|a|summary|label)\b(?P<said>(?:\{\{.*?\}\}|\{%.*?%\}|[^>{]|\{)*?)>(?P<shown>.*?)</(?P=tag)>",
    re.DOTALL,
)
LABEL = re.compile(r'aria-label="(?P<words>(?:\{\{.*?\}\}|[^"{])*)"', re.DOTALL)
FORMATTED = re.compile(r"\{\{\s*_\('(?P<words>[^']*)'\)(?:\.format\((?P<facts>.*?)\))?\s*\}\}")


def spoken(source):
    """Write Jinja's expressions as they are read: sentences as they stand, values by their names."""

    def words(found):
        text = found["words"]
        for fact in filter(None, (found["facts"] or "").split(",")):
            name, value = (part.strip() for part in fact.split("=", 1))
            text = text.replace("{" + name + "}", "{{ " + value + " }}")
        return text

    bare = re.sub(r"\{%.*?%\}|\{#.*?#\}|<[^>]*>", " ", FORMATTED.sub(words, source))
    return " ".join(bare.split()).casefold()


def controls():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for found in CONTROL.finditer(path.read_text(encoding="utf-8")):
            if label := LABEL.search(found["said"]):
                yield pytest.param(
                    spoken(label["words"]), spoken(found["shown"]), id=f"{path.name}: {label['words'][:40]}"
                )


def test_controls_with_a_name_of_their_own_are_found():
    assert len(list(controls())) >= 3


@pytest.mark.parametrize(("label", "shown"), list(controls()))
def test_the_name_of_a_control_contains_its_visible_text(label, shown):
    assert shown in label
