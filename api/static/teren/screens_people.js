// Azi, Oameni, Gospodărie, Caz, and opening a case. Lists say a code, an age, a place and a level: never what was found.
import { again, app, back, day, go, instrument, language, off, save, say, screens, send, unsent } from "./app.js";
import { ageOn, today, withWeekday, written } from "./days.js";
import { choiceField, fill, line, valuesOf } from "./dom.js";
import { personalData } from "./personal_data.js";
import { UNFINISHED, newId, rank, waitsForReferral } from "./record.js";
import { tasksOf } from "./tasks.js";
import { code, codes, t } from "./words.js";

export const when = (text) => written(text, language);
export const dueWords = (text) => t("due", { day: withWeekday(text, language) });
const STATES = ["noted", "assessed", "planned", "active", "watched", "closed"];
const BANDS = ["people_0_2", "people_3_5", "people_6_17", "people_18_64", "people_65"];

export function levelWords(row) {
  const level = app.record.level(row);
  return row.level_at_least && !row.level_said && level !== "unknown" ? t("at_least", { level: code("level", level) }) : code("level", level || "none");
}

export const placeName = (siruta) => app.who.localities?.find(([each]) => each === siruta)?.[1] ?? "";

export const villages = () => (app.who.localities ?? []).map(([siruta, name]) => [String(siruta), name]);
const villageOf = (row) => placeName(row.locality_siruta ?? app.record.get("households", row.household_id)?.locality_siruta);
// As the finder takes it: village, community, county.
export const placeOf = (row) => [villageOf(row), app.who.uat_name, app.who.county].filter(Boolean).join(", ");

export function about(row) {
  const age = ageOn(row.born, day());
  const parts = [age === null ? t("age_unknown") : t("age", { n: age }), row.sex ? code("sex", row.sex).toLowerCase() : "", villageOf(row)];
  return parts.filter(Boolean).join(", ");
}

// Texts typed by hand name nobody: refused here too, without network.
export function isClean(form) {
  for (const field of form.querySelectorAll("textarea, input[type=text]")) {
    const found = personalData(field.value);
    field.setCustomValidity(found ? t(`personal.${found}`) : "");
  }
  return form.reportValidity();
}

export const cleaned = (event) => event.target.setCustomValidity("");
export const actionWords = (item) => item.action || t("sensitive_action");
// In lists and on papers an action for a sensitive need is not named.
// A need that restricted findings lead to, also where the person named it.
export const isSensitiveNeed = (need) => instrument().rules.some((rule) => rule.sees === "restricted" && rule.needs.includes(need));
export const listedAction = (item) => (app.record.isSensitive(item) || isSensitiveNeed(item.need) ? t("sensitive_action") : item.action);
const openCase = (ref) => () => go("caz", { ref });

// The finder opens beside this page, by a form: nothing about a person stands in an address. A referral that is made there
// comes back into the plan by the code of the case, which has to be at the server by then.
export function findService(row, need) {
  if (!navigator.onLine) { say(t("find_needs_network"), "alert"); return; }
  send();
  const age = ageOn(row.born, day());
  const form = fill("finder-form", { csrf: app.csrfToken ?? "", need, ref: row.case_ref, place: placeOf(row), age: age === null ? "" : String(age), sex: row.sex });
  document.body.append(form);
  form.submit();
  form.remove();
}

// ----- Azi -----

screens.azi = () => {
  const tasks = tasksOf(app.record, { day: day(), off: off(), unsent: unsent() });
  const groups = ["urgent", "late", "today", "soon", "open"].map((state) => [state, tasks.filter((task) => task.state === state)])
    .filter(([, found]) => found.length)
    .map(([state, found]) => fill("task-group", { title: t(`tasks.${state}`, { n: found.length }), class: `tasks ${state}`, rows: found.map(taskRow) }));
  const remarks = app.record.of("supervised", "").map((each) => remarkRow("", each)), hasRemarks = remarks.length > 0;
  return fill("azi", { day: withWeekday(day(), language), groups: groups.length || hasRemarks ? groups : [line(t("no_tasks"), "soft")], remarks, hasRemarks, open: () => go("deschide"), campaigns: () => go("campanii") });
};

