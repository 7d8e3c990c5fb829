"""Words that found no need, counted so that the vocabulary grows: no phrase, no place, no person, no day.

Only single words are kept, folded, apart from each other. Nothing of a text that says who a person is, no word with a
capital letter inside a sentence (a name), none with a digit, no name of a place; a word is listed from the third time.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from core.storage.home import write_atomically
from core.text import fold
from referrals.records.free_text import personal_data

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FILE = "unfound_words.json"
_SHORTEST = 3  # letters
_LONGEST = 24
_MOST = 500  # words that are kept; a new one takes the place of the rarest
_LISTED_FROM = 3  # times: what one person typed once is not shown


def count_unfound(folder: Path, text: str, *, is_place: Callable[[str], bool]) -> None:
    """Count the words of a text for which no need was found.

    Parameters
    ----------
    folder
        The folder of the home.
    text
        What was typed; nothing of it is kept where it says who a person is.
    is_place
        Tells whether a folded word is the name of a place, or a part of one: it is not counted.
    """
    if personal_data(text) is not None:
        return
    words = {word for word in _countable(text) if not is_place(word)}
    if not words:
        return
    counts = _read(folder)
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    kept = sorted(counts, key=lambda word: (word not in words, -counts[word]))[:_MOST]
    write_atomically(
        folder / _FILE,
        json.dumps({word: counts[word] for word in sorted(kept)}, ensure_ascii=False).encode(),
        is_private=True,
    )


def list_unfound(folder: Path) -> list[tuple[str, int]]:
    """List (word, times) of the words typed at least three times, the most frequent first."""
    counts = _read(folder)
    found = [(word, times) for word, times in counts.items() if times >= _LISTED_FROM]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _countable(text: str) -> set[str]:
    typed = re.findall(r"[^\W_]+", text)
    # A capital letter begins a name, also of the first word: better lose a word than keep a person.
    return {fold(word) for word in typed if word.isalpha() and word.islower() and _SHORTEST <= len(word) <= _LONGEST}


def _read(folder: Path) -> dict[str, int]:
    try:
        said = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(word): int(times) for word, times in said.items()} if isinstance(said, dict) else {}
