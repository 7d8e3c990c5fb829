"""Every sentence of the product is translated, and none of a screen stands outside the catalogues."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.i18n import ngettext, read_catalogue, use_language
from providers.rules import needs
from scripts import messages

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.everyday  # whichever room a change is in, these can fail

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "harta.po"
SCREENS = sorted([*ROOT.glob("pages/*.py"), *ROOT.glob("api/**/*.py")])
# Words that only Romanian has, or letters that only Romanian has: enough to know a sentence of the screen by.
ROMANIAN = re.compile(r"[ăâîșțĂÂÎȘȚ„]|\b(?:este|sunt|pentru|nevoie|locuri|serviciu|cu|nu|la)\b")
# Names in their own language, and what people type: not sentences of ours.
OWN_WORDS = {"Română"}
OFFICES = {f"{name} București" for name in ("AMPIS", "DSP", "CASMB", "AMOFM", "CMBRAE")}  # names of institutions
# Tables of places: names stay as they are.
PLACES = {
    "counties",
    "settlements",
    "uat_population",
    "communities_known",
    "population.corrections",
    "settlements.corrections",
}
CITED = ("basis", "rule_basis", "settle_by")  # laws and assumptions, cited as they are written
# Words that no screen says: patterns that match registers, legal titles, remarks for who keeps the table.
UNSAID = {
    "data/atlas/communities_demo.csv": ("name", "source"),
    # What a team is asked: no screen says it yet.
    "data/cases/actions.csv": ("need_group", "package_class", "words"),
    "data/cases/choices.csv": ("label",),
    "data/cases/findings.csv": ("label",),
    "data/cases/survey.csv": ("label", "hint", "constraint_message"),
    "data/cases/without_rule.csv": ("reason",),
    "data/providers/authority_kinds.csv": ("organization", "organization_bucharest"),
    "data/providers/coverage_measures.csv": ("note",),
    "data/providers/court_areas.csv": ("name",),
    "data/providers/critical_titles.csv": ("meaning", "reason"),
    "data/providers/education_units.csv": ("unit_kind", "name_starts", "name_has", "why"),
    "data/providers/employment_units.csv": ("name_starts", "why"),
    "data/providers/need_crosswalk.csv": ("reason",),  # for who reads the table
    "data/providers/need_phrases.csv": ("phrase", "note"),
    "data/providers/need_words.csv": ("word", "forms", "near", "note"),
    "data/providers/no_direct_road.csv": ("says",),
    "data/providers/paper_lines.csv": ("words",),  # printed for Romanian offices, in Romanian alone
    "data/providers/secrecy_words.csv": ("term", "reason"),
    "data/providers/service_types.csv": ("official_name",),
    "data/providers/siting_costs.csv": ("words",),
    # The official names of a form of the health ministry, which takes them in Romanian.
    "data/reports/amc_indicators.csv": ("sheet_name", "name"),
}


def collect(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "scripts" / "messages.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_sentence_is_in_the_catalogues_and_translated():
    done = collect("--check")
    assert done.returncode == 0, f"run scripts/messages.py and translate what it names:\n{done.stdout}"


def test_the_catalogues_hold_many_sentences_read_as_our_script_wrote_them():
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as handle:
        slow = {m.id if isinstance(m.id, tuple) else (m.id,): m.string for m in read_po(handle, locale="en") if m.id}
    fast = {names: said for names, said in read_catalogue(CATALOGUE) if names != ("",)}
    assert len(fast) > 1000
    assert {names: said if isinstance(said, tuple) else (said,) for names, said in slow.items()} == fast


def test_no_translation_is_the_romanian_sentence_left_as_it_was():
    same = [
        names[0]
        for names, said in read_catalogue(CATALOGUE)
        if names != ("",) and said[0] == names[0] and re.search("[ăâîșț]", names[0])
    ]
    assert [text for text in same if text not in OFFICES] == []


@pytest.mark.parametrize(
    ("count", "romanian", "english"),
    [(0, "0 locuri", "0 places"), (1, "1 loc", "1 place"), (2, "2 locuri", "2 places"), (19, "19 locuri", "19 places"),
     (20, "20 de locuri", "20 places"), (101, "101 locuri", "101 places"), (119, "119 locuri", "119 places"),
     (120, "120 de locuri", "120 places"), (1000, "1000 de locuri", "1000 places")],
)  # fmt: skip
def test_counted_things_follow_the_rules_of_their_language(count, romanian, english):
    assert ngettext("{n} loc", "{n} locuri", count).format(n=count) == romanian
    with use_language("en"):
        assert ngettext("{n} loc", "{n} locuri", count).format(n=count) == english


def unnamed() -> list[str]:
    """Columns of our tables that hold Romanian words and are neither said on a screen nor known to be for nobody's eyes."""
    found = []
    for path in sorted(ROOT.glob("data/*/*.csv")):
        if path.stem.startswith("synthetic_") or path.stem.endswith(".corrections") or path.stem in PLACES:
            continue
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        file = path.relative_to(ROOT).as_posix()
        for column in rows[0] if rows else ():
            is_romanian = any(re.search("[ăâîșțĂÂÎȘȚ]", row[column] or "") for row in rows)
            if is_romanian and column not in (*messages.NAMES.get(file, ()), *UNSAID.get(file, ()), *CITED):
                found.append(f"{file}: {column}")
    return found


def test_every_table_with_romanian_words_is_said_in_english_too():
    assert not unnamed(), "add the column to NAMES in scripts/messages.py, or to UNSAID here: " + ", ".join(unnamed())


