// Tools of the map of services: search by name, a rectangle or a circle drawn, the view as a picture. After service_map.js.
// Text is set with textContent. Without this script the search is a form and a zone is a link.
(() => {
  "use strict";
  const harta = window.hartaServiceMap;
  const tools = document.getElementById("map-tools");
  if (!harta || !tools) return;
  const { map, frame, element, filled, counted } = harta;
  const said = JSON.parse(tools.dataset.tools);
  const form = document.getElementById("map-form");
  const status = document.getElementById("map-said");
  const say = (words) => { status.textContent = words; };

  /** A part of the filter that the form holds too, so that the next change of the form keeps it. */
  function setField(name, value) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
    if (value) harta.fields().set(name, value);
    else harta.fields().delete(name);
  }

  // --- search: a combobox with its list, by ARIA's pattern ---------------------------------------------------------
  const search = document.getElementById("map-search");
  const typed = document.getElementById("map-q");
  const list = document.getElementById("map-suggest");
  const WAIT_MS = 150;
  let options = [], chosen = -1, timer = 0, under = null;
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false", autocapitalize: "off", spellcheck: "false",
  })) typed.setAttribute(name, value);
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", search.querySelector("label").textContent);

  function close() {
    list.hidden = true;
    chosen = -1;
    typed.setAttribute("aria-expanded", "false");
    typed.removeAttribute("aria-activedescendant");
  }
  function mark(place) {
    options[chosen]?.node.setAttribute("aria-selected", "false");
    chosen = options.length ? (place + options.length) % options.length : -1;
    const node = options[chosen]?.node;
    if (!node) return;
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    typed.setAttribute("aria-activedescendant", node.id);
  }
  function show(groups) {
    options = [];
    chosen = -1;
    typed.removeAttribute("aria-activedescendant");
    list.replaceChildren(...groups.map(({ title, found }, g) => {
      const group = element("div", "map-suggest-group");
      const head = element("div", "map-suggest-title", title);
      head.id = `map-suggest-${g}`;
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", head.id);
      group.append(head, ...found.map((one) => {
        const node = element("div", "map-option");
        node.id = `map-option-${options.length}`;
        node.setAttribute("role", "option");
        node.setAttribute("aria-selected", "false");
        node.append(element("span", "map-option-name", one.words), element("span", "soft", one.detail));
        // Before the field loses the focus, which closes the list.
        node.addEventListener("pointerdown", (event) => event.preventDefault());
        node.addEventListener("click", () => choose(one));
        options.push({ node, one });
        return node;
      }));
      return group;
    }));
    list.hidden = !options.length;
    typed.setAttribute("aria-expanded", String(!list.hidden));
    say(options.length ? filled(said.words.found, { n: counted(options.length) }) : said.words.none);
  }
  async function suggest() {
    const words = typed.value.trim();
    under?.abort();
    if (words.length < said.shortest) { close(); say(""); return; }
    under = new AbortController();
    const asked = new URLSearchParams(harta.fields());
    const seen = map.getBounds();
    asked.set("cadru", [seen.getSouth(), seen.getWest(), seen.getNorth(), seen.getEast()].map((n) => n.toFixed(3)).join(","));
    asked.set("q", words);
    try {
      const answer = await fetch(`${said.search}?${asked}`, { signal: under.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      show((await answer.json()).groups);
    } catch (error) {
      if (error.name !== "AbortError") { close(); say(said.words.failed); }
    }
  }
  function choose(one) {
    close();
    say("");
    typed.value = one.words;
    if (one.loc) {
      setField("loc", one.loc);
      here(one.at, one.loc);
      map.setView(one.at, 12);
    } else if (one.serviciu) {
      setField("serviciu", one.serviciu);
    } else if (one.furnizor) {
      setField("furnizor", one.furnizor);
      map.fitBounds([one.corners.slice(0, 2), one.corners.slice(2)], { maxZoom: 13, padding: [30, 30] });
    } else {
      map.setView(one.at, Math.max(map.getZoom(), 15));
      const wanted = new URLSearchParams({ id: one.id });
      if (harta.fields().get("loc")) wanted.set("loc", harta.fields().get("loc"));
      harta.show(fetch(`${harta.said.card}?${wanted}`).then((answer) => answer.text()));
    }
    harta.load();
  }
  let place = null;
  function here(at, name) {
    place?.remove();
    document.querySelector(".map-here")?.remove();
    const icon = window.L.divIcon({ className: "map-here", iconSize: [22, 22] });
    place = window.L.marker(at, { icon, title: name, alt: name, keyboard: false, zIndexOffset: -500 }).addTo(map);
  }
  typed.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, WAIT_MS); });
  typed.addEventListener("blur", () => setTimeout(close, 0));
  typed.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      if (!isOpen) suggest();
      else mark(chosen < 0 ? (down ? 0 : -1) : chosen + (down ? 1 : -1));
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && isOpen && chosen >= 0) {
      event.preventDefault();
      choose(options[chosen].one);
    }
  });
  search.addEventListener("submit", () => {
    // The page of results is asked with the filter and the view of now.
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = search.elements.namedItem(name);
      if (name !== "q" && field instanceof HTMLInputElement) field.value = value;
    }
  });

  // --- a zone: drawn with a pointer, kept in the address -----------------------------------------------------------
  const chips = document.querySelectorAll("[data-chip]");
  const chip = (name) => [...chips].find((each) => each.dataset.chip === name);
  const look = () => ({ color: harta.token("ink"), weight: 2.5, dashArray: "8 5", fillColor: harta.token("accent"), fillOpacity: 0.06, interactive: false });
  let zone = null, drawing = "", from = null;

  function shape(text) {
    const numbers = (text || "").split(",").map(Number);
    if (numbers.length === 4) return window.L.rectangle([numbers.slice(0, 2), numbers.slice(2)], look());
    if (numbers.length === 3) return window.L.circle(numbers.slice(0, 2), { ...look(), radius: numbers[2] * 1000 });
    return null;
  }
  function outline(text) {
    zone?.remove();
    zone = shape(text);
    zone?.addTo(map);
  }
  function setZone(text) {
    setField("zona", text);
    outline(text);
    harta.load();
  }
  const rounded = (n) => n.toFixed(said.digits);
  function drawnZone(start, end) {
    if (drawing === "circle") return `${rounded(start.lat)},${rounded(start.lng)},${(map.distance(start, end) / 1000).toFixed(2)}`;
    const south = Math.min(start.lat, end.lat), north = Math.max(start.lat, end.lat);
    const west = Math.min(start.lng, end.lng), east = Math.max(start.lng, end.lng);
    return [south, west, north, east].map(rounded).join(",");
  }
  const buttons = {};
  const corner = window.L.control({ position: "topleft" });
  corner.onAdd = () => {
    const bar = element("div", "leaflet-bar map-draw");
    for (const kind of ["box", "circle"]) {
      const button = element("button", `map-draw-${kind}`);
      button.type = "button";
      button.title = said.words[kind];
      button.setAttribute("aria-label", said.words[kind]);
      button.setAttribute("aria-pressed", "false");
      button.append(element("i", ""));
      button.addEventListener("click", () => (drawing === kind ? stop() : start(kind)));
      buttons[kind] = button;
      bar.append(button);
    }
    window.L.DomEvent.disableClickPropagation(bar);
    return bar;
  };
  corner.addTo(map);
  const hint = element("p", "map-hint");
  hint.setAttribute("role", "status");
  hint.hidden = true;
  frame.append(hint);

  function start(kind) {
    stop();
    drawing = kind;
    buttons[kind].setAttribute("aria-pressed", "true");
    frame.classList.add("map-drawing");
    map.dragging.disable();
    hint.hidden = false;
    hint.textContent = said.words[`${kind}Hint`];
  }
  function stop() {
    if (drawing) buttons[drawing].setAttribute("aria-pressed", "false");
    drawing = "";
    from = null;
    frame.classList.remove("map-drawing");
    map.dragging.enable();
    hint.hidden = true;
    outline(harta.fields().get("zona"));
  }
  const onMap = (event) => drawing && !event.target.closest(".leaflet-control");
  frame.addEventListener("pointerdown", (event) => {
    if (!onMap(event) || !event.isPrimary) return;
    event.preventDefault();
    event.stopPropagation();
    frame.setPointerCapture(event.pointerId);
    from = map.mouseEventToLatLng(event);
  }, true);
  frame.addEventListener("pointermove", (event) => {
    if (!from) return;
    event.preventDefault();
    outline(drawnZone(from, map.mouseEventToLatLng(event)));
  }, true);
  frame.addEventListener("pointerup", (event) => {
    if (!from) return;
    const text = drawnZone(from, map.mouseEventToLatLng(event));
    const numbers = text.split(",").map(Number);
    from = null;
    const isNone = numbers.length === 3 ? numbers[2] < 0.1 || numbers[2] > 300 : numbers[0] >= numbers[2] || numbers[1] >= numbers[3];
    if (isNone) { outline(""); hint.textContent = said.words.tooSmall; return; }
    setField("zona", text);
    stop();
    harta.load();
  }, true);
  frame.addEventListener("pointercancel", () => { if (from) stop(); });
  // What follows a drawn zone is no press on a mark.
  for (const name of ["click", "mousedown", "touchstart"]) {
    frame.addEventListener(name, (event) => { if (onMap(event)) { event.stopPropagation(); event.preventDefault(); } }, true);
  }
  addEventListener("keydown", (event) => { if (event.key === "Escape" && drawing) stop(); });

  chip("zona").querySelector("a").addEventListener("click", (event) => { event.preventDefault(); setZone(""); buttons.box.focus(); });
  chip("furnizor").querySelector("a").addEventListener("click", (event) => { event.preventDefault(); setField("furnizor", ""); harta.load(); typed.focus(); });
  chip("cadru").querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    const seen = map.getBounds();
    setZone([seen.getSouth(), seen.getWest(), seen.getNorth(), seen.getEast()].map(rounded).join(","));
  });
  frame.addEventListener("hartadrawn", (event) => {
    const provider = harta.fields().get("furnizor") || "";
    chip("zona").hidden = !event.detail.zone;
    chip("zona").querySelector("span").textContent = event.detail.zone;
    chip("cadru").hidden = Boolean(event.detail.zone);
    chip("furnizor").hidden = !provider;
    chip("furnizor").querySelector("span").textContent = provider;
    for (const link of document.querySelectorAll("[data-also]")) link.href += link.dataset.also;
    if (!from && !drawing) outline(harta.fields().get("zona"));
  });

  // --- the view as a picture: a drawing of the server, turned into PNG here ----------------------------------------
  const picture = document.getElementById("map-image");
  outline(harta.fields().get("zona"));
  if (!picture) return;
  const SHARP = 2;
  document.getElementById("map-image-tools").hidden = false;
  async function png() {
    const answer = await fetch(picture.href, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const address = URL.createObjectURL(new Blob([await answer.text()], { type: "image/svg+xml" }));
    try {
      const image = new Image();
      await new Promise((done, failed) => { image.onload = done; image.onerror = failed; image.src = address; });
      const canvas = element("canvas");
      canvas.width = image.naturalWidth * SHARP;
      canvas.height = image.naturalHeight * SHARP;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise((done, failed) => canvas.toBlob((made) => (made ? done(made) : failed(new Error("no image"))), "image/png"));
    } finally {
      URL.revokeObjectURL(address);
    }
  }
  async function save() {
    const link = Object.assign(element("a"), { href: URL.createObjectURL(await png()), download: said.words.file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
  async function copy() {
    if (!navigator.clipboard?.write || !window.ClipboardItem) { await save(); return; }
    await navigator.clipboard.write([new window.ClipboardItem({ "image/png": png() })]);
    say(said.words.copied);
  }
  for (const button of document.querySelectorAll("[data-image]")) {
    const act = button.dataset.image === "copy" ? copy : save;
    if (button.dataset.image === "copy" && !(navigator.clipboard?.write && window.ClipboardItem)) button.hidden = true;
    button.addEventListener("click", () => act().catch(() => say(said.words.noImage)));
  }
})();
