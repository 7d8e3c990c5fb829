"""What every request has at hand: session, CSRF token, static files, the page frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.http.dependencies import directory_for as directory_for
    from api.http.endpoint import as_endpoint as as_endpoint
    from api.http.page_frame import error_page as error_page
    from api.http.page_frame import page as page
    from api.http.request_view import RequestView as RequestView

__all__ = ["RequestView", "as_endpoint", "directory_for", "error_page", "page"]

__getattr__ = lazy_exports(
    __name__,
    {
        "RequestView": "request_view",
        "as_endpoint": "endpoint",
        "directory_for": "dependencies",
        "error_page": "page_frame",
        "page": "page_frame",
    },
)
