"""Errors named after the state of the data. The text of each is for the person at the screen."""

from __future__ import annotations


class MapError(Exception):
    """Base of every refusal with a reason: what a page or a command catches and shows as it is."""


class MissingColumnError(MapError, ValueError):
    """A table lacks a column that its schema promises."""


class UnreadableFileError(MapError, ValueError):
    """A file is not what its kind should be: empty, truncated, too large, of another format."""


class NotMetricCrsError(MapError, ValueError):
    """A layer is not in `geo.crs.METRIC_CRS`."""


class UnknownPlaceError(MapError, LookupError):
    """No place answers to what was typed; `suggestions` holds the nearest names."""

    def __init__(self, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions


class AmbiguousPlaceError(MapError, LookupError):
    """Several places answer to what was typed; `candidates` holds their labels."""

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class UnknownCodeError(MapError, LookupError):
    """A code (service, need, service type, county, edition) that nothing answers to."""


class HomeError(MapError, RuntimeError):
    """HARTA_HOME is missing, of the other mode, locked or damaged."""


class EditionError(MapError, RuntimeError):
    """An edition cannot be written, read, published or brought back."""


class NotAllowedError(MapError, PermissionError):
    """The role, or its county or community, does not allow this."""
