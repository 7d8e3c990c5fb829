"""The count of lawful answers in words: lines for a terminal, a page for the docs, data for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.i18n import _, number, written_day
from providers.planning.need_coverage import NEED_REACH_MINUTES
from providers.rules.travel_words import basis_json, basis_words, estimate_note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    import pandas as pd

    from geo.spatial.travel import TravelBasis
    from providers.finder.answer import SourceUsed

_HALF = 0.5


def coverage_json(
    table: pd.DataFrame,
    *,
    sources: Iterable[SourceUsed],
    on: date,
    travel: TravelBasis,
    reach_minutes: float = NEED_REACH_MINUTES,
) -> dict[str, Any]:
    """Return the count as JSON-ready data: the columns of `need_coverage.COLUMNS`, one object a need."""
    return {
        "on": on.isoformat(),
        "reach_minutes": reach_minutes,
        "travel_model": travel.code,
        "travel": basis_json(travel),
        "needs": table.to_dict("records"),
        "sources": [
            {"kind": s.kind, "edition": s.edition, "as_of": s.as_of, "title": s.title, "synthetic": s.synthetic}
            for s in sources
        ],
    }


def coverage_lines(
    table: pd.DataFrame, *, travel: TravelBasis, reach_minutes: float = NEED_REACH_MINUTES
) -> Iterator[str]:
    """Format the count line by line: within reach, anywhere, first answers, communities; then the holes."""
    yield _("Nevoie: UAT cu răspuns la cel mult {n} min · oriunde · cu răspunsul dintâi · comunități").format(
        n=number(reach_minutes)
    )
    for row in table.to_dict("records"):
        yield f"  {row['name']} [{row['need']}]: " + " · ".join(
            (
                share(row["reached"], row["uats"]),
                share(row["anywhere"], row["uats"]),
                share(row["reached_first"], row["uats"]),
                share(row["communities_reached"], row["communities"]),
            )
        )
    yield ""
    yield estimate_note(travel)
    yield ""
    yield _("Nevoi cu goluri")
    for name, text in _findings(table):
        yield f"  - {name}: {text}"


def coverage_page(
    table: pd.DataFrame,
    *,
    sources: Iterable[SourceUsed],
    on: date,
    communities: str,
    travel: TravelBasis,
    reach_minutes: float = NEED_REACH_MINUTES,
) -> str:
    """Write the count as a page in Markdown.

    communities: where the list of communities comes from, in words.
    """
    minutes = number(reach_minutes)
    lines = [
        "# " + _("Nevoile și răspunsurile lor legale"),
        "",
        _("Făcut cu `harta needs --coverage --out docs/need-coverage.md`, pentru ziua de {day}.").format(
            day=written_day(on)
        ),
        "",
        _(
            "Pentru fiecare nevoie: în câte UAT din {n} găsește **oricine o poate avea** (de orice vârstă și sex pe "
            "care răspunsurile le deosebesc) cel puțin un serviciu sau o autoritate care îl poate primi, după licență, "
            "acreditare, vârstă, sex, grup și domiciliu. Se numără servicii și autorități, nu tipuri. Locurile libere "
            "nu intră în socoteală."
        ).format(n=number(int(table["uats"].max()) if len(table) else 0)),
        "",
        *(f"- {line}" for line in _columns(minutes, communities, travel)),
        "",
        *_table(table, minutes),
        "",
        "## " + _("Nevoi cu goluri"),
        "",
        *(f"- **{name}**: {said}" for name, said in _findings(table)),
        "",
        "## " + _("Surse"),
        "",
        *(f"- {source.title or source.kind}: {source.as_of} (`{source.edition}`)" for source in sources),
        "",
    ]
    return "\n".join(lines)


def _columns(minutes: str, communities: str, travel: TravelBasis) -> Iterator[str]:
    yield _(
        "**≤ {n} min**: un răspuns la cel mult {n} min cu mașina de la reședința UAT ({basis}, modelul "
        "`{model}`) sau unul care vine acasă, este mobil ori la distanță și deservește UAT."
    ).format(n=minutes, basis=basis_words(travel), model=travel.code)
    yield _("**oriunde**: un răspuns care deservește UAT, oricât de departe.")
    yield _("**dintâi**: unul dintre răspunsurile dintâi ale nevoii, la cel mult {n} min.").format(n=minutes)
    yield _("**registre**: un serviciu dintr-un registru, nu o autoritate, la cel mult {n} min.").format(n=minutes)
    yield _("**autorități, % UAT**: UAT care au o autoritate printre răspunsuri, oricât de departe.")
    yield _("**comunități**: {list}; la cel mult {n} min, apoi cu răspunsul dintâi.").format(
        list=communities, n=minutes
    )
    yield _("Un serviciu cu adresă protejată se numără numai pentru UAT din județul său și nu spune nimic despre loc.")
    yield _("**cui îi lipsește**: cui îi lipsește cel mai des răspunsul dintâi în timp util.")


def _table(table: pd.DataFrame, minutes: str) -> Iterator[str]:
    heads = (
        _("nevoie"), _("servicii"), _("autorități"), f"≤ {minutes} min", _("oriunde"), _("dintâi"), _("registre"),
        _("autorități, % UAT"), _("comunități"), _("comunități, dintâi"), _("cui îi lipsește"),
    )  # fmt: skip
    yield "| " + " | ".join(heads) + " |"
    yield "|---|" + "---:|" * (len(heads) - 2) + "---|"
    group = ""
    for row in table.to_dict("records"):
        if row["group"] != group:
            group = row["group"]
            yield f"| **{group}** |" + " |" * (len(heads) - 1)
        cells = (
            f"{row['name']} (`{row['need']}`)",
            number(row["services"]),
            number(row["authorities"]),
            *(
                share(row[column], row["uats"])
                for column in ("reached", "anywhere", "reached_first", "reached_services", "anywhere_authorities")
            ),
            share(row["communities_reached"], row["communities"]),
            share(row["communities_first"], row["communities"]),
            row["left_out"],
        )
        yield "| " + " | ".join(cells) + " |"


def _findings(table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Name the needs with holes, worst first: nobody at all, nobody in reach, the first answer for less than half."""
    rows = table.to_dict("records")
    for row in rows:
        if row["anywhere"] < row["uats"]:
            text = _("{n} din {uats} UAT nu au niciun răspuns, oricât de departe.")
            yield row["name"], text.format(n=number(row["uats"] - row["anywhere"]), uats=number(row["uats"]))
    for row in sorted(rows, key=lambda row: row["reached"]):
        if row["anywhere"] == row["uats"] and row["reached"] < row["uats"]:
            text = _("{n} UAT nu au niciun răspuns în timp util; {share} au.")
            part = share(row["reached"], row["uats"])
            yield row["name"], text.format(n=number(row["uats"] - row["reached"]), share=part)
    for row in sorted(rows, key=lambda row: row["reached_first"]):
        if row["reached"] == row["uats"] and row["reached_first"] < _HALF * row["uats"]:
            text = _(
                "oricine are un răspuns, dar cel dintâi este în timp util în {share} din UAT; lipsește mai ales: {who}."
            )
            part = share(row["reached_first"], row["uats"])
            yield row["name"], text.format(share=part, who=row["left_out"])


def share(count: int, total: int) -> str:
    """Format a share in percent, rounded down: 100 % is said only of all, 0 % of none.

    >>> share(3180, 3181), share(3181, 3181), share(1, 3181), share(0, 0)
    ('99,9 %', '100 %', 'sub 0,1 %', '–')
    """
    if not total:
        return "–"
    thousandths = count * 1000 // total
    if count and not thousandths:
        return _("sub {n} %").format(n=number(0.1, 1))
    return f"{number(thousandths / 10, 0 if thousandths % 10 == 0 else 1)} %"
