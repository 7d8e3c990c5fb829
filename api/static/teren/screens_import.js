// Cases out of a list of the nurses' application: only births, sexes and villages leave it; pairs of numbers and codes are printed.
import { app, back, day, go, save, say, screens } from "./app.js";
import { fill } from "./dom.js";
import { newId } from "./record.js";
import { code, t } from "./words.js";

const MET = "pairs";  // where pairs are kept, sealed as everything here is
const AT_ONCE = 100;

screens.lista = () => {
  app.isForm = true;
  let found = null;
  const place = fill("lista-place", {});
  const pairs = async () => Object.entries((await app.store.get("meta", MET)) ?? {});
  const shown = (rejected) => Object.entries(Object.groupBy(rejected, (each) => each.reason)).map(([reason, rows]) =>
    fill("list-item", { text: `${code("list_reason", reason)}: ${rows.slice(0, 40).map((each) => each.row).join(", ")}${rows.length > 40 ? "…" : ""}` }));
  const choose = async (event) => {
    const [file] = event.target.files;
    say("");
    place.replaceChildren();
    if (!file) return;
    const { UnreadableListError, readList, tableOf } = await import("./list_reading.js").catch(() => ({}));
    if (!readList) { say(t("list_needs_network"), "alert"); return; }
    try {
      found = readList(await tableOf(file), { day: day(), villages: app.who.localities ?? [], uatName: app.who.uat_name ?? "", counties: [app.who.county, app.who.county_name], known: new Set((await pairs()).map(([id]) => id)) });
    } catch (error) {
      if (!(error instanceof UnreadableListError)) throw error;
      say(t(error.message), "alert");
      return;
    }
    place.replaceChildren(fill("lista-found", {
      count: t("list_count", { n: found.taken.length + found.rejected.length, taken: found.taken.length, rejected: found.rejected.length }),
      reasons: shown(found.rejected), hasReasons: found.rejected.length > 0, unread: found.unread.join(", "), hasUnread: found.unread.length > 0, hasTaken: found.taken.length > 0, bring,
    }));
  };
  const bring = async () => {
    const homes = new Map(), kept = Object.fromEntries(await pairs()), { taken } = found;
    for (let from = 0; from < taken.length; from += AT_ONCE) {
      const changes = [];
      for (const { id, born, sex, locality, household } of taken.slice(from, from + AT_ONCE)) {
        const where = locality ? { locality_siruta: locality } : {}, ref = newId("C");
        if (household && !homes.has(household)) {
          homes.set(household, newId("H"));
          changes.push(["household.open", homes.get(household), where]);
        }
        changes.push(["case.open", ref, { opened_on: day(), source: "import", born, sex, household_id: homes.get(household) ?? "", ...where }]);
        kept[id] = ref;
      }
      // A pair and its case are there together: alone the one would bring a person twice, and the other never.
      if (!(await save(changes, {}, [["meta", MET, kept]]))) return;
    }
    say(t("list_brought", { n: taken.length }));
    go("perechi", { list: Object.entries(kept) }, { replace: true });
  };
  return fill("lista", { choose, back, place, pairs: async () => go("perechi", { list: await pairs() }) });
};

screens.perechi = ({ list }) => {
  app.isForm = true;  // a sheet is not drawn anew under whoever prints it
  return fill("perechi", {
    back: () => go("oameni"), print: () => window.print(), place: app.who.uat_name ?? "",
    rows: list.map(([id, ref]) => fill("fact", { name: id, value: ref })), isEmpty: !list.length,
  });
};
