// The finder's answer on the map of all services (templates/plain/map_answer.html): the list becomes the answer, its pins and
// rows go together. A question travels in the body of a form; an address has a place and a need, and nothing of a person.
(() => {
  "use strict";
  const harta = window.hartaServiceMap;
  if (!harta) return;
  const { map, frame, said, element, show } = harta;
  const { mark } = window.hartaMapBase;
  const find = (id) => document.getElementById(id);
  const page = document.querySelector(".map-page");
  const form = find("map-form"), panel = find("map-answer"), list = find("map-list"), card = find("map-card"), voice = find("map-voice");
  const ASKED = "/simplu/harta/raspuns", TARGET = 44, CROWDED = 24; // pixels
  const pane = map.createPane("answer");
  pane.style.zIndex = 640;
  const pins = L.layerGroup().addTo(map), way = L.layerGroup().addTo(map);
  let markers = [];
  const isOpen = () => !panel.hidden;

  // --- pins, in the order of their numbers ---------------------------------------------------------------------------
  function pin([number, lat, lon, state, , words, right, down]) {
    const face = element("span", `hs-mark hs-pin hs-mark-${state} map-number`, number);
    const marker = mark([lat, lon], { face, size: TARGET, shift: [right, down], title: words });
    marker.options.pane = "answer";
    marker.number = String(number);
    marker.aside = L.point(right, down);
    marker.on("click keypress", (event) => {
      if (event.originalEvent?.key && event.originalEvent.key !== "Enter") return;
      unfold(marker.number);
    });
    marker.on("add", () => {
      const pressed = marker.getElement();
      pressed.setAttribute("aria-label", words);
      pressed.addEventListener("focus", () => choose(marker.number));
      pressed.addEventListener("keydown", move);
    });
    return marker;
  }
  /** A pin takes a finger's room where it has it; among others no more than its own face, so that none lies over another. */
  function give_room() {
    const spots = markers.map((each) => map.latLngToLayerPoint(each.getLatLng()).add(each.aside));
    markers.forEach((each, i) => {
      const side = spots.some((other, k) => k !== i && other.distanceTo(spots[i]) < TARGET) ? CROWDED : TARGET;
      const { x, y } = each.aside;
      const sides = { width: side, height: side, marginLeft: x - side / 2, marginTop: y - side / 2 };
      for (const [name, pixels] of Object.entries(sides)) each.getElement().style[name] = `${pixels}px`;
    });
  }
  map.on("zoomend", give_room);
  const rows = () => [...panel.querySelectorAll(".map-row[data-number]")];
  const heads = () => [...panel.querySelectorAll(".map-row > summary")].filter((each) => each.offsetParent);
  const headOf = (number) => rows().find((each) => each.dataset.number === number)?.querySelector("summary");
  /** Left and right go through the pins, down to the row of one; the map must not move with them. */
  function move(event) {
    const place = markers.findIndex((each) => each.getElement() === event.currentTarget);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if ((!step && event.key !== "ArrowDown") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    (step ? markers[place + step]?.getElement() : shown(headOf(markers[place].number)))?.focus();
  }
  /** A row may stand in a part that is folded. */
  function shown(head) {
    for (const part of panel.querySelectorAll("details")) if (part !== head?.parentElement && part.contains(head)) part.open = true;
    return head;
  }
  /** Let the row and the pin of a number stand out, and the pin be in view. */
  function choose(number, isFromList) {
    for (const row of rows()) row.classList.toggle("on", row.dataset.number === number);
    for (const marker of markers) {
      const isOn = marker.number === number;
      marker.getElement()?.classList.toggle("on", isOn);
      marker.setZIndexOffset(isOn ? 5000 : 0);
      if (isOn && isFromList) map.panInside(marker.getLatLng(), { padding: [60, 60], animate: false });
    }
  }
  function unfold(number) {
    const row = rows().find((each) => each.dataset.number === number);
    if (!row) return;
    shown(row.querySelector("summary"));
    row.open = true;
    choose(number);
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("summary").focus({ preventScroll: true });
  }
  panel.addEventListener("focusin", (event) => {
    const row = event.target.closest(".map-row[data-number]");
    if (row) choose(row.dataset.number, true);
  });
  panel.addEventListener("keydown", (event) => {
    const head = event.target.closest(".map-row > summary");
    if (!head) return;
    const all = heads(), at = all.indexOf(head), number = head.parentElement.dataset.number;
    const pinned = markers.find((each) => each.number === number)?.getElement();
    const to = { ArrowDown: all[at + 1], ArrowUp: all[at - 1], ArrowLeft: pinned }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
  });

  // --- the answer comes and goes ---------------------------------------------------------------------------------------
  function draw(found) {
    pins.clearLayers();
    way.clearLayers();
    markers = found.pins.map(pin);
    markers.forEach((each) => pins.addLayer(each));
    give_room();
    frame.querySelectorAll(".leaflet-marker-pane .hs-here").forEach((each) => each.parentElement.remove());
    const [lat, lon, name] = found.here;
    pins.addLayer(mark([lat, lon], { face: element("span", "hs-here"), size: 22, title: name, order: -500, isPassed: true }));
    if (found.way) paint(found.way);
    quiet_others();
  }
  /** Other services stay for the eye and the finger: Tab goes through the answer. */
  function quiet_others() {
    page.classList.toggle("answered", isOpen());
    for (const each of frame.querySelectorAll(".leaflet-marker-pane [role=button]")) each.tabIndex = isOpen() ? -1 : 0;
  }
  /** Place and need go into the address, where they may stand there; what is of a person never does. */
  function carry(address) {
    const fields = harta.fields();
    fields.delete("raspuns");
    form.querySelector("input[name=raspuns]")?.remove();
    for (const [name, value] of address) {
      const field = form.elements.namedItem(name) ?? form.appendChild(Object.assign(element("input"), { type: "hidden", name }));
      field.value = value;
      fields.set(name, value);
    }
  }
  function open(found) {
    panel.hidden = false;
    list.hidden = true;
    draw(found);
    carry(found.address);
    const [south, west, north, east] = found.corners;
    map.fitBounds([[south, west], [north, east]], { animate: false });
    harta.load();
    voice.textContent = panel.querySelector(".map-asked").textContent;
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
    frame.scrollIntoView({ block: "nearest" });
  }
  function shut() {
    panel.hidden = true;
    list.hidden = false;
    panel.replaceChildren();
    pins.clearLayers();
    way.clearLayers();
    markers = [];
    quiet_others();
    carry([]);
    harta.load();
    list.tabIndex = -1;
    list.focus();
  }

  // --- questions ---------------------------------------------------------------------------------------------------------
  async function send(address, body) {
    const answer = await fetch(address, { method: "POST", body, credentials: "same-origin" });
    const found = await answer.json();
    if (!answer.ok && !found.ask) throw new Error(found.error || said.words.failed);
    return found;
  }
  function fields_of(sent, button) {
    const body = new URLSearchParams(new FormData(sent));
    if (button?.name) body.append(button.name, button.value);
    return body;
  }
  async function ask(body) {
    const found = await send(said.ask, body);
    if (found.ask) {
      show(Promise.resolve(found.ask));
      return;
    }
    card.hidden = true;
    panel.innerHTML = found.html; // of our own template, which escapes
    open(found);
  }
  async function go(body) {
    const found = await send(said.way, body);
    find("map-way").innerHTML = found.html; // of our own template, which escapes
    way.clearLayers();
    const drawn = paint(found.way);
    frame.scrollIntoView({ block: "nearest" });
    if (drawn) map.fitBounds(drawn.getBounds().pad(0.15), { animate: false });
  }
  function paint(parts) {
    if (!parts.length) return null;
    const drawn = L.featureGroup();
    for (const { kind, line } of parts) {
      const points = line.map(([lon, lat]) => [lat, lon]);
      drawn.addLayer(L.polyline(points, { className: "hs-way-under", interactive: false }));
      drawn.addLayer(L.polyline(points, { className: `hs-way hs-way-${kind}`, interactive: false }));
    }
    way.addLayer(drawn);
    return drawn;
  }
  const failed = (error) => show(Promise.reject(error));
  document.addEventListener("submit", (event) => {
    const sent = event.target, button = event.submitter;
    const isWay = button?.name === "drum";
    if (!isWay && new URL(sent.action).pathname !== ASKED) return;
    event.preventDefault();
    const body = fields_of(sent, button);
    (isWay ? go(body) : ask(body)).catch(failed);
  });
  panel.addEventListener("click", (event) => {
    if (!event.target.closest("#map-all")) return;
    event.preventDefault();
    shut();
  });
  form.addEventListener("change", (event) => {
    const first = panel.querySelector("form");
    if (!isOpen() || event.target.name !== "serviciu" || !first) return;
    if (!event.target.value) return shut();
    const body = fields_of(first);
    body.set("nevoie", event.target.value);
    ask(body).catch(failed);
  });

  // --- what a reader of the screen hears after the map has moved -----------------------------------------------------------
  frame.addEventListener("hartadrawn", () => {
    if (isOpen()) quiet_others();
    else voice.textContent = list.querySelector(".map-sum")?.textContent ?? "";
  });
  if (said.answer) draw(said.answer);
})();
