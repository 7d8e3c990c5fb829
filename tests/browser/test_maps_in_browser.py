"""Every map with hostile text in a real browser: what was typed is what is read, and nothing runs or asks another host."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from api.http import assets
from geo.maps.answer_map import Background, Marker, Origin, answer_map
from geo.maps.atlas_map import country_map
from geo.maps.class_map import class_map
from geo.maps.dot_map import Dot, dot_map
from tests.browser.screens import hosts
from tests.browser.serving import served
from tests.covering import repeats
from tests.worlds.clients.map_page import page_of
from tests.worlds.files.hostile import HOSTILE
from tests.worlds.homes import small_world

pytestmark = pytest.mark.browser

BASE = "http://map.example"
# Set before the map is made, so that a test can open every popup without looking for pixels.
KEEP = "<script>L.Map.addInitHook(function () { window.drawn = this; });</script>"
POPUPS = """() => {
  const found = [];
  drawn.eachLayer((layer) => {
    if (!layer.getPopup || !layer.getPopup()) return;
    layer.openPopup();
    const box = document.querySelector('.leaflet-popup .hs-popup');
    found.push([...box.childNodes].filter((node) => node.nodeName !== 'BR').map((node) => node.textContent));
    layer.closePopup();
    document.querySelectorAll('.leaflet-popup').forEach((each) => each.remove());
  });
  return found;
}"""


def square(number: int) -> dict:
    west, south = 22 + number % 8 * 0.4, 44 + number // 8 * 0.4
    ring = [[west, south], [west + 0.4, south], [west + 0.4, south + 0.4], [west, south + 0.4], [west, south]]
    return {
        "type": "Feature", "properties": {"key": str(number)}, "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


AREAS = {"type": "FeatureCollection", "features": [square(i) for i in range(len(HOSTILE))]}


def markers() -> list[Marker]:
    return [
        Marker(i, 44 + i // 8 * 0.4, 22 + i % 8 * 0.4, text, (text, "14 min"), is_confirmed=bool(i % 2))
        for i, text in enumerate(HOSTILE, start=1)
    ]


@pytest.fixture
def open_map(browser):
    """Open a map on a page of its own; returns a function from the map to (page, addresses asked for, what went wrong)."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})

    def open_page(drawn, areas=None):
        page = context.new_page()
        asked, wrong = [], []
        html = page_of(drawn).replace("</head>", KEEP + "</head>")

        def answer(route):
            path = urlsplit(route.request.url).path
            asked.append(route.request.url)
            if path == "/":
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            elif path == "/areas":
                route.fulfill(body=json.dumps({"areas": areas}), content_type="application/json")
            elif path.startswith("/assets/") and path.removeprefix("/assets/") in assets.files():
                route.fulfill(path=assets.files()[path.removeprefix("/assets/")])
            else:
                route.abort()

        page.route("**/*", answer)
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(f"{BASE}/")
        page.wait_for_function("window.drawn && document.querySelector('.leaflet-control-zoom')")
        return page, asked, wrong

    yield open_page
    context.close()


def quiet(asked, wrong) -> bool:
    assert wrong == []
    assert hosts(asked) == {"map.example"}
    return True


def texts(page, selector: str) -> list[str]:
    return page.eval_on_selector_all(selector, "found => found.map(each => each.textContent)")


def test_the_map_of_an_answer_says_names_of_services_and_places_as_typed(open_map):
    names = tuple((text, 44 + i * 0.05, 29.0) for i, text in enumerate(HOSTILE))
    drawn = answer_map(
        Origin(46, 25, HOSTILE[0]),
        markers(),
        background=Background(AREAS, names),
        note=HOSTILE[-1],
        bounds=((44, 22), (47, 29)),
    )
    page, asked, wrong = open_map(drawn)
    start, *popups = page.evaluate(POPUPS)
    assert start == [f"Locul căutării: {HOSTILE[0]}"]
    assert popups == [[f"{i}. {text}", text, "14 min"] for i, text in enumerate(HOSTILE, start=1)]
    titles = page.eval_on_selector_all(".leaflet-marker-icon[title]", "found => found.map(each => each.title)")
    assert titles[1:] == [f"{i}. {text}" for i, text in enumerate(HOSTILE, start=1)]
    assert texts(page, ".hs-name span") == list(HOSTILE)
    assert texts(page, ".hs-map-note") == [HOSTILE[-1]]
    assert quiet(asked, wrong)


