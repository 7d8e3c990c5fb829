import numpy as np
import pandas as pd
import pytest

from core.errors import UnreadableFileError
from providers.authorities.authorities import (
    derive,
    kinds,
    without_registered,
)
from providers.authorities.authority_imports import with_imported
from providers.rules import taxonomy
from providers.rules.help_tables.known_kinds import known_kinds
from providers.rules.help_tables.service_names import lines_of_hospital
from providers.rules.needs import need_answers
from providers.rules.schema import check_services, services_table
from tests.worlds.files.hand_kept import change, copies
from tests.worlds.homes.protected_world import COUNTIES, three_counties

NOT_IN_THE_ACT = {151503, 178938}
PARINCEA, BACAU, SECTOR_2, BUCHAREST = 24178, 20297, 179150, 179132
ALL_COUNTIES = (
    "AUT-AJPIS",
    "AUT-DSP",
    "AUT-CJAS",
    "AUT-CJP",
    "AUT-AJOFM",
    "AUT-CJRAE",
    "AUT-ISJ",
    "AUT-PROB",
    "AUT-BAR",
    "AUT-IGI",
    "AUT-SPCJEP",
    "AUT-ISU",
    "AUT-SML",
)


@pytest.fixture(scope="module")
def authorities(gazetteer):
    return derive(gazetteer)


@pytest.fixture(scope="module")
def parincea(gazetteer) -> int:
    return gazetteer.resolve("Parincea, Bacău").uat_siruta


def imported(**cells: object) -> pd.DataFrame:
    row = {
        "service_id": "authority:oficii:own",
        "registry": "authority",
        "registry_key": "own",
        "name": "X",
        "organization": "X",
        "lat": np.nan,
        "lon": np.nan,
    }
    return services_table([{**row, "source_row": 1, **cells}])


def test_the_list_keeps_the_common_schema(authorities):
    pd.testing.assert_frame_equal(check_services(authorities), authorities)


def test_every_type_of_authority_is_derived_and_answers_needs(authorities):
    ours = {code for code, kind in taxonomy.service_types().items() if kind.registry == "authority"}
    assert set(authorities["service_type"]) == {kind.service_type for kind in kinds()}
    # Of those whose seats no list or law gives, the answer says how they are reached.
    assert ours - set(authorities["service_type"]) <= set(known_kinds())
    assert ours <= {row.service_type for rows in need_answers().values() for row in rows}


@pytest.mark.parametrize("kind", ["AUT-SPAS", "AUT-PRIM"])
def test_each_of_the_3181_units_and_6_sectors_has_one(authorities, gazetteer, kind):
    own = authorities[authorities["service_type"] == kind]
    # In Bucharest social assistance is the sectors' business; the municipality has a town hall.
    places = set(gazetteer.uats["uat_siruta"]) - ({BUCHAREST} if kind == "AUT-SPAS" else set())
    assert sorted(own["uat_siruta"]) == sorted(places)


@pytest.mark.parametrize("kind", ALL_COUNTIES)
def test_each_of_the_42_counties_has_one(authorities, gazetteer, kind):
    own = authorities[authorities["service_type"] == kind]
    assert sorted(own["county_served"]) == sorted(gazetteer.counties["county"])


def test_child_protection_is_the_county_s_and_in_bucharest_the_sector_s(authorities):
    own = authorities[authorities["service_type"] == "AUT-DGASPC"]
    assert len(own) == 41 + 6
    assert (own[own["county_served"] == "B"]["service_area"] == "own_uat").all()


def test_every_place_has_every_kind_of_office(authorities, gazetteer):
    served = {kind: set() for kind in authorities["service_type"].unique()}
    county_of = dict(zip(gazetteer.uats["uat_siruta"], gazetteer.uats["county"], strict=True))
    for kind, area, uat, county, listed in zip(
        authorities["service_type"], authorities["service_area"], authorities["uat_siruta"],
        authorities["county_served"], authorities["areas_served"], strict=True,
    ):  # fmt: skip
        if area == "own_uat":
            served[kind].add(uat)
        elif area == "county":
            served[kind] |= {code for code, letters in county_of.items() if letters == county}
        elif area == "nation":
            served[kind] |= set(county_of)
        else:
            served[kind] |= {int(code) for code in listed.split(";")} if isinstance(listed, str) else set()
    communes = set(gazetteer.uats.loc[~gazetteer.uats["is_urban"], "uat_siruta"])
    # The municipality's are its sectors'; two communes stand in no court's territory of HG 1217/2023, and no list here
    # says which papers office serves a commune.
    unlisted = {"AUT-COURT": NOT_IN_THE_ACT, "AUT-SPCLEP": communes}
    for kind, places in served.items():
        assert set(county_of) - places <= {BUCHAREST} | unlisted.get(kind, set()), kind


