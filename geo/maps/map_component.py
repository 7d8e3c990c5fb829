"""The one component that draws interactive maps: folium makes the frame, a static script draws, the data are JSON.

branca parses what an element has rendered a second time, as a template. A value in such a text (a name from a
register that holds `{{`) would run as code on the server. So no value ever comes near a template or a script here:
folium and branca get fixed text alone, and what is to be drawn travels as JSON in a data block of the page, which
`api/static/map.js` reads and draws with `textContent`. No other module may use folium or branca
(tests/geo/test_map_component.py holds it).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template
from markupsafe import Markup

from core.templating import render
from geo.maps.map_style import STREET_ZOOM, ViewRoom, map_settings

LEAFLET_JS = "/assets/leaflet/leaflet.js"
LEAFLET_CSS = "/assets/leaflet/leaflet.css"
TOKENS_CSS = "/assets/tokens.css"
MAP_CSS = "/assets/map.css"
BASE_JS = "/assets/map_base.js"
MAP_JS = "/assets/map.js"
DATA_CLASS = "hs-map-data"

# Characters that mean something to HTML, to a template or to old parsers of JavaScript, outside of which the text is
# ASCII. Those of the second table are part of JSON itself: they are escaped only inside its strings.
_ANYWHERE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'`$%#"}
_IN_STRINGS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "{}"}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')

Bounds = Sequence[tuple[float, float]]


def json_text(value: Any) -> str:
    r"""Write a value as JSON that is inert wherever it is put: in HTML, in a script, in a template.

    Parameters
    ----------
    value
        What `json.dumps` takes; numbers must be finite.

    Returns
    -------
    str
        ASCII. Every `{`, `}`, `<`, `>`, `&`, `'`, backtick, `$`, `%` and `#` of a string, and whatever is not ASCII
        (so also U+2028 and U+2029), is `\uXXXX`. No `{{`, `{%`, `{#` or `</` is in it; `json.loads` gives the value.

    Raises
    ------
    ValueError
        A number is not finite: JSON has no word for it.

    Examples
    --------
    >>> print(json_text({"name": "{{7*7}} </script>"}))
    {"name":"\u007b\u007b7*7\u007d\u007d \u003c/script\u003e"}
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return _STRING.sub(lambda found: found[0].translate(_IN_STRINGS), text).translate(_ANYWHERE)


class _DataBlock(Element):
    """The data of a map as an element of its page. It is written as it is: nothing parses it as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_options: Any) -> str:
        inert = Markup(self._text)  # noqa: S704 - `json_text` has made it so
        return str(render("screen/map_data.html", name=DATA_CLASS, text=inert))


class _Content(MacroElement):
    """What a map shows: its data block, and the call of the static script that reads it."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            hartaDrawMap({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, text: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped
        self._name = "Content"
        self._text = text

    def render(self, **options: Any) -> None:  # type: ignore[override]  # so declared by branca's MacroElement
        figure: Any = self.get_root()
        figure.html.add_child(_DataBlock(self._text), name=self.get_name())
        super().render(**options)  # type: ignore[no-untyped-call]


class LocalMap(folium.Map):
    """A folium map that asks only our own host: Leaflet, our script, our style sheets; no jQuery, no icon fonts.

    Make a new one for every drawing and cache only what goes in: a map object shown twice stays blank the second time.

    Parameters
    ----------
    content
        What `api/static/map.js` draws; `draw_map` makes it.

    Attributes
    ----------
    digest : str
        Hexadecimal mark of the content. The page's own text is the same for all maps, so whoever shows a map
        tells two of them apart by this.
    """

    default_js: list[tuple[str, str]] = [  # noqa: RUF012 - so declared by folium
        ("leaflet", LEAFLET_JS), ("base_js", BASE_JS), ("map_js", MAP_JS),
    ]  # fmt: skip
    default_css: list[tuple[str, str]] = [  # noqa: RUF012
        ("leaflet_css", LEAFLET_CSS),
        ("tokens_css", TOKENS_CSS),
        ("map_css", MAP_CSS),
    ]

    def __init__(self, content: Mapping[str, Any]) -> None:
        super().__init__(
            tiles=None,
            zoom_control=False,
            attribution_control=False,  # controls and zoom are those of `map_base.js`
        )
        text = json_text(content)
        self.digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.add_child(_Content(text))


def draw_map(
    layers: Sequence[Mapping[str, Any]],
    *,
    label: str,
    bounds: Bounds,
    room: ViewRoom,
    max_zoom: int = STREET_ZOOM,
    note: str = "",
    tiles: Mapping[str, str] | None = None,
) -> LocalMap:
    """Make a map of some layers.

    Parameters
    ----------
    layers
        From below upwards; each has a `kind` that `api/static/map.js` knows, and plain data. Text is plain text.
    label
        What the map is, for who does not see it.
    bounds
        South-west and north-east corner of what is shown, degrees WGS84.
    room
        How it opens.
    max_zoom
        Zoom to which one may go.
    note
        Printed in a corner: the mark of a demonstration.
    tiles
        `template` and `attribution` of a tile server, only where somebody has opted in: it learns where people look.

    Returns
    -------
    LocalMap
        To be shown once.
    """
    return LocalMap(
        {
            "map": map_settings(label=label, note=note, max_zoom=max_zoom, tiles=tiles),
            "view": {"bounds": [list(corner) for corner in bounds], **asdict(room)},
            "layers": [dict(layer) for layer in layers],
        }
    )
