"""What forms bring is understood whole, or said in words, beside the field that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.forms.consent_form import ChosenServiceForm, ConsentForm, today
from api.forms.form_fields import FieldError, Fields
from api.forms.message_forms import AddressForm, OwnSettingsForm, RhythmForm
from api.forms.needs_form import NeedsForm
from api.forms.places_form import MOST_PLACES, CallForm, PlacesForm, parse_count
from api.forms.question_form import QuestionForm, question_fields
from api.forms.sign_in_forms import PasswordForm, RoleForm, SignInForm
from api.forms.step_forms import LinkAnswerForm, StepForm
from geo.gazetteer.gazetteer import load_gazetteer
from providers.finder.query_limits import OLDEST_PERSON, REACH_CHOICES
from referrals.records.ledger_errors import BadReportError

PARINCEA = "24089"  # SIRUTA of the commune


def fields(**said: str) -> Fields:
    return Fields.from_pairs(said.items())


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


def test_of_a_field_that_comes_twice_the_last_counts_and_a_list_keeps_both():
    said = Fields.from_pairs([("nevoie", " a "), ("nevoie", "b "), ("fisier", b"no text")])
    assert said.text("nevoie") == "b"
    assert said.all("nevoie") == (" a ", "b ")
    assert said.text("fisier") == said.text("nothing") == ""


def test_a_question_comes_back_whole_from_the_fields_that_carry_it(gazetteer):
    said = fields(
        loc=PARINCEA, domiciliu="22889", nevoie="clothes", varsta="7", sex="F", mod="walk", departe="30", confirmate="1"
    )
    form = QuestionForm.parse(said, gazetteer)
    carried = QuestionForm.parse(Fields.from_pairs(question_fields(form.query)), gazetteer)
    assert carried == form
    assert (form.mode, form.max_minutes, form.only_confirmed, form.person.age) == ("walk", 30.0, True, 7)


def test_everything_that_is_wrong_with_a_question_is_said_at_once(gazetteer):
    errors = QuestionForm.parse(fields(loc="", varsta=str(OLDEST_PERSON + 1)), gazetteer)
    assert [error.field for error in errors] == ["loc", "nevoie", "varsta"]
    assert all(error.words for error in errors)


@pytest.mark.parametrize(("said", "minutes"), [("15", 15.0), ("16", None), ("-1", None), ("1e9", None), ("", None)])
def test_how_far_it_may_be_is_one_of_the_choices_or_any(gazetteer, said, minutes):
    assert 15 in REACH_CHOICES
    form = QuestionForm.parse(fields(loc=PARINCEA, nevoie="clothes", departe=said), gazetteer)
    assert form.max_minutes == minutes


def test_needs_that_are_understood_stay_where_others_are_not():
    form = NeedsForm.parse(fields(cuvinte="buletin, xyzq"))
    assert [each.code for each in form.found] == ["identity-papers"]
    assert (form.words, form.error.field) == ("xyzq", "cuvinte")
    assert form.may_say_more


@pytest.mark.parametrize(
    ("status", "typed", "free"),
    [("free", "3", 3), ("free", str(MOST_PLACES), MOST_PLACES), ("full", "7", 0), ("open", "7", None)],
)
def test_places_are_a_number_or_a_word(status, typed, free):
    form = PlacesForm.parse(fields(stare=status, locuri=typed))
    assert (form.free, form.reported_status) == (free, None if status == "free" else status)


@pytest.mark.parametrize(
    ("status", "typed"), [("free", ""), ("free", "-1"), ("free", "٣"), ("free", "10000"), ("zz", "3"), ("", "")]
)
def test_places_that_cannot_be_are_said_in_words(status, typed):
    error = PlacesForm.parse(fields(stare=status, locuri=typed))
    assert isinstance(error, FieldError)
    assert error.words


def test_a_call_tells_places_or_that_nobody_said_any():
    assert CallForm.parse(fields(stare="no_answer", locuri="7", cheie="k1")) == CallForm("no_answer", None, "k1")
    assert CallForm.parse(fields(stare="full", cheie="k2")) == CallForm("", PlacesForm("full", 0), "k2")
    assert isinstance(CallForm.parse(fields(stare="zz")), FieldError)


@pytest.mark.parametrize("typed", ["", "-1", "٣", "10000", "trei"])
def test_what_is_no_number_of_places_is_refused_by_what_was_typed(typed):
    assert parse_count("12") == 12
    with pytest.raises(BadReportError, match=f"„{typed}”"):
        parse_count(typed)


@pytest.mark.parametrize(
    ("said", "quiet"), [(("22", "6"), (22, 6)), (("22", ""), None), (("", ""), None), (("x", "²"), None)]
)
def test_how_news_come_is_read_whole(said, quiet):
    typed = fields(email="a@b.ro", telefon="0712", ritm="day", limba="en", de_la=said[0], pana_la=said[1])
    assert OwnSettingsForm.parse(typed) == OwnSettingsForm(
        AddressForm("a@b.ro", "0712"), RhythmForm("day", "en"), quiet
    )


@pytest.mark.parametrize("missing", ["temei", "acord_la"])
def test_without_ground_or_day_nobody_has_consented(missing):
    said = {"temei": "consent", "acord_la": today().isoformat()}
    assert abs((ConsentForm.parse(fields(**said)).consent_at - datetime.now(UTC)).total_seconds()) < 60
    assert ConsentForm.parse(fields(**{**said, missing: ""})).consent_at is None


@pytest.mark.parametrize("day", ["2026-01-05", "05.01.2026", "5.1.2026"])
def test_an_earlier_agreement_counts_from_noon_of_its_day(day):
    said = ConsentForm.parse(fields(temei="consent", acord_la=day))
    assert said.consent_at.isoformat() == "2026-01-05T12:00:00+02:00"


def test_forms_that_the_ledger_checks_cut_what_is_too_long():
    assert len(StepForm.parse(fields(pas="x" * 999)).step) == 20
    assert len(ChosenServiceForm.parse(fields(cheie="x" * 999)).key) == 60
    assert len(SignInForm.parse(fields(parola="x" * 999)).password) == 300


def test_what_no_list_offers_is_refused_in_words():
    refused = [
        LinkAnswerForm.parse(fields(pas="cancel")),
        RoleForm.parse(fields(rol="system:")),
        RoleForm.parse(fields(rol="team:x")),
        PasswordForm.parse(fields(parola="a", parola2="b")),
    ]
    assert all(isinstance(each, FieldError) and each.words for each in refused)
    assert LinkAnswerForm.parse(fields(pas="accept", o_data="n")).nonce == "n"
    assert RoleForm.parse(fields(rol="county:BC")).area == "BC"
