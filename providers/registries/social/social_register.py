"""The social register, in whichever of its forms a file comes: the JSON of 2017 or today's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reading.curated_tables import FOLDER
from providers.registries import corrections as repairs
from providers.registries.social import current_social, social_2017

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geo.gazetteer.gazetteer import Gazetteer
    from providers.rules.schema import Tidied

CORRECTIONS = FOLDER / "social.corrections.csv"


def load(
    path: Path, organizations_path: Path | None = None, *, organizations: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Read a file of the social register: `.json` is the edition of 2017, all else is today's register.

    organizations_path: the file of accredited providers; organizations: the table of those imported
    before (`providers.registries.social.organizations.COLUMNS`). The edition of 2017 has no fiscal codes to join
    them by.

    Raises UnreadableFileError and MissingColumnError, both naming the file.
    """
    if path.suffix.lower() == ".json":
        return social_2017.load(path)
    return current_social.load(path, organizations_path, listed=organizations)


def tidy(raw: pd.DataFrame, gazetteer: Gazetteer, *, corrections: pd.DataFrame | None = None) -> Tidied:
    """Shape loaded rows into services and rejects; rows in = services + rejects.

    corrections: table of `providers.registries.corrections`; None = the project's own (CORRECTIONS).
    """
    fixes = repairs.load(CORRECTIONS) if corrections is None else corrections
    if social_2017.is_2017_layout(raw):
        return social_2017.tidy(raw, gazetteer, corrections=fixes)
    return current_social.tidy(raw, gazetteer, corrections=fixes)
