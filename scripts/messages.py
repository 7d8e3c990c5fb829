"""Collect every sentence of the product into the catalogues under locale/, and say what is untranslated.

    python scripts/messages.py            collect: new sentences come in untranslated, old ones go
    python scripts/messages.py --check    change nothing; exit 1 where a catalogue is not whole

The message is the Romanian sentence itself (see core/i18n.py). The Romanian catalogue holds only what is
counted, for its third plural: 1 loc, 2 locuri, 20 de locuri.

Names that are data (needs, service types, indicators …) are collected from their tables in the same way: the
Romanian cell is the message (docs/decisions/0015). A name in a table that is said on a screen is named in NAMES.
"""

from __future__ import annotations

import ast
import csv
import sys
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("api", "cases", "commands", "core", "geo", "pages", "providers", "referrals", "reports")
FILES = ("app.py", "cli.py")
WORDS = {"_": 1, "N_": 1, "ngettext": 2}  # how many sentences each takes
NAME = "Harta serviciilor comunitare"
# The tables whose words are said on a screen, and their columns. A cell is one message: a list of everyday words too.
NAMES = {
    "data/providers/needs.csv": ("group", "name", "synonyms", "what_to_bring"),
    "data/providers/service_types.csv": ("name", "category", "decision_by"),
    "data/providers/beneficiary_groups.csv": ("name",),
    "data/providers/authority_kinds.csv": ("name", "name_bucharest"),
    "data/providers/emergency_lines.csv": ("name", "words"),
    "data/providers/known_kinds.csv": ("name", "words"),
    "data/providers/name_checks.csv": ("says",),
    "data/providers/first_hour.csv": ("words",),
    "data/providers/own_steps.csv": ("words",),
    "data/providers/papers.csv": ("title", "purpose"),
    "data/providers/register_offers.csv": ("title", "publisher"),
    "data/providers/need_crosswalk.csv": ("why_not",),
    "data/providers/need_population.csv": ("words",),
    "data/reports/indicators.csv": ("group", "name", "definition", "unit"),
    "data/reports/targets.csv": ("source", "note"),
    "data/reports/amc_indicators.csv": ("note",),
    "data/reports/amc_code_changes.csv": ("meaning",),
    "data/atlas/communities_demo.csv": ("note",),
}
TITLES = (
    "data/*/*.source.toml",
    "data/atlas/communities_lists.toml",
    "data/roads/invented_roads.toml",
)  # what the foot of a screen names


def main(*, check: bool) -> int:
    """Bring both catalogues up to date, or only look; return 1 where one is not whole."""
    found = collected()
    faults = []
    for code in ("ro", "en"):
        kept = read(code)
        new = updated(code, kept, found)
        faults += [f"{code}: {fault}" for fault in incomplete(new)]
        if check:
            gone = {m.id for m in kept if m.id} ^ {m.id for m in new if m.id}
            faults += [f"{code}: run scripts/messages.py for {name!r}" for name in sorted(map(str, gone))]
        else:
            write(code, new)
    print("\n".join(faults) or "every sentence is translated")
    return 1 if faults else 0


