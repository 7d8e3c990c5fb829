// What is to be done, worked out of the facts each time: nothing of it is stored, so nothing of it can go stale.
import { addDays, addWorkingDays, daysBetween, today } from "./days.js";
import { UNFINISHED, isReferralFailed, rank } from "./record.js";

const SOON_DAYS = 7;
const OLD_UNSENT_DAYS = 3;

// Each task: {kind, case_ref, due, state: urgent | late | today | soon | open, item?}. unsent: {count, since} of this phone.
export function tasksOf(record, { day, off, unsent = { count: 0 } }) {
  const found = [];
  if (unsent.count && daysBetween(today(new Date(unsent.since)), day) >= OLD_UNSENT_DAYS) found.push({ kind: "unsent", due: day, state: "late" });
  for (const conflict of record.rows("case_conflicts")) {
    if (conflict.state === "open") found.push({ kind: "conflict", case_ref: conflict.case_ref, due: day, state: "late" });
  }
  for (const row of record.cases) if (!row.closed_on) found.push(...ofCase(record, row, { day, off }));
  return found.map((task) => ({ ...task, state: task.state ?? stateOf(task.due, day) })).filter((task) => task.state).sort((a, b) =>
    ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.due.localeCompare(b.due) || levelAt(record, b) - levelAt(record, a)
    || (a.case_ref ?? "").localeCompare(b.case_ref ?? ""));
}

const ORDER = ["urgent", "late", "today", "soon", "open"];
const levelAt = (record, task) => (task.case_ref && record.get("cases", task.case_ref) ? rank(record.level(record.get("cases", task.case_ref)) || "unknown") : 0);

function stateOf(due, day) {
  if (due < day) return "late";
  if (due === day) return "today";
  return due <= addDays(day, SOON_DAYS) ? "soon" : "";
}

function ofCase(record, row, { day, off }) {
  const ref = row.case_ref, state = record.state(row), level = record.level(row) || "unknown";
  const terms = record.deadlines[level];
  const after = (start, count) => addWorkingDays(start, count, off);
  const found = [];
  const last = record.lastAssessment(ref);
  if (state === "noted") found.push({ kind: "assess", case_ref: ref, due: after(row.opened_on, terms.assess), state: level === "urgent" ? "urgent" : undefined });
  if (state === "assessed") found.push({ kind: "plan", case_ref: ref, due: after(last.on_day, terms.plan) });
  if (last && last.complete === false) found.push({ kind: "gaps", case_ref: ref, due: after(last.on_day, terms.assess) });
  if (state === "planned" && record.plan(ref)?.state === "agreed" && !record.items(ref).length) found.push({ kind: "items", case_ref: ref, due: day, state: "open" });
  for (const item of record.of("plan_items", ref)) {
    const isHeld = record.get("plans", item.plan_id)?.state === "agreed";
    if (isHeld && isReferralFailed(item)) found.push({ kind: "choose", case_ref: ref, due: day, item });
    else if (isHeld && UNFINISHED.includes(item.state)) found.push({ kind: "item", case_ref: ref, due: item.due_on, item });
    else if (isHeld && item.state === "done" && item.referral_id && item.result === "unknown") found.push({ kind: "worked", case_ref: ref, due: addDays(item.done_on, 1), item });
  }
  if (state === "watched") found.push({ kind: "close", case_ref: ref, due: row.next_review || day, state: "open" });
  else if (state !== "noted" && row.next_review) found.push({ kind: "review", case_ref: ref, due: row.next_review });
  for (const remark of record.of("supervised", ref)) if (remark.state === "open" && remark.asks) found.push({ kind: "remark", case_ref: ref, due: remark.due_on || day, remark });
  if (level === "urgent" && state !== "noted") {
    const seen = [last?.on_day ?? "", ...record.of("visits", ref).map((visit) => visit.on_day)].sort().at(-1) || row.opened_on;
    if (daysBetween(seen, day) >= 1 && !found.some((task) => task.kind === "item" && task.due > day)) found.push({ kind: "unseen", case_ref: ref, due: seen, state: "urgent" });
  }
  return found;
}
