// The network lost in the middle, and the session: said in words, in the page's language, and nothing half sent.
// Streamlit goes on by itself once its socket is back; what was typed stays in its fields. Runs before Streamlit.
(() => {
  "use strict";

  const ROMANIAN = {
    offline: "Nu mai este rețea. Ce ați scris rămâne aici; nimic nu se trimite până revine.",
    lost: "Legătura cu aplicația s-a întrerupt. Ce ați scris rămâne aici; se încearcă din nou…",
    unsent: "Nu s-a trimis: nu este legătură. Apăsați din nou când revine.",
    back: "Legătura a revenit. Puteți continua.",
    ended: "Sesiunea s-a încheiat.",
    enter: "Intrați din nou",
  };
  const ENGLISH = {
    offline: "There is no network. What you typed stays here; nothing is sent until it is back.",
    lost: "The connection to the application was lost. What you typed stays here; trying again…",
    unsent: "Not sent: there is no connection. Press again once it is back.",
    back: "The connection is back. You can go on.",
    ended: "The session has ended.",
    enter: "Sign in again",
  };
  const WORDS = document.documentElement.lang === "en" ? ENGLISH : ROMANIAN;
  const PATIENCE_MS = 1500; // a socket that is replaced at once is no loss
  const streams = new Set();
  let hadOne = false;
  let leaving = false;
  let state = ""; // "", offline, lost, ended
  let timer;

  const banner = Object.assign(document.createElement("div"), { className: "hs-network", hidden: true });
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  banner.append(words);
  document.body.append(banner);

  function say(what, link = null) {
    words.replaceChildren(WORDS[what]);
    if (link) words.append(" ", link);
    banner.dataset.state = what;
    banner.hidden = false;
  }

  function look() {
    clearTimeout(timer);
    if (leaving || state === "ended") return;
    const now = !navigator.onLine ? "offline" : hadOne && !streams.size ? "lost" : "";
    if (now === state) return;
    state = now;
    if (now) {
      say(now);
      if (now === "lost") askWhetherItEnded();
    } else {
      say("back");
      timer = setTimeout(() => { banner.hidden = true; }, 4000);
    }
  }

  // A socket is refused alike without a network and without a session; an ordinary request tells them apart.
  async function askWhetherItEnded() {
    try {
      const answer = await fetch("/_stcore/host-config", { cache: "no-store" });
      if (answer.status !== 401 || state !== "lost") return;
      const link = Object.assign(document.createElement("a"), { textContent: WORDS.enter });
      link.href = `/intra?spre=${encodeURIComponent(location.pathname + location.search)}`;
      state = "ended";
      say("ended", link);
    } catch {
      // No network either: the banner says so already.
    }
  }

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...said) {
      super(...said);
      if (!String(said[0]).includes("/_stcore/stream")) return;
      this.addEventListener("open", () => { hadOne = true; streams.add(this); look(); });
      this.addEventListener("close", () => { streams.delete(this); clearTimeout(timer); timer = setTimeout(look, PATIENCE_MS); });
    }
  };
  addEventListener("offline", look);
  addEventListener("online", look);
  addEventListener("pagehide", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; look(); });

  // A press that could not be sent must not seem to have been: it is taken back, and said.
  document.addEventListener("click", (event) => {
    if (!state || !event.target.closest?.(".stButton button, .stDownloadButton button")) return;
    event.preventDefault();
    event.stopPropagation();
    if (state !== "ended") say("unsent");
  }, true);
})();
