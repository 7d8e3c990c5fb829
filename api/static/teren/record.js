// The cases of a team as they stand: what the server has said, with what was done here since laid over it.
// Rows are those of docs/cases.md; a change is applied here as the server will apply it.
import { addDays } from "./days.js";
import { LEVELS, assess, levelOf, needsOf } from "./rules.js";

const TABLES = {
  households: ["household_id"], cases: ["case_ref"], assessments: ["assessment_id"], findings: ["finding_id"],
  case_needs: ["case_ref", "need"], plans: ["plan_id"], plan_items: ["item_id"], visits: ["visit_id"], case_notes: ["note_id"],
  case_conflicts: ["conflict_id"], supervised: ["remark_id"], campaigns: ["campaign_id"], campaign_stops: ["stop_id"],
};
// The parts of a case or a household as the server tells it, and the table that each is a row of.
const PARTS = { assessments: "assessments", findings: "findings", needs: "case_needs", plans: "plans", items: "plan_items", visits: "visits", notes: "case_notes", remarks: "supervised", conflicts: "case_conflicts" };
export const UNFINISHED = ["planned", "begun"];
export const BY_REFERRAL = "provider";  // who does an item that waits for a referral
const FAILED_REFERRAL = ["declined", "expired", "broken_off", "cancelled"];
export const isReferralFailed = (item) => UNFINISHED.includes(item.state) && FAILED_REFERRAL.includes(item.referral_state);
export const waitsForReferral = (item) => Boolean(item.need) && (isReferralFailed(item) || (UNFINISHED.includes(item.state) && item.member === BY_REFERRAL && !item.referral_id));
const PRIORITY = { danger: 1, high: 2, medium: 3, low: 4, info: 5 };
const PEOPLE = ["people_0_2", "people_3_5", "people_6_17", "people_18_64", "people_65"];

const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
// A code that means nothing and that nobody guesses: C-7KM2P-XW4TD.
export function newId(letter) {
  const signs = [];
  while (signs.length < 10) {
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
      if (byte < 240 && signs.length < 10) signs.push(LETTERS[byte % 30]);
    }
  }
  return `${letter}-${signs.slice(0, 5).join("")}-${signs.slice(5).join("")}`;
}

// Lists of codes lie here as the changes have them: with blanks between.
const plainRow = (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Array.isArray(value) ? value.join(" ") : value]));
const keyOf = (table, row) => TABLES[table].map((name) => row[name]).join(" ");

export class CaseRecord {
  // me: {account, profession}; instrumentOf: an instrument by the name of its edition.
  constructor(facts, changes, { me, instrumentOf, deadlines }) {
    Object.assign(this, { me, instrumentOf, deadlines, tables: Object.fromEntries(Object.keys(TABLES).map((name) => [name, new Map()])) });
    for (const found of facts) this.take(found);
    for (const change of changes) this.apply(change);
  }

  take(found) {
    if (found.campaign_id) {
      const { stops, ...campaign } = found;
      for (const stop of stops) this.put("campaign_stops", plainRow(stop));
      return this.put("campaigns", campaign);
    }
    const { case_ref = "", household_id = "" } = found;
    for (const [part, table] of Object.entries(PARTS)) {
      for (const row of found[part] ?? []) this.put(table, plainRow({ ...row, case_ref, ...(case_ref ? {} : { household_id }) }));
    }
    if (case_ref || household_id) this.put(case_ref ? "cases" : "households", Object.fromEntries(Object.entries(found).filter(([name]) => !PARTS[name])));
    return undefined;
  }

  get(table, key) { return this.tables[table].get(key); }
  rows(table) { return [...this.tables[table].values()]; }
  of(table, ref) { return this.rows(table).filter((row) => row.case_ref === ref); }
  put(table, row) { this.tables[table].set(keyOf(table, row), row); }

  get cases() { return this.rows("cases").filter((row) => !row.erased_at && !row.joined_into); }
  lastAssessment(ref) { return last(this.of("assessments", ref), (row) => row.on_day); }
  plan(ref) { return last(this.of("plans", ref).filter((row) => ["draft", "agreed"].includes(row.state)), (row) => row.number); }
  items(ref) { const plan = this.plan(ref); return plan ? this.rows("plan_items").filter((row) => row.plan_id === plan.plan_id) : []; }
  // What a list or a paper says of an item in neutral words: it is for a need that only some may know of.
  isSensitive(item) { return !item.action || this.get("case_needs", `${item.case_ref} ${item.need}`)?.sees === "restricted"; }
  openNeeds(ref) { return this.of("case_needs", ref).filter((row) => !row.ended_on).sort((a, b) => a.priority - b.priority); }
  openFindings(ref) { return this.of("findings", ref).filter((row) => !row.ended_on); }
  householdAnswers(id) {
    const found = last(this.rows("assessments").filter((row) => id && row.household_id === id), (row) => row.on_day);
    return found ? answersOf(found) : {};
  }

