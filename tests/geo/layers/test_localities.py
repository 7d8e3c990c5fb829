"""Points of localities: what is mended, what is kept without a point, what is refused."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MissingColumnError, UnreadableFileError
from geo.gazetteer import siruta
from geo.layers import localities
from tests.worlds.examples import examples

REGISTER = siruta.load().localities


def tidy(*rows):
    raw = pd.DataFrame(rows, columns=["siruta", "name", "lat", "lon"], dtype="str")
    return localities.tidy(raw.assign(row=range(1, len(rows) + 1)), REGISTER)


def test_the_real_file_is_kept_whole_seven_without_a_point(real_data):
    layer = localities.load(real_data / "settlements" / "localities_2013.csv")
    assert layer.rows_read == len(layer.rows) == 13_755
    assert layer.rejects.empty
    assert layer.rows["lat"].isna().sum() == 7
    assert layer.notes == ("7 localități fără coordonate: primesc mijlocul unității",)
    assert set(layer.rows["locality_siruta"]) == set(REGISTER["locality_siruta"])


def test_few_real_points_lie_far_outside_their_uat(real_data, real_boundaries):
    from geo.spatial.areas import area_index

    layer = localities.load(real_data / "settlements" / "localities_2013.csv")
    placed = layer.rows[layer.rows["lat"].notna()]
    found = area_index(real_boundaries.rows).uat_at(placed["lat"], placed["lon"])
    assert (found != placed["uat_siruta"].to_numpy(object)).mean() == pytest.approx(0.014, abs=0.001)


def test_a_decimal_comma_is_mended_and_said():
    layer = tidy(("1026", "ALBA IULIA", "46,0694", "23,5736"))
    assert layer.rows[["lat", "lon"]].iloc[0].tolist() == [46.0694, 23.5736]
    assert layer.notes == ("1 rând cu virgulă zecimală, citit cu punct",)


@pytest.mark.parametrize(
    ("lat", "lon", "reason", "words"),
    [
        ("23.57", "46.07", "bad_position", "inversate"),
        ("48.85", "2.35", "bad_position", "nu este în România"),
        ("46.07", "", "missing", "lipsește"),
        ("nord", "23.57", "bad_number", "46.0695"),
        ("46.069.475", "23.57", "bad_number", "46.0695"),
        ("460694", "23.57", "bad_number", "46.0695"),
        ("nan", "inf", "bad_number", "46.0695"),
    ],
)
def test_a_wrong_point_is_refused_in_words(lat, lon, reason, words):
    layer = tidy(("1026", "", lat, lon), ("1035", "", "46.1", "23.6"))
    assert layer.rejects["row"].tolist() == [1]
    assert layer.rejects["reason"].iloc[0] == reason
    assert words in layer.rejects["message"].iloc[0]
    assert len(layer.rows) == 1


def test_unknown_and_repeated_codes_are_refused():
    layer = tidy(
        ("1026", "", "46.1", "23.6"),
        ("1026", "", "46.1", "23.6"),
        ("1017", "", "46.1", "23.6"),
        ("", "", "46.1", "23.6"),
    )
    assert layer.rejects["reason"].tolist() == ["duplicate_key", "unknown_code", "unknown_code"]


def test_a_name_that_is_not_sirutas_is_counted():
    assert tidy(("1026", "BĂLGRAD", "46.1", "23.6")).notes == ("1 nume diferă de SIRUTA; s-a luat cel din SIRUTA",)


def test_a_file_is_read_with_its_titles_in_any_order(tmp_path):
    path = tmp_path / "puncte.csv"
    path.write_bytes("Longitudine;Latitudine;Cod SIRUTA;Denumire\n23,57;46,07;1026;Alba Iulia\n".encode("cp1250"))
    layer = localities.load(path)
    assert layer.rows[["locality_siruta", "lat", "lon"]].to_numpy().tolist() == [[1026, 46.07, 23.57]]


def test_a_file_without_coordinates_is_refused_by_name(tmp_path):
    path = tmp_path / "puncte.csv"
    path.write_text("siruta,denumire\n1026,Alba Iulia\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match=r"puncte\.csv.*lat"):
        localities.load(path)
    path.write_bytes(b"")
    with pytest.raises(UnreadableFileError, match=r"puncte\.csv"):
        localities.load(path)


cell = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "1026", "1035", "46.07", "46,07", "23.57", "1e3", "-0", "NaN"]),
    st.floats().map(str),
)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(cell, cell, cell, cell), max_size=8))
def test_rows_in_are_rows_loaded_and_rows_refused_whatever_comes(rows):
    layer = tidy(*rows)
    assert layer.rows_read == len(rows) == len(layer.rows) + len(layer.rejects)
    assert sorted([*layer.rows["source_row"], *layer.rejects["row"]]) == list(range(1, len(rows) + 1))
    assert layer.rows["locality_siruta"].is_unique
