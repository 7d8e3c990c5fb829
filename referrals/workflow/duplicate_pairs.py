"""Pairs of services that may be one, side by side for a person, and what is done when they are joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _
from core.processes.partitioned_work import ONE_PROCESS
from core.storage.import_kinds import AUTHORITY
from core.storage.service_ids import parts
from providers.catalogue.source_order import ordered
from providers.quality.duplicates import find_duplicates
from providers.rules import taxonomy
from referrals.field import duplicate_decisions
from referrals.records import roles
from referrals.records.ledger_errors import BadReportError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from core.processes.partitioned_work import PartRunner
    from referrals.field.duplicate_decisions import DuplicateDecision
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

SIDE = ("name", "organization", "service_type", "locality", "address", "phone", "organization_cui", "places_max")


@dataclass(frozen=True)
class DuplicatePair:
    """Two services that may be one, or of which somebody decided.

    Attributes
    ----------
    service_a, service_b
        Their ids, the lower first.
    score
        0 to 100; 0 of a pair that is decided and no longer alike.
    reasons
        What speaks for one service, as codes of `providers.quality.duplicates.PAIR_COLUMNS`.
    verdict
        What was decided; empty where nothing was.
    sides
        SIDE of each of the two, as published; text, empty where nothing is published.
    """

    service_a: str
    service_b: str
    score: int
    reasons: tuple[str, ...]
    verdict: str
    sides: tuple[dict[str, str], dict[str, str]]

    def as_json(self) -> dict[str, Any]:
        """Return the pair for programs."""
        return {
            "service_a": self.service_a,
            "service_b": self.service_b,
            "score": self.score,
            "reasons": list(self.reasons),
            "verdict": self.verdict or None,
            "a": self.sides[0],
            "b": self.sides[1],
        }


def reason_label(reason: str) -> str:
    """Return a reason in the language of the screen."""
    return {
        "phone": _("același telefon"),
        "provider": _("același furnizor"),
        "name": _("denumiri asemănătoare"),
        "address": _("aceeași adresă"),
        "point": _("același punct pe hartă"),
        "locality": _("aceeași unitate administrativ-teritorială"),
        "type": _("același tip de serviciu"),
    }[reason]


def pairs(
    directory: Directory,
    *,
    actor: Actor,
    registry: str = "",
    county: str = "",
    is_decided: bool = False,
    runner: PartRunner = ONE_PROCESS,
) -> list[DuplicatePair]:
    """List pairs that may be one and wait for a decision, the most alike first, or those decided.

    Parameters
    ----------
    directory
        The catalogue as published, and the decisions.
    actor
        Who reads; a county unit reads its own county.
    registry
        One registry; empty = all.
    county
        Letters of one county; empty = what the actor may read.
    is_decided
        Whether the decided ones are listed instead.
    runner
        Who compares (`core.processes.partitioned_work`).

    Returns
    -------
    list of DuplicatePair
        Public facts alone.

    Raises
    ------
    NotAllowedError
        Where the actor may not read these.
    """
    where = county or (actor.county if actor.role == "county" else "")
    roles.require(actor, "duplicate.decide", Area(county=where))
    services = directory.published().services
    shown = ~services["is_secret"].to_numpy(bool) & (services["registry"] != AUTHORITY).to_numpy(bool)
    if registry:
        shown &= (services["registry"] == registry).to_numpy(bool)
    if where:
        shown &= (services["county"] == where).to_numpy(bool)
    some = services[shown]
    rows = {str(row["service_id"]): row for row in some[["service_id", *SIDE]].to_dict("records")}
    known = {(each.service_a, each.service_b): each for each in duplicate_decisions.decisions(directory.ledger)}
    table = find_duplicates(some, runner=runner)
    alike = zip(table["score"].tolist(), table["reasons"].tolist(), strict=True)
    found = dict(zip(zip(table["service_a"].tolist(), table["service_b"].tolist(), strict=True), alike, strict=True))
    keys = [key for key in known if set(key) <= set(rows)] if is_decided else [key for key in found if key not in known]
    return [_pair(rows, key, found.get(key), known.get(key)) for key in keys]


def _pair(
    rows: dict[str, dict[Hashable, Any]],
    key: tuple[str, str],
    alike: tuple[int, str] | None,
    decided: DuplicateDecision | None,
) -> DuplicatePair:
    return DuplicatePair(
        *key,
        score=0 if alike is None else alike[0],
        reasons=() if alike is None else tuple(alike[1].split(";")),
        verdict="" if decided is None else decided.verdict,
        sides=(_side(rows[key[0]]), _side(rows[key[1]])),
    )


def _side(row: dict[Hashable, Any]) -> dict[str, str]:
    return {name: "" if pd.isna(row[name]) else str(row[name]) for name in SIDE}


def decide(directory: Directory, service_a: str, service_b: str, *, verdict: str, actor: Actor) -> DuplicateDecision:
    """Decide of a pair: `joined`, `parted` or `left`.

    Of two that are joined, the one at which something is held or was reported last keeps its id, so that reports, holds
    and referrals stay where they are; else the one whose source goes first.

    Raises UnknownCodeError for a service that is not there, NotAllowedError, and BadReportError where both have places
    held, which have to end first.
    """
    catalogue = directory.published()
    rows = [catalogue.service(service_id) for service_id in (service_a, service_b)]
    if verdict == "joined" and rows[0]["registry"] != rows[1]["registry"]:
        raise BadReportError(_("Serviciile sunt din registre diferite: nu pot fi unul singur."))
    ids = [str(row["service_id"]) for row in rows]
    return duplicate_decisions.decide(
        directory.ledger,
        *ids,
        verdict=verdict,
        counties=[str(row["county"]) if pd.notna(row["county"]) else "" for row in rows],
        actor=actor,
        kept=_kept(directory, ids) if verdict == "joined" else "",
    )


def _kept(directory: Directory, ids: list[str]) -> str:
    capacity = directory.ledger.capacity_now(ids).set_index("service_id")
    held = capacity.index[capacity["held"] > 0].tolist()
    if len(held) == len(set(ids)):
        raise BadReportError(_("La ambele servicii sunt locuri rezervate. Uniți-le după ce acestea se încheie."))
    reported = capacity["places_reported_at"].dropna().sort_values()
    if held or len(reported):
        return str(held[0] if held else reported.index[-1])
    registry = parts(ids[0])[0]
    order = ordered(directory.home, registry, sorted({parts(one)[1] for one in ids}))
    return min(ids, key=lambda one: (order.index(parts(one)[1]), one))


def pair_lines(found: list[DuplicatePair]) -> Iterator[str]:
    """Format pairs line by line: how much and what agrees, then the two."""
    if not found:
        yield _("Nu sunt perechi de verificat.")
    for each in found:
        why = ", ".join(map(reason_label, each.reasons))
        verdict = f" · {duplicate_decisions.verdict_label(each.verdict)}" if each.verdict else ""
        yield f"{each.score} · {why}{verdict}"
        for service_id, side in zip((each.service_a, each.service_b), each.sides, strict=True):
            kind = _(taxonomy.service_type(side["service_type"]).name)
            items = (side["name"], kind, side["organization"], side["locality"], side["address"], side["phone"])
            yield "   " + " · ".join(filter(None, items)) + f"  [{service_id}]"
