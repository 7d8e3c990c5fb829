"""The fields that a form brought, and what is wrong with one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST_NAME = 80  # characters of a place or a need, as it is typed
LONGEST_KEY = 60  # of what makes a form sent twice one step
_CHOSEN_INSTEAD = {"loc": "loc_ales", "domiciliu": "domiciliu_ales", "cuvinte": "nevoie_aleasa"}


@dataclass(frozen=True)
class FieldError:
    """What has to be set right before there is a form.

    Attributes
    ----------
    field
        Name of the field.
    words
        What is the matter, in the language of the request.
    choices
        Value and words of what may be chosen for `field`.
    """

    field: str
    words: str
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def chosen_field(self) -> str:
        """The field in which one of the choices comes back."""
        return _CHOSEN_INSTEAD[self.field]


@dataclass(frozen=True)
class Fields:
    """The texts of a form.

    Attributes
    ----------
    texts
        By the names of the fields, some of which come several times.
    """

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, object]]) -> Fields:
        """Keep what is text of (name, value) pairs, in their order."""
        kept: dict[str, list[str]] = {}
        for name, value in pairs:
            if isinstance(value, str):
                kept.setdefault(name, []).append(value)
        return cls({name: tuple(values) for name, values in kept.items()})

    def text(self, name: str, most: int = 200) -> str:
        """Return a field, trimmed; the last of several, and an empty text where there is none."""
        return self.texts.get(name, ("",))[-1].strip()[:most]

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that may come several times."""
        return self.texts.get(name, ())

    def is_ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return self.text(name) == "1"
