// Draws the maps in frames of the application. geo/maps/map_component.py puts the data beside it as JSON in a data block of
// the page; what all maps have comes from map_base.js. Nothing here is made by a template.
(() => {
  "use strict";
  const { POPUP, element, filled, token, styled, popup, dress, mark, addPatterns, drawAreas } = window.hartaMapBase;

  /** A link that our script in the page follows (page.js): this frame may not lead the page elsewhere. */
  function link(words, address) {
    const to = new URL(address, location.origin);
    const made = element("a", "", words);
    if (to.origin !== location.origin) return made;
    made.href = to.pathname + to.search;
    made.target = "_blank";
    made.addEventListener("click", (event) => {
      event.preventDefault();
      window.parent.postMessage({ hartaOpen: address }, location.origin);
    });
    return made;
  }

  // --- layers ------------------------------------------------------------------------------------------------

  /** Areas and names that neither mouse nor keyboard meets. */
  function ground(map, layer) {
    if (layer.areas) {
      const className = layer.approximate ? "hs-area hs-area-approximate" : "hs-area";
      L.geoJSON(layer.areas, { interactive: false, smoothFactor: 0.5, style: { className } }).addTo(map);
    }
    for (const [name, lat, lon] of layer.names) {
      const icon = L.divIcon({ className: "hs-name", iconSize: null, html: element("span", "", name) });
      L.marker([lat, lon], { interactive: false, keyboard: false, icon }).addTo(map);
    }
  }

  /** Names over areas, the important first: one that would stand on another waits for a nearer view. */
  function names(map, { names }) {
    const shown = names.map(([name, lat, lon]) => {
      const icon = L.divIcon({ className: "hs-name hs-name-over", iconSize: null, html: element("span", "", name) });
      return L.marker([lat, lon], { interactive: false, keyboard: false, icon }).addTo(map).getElement();
    });
    function thin() {
      const taken = [];
      for (const each of shown) {
        const box = each.firstChild.getBoundingClientRect();
        const meets = taken.some((b) => box.left < b.right + 4 && box.right + 4 > b.left && box.top < b.bottom && box.bottom > b.top);
        each.style.visibility = meets ? "hidden" : "";
        if (!meets) taken.push(box);
      }
    }
    // Before map.css has come, names stand elsewhere and are as wide as other letters.
    const isPlaced = () => !shown.length || getComputedStyle(shown[0].firstChild).position === "absolute";
    function again(tries = 200) {
      if (isPlaced() || !tries) requestAnimationFrame(thin);
      else setTimeout(() => again(tries - 1), 50);
    }
    map.on("zoomend moveend resize", () => again());
    again();
  }

  /** Where a search starts from. */
  function origin(map, { at, title, name }) {
    const face = element("div");
    face.append(element("span", "hs-here"), element("span", "hs-here-name", name));
    mark(at, { face, size: 22, title }).bindPopup(() => popup("", [title]), POPUP).addTo(map);
  }

  /** Numbered marks by state. Tab reaches them in the order of their numbers, Enter opens them. */
  function marks(map, { marks, linked }) {
    for (const { number, at, shift, name, lines, state } of marks) {
      const title = `${number}. ${name}`;
      const face = element("span", `hs-mark hs-mark-${state} hs-pin`, String(number));
      mark(at, { face, size: 32, shift, title, order: 1000 - number })
        .bindPopup(() => popup(title, lines), POPUP).addTo(map);
    }
    if (linked) select(map);
  }

  /** What is chosen in the list stands out on the map, and the other way round: the two pages write to each other. */
  function select(map) {
    function choose(number) {
      let found = null;
      map.eachLayer((layer) => {
        const pin = layer.getElement?.()?.querySelector(".hs-pin");
        if (!pin) return;
        const chosen = pin.textContent === String(number);
        pin.classList.toggle("hs-pin-chosen", chosen);
        layer.setZIndexOffset(chosen ? 2000 : 1000 - Number(pin.textContent));
        if (chosen) found = layer;
      });
      return found;
    }
    map.on("popupopen", (event) => {
      const pin = event.popup._source.getElement().querySelector(".hs-pin");
      if (!pin) return;
      choose(pin.textContent);
      window.parent.postMessage({ hartaChosen: Number(pin.textContent) }, location.origin);
    });
    window.addEventListener("message", (event) => {
      if (event.origin !== location.origin || !event.data?.hartaShow) return;
      const layer = choose(event.data.hartaShow);
      if (layer && !layer.isPopupOpen()) layer.openPopup();
    });
  }

  /** Areas filled by class; a click tells the facts. Colours come from map.css by the class of each path: when this runs,
      the tokens may not have arrived yet. */
  function classes(map, { areas, words }) {
    addPatterns();
    L.geoJSON(areas, {
      smoothFactor: 0.5,
      style: ({ properties }) => ({ className: `hs-area hs-area-${properties.grade}`, weight: 0.8, fillOpacity: 1 }),
      onEachFeature: ({ properties }, layer) => layer.bindPopup(() => popup(properties.name,
        properties.address ? [...properties.lines, link(words, properties.address)] : properties.lines), POPUP),
    }).addTo(map);
  }

  /** Services as points by state: a disc has a place, a ring is to be called first, a square is full (map.css). The keyboard
      passes them by: many stand at one spot, and the tables below say the same. */
  function services(map, { points }) {
    for (const { at, name, lines, state } of points) {
      mark(at, { face: element("span", `hs-mark hs-mark-${state} hs-service`), size: 24, title: name, isPassed: true })
        .bindPopup(() => popup(name, lines), POPUP).addTo(map);
    }
  }

  /** Places as dots by class, the larger the higher; a click tells the facts and leads on. Colours as for areas. */
  function dots(map, { dots, words, radii }) {
    for (const { at, name, lines, grade, out, address } of dots) {
      const says = () => popup(name, address ? [...lines, link(words, address)] : lines);
      const className = `hs-dot hs-dot-${grade}${out ? " hs-dot-out" : ""}`;
      L.circleMarker(at, { radius: radii[grade], fillOpacity: 1, className }).bindPopup(says, POPUP).addTo(map);
    }
    map.getContainer().dataset.dots = dots.length;
  }

  /** The country's areas, fetched from our own host (api/atlas_areas.py). */
  function atlas(map, said) {
    const began = performance.now();
    const counted = (words, n) => filled(words, { n: n.toLocaleString(said.locale) });

    function facts([code, name, county, grade, rate, people, community]) {
      const lines = [said.classes[grade]];
      if (rate !== null) lines.push(counted(said.rate, rate));
      if (people !== null) lines.push(counted(said.people, people));
      if (community) lines.push(said.community);
      return popup(`${name} (${county})`, [...lines, link(said.sheet, said.address + code)]);
    }

    function draw(wire) {
      const { focus, counties } = said;
      const shown = wire.areas.filter((area) => !counties || counties.includes(area[2]));
      const bind = (layer, area) => layer.bindPopup(() => facts(area), POPUP);
      const { canvas, drawn } = drawAreas(map, shown, { gradeOf: (area) => area[3], focus, bind });
      const dot = { renderer: canvas, pane: "areas", radius: 4, weight: 1.5, fillOpacity: 1,
        color: token("here-ink"), fillColor: token("here") };
      for (const area of shown.filter((each) => each[6] === 1)) bind(L.circleMarker(area[7], dot), area).addTo(map);
      const isNear = shown.some((area) => area[0] === focus);
      const seen = L.featureGroup(isNear ? drawn.slice(-1) : drawn);
      const room = isNear ? said.near : said.whole;
      if (drawn.length) map.fitBounds(seen.getBounds(), { animate: false, maxZoom: room.closest, padding: [room.padding, room.padding] });
      const box = map.getContainer();
      requestAnimationFrame(() => setTimeout(() => {
        box.dataset.drawn = Math.round(performance.now() - began);
        box.dataset.areas = shown.length;
      }));
    }

    const from = new URL(said.url, location.origin);
    (from.origin === location.origin ? fetch(from) : Promise.reject(new Error(from.origin))).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then((wire) => styled().then(() => draw(wire))).catch(() => {
      const box = map.getContainer();
      box.append(element("p", "hs-map-failed", said.failed));
      box.dataset.drawn = "failed";
    });
  }

  /** Areas that are reached, the largest first: neither mouse nor keyboard meets them. map.css has the colours. */
  function reach(map, { areas }) {
    for (const { geometry, step } of areas) {
      L.geoJSON(geometry, { interactive: false, style: { className: `hs-reach hs-reach-${step}` } }).addTo(map);
    }
  }

  /** A way in its parts: how each is drawn is said in words below the map. */
  function way(map, { parts }) {
    for (const className of ["hs-way-under", ""]) {
      for (const { kind, line } of parts) {
        const at = line.map(([lon, lat]) => [lat, lon]);
        L.polyline(at, { interactive: false, className: className || `hs-way hs-way-${kind}` }).addTo(map);
      }
    }
  }

  const LAYERS = { ground, names, reach, way, origin, marks, classes, services, dots, atlas };

  /** Draw what the page's data block says on an empty Leaflet map. */
  window.hartaDrawMap = (map) => {
    const data = JSON.parse(document.querySelector(".hs-map-data").textContent);
    map.getContainer().style.height = "100vh"; // as high as its frame, which style.css sizes
    map.invalidateSize({ animate: false });
    dress(map, data.map, false);
    for (const layer of data.layers) LAYERS[layer.kind](map, layer);
    const { bounds, padding, closest } = data.view;
    map.fitBounds(bounds, { padding: [padding, padding], maxZoom: closest });
  };
})();
