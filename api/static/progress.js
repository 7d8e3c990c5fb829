// A press that was heard is seen: after 300 ms the pressed button says so and takes no second press, after 8 s a way to
// the plain pages is offered. On the plain pages and in the application alike; without this file everything still works.
(() => {
  "use strict";

  const ROMANIAN = { search: "Se caută…", work: "Se lucrează…", slow: "Durează.", plain: "Pagini simple ›", wait: "Durează. Nu apăsați din nou: se lucrează." };
  const ENGLISH = { search: "Searching…", work: "Working…", slow: "This is taking long.", plain: "Plain pages ›", wait: "This is taking long. Do not press again: it is being worked on." };
  const WORDS = document.documentElement.lang === "en" ? ENGLISH : ROMANIAN;
  const SAY_MS = 300, SLOW_MS = 8000, MOST_MS = 60000, FIRST_MS = 6000;
  const isApplication = document.getElementById("root") !== null;

  const bar = Object.assign(document.createElement("div"), { className: "hs-progress", hidden: true });
  const slow = Object.assign(document.createElement("div"), { className: "hs-slow", hidden: true });
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  slow.append(words);
  document.body.append(bar, slow);

  let pressed = null;
  let timers = [];

  // The words stand in an attribute and are drawn by the style sheet: what React has written into the button stays as it is.
  function begin(button) {
    end();
    pressed = button;
    timers = [setTimeout(show, SAY_MS), setTimeout(show_slow, SLOW_MS), setTimeout(end, MOST_MS)];
  }
  function show() {
    bar.hidden = false;
    if (!pressed?.matches("button")) return;
    pressed.dataset.progress = pressed.closest('.st-key-search, form[action$="/raspuns"]') ? WORDS.search : WORDS.work;
    pressed.setAttribute("aria-busy", "true");
    pressed.setAttribute("aria-disabled", "true"); // not `disabled`, which would take the focus away
    words.textContent = pressed.dataset.progress;
    slow.classList.add("hs-heard");
    slow.hidden = false;
  }
  function show_slow() {
    slow.classList.remove("hs-heard");
    if (isApplication) {
      const link = Object.assign(document.createElement("a"), { textContent: WORDS.plain, href: "/intra/simplu" });
      words.replaceChildren(WORDS.slow, " ", link);
    } else words.textContent = WORDS.wait;
    slow.hidden = false;
  }
  function end() {
    timers.forEach(clearTimeout);
    timers = [];
    bar.hidden = slow.hidden = true;
    words.replaceChildren();
    slow.classList.remove("hs-heard");
    if (!pressed) return;
    delete pressed.dataset.progress;
    pressed.removeAttribute("aria-busy");
    pressed.removeAttribute("aria-disabled");
    pressed = null;
  }
  // A second press on a button that is at work is no press.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('button[aria-busy="true"]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // --- the plain pages: a form that was sent, until the next page is there ------------------------------------
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.target === "_blank") return;
    begin(event.submitter || event.target.querySelector("button"));
  });
  addEventListener("pageshow", (event) => { if (event.persisted) end(); });
  if (!isApplication) return;

  // --- the application: its state stands on its outermost element ------------------------------------------
  const state = () => document.querySelector(".stApp")?.dataset.testScriptState;
  const isCut = () => document.querySelector(".hs-network:not([hidden]):not([data-state=back])") !== null;
  let hasRun = false;
  let pressedAt = 0;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".stButton button, .stFormSubmitButton button, [data-testid=stPageLink] a");
    if (!button || button.disabled || event.defaultPrevented || isCut()) return;
    hasRun = false;
    pressedAt = performance.now();
    begin(button);
  });
  // A telephone that is behind draws an answer at once with the end of its run, and never shows that it ran. What changes
  // right after the press is the field that was left, not the answer.
  const is_drawn = (record) => record.type === "childList" && record.target.closest?.(".stMain") && performance.now() - pressedAt > SAY_MS;
  function follow(records) {
    const now = state();
    if (pressed && now === "notRunning" && records.some(is_drawn)) hasRun = true;
    if (now === "running") {
      hasRun = true;
      if (!timers.length) begin(null); // a list, a box or a field has set it to work
    } else if (timers.length && hasRun) {
      hasRun = false;
      end();
    }
    if (timers.length && isCut()) end(); // that is said already, and what was pressed can be pressed again
  }

  // The first screen stays, whole, until the application has drawn itself behind it: nothing is built up before one's eyes.
  const first = document.getElementById("hs-boot");
  // Fields come in pieces of script of their own, each with a grey bar of another height before; maps have their room already.
  const UNFINISHED = ".stMain [data-testid=stSkeleton]:not(.st-key-hs-map *, .st-key-hs-pick *), .stMain [data-stale=true]";
  let since = 0;
  let whole = 0;
  const patience = setInterval(() => {
    if (!since && document.querySelector(".stMain h1")) since = Date.now();
    whole = since && state() === "notRunning" && !document.querySelector(UNFINISHED) ? whole + 1 : 0;
    if (whole < 2 && (!since || Date.now() - since < FIRST_MS)) return; // twice: between two pieces it may seem whole
    clearInterval(patience);
    first?.remove();
  }, 100);
  new MutationObserver(follow).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-test-script-state", "data-state"],
  });
})();
