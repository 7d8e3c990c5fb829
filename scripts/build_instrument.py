"""Complete the built-in instrument, data/cases/, after its sheets were edited: `python -m scripts.build_instrument`.

survey.csv, choices.csv, findings.csv and actions.csv are kept by hand. Made here are how an age is computed, words for
each finding in plain Romanian, the rule of the level, why the other codes of the nurses' list have no rule, and the
cards with the digests. Nothing of the nurses' application but its codes stands in the files; whatever no act says is
marked `assumed`.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd

from core.resources import DATA
from providers.rules.needs import crosswalk
from scripts.build_cards import Card, write_csv

FOLDER = DATA / "cases"
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
# From which counts of findings a level holds: one of all in a row; `low` bears so many gaps in a hundred questions.
LEVELS = (
    ("urgent", "1", "", "", ""),
    ("high", "", "2", "", ""),
    ("high", "", "1", "3", ""),
    ("medium", "", "1", "", ""),
    ("medium", "", "", "2", ""),
    ("low", "", "", "", "20"),
)


def main() -> None:
    """Write the tables anew, and their cards."""
    survey, choices, findings, actions = (
        _read(FOLDER / f"{name}.csv") for name in ("survey", "choices", "findings", "actions")
    )
    survey["calculation"] = survey["name"].map(CALCULATIONS).fillna("")
    findings["label"] = _labels(survey, choices, findings)
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


if __name__ == "__main__":
    main()
