"""What areas are filled with where no style sheet is read, on paper and in pictures: a colour and lines over it.

The same as `map_keys.css`, `map_base.js` and `map_layers.js` in the light, by the name of a legend's key: a class, what
is found within reach of a service, what changed of it, and class and reach together. Lines keep them apart where
colours do not.
"""

from __future__ import annotations

from typing import NamedTuple

# Colours of the light by their names in tokens.css; a test holds the two together.
LIGHT = {
    "paper": "#ffffff", "field": "#6b7c82", "call": "#7a4a00", "full": "#5a5f66", "danger": "#9b1c1c",
    "accent": "#0b5f66",
    "class-1": "#eef2f6", "class-2": "#b9cfe4", "class-3": "#5f8fc0", "class-4": "#1d3f74",
    "reach-1": "#9fd0d0", "reach-2": "#f3d9a4", "reach-3": "#cfd3d6", "reach-4": "#f2b8b0", "reach-5": "#d98c84",
    "change-2": "#d7ecd0",
    "joined-1": "#eef2f6", "joined-2": "#f6ddb5", "joined-3": "#eda892", "joined-4": "#b9cfe4", "joined-5": "#c8b089",
    "joined-6": "#c4705f", "joined-7": "#5f8fc0", "joined-8": "#8a6c86", "joined-9": "#7a1f3d",
}  # fmt: skip
DOTS, RISE, CROSS, GRID = "dots", "rise", "cross", "grid"
_Line = tuple[float, float, float, float]  # x, y, x, y in a tile


class AreaPattern(NamedTuple):
    """How an area is filled.

    ground, pen: names of LIGHT. lines: none, DOTS, RISE (from the left below to the right above), CROSS (both ways) or
    GRID. side: of the tile that repeats, in pixels of a screen.
    """

    ground: str
    pen: str = "paper"
    lines: str = ""
    side: int = 8

    @property
    def tile(self) -> tuple[_Line, ...]:
        """The lines of one tile."""
        side, half = float(self.side), self.side / 2
        rise: tuple[_Line, ...] = ((0, side, side, 0), (-1, 1, 1, -1), (side - 1, side + 1, side + 1, side - 1))
        return {
            "": (),
            DOTS: ((half - 1, half, half + 1, half),),
            RISE: rise,
            CROSS: (*rise, (0, 0, side, side)),
            GRID: ((0, half, side, half), (half, 0, half, side)),
        }[self.lines]


_SERVED = (
    AreaPattern("paper"),
    AreaPattern("reach-1"),
    AreaPattern("reach-2", "call", DOTS),
    AreaPattern("reach-3", "full", CROSS),
    AreaPattern("reach-4", "danger", RISE),
    AreaPattern("reach-5", "danger", RISE, 5),
)
PATTERNS: dict[str, AreaPattern] = {
    "class-0": AreaPattern("paper", "field", RISE, 6),
    "class-1": AreaPattern("class-1"),
    "class-2": AreaPattern("class-2", "class-4", DOTS),
    "class-3": AreaPattern("class-3", "class-4", RISE),
    "class-4": AreaPattern("class-4", "class-3", GRID, 6),
    **{f"served-{grade}": pattern for grade, pattern in enumerate(_SERVED)},
    "change-0": _SERVED[0],
    "change-1": _SERVED[1],
    "change-2": AreaPattern("change-2", "accent", DOTS),
    "change-3": _SERVED[4],
    "change-4": _SERVED[3],
    "joined-0": _SERVED[0],
    # Three of each row: a free place, to be called, nothing. The last is too dark for lines of its own colour.
    **{
        f"joined-{grade}": AreaPattern(f"joined-{grade}", "joined-9", ("", DOTS, RISE)[(grade - 1) % 3])
        for grade in range(1, 9)
    },
    "joined-9": AreaPattern("joined-9", "joined-3", RISE),
}
