from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import MissingColumnError, UnreadableFileError
from geo.gazetteer.gazetteer import Gazetteer
from geo.layers import boundaries
from geo.spatial.areas import area_index
from providers.registries.register_file import RawRegister
from providers.registries.social import social_2017, social_register
from providers.rules.schema import check_services
from tests.worlds.examples import examples

SERVICE = {
    "id": 7,
    "name": "Centrul de zi Exemplu",
    "furnizor": "Asociaţia Exemplu",
    "adresa": "Principală 1",
    "oras": "Parincea",
    "jud": "Bacău",
    "cod": "8891CZ-C-II",
    "type": "1",
    "categorie": ["B1.2", "B1.3"],
    "capacitate": "14",
    "email": "",
    "phone": ["234567890"],
    "lat": "46.4833",
    "lng": "27.1",
}


def register(tmp_path, *services):
    path = tmp_path / "register.json"
    path.write_text(json.dumps({"ss": [], "providers": list(services)}), encoding="utf-8")
    return path


def tidied(tmp_path, gazetteer, *changes: dict):
    path = register(tmp_path, *({**SERVICE, "id": i} | change for i, change in enumerate(changes, start=1)))
    return social_register.tidy(social_register.load(path), gazetteer)


def one(tmp_path, gazetteer, **change) -> pd.Series:
    done = tidied(tmp_path, gazetteer, change)
    assert len(done.services) == 1, done.rejects
    return done.services.iloc[0]


def test_a_service_comes_out_in_the_common_table(tmp_path, gazetteer):
    services = tidied(tmp_path, gazetteer, {}).services
    check_services(services)
    row = services.iloc[0]
    assert row["service_id"] == "social:mmps:1"
    assert (row["service_type"], row["organization"]) == ("8891CZ-C-II", "Asociația Exemplu")
    assert (row["lat"], row["lon"], row["position_precision"]) == (46.4833, 27.1, "address")
    assert (row["places_max"], row["capacity_unit"], row["capacity_text"]) == (14, "places", "14")
    assert row["phone"] == "0234567890"
    assert (row["licence_status"], row["accreditation_status"]) == ("unknown", "unknown")
    assert pd.isna(row["licence_until"])
    assert row["groups"] == "preschoolers;schoolchildren"
    assert not row["is_secret"]


@pytest.mark.parametrize(
    ("published", "code"),
    [
        ("8891CZ-CIII", "8891CZ-C-III"),
        ("8899CZ-VTP-", "8899CZ-VTP-II"),
        ("8790CRT-I", "8790CR-T-I"),
        ("8790CR-II", "8790CR-T-II"),
    ],
)
def test_the_slips_of_the_nomenclature_are_mended_and_flagged(tmp_path, gazetteer, published, code):
    row = one(tmp_path, gazetteer, cod=published)
    assert row["service_type"] == code
    assert "code_corrected" in row["flags"].split(";")


def test_blank_capacity_is_unknown_and_never_zero(tmp_path, gazetteer):
    for text in ("", "_", "0"):
        assert pd.isna(one(tmp_path, gazetteer, capacitate=text)["places_max"])


def test_a_group_that_lost_its_numeral_counts_as_the_whole_group(tmp_path, gazetteer):
    row = one(tmp_path, gazetteer, categorie=["B2.", "B9"])
    assert row["groups"] == "young"
    assert {"group_corrected", "group_unknown"} <= set(row["flags"].split(";"))


def test_no_groups_is_not_known(tmp_path, gazetteer):
    assert pd.isna(one(tmp_path, gazetteer, categorie=[])["groups"])


def test_a_point_of_a_row_without_address_is_the_towns_and_so_are_its_twins(tmp_path, gazetteer):
    services = tidied(tmp_path, gazetteer, {"adresa": ""}, {"name": "Altul"}, {"lat": "46.49"}).services
    assert list(services["position_precision"]) == ["locality", "locality", "address"]


def test_rows_without_name_or_code_and_repeated_ids_are_rejected_with_the_reason(tmp_path, gazetteer):
    done = tidied(tmp_path, gazetteer, {"name": " "}, {"cod": ""}, {"cod": "9999XX"}, {}, {"id": 4})
    assert list(done.rejects["reason"]) == ["missing", "missing", "unknown_code", "duplicate_key"]
    assert list(done.rejects["row"]) == [1, 2, 3, 5]
    assert list(done.services["registry_key"]) == ["4"]


def test_a_row_that_cannot_be_placed_is_rejected_unless_its_address_is_protected(tmp_path, gazetteer):
    nowhere = {"lat": "", "lng": "", "oras": "Nicăieri pe lume"}
    assert list(tidied(tmp_path, gazetteer, nowhere).rejects["reason"]) == ["not_placed"]
    hidden = one(tmp_path, gazetteer, **nowhere, cod="8790CR-VD-I")
    assert (hidden["is_secret"], hidden["position_precision"]) == (True, "none")


def test_a_reject_of_a_protected_row_does_not_say_what_was_found(tmp_path, gazetteer):
    secret = {"name": "Adăpost pentru victimele violenței Parincea", "cod": "8790CR-XX"}
    rejects = tidied(tmp_path, gazetteer, secret, {**secret, "name": ""}).rejects
    assert list(rejects["value"][:1]) == ["(protejat)"]
    assert "Parincea" not in rejects.iloc[0].to_string()


def test_markup_and_formulas_stay_text_and_control_characters_go(tmp_path, gazetteer):
    row = one(
        tmp_path,
        gazetteer,
        name="=HYPERLINK(1)\u0000 <b>x</b>\u202e\ud800",
        furnizor="<script>\nalert(1)",
        adresa="x" * 9999,
    )
    assert row["name"] == "=HYPERLINK(1) <b>x</b>"
    assert row["organization"] == "<script> alert(1)"
    assert len(row["address"]) == 300


