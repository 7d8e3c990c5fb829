// The page as a whole: unlocking, the record in memory, going from screen to screen, saving, and exchanges beside it all.
import { daysBetween, today, written } from "./days.js";
import { button, fill, line } from "./dom.js";
import { OtherAccountError, ServerRefusalError, SignInNeededError, changeKey, exchange } from "./exchange.js";
import { CaseRecord, newId } from "./record.js";
import { NoRoomError, SecretStore } from "./secret_store.js";
import { asked, hand, lock, showLock, unlocked } from "./unlocking.js";
import { loadWords, t } from "./words.js";

const EVERY_MS = 5 * 60 * 1000;
export const config = JSON.parse(document.getElementById("config").textContent);
export const language = document.documentElement.lang;
export const { signIn } = config;
export const screens = {};  // by name: (args) => an element; named by the modules of screens
export const app = { who: null, store: null, record: null, index: null, sending: "", trouble: "", instruments: new Map(), changes: [], screen: "", isForm: false };
export const stack = [];
let wanted = false;

export const byId = (id) => document.getElementById(id);
export const day = () => today();
export const off = () => new Set(app.index?.days_off ?? []);
export const unsent = () => {
  const waiting = app.changes.filter((change) => change.state !== "refused" && change.kind !== "reading.add");
  return { count: waiting.length, since: waiting.map((change) => change.at).sort()[0] ?? "" };
};
export const refused = () => app.changes.filter((change) => change.state === "refused");

// ----- going about; addresses stay the same, for they are kept in a browser's history -----

export function go(name, args = {}, { replace = false } = {}) {
  if (!replace || !stack.length) stack.push(null);
  stack[stack.length - 1] = [name, args];
  history[replace ? "replaceState" : "pushState"]({ at: stack.length - 1 }, "");
  show(name, args);
}

export const back = () => history.back();
export const again = () => stack.length && show(...stack.at(-1), { keep: true });

window.addEventListener("popstate", (event) => {
  const at = event.state?.at ?? 0;
  if (!app.store) return showLock();
  stack.length = Math.min(stack.length, at + 1);
  return stack.length ? show(...stack.at(-1)) : go("azi", {}, { replace: true });
});

