"""The screens with hostile text of a register: read as typed, and the page has no other element."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.common import community_html, markup, referral_markup, screen_wording
from pages.figures_panels import ranking_html
from referrals.records.vocabulary import Actor
from tests.worlds.clients.html_reading import Page, read
from tests.worlds.clients.page_words import words
from tests.worlds.files.hostile import HOSTILE
from tests.worlds.homes import small_world

ALL = " ".join(HOSTILE)
TEAM = Actor("team", "account-2", "BC", 24089)
PARINCEA = "24098"


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """Two homes of one confirmed service: one says hostile text wherever it can, the other one word."""
    made = {}
    for name, text in (("usual", "Text"), ("hostile", ALL)):
        home = made[name] = small_world.make_world(tmp_path_factory.mktemp(name) / "home")
        said = dict.fromkeys(("name", "organization", "locality", "address", "hours"), text)
        rows = [small_world.service(n, 0.05 * n, 0.0, places_max=9, phone="0234512345", **said) for n in (1, 2)]
        small_world.publish(home, "social", rows)
    return made


def labels(app) -> list[str]:
    buttons = [text for button in app.button for text in (button.label, button.proto.help)]
    return [*buttons, *(option for radio in app.radio for option in (radio.label, *radio.options))]


def test_the_finder_reads_hostile_text_as_typed_and_has_no_other_element(in_home, homes):
    def shown(name: str) -> tuple[Page, list[str]]:
        app = in_home(homes[name].path, actor=TEAM, loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE)
        assert not app.exception
        return read(words(app)), labels(app)

    (usual, usual_labels), (hostile, hostile_labels) = shown("usual"), shown("hostile")
    assert hostile.holds(ALL)
    assert hostile.elements == usual.elements
    assert hostile_labels == [label.replace("Text", screen_wording.label_text(ALL)) for label in usual_labels]
    assert any(screen_wording.label_text(ALL) in label for label in hostile_labels)


def test_what_a_person_types_comes_back_as_typed(in_home, homes):
    app = in_home(homes["usual"].path, actor=TEAM)
    for text in HOSTILE[::5]:
        app.text_input(key="place_text").set_value(text[:80])
        app = app.run()
        page = read(words(app))
        typed = text[:80].strip()
        assert page.holds(typed) or any(screen_wording.label_text(typed) in label for label in labels(app)), text
        assert not {"script", "img", "iframe"} & {element for element, *_ in page.elements}


def rows(text: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "uat_siruta": [24089], "name": text, "county": "BC", "county_name": text, "region": "RO21", "kind": "commune",
            "area": "rural", "atlas_class": pd.array([3], "Int64"), "is_atlas_loaded": True, "rate_percent": 18.5, "lhdi": 42.5,
            "population": pd.array([3836], "Int64"), "people_marginalised": pd.array([710], "Int64"), "priority": 3.42,
            "status": "confirmed", "source": text, "note": text,
        }
    )  # fmt: skip


DRAWN = {
    "table of communities": lambda text: community_html.render_units(rows(text), caption=text),
    "title of a community": lambda text: community_html.render_sheet_title(rows(text).iloc[0].to_dict()),
    "facts of a community": lambda text: community_html.render_atlas_facts(rows(text).iloc[0].to_dict()) ,
    "words in passing": lambda text: f"<i>{markup.render_quiet(text)}</i>",
    "way to a community": lambda text: ranking_html.render_path([(text, "/rapoarte"), (text, "")]),
    "heading": lambda text: markup.render_heading(text, text),
    "notice": lambda text: markup.render_notice(text, [text]),
    "title": lambda text: markup.render_title(text, text),
    "steps": lambda text: markup.render_steps(text, [text], text),
    "done": lambda text: markup.render_done(text) + referral_markup.render_step_done(text) + referral_markup.render_who(text),
    "understood": lambda text: markup.render_understood(text) + markup.render_field_error(text),
    "need": lambda text: markup.render_need_heading(1, text),
    "referred": lambda text: markup.render_referred("R-1", text, text),
    "map": lambda text: markup.render_map_notes(text, is_approximate=True),
}  # fmt: skip


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_markup_of_a_screen_says_hostile_text_as_typed_and_has_no_other_element(draw):
    usual = read(draw("Text"))
    for text in HOSTILE:
        page = read(draw(text))
        assert page.holds(text), text
        assert page.elements == usual.elements, text
