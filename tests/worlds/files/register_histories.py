"""Random histories of one source: services that are renewed, corrected, moved, gone, back, and others in their place.

Each row knows which service it truly is, which no register says; so a test can tell when a report changed owner.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from providers.registries.raw_rows import made_key
from providers.rules.schema import services_table

TYPES = ("8891CZ-C-II", "8790CR-C-I", "8899CZ-PN-V")
NAMES = (
    "Centrul de zi", "Casa Speranța", "Apartament protejat", "Maria, centru", "Ana, centru", "Școala 1", "Cămin",
)  # fmt: skip
OWNERS = (("Asociația Exemplu", "1001"), ("Fundația Probă", "1002"), ("Primăria Parincea", None), ("", None))
PLACES = ((24089, 24090), (24089, 24091), (20297, 20300), (55455, 55456))
KEYS = ("licence", "row_number", "none")


@dataclass(frozen=True)
class True_:  # noqa: N801  what a service truly is
    """A service as it is: `number` says which, and stands in no register."""

    number: int
    key: str
    type: str
    name: str
    owner: tuple[str, str | None]
    place: tuple[int, int]
    street: str


def histories(count: int, *, seed: int = 14) -> Iterator[tuple[str, list[list[True_]]]]:
    """Give histories: how the source keys its rows, and what it lists in each edition."""
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        yield chance.choice(KEYS), list(_history(chance))


def _history(chance: random.Random) -> Iterator[list[True_]]:
    made = 0
    gone: list[True_] = []
    there: list[True_] = []
    ever: list[True_] = []
    for _edition in range(chance.randint(2, 6)):
        kept = []
        for each in there:
            draw = chance.random()
            if draw < 0.15:
                gone.append(each)
            else:
                kept.append(_changed(each, chance) if draw < 0.6 else each)
        there = kept
        ever += kept
        if gone and chance.random() < 0.3:
            there.append(gone.pop(chance.randrange(len(gone))))
        for _new in range(chance.randint(1, 4)):
            made += 1
            # Somebody else may be given the code of one that is gone.
            keys = {each.key for each in there}
            free = [each.key for each in gone if each.key not in keys]
            key = chance.choice(free) if free and chance.random() < 0.3 else f"LF-{made:06d}"
            new = True_(
                made, key, chance.choice(TYPES), chance.choice(NAMES), chance.choice(OWNERS),
                chance.choice(PLACES), f"Strada {chance.choice('ABC')} {chance.randint(1, 3)}",
            )  # fmt: skip
            if all(_are_told_apart(new, each) for each in ever):
                there.append(new)
                ever.append(new)
        there = [each for n, each in enumerate(there) if each.key not in {e.key for e in there[:n]}]
        chance.shuffle(there)
        yield list(there)


def _are_told_apart(a: True_, b: True_) -> bool:
    """Whether anybody could tell two services apart who does not know their code: by two things at least."""
    apart = (a.name[:6] != b.name[:6], a.owner != b.owner, (a.place, a.street) != (b.place, b.street))
    return a.number == b.number or sum(apart) > 1


def _changed(each: True_, chance: random.Random) -> True_:
    what = chance.choice(("licence", "name", "street", "place"))
    if what == "licence":
        return replace(each, key=f"{each.key}R")
    if what == "name":
        return replace(each, name=each.name.replace("Centrul", "Centru").replace("Casa", "Căsuța"))
    if what == "street":
        return replace(each, street=f"Strada {chance.choice('DEF')} {each.number}")
    return replace(each, place=chance.choice(PLACES))


def table(keys: str, listed: list[True_]) -> pd.DataFrame:
    """Write an edition down as a register would."""
    rows = []
    for number, each in enumerate(listed, start=1):
        made = made_key(each.type, each.name, each.owner[0], str(each.place), each.street)
        key = {"licence": each.key, "row_number": str(number), "none": made}[keys]
        rows.append(
            {
                "registry": "social", "registry_key": key, "service_type": each.type, "name": each.name,
                "organization": each.owner[0] or each.name, "organization_cui": each.owner[1], "county": "BC",
                "uat_siruta": each.place[0], "locality_siruta": each.place[1], "address": each.street,
                "lat": 46.5, "lon": 27.1, "position_precision": "locality", "source_row": number,
            }
        )  # fmt: skip
    return services_table(rows).drop_duplicates("registry_key").reset_index(drop=True)
