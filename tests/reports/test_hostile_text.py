"""Packs, slips, reports and workbooks with hostile text: what was typed is what is read, and nothing computes or runs."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest

from core.exporting import defuse
from core.storage.home import make_home
from providers.catalogue.published import Published
from referrals.records.vocabulary import SYSTEM
from referrals.workflow.directory import open_directory
from reports.documents import county_pack_html, county_pack_pdf, export, slip_pdf
from reports.documents.atlas_table import atlas_csv, atlas_workbook, titles
from reports.documents.county_pack import make_pack
from reports.documents.report_writing import render, view_of
from reports.documents.slip import slip_lines
from reports.indicators.period import parse_period
from reports.indicators.report_data import load_report_data
from reports.output import pdf
from reports.output.fonts import printable
from tests.worlds.clients.html_reading import folded, read
from tests.worlds.files.hostile import HOSTILE
from tests.worlds.homes.ledger_world import TEAM, refer, terms
from tests.worlds.homes.small_world import publish

DAY = date(2026, 11, 22)


def service(number: int, text: str, **said):
    return {
        "service_id": f"social:mmps:{number}", "registry": "social", "registry_key": str(number), "name": text,
        "organization": text, "organization_cui": str(1_000_000 + number), "service_type": "8899CZ-PN-V", "county": "BC",
        "uat_siruta": 22889, "locality": text, "address": text, "hours": text, "lat": 46.5, "lon": 27.0, "delivery": "at_site",
        "position_precision": "address", "source_row": number, **said,
    }  # fmt: skip


@pytest.fixture(scope="module")
def directories(tmp_path_factory):
    """Two directories: on services with hostile text everywhere, and on as many with the same usual word."""
    folder = tmp_path_factory.mktemp("hostile")
    made = []
    for name, texts in (("hostile", HOSTILE), ("usual", ["Text"] * len(HOSTILE))):
        home = make_home("live", folder / name)
        publish(home, "social", [service(i, text) for i, text in enumerate(texts, start=1)])
        made.append(open_directory(home))
    yield made
    for directory in made:
        directory.ledger.close()


def text_of(content: bytes, tmp_path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here (Debian: poppler-utils)")
    (tmp_path / "x.pdf").write_bytes(content)
    done = subprocess.run(["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, check=True)
    return folded(done.stdout.decode())


def missing(texts, said: str) -> list[str]:
    return [text for text in texts if folded(printable(text)) not in said]


def test_the_county_pack_says_hostile_text_as_typed_and_has_no_other_element(directories):
    hostile, usual = (
        read(county_pack_html.render_pack(make_pack(directory, "BC", made_on=DAY))) for directory in directories
    )
    assert hostile.elements == usual.elements
    assert [text for text in HOSTILE if not hostile.holds(text)] == []


def test_the_printed_county_pack_says_hostile_text_as_typed(directories, tmp_path):
    assert (
        missing(HOSTILE, text_of(county_pack_pdf.pages_of(make_pack(directories[0], "BC", made_on=DAY)), tmp_path))
        == []
    )


def test_slips_say_hostile_text_as_typed(directories, tmp_path):
    directory = directories[0]
    for number in range(1, len(HOSTILE) + 1):
        text, key = HOSTILE[number - 1], f"social:mmps:{number}"
        directory.ledger.report_capacity(key, places_free=2, source="telefon", actor=TEAM)
        referral = refer(directory.ledger, terms(key, service_type="8899CZ-PN-V"), need="food")
        assert any(text in line for line in slip_lines(directory, referral)), text
        if number % 10 == 1:
            printed = text_of(
                slip_pdf.render_pdf(directory, referral, base="https://exemplu.ro", made_on=DAY), tmp_path
            )
            assert missing([text], printed) == []


def test_paper_prints_hostile_text_as_typed_in_every_one_of_its_parts(tmp_path):
    parts = {
        "paragraph": pdf.paragraph,
        "heading": pdf.heading,
        "notice": pdf.notice,
        "bullet": lambda document, text: pdf.bullets(document, [text]),
        "table": lambda document, text: pdf.table(document, [pdf.PdfColumn(text)], [[text]]),
        "source": lambda document, text: pdf.sources(document, [text]),
    }
    document = pdf.new_pdf("".join(HOSTILE[:3]), HOSTILE[3], made_on=DAY, is_demo=False)
    for name, write in parts.items():
        for text in HOSTILE:
            write(document, f"{name}{text}{name}")
    said = text_of(pdf.to_bytes(document), tmp_path)
    assert missing([f"{name}{text}{name}" for name in parts for text in HOSTILE], said) == []
    assert missing(HOSTILE[:4], said) == []


def test_the_foot_of_a_page_still_says_how_many_pages_there_are(tmp_path):
    document = pdf.new_pdf("Titlu", made_on=DAY, is_demo=False)
    document.add_page()
    assert "2/2" in text_of(pdf.to_bytes(document), tmp_path)


def test_a_report_says_names_of_communities_as_typed(directory, tmp_path):
    facts = load_report_data(directory, actor=SYSTEM, day=DAY)
    inside = facts.communities.index[facts.communities["county"] == "BC"]
    texts = [" ".join(HOSTILE[place :: len(inside)]) for place in range(len(inside))]
    names = facts.communities["name"].astype("object").copy()
    names[inside] = texts
    changed = replace(facts, communities=facts.communities.assign(name=names), kept={})
    view = view_of(changed, "county", "BC", parse_period("2026-10"))
    assert missing(HOSTILE, text_of(render(view, directory, "pdf"), tmp_path)) == []
    assert {*map(defuse, texts)} <= {*cells(render(view, directory, "xlsx"))}


def cells(content: bytes) -> list[object]:
    """Every cell of a workbook, none of which may be a formula."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in found if cell.data_type == "f" or cell.hyperlink]
    return [cell.value for cell in found if cell.value is not None]


def test_an_exported_workbook_holds_hostile_text_as_typed_and_computes_nothing(directories, tmp_path):
    content = export.gathered(directories[0], made_on=DAY)
    # Without the authorities of the whole country, which are thousands of rows more.
    services, organizations = content.tables.services, content.tables.organizations
    own = Published(services[services["registry"] == "social"], organizations[organizations["name"].isin(HOSTILE)])
    export.KINDS["xlsx"].write(replace(content, tables=own), tmp_path)
    [path] = tmp_path.glob("*.xlsx")
    said = cells(path.read_bytes())
    assert all(said.count(defuse(text)) >= 2 for text in HOSTILE)


def test_the_table_of_communities_holds_hostile_text_as_typed_and_computes_nothing():
    columns = dict.fromkeys(titles(), HOSTILE)
    rows = pd.DataFrame(
        {
            **columns, "uat_siruta": range(len(HOSTILE)), "atlas_class": 3, "rate_percent": 1.5, "lhdi": 40.0,
            "population": 100, "people_marginalised": 10, "priority": 1.0, "area": "rural", "kind": "commune",
            "status": "confirmed",
        }
    )  # fmt: skip
    said = cells(atlas_workbook(rows, made_on=DAY, is_demo=False, sources=HOSTILE))
    assert all(said.count(defuse(text)) >= 3 for text in HOSTILE)
    back = pd.read_csv(io.BytesIO(atlas_csv(rows, is_demo=False)), dtype="str", keep_default_na=False)
    assert list(back["Unitatea"]) == [defuse(text) for text in HOSTILE]
