"""The sheet of a list: every service with its facts and the code of its page, in the language asked for."""

from __future__ import annotations

import subprocess
from datetime import date

import pytest

from core.storage.home import open_home
from referrals.visit_list import KeptService
from referrals.workflow.directory import open_directory
from reports.documents.visit_list_pdf import visit_list_pdf
from tests.worlds.homes import small_world


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    opened = open_directory(open_home(small_world.make_world(tmp_path_factory.mktemp("sheet") / "home").path))
    yield opened
    opened.ledger.close()


def text_of(document: bytes) -> str:
    said = subprocess.run(["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True)
    return said.stdout.decode()


def sheet(directory, *services, language="ro") -> str:
    kept = [KeptService(each) for each in services]
    made = visit_list_pdf(
        directory, kept, address_of="https://harta.example/simplu/serviciu/{}".format, language=language,
        made_on=date(2026, 12, 1),
    )  # fmt: skip
    return text_of(made)


def test_the_sheet_lists_services_in_their_order_and_leaves_out_what_is_gone(directory):
    said = sheet(directory, "authority:oficii:AJOFM-AG", "social:mmps:404", "social:mmps:1")
    assert said.index("1. AJOFM Argeș") < said.index("2. Centrul de zi „Luminița”")
    for part in ("0234 512 345", "luni–vineri 8:00–16:00", "3 locuri libere, raportat acum 2 zile"):
        assert part in said
    assert "harta.example/simplu/serviciu/social:mmps:1" in said
    assert "nu mai este în registre" not in said


def test_the_sheet_in_english_has_no_sentence_of_ours_in_romanian(directory):
    said = sheet(directory, "social:mmps:1", "protected:8790CR-VD-I:BC:1", language="en")
    for part in ("Services for you", "What for", "Whom to ask", "Telephone"):
        assert part in said
    for left in ("Pentru ce", "Telefon ", "raportat", "Pe cine"):
        assert left not in said
    for hidden in (small_world.SECRET_TOWN, "Strada Ascunsă", "0234999999"):
        assert hidden not in said
