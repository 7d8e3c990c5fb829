"""Trees of expressions evaluated over answers of which some are not known: true, false, or None for not known.

By Kleene's strong logic: what is not known is never taken for no. „A and B” is false as soon as one is false, and not
known where it hangs on what is not known.

A value is text, a number, a set of choices, "" of a question that is not asked, or None where it is not known.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from typing import Any

from cases.instrument.expression_trees import OWN, Tree, names_in

Truth = bool | None
Value = str | float | frozenset[str] | None
Values = Callable[[str], Value]

# Names of choices by which a person says that the answer is not known, or that the question could not be asked.
NOT_KNOWN = frozenset({"unknown", "not_asked"})
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(tree: Tree, values: Values, doubtful: frozenset[str] = frozenset()) -> Truth:
    """Evaluate a tree in three values.

    Parameters
    ----------
    tree
        As `parse_expression` returns it.
    values
        Gives the value of a question by its name.
    doubtful
        Questions that may turn out not to be asked, by what is not known: what hangs on one of their answers is then
        not known either.

    Returns
    -------
    bool or None
        None where it is not known.
    """
    op = tree[0]
    if op == "and":
        return _all(evaluate(part, values, doubtful) for part in tree[1:])
    if op == "or":
        return _any(evaluate(part, values, doubtful) for part in tree[1:])
    if op == "not":
        inner = evaluate(tree[1], values, doubtful)
        return None if inner is None else not inner
    if doubtful and (names := sorted(names_in(tree) & doubtful)):
        return _settled(tree, values, names)
    return _atom(tree, values, NOT_KNOWN)


def is_asked(tree: Tree, values: Values) -> bool:
    """Whether a question is shown, as a form shows it: what has no answer is "", and compares with no number.

    Parameters
    ----------
    tree
        The condition under which it is shown.
    values
        Gives the answer to a question by its name, "" where there is none.

    Returns
    -------
    bool
        In two values, as every tool for these forms decides it.
    """
    op = tree[0]
    if op == "and":
        return all(is_asked(part, values) for part in tree[1:])
    if op == "or":
        return any(is_asked(part, values) for part in tree[1:])
    if op == "not":
        return not is_asked(tree[1], values)
    return bool(_atom(tree, values, frozenset()))


def _all(parts: Iterable[Truth]) -> Truth:
    known: Truth = True
    for part in parts:
        if part is False:
            return False
        known = None if part is None else known
    return known


def _any(parts: Iterable[Truth]) -> Truth:
    known: Truth = False
    for part in parts:
        if part is True:
            return True
        known = None if part is None else known
    return known


def _settled(tree: Tree, values: Values, names: list[str]) -> Truth:
    """Evaluate an atom whether or not its doubtful questions are asked; None where that makes a difference."""
    found = set()
    for gone in product((False, True), repeat=len(names)):
        hidden = dict(zip(names, gone, strict=True))
        found.add(_atom(tree, partial(_unless_hidden, values, hidden), NOT_KNOWN))
    return found.pop() if len(found) == 1 else None


def _unless_hidden(values: Values, hidden: dict[str, bool], name: str) -> Value:
    return "" if hidden.get(name) else values(name)


def _atom(tree: Tree, values: Values, not_known: frozenset[str]) -> Truth:
    if tree[0] == "selected":
        return _selected(values(tree[1]), tree[2], not_known)
    if tree[0] == "regex":
        return re.fullmatch(tree[1], str(values(OWN))) is not None
    left, right = _operand(tree[1], values), _operand(tree[2], values)
    if left is None or right is None:
        return None
    if isinstance(left, float) or isinstance(right, float) or tree[0] not in ("=", "!="):
        # A missing number compares with none.
        return isinstance(left, float) and isinstance(right, float) and _ORDER[tree[0]](left, right)
    if left != right and not_known & {left, right} and not _names(tree, not_known):
        return None
    return _ORDER[tree[0]](left, right)


def _names(tree: Tree, not_known: frozenset[str]) -> bool:
    """Whether a comparison asks for „not known” itself."""
    return any(side[0] == "text" and side[1] in not_known for side in tree[1:])


def _selected(value: Value, choice: str, not_known: frozenset[str]) -> Truth:
    if value is None:
        return None
    chosen = value if isinstance(value, frozenset) else frozenset({str(value)})
    if choice in chosen:
        return True
    return None if chosen & not_known and choice not in not_known else False


def _operand(tree: Tree, values: Values) -> Value:
    op = tree[0]
    if op == "value":
        return values(tree[1])
    if op != "*":
        return tree[1]  # type: ignore[no-any-return]
    left, right = _operand(tree[1], values), _operand(tree[2], values)
    if isinstance(left, float) and isinstance(right, float):
        return left * right
    return None if left is None or right is None else ""


def atoms_behind(tree: Tree, values: Values) -> set[str]:
    """Return the questions whose answers make a tree what it is.

    Parameters
    ----------
    tree
        A tree that is true or false over these values.
    values
        Gives the value of a question by its name.

    Returns
    -------
    set of str
        Of an `or` that is true those of its true parts alone, of an `and` that is false those of its false parts.
    """
    op = tree[0]
    if op in ("and", "or"):
        decides = op == "or"
        parts = tree[1:]
        if evaluate(tree, values) is decides:
            parts = tuple(part for part in parts if evaluate(part, values) is decides)
        return {name for part in parts for name in atoms_behind(part, values)}
    if op == "not":
        return atoms_behind(tree[1], values)
    return names_in(tree)
