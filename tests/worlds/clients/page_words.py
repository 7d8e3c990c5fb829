"""What a page under AppTest says."""

from __future__ import annotations


def words(app) -> str:
    """Everything that the page says as HTML."""
    return "".join(each.proto.body for each in app.get("html"))
