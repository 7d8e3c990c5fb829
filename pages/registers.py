"""„Registre”: what this home holds, and how a new file comes in, is compared, published, thrown away, undone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import BadValueError, MapError, MissingColumnError, UnclearTitlesError
from core.exporting import csv_bytes
from core.i18n import _
from core.storage.editions import Edition, EditionStore
from core.storage.import_kinds import KINDS
from pages.common import accounts_panel, administration_panel, markup, page_elements, register_html, shared, title_panel
from pages.registers_panels import draw_duplicates, draw_programs, draw_quality
from providers.imports import import_guards
from providers.rules import wording
from referrals.homes import edition_changes, publishing, withdrawals

if TYPE_CHECKING:
    from core.storage.home import Home
    from referrals.homes.publishing import KindState
    from referrals.records.vocabulary import Actor

TYPES = ["csv", "xlsx", "xlsm", "xls", "xlsb", "ods", "json", "geojson", "gpkg", "xml"]


def page() -> None:
    """Show what there is; and to those who may, how to change it."""
    st.html(markup.render_title(_("Registre"), _("Ce date are această instalare, de când sunt și cum se înnoiesc.")))
    home = shared.home()
    states = publishing.overview(home)
    done = st.session_state.pop("register_done", "")
    if done:
        st.html(markup.render_notice(done, []))
    st.html(register_html.render_holdings(states))
    titles = {_choice(states, state): register_html.state_title(state, states) for state in states}
    kind = st.selectbox(_("Registrul"), list(titles), format_func=lambda code: titles[code], key="register", width=420)
    state = next(each for each in states if _choice(states, each) == kind)
    who = shared.actor(home)
    with st.container(key="hs-wide"):
        left, right = st.columns([1, 1.15], gap="medium")
    with left:
        _held(home, state, who)
    with right:
        _change(home, state, who)
    draw_quality(home)
    draw_duplicates(home, who)
    if who is not None and administration_panel.may_administer(who):
        administration_panel.section(home, shared.directory(home).ledger, who)
        if not home.is_demo:
            accounts_panel.draw_accounts(shared.directory(home), who)
        draw_programs(shared.directory(home), who)


def _choice(states: list[KindState], state: KindState) -> str:
    """Return what stands for a source in the list: its kind alone where there is no other of it."""
    return state.kind if sum(each.kind == state.kind for each in states) == 1 else state.slot


def _held(home: Home, state: KindState, who: Actor | None) -> None:
    """Show the edition in force, its refused rows, and the earlier ones."""
    if state.is_withdrawn:
        words = _("Sursa este retrasă: nimic din ea nu este în vigoare. Ediția ei se poate readuce.")
        st.html(markup.render_notice(_(state.title), [words]))
    elif state.current is None:
        words = _("Nu a fost importat: aplicația spune că nu are aceste date, nu că nu există.")
        st.html(markup.render_notice(_(state.title), [words]))
    else:
        st.html(
            register_html.render_edition(state.current, _("Versiunea curentă"), is_whole=publishing.may_publish(who))
        )
        _rejects(EditionStore(home).edition(state.slot, state.current.edition), "now")
    if who is not None and (left_open := withdrawals.still_open(home, shared.directory(home).ledger, state.slot)):
        title = _("Retrase din registru, cu referiri deschise")
        st.html(markup.render_notice(title, [each.words() for each in left_open]))
    for manifest in state.earlier:
        st.html(register_html.render_edition(manifest, _("Ediție dinainte")))
        if publishing.may_publish(who):
            label = _("Readuceți ediția din {day}").format(day=wording.iso_day(manifest.as_of))
            if st.button(label, key=f"back-{manifest.edition}"):
                _act(
                    lambda name=manifest.edition: publishing.bring_back(
                        home, shared.directory(home).ledger, state.slot, name, actor=who
                    ),
                    _("Ediția dinainte este din nou în vigoare."),
                )


def _rejects(edition: Edition, key: str) -> None:
    rejects = edition_changes.rejects_file(edition)
    if rejects:
        st.download_button(
            _("Descărcați rândurile respinse (CSV)"),
            rejects,
            f"respinse-{edition.manifest.kind}-{edition.manifest.as_of}.csv",
            "text/csv",
            key=f"rejects-{key}",
            on_click="ignore",
        )


def _change(home: Home, state: KindState, who: Actor | None) -> None:
    """Show to those who may how a new file comes in; say to the others who may."""
    if not publishing.may_publish(who):
        words = [_("Un fișier nou îl aduce administratorul. Puteți vedea și descărca tot ce este aici.")]
        if who is None:
            words.append(_("Dacă aveți un cont de administrator, intrați în cont."))
        st.html(markup.render_notice(_("Numai pentru citire"), words))
        if who is None:
            st.html(markup.render_link("/intra", _("Autentificare")))
        return
    for staged in state.staged:
        _waiting(home, staged, who)
    if state.is_open:
        _upload(home, state, who)
    else:
        words = [
            _("Într-o demonstrație registrele reale nu se importă: nu se amestecă cu datele inventate."),
            _("Faceți o instalare reală cu „harta init”, în alt dosar."),
        ]
        st.html(markup.render_notice(_("Aici nu se importă"), words))


def _waiting(home: Home, staged: Edition, who: Actor | None) -> None:
    """Show a staged edition with its difference, to publish or to throw away."""
    manifest = staged.manifest
    st.html(register_html.render_edition(manifest, _("În așteptare: nepublicată"), is_whole=True))
    changes = edition_changes.changes(home, staged)
    st.html(register_html.render_difference(changes))
    confirmed = _confirms(home, staged)
    with st.container(key=f"hs-row-edition-{manifest.edition[-8:]}", horizontal=True):
        ledger = shared.directory(home).ledger
        if st.button(_("Publicați"), key=f"publish-{manifest.edition}", type="primary", disabled=not confirmed):
            _act(
                lambda: publishing.publish(home, ledger, staged, actor=who, confirmed=confirmed),
                _("Ediția este în vigoare."),
            )
        if st.button(_("Renunțați la import"), key=f"discard-{manifest.edition}"):
            _act(lambda: publishing.discard(home, ledger, staged, actor=who), _("Importul a fost anulat."))
        st.download_button(
            _("Descărcați diferența (CSV)"),
            lambda: csv_bytes(changes),
            f"diferente-{manifest.kind}-{manifest.as_of}.csv",
            "text/csv",
            key=f"changes-{manifest.edition}",
            on_click="ignore",
        )
        _rejects(staged, manifest.edition)


def _confirms(home: Home, staged: Edition) -> bool:
    """Show what gives concern in an edition, with the rows, and ask whether it is meant."""
    found = import_guards.concerns_of(EditionStore(home), staged)
    left_open = withdrawals.would_stay_open(shared.directory(home).ledger, staged)
    if left_open:
        title = _("Servicii care ar fi retrase cu referiri deschise")
        st.html(markup.render_notice(title, [each.words() for each in left_open]))
    if not found:
        return True
    words = [each.words[:1].upper() + each.words[1:] + "." for each in found]
    st.html(markup.render_notice(_("Verificați înainte de publicare"), words))
    if KINDS[staged.manifest.kind].registry:
        before = EditionStore(home).last_table(staged.slot, "services")
        turned = import_guards.turned(staged.table("services"), before)
        if len(turned):
            st.html(register_html.render_turned(turned))
    return st.checkbox(_("Fișierul este bun așa: confirm cele de mai sus"), key=f"confirm-{staged.manifest.edition}")


def _upload(home: Home, state: KindState, who: Actor | None) -> None:
    """Ask for a file and lay it beside what is in force."""
    most = publishing.MOST_BYTES // 2**20
    with st.container(key="hs-form"):
        st.html(markup.render_heading(_("Aduceți un fișier nou")))
        # The key changes after each file, which empties the field.
        turn = st.session_state.get("uploads", 0)
        file = st.file_uploader(
            _("Fișierul: CSV, XLSX, XLS, ODS, JSON, GeoJSON, GeoPackage sau XML, cel mult {n} MB").format(n=most),
            type=TYPES,
            key=f"file-{turn}",
            max_upload_size=most,
        )
        companion = None
        if KINDS[state.kind].has_companion:
            companion = st.file_uploader(
                _("Lista furnizorilor acreditați, dacă o aveți în alt fișier"),
                type=TYPES,
                key=f"second-{turn}",
                max_upload_size=most,
            )
        source = None
        if KINDS[state.kind].registry:
            source = st.text_input(
                _("Sursa: a cui este lista? Un nume de dinainte o înnoiește, unul nou se adaugă alături."),
                value=state.source,
                key=f"source-{turn}-{state.slot}",
            ).strip()
        text = st.text_input(
            _("La ce dată se referă datele?"),
            key=f"as-of-{turn}",
            placeholder=_("zz.ll.aaaa") if source is not None else _("zz.ll.aaaa; gol: astăzi"),
        )
        files = [(each.name, each.getvalue()) for each in (file, companion) if each is not None] if file else []
        choices = title_panel.section(home, state.kind, files, actor=who, turn=turn)
        if not st.button(_("Citiți și comparați"), key="stage", type="primary", disabled=file is None) or file is None:
            return
        progress = st.progress(0.0, text=_("Se primește fișierul"))
        steps = iter((0.2, 0.4, 0.9))
        try:
            publishing.stage_file(
                home,
                state.kind,
                file.name,
                file.getvalue(),
                actor=who,
                source=source or None,
                as_of=_day(text),
                companion=(companion.name, companion.getvalue()) if companion else None,
                titles=choices,
                tell=lambda words: progress.progress(next(steps, 0.95), text=words),
            )
        except (UnclearTitlesError, MissingColumnError):
            progress.empty()
            title_panel.look(home, state.kind, files, actor=who, turn=turn)
            st.rerun()
        except MapError as error:
            progress.empty()
            page_elements.refusal(error)
            return
    st.session_state["uploads"] = turn + 1
    st.session_state["register_done"] = _(
        "Fișierul a fost citit. Vedeți mai jos diferența, apoi publicați sau renunțați."
    )
    st.rerun()


def _day(sentence: str) -> date | None:
    """Read the day that was typed, as screens write it or as files do.

    None where nothing was: a layer then counts as of today, a register asks.
    """
    text = sentence.strip()
    if not text:
        return None
    day, _dot, rest = text.partition(".")
    month, _dot, year = rest.partition(".")
    try:
        return date(int(year), int(month), int(day)) if rest else date.fromisoformat(text)
    except ValueError:
        raise BadValueError(_("„{text}” nu este o zi. Scrieți-o așa: 22.11.2026.").format(text=text[:20])) from None


def _act(change: object, done: str) -> None:
    """Do what changes the registers; say how it went at the top of the next run."""
    try:
        change()  # type: ignore[operator]
    except MapError as error:
        page_elements.refusal(error)
        return
    st.session_state["register_done"] = done
    st.rerun()


page()
