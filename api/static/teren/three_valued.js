// Trees of expressions over answers of which some are not known: true, false, or null for not known (Kleene).
// The twin of cases/instrument/three_valued.py: what is not known is never taken for no.
// A value is text, a number, a Set of choices, "" of a question that is not asked, or null where it is not known.

export const NOT_KNOWN = new Set(["unknown", "not_asked"]);
const NONE = new Set();
const ORDER = {
  "=": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b, "<=": (a, b) => a <= b,
  ">": (a, b) => a > b, ">=": (a, b) => a >= b,
};

export function evaluate(tree, values, doubtful = NONE) {
  const [op, ...parts] = tree;
  if (op === "and" || op === "or") {
    const decides = op === "or";
    let known = !decides;
    for (const part of parts) {
      const truth = evaluate(part, values, doubtful);
      if (truth === decides) return decides;
      if (truth === null) known = null;
    }
    return known;
  }
  if (op === "not") {
    const inner = evaluate(parts[0], values, doubtful);
    return inner === null ? null : !inner;
  }
  if (doubtful.size) {
    const names = [...namesIn(tree)].filter((name) => doubtful.has(name));
    if (names.length) return settled(tree, values, names);
  }
  return atom(tree, values, NOT_KNOWN);
}

// Whether a question is shown, as a form shows it: values gives "" where there is no answer.
export function isAsked(tree, values) {
  const [op, ...parts] = tree;
  if (op === "and") return parts.every((part) => isAsked(part, values));
  if (op === "or") return parts.some((part) => isAsked(part, values));
  if (op === "not") return !isAsked(parts[0], values);
  return Boolean(atom(tree, values, NONE));
}

export function namesIn(tree) {
  if (tree[0] === "value" || tree[0] === "selected") return new Set(tree[1] === "." ? [] : [tree[1]]);
  return new Set(tree.slice(1).filter(Array.isArray).flatMap((part) => [...namesIn(part)]));
}

// The questions whose answers make a tree what it is: of an `or` that is true its true parts alone, and so on.
export function atomsBehind(tree, values) {
  const [op, ...parts] = tree;
  if (op === "and" || op === "or") {
    const decides = op === "or";
    const behind = evaluate(tree, values) === decides ? parts.filter((part) => evaluate(part, values) === decides) : parts;
    return new Set(behind.flatMap((part) => [...atomsBehind(part, values)]));
  }
  return op === "not" ? atomsBehind(parts[0], values) : namesIn(tree);
}

// An atom whether or not its doubtful questions are asked; null where that makes a difference.
function settled(tree, values, names) {
  const found = new Set();
  for (let mask = 0; mask < 2 ** names.length; mask += 1) {
    const hidden = new Set(names.filter((_name, bit) => mask & (1 << bit)));
    found.add(atom(tree, (name) => (hidden.has(name) ? "" : values(name)), NOT_KNOWN));
  }
  return found.size === 1 ? [...found][0] : null;
}

function atom(tree, values, notKnown) {
  if (tree[0] === "selected") return selected(values(tree[1]), tree[2], notKnown);
  if (tree[0] === "regex") return new RegExp(`^(?:${tree[1]})$`, "u").test(String(values(".")));
  const left = operand(tree[1], values), right = operand(tree[2], values);
  if (left === null || right === null) return null;
  const numbers = (typeof left === "number") + (typeof right === "number");
  // A missing number compares with none.
  if (numbers || (tree[0] !== "=" && tree[0] !== "!=")) return numbers === 2 && ORDER[tree[0]](left, right);
  const asks = tree.slice(1).some((side) => side[0] === "text" && notKnown.has(side[1]));
  if (left !== right && (notKnown.has(left) || notKnown.has(right)) && !asks) return null;
  return ORDER[tree[0]](left, right);
}

function selected(value, choice, notKnown) {
  if (value === null) return null;
  const chosen = value instanceof Set ? value : new Set([String(value)]);
  if (chosen.has(choice)) return true;
  return [...chosen].some((each) => notKnown.has(each)) && !notKnown.has(choice) ? null : false;
}

function operand(tree, values) {
  if (tree[0] === "value") return values(tree[1]);
  if (tree[0] !== "*") return tree[1];
  const left = operand(tree[1], values), right = operand(tree[2], values);
  if (typeof left === "number" && typeof right === "number") return left * right;
  return left === null || right === null ? null : "";
}
