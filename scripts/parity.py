"""What can be done and what is warned of in the two kinds of pages: read off the code, written to docs/parity.md.

`python scripts/parity.py` writes the page; `--check` says whether it is as the code is and whether a side lacks
something without a reason. An action is a function of `referrals/` that asks whether the actor may (`roles.require`),
or one of those that act on the session alone; a side has it where one of its functions leads there. A warning is a
field of what is read of an offer or an answer; a side has it where a template or a function of its reads that field.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from providers.finder.answer_view import AnswerView  # noqa: E402
from providers.finder.offer_view import OfferView  # noqa: E402
from referrals.ledger.lifecycle import TRANSITIONS  # noqa: E402
from referrals.records.roles import TABLE  # noqa: E402

PAGE = ROOT / "docs" / "parity.md"
PLAIN, APPLICATION = "plain", "application"
SIDES = {
    PLAIN: (
        "api.plain",
        "api.map",
        "api.campaigns",
        "api.news_pages",
        "api.program_admin",
        "api.queue",
        "api.provider_links",
        "api.visit_list",
    ),
    APPLICATION: ("pages",),
}
TEMPLATES = {PLAIN: "templates/plain", APPLICATION: "templates/screen"}
SHARED = "templates/_*.html"  # drawn by both
# What one side leaves to the other, and why. A row that is not needed any more is a fault too.
_DESK = "administration is work at a desk: „Registre” of the application and the command line"
_ONE_PAGE = (
    "one page for both: the application leads to it, so that a protected address or a link never passes its socket"
)
_IN_DETAILS = "the application shows it among `OfferView.details` and on the service's own page"
# What is done without a permission, because it touches nothing but the session's own.
OF_THE_SESSION = {
    "visit_list.kept_lists.keep_service": "the list for a person: whoever is signed in",
    "visit_list.kept_lists.change_list": "the list for a person: whoever is signed in",
    "visit_list.kept_lists.list_kept": "the list for a person: whoever is signed in",
    "visit_list.sheet_languages.offered_languages": "the sheet of that list",
}
EXCEPTIONS: dict[str, str] = {
    "backups.creation.backup": _DESK,
    "field.duplicate_decisions.decide": _DESK,
    "workflow.duplicate_pairs.pairs": _DESK,
    "homes.administration_report.verify": _DESK,
    "homes.publishing.prune": _DESK,
    "homes.publishing.publish": _DESK,
    "homes.publishing.require_publisher": _DESK,
    "case_erasure.record_erasure.erase_record": _DESK,
    "accounts.accounts.close": _DESK,
    "accounts.account_sessions.end_sessions": _DESK,
    "accounts.accounts.invite": _DESK,
    "accounts.accounts.offer_reset": _DESK,
    "ledger.erasure.erase_case": _DESK,
    "ledger.ledger.Ledger.due_for_erasure": _DESK,
    "ledger.ledger.Ledger.erase_case": _DESK,
    "ledger.ledger.Ledger.erase_old": _DESK,
    "ledger.audited_ledger.AuditedLedger.log_secret_reading": _ONE_PAGE,
    "workflow.protected_records.open_record": _ONE_PAGE,
    "ledger.link_answers.ask_for_call": "a provider has no application: its link opens a plain page",
    "ledger.link_answers.look": "a provider has no application: its link opens a plain page",
    "ledger.link_answers.report_places": "a provider has no application: its link opens a plain page",
    "ledger.link_answers.report_lines": "a provider has no application: its link opens a plain page",
    "field.provider_statements._require": "a provider has no application: its link opens a plain page",
    "ledger.provider_tokens.make_referral_link": _ONE_PAGE,
    "ledger.provider_tokens.revoke": _ONE_PAGE,
    "OfferView.dated": _IN_DETAILS,
    "OfferView.precision": _IN_DETAILS,
    "OfferView.checks": _IN_DETAILS,
    "OfferView.may_refer": "the application asks the same of `takes_referrals`",
    "AnswerView.first_hour": "the application draws the cards of all needs at once, from `first_hour_view`",
    "AnswerView.how_measured": "the application says it under the map (`result_map`)",
}


@dataclass
class Code:
    """Functions by their dotted names: what each refers to, what it asks of the actor, and what it says of itself."""

    leads_to: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    asks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    about: dict[str, str] = field(default_factory=dict)
    reads: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    methods: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def trees() -> dict[str, ast.Module]:
    """Parse the two kinds of pages and the rooms by which they act on the ledger."""
    rooms = ("api", "cases", "pages", "referrals", "reports")
    paths = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for path in paths
    }


@cache
def imported(tree: ast.Module) -> dict[str, str]:
    """Return what each name of a module stands for, as a dotted name."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def functions(tree: ast.Module) -> list[tuple[str, ast.AST]]:
    """Return the functions and methods of a module; what stands outside of them is the module's own, named ''."""
    found: list[tuple[str, ast.AST]] = []
    rest = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append((node.name, node))
        elif isinstance(node, ast.ClassDef):
            found += [
                (f"{node.name}.{inner.name}", inner)
                for inner in node.body
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
            ]
        else:
            rest.append(node)
    return [*found, ("", ast.Module(rest, []))]


