"""Complete the built-in instrument, data/cases/, after its sheets were edited: `python -m scripts.build_instrument`.

survey.csv, choices.csv, findings.csv and actions.csv are kept by hand. Made here are how an age is computed, words for
each finding in plain Romanian, the rule of the level, why the other codes of the nurses' list have no rule, one file
of all sheets, and the cards with the digests. Nothing of the nurses' application but its codes stands in the files;
whatever no act says is marked `assumed`.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from cases.instrument.instrument_sheets import read_sheets, write_stacked
from core.resources import DATA
from providers.rules.needs import crosswalk
from scripts.embedded_data.build_cards import Card, write, write_csv

FOLDER = DATA / "cases"
WHOLE = FOLDER / "whole" / "instrument.csv"  # what a demonstration has in force
CARD = Card(
    title="Chestionarul de evaluare al echipei: întrebări, reguli și acțiuni (propunere)",
    publisher="acest proiect; codurile: Code for Romania",
    url="https://github.com/code4romania/asistent-medical-comunitar",
    licence="MIT; codurile: MPL-2.0",
    notes="Propunere, de înlocuit cu metoda proiectului: tot ce are „assumed” la basis este presupus. Codurile sunt "
    "ale asistenților medicali comunitari; cuvintele sunt ale acestui proiect.",
    synthetic=False,
    as_of="2026-12-01",
)
MONTHS = (
    "(number(format-date(today(), '%Y')) - number(substr(${born}, 0, 4))) * 12 + number(format-date(today(), '%n'))"
    " - if(string-length(${born}) = 7, number(substr(${born}, 5, 7)), 7)"
)
CALCULATIONS = {"age": "int(${age_months} div 12)", "age_months": MONTHS}
SELECTED = re.compile(r"selected\(\$\{(\w+)\}, '(\w+)'\)|\$\{(\w+)\} = '(\w+)'")
# A type and a degree say nothing by themselves.
BEFORE = {"dis_type": "Felul dizabilității: ", "dis_degree": "Gradul dizabilității: ", "child_health": "Copil: "}
LABELS = {
    "VAI_01": "Copil fără certificat de naștere",
    "VAI_02": "Fără act de identitate valabil",
    "VSV_01": "Fără niciun venit și niciun ajutor",
    "VSV_02": "Trăiește din venitul minim sau din alt ajutor",
    "VSV_03": "Are pensie mică",
    "VGS_01": "Banii nu ajung pentru facturi sau medicamente",
    "VGS_02": "Uneori nu au ce mânca",
    "VLP_01": "Locuință căreia îi lipsește ceva sau este stricată",
    "VLP_02": "Prea mulți oameni într-o locuință mică",
    "VLP_03": "Fără locuință sau în adăpost improvizat",
    "VFA_01": "Nu are familie",
    "VFA_02": "Vârstnic singur",
    "VFC_01": "Copil cu un singur părinte acasă",
    "VFC_02": "Copil cu un părinte plecat în străinătate",
    "VFC_03": "Copil fără părinți acasă, cu alt adult",
    "VFC_04": "Copil fără niciun adult acasă",
    "VFC_05": "Copil în plasament, căruia nu îi este bine",
    "VFC_06": "Copil care riscă să fie despărțit de familie",
    "VFC_07": "Copil abandonat",
    "VFC_08": "Copil întors dintr-un centru sau din plasament",
    "VFC_09": "Copil părăsit în spital sau în alt loc",
    "VFC_10": "Copil într-o familie cu un singur părinte",
    "VEC_01": "Copil sub 3 ani, neînscris la creșă",
    "VEC_02": "Copil de 3–5 ani, neînscris la grădiniță",
    "VEC_03": "Copil de 6–10 ani, neînscris la școală",
    "VEC_04": "Copil de 11–15 ani, neînscris la școală",
    "VEC_05": "Risc de abandon școlar",
    "VEC_06": "Risc de abandon școlar, cu cerințe educaționale speciale",
    "VEC_07": "A abandonat școala",
    "VEA_01": "Nu știe să citească și să scrie",
    "VFV_01": "Se teme de cineva din casă",
    "VFV_02": "Un copil din casă este neglijat",
    "VFV_03": "Este lovit sau amenințat",
    "VFV_04": "Este abuzat",
    "VSA_01": "Fără asigurare de sănătate",
    "VSA_02": "Neînscris la un medic de familie",
    "VDH_01": "Dizabilitate cu certificat",
    "VDH_02": "Dizabilitate fără certificat",
    "VSC_08": "Copil într-o casă în care este o boală psihică sau o dizabilitate",
    "VGR_01": "Gravidă sub 18 ani",
    "VGR_02": "A născut în ultimele 6 săptămâni, sub 18 ani",
    "VGR_03": "Mamă sub 18 ani",
    "VGR_04": "Gravidă",
    "VGR_08": "A născut în ultimele 6 săptămâni",
    "VGR_10": "Femeie de vârstă fertilă, 15–45 de ani",
    "VCS_01": "Caz social, după părerea echipei",
    "VCV_00": "Nou-născut, sub 28 de zile",
    "VCV_01": "Sub un an",
    "VCV_02": "1–4 ani",
    "VCV_03": "5–13 ani",
    "VCV_04": "14–17 ani",
    "VCV_05": "18–64 de ani",
    "VCV_06": "65 de ani sau mai mult",
}
ENGLISH = {  # of LABELS, and of what stands before a type and a degree
    "VAI_01": "Child without a birth certificate",
    "VAI_02": "No valid identity paper",
    "VSV_01": "No income and no benefit",
    "VSV_02": "Lives on the minimum income or another benefit",
    "VSV_03": "Has a small pension",
    "VGS_01": "Not enough money for bills or medicines",
    "VGS_02": "Sometimes nothing to eat",
    "VLP_01": "Home in which something is missing or broken",
    "VLP_02": "Too many people in a small home",
    "VLP_03": "No home, or an improvised shelter",
    "VFA_01": "Has no family",
    "VFA_02": "Older person alone",
    "VFC_01": "Child with one parent at home",
    "VFC_02": "Child with a parent abroad",
    "VFC_03": "Child without parents at home, with another adult",
    "VFC_04": "Child without any adult at home",
    "VFC_05": "Child in foster care who is not well",
    "VFC_06": "Child at risk of separation from the family",
    "VFC_07": "Abandoned child",
    "VFC_08": "Child back from a centre or foster care",
    "VFC_09": "Child left in hospital or elsewhere",
    "VFC_10": "Child in a single-parent family",
    "VEC_01": "Child under 3, not enrolled in a nursery",
    "VEC_02": "Child of 3–5, not enrolled in kindergarten",
    "VEC_03": "Child of 6–10, not enrolled in school",
    "VEC_04": "Child of 11–15, not enrolled in school",
    "VEC_05": "At risk of leaving school",
    "VEC_06": "At risk of leaving school, with special educational needs",
    "VEC_07": "Has left school",
    "VEA_01": "Cannot read and write",
    "VFV_01": "Afraid of somebody in the house",
    "VFV_02": "A child in the house is neglected",
    "VFV_03": "Is hit or threatened",
    "VFV_04": "Is abused",
    "VSA_01": "No health insurance",
    "VSA_02": "Not on a family doctor's list",
    "VDH_01": "Disability with a certificate",
    "VDH_02": "Disability without a certificate",
    "VSC_08": "Child in a home with a mental illness or a disability",
    "VGR_01": "Pregnant, under 18",
    "VGR_02": "Gave birth in the last 6 weeks, under 18",
    "VGR_03": "Mother under 18",
    "VGR_04": "Pregnant",
    "VGR_08": "Gave birth in the last 6 weeks",
    "VGR_10": "Woman of fertile age, 15–45",
    "VCS_01": "Social case, in the team's opinion",
    "VCV_00": "New-born, under 28 days",
    "VCV_01": "Under one year",
    "VCV_02": "1–4 years",
    "VCV_03": "5–13 years",
    "VCV_04": "14–17 years",
    "VCV_05": "18–64 years",
    "VCV_06": "65 years or more",
    "Felul dizabilității: ": "Type of disability: ",
    "Gradul dizabilității: ": "Degree of disability: ",
    "Copil: ": "Child: ",
}
# From which counts of findings a level holds: one of all in a row; `low` bears so many gaps in a hundred questions.
LEVELS = (
    ("urgent", "1", "", "", ""),
    ("high", "", "2", "", ""),
    ("high", "", "1", "3", ""),
    ("medium", "", "1", "", ""),
    ("medium", "", "", "2", ""),
    ("low", "", "", "", "20"),
)
IN_ENGLISH = "label::English (en)"


def main() -> None:
    """Write the tables anew, and their cards."""
    survey, choices, findings, actions = (
        _read(FOLDER / f"{name}.csv") for name in ("survey", "choices", "findings", "actions")
    )
    survey["calculation"] = survey["name"].map(CALCULATIONS).fillna("")
    findings["label"] = _labels(survey, choices, findings)
    said = {**dict(zip(choices["label"], choices[IN_ENGLISH], strict=True)), **_english_labels()}
    if IN_ENGLISH not in findings:
        findings.insert(findings.columns.get_loc("label") + 1, IN_ENGLISH, "")
    findings[IN_ENGLISH] = [_in_english(label, said) for label in findings["label"]]
    ruled = set(findings["code"])
    without = [(code, entry.why_not or entry.reason) for code, entry in crosswalk().items() if code not in ruled]
    tables = {
        "survey": survey,
        "choices": choices,
        "findings": findings,
        "actions": actions,
        "levels": pd.DataFrame(LEVELS, columns=["level", "danger", "high", "medium", "gaps_percent"]).assign(
            basis="assumed"
        ),
        "without_rule": pd.DataFrame(without, columns=["code", "reason"]),
    }
    for name, table in tables.items():
        write_csv(table, FOLDER / f"{name}.csv", CARD)
    with TemporaryDirectory() as made:
        whole = Path(made) / WHOLE.name
        write_stacked(read_sheets(FOLDER).rows, whole)
        write(whole.read_bytes(), WHOLE, CARD)


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False, quoting=csv.QUOTE_MINIMAL)


def _labels(survey: pd.DataFrame, choices: pd.DataFrame, findings: pd.DataFrame) -> list[str]:
    """Return the words of each finding: its own, or those of the only choice that it goes by."""
    lists = dict(zip(survey["name"], survey["type"].str.rpartition(" ")[2], strict=True))
    said = dict(zip(zip(choices["list_name"], choices["name"], strict=True), choices["label"], strict=True))
    labels = []
    for code, when in zip(findings["code"], findings["when"], strict=True):
        if code in LABELS:
            labels.append(LABELS[code])
            continue
        whole = SELECTED.fullmatch(when)
        if whole is None:
            raise SystemExit(f"no words for {code}: {when}")
        name, choice = whole[1] or whole[3], whole[2] or whole[4]
        label = said[lists[name], choice]
        starts_low = name in BEFORE and not label[:2].isupper()
        labels.append(BEFORE.get(name, "") + (label[0].lower() + label[1:] if starts_low else label))
    return labels


def _english_labels() -> dict[str, str]:
    return {LABELS.get(code, code): words for code, words in ENGLISH.items()}


def _in_english(label: str, said: dict[str, str]) -> str:
    """Return the English of a finding: its own, or what stands before it and that of the choice."""
    for before in BEFORE.values():
        if label.startswith(before):
            rest = label.removeprefix(before)
            words = said.get(rest) or said[rest[0].upper() + rest[1:]]
            return said[before] + (words if words[:2].isupper() else words[0].lower() + words[1:])
    return said[label]


if __name__ == "__main__":
    main()