def test_rows_alike_are_loaded_and_flagged(tmp_path, gazetteer):
    services = tidied(tmp_path, gazetteer, {}, {}, {"name": "Altul"}).services
    assert ["possible_duplicate" in flags for flags in services["flags"]] == [True, True, False]


def test_an_item_that_is_no_object_is_a_rejected_row(tmp_path, gazetteer):
    path = register(tmp_path, SERVICE, "text", None, [1])
    done = social_register.tidy(social_register.load(path), gazetteer)
    assert (len(done.services), len(done.rejects), done.rows_read) == (1, 3, 4)


@pytest.mark.parametrize("content", ["[]", "{}", '{"providers": []}', '{"providers": 3}', "", "{", "null"])
def test_another_json_is_refused_with_the_files_name(tmp_path, content):
    path = tmp_path / "altceva.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"altceva\.json"):
        social_register.load(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"schools": [], "an": 2017}', "Am găsit: an, schools"),
        ("[1]", "Am găsit: altceva"),
        ('{"providers": []}', "„providers” este goală"),
        ('{"providers": [1, {"nume": "x"}]}', "Am găsit: nume"),
        ('{"providers": [1, 2]}', "Am găsit: nimic"),
    ],
)
def test_what_was_found_instead_is_named(tmp_path, content, said):
    path = tmp_path / "altceva.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises((UnreadableFileError, MissingColumnError), match=said):
        social_register.load(path)


def test_services_without_the_fields_are_refused_with_what_is_missing(tmp_path):
    with pytest.raises(MissingColumnError, match="cod"):
        social_register.load(register(tmp_path, {"id": 1, "name": "x", "jud": "Bacău"}))


words = st.one_of(
    st.text(max_size=15),
    st.sampled_from(
        [
            "Bacău",
            "Parincea",
            "București",
            "8790CR-VD-I",
            "8891CZ-CIII",
            "46,48",
            "27.1",
            "25 /zi",
            "B2.;B1",
            "=1+1",
            "7",
            "nan",
        ]
    ),
)
hostile = st.lists(st.fixed_dictionaries(dict.fromkeys(social_2017.FIELDS.values(), words)), max_size=5)


@pytest.mark.slow
@settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(hostile)
def test_any_rows_end_loaded_or_rejected(gazetteer, records):
    raw = pd.DataFrame(records, columns=list(social_2017.FIELDS.values())).assign(row=range(1, len(records) + 1))
    done = social_register.tidy(RawRegister(raw, social_register.LAYOUT_2017), gazetteer)
    assert len(done.services) + len(done.rejects) == done.rows_read == len(records)
    assert sorted([*done.services["source_row"], *done.rejects["row"]]) == list(range(1, len(records) + 1))
    check_services(done.services)


@pytest.fixture(scope="module")
def real(real_data, gazetteer):
    return social_register.tidy(social_register.load(real_data / "social" / "licensed_services_2017.json"), gazetteer)


def test_the_real_register_is_loaded_but_for_the_row_without_a_code(real):
    check_services(real.services)
    assert (real.rows_read, len(real.services)) == (2186, 2185)
    assert list(real.rejects["reason"]) == ["missing"]
    assert (real.services["position_precision"] != "none").all()


def test_the_real_register_has_its_codes_capacities_and_groups_read(real):
    flags = real.services["flags"].str.split(";").explode()
    assert (flags == "code_corrected").sum() == 102
    assert (flags == "capacity_range").sum() == 1
    assert (flags == "capacity_unread").sum() == 0
    assert real.services["places_max"].isna().sum() == 121
    assert real.services["capacity_unit"].value_counts().to_dict() == {"places": 2034, "per_day": 26, "per_month": 4}


def test_the_real_shelters_are_secret_35_by_code_and_9_by_name(real):
    secret = real.services[real.services["is_secret"]]
    by_code = secret["service_type"].str.match(r"8790CR-(VD|VTP)-")
    assert (by_code.sum(), (~by_code).sum()) == (35, 9)


def test_real_points_that_disagree_with_their_row_are_flagged_and_not_taken_for_the_address(real):
    flags = real.services["flags"]
    moved = flags.str.contains("county_mismatch|far_from_locality")
    assert 10 <= moved.sum() <= 40
    assert set(real.services.loc[moved, "position_precision"]) <= {"locality", "uat"}


def test_with_the_real_boundaries_the_real_rows_in_another_county_are_flagged(real_data, gazetteer):
    index = area_index(boundaries.load(real_data / "boundaries" / "uat_2021.geojson").rows)
    drawn = Gazetteer(gazetteer.counties, gazetteer.uats, gazetteer.localities, lambda: index)
    raw = social_register.load(real_data / "social" / "licensed_services_2017.json")
    services = social_register.tidy(raw, drawn).services.set_index("registry_key")
    own = raw.table.set_index("key").loc[services.index]
    polygon = index.county_at(own["lat"].astype(float), own["lon"].astype(float))
    stated = own["county"].map(drawn.county_code)
    elsewhere = [here is not None and here != said for here, said in zip(polygon, stated, strict=True)]
    flagged = services["flags"].str.contains("county_mismatch")
    assert list(flagged) == elsewhere
    assert flagged.sum() == 18
    assert set(services.loc[flagged, "position_precision"]) <= {"locality", "uat"}
    assert services.loc[flagged, "county"].equals(stated[flagged].astype("str").rename("county"))
