"""What an import would do that is meant more rarely than it is a mistake: a person says that it is.

A source of which a tenth would be gone, of another type or elsewhere; a file of which half is refused
(`import_checks`); one that is older than what is in force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import MapError
from core.i18n import _, ngettext, number
from core.storage.import_kinds import KINDS
from geo.spatial.crs import geodesic_m
from providers.imports.import_checks import reject_words, too_many_rejects
from providers.imports.prepared_edition import Concern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.storage.editions import Edition, EditionStore, Manifest

MOST_TURNED = 0.1  # share of a source that may be gone, of another type or elsewhere before somebody is asked
MOVED_M = 1_000.0  # a point nearer to the one before is a better point, not another place
COLUMNS = ("service_id", "turn", "label")
_TURNS = ("gone", "type", "moved")
_MOST_NAMED = 3


class NotConfirmedError(MapError, ValueError):
    """An import would do what may be a mistake, and nobody has said that it is meant."""


def turned(services: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """List the services of the edition before that a new one has no more, under another type, or elsewhere.

    Of protected services only how many fewer of a type a county has, which is public: row by row it would tell which
    of them stand in both editions.

    Returns
    -------
    pd.DataFrame
        COLUMNS. `turn` is gone, type or moved, the first that applies. `label`: the name and county as before; of a
        protected one only that it is, and no `service_id`.
    """
    if before is None or before.empty:
        return pd.DataFrame(columns=list(COLUMNS), dtype="str")
    known = before[~before["is_secret"].to_numpy(bool)]
    now = services.drop_duplicates("service_id").set_index("service_id").reindex(known["service_id"])
    gone = now["service_type"].isna().to_numpy()
    is_public = ~now["is_secret"].astype("boolean").fillna(True).to_numpy(bool)
    type_is_new = (now["service_type"].to_numpy(object) != known["service_type"].to_numpy(object)) & is_public
    moved = _is_elsewhere(now, known) & is_public
    turn = np.select([gone, type_is_new, moved], _TURNS, "")
    table = pd.DataFrame(
        {
            "service_id": known["service_id"].to_numpy(object),
            "turn": turn,
            "label": (known["name"] + " (" + known["county"].fillna("–") + ")").to_numpy(object),
        }
    )
    fewer = pd.DataFrame(
        {"service_id": "", "turn": "gone", "label": _("(adresă protejată)")}, index=range(_fewer(services, before))
    )
    found: pd.DataFrame = pd.concat([table[turn != ""], fewer], ignore_index=True)
    return found


def _fewer(services: pd.DataFrame, before: pd.DataFrame) -> int:
    """Count how many protected services less there are, type by type and county by county."""
    sizes = [
        table[table["is_secret"].to_numpy(bool)].groupby(["service_type", table["county"].fillna("")]).size()
        for table in (before, services)
    ]
    return int(sizes[0].sub(sizes[1], fill_value=0).clip(lower=0).sum())


def _is_elsewhere(now: pd.DataFrame, before: pd.DataFrame) -> NDArray[np.bool_]:
    uats = [table["uat_siruta"].astype("Float64").to_numpy(float, na_value=np.nan) for table in (now, before)]
    other_unit = (uats[0] != uats[1]) & ~np.isnan(uats[0]) & ~np.isnan(uats[1])
    points = [table[c].to_numpy(float) for table in (before, now) for c in ("lat", "lon")]
    known = ~np.isnan(np.array(points)).any(axis=0)
    far = np.zeros(len(before), bool)
    if known.any():
        far[known] = geodesic_m(*(column[known] for column in points)) > MOVED_M
    return np.asarray(other_unit | far, bool)


def concerns(
    manifest: Manifest,
    rejects: pd.DataFrame,
    services: pd.DataFrame | None,
    before: pd.DataFrame | None,
    replaced: Manifest | None,
) -> tuple[Concern, ...]:
    """Say why an edition needs somebody's word before it is in force; nothing where it needs none.

    services, before: of a registry's source, now and as it stands; None for a layer. replaced: what stands.
    """
    found = [Concern("rejected", reject_words(manifest, rejects))] if too_many_rejects(manifest) else []
    if services is not None and before is not None and len(before):
        turns = turned(services, before)
        if len(turns) >= MOST_TURNED * len(before):
            found += [_turned_words(code, turns[turns["turn"] == code], len(before)) for code in _TURNS
                      if (turns["turn"] == code).any()]  # fmt: skip
    if KINDS[manifest.kind].registry and replaced is not None and manifest.as_of < replaced.as_of:
        words = _("datele sunt mai vechi ({day}) decât cele din vigoare ({now})").format(
            day=manifest.as_of, now=replaced.as_of
        )
        found.append(Concern("older", words))
    return tuple(found)


def _turned_words(code: str, rows: pd.DataFrame, known: int) -> Concern:
    n = len(rows)
    text = {
        "gone": ngettext("{n} serviciu din {all} ar dispărea", "{n} servicii din {all} ar dispărea", n),
        "type": ngettext("{n} serviciu din {all} și-ar schimba tipul", "{n} servicii din {all} și-ar schimba tipul", n),
        "moved": ngettext("{n} serviciu din {all} s-ar muta", "{n} servicii din {all} s-ar muta", n),
    }[code]
    named = "; ".join(rows["label"].head(_MOST_NAMED)) + ("…" if n > _MOST_NAMED else "")
    return Concern(code, text.format(n=number(n), all=number(known)) + f": {named}")


def concerns_of(store: EditionStore, staged: Edition) -> tuple[Concern, ...]:
    """Say the same of an edition that waits, against what stands in its slot now."""
    if not KINDS[staged.manifest.kind].registry:
        return concerns(staged.manifest, staged.table("rejects"), None, None, None)
    before = store.last_table(staged.slot, "services")
    latest = store.latest_edition(staged.slot) if before is not None else None
    return concerns(
        staged.manifest,
        staged.table("rejects"),
        staged.table("services"),
        before,
        latest.manifest if latest else None,
    )


def require_confirmed(manifest: Manifest, found: Sequence[Concern], *, confirmed: bool) -> None:
    """Raise NotConfirmedError where there are concerns that nobody has confirmed."""
    if not found or confirmed:
        return
    raise NotConfirmedError(
        _(
            "{file}: {why}. Versiunea curentă a rămas neschimbată. "
            "Verificați fișierul, felul și sursa; dacă totuși "
            "este bun așa, confirmați importul (la terminal: --yes)."
        ).format(file=manifest.file, why="; ".join(each.words for each in found))
    )