function taskRow(task) {
  const row = task.case_ref ? app.record.get("cases", task.case_ref) : null;
  const act = {
    assess: () => go("evaluare", { ref: task.case_ref, kind: "initial" }), gaps: () => go("evaluare", { ref: task.case_ref, kind: "full" }),
    review: () => go("evaluare", { ref: task.case_ref, kind: "review" }), plan: () => go("plan", { ref: task.case_ref }),
    items: () => go("plan", { ref: task.case_ref }), close: () => go("inchidere", { ref: task.case_ref }),
    item: () => go("vizita", { ref: task.case_ref, item: task.item.item_id }), unseen: () => go("vizita", { ref: task.case_ref }),
    choose: () => findService(row, task.item.need), worked: () => go("ajutat", { ref: task.case_ref, item: task.item.item_id }),
    unsent: () => go("trimitere"), conflict: () => go("trimitere"), remark: openCase(task.case_ref),
  }[task.kind];
  const kindWords = t(`task.${task.kind}`), title = !task.item ? kindWords : task.kind === "item" ? listedAction(task.item) : `${kindWords}: ${listedAction(task.item)}`;
  return fill("task-row", {
    title, ref: task.case_ref ?? "", about: row ? `${about(row)} · ${levelWords(row)}` : "", due: ["unsent", "conflict"].includes(task.kind) ? "" : dueWords(task.due),
    label: t(`task_do.${task.kind}`), act, open: row ? openCase(task.case_ref) : null, name: `${t(`task_do.${task.kind}`)}: ${title} ${task.case_ref ?? ""}`,
  });
}

// ----- Oameni -----

const filters = { words: "", state: "", level: "", place: "" };

screens.oameni = () => {
  const list = fill("people-list", {});
  const draw = () => {
    const found = app.record.cases.filter(matches).sort((a, b) =>
      Number(Boolean(a.closed_on)) - Number(Boolean(b.closed_on)) || rank(app.record.level(b) || "unknown") - rank(app.record.level(a) || "unknown") || a.case_ref.localeCompare(b.case_ref));
    const isNone = !app.record.cases.length;
    list.replaceChildren(found.length ? line(t("people_found", { n: found.length }), "soft") : fill("nobody", { isNone, isUnfound: !isNone }), ...found.slice(0, 300).map((row) => fill("person-row", {
      ref: row.case_ref, about: about(row), state: code("state", app.record.state(row)), level: levelWords(row),
      class: `chip level-${app.record.level(row) || "none"}`, open: openCase(row.case_ref),
    })));
  };
  const input = (event) => { filters[event.target.name] = event.target.value; draw(); };
  const made = fill("oameni", {
    list, input, open: () => go("deschide"), bring: () => import("./screens_import.js").then(() => go("lista"), () => say(t("list_needs_network"), "alert")),
    states: options(filters.state, STATES.map((state) => [state, code("state", state)])),
    levels: options(filters.level, ["urgent", "high", "medium", "low", "unknown"].map((level) => [level, code("level", level)])),
    places: options(filters.place, villages()),
    words: filters.words,
  });
  draw();
  return made;
};

export const options = (chosen, list, none = t("any")) => [["", none], ...list].map(([value, label]) => fill("option", { value, label, selected: value === chosen }));

function matches(row) {
  const words = filters.words.trim().toUpperCase();
  return (!words || row.case_ref.includes(words) || row.household_id.includes(words))
    && (!filters.state || app.record.state(row) === filters.state) && (!filters.level || (app.record.level(row) || "unknown") === filters.level)
    && (!filters.place || String(row.locality_siruta ?? app.record.get("households", row.household_id)?.locality_siruta ?? "") === filters.place);
}

// ----- a new case, in a household that is there or a new one -----

