"""A wrong address, wrong hours, and what no column says: what is doubted, and what an accepted report changes."""

from __future__ import annotations

import pytest

from referrals.records.ledger_errors import BadReportError, PersonalDataError
from referrals.records.vocabulary import Actor
from referrals.workflow import field_intake
from referrals.workflow.directory import open_directory
from tests.worlds.homes import small_world

TEAM, UNIT = Actor("team", "echipa-1", "BC", 24089), Actor("county", "ujss-bc", "BC")


@pytest.fixture
def directory(tmp_path, kept_catalogues):
    opened = open_directory(small_world.make_world(tmp_path / "small"))
    yield opened
    opened.ledger.close()


def corrected(directory, what, value="", note=""):
    made = field_intake.report_wrong(directory, "social:mmps:1", what=what, actor=TEAM, value=value, note=note)
    before = directory.snapshot()
    field_intake.settle(directory, made.report_id, accept=True, actor=UNIT)
    return before, directory.snapshot()


def test_accepted_hours_take_the_place_of_the_registers(directory):
    before, after = corrected(directory, "hours", "marți, 10–12")
    assert before.doubts["social:mmps:1"] == ("hours",)
    assert after.catalogue.service("social:mmps:1")["hours"] == "marți, 10–12"
    assert "hours_checked" in after.catalogue.service("social:mmps:1")["flags"]


def test_an_accepted_address_no_longer_stands_at_the_point_of_the_old_door(directory):
    before, after = corrected(directory, "address", "Strada Nouă 7")
    old, new = (each.catalogue.service("social:mmps:1") for each in (before, after))
    assert (old["position_precision"], new["position_precision"]) == ("address", "locality")
    assert new["address"] == "Strada Nouă 7"
    assert (old["lat"], old["lon"]) != (new["lat"], new["lon"])


def test_what_no_column_says_is_a_doubt_in_words_and_changes_no_fact(directory):
    facts = ["hours", "address", "phone", "lat", "operating_status"]
    published = directory.snapshot().catalogue.service("social:mmps:1")
    before, after = corrected(directory, "other", note="interfonul nu merge")
    assert before.doubts["social:mmps:1"] == ("other",)
    told = after.catalogue.service("social:mmps:1")
    assert [str(told[name]) for name in facts] == [str(published[name]) for name in facts]


@pytest.mark.parametrize("what", ["address", "hours"])
def test_a_telephone_of_a_person_is_no_address_and_no_hours(directory, what):
    with pytest.raises(PersonalDataError):
        corrected(directory, what, "sunați la 0744 123 456")


def test_of_a_protected_service_neither_address_nor_hours_are_written(directory):
    key = directory.snapshot().catalogue.sealed["protected:8790CR-VD-I:BC:1"]
    for what in ("address", "hours"):
        with pytest.raises(BadReportError):
            field_intake.report_wrong(directory, key, what=what, actor=UNIT, value="Strada Nouă 7")
