from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo.language import speaking
from providers.authorities import AREA_ASSUMED, NO_CONTACT, SEAT_ASSUMED
from providers.wording import flag_words

CODE = Path(__file__).parents[2] / "providers"
NAMED = "county_mismatch county_unsure far_from_locality capacity_range capacity_unread phone_unread level_unknown"


def test_every_flag_that_an_import_can_set_has_words_of_its_own():
    written = set()
    for path in CODE.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name != "wording.py" and "flag" in text:
            written |= set(
                re.findall(r'"([a-z]+_(?:mismatch|unsure|mended|unread|assumed|swapped|dropped|guessed))"', text)
            )
    written -= {"is_assumed"}
    assert len(written) > 10
    assert {flag for flag in written if flag_words(flag) == "date de verificat"} == set()


@pytest.mark.parametrize(
    "flag", [NO_CONTACT, AREA_ASSUMED, SEAT_ASSUMED, "doubt_phone", "doubt_moved", "doubt_gone", *NAMED.split()]
)
def test_a_flag_is_said_in_words_and_never_as_a_code(flag):
    words = flag_words(flag)
    assert "_" not in words
    assert words not in ("", "date de verificat")


def test_a_flag_nobody_described_is_still_a_doubt_and_an_unknown_language_falls_back_to_romanian():
    assert flag_words("brand_new") == "date de verificat"
    with speaking("fr"):
        assert flag_words("no_contact") == "datele de contact nu au fost încă importate"
