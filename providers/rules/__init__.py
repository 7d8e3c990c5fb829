"""The rules as data: taxonomy, needs, secrecy, the common schema, and their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.rules.need_search import search as search
    from providers.rules.needs import Need as Need
    from providers.rules.needs import need_answers as need_answers
    from providers.rules.secrecy import is_secret as is_secret
    from providers.rules.taxonomy import ServiceType as ServiceType
    from providers.rules.taxonomy import service_type as service_type
    from providers.rules.taxonomy import service_types as service_types

__all__ = ["Need", "ServiceType", "is_secret", "need_answers", "search", "service_type", "service_types"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Need": "needs",
        "ServiceType": "taxonomy",
        "is_secret": "secrecy",
        "need_answers": "needs",
        "search": "need_search",
        "service_type": "taxonomy",
        "service_types": "taxonomy",
    },
)
