// What an account keeps on this phone: a database of its own, every record sealed. One person's sign-in never touches
// what another has not sent. The list of boxes says nothing but how often a wrong passphrase was typed.
import { ROUNDS, aesKey, base64, decrypt, derive, digestOf, encrypt, fromBase64, keysOf, nameOf, random, seal, tidyPassphrase, unseal } from "./sealing.js";

const LIST = "teren", BOXES = "boxes";
export const STORES = ["facts", "changes", "drafts", "meta"];
// One step for each version that was ever published; a database of any of them is led through the rest.
const UPGRADES = [(db) => STORES.forEach((name) => db.createObjectStore(name))];
export const MOST_TRIES = 10;
export const OPEN_MS = 12 * 3600 * 1000;

export class WrongPassphraseError extends Error {}
export class BoxLockedError extends Error {}
export class NoRoomError extends Error {}

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(asRoom(request.error));
});

function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(asRoom(transaction.error));
  });
}

const asRoom = (error) => (error?.name === "QuotaExceededError" ? new NoRoomError() : error);

function opened(name, upgrades) {
  const request = indexedDB.open(name, upgrades.length);
  request.onupgradeneeded = (event) => upgrades.slice(event.oldVersion).forEach((step) => step(request.result));
  return done(request);
}

async function inList(mode, ask) {
  const db = await opened(LIST, [(made) => made.createObjectStore(BOXES, { keyPath: "id" })]);
  try {
    const transaction = db.transaction(BOXES, mode);
    const finished = committed(transaction);
    finished.catch(() => {});  // the request says why first
    const found = await done(ask(transaction.objectStore(BOXES)));
    await finished;
    return found;
  } catch (error) { throw asRoom(error); } finally { db.close(); }
}

export const boxes = async () => (await inList("readonly", (list) => list.getAll())).sort((a, b) => b.used - a.used);
const boxOf = (id) => inList("readonly", (list) => list.get(id));
const keepBox = (box) => inList("readwrite", (list) => list.put(box));
// A telephone without room still opens.
const withoutRoom = (error) => { if (!(error instanceof NoRoomError)) throw error; };
const countTries = (box) => keepBox(box).catch(withoutRoom);

export const boxId = (account) => digestOf(`teren ${account}`);
export const hasBox = async (account) => Boolean(await boxOf(await boxId(account)));

export async function makeBox(account, passphrase, { rounds = ROUNDS } = {}) {
  const id = await boxId(account);
  if (await boxOf(id)) throw new Error("this account has a box");
  const secret = random(32), salt = random(16);
  const store = await SecretStore.open(id, await keysOf(secret));
  await store.put("meta", "account", account);
  await keepBox({ id, ...(await wrapped(secret, passphrase, salt, rounds, id)), tries: 0, used: Date.now() });
  return store;
}

async function wrapped(secret, passphrase, salt, rounds, id) {
  const iv = random(12), key = await aesKey(await derive(tidyPassphrase(passphrase), salt, rounds));
  return { salt, rounds, iv, key: await encrypt(key, iv, secret, `box ${id}`) };
}

// Opens the box that the passphrase fits: of the account named, else of any on this phone.
export async function openBox(passphrase, account = "") {
  const wanted = account ? await boxId(account) : "";
  const candidates = (await boxes()).filter((box) => !wanted || box.id === wanted);
  const open = candidates.filter((box) => box.tries < MOST_TRIES);
  if (candidates.length && !open.length) throw new BoxLockedError();
  for (const box of open) {
    const key = await aesKey(await derive(tidyPassphrase(passphrase), box.salt, box.rounds));
    try {
      const secret = await decrypt(key, box.iv, box.key, `box ${box.id}`);
      await countTries({ ...box, tries: 0, used: Date.now() });
      return await SecretStore.open(box.id, await keysOf(secret));
    } catch (error) {
      if (error.name !== "OperationError") throw error;
      await countTries({ ...box, tries: box.tries + 1 });
    }
  }
  throw new WrongPassphraseError();
}

// After a sign-in with network: the tries begin anew.
export async function allowAgain(account) {
  const box = await boxOf(await boxId(account));
  if (box) await countTries({ ...box, tries: 0 });
}