  level(row) { return row.level_said || row.level; }

  // What a case is follows from its facts, as cases/rules/case_states.py says.
  state(row) {
    if (row.erased_at) return "erased";
    if (row.closed_on) return "closed";
    const assessed = this.of("assessments", row.case_ref).length > 0;
    const agreed = this.of("plans", row.case_ref).filter((plan) => plan.state === "agreed").map((plan) => plan.plan_id);
    if (!assessed) return "noted";
    if (!agreed.length) return "assessed";
    const states = this.of("plan_items", row.case_ref).filter((item) => agreed.includes(item.plan_id)).map((item) => item.state);
    if (states.length && !states.some((state) => UNFINISHED.includes(state))) return "watched";
    return states.some((state) => ["begun", "done"].includes(state)) ? "active" : "planned";
  }

  // Whether this member decides for a case; the server knows as well whether its manager has been away for days.
  isMine(row) { return !row.owner || row.owner === this.me.account; }

  // Of one with the same household, birth and sex it is asked whether it is the same person.
  alike(said) {
    return this.cases.filter((row) => !row.closed_on && said.household_id && row.household_id === said.household_id
      && row.born.slice(0, 4) === said.born.slice(0, 4) && row.sex === said.sex);
  }

  apply(change) {
    // What cannot be laid over the record is left to the server, which says what is wrong with it.
    try { APPLY[change.kind]?.(this, change, change.body); } catch { /* it stays as it is, and is sent */ }
  }

  set(table, key, values) {
    const row = this.get(table, key);
    if (row) this.put(table, { ...row, ...values });
  }
}

export const answersOf = (row) => (typeof row.answers === "string" ? JSON.parse(row.answers) : row.answers ?? {});
const last = (rows, by) => rows.reduce((best, row) => (best === undefined || by(row) >= by(best) ? row : best), undefined);

export function assessedOf(record, row, assessment, instrument) {
  const answers = { born: row.born, sex: row.sex, ...record.householdAnswers(row.household_id), ...answersOf(assessment) };
  return assess(instrument, answers, assessment.on_day);
}

