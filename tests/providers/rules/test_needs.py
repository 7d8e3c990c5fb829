import csv
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnknownCodeError, UnreadableFileError
from core.reading.curated_tables import read_rows
from providers.rules import need_search, needs, taxonomy
from providers.rules.need_search import search
from providers.rules.person import Person
from tests.worlds.examples import examples
from tests.worlds.files.hand_kept import change, copies

VICTIMS_NEEDS = [
    "domestic-violence",
    "violence-risk",
    "protection-order",
    "sexual-violence",
    "trafficking",
    "child-abuse",
]
SUBJECTS = {  # the subjects that the catalogue must cover, one need of each
    "income": "no-income", "benefits": "child-benefits", "identity papers": "identity-papers", "housing": "poor-housing",
    "utilities": "utilities", "food": "food", "disability assessment": "disability-certificate",
    "disability care": "disability-home-care", "disability therapy": "disability-therapy",
    "assistive devices": "assistive-devices", "old age": "elderly-home-care", "child at risk": "child-neglect",
    "child without parents": "child-without-adult", "domestic violence": "domestic-violence", "trafficking": "trafficking",
    "addiction": "drug-use", "homelessness": "homeless", "pregnancy": "pregnancy-care", "young mothers": "young-mother",
    "newborn": "newborn-care", "vaccination": "vaccination", "family doctor": "no-family-doctor",
    "chronic illness": "chronic-illness", "mental health": "mental-health", "dental": "dental",
    "palliative care": "palliative-care", "telemedicine": "telemedicine", "enrolment": "school-enrolment",
    "drop-out": "school-dropout", "special needs": "special-needs-education", "counselling": "school-counselling",
    "nursery": "nursery", "kindergarten": "kindergarten", "after-school": "after-school", "hot meal": "hot-meal",
    "adult literacy": "adult-literacy", "second chance": "second-chance", "jobs": "job", "training": "vocational-training",
    "profiling": "job-profiling", "legal aid": "legal-aid", "debts": "debts", "after prison": "after-prison",
    "return": "returned-migrant", "flood": "flood", "epidemic": "epidemic",
}  # fmt: skip


@pytest.fixture
def own_tables(tmp_path):
    return copies(tmp_path)


def codes(found) -> list[str]:
    return [each.need for each in found]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_subject_has_a_need(subject):
    assert SUBJECTS[subject] in needs.needs()


def test_there_are_at_least_45_needs_and_each_has_everyday_words_for_search():
    assert len(needs.needs()) >= 45
    assert all(len(each.synonyms) >= 3 for each in needs.needs().values())


def test_every_need_is_answered_by_at_least_one_type_and_something_comes_first():
    for code, rows in needs.need_answers().items():
        assert rows, code
        assert rows[0].role == "first", code
        assert [row.rank for row in rows] == list(range(1, len(rows) + 1)), code
        assert len({row.service_type for row in rows}) == len(rows), code


def test_a_fallback_stands_right_behind_the_register_s_row_that_it_stands_in_for():
    from providers.authorities.authorities import kinds

    twins = {kind.service_type: kind.register_type for kind in kinds() if kind.register_type}
    for rows in needs.need_answers().values():
        for before, row in itertools.pairwise(rows):
            if row.role == "fallback":
                assert twins[row.service_type] == before.service_type, row


def test_every_answer_has_a_legal_source_or_says_assumed():
    marks = ("HG ", "Legea ", "OUG ", "OG ", "Ordinul ", "assumed")
    for rows in needs.need_answers().values():
        assert all(any(mark in row.provenance.basis for mark in marks) for row in rows), rows


def test_every_type_that_helps_people_answers_some_need():
    answering = {row.service_type for rows in needs.need_answers().values() for row in rows}
    for_nobody_s_need = {"EDU-POST", "EDU-EXCEL", "EDU-CCD", "EDU-OTHER"}
    ended = {"8790CR-D-III", "8790CR-D-V"}  # gone from the nomenclature with HG 1433/2022
    assert set(taxonomy.service_types()) - answering == for_nobody_s_need | ended