// Whether another account has left anything here that is not sent or not settled.
export async function hasOthersWork(account) {
  const own = await boxId(account);
  for (const { id } of await boxes()) {
    if (id === own) continue;
    const db = await opened(`teren-${id}`, UPGRADES);
    try {
      if (await done(db.transaction("changes").objectStore("changes").count())) return true;
    } finally { db.close(); }
  }
  return false;
}

export class SecretStore {
  static async open(id, keys, until = Date.now() + OPEN_MS) {
    return new SecretStore(await opened(`teren-${id}`, UPGRADES), id, keys, until);
  }

  constructor(db, id, keys, until) {
    Object.assign(this, { db, id, keys, until });
  }

  get isOpen() { return this.keys !== null && Date.now() < this.until; }

  // What may be handed to another page of ours within the time: the keys cannot be read out of it.
  get handle() { return { id: this.id, keys: this.keys, until: this.until }; }

  close() {
    this.keys = null;
    this.db.close();
  }

  // In turn with every other window of ours: numbers that are read and written must not be given twice.
  inTurn(act) { return navigator.locks.request(`teren-${this.id}`, act); }

  async place(store, key) {
    const name = await nameOf(this.keys.names, `${store} ${key}`);
    return [name, `${store} ${name}`];
  }

  async get(store, key) {
    const [name, bound] = await this.place(store, key);
    const sealed = await done(this.db.transaction(store).objectStore(store).get(name));
    return sealed === undefined ? undefined : (await unseal(this.keys.records, sealed, bound))[1];
  }

  // Every [key, value] of a store.
  async all(store) {
    const place = this.db.transaction(store).objectStore(store);
    const [names, sealed] = await Promise.all([done(place.getAllKeys()), done(place.getAll())]);
    return Promise.all(sealed.map((each, at) => unseal(this.keys.records, each, `${store} ${names[at]}`)));
  }

  put(store, key, value) { return this.write([[store, key, value]]); }

  putIfRoom(store, key, value) { return this.put(store, key, value).catch(withoutRoom); }

  // All of it or nothing, in one transaction; undefined deletes.
  async write(entries) {
    const ready = await Promise.all(entries.map(async ([store, key, value]) => {
      const [name, bound] = await this.place(store, key);
      return [store, name, value === undefined ? undefined : await seal(this.keys.records, [key, value], bound)];
    }));
    if (!ready.length) return;
    const transaction = this.db.transaction([...new Set(ready.map(([store]) => store))], "readwrite", { durability: "strict" });
    const finished = committed(transaction);
    try {
      for (const [store, name, sealed] of ready) {
        const place = transaction.objectStore(store);
        if (sealed === undefined) place.delete(name);
        else place.put(sealed, name);
      }
    } catch (error) {
      transaction.abort();
      await finished.catch(() => {});
      throw asRoom(error);
    }
    await finished;
  }

  // The unsent work as it lies here, sealed, with what a passphrase needs to open it: for a file that is kept elsewhere.
  async copy() {
    const place = this.db.transaction("changes").objectStore("changes");
    const [names, sealed] = await Promise.all([done(place.getAllKeys()), done(place.getAll())]);
    const box = await boxOf(this.id);
    return {
      format: "teren-copy 1", id: this.id, rounds: box.rounds,
      ...Object.fromEntries(["salt", "iv", "key"].map((name) => [name, base64(box[name])])),
      changes: sealed.map((each, at) => [names[at], base64(each.iv), base64(each.data)]),
    };
  }
}

// The changes of a copy, by its passphrase; WrongPassphraseError where it does not fit.
export async function readCopy(copy, passphrase) {
  const wrapping = await aesKey(await derive(tidyPassphrase(passphrase), fromBase64(copy.salt), copy.rounds));
  try {
    const { records } = await keysOf(await decrypt(wrapping, fromBase64(copy.iv), fromBase64(copy.key), `box ${copy.id}`));
    return await Promise.all(copy.changes.map(async ([name, iv, data]) =>
      (await unseal(records, { iv: fromBase64(iv), data: fromBase64(data) }, `changes ${name}`))[1]));
  } catch (error) {
    if (error.name === "OperationError") throw new WrongPassphraseError();
    throw error;
  }
}
