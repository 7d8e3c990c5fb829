"""Pieces of a screen drawn with Streamlit: the bar, the watermark, blocks of HTML from `pages.common.markup`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from api.http.menu import NO_MENU
from core.i18n import _, language, number
from core.paging import page_of
from pages.common import markup, shared
from pages.common.sitemap import sitemap

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from api.http.menu import MenuEntry
    from core.errors import MapError
    from core.paging import PageOfMany
    from core.storage.home import Home
    from referrals.records.vocabulary import Actor


def bar(pages: Mapping[str, StreamlitPage], opened: str, home: Home | None, who: Actor | None) -> None:
    """Draw the bar on top: the name of the application, the entries of the role, and all else behind its name.

    Parameters
    ----------
    pages
        Every page by its address.
    opened
        Address of the page that is open.
    home
        The home; None where none is made yet.
    who
        Who is signed in; None for nobody.
    """
    menu = NO_MENU if home is None else shared.menu(home, who)
    with st.container(key="hs-bar", horizontal=True, vertical_alignment="center"):
        st.html(markup.render_brand(), width="content")
        with st.container(key="hs-entries", horizontal=True, width="content"):
            for entry in menu.entries:
                _link(pages, opened, entry)
        st.html(markup.render_menu(menu, onward=f"/{opened}"), width="content")
        with st.container(key="hs-more"):
            if menu.role:
                st.html(markup.render_role(menu.role))
            for entry in menu.others:
                _link(pages, opened, entry)
            items = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
            address = _address_in(items)
            is_demo = home is not None and home.is_demo
            st.html(
                markup.render_about(menu, is_demo=is_demo, onward=f"/{opened}", help_=help_of(opened), other=address)
            )


def _link(pages: Mapping[str, StreamlitPage], opened: str, entry: MenuEntry) -> None:
    """Link to a screen: one of ours stays in this window's session, a plain page is opened as what it is."""
    address, _mark, asked = entry.screen.address.removeprefix("/").partition("?")
    page = pages.get(address)
    if page is None:
        st.html(markup.render_link(entry.screen.plain, entry.screen.words))
        return
    state = "on" if address == opened else "off"
    words = f"{entry.screen.words} **{entry.count}**" if entry.count else entry.screen.words
    with st.container(key=f"hs-nav-{state}-{entry.screen.name if asked else address}", width="content"):
        st.page_link(page, label=words, query_params=dict(parse_qsl(asked)) or None)


def _address_in(items: Sequence[tuple[str, str]]) -> str:
    """Return this page's address in the other language."""
    other = "ro" if language() == "en" else "en"
    return "?" + urlencode([*(pair for pair in items if pair[0] != "lang"), ("lang", other)])


def help_of(address: str) -> str:
    """Return the name of the help text of a page by its address."""
    return next(file.removesuffix(".py") for file, known, _title in sitemap() if known == address)


def watermark(home: Home | None) -> None:
    """Say on every screen of a demonstration that it is one."""
    if home is not None and home.is_demo:
        st.html(markup.render_demo())


def hindrance(words: str) -> None:
    """Say above a screen what stands in the way of writing; nothing where nothing does."""
    if words:
        st.html(markup.render_notice(_("Acum se poate numai citi"), [words], kind="refusal"))


def foot(screen: str) -> None:
    """End a screen with its help, apart so that the work here stays, and the plain pages."""
    st.html(markup.render_foot(screen))


def sign_in(chosen: StreamlitPage) -> None:
    """Ask to sign in: nothing of a live home is shown without a session. The way leads back to this page's question."""
    text = urlencode(st.query_params.to_dict(), doseq=True)
    onward = f"/{chosen.url_path}" + (f"?{text}" if text else "")
    st.html(markup.render_sign_in(is_demo=False, onward=onward))


def refusal(error: MapError) -> None:
    """Show a refusal as it is written: it says what was found and what to do."""
    st.html(markup.render_notice(_("Nu se poate deocamdată"), [str(error)], kind="refusal"))


def broken() -> None:
    """Say that something of ours broke; the details are in the server's log, not on the screen."""
    words = [
        _("A apărut o eroare. Încărcați pagina din nou."),
        _("Dacă se repetă, spuneți administratorului ora și ce căutați."),
    ]
    st.html(markup.render_notice(_("A apărut o eroare"), words, kind="refusal"))


def shown_page(length: int, size: int, key: str) -> PageOfMany:
    """Return the page of a list that is shown; `draw_pages` asks for another under this key."""
    return page_of(length, size, st.session_state.get(key, 1))


def draw_pages(page: PageOfMany, key: str) -> None:
    """Ask which page of a list is shown, where it has several."""
    # A list that has become shorter has fewer pages than the one that was asked for before.
    st.session_state[key] = page.number
    if page.count > 1:
        st.number_input(_("Pagina, din {n}").format(n=number(page.count)), 1, page.count, key=key, width=160)
