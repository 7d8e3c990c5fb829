"""Random histories of sources with what people do meanwhile: nothing ends at another service, nothing is lost.

    python -m bench.acceptance.histories [HISTORIES] [FIRST]

A history is what becomes of the services of one county in one source: its editions renew licences, correct names, move
services, drop them, bring some back and give their codes to others (`tests.worlds.files.register_histories`). Up to
fourteen counties share a source, and the sources of 84 histories, with equal codes, a live home with the real ledger;
each edition is a file that is really imported. Between two editions people report places, refer (holds and
requests), accept, report wrong telephones and have them corrected; sources are withdrawn and restored. Which service a
row truly is stands in its web page, by which nothing is recognised: after each round every report, hold, referral and
correction must be at the service it was made for, count there and nowhere else, and all must be there. A fault stops
the run with the seed that shows it.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pandas import NA
from sqlalchemy import select

from core.storage.editions import EditionStore
from core.storage.home import make_home
from core.storage.import_kinds import slot_of
from core.storage.service_ids import parts
from providers.imports.importing import import_file
from providers.registries.contacts import phones
from referrals.database.models import field_reports, places, referrals, reports
from referrals.field import field_reports as field_ledger
from referrals.field.field_reports import Doubted
from referrals.homes import home_sources, withdrawals
from referrals.records.ledger_errors import NoPlaceError
from referrals.records.vocabulary import Actor, ServiceTerms
from referrals.workflow.directory import open_directory
from tests.worlds.files.register_histories import KEYS, PLACES, TYPES, True_, histories

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer
    from providers.catalogue.snapshot import Snapshot
    from referrals.workflow.directory import Directory

COUNTIES = ("AB", "AR", "BC", "BH", "CJ", "CT", "DJ", "GL", "HR", "IS", "MM", "SB", "TM", "VN")
KIND, BEGIN = "education", date(2026, 1, 1)
IN_A_HOME, IN_A_SOURCE = 84, len(COUNTIES)  # histories
SEED = 14
TEAM, COUNTY, ADMIN = Actor("team", "echipa", "BC", 24089), Actor("county", "ujss", "BC"), Actor("admin", "admin")
_TYPES = dict(zip(TYPES, ("EDU-NURSERY", "EDU-KINDER", "EDU-CLUB"), strict=True))
_TITLES = (
    "Cod", "Tip serviciu", "Denumire", "Furnizor", "CUI", "Județ", "Cod SIRUTA", "Adresă", "Telefon", "Pagină web",
)  # fmt: skip


@dataclass(frozen=True)
class Meant:
    """A service that somebody does something with: its id, what it truly is, and what is published of it."""

    service_id: str
    number: int
    facts: dict[str, Any]


@dataclass
class People:
    """What people did: which service they meant by its number, and under which id they found it.

    reports: how many of each service. referrals, signals: the service of each by its own number. open: where each open
    referral was made. doubted: ids with a signal that nobody settled. phones: corrected ones, by id.
    """

    reports: Counter[int] = field(default_factory=Counter)
    referrals: dict[str, int] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)
    signals: dict[int, int] = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)
    phones: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """A home, its sources (how each keys its rows, and its histories by county), and what people did there.

    listed: numbers in the edition of each source. withdrawn: sources. owner: what each id truly is. places: what the
    ledger said of places when people were last at work.
    """

    home: Home
    directory: Directory
    sources: dict[str, tuple[str, dict[str, list[list[True_]]]]]
    chance: random.Random
    localities: dict[str, list[str]]
    people: People = field(default_factory=People)
    listed: dict[str, set[int]] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    owner: dict[str, int] = field(default_factory=dict)
    places: dict[str, object] = field(default_factory=dict)
    did: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Run the histories and print what was done and checked; 0."""
    count = int(sys.argv[1]) if sys.argv[1:] else 1_000
    first = int(sys.argv[2]) if sys.argv[2:] else 0
    did: Counter[str] = Counter()
    start = time.process_time()
    for begin in range(first, first + count, IN_A_HOME):
        did += run(min(IN_A_HOME, first + count - begin), seed=f"{SEED}-{begin}")
        print(f"{begin + IN_A_HOME - first} histories", file=sys.stderr, flush=True)
    print(f"{count:,} histories (from {first}), {IN_A_SOURCE} to a source, {IN_A_HOME} to a home")
    for name in sorted(did, key=did.__getitem__, reverse=True):
        print(f"  {name}: {did[name]:,}")
    print("0 at another service, 0 lost")
    print(f"{time.process_time() - start:.0f} s of processor")
    return 0