@cache
def code() -> Code:
    """Read who refers to whom. A method of an object that is not known is every method of `referrals/` of that name."""
    every, read = trees(), Code()
    for module, tree in every.items():
        for name, node in functions(tree):
            read.about[f"{module}.{name}"] = (ast.get_docstring(node) or "").partition("\n")[0] if name else ""  # type: ignore[arg-type]
            if "." in name and module.startswith("referrals."):
                read.methods[name.partition(".")[2]].add(f"{module}.{name}")
    known = set(read.about)
    for module, tree in every.items():
        names = imported(tree)
        for name, node in functions(tree):
            here = f"{module}.{name}"
            for inner in ast.walk(node):
                read.leads_to[here] |= _meant(inner, module, names, every, read, known)
                if isinstance(inner, ast.Attribute):
                    read.reads[here].add(inner.attr)
            if name and module.startswith("referrals."):
                read.asks[here] |= _asked(node, tree)
    return read


def _meant(
    node: ast.AST, module: str, names: dict[str, str], every: dict[str, ast.Module], read: Code, known: set[str]
) -> set[str]:
    if isinstance(node, ast.Name):
        meant = names.get(node.id, f"{module}.{node.id}")
        return {_real(meant, every)} & known
    if not isinstance(node, ast.Attribute):
        return set()
    if isinstance(node.value, ast.Name) and (of := names.get(node.value.id)) in every:
        return {_real(f"{of}.{node.attr}", every)} & known
    return read.methods.get(node.attr, set())


def _real(dotted: str, every: dict[str, ast.Module]) -> str:
    """Follow a name that a package only passes on."""
    package, _dot, name = dotted.rpartition(".")
    if package in every:
        passed_on = imported(every[package]).get(name)
        if passed_on and passed_on != dotted:
            return _real(passed_on, every)
    return dotted


