"""A list for a person: services kept together for one visit, in the session alone, and what its sheet says of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.visit_list.kept_lists import KeptService as KeptService
    from referrals.visit_list.kept_lists import change_list as change_list
    from referrals.visit_list.kept_lists import keep_service as keep_service
    from referrals.visit_list.kept_lists import list_kept as list_kept
    from referrals.visit_list.kept_lists import need_to_keep as need_to_keep
    from referrals.visit_list.list_content import ListedService as ListedService
    from referrals.visit_list.list_content import describe_list as describe_list
    from referrals.visit_list.sheet_languages import offered_languages as offered_languages

__all__ = [
    "KeptService",
    "ListedService",
    "change_list",
    "describe_list",
    "keep_service",
    "list_kept",
    "need_to_keep",
    "offered_languages",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "KeptService": "kept_lists",
        "ListedService": "list_content",
        "change_list": "kept_lists",
        "describe_list": "list_content",
        "keep_service": "kept_lists",
        "list_kept": "kept_lists",
        "need_to_keep": "kept_lists",
        "offered_languages": "sheet_languages",
    },
)
