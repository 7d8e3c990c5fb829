"""The map of dots: what it is told to draw."""

from __future__ import annotations

from geo.maps.dot_map import Dot, dot_map
from tests.worlds.clients.map_page import content, layer

AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"key": "BC"},
            "geometry": {"type": "Polygon", "coordinates": [[[26, 46], [27, 46], [27, 47], [26, 46]]]},
        }
    ],
}


def drawn(dots, **said):
    return dot_map(AREAS, dots, label="Harta", words="Cifrele", is_approximate=False, **said)


def test_dots_carry_their_class_words_and_address():
    [dot] = layer(
        drawn([Dot(46.5, 26.5, "Parincea (BC)", ("Persoane: 119",), 3, address="/rapoarte?zona=24089")]), "dots"
    )["dots"]
    assert (dot["grade"], dot["lines"], dot["address"]) == (3, ["Persoane: 119"], "/rapoarte?zona=24089")


def test_what_stands_out_is_drawn_over_the_others_and_the_unknown_under_them():
    dots = [
        Dot(46.5, 26.5, "Iese", (), 1, stands_out=True),
        Dot(46.5, 26.5, "Obișnuit", (), 4),
        Dot(46.5, 26.5, "Necunoscut", (), 0),
    ]
    assert [dot["name"] for dot in layer(drawn(dots), "dots")["dots"]] == ["Necunoscut", "Obișnuit", "Iese"]


def test_a_place_without_a_point_has_no_dot():
    dots = [Dot(float("nan"), 26.5, "Nicăieri", (), 1), Dot(46.5, 26.5, "Aici", (), 1)]
    assert [dot["name"] for dot in layer(drawn(dots), "dots")["dots"]] == ["Aici"]


def test_a_demonstration_is_marked():
    assert content(drawn([], note="Date demonstrative"))["map"]["note"] == "Date demonstrative"


def test_without_areas_the_whole_country_is_in_view():
    empty = {"type": "FeatureCollection", "features": []}
    (south, west), (north, east) = content(dot_map(empty, [], label="Harta", words="", is_approximate=False))["view"][
        "bounds"
    ]
    assert (south < 44, north > 48) == (True, True)
    assert (west < 21, east > 29) == (True, True)
