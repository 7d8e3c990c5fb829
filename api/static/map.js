// Draws every interactive map. geo/map_component.py puts the data beside it as JSON in a data block of the page; text is
// set with textContent alone, so a name from a register stays text, whatever it holds. Nothing here is made by a template.
(() => {
  "use strict";
  const POPUP = { maxWidth: 260, closeButton: false };

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

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

  /** A mark of HTML with text that opens above it. Leaflet's own marker asks for two pictures that are never shown. */
  function point(map, at, { mark, size, shift, title, order, says }) {
    const icon = L.divIcon({
      html: mark,
      className: "hs-point",
      iconSize: [size, size],
      iconAnchor: [size / 2 - shift[0], size / 2 - shift[1]],
      popupAnchor: [shift[0], shift[1] - size / 2],
    });
    // Leaflet gives the title to the focusable element: it is also what a screen reader says.
    L.marker(at, { icon, title, alt: title, zIndexOffset: order }).bindPopup(says, POPUP).addTo(map);
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

  /** Where a search starts from. */
  function origin(map, { at, title, name }) {
    const mark = element("div");
    mark.append(element("span", "hs-here"), element("span", "hs-here-name", name));
    point(map, at, { mark, size: 22, shift: [0, 0], title, order: 0, says: () => popup("", [title]) });
  }

  /** Numbered marks, filled where confirmed. Tab reaches them in the order of their numbers, Enter opens them. */
  function marks(map, { marks, linked }) {
    for (const { number, at, shift, name, lines, confirmed } of marks) {
      const title = `${number}. ${name}`;
      const mark = element("span", `hs-pin hs-pin-${confirmed ? "confirmed" : "call"}`, String(number));
      point(map, at, { mark, size: 32, shift, title, order: 1000 - number, says: () => popup(title, lines) });
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

  // The pattern of areas of which nothing is known; map.css fills them with it.
  const UNKNOWN = `<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>
    <pattern id="hs-unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect class="hs-unknown-ground" width="6" height="6"/><line class="hs-unknown-line" x1="0" x2="0" y2="6"/>
    </pattern></defs></svg>`;

  /** Areas filled by class; a click, or Enter, tells the facts. Colours come from map.css by the class of each path:
      when this runs, the tokens may not have arrived yet. */
  function classes(map, { areas }) {
    document.body.insertAdjacentHTML("beforeend", UNKNOWN);
    L.geoJSON(areas, {
      smoothFactor: 0.5,
      style: ({ properties }) => ({ className: `hs-area hs-area-${properties.grade}`, weight: 0.8, fillOpacity: 1 }),
      onEachFeature: ({ properties }, layer) => layer.bindPopup(() => popup(properties.name, properties.lines), POPUP),
    }).addTo(map);
  }

  /** Places as dots by class; a click tells the facts and leads on. Colours as for areas. */
  function dots(map, { dots, words }) {
    for (const { at, name, lines, grade, out, address } of dots) {
      const says = () => popup(name, address ? [...lines, link(words, address)] : lines);
      L.circleMarker(at, {
        radius: grade ? (out ? 8 : 6.5) : 5,
        fillOpacity: 1,
        className: `hs-dot hs-area-${grade}${out ? " hs-dot-out" : ""}`,
      }).bindPopup(says, POPUP).addTo(map);
    }
    map.getContainer().dataset.dots = dots.length;
  }

  /** The country's areas, fetched from our own host (api/atlas_map.py) and drawn on one canvas: 3,200 elements of SVG
      would take seconds. A canvas knows no style sheet, so the colours are read from the tokens. */
  function atlas(map, said) {
    const began = performance.now();
    const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    // The style sheets may come after this script: colours read before them would all be black.
    const styled = (tries) => (token("paper") || !tries ? Promise.resolve()
      : new Promise((done) => setTimeout(done, 25)).then(() => styled(tries - 1)));
    const canvas = L.canvas({ padding: 0.2 });
    const counted = (words, n) => words.replace("{n}", () => n.toLocaleString(said.locale));

    function facts([code, name, county, grade, rate, people, community]) {
      const lines = [said.classes[grade]];
      if (rate !== null) lines.push(counted(said.rate, rate));
      if (people !== null) lines.push(counted(said.people, people));
      if (community) lines.push(said.community);
      return popup(`${name} (${county})`, [...lines, link(said.sheet, said.address + code)]);
    }

    function polygon(area, colours) {
      const rings = window.hartaRings(area);
      const marked = area[6] === 1, focus = area[0] === said.focus;
      // Canvas fills by the even-odd rule: holes and parts are just more rings.
      return L.polygon(rings, {
        renderer: canvas, smoothFactor: 0.5, fillRule: "evenodd", fillOpacity: 1,
        fillColor: area[3] ? colours[`class-${area[3]}`] : colours.paper,
        color: focus ? colours.danger : marked ? colours.ink : colours.line,
        weight: focus ? 4 : marked ? 2 : 0.6,
      }).bindPopup(() => facts(area), POPUP);
    }

    function draw(wire) {
      const names = ["paper", "danger", "ink", "line", "here", "here-ink", "class-1", "class-2", "class-3", "class-4"];
      const colours = Object.fromEntries(names.map((name) => [name, token(name)]));
      const order = (area) => (area[0] === said.focus ? 2 : area[6]);
      const shown = wire.areas.filter((area) => !said.counties || said.counties.includes(area[2]));
      const drawn = shown.sort((a, b) => order(a) - order(b)).map((area) => polygon(area, colours).addTo(map));
      for (const area of shown.filter((each) => each[6] === 1))
        L.circleMarker(area[7], {
          renderer: canvas, radius: 4, weight: 1.5, fillOpacity: 1, color: colours["here-ink"], fillColor: colours.here,
        }).bindPopup(() => facts(area), POPUP).addTo(map);
      const focus = shown.some((area) => area[0] === said.focus);
      const seen = L.featureGroup(focus ? drawn.slice(-1) : drawn);
      const room = focus ? { maxZoom: 10, padding: [60, 60] } : { padding: [8, 8] };
      if (drawn.length) map.fitBounds(seen.getBounds(), { animate: false, ...room });
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
    }).then((wire) => styled(400).then(() => draw(wire))).catch(() => {
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

  const LAYERS = { ground, reach, way, origin, marks, classes, dots, atlas };

  // --- the map itself ----------------------------------------------------------------------------------------

  function corner(map, note) {
    const box = L.control({ position: "bottomright" });
    box.onAdd = () => element("div", "hs-map-note", note);
    box.addTo(map);
  }

  function tiles(map, { template, attribution }) {
    const escaped = element("span", "", attribution).innerHTML; // Leaflet takes an attribution as markup
    L.control.attribution().addTo(map);
    L.tileLayer(template, { attribution: escaped, maxZoom: 18 }).addTo(map);
  }

  /** Draw what the page's data block says on an empty Leaflet map. */
  window.hartaDrawMap = (map) => {
    const data = JSON.parse(document.querySelector(".hs-map-data").textContent);
    const box = map.getContainer();
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", data.label);
    map.setMaxZoom(data.maxZoom);
    if (data.tiles) tiles(map, data.tiles);
    L.control.zoom({ zoomInTitle: data.zoomIn, zoomOutTitle: data.zoomOut }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    if (data.note) corner(map, data.note);
    for (const layer of data.layers) LAYERS[layer.kind](map, layer);
    const { bounds, padding, closest } = data.view;
    map.fitBounds(bounds, { padding: [padding, padding], ...(closest === null ? {} : { maxZoom: closest }) });
  };
})();
