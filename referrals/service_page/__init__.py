"""A service's own page: everything that is public of it, each fact with its age, for every surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.service_page.papers_to_bring import papers_by_need as papers_by_need
    from referrals.service_page.service_facts import FactGroup as FactGroup
    from referrals.service_page.service_facts import ServiceFact as ServiceFact
    from referrals.service_page.service_facts import ServicePage as ServicePage
    from referrals.service_page.service_facts import present_id as present_id
    from referrals.service_page.service_facts import service_page as service_page
    from referrals.service_page.service_text import page_json as page_json
    from referrals.service_page.service_text import page_lines as page_lines

__all__ = [
    "FactGroup",
    "ServiceFact",
    "ServicePage",
    "page_json",
    "page_lines",
    "papers_by_need",
    "present_id",
    "service_page",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "FactGroup": "service_facts",
        "ServiceFact": "service_facts",
        "ServicePage": "service_facts",
        "page_json": "service_text",
        "page_lines": "service_text",
        "papers_by_need": "papers_to_bring",
        "present_id": "service_facts",
        "service_page": "service_facts",
    },
)
