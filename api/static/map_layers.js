// Layers of the map of services: areas by class or by what a service has within reach, how far one comes from a place,
// what teams know. Drawn after the marks. HTML comes only from our own templates, which escape.
(() => {
  "use strict";
  const own = window.hartaServiceMap;
  if (!own) return;
  const { map, frame, said, show, fields } = own;
  const { element, mark, PATTERNS, drawAreas } = window.hartaMapBase;
  const colour = document.getElementById("map-colour");
  const minutes = document.getElementById("map-minutes");
  const ago = document.getElementById("map-ago");
  const legend = document.getElementById("map-layer");
  const table = document.getElementById("map-table");
  const AFTER_MS = 200, OF_SERVICE = ["acoperire", "legat", "schimbare"];
  const named = () => colour.selectedOptions[0].dataset.name;

  // --- patterns: what differs by colour differs by lines too (as PATTERNS of map_base.js) ----------------------------
  const DOT = [[4, 5, 6, 5]], RISE = [[0, 8, 8, 0], [-1, 1, 1, -1], [7, 9, 9, 7]], CROSS = [...RISE, [0, 0, 8, 8]];
  const DENSE = [[0, 5, 5, 0], [-1, 1, 1, -1], [4, 6, 6, 4]];
  const tile = (ground, pen, lines, side = 8) => ({ side, ground, pen, lines });
  const OF_REACH = [
    tile("paper", "paper", []), tile("reach-1", "reach-1", []), tile("reach-2", "call", DOT), tile("reach-3", "full", CROSS),
    tile("reach-4", "danger", RISE), tile("reach-5", "danger", DENSE, 5),
  ];
  const OF_CHANGE = [
    tile("paper", "paper", []), tile("reach-1", "reach-1", []), tile("change-2", "accent", DOT),
    tile("reach-4", "danger", RISE), tile("reach-3", "full", CROSS),
  ];
  const OF_JOINED = [tile("paper", "paper", [])];
  for (let grade = 1; grade <= 9; grade += 1) {
    const lines = [[], DOT, RISE][(grade - 1) % 3]; // a free place, to be called, nothing
    OF_JOINED.push(tile(`joined-${grade}`, grade === 9 ? "joined-3" : "joined-9", lines));
  }

  // --- areas --------------------------------------------------------------------------------------------------------
  let grades = {}, shown = "", under = null, repaint = () => {};
  function gradeOf(area) {
    const name = named();
    if (name === "fara") return null;
    if (OF_SERVICE.includes(name)) return grades[area[0]] || null;
    if (name === "clasa") return area[3];
    const value = name === "rata" ? area[4] : area[5];
    if (value === null) return 0;
    const ends = colour.selectedOptions[0].dataset.ends.split(",").map(Number);
    return 1 + ends.filter((end) => value > end).length;
  }
  const patterns = () => ({ acoperire: OF_REACH, legat: OF_JOINED, schimbare: OF_CHANGE })[named()] || PATTERNS;
  function openArea(code, locality) {
    const wanted = asked(["serviciu", "minute"]);
    wanted.set("siruta", code);
    if (locality) wanted.set("localitate", locality);
    show(fetch(`${said.area}?${wanted}`).then((answer) => answer.text()));
  }
  own.openArea = openArea;
  async function loadAreas() {
    const answer = await fetch(said.areas);
    if (!answer.ok) return;
    const { areas } = await answer.json();
    const bind = (layer, area) => layer.on("click", (event) => {
      event.originalEvent.hartaArea = true; // a press on an area is none on the bare map
      openArea(area[0], own.nearest?.(event.latlng, area[0])?.[0]);
    });
    ({ repaint } = drawAreas(map, areas, { gradeOf, bind, patterns }));
    frame.dataset.areas = areas.length;
  }
  function asked(names) {
    const wanted = new URLSearchParams();
    for (const name of names) for (const value of fields().getAll(name)) wanted.append(name, value);
    return wanted;
  }
  function say(place, words, isAlert) {
    place.replaceChildren(element("p", isAlert ? "alert" : "soft", words));
  }

  // --- colours of the service that is chosen -------------------------------------------------------------------------
  async function choose() {
    const name = named();
    for (const each of document.querySelectorAll("[data-ground]")) each.hidden = each.dataset.ground !== name;
    const isOfService = OF_SERVICE.includes(name);
    document.getElementById("map-minutes-choice").hidden = !isOfService;
    document.getElementById("map-ago-choice").hidden = name !== "schimbare";
    const wanted = asked(["serviciu", "minute", "culoare", "judet", "acum"]).toString();
    if (wanted === shown) return;
    shown = wanted;
    under?.abort();
    if (!isOfService || !fields().get("serviciu")) {
      grades = {};
      table.hidden = true;
      if (isOfService) say(legend, said.words.choose);
      else legend.replaceChildren();
      repaint();
      return;
    }
    under = new AbortController();
    legend.setAttribute("aria-busy", "true");
    say(legend, said.words.counting);
    try {
      const take = { signal: under.signal, credentials: "same-origin" };
      const answer = await fetch(`${said.coverage}?${wanted}`, take);
      const found = await answer.json();
      if (!answer.ok) throw Object.assign(new Error(found.error), { isRefusal: answer.status !== 429 });
      grades = found.grades;
      legend.innerHTML = found.legend; // of our own template, which escapes
      repaint();
      frame.dataset.coloured = Object.keys(grades).length;
      table.hidden = name !== "legat";
      if (name === "legat") {
        const rows = await fetch(`${said.joined}?${wanted}`, take);
        if (rows.status === 429) throw new Error((await rows.json()).error);
        const html = await rows.text();
        const isInTable = table.contains(document.activeElement);
        table.innerHTML = html; // of our own template, which escapes
        if (isInTable) document.getElementById("map-county")?.focus(); // what had the focus is gone
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!error.isRefusal) shown = ""; // asked again at the next move
      grades = {};
      repaint();
      say(legend, error.message || said.words.failed, true);
    } finally {
      legend.removeAttribute("aria-busy");
    }
  }

  // --- layers over the colours: how far one comes, what teams know ---------------------------------------------------
  const areasOver = L.layerGroup().addTo(map), marksOver = L.layerGroup().addTo(map);
  map.createPane("reach").style.zIndex = 300;
  /** Ask for a layer where it is chosen and its question is another. */
  function extra({ names, carried, address, place, layer, put }) {
    let before = "";
    return async () => {
      const on = fields().getAll("strat").filter((name) => names.includes(name));
      const wanted = asked(carried);
      for (const name of on) wanted.append("strat", name);
      const question = on.length ? wanted.toString() : "";
      if (question === before) return;
      before = question;
      layer.clearLayers();
      if (!question) {
        place.replaceChildren();
        return;
      }
      say(place, said.words.wait);
      try {
        const answer = await fetch(`${address}?${question}`, { credentials: "same-origin" });
        const found = await answer.json();
        if (question !== before) return;
        if (!answer.ok) throw new Error(found.error);
        put(found);
      } catch (error) {
        say(place, error.message || said.words.failed, true);
      }
    };
  }
  const reachPlace = document.getElementById("map-reach"), localPlace = document.getElementById("map-local");
  const reach = extra({
    names: ["ajung"], carried: ["loc"], address: said.reach, place: reachPlace, layer: areasOver,
    put(found) {
      reachPlace.innerHTML = found.legend; // of our own template, which escapes
      for (const { geometry, step } of found.areas) {
        const className = `hs-reach hs-reach-${step}`;
        areasOver.addLayer(L.geoJSON(geometry, { interactive: false, pane: "reach", style: { className } }));
      }
    },
  });
  const local = extra({
    names: ["local", "calendar"], carried: [], address: said.local, place: localPlace, layer: marksOver,
    put(found) {
      localPlace.innerHTML = found.list; // of our own template, which escapes
      for (const [lat, lon, n, comes, name, html] of found.marks) {
        const face = element("span", `map-local-mark${comes ? " comes" : ""}`, comes ? "Z" : "R");
        const one = mark([lat, lon], { face, size: 44, title: own.filled(said.words.local, { place: name, n }), order: 900 });
        one.on("click keypress", (event) => {
          if (event.originalEvent?.key && event.originalEvent.key !== "Enter") return;
          show(Promise.resolve(html));
        });
        marksOver.addLayer(one);
      }
      frame.dataset.local = found.marks.length;
    },
  });

  /** What a card tells on demand takes the place of its button. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-more]");
    if (!button) return;
    button.disabled = true;
    button.textContent = said.words.wait;
    const answer = await fetch(button.dataset.more, { credentials: "same-origin" });
    const place = element("div", "map-more-place");
    place.tabIndex = -1;
    place.innerHTML = await answer.text(); // of our own template, which escapes
    button.replaceWith(place);
    place.focus();
  });
  document.addEventListener("change", (event) => {
    if ([colour, minutes, ago].includes(event.target)) choose();
    if (event.target.name === "strat") {
      reach();
      local();
    }
  });
  frame.addEventListener("hartadrawn", () => {
    choose();
    reach();
  });
  async function begin() {
    await loadAreas();
    await choose();
    await Promise.all([reach(), local()]);
  }
  const soon = () => setTimeout(() => begin().catch(() => {}), AFTER_MS);
  if (frame.dataset.drawn) soon();
  else frame.addEventListener("hartadrawn", soon, { once: true });
})();