def run(count: int, *, seed: str, editions: int = 6) -> Counter[str]:
    """Let some sources live side by side in one home, and check everything after each round.

    Parameters
    ----------
    count
        Histories.
    seed
        Of all that is drawn.
    editions
        Most editions of a history.

    Returns
    -------
    Counter[str]
        What was done and how often.

    Raises
    ------
    AssertionError
        Naming the seed, where something stands at another service or is lost.
    """
    drawn = histories(count, seed=int.from_bytes(seed.encode(), "big"))
    numbered = [(keys, _numbered(number, lists[:editions])) for number, (keys, lists) in enumerate(drawn, start=1)]
    with tempfile.TemporaryDirectory() as folder:
        home = make_home("live", Path(folder) / "home")
        directory = open_directory(home)
        with closing(directory.ledger):
            world = World(home, directory, _sources(numbered), random.Random(seed), _places_of(directory.gazetteer))
            rounds = max(len(lists) for _keys, lists in numbered)
            for turn in range(rounds + 1):
                try:
                    if turn < rounds:
                        _import_all(world, turn, Path(folder))
                        _withdraw_and_restore(world)
                    _check(world)
                    if turn < rounds:
                        _act(world)
                        world.places = _places(world)
                except AssertionError as error:
                    raise AssertionError(f"seed {seed}, round {turn}: {error}") from error
            world.did["services"] = len(set(world.owner.values()))
    return world.did


def _numbered(history: int, lists: list[list[True_]]) -> list[list[True_]]:
    """Give every service of the home a number of its own; their codes stay those of each list."""
    return [[replace(each, number=each.number + 100 * history) for each in listed] for listed in lists]


def _sources(numbered: list[tuple[str, list[list[True_]]]]) -> dict[str, tuple[str, dict[str, list[list[True_]]]]]:
    """Put histories whose lists key their rows alike in one source, each in a county of its own."""
    sources: dict[str, tuple[str, dict[str, list[list[True_]]]]] = {}
    for keys in KEYS:
        alike = [lists for other, lists in numbered if other == keys]
        for start in range(0, len(alike), IN_A_SOURCE):
            own = dict(zip(COUNTIES, alike[start : start + IN_A_SOURCE], strict=False))
            sources[f"{keys.replace('_', '-')}-{start}"] = (keys, own)
    return sources


def _places_of(gazetteer: Gazetteer) -> dict[str, list[str]]:
    """Choose four localities of each county, as the places of the generator: two of one commune, and two elsewhere."""
    found = {}
    for county in COUNTIES:
        own = gazetteer.localities[gazetteer.localities["county"] == county]
        of_uat = own.groupby("uat_siruta", sort=True)["locality_siruta"]
        two = next(group for _uat, group in of_uat if len(group) > 1).tolist()[:2]
        others = [group.iloc[0] for _uat, group in of_uat if group.iloc[0] not in two][-2:]
        found[county] = [str(code) for code in (*two, *others)]
    return found


def _import_all(world: World, turn: int, folder: Path) -> None:
    """Import the next edition of every source; a county whose history is over is listed as it was."""
    for name, (keys, counties) in world.sources.items():
        if turn >= max(len(lists) for lists in counties.values()):
            continue
        listed = [(county, each) for county, lists in counties.items() for each in lists[min(turn, len(lists) - 1)]]
        rows = list(_rows(keys, listed, world.localities))
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([_TITLES, *rows])
        day = BEGIN + timedelta(days=turn)
        made = import_file(world.home, KIND, path, source=name, as_of=day, confirmed=True)
        assert made.manifest.rows_loaded == len(rows), f"{name}: {made.manifest.rows_loaded} of {len(rows)} rows loaded"
        world.listed[name] = {_number(row[-1]) for row in rows}
        world.withdrawn.discard(name)  # what is imported is in force
        world.did["editions"] += 1
        world.did["rows"] += len(rows)


