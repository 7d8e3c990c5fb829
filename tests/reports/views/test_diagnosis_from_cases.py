"""What cases add to the diagnosis of a community, as printed: fives, needs in their order, blanks to complete."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from cases.record import exchange
from core.i18n import use_language
from core.storage.home import make_home
from referrals.ledger.ledger import open_ledger
from reports.output.pdf import new_pdf, to_bytes
from reports.views.diagnosis_from_cases import write_from_cases
from tests.cases.community.plan_world import adopted, drafted
from tests.reports.test_reports import text_of
from tests.worlds.homes.case_world import UAT, WORKER, Phone, assessing, code, opening
from tests.worlds.homes.ledger_world import Clock

NEAR = pd.DataFrame({"service_type": ["8899CZ-PN-V", "8891CZ-C-II"], "minutes": [20.0, 31.0]})


@pytest.fixture
def ledger(tmp_path):
    clock = Clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    opened = open_ledger(make_home("live", tmp_path / "var"), clock=clock, may_begin=True)
    yield opened
    opened.close()


@pytest.fixture
def printed(ledger, tmp_path):
    def write(count, **who):
        phone = Phone(1)
        for number in range(1, count + 1):
            ref = code("C", number)
            exchange(ledger, phone.message(opening(phone, ref), assessing(phone, ref, number)), actor=WORKER)
        with use_language("ro"):
            document = new_pdf("Raport", "Parincea", made_on=date(2026, 3, 2), is_demo=False)
            write_from_cases(document, UAT, NEAR, SimpleNamespace(ledger=ledger), **who)
            return " ".join(text_of(to_bytes(document), tmp_path).split())

    return write


def test_needs_stand_in_their_order_with_blanks_to_complete(printed):
    text = printed(7)
    for words in ("Oameni cu un caz deschis: 5", "Act de identitate", "Planul comunității, de completat", "Nu are buletin",
                  "o autoritate publică", "………"):  # fmt: skip
        assert words in text
    assert "7" not in text.replace("2026", "")


def test_fewer_than_five_people_are_not_told(printed):
    text = printed(4)
    assert "Planul comunității" not in text
    assert "caz deschis" not in text


def test_the_plan_in_force_is_printed_for_its_readers_and_told_to_others(ledger, printed):
    adopted(ledger)
    text = printed(7, has_plan=True)
    for words in (
        "De ce este nevoie",
        "Planul comunității pe 2026",
        "Caravana de evidență",
        "primăria",
        "06.2026",
        "de făcut",
    ):
        assert words in text
    assert "de completat" not in text
    assert "………" not in text


def test_who_may_not_read_a_plan_is_told_that_there_is_one(ledger, printed):
    adopted(ledger)
    text = printed(0)
    assert "un plan adoptat la 02.03.2026, cu 2 priorități" in text
    assert not [words for words in ("Caravana", "întâlnit", "primăria") if words in text]


def test_a_draft_is_on_no_paper(ledger, printed):
    drafted(ledger)
    assert "Planul comunității pe" not in printed(4, has_plan=True)
