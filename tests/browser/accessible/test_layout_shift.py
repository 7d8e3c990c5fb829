"""No screen moves under a finger while it is drawn: layout shift of every screen, on a telephone and on a desk."""

from __future__ import annotations

from itertools import cycle

import pytest

from api.http import session
from tests.browser.every_screen import COMMUNITY, COUNTY
from tests.browser.layout_shift import A_FEW, MOST, SCREENS, shift_of, watch
from tests.browser.screens import PHONE
from tests.covering import daily

pytestmark = pytest.mark.browser
WIDE = (1366, 768)
AREAS = {"team": {"county": COUNTY, "uat_siruta": COMMUNITY}, "county": {"county": COUNTY}}


# Every day a few screens, each in one of the two windows, in turn.
LOOKS = {"a few, in turn": (A_FEW, (PHONE, WIDE)), "telephone": (SCREENS, (PHONE,)), "desk": (SCREENS, (WIDE,))}


@pytest.mark.slow
@pytest.mark.parametrize("look", daily(LOOKS, lambda name: name == "a few, in turn"))
def test_no_screen_moves_by_itself_while_it_is_drawn(browser, furnished, look):
    home, address = furnished
    screens, sizes = LOOKS[look]
    context = browser.new_context(locale="ro-RO")
    page = context.new_page()
    watch(page)
    found: dict[str, tuple[float, list[str]]] = {}
    for (role, path, until), size in zip(screens, cycle(sizes), strict=False):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        context.clear_cookies()
        if role:
            sealed = session.demo_cookie(home, role, **AREAS.get(role, {}))
            context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": address}])
        found[f"{size[0]:>5} {role} {path}"] = shift_of(page, address + path, until)
    context.close()
    for name, (moved, _what) in found.items():
        print(f"{moved:.3f} {name}")  # noqa: T201 - the figures are the point
    assert {name: said for name, said in found.items() if said[0] > MOST} == {}
