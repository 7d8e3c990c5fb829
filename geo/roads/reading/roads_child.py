"""What reads roads in a process of its own (see `core.reading.limited_process`), and leaves the networks as files."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.roads.degrees import short_metres
from geo.roads.hierarchy import contraction_order
from geo.roads.reading.contraction import MODES
from geo.roads.reading.heights import NoHeightsError, heights_at
from geo.roads.reading.line_layer import NoClassOfRoadError, NoLinesError, read_lines
from geo.roads.reading.network_build import build_network
from geo.roads.reading.osm_extract import UnsortedExtractError, read_extract
from geo.roads.road_speeds import load_speeds
from geo.spatial.crs import LAT_RANGE, LON_RANGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.roads.reading.line_faults import LineFault
    from geo.roads.reading.raw_roads import RawRoads
    from geo.roads.road_network import RoadNetwork

PROGRESS_FILE = "progress"
FAULTS_FILE = "faults.json"


def main(*, path: str, folder: str, heights: str = "") -> dict[str, Any]:
    """Read the roads in `path`, and heights where a file of them is named; the networks go to files in `folder`.

    Returns `ways` and, by mode, `counts` and `km` by class; or `refused`, with what the sentence needs in `found`.
    Steps are written to PROGRESS_FILE as they begin: a code, and a number.
    """
    into = Path(folder)
    speeds = load_speeds()
    facts: dict[str, Any] = {}
    tell = _Progress(into)
    try:
        if path.lower().endswith(".pbf"):
            raw = read_extract(path, speeds, lambda ways: tell("ways", ways))
            lacking = len(raw.lon) - int(np.isfinite(raw.lon).sum())
            facts |= {"layout": "osm", "lacking": lacking}
        else:
            lines = read_lines(Path(path), speeds)
            raw = lines.raw
            _keep_faults(lines.faults, into)
            facts |= {"layout": "lines", **{k: v for k, v in vars(lines).items() if k not in ("raw", "faults")}}
    except UnsortedExtractError:
        return {"refused": "unsorted", "found": ""}
    except NoClassOfRoadError as error:
        return {"refused": "no_class", "found": ", ".join(error.columns)}
    except NoLinesError as error:
        _keep_faults(error.faults, into)
        return {"refused": "no_lines", "found": ""}
    if heights:
        try:
            raw = replace(raw, height_m=heights_at(Path(heights), raw.lon, raw.lat))
        except NoHeightsError as error:
            return {"refused": "no_heights", "found": str(error)}
        at_pieces = np.isfinite(raw.height_m[raw.start])  # type: ignore[index]
        facts["heights"] = round(float(at_pieces.mean()), 4) if len(at_pieces) else 0.0
    modes = MODES if facts["layout"] == "osm" else ("car",)
    built = {mode: _build(raw, mode, into, tell) for mode in modes}
    facts["outside_km"] = _outside_km(raw)
    return {**facts, "ways": len(raw.kind), "local_access": raw.local_access, "modes": built}


def _keep_faults(faults: Sequence[LineFault], folder: Path) -> None:
    (folder / FAULTS_FILE).write_text(json.dumps([asdict(each) for each in faults]), encoding="utf-8")


def _outside_km(raw: RawRoads) -> list[float]:
    """Return the km of roads whose beginning is outside the country's rectangle, and of all."""
    lon, lat, ends = raw.lon[raw.start], raw.lat[raw.start], (raw.lon[raw.end], raw.lat[raw.end])
    km = np.nan_to_num(short_metres(lon, lat, *ends)) / 1000
    inside = (lon > LON_RANGE[0]) & (lon < LON_RANGE[1]) & (lat > LAT_RANGE[0]) & (lat < LAT_RANGE[1])
    return [round(float(km[~inside].sum()), 1), round(float(km.sum()), 1)]


class _Progress:
    """Says which step has begun, in a file that the waiting process reads."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / PROGRESS_FILE

    def __call__(self, step: str, number: int = 0) -> None:
        """Write a step, whole."""
        aside = self.file.with_suffix(".new")
        aside.write_text(json.dumps([step, number]), encoding="utf-8")
        aside.replace(self.file)


def _build(raw: RawRoads, mode: str, folder: Path, tell: _Progress) -> dict[str, Any]:
    tell(f"build_{mode}")
    network, counts = build_network(raw, mode, load_speeds())
    if mode == "car":
        tell("order", len(network.nodes))
        network = replace(network, order=contraction_order(network))
    for name, array in network.arrays(mode).items():
        np.save(folder / f"{name}.npy", array)
    return {"counts": asdict(counts), "km": _km_by_class(network, raw.classes)}


def _km_by_class(network: RoadNetwork, classes: tuple[str, ...]) -> list[list[Any]]:
    """Return for each class its name and km: all, unpaved, closed in some months."""
    rows = network.chains
    km = rows["metres"].astype(float) / 1000
    some = [np.ones(len(rows), bool), rows["unpaved"] > 0, rows["months"] > 0]
    sums = [np.bincount(rows["road_class"], weights=km * which, minlength=len(classes)) for which in some]
    return [[name, *(round(float(each[i]), 3) for each in sums)] for i, name in enumerate(classes) if sums[0][i] > 0]
