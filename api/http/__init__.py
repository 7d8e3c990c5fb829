"""What every request has at hand: session, CSRF token, static files, the page frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.http.dependencies import directory_for as directory_for
    from api.http.page_frame import error_page as error_page
    from api.http.page_frame import page as page
    from api.http.view import RequestView as RequestView
    from api.http.view import endpoint as endpoint

__all__ = ["RequestView", "directory_for", "endpoint", "error_page", "page"]

__getattr__ = lazy_exports(
    __name__,
    {
        "RequestView": "view",
        "directory_for": "dependencies",
        "endpoint": "view",
        "error_page": "page_frame",
        "page": "page_frame",
    },
)
