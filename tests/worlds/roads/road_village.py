"""A village with a few roads of every kind, as an OpenStreetMap extract."""

from __future__ import annotations

import geopandas as gpd
import osmium
import shapely

# A village and its school around Parincea: a county road, a lane with a barrier, a ferry, a footpath, a forbidden turn.
NODES = {
    1: (46.47, 27.09),
    2: (46.48, 27.09),
    3: (46.48, 27.10),
    4: (46.47, 27.10),
    5: (46.465, 27.10),
    6: (46.49, 27.09),
    7: (46.46, 27.10),
}
WAYS = {
    1: ([1, 2, 3, 4, 1], {"highway": "secondary"}),
    2: ([4, 5], {"route": "ferry", "duration": "00:10"}),
    3: ([2, 6], {"highway": "residential", "motor_vehicle:conditional": "no @ (Dec-Mar)", "surface": "gravel"}),
    4: ([6, 3], {"highway": "footway"}),
    5: ([1, 99], {"highway": "service"}),
    6: ([5, 7], {"highway": "secondary"}),
}  # fmt: skip


def extract(path, *, order=("node", "way", "relation")):
    """Write the village as an extract."""
    writer = osmium.SimpleWriter(str(path))
    adds = {
        "node": lambda: [
            writer.add_node(osmium.osm.mutable.Node(id=i, location=(lon, lat), version=1))
            for i, (lat, lon) in NODES.items()
        ],
        "way": lambda: [
            writer.add_way(osmium.osm.mutable.Way(id=i, nodes=nodes, tags=tags, version=1))
            for i, (nodes, tags) in WAYS.items()
        ],
        "relation": lambda: [
            writer.add_relation(
                osmium.osm.mutable.Relation(
                    id=1, version=1, members=[("w", 1, "from"), ("n", 2, "via"), ("w", 3, "to")],
                    tags={"type": "restriction", "restriction": "no_left_turn"},
                )
            )
        ],
    }  # fmt: skip
    for each in order:
        adds[each]()
    writer.close()
    return path


LINES = [
    ("DN2", [(27.0, 46.5), (27.1, 46.5), (27.2, 46.5)]),
    ("DJ207D", [(27.1, 46.5), (27.1, 46.6)]),
    ("DC 5", [(27.1004, 46.6001), (27.2, 46.6)]),  # stops some 30 m short
    ("A3", [(27.15, 46.4), (27.15, 46.55)]),  # crosses without a point in common
    ("?", [(27.2, 46.6), (27.3, 46.6)]),
]


def layer_of(lines=LINES, column="ref"):
    return gpd.GeoDataFrame(
        {column: [name for name, _line in lines]}, geometry=[shapely.LineString(x) for _n, x in lines], crs="EPSG:4326"
    )
