"""The social register: licensed services and accredited providers, in each published layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.registries.social.current_social import join_organizations as join_organizations
    from providers.registries.social.organizations import accreditation as accreditation
    from providers.registries.social.social_rows import tidy_rows as tidy_rows

__all__ = ["accreditation", "join_organizations", "tidy_rows"]

__getattr__ = lazy_exports(
    __name__,
    {
        "accreditation": "organizations",
        "join_organizations": "current_social",
        "tidy_rows": "social_rows",
    },
)
