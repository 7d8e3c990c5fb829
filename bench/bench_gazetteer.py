"""How quickly and how rightly typed places are found: `python -m bench.bench_gazetteer`.

Draws units at random, writes their names as people do, and counts what `resolve` makes of them.
"""

from __future__ import annotations

import random
import time
import unicodedata
from collections import Counter
from collections.abc import Callable

from core.errors import AmbiguousPlaceError, UnknownPlaceError
from geo.gazetteer.gazetteer import Gazetteer, load_gazetteer

UNITS = 1_500
SEED = 5


def main() -> None:
    """Print times of loading and suggesting, then one line of outcomes a way of writing."""
    began = time.perf_counter()
    gazetteer = load_gazetteer(None)
    print(f"load                {1e3 * (time.perf_counter() - began):7.1f} ms")
    began = time.perf_counter()
    gazetteer.suggest("parin")
    print(f"first suggestion    {1e3 * (time.perf_counter() - began):7.1f} ms")
    times = list(_suggestion_times(gazetteer))
    print(f"suggestions         {1e3 * sum(times) / len(times):7.1f} ms mean, {1e3 * max(times):.1f} ms at most")
    units = gazetteer.uats[(gazetteer.uats["kind"] != "sector") & gazetteer.uats["seat_locality_siruta"].notna()]
    drawn = units.sample(UNITS, random_state=1)
    counties = dict(zip(gazetteer.counties["county"], gazetteer.counties["name"], strict=True))
    dice = random.Random(SEED)
    for label, write in _ways(counties, dice).items():
        began = time.perf_counter()
        outcomes = Counter(_outcome(gazetteer, write(u.name, u.county), u.uat_siruta) for u in drawn.itertuples())
        spent = 1e3 * (time.perf_counter() - began) / len(drawn)
        print(
            f"{label:20}{spent:7.2f} ms  ", *(f"{k} {outcomes[k]}" for k in ("right", "asked back", "unknown", "wrong"))
        )


def _suggestion_times(gazetteer: Gazetteer) -> list[float]:
    times = []
    for name in gazetteer.localities["name"].sample(200, random_state=3):
        for letters in range(1, len(name) + 1):
            began = time.perf_counter()
            gazetteer.suggest(name[:letters])
            times.append(time.perf_counter() - began)
    return times


def _outcome(gazetteer: Gazetteer, typed: str, uat_siruta: int) -> str:
    try:
        return "right" if gazetteer.resolve(typed).uat_siruta == uat_siruta else "wrong"
    except AmbiguousPlaceError:
        return "asked back"
    except UnknownPlaceError:
        return "unknown"


def _ways(counties: dict[str, str], dice: random.Random) -> dict[str, Callable[[str, str], str]]:
    return {
        "name, county": lambda name, county: f"{name}, {counties[county]}",
        "no diacritics": lambda name, county: _bare(f"{name} {counties[county]}"),
        "letters of county": lambda name, county: _bare(f"{name} {county}"),
        "old spelling": lambda name, county: f"{_old(name)}, jud. {counties[county]}",
        "no spaces": lambda name, county: _bare(f"{name.replace(' ', '').replace('-', '')}, {counties[county]}"),
        "name alone": lambda name, _county: name,
        "typing error": lambda name, county: _bare(f"{_mistyped(name, dice)} {counties[county]}"),
        "error in both": lambda name, county: _bare(f"{_mistyped(name, dice)} {_mistyped(counties[county], dice)}"),
    }


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()


def _old(name: str) -> str:
    return name[0] + name[1:].replace("â", "î").replace("ș", "ş").replace("ț", "ţ")


def _mistyped(text: str, dice: random.Random) -> str:
    """Drop, double, swap or replace one letter, never the first or the last; short names stay."""
    if len(text) < 4:
        return text
    i = dice.randrange(1, len(text) - 1)
    return dice.choice(
        (
            text[:i] + text[i + 1 :],
            text[:i] + text[i] + text[i:],
            text[:i] + text[i + 1] + text[i] + text[i + 2 :],
            text[:i] + dice.choice("aeinrst") + text[i + 1 :],
        )
    )


if __name__ == "__main__":
    main()
