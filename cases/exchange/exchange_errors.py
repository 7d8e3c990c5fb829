"""Why a change is not applied, named after what stands in the way."""

from __future__ import annotations

from core.errors import MapError


class RefusedChangeError(MapError, ValueError):
    """A change that cannot be, or is not possible any more; the sentence goes to who made it."""


class EarlierChangeMissingError(MapError, LookupError):
    """A change speaks of something that has not arrived yet."""
