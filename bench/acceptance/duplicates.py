"""How many services that stand in two lists are found, and how many pairs found are none, on the real register of 2017.

    python -m bench.acceptance.duplicates

Two samples. Within one list: every pair of rows of one commune that scores 40 or more was read by a person; which of
them are one service stands in `bench/acceptance/duplicate_labels.csv` as digests of the two names with provider and
address, so that no row of the register is here. Across lists: rows written again as a county's own list would have them
(capitals, abbreviations, a typing error, half without a fiscal code, a third without a telephone, no point, one in ten
under another code), so that it is known which row is which. Without the register there is nothing to measure.
"""

from __future__ import annotations

import csv
import hashlib
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from core.text import fold_loose
from geo.gazetteer.gazetteer import load_gazetteer
from providers.quality.duplicates import find_duplicates
from providers.registries.social import social_register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
LABELS = Path(__file__).with_name("duplicate_labels.csv")
SAMPLE, SEED = 400, 2017
_SHORT = (
    ("Direcția Generală de Asistență Socială și Protecția Copilului", "DGASPC"), ("pentru", "pt."),
    ("persoane vârstnice", "vârstnici"), ("Asociația ", ""), ("Fundația ", ""), ("Centrul", "Centru"),
    ("Serviciul", "Serviciu"), ("copii și tineri", "copii/tineri"), ("Sfântul", "Sf."), ("Sfânta", "Sf."),
)  # fmt: skip


def main() -> int:
    """Print precision and recall of both samples; 0, or 1 where the register is absent."""
    path = ROOT.parent / "shared" / "data" / "social" / "licensed_services_2017.json"
    if not path.is_file():
        print("the register of 2017 is not here: nothing measured")
        return 1
    services = social_register.tidy(social_register.load(path), load_gazetteer()).services
    for line in (within_one_list(services), across_lists(services)):
        print(line)
    return 0


def pair_digest(a: pd.Series[str], b: pd.Series[str]) -> str:
    """Return a digest of two rows that says nothing of them."""
    texts = sorted("|".join(fold_loose(row[c]) for c in ("name", "organization", "address")) for row in (a, b))
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:24]


def within_one_list(services: pd.DataFrame) -> str:
    """Compare what is found in the register itself with what a person read."""
    rows = services.set_index("service_id")
    with LABELS.open(encoding="utf-8", newline="") as lines:
        is_one = {line["pair"]: line["is_one"] == "true" for line in csv.DictReader(lines)}
    table = find_duplicates(services)
    found = {pair_digest(rows.loc[p.service_a], rows.loc[p.service_b]) for p in table.itertuples()}
    return "within one list: " + _share(found, {pair for pair, one in is_one.items() if one})


def across_lists(services: pd.DataFrame) -> str:
    """Compare what is found between the register and a list that has some of its rows in other words."""
    public = services[~services["is_secret"]]
    some = public.sample(SAMPLE, random_state=SEED)
    other = pd.DataFrame(rewritten(some, public["service_type"].unique().tolist())).astype(some.dtypes.to_dict())
    start = time.process_time()
    table = find_duplicates(pd.concat([public, other], ignore_index=True))
    took = time.process_time() - start
    theirs = set(other["service_id"])
    pairs = {
        (p.service_a, p.service_b) for p in table.itertuples() if (p.service_a in theirs) != (p.service_b in theirs)
    }
    true = {tuple(sorted((one, f"social:judet:{number}"))) for number, one in enumerate(some["service_id"])}
    return f"across lists, {SAMPLE} rows: {_share(pairs, true)}; {took:.1f} s of processor"


def rewritten(rows: pd.DataFrame, types: list[str]) -> Iterator[dict[str, object]]:
    """Write rows again as a county's own list would have them."""
    chance = random.Random(SEED)
    for number, row in enumerate(rows.to_dict("records")):
        name, provider, address = (str(row[c]) if pd.notna(row[c]) else "" for c in ("name", "organization", "address"))
        for long, short in _SHORT:
            if chance.random() < 0.6:
                name, provider = name.replace(long, short), provider.replace(long, short)
        if chance.random() < 0.4:
            name = _mistyped(name, chance)
        if chance.random() < 0.3:
            name = name.upper()
        yield row | {
            "service_id": f"social:judet:{number}",
            "registry_key": str(number),
            "name": name,
            "organization": provider,
            "organization_cui": row["organization_cui"] if chance.random() < 0.5 else None,
            "phone": row["phone"] if chance.random() < 0.67 else None,
            "address": f"Str. {address}" if address and chance.random() < 0.6 else address or None,
            "service_type": row["service_type"] if chance.random() < 0.9 else chance.choice(types),
            "position_precision": "locality",
        }


def _mistyped(name: str, chance: random.Random) -> str:
    words = name.split(" ")
    place = chance.randrange(len(words))
    word = words[place]
    if len(word) > 5:
        cut = chance.randrange(1, len(word) - 1)
        words[place] = word[:cut] + word[cut + 1 :]
    return " ".join(words)


def _share(found: Iterable[object], true: set[object] | set[str]) -> str:
    pairs = set(found)
    right = len(pairs & true)
    precision, recall = right / max(1, len(pairs)), right / max(1, len(true))
    return (
        f"{len(pairs)} pairs found, {right} of {len(true)} that are one; precision {precision:.0%}, recall {recall:.0%}"
    )


if __name__ == "__main__":
    sys.exit(main())
