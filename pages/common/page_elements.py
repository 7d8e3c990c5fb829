"""Pieces of a screen drawn with Streamlit: the bar, the watermark, blocks of HTML from `pages.common.markup`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from core.i18n import _, language
from pages.common import markup

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from core.errors import MapError
    from core.storage.home import Home


def bar(pages: Sequence[StreamlitPage], chosen: StreamlitPage) -> None:
    """Draw the bar on top: the name of the application and, once there are several, the sections.

    Parameters
    ----------
    pages
        Sections that the reader may open.
    chosen
        The one that is open.
    """
    with st.container(key="hs-bar", horizontal=True, vertical_alignment="center"):
        st.html(markup.render_brand(), width="content")
        if len(pages) > 1:
            for page in pages:
                current = page == chosen
                with st.container(key=f"hs-nav-{'on' if current else 'off'}-{page.url_path or 'x'}", width="content"):
                    st.page_link(page)
        said = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
        st.html(markup.render_other_language(_address_in(said)), width="content")


def _address_in(said: Sequence[tuple[str, str]]) -> str:
    """Return this page's address in the other language."""
    other = "ro" if language() == "en" else "en"
    return "?" + urlencode([*(pair for pair in said if pair[0] != "lang"), ("lang", other)])


def watermark(home: Home | None) -> None:
    """Say on every screen of a demonstration that it is one."""
    if home is not None and home.is_demo:
        st.html(markup.render_demo())


def hindrance(words: str) -> None:
    """Say above a screen what stands in the way of writing; nothing where nothing does."""
    if words:
        st.html(markup.render_notice(_("Acum se poate numai citi"), [words], kind="refusal"))


def foot(screen: str, home: Home | None) -> None:
    """End a screen with its help, apart so that the work here stays, the plain pages and the way to sign out."""
    st.html(markup.render_foot(screen, is_live=home is not None and not home.is_demo))


def sign_in(chosen: StreamlitPage) -> None:
    """Ask to sign in: nothing of a live home is shown without a session. The way leads back to this page's question."""
    said = urlencode(st.query_params.to_dict(), doseq=True)
    onward = f"/{chosen.url_path}" + (f"?{said}" if said else "")
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
