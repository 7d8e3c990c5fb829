"""The part of „Registre” for who looks after the home: backups, retention, sessions, old editions, the audit log."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, ngettext, number
from pages.common import markup, page_elements, register_html, shared
from referrals.homes import administration_report, maintenance, publishing
from referrals.ledger import erasure_list
from referrals.records import roles
from referrals.records.ledger_errors import UnknownCaseError
from referrals.search_gaps import gap_parts, search_gaps
from referrals.workflow.worklist import moment_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_MOST_BYTES = 300_000_000  # a file is sent through the server's memory; a greater one is taken from its folder
_DONE = "register_done"  # said at the top of the next run


def may_administer(actor: Actor | None) -> bool:
    """Whether this person looks after the home: keeps its copies, forgets, reads the audit log."""
    return actor is not None and roles.allows(actor, "store.keep", roles.NATION)


def section(home: Home, ledger: Ledger, who: Actor) -> None:
    """Draw the section; each button does one thing and says what it did."""
    st.html(markup.render_heading(_("Administrare")))
    left, right = st.columns(2, gap="medium")
    with left:
        _backups(home, ledger, who)
        _editions(home, ledger, who)
        _audit_log(ledger, who)
        st.html(markup.render_gaps(gap_parts(search_gaps(ledger, actor=who), shared.directory(home).gazetteer)))
    with right:
        _retention(home, ledger, who)
        if not home.is_demo:
            _erase(ledger, who)


def _backups(home: Home, ledger: Ledger, who: Actor) -> None:
    title = _("Copii de siguranță")
    if home.is_demo:
        words = [_("O demonstrație nu se copiază singură: „harta demo” o face din nou.")]
        st.html(register_html.render_facts_card(title, words))
        return
    folder = maintenance.backups_folder(home)
    known = maintenance.backups(home)
    words = [
        _("Serverul face câte una în fiecare noapte, în {folder}; rămân cele mai noi {n}.").format(
            folder=folder, n=number(maintenance.backups_kept())
        )
        if folder
        else _("Copiile de fiecare noapte sunt oprite ({setting}=off).").format(setting=maintenance.FOLDER_SETTING)
    ]
    last = maintenance.last_done(home).get("backup")
    words.append(_("Ultima: {moment}.").format(moment=moment_words(last)) if last else _("Încă nu s-a făcut niciuna."))
    if folder and folder.is_relative_to(home.path):
        words.append(
            _("Dosarul lor este pe același disc ca datele. Puneți-l pe alt disc: {setting}=DOSAR.").format(
                setting=maintenance.FOLDER_SETTING
            )
        )
    st.html(register_html.render_facts_card(title, words))
    with st.container(key="hs-row-backups", horizontal=True):
        if st.button(_("Faceți o copie acum"), key="make-backup"):
            _act(lambda: _made(home, ledger, who))
        if known:
            _download(known[0])


def _made(home: Home, ledger: Ledger, who: Actor) -> str:
    with st.spinner(_("Fac copia de siguranță…")):
        path = maintenance.make_backup(home, ledger, actor=who)
    return _("Copia de siguranță este făcută: {path}").format(path=path)


def _download(newest: Path) -> None:
    """Offer the newest backup and its list of erasures; too large a one is named only."""
    if newest.stat().st_size > _MOST_BYTES:
        st.html(
            markup.render_quiet(
                _("Copia este prea mare pentru browser; luați-o de pe server: {path}").format(path=newest)
            )
        )
        return
    for path, label, kind in (
        (newest, _("Descărcați ultima copie"), "application/zip"),
        (erasure_list.beside(newest), _("Descărcați lista ștergerilor"), "application/json"),
    ):
        if path.is_file():
            st.download_button(label, partial(path.read_bytes), path.name, kind, key=f"get-{kind}", on_click="ignore")


def _retention(home: Home, ledger: Ledger, who: Actor) -> None:
    due = ledger.due_for_erasure(actor=who)
    st.html(register_html.render_facts_card(_("Termenul de păstrare"), administration_report.retention_words(due)))
    if home.is_demo or not due.referrals:
        return
    sure = st.checkbox(_("Știu că ce se șterge nu se mai poate întoarce"), key="retention-sure")
    if st.button(_("Ștergeți ce a trecut de termen"), key="retention-apply", disabled=not sure):
        _act(lambda: _erased(ledger.erase_old(actor=who)))


def _erase(ledger: Ledger, who: Actor) -> None:
    st.html(
        register_html.render_facts_card(
            _("O persoană cere ștergerea datelor"),
            [_("Se șterg codul cazului, localitatea și mențiunile din toate referirile lui; numerele rămân.")],
        )
    )
    turn = st.session_state.get("erasures", 0)  # the key changes after each, which empties the field
    code = st.text_input(_("Codul cazului"), key=f"erase-case-{turn}", placeholder="C-XXXXX-XXXXX", max_chars=20)
    sure = st.checkbox(_("Știu că datele cazului nu se mai pot întoarce"), key=f"erase-sure-{turn}")
    if st.button(_("Ștergeți cazul"), key="erase", disabled=not sure):
        _act(lambda: _erased_case(ledger, code, who))


def _erased_case(ledger: Ledger, code: str, who: Actor) -> str:
    erased = ledger.erase_case(code, actor=who)
    if not erased:
        raise UnknownCaseError(_("Nu există niciun caz cu acest cod: nu a fost făcut aici, sau a fost deja șters."))
    st.session_state["erasures"] = st.session_state.get("erasures", 0) + 1
    return _erased(erased)


def _erased(count: int) -> str:
    return ngettext("Șters: {n} referire.", "Șterse: {n} referiri.", count).format(n=number(count))


def _editions(home: Home, ledger: Ledger, who: Actor) -> None:
    words = [_("După fiecare publicare rămân versiunea curentă și cea dinaintea ei; celelalte se șterg.")]
    st.html(register_html.render_facts_card(_("Ediții vechi"), words))
    if not home.is_demo and st.button(_("Ștergeți edițiile vechi"), key="prune"):
        _act(lambda: _pruned(len(publishing.prune(home, ledger, actor=who))))


def _pruned(count: int) -> str:
    if not count:
        return _("Nu este nicio ediție veche de șters.")
    return ngettext("{n} ediție veche ștearsă.", "{n} ediții vechi șterse.", count).format(n=number(count))


def _audit_log(ledger: Ledger, who: Actor) -> None:
    words = [_("Cine ce a făcut și a citit, în rânduri legate între ele: o schimbare se vede la verificare.")]
    st.html(register_html.render_facts_card(_("Jurnalul"), words))
    if not st.button(_("Verificați jurnalul"), key="verify-audit-log"):
        return
    try:
        found = administration_report.verify(ledger, actor=who)
    except MapError as error:
        page_elements.refusal(error)
        return
    title = _("Jurnalul este întreg") if found.holds else _("Jurnalul a fost schimbat")
    st.html(markup.render_notice(title, found.lines(), kind="empty" if found.holds else "refusal"))


def _act(change: Callable[[], str]) -> None:
    """Do what changes something; say at the top of the next run what was done."""
    try:
        st.session_state[_DONE] = change()
    except MapError as error:
        page_elements.refusal(error)
        return
    st.rerun()
