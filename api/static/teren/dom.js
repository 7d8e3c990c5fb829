// Pieces of the page: a <template> of the shell filled with data. No markup is ever made of text.

const template = (id) => document.getElementById(`t-${id}`).content;

// data-if / data-not keep or drop an element, data-text says a value, data-nodes takes elements, data-set="name:key …"
// sets attributes (true = empty, false and null = none), data-on="event:key …" listens.
export function fill(id, data = {}) {
  const made = template(id).cloneNode(true);
  for (const element of made.querySelectorAll("[data-if], [data-not]")) {
    const { if: wanted, not: unwanted } = element.dataset;
    if ((wanted && !data[wanted]) || (unwanted && data[unwanted])) element.remove();
  }
  for (const element of made.querySelectorAll("[data-text], [data-nodes], [data-set], [data-on]")) {
    const { text, nodes, set, on } = element.dataset;
    if (text) element.textContent = data[text] ?? "";
    if (nodes) element.replaceChildren(...[data[nodes] ?? []].flat());
    for (const [name, key] of pairs(set)) {
      const value = data[key];
      if (value === false || value === null || value === undefined) element.removeAttribute(name);
      else element.setAttribute(name, value === true ? "" : value);
    }
    for (const [event, key] of pairs(on)) if (data[key]) element.addEventListener(event, data[key]);
  }
  return made.children.length === 1 ? made.firstElementChild : made;
}

const pairs = (said) => (said ? said.split(" ").map((pair) => pair.split(":")) : []);

// A list of choices as large buttons. chosen: codes; many: several may be.
export function choiceField({ name, legend, hint = "", options, chosen = [], many = false, required = false, quiet = false, onchange = null }) {
  const list = options.map(([value, label]) => fill("choice", {
    type: many ? "checkbox" : "radio", name, value, label, checked: chosen.includes(value), required: required && !many,
  }));
  const made = fill("choices", { legend, hint, options: list, class: quiet ? "choices quiet" : "choices", onchange });
  return made;
}

export const button = (label, act, kind = "") => fill("button", { label, act, class: kind });
export const line = (text, kind = "") => fill("line", { text, class: kind });

// What a form holds: text by name; a name of checkboxes gives a list.
export function valuesOf(form, lists = []) {
  const said = new FormData(form);
  const found = Object.fromEntries([...said.keys()].map((name) => [name, said.get(name)]));
  for (const name of lists) found[name] = said.getAll(name);
  return found;
}
