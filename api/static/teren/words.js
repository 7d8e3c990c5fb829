// Sentences of this page, from the server's catalogue: the code holds keys alone.
let said = {};
let plural = (n) => Number(n !== 1);

export async function loadWords(address) {
  const answer = await fetch(address);
  ({ words: said } = await answer.json());
  // Romanian: one, a few (0, 2–19, 102–119 …), many with „de”.
  if (document.documentElement.lang !== "en") plural = (n) => (n === 1 ? 0 : n === 0 || (n % 100 > 0 && n % 100 < 20) ? 1 : 2);
}

export function t(key, values = {}) {
  let text = said[key];
  if (Array.isArray(text)) text = text[Math.min(plural(values.n), text.length - 1)];
  return (text ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// The words of a code in a list, for instance level.high.
export const code = (list, value) => t(`${list}.${value}`);
export const codes = (list) => Object.keys(said).filter((key) => key.startsWith(`${list}.`)).map((key) => [key.slice(list.length + 1), said[key]]);
