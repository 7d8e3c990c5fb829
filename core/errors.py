"""Errors named after the state of the data. The text of each is for the person at the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class MapError(Exception):
    """Base of every refusal with a reason: what a page or a command catches and shows as it is."""


class MissingColumnError(MapError, ValueError):
    """A table lacks a column that its schema promises."""


class UnreadableFileError(MapError, ValueError):
    """A file is not what its kind should be: empty, truncated, too large, of another format."""


class UnclearTitlesError(MapError, ValueError):
    """Titles of a file that a person must say the meaning of before anything is published; `titles` holds them."""

    def __init__(self, message: str, titles: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.titles = titles


class NotMetricCrsError(MapError, ValueError):
    """A layer is not in `geo.spatial.crs.METRIC_CRS`."""


class PlaceNotChosenError(MapError, LookupError):
    """What was typed is not one place.

    Attributes
    ----------
    question
        What to ask, above the choices.
    choices
        Labels of places that may be meant, likeliest first; each of them, typed, is that place.
    """

    def __init__(self, message: str, choices: tuple[str, ...] = (), *, question: str = "") -> None:
        super().__init__(message)
        self.choices = choices
        self.question = question or message


class UnknownPlaceError(PlaceNotChosenError):
    """No place bears the name that was typed."""


class AmbiguousPlaceError(PlaceNotChosenError):
    """Several places bear the name that was typed."""


class UnknownCodeError(MapError, LookupError):
    """A code (service, need, service type, county, edition) that nothing answers to."""


class HomeError(MapError, RuntimeError):
    """HARTA_HOME is missing, of the other mode, locked or damaged."""


class EditionError(MapError, RuntimeError):
    """An edition cannot be written, read, published or brought back."""


class MixedSnapshotError(MapError, ValueError):
    """Parts of two moments were put together: one would be read by the rows of the other."""


class NotAllowedError(MapError, PermissionError):
    """The role, or its county or community, does not allow this."""


class DuplicateKeyError(MapError, ValueError):
    """A table states twice what it should state once: the same area, service or pair."""


class BadValueError(MapError, ValueError):
    """A column or an option holds what cannot be: negative people, text for a number, an unknown method."""


class InfeasibleSitingError(MapError, ValueError):
    """No choice of sites can meet what was asked.

    Attributes
    ----------
    code
        What stands in the way: a key of `providers.planning.siting_words`.
    facts
        Names, numbers and limits that the sentence needs.
    """

    def __init__(self, message: str, code: str = "", facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.facts = dict(facts or {})


class UnfinishedSitingError(MapError, RuntimeError):
    """The time limit or the person stopped the search before any solution was found."""


class SitingFaultError(MapError, RuntimeError):
    """A solution breaks a limit that it promised to keep: found by the independent checker."""
