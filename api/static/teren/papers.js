// Papers from this phone: a line stands where a name is written by hand, and nowhere else.
import { app, day, go, instrument, screens } from "./app.js";
import { ageOn } from "./days.js";
import { fill, line } from "./dom.js";
import { answersOf, assessedOf } from "./record.js";
import { about, answerWords, isSensitiveNeed, levelWords, listedAction, when } from "./screens_people.js";
import { code, codes, t } from "./words.js";

const PAPERS = ["needs", "plan", "observation", "month"];

screens.hartii = ({ ref }) => fill("papers", {
  ref, list: PAPERS.map((paper) => fill("paper-link", { label: t(`paper.${paper}`), open: () => go("hartie", { ref, paper }) })), back: () => go("caz", { ref }, { replace: true }),
});

screens.hartie = ({ ref, paper }) => {
  const row = app.record.get("cases", ref), made = { needs: needsPaper, plan: planPaper, observation: observationPaper, month: monthPaper }[paper](row);
  return fill("paper", {
    title: t(`paper.${paper}`), ref, about: about(row), household: row.household_id, day: when(day()), parts: made, print: () => window.print(),
    back: () => go("hartii", { ref }, { replace: true }), isOfPerson: paper !== "month", member: t(`member.${app.who.profession}`), place: app.who.uat_name ?? "",
  });
};

const part = (title, rows) => fill("paper-part", { title, rows: rows.length ? rows : [line(t("nothing_written"), "soft")] });
const fact = (name, value) => fill("fact", { name, value });
// Restricted findings stand on no paper; nor what only the medical member may see, where another prints.
const mayPrint = (found) => found.sees === "team" || (found.sees === "medical" && app.who.profession === "medical");

function needsPaper(row) {
  const last = app.record.lastAssessment(row.case_ref), rules = new Map(instrument().rules.map((rule) => [rule.code, rule]));
  const facts = [fact(t("level"), levelWords(row)), fact(t("assessment"), last ? `${when(last.on_day)} · ${code("assessment_kind", last.kind)}` : "—"), fact(t("age_label"), String(ageOn(row.born, day()) ?? "—"))];
  const from = last && instrument(last.edition);
  const asked = from ? assessedOf(app.record, row, last, from).asked : [], answers = last ? { ...app.record.householdAnswers(row.household_id), ...answersOf(last) } : {};
  const shown = from ? from.questions.filter((each) => asked.includes(each.name) && answers[each.name] && (each.sees === undefined || each.sees === "team") && each.name !== "wishes") : [];
  return [
    part(t("summary"), facts),
    part(t("findings"), app.record.openFindings(row.case_ref).filter(mayPrint).map((each) => fact(rules.get(each.code)?.label ?? each.code, `${each.code} · ${code("finding_level", each.level)}`))),
    part(t("needs"), needLines(row)), part(t("answers"), shown.map((each) => fact(each.label, answerWords(from, each, answers[each.name])))),
  ];
}

const needLines = (row) => app.record.openNeeds(row.case_ref).filter((need) => need.sees !== "restricted" && !isSensitiveNeed(need.need) && !need.declined)
  .map((need) => fact(instrument().needs[need.need]?.name ?? need.need, t("priority", { n: need.priority })));

function planPaper(row) {
  const plan = app.record.plan(row.case_ref);
  return [
    part(t("plan"), plan ? [fact(t("goal"), plan.goal || "—"), fact(t("state"), code("plan_state", plan.state)), fact(t("agreement"), plan.agreed_how ? `${t(`agreement.${plan.agreed_how}`)}, ${when(plan.agreed_on)}` : "—"), fact(t("review"), when(plan.review_on) || "—")] : []),
    part(t("needs"), needLines(row)),
    part(t("actions"), app.record.items(row.case_ref).map((item) => fact(listedAction(item), `${t(`member.${item.member}`)} · ${when(item.due_on)} · ${code("item_state", item.state)}`))),
    fill("signatures", {}),
  ];
}

// The six parts of the observation sheet; what is known is said, the rest is filled in by hand.
function observationPaper(row) {
  const last = app.record.lastAssessment(row.case_ref), from = last && instrument(last.edition);
  const answers = from ? { ...app.record.householdAnswers(row.household_id), ...answersOf(last) } : {};
  return codes("observation").map(([name, title]) => {
    const names = OBSERVED[name] ?? [], known = from ? from.questions.filter((each) => names.includes(each.name) && answers[each.name] && (each.sees ?? "team") === "team") : [];
    return fill("paper-part", { title, rows: [...known.map((each) => fact(each.label, answerWords(from, each, answers[each.name]))), fill("blank-lines", {})] });
  });
}

const OBSERVED = {
  economic: ["h_enough", "income"], social: ["at_home", "parents_abroad", "single_parent", "lives"], health: ["insured", "doctor"],
  education: ["enrolled", "school_risk", "special_needs", "reads"], housing: ["h_people", "h_rooms", "h_home", "h_faults"], behaviour: [],
};

function monthPaper() {
  const month = day().slice(0, 7);
  const visits = app.record.rows("visits").filter((each) => each.on_day.startsWith(month)).sort((a, b) => a.on_day.localeCompare(b.on_day));
  const done = app.record.rows("plan_items").filter((each) => each.done_on?.startsWith(month) && each.state === "done");
  return [
    part(`${t("visits")}: ${visits.length}`, visits.map((each) => fact(when(each.on_day), `${each.case_ref || each.household_id} · ${each.members.split(" ").map((member) => t(`member.${member}`)).join(", ")} · ${t("how_long").toLowerCase()}: ${t(`minutes.${each.minutes}`)}`))),
    part(`${t("actions_done")}: ${done.length}`, done.map((each) => fact(when(each.done_on), `${each.case_ref} · ${listedAction(each)}`))),
  ];
}
