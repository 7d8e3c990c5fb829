"""Readings that are written in the audit log, made once: Streamlit draws a page anew at every press."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

_Read = TypeVar("_Read")
_KEPT = timedelta(minutes=10)


def read_once(name: str, of: Hashable, now: datetime, read: Callable[[], _Read]) -> _Read:
    """Return what a reading gave, and read again for something else, after ten minutes or after `forget`.

    Parameters
    ----------
    name
        Under which this session keeps it.
    of
        What is read, and by whom.
    now
        The moment.
    read
        Reads it and writes in the audit log.

    Returns
    -------
    object
        What `read` gave, now or before.
    """
    kept = st.session_state.get(name)
    if kept is None or kept[0] != of or not now - _KEPT < kept[1] <= now:
        kept = of, now, read()
        st.session_state[name] = kept
    found: _Read = kept[2]
    return found


def forget(name: str) -> None:
    """Let the next reading be made anew."""
    st.session_state.pop(name, None)