function show(name, args, { keep = false } = {}) {
  if (!app.store?.isOpen) return lock();
  app.screen = name;
  app.isForm = false;
  if (!keep) {
    if (!isFresh) byId("said").replaceChildren();
    isFresh = false;
  }
  const place = byId("screen"), at = window.scrollY, seen = keep ? seenIn(place) : null;
  const made = screens[name](args);
  place.replaceChildren(made);
  place.dataset.screen = name;
  for (const link of document.querySelectorAll("[data-go]")) {
    if (link.dataset.go === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const head = place.querySelector("h1");
  document.title = `${made.dataset.title ?? head?.dataset.title ?? head?.textContent ?? ""} · ${t("title")}`;
  if (keep) {
    isFresh = false;
    seeAgain(place, seen);
    return window.scrollTo(0, at);
  }
  window.scrollTo(0, 0);
  head?.setAttribute("tabindex", "-1");
  head?.focus({ preventScroll: true });
  return undefined;
}

// A screen that is drawn anew keeps what was unfolded and where the keyboard was.
const controls = (place) => [...place.querySelectorAll("a, button, input, select, textarea, summary")];
const folds = (place) => [...place.querySelectorAll("details")];
const seenIn = (place) => ({ at: controls(place).indexOf(document.activeElement), isIn: place.contains(document.activeElement), open: folds(place).map((each) => each.open) });

function seeAgain(place, { at, isIn, open }) {
  if (folds(place).length === open.length) folds(place).forEach((each, n) => { each.open = open[n]; });
  if (!isIn) return;
  const head = place.querySelector("h1");
  head?.setAttribute("tabindex", "-1");
  (at < 0 ? head : controls(place)[at] ?? head)?.focus({ preventScroll: true });
}

// Said once: what was done is said on the next screen too, what is wrong only where it is.
let isFresh = false;
export function say(text, kind = "done") {
  isFresh = Boolean(text) && kind === "done";
  byId("said").replaceChildren(...(text ? [line(text, kind)] : []));
}

// ----- saving: what is done here is durable before anything else happens -----

const about = (kind, ref) => (ref.startsWith("H-") ? { case_ref: "", household_id: ref } : { case_ref: ref, household_id: "" });

// changes: [kind, code of the case or household, body, base?]; drafts: {key: value, undefined = gone}; others: entries of the store.
export async function save(changes, drafts = {}, others = []) {
  const at = new Date().toISOString();
  const made = await keep(changes.map(([kind, ref, body, base = null]) => ({ change_id: newId("K"), kind, ...about(kind, ref), base, body, at })),
    [...Object.entries(drafts).map(([key, value]) => ["drafts", key, value]), ...others]);
  if (!made) return false;
  app.changes.push(...made);
  for (const change of made) app.record.apply(change);
  if (made.length) {
    head();
    soon();
  }
  return true;
}

// Writes changes down under the next numbers of this telephone, with what else belongs to them; null where there is no room.
async function keep(changes, others = []) {
  try {
    return await app.store.inTurn(async () => {
      const device = await app.store.get("meta", "device");
      const made = changes.map((change, n) => ({ ...change, device_no: device.no + n + 1, state: "new" }));
      await app.store.write([
        ...made.map((change) => ["changes", changeKey(change), change]), ...others,
        ...(made.length ? [["meta", "device", { ...device, no: device.no + made.length }]] : []),
      ]);
      return made;
    });
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    say(t("no_room"), "alert");
    return null;
  }
}

// Unsent work from the copy of another telephone or account; gives how many changes came, null where there is no room.
export async function bring(changes) {
  const had = new Set(app.changes.map((change) => change.change_id));
  const made = await keep(changes.filter((change) => !had.has(change.change_id)));
  if (!made) return null;
  await reload();
  soon();
  return made.length;
}

export const draft = (key) => app.store.get("drafts", key);

// A refused change is kept until somebody keeps its words as a note or throws it away.
export async function dropChange(change) {
  await app.store.write([["changes", changeKey(change), undefined]]);
  app.changes = app.changes.filter((each) => each !== change);
  await reload();
}

// ----- instruments: each by the name of its edition, which a draft keeps -----

export const instrument = (edition) => app.instruments.get(edition ?? app.index.edition);

const KEPT = "teren-instruments";  // where the service worker keeps them

const instrumentAddress = (edition, builtIn = app.index?.built_in) => config.instrument.replace("EDITION", encodeURIComponent(edition || (builtIn ?? "inclus")));

async function loadInstrument(edition, builtIn = app.index?.built_in) {
  if (app.instruments.has(edition)) return;
  const address = instrumentAddress(edition, builtIn);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  // A page that the service worker does not have yet keeps it by itself.
  if (!navigator.serviceWorker?.controller) await caches.open(KEPT).then((cache) => cache.put(address, answer.clone())).catch(() => {});
  app.instruments.set(edition, await answer.json());
}

// A new edition holds once it is here whole; without network, or half loaded, the last one known does.
export async function loadIndex() {
  const found = await asking(config.index).catch(() => null), kept = await app.store.get("meta", "index");
  if (found && found.edition === "" && found.built_in !== kept?.built_in) app.instruments.delete("");
  try {
    if (!found) throw new Error("no network");
    await loadInstrument(found.edition, found.built_in);
    await app.store.putIfRoom("meta", "index", found);
    app.index = found;
  } catch (error) {
    if (!kept) throw error;
    app.index = kept;
    await loadInstrument(kept.edition, kept.built_in);
  }
}

export async function reload() {
  const had = new Set(app.changes), facts = await app.store.all("facts"), changes = (await app.store.all("changes")).map(([, change]) => change);
  const read = new Set(changes.map((change) => change.change_id));
  // What was written down while these were read is not among them.
  const since = app.changes.filter((change) => !had.has(change) && !read.has(change.change_id));
  app.changes = [...changes, ...since].sort((a, b) => a.device_no - b.device_no);
  // Every assessment shows its own questions, and a draft goes on with those that it was begun with.
  const assessments = [...facts.flatMap(([, fact]) => fact.assessments ?? []), ...app.changes.filter((change) => change.kind === "assessment.add").map((change) => change.body), ...(await app.store.all("drafts")).map(([, work]) => work)];
  for (const edition of new Set(assessments.map((each) => each.edition))) await loadInstrument(edition).catch(() => {});
  app.record = new CaseRecord(facts.map(([, fact]) => fact), app.changes.filter((change) => change.state !== "refused"),
    { me: app.who, instrumentOf: (edition) => app.instruments.get(edition), deadlines: app.index.deadlines });
  head();
}

// ----- the head: what is not sent, and how old it is -----

export function head() {
  const { count, since } = unsent(), left = refused().length + (app.record?.rows("case_conflicts").filter((row) => row.state === "open").length ?? 0);
  const days = since ? Math.floor((Date.now() - Date.parse(since)) / 86_400_000) : 0;
  const sent = count ? t("unsent", { n: count }) + (days ? ` · ${t("days_old", { n: days })}` : "") : t("all_sent");
  // Another day than the server's would stand in every fact, and the facts in a month that nobody reports any more.
  const isClockWrong = Boolean(app.serverDay) && Math.abs(daysBetween(...app.serverDay)) > 1;
  const words = isClockWrong ? `${t("clock_wrong", { here: written(app.serverDay[0], language), there: written(app.serverDay[1], language) })} · ${sent}` : sent;
  const place = byId("sync");
  place.textContent = left ? `${words} · ${t("to_settle", { n: left })}` : words;
  place.classList.toggle("late", days >= 3 || left > 0 || isClockWrong);
  place.hidden = false;
}

// ----- exchange: on open, when the network is back, every five minutes, on a button; nothing waits for it -----

let timer = 0;
const soon = () => { clearTimeout(timer); timer = setTimeout(() => send(), 1500); };

let current = null;

// loud: somebody pressed the button, and is told how it went.
export async function send({ loud = false } = {}) {
  if (!app.store?.isOpen) return;
  if (current && !loud) { wanted = true; return; }
  await current;
  current = oneExchange();
  const isChanged = await current;
  current = null;
  head();
  if (loud) say(app.sending ? app.trouble : t("exchanged"), app.sending ? "alert" : "done");
  // Nothing is drawn anew under somebody who types or has filled something in, nor where nothing is new.
  const isBusy = app.isForm || document.activeElement?.matches("#screen :is(input, select, textarea)") || [...document.querySelectorAll("#screen details input")].some((each) => each.value);
  if (!isBusy && (isChanged || app.screen === "trimitere")) again();
  if (wanted) soon();
  wanted = false;
}

async function oneExchange() {
  let isChanged = false, isFull = false, edition = app.index.edition;
  try {
    for (let more = true; more;) {
      const who = await askWho();
      keepPage().catch(() => {});
      if (!who) throw new SignInNeededError();
      const round = await exchange(app.store, { box: who.box, token: who.token, shell: config.version, language });
      app.csrfToken = who.token;
      app.serverDay = [today(), round.said.today];
      ({ more, isFull } = round);
      ({ edition } = round.said);
      if (round.changed) await reload();
      isChanged ||= round.changed > 0;
    }
    await app.store.putIfRoom("meta", "seen", Date.now());
    if (edition !== app.index.edition) await loadIndex();  // for what is begun from now on
    if (isFull) throw new NoRoomError();
    Object.assign(app, { sending: "", trouble: "", exchanged: new Date().toISOString() });
  } catch (error) {
    app.sending = error instanceof SignInNeededError ? "sign_in" : error instanceof OtherAccountError ? "other_account"
      : error instanceof ServerRefusalError ? "refused" : error instanceof NoRoomError ? "no_room" : "no_network";
    app.trouble = app.sending === "refused" ? error.message : t(`send.${app.sending}`);
  }
  return isChanged;
}

export async function asking(address) {
  // A network that is there and answers nothing is none.
  const answer = await fetch(address, { cache: "no-store", redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
  if (answer.type === "opaqueredirect" || answer.status === 401) return null;
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

// Who is signed in at the server, null for nobody; box: whose records these are on this phone.
export async function askWho() {
  const who = await asking(config.session);
  return who && { ...who, box: `${who.account}@${who.uat_siruta ?? who.county}` };
}

// The unsent work as it lies here, sealed: a file that only its phrase opens.
export function keepFile(content) {
  const link = fill("download", { address: URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" })), name: `teren-${day()}.json` });
  document.body.append(link);
  link.click();
  setTimeout(() => { URL.revokeObjectURL(link.href); link.remove(); }, 1000);
}

// ----- a new version is used when somebody says so, never in the middle of a form -----

const register = () => navigator.serviceWorker.register(config.worker, { scope: config.scope });

// A network that broke off while the page was being kept, a full disk and a browser that tidies up leave it not kept, or
// not whole: whenever the server answers, whatever it says, what is missing comes again.
async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  const { active } = await register();
  active?.postMessage({ whole: true });
  if (navigator.serviceWorker.controller) for (const edition of app.instruments.keys()) await fetch(instrumentAddress(edition));
}

async function watchVersions() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await register();
  let had = Boolean(navigator.serviceWorker.controller), isWanted = false;
  const put = (act) => byId("news").replaceChildren(button(t("new_version"), act));
  const offer = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    put(() => { isWanted = true; registration.waiting?.postMessage({ use: true }); });
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  offer();
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (app.store) hand({ keep: app.store.handle });
    // Another window of ours may have said so: a form that is open here stays.
    if (had && app.isForm && !isWanted) put(() => location.reload());
    else if (had) location.reload();
    had = true;
  });
}

export async function start() {
  await loadWords(config.words);
  history.replaceState({ at: 0 }, "");
  for (const link of document.querySelectorAll("[data-go]")) link.addEventListener("click", () => app.store && go(link.dataset.go));
  byId("lock").addEventListener("click", () => lock());
  byId("screen").addEventListener("input", () => byId("said").querySelector(".alert") && say(""), true);
  byId("sync").addEventListener("click", () => app.store && go("trimitere"));
  watchVersions().catch(() => {});
  window.addEventListener("online", () => send());
  setInterval(() => send(), EVERY_MS);
  const handle = await asked({ ask: true });
  if (handle && Date.now() < handle.until) {
    try { return await unlocked(await SecretStore.open(handle.id, handle.keys, handle.until)); } catch { /* typed again */ }
  }
  return showLock();
}
