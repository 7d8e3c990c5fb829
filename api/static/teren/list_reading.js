// A list of the nurses' application (CSV or XLSX), read here and nowhere else. Of its columns those that are named below are
// looked at; names, personal numbers and all others are not even kept in memory beyond the reading.
const TITLES = {
  id: ["id", "id beneficiar"], born: ["data nasterii"], sex: ["gen", "sex"], place: ["localitate"],
  county: ["judet"], status: ["status", "status curent"], household: ["gospodarie", "denumire gospodarie"],
};
const NEEDED = ["id", "born"];
const SEXES = { m: "M", masculin: "M", f: "F", feminin: "F" };
const GONE = ["inactiv", "scos din evidenta"];
const MOST_BYTES = 5e6, MOST_INFLATED = 4e7, MOST_ROWS = 2000, MOST_PLACES = 1048576, SMALL_CHILD = 6, FIRST_YEAR = 1900;

export class UnreadableListError extends Error {}  // message: a key of words

export const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/\s+/g, " ").trim();

export async function tableOf(file) {
  if (file.size > MOST_BYTES) throw new UnreadableListError("list_large");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const rows = bytes[0] === 80 && bytes[1] === 75 ? await sheetRows(bytes) : csvRows(decoded(bytes));
  if (rows.filter(isFilled).length > MOST_ROWS + 1) throw new UnreadableListError("list_large");
  return rows;
}

const isFilled = (row) => row.some((cell) => cell.trim());

function decoded(bytes) {
  try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { return new TextDecoder("windows-1250").decode(bytes); }
}

export function csvRows(text) {
  const head = text.split("\n", 1)[0], mark = [";", "\t", ","].sort((a, b) => head.split(b).length - head.split(a).length)[0];
  const rows = [[]];
  let cell = "", isQuoted = false;
  const end = () => { rows.at(-1).push(cell); cell = ""; };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += sign; at += 1; } else isQuoted = false;
    } else if (sign === '"' && !cell) isQuoted = true;
    else if (sign === mark) end();
    else if (sign === "\n") { end(); rows.push([]); } else if (sign !== "\r") cell += sign;
  }
  end();
  return rows;
}

// The first sheet of a workbook: the parts are found by the directory at the end of the archive.
async function sheetRows(bytes) {
  const view = new DataView(bytes.buffer), parts = new Map();
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new UnreadableListError("list_unknown");
  try {
    for (let left = view.getUint16(end + 10, true), at = view.getUint32(end + 16, true); left; left -= 1) {
      const long = view.getUint16(at + 28, true), name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + long));
      parts.set(name, { method: view.getUint16(at + 10, true), size: view.getUint32(at + 20, true), from: view.getUint32(at + 42, true) });
      at += 46 + long + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    const part = async (name) => {
      const { method, size, from } = parts.get(name), start = from + 30 + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
      const packed = bytes.subarray(start, start + size);
      const text = method ? await inflated(packed) : new TextDecoder().decode(packed);
      if (text.includes("<!DOCTYPE")) throw new UnreadableListError("list_unknown");
      return new DOMParser().parseFromString(text, "application/xml");
    };
    const sheet = [...parts.keys()].filter((name) => /^xl\/worksheets\/[^/]+\.xml$/.test(name)).sort()[0];
    const texts = parts.has("xl/sharedStrings.xml") ? [...(await part("xl/sharedStrings.xml")).getElementsByTagName("si")].map(textOf) : [];
    const rows = [];
    for (const row of (await part(sheet)).getElementsByTagName("row")) {
      const cells = [], place = Number(row.getAttribute("r")) || rows.length + 1;
      if (place > MOST_PLACES) throw new UnreadableListError("list_unknown");
      for (const each of row.getElementsByTagName("c")) {
        const letters = (each.getAttribute("r") ?? "").replace(/\d/g, ""), value = textOf(each.getElementsByTagName("v")[0] ?? each);
        const column = letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : cells.length;
        if (column < 200) cells[column] = each.getAttribute("t") === "s" ? texts[Number(value)] ?? "" : value;
      }
      rows[place - 1] = Array.from(cells, (cell) => cell ?? "");
    }
    return Array.from(rows, (row) => row ?? []);
  } catch (error) {
    throw error instanceof UnreadableListError ? error : new UnreadableListError("list_unknown");
  }
}

const textOf = (node) => (node.getElementsByTagName("t").length ? [...node.getElementsByTagName("t")].map((each) => each.textContent).join("") : node.textContent);

async function inflated(packed) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader(), decoder = new TextDecoder();
  let text = "";
  for (let more = await reader.read(); !more.done; more = await reader.read()) {
    text += decoder.decode(more.value, { stream: true });
    if (text.length > MOST_INFLATED) throw new UnreadableListError("list_large");
  }
  return text;
}

// A birth to the year, of small children to the month; "" where it cannot be read.
export function bornOf(said, day) {
  let text = said.trim().split(/[ T]/)[0];
  // A workbook keeps a day as a number, counted from the end of 1899.
  if (/^\d{4,5}(\.\d+)?$/.test(text) && Number(text) > 3000) text = new Date(Date.UTC(1899, 11, 30) + Math.floor(Number(text)) * 864e5).toISOString();
  const iso = /^(\d{4})-(\d\d)/.exec(text), dotted = /^\d{1,2}[./](\d{1,2})[./](\d{4})$/.exec(text);
  const [year, month] = iso ? [iso[1], iso[2]] : dotted ? [dotted[2], dotted[1]] : [];
  if (!year || Number(month) < 1 || Number(month) > 12 || Number(year) < FIRST_YEAR) return "";
  const born = `${year}-${String(month).padStart(2, "0")}`;
  if (born > day.slice(0, 7)) return "";
  return Number(day.slice(0, 4)) - Number(year) <= SMALL_CHILD ? born : year;
}

// Rows read = taken + rejected, each with its reason. villages: [siruta, name]; counties: what the county is called; known: ids that
// were brought before. The twin of cases/list_import/list_rules.py.
export function readList(rows, { day, villages, uatName, counties = [], known }) {
  const top = rows.findIndex(isFilled), titles = rows[top] ?? [], heads = titles.map(fold), at = Object.fromEntries(Object.entries(TITLES).map(([name, known]) => [name, heads.findIndex((head) => known.includes(head))]));
  if (NEEDED.some((name) => at[name] < 0)) throw new UnreadableListError("list_columns");
  const places = new Map(villages.map(([siruta, name]) => [fold(name), siruta])), seen = new Set(known), taken = [], rejected = [];
  const says = (text, wanted) => !text || !wanted.some(Boolean) || wanted.some((each) => each && fold(text) === fold(each));
  rows.forEach((row, n) => {
    if (n <= top || !isFilled(row)) return;
    const of = (name) => (at[name] < 0 ? "" : row[at[name]] ?? "").trim();
    const id = of("id"), born = bornOf(of("born"), day), place = of("place");
    const reason = !/^[\w-]{1,20}$/.test(id) ? "no_id" : known.has(id) ? "before" : seen.has(id) ? "twice" : GONE.includes(fold(of("status"))) ? "gone"
      : !born ? "no_born" : !says(of("county"), counties) || !(says(place, [uatName]) || places.has(fold(place))) ? "elsewhere" : "";
    if (reason) { rejected.push({ row: n + 1, reason }); return; }
    seen.add(id);
    taken.push({ id, born, sex: SEXES[fold(of("sex"))] ?? "", locality: places.get(fold(place)) ?? null, household: of("household") });
  });
  const used = Object.values(at);
  return { taken, rejected, unread: titles.filter((title, n) => title.trim() && !used.includes(n)) };
}
