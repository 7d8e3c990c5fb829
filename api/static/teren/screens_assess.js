// Evaluare: one group of questions a screen, saved at every answer; and Ce am găsit, with the answer behind each finding.
import { app, day, draft, go, instrument, save, say, screens } from "./app.js";
import { choiceField, fill, line } from "./dom.js";
import { answersOf, newId } from "./record.js";
import { NOT_KNOWN, isAsked } from "./three_valued.js";
import { assess, needsOf } from "./rules.js";
import { answerWords } from "./screens_people.js";
import { code, t } from "./words.js";

const HOUSEHOLD = "h_";
const key = (ref) => `assessment ${ref}`;

// A draft keeps the edition that it was begun with, whatever comes in force meanwhile.
async function draftOf(ref, kind) {
  const kept = await draft(key(ref));
  if (kept) return kept;
  const row = app.record.get("cases", ref), last = app.record.lastAssessment(ref);
  const known = { born: row.born, sex: row.sex };
  const answers = { ...app.record.householdAnswers(row.household_id), ...(last && kind !== "initial" ? answersOf(last) : {}), ...Object.fromEntries(Object.entries(known).filter(([, value]) => value)) };
  return { ref, kind: kind ?? (last ? "review" : "initial"), edition: app.index.edition, on_day: day(), answers, unknown: [], group: 0, declined: [], place: "home", begun: Date.now() };
}

// The groups of which something is asked, by the answers so far.
function groupsOf(from, answers, onDay) {
  const asked = new Set(assess(from, answers, onDay).asked), found = [];
  for (const question of from.questions) {
    if (!asked.has(question.name)) continue;
    if (found.at(-1)?.name !== question.group) found.push({ name: question.group, label: question.group_label ?? "", questions: [] });
    found.at(-1).questions.push(question);
  }
  return found;
}

const holder = (title) => fill("holder", { title });

function drawIfHere(place, work, draw) {
  if (instrument(work.edition)) draw(place, work);
  else place.replaceChildren(fill("no-questions", { back: () => go("caz", { ref: work.ref }, { replace: true }) }));
}

screens.evaluare = ({ ref, kind }) => {
  app.isForm = true;
  const place = holder(t("assessment"));
  draftOf(ref, kind).then((work) => { drawIfHere(place, work, drawGroup); focusHead(place); });
  return place;
};

function drawGroup(place, work, { isPrivateSaid = false } = {}) {
  const from = instrument(work.edition), groups = groupsOf(from, work.answers, work.on_day);
  const at = Math.min(work.group, groups.length - 1), group = groups[at];
  const isPrivate = group.questions.some((question) => question.sees === "restricted");
  const move = async (to) => {
    work.group = to;
    if (!(await save([], { [key(work.ref)]: work }))) return;
    if (to >= groups.length) go("gasit", { ref: work.ref }, { replace: true });
    else { drawGroup(place, work); focusHead(place); }
  };
  const common = { count: t("group_of", { n: at + 1, all: groups.length }), value: at + 1, max: groups.length, title: group.label, hasBack: at > 0, back: () => move(at - 1), leave: () => go("caz", { ref: work.ref }, { replace: true }) };
  if (isPrivate && !isPrivateSaid) {
    const cannot = async () => {
      for (const question of group.questions) if ((from.choices[question.list] ?? []).some(([name]) => name === "not_asked")) work.answers[question.name] = "not_asked";
      await move(at + 1);
    };
    place.replaceChildren(fill("private-first", { ...common, proceed: () => { drawGroup(place, work, { isPrivateSaid: true }); focusHead(place); }, cannot, exit: () => go("azi", {}, { replace: true }) }));
    return;
  }
  const answered = async (name, value, isUnknown = false) => {
    if (value) work.answers[name] = value;
    else delete work.answers[name];
    work.unknown = work.unknown.filter((each) => each !== name);
    if (isUnknown) work.unknown.push(name);
    await save([], { [key(work.ref)]: work });
    const after = groupsOf(from, work.answers, work.on_day).find((each) => each.name === group.name);
    if (after && after.questions.map((each) => each.name).join() !== shown) { shown = after.questions.map((each) => each.name).join(); redraw(after.questions); }
  };
  let shown = group.questions.map((each) => each.name).join();
  const list = fill("question-list", {});
  const redraw = (questions) => {
    const had = new Map([...list.children].map((each) => [each.dataset.name, each]));
    list.replaceChildren(...questions.map((question) => had.get(question.name) ?? questionField(from, question, work, answered)));
  };
  redraw(group.questions);
  place.replaceChildren(fill("group", { ...common, list, isPrivate, exit: () => go("azi", {}, { replace: true }), next: (event) => { event.preventDefault(); if (list.closest("form").reportValidity()) move(at + 1); }, isLast: at + 1 === groups.length }));
}

