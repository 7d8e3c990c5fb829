"""How many windows high the screens are, on a telephone and at a desk, in both kinds of pages."""

from __future__ import annotations

from bench.walk.county import DAY_CENTRE
from bench.walk.hand import DESK, PHONE
from bench.walk.tasks import COUNTY, PARINCEA, TITLE, Tasks

ANSWER = f"/gasiti?loc={PARINCEA}&nevoie=elderly-alone"
SCREENS = (
    ("team", "/astazi", TITLE),
    ("team", ANSWER, ".hs-src"),
    ("team", f"{ANSWER}&nevoie=hot-meal", ".hs-src"),
    ("team", "/referiri", TITLE),
    ("team", "/rapoarte", ".hs-tiles"),
    ("county", "/astazi", TITLE),
    ("county", "/referiri", TITLE),
    ("county", f"/acoperire?serviciu={DAY_CENTRE}&judet={COUNTY}", ".hs-src"),
    ("national", "/rapoarte", ".hs-tiles"),
    ("national", "/comunitati", ".hs-grid"),
    ("team", "/simplu", TITLE),
    ("team", "/simplu/referiri", TITLE),
    ("team", "/simplu/raport-lunar", TITLE),
    ("county", "/simplu/judetul-meu", TITLE),
    ("county", "/simplu/furnizori", TITLE),
)


class Heights(Tasks):
    """The screens, in one walk."""

    walks = ("heights",)

    def heights(self) -> None:
        """Open each and say how high it is."""
        for role, path, until in SCREENS:
            for size in (PHONE, DESK):
                with self.task(f"{role} {path} {size['width']}", role, size) as hand:
                    hand.open(path, until)
                    hand.high()
