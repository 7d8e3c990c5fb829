"""Which service a unit is: known names, and the rules against an obvious reading of their table."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFileError
from core.reading.curated_tables import FOLDER
from core.text import fold
from providers.registries.unit_rules import COLUMNS, classify, unit_rules
from tests.worlds.examples import examples

UNIT = "Unitate de învățământ"
WITH_RULES = {"education": FOLDER / "education_units.csv", "employment": FOLDER / "employment_units.csv"}


def one(registry: str, name: str, kind: str = "", schedule: str = "") -> str:
    return classify(registry, name=pd.Series([name]), kind=pd.Series([kind]), schedule=pd.Series([schedule])).iloc[0][
        "service_type"
    ]


@pytest.mark.parametrize(
    ("name", "service_type"),
    [
        ("CREȘA NR. 1", "EDU-NURSERY"),
        ("GRĂDINIȚA CU PROGRAM PRELUNGIT „ALBINUȚA”", "EDU-KINDER"),
        ("GRĂDINTA CU PROGRAM NORMAL", "EDU-KINDER"),
        ("GPP NR. 1", "EDU-KINDER"),
        ("GRĂDINIȚA SPECIALĂ", "EDU-SPECIAL"),
        ("ȘCOALA PRIMARĂ NR. 2 GRĂDINARI", "EDU-PRIMARY"),
        ("ŞCOALA GIMNAZIALĂ", "EDU-SCHOOL"),
        ("ȘCOALA GIMNAZIALĂ SPECIALĂ NR. 3", "EDU-SPECIAL"),
        ("CENTRUL ȘCOLAR PENTRU EDUCAȚIE INCLUZIVĂ", "EDU-SPECIAL"),
        ("LICEUL TEHNOLOGIC", "EDU-HIGH"),
        ("COLEGIUL NAȚIONAL", "EDU-HIGH"),
        ("COLEGIUL TERȚIAR NONUNIVERSITAR", "EDU-POST"),
        ("SEMINARUL TEOLOGIC ORTODOX", "EDU-HIGH"),
        ("ȘCOALA PROFESIONALĂ", "EDU-VOC"),
        ("ȘCOALA PROFESIONALĂ SPECIALĂ", "EDU-SPECIAL"),
        ("ȘCOALA SANITARĂ POSTLICEALĂ", "EDU-POST"),
        ("LICEUL PENITENCIAR", "EDU-OTHER"),
        ("UNIVERSITATEA DE VEST", "EDU-OTHER"),
    ],
)
def test_the_name_tells_the_level_of_a_school(name, service_type):
    assert one("education", name, UNIT) == service_type


@pytest.mark.parametrize(
    ("kind", "service_type"),
    [
        ("Centru județean de resurse și asistență educațională", "EDU-CJRAE"),
        ("Clubul copiilor", "EDU-CLUB"),
        ("Palatul copiilor", "EDU-CLUB"),
        ("Club sportiv şcolar", "EDU-SPORT"),
        ("Inspectorat școlar județean", "EDU-ISJ"),
        ("Comisie universități", "EDU-OTHER"),
        ("Serviciu de educație timpurie complementar (ludotecă)", "EDU-EARLY"),
        ("Navă spațială", ""),
    ],
)
def test_the_official_kind_goes_before_the_name(kind, service_type):
    assert one("education", "ȘCOALA GIMNAZIALĂ", kind) == service_type


@pytest.mark.parametrize(
    ("name", "service_type"),
    [
        ("AGENȚIA JUDEȚEANĂ PENTRU OCUPAREA FORȚEI DE MUNCĂ ARAD", "EMP-AJOFM"),
        ("Agenţia Municipală pentru Ocuparea Forţei de Muncă Bucureşti", "EMP-AJOFM"),
        ("Agenția locală Moinești", "EMP-LOCAL"),
        ("Primăria", ""),
    ],
)
def test_the_name_tells_the_kind_of_employment_office(name, service_type):
    assert one("employment", name) == service_type


def test_a_unit_whose_level_shows_nowhere_is_a_guess():
    found = classify(
        "education",
        name=pd.Series(["ASOCIAȚIA X", "ȘCOALA Y"]),
        kind=pd.Series([UNIT] * 2),
        schedule=pd.Series(["Program prelungit", ""]),
    )
    assert found.to_numpy().tolist() == [["EDU-KINDER", True], ["EDU-SCHOOL", True]]


def obvious(rules: list[dict[str, str]], kind: str, name: str, schedule: str) -> str:
    """The table read word by word, without patterns."""

    def starts(text: str, cell: str) -> bool:
        return any(text.startswith(fold(part)) for part in cell.split("|"))

    def has(text: str, cell: str) -> bool:
        letters = "".join(c if c.isascii() and c.isalnum() else " " for c in text)
        return any(
            text[i:].startswith(fold(part)) and (i == 0 or letters[i - 1] == " ")
            for part in cell.split("|")
            for i in range(len(text) + 1)
        )

    for rule in rules:
        if (
            starts(fold(kind), rule["unit_kind"])
            and starts(fold(name), rule["name_starts"])
            and has(fold(name), rule["name_has"])
            and starts(fold(schedule), rule["schedule"])
        ):
            return rule["service_type"].removesuffix("?")
    return ""


WORDS = [
    "Școala",
    "Liceul",
    "Special",
    "Specială",
    "grădinița",
    "creșa",
    "postliceală",
    "Agenția",
    "Județeană",
    "locală",
    "de",
    "„incluziv",
    "pri",
    "gim",
]


@settings(max_examples=examples(80), deadline=None)
@given(
    st.sampled_from(sorted(WITH_RULES)),
    st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
    st.sampled_from([UNIT, "", "Club sportiv şcolar", "Minister", "altceva"]),
    st.sampled_from(["", "Program normal", "Un schimb/zi"]),
)
def test_the_rules_agree_with_an_obvious_reading_of_their_table(registry, name, kind, schedule):
    with WITH_RULES[registry].open(encoding="utf-8", newline="") as handle:
        rules = list(csv.DictReader(handle))
    assert one(registry, name, kind, schedule) == obvious(rules, kind, name, schedule)


def test_a_rule_with_a_type_of_another_registry_is_refused_with_its_row(tmp_path):
    (tmp_path / "education_units.csv").write_text(",".join(COLUMNS) + "\n,,,,EMP-AJOFM,x\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="rândul 1, coloana service_type"):
        unit_rules("education", tmp_path)