def office(authorities: pd.DataFrame, service_type: str, **where: object) -> dict[str, object]:
    """The one office of a type for a UAT or a county."""
    found = authorities[authorities["service_type"] == service_type]
    for column, value in where.items():
        found = found[found[column] == value]
    (row,) = found.to_dict("records")
    return row


def serving(authorities: pd.DataFrame, service_type: str, uat_siruta: int) -> dict[str, object]:
    """The one office of a type that serves listed UATs, this among them."""
    listed = (
        authorities["areas_served"].fillna("").astype("str").str.split(";").map(lambda codes: str(uat_siruta) in codes)
    )
    return office(authorities[listed & (authorities["service_area"] == "listed")], service_type)


def test_a_commune_s_town_hall_has_its_name(authorities, parincea):
    assert office(authorities, "AUT-PRIM", uat_siruta=parincea)["name"] == "Primăria comunei Parincea"


def test_bucharest_has_offices_of_each_sector_and_of_the_municipality(authorities):
    assert office(authorities, "AUT-PRIM", uat_siruta=SECTOR_2)["name"] == "Primăria Sectorului 2"
    assert office(authorities, "AUT-PRIM", uat_siruta=BUCHAREST)["name"] == "Primăria municipiului București"
    assert authorities["name"].str.startswith("DGASPC Sectorul").sum() == 6


def test_ilfov_s_offices_sit_in_bucharest_serve_ilfov_and_say_that_this_is_assumed(authorities, gazetteer):
    row = office(authorities, "AUT-AJOFM", county_served="IF")
    assert (row["county"], row["county_served"], row["locality"]) == ("B", "IF", "București")
    assert "seat_assumed" in row["flags"]
    others = authorities[authorities["county_served"] != "IF"]
    assert not others["flags"].str.contains("seat_assumed").any()


def test_a_commune_has_no_office_for_papers_until_a_list_says_which_serves_it(authorities, parincea):
    papers = authorities[authorities["service_type"] == "AUT-SPCLEP"]
    assert (papers["service_area"] == "own_uat").all()
    assert parincea not in set(papers["uat_siruta"])


def test_a_town_s_own_office_for_papers_is_not_an_assumption(authorities, gazetteer):
    row = office(authorities, "AUT-SPCLEP", uat_siruta=BACAU, service_area="own_uat")
    assert row["uat_siruta"] == BACAU


def test_contacts_are_empty_and_every_row_says_so(authorities):
    assert authorities[["phone", "email", "address", "website", "hours"]].isna().all(axis=None)
    assert authorities["flags"].str.contains("no_contact").all()


def test_every_office_has_its_seat_s_point(authorities):
    assert (authorities["position_precision"] == "uat").all()
    assert np.isfinite(authorities[["lat", "lon"]].to_numpy()).all()


def test_deriving_twice_gives_the_same_list_and_leaves_the_gazetteer_alone(gazetteer, authorities):
    before = gazetteer.uats.copy()
    pd.testing.assert_frame_equal(derive(gazetteer), authorities)
    pd.testing.assert_frame_equal(gazetteer.uats, before)


def test_an_office_that_a_register_lists_is_not_shown_twice(authorities):
    services = pd.DataFrame(
        {
            "service_type": ["EMP-AJOFM", "EMP-AJOFM"],
            "name": ["X", "X"],
            "county": ["BC", "B"],
            "county_served": [None, "IF"],
        }
    )
    left = without_registered(authorities, services)
    gone = set(authorities["service_id"]) - set(left["service_id"])
    assert gone == {"authority:oficii:AJOFM-BC", "authority:oficii:AJOFM-IF"}


@pytest.mark.parametrize(
    ("name", "is_it"),
    [("Spitalul Judetean de Urgență Slatina", True), ("Spitalul Orășenesc Caracal", False)],
)
def test_the_county_hospital_stands_once_where_a_register_lists_it_under_its_name(authorities, name, is_it):
    row = {"service_type": ["MED-HOSP"], "name": [name], "county": ["OT"], "county_served": [None]}
    left = without_registered(authorities, pd.DataFrame(row))
    gone = set(authorities["service_id"]) - set(left["service_id"])
    assert gone == ({"authority:oficii:MED-HOSP-OT"} if is_it else set())


def test_each_county_has_its_county_hospital_with_an_emergency_room_and_a_maternity(authorities, gazetteer):
    rooms = authorities[authorities["service_type"] == "MED-HOSP"]
    assert all("emergency" in lines_of_hospital(name) for name in rooms["name"])
    assert all("obstetrics" in lines_of_hospital(name) for name in rooms.loc[rooms["county_served"] != "B", "name"])
    assert sorted(rooms["county_served"]) == sorted(gazetteer.counties["county"])
    assert set(rooms["service_area"]) == {"nation"}, "an emergency room takes whoever comes"


