// Plan, Vizită, Închidere: what is to be done, what was done, and how it ended.
import { app, back, day, go, instrument, language, off, save, say, screens } from "./app.js";
import { addDays, addWorkingDays, daysBetween } from "./days.js";
import { choiceField, fill, line, valuesOf } from "./dom.js";
import { BY_REFERRAL, UNFINISHED, newId } from "./record.js";
import { about, actionWords, cleaned, dueWords, findService, isClean, options, when } from "./screens_people.js";
import { code, codes, t } from "./words.js";

const MEMBERS = ["social", "medical", "educational"];
const OLD_ASSESSMENT_DAYS = 180;
const FIND_DAYS = 10;  // working days in which a service is to be found

// ----- Plan: for each need what each member may do, with a day by the level -----

screens.plan = ({ ref }) => {
  app.isForm = true;
  const row = app.record.get("cases", ref), from = instrument(), plan = app.record.plan(ref), had = app.record.items(ref);
  const needs = app.record.openNeeds(ref).filter((need) => !need.declined);
  const offers = needs.map((need) => {
    const known = from.needs[need.need];
    const actions = [...from.actions.filter((action) => action.group === known?.group), { member: BY_REFERRAL, words: t("by_referral"), days: FIND_DAYS }]
      .filter((action) => !had.some((item) => item.need === need.need && item.action === action.words && (action.member !== BY_REFERRAL || UNFINISHED.includes(item.state))));
    // Who looks for a service wants one in the plan: the referral that is made there comes into this action.
    const find = (event) => {
      const box = [...event.target.closest("section").querySelectorAll("[name=action]")].find((each) => JSON.parse(each.value)[1] === BY_REFERRAL);
      if (box) box.checked = true;
      findService(row, need.need);
    };
    return fill("plan-need", {
      words: need.sees === "restricted" ? t("sensitive_need") : known?.name ?? need.need, find,
      actions: actions.map((action) => fill("plan-action", {
        value: JSON.stringify([need.need, action.member, action.words]), label: action.words, who: t(`member.${action.member}`),
        due: addWorkingDays(day(), action.days, off()), dueName: `due ${need.need} ${action.member} ${action.words}`, dueLabel: t("due_of", { what: action.words }),
      })),
      own: `own ${need.need}`, ownDueName: `due own ${need.need}`, ownDue: addWorkingDays(day(), 10, off()), ownMember: `member ${need.need}`, members: options(app.who.profession, [...MEMBERS, "person", "family", "provider"].map((each) => [each, t(`member.${each}`)])).slice(1),
    });
  });
  const submit = async (event) => {
    event.preventDefault();
    if (!isClean(event.target)) return;
    const form = new FormData(event.target), items = [];
    for (const said of form.getAll("action")) {
      const [need, member, action] = JSON.parse(said);
      items.push({ item_id: newId("I"), need, member, action, due_on: form.get(`due ${need} ${member} ${action}`) || addWorkingDays(day(), 10, off()) });
    }
    for (const { need } of needs) {
      const action = (form.get(`own ${need}`) ?? "").trim();
      if (action) items.push({ item_id: newId("I"), need, member: form.get(`member ${need}`), action, due_on: form.get(`due own ${need}`) || addWorkingDays(day(), 10, off()) });
    }
    const goal = (form.get("goal") ?? "").trim(), how = form.get("how"), changes = [];
    const terms = app.record.deadlines[app.record.level(row) || "unknown"];
    let id = plan?.plan_id;
    if (!plan) {
      if (!items.length) { say(t("plan_empty"), "alert"); return; }
      id = newId("P");
      changes.push(["plan.add", ref, { plan_id: id, kind: "sci", on_day: day(), goal, review_on: addDays(day(), terms.review), items }]);
    } else {
      if (goal !== plan.goal) changes.push(["plan.set", ref, { plan_id: id, goal }, plan.version]);
      changes.push(...items.map((item) => ["item.add", ref, { ...item, plan_id: id }]));
    }
    if (how && plan?.state !== "agreed") changes.push(["plan.agree", ref, { plan_id: id, how, on_day: day() }]);
    if (changes.length && !(await save(changes))) return;
    say(t(how ? "plan_saved_agreed" : "plan_saved"));
    go("caz", { ref }, { replace: true });
  };
  const mayAgree = app.record.isMine(row) && plan?.state !== "agreed";
  return fill("plan", {
    ref, about: about(row), submit, input: cleaned, goal: plan?.goal ?? "", offers: offers.length ? offers : [line(t("no_needs"), "soft")],
    had: had.map((item) => fill("list-item", { text: `${actionWords(item)} · ${t(`member.${item.member}`)} · ${when(item.due_on)} · ${code("item_state", item.state)}` })), hasHad: had.length > 0,
    agreement: mayAgree ? choiceField({ name: "how", legend: t("plan_agreement"), options: [["", t("not_yet")], ...["said", "signed", "represented"].map((each) => [each, t(`agreement.${each}`)])], chosen: [""] }) : [],
    back: () => go("caz", { ref }, { replace: true }),
  });
};

// ----- Vizită: who, what was done (the plan's items first), the next day -----

