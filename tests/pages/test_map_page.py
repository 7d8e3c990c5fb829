"""„Harta” under AppTest: the page of the map, with the filter and the view of the address."""

from __future__ import annotations

import re

from pages.common.sitemap import sitemap


def framed(app):
    (found,) = [each.proto.body for each in app.get("html") if "hs-map-page" in each.proto.body]
    return re.search(r'data-address="([^"]*)"', found)[1].replace("&amp;", "&")


def opened(in_home, home, **address):
    app = in_home(home.path).switch_page("map.py")
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def test_the_map_stands_first_in_the_bar():
    assert sitemap()[0][1] == "harta"


def test_the_page_of_the_map_is_framed_with_the_filter_of_the_address(in_home, world):
    app = opened(in_home, world, serviciu="child-abuse", zoom="9", raspuns="1", other="x")
    assert not app.exception
    address = framed(app)
    assert address.startswith("/simplu/harta?incadrat=1&lang=ro")
    assert "serviciu=child-abuse" in address
    assert "zoom=9" in address
    assert "raspuns=1" in address
    assert "other" not in address


def test_what_somebody_writes_into_the_address_stays_text(in_home, world):
    app = opened(in_home, world, loc='"><script>alert(1)</script>')
    assert "<script>" not in framed(app)
    assert "%3Cscript%3E" in framed(app)
