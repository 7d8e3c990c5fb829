"""Lists of communities: read, and refused row by row."""

from __future__ import annotations

import pandas as pd
import pytest

from core.errors import MissingColumnError
from core.resources import DATA
from geo.gazetteer.gazetteer import load_gazetteer
from geo.layers import community_list


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer()


def listed(gazetteer, *rows):
    return community_list.tidy(pd.DataFrame(list(rows)).fillna("").assign(row=range(1, len(rows) + 1)), gazetteer)


def test_rows_in_are_rows_loaded_and_rows_refused(gazetteer):
    found = listed(
        gazetteer,
        {"name": "Parincea", "county": "Bacău"},
        {"siruta": "24034", "status": "inventată"},
        {"siruta": "24187", "status": "poate"},
        {"name": "Nicăieri", "county": "Bacău"},
    )
    assert found.rows["status"].tolist() == ["confirmed", "invented"]
    assert found.rejects["reason"].tolist() == ["unknown_code", "unknown_name"]
    assert found.rows_read == len(found.rows) + len(found.rejects)


def test_a_list_without_a_key_is_refused_whole(gazetteer, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Județ,Stare\nBacău,confirmat\n", "utf-8")
    with pytest.raises(MissingColumnError):
        community_list.load(path, gazetteer)


def test_the_embedded_known_list_holds_the_nine_published_communities_and_three_more(gazetteer, real_data):
    ours = community_list.load(DATA / "atlas" / "communities_known.csv", gazetteer)
    published = community_list.load(real_data / "communities" / "known_2019.csv", gazetteer)
    assert published.rejects.empty
    assert len(ours.rows) == 12
    more = set(ours.rows["uat_siruta"]) - set(published.rows["uat_siruta"])
    assert set(ours.rows.loc[ours.rows["uat_siruta"].isin(more), "name"]) == {"Parincea", "Parava", "Pâncești"}
    assert (ours.rows["source"] != "").all()
