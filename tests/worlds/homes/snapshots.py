"""A snapshot of a catalogue of which nobody has reported anything, for tests that look at something else."""

from __future__ import annotations

from providers.catalogue.availability import availability
from providers.catalogue.snapshot import Snapshot
from tests.worlds.twins.obvious_finder import capacity_table


def snapshot_of(catalogue, gazetteer, doubts=None) -> Snapshot:
    return Snapshot(catalogue, availability(catalogue, capacity_table({})), gazetteer, doubts or {})
