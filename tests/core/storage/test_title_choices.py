"""What people said of titles is remembered for the next edition of the same source."""

from __future__ import annotations

import pytest

from core.errors import HomeError
from core.storage.home import make_home
from core.storage.title_choices import FILE, remember_titles, remembered_titles


def test_choices_are_kept_by_kind_and_source_and_a_later_one_takes_the_place(tmp_path):
    home = make_home("live", tmp_path / "home")
    assert remembered_titles(home, "social") == {}
    remember_titles(home, "social", {"Zona": "county", "Obs.": "-"})
    remember_titles(home, "social", {"Zona": "uat"})
    remember_titles(home, "social", {"Zona": "locality"}, "dgaspc-nt")
    assert remembered_titles(home, "social") == {"Zona": "uat", "Obs.": "-"}
    assert remembered_titles(home, "social", "dgaspc-nt") == {"Zona": "locality"}
    assert remembered_titles(home, "medical") == {}


def test_a_damaged_file_is_a_fault_in_words(tmp_path):
    home = make_home("live", tmp_path / "home")
    (home.path / FILE).write_text("[1]", encoding="utf-8")
    with pytest.raises(HomeError, match="deteriorat"):
        remembered_titles(home, "social")
