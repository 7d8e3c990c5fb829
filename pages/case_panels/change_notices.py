"""A change made at a screen about cases: what was done is said once, a refusal where it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.bad_rows import BadRowsError
from core.errors import MapError
from core.i18n import _
from pages.common import markup

if TYPE_CHECKING:
    from collections.abc import Callable

_DONE = "case-change-done"


def show_done() -> None:
    """Say what the last press did, once."""
    if done := st.session_state.pop(_DONE, ""):
        st.html(markup.render_done(done))


def make_change(act: Callable[[], object], words: str) -> None:
    """Make a change and draw the page anew, or say why not.

    Parameters
    ----------
    act
        Makes the change; a MapError of it is said where this is called.
    words
        What was done, for `show_done`.
    """
    try:
        act()
    except BadRowsError as error:
        title = _("Nu s-a scris nimic. Îndreptați rândurile și aduceți foaia din nou.")
        st.html(markup.render_notice(title, error.lines, kind="refusal"))
        return
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.session_state[_DONE] = words
    st.rerun()
