// Sending what was done, and taking what others did: the network is never waited for.
// A change stays here until the server has said what became of it; sent twice it counts once.
import { NoRoomError } from "./secret_store.js";

export const MOST_CHANGES = 200;
const ADDRESS = "/teren/schimb";
const LONGEST_MS = 120_000;  // the first download on the slowest network; what is there and answers nothing is none
const PARTS = 2;  // of what the server tells: one who knew fewer parts asks for everything once more

export class SignInNeededError extends Error {}
export class OtherAccountError extends Error {}
export class ServerRefusalError extends Error {}  // says why, in words of the server

// What became of each change, for what is kept here: gone from here, or kept with the reason.
export function sortResults(changes, results) {
  const by = new Map(results.map((each) => [each.change_id, each]));
  const gone = [], kept = [];
  for (const change of changes) {
    const found = by.get(change.change_id);
    if (!found) continue;
    const result = found.result === "repeated" ? found.reason || "applied" : found.result;
    if (result === "applied" || result === "conflict") gone.push(change);
    else kept.push({ ...change, state: result, reason: found.result === "repeated" ? change.reason ?? "" : found.reason ?? "" });
  }
  return { gone, kept };
}

export const changeKey = (change) => String(change.device_no).padStart(9, "0");
const envelope = ({ change_id, device_no, kind, case_ref, household_id, base, body, at }) => ({ change_id, device_no, kind, case_ref, household_id, base, body, at });

// What stands for the code of a case that has to be forgotten.
export async function digestOfCase(ref) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ref)));
  return `X-${[...bytes.slice(0, 10)].map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

// One round; more: whether anything is left to send; isFull: what others did has no room here. box: whose records these are, by the session of the server.
// language: of the words of a refusal. fetching: fetch, or what a test puts in its place.
export async function exchange(store, { box, token, shell, language = "ro", fetching = fetch }) {
  if (box !== (await store.get("meta", "account"))) throw new OtherAccountError();
  const before = await store.get("meta", "device");
  const device = before.parts === PARTS ? before : { ...before, since: 0 };
  const changes = (await store.all("changes")).map(([, change]) => change).sort((a, b) => a.device_no - b.device_no);
  const unsent = changes.filter((change) => change.state === "new"), sent = unsent.slice(0, MOST_CHANGES);
  const answer = await fetching(language === "ro" ? ADDRESS : `${ADDRESS}?lang=${language}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-Harta-Formular": token },
    body: JSON.stringify({ device: device.id, since: device.since, shell, unsent: unsent.length, unsent_since: unsent[0]?.at ?? "", changes: sent.map(envelope) }),
    redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(LONGEST_MS),
  });
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignInNeededError();
  if (!answer.ok) throw new ServerRefusalError((await answer.json().catch(() => ({}))).error ?? `${answer.status}`);
  const said = await answer.json();
  const { gone, kept } = sortResults(changes, [...said.results, ...said.later]);
  return store.inTurn(() => written(store, said, { gone, kept, isWhole: device.since === 0, more: unsent.length > sent.length }));
}

async function written(store, said, { gone, kept, isWhole, more }) {
  const facts = await documents(store, said, isWhole);
  const latest = await store.get("meta", "device");  // numbers may have been given meanwhile
  const settled = [
    ...gone.map((change) => ["changes", changeKey(change), undefined]),
    ...kept.map((change) => ["changes", changeKey(change), change]),
  ];
  let isFull = false;
  try {
    await store.write([...facts, ...settled, ["meta", "device", { ...latest, since: said.next, parts: PARTS }]]);
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    // What was sent goes, with its cases as they stand now; the rest is told again by the next exchange.
    const own = new Set(gone.flatMap((change) => [change.case_ref, change.household_id]));
    await store.write([...facts.filter(([, ref]) => own.has(ref)), ...settled]);
    isFull = true;
  }
  return { more, changed: facts.length + settled.length, said, isFull };
}

const TEAM = "team";  // where lies what is told of the community as a whole

// Cases and households come whole; of the first exchange what is not named is not there.
async function documents(store, said, isWhole) {
  const entries = new Map(), forgotten = new Set(said.gone);
  if (isWhole || forgotten.size) {
    for (const [key, found] of await store.all("facts")) {
      if (isWhole || forgotten.has(await digestOfCase(found.case_ref || found.household_id || found.campaign_id))) entries.set(key, undefined);
    }
  }
  for (const found of said.households) entries.set(found.household_id, found);
  for (const found of said.cases) entries.set(found.case_ref, found);
  for (const found of said.campaigns ?? []) entries.set(found.campaign_id, found);
  const told = { remarks: said.remarks ?? [] };
  if (isWhole || JSON.stringify(await store.get("facts", TEAM)) !== JSON.stringify(told)) entries.set(TEAM, told);
  return [...entries].map(([key, value]) => ["facts", key, value]);
}
