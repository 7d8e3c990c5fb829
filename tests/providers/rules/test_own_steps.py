"""What the asker's own office does: every first answer of such an office has steps, and each names its law."""

from __future__ import annotations

import re

import pytest

from core.errors import UnknownCodeError, UnreadableFileError
from core.i18n import use_language
from core.reading.curated_tables import FOLDER, read_rows
from providers.rules.help_tables.own_steps import OFFICES, own_steps, own_steps_of, own_steps_view
from providers.rules.help_tables.papers import paper_of, papers
from providers.rules.needs import need_answers
from tests.worlds.files.hand_kept import copies

LAW = re.compile(r"(Legea|HG|OUG|OG|Ordinul) \d+(/\d+)*/\d{4}")


def test_every_need_that_an_office_of_the_team_answers_first_says_what_that_office_does():
    missing = [
        (need, answer.service_type)
        for need, answers in need_answers().items()
        for answer in answers
        if answer.role == "first"
        and answer.service_type in ("AUT-SPAS", "MED-COMM", "EDU-SCHOOL")
        and not own_steps_of((need,), answer.service_type)
    ]
    assert missing == []


def test_every_row_names_a_law_and_says_whether_it_is_sure():
    rows = read_rows(FOLDER / "own_steps.csv", ("basis", "certainty"))
    assert [row.number for row in rows if not all(LAW.fullmatch(law) for law in row.codes("basis"))] == []
    assert {row.text("certainty") for row in rows} == {"sure", "assumed"}


@pytest.mark.parametrize("steps", own_steps().values(), ids=lambda steps: steps.topic)
def test_each_topic_has_steps_and_says_who_signs_or_when_to_look_again(steps):
    assert len(steps.step) >= 2
    assert steps.sign or steps.review or steps.bring
    assert steps.office in OFFICES


def test_a_child_left_with_the_grandmother_is_a_notification_a_court_and_visits():
    (steps,) = own_steps_of(("child-parents-away",), "AUT-SPAS")
    assert any("40 de zile" in line for line in steps.term)
    assert "Judecătoria" in steps.sign[0]
    assert "două luni" in steps.review[0]
    assert steps.basis == ("Legea 272/2004", "HG 691/2015")


def test_a_request_for_minimum_income_names_the_form_and_the_paper_of_ours_that_does_not_replace_it():
    (steps,) = own_steps_of(("no-income",))
    view = own_steps_view(steps)
    assert view.title == "Ce faceți dumneavoastră: Venit minim de incluziune: dosarul la primărie"
    headings = dict(view.parts)
    assert any(line.endswith("(de confirmat)") for line in headings["Termen"])
    assert not any(line.endswith("(de confirmat)") for line in headings["Acte necesare"])
    assert view.papers == (("benefits", "Cerere pentru ajutor social"),)
    with use_language("en"):
        assert own_steps_view(steps).title.startswith("What you do: Minimum inclusion income")


def test_a_suspicion_about_a_pregnant_girl_is_reported_by_the_nurse_too():
    offices = {steps.office: steps.papers for steps in own_steps_of(("teen-pregnancy",))}
    assert offices == {"AUT-SPAS": ("report-child",), "MED-COMM": ("report-child",)}


def test_a_type_asked_for_by_its_code_has_no_steps():
    assert own_steps_of(("8790CR-MC-I",)) == ()


def test_a_row_of_an_unknown_topic_or_paper_is_refused_with_its_place(tmp_path):
    folder = copies(tmp_path)
    path = folder / "own_steps.csv"
    path.write_text(path.read_text("utf-8") + "income-support,form,Cerere,,,no-paper,Legea 196/2016,sure\n", "utf-8")
    with pytest.raises(UnreadableFileError, match=r"own_steps\.csv, rândul 259, coloana papers"):
        own_steps(folder)


def test_every_paper_has_blanks_a_law_and_never_asks_for_a_diagnosis():
    for paper in papers().values():
        kinds = {line.kind for line in paper.lines}
        assert {"fields", "box"} <= kinds
        assert all(LAW.fullmatch(law) for law in paper.basis.split("; "))
        assert not any("diagnostic" in line.words for line in paper.lines)
    with pytest.raises(UnknownCodeError, match="report-child"):
        paper_of("../etc")
