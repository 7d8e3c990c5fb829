"""What is needed: chosen from the list or written in words, one thing after the other, five at most.

What is understood stays on the form as a ticked line: to take it away, untick it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.forms.form_fields import LONGEST_NAME, FieldError
from core.i18n import _
from geo.spatial.route import MOST_NEEDS
from providers.finder import search_terms

if TYPE_CHECKING:
    from api.forms.form_fields import Fields
    from providers.finder.search_terms import SearchTerm


@dataclass(frozen=True)
class NeedsForm:
    """What is understood so far of what somebody needs.

    A form that is not whole keeps what is understood, so it is one with an `error` and not an error alone.

    Attributes
    ----------
    found
        Needs and service types understood.
    words
        Words that are not understood yet.
    error
        What has to be asked about them; None = nothing.
    """

    found: tuple[SearchTerm, ...]
    words: str = ""
    error: FieldError | None = None

    @property
    def may_say_more(self) -> bool:
        """Whether one more thing may be said before searching."""
        return len(self.found) < MOST_NEEDS

    @classmethod
    def parse(cls, fields: Fields) -> NeedsForm:
        """Understand what the form says: codes of the list, and words, of which several stand between commas."""
        listed = fields.all("nevoie")[: 2 * MOST_NEEDS]
        found = [each for text in listed if (each := _sure(text.strip()[:LONGEST_NAME]))]
        chosen, left = (
            _sure(fields.text("nevoie_aleasa")),
            search_terms.split_needs(fields.text("cuvinte", LONGEST_NAME)),
        )
        unclear: list[tuple[str, tuple[SearchTerm, ...]]] = []
        for part in left:
            meant = search_terms.meanings(part)
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
            sentence = _("Sunt prea multe nevoi deodată. Lăsați bifate cel mult {n}.").format(n=MOST_NEEDS)
            return cls(every, words, FieldError("cuvinte", sentence))
        return cls(every, words, _ask_back_error(*unclear[0]) if unclear else None)


def _sure(typed: str) -> SearchTerm | None:
    meant = search_terms.meanings(typed) if typed else ()
    return meant[0] if len(meant) == 1 else None


def _ask_back_error(typed: str, meant: tuple[SearchTerm, ...]) -> FieldError:
    if not meant:
        text = _("Nu am înțeles „{typed}”. Încercați alt cuvânt sau alegeți din listă.").format(typed=typed)
        return FieldError("cuvinte", text)
    question = _("„{typed}”: despre ce nevoie este vorba?").format(typed=typed)
    return FieldError("cuvinte", question, tuple((each.code, each.explained) for each in meant))
