"""Write docs/dependencies.md: each locked package, when its locked version was published, and the newest version.

    python scripts/dependency_dates.py INDEX      INDEX: address of a package index that speaks the JSON simple API

Where an index has no data on vulnerabilities (pip-audit then says "could not be audited"), age is what can be listed:
a version long behind its newest one is where to look first.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
OUT = ROOT / "docs" / "dependencies.md"
MEDIA_TYPE = "application/vnd.pypi.simple.v1+json"


def locked() -> dict[str, Version]:
    """Return the locked version of each package that the application runs with."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ \\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: Version(version) for name, version in sorted(found)}


def publication_dates(index: str, name: str) -> dict[Version, date]:
    """Return the day on which the first file of each version was published; yanked files do not count."""
    request = urllib.request.Request(f"{index.rstrip('/')}/{name}/", headers={"Accept": MEDIA_TYPE})  # noqa: S310
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - the operator's own index
        files = json.load(answer)["files"]
    dates: dict[Version, date] = {}
    for file in files:
        version = _version_of(file)
        if version is not None and file.get("upload-time") and not file.get("yanked"):
            day = datetime.fromisoformat(file["upload-time"]).date()
            dates[version] = min(day, dates.get(version, day))
    return dates


def _version_of(file: dict[str, Any]) -> Version | None:
    name = file["filename"]
    try:
        return parse_wheel_filename(name)[1] if name.endswith(".whl") else parse_sdist_filename(name)[1]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


def table(versions: dict[str, Version], dates: dict[str, dict[Version, date]], today: date) -> str:
    """Return the page in Markdown."""
    lines = [
        "# What the application is built with",
        "",
        f"As of {today:%Y-%m-%d}; written by `python scripts/dependency_dates.py INDEX` from requirements.lock.",
        "",
        "| package | locked | published | newest | published |",
        "|---|---|---|---|---|",
    ]
    for name, version in versions.items():
        known = dates[name]
        newest = max((each for each in known if not each.is_prerelease), default=version)
        lines.append(f"| {name} | {version} | {known.get(version, '?')} | {newest} | {known.get(newest, '?')} |")
    return "\n".join(lines) + "\n"


def main(index: str) -> None:
    """Ask the index for each locked package and write the page."""
    versions = locked()
    with ThreadPoolExecutor(8) as pool:
        dates = dict(zip(versions, pool.map(lambda name: publication_dates(index, name), versions), strict=True))
    OUT.write_text(table(versions, dates, datetime.now(UTC).date()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
