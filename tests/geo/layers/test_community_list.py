"""Lists of communities: read, refused row by row, and held to what their version promises."""

from __future__ import annotations

import pandas as pd
import pytest

from core.errors import MissingColumnError, UnknownCodeError
from core.resources import DATA
from geo.gazetteer.gazetteer import load_gazetteer
from geo.layers import community_list
from geo.layers.community_list import Promises


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


def test_a_list_of_another_count_says_so(gazetteer):
    two = listed(gazetteer, {"siruta": "24034"}, {"siruta": "39168"}).rows
    promises = Promises("x", "Lista", communities=3, towns=1, communes=1, counties=1)
    breaches = community_list.check(two, promises)
    assert breaches[["promise", "expected", "found"]].values.tolist() == [
        ["communities", "3", "2"],
        ["counties", "1", "2"],
    ]


def test_a_commune_of_another_class_or_outside_the_atlas_is_named(gazetteer):
    two = listed(gazetteer, {"siruta": "24034"}, {"siruta": "24089"}, {"siruta": "39168"}).rows
    atlas = pd.DataFrame({"uat_siruta": [24034], "atlas_class": pd.array([2], "Int64")})
    breaches = community_list.check(two, Promises("x", "Lista", rural_classes=(3, 4)), atlas=atlas)
    assert breaches["where"].tolist() == ["Parava, BC", "Parincea, BC"]
    assert breaches["found"].tolist() == ["2", ""]


@pytest.mark.parametrize(("version", "count"), [("contract", 139), ("documents-137", 137), ("documents-116", 116)])
def test_every_known_version_has_its_count(version, count):
    assert community_list.load_promises(version).communities == count


def test_an_unknown_version_is_refused_with_the_known_ones():
    with pytest.raises(UnknownCodeError, match="contract"):
        community_list.load_promises("140")


def test_the_embedded_known_list_holds_the_nine_published_communities_and_three_more(gazetteer, real_data):
    ours = community_list.load(DATA / "atlas" / "communities_known.csv", gazetteer)
    published = community_list.load(real_data / "communities" / "known_2019.csv", gazetteer)
    assert published.rejects.empty
    assert len(ours.rows) == 12
    more = set(ours.rows["uat_siruta"]) - set(published.rows["uat_siruta"])
    assert set(ours.rows.loc[ours.rows["uat_siruta"].isin(more), "name"]) == {"Parincea", "Parava", "Pâncești"}
    assert (ours.rows["source"] != "").all()
