"""A new edition of the instrument comes in the middle of a form: the form ends with the questions it was begun with."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cases.instrument.instrument_editions import BUILT_IN, KIND, as_one_file
from providers.imports.importing import import_file
from referrals.database.tables.case_tables import assessments
from referrals.ledger.ledger import open_ledger
from tests.browser.serving import served
from tests.browser.teren.phone import SENT, Phone
from tests.worlds.homes import small_world

pytestmark = pytest.mark.browser
NEW_QUESTION = "Are un animal de companie?"


@pytest.fixture
def own_server(browser, tmp_path):
    """A server whose instrument the test may change: its address and its home."""
    home = small_world.make_world(tmp_path / "home")
    put_in_force(home, tmp_path / "one", "")
    with served(home.path, tmp_path) as base:
        yield base, home


def put_in_force(home, folder, question):
    """Import the built-in instrument, with one question more for everybody in its first group; gives the edition."""
    folder.mkdir()
    for path in BUILT_IN.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    if question:
        survey = folder / "survey.csv"
        head, group, *rest = survey.read_text("utf-8").splitlines()
        empty = "," * (head.count(",") - 2)
        survey.write_text("\n".join([head, group, f"select_one yn,h_pet,{question}{empty}", *rest]) + "\n", "utf-8")
    with as_one_file(folder) as path:
        return import_file(home, KIND, path, as_of=date(2026, 12, 1), confirmed=True).manifest.edition


def kept(home):
    ledger = open_ledger(home)
    with ledger.store.read() as connection:
        rows = [dict(row) for row in connection.execute(assessments.select()).mappings()]
    ledger.close()
    return {(row["case_ref"] or row["household_id"])[:1]: row for row in rows}


def test_a_form_ends_with_the_edition_it_was_begun_with_and_the_next_begins_with_the_new_one(browser, own_server, tmp_path):  # fmt: skip
    base, home = own_server
    phone = Phone(browser, base, home).begin()
    page = phone.page
    ref = phone.open_case("1950", "F")
    assert phone.send() == SENT
    phone.show(ref)
    page.click("#screen button.main")
    phone.at("evaluare")
    old = kept_edition(page)
    page.fill("[name=h_people]", "4")
    page.keyboard.press("Tab")
    new = put_in_force(home, tmp_path / "two", NEW_QUESTION)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")  # an exchange in the middle of the form
    page.wait_for_function(
        """async (edition) => (await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'))).app.index.edition === edition""",
        arg=new,
    )
    assert page.input_value("[name=h_people]") == "4"
    assert NEW_QUESTION not in page.inner_text("main")
    page.click("#lock")
    phone.unlock()  # the page begins anew with the new edition in force
    phone.context.set_offline(True)
    phone.show(ref)
    page.click("#screen button.main")
    phone.at("evaluare")
    assert page.input_value("[name=h_people]") == "4", "answers are kept"
    assert NEW_QUESTION not in page.inner_text("main")
    page.click("button.link")  # go on another time
    phone.at("caz")
    phone.assess(id_card="no")
    phone.finish_assessment()
    phone.context.set_offline(False)
    assert phone.send() == SENT
    assert {row["edition"] for row in kept(home).values()} == {old}
    assert json.loads(kept(home)["H"]["answers"])["h_people"] == "4"
    second = phone.open_case("1951", "M")
    page.click("#screen button.main")
    phone.at("evaluare")
    assert NEW_QUESTION in page.inner_text("main")
    assert kept_edition(page) == new
    # What was assessed before still says its own questions on paper.
    phone.show(ref)
    page.click("#screen .acts button >> nth=3")
    phone.at("hartii")
    page.click("#screen .rows button >> nth=0")
    phone.at("hartie")
    assert "Câte persoane locuiesc" in page.inner_text("main")
    assert second != ref
    phone.close()
    assert not phone.faults


def kept_edition(page):
    """The edition in force on the telephone."""
    return page.evaluate(
        """async () => (await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'))).app.index.edition"""
    )
