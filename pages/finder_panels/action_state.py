"""What a session knows of the steps taken on services: which panel is open, what was said, what went wrong.

Every step is taken in a callback, before the page is drawn anew: the answer below is already the one after it. Nothing
of a person is kept here.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from api.forms.form_fields import FieldError
from core.errors import MapError
from core.i18n import _
from pages.common import markup, shared
from referrals.records import roles
from referrals.workflow.field_intake import CallNoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from providers.finder.answer import Answer, Query
    from referrals.records.vocabulary import Actor


@dataclass(frozen=True)
class NeedContext:
    """One need of the search: its position, its answer, who asks, and how many results stand above it."""

    number: int
    answer: Answer
    actor: Actor | None
    shown_before: int


@dataclass(frozen=True)
class StepRefused:
    """Why a step was refused, and beside which field that stands; value: of the field then, "" = of none."""

    here: str
    error: FieldError
    value: str = ""


class RefusedFieldError(MapError):
    """A refusal that belongs beside a field."""

    def __init__(self, error: FieldError) -> None:
        super().__init__(error.words)
        self.error = error


def offer_key(number: int, service_id: str) -> str:
    """Name the place of a service on the screen: the same service may answer two needs."""
    return f"{number}-{service_id}"


def forget() -> None:
    """Put away what the last search left behind."""
    for name in (
        "doing",
        "told",
        "made",
        "lost",
        "trouble",
        "unmet",
        "trip_made",
        "trip_failed",
        "key-trip",
        "case-trip",
    ):
        st.session_state.pop(name, None)


def may_refer(actor: Actor, query: Query) -> bool:
    """Whether an actor may refer the person of a query, who lives in the actor's own area."""
    home = query.home or query.origin
    return roles.allows(actor, "referral.make", roles.Area(home.county, home.uat_siruta))


def toggle_panel(here: str, what: str) -> None:
    """Open a panel, or close it where it is open; another one closes."""
    is_open = st.session_state.get("doing") == (here, what)
    st.session_state["doing"] = None if is_open else (here, what)
    st.session_state.get("told", {}).pop(here, None)  # a new step: what the last one said has been read
    st.session_state.pop("trouble", None)


def open_panel(here: str) -> str:
    """Return which panel is open at a place of the screen; empty where none is."""
    match st.session_state.get("doing"):
        case (on, str(what)) if on == here:
            return what
    return ""


def tell(here: str, text: str | CallNoted) -> None:
    """Say what was done, and close the panel it was done in."""
    st.session_state.setdefault("told", {})[here] = CallNoted(text) if isinstance(text, str) else text
    st.session_state["doing"] = None


def safely(here: str, act: Callable[..., None], *args: Any, **raw: Any) -> None:
    """Take a step; a refusal, or whatever breaks, is said beside the button and never as a stack trace."""
    shared.activate_language()
    st.session_state.pop("trouble", None)
    try:
        act(*args, **raw)
    except RefusedFieldError as error:
        value = str(st.session_state.get(error.error.field, ""))
        st.session_state["trouble"] = StepRefused(here, error.error, value)
    except MapError as error:
        st.session_state["trouble"] = StepRefused(here, FieldError("", str(error)))
    except Exception:
        logging.getLogger("harta.pages").exception("an action on the answer")
        words = _("A apărut o eroare. Încercați din nou.")
        st.session_state["trouble"] = StepRefused(here, FieldError("", words))


def refused_at(here: str, field: str) -> bool:
    """Whether a step was refused for a field, at a place of the screen, whatever was done to the field since."""
    trouble = st.session_state.get("trouble")
    return isinstance(trouble, StepRefused) and (trouble.here, trouble.error.field) == (here, field)


def draw_trouble(here: str, field: str = "") -> None:
    """Say why a step was refused: under its field until that says something else, or beside the button."""
    trouble: StepRefused | None = st.session_state.get("trouble")
    if trouble is None or not refused_at(here, field):
        return
    if not field or str(st.session_state.get(field, "")) == trouble.value:
        st.html(markup.render_field_error(trouble.error.words, field))
