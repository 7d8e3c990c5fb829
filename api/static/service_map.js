// The map of all services (templates/plain/map.html): marks by view from our own host, the list and the counts with them;
// what all maps have comes from map_base.js. Text is set with textContent; HTML comes only from our own templates. Without
// this script the page is a list and a drawing.
(() => {
  "use strict";
  const box = document.getElementById("map-box");
  if (!box || !window.L) return;
  const { element, filled, token, dress, mark } = window.hartaMapBase;
  const said = JSON.parse(box.dataset.settings);
  const form = document.getElementById("map-form");
  const list = document.getElementById("map-list");
  const card = document.getElementById("map-card");
  const WAIT_MS = 120;
  const counted = (n) => n.toLocaleString(said.locale);

  // --- the map ---------------------------------------------------------------------------------------------------
  box.querySelector(".map-still")?.remove();
  const plate = element("div", "map-plate");
  box.prepend(plate);
  const map = L.map(plate, { zoomControl: false, attributionControl: false });
  const frame = map.getContainer();
  dress(map, said.map, true);
  const [south, west, north, east] = said.corners;
  map.fitBounds([[south, west], [north, east]], { animate: false });
  const marks = L.layerGroup().addTo(map);
  const side = document.querySelector(".map-side");
  if (matchMedia("(min-width: 900px)").matches) side.open = true;
  if (said.here) {
    const [lat, lon, name] = said.here;
    mark([lat, lon], { face: element("span", "hs-here"), size: 22, title: name, order: -500, isPassed: true }).addTo(map);
  }

  // --- what is asked of the server -------------------------------------------------------------------------------
  let fields = new URLSearchParams(said.fields);
  let under = null, timer = 0, shown = "";

  function cornersNow() {
    const seen = map.getBounds();
    return [seen.getSouth(), seen.getWest(), seen.getNorth(), seen.getEast()].map((n) => n.toFixed(4)).join(",");
  }
  function asked() {
    const wanted = new URLSearchParams(fields);
    wanted.set("cadru", cornersNow());
    wanted.set("zoom", String(Math.floor(map.getZoom())));
    return wanted;
  }
  function refresh() {
    clearTimeout(timer);
    timer = setTimeout(load, WAIT_MS);
  }
  async function load() {
    const wanted = asked().toString();
    if (wanted === shown) return;
    under?.abort();
    under = new AbortController();
    const began = performance.now();
    list.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${said.points}?${wanted}`, { signal: under.signal, credentials: "same-origin" });
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.error || String(answer.status));
      shown = wanted;
      draw(found.marks, found.listed_at);
      list.innerHTML = found.list; // of our own template, which escapes
      count(found);
      remember(wanted);
      frame.dataset.drawn = Math.round(performance.now() - began);
      frame.dataset.total = found.total;
      frame.dispatchEvent(new CustomEvent("hartadrawn", { detail: found }));
    } catch (error) {
      if (error.name === "AbortError") return;
      list.prepend(Object.assign(element("p", "alert", said.words.failed), { role: "alert" }));
      frame.dataset.drawn = "failed";
    } finally {
      list.removeAttribute("aria-busy");
    }
  }
  /** The address is that of what is seen: a map can be sent, and comes back after a reload. */
  function remember(wanted) {
    const framed = new URLSearchParams(location.search).get("incadrat") === "1";
    history.replaceState(null, "", `${said.page}?${wanted}${framed ? "&incadrat=1" : ""}`);
    for (const file of document.querySelectorAll("[data-file]")) file.href = `${file.dataset.file}?${wanted}`;
    if (framed) window.parent.postMessage({ hartaMap: wanted }, location.origin);
  }

  function count(found) {
    document.querySelectorAll("[data-count]").forEach((each) => {
      const [name, value] = each.dataset.count.split(":");
      each.textContent = counted(found.counts[name]?.[value] ?? 0);
    });
    document.querySelectorAll("[data-legend]").forEach((each) => {
      each.textContent = counted(found.legend[Number(each.dataset.legend)]);
    });
    for (const select of form.querySelectorAll("select")) {
      for (const option of select.options) {
        if (!option.value) continue;
        const n = found.counts[select.name]?.[option.value] ?? 0;
        option.textContent = option.textContent.replace(/ \([^()]*\)$/, "") + ` (${counted(n)})`;
      }
    }
  }

  // --- marks -----------------------------------------------------------------------------------------------------
  let drawn = [], listedAt = []; // marks in the order of the grid; which of them each row of the list is at
  function draw(found, places) {
    const had = drawn.find((marker) => marker.getElement() === document.activeElement);
    marks.clearLayers();
    drawn = [];
    listedAt = places;
    if (fields.get("semne") === "fara") return;
    for (const [lat, lon, n, free, ask, full, isOnePlace, id, name] of found) {
      const state = free ? "free" : ask ? "ask" : "full";
      const size = n === 1 ? 30 : Math.min(56, 34 + 5 * Math.log10(n) * 2);
      const face = element("span", `hs-mark hs-mark-${state}${n > 1 ? " hs-mark-many" : ""}`, n === 1 ? "" : counted(n));
      if (n > 1) face.style.setProperty("--free", `${Math.round((100 * free) / n)}%`);
      const title = n === 1 ? name : filled(said.words.many, { n: counted(n), free, ask, full });
      const marker = mark([lat, lon], { face, size, title, order: n });
      marker.on("click keypress", (event) => {
        if (event.originalEvent?.key && event.originalEvent.key !== "Enter") return;
        if (n === 1) openCard([id]);
        else if (isOnePlace || map.getZoom() >= said.map.maxZoom) openPlace(lat, lon);
        else map.setView([lat, lon], Math.min(said.map.maxZoom, map.getZoom() + 2));
      });
      marker.on("add", () => marker.getElement().addEventListener("keydown", (event) => walk(event, marker)));
      marks.addLayer(marker);
      drawn.push(marker);
    }
    if (had && drawn.length) focusOn(nearest(had.getLatLng())); // the map moved under the keyboard
  }
  function nearest(at) {
    const far = drawn.map((marker) => marker.getLatLng().distanceTo(at));
    return drawn[far.indexOf(Math.min(...far))];
  }
  const focusOn = (marker) => marker?.getElement()?.focus({ preventScroll: true });

  // --- by keyboard: left and right through the marks, down to the row of one, and left from a row back ------------
  const isBare = (event) => !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  let left = null; // the mark from which the list was entered
  const heads = () => [...list.querySelectorAll(".map-row > summary")];
  function walk(event, marker) {
    const place = drawn.indexOf(marker), step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!isBare(event) || (!step && event.key !== "ArrowDown")) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) return focusOn(drawn[place + step]);
    left = marker;
    (heads()[listedAt.indexOf(place)] || list).focus();
  }
  list.tabIndex = -1; // for a mark whose services are too many to be listed
  list.addEventListener("keydown", (event) => {
    const all = heads(), row = all.indexOf(event.target);
    if ((row < 0 && event.target !== list) || !isBare(event)) return;
    const back = (drawn[listedAt[row]] || left)?.getElement();
    const to = { ArrowDown: all[row + 1], ArrowUp: all[row - 1], ArrowLeft: back }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  /** Several services at one place: the list is of the same services when the view is as small as the place. */
  function openPlace(lat, lon) {
    const wanted = new URLSearchParams(fields);
    const near = 0.00006;
    wanted.set("cadru", [lat - near, lon - near, lat + near, lon + near].map((n) => n.toFixed(6)).join(","));
    wanted.set("zoom", String(said.map.maxZoom));
    show(fetch(`${said.points}?${wanted}`).then((answer) => answer.json()).then((found) => found.list));
  }
  function openCard(ids) {
    const wanted = new URLSearchParams(ids.map((id) => ["id", id]));
    for (const name of ["loc", "serviciu"]) if (fields.get(name)) wanted.set(name, fields.get(name));
    show(fetch(`${said.card}?${wanted}`).then((answer) => answer.text()));
  }
  function show(coming) {
    const before = document.activeElement;
    card.replaceChildren(element("p", "soft", said.words.wait));
    card.hidden = false;
    coming.then((html) => {
      card.innerHTML = html; // of our own template, which escapes
    }).catch(() => card.replaceChildren(element("p", "alert", said.words.failed))).finally(() => {
      const close = element("button", "map-close", said.words.close);
      close.type = "button";
      close.addEventListener("click", () => { card.hidden = true; before?.focus?.(); });
      card.prepend(close);
      card.focus();
    });
  }
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !card.hidden) card.querySelector(".map-close")?.click();
  });

  // --- filters ---------------------------------------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    if (event.target.form !== form) return; // what belongs to the form also stands elsewhere on the page
    if (event.target.name === "loc" || event.target.name === "km") return; // the server knows places: the form is sent
    const data = new FormData(form);
    data.delete("incadrat");
    fields = new URLSearchParams([...data].filter(([, value]) => value));
    load();
  });
  const placeField = form.elements.namedItem("loc");
  let typing = 0;
  placeField.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(async () => {
      if (placeField.value.trim().length < 2) return;
      const answer = await fetch(`/api/places?q=${encodeURIComponent(placeField.value)}`);
      if (!answer.ok) return;
      const options = (await answer.json()).map(({ label }) => Object.assign(element("option"), { value: label }));
      document.getElementById("map-places").replaceChildren(...options);
    }, 200);
  });

  // What the scripts of further layers and tools draw with; each is a file of its own, loaded after this one.
  window.hartaServiceMap = { map, frame, said, element, counted, filled, token, show, refresh, load, fields: () => fields };

  map.on("moveend", refresh);
  load();
})();
