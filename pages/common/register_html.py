"""Pieces of „Registre” as markup: what the home holds, an edition's facts, a difference. No Streamlit here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.i18n import _, ngettext, number
from core.storage.import_kinds import slot_of
from core.templating import render_macro
from providers.imports.reading_report import unused_lines
from providers.rules import wording
from providers.rules.wording import age_words
from referrals.workflow.worklist import moment_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from markupsafe import Markup

    from core.storage.editions import Manifest
    from referrals.homes.publishing import KindState

_MOST_CHANGES = 100  # shown on screen; the file has them all
_TEMPLATE = "screen/registers.html"


def render_holdings(states: Sequence[KindState]) -> Markup:
    """List every kind, of a registry every source: of which day it is, how many rows, how many refused."""
    return render_macro(_TEMPLATE, "holdings", [_holding(state, states) for state in states])


def state_title(state: KindState, states: Sequence[KindState]) -> str:
    """Name a register; with its source where it has another one, or one that is not its usual."""
    alone = sum(each.kind == state.kind for each in states) == 1
    is_usual = state.slot == slot_of(state.kind)
    return _(state.title) if alone and is_usual else f"{_(state.title)} · {state.source}"


def _holding(state: KindState, states: Sequence[KindState]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "title": state_title(state, states),
        "is_withdrawn": state.is_withdrawn,
        "is_imported": state.current is not None,
        "waiting": number(len(state.staged)) if state.staged else "–",
    }
    if state.current is None:
        return row
    synthetic = f" ({_('date sintetice')})" if state.current.source.synthetic else ""
    return row | {
        "day": wording.iso_day(state.current.as_of) + synthetic,
        "age": age_words(state.age_days) if state.age_days is not None and state.age_days >= 0 else "–",
        "loaded": number(state.current.rows_loaded),
        "rejected": number(state.current.rows_rejected),
    }


def render_edition(manifest: Manifest, title: str, *, is_whole: bool = False) -> Markup:
    """Draw what is known of one edition: where it comes from, and what the import made of it.

    is_whole: with the cells that were not used, which is for those who may mend the file.
    """
    unused = manifest.unused if is_whole else {**manifest.unused, "cells": ()}
    # What an edition holds was written once, in Romanian: a screen reader has to know on an English screen.
    facts = [
        (_("Titlul sursei"), _(manifest.source.title), ""),
        (_("Publicat de"), manifest.source.publisher, ""),
        (_("Licența datelor"), manifest.source.licence, "ro"),
        (_("Adresa"), manifest.source.url, ""),
        (_("Fișierul"), manifest.file, ""),
        (_("La data"), wording.iso_day(manifest.as_of), ""),
        (_("Importat"), _moment(manifest.imported_at), ""),
        (_("Rânduri"), rows_words(manifest), ""),
        (_("Față de cea dinainte"), change_words(manifest), ""),
        (_("Note"), "; ".join(manifest.notes), "ro"),
        (_("Nefolosite"), "; ".join(unused_lines(unused)), "ro"),
        (_("Ediția"), manifest.edition, ""),
        ("SHA-256", manifest.sha256, ""),
    ]
    return render_macro(_TEMPLATE, "edition", title, facts)


def render_facts_card(title: str, lines: Iterable[str]) -> Markup:
    """Render in a card how something stands, above the buttons that change it."""
    return render_macro(_TEMPLATE, "facts_card", title, lines)


def render_copy(address: str) -> Markup:
    """Draw the button that copies an address which stands above it."""
    return render_macro(_TEMPLATE, "copy_address", address)


def render_turned(turned: pd.DataFrame) -> Markup:
    """List the services that an edition would take away, change in type or move (`import_guards.turned`)."""
    words = {"gone": _("dispare"), "type": _("alt tip"), "moved": _("se mută")}
    rows = [(words[turn], key, label, "") for key, turn, label in turned.head(_MOST_CHANGES).itertuples(index=False)]
    caption = ngettext("{n} serviciu de verificat", "{n} servicii de verificat", len(turned)).replace(
        "{n}", number(len(turned))
    )
    if len(turned) > _MOST_CHANGES:
        caption += ", " + _("primele {n}").format(n=_MOST_CHANGES)
    return render_macro(_TEMPLATE, "difference", caption, rows)


def _moment(iso: str) -> str:
    return moment_words(datetime.fromisoformat(iso)) if iso else ""


def rows_words(manifest: Manifest) -> str:
    """Return in words how the rows add up: none is lost."""
    return _("citite {read} = încărcate {loaded} + respinse {rejected}").format(
        read=number(manifest.rows_read), loaded=number(manifest.rows_loaded), rejected=number(manifest.rows_rejected)
    )


def change_words(manifest: Manifest) -> str:
    """Return in words what an edition changes, in counts."""
    return _("noi {added}, dispărute {removed}, schimbate {changed}").format(
        added=number(manifest.added), removed=number(manifest.removed), changed=number(manifest.changed)
    )


def render_difference(changes: pd.DataFrame) -> Markup:
    """List the rows that change, the gone ones first: a wrong file shows there."""
    if changes.empty:
        return render_macro("screen/_macros.html", "quiet", _("Nu se schimbă niciun rând."))
    words = {"removed": _("dispare"), "changed": _("se schimbă"), "added": _("apare")}
    order = changes["change"].map({"removed": 0, "changed": 1, "added": 2})
    shown = changes.assign(_order=order).sort_values("_order", kind="stable").head(_MOST_CHANGES)
    rows = [
        (words.get(change, change), key, label, fields.replace(";", ", "))
        for key, label, change, fields in shown[["key", "label", "change", "fields"]].itertuples(index=False)
    ]
    caption = ngettext("{n} rând se schimbă", "{n} rânduri se schimbă", len(changes)).replace(
        "{n}", number(len(changes))
    )
    if len(changes) > _MOST_CHANGES:
        caption += ", " + _("primele {n}").format(n=_MOST_CHANGES)
    return render_macro(_TEMPLATE, "difference", caption, rows)
