// „Găsiți un serviciu”: a search leads to the answer, list and map are one press apart and mark each other, filters and the
// comparison choose among what is there already. Nothing here asks the server: order and numbers stay as they were answered.
(() => {
  "use strict";
  const root = document.documentElement;
  const rows = () => [...document.querySelectorAll(".hs-row[id]")];
  const is_narrow = () => matchMedia("(max-width: 999px)").matches;

  // --- „Căutați” leads to the answer, as a new page would ----------------------------------------------------
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".st-key-search button, .st-key-refresh button")) return;
    const until = Date.now() + 15000;
    const before = document.getElementById("hs-answer");
    choose("view", "list");
    choose("only", "all");
    (function look() {
      const answer = document.getElementById("hs-answer");
      const working = document.querySelector('[data-test-script-state="running"]');
      if (answer && !document.querySelector(".hs-waiting") && (answer !== before || !working)) {
        document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0 });
        answer.focus({ preventScroll: true });
      } else if (Date.now() < until) setTimeout(look, 100);
    })();
  });
  // One more need: its field is where the work goes on.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".st-key-one_more button, .st-key-change button, .st-key-say_age button")) return;
    const is_more = event.target.closest(".st-key-one_more"), is_age = event.target.closest(".st-key-say_age");
    let tries = 50;
    (function look() {
      const fields = [...document.querySelectorAll('[class*="st-key-wanted_text"] input')];
      const field = is_more ? fields.find((each) => !each.value) : document.querySelector(is_age ? ".st-key-age input" : ".st-key-place_text input");
      if (field) field.focus();
      else if (tries--) setTimeout(look, 100);
    })();
  });

  // --- what is seen: list or map on a narrow screen, some of the rows ------------------------------------------
  function choose(name, value) {
    root.dataset[`finder${name[0].toUpperCase()}${name.slice(1)}`] = value;
    mark_chosen();
  }
  function mark_chosen() {
    for (const [name, first] of [["view", "list"], ["only", "all"]]) {
      const chosen = root.dataset[`finder${name[0].toUpperCase()}${name.slice(1)}`] || first;
      for (const button of document.querySelectorAll(`button[data-${name}]`)) {
        const is_on = String(button.dataset[name] === chosen);
        if (button.getAttribute("aria-pressed") !== is_on) button.setAttribute("aria-pressed", is_on);
      }
    }
  }
  document.addEventListener("click", (event) => {
    const view = event.target.closest?.("button[data-view]"), only = event.target.closest?.("button[data-only]");
    if (only) choose("only", only.dataset.only);
    if (!view) return;
    choose("view", view.dataset.view);
    if (view.dataset.view === "list") document.querySelector(".hs-chosen")?.scrollIntoView({ block: "nearest" });
  });

  // --- list and map: the one chosen here stands out there --------------------------------------------------------
  function stand_out(number) {
    for (const each of rows()) each.classList.toggle("hs-chosen", each.id === `hs-r${number}`);
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".hs-show");
    if (!button) return;
    const number = Number(button.dataset.number);
    stand_out(number);
    if (is_narrow()) {
      choose("view", "map");
      document.querySelector(".hs-sum-line")?.scrollIntoView({ block: "start" }); // the list was scrolled, the map begins there
    }
    for (const frame of document.querySelectorAll(".st-key-hs-map iframe")) frame.contentWindow.postMessage({ hartaShow: number }, location.origin);
  });
  addEventListener("message", (event) => {
    const number = event.origin === location.origin && event.data?.hartaChosen;
    if (!Number.isInteger(number)) return;
    stand_out(number);
    if (!is_narrow()) document.getElementById(`hs-r${number}`)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  });

  // --- side by side: two or three that are ticked ------------------------------------------------------------------
  const MOST = 3;
  const ticked = () => [...document.querySelectorAll(".hs-tick:checked")].map((each) => each.dataset.number);
  function compare() {
    const panel = document.querySelector(".hs-comparison");
    if (!panel) return;
    const chosen = ticked();
    panel.hidden = chosen.length < 2;
    panel.querySelector(".hs-soft").hidden = chosen.length <= MOST;
    const shown = new Set(chosen.slice(0, MOST));
    for (const cell of panel.querySelectorAll("[data-number]")) cell.hidden = !shown.has(cell.dataset.number);
  }
  document.addEventListener("change", (event) => { if (event.target.matches?.(".hs-tick")) compare(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".hs-compare-end")) return;
    const last = [...document.querySelectorAll(".hs-tick:checked")].pop();
    for (const each of document.querySelectorAll(".hs-tick:checked")) each.checked = false;
    compare();
    last?.focus();
  });

  new MutationObserver(mark_chosen).observe(root, { childList: true, subtree: true });
})();
