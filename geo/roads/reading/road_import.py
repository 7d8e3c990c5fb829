"""A file of roads in, the arrays of an edition out: an OpenStreetMap extract, or a layer of lines.

The file is read in a process of its own within limits, which leaves the networks as files; here they are only mapped.
"""

from __future__ import annotations

import tempfile
import threading
from contextlib import contextmanager
from json import JSONDecodeError, loads
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.errors import UnreadableFileError
from core.i18n import _, number
from core.reading.limited_process import run_limited
from core.reading.tidied_table import Refusal, TidiedTable, rejects_table
from geo.roads.network_checks import FORMAT
from geo.roads.reading.contraction import MODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READER_MEMORY_BYTES = 8_000_000_000
READER_SECONDS = 3_600
MOST_BYTES = 1_000_000_000  # of a file: the extract of all Romania has 300 million
ROAD_COLUMNS = {
    "road_id": "mode and class, car:primary; unique",
    "mode": "car or foot",
    "road_class": "class as the source names it",
    "km": "length in the main network",
    "unpaved_km": "of which not paved",
    "seasonal_km": "of which closed in some months",
}
_PROGRESS_FILE = "progress"
_FAULTS_FILE = "faults.json"
_LOOK_S = 0.5


def load(path: Path, tell: Callable[[str], object] = str, companion: Path | None = None) -> TidiedTable:
    """Read a file of roads.

    Parameters
    ----------
    path
        An `.osm.pbf`, or a GeoJSON, GeoPackage or shapefile of lines.
    tell
        Called with each step in words.
    companion
        Heights of the ground: SRTM tiles (`.hgt`), an ASCII grid in degrees (`.asc`), or a `.zip` of them.

    Returns
    -------
    TidiedTable
        Rows of ROAD_COLUMNS; among the others `facts` (fact, value) and the arrays of `geo.roads.RoadNetwork` by name.

    Raises
    ------
    UnreadableFileError
        Where the file is cut off, unsorted, too large, of another format, or holds no roads.
    """
    _require_form(path)
    with tempfile.TemporaryDirectory(prefix="harta-") as folder:
        arguments = {"path": str(path.absolute()), "folder": folder}
        if companion is not None:
            arguments["heights"] = str(companion.absolute())
        with _told(Path(folder) / _PROGRESS_FILE, tell):
            answer = run_limited(
                "geo.roads.reading.roads_child", arguments, memory_bytes=READER_MEMORY_BYTES, seconds=READER_SECONDS
            )
        faults = _faults_in(Path(folder))
        _require_answer(path, answer, faults)
        # Whole in memory, for the folder goes: what an edition keeps is mapped again.
        arrays = {file.stem: np.load(file) for file in sorted(Path(folder).glob("*.npy"))}
    return _tidied(answer, arrays, faults)


