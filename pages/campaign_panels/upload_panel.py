"""Places of a county's services from a file: what was understood is shown, and stored on a press."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.bad_rows import BadRowsError
from core.errors import MapError
from core.i18n import _, number, written_day
from pages.common import campaign_markup, markup
from referrals.campaigns import places_file
from reports.output.xlsx import Sheet, workbook

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from referrals.campaigns.places_file import PlacesRow
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN_ROWS = 200


def draw_upload(directory: Directory, actor: Actor, *, done_key: str) -> None:
    """Draw the upload of a file of places.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    actor
        Who reports; role and area are checked when it is stored.
    done_key
        Where in the session the page looks for what was done.
    """
    with st.expander(_("Locuri dintr-un fișier")):
        st.html(
            markup.render_quiet(
                _(
                    "Un rând pentru fiecare serviciu: codul sau numele lui și câte locuri libere are. Întâi vedeți ce "
                    "s-a înțeles; nimic nu se salvează până nu confirmați."
                )
            )
        )
        known = places_file.reportable_services(directory, actor=actor)
        st.download_button(
            _("Descărcați tabelul gol"),
            lambda: _template(directory, known),
            "locuri.xlsx",
            _XLSX,
            key="places_template",
            on_click="ignore",
        )
        given = st.file_uploader(_("Fișierul (CSV sau XLSX)"), type=["csv", "xlsx"], key="places_file")
        titles = _titles()
        if given is not None:
            _preview(directory, actor, known, given, titles, done_key)


def _template(directory: Directory, known: dict[str, str]) -> bytes:
    title = _("Locuri libere")
    sheet = Sheet(title, places_file.empty_table(known))
    return workbook([sheet], title=title, made_on=directory.ledger.today(), is_demo=directory.home.is_demo)


def _titles() -> dict[str, str]:
    """Ask which titles of the file stand for which column, where they are others than ours."""
    values: dict[str, str] = {}
    if st.checkbox(_("Coloanele au alte titluri"), key="places_other_titles"):
        for field in places_file.FIELDS:
            words = _("Titlul din fișier pentru „{title}”").format(title=field.title)
            if title := st.text_input(words, max_chars=80, key=f"places_title_{field.name}").strip():
                values[title] = field.name
    return values


def _preview(
    directory: Directory,
    actor: Actor,
    known: dict[str, str],
    given: UploadedFile,
    titles: dict[str, str],
    done_key: str,
) -> None:
    suffix = Path(given.name).suffix.lower()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"locuri{suffix if suffix in ('.csv', '.xlsx') else '.csv'}"
            path.write_bytes(given.getvalue())
            rows = places_file.read_places(path, known, now=directory.ledger.clock(), titles=titles)
    except BadRowsError as error:
        title = _("Fișierul nu s-a salvat. Îndreptați rândurile și încărcați-l din nou.")
        st.html(markup.render_notice(title, error.lines, kind="refusal"))
        return
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.html(
        campaign_markup.render_places(places_file.preview_words(len(rows)), [_cells(r) for r in rows[:_SHOWN_ROWS]])
    )
    if not st.button(_("Salvați locurile"), key="places_store", type="primary"):
        return
    try:
        done = places_file.store_places(directory, rows, actor=actor)
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.session_state[done_key] = places_file.stored_words(done)
    st.session_state.pop("places_file", None)
    st.rerun()


def _cells(row: PlacesRow) -> tuple[str, str, str, str]:
    most = "–" if row.most is None else number(row.most)
    return row.name, number(row.free), most, written_day(row.day) if row.day else _("acum")
