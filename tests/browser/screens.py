"""Sizes of screens, and what a browser asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

PHONE, DESK = (360, 740), (1200, 900)


def hosts(asked: list[str]) -> set[str]:
    """The hosts that were asked; data: and blob: addresses ask nobody."""
    return {urlsplit(url).netloc for url in asked if urlsplit(url).scheme not in ("data", "blob")}


def numbers_on_map(page) -> list[str]:
    """Read the numbers once all of the list's marks are drawn, or half a minute has passed."""
    listed = len(numbers_in_list(page))
    to_map = page.locator("button[data-view=map]")
    if to_map.is_visible():  # on a narrow screen the map is one press away
        to_map.click()
    pins = page.frame_locator("iframe").locator(".hs-pin")
    pins.nth(listed - 1).wait_for(timeout=30_000)
    return sorted(pins.all_inner_texts())


def numbers_in_list(page) -> list[str]:
    page.wait_for_selector(".hs-row[id] .hs-n", timeout=30_000)
    return sorted(page.locator(".hs-row[id] .hs-n").all_inner_texts())