def _rows(keys: str, listed: list[tuple[str, True_]], localities: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """Write services down as a register would; of two rows without a code that are told apart by nothing the first."""
    said = set()
    for place, (county, each) in enumerate(listed, start=1):
        code = {"licence": f"{county}-{each.key}", "row_number": str(place), "none": ""}[keys]
        owner, cui = each.owner
        siruta = localities[county][PLACES.index(each.place)]
        named = (f"{each.name} {county}", f"{owner} {county}" if owner else "")
        row = (
            code,
            _TYPES[each.type],
            *named,
            f"{cui}{COUNTIES.index(county)}" if cui else "",
            county,
            siruta,
            each.street,
        )
        told_by = (_TYPES[each.type], named[0], siruta, each.street)  # where a row has no code (docs/general-format.md)
        if keys != "none" or told_by not in said:
            said.add(told_by)
            yield (*row, _phone(each.number), f"https://t{each.number}.ro")


def _phone(number: int, last: int = 1) -> str:
    return phones(f"0234 {last}{number:05d}")


def _number(page: str) -> int:
    return int(page.rpartition("t")[2].partition(".")[0])


def _withdraw_and_restore(world: World) -> None:
    for name in world.sources:
        draw = world.chance.random()
        args = (world.home, world.directory.ledger, KIND, name)
        if name in world.withdrawn and draw < 0.5:
            home_sources.restore(*args, actor=ADMIN)
            world.withdrawn.discard(name)
            world.did["sources restored"] += 1
        elif name not in world.withdrawn and draw < 0.1:
            home_sources.remove(*args, actor=ADMIN)
            world.withdrawn.add(name)
            world.did["sources withdrawn"] += 1


def _act(world: World) -> None:
    """Let people do something with some of the services that are offered, as the catalogue names them."""
    snapshot = world.directory.snapshot()
    ids = _offered(snapshot)
    for service_id in sorted(ids):
        meant = Meant(service_id, ids[service_id], snapshot.catalogue.service(service_id))
        for act in world.chance.sample(_ACTS, world.chance.choice((0, 0, 1, 2))):
            act(world, meant)


def _report(world: World, meant: Meant) -> None:
    # The number of the service that was meant stands in the report itself, as its source.
    free, source = world.chance.randint(0, 3), f"t{meant.number}"
    world.directory.ledger.report_capacity(meant.service_id, places_free=free, source=source, actor=TEAM)
    world.people.reports[meant.number] += 1
    world.did["reports of places"] += 1


def _refer(world: World, meant: Meant) -> None:
    terms = ServiceTerms(meant.service_id, meant.facts["service_type"], "BC")
    try:
        made = world.directory.ledger.refer(
            terms, case_ref=None, need="school", county="BC", uat_siruta=24089, basis="public_task", actor=TEAM
        )
    except NoPlaceError:
        world.did["referrals refused for want of a place"] += 1
        return
    world.people.referrals[made.referral_id] = meant.number
    world.people.open[made.referral_id] = meant.service_id
    world.did[f"referrals {made.state}"] += 1


def _answer(world: World, meant: Meant) -> None:
    mine = sorted(key for key, where in world.people.open.items() if where == meant.service_id)
    if not mine:
        return
    key = world.chance.choice(mine)
    before = world.directory.ledger.referral(key, actor=TEAM).state
    step = "cancel" if before == "accepted" else world.chance.choice(("accept", "cancel"))
    after = world.directory.ledger.transition(key, step, actor=TEAM)
    if after.state == "cancelled":
        del world.people.open[key]
    world.did[f"referrals {after.state}"] += 1


def _signal(world: World, meant: Meant) -> None:
    people, ledger = world.people, world.directory.ledger
    if meant.service_id in people.doubted:
        return
    right = _phone(meant.number, world.chance.randint(2, 9))
    doubted = Doubted(meant.service_id, "BC", _phone(meant.number))
    made = field_ledger.report(ledger, doubted, what="phone", actor=TEAM, value=right)
    people.signals[made.report_id] = meant.number
    people.doubted.add(meant.service_id)
    world.did["signals from the field"] += 1
    if world.chance.random() < 0.5:
        field_ledger.settle(ledger, made.report_id, accept=True, actor=COUNTY)
        people.doubted.discard(meant.service_id)
        people.phones[meant.service_id] = right
        world.did["corrections"] += 1


_ACTS = (_report, _refer, _refer, _answer, _signal)


def _offered(snapshot: Snapshot) -> dict[str, int]:
    """Return the services of the sources in the catalogue, with the number that each truly is."""
    table = snapshot.catalogue.services
    ours = table[table["registry"] == KIND]
    return {key: _number(page) for key, page in zip(ours["service_id"], ours["website"], strict=True)}


def _check(world: World) -> None:
    """Hold everything against what people meant."""
    truth = _truth(world)
    world.did["ids ever given"] += len(truth.keys() - world.owner.keys())
    for service_id, number in truth.items():
        assert world.owner.setdefault(service_id, number) == number, f"{service_id} was another service"
    _check_ledger(world, truth)
    snapshot = world.directory.snapshot()
    offered = _offered(snapshot)
    in_force = {number for name, numbers in world.listed.items() if name not in world.withdrawn for number in numbers}
    assert sorted(offered.values()) == sorted(in_force), "the catalogue is not what the sources list"
    _check_shown(world, snapshot, offered)
    _check_open(world)
    world.did["checks of everything"] += 1


def _truth(world: World) -> dict[str, int]:
    """Return what each id that any source ever gave truly is, by the editions that stand, withdrawn ones too."""
    store, found = EditionStore(world.home), dict[str, int]()
    for name in world.listed:
        edition = store.latest_edition(slot_of(KIND, name))
        assert edition is not None, f"{name} has no edition"
        for table in (edition.table("services", ["service_id", "website"]), edition.table("withdrawn")):
            for service_id, page in zip(table["service_id"], table["website"], strict=True):
                assert service_id not in found, f"{service_id} stands twice"
                assert parts(service_id)[1] == name, f"{service_id} is in {name}"
                found[service_id] = _number(page)
    return found


def _check_ledger(world: World, truth: dict[str, int]) -> None:
    """Compare every row of the ledger with the service that it was made for; none may be missing."""
    people, ledger = world.people, world.directory.ledger
    with ledger.store.read() as connection:
        said = connection.execute(select(reports.c.service_id, reports.c.source)).all()
        sent = connection.execute(select(referrals.c.service_id, referrals.c.referral_id)).all()
        signalled = connection.execute(select(field_reports.c.service_id, field_reports.c.report_id)).all()
        kept = connection.execute(select(places.c.service_id)).scalars().all()
    assert all(truth.get(key) == int(source[1:]) for key, source in said), "a report stands at another service"
    assert Counter(int(source[1:]) for _key, source in said) == people.reports, "a report is lost"
    _compare("referral", sent, people.referrals, truth)
    _compare("signal", signalled, people.signals, truth)
    assert set(kept) <= set(truth), "places of a service that nobody knows"
    assert ledger.verify_counts() == [], "places are not what reports and referrals make them"
    assert _places(world) == world.places or not world.places, "an import moved places"


def _compare(what: str, rows: Sequence[object], meant: dict[str, int] | dict[int, int], truth: dict[str, int]) -> None:
    found = {key: truth.get(service_id) for service_id, key in rows}  # type: ignore[misc]
    assert found.keys() == meant.keys(), f"a {what} is lost"
    wrong = [key for key, number in meant.items() if found[key] != number]
    assert not wrong, f"{what} {wrong[:3]} stands at another service"


def _check_shown(world: World, snapshot: Snapshot, offered: dict[str, int]) -> None:
    """Compare what the catalogue shows of places, doubts and telephones with what was said of each service."""
    free, services = snapshot.availability.places_free, snapshot.catalogue.services
    shown = dict(zip(services["service_id"], services["phone"], strict=True))
    for service_id, number in offered.items():
        told = free[snapshot.catalogue.position[service_id]]
        assert (None if isnan(told) else int(told)) == world.places.get(service_id), f"{service_id}: {told} places"
        phone = world.people.phones.get(service_id, _phone(number))
        assert shown[service_id] == phone, f"{service_id}: telephone {shown[service_id]}, not {phone}"
    assert set(snapshot.doubts) == world.people.doubted, "a signal that waits doubts another service"


def _check_open(world: World) -> None:
    """Compare the referrals that are named as open at services that are gone with those that are."""
    store, ledger = EditionStore(world.home), world.directory.ledger
    named: dict[str, str] = {}
    there: set[str] = set()
    for name in world.listed:
        slot = slot_of(KIND, name)
        edition = store.latest_edition(slot)
        there |= set(edition.table("services", ["service_id"])["service_id"]) if edition else set()
        named |= {
            key: each.service_id for each in withdrawals.still_open(world.home, ledger, slot) for key in each.referrals
        }
    gone = {key: where for key, where in world.people.open.items() if where not in there}
    assert named == gone, "an open referral at a service that is gone is not named"
    world.did["open referrals named at services that are gone"] += len(gone)


def _places(world: World) -> dict[str, object]:
    """Return what the ledger says of the places of each service, None where no number was said."""
    rows = world.directory.ledger.capacity_now()
    return {
        key: None if free is NA else int(free)
        for key, free in zip(rows["service_id"], rows["places_free"], strict=True)
    }


if __name__ == "__main__":
    sys.exit(main())
