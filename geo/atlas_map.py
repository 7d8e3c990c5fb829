"""The country's map of marginalisation: a folium map that fetches its areas from our own host and draws them.

The areas (see `geo.atlas_view.wire`) are not part of the map's text: they have an address that names their state,
so that a browser asks for them once, and a change of filter moves nothing over the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.atlas_view import CLASSES, class_words
from geo.drawing import COUNTRY, Background
from geo.language import _, language
from geo.still_map import still_map


class _AtlasAreas(MacroElement):
    """Areas filled by class, communities outlined and dotted; a click tells the facts and leads to the sheet.

    Drawn on one canvas: 3,200 elements of SVG would take seconds. A canvas knows no style sheet, so the colours are
    read from the tokens.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
            (function (map, said) {
                const began = performance.now();
                const style = getComputedStyle(document.documentElement);
                const token = (name) => style.getPropertyValue("--" + name).trim();
                // The style sheets may come after this script: colours read before them would all be black.
                const styled = (tries) => token("paper") || !tries ? Promise.resolve()
                    : new Promise((ok) => setTimeout(ok, 25)).then(() => styled(tries - 1));
                const canvas = L.canvas({padding: 0.2});
                const text = (tag, words) => Object.assign(document.createElement(tag), {textContent: words});
                function facts(area) {
                    const [code, name, county, grade, rate, people, isCommunity] = area;
                    const box = Object.assign(document.createElement("div"), {className: "hs-popup"});
                    const line = (words) => box.append(document.createElement("br"), words);
                    const counted = (words, n) => words.replace("{n}", n.toLocaleString(said.locale));
                    box.append(text("b", name + " (" + county + ")"));
                    line(said.classes[grade]);
                    if (rate !== null) line(counted(said.rate, rate));
                    if (people !== null) line(counted(said.people, people));
                    if (isCommunity) line(said.community);
                    const link = Object.assign(text("a", said.sheet), {href: said.address + code, target: "_blank"});
                    // This frame may not lead the page elsewhere; our script in the page does it (api/static/page.js).
                    link.addEventListener("click", (event) => {
                        event.preventDefault();
                        window.parent.postMessage({hartaOpen: said.address + code}, location.origin);
                    });
                    line(link);
                    return box;
                }
                function polygon(area) {
                    const rings = area[8].map((ring) => {
                        let x = 0, y = 0;
                        const points = [];
                        for (let i = 0; i < ring.length; i += 2) {
                            x += ring[i]; y += ring[i + 1];
                            points.push([y / 1e4, x / 1e4]);
                        }
                        return points;
                    });
                    // Canvas fills by the even-odd rule: holes and parts are just more rings.
                    const marked = area[6] === 1, focus = area[0] === said.focus;
                    return L.polygon(rings, {
                        renderer: canvas, smoothFactor: 0.5, fillRule: "evenodd", fillOpacity: 1,
                        fillColor: area[3] ? token("class-" + area[3]) : token("paper"),
                        color: focus ? token("danger") : marked ? token("ink") : token("line"),
                        weight: focus ? 4 : marked ? 2 : 0.6,
                    }).bindPopup(() => facts(area), {maxWidth: 260, closeButton: false});
                }
                fetch(said.url).then((answer) => {
                    if (!answer.ok) throw new Error(answer.status);
                    return answer.json();
                }).then((wire) => styled(400).then(() => wire)).then((wire) => {
                    const shown = wire.areas.filter((area) => !said.counties || said.counties.includes(area[2]));
                    const order = (area) => (area[0] === said.focus ? 2 : area[6]);
                    const drawn = shown.sort((a, b) => order(a) - order(b)).map(polygon);
                    drawn.forEach((each) => each.addTo(map));
                    for (const area of shown.filter((each) => each[6] === 1))
                        L.circleMarker(area[7], {
                            renderer: canvas, radius: 4, weight: 1.5, fillOpacity: 1,
                            color: token("here-ink"), fillColor: token("here"),
                        }).bindPopup(() => facts(area), {maxWidth: 260, closeButton: false}).addTo(map);
                    const focus = shown.find((area) => area[0] === said.focus);
                    const seen = L.featureGroup(focus ? drawn.slice(-1) : drawn);
                    const room = focus ? {maxZoom: 10, padding: [60, 60]} : {padding: [8, 8]};
                    if (drawn.length) map.fitBounds(seen.getBounds(), {animate: false, ...room});
                    requestAnimationFrame(() => setTimeout(() => {
                        map.getContainer().dataset.drawn = Math.round(performance.now() - began);
                        map.getContainer().dataset.areas = shown.length;
                    }));
                }).catch(() => {
                    const box = map.getContainer();
                    box.append(Object.assign(text("p", said.failed), {className: "hs-map-failed"}));
                    box.dataset.drawn = "failed";
                });
            })({{ this._parent.get_name() }}, {{ this.said | tojavascript }});
        {% endmacro %}
    """)

    def __init__(self, url: str, counties: Sequence[str] | None, focus: int | None, address: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped
        self._name = "AtlasAreas"
        # folium writes keys of its options in camelCase; these have one word each.
        self.said = {
            "url": url,
            "counties": list(counties) if counties is not None else None,
            "focus": focus,
            "address": address,
            "classes": [class_words(code) for code in sorted(CLASSES)],
            "rate": _("{n} % din oameni în zone marginalizate"),
            "people": _("oameni în zone marginalizate: {n}"),
            "community": _("comunitate a proiectului"),
            "sheet": _("Deschideți fișa"),
            "failed": _("Harta nu s-a putut încărca; tabelul are aceleași date."),
            "locale": {"ro": "ro-RO", "en": "en-GB"}[language()],
        }


def country_map(
    url: str, *, counties: Sequence[str] | None = None, focus: int | None = None, address: str, note: str = ""
) -> folium.Map:
    """Draw the country, or some counties of it, by class of marginalisation.

    url: where the browser finds the areas (`geo.atlas_view.wire`), on our own host. counties: letters of those
    shown, None = all. focus: SIRUTA of the one UAT to show from near. address: what a sheet's address begins
    with; the SIRUTA code follows. note: printed in a corner: the mark of a demonstration.
    """
    label = _("Harta: clasele de marginalizare și comunitățile proiectului; aceleași date sunt în tabel")
    drawn = still_map(Background(None, ()), label=label, note=note)
    drawn.add_child(_AtlasAreas(escape(url), counties, focus, address))
    drawn.fit_bounds(list(COUNTRY), padding=(4, 4))
    return drawn
