// What Streamlit does not do: it says some words in English, its text fields offer nothing while one types,
// and it loads a font that our pages do not use. Our own file from our own host; without it everything still works, only plainer.
(() => {
  "use strict";

  // Streamlit loads its font of icons (367 KB) on every page, used or not. An icon that is drawn still loads it.
  const load = document.fonts.load.bind(document.fonts);
  document.fonts.load = (font, ...rest) => (font.includes("Material Symbols") ? Promise.resolve([]) : load(font, ...rest));

  // --- the way back: an address that a screen completes by itself takes the place of the one that led there ----
  let acted = false;
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { acted = true; }, true);
  addEventListener("popstate", () => { acted = false; });
  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    const completes = !acted && new URL(address || "", location.href).pathname === location.pathname;
    acted = false;
    if (completes) history.replaceState(state, title, address);
    else push(state, title, address);
  };

  // --- words ------------------------------------------------------------------------------------------
  const WORDS = {
    "Skip to main content": "Săriți la conținut",
    "No results": "Niciun rezultat",
    "Choose an option": "Alegeți",
    "Connection error": "Legătura s-a întrerupt",
    "Please wait for the app to reconnect.": "Se încearcă din nou…",
    "Please wait...": "Așteptați…",
    "Page not found": "Pagina nu există",
    "Clear value": "Ștergeți",
    "Clear all": "Ștergeți tot",
    "Open": "Deschideți lista",
    "Close": "Închideți",
    "Upload": "Alegeți fișierul",
    "file upload": "Alegeți fișierul",
    "Add files": "Alegeți alt fișier",
    "add icon": "",
    "Drag and drop a file here": "Trageți fișierul aici",
    "Drag and drop file here": "Trageți fișierul aici",
    "Increment value": "Mai mult",
    "Decrement value": "Mai puțin",
    "Dismiss": "Închideți",
    "Increment": "Mai mult",
    "Decrement": "Mai puțin",
    "streamlit_folium.st_folium": "Harta rezultatelor",
  };
  const IN_ENGLISH = { "streamlit_folium.st_folium": "Map of the results" };
  const said = document.documentElement.lang === "en" ? IN_ENGLISH : WORDS;
  const SHOWN_IN = ["aria-label", "title", "placeholder"];

  function say(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const words = said[node.nodeValue.trim()];
      if (words) node.nodeValue = words;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of SHOWN_IN) {
      const words = said[node.getAttribute(name)];
      if (words) node.setAttribute(name, words);
    }
    node.childNodes.forEach(say);
  }

  // --- lists while typing: a WAI-ARIA combobox around Streamlit's own field ------------------------------
  const FIELDS = [
    { field: ".st-key-place_text input", from: "/api/places?q=", shortest: 2 },
    ...["", "_2", "_3", "_4", "_5"].map((n) => ({ field: `.st-key-wanted_text${n} input`, from: "/api/needs?q=", shortest: 0 })),
  ];
  const WAIT_MS = 120;

  function combobox(field, { from, shortest }, number) {
    const list = document.createElement("ul");
    list.id = `hs-list-${number}`;
    list.className = "hs-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.getAttribute("aria-label") || "");
    list.hidden = true;
    document.body.append(list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
      autocomplete: "off", spellcheck: "false", enterkeyhint: "done",
    })) field.setAttribute(name, value);

    let asked = 0;
    let timer;
    let at = -1; // the option that the arrow keys stand on
    const options = () => [...list.querySelectorAll("[role=option]")];

    function close() {
      list.hidden = true;
      list.replaceChildren();
      asked++;
      at = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    function place() {
      if (list.hidden) return;
      const box = (field.closest("[data-baseweb=input]") || field.closest("[data-testid=stTextInputRootElement]") || field).getBoundingClientRect();
      const below = window.innerHeight - box.bottom - 12;
      const above = box.top - 12;
      const up = below < 180 && above > below;
      list.style.left = `${box.left}px`;
      list.style.width = `${box.width}px`;
      list.style.maxHeight = `${Math.min(360, up ? above : below)}px`;
      list.style.top = up ? "" : `${box.bottom + 4}px`;
      list.style.bottom = up ? `${window.innerHeight - box.top + 4}px` : "";
    }

    function show(found) {
      list.replaceChildren();
      let group = "";
      found.forEach((each, i) => {
        if (each.group && each.group !== group) {
          group = each.group;
          list.append(Object.assign(document.createElement("li"), { className: "hs-list-group", textContent: group, role: "presentation" }));
        }
        const item = Object.assign(document.createElement("li"), { id: `${list.id}-${i}`, textContent: each.label, role: "option" });
        item.setAttribute("aria-selected", "false");
        list.append(item);
      });
      at = -1;
      list.hidden = found.length === 0;
      field.setAttribute("aria-expanded", String(!list.hidden));
      field.removeAttribute("aria-activedescendant");
      list.scrollTop = 0;
      place();
    }

    async function offer() {
      const mine = ++asked;
      const text = field.value;
      if (text.trim().length < shortest) return close();
      try {
        const answer = await fetch(from + encodeURIComponent(text));
        if (answer.ok && mine === asked && document.activeElement === field) show(await answer.json());
      } catch {
        close(); // no network: typing still works
      }
    }

    function stand(on) {
      const all = options();
      if (!all.length) return;
      at = (on + all.length) % all.length;
      all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
      field.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    }

    function choose(option) {
      // React notices a value only when it is set below its own setter and announced.
      const label = option.textContent;
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, label);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      clearTimeout(timer);
      close();
      quiet = true;
      field.blur(); // Streamlit sends the text when the field is left; then we come back to where we were
      field.focus();
      quiet = false;
    }

    let quiet = false;
    const later = () => { clearTimeout(timer); timer = setTimeout(offer, WAIT_MS); };
    field.addEventListener("input", later);
    field.addEventListener("click", () => { if (list.hidden && shortest === 0) { field.select(); offerAll(); } });
    field.addEventListener("blur", () => { clearTimeout(timer); close(); });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && at < 0) { clearTimeout(timer); close(); } // the text as it stands; Streamlit sends it
      else if (event.key === "ArrowDown" && list.hidden) { offerAll(); event.preventDefault(); }
      else if (list.hidden) return;
      else if (event.key === "ArrowDown") { stand(at + 1); event.preventDefault(); }
      else if (event.key === "ArrowUp") { stand(at < 0 ? -1 : at - 1); event.preventDefault(); }
      else if (event.key === "Escape") { close(); event.stopPropagation(); }
      else if (event.key === "Enter") { choose(options()[at]); event.preventDefault(); event.stopPropagation(); }
    }, true);
    async function offerAll() {
      if (quiet) return;
      if (field.value.trim().length >= Math.max(shortest, 1) && shortest > 0) return offer();
      const mine = ++asked;
      if (shortest > 0) return;
      try {
        const answer = await fetch(from);
        if (answer.ok && mine === asked && document.activeElement === field) show(await answer.json());
      } catch {
        close();
      }
    }
    // A finger or a mouse on the list must not take the field's focus before the choice is made.
    list.addEventListener("pointerdown", (event) => { if (event.pointerType !== "touch") event.preventDefault(); });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
    addEventListener("resize", place);
    document.addEventListener("scroll", place, true);
  }

  // --- the map is a page of its own, framed: its own sheet of styles, its own script, and links that lead out -------
  function frame_map() {
    const place = document.querySelector(".hs-map-page[data-address]");
    if (!place || place.querySelector("iframe")) return;
    const frame = document.createElement("iframe");
    frame.src = place.dataset.address;
    frame.title = place.dataset.title;
    place.prepend(frame);
  }
  addEventListener("message", (event) => {
    const said = event.origin === location.origin && event.data?.hartaMap;
    if (typeof said === "string" && location.pathname === "/harta") history.replaceState(history.state, "", `/harta?${new URLSearchParams(said)}`);
  });

  // --- a button that stands in every row says which row: what is written on it, then the row's name -------------
  const ROWS = '[class*="st-key-hs-work-"], [class*="st-key-hs-ref-"]';
  function name_rows() {
    for (const button of document.querySelectorAll(`:is(${ROWS}) :is(.stButton button, a:not([href^="tel:"]))`)) {
      const row = [...ancestors(button)].find((each) => each.matches(ROWS) && each.querySelector("article, h3, p > b"));
      const head = row?.querySelector("article[aria-label], h3, p > b");
      const name = head && (head.getAttribute("aria-label") || head.textContent.trim());
      const words = `${button.textContent.trim()}: ${name}`;
      if (name && button.getAttribute("aria-label") !== words) button.setAttribute("aria-label", words);
    }
  }
  function* ancestors(node) {
    for (let each = node.parentElement; each; each = each.parentElement) yield each;
  }

  function dress() {
    document.documentElement.dataset.page = location.pathname.split("/")[1]; // style.css: screens with a map are wider
    mark_up();
    frame_map();
    name_rows();
    FIELDS.forEach((settings, number) => {
      const field = document.querySelector(settings.field);
      if (field && !field.dataset.hsList) {
        field.dataset.hsList = "1";
        document.getElementById(`hs-list-${number}`)?.remove();
        combobox(field, settings, number);
      }
    });
  }

  // --- what readers of the screen and keyboards need: the bar is a landmark, the skip link passes it ---------
  const SECTIONS = { ro: "Secțiuni", en: "Sections" };
  function mark_up() {
    const bar = document.querySelector(".st-key-hs-entries");
    if (bar && !bar.hasAttribute("role")) {
      bar.setAttribute("role", "navigation");
      bar.setAttribute("aria-label", SECTIONS[document.documentElement.lang] || SECTIONS.ro);
    }
    for (const link of document.querySelectorAll('[class*="st-key-hs-nav-"] a')) {
      if (!link.closest('[class*="st-key-hs-nav-on"]')) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) link.setAttribute("aria-current", "page");
    }
    // Streamlit gives the field for files a name and takes away its role at once.
    for (const zone of document.querySelectorAll('[data-testid="stFileUploaderDropzone"][role="presentation"]')) zone.setAttribute("role", "group");
  }
  // --- the menu behind the name closes when something was chosen, beside it and by Escape ------------------------
  const MENU = ".st-key-hs-bar .bar-menu";
  document.addEventListener("click", (event) => {
    const menu = document.querySelector(`${MENU}[open]`);
    if (menu && !menu.contains(event.target) && (event.target.closest("a") || !event.target.closest(".st-key-hs-more"))) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(`${MENU}[open]`);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  // The page inside a map's frame calls itself English and forbids to zoom.
  document.addEventListener("load", (event) => {
    const inside = event.target.matches?.("iframe.stCustomComponentV1") && event.target.contentDocument;
    if (!inside) return;
    const mend = () => {
      inside.documentElement.lang = document.documentElement.lang;
      for (const meta of inside.querySelectorAll('meta[name=viewport][content*="scalable"]')) meta.content = "width=device-width, initial-scale=1";
    };
    mend();
    new MutationObserver(mend).observe(inside.head, { childList: true }); // the map brings a second one
  }, true);
  document.addEventListener("click", (event) => {
    // Streamlit's link leads to <main>, and our bar stands inside it.
    const title = event.target.closest?.('[data-testid="stSkipToContent"]') && document.querySelector(".hs-title h1");
    if (!title) return;
    event.preventDefault();
    event.stopPropagation();
    title.tabIndex = -1;
    title.focus();
  }, true);

  // --- a refusal belongs to its field for the ear too -----------------------------------------------------
  function describe() {
    for (const field of document.querySelectorAll('[aria-describedby$="-err"]')) {
      if (document.getElementById(field.getAttribute("aria-describedby"))) continue;
      field.removeAttribute("aria-describedby");
      field.removeAttribute("aria-invalid");
    }
    for (const words of document.querySelectorAll(".hs-field-error[data-field]")) {
      const field = document.querySelector(`.st-key-${words.dataset.field} :is(input, textarea, [role=radiogroup])`);
      if (!field || field.getAttribute("aria-describedby") === words.id) continue;
      field.setAttribute("aria-describedby", words.id);
      field.setAttribute("aria-invalid", "true");
    }
  }

  // --- the focus goes where the work goes on: to the head of a panel that was opened, to what was done ------
  let pressed = 0;
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".stButton button, .stFormSubmitButton button")) pressed = Date.now();
  }, true);
  function take_focus(node) {
    const aim = Date.now() - pressed < 15000 && (node.matches(".hs-focus") ? node : node.querySelector(".hs-focus"));
    if (!aim) return;
    pressed = 0;
    whenDrawn(() => {
      aim.focus({ preventScroll: true });
      if (aim.matches(".hs-bring")) aim.scrollIntoView({ block: "start", behavior: "smooth" }); // what a button led to, below the screen
    });
  }

  // --- one box of the page on paper: the rest of it stays on the screen -------------------------------------
  document.addEventListener("click", (event) => {
    const what = event.target.closest?.("[data-print]")?.dataset.print;
    if (!what) return;
    document.body.dataset.printed = what;
    window.print();
    delete document.body.dataset.printed;
  });

  // --- an address to be sent is copied by a press ----------------------------------------------------------
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const field = Object.assign(document.createElement("textarea"), { value: button.dataset.copy });
      document.body.append(field);
      field.select();
      document.execCommand("copy"); // without https there is no other way
      field.remove();
      button.focus();
    }
    button.nextElementSibling.textContent = button.dataset.copied;
  });

  // --- what was just done comes into view ---------------------------------------------------------------
  function whenDrawn(act, tries = 30) {
    setTimeout(() => (tries && document.querySelector('[data-test-script-state="running"]') ? whenDrawn(act, tries - 1) : act()), 150);
  }
  const PANEL = "[class*=st-key-hs-do-]";
  function bring(node) {
    const done = node.nodeType === Node.ELEMENT_NODE && (node.matches(".hs-done") ? node : node.querySelector(".hs-done"));
    if (done) done.scrollIntoView({ block: "nearest", behavior: "smooth" });
    // A panel that opens is drawn piece by piece; then its last button, under the thumb, has to be in view.
    const panel = node.nodeType === Node.ELEMENT_NODE && (node.matches(PANEL) ? node : node.querySelector(PANEL));
    if (panel) whenDrawn(() => panel.scrollIntoView({ block: "nearest", behavior: "smooth" }));
  }

  // --- „Acoperire”: after the choice that makes the question whole its answer is read next; nothing scrolls ----
  let answered = "";
  function read(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const lead = node.matches("[data-answer]") ? node : node.querySelector("[data-answer]");
    if (!lead || lead.dataset.answer === answered) return;
    answered = lead.dataset.answer;
    if (!answered.endsWith("|") && document.activeElement?.closest(".st-key-cov_serviciu, .st-key-cov_judet")) lead.focus({ preventScroll: true });
  }

  // --- a link in the map's frame leads the page on: the frame itself may not ------------------------------
  addEventListener("message", (event) => {
    const address = event.origin === location.origin && event.data?.hartaOpen;
    const ours = /^\/(comunitati\?comunitate=\d+|rapoarte\?zona=\d+(&perioada=[\dT-]+)?(&indicator=[\w-]+)?)$/;
    if (typeof address === "string" && ours.test(address)) location.assign(address);
  });

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach((node) => { say(node); bring(node); read(node); if (node.nodeType === Node.ELEMENT_NODE) take_focus(node); });
      else say(change.target);
    }
    dress();
    describe();
  }).observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: SHOWN_IN,
  });
  say(document.documentElement);
})();
