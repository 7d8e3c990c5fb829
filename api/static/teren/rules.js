// What follows from the answers of one person: the twin of cases/instrument/assessing.py, over the instrument's JSON.
import { NOT_KNOWN, atomsBehind, evaluate, isAsked } from "./three_valued.js";

export const LEVELS = ["low", "medium", "high", "urgent"];
export const UNKNOWN = "unknown";
const COUNTED = ["danger", "high", "medium"];
const AGES = ["age", "age_months"];
const BORN = /^((?:19|20)[0-9]{2})(?:-(0[1-9]|1[0-2]))?$/;
const NUMBER = /^[0-9]{1,6}(?:[.,][0-9]{1,3})?$/;
const MID_YEAR = 7;

// answers: text by name, several choices with a space between; onDay: "2026-11-15".
export function assess(instrument, answers, onDay) {
  const sheet = new AnswerSheet(instrument, answers, onDay);
  const found = [], possible = [];
  for (const rule of instrument.rules) {
    const truth = evaluate(rule.when, sheet.value);
    if (truth) found.push(rule);
    else if (truth === null || (sheet.doubtful.size && evaluate(rule.when, sheet.value, sheet.doubtful) !== false)) possible.push(rule);
  }
  const level = levelOf(instrument, found), most = levelOf(instrument, [...found, ...possible]);
  const gaps = sheet.asked.filter((q) => q.required && isGap(sheet.value(q.name))).map((q) => q.name);
  const isPrivateGap = sheet.asked.some((q) => q.sees === "restricted" && gaps.includes(q.name));
  const complete = 100 * gaps.length <= instrument.gaps_percent * sheet.asked.length && !isPrivateGap;
  const isUnsaid = level === LEVELS[0] && (most !== level || !complete);
  return {
    age: sheet.months === null ? null : Math.floor(sheet.months / 12),
    asked: sheet.asked.map((q) => q.name),
    findings: found.map((rule) => ({ ...rule, why: sheet.why(rule) })),
    possible: possible.map((rule) => rule.code),
    gaps, complete,
    level: isUnsaid ? UNKNOWN : level,
    at_least: most !== level,
    wishes: sheet.wishes,
    faults: sheet.faults,
  };
}

// Each need with what it comes from: codes of findings, or "wishes".
export function needsOf(assessed) {
  const found = new Map();
  const add = (need, origin) => found.set(need, [...(found.get(need) ?? []), origin]);
  for (const finding of assessed.findings) for (const need of finding.needs) add(need, finding.code);
  for (const need of assessed.wishes) add(need, "wishes");
  return found;
}

// The level of so many findings; more findings never lower it.
export function levelOf(instrument, findings) {
  const count = Object.fromEntries(COUNTED.map((level) => [level, findings.filter((each) => each.level === level).length]));
  const reached = instrument.levels.filter(([, danger, high, medium]) =>
    danger + high + medium && count.danger >= danger && count.high >= high && count.medium >= medium);
  return reached.map(([level]) => level).sort((a, b) => LEVELS.indexOf(b) - LEVELS.indexOf(a))[0] ?? LEVELS[0];
}

function isGap(value) {
  if (value === null) return true;
  return (value instanceof Set ? [...value] : [value]).some((each) => NOT_KNOWN.has(each));
}

class AnswerSheet {
  constructor(instrument, answers, onDay) {
    Object.assign(this, { instrument, answers, onDay, faults: [], asked: [], wishes: [], months: null, doubtful: new Set(), values: new Map() });
    this.value = (name) => this.values.get(name);
    for (const question of instrument.questions) this.take(question);
  }

  said(name) { return (this.answers[name] ?? "").trim(); }

  why(rule) {
    const behind = atomsBehind(rule.when, this.value);
    return this.instrument.questions.filter((q) => behind.has(q.name))
      .map(({ name }) => [name, AGES.includes(name) && this.value(name) !== null ? String(this.value(name)) : this.said(name)]);
  }

  take(question) {
    const { name, relevant } = question;
    if (question.kind === "computed") {
      this.values.set(name, this.months === null ? null : name === AGES[0] ? Math.floor(this.months / 12) : this.months);
      return;
    }
    const truth = relevant ? evaluate(relevant, this.value, this.doubtful) : true;
    if (relevant && !isAsked(relevant, (other) => this.value(other) ?? "")) {
      this.values.set(name, truth === false ? "" : null);
      return;
    }
    if (question.kind === "note") return;
    this.asked.push(question);
    this.values.set(name, this.given(question, this.said(name)));
    if (truth === null && this.value(name) !== null) this.doubtful.add(name);
    if (name === "born") this.months = this.ageMonths(this.value(name));
  }

  given(question, text) {
    if (!text) return null;
    if (question.name === "wishes") return this.wished(text);
    const value = this.valueOf(question, text);
    if (value === null) return this.fault(question.name, "");
    if (question.constraint && !evaluate(question.constraint, (name) => (name === "." ? value : this.value(name)))) {
      return this.fault(question.name, question.message ?? "");
    }
    return value;
  }

  fault(name, message) {
    this.faults.push({ name, message });
    return null;
  }

  valueOf(question, text) {
    const options = (this.instrument.choices[question.list] ?? []).map(([code]) => code);
    if (question.kind === "number") {
      const isNumber = NUMBER.test(text) && (/^[0-9]+$/.test(text) || !question.whole);
      return isNumber ? Number(text.replace(",", ".")) : null;
    }
    if (question.kind === "one") return options.includes(text) ? text : null;
    if (question.kind === "many") {
      const chosen = new Set(text.split(/\s+/));
      if (![...chosen].every((each) => options.includes(each))) return null;
      // What was seen counts, also beside a „none” that was not taken back.
      if (chosen.size > 1) chosen.delete("none");
      return chosen;
    }
    return text;
  }

  wished(text) {
    const named = [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
    if (named.length > this.instrument.most_wishes || !named.every((need) => Object.hasOwn(this.instrument.needs, need))) return this.fault("wishes", "");
    this.wishes = named;
    return text;
  }

  // A birth without a month counts from the middle of its year.
  ageMonths(born) {
    const found = BORN.exec(born ?? "");
    if (!found) return null;
    const [year, month] = this.onDay.split("-").map(Number);
    const months = 12 * (year - Number(found[1])) + month - Number(found[2] ?? MID_YEAR);
    if (months >= 0) return months;
    if (!found[2] && Number(found[1]) === year) return 0;
    this.values.set("born", this.fault("born", ""));
    return null;
  }
}
