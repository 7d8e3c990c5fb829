// Trimitere: what is sent and what waits; „De rezolvat”: what was refused, and two values for one field, side by side.
import { again, app, bring, dropChange, day, keepFile, language, refused, save, say, screens, send, signIn, unsent } from "./app.js";
import { today } from "./days.js";
import { fill } from "./dom.js";
import { newId } from "./record.js";
import { readCopy } from "./secret_store.js";
import { listedAction, placeName, when } from "./screens_people.js";
import { code, t } from "./words.js";

const whenSent = (at) => when(today(new Date(at)));
const CODED = { level_said: "level", relation: "relation", sex: "sex", member: "member" };

screens.trimitere = () => {
  const { count, since } = unsent();
  const conflicts = app.record.rows("case_conflicts").filter((row) => row.state === "open");
  return fill("trimitere", {
    waiting: count ? t("unsent", { n: count }) : t("all_sent"), since: since ? t("oldest", { day: whenSent(since) }) : "",
    trouble: document.querySelector("#said .alert") ? "" : app.trouble, isOut: app.sending === "sign_in", signIn,
    exchanged: app.exchanged ? t("exchanged_at", { time: new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(app.exchanged)) }) : "",
    send: () => send({ loud: true }), copy: async () => keepFile(await app.store.copy()), take, hasUnsent: count > 0,
    list: app.changes.filter((change) => change.state !== "refused" && change.kind !== "reading.add").slice(-30).map((change) =>
      fill("list-item", { text: `${t(`change.${change.kind}`)} · ${change.case_ref || change.household_id} · ${whenSent(change.at)}${change.state === "waiting" ? ` · ${t("waits")}` : ""}` })),
    settle: [...refused().map(refusedRow), ...conflicts.map(conflictRow)], hasSettle: refused().length + conflicts.length > 0,
  });
};

// A copy that was kept elsewhere, or by an account that is closed, goes on from here.
async function take(event) {
  event.preventDefault();
  const { file, phrase } = event.target.elements;
  const found = await file.files[0].text().then((text) => readCopy(JSON.parse(text), phrase.value)).catch(() => null);
  if (!found) { say(t("copy_unreadable"), "alert"); return; }
  const n = await bring(found);
  if (n === null) return;
  say(t("copy_taken", { n }));
  again();
}

function refusedRow(change) {
  const row = app.record.get("cases", change.case_ref), words = change.body.note || change.body.text || change.body.reason || "";
  return fill("refused", {
    title: `${t(`change.${change.kind}`)} · ${change.case_ref || change.household_id}`, reason: change.reason, on: whenSent(change.at),
    canKeep: Boolean(row && !row.closed_on && change.kind !== "note.add"),
    keep: async () => {
      const text = [t(`change.${change.kind}`), change.body.on_day ? when(change.body.on_day) : "", words].filter(Boolean).join("; ");
      if (await save([["note.add", change.case_ref, { note_id: newId("N"), on_day: day(), text: [...text].slice(0, 500).join("") }]])) { await dropChange(change); again(); }
    },
    drop: async () => { await dropChange(change); again(); },
  });
}

// isLate: a change that waited in vain for one before it; there is nothing to choose.
function conflictRow(row) {
  const isLate = row.place === "case_changes", item = row.place === "plan_items" && app.record.get("plan_items", row.row_key);
  const said = (found) => {
    const list = CODED[row.field];
    if (isLate) return t("read_it");
    if (found === null || found === "") return t("not_said");
    if (typeof found === "boolean") return t(found ? "yes" : "no");
    if (row.field === "locality_siruta") return placeName(found) || String(found);
    return list ? code(list, found) : /^\d{4}-\d\d-\d\d$/.test(found) ? when(found) : String(found);
  };
  const settle = (choose) => async () => {
    const ref = row.case_ref || row.household_id;
    if (await save([["conflict.settle", ref, { conflict_id: row.conflict_id, choose }]])) { say(t("settled")); again(); }
  };
  const owner = app.record.get("cases", row.case_ref), isMine = !owner || app.record.isMine(owner);
  return fill("conflict", {
    title: [t(`${isLate ? "change" : "field"}.${row.field}`), item ? listedAction(item) : "", row.case_ref || row.household_id].filter(Boolean).join(" · "), isLate, kept: said(row.kept), other: said(row.other),
    keep: settle("kept"), take: settle("other"), isOthers: !isMine,
  });
}