const APPLY = {
  "household.open": (record, { household_id }, body) =>
    record.put("households", { household_id, locality_siruta: null, ...Object.fromEntries(PEOPLE.map((name) => [name, 0])), ...body, version: 1 }),
  "household.set": (record, { household_id }, body) => record.set("households", household_id, body),
  "case.open": (record, { case_ref }, body) => record.put("cases", {
    case_ref, household_id: "", relation: "", locality_siruta: null, born: "", sex: "", level: "", level_at_least: false, level_said: "",
    level_reason: "", next_review: "", closed_on: "", outcome: "", note: "", joined_into: "", owner: record.me.account,
    owner_profession: record.me.profession, version: 1, erased_at: null, ...body,
  }),
  "case.set": (record, { case_ref }, body) => record.set("cases", case_ref, body),
  "case.close": (record, { case_ref }, body) => {
    for (const item of record.of("plan_items", case_ref)) {
      if (UNFINISHED.includes(item.state)) record.set("plan_items", item.item_id, { state: "not_done", done_on: body.closed_on, reason: body.items_reason ?? "" });
    }
    for (const found of record.openFindings(case_ref)) record.set("findings", found.finding_id, { ended_on: body.closed_on, ending: body.findings_end ?? "not_confirmed" });
    for (const need of record.openNeeds(case_ref)) record.set("case_needs", `${case_ref} ${need.need}`, { ended_on: body.closed_on });
    for (const plan of record.of("plans", case_ref)) if (["draft", "agreed"].includes(plan.state)) record.set("plans", plan.plan_id, { state: "ended" });
    record.set("cases", case_ref, { closed_on: body.closed_on, outcome: body.outcome });
  },
  "case.reopen": (record, { case_ref }) => record.set("cases", case_ref, { closed_on: "", outcome: "" }),
  "assessment.add": addAssessment,
  "finding.add": (record, { case_ref }, { finding_id, code, word, on_day, edition }) => {
    const rule = record.instrumentOf(edition)?.rules.find((each) => each.code === code);
    if (!rule || record.openFindings(case_ref).some((each) => each.code === code)) return;
    putFinding(record, case_ref, rule, { finding_id, assessment_id: "", word, opened_on: on_day });
    for (const need of rule.needs) {
      if (record.openNeeds(case_ref).some((each) => each.need === need)) continue;
      putNeed(record, case_ref, need, { opened_on: on_day, origin: "finding", codes: code, sees: rule.sees === "restricted" ? rule.sees : "team", priority: PRIORITY[rule.level] });
    }
    const row = record.get("cases", case_ref);
    if (row) record.set("cases", case_ref, { level: levelOfAll(record, case_ref, row.level, record.instrumentOf(edition)) });
  },
  "finding.end": (record, _change, body) => record.set("findings", body.finding_id, { ended_on: body.on_day, ending: body.ending }),
  "need.add": (record, { case_ref }, body) => putNeed(record, case_ref, body.need, { opened_on: body.on_day, priority: body.priority ?? 3 }),
  "need.set": (record, { case_ref }, { need, ...values }) => record.set("case_needs", `${case_ref} ${need}`, values),
  "need.end": (record, { case_ref }, body) => record.set("case_needs", `${case_ref} ${body.need}`, { ended_on: body.on_day }),
  "plan.add": (record, { case_ref }, { items = [], on_day, ...body }) => {
    const number = 1 + Math.max(0, ...record.of("plans", case_ref).map((plan) => plan.number));
    record.put("plans", { goal: "", review_on: "", ...body, case_ref, number, made_on: on_day, state: "draft", agreed_on: "", agreed_how: "", version: 1 });
    for (const item of items) putItem(record, case_ref, { ...item, plan_id: body.plan_id });
  },
  "plan.set": (record, _change, { plan_id, ...values }) => record.set("plans", plan_id, values),
  "plan.agree": (record, { case_ref }, body) => {
    for (const plan of record.of("plans", case_ref)) {
      if (plan.state !== "agreed") continue;
      record.set("plans", plan.plan_id, { state: "replaced" });
      for (const item of record.of("plan_items", case_ref)) {
        if (item.plan_id === plan.plan_id && UNFINISHED.includes(item.state)) record.set("plan_items", item.item_id, { state: "cancelled", done_on: body.on_day });
      }
    }
    record.set("plans", body.plan_id, { state: "agreed", agreed_on: body.on_day, agreed_how: body.how });
    const { review_on } = record.get("plans", body.plan_id) ?? {}, row = record.get("cases", case_ref);
    if (review_on && row && row.next_review < review_on) record.set("cases", case_ref, { next_review: review_on });
  },
  "item.add": (record, { case_ref }, body) => putItem(record, case_ref, body),
  "item.set": (record, _change, { item_id, ...values }) => record.set("plan_items", item_id, values),
  "item.begin": (record, _change, body) => begin(record, body.item_id, body.on_day),
  "item.done": (record, _change, body) => {
    const isDone = record.get("plan_items", body.item_id)?.state === "done";  // by its referral: only whether it helped is new
    record.set("plan_items", body.item_id, { result: body.result ?? "", ...(isDone ? {} : { state: "done", done_on: body.on_day }) });
  },
  "item.not_done": (record, _change, body) => record.set("plan_items", body.item_id, { state: "not_done", done_on: body.on_day, reason: body.reason }),
  "item.cancel": (record, _change, body) => record.set("plan_items", body.item_id, { state: "cancelled", done_on: body.on_day, reason: body.reason }),
  "item.refer": (record, _change, body) => record.set("plan_items", body.item_id, { referral_id: body.referral_id }),
  "visit.add": (record, { case_ref, household_id }, body) => {
    record.put("visits", { minutes: "15-30", place: "home", found: true, next_on: "", note: "", ...body, case_ref, household_id,
      members: body.members.join(" "), services: (body.services ?? []).join(" "), items: (body.items ?? []).join(" "), by: record.me.account });
    for (const item of body.items ?? []) begin(record, item, body.on_day);
  },
  "note.add": (record, { case_ref }, body) => record.put("case_notes", { ...body, case_ref, by: record.me.account }),
  "remark.done": (record, _change, body) => record.set("supervised", body.remark_id, { state: "done" }),
  "campaign.open": (record, _change, { on_day, ...body }) => record.put("campaigns", { households: [], ...body, begun_on: on_day, ended_on: "" }),
  "campaign.add": (record, { household_id }, body) => listHousehold(record, body.campaign_id, household_id),
  "campaign.stop": (record, { household_id }, body) => {
    record.put("campaign_stops", { people: 0, ...body, needs: (body.needs ?? []).join(" "), household_id, by: record.me.account });
    listHousehold(record, body.campaign_id, household_id);
  },
  "campaign.close": (record, _change, body) => { if (!record.get("campaigns", body.campaign_id)?.ended_on) record.set("campaigns", body.campaign_id, { ended_on: body.on_day }); },
  "conflict.settle": (record, _change, body) => record.set("case_conflicts", body.conflict_id, { state: "settled" }),
};