def _asked(node: ast.AST, tree: ast.Module) -> set[str]:
    """Return the permissions that a function demands: named where it demands them, or passed on to who does."""
    constants = {
        target.id: each.value.value
        for each in tree.body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    asked: set[str] = set()
    for inner in ast.walk(node):
        if not isinstance(inner, ast.Call) or ast.unparse(inner.func).endswith(("allows", "reach")):
            continue
        for said in [*inner.args, *(each.value for each in inner.keywords)]:
            for one in ast.walk(said):
                value = one.value if isinstance(one, ast.Constant) else constants.get(getattr(one, "id", ""))
                if isinstance(value, str) and value in TABLE:
                    asked.add(value)
                if isinstance(one, ast.Attribute) and one.attr == "permission":
                    asked |= {rule.permission for rule in TRANSITIONS.values() if rule.permission}
    return asked


def reached(side: str) -> set[str]:
    """Return every function that the pages of a side lead to."""
    read = code()
    left = [name for name in read.about if name.startswith(tuple(f"{room}." for room in SIDES[side]))]
    found = set(left)
    while left:
        for name in read.leads_to[left.pop()] - found:
            found.add(name)
            left.append(name)
    return found


@dataclass(frozen=True)
class Row:
    """One thing, and which sides have it."""

    name: str
    about: str
    sides: dict[str, bool]

    @property
    def lacks(self) -> list[str]:
        """Sides that do not have it; something that neither has is for the command line."""
        return [] if not any(self.sides.values()) else [side for side, has in self.sides.items() if not has]


def actions() -> list[Row]:
    """Return every function that demands a permission or acts on the session alone, and which sides lead there."""
    read = code()
    there = {side: reached(side) for side in SIDES}
    asked_for = {name: ", ".join(sorted(asked)) for name, asked in read.asks.items() if asked}
    asked_for |= {f"referrals.{name}": why for name, why in OF_THE_SESSION.items()}
    return [
        Row(
            name.removeprefix("referrals."),
            f"{read.about[name].rstrip('.')} ({asked})",
            {side: name in there[side] for side in SIDES},
        )
        for name, asked in sorted(asked_for.items())
    ]


def warnings() -> list[Row]:
    """Return every field of what is read of an offer and of an answer, and which sides read it."""
    rows = []
    for kind in (OfferView, AnswerView):
        for each in fields(kind):
            used = re.compile(rf"\.{each.name}\b")
            sides = {}
            for side, rooms in SIDES.items():
                some = [*ROOT.glob(SHARED), *(ROOT / TEMPLATES[side]).rglob("*.html")]
                drawn = any(used.search(path.read_text("utf-8")) for path in some)
                sides[side] = drawn or any(
                    each.name in attributes
                    for name, attributes in code().reads.items()
                    if name.startswith(tuple(f"{room}." for room in rooms))
                )
            rows.append(Row(f"{kind.__name__}.{each.name}", "", sides))
    return rows


def faults() -> list[str]:
    """Return what one side lacks without a reason, and reasons that nothing needs."""
    every = [*actions(), *warnings()]
    lacking = {row.name: row.lacks for row in every if row.lacks}
    return [
        *(
            f"{name}: not in the {' and '.join(sides)} pages"
            for name, sides in lacking.items()
            if name not in EXCEPTIONS
        ),
        *(f"{name}: has a reason and needs none" for name in EXCEPTIONS if name not in lacking),
        *(f"{row.name}: read by neither kind of pages" for row in warnings() if not any(row.sides.values())),
    ]


def page() -> str:
    """Write the page."""
    both = [row for row in actions() if any(row.sides.values())]
    neither = [row for row in actions() if not any(row.sides.values())]
    lines = [
        "# Two kinds of pages, one product",
        "",
        "Written by `python scripts/parity.py` from the code, and held by `tests/source/test_parity.py`: what can be",
        "done in the plain pages (`api/plain`, `api/map`, a provider's link) and in the application (`pages/`), and",
        "what is warned of in each.",
        "",
        "## Actions: every function that asks whether somebody may",
        "",
        "| function | what it does (permission) | plain | application |",
        "|---|---|:-:|:-:|",
        *(f"| `{row.name}` | {row.about} | {_mark(row, PLAIN)} | {_mark(row, APPLICATION)} |" for row in both),
        "",
        "## What is read of an offer and of an answer",
        "",
        "| field | plain | application |",
        "|---|:-:|:-:|",
        *(f"| `{row.name}` | {_mark(row, PLAIN)} | {_mark(row, APPLICATION)} |" for row in warnings()),
        "",
        "Their words are compared on every surface by `tests/pages/test_same_facts.py`.",
        "",
        "## Left to one side, with the reason",
        "",
        *([f"- `{name}`: {why}" for name, why in sorted(EXCEPTIONS.items())] or ["Nothing."]),
        "",
        "## On no page: the command line and the server alone",
        "",
        *(f"- `{row.name}`: {row.about}" for row in neither),
        "",
    ]
    return "\n".join(lines)


def _mark(row: Row, side: str) -> str:
    return "yes" if row.sides[side] else "no"


def main() -> None:
    """Write the page, or with --check say what is wrong."""
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    wrong = faults()
    if PAGE.read_text(encoding="utf-8") != page():
        wrong.append("docs/parity.md is not what the code gives: python scripts/parity.py")
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    main()
