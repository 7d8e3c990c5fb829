from __future__ import annotations

import io

from fontTools.ttLib import TTFont

from reports.output.fonts import SIGNS, _cut, face, printable

ROMANIAN = "ăâîșțĂÂÎȘȚ„”–—«»’€"


def test_both_weights_have_every_romanian_letter():
    for weight in (400, 700):
        signs = TTFont(io.BytesIO(face(weight))).getBestCmap()
        assert set(map(ord, ROMANIAN)) <= set(signs)


def test_the_signs_kept_are_the_signs_the_font_has():
    assert set(TTFont(io.BytesIO(face(400))).getBestCmap()) >= SIGNS


def test_the_weights_differ_and_are_the_same_at_every_cutting():
    assert face(400) != face(700)
    assert face(400) == _cut.__wrapped__(400)


def test_text_that_the_font_lacks_is_said_to_be_missing_and_never_lost():
    assert printable("Bacău 漢\tși\nț") == "Bacău [alt alfabet] și ț"
    assert printable("s\u0326i") == "și"
    assert printable("\x00\x1b[31m") == "[31m"
