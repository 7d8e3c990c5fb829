"""Source cards: what they say, and what is no card."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import UnreadableFileError
from core.reading.files import sha256_of
from core.storage.source_cards import card_beside, read_card, require_digest


def card(tmp_path, text):
    path = tmp_path / "x.source.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_card_says_where_a_file_comes_from_and_of_which_day_it_is(tmp_path):
    found = read_card(
        card(tmp_path, '[source]\ntitle = "Registru"\nas_of = 2024-02-29\nsynthetic = true\nfile = "x.csv"')
    )
    assert (found.source.title, found.source.synthetic, found.as_of, found.file) == (
        "Registru", True, date(2024, 2, 29), "x.csv",
    )  # fmt: skip


def test_the_day_of_fetching_stands_in_for_the_day_described(tmp_path):
    assert read_card(card(tmp_path, '[source]\naccessed_on = "2024-03-01"')).as_of == date(2024, 3, 1)
    assert read_card(card(tmp_path, "[source]")).as_of is None


@pytest.mark.parametrize(
    "text", ["", "not toml", "source = 'text'", "[source]\nas_of = 'ieri'", "[[source]]\ntitle = 'x'", "[source"]
)
def test_what_is_no_card_is_refused_by_name(tmp_path, text):
    with pytest.raises(UnreadableFileError, match=r"x\.source\.toml"):
        read_card(card(tmp_path, text))


def test_a_card_that_is_absent_or_not_text_is_refused(tmp_path):
    with pytest.raises(UnreadableFileError):
        read_card(tmp_path / "absent.source.toml")
    path = tmp_path / "b.source.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFileError):
        read_card(path)


def test_a_card_lies_beside_its_file():
    assert card_beside(Path("a/social.2017.json")) == Path("a/social.source.toml")


def test_a_file_that_is_not_the_one_described_is_refused(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("a", encoding="utf-8")
    described = read_card(card(tmp_path, f'[source]\nsha256 = "{sha256_of(file)}"'))
    require_digest(file, described)
    file.write_text("b", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"x\.csv"):
        require_digest(file, described)