def _require_form(path: Path) -> None:
    """Refuse what is too large, or by its first bytes neither an extract nor a layer: GDAL would fetch other files."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise UnreadableFileError(
            _("{file}: fișierul are {found} MB; citesc cel mult {most} MB.").format(
                file=path.name, found=number(size / 1e6), most=number(MOST_BYTES / 1e6)
            )
        )
    with path.open("rb") as handle:
        head = handle.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    if path.name.lower().endswith(".pbf"):
        if b"OSMHeader" not in head:
            raise UnreadableFileError(
                _("{file}: am găsit alt format; așteptam un extras OpenStreetMap (.osm.pbf).").format(file=path.name)
            )
    elif not head.startswith((b"{", b"SQLite format 3\x00", b"\x00\x00\x27\x0a")):
        raise UnreadableFileError(
            _(
                "{file}: nu este o rețea de drumuri; se primesc un extras OpenStreetMap (.osm.pbf) sau un strat de "
                "linii (GeoJSON, GeoPackage, shapefile)."
            ).format(file=path.name)
        )


def _faults_in(folder: Path) -> list[dict[str, Any]]:
    file = folder / _FAULTS_FILE
    return loads(file.read_text(encoding="utf-8")) if file.exists() else []


def _require_answer(path: Path, answer: dict[str, Any], faults: list[dict[str, Any]]) -> None:
    if answer.get("fault") == "limit":
        raise UnreadableFileError(_("{file}: fișierul cere prea multă memorie sau timp.").format(file=path.name))
    if "fault" in answer:
        raise UnreadableFileError(
            _(
                "{file}: fișierul nu este întreg ({why}); așteptam un extras OpenStreetMap sau un strat de linii. "
                "Descărcați-l din nou; drumurile de dinainte au rămas neschimbate."
            ).format(file=path.name, why=str(answer["found"]).replace(str(path.absolute()), path.name))
        )
    refused = {
        "unsorted": _(
            "{file}: punctele și drumurile extrasului nu sunt în ordine; așteptam un fișier sortat. Sortați-l cu "
            "„osmium sort” și importați din nou."
        ),
        "no_class": _(
            "{file}: niciuna dintre coloane ({found}) nu spune ce fel de drum este o linie; așteptam „highway” sau "
            "„ref” (DN1, DJ207 …)."
        ),
        "no_lines": _("{file}: stratul nu are linii; așteptam drumuri."),
        "no_heights": _(
            "{found}: nu este un fișier de înălțimi întreg; așteptam plăci SRTM (.hgt), o grilă ASCII în grade (.asc) "
            "sau o arhivă .zip cu ele."
        ),
    }
    if faults and "refused" in answer and any(fault["code"] != "no_line" for fault in faults):
        first = faults[0]
        raise UnreadableFileError(
            _("{file}: niciun rând nu este un drum; rândul {row}, {field}: {found}: {why}.").format(
                file=path.name, row=first["row"], field=first["field"], found=first["value"] or "–",
                why=_fault_words(first["code"]),
            )
        )  # fmt: skip
    if "refused" in answer:
        raise UnreadableFileError(refused[answer["refused"]].format(file=path.name, found=answer["found"][:200]))
    if not answer["modes"]["car"]["counts"]["junctions"]:
        raise UnreadableFileError(
            _("{file}: nu am găsit niciun drum pe care se merge cu mașina.").format(file=path.name)
        )


def _fault_words(code: str) -> str:
    return {
        "no_line": _("nu este o linie"),
        "no_number": _("coordonatele nu sunt numere"),
        "no_degrees": _("coordonatele nu sunt grade; stratul este în alt sistem de coordonate decât spune"),
        "no_length": _("linia are lungimea zero"),
        "no_class": _("nu este un fel de drum pe care se merge cu mașina sau pe jos"),
    }[code]


def _tidied(
    answer: dict[str, Any], arrays: dict[str, np.ndarray[Any, Any]], faults: list[dict[str, Any]]
) -> TidiedTable:
    rows = [(f"{mode}:{name}", mode, name, *km) for mode, built in answer["modes"].items() for name, *km in built["km"]]
    facts = {
        "format": FORMAT,
        "local_access": answer["local_access"],
        "layout": answer["layout"],
        "heights": answer.get("heights", ""),
    } | {f"{mode}_{name}": value for mode, built in answer["modes"].items() for name, value in built["counts"].items()}
    table = pd.DataFrame({"fact": list(facts), "value": [str(value) for value in facts.values()]})
    refused = [
        Refusal(
            each["row"], each["field"], each["value"],
            "unknown_code" if each["code"] == "no_class" else "bad_position", _fault_words(each["code"]),
        )
        for each in faults
    ]  # fmt: skip
    return TidiedTable(
        pd.DataFrame(rows, columns=list(ROAD_COLUMNS)),
        rejects_table(refused),
        int(answer.get("features", answer["ways"])),
        {"facts": table, **arrays},
        tuple(_notes(answer)),
    )


def _notes(answer: dict[str, Any]) -> Iterator[str]:
    """Say what was built, and what was left out."""
    car = answer["modes"]["car"]["counts"]
    yield _(
        "Drumuri pentru mașină: {km} km, {nodes} intersecții; din care neasfaltate {unpaved} km, bac {ferry} km."
    ).format(
        km=number(car["main_km"]), nodes=number(car["junctions"]), unpaved=number(car["unpaved_km"]),
        ferry=number(car["ferry_km"]),
    )  # fmt: skip
    outside, every = answer["outside_km"]
    if outside >= 1:
        yield _("În afara României: {km} km din {all} km.").format(km=number(outside), all=number(every))
        if outside >= every:
            yield _("Atenție: niciun drum nu este în România; de aici nu se ajunge nicăieri pe ele.")
    if car["seasonal_km"]:
        yield _("Închise o parte din an: {km} km; iarna și vara se socotesc deosebit.").format(
            km=number(car["seasonal_km"])
        )
    if car["island_km"] >= 1:
        yield _("Lăsate deoparte, pentru că nu se leagă de rețeaua mare: {km} km.").format(km=number(car["island_km"]))
    if car["turns"]:
        yield _("Viraje interzise de care se ține seama: {n}.").format(n=number(car["turns"]))
    if answer.get("joined") or answer.get("interchanges"):
        yield _("Capete de linii unite cu drumul vecin: {joined}; intrări pe autostradă presupuse: {n}.").format(
            joined=number(answer["joined"]), n=number(answer["interchanges"])
        )
    if "foot" in answer["modes"]:
        yield _heights_words(answer.get("heights"))
    if answer["local_access"]:
        yield _("Stratul are numai drumuri mari: până la ele, drumul local se socotește în linie dreaptă.")


def _heights_words(share: float | None) -> str:
    if share is None:
        return _("Pe jos: ca pe teren drept, fără înălțimi (se pot da cu --heights).")
    return _(
        "Pe jos: urcușul și coborâșul se socotesc (Tobler 1993) pe {share} % din drumuri; restul ca pe teren drept."
    ).format(share=number(share * 100))


@contextmanager
def _told(file: Path, tell: Callable[[str], object]) -> Iterator[None]:
    """Say each step of the other process in words while the block runs."""
    done = threading.Event()

    def look() -> None:
        text = ""
        while not done.wait(_LOOK_S):
            try:
                step, count = loads(file.read_text(encoding="utf-8"))
            except (OSError, JSONDecodeError, ValueError):
                continue
            words = _step_words(step).format(n=number(count))
            if words != text:
                text = words
                tell(words)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _step_words(step: str) -> str:
    return {
        "ways": _("Citesc drumurile: {n}…"),
        **{f"build_{mode}": _("Leg drumurile între intersecții…") for mode in MODES},
        "order": _("Pregătesc căutarea: {n} intersecții…"),
    }.get(step, "")
