"""How a service answers those who refer to it: how soon, and whether it answered lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.answering.answering_record import AnsweringRecord as AnsweringRecord
    from providers.answering.answering_record import answering_json as answering_json
    from providers.answering.answering_record import answering_words as answering_words
    from providers.answering.answering_record import record_of as record_of

__all__ = ["AnsweringRecord", "answering_json", "answering_words", "record_of"]

__getattr__ = lazy_exports(
    __name__,
    {
        "AnsweringRecord": "answering_record",
        "answering_json": "answering_record",
        "answering_words": "answering_record",
        "record_of": "answering_record",
    },
)
