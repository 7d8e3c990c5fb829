import hashlib
import json
import tomllib
from datetime import date

import pytest

from core.errors import UnknownCodeError, UnreadableFileError
from core.reading.curated_tables import FOLDER, PROVENANCE_COLUMNS, read_rows
from core.storage.import_kinds import AUTHORITY, MEASURED
from providers.rules import taxonomy
from providers.rules.help_tables.pension_age import retirement_age
from providers.rules.schema import VOCABULARIES
from tests.worlds.files.hand_kept import TABLES, change, copies

CODE_TYPOS = {  # codes of the published file of 2017 that the nomenclature writes otherwise
    "8891CZ-CIII": "8891CZ-C-III",
    "8899CZ-VTP-": "8899CZ-VTP-II",
    "8790CRT-I": "8790CR-T-I",
    "8790CR-II": "8790CR-T-II",
}


@pytest.fixture
def own_tables(tmp_path):
    return copies(tmp_path)


def test_every_code_of_the_published_nomenclature_is_known(real_data):
    published = json.loads((real_data / "social" / "licensed_services_2017.json").read_text(encoding="utf-8"))
    codes = {CODE_TYPOS.get(each["cod"], each["cod"]) for each in published["ss"]}
    ours = {code for code, kind in taxonomy.service_types().items() if kind.registry == "social"}
    assert codes == ours
    assert len(ours) == 70


def test_each_registry_has_its_types():
    registries = {kind.registry for kind in taxonomy.service_types().values()}
    assert registries == {*MEASURED, AUTHORITY}
    assert registries <= VOCABULARIES["registry"]


@pytest.mark.parametrize("typed", ["8899CZ-PN-V", "8899 CZ-PN-V", " 8899cz-pn-v ", "8899CZ–PN–V"])
def test_a_code_is_found_however_it_is_spaced_or_cased(typed):
    assert taxonomy.service_type(typed).name == "Asistență comunitară"


def test_an_unknown_code_is_refused_with_the_nearest_ones():
    with pytest.raises(UnknownCodeError, match="8891CZ-C-III"):
        taxonomy.service_type("8891CZ-CIII")


def test_addresses_of_shelters_for_victims_are_secret_and_of_no_other_type():
    secret = {code for code, kind in taxonomy.service_types().items() if kind.is_secret}
    shelters = ("8790CR-VD-", "8790CR-VTP-")
    assert secret == {code for code in taxonomy.service_types() if code.startswith(shelters)}
    assert all(taxonomy.service_type(code).is_sensitive for code in secret)


def test_violence_trafficking_addiction_and_mental_health_are_sensitive():
    marks = ("-VD-", "-VTP-", "-AD-", "CMHC", "PSYCH", "AUT-ANITP", "AUT-CPECA", "AUT-SML", "SOC-AA")
    sensitive = {code for code, kind in taxonomy.service_types().items() if kind.is_sensitive}
    assert sensitive == {code for code in taxonomy.service_types() if any(mark in code for mark in marks)}


def test_only_the_centre_for_aggressors_is_for_them():
    assert [c for c, kind in taxonomy.service_types().items() if kind.for_aggressors] == ["8899CZ-VD-III"]


def test_no_place_is_held_where_somebody_must_decide_and_the_decider_is_named():
    for kind in taxonomy.service_types().values():
        assert (kind.access_route == "decision") == (kind.decision_by is not None), kind
        assert kind.access_route != "decision" or kind.hold_days == 0, kind
        assert kind.capacity_model != "open" or kind.hold_days == 0, kind


@pytest.mark.parametrize(
    ("code", "access_route", "days"),
    [
        ("8891CZ-C-II", "direct", 3),
        ("8891CZ-C-II", "decision", 0),
        ("MED-PHARM", "direct", 0),  # nobody reserves a place at a chemist's
        ("AUT-SPAS", "direct", 0),
        ("8790CR-D-I", "decision", 0),
        ("8790CR-D-I", "direct", 3),  # a service that says it is entered without its type's decision
    ],
)
def test_a_place_is_held_for_the_days_of_its_type_where_one_gets_in_directly(code, access_route, days):
    assert taxonomy.hold_days(taxonomy.service_type(code), access_route) == days


@pytest.mark.parametrize("code", ["8790CR-C-I", "8790CR-C-II", "8790CR-D-I", "8790CR-D-VII", "EDU-SPECIAL"])
def test_child_protection_disability_homes_and_special_schools_are_behind_a_decision(code):
    kind = taxonomy.service_type(code)
    assert (kind.access_route, kind.service_area) == ("decision", "county")


