"""The public offices that every area has by law, and what an import says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.authorities.authorities import AuthorityKind as AuthorityKind
    from providers.authorities.authorities import derive as derive
    from providers.authorities.authority_imports import with_imported as with_imported

__all__ = ["AuthorityKind", "derive", "with_imported"]

__getattr__ = lazy_exports(
    __name__, {"AuthorityKind": "authorities", "derive": "authorities", "with_imported": "authority_imports"}
)
