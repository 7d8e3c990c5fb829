// Days as text, 2026-12-01: in Romania's time, by working days where the rules say so.

const IN_ROMANIA = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Bucharest", year: "numeric", month: "2-digit", day: "2-digit" });

export const today = (now = new Date()) => IN_ROMANIA.format(now);
const utc = (day) => new Date(`${day}T00:00:00Z`);
const text = (date) => date.toISOString().slice(0, 10);

export function addDays(day, count) {
  const date = utc(day);
  date.setUTCDate(date.getUTCDate() + count);
  return text(date);
}

export const daysBetween = (first, last) => Math.round((utc(last) - utc(first)) / 86_400_000);

// off: public holidays.
export function addWorkingDays(day, count, off = new Set()) {
  let at = day;
  for (let left = count; left > 0;) {
    at = addDays(at, 1);
    if (![0, 6].includes(utc(at).getUTCDay()) && !off.has(at)) left -= 1;
  }
  return at;
}

export function ageOn(born, day) {
  const found = /^(\d{4})(?:-(\d\d))?$/.exec(born ?? "");
  if (!found) return null;
  const [year, month] = day.split("-").map(Number);
  return Math.max(0, Math.floor((12 * (year - Number(found[1])) + month - Number(found[2] ?? 7)) / 12));
}

// A term says its day of the week too.
export const withWeekday = (day, language) =>
  (day ? `${new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(utc(day))}, ${written(day, language)}` : "");

export function written(day, language) {
  if (!day) return "";
  const [year, month, date] = day.split("-");
  if (language !== "en") return `${date}.${month}.${year}`;
  return `${Number(date)} ${new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" }).format(utc(day))} ${year}`;
}