screens.deschide = ({ household = "" }) => {
  app.isForm = true;
  const submit = async (event) => {
    event.preventDefault();
    if (!isClean(event.target)) return;
    const said = valuesOf(event.target), ref = newId("C");
    const locality = said.locality ? Number(said.locality) : null;
    const home = said.household || newId("H");
    const alike = app.record.alike({ household_id: home, born: said.born, sex: said.sex ?? "" })[0];
    if (alike && !event.target.dataset.sure) {
      event.target.dataset.sure = "1";
      say(t("maybe_same", { ref: alike.case_ref }), "alert");
      return;
    }
    const changes = said.household ? [] : [["household.open", home, locality ? { locality_siruta: locality } : {}]];
    changes.push(["case.open", ref, {
      opened_on: day(), source: said.source ?? "outreach", household_id: home, relation: said.relation ?? "", born: said.born, sex: said.sex ?? "",
      note: said.note.trim(), ...(locality ? { locality_siruta: locality } : {}),
    }]);
    if (await save(changes)) go("caz", { ref }, { replace: true });
  };
  return fill("deschide", {
    submit, input: cleaned, back, households: options(household, homesListed(), t("new_household")),
    places: options("", villages(), t("not_said")),
    sexes: choiceField({ name: "sex", legend: t("sex"), options: codes("sex"), required: true }),
    relations: options("", codes("relation"), t("not_said")), sources: options("outreach", codes("source"), t("not_said")).slice(1),
  });
};

export const homesListed = () => app.record.rows("households").map((row) => [row.household_id, [row.household_id, placeName(row.locality_siruta), t("cases_in", { n: casesIn(row.household_id).length })].filter(Boolean).join(" · ")]);
export const casesIn = (id) => app.record.cases.filter((row) => row.household_id === id);

// ----- Gospodărie -----

screens.gospodarie = ({ id }) => {
  app.isForm = true;
  const row = app.record.get("households", id), answers = app.record.householdAnswers(id), asked = instrument().questions.filter((each) => each.name.startsWith("h_"));
  const submit = async (event) => {
    event.preventDefault();
    const said = valuesOf(event.target), changed = BANDS.filter((band) => Number(said[band]) !== row[band]);
    if (changed.length && !(await save([["household.set", id, Object.fromEntries(changed.map((band) => [band, Number(said[band])])), row.version]]))) return;
    say(t("saved"));
    again();
  };
  return fill("gospodarie", {
    id, place: placeName(row.locality_siruta), submit,
    cases: casesIn(id).map((each) => fill("person-row", { ref: each.case_ref, about: `${each.relation ? `${code("relation", each.relation)} · ` : ""}${about(each)}`,
      state: code("state", app.record.state(each)), level: levelWords(each), class: `chip level-${app.record.level(each) || "none"}`, open: openCase(each.case_ref) })),
    bands: BANDS.map((band) => fill("number", { name: band, label: t(`band.${band}`), value: String(row[band] ?? 0), min: "0", max: "40" })),
    answers: asked.filter((each) => answers[each.name]).map((each) => fill("fact", { name: each.label, value: answerWords(instrument(), each, answers[each.name]) })),
    isEmpty: !asked.some((each) => answers[each.name]), add: () => go("deschide", { household: id }),
  });
};

export function answerWords(from, question, value) {
  const labels = new Map(from.choices[question.list] ?? []);
  return question.list ? value.split(/\s+/).map((each) => labels.get(each) ?? each).join("; ") : value;
}

// ----- Caz -----

const MAIN = { noted: ["evaluare", "initial"], assessed: ["plan"], planned: ["vizita"], active: ["vizita"], watched: ["evaluare", "review"] };

