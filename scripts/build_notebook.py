"""Write the notebook that makes a county's gap map of the API alone: `python scripts/build_notebook.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

NOTEBOOK = Path(__file__).resolve().parent.parent / "docs" / "api" / "gap_map.ipynb"
CELLS = (
    (
        "markdown",
        """# Where a county lacks a service

A gap map made of the API alone. It needs `httpx`, `geopandas` and `matplotlib`, the address of a server in `HARTA_URL`,
and in `HARTA_TOKEN` a token with the scopes `read` and `figures`.""",
    ),
    (
        "code",
        """import os

import geopandas as gpd
import httpx

COUNTY = "BC"
SERVICE = "8891CZ-C-II"  # day centres for children; /api/v1/taxonomy has all codes
harta = httpx.Client(
    base_url=os.environ["HARTA_URL"], headers={"Authorization": f"Bearer {os.environ['HARTA_TOKEN']}"}, timeout=60
)""",
    ),
    ("markdown", "People of every unit: who reaches the service in 30 minutes, and who is left without a place:"),
    (
        "code",
        """def collection(name, **asked):
    answer = harta.get(f"/ogc/collections/{name}/items", params={"limit": 10_000, **asked})
    answer.raise_for_status()
    return gpd.GeoDataFrame.from_features(answer.json()["features"], crs="OGC:CRS84")


units = collection(f"coverage.{SERVICE}", county=COUNTY)
units["left_out_percent"] = (100 * units["unmet_now"] / units["people"]).round(1)
units[["name", "people", "unmet_now", "left_out_percent"]].sort_values("unmet_now", ascending=False).head(10)""",
    ),
    ("markdown", "The services themselves, with the state of their places:"),
    (
        "code",
        """services = collection("services.social", county=COUNTY, service_type=SERVICE)
services["capacity_status"].value_counts()""",
    ),
    (
        "code",
        """ax = units.plot(
    "left_out_percent",
    cmap="YlOrBr",
    vmin=0,
    vmax=100,
    legend=True,
    edgecolor="grey",
    linewidth=0.3,
    figsize=(9, 9),
    legend_kwds={"label": "people who need it and find no free place, per cent", "shrink": 0.6},
)
services.plot(ax=ax, color="teal", markersize=18)
ax.set_axis_off()
ax.set_title(f"{SERVICE}, county {COUNTY}")
ax.figure.savefig("gap_map.png", dpi=120, bbox_inches="tight")
harta.close()""",
    ),
)  # fmt: skip


def notebook() -> str:
    """Return the notebook, its outputs empty."""
    cells = []
    for number, (kind, text) in enumerate(CELLS):
        cell = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)}
        cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    said = {"cells": cells, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}}}
    return json.dumps({**said, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    NOTEBOOK.write_text(notebook(), encoding="utf-8")
    sys.stdout.write(f"{NOTEBOOK}\n")
