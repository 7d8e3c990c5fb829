"""The slip on the plain pages: the wording is the house's, the same on paper, on screen and as a file."""

from __future__ import annotations

from reports.documents.slip import is_sensitive, slip_lines

__all__ = ["is_sensitive", "slip_lines"]
