"""Reports as files, what they hide, and figures that come from a file."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy.optimize import linprog

from core.bad_rows import BadRowsError
from core.errors import BadValueError, MapError, UnknownCodeError
from referrals.monthly.figure_entry import Figure
from referrals.records.vocabulary import LEAST_SHOWN, SYSTEM, Actor
from reports.disclosure.public_figures import hidden_cells
from reports.documents import report_writing
from reports.documents.report_writing import FORMATS, find_area, parse_level, render, view_of, write_all, write_report
from reports.indicators.indicators import LEVELS, NATION
from reports.indicators.period import parse_period
from reports.indicators.report_data import load_report_data
from reports.views.figures_import import due_on, queue, read_figures, required, template
from reports.views.report_views import area_table
from tests.covering import daily

DAY = date(2026, 11, 22)
OCTOBER = parse_period("2026-10")
PARINCEA = "24089"


@pytest.fixture(scope="session")
def facts(directory):
    return load_report_data(directory, actor=SYSTEM, day=DAY)


def text_of(content: bytes, tmp_path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    (tmp_path / "report.pdf").write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode()


AREAS = [("national", NATION), ("region", "RO21"), ("county", "BC"), ("community", PARINCEA)]


@pytest.mark.slow
@pytest.mark.parametrize(("level", "area"), AREAS)
def test_a_report_has_two_to_six_pages_and_names_its_area(facts, directory, tmp_path, level, area):
    view = view_of(facts, level, area, OCTOBER)
    text = text_of(render(view, directory, "pdf"), tmp_path)
    assert 2 <= text.count("\f") <= 6
    assert f"{view.name} · octombrie 2026" in text
    assert "date demonstrative" in text
    assert "Surse și definiții" in text


@pytest.mark.parametrize(("level", "area"), AREAS)
def test_the_same_facts_and_day_give_the_same_bytes(facts, directory, level, area):
    view = view_of(facts, level, area, OCTOBER)
    for kind in ("pdf", "xlsx"):
        assert render(view, directory, kind) == render(view, directory, kind)


def test_a_communitys_report_carries_its_diagnosis(facts, directory, tmp_path):
    text = text_of(render(view_of(facts, "community", PARINCEA, OCTOBER), directory, "pdf"), tmp_path)
    for title in ("Cine locuiește aici", "Servicii la îndemână", "Ce lipsește", "Rapoarte lunare"):
        assert title in text


def test_a_workbook_is_opened_again_with_its_sums(facts, directory):
    content = render(view_of(facts, "national", NATION, OCTOBER), directory, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[:4] == ["Indicatori", "Regiuni", "Județe", "Comunități"]
    heads = [cell.value for cell in book["Județe"][1]]
    column = heads.index("Posturi ocupate: asistent social")
    counties = sum(row[column] or 0 for row in book["Județe"].iter_rows(min_row=2, values_only=True))
    national = facts.values("national", OCTOBER).set_index("indicator")["value"]["STAFF-SOC"]
    assert counties == national


def test_a_report_across_counties_hides_small_counts_and_a_countys_own_does_not(facts):
    shown = view_of(facts, "county", "BC", OCTOBER)
    assert not shown.hidden
    crossing = view_of(facts, "national", NATION, OCTOBER)
    table = area_table(crossing, "community").set_index("area")
    plain = facts.values("community", OCTOBER).pivot_table(
        index="area", columns="indicator", values="value", dropna=False
    )
    for code in ("REF", "REF-DONE", "REF-NOPLACE", "BEN", "UNMET"):
        small = plain[code][(plain[code] > 0) & (plain[code] < LEAST_SHOWN)].index
        assert table.loc[small, code].isna().all()
    assert crossing.hidden


def test_an_attacker_with_the_public_tables_of_a_month_recovers_no_small_count(facts):
    """The attacker's own program: one variable a count of a community and state, every shown sum an equation."""
    hidden = hidden_cells(facts, OCTOBER)
    states = ("REF-OPEN", "REF-ACC", "REF-DONE", "REF-BROKEN", "REF-DECL", "REF-EXP", "REF-CANC")
    communities = facts.communities
    uats = communities["uat_siruta"].astype("str").tolist()
    base = {(uat, state): n for n, (uat, state) in enumerate((u, s) for u in uats for s in states)}
    inside = {
        **{("community", uat): [uat] for uat in uats},
        **{("county", k): g["uat_siruta"].astype("str").tolist() for k, g in communities.groupby("county")},
        **{("region", k): g["uat_siruta"].astype("str").tolist() for k, g in communities.groupby("region")},
        ("national", NATION): uats,
    }
    values = {level: facts.values(level, OCTOBER).set_index(["area", "indicator"])["value"] for level in LEVELS}
    rows, right = [], []
    for (level, area), members in inside.items():
        for code in ("REF", *states):
            if (level, area, code) in hidden:
                continue
            row = np.zeros(len(base))
            row[[base[uat, state] for uat in members for state in (states if code == "REF" else (code,))]] = 1
            rows.append(row)
            right.append(values[level][area, code])
    matrix, known = np.array(rows), np.array(right)
    small = [
        (uat, state) for uat, state in base
        if 0 < values["community"][uat, state] < LEAST_SHOWN
    ]  # fmt: skip
    assert small
    for uat, state in small[:: max(1, len(small) // 12)]:
        assert ("community", uat, state) in hidden
        aim = np.zeros(len(base))
        aim[base[uat, state]] = 1
        low, high = (
            sign * linprog(sign * aim, A_eq=matrix, b_eq=known, bounds=(0, 1e6), method="highs").fun for sign in (1, -1)
        )
        assert high - low >= 1 - 1e-6


def test_areas_are_found_as_people_name_them(directory, facts):
    assert find_area(directory, facts, "county", "Bacău") == find_area(directory, facts, "county", "bc") == "BC"
    assert find_area(directory, facts, "region", "nord-est") == find_area(directory, facts, "region", "RO21") == "RO21"
    assert find_area(directory, facts, "community", "Parincea, Bacău") == find_area(
        directory, facts, "community", PARINCEA
    )
    assert parse_level("national") == "national"
    with pytest.raises(UnknownCodeError):
        find_area(directory, facts, "county", "București")
    with pytest.raises(BadValueError):
        find_area(directory, facts, "county", " ")
    with pytest.raises(BadValueError):
        parse_level("sat")


@pytest.fixture(scope="module", params=daily([1, 2], lambda many: many == 1))
def kinds(request):
    """The forms of all reports: a page takes a second, so every day tables alone."""
    return FORMATS[-request.param :]


@pytest.fixture(scope="module")
def regional(directory, kinds, tmp_path_factory):
    """All reports of the regions, and what was told meanwhile."""
    told: list[str] = []
    folder = tmp_path_factory.mktemp("regional") / "all"
    actor = Actor("admin", "test")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_writing, "FORMATS", kinds)
        count = write_all(directory, "2026-10", folder, actor=actor, levels=("region",), day=DAY, tell=told.append)
    assert count == len(told) == 8 * len(kinds)
    return folder


def test_one_report_or_all_are_written(directory, regional, kinds, tmp_path):
    actor = Actor("admin", "test")
    name = write_report(directory, "county", "BC", "2026-10", tmp_path / "bc.pdf", actor=actor, day=DAY)
    assert name == "Județul Bacău"
    assert (tmp_path / "bc.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(BadValueError):
        write_report(directory, "county", "BC", "2026-10", tmp_path / "bc.doc", actor=actor, day=DAY)
    assert len(list((regional / "region").iterdir())) == 8 * len(kinds)


@pytest.mark.slow
def test_a_run_that_was_cut_off_goes_on_and_ends_with_the_same_files(directory, regional, kinds, tmp_path, monkeypatch):
    monkeypatch.setattr(report_writing, "FORMATS", kinds)
    whole = 8 * len(kinds)
    actor, folder = Actor("admin", "test"), tmp_path / "cut"
    said: list[str] = []

    class PowerCut(Exception):  # noqa: N818 - no error of ours
        pass

    def stop(words: str) -> None:
        said.append(words)
        if len(said) == 5:
            raise PowerCut

    with pytest.raises(PowerCut):
        write_all(directory, "2026-10", folder, actor=actor, levels=("region",), day=DAY, tell=stop)
    assert len(list((folder / "region").iterdir())) == 5
    assert said[4].startswith(f"5 din {whole}")
    rest: list[str] = []
    assert write_all(directory, "2026-10", folder, actor=actor, levels=("region",), day=DAY, tell=rest.append) == whole
    assert len(rest) == whole - 5
    for path in (regional / "region").iterdir():
        assert path.read_bytes() == (folder / "region" / path.name).read_bytes()
    assert sorted(p.name for p in folder.iterdir()) == ["region"]


COMMUNITIES = pd.DataFrame({"uat_siruta": [1, 2], "name": ["Unu", "Doi"], "county": ["AA", "BB"]})


def test_figures_come_from_a_file_in_its_own_form(tmp_path):
    path = tmp_path / "cifre.csv"
    filled = template(COMMUNITIES, "2026-03")
    filled.loc[filled["Cod indicator"] == "BEN", "Valoare"] = [10, 20]
    filled.to_csv(path, index=False)
    assert read_figures(path, COMMUNITIES) == [
        Figure("AA", 1, "2026-03", "BEN", 10),
        Figure("BB", 2, "2026-03", "BEN", 20),
    ]


@pytest.mark.parametrize(
    ("line", "column", "found", "expected"),
    [
        ("9,2026-03,BEN,1", "Cod SIRUTA", "9", "codul unei comunități"),
        ("1,martie,BEN,1", "Luna", "martie", "2026-03"),
        ("1,2026-13,BEN,1", "Luna", "2026-13", "2026-03"),
        ("1,2026-03,REF,1", "Indicator", "REF", "codul unui indicator"),
        ("1,2026-03,BEN,multe", "Valoare", "multe", "un număr întreg între 0 și 2000"),
        ("1,2026-03,BEN,99999", "Valoare", "99999", "între 0 și 2000"),
        ("1,2026-03,BEN,-1", "Valoare", "-1", "între 0 și 2000"),
        ('1,2026-03,BEN,"2,5"', "Valoare", "2,5", "între 0 și 2000"),
        ("2,2026-03,BEN,6", "Valoare", "6", "5, ca în rândul 1"),
        ("1,2026-03,COMM,2", "Valoare", "2", "da sau nu (1 sau 0)"),
        ("1,2026-03,COMM,poate", "Valoare", "poate", "da sau nu (1 sau 0)"),
    ],
)
def test_a_bad_row_is_named_with_its_column_what_was_found_and_what_was_expected(
    tmp_path, line, column, found, expected
):
    path = tmp_path / "cifre.csv"
    path.write_text(f"Cod SIRUTA,Luna,Indicator,Valoare\n2,2026-03,BEN,5\n{line}\n", encoding="utf-8")
    with pytest.raises(BadRowsError) as refused:
        read_figures(path, COMMUNITIES)
    (said,) = refused.value.lines
    assert said.startswith(f"Rândul 2 de sub antet, coloana „{column}”: am găsit „{found}”, se așteaptă")
    assert expected in said


def test_yes_and_no_are_read_as_people_write_them(tmp_path):
    path = tmp_path / "cifre.csv"
    path.write_text("Cod SIRUTA,Luna,Indicator,Valoare\n1,2026-03,COMM,Da\n2,2026-03,COMM,nu\n", encoding="utf-8")
    assert [figure.value for figure in read_figures(path, COMMUNITIES)] == [1, 0]


def test_of_many_bad_rows_the_first_are_named_and_the_rest_counted(tmp_path):
    path = tmp_path / "cifre.csv"
    path.write_text("Cod SIRUTA,Luna,Indicator,Valoare\n" + "9,2026-03,BEN,1\n" * 20, encoding="utf-8")
    with pytest.raises(BadRowsError) as refused:
        read_figures(path, COMMUNITIES)
    assert len(refused.value.lines) == 9
    assert "12" in refused.value.lines[-1]


def test_a_sheet_may_hold_numbers_with_fractions_of_zero_and_months_as_days(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Comunitatea", "Cod SIRUTA", "Luna", "Cod indicator", "Valoare"])
    book.active.append(["Unu", 1.0, date(2026, 3, 1), "BEN", 7.0])
    book.active.append(["Doi", 2, "2026-03", "BEN", None])
    path = tmp_path / "cifre.xlsx"
    book.save(path)
    assert read_figures(path, COMMUNITIES) == [Figure("AA", 1, "2026-03", "BEN", 7)]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gol.csv", b"", "gol.csv"),
        ("altceva.xlsx", b"nu este o foaie", "altceva.xlsx"),
        ("titluri.csv", b"a,b,c\n1,2,3\n", "Cod SIRUTA"),
        ("fara.csv", b"Cod SIRUTA,Luna,Indicator,Valoare\n1,2026-03,BEN,\n", "nicio cifră"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MapError, match=words):
        read_figures(path, COMMUNITIES)


def test_the_queue_holds_what_is_missing_returned_or_not_yet_accepted():
    filed = pd.DataFrame(
        {
            "uat_siruta": [1, 1, 2], "month": ["2026-01", "2026-02", "2026-02"],
            "state": ["accepted", "returned", "filed"], "remark": ["", "Numărați din nou.", ""],
        }
    )  # fmt: skip
    rows = queue(COMMUNITIES, filed, ["2026-01", "2026-02"], day=date(2026, 2, 20))
    said = [tuple(row) for row in rows[["name", "month", "state", "is_late"]].to_numpy()]
    assert said == [
        ("Doi", "2026-02", "depus", False),
        ("Unu", "2026-02", "returnat", False),
        ("Doi", "2026-01", "lipsește", True),
    ]
    assert rows["waits_for"].tolist() == ["county", "team", "team"]
    assert due_on("2026-12") == date(2027, 1, 10)
    assert "BEN" in required()


def test_a_report_filed_long_ago_waits_though_its_month_is_no_longer_asked_for():
    filed = pd.DataFrame(
        {
            "uat_siruta": [1, 2, 9], "month": ["2025-01", "2025-01", "2025-01"],
            "state": ["filed", "accepted", "filed"], "remark": ["", "", ""],
        }
    )  # fmt: skip
    rows = queue(COMMUNITIES, filed, ["2026-01"], day=date(2026, 1, 20))
    said = [tuple(row) for row in rows[["name", "month", "state"]].to_numpy()]
    assert said == [("Doi", "2026-01", "lipsește"), ("Unu", "2026-01", "lipsește"), ("Unu", "2025-01", "depus")]


def test_a_county_without_communities_waits_for_nothing():
    none = pd.DataFrame({"uat_siruta": [], "name": [], "county": []}).astype({"uat_siruta": "int64", "name": "str"})
    filed = pd.DataFrame({name: pd.Series(dtype="str") for name in ("month", "state", "remark")})
    filed["uat_siruta"] = pd.Series(dtype="int64")
    assert queue(none, filed, ["2026-01"], day=date(2026, 2, 20)).empty