function listHousehold(record, id, household) {
  const { households = [] } = record.get("campaigns", id) ?? {};
  if (!households.includes(household)) record.set("campaigns", id, { households: [...households, household] });
}

function begin(record, itemId, day) {
  if (record.get("plan_items", itemId)?.state === "planned") record.set("plan_items", itemId, { state: "begun", begun_on: day });
}

const putItem = (record, case_ref, body) => record.put("plan_items", {
  account: "", state: "planned", begun_on: "", done_on: "", result: "", reason: "", service_type: "", referral_id: "", version: 1, ...body, case_ref,
});

const putFinding = (record, case_ref, { code, level, member, sees }, values) => record.put("findings", {
  case_ref, code, level, member, sees, by: record.me.account, word: "", ended_on: "", ending: "", ...values,
});

function putNeed(record, case_ref, need, values) {
  const before = record.get("case_needs", `${case_ref} ${need}`);
  if (before && !before.ended_on) return record.put("case_needs", { ...before, codes: values.codes ?? before.codes });
  return record.put("case_needs", { case_ref, need, origin: "member", codes: "", sees: "team", priority: 3, ended_on: "", declined: false, version: 0, ...values });
}

function addAssessment(record, { case_ref, household_id }, body) {
  const row = { kind: body.kind, ...body, answers: JSON.stringify(body.answers), case_ref, household_id, by: record.me.account };
  record.put("assessments", row);
  const owner = record.get("cases", case_ref), instrument = record.instrumentOf(body.edition);
  if (!owner || !instrument) return;
  const found = assessedOf(record, owner, row, instrument), codes = found.findings.map((each) => each.code);
  const standing = record.openFindings(case_ref);
  for (const each of found.findings) {
    if (standing.some((other) => other.code === each.code)) continue;
    putFinding(record, case_ref, each, { finding_id: `${body.assessment_id}:${each.code}`, assessment_id: body.assessment_id, opened_on: body.on_day });
  }
  for (const before of standing) {
    if (!codes.includes(before.code) && !found.possible.includes(before.code) && before.assessment_id) {
      record.set("findings", before.finding_id, { ended_on: body.on_day, ending: body.endings?.[before.code] ?? "no_longer" });
    }
  }
  for (const [need, origins] of needsOf(found)) {
    const behind = found.findings.filter((each) => origins.includes(each.code));
    putNeed(record, case_ref, need, {
      opened_on: body.on_day, origin: behind.length ? "finding" : "wish", codes: behind.map((each) => each.code).join(" "),
      sees: behind.length === origins.length && behind.every((each) => each.sees === "restricted") ? "restricted" : "team",
      priority: Math.min(...behind.map((each) => PRIORITY[each.level]), behind.length ? 5 : 3),
    });
  }
  const level = levelOfAll(record, case_ref, found.level, instrument), review = record.deadlines[owner.level_said || level].review;
  record.set("cases", case_ref, { level, level_at_least: found.at_least, next_review: addDays(body.on_day, review),
    born: owner.born || (body.answers.born ?? ""), sex: owner.sex || (body.answers.sex ?? "") });
}

// A level raised to that of all findings that stand: who asked last may not have asked what is worst.
function levelOfAll(record, ref, level, instrument) {
  const standing = [...new Map(record.openFindings(ref).map((each) => [each.code, each])).values()], ofAll = levelOf(instrument, standing);
  return LEVELS.indexOf(ofAll) > Math.max(LEVELS.indexOf(level), 0) ? ofAll : level;
}

// Who comes first: the most urgent level; one that is not known stands beside the middle one.
export const rank = (level) => (level === "unknown" ? 1.5 : LEVELS.indexOf(level));
