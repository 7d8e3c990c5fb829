"""Ids of services: `registry:source:key`. They are made, taken apart and led from their old form here alone.

The source stands in the id, so that a key of one list is never a key of another. Before there were sources an id was
`registry:key`; such an id, in a link, on paper or in an edition of that time, means the same key of the registry's
default source (`ImportKind.default_source`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.storage.import_kinds import REGISTRIES

if TYPE_CHECKING:
    import pandas as pd


def service_id(registry: str, source: str, key: str) -> str:
    """Make the id of a service.

    >>> service_id("social", "dgaspc-nt", "LF-000101")
    'social:dgaspc-nt:LF-000101'
    """
    return f"{registry}:{source}:{key}"


def parts(text: str) -> tuple[str, str, str]:
    """Take an id apart: registry, source, key. An id of the old form has its registry's default source.

    >>> parts("social:dgaspc-nt:7"), parts("social:7"), parts("x")
    (('social', 'dgaspc-nt', '7'), ('social', 'mmps', '7'), ('', '', 'x'))
    """
    pieces = text.split(":", 2)
    kind = REGISTRIES.get(pieces[0])
    if kind is None or len(pieces) == 1:
        return "", "", text
    return (pieces[0], pieces[1], pieces[2]) if len(pieces) > 2 else (pieces[0], kind.default_source, pieces[1])  # noqa: PLR2004


def current_id(text: str) -> str:
    """Return the id that an id of either form has now; any other text is given back.

    >>> current_id("social:7"), current_id("social:dgaspc-nt:7"), current_id("protected:A:BC:1")
    ('social:mmps:7', 'social:dgaspc-nt:7', 'protected:A:BC:1')
    """
    registry, source, key = parts(text)
    return service_id(registry, source, key) if registry else text


def lasting_id(text: str) -> str:
    """Return the form from which digests of an id are made, so that those made before there were sources still hold.

    >>> lasting_id("social:mmps:7"), lasting_id("social:7"), lasting_id("social:dgaspc-nt:7")
    ('social:7', 'social:7', 'social:dgaspc-nt:7')
    """
    registry, source, key = parts(text)
    return f"{registry}:{key}" if registry and source == REGISTRIES[registry].default_source else text


def with_source(ids: pd.Series[str], registry: str, source: str) -> pd.Series[str]:
    """Give ids of an edition their source, where the edition was written before there were sources."""
    prefix = service_id(registry, source, "")
    old = ids.str.startswith(f"{registry}:") & ~ids.str.startswith(prefix)
    return ids.mask(old, prefix + ids.str.slice(len(registry) + 1)) if old.any() else ids
