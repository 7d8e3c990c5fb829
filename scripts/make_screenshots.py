"""Make the four pictures of the README: a demonstration made now, served, looked at with Chromium, written as WebP.

`python scripts/make_screenshots.py [FOLDER]` (docs/screenshots by default), `… findings [FOLDER [NAME…]]` for those of
docs/decisions/0052 (docs/screenshots/findings by default, `scripts/screens_of_findings.py`). The services and places
are those of the embedded data; only dates are of the day on which it runs. HARTA_HOME names a demonstration that is
there already.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from api.http import session  # noqa: E402
from bench.screens.browsing import chromium, served  # noqa: E402
from core.storage.home import open_home  # noqa: E402
from referrals.homes.demonstration import make_demo  # noqa: E402
from scripts.screens_of_findings import draw_findings  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
MOST_BYTES = 150_000
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
TEAM = {"county": "BC", "uat_siruta": 24089}
SETTLED_MS = 4_000  # maps draw themselves after the page
_QUESTION = "loc=24098&nevoie=elderly-alone"  # Parincea, an elderly person alone
# Name of the picture, and the windows that stand in it side by side: role, area, size, address.
PICTURES: dict[str, tuple[tuple[str, dict[str, Any], dict[str, int], str], ...]] = {
    "reports": (("national", {}, DESK, "/rapoarte"),),
    "answer": (("team", TEAM, DESK, f"/gasiti?{_QUESTION}"),),
    "coverage": (("county", {"county": "BC"}, DESK, "/acoperire?serviciu=8891CZ-C-II&judet=BC"),),
    "phone": (
        ("team", TEAM, PHONE, f"/gasiti?{_QUESTION}"),
        ("team", TEAM, PHONE, "/simplu/referiri"),
        ("team", TEAM, PHONE, "/simplu/raport-lunar"),
    ),
}


def main() -> None:
    """Write the pictures; exit 1 where one is too heavy for a page that people open on a telephone."""
    is_of_findings = sys.argv[1:2] == ["findings"]
    given = sys.argv[2:] if is_of_findings else sys.argv[1:]
    folder = Path(given[0]) if given else FOLDER / "findings" if is_of_findings else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        home = open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(place) / "home")
        with served(home) as base, chromium() as browser:
            if is_of_findings:
                draw_findings(folder, browser, base, home, only=given[1:])
            for name, windows in () if is_of_findings else PICTURES.items():
                shots = [_shot(browser, base, home, *window) for window in windows]
                _beside(shots).save(folder / f"{name}.webp", quality=80, method=6)
    heavy = [path.name for path in sorted(folder.glob("*.webp")) if path.stat().st_size > MOST_BYTES]
    if heavy:
        raise SystemExit(f"over {MOST_BYTES} bytes: {', '.join(heavy)}")


def _shot(
    browser: Any, base: str, home: Any, role: Any, area: dict[str, Any], size: dict[str, int], path: str
) -> Image.Image:
    context = browser.new_context(viewport=size, locale="ro-RO", reduced_motion="reduce")
    sealed = session.demo_cookie(home, role, **area)
    context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
    page = context.new_page()
    page.goto(base + path)
    page.wait_for_selector(".stMain h1, main h1", timeout=60_000)
    if page.locator(".stApp").count():
        page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=60_000)
    page.wait_for_timeout(SETTLED_MS)
    picture = page.screenshot()
    context.close()
    return Image.open(io.BytesIO(picture)).convert("RGB")


def _beside(shots: list[Image.Image], gap: int = 16) -> Image.Image:
    whole = Image.new("RGB", (sum(each.width for each in shots) + gap * (len(shots) - 1), shots[0].height), "white")
    left = 0
    for each in shots:
        whole.paste(each, (left, 0))
        left += each.width + gap
    return whole


if __name__ == "__main__":
    main()
