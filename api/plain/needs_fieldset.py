"""What is needed, on a plain form: chosen from the list or written in words, one thing after the other, five at most.

What is understood stays on the form as a ticked line: to take it away, untick it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.http import form_fields, page_frame
from api.http.form_fields import FieldError
from core.errors import UnknownCodeError
from core.i18n import _
from core.text import fold
from geo.spatial.route import MOST_NEEDS
from providers.finder import search_terms

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from providers.finder.search_terms import SearchTerm

_LONGEST = 80


@dataclass(frozen=True)
class NeedsInput:
    """What is understood so far; the words that are not, and what has to be asked about them."""

    found: tuple[SearchTerm, ...]
    words: str = ""
    trouble: FieldError | None = None


def read(view: RequestView) -> NeedsInput:
    """Understand what the form says: codes of the list, and words, of which several stand between commas."""
    found = [each for text in view.all_said("nevoie")[: 2 * MOST_NEEDS] if (each := _sure(text.strip()[:_LONGEST]))]
    chosen, left = _sure(view.said("nevoie_aleasa")), _parts(view.said("cuvinte", _LONGEST))
    unclear: list[tuple[str, tuple[SearchTerm, ...]]] = []
    for part in left:
        meant = _meant(part)
        if len(meant) == 1:
            found.append(meant[0])
        elif chosen is not None and meant:  # the answer to the first thing that was asked back
            found.append(chosen)
            chosen = None
        else:
            unclear.append((part, meant))
    if chosen is not None:
        found.append(chosen)
    every = tuple({each.code: each for each in found}.values())
    words = ", ".join(part for part, _meant_by_it in unclear)
    if len(every) > MOST_NEEDS:
        said = _("Sunt prea multe nevoi deodată. Lăsați bifate cel mult {n}.").format(n=MOST_NEEDS)
        return NeedsInput(every, words, FieldError("cuvinte", said))
    return NeedsInput(every, words, _asked_back(*unclear[0]) if unclear else None)


def _parts(typed: str) -> list[str]:
    if any(fold(each.label) == fold(typed) for each in search_terms.all_search_terms().values()):
        return [typed]  # some names have a comma of their own
    return [part.strip() for part in re.split(r"[,;]", typed) if part.strip()]


def _meant(typed: str) -> tuple[SearchTerm, ...]:
    try:
        return search_terms.resolve(typed)
    except UnknownCodeError:
        return ()


def _sure(typed: str) -> SearchTerm | None:
    meant = _meant(typed) if typed else ()
    return meant[0] if len(meant) == 1 else None


def _asked_back(typed: str, meant: tuple[SearchTerm, ...]) -> FieldError:
    if not meant:
        said = _("Nu am înțeles „{typed}”. Încercați alt cuvânt sau alegeți din listă.").format(typed=typed)
        return FieldError("cuvinte", said)
    question = _("„{typed}”: la ce vă gândiți?").format(typed=typed)
    return FieldError("cuvinte", question, tuple((each.code, each.label) for each in meant))


def needs_fieldset(so_far: NeedsInput, missing: FieldError | None = None) -> Markup:
    """Draw what is understood already, ticked, and the two fields in which one more thing can be said."""
    kept = Markup("").join(
        Markup('<label class="pick"><input type="checkbox" name="nevoie" value="{}" checked> {}</label>').format(
            each.code, each.label
        )
        for each in so_far.found
    )
    if kept:
        kept = Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(_("De ce are nevoie?"), kept)
    return kept + _list_field(missing, is_more=bool(kept)) + _words_field(so_far)


def _list_field(missing: FieldError | None, *, is_more: bool) -> Markup:
    needs = [each for each in search_terms.all_search_terms().values() if each.is_need]
    lists = Markup("").join(
        Markup('<optgroup label="{}">{}</optgroup>').format(
            group, page_frame.options((each.code, each.label) for each in members)
        )
        for group, members in groupby(needs, key=lambda each: each.group)
    )
    return Markup(
        '<label for="nevoie">{}</label>{}<select id="nevoie" name="nevoie"><option value="">{}</option>{}</select>'
    ).format(
        _("Și de ce mai are nevoie?") if is_more else _("De ce are nevoie?"),
        form_fields.error("nevoie", missing),
        _("Alegeți din listă"),
        lists,
    )


def _words_field(so_far: NeedsInput) -> Markup:
    label, hint = _("sau scrieți în cuvinte"), _("bătăi, buletin, lemne…")
    return form_fields.text_field("cuvinte", label, so_far.words, so_far.trouble, hint=hint)


def more_button(so_far: NeedsInput) -> Markup:
    """Offer to say one more thing before searching: one way may do for all of them."""
    if len(so_far.found) >= MOST_NEEDS:
        return page_frame.NOTHING
    return Markup('<p><button class="link" name="inca" value="1">{}</button></p>').format(
        _("Încă o nevoie, pe același drum")
    )
