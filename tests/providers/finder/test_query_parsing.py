"""From what somebody typed to a query, each wrong part refused with what was found."""

from __future__ import annotations

import pytest

from core.errors import AmbiguousPlaceError, UnknownCodeError, UnknownPlaceError
from providers.finder.query_parsing import BadQuestionError, parse_person, parse_place_option, parse_query, parse_row


def test_typed_words_become_a_query(gazetteer):
    query = parse_query(
        gazetteer, place="parincea bacau", services=["8891cz-c-ii"], needs=["nu are buletin"], home="Bacău", age=9, sex="f",
        k=3, mode="walk", max_minutes=30, only_confirmed=True,
    )  # fmt: skip
    assert query.origin.label == "Parincea, județul Bacău"
    assert query.home is not None
    assert (query.home.name, query.wanted) == ("Bacău", ("8891CZ-C-II", "identity-papers"))
    assert (query.person.age, query.person.sex) == (9, "F")
    assert (query.k, query.mode, query.max_minutes, query.only_confirmed) == (3, "walk", 30, True)


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"place": "Nicăierești"}, UnknownPlaceError, "Nicăierești"),
        ({"place": "Ștefănești"}, AmbiguousPlaceError, "Botoșani"),
        ({"home": "Nicăierești"}, UnknownPlaceError, "Nicăierești"),
        ({"services": ["NU-EXISTA"]}, UnknownCodeError, "NU-EXISTA"),
        ({"needs": ["zzzzqqq"]}, UnknownCodeError, "zzzzqqq"),
        ({"services": []}, BadQuestionError, "ce căutați"),
        ({"age": -1}, BadQuestionError, "-1"),
        ({"age": 131}, BadQuestionError, "131"),
        ({"sex": "bărbat"}, BadQuestionError, "bărbat"),
        ({"groups": ["marțieni"]}, UnknownCodeError, "marțieni"),
        ({"k": 0}, BadQuestionError, "0"),
        ({"k": 101}, BadQuestionError, "101"),
        ({"mode": "fly"}, UnknownCodeError, "fly"),
        ({"max_minutes": -1}, BadQuestionError, "-1"),
        ({"max_minutes": float("nan")}, BadQuestionError, "nan"),
        ({"max_minutes": float("inf")}, BadQuestionError, "inf"),
    ],
)
def test_a_part_that_cannot_be_is_refused_with_what_was_found(gazetteer, changes, error, said):
    with pytest.raises(error, match=said):
        parse_query(gazetteer, **{"place": "Parincea, Bacău", "services": ["MED-HOSP"], **changes})


def test_what_is_not_said_of_a_person_refuses_nobody():
    person = parse_person()
    assert (person.age, person.sex, person.groups) == (None, None, frozenset())
    assert parse_person(sex="  ").sex is None


def test_a_row_of_a_batch_uses_the_names_of_the_options(gazetteer):
    row = {
        "siruta": " 24098 ", "service": "MED-HOSP; 8891CZ-C-II ;", "age": "9,0", "k": "7", "max-minutes": "30,5",
        "only-confirmed": "Da", "from": "", "home": "",
    }  # fmt: skip
    query = parse_row(gazetteer, row)
    assert query.wanted == ("MED-HOSP", "8891CZ-C-II")
    assert (query.person.age, query.k, query.max_minutes, query.only_confirmed) == (9, 7, 30.5, True)
    plain = parse_row(gazetteer, {"from": "Parincea, Bacău", "service": "MED-HOSP"})
    assert (plain.k, plain.mode, plain.max_minutes, plain.only_confirmed) == (5, "car", None, False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from": ""}, "un singur loc"),
        ({"at": "46.5,27"}, "un singur loc"),
        ({"k": "0"}, "între 1 și"),
        ({"k": "2.5"}, "număr întreg"),
        ({"k": "nan"}, "nan"),
        ({"age": "inf"}, "inf"),
        ({"age": "1e400"}, "1e400"),
        ({"age": "zece"}, "zece"),
        ({"max-minutes": "o oră"}, "o oră"),
        ({"max-minutes": "-3"}, "-3"),
    ],
)
def test_a_wrong_cell_of_a_row_is_named(gazetteer, changes, said):
    with pytest.raises(BadQuestionError, match=said):
        parse_row(gazetteer, {"from": "Parincea, Bacău", "service": "MED-HOSP", **changes})


def test_a_coordinate_or_a_code_that_is_none_is_not_taken_for_a_name(gazetteer):
    assert parse_place_option("at", "46,48; 27,1") == "46,48; 27,1"
    assert parse_place_option("from", "Nana, Călărași") == "Nana, Călărași"
    for name, text in (
        ("at", "nan,nan"),
        ("at", "Parincea"),
        ("siruta", "Parincea"),
        ("siruta", "-5"),
        ("siruta", "²"),
    ):
        with pytest.raises(BadQuestionError, match=text):
            parse_place_option(name, text)