@pytest.mark.parametrize("code", VICTIMS_NEEDS)
def test_victims_are_never_sent_to_a_service_for_aggressors(code):
    for person in (
        None,
        Person(),
        Person(30, "M", frozenset({"aggressor"})),
        Person(30, "F", frozenset({"violence-victim"})),
    ):
        assert not any(taxonomy.service_type(each).for_aggressors for each in needs.answers(code, person))


def test_a_victim_who_asks_with_an_aggressor_s_need_is_not_sent_there_either():
    assert "8899CZ-VD-III" in needs.answers("violent-behaviour", Person(age=40))
    for group in ("violence-victim", "trafficking-victim"):
        person = Person(40, None, frozenset({group, "aggressor"}))
        assert "8899CZ-VD-III" not in needs.answers("violent-behaviour", person)


def test_a_table_that_offers_a_victim_a_service_for_aggressors_is_refused(own_tables):
    path = own_tables / "need_answers.csv"
    with path.open("a", encoding="utf-8") as handle:
        handle.write("domestic-violence,99,8899CZ-VD-III,also,,,,,,assumed,2026-11-30,assumed,o lege\n")
    with pytest.raises(UnreadableFileError, match="8899CZ-VD-III"):
        needs.need_answers(own_tables)


def test_danger_has_its_lines_and_only_known_ones():
    for each in needs.needs().values():
        assert not each.is_danger or "112" in called(each), each
    assert [line.phone for line in needs.emergency_lines_by_code().values()] == [
        "112", "119", "0800 500 333", "0800 800 678", "116 111", "0800 460 001",
    ]  # fmt: skip


def called(need, age=None):
    return [line.code for line in needs.emergency_lines(need, age)]


@pytest.mark.parametrize("code", ["domestic-violence", "violence-risk", "sexual-violence", "trafficking"])
def test_violence_and_trafficking_are_danger_are_sensitive_and_have_their_own_line(code):
    need = need_search.need(code)
    assert need.is_danger
    assert need.is_sensitive
    assert called(need)[:3] == ["112", "119", "0800500333"]
    # Violence concerns the children of the house, whoever's age was typed; trafficking concerns the person.
    assert ("119" in called(need, 40)) == (code != "trafficking")
    assert ("0800800678" in called(need, 40)) == (code == "trafficking")


def test_dangers_to_children_have_the_children_s_line():
    for each in needs.needs().values():
        if each.is_danger and each.age_max == 17:
            assert "119" in called(each, 40), each


def test_needs_that_lead_first_to_sensitive_services_are_sensitive():
    for code, rows in needs.need_answers().items():
        first = [taxonomy.service_type(row.service_type) for row in rows if row.role == "first"]
        if any(kind.is_sensitive for kind in first):
            assert needs.needs()[code].is_sensitive, code


def test_adults_are_not_offered_children_s_centres_nor_children_adult_ones():
    assert "8891CZ-C-III" not in needs.answers("disability-therapy", Person(age=30))
    assert "8899CZ-D-II" not in needs.answers("disability-therapy", Person(age=8))
    assert {"8891CZ-C-III", "8899CZ-D-II"} <= set(needs.answers("disability-therapy"))


def test_what_is_not_said_about_a_person_rules_nothing_out():
    for code in needs.needs():
        assert needs.answers(code, Person()) == needs.answers(code)


def test_a_man_is_not_sent_to_a_mothers_home():
    assert "8790CR-MC-I" in needs.answers("homeless", Person(25, "F"))
    assert "8790CR-MC-I" not in needs.answers("homeless", Person(25, "M"))