def test_imported_contacts_fill_the_office_of_the_same_commune(authorities):
    row = imported(service_type="AUT-SPAS", uat_siruta=BACAU, county="BC", phone="0234 000 000")
    table = with_imported(authorities, row).set_index("service_id")
    assert len(table) == len(authorities)
    office = table.loc[f"authority:oficii:SPAS-{BACAU}"]
    assert (office["phone"], office["flags"]) == ("0234 000 000", "")
    assert table.loc[f"authority:oficii:PRIM-{BACAU}", "flags"] == "no_contact"


def test_imported_contacts_of_a_county_office_leave_its_seat_unless_an_address_is_known(authorities, gazetteer):
    row = {"service_type": "AUT-DSP", "county": "BC", "email": "contact@example.org", "lat": 46.0, "lon": 27.0}
    loose = with_imported(authorities, imported(**row, position_precision="uat")).set_index("service_id")
    exact = with_imported(authorities, imported(**row, position_precision="address")).set_index("service_id")
    seat = authorities.set_index("service_id").loc["authority:oficii:DSP-BC"]
    assert loose.loc["authority:oficii:DSP-BC", "lat"] == seat["lat"]
    assert exact.loc["authority:oficii:DSP-BC", "lat"] == 46.0
    assert exact.loc["authority:oficii:DSP-BC", "email"] == "contact@example.org"


def test_an_imported_office_of_a_commune_stands_beside_those_of_the_towns(authorities, gazetteer, parincea):
    row = imported(service_type="AUT-SPCLEP", uat_siruta=parincea, county="BC", service_area="own_uat")
    table = check_services(with_imported(authorities, row))
    assert office(table, "AUT-SPCLEP", uat_siruta=parincea)["service_id"] == "authority:oficii:own"
    assert len(table) == len(authorities) + 1


def test_an_imported_office_for_listed_communes_takes_them_all(authorities, gazetteer, parincea):
    row = imported(
        service_type="AUT-SPCLEP",
        uat_siruta=BACAU,
        county="BC",
        service_area="listed",
        areas_served=f"{parincea};{BACAU}",
    )
    table = with_imported(authorities, row)
    assert serving(table, "AUT-SPCLEP", parincea)["service_id"] == "authority:oficii:own"


def test_what_was_imported_says_from_which_edition(authorities):
    row = imported(service_type="AUT-SPAS", uat_siruta=BACAU, county="BC", phone="0234 000 000").assign(edition="E2")
    table = with_imported(authorities.assign(edition="law"), row).set_index("service_id")["edition"]
    assert table[f"authority:oficii:SPAS-{BACAU}"] == "E2"
    assert table[f"authority:oficii:PRIM-{BACAU}"] == "law"


def test_importing_nothing_changes_nothing(authorities):
    nothing = services_table([]).astype(authorities.dtypes.to_dict())
    pd.testing.assert_frame_equal(with_imported(authorities, nothing), authorities)


def test_a_specialist_changes_whom_an_office_serves_by_editing_one_row(tmp_path, gazetteer):
    folder = copies(tmp_path)
    change(folder, "authority_kinds", "AUT-PROB", name="Probațiune {county}")
    names = derive(gazetteer, folder).set_index("service_id")["name"]
    assert names["authority:oficii:PROB-BC"] == "Probațiune Bacău"
    change(folder, "authority_kinds", "AUT-DSP", seat="the moon")
    with pytest.raises(UnreadableFileError, match="coloana seat"):
        kinds.__wrapped__(folder)


def test_a_slip_in_the_list_of_courts_names_its_row_and_is_never_passed_over(tmp_path, gazetteer):
    for column, cell in (("seat_siruta", "5"), ("areas_served", "1213;5")):
        folder = copies(tmp_path)
        change(folder, "court_areas", "Judecătoria Aiud", **{column: cell})
        with pytest.raises(UnreadableFileError, match=f"court_areas.csv, rândul 1, coloana {column}"):
            derive(gazetteer, folder)


def test_a_gazetteer_of_some_counties_has_the_courts_of_these(gazetteer):
    courts = derive(three_counties(gazetteer)).query("service_type == 'AUT-COURT'")
    assert set(courts["county"]) == set(COUNTIES)
    whole = derive(gazetteer).query("service_type == 'AUT-COURT' and county in @COUNTIES")
    assert sorted(courts["service_id"]) == sorted(whole["service_id"])
