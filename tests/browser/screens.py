"""Sizes of screens, and what a browser asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

PHONE, DESK = (360, 740), (1200, 900)


def hosts(asked: list[str]) -> set[str]:
    """The hosts that were asked; data: and blob: addresses ask nobody."""
    return {urlsplit(url).netloc for url in asked if urlsplit(url).scheme not in ("data", "blob")}