@pytest.mark.parametrize(
    ("code", "area"),
    [("EMP-AJOFM", "county"), ("EDU-CJRAE", "county"), ("AUT-SPAS", "own_uat"), ("EDU-SCHOOL", "county")],
)
def test_offices_and_schools_serve_their_own_area(code, area):
    assert taxonomy.service_type(code).service_area == area


def test_children_s_types_end_at_17_and_adult_disability_begins_at_18():
    assert taxonomy.service_type("8891CZ-C-II").age_max == 17
    assert taxonomy.service_type("8790CR-C-I").age_max == 17
    assert {taxonomy.service_type(f"8790CR-D-{n}").age_min for n in ("I", "II", "VI", "VII")} == {18}


def test_every_rule_has_a_source_or_says_assumed():
    for kind in taxonomy.service_types().values():
        for basis in (kind.basis, kind.rule_basis):
            assert any(mark in basis for mark in ("HG ", "Legea ", "OUG ", "OG ", "Ordinul ", "assumed")), kind


def test_ages_are_in_order():
    for each in [*taxonomy.service_types().values(), *taxonomy.groups().values()]:
        assert each.age_min is None or each.age_max is None or each.age_min <= each.age_max, each


def test_the_table_is_the_types():
    table = taxonomy.load()
    assert list(table.index) == list(taxonomy.service_types())
    assert table.loc["8790CR-VD-I", "beneficiary_groups"] == "violence-victim"
    assert table["age_min"].isna().any()
    assert table.loc["AUT-SPAS", "service_area"] == "own_uat"


def test_a_group_answers_to_the_register_s_code_too():
    assert taxonomy.group("B1.3").group == "schoolchildren"
    with pytest.raises(UnknownCodeError, match="homeless"):
        taxonomy.group("homles")


def test_every_group_that_a_type_takes_can_be_stated():
    kinds = {
        taxonomy.group(code).kind for each in taxonomy.service_types().values() for code in each.beneficiary_groups
    }
    assert kinds <= {"situation", "age"}


def test_a_specialist_changes_a_rule_by_editing_one_row(own_tables):
    assert taxonomy.service_type("8899CPDH-I").service_area == "own_uat"
    change(own_tables, "service_types", "8899CPDH-I", service_area="county", rule_basis="Legea 208/1997")
    assert taxonomy.service_type("8899CPDH-I", own_tables).service_area == "county"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("service_area", "the moon"),
        ("access_route", ""),
        ("is_secret", "da"),
        ("age_min", "mic"),
        ("beneficiary_groups", "x"),
        ("hold_days", ""),
    ],
)
def test_a_slip_in_a_cell_names_the_file_the_row_and_the_column(own_tables, column, cell):
    change(own_tables, "service_types", "8710CRMS-I", **{column: cell})
    with pytest.raises(UnreadableFileError, match=f"service_types.csv, rândul 1, coloana {column}"):
        taxonomy.service_types(own_tables)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_card_that_knows_its_content(name):
    card = tomllib.loads((FOLDER / f"{name}.source.toml").read_text(encoding="utf-8"))["source"]
    assert card["sha256"] == hashlib.sha256((FOLDER / f"{name}.csv").read_bytes()).hexdigest()
    assert card["file"] == f"{name}.csv"
    assert card["synthetic"] is False
    assert all(card[key] for key in ("title", "publisher", "url", "licence", "accessed_on"))


@pytest.mark.parametrize("name", TABLES)
def test_tables_use_the_comma_letters_and_romanian_quotes(name):
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    assert not set("şţŞŢãõ") & set(text)
    assert "“" not in text


def test_the_lowest_age_of_the_elderly_is_that_of_retirement_on_the_day_it_was_checked():
    day = read_rows(FOLDER / "pension_age.csv", PROVENANCE_COLUMNS)[0].provenance().checked_on
    lowest = retirement_age(None, day)
    marked = [each for each in (*taxonomy.service_types().values(), *taxonomy.groups().values()) if each.is_pension_age]
    assert len(marked) > 4
    assert {each.age_min for each in marked} == {lowest}
    assert (retirement_age("M", day), retirement_age("F", date(2035, 1, 1))) == (65, 65)
    assert retirement_age("F", date(2000, 1, 1)) == retirement_age("F", date(2024, 9, 1))
    ages = [retirement_age("F", date(year, 1, 1)) for year in range(2025, 2040)]
    assert ages == sorted(ages)
