"""The social register, in whichever form a file comes: the JSON of 2017, today's tables, the general format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reading.curated_tables import FOLDER
from providers.registries import corrections as repairs
from providers.registries import general_format
from providers.registries.register_file import GENERAL, RawRegister, or_general
from providers.registries.social import current_social, social_2017

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geo.gazetteer.gazetteer import Gazetteer
    from providers.rules.schema import Tidied

LAYOUT_2017 = "2017"
CORRECTIONS = FOLDER / "social.corrections.csv"


def load(path: Path, companion: Path | None = None, *, organizations: pd.DataFrame | None = None) -> RawRegister:
    """Read a file of the social register: `.json` is the edition of 2017, else today's register or the general format.

    companion: the file of accredited providers; organizations: the table of those imported
    before (`providers.registries.social.organizations.COLUMNS`). The edition of 2017 has no fiscal codes to join
    them by.

    Raises UnreadableFileError and MissingColumnError, both naming the file.
    """
    if path.suffix.lower() == ".json":
        return RawRegister(social_2017.load(path), LAYOUT_2017)
    return or_general(path, lambda: current_social.load(path, companion, listed=organizations))


def tidy(raw: RawRegister, gazetteer: Gazetteer, *, corrections: pd.DataFrame | None = None) -> Tidied:
    """Shape loaded rows into services and rejects; rows in = services + rejects.

    corrections: table of `providers.registries.corrections`; None = the project's own (CORRECTIONS); none of its
    own for the general format.
    """
    if raw.layout == GENERAL:
        return general_format.tidy(raw.table, gazetteer, registry="social", corrections=corrections)
    fixes = repairs.load(CORRECTIONS) if corrections is None else corrections
    if raw.layout == LAYOUT_2017:
        return social_2017.tidy(raw.table, gazetteer, corrections=fixes)
    return current_social.tidy(raw.table, gazetteer, corrections=fixes)