def test_a_situation_that_is_stated_and_another_one_is_not_for_the_person():
    jobs = needs.answers("supported-work", Person(30, None, frozenset({"disability"})))
    other = needs.answers("supported-work", Person(30, None, frozenset({"homeless"})))
    assert "8899CZ-D-I" in jobs
    assert "8899CZ-D-I" not in other
    assert "8899CZ-D-I" in needs.answers("supported-work", Person(30, None, frozenset({"adults"})))


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("identity-papers", "AUT-SPCLEP"),
        ("birth-certificate", "AUT-PRIM"),
        ("no-income", "AUT-SPAS"),
        ("utilities", "AUT-SPAS"),
        ("child-abandoned", "AUT-DGASPC"),
        ("special-needs-education", "EDU-SCHOOL"),
        ("homeless", "AUT-SPAS"),
        ("domestic-violence", "AUT-POLICE"),
        ("protection-order", "AUT-POLICE"),
        ("debts", "AUT-COURT"),
        ("leaving-care", "AUT-DGASPC"),
        ("asylum", "AUT-IGI"),
        ("violent-behaviour", "AUT-DGASPC"),
        ("epidemic", "AUT-SPAS"),
    ],
)
def test_the_first_answer_is_the_one_that_the_law_names(code, first):
    assert needs.answers(code)[0] == first


def test_every_need_of_papers_and_income_has_an_office_that_every_place_has():
    everywhere = {"AUT-SPAS", "AUT-PRIM", "AUT-SPCLEP", "AUT-DGASPC", "AUT-CJAS", "AUT-CJP", "AUT-AJPIS"}
    for each in needs.needs().values():
        if each.group in ("Acte", "Venituri și ajutoare"):
            assert everywhere & set(needs.answers(each.need)), each


def test_the_crosswalk_holds_exactly_the_codes_that_nurses_record(real_data):
    real = [row.text("code") for row in read_rows(real_data / "needs" / "amc_vulnerabilities.csv", ["code"])]
    assert len(real) == 144
    assert sorted(needs.crosswalk()) == sorted(real)


def test_a_nurse_s_code_asks_for_help_or_says_why_not():
    for each in needs.crosswalk().values():
        assert bool(each.needs) != bool(each.why_not), each
        assert bool(each.needs) == bool(each.reason), each


def test_codes_that_say_nothing_was_found_ask_for_nothing():
    for code, each in needs.crosswalk().items():
        if code[-2:] in ("97", "98", "99") or code == "NONE" or code.startswith("VCV_"):
            assert each.why_not, code


def test_the_crosswalk_does_not_repeat_the_names_of_its_source(real_data):
    with (real_data / "needs" / "amc_vulnerabilities.csv").open(encoding="utf-8") as handle:
        names = {row["name"] for row in csv.DictReader(handle)}
    assert not names & {each.reason for each in needs.crosswalk().values()}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("identity-papers", ["identity-papers"]),
        ("VAI_02", ["identity-papers"]),
        ("vec_06", ["special-needs-education", "school-dropout-risk"]),
        ("buletin", ["identity-papers"]),
        ("bulletin", ["identity-papers"]),
        ("bătăi", ["child-abuse", "domestic-violence"]),
        ("BATAI", ["child-abuse", "domestic-violence"]),
        ("abandon scolar", ["school-dropout-risk", "school-dropout"]),
    ],
)
def test_a_need_is_named_by_our_code_a_nurse_s_code_or_everyday_words(typed, meant):
    assert codes(need_search.resolve(typed)) == meant
    assert need_search.need(typed).need == meant[0]


def test_a_code_that_asks_for_no_help_is_refused_with_the_reason():
    with pytest.raises(UnknownCodeError, match="VAI_99 nu cere un serviciu"):
        need_search.resolve("VAI_99")


@pytest.mark.parametrize("typed", ["", "   ", "qwertyuiop", "ajutor cu fiul bolnav"])
def test_words_that_are_not_sure_are_not_guessed(typed):
    with pytest.raises(UnknownCodeError):
        need_search.resolve(typed)


