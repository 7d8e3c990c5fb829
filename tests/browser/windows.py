"""Windows of one browser, lent from test to test: the scripts of a page are compiled once a window, not once a test."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

_FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"


Pool = defaultdict[tuple[Any, ...], list[Any]]  # pages that nobody has now, by what cannot be changed of an open one


class Windows:
    """Windows for one test, or for one module."""

    def __init__(self, browser: Any, pool: Pool) -> None:
        self._browser = browser
        self._free = pool
        self._lent: list[tuple[tuple[Any, ...], Any, list[tuple[str, Any]]]] = []

    def lend(
        self,
        size: tuple[int, int],
        *,
        is_new: bool = False,
        color_scheme: str = "light",
        reduced_motion: str = "no-preference",
        **options: Any,
    ) -> Any:
        """Lend a page without cookies and with nothing stored; what the browser has loaded once it may have.

        is_new: a page of a browser that has loaded nothing yet, closed afterwards.
        """
        kind = (is_new, *sorted(options.items()))
        page = self._free[kind].pop() if self._free[kind] and not is_new else self._opened(size, options)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        self._lent.append((kind, page, []))
        return page

    def _opened(self, size: tuple[int, int], options: dict[str, Any]) -> Any:
        viewport = {"width": size[0], "height": size[1]}
        return self._browser.new_context(viewport=viewport, locale="ro-RO", **options).new_page()

    def watch(self, page: Any, event: str, note: Any) -> None:
        """Call `note` for each event of a lent page until the page is taken back."""
        page.on(event, note)
        next(notes for _kind, lent, notes in self._lent if lent is page).append((event, note))

    def take_back(self) -> None:
        """Take every page back, and forget the visit: cookies, what scripts stored, other pages that it opened."""
        while self._lent:
            kind, page, notes = self._lent.pop()
            for event, note in notes:
                page.remove_listener(event, note)
            if kind[0]:
                page.context.close()
                continue
            page.unroute_all()
            for other in page.context.pages:
                if other is not page:
                    other.close()
            if page.url.startswith("http"):
                page.evaluate(_FORGET)
            page.goto("about:blank")
            page.context.clear_cookies()
            self._free[kind].append(page)
