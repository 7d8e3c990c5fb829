"""The map of dots: what goes into its page, and that text of others stays text."""

from __future__ import annotations

from geo.dot_map import Dot, dot_map

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
    shown = dot_map(AREAS, dots, label="Harta", words="Cifrele", is_approximate=False, **said)
    return shown.get_root().render()


def test_dots_carry_their_class_words_and_address():
    page = drawn([Dot(46.5, 26.5, "Parincea (BC)", ("Persoane: 119",), 3, address="/rapoarte?zona=24089")])
    assert '"grade": 3' in page
    assert "Persoane: 119" in page
    assert "/rapoarte?zona=24089" in page


def test_what_stands_out_is_drawn_over_the_others_and_the_unknown_under_them():
    page = drawn(
        [
            Dot(46.5, 26.5, "Iese", (), 1, stands_out=True),
            Dot(46.5, 26.5, "Obișnuit", (), 4),
            Dot(46.5, 26.5, "Necunoscut", (), 0),
        ]
    )
    places = [
        page.index(name) for name in ("Necunoscut", "bi\\u0219nuit" if "bi\\u0219nuit" in page else "Obișnuit", "Iese")
    ]
    assert places == sorted(places)


def test_a_hostile_name_closes_no_script():
    page = drawn([Dot(46.5, 26.5, "</script><img src=x onerror=alert(1)>", (), 1)])
    assert "<img src=x" not in page


def test_a_demonstration_is_marked_and_nothing_comes_from_elsewhere():
    page = drawn([], note="Date demonstrative")
    assert "Date demonstrative" in page
    assert "https://" not in page


def test_without_areas_the_whole_country_is_in_view():
    empty = {"type": "FeatureCollection", "features": []}
    page = dot_map(empty, [], label="Harta", words="", is_approximate=False).get_root().render()
    assert "fitBounds" in page