function focusHead(place) {
  if (!place.isConnected) return;
  window.scrollTo(0, 0);
  const head = place.querySelector("h1");
  head.setAttribute("tabindex", "-1");
  head.focus({ preventScroll: true });
}

function questionField(from, question, work, answered) {
  const { name } = question, value = work.answers[name] ?? "", isUnknown = work.unknown.includes(name);
  const made = field(from, question, value, isUnknown, answered);
  made.dataset.name = name;
  return made;
}

function field(from, question, value, isUnknown, answered) {
  const { name, label: legend, hint = "" } = question;
  if (name === "wishes") return wishField(from, question, value, answered);
  if (question.kind === "one" || question.kind === "many") {
    const options = [...from.choices[question.list]], many = question.kind === "many";
    const hasUnknown = options.some(([each]) => NOT_KNOWN.has(each)) || question.list.endsWith("2") || name === "sex";
    if (!hasUnknown) options.push(["", t("dont_know")]);
    const chosen = isUnknown ? [""] : value.split(/\s+/).filter(Boolean);
    return choiceField({ name, legend, hint, options, chosen, many, onchange: (event) => {
      const boxes = [...event.currentTarget.querySelectorAll("input")], said = event.target;
      // „Nothing of it” and „don't know” stand alone.
      const isAlone = (box) => ["none", "", "not_asked", "unknown"].includes(box.value);
      if (many && said.checked) for (const box of boxes) if (box !== said && (isAlone(said) || isAlone(box))) box.checked = false;
      const now = boxes.filter((box) => box.checked).map((box) => box.value);
      answered(name, now.filter(Boolean).join(" "), now.includes(""));
    } });
  }
  const isNumber = question.kind === "number";
  const change = (event) => {
    const input = event.target, text = input.value.trim();
    if (input.type === "checkbox") {
      const typed = event.currentTarget.querySelector(".typed");
      if (input.checked) typed.value = "";
      answered(name, typed.value, input.checked);
      return;
    }
    const isWrong = text && isWrongText(question, isNumber ? text.replace(",", ".") : text);
    input.setCustomValidity(isWrong ? question.message || t("wrong_answer") : "");
    if (isWrong) { input.reportValidity(); return; }
    const box = event.currentTarget.querySelector("input[type=checkbox]");
    if (text && box) box.checked = false;
    answered(name, text);
  };
  return fill("typed", { name, legend, hint, value, change, mode: isNumber ? "numeric" : "text", unknown: t("dont_know"), isUnknown, canBeUnknown: true });
}

function isWrongText(question, text) {
  if (question.kind === "number" && !/^[0-9]{1,6}(?:\.[0-9]{1,3})?$/.test(text)) return true;
  return question.constraint ? !isAsked(question.constraint, () => (question.kind === "number" ? Number(text) : text)) : false;
}

function wishField(from, question, value, answered) {
  const chosen = new Set(value.split(/[\s,;]+/).filter(Boolean)), groups = new Map();
  for (const [need, { name, group_name: group }] of Object.entries(from.needs)) groups.set(group, [...(groups.get(group) ?? []), [need, name]]);
  const count = line("", "soft");
  const told = () => { count.textContent = t("wishes_chosen", { n: chosen.size, most: from.most_wishes }); };
  const change = (event) => {
    if (event.target.checked && chosen.size >= from.most_wishes) { event.target.checked = false; say(t("most_wishes", { most: from.most_wishes }), "alert"); return; }
    if (event.target.checked) chosen.add(event.target.value);
    else chosen.delete(event.target.value);
    told();
    answered("wishes", [...chosen].join(" "));
  };
  told();
  return fill("wishes", { legend: t("wishes"), count, change, groups: [...groups].map(([group, needs]) => fill("wish-group", {
    group, open: needs.some(([need]) => chosen.has(need)),
    needs: needs.map(([need, name]) => fill("choice", { type: "checkbox", name: "wish", value: need, label: name, checked: chosen.has(need) })),
  })) });
}

// ----- Ce am găsit -----

