"""Who a service is looked for: only what a rule of access needs to know of a person."""

from __future__ import annotations

from dataclasses import dataclass

OLDEST_PERSON = 130  # years: of who asks, and of whom a service says that it takes


@dataclass(frozen=True)
class Person:
    """As little about a person as a rule needs; None and empty mean not said, and then no rule refuses.

    age: full years. sex: F or M. groups: codes of beneficiary groups.
    """

    age: int | None = None
    sex: str | None = None
    groups: frozenset[str] = frozenset()