screens.vizita = ({ ref, item = "" }) => {
  app.isForm = true;
  const row = app.record.get("cases", ref), open = app.record.items(ref).filter((each) => UNFINISHED.includes(each.state));
  const submit = async (event) => {
    event.preventDefault();
    if (!isClean(event.target)) return;
    const said = valuesOf(event.target, ["members", "items", "done"]);
    const on = said.on_day || day();
    const items = [...new Set([...said.items, ...said.done])];
    const changes = [["visit.add", ref, {
      visit_id: newId("V"), on_day: on, members: said.members.length ? said.members : [app.who.profession], minutes: said.minutes, place: said.place,
      found: said.found !== "no", items, services: [], next_on: said.next === "day" ? said.next_on : said.next ? addDays(on, Number(said.next)) : "", note: said.note.trim(),
    }]];
    for (const id of said.done) changes.push(["item.done", ref, { item_id: id, on_day: on, result: "unknown" }]);
    if (await save(changes)) { say(t("visit_saved")); go("caz", { ref }, { replace: true }); }
  };
  return fill("vizita", {
    ref, about: about(row), submit, input: cleaned, today: day(), hasItems: open.length > 0,
    items: open.map((each) => fill("visit-item", { id: each.item_id, words: actionWords(each), due: dueWords(each.due_on), checked: each.item_id === item })),
    members: choiceField({ name: "members", legend: t("who_came"), options: MEMBERS.map((each) => [each, t(`member.${each}`)]), chosen: [app.who.profession], many: true, quiet: true }),
    minutes: choiceField({ name: "minutes", legend: t("how_long"), options: ["0-15", "15-30", "30-60", "60+"].map((each) => [each, t(`minutes.${each}`)]), chosen: ["15-30"], quiet: true }),
    places: choiceField({ name: "place", legend: t("where"), options: codes("place"), chosen: ["home"], quiet: true }),
    found: choiceField({ name: "found", legend: t("was_found"), options: [["yes", t("yes")], ["no", t("no")]], chosen: ["yes"], quiet: true }),
    next: choiceField({ name: "next", legend: t("next_visit"), options: [["", t("not_set")], ["7", t("in_days", { n: 7 })], ["14", t("in_days", { n: 14 })], ["30", t("in_days", { n: 30 })]], chosen: [""], quiet: true }),
    back: () => go("caz", { ref }, { replace: true }),
  });
};

// ----- a finding that no answer led to: by hand, with a word -----

screens.constatare = ({ ref }) => {
  app.isForm = true;
  const had = app.record.openFindings(ref).map((each) => each.code), sees = line("", "caution");
  const rules = instrument().rules.filter((rule) => rule.level !== "info" && !had.includes(rule.code)).sort((a, b) => a.label.localeCompare(b.label, language));
  const input = (event) => {
    cleaned(event);
    const rule = rules.find((each) => each.code === event.currentTarget.elements.code.value);
    sees.textContent = rule && rule.sees !== "team" ? t(`sees.${rule.sees}`) : "";
  };
  const submit = async (event) => {
    event.preventDefault();
    if (!isClean(event.target)) return;
    const { code: found, on_day, word } = valuesOf(event.target);
    if (await save([["finding.add", ref, { finding_id: newId("F"), code: found, on_day, word: word.trim(), edition: app.index.edition }]])) go("caz", { ref }, { replace: true });
  };
  return fill("constatare", { ref, about: about(app.record.get("cases", ref)), submit, input, back, sees, today: day(), rules: options("", rules.map((rule) => [rule.code, rule.label]), t("not_said")) });
};

// ----- Închidere -----

screens.inchidere = ({ ref }) => {
  app.isForm = true;
  const row = app.record.get("cases", ref), open = app.record.items(ref).filter((each) => UNFINISHED.includes(each.state)), found = app.record.openFindings(ref);
  const last = app.record.lastAssessment(ref), isOld = !last || daysBetween(last.on_day, day()) > OLD_ASSESSMENT_DAYS;
  const submit = async (event) => {
    event.preventDefault();
    if (!isClean(event.target)) return;
    const said = valuesOf(event.target), isMistake = said.outcome === "by_mistake";
    if (said.outcome === "goals_met" && found.length && said.findings_end !== "resolved") { say(t("goals_need_findings"), "alert"); return; }
    if (!isMistake && open.length && !said.items_reason?.trim()) { say(t("items_need_word"), "alert"); return; }
    if (!isMistake && isOld && !said.reason?.trim()) { say(t("old_needs_word"), "alert"); return; }
    const body = { closed_on: day(), outcome: said.outcome };
    if (open.length) body.items_reason = said.items_reason.trim();
    if (found.length) body.findings_end = said.findings_end;
    if (said.reason?.trim()) body.reason = said.reason.trim();
    if (await save([["case.close", ref, body]])) { say(t("closed")); go("caz", { ref }, { replace: true }); }
  };
  return fill("inchidere", {
    ref, about: about(row), submit, input: cleaned, isOld, hasItems: open.length > 0, hasFindings: found.length > 0, isOthers: !app.record.isMine(row),
    outcomes: choiceField({ name: "outcome", legend: t("outcome"), options: codes("outcome"), required: true, quiet: true }),
    items: open.map((each) => fill("list-item", { text: actionWords(each) })),
    endings: choiceField({ name: "findings_end", legend: t("findings_end", { n: found.length }), options: ["resolved", "no_longer", "not_confirmed"].map((each) => [each, t(`ending.${each}`)]), chosen: ["no_longer"], quiet: true }),
    back: () => go("caz", { ref }, { replace: true }),
  });
};