screens.gasit = ({ ref }) => {
  app.isForm = true;
  const place = holder(t("see_findings"));
  draftOf(ref).then((work) => drawIfHere(place, work, drawFound));
  return place;
};

function drawFound(place, work) {
  const from = instrument(work.edition), found = assess(from, work.answers, work.on_day), questions = new Map(from.questions.map((each) => [each.name, each]));
  const why = ([name, value]) => `${questions.get(name).label.replace(/[?:]\s*$/, "")}: ${answerWords(from, questions.get(name), value) || t("not_said")}`;
  const rows = found.findings.filter((each) => each.level !== "info").map((each) => fill("finding", {
    label: each.label, level: code("finding_level", each.level), class: `chip finding-${each.level}`, why: each.why.map(why).join(" · "), isKept: each.sees !== "team", sees: t(`sees.${each.sees}`),
  }));
  const needs = [...needsOf(found).keys()].map((need) => fill("choice", { type: "checkbox", name: "need", value: need, label: from.needs[need].name, checked: !work.declined.includes(need) }));
  const change = async (event) => {
    if (event.target.name !== "need") return;
    work.declined = work.declined.filter((each) => each !== event.target.value);
    if (!event.target.checked) work.declined.push(event.target.value);
    await save([], { [key(work.ref)]: work });
  };
  const level = found.at_least && found.level !== "unknown" ? t("at_least", { level: code("level", found.level) }) : code("level", found.level);
  place.replaceChildren(fill("gasit", {
    level, class: `chip level-${found.level}`, isUrgent: found.findings.some((each) => each.level === "danger"),
    reasons: levelReasons(found), rows: rows.length ? rows : [line(t("nothing_found"), "soft")],
    needs: needs.length ? needs : [line(t("no_needs"), "soft")], change, isIncomplete: !found.complete, hasGaps: found.gaps.length > 0,
    gaps: found.gaps.map((name) => fill("list-item", { text: questions.get(name).label })), gapsTitle: t("gaps", { n: found.gaps.length }),
    agreements: choiceField({ name: "agreement", legend: t("agreement"), options: ["said", "signed", "represented", "none"].map((each) => [each, t(`agreement.${each}`)]), chosen: ["said"] }),
    places: choiceField({ name: "place", legend: t("where"), options: ["home", "office", "school", "phone", "other"].map((each) => [each, t(`place.${each}`)]), chosen: [work.place], quiet: true }),
    back: () => go("evaluare", { ref: work.ref, kind: work.kind }, { replace: true }),
    submit: (event) => { event.preventDefault(); finish(work, new FormData(event.target)); },
  }));
  focusHead(place);
}

function levelReasons(found) {
  const count = (level) => found.findings.filter((each) => each.level === level).length;
  return ["danger", "high", "medium"].filter(count).map((level) => `${code("finding_level", level)}: ${count(level)}`).join(", ") || t("no_serious");
}

// The household's answers are an assessment of their own, kept once for all who live there.
async function finish(work, form) {
  const row = app.record.get("cases", work.ref), from = instrument(work.edition);
  // What an older edition took and this one does not is no answer to it.
  const { asked: shown, faults } = assess(from, work.answers, work.on_day), asked = new Set(shown);
  for (const { name } of faults) asked.delete(name);
  const split = (isHousehold) => Object.fromEntries(Object.entries(work.answers).filter(([name, value]) => value && asked.has(name) && name.startsWith(HOUSEHOLD) === isHousehold));
  const common = { on_day: work.on_day, edition: work.edition, place: form.get("place"), members: [app.who.profession] };
  const changes = [], home = split(true), before = app.record.householdAnswers(row.household_id);
  if (Object.keys(home).length && JSON.stringify(Object.entries(home).sort()) !== JSON.stringify(Object.entries(before).sort())) {
    const id = row.household_id || newId("H");
    if (!row.household_id) changes.push(["household.open", id, {}], ["case.set", work.ref, { household_id: id }, row.version]);
    changes.push(["assessment.add", id, { ...common, assessment_id: newId("A"), kind: "initial", answers: home }]);
  }
  changes.push(["assessment.add", work.ref, { ...common, assessment_id: newId("A"), kind: work.kind, answers: split(false), agreement: form.get("agreement") }]);
  for (const need of work.declined) changes.push(["need.set", work.ref, { need, declined: true }]);
  if (await save(changes, { [key(work.ref)]: undefined })) {
    say(t("assessed"));
    go("plan", { ref: work.ref }, { replace: true });
  }
}