def test_the_map_of_coverage_says_names_of_areas_as_typed(open_map):
    facts = {str(i): [text, text] for i, text in enumerate(HOSTILE)}
    page, asked, wrong = open_map(class_map(AREAS, {"0": 1}, facts, label=HOSTILE[0], marks=markers()[:3]))
    popups = page.evaluate(POPUPS)
    assert popups == [
        *([text, text] for text in HOSTILE),
        *([f"{i}. {text}", text, "14 min"] for i, text in enumerate(HOSTILE[:3], start=1)),
    ]
    assert page.locator(".leaflet-container").get_attribute("aria-label") == HOSTILE[0]
    assert quiet(asked, wrong)


def test_the_map_of_communities_says_names_as_typed_and_its_links_lead_to_our_own_host_or_nowhere(open_map):
    dots = [
        Dot(44 + i * 0.05, 25, text, (text,), 1, address=text if i % 2 else f"/rapoarte?zona={text}")
        for i, text in enumerate(HOSTILE)
    ]
    page, asked, wrong = open_map(dot_map(AREAS, dots, label="Harta", words=HOSTILE[1], is_approximate=False))
    assert page.evaluate(POPUPS) == [[text, text, HOSTILE[1]] for text in HOSTILE]
    elsewhere = """(dot) => {
      drawn.eachLayer((layer) => layer.getPopup && layer.getPopup() && layer.openPopup());
      return [...document.querySelectorAll('.hs-popup a[href]')].map((a) => a.href).filter((to) => !to.startsWith(location.origin + '/'));
    }"""
    assert page.evaluate(elsewhere) == []
    assert quiet(asked, wrong)


def test_the_map_of_the_country_says_names_as_typed(open_map):
    ring = [220000, 440000, 4000, 0, 0, 4000, -4000, 0]
    areas = [
        [i, text, text, i % 5, 12.5, 119, i % 2, [44.0 + i * 0.05, 22.0], [[220000 + i * 4000, *ring[1:]]]]
        for i, text in enumerate(HOSTILE)
    ]
    page, asked, wrong = open_map(country_map("/areas", address="/comunitati?comunitate="), areas)
    page.wait_for_selector(".leaflet-container[data-drawn]", state="attached")
    said = page.evaluate(POPUPS)
    assert {line[0] for line in said} == {f"{text} ({text})" for text in HOSTILE}
    assert len(said) == len(HOSTILE) + len(HOSTILE) // 2  # an area each, and the dots of communities
    assert quiet(asked, wrong)


def test_a_tile_server_is_named_as_typed(open_map):
    text = "".join(HOSTILE)
    page, asked, wrong = open_map(answer_map(None, [], tiles=f"{BASE}/tiles/{{z}}/{{x}}/{{y}}.png", attribution=text))
    assert text in page.locator(".leaflet-control-attribution").evaluate("each => each.textContent")
    assert hosts(asked) == {"map.example"}
    assert not [line for line in wrong if "ERR_FAILED" not in line]  # the tiles themselves are not here


@repeats(
    "tests/pages/test_hostile_markup.py::test_the_finder_reads_hostile_text_as_typed_and_has_no_other_element",
    "tests/browser/test_finder_in_browser.py::test_markup_in_a_registers_name_stays_text_in_list_and_map",
)
@pytest.mark.slow
def test_in_the_application_hostile_services_are_read_as_typed_and_no_other_script_may_run(browser, tmp_path):
    names = HOSTILE[:20]
    home = small_world.make_world(tmp_path / "home")
    rows = [small_world.service(i, i * 0.002, 0.0, name=text) for i, text in enumerate(names, start=1)]
    small_world.publish(home, "social", rows)
    with served(home.path, tmp_path) as base:
        page = browser.new_context(locale="ro-RO").new_page()
        asked, wrong = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(f"{base}/?loc=24098&nevoie={small_world.CHILD_DAY_CENTRE}")
        frame = page.frame_locator("iframe")
        frame.locator(".hs-pin").first.wait_for(timeout=60_000)
        marks = frame.locator(".leaflet-marker-icon[title]").evaluate_all("found => found.map(each => each.title)")
        shown = [text.split(". ", 1)[1] for text in marks if text[0].isdigit()]
        listed = page.locator(".hs-row h3").all_text_contents()
        assert len(shown) >= 5
        assert set(shown) <= set(names)
        assert all(any(text in line for line in listed) for text in shown)
        assert wrong == []
        assert hosts(asked) == {base.removeprefix("http://")}
        inside = next(each for each in page.frames if "streamlit_folium" in each.url)
        ran = """() => { const own = document.createElement('script'); own.textContent = 'window.ran = true';
          document.body.append(own); return window.ran === true; }"""
        assert inside.evaluate(ran) is False
        page.context.close()