screens.caz = ({ ref }) => {
  const row = app.record.get("cases", ref);
  if (!row) return fill("gone", {});
  const state = app.record.state(row), plan = app.record.plan(ref), [screen, kind] = MAIN[state] ?? [];
  noteReading(ref);
  const rules = new Map(instrument().rules.map((rule) => [rule.code, rule]));
  const needs = app.record.openNeeds(ref).map((need) => fill("need-row", {
    words: need.sees === "restricted" ? t("sensitive_need") : instrument().needs[need.need]?.name ?? need.need, declined: need.declined, priority: t("priority", { n: need.priority }),
  }));
  const findings = app.record.openFindings(ref).map((found) => fill("fact", { name: `${rules.get(found.code)?.label ?? found.code}`, value: [found.code, code("finding_level", found.level), when(found.opened_on), found.word].filter(Boolean).join(" · ") }));
  const items = app.record.items(ref).map((item) => fill("item-row", {
    words: actionWords(item), who: t(`member.${item.member}`), due: dueWords(item.due_on), state: code("item_state", item.state),
    class: UNFINISHED.includes(item.state) && item.due_on < day() ? "row late" : "row", done: UNFINISHED.includes(item.state) ? () => finish(ref, item, "done") : null,
    notDone: UNFINISHED.includes(item.state) ? () => go("neterminat", { ref, item: item.item_id }) : null, isOpen: UNFINISHED.includes(item.state),
    referral: item.referral_id ? `· ${item.referral_id}${item.referral_state ? `, ${code("referral_state", item.referral_state)}` : ""}` : "",
    find: !row.closed_on && waitsForReferral(item) ? () => findService(row, item.need) : null,
  }));
  const timeline = [
    ...app.record.of("assessments", ref).map((each) => [each.on_day, `${t("assessment")}: ${code("assessment_kind", each.kind)}`]),
    ...app.record.of("visits", ref).map((each) => [each.on_day, `${t("visit")}${each.found === false ? ` (${t("not_found")})` : ""}${each.note ? `: ${each.note}` : ""}`]),
    ...app.record.of("case_notes", ref).map((each) => [each.on_day, each.text]),
    ...(row.access ?? []).map((each) => [today(new Date(each.opened_at)), t("county_opened", { reason: each.reason })]),
    ...app.record.of("plans", ref).filter((each) => each.agreed_on).map((each) => [each.agreed_on, t("plan_agreed", { n: each.number })]),
  ].sort((a, b) => b[0].localeCompare(a[0])).map(([on, text]) => fill("fact", { name: when(on), value: text }));
  const remarks = app.record.of("supervised", ref).map((each) => remarkRow(ref, each));
  const step = STATES.indexOf(state);
  return fill("caz", {
    ref, about: about(row), isClosed: Boolean(row.closed_on), isOpen: !row.closed_on,
    steps: STATES.map((each, at) => fill("step", { label: code("state", each), class: at < step ? "past" : "", current: at === step ? "step" : null })),
    level: levelWords(row), levelClass: `chip level-${app.record.level(row) || "none"}`, isUrgent: !row.closed_on && app.record.level(row) === "urgent",
    household: row.household_id, openHousehold: row.household_id ? () => go("gospodarie", { id: row.household_id }) : null,
    nextLabel: screen ? t(`next.${state}`) : "", next: screen ? () => go(screen, { ref, kind }) : null, hasNext: Boolean(screen),
    needs: needs.length ? needs : [line(t("no_needs"), "soft")], findings, hasFindings: findings.length > 0,
    items: items.length ? items : [line(t("no_items"), "soft")], goal: plan?.goal ?? "", planState: plan ? code("plan_state", plan.state) : "",
    remarks, hasRemarks: remarks.length > 0, timeline, hasTimeline: timeline.length > 0, review: row.next_review && !row.closed_on ? t("review_on", { day: when(row.next_review) }) : "",
    evaluate: () => go("evaluare", { ref, kind: state === "noted" ? "initial" : "review" }), plan: () => go("plan", { ref }), visit: () => go("vizita", { ref }),
    close: () => go("inchidere", { ref }), change: () => go("indreptare", { ref }), paper: () => go("hartii", { ref }), observe: () => go("constatare", { ref }),
    reopen: async () => { if (await save([["case.reopen", ref, { on_day: day() }]])) again(); },
    outcome: row.outcome ? code("outcome", row.outcome) : "", closedOn: row.closed_on ? when(row.closed_on) : "", note: row.note,
  });
};

