"""The expressions of an instrument: a small part of XPath as XLSForm writes it, parsed once into trees.

    ${x} = 'v'   != < <= > >=   numbers   *   selected(${x}, 'v')   and  or  not ( )

A constraint speaks of its own answer as `.`, and may hold `regex(., 'pattern')`. Anything else is refused, so that
every reader of a tree (this program, a browser) needs only what is here. A tree is made of tuples of text, numbers and
trees, which JSON holds as they are:

    ("or", tree, …)  ("and", tree, …)  ("not", tree)  ("selected", name, text)  ("regex", pattern)
    ("=" and its like, operand, operand)
    operands: ("value", name)  ("number", number)  ("text", text)  ("*", operand, operand)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.errors import MapError
from core.i18n import _

Tree = tuple[Any, ...]

OWN = "."  # the answer that a constraint is about
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_ORDERED = frozenset({"<", "<=", ">", ">="})
_LONGEST = 2_000
_MOST_TOKENS = 500
_DEEPEST = 20  # brackets in brackets; each takes a few frames of the parser
_TOKEN = re.compile(
    r"\s*(?:\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>[0-9]{1,9}(?:\.[0-9]{1,6})?)"
    r"|(?P<sign>!=|<=|>=|[=<>*(),])|(?P<word>[A-Za-z_][A-Za-z0-9_-]*)|(?P<own>\.))"
)
_LONGEST_PATTERN = 80  # no *, no +, no counted groups: Python and a browser read it alike, in bounded time
_MOST_OPTIONAL = 3


class ExpressionError(MapError, ValueError):
    """An expression is not one of those that are read; the message says what was found and what was expected."""


@dataclass(frozen=True)
class _Token:
    kind: str  # name, text, number, sign, word, own, end
    text: str
    at: int


def parse_expression(text: str, *, about_own: bool = False) -> Tree:
    """Parse an expression into a tree.

    Parameters
    ----------
    text
        The expression.
    about_own
        Whether it is a constraint: `.` and `regex` are allowed, names of other questions too.

    Returns
    -------
    Tree
        As the module says.

    Raises
    ------
    ExpressionError
        Where something outside the subset stands in it.

    Examples
    --------
    >>> parse_expression("${age} >= 14 and not(${id_card} = 'yes')")
    ('and', ('>=', ('value', 'age'), ('number', 14.0)), ('not', ('=', ('value', 'id_card'), ('text', 'yes'))))
    """
    if len(text) > _LONGEST:
        raise ExpressionError(_("expresia are peste {n} semne").format(n=_LONGEST))
    return _Parser(tuple(_tokens(text)), about_own=about_own).whole()


def names_in(tree: Tree) -> set[str]:
    """Return the names of the questions that a tree speaks of.

    Parameters
    ----------
    tree
        As `parse_expression` returns it.

    Returns
    -------
    set of str
        Without the own answer of a constraint.
    """
    if tree[0] in ("value", "selected"):
        return {tree[1]} - {OWN}
    return {name for part in tree[1:] if isinstance(part, tuple) for name in names_in(part)}


def atoms_in(tree: Tree) -> Iterator[Tree]:
    """Return the comparisons and selections of a tree, in their order.

    Parameters
    ----------
    tree
        As `parse_expression` returns it.

    Yields
    ------
    Tree
        A comparison, `selected` or `regex`.
    """
    if tree[0] in ("or", "and", "not"):
        for part in tree[1:]:
            yield from atoms_in(part)
    else:
        yield tree


def _tokens(text: str) -> Iterator[_Token]:
    at, count = 0, 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionError(
                _("la semnul {at} am găsit „{found}”, care nu se poate folosi").format(
                    at=at + 1, found=text[at : at + 12]
                )
            )
        count += 1
        if count > _MOST_TOKENS:
            raise ExpressionError(_("expresia are peste {n} părți").format(n=_MOST_TOKENS))
        kind = found.lastgroup
        yield _Token(kind, found[kind][1:-1] if kind == "text" else found[kind], found.start(kind))
        at = found.end()
    yield _Token("end", "", len(text))


class _Parser:
    """Reads tokens from left to right; each method takes what its name says and returns its tree."""

    def __init__(self, tokens: tuple[_Token, ...], *, about_own: bool) -> None:
        self._tokens, self._at, self._depth, self._about_own = tokens, 0, 0, about_own

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def whole(self) -> Tree:
        tree = self._chain("or")
        if self._now.kind != "end":
            raise self._unexpected_error(_("sfârșitul expresiei, „and” sau „or”"))
        return tree

    def _chain(self, word: str) -> Tree:
        """Read what `or` joins, or what `and` joins, which binds closer."""
        parts = [self._link(word)]
        while (self._now.kind, self._now.text) == ("word", word):
            self._at += 1
            parts.append(self._link(word))
        return parts[0] if len(parts) == 1 else (word, *parts)

    def _link(self, word: str) -> Tree:
        return self._chain("and") if word == "or" else self._condition()

    def _condition(self) -> Tree:
        token = self._now
        if (token.kind, token.text) == ("word", "not"):
            self._at += 1
            return ("not", self._bracketed())
        if (token.kind, token.text) == ("sign", "("):
            return self._bracketed()
        if token.kind == "word":
            return self._function()
        left = self._operand()
        if self._now.kind != "sign" or self._now.text not in COMPARISONS:
            raise self._unexpected_error(_("o comparație: = != < <= > >="))
        sign = self._take("sign")
        return (sign, left, self._operand())

    def _bracketed(self) -> Tree:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError(_("expresia are peste {n} paranteze una într-alta").format(n=_DEEPEST))
        self._sign("(")
        tree = self._chain("or")
        self._sign(")")
        self._depth -= 1
        return tree

    def _function(self) -> Tree:
        name = self._now.text
        if name == "selected":
            self._at += 1
            self._sign("(")
            question = self._take("name", _("o întrebare, de forma ${nume}"))
            self._sign(",")
            value = self._take("text", _("o variantă între apostrofuri"))
            self._sign(")")
            return ("selected", question, value)
        if name == "regex" and self._about_own:
            self._at += 1
            self._sign("(")
            self._take("own", _("un punct, răspunsul însuși"))
            self._sign(",")
            pattern = self._take("text", _("un tipar între apostrofuri"))
            self._sign(")")
            return ("regex", _checked_pattern(pattern))
        raise self._unexpected_error(_("o întrebare ${nume}, un număr, selected(…), not (…) sau o paranteză"))

    def _operand(self) -> Tree:
        tree = self._factor()
        while (self._now.kind, self._now.text) == ("sign", "*"):
            self._at += 1
            tree = ("*", tree, self._factor())
        return tree

    def _factor(self) -> Tree:
        token = self._now
        if token.kind == "own" and not self._about_own:
            raise self._unexpected_error(_("o întrebare ${nume}; punctul este numai al constrângerilor"))
        if token.kind not in ("name", "number", "text", "own"):
            raise self._unexpected_error(_("o întrebare ${nume}, un număr sau un text între apostrofuri"))
        self._at += 1
        if token.kind == "number":
            return ("number", float(token.text))
        if token.kind == "text":
            return ("text", token.text)
        return ("value", OWN if token.kind == "own" else token.text)

    def _take(self, kind: str, expected: str = "") -> str:
        if self._now.kind != kind:
            raise self._unexpected_error(expected)
        self._at += 1
        return self._tokens[self._at - 1].text

    def _sign(self, sign: str) -> None:
        if (self._now.kind, self._now.text) != ("sign", sign):
            raise self._unexpected_error(f"„{sign}”")
        self._at += 1

    def _unexpected_error(self, expected: str) -> ExpressionError:
        token = self._now
        found = f"„{token.text[:20]}”" if token.kind != "end" else _("sfârșitul")
        return ExpressionError(
            _("la semnul {at} am găsit {found}, așteptam {expected}").format(
                at=token.at + 1, found=found, expected=expected
            )
        )


def _checked_pattern(pattern: str) -> str:
    """Return a pattern that reads alike everywhere and in bounded time; ExpressionError for any other."""
    is_known = len(pattern) <= _LONGEST_PATTERN and pattern.count("?") <= _MOST_OPTIONAL
    inner = pattern.removeprefix("^").removesuffix("$")
    bare = re.sub(r"\[[A-Za-z0-9_ -]{1,20}\](?:\{[1-9][0-9]?\})?", "a", inner)
    if not (is_known and re.fullmatch(r"[A-Za-z0-9_/ ()|?-]*", bare)):
        raise ExpressionError(
            _("tiparul „{found}” are alte semne decât litere, cifre, [ ], {{n}} după [ ], ( ), | și ?").format(
                found=pattern[:40]
            )
        )
    try:
        re.compile(pattern)
    except re.error:
        raise ExpressionError(_("tiparul „{found}” nu este întreg").format(found=pattern[:40])) from None
    return pattern


def type_fault(tree: Tree, kinds: dict[str, str], choices: dict[str, frozenset[str]]) -> str:
    """Return in words what a tree asks of its questions that they cannot answer.

    Parameters
    ----------
    tree
        As `parse_expression` returns it.
    kinds
        Kind of each known question by its name: `number`, `one`, `many` or `text`.
    choices
        Names of the choices of each question that has some.

    Returns
    -------
    str
        In words; "" where nothing is wrong.
    """
    for atom in atoms_in(tree):
        if atom[0] == "regex":
            continue
        if missing := sorted(names_in(atom) - kinds.keys()):
            return _("nu există întrebarea ${{{name}}} mai sus în „survey”").format(name=missing[0])
        fault = (
            _selected_fault(atom, kinds, choices) if atom[0] == "selected" else _compared_fault(atom, kinds, choices)
        )
        if fault:
            return fault
    return ""


def _selected_fault(atom: Tree, kinds: dict[str, str], choices: dict[str, frozenset[str]]) -> str:
    _op, name, value = atom
    if kinds[name] not in ("one", "many"):
        return _("selected(…) cere o întrebare cu variante; ${{{name}}} nu are").format(name=name)
    return _choice_fault(name, value, choices)


def _choice_fault(name: str, value: str, choices: dict[str, frozenset[str]]) -> str:
    if value in choices.get(name, frozenset()):
        return ""
    return _("„{value}” nu este o variantă a întrebării ${{{name}}}").format(value=value[:40], name=name)


def _compared_fault(atom: Tree, kinds: dict[str, str], choices: dict[str, frozenset[str]]) -> str:
    sign, left, right = atom
    sorts = {_sort(side, kinds) for side in (left, right)}
    if "many" in sorts:
        return _("o întrebare cu mai multe variante se cercetează cu selected(…)")
    if "mixed" in sorts or ("number" in sorts and len(sorts) > 1):
        return _("un număr nu se compară cu un text")
    if sign in _ORDERED and sorts != {"number"}:
        return _("„{sign}” compară numai numere").format(sign=sign)
    for one, other in ((left, right), (right, left)):
        if one[0] == "value" and other[0] == "text" and kinds.get(one[1]) == "one":
            return _choice_fault(one[1], other[1], choices)
    return ""


def _sort(operand: Tree, kinds: dict[str, str]) -> str:
    if operand[0] == "*":
        return "number" if {_sort(part, kinds) for part in operand[1:]} == {"number"} else "mixed"
    if operand[0] == "value":
        kind = kinds[operand[1]] if operand[1] != OWN else kinds.get(OWN, "text")
        return "text" if kind == "one" else kind
    return str(operand[0])