def test_no_list_of_everyday_words_lost_its_separators():
    english = {names[0]: said[0] for names, said in read_catalogue(CATALOGUE) if len(names) == 1}
    for need in needs.needs().values():
        words = english["; ".join(need.synonyms)].split("; ")
        assert all(words)
        assert len(words) == len(set(words)) >= 3, need.need


COUNTED = re.compile(
    r"\{\w+\} (?:de )?(?:zi|zile|or[ăe]|minut[e]?|secund[ăe]|an[i]?|luni|loc|locuri|servicii|oameni|persoane|rânduri|fișiere|"
    r"comunități|unități|localități|județe|referiri|rapoarte|nevoi|conturi|echipe|lei|puncte|furnizori|tipuri|cifre)\b"
)
# The number is a constant of ours that this form suits, a limit, or stands in a fault that nobody should ever see.
WITH_A_CONSTANT = {
    "Trimiteți furnizorului această adresă. Cine o are poate răspunde la referire, timp de {n} de zile.",
    "{kind}: {read} rânduri citite, dar {loaded} încărcate și {rejected} respinse.",
    "{file}: are {rows} rânduri; se primesc cel mult {limit}.",
    "{file}: tabelul este prea mare; se primesc cel mult {rows} rânduri și {cells} celule.",
    "{file}: foaia este prea mare ({rows} rânduri, {columns} coloane).",
    "Locația {site} primește {people} persoane pe {room} locuri.",
    "Un drum răspunde la 1 până la {most} nevoi, nu la {n}.",
    "Cel mult {n} nevoi deodată: se caută primele.",
    "Cazul este deschis pentru {n} ore; echipa vede motivul.",
    (
        "Un caz se deschide numai cu un motiv, pentru {n} ore. Motivul rămâne scris și echipa îl vede. Ce ține de medic "
        "sau de managerul de caz nu se arată."
    ),
    "Urgente mai vechi de {n} zile",
    "Niciun caz urgent mai vechi de {n} zile.",
    "Când aceeași persoană are două cazuri: faptele trec la cazul mai vechi. Se desface timp de {n} de zile.",
    "Niciun caz unit în ultimele {n} de zile.",
    "În ultimele {n} de zile",
    (
        "Sub {n} oameni nu se spune numărul unei comunități, și niciun total din care s-ar putea afla. Nevoile care vin "
        "numai din constatări restrânse se numără pe tot județul."
    ),
    (
        "Prioritate = clasa + p / (p + {half}), unde p este numărul de oameni din zone marginalizate. Clasa hotărăște; "
        "numărul de oameni ordonează în interiorul ei: {half} de oameni cântăresc cât o jumătate de clasă și niciun număr "
        "nu cântărește cât o clasă întreagă. Aceeași formulă pentru comune și orașe."
    ),
    "O medie sau o parte din mai puțin de {n} de persoane sau referiri nu se marchează.",
    "Se pot cere între 1 și {most} servicii, nu {k}.",
    "Vârsta trebuie să fie între 0 și {most} de ani, nu {age}.",
    "Timpul maxim de deplasare este între 1 și {most} de minute.",
    "Costul „{name}” este între 0 și {most} de lei pe an.",
    "Un drum comun se face pentru {fewest} până la {most} nevoi, nu pentru {n}.",
    "Copia nu este completă: {table} are {found} rânduri din {expected}.",
    "Starea „{status}” nu se potrivește cu {free} locuri libere.",
    "{kind}: manifestul spune {said} rânduri {which}, fișierul are {found}",
    "În ultimele {days} de zile: {n} fără loc, după refuzurile înregistrate.",
    "În ultimele {n} de zile nimeni nu a fost refuzat pentru acest serviciu din lipsă de locuri.",
    "Categorii de servicii fără niciunul deschis la cel mult {n} de minute, cu cel mai apropiat.",
    "Cel mai apropiat serviciu deschis din fiecare registru și câte sunt la cel mult {n} de minute.",
    "sub {n} de persoane",
    "între {least} și {most} de zile, după tipul serviciului",
}


def test_what_is_counted_is_said_with_ngettext():
    said = [message for message, _file in messages.collected() if isinstance(message, str)]
    found = [text for text in said if COUNTED.search(text)]
    assert set(found) <= WITH_A_CONSTANT, sorted(set(found) - WITH_A_CONSTANT)


def test_a_field_of_several_choices_says_in_our_words_what_to_do():
    """Streamlit's own words in it are English."""
    calls = [
        (path.name, node.lineno, {word.arg for word in node.keywords})
        for path in sorted((ROOT / "pages").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "multiselect"
    ]
    assert len(calls) > 4
    assert [call[:2] for call in calls if "placeholder" not in call[2]] == []


def hard_coded(path: Path) -> list[str]:
    """Texts of a module that look Romanian and are neither a docstring nor inside `_`, `later` or `ngettext`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wrapped: set[int] = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_", "later", "ngettext")
        ):
            wrapped |= {id(each) for argument in node.args for each in ast.walk(argument)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            wrapped.add(id(node.value))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in wrapped
        and " " in said_in(node.value)
        and ROMANIAN.search(said_in(node.value))
        and node.value not in OWN_WORDS
    ]


def said_in(text: str) -> str:
    """What a piece of HTML says; another text as it is."""
    return re.sub(r"<[^<>]*>?|[^<>]*>(?=[^<]*$)", " ", text).strip() if "<" in text or ">" in text else text.strip()


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_sentence_of_a_screen_stands_outside_the_catalogues(path):
    assert hard_coded(path) == []