// What a supervisor said of the case, or of the community (ref ""); what was asked for is said to be done here.
function remarkRow(ref, { remark_id, remark, asks, due_on, state }) {
  const isOpen = asks && state === "open";
  const done = async () => { if (await save([["remark.done", ref, { remark_id, on_day: day() }]])) again(); };
  return fill("remark", { remark, due: !asks ? "" : !isOpen ? t("item_state.done") : due_on ? dueWords(due_on) : "", done: isOpen ? done : null, class: isOpen && due_on && due_on < day() ? "row late" : "row" });
}

// Reading a case is logged: once an opening of the page and day, also without network.
const read = new Set();
function noteReading(ref) {
  const key = `${ref} ${day()}`;
  if (read.has(key)) return;
  read.add(key);
  setTimeout(() => app.record?.get("cases", ref) && save([["reading.add", ref, {}]]), 0);
}

async function finish(ref, item, how) {
  if (await save([[`item.${how}`, ref, { item_id: item.item_id, on_day: day(), result: "unknown" }]])) again();
}

screens.neterminat = ({ ref, item }) => {
  app.isForm = true;
  const submit = async (event) => {
    event.preventDefault();
    if (!isClean(event.target)) return;
    const said = valuesOf(event.target);
    if (await save([["item.not_done", ref, { item_id: item, on_day: day(), reason: said.reason.trim() }]])) go("caz", { ref }, { replace: true });
  };
  return fill("neterminat", { submit, back, input: cleaned, words: actionWords(app.record.get("plan_items", item)) });
};

// Of what a service did for somebody it is asked whether it helped.
screens.ajutat = ({ ref, item }) => {
  app.isForm = true;
  const submit = async (event) => {
    event.preventDefault();
    const { result } = valuesOf(event.target);
    if (await save([["item.done", ref, { item_id: item, on_day: day(), result }]])) go("caz", { ref }, { replace: true });
  };
  return fill("ajutat", { submit, back, ref, words: actionWords(app.record.get("plan_items", item)),
    results: choiceField({ name: "result", legend: t("did_it_help"), options: ["worked", "part", "no"].map((each) => [each, t(`result.${each}`)]), required: true }) });
};

// ----- what is said of a case itself: each field that changed is sent with the version that was seen -----

screens.indreptare = ({ ref }) => {
  app.isForm = true;
  const row = app.record.get("cases", ref);
  const submit = async (event) => {
    event.preventDefault();
    if (!isClean(event.target)) return;
    const said = valuesOf(event.target), locality = said.locality ? Number(said.locality) : null;
    const values = { born: said.born, sex: said.sex ?? row.sex, relation: said.relation, note: said.note.trim(), locality_siruta: locality, level_said: said.level_said };
    const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => (row[name] ?? "") !== (value ?? "")));
    if (changed.level_said !== undefined) {
      const before = app.record.level(row), isLower = rank(changed.level_said || row.level || "low") < rank(before || "low");
      if (isLower && !app.record.isMine(row)) { say(t("lowering"), "alert"); return; }
      if (!said.level_reason.trim()) { say(t("level_needs_word"), "alert"); return; }
      changed.level_reason = said.level_reason.trim();
    }
    const isNew = row.household_id && !said.household, changes = [], home = isNew ? newId("H") : said.household;
    if (isNew) changes.push(["household.open", home, locality ? { locality_siruta: locality } : {}]);
    if (home !== row.household_id) changed.household_id = home;
    if (Object.keys(changed).length) changes.push(["case.set", ref, changed, row.version]);
    if (changes.length && !(await save(changes))) return;
    go("caz", { ref }, { replace: true });
  };
  return fill("indreptare", {
    ref, submit, input: cleaned, back, born: row.born, note: row.note, reason: row.level_reason,
    sexes: choiceField({ name: "sex", legend: t("sex"), options: codes("sex"), chosen: [row.sex] }),
    relations: options(row.relation, codes("relation"), t("not_said")),
    households: options(row.household_id, homesListed(), t(row.household_id ? "new_household" : "not_said")),
    places: options(String(row.locality_siruta ?? ""), villages(), t("not_said")),
    levels: options(row.level_said, ["urgent", "high", "medium", "low"].map((level) => [level, code("level", level)]), t("level_computed")),
  });
};

