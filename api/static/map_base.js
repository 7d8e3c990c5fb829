// What every map of the product has, for the scripts that draw one: map.js in a frame of the application, service_map.js on
// its own page. Text is set with textContent alone, so a name from a register stays text, whatever it holds.
window.hartaMapBase = (() => {
  "use strict";
  const POPUP = { maxWidth: 260, closeButton: false };
  const SVG = "http://www.w3.org/2000/svg";

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  /** The style sheets may come after a script: colours read before them would all be black. */
  const styled = (tries = 400) => (token("paper") || !tries ? Promise.resolve()
    : new Promise((done) => setTimeout(done, 25)).then(() => styled(tries - 1)));

  /** What a popup says: lines of text or elements, the first one as its title where there is a title. */
  function popup(title, lines) {
    const box = element("div", "hs-popup");
    if (title) box.append(element("b", "", title));
    lines.forEach((line, i) => {
      if (title || i) box.append(element("br"));
      box.append(line);
    });
    return box;
  }

  // --- the map itself ----------------------------------------------------------------------------------------

  function corner(map, position, made) {
    const box = L.control({ position });
    box.onAdd = () => made;
    box.addTo(map);
  }

  /** Give an empty Leaflet map what all have (geo/maps/map_style.py map_settings). isPage: the map is the page, so a finger
      and a wheel move it; inside of a page that scrolls, two fingers do. */
  function dress(map, { label, zoomIn, zoomOut, north, note, maxZoom, zoomSnap, tiles }, isPage) {
    const box = map.getContainer();
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", label);
    map.setMaxZoom(maxZoom);
    map.options.zoomSnap = zoomSnap;
    if (!isPage) {
      // A press gives the map the focus, for which the page around would scroll: what is pressed would slip from the finger.
      box.focus = () => HTMLElement.prototype.focus.call(box, { preventScroll: true });
      box.addEventListener("mousedown", (event) => { if (event.target.closest(".leaflet-marker-icon")) event.preventDefault(); });
      map.scrollWheelZoom.disable();
      if (L.Browser.mobile) map.dragging.disable();
    }
    if (tiles) {
      L.control.attribution().addTo(map);
      const escaped = element("span", "", tiles.attribution).innerHTML; // Leaflet takes an attribution as markup
      L.tileLayer(tiles.template, { attribution: escaped, maxZoom }).addTo(map);
    }
    L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const mark = element("div", "hs-north", "N");
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", north);
    corner(map, "topright", mark);
    if (note) corner(map, "bottomright", element("div", "hs-map-note", note));
  }

  /** A mark of our own with text: Leaflet gives the title to the element that takes the focus, so a screen reader says it.
      isPassed: the keyboard passes it by. */
  function mark(at, { face, size, shift = [0, 0], title, order = 0, isPassed = false }) {
    const icon = L.divIcon({
      html: face,
      className: isPassed ? "hs-passed" : "hs-point",
      iconSize: [size, size],
      iconAnchor: [size / 2 - shift[0], size / 2 - shift[1]],
      popupAnchor: [shift[0], shift[1] - size / 2],
    });
    return L.marker(at, { icon, title, alt: title, zIndexOffset: order, keyboard: !isPassed });
  }

  // --- classes of areas: a colour and a pattern each, so that they differ without colours --------------------------

  // grade: the side of a tile, the token of its ground and of its pen, and the lines (x, y, x, y) that it repeats.
  const PATTERNS = {
    0: { side: 6, ground: "paper", pen: "field", lines: [[0, 6, 6, 0], [-1, 1, 1, -1], [5, 7, 7, 5]] },
    1: { side: 8, ground: "class-1", pen: "class-1", lines: [] },
    2: { side: 8, ground: "class-2", pen: "class-4", lines: [[3, 4, 5, 4]] },
    3: { side: 8, ground: "class-3", pen: "class-4", lines: [[0, 8, 8, 0], [-1, 1, 1, -1], [7, 9, 9, 7]] },
    4: { side: 6, ground: "class-4", pen: "class-3", lines: [[0, 3, 6, 3], [3, 0, 3, 6]] },
    5: { side: 7, ground: "call-soft", pen: "call", lines: [[0, 0, 7, 7], [-1, 6, 1, 8], [6, -1, 8, 1]] },
  };

  /** The patterns for areas that are elements; map.css fills `hs-area-…` with them, in the colours of the moment. */
  function addPatterns() {
    if (document.getElementById("hs-hatch-0")) return;
    const made = (name, values) => {
      const one = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(values)) one.setAttribute(key, value);
      return one;
    };
    const sheet = made("svg", { width: 0, height: 0, "aria-hidden": "true", class: "hs-patterns" });
    for (const [grade, { side, ground, pen, lines }] of Object.entries(PATTERNS)) {
      const tile = made("pattern", { id: `hs-hatch-${grade}`, width: side, height: side, patternUnits: "userSpaceOnUse" });
      tile.append(made("rect", { width: side, height: side, class: `hs-fill-${ground}` }));
      for (const [x1, y1, x2, y2] of lines) tile.append(made("line", { x1, y1, x2, y2, class: `hs-pen-${pen}` }));
      sheet.append(tile);
    }
    document.body.append(sheet);
  }

  /** The same patterns for areas on a canvas, which knows no style sheet: [of class 0, …, of class 5]. */
  function fills(table) {
    return Object.values(table).map(({ side, ground, pen, lines }) => {
      const tile = document.createElement("canvas");
      tile.width = tile.height = side;
      const ink = tile.getContext("2d");
      ink.fillStyle = token(ground);
      ink.fillRect(0, 0, side, side);
      ink.strokeStyle = token(pen);
      ink.globalAlpha = 0.7;
      for (const [x1, y1, x2, y2] of lines) {
        ink.beginPath();
        ink.moveTo(x1, y1);
        ink.lineTo(x2, y2);
        ink.stroke();
      }
      return ink.createPattern(tile, "repeat");
    });
  }

  /** Rings of an area of /api/atlas-map (geo/maps/atlas_view.py wire): differences of ten-thousandths of a degree. */
  function rings(area) {
    return area[8].map((ring) => {
      let x = 0, y = 0;
      const points = [];
      for (let i = 0; i < ring.length; i += 2) {
        x += ring[i]; y += ring[i + 1];
        points.push([y / 1e4, x / 1e4]);
      }
      return points;
    });
  }

  /** The country's areas on one canvas below all marks: 3,200 elements would take seconds. gradeOf: class of an area, 0 to
      4, or null for none; focus: SIRUTA of the one that stands out; bind: gives a drawn area what a press does; patterns:
      gives another table like PATTERNS, of which gradeOf is then said.
      Returns { canvas, drawn, repaint }; repaint after the colours or gradeOf's mind changed. */
  function drawAreas(map, areas, { gradeOf, focus = null, bind, patterns = () => PATTERNS }) {
    const pane = map.getPane("areas") || map.createPane("areas");
    pane.style.zIndex = 250;
    const canvas = L.canvas({ padding: 0.2, pane: "areas" });
    let colours;
    const mix = () => {
      const [paper, danger, ink, line] = ["paper", "danger", "ink", "line"].map(token);
      colours = { patterns: fills(patterns()), paper, danger, ink, line };
    };
    const order = (area) => (area[0] === focus ? 2 : area[6]);
    const sorted = [...areas].sort((a, b) => order(a) - order(b));
    function paint(area) {
      const grade = gradeOf(area), isFocus = area[0] === focus, isMarked = area[6] === 1;
      return {
        fillColor: grade === null ? colours.paper : colours.patterns[grade],
        color: isFocus ? colours.danger : isMarked ? colours.ink : colours.line,
        weight: isFocus ? 4 : isMarked ? 1.6 : 0.6,
      };
    }
    // Canvas fills by the even-odd rule: holes and parts are just more rings.
    const still = { renderer: canvas, pane: "areas", smoothFactor: 0.5, fillRule: "evenodd", fillOpacity: 1 };
    mix();
    const drawn = sorted.map((area) => bind(L.polygon(rings(area), { ...still, ...paint(area) }), area).addTo(map));
    const repaint = () => { mix(); drawn.forEach((each, i) => each.setStyle(paint(sorted[i]))); };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
    return { canvas, drawn, repaint };
  }

  return { POPUP, PATTERNS, element, filled, token, styled, popup, dress, mark, addPatterns, rings, drawAreas };
})();
