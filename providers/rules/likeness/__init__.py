"""How much a phrase is like others: by its letters, and by how likely each need is to be said so. Knows no rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.rules.likeness.letters import likeness as likeness
    from providers.rules.likeness.letters import make_letters as make_letters
    from providers.rules.likeness.speech import log_likelihood as log_likelihood
    from providers.rules.likeness.speech import make_speech as make_speech

__all__ = ["likeness", "log_likelihood", "make_letters", "make_speech"]

__getattr__ = lazy_exports(
    __name__,
    {"likeness": "letters", "log_likelihood": "speech", "make_letters": "letters", "make_speech": "speech"},
)
