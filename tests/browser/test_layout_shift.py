"""No screen moves under a finger while it is drawn: layout shift of every screen, on a telephone and on a desk."""

from __future__ import annotations

import pytest

from api.http import session
from tests.browser.every_screen import COMMUNITY, COUNTY
from tests.browser.layout_shift import MOST, SCREENS, shift_of, watch
from tests.browser.screens import PHONE

pytestmark = pytest.mark.browser
AREAS = {"team": {"county": COUNTY, "uat_siruta": COMMUNITY}, "county": {"county": COUNTY}}


@pytest.mark.slow
@pytest.mark.parametrize("size", [PHONE, (1366, 768)], ids=["telephone", "desk"])
def test_no_screen_moves_by_itself_while_it_is_drawn(browser, furnished, size):
    home, address = furnished
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="ro-RO")
    page = context.new_page()
    watch(page)
    found: dict[str, tuple[float, list[str]]] = {}
    for role, path, until in SCREENS:
        context.clear_cookies()
        if role:
            sealed = session.demo_cookie(home, role, **AREAS.get(role, {}))
            context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": address}])
        found[f"{role} {path}"] = shift_of(page, address + path, until)
    context.close()
    for name, (moved, _what) in found.items():
        print(f"{size[0]:>5} {moved:.3f} {name}")  # noqa: T201 - the figures are the point
    assert {name: said for name, said in found.items() if said[0] > MOST} == {}
