// Under the marks of every view: names of localities by importance, main roads where they are imported. Both come by squares
// that the browser keeps. A press on a place opens its card: the code of the nearest locality is sent, never a point.
(() => {
  "use strict";
  const harta = window.hartaServiceMap;
  if (!harta) return;
  const { map, frame, said, element } = harta;
  const BLOCK = 1024, LEAST = 6, MOST = 13, EVERY = 11, MOST_KEPT = 80, MOST_NAMES = 70, FARTHEST_M = 25000;
  const FONTS = [[700, 15], [700, 14], [600, 13], [500, 12.5], [400, 12]];
  const pane = map.createPane("names"), under = map.createPane("roads");
  pane.style.zIndex = 560;
  pane.setAttribute("aria-hidden", "true"); // the field of the place and the list say as much
  under.style.zIndex = 270;
  const canvas = L.canvas({ pane: "roads", padding: 0.2 });
  const lines = L.layerGroup().addTo(map);
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  const kept = new Map();

  // --- squares ----------------------------------------------------------------------------------------------------------
  const zoomNow = () => Math.min(MOST, Math.max(LEAST, Math.floor(map.getZoom())));
  function squares(zoom) {
    const seen = map.getBounds();
    const low = map.project(seen.getNorthWest(), zoom).divideBy(BLOCK).floor();
    const high = map.project(seen.getSouthEast(), zoom).divideBy(BLOCK).floor();
    const found = [];
    for (let x = low.x; x <= high.x; x++) for (let y = low.y; y <= high.y; y++) if (x >= 0 && y >= 0) found.push([x, y]);
    return found.slice(0, 12);
  }
  function square(address, part, zoom, [x, y]) {
    const key = `${part} ${zoom} ${x} ${y}`;
    if (!kept.has(key)) {
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
      kept.set(key, fetch(`${address}&zoom=${zoom}&x=${x}&y=${y}`, { credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
        .then((found) => found[part])
        .catch(() => { kept.delete(key); return []; }));
    }
    return kept.get(key);
  }
  const all = (address, part) => Promise.all(squares(zoomNow()).map((each) => square(address, part, zoomNow(), each)))
    .then((found) => found.flat());

  // --- names: none over a mark, none over another -------------------------------------------------------------------------
  let known = [];
  function boxes_of_marks() {
    const edge = frame.getBoundingClientRect();
    return [...frame.querySelectorAll(".leaflet-marker-pane .hs-point, .hs-passed, .leaflet-answer-pane .hs-mark, .leaflet-control")].map((each) => {
      const { left, top, right, bottom } = each.getBoundingClientRect();
      return [left - edge.left, top - edge.top, right - edge.left, bottom - edge.top];
    });
  }
  function place() {
    const size = map.getSize(), taken = boxes_of_marks(), made = [];
    const clear = (box) => taken.every(([l, t, r, b]) => box[2] <= l || box[0] >= r || box[3] <= t || box[1] >= b);
    for (const [code, name, lat, lon, rank, uat] of known) {
      if (made.length >= MOST_NAMES) break;
      const at = map.latLngToContainerPoint([lat, lon]);
      if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) continue;
      const [weight, pixels] = FONTS[rank];
      pen.font = `${weight} ${pixels}px ${family}`;
      const wide = pen.measureText(name).width / 2 + 3, high = pixels * 0.68;
      // On its point, below a mark, above it, beside it.
      const spots = [[0, 0], [0, 26], [0, -26], [wide + 18, 0], [-wide - 18, 0], [0, 38], [0, -38]];
      const spot = spots.map(([dx, dy]) => [at.x + dx, at.y + dy]).find(([x, y]) => {
        const box = [x - wide, y - high, x + wide, y + high];
        return box[0] >= 0 && box[2] <= size.x && box[1] >= 0 && box[3] <= size.y && clear(box);
      });
      if (!spot) continue;
      taken.push([spot[0] - wide, spot[1] - high, spot[0] + wide, spot[1] + high]);
      const text = element("span", `map-name-of rank-${rank}`, name);
      text.dataset.code = code;
      text.dataset.uat = uat;
      L.DomUtil.setPosition(text, map.containerPointToLayerPoint(L.point(spot[0] - wide, spot[1])).round());
      made.push(text);
    }
    pane.replaceChildren(...made);
    frame.dataset.names = made.length;
  }
  async function refresh() {
    const zoom = map.getZoom();
    const found = await all(said.names, "names").catch(() => []);
    if (zoom !== map.getZoom()) return;
    known = found.sort((a, b) => a[4] - b[4]);
    place();
  }
  async function draw_roads() {
    if (!said.roads) return;
    const zoom = map.getZoom();
    const found = await all(said.roads, "roads").catch(() => []);
    if (zoom !== map.getZoom()) return;
    const style = { renderer: canvas, pane: "roads", interactive: false, color: harta.token("field"), opacity: 0.75 };
    lines.clearLayers();
    for (const [rank, flat] of found) {
      const points = [];
      for (let i = 0; i < flat.length; i += 2) points.push([flat[i], flat[i + 1]]);
      lines.addLayer(L.polyline(points, { ...style, weight: [2.6, 1.8, 1.2, 0.8][rank] }));
    }
    frame.dataset.roads = found.length;
  }
  const both = () => { refresh(); draw_roads(); };

  // --- a press on a place --------------------------------------------------------------------------------------------------
  /** The locality nearest to a point: of the UAT that was pressed, once all of them are known. */
  harta.nearest = (point, uat) => {
    if (uat !== undefined && map.getZoom() < EVERY) return null;
    let best = null, least = uat === undefined ? FARTHEST_M : Infinity;
    for (const each of known) {
      if (uat !== undefined && each[5] !== Number(uat)) continue;
      const far = map.distance(point, [each[2], each[3]]);
      if (far < least) [best, least] = [each, far];
    }
    return best;
  };
  pane.addEventListener("click", (event) => {
    const { code, uat } = event.target.dataset;
    if (!code) return;
    event.stopPropagation();
    harta.openArea?.(uat, code);
  });
  map.on("click", ({ latlng, originalEvent }) => {
    if (originalEvent?.hartaArea) return;
    const near = harta.nearest(latlng);
    if (near) harta.openArea?.(near[5], near[0]);
  });
  map.on("zoomstart", () => { pane.style.visibility = "hidden"; });
  map.on("zoomend", () => { pane.style.visibility = ""; });
  map.on("moveend", both);
  frame.addEventListener("hartadrawn", place);
  both();
})();
