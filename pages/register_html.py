"""Pieces of „Registre” as HTML text: what the home holds, an edition's facts, a difference. No Streamlit here."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from geo.language import _, ngettext, number
from pages import stacked, wording
from providers.wording import age_words
from referrals.following import moment_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from geo.editions import Manifest
    from referrals.publishing import KindState

_MOST_CHANGES = 100  # shown on screen; the file has them all


def holdings(states: Sequence[KindState]) -> str:
    """List every kind with its edition in force: of which day, how many rows, how many refused."""
    heads = (_("Registrul"), _("La data"), _("Vechime"), _("Rânduri"), _("Respinse"), _("În așteptare"))
    body = "".join(_holding(state) for state in states)
    caption = _("Ce are această instalare")
    return frame(caption, heads, body)


def frame(caption: str, heads: Sequence[str], body: str) -> str:
    """Frame a table so that it scrolls by itself, with the keyboard too; on a telephone it is read row by row."""
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
    return (
        f'<div class="hs-table-frame" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="hs-grid {stacked.kind(heads)}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{stacked.labelled(body, heads)}</tbody></table></div>"
    )


def _holding(state: KindState) -> str:
    name = f'<th scope="row">{escape(_(state.title))}</th>'
    waiting = number(len(state.staged)) if state.staged else "–"
    now = state.current
    if now is None:
        return f'<tr>{name}<td colspan="4">{escape(_("neimportat"))}</td><td>{waiting}</td></tr>'
    age = age_words(state.age_days) if state.age_days is not None and state.age_days >= 0 else "–"
    synthetic = f" ({_('date sintetice')})" if now.source.synthetic else ""
    return (
        f"<tr>{name}<td>{escape(wording.iso_day(now.as_of) + synthetic)}</td><td>{escape(age)}</td>"
        f'<td class="hs-num">{number(now.rows_loaded)}</td><td class="hs-num">{number(now.rows_rejected)}</td>'
        f'<td class="hs-num">{waiting}</td></tr>'
    )


def edition(manifest: Manifest, title: str) -> str:
    """Draw what is known of one edition: where it comes from, and what the import made of it."""
    facts = [
        (_("Titlul sursei"), _(manifest.source.title)),
        (_("Publicat de"), manifest.source.publisher),
        (_("Licența datelor"), manifest.source.licence),
        (_("Adresa"), manifest.source.url),
        (_("Fișierul"), manifest.file),
        (_("La data"), wording.iso_day(manifest.as_of)),
        (_("Importat"), _moment(manifest.imported_at)),
        (_("Rânduri"), rows_words(manifest)),
        (_("Față de cea dinainte"), change_words(manifest)),
        (_("Note"), "; ".join(manifest.notes)),
        (_("Ediția"), manifest.edition),
        ("SHA-256", manifest.sha256),
    ]
    # What an edition holds was written once, in Romanian: a screen reader has to know on an English screen.
    marks = dict.fromkeys((_("Licența datelor"), _("Note")), ' lang="ro"')
    listed = "".join(
        f"<dt>{escape(name)}</dt><dd{marks.get(name, '')}>{escape(value)}</dd>" for name, value in facts if value
    )
    return f'<section class="hs-card"><h2>{escape(title)}</h2><dl>{listed}</dl></section>'


def told(title: str, lines: Iterable[str]) -> str:
    """Say in a card how something stands, above the buttons that change it."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<section class="hs-card"><h3>{escape(title)}</h3>{body}</section>'


def _moment(iso: str) -> str:
    return moment_words(datetime.fromisoformat(iso)) if iso else ""


def rows_words(manifest: Manifest) -> str:
    """Say how the rows add up: none is lost."""
    return _("citite {read} = încărcate {loaded} + respinse {rejected}").format(
        read=number(manifest.rows_read), loaded=number(manifest.rows_loaded), rejected=number(manifest.rows_rejected)
    )


def change_words(manifest: Manifest) -> str:
    """Say what an edition changes, in counts."""
    return _("noi {added}, dispărute {removed}, schimbate {changed}").format(
        added=number(manifest.added), removed=number(manifest.removed), changed=number(manifest.changed)
    )


def difference(changes: pd.DataFrame) -> str:
    """List the rows that change, the gone ones first: a wrong file shows there."""
    words = {"removed": _("dispare"), "changed": _("se schimbă"), "added": _("apare")}
    if changes.empty:
        return f'<p class="hs-quiet">{escape(_("Nu se schimbă niciun rând."))}</p>'
    order = changes["change"].map({"removed": 0, "changed": 1, "added": 2})
    shown = changes.assign(_order=order).sort_values("_order", kind="stable").head(_MOST_CHANGES)
    heads = (_("Ce"), _("Cheia"), _("Numele"), _("Câmpurile"))
    body = "".join(
        f"<tr><td>{escape(words.get(change, change))}</td><td>{escape(key)}</td>"
        f"<td>{escape(label)}</td><td>{escape(fields.replace(';', ', '))}</td></tr>"
        for key, label, change, fields in shown[["key", "label", "change", "fields"]].itertuples(index=False)
    )
    caption = ngettext("{n} rând se schimbă", "{n} rânduri se schimbă", len(changes)).replace(
        "{n}", number(len(changes))
    )
    if len(changes) > _MOST_CHANGES:
        caption += ", " + _("primele {n}").format(n=_MOST_CHANGES)
    return frame(caption, heads, body)
