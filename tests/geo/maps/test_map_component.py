"""Text of others never becomes part of a template or a script: all maps come from one component, as data."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.maps import map_component
from geo.maps.answer_map import Background, Marker, Origin, answer_map
from geo.maps.atlas_map import country_map
from geo.maps.class_map import class_map
from geo.maps.dot_map import Dot, dot_map
from geo.maps.map_component import json_text
from tests.worlds.clients.map_page import content, page_of, rest, strings
from tests.worlds.files.hostile import HOSTILE

ROOT = Path(__file__).resolve().parents[3]
COMPONENT, FRAME = "geo/maps/map_component.py", "pages/common/map_view.py"
AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"key": "BC"},
            "geometry": {"type": "Polygon", "coordinates": [[[26, 46], [27, 46], [27, 47], [26, 46]]]},
        }
    ],
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values | st.lists(st.sampled_from(HOSTILE)))
def test_a_value_as_json_is_the_same_value_and_means_nothing_to_a_template_or_a_page(value):
    text = json_text(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert not any(sign in text for sign in ("{{", "{%", "{#", "}}}", "<", ">", "&", "`", "$", "'"))


def test_a_number_that_json_has_no_word_for_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        json_text([float("nan")])


def answer(text):
    return answer_map(
        Origin(46.4, 27.1, text),
        [Marker(1, 46.5, 27.0, text, (text,), is_confirmed=True)],
        background=Background(None, ((text, 46.4, 27.0),)),
        note=text,
    )


def tiled(text):
    return answer_map(None, [], tiles="https://tiles.example/{z}/{x}/{y}.png", attribution=text)


def coverage(text):
    marks = [Marker(1, 46.5, 27.0, text, (text,), is_confirmed=False)]
    return class_map(AREAS, {"BC": 2}, {"BC": [text, text]}, label=text, marks=marks, note=text)


def communities(text):
    dots = [Dot(46.5, 26.5, text, (text,), 1, address=f"/rapoarte?zona={text}")]
    return dot_map(AREAS, dots, label=text, words=text, is_approximate=True, note=text)


def atlas(text):
    return country_map(f"/api/atlas-map?v={text}", counties=[text], focus=1, address=text, note=text)


MAPS = {answer: 5, tiled: 1, coverage: 6, communities: 5, atlas: 3}


@pytest.mark.parametrize("make", MAPS, ids=lambda make: make.__name__)
def test_hostile_text_arrives_as_typed_in_the_data_and_nowhere_else(make):
    usual = rest(make("Parincea"))
    for text in HOSTILE:
        assert strings(content(make(text))).count(text) >= MAPS[make], text
        # Whatever is drawn, the page around the data, with its scripts, is the same.
        assert rest(make(text)) == usual, text


def test_maps_differ_only_by_their_data_and_are_told_apart_by_a_digest():
    assert rest(answer("a")) == rest(coverage("b")) == rest(atlas("c"))
    assert answer("a").digest == answer("a").digest != answer("b").digest


def test_a_map_names_no_other_host_and_asks_for_leaflet_our_script_and_our_style_sheets():
    page = page_of(answer("Parincea"))
    assert "://" not in page
    scripts = (map_component.LEAFLET_JS, map_component.BASE_JS, map_component.MAP_JS)
    for asked in (*scripts, map_component.TOKENS_CSS, map_component.MAP_CSS):
        assert f'="{asked}"' in page
    assert page.count("<script") == 6
    assert page.count("src=") == len(scripts)


# --- the guard: no other module may hand a value to folium or branca ---------------------------------------------


def modules() -> list[Path]:
    rooms = ("geo", "providers", "referrals", "cases", "reports", "api", "commands", "pages")
    return [*ROOT.glob("*.py"), *(path for room in rooms for path in sorted((ROOT / room).rglob("*.py")))]


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            found |= {str(each.value).split(".")[0] for each in node.args if isinstance(each, ast.Constant)}
    return found


def values_given_to_templates(source: str) -> list[str]:
    """List the calls of folium and branca in a module, and of its own subclasses' parents, that get more than constants."""
    tree = ast.parse(source)
    theirs = {"folium", "branca"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("folium", "branca"):
            theirs |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            theirs |= {alias.asname for alias in node.names if alias.asname and alias.name.startswith(tuple(theirs))}
    heirs = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).split(".")[0] in theirs for base in node.bases)
    ]
    parents = [
        call
        for heir in heirs
        for call in ast.walk(heir)
        if isinstance(call, ast.Call) and "super()." in ast.unparse(call)
    ]
    calls = [
        call for call in ast.walk(tree) if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[0] in theirs
    ]
    return [ast.unparse(call) for call in [*calls, *parents] if not all(map(fixed, arguments(call)))]


def arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def fixed(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):  # JsCode("…")
        return bool(arguments(node)) and all(map(fixed, arguments(node)))
    return isinstance(node, ast.Constant)


@pytest.mark.everyday
def test_only_the_map_component_uses_folium_and_branca_and_only_its_frame_shows_them():
    used = {str(path.relative_to(ROOT)): imported(ast.parse(path.read_text(encoding="utf-8"))) for path in modules()}
    assert [name for name, found in used.items() if found & {"folium", "branca"}] == [COMPONENT]
    assert [name for name, found in used.items() if "streamlit_folium" in found] == [FRAME]


def test_the_component_gives_folium_and_branca_nothing_but_constants():
    given_values = values_given_to_templates((ROOT / COMPONENT).read_text(encoding="utf-8"))
    # What is drawn is handed to `render` of branca as options of rendering, which no template of ours reads.
    assert given_values == ["super().render(**options)"]


@pytest.mark.parametrize(
    "source",
    [
        "from branca.element import Element\nElement(name)",
        "from folium.template import Template\nTemplate(f'{name}')",
        "import folium\nfolium.Popup(html=name)",
        "import folium as f\nf.Tooltip('a' + name)",
        "import folium\nfolium.Map(location=at)",
        "import folium\nclass Own(folium.Map):\n    def __init__(self, name):\n        super().__init__(attr=name)",
        "from branca import element\nelement.Html(name, script=True)",
    ],
)
def test_the_guard_sees_a_value_given_to_a_template(source):
    assert values_given_to_templates(source)


@pytest.mark.parametrize("source", ["import folium", "from branca.element import Element", "__import__('folium')"])
def test_the_guard_sees_an_import(source):
    assert imported(ast.parse(source)) & {"folium", "branca"}
