// Campanii: in a crisis a list of households to pass by, and at each what was found and left. Nothing of it says who lives there.
import { again, app, back, day, go, save, say, screens } from "./app.js";
import { ageOn } from "./days.js";
import { choiceField, fill, line, valuesOf } from "./dom.js";
import { newId } from "./record.js";
import { casesIn, homesListed, options, placeName, villages, when } from "./screens_people.js";
import { code, codes, t } from "./words.js";

const SMALL = ["people_0_2", "people_3_5"];
const YOUNG = 6, OLD = 65;
const MOST_HOUSES = 600;
const ages = (id) => casesIn(id).filter((row) => !row.closed_on).map((row) => ageOn(row.born, day())).filter((age) => age !== null);
// Which households a list begins with.
const CHOSEN = {
  all: () => true,
  old: (row) => row.people_65 > 0 || ages(row.household_id).some((age) => age >= OLD),
  small: (row) => SMALL.some((band) => row[band] > 0) || ages(row.household_id).some((age) => age < YOUNG),
  none: () => false,
};

const stopsOf = (id) => app.record.rows("campaign_stops").filter((stop) => stop.campaign_id === id);
const isOver = (stops) => stops.some((stop) => stop.outcome !== "absent");

// What was done, each household once: as the county counts it.
function totals(campaign, on = "") {
  const stops = stopsOf(campaign.campaign_id).filter((stop) => !on || stop.on_day === on), people = new Map();
  for (const stop of stops) if (stop.outcome === "met") people.set(stop.household_id, Math.max(people.get(stop.household_id) ?? 0, stop.people));
  const reached = new Set(stops.filter((stop) => stop.outcome !== "absent").map((stop) => stop.household_id)).size;
  const left = codes("supply").map(([name, words]) => [words, stops.reduce((sum, stop) => sum + (stop[name] ?? 0), 0)]).filter(([, count]) => count);
  return { reached, people: [...people.values()].reduce((sum, count) => sum + count, 0), left: left.map(([words, count]) => `${words}: ${count}`).join(" · ") };
}

const doneWords = (campaign) => t("campaign_done", { n: totals(campaign).reached, all: campaign.households.length });

screens.campanii = () => {
  const all = app.record.rows("campaigns").sort((a, b) => Number(Boolean(a.ended_on)) - Number(Boolean(b.ended_on)) || b.begun_on.localeCompare(a.begun_on));
  return fill("campanii", { begin: () => go("campanie_noua"), rows: all.length ? all.map((each) => fill("campaign-row", {
    title: code("campaign_kind", each.kind), words: `${when(each.begun_on)} · ${doneWords(each)}${each.ended_on ? ` · ${t("campaign_over")}` : ""}`, open: () => go("campanie", { id: each.campaign_id }),
  })) : line(t("no_campaigns"), "soft") });
};

screens.campanie_noua = () => {
  app.isForm = true;
  const submit = async (event) => {
    event.preventDefault();
    const { kind, whom, locality } = valuesOf(event.target), id = newId("L");
    const houses = app.record.rows("households").filter((row) => (!locality || String(row.locality_siruta ?? "") === locality) && CHOSEN[whom](row));
    if (houses.length > MOST_HOUSES) { say(t("campaign_large"), "alert"); return; }
    if (await save([["campaign.open", "", { campaign_id: id, kind, on_day: day(), households: houses.map((row) => row.household_id) }]])) go("campanie", { id }, { replace: true });
  };
  return fill("campanie-noua", {
    submit, back, places: options("", villages(), t("any")),
    kinds: choiceField({ name: "kind", legend: t("campaign_kind"), options: codes("campaign_kind"), required: true, quiet: true }),
    whom: choiceField({ name: "whom", legend: t("campaign_whom"), options: codes("whom"), chosen: ["all"], quiet: true }),
  });
};

screens.campanie = ({ id }) => {
  const campaign = app.record.get("campaigns", id);
  if (!campaign) return fill("gone", {});
  const by = new Map(campaign.households.map((house) => [house, []])), own = totals(campaign, day()), whole = totals(campaign);
  for (const stop of stopsOf(id)) by.get(stop.household_id)?.push(stop);
  const row = ([house, stops]) => {
    const last = stops.at(-1), home = app.record.get("households", house);
    return fill("stop-row", {
      house, words: [placeName(home?.locality_siruta), t("cases_in", { n: casesIn(house).length }), last ? `${code("stop", last.outcome)} ${when(last.on_day)}` : ""].filter(Boolean).join(" · "),
      isOpen: !campaign.ended_on, stop: () => go("trecere", { id, house }), name: `${t("stop_here")} ${house}`,
    });
  };
  const todo = [...by].filter(([, stops]) => !isOver(stops)), done = [...by].filter(([, stops]) => isOver(stops));
  const add = async (event) => {
    event.preventDefault();
    const said = valuesOf(event.target), house = said.household || newId("H"), body = { campaign_id: id, on_day: day() };
    const made = said.household ? [] : [["household.open", house, said.locality ? { locality_siruta: Number(said.locality) } : {}]];
    if (await save([...made, ["campaign.add", house, body]])) go("trecere", { id, house });
  };
  return fill("campanie", {
    title: code("campaign_kind", campaign.kind), since: when(campaign.begun_on), done: doneWords(campaign), isOpen: !campaign.ended_on, isOver: Boolean(campaign.ended_on),
    today: t("campaign_today", { n: own.reached, people: own.people }), left: own.left, whole: `${t("campaign_people", { n: whole.people })}${whole.left ? ` · ${whole.left}` : ""}`,
    rows: todo.map(row), hasDone: done.length > 0, doneTitle: t("campaign_passed", { n: done.length }), doneRows: done.map(row), isEmpty: !todo.length,
    add, households: options("", homesListed().filter(([house]) => !by.has(house)), t("new_household")), places: options("", villages(), t("not_said")),
    close: async () => { if (await save([["campaign.close", "", { campaign_id: id, on_day: day() }]])) again(); },
  });
};

screens.trecere = ({ id, house }) => {
  app.isForm = true;
  const submit = async (event) => {
    event.preventDefault();
    const said = valuesOf(event.target, ["needs"]), isMet = said.outcome === "met";
    const body = { campaign_id: id, stop_id: newId("S"), on_day: day(), outcome: said.outcome, people: isMet ? Number(said.people) || 0 : 0, needs: isMet ? said.needs : [] };
    for (const [name] of codes("supply")) if (Number(said[name])) body[name] = Number(said[name]);
    if (!(await save([["campaign.stop", house, body]]))) return;
    say(t("saved"));
    go("campanie", { id }, { replace: true });
  };
  const count = (name, label, max) => fill("number", { name, label, value: name === "people" ? "1" : "0", min: "0", max });
  return fill("trecere", {
    submit, back, house, openCase: () => go("deschide", { household: house }),
    outcomes: choiceField({ name: "outcome", legend: t("stop_outcome"), options: codes("stop"), chosen: ["met"], quiet: true }),
    people: count("people", t("stop_people"), "40"), supplies: codes("supply").map(([name, words]) => count(name, words, "999")),
    needs: choiceField({ name: "needs", legend: t("stop_needs"), options: codes("crisis_need"), many: true, quiet: true }),
  });
};