@pytest.mark.parametrize(
    ("typed", "need"),
    [
        ("bătăi", "domestic-violence"), ("batai", "child-abuse"), ("buletin", "identity-papers"),
        ("abandon școlar", "school-dropout"), ("soțul o bate", "domestic-violence"), ("gravida", "pregnancy-care"),
        ("certificat nastere", "birth-certificate"), ("nu are ce manca", "food"), ("scaun rotile", "assistive-devices"),
        ("droguri", "drug-use"), ("vacin", "vaccination"), ("dentist", "dental"), ("inundatie", "flood"),
        ("fara medic", "no-family-doctor"), ("nu merge la scoala", "school-enrolment"), ("azil", "elderly-residential"),
        ("copil singur acasa", "child-parents-away"), ("lemne", "utilities"), ("somaj", "job"),
    ],
)  # fmt: skip
def test_search_finds_a_need_by_everyday_words(typed, need):
    assert need in codes(match.need for match in search(typed)[:3])


def test_a_whole_word_comes_before_words_that_only_begin_like_it():
    found = codes(match.need for match in search("medic"))
    assert found[:2] == ["no-family-doctor", "no-medical-access"]
    assert "medicines" not in found[:4]
    assert "after-school" not in found  # „meditații” is no „medic”
    assert not search("medic")[0].is_sure


@pytest.mark.parametrize("typed", ["copil", "copii", "școală", "nu vrea copii", "ajutor"])
def test_a_word_that_many_needs_have_is_not_taken_for_one_of_them(typed):
    assert not any(match.is_sure for match in search(typed))


def test_of_equals_those_come_first_whose_own_name_has_the_word():
    assert all("copil" in match.need.name.casefold() for match in search("copil")[:5])


def test_of_a_very_long_text_only_the_beginning_is_read():
    assert search("bătăi " * 100_000) == search("bătăi " * 60)


def test_search_leaves_out_what_the_person_cannot_have():
    assert "child-abuse" in codes(m.need for m in search("bătăi"))
    assert "child-abuse" not in codes(m.need for m in search("bătăi", person=Person(age=40)))


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=40))
def test_search_takes_any_text_and_ranks_what_it_finds(text):
    scores = [match.score for match in search(text)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 100 for score in scores)


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(sorted(needs.needs())), st.integers(0, 100) | st.none(), st.sampled_from(["F", "M", None]))
def test_answers_are_exactly_the_rows_whose_conditions_hold(code, age, sex):
    by_hand = [
        row.service_type
        for row in needs.need_answers()[code]
        if (age is None or ((row.age_min or 0) <= age <= (row.age_max if row.age_max is not None else 999)))
        and (sex is None or row.sex is None or row.sex == sex)
    ]
    assert list(needs.answers(code, Person(age, sex))) == by_hand


def test_a_specialist_changes_an_answer_by_editing_one_row(own_tables):
    assert needs.answers("dental")[0] == "MED-DENT"
    change(own_tables, "need_answers", "MED-DENT", service_type="MED-HOSP", basis="assumed")
    assert needs.answers("dental", folder=own_tables)[0] == "MED-HOSP"


@pytest.mark.parametrize(
    ("table", "key", "cells"),
    [
        ("needs", "food", {"is_danger": "true"}),
        ("needs", "food", {"groups": "nobody"}),
        ("need_answers", "MED-DENT", {"service_type": "MED-NONE"}),
        ("need_answers", "MED-DENT", {"rank": ""}),
        ("need_answers", "MED-DENT", {"rank": "2"}),
        ("need_crosswalk", "VAI_02", {"needs": ""}),
        ("need_crosswalk", "VAI_02", {"needs": "paper"}),
    ],
)
def test_a_slip_in_a_table_is_found(own_tables, table, key, cells):
    change(own_tables, table, key, **cells)
    with pytest.raises(UnreadableFileError, match=f"{table}.csv"):
        needs.need_answers(own_tables), needs.crosswalk(own_tables)