def collected() -> list[tuple[str | tuple[str, str], str]]:
    """List (message, file where it stands first), in the order of the files.

    By the syntax tree and not by Babel's reader: that one passes over calls inside an f-string.
    """
    found: dict[str | tuple[str, str], str] = {}
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    for path in [*paths, *(ROOT / file for file in FILES)]:
        for message in messages_of(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(message, path.relative_to(ROOT).as_posix())
    for path in sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")):
        for message in template_messages(path):
            found.setdefault(message, path.relative_to(ROOT).as_posix())
    for file, columns in NAMES.items():
        for name in names_of(file, columns):
            found.setdefault(name, file)
    for pattern in TITLES:
        for path in sorted(ROOT.glob(pattern)):
            for title in titles_of(path):
                found.setdefault(title, path.relative_to(ROOT).as_posix())
    return sorted(found.items(), key=lambda pair: (pair[1], pair[0] if isinstance(pair[0], str) else pair[0][0]))


def messages_of(tree: ast.AST) -> Iterator[str | tuple[str, str]]:
    """Give the sentences of a module: what stands in `_`, `later` and `ngettext` as it is written."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORDS):
            continue
        said = [each.value for each in node.args[: WORDS[node.func.id]] if isinstance(each, ast.Constant)]
        texts = [text for text in said if isinstance(text, str)]
        if len(texts) == WORDS[node.func.id]:
            yield texts[0] if len(texts) == 1 else (texts[0], texts[1])


def template_messages(path: Path) -> Iterator[str | tuple[str, str]]:
    """Give the sentences that a template says through `_` and `ngettext`."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for _line, function, message in extract_from_ast(tree, gettext_functions=("_", "ngettext")):
        if function == "ngettext" and isinstance(message, tuple):
            yield str(message[0]), str(message[1])
        elif isinstance(message, str):
            yield message


def names_of(file: str, columns: tuple[str, ...]) -> Iterator[str]:
    """Give the words of a table's columns, column by column; nothing for an empty cell and for `assumed`."""
    with (ROOT / file).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for column in columns:
        yield from (row[column] for row in rows if row[column] not in ("", "assumed"))


def titles_of(path: Path) -> Iterator[str]:
    """Give the titles in a TOML file: of a source card one, of the known lists one each."""
    with path.open("rb") as handle:
        tables = tomllib.load(handle)
    yield from (table["title"] for table in tables.values() if isinstance(table, dict) and "title" in table)


def path_of(code: str) -> Path:
    """Return where a language's catalogue stands."""
    return ROOT / "locale" / code / "LC_MESSAGES" / "harta.po"


def read(code: str) -> Catalog:
    """Read a catalogue; an empty one where it is not there yet."""
    path = path_of(code)
    return read_po(BytesIO(path.read_bytes()), locale=code) if path.exists() else Catalog(locale=code)


def updated(code: str, kept: Catalog, found: list[tuple[str | tuple[str, str], str]]) -> Catalog:
    """Return the catalogue with exactly the sentences found, translated as far as they were."""
    new = Catalog(locale=code, project=NAME, version="", charset="utf-8", fuzzy=False)
    new.creation_date = new.revision_date = kept.creation_date
    for message, file in found:
        if code == "ro" and isinstance(message, str):
            continue
        old = kept.get(message if isinstance(message, str) else message[0])
        said = old.string if old is not None and any(old.string) else _by_rule(code, message)
        new.add(message, said, locations=[(file, None)])  # type: ignore[list-item]
    return new


def _by_rule(code: str, message: str | tuple[str, str]) -> str | tuple[str, ...]:
    """Give what a rule knows: the third Romanian plural takes `de` between a number and its noun."""
    if code != "ro" or isinstance(message, str):
        return "" if isinstance(message, str) else ("", "")
    one, many = message
    return one, many, many.replace("{n} ", "{n} de ", 1)


def incomplete(catalogue: Catalog) -> list[str]:
    """List what is not translated, doubtful, or has lost a field such as {name} on the way."""
    faults = []
    for message in catalogue:
        if not message.id:
            continue
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(said) or message.fuzzy:
            faults.append(f"untranslated: {message.id!r}")
        elif not _same_fields(message):
            faults.append(f"fields differ: {message.id!r} and {message.string!r}")
    return faults


def _same_fields(message: Message) -> bool:
    from string import Formatter

    def names(text: str) -> set[str]:
        return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}

    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    try:
        return all(names(text) <= names(ids[-1]) for text in strings) and names(strings[-1]) == names(ids[-1])
    except ValueError:
        return False


def write(code: str, catalogue: Catalog) -> None:
    """Write a catalogue as text, the sentences by their file; no dates, so that nothing changes by itself."""
    path = path_of(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, catalogue, width=0, omit_header=False, sort_by_file=False)
    lines = [
        line
        for line in out.getvalue().decode("utf-8").splitlines()
        if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Language-Team',
                                '"Generated-By', '"Project-Id', '"Report-Msgid', "#  ", "# "))
        or line.startswith("#: ")
    ]  # fmt: skip
    path.write_text("\n".join(lines).strip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
