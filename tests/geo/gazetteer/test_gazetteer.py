"""Finding places by what people type, by code and by coordinates."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AmbiguousPlaceError, UnknownPlaceError
from core.storage.editions import EditionStore, Manifest, Source, edition_name
from core.storage.home import make_home
from core.text import fold
from geo.gazetteer import siruta
from geo.gazetteer.gazetteer import Gazetteer, load_gazetteer
from geo.gazetteer.settlement_points import with_points
from geo.gazetteer.typed_place import plain
from geo.spatial.crs import geodesic_m

PARINCEA, TARGU_MURES, STEFANESTI_BT, RAUSENI, CLUJ_NAPOCA = 24098, 114328, 39177, 38688, 54984


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Parincea", PARINCEA),
        ("PARINCEA", PARINCEA),
        ("  parincea ", PARINCEA),
        ("Parincea, Bacău", PARINCEA),
        ("parincea bacau", PARINCEA),
        ("Parincea (BC)", PARINCEA),
        ("Parincea, jud. Bacău, România", PARINCEA),
        ("com. Parincea, județul Bacău", PARINCEA),
        ("comuna parincea judetul bacau", PARINCEA),
        ("jud. Bacău, com. Parincea", PARINCEA),
        ("bacau parincea", PARINCEA),
        ("targu mures", TARGU_MURES),
        ("Târgu Mureş", TARGU_MURES),
        ("Tîrgu Mureș", TARGU_MURES),
        ("Tirgu-Mures", TARGU_MURES),
        ("tg. mures", TARGU_MURES),
        ("municipiul Târgu Mureș", TARGU_MURES),
        ("Stefanesti Botosani", STEFANESTI_BT),
        ("oraș Ștefănești, Botoșani", STEFANESTI_BT),
        ("rauseni bt", RAUSENI),
        ("Cluj Napoca", CLUJ_NAPOCA),
        ("clujnapoca", CLUJ_NAPOCA),
        ("sector 3", 179169),
        ("Sectorul 3, București", 179169),
        ("bucuresti sector 3", 179169),
        ("Sfântu Gheorghe, Covasna", 63401),
        ("George Enescu", 37404),  # the commune: its seat is Dumeni
    ],
)
def test_a_place_is_found_as_people_type_it(gazetteer, typed, code):
    assert gazetteer.resolve(typed).locality_siruta == code


def test_bucharest_is_the_municipality_as_a_whole(gazetteer):
    place = gazetteer.resolve("București")
    assert (place.locality_siruta, place.uat_siruta, place.county, place.precision) == (None, 179132, "B", "uat")
    assert geodesic_m(44.43, 26.10, place.lat, place.lon)[0] < 5_000


def test_several_places_of_one_name_are_asked_back_with_their_counties(gazetteer):
    with pytest.raises(AmbiguousPlaceError, match="Alegeți una") as asked:
        gazetteer.resolve("Ștefănești")
    assert asked.value.choices[:3] == (
        "Ștefănești, județul Argeș",
        "Ștefănești, județul Botoșani",
        "Ștefănești, județul Vâlcea",
    )


def test_a_county_seat_is_preferred_and_other_namesakes_are_still_listed(gazetteer):
    assert gazetteer.resolve("Călărași").county == "CL"
    assert {m.place.county for m in gazetteer.find("Călărași")} >= {"CL", "BT", "CJ", "DJ"}


def test_the_seat_of_a_commune_is_preferred_over_villages_of_its_name(gazetteer):
    place = gazetteer.resolve("Nicolae Bălcescu, Călărași")
    assert place.label == "Nicolae Bălcescu, județul Călărași"


def test_a_village_is_told_by_its_commune(gazetteer):
    place = gazetteer.resolve("Nănești, comuna Parincea, județul Bacău")
    assert (place.name, place.uat_siruta) == ("Nănești", 24089)
    assert place.label == "Nănești, comuna Parincea, județul Bacău"


def test_the_right_name_in_the_wrong_county_is_not_guessed_but_suggested(gazetteer):
    with pytest.raises(UnknownPlaceError, match="Poate ați vrut") as refused:
        gazetteer.resolve("Parincea, Vaslui")
    assert refused.value.choices == ("Parincea, județul Bacău",)


@pytest.mark.parametrize("typed", ["", "  ", "qwzxj", "<script>alert(1)</script>", ", ,", "jud. Bacău", "٣"])
def test_what_is_no_place_is_refused_in_words(gazetteer, typed):
    with pytest.raises(UnknownPlaceError, match="Nu am găsit"):
        gazetteer.resolve(typed)


def test_every_label_is_unique_and_leads_back_to_its_place(gazetteer):
    labels = [gazetteer.by_siruta(c).label for c in gazetteer.localities["locality_siruta"]]
    assert len(set(labels)) == len(labels)
    some = gazetteer.localities["locality_siruta"].sample(400, random_state=2)
    for code in some:
        place = gazetteer.by_siruta(code)
        assert gazetteer.resolve(place.label) == place


def test_a_county_given_apart_narrows_the_search(gazetteer):
    found = gazetteer.find("Ștefănești", county="VL")
    assert {m.place.county for m in found} == {"VL"}
    assert gazetteer.find("Ștefănești, Botoșani", county="VL") == []


def obvious_search(gazetteer, name):
    """Every locality, and the seat of every UAT, whose folded name is the one typed: one by one."""
    wanted = {fold(name), plain(name)}
    found = {
        row.locality_siruta
        for row in gazetteer.localities.itertuples()
        if row.type != "sector" and wanted & {fold(row.name), plain(row.name)}
    }
    for row in gazetteer.uats.itertuples():
        if row.kind != "sector" and row.uat_siruta != siruta.BUCHAREST and wanted & {fold(row.name), plain(row.name)}:
            found.add(int(row.seat_locality_siruta))
    return found


@pytest.mark.parametrize(
    "name", ["Ștefănești", "Călărași", "Valea Mare", "Slobozia", "Cuza Vodă", "Târgu Neamț", "Bala"]
)
def test_the_index_finds_what_going_through_all_names_finds(gazetteer, name):
    exact = {m.place.locality_siruta for m in gazetteer.find(name, limit=500) if m.how == "exact" and m.score == 100}
    assert exact == obvious_search(gazetteer, name)


@given(text=st.text(max_size=60))
def test_no_text_makes_the_search_fail(gazetteer, text):
    found = gazetteer.find(text)
    assert len(found) <= 8
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    with suppress(UnknownPlaceError, AmbiguousPlaceError):
        assert gazetteer.resolve(text).county


@given(st.data())
def test_a_name_with_one_wrong_letter_still_leads_to_its_place(gazetteer, data):
    names = gazetteer.localities.loc[gazetteer.localities["name"].str.len() >= 8]
    row = names.iloc[data.draw(st.integers(0, len(names) - 1))]
    at = data.draw(st.integers(1, len(row["name"]) - 1))
    typed = row["name"][:at] + data.draw(st.sampled_from("xqw")) + row["name"][at + 1 :]
    codes = {m.place.locality_siruta for m in gazetteer.find(typed, county=row["county"], limit=500)}
    assert row["locality_siruta"] in codes


@pytest.mark.parametrize("typed", ["parin", "targu m", "stef", "cluj", "bucures"])
def test_suggestions_begin_with_what_is_typed(gazetteer, typed):
    begins = [plain(p.name).startswith(typed) for p in gazetteer.suggest(typed)]
    assert begins[0]
    assert begins == sorted(begins, reverse=True)  # what sounds like it comes after


def test_suggestions_come_while_typing():
    fresh = load_gazetteer(None)
    for typed in ("p", "pa", "par", "pari"):
        assert 0 < len(fresh.suggest(typed)) <= 8
    assert "Parincea" in [place.name for place in fresh.suggest("pari")]
    assert fresh.suggest("qwertyuiop") == []


def test_codes_of_localities_and_of_uats_are_places(gazetteer):
    assert gazetteer.resolve("24098") == gazetteer.resolve("24089") == gazetteer.by_siruta(PARINCEA)
    with pytest.raises(UnknownPlaceError, match="SIRUTA 12 "):
        gazetteer.resolve("12")


def test_place_of_prefers_the_locality_to_the_uat(gazetteer):
    assert gazetteer.place_of(locality_siruta=24132, uat_siruta=24089).name == "Nănești"
    assert gazetteer.place_of(uat_siruta=24089).name == "Parincea"


@pytest.mark.parametrize(
    "typed", ["46.46,27.09", "46.46 27.09", "46,46; 27,09", "46,46 27,09", "46,46,27,09", "46.46° N, 27.09° E"]
)
def test_coordinates_are_a_place_with_point_or_comma(gazetteer, typed):
    place = gazetteer.resolve(typed)
    assert (place.lat, place.lon, place.precision) == (46.46, 27.09, "point")
    assert (place.county, place.label[:20]) == ("BC", "un punct aproape de ")


def test_swapped_coordinates_are_refused_with_the_right_order(gazetteer):
    with pytest.raises(UnknownPlaceError, match=r"inversate.*46\.46, 27\.09"):
        gazetteer.resolve("27.09, 46.46")


@pytest.mark.parametrize("typed", ["48.85, 2.35", "47.02, 28.85", "0, 0", "-46.46, 27.09"])
def test_points_outside_the_country_are_refused(gazetteer, typed):
    with pytest.raises(UnknownPlaceError, match="nu este în România"):
        gazetteer.resolve(typed)


@given(st.floats(43.7, 48.2), st.floats(20.5, 29.5))
def test_the_nearest_locality_is_the_one_with_the_fewest_metres(gazetteer, lat, lon):
    known = gazetteer.localities[gazetteer.localities["precision"] == "locality"]
    metres = geodesic_m(lat, lon, known["lat"], known["lon"])
    near = gazetteer.nearest_locality(lat, lon)
    assert geodesic_m(lat, lon, near.lat, near.lon)[0] == pytest.approx(metres.min())


def test_without_boundaries_the_county_of_a_point_is_that_of_the_nearest_locality(gazetteer):
    found = gazetteer.county_at([46.46, 44.43, 47.02, np.nan], [27.09, 26.10, 28.85, 20.0])
    assert found.tolist() == ["BC", "B", None, None]
    assert gazetteer.uat_at(46.46, 27.09) is None


def test_with_boundaries_the_polygon_decides(gazetteer, real_boundaries):
    from geo.spatial.areas import area_index

    bounded = Gazetteer(
        gazetteer.counties, gazetteer.uats, gazetteer.localities, lambda: area_index(real_boundaries.rows)
    )
    assert bounded.uat_at(46.46, 27.09) == 24089
    assert bounded.uat_at(44.42, 26.10) == 179178
    assert bounded.uat_at(47.02, 28.85) is None
    assert bounded.county_at([46.46, 47.02], [27.09, 28.85]).tolist() == ["BC", None]
    assert bounded.resolve("46.46, 27.09").uat_siruta == 24089


def test_points_of_a_home_come_before_the_embedded_ones(real_data, gazetteer):
    from geo.layers import localities

    layer = localities.load(real_data / "settlements" / "localities_2013.csv")
    placed = with_points(siruta.load(), [layer.rows])
    by_precision = placed.localities["precision"].value_counts().to_dict()
    assert by_precision == {"locality": 13_748, "uat": 7}
    culmea = placed.localities.set_index("locality_siruta").loc[63349]
    siblings = layer.rows[(layer.rows["uat_siruta"] == 60687) & layer.rows["lat"].notna()]
    assert culmea["lat"] == pytest.approx(siblings["lat"].mean())


def test_without_any_points_places_are_still_found(gazetteer):
    bare = with_points(siruta.load(), [])
    nowhere = Gazetteer(bare.counties, bare.uats, bare.localities)
    assert np.isnan(nowhere.resolve("Parincea").lat)


def test_every_place_of_the_embedded_gazetteer_has_a_point_in_romania(gazetteer):
    from geo.spatial.crs import in_romania

    assert in_romania(gazetteer.localities["lat"], gazetteer.localities["lon"]).all()
    assert in_romania(gazetteer.uats["lat"], gazetteer.uats["lon"]).all()


def publish(home, kind, layer):
    store = EditionStore(home)
    source = Source(title="test", synthetic=True)
    manifest = Manifest(
        kind=kind,
        edition=edition_name("2021-12-23", "0" * 64),
        as_of="2021-12-23",
        imported_at="2026-01-01T00:00:00+00:00",
        source=source,
        file="file",
        sha256="0" * 64,
        rows_read=layer.rows_read,
        rows_loaded=len(layer.rows),
        rows_rejected=len(layer.rejects),
    )
    store.publish(store.stage(manifest, {kind: layer.rows, "rejects": layer.rejects, **layer.others}))


def test_a_home_brings_its_own_points_and_boundaries(tmp_path, real_data, real_boundaries):
    from geo.layers import localities

    home = make_home("live", tmp_path / "home")
    publish(home, "localities", localities.load(real_data / "settlements" / "localities_2013.csv"))
    publish(home, "boundaries", real_boundaries)
    imported = load_gazetteer(home)
    assert (imported.localities["precision"] == "locality").sum() == 13_755  # 7 of them embedded ones
    assert imported.uat_at(46.46, 27.09) == 24089
    assert imported.county_at([47.02], [28.85])[0] is None


LOADING = """
import sys
import numpy, pandas
from geo.gazetteer.gazetteer import load_gazetteer
load_gazetteer(None)
print("geopandas" in sys.modules, "scipy" in sys.modules)
"""


def test_loading_needs_neither_geopandas_nor_scipy():
    root = Path(siruta.__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", LOADING], cwd=root, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]
