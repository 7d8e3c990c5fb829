// Unlocking and locking: the phrase, the first opening on a telephone, and what stands where nobody has opened it.
import { app, askWho, asking, byId, config, go, keepFile, loadIndex, reload, say, send, stack } from "./app.js";
import { choiceField, fill } from "./dom.js";
import { newId } from "./record.js";
import { newPassphrase } from "./sealing.js";
import { BoxLockedError, NoRoomError, WrongPassphraseError, allowAgain, boxes, hasBox, hasOthersWork, makeBox, openBox } from "./secret_store.js";
import { t } from "./words.js";

// A telephone that the server has not seen for weeks opens only to who can still sign in; its unsent work may be taken away sealed.
async function isForgotten(store, who) {
  const [seen, index] = [await store.get("meta", "seen"), await store.get("meta", "index")];
  return !who && Date.now() - seen > (index?.locked_after ?? Infinity) * 86_400_000;
}

export async function unlocked(store, who) {
  if (await isForgotten(store, who)) {
    const content = await store.copy();
    store.close();
    byId("screen").replaceChildren(fill("forgotten", { signIn: config.signIn, copy: () => keepFile(content), hasUnsent: content.changes.length > 0 }));
    byId("screen").querySelector("h1").focus();
    return;
  }
  app.store = store;
  const kept = await store.get("meta", "who");
  const community = who ? await asking(config.community).catch(() => null) : null;
  app.who = { ...kept, ...who, ...community, profession: who?.profession || kept?.profession || who?.chosen || "social", token: "" };
  app.csrfToken = who?.token ?? "";
  // A telephone without room opens all the same: what lies here unsent has to get away.
  await store.putIfRoom("meta", "who", app.who);
  if (!(await store.get("meta", "device"))) await store.put("meta", "device", { id: newId("D"), no: 0, since: 0 });
  await navigator.storage?.persist?.().catch(() => false);
  try {
    await loadIndex();
  } catch {
    app.store = null;
    store.close();
    showLock(t("first_needs_network"));
    return;
  }
  hand({ keep: store.handle });
  await reload();
  document.body.dataset.open = "";
  setTimeout(lock, Math.max(0, store.until - Date.now()));
  go("azi", {}, { replace: true });
  send();
}

export function lock() {
  app.store?.close();
  Object.assign(app, { store: null, record: null, changes: [] });
  app.instruments.clear();
  stack.length = 0;
  hand({ forget: true });
  showLock();
}

export async function showLock(alert = "") {
  delete document.body.dataset.open;
  byId("sync").hidden = true;
  say("");
  let who = null, isOffline = false;
  try { who = await askWho(); } catch { isOffline = true; }
  const isNew = who !== null && who.role === "team" && !(await hasBox(who.box)), kept = (await boxes()).length;
  const isOthers = Boolean(who) && await hasOthersWork(who.box);
  if (who && who.role === "team") await allowAgain(who.box);
  const place = byId("screen");
  if (who && who.role !== "team") place.replaceChildren(fill("only-teams", { signIn: config.signIn }));
  else if (isNew) place.replaceChildren(firstBox(who, alert, isOthers));
  else if (!kept) place.replaceChildren(fill("no-box", { isOffline, isOnline: !isOffline, signIn: config.signIn, alert }));
  else place.replaceChildren(unlockForm(who, alert, isOthers));
  document.title = `${place.querySelector("h1")?.textContent ?? ""} · ${t("title")}`;
  place.dataset.screen = "lock";
  const first = (alert && place.querySelector("input")) || place.querySelector("h1");
  if (first.matches("h1")) first.setAttribute("tabindex", "-1");
  first.focus();
}

function unlockForm(who, alert, isOthers) {
  const submit = async (event) => {
    event.preventDefault();
    const field = event.target.elements.passphrase;
    try {
      await unlocked(await openBox(field.value, who?.box ?? ""), who);
    } catch (error) {
      if (error instanceof BoxLockedError) return showLock(t("box_locked"));
      if (error instanceof NoRoomError) return showLock(t("no_room"));
      if (!(error instanceof WrongPassphraseError)) throw error;
      return showLock(t("wrong_passphrase"));
    }
    return undefined;
  };
  return fill("unlock", { submit, alert, signIn: config.signIn, isOut: !who, isOthers });
}

function firstBox(who, alert, isOthers) {
  const words = newPassphrase();
  const submit = async (event) => {
    event.preventDefault();
    const { typed, profession } = event.target.elements;
    if (typed.value.trim().toLowerCase().replace(/[\s-]+/g, " ") !== words) return say(t("passphrase_differs"), "alert");
    try {
      return await unlocked(await makeBox(who.box, words), { ...who, chosen: profession?.value });
    } catch (error) {
      if (!(error instanceof NoRoomError)) throw error;
      return showLock(t("no_room"));
    }
  };
  const professions = who.profession ? [] : choiceField({ name: "profession", legend: t("your_profession"), options: ["social", "medical", "educational"].map((each) => [each, t(`member.${each}`)]), chosen: ["social"] });
  return fill("first-box", { words, submit, professions, alert, isOthers });
}

// A reload within the time finds the keys with the service worker, in its memory alone.
export function hand(message) { navigator.serviceWorker?.controller?.postMessage(message); }

export function asked(message) {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve(null);
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    setTimeout(() => resolve(null), 500);
    worker.postMessage(message, [channel.port2]);
  });
}
