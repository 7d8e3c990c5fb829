"""„Registre”: the titles of a file beside the fields that they are read as, for a person to match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, ngettext, number
from core.reading.reading_account import NOT_USED
from pages.common import markup, page_elements
from referrals.homes import publishing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.storage.home import Home
    from providers.imports.importing import TitleLook
    from referrals.records.vocabulary import Actor

_AS_READ = ""


def section(
    home: Home,
    kind: str,
    files: Sequence[tuple[str, bytes]],
    *,
    actor: Actor | None,
    turn: int,
) -> dict[str, str]:
    """Show the titles of the uploaded file, once somebody asks for them or the file could not be read without.

    Parameters
    ----------
    home
        The home.
    kind
        Kind of register or layer.
    files
        Name and bytes of the file, and of its companion where there is one; none = nothing was uploaded yet.
    actor
        Who looks; None = nobody is signed in.
    turn
        Counts the uploads, so that each file has widgets of its own.

    Returns
    -------
    dict of str to str
        Field by title, of the titles for which something was chosen.
    """
    asked = st.button(_("Arătați titlurile fișierului"), key=f"titles-{turn}", disabled=not files)
    place = f"title-look-{kind}-{turn}"
    if asked and files:
        look(home, kind, files, actor=actor, turn=turn)
    seen: TitleLook | None = st.session_state.get(place)
    if seen is None or not files:
        return {}
    if seen.question:
        st.html(markup.render_notice(_("Fișierul nu se poate citi încă"), [seen.question], kind="refusal"))
    return _choices(seen, turn)


def look(home: Home, kind: str, files: Sequence[tuple[str, bytes]], *, actor: Actor | None, turn: int) -> None:
    """Read the titles of a file and keep them for `section` to show."""
    try:
        seen = publishing.look_at_titles(home, kind, files, actor=actor)
    except MapError as error:
        page_elements.refusal(error)
        return
    st.session_state[f"title-look-{kind}-{turn}"] = seen


def _choices(seen: TitleLook, turn: int) -> dict[str, str]:
    unused = sum(1 for use in seen.titles if not use.field)
    st.html(
        markup.render_notice(
            _("Titlurile fișierului"),
            [
                ngettext(
                    "{n} titlu nu se folosește. Alegeți câmpul acolo unde știți care este; alegerea se ține minte.",
                    "{n} titluri nu se folosesc. Alegeți câmpul acolo unde știți care este; alegerea se ține minte.",
                    unused,
                ).format(n=number(unused))
            ],
        )
    )
    chosen: dict[str, str] = {}
    options = [_AS_READ, *seen.fields, NOT_USED]
    for at, title in enumerate(dict.fromkeys(use.title for use in seen.titles)):
        field = next(use.field for use in seen.titles if use.title == title)
        words = _words(seen.fields, field)
        text = st.selectbox(title, options, format_func=words.__getitem__, key=f"title-{turn}-{at}")
        if text != _AS_READ:
            chosen[title] = text
    return chosen


def _words(fields: Mapping[str, str], field: str) -> dict[str, str]:
    now = _("citit ca „{field}”").format(field=fields.get(field, field)) if field else _("nu se folosește")
    return {
        _AS_READ: now,
        **{code: f"{title} ({code})" for code, title in fields.items()},
        NOT_USED: _("nu este niciunul dintre câmpuri"),
    }
