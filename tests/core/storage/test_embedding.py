"""Which sites may frame the map: kept as origins, refused where they are none."""

from __future__ import annotations

import pytest

from core.errors import BadValueError, HomeError
from core.storage.embedding import FILE, read_embedding, write_embedding
from core.storage.home import make_home


@pytest.fixture
def home(tmp_path):
    return make_home("live", tmp_path / "home")


def test_nobody_may_until_somebody_says_so_and_nobody_again_after(home):
    assert read_embedding(home) == ()
    kept = write_embedding(
        home, [" https://Primaria.Example.ro/ ", "https://portal.example.ro:8443", "https://primaria.example.ro"]
    )
    assert kept == read_embedding(home) == ("https://primaria.example.ro", "https://portal.example.ro:8443")
    assert write_embedding(home, []) == read_embedding(home) == ()


@pytest.mark.parametrize(
    "said",
    ["*", "https://*.ro", "http://primaria.example.ro", "https://primaria", "https://a.ro/cale", "https://a.ro; script-src *",
     "https://a.ro https://b.ro", "javascript:alert(1)", "https://a..ro", "https://-a.ro", "https://a.ro:999999", "https://a.ro\x00", ""],
)  # fmt: skip
def test_what_is_no_origin_of_https_is_refused(home, said):
    with pytest.raises(BadValueError):
        write_embedding(home, [said])
    assert read_embedding(home) == ()


@pytest.mark.parametrize(
    "content", ["", "[]", '{"origins": "x"}', '{"origins": ["*"]}', '{"origins": ["https://a.ro\\n"]}']
)
def test_a_damaged_file_opens_nothing(home, content):
    (home.path / FILE).write_text(content)
    with pytest.raises((HomeError, BadValueError)):
        read_embedding(home)
