"""The main question: who is near, may take this person and has a free place; and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.finder.answer import Answer as Answer
    from providers.finder.answer import Offer as Offer
    from providers.finder.answer import Query as Query
    from providers.finder.answer import Result as Result
    from providers.finder.finder import find as find
    from providers.finder.query_parsing import parse_query as parse_query
    from providers.finder.search_terms import suggest as suggest
    from providers.finder.trips import plan_trip as plan_trip

__all__ = ["Answer", "Offer", "Query", "Result", "find", "parse_query", "plan_trip", "suggest"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Answer": "answer",
        "Offer": "answer",
        "Query": "answer",
        "Result": "answer",
        "find": "finder",
        "parse_query": "query_parsing",
        "plan_trip": "trips",
        "suggest": "search_terms",
    },
)
