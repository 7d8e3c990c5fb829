"""Roles and their areas in words, the same on every surface; never a person's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from core.i18n import _

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer
    from referrals.records.vocabulary import Actor


def actor_words(actor: Actor, gazetteer: Gazetteer) -> str:
    """Format in whose name somebody works: the role and its area."""
    if actor.role == "team":
        return _("Echipa comunitară integrată {where}").format(where=area_name(gazetteer, actor.uat_siruta))
    if actor.role == "county":
        return _("Unitatea județeană {county}").format(county=area_name(gazetteer, actor.county))
    return {"national": _("Nivel național"), "admin": _("Administrator")}.get(actor.role, actor.role)


def short_words(actor: Actor, gazetteer: Gazetteer) -> str:
    """Name a role and its area in a word or two, for a bar that is narrow."""
    if actor.role == "team" and actor.uat_siruta is not None:
        return _("Echipa {where}").format(where=gazetteer.place_of(None, actor.uat_siruta).name)
    if actor.role == "county":
        return _("UJSS {county}").format(county=area_name(gazetteer, actor.county))
    return {"national": _("Nivel național"), "admin": _("Administrator")}.get(actor.role, actor.role)


def area_name(gazetteer: Gazetteer, code: object) -> str:
    """Return the name of a county (letters) or of a UAT (SIRUTA code); blank for None."""
    if isinstance(code, str):
        return gazetteer.county_names.get(code, code)
    return gazetteer.place_of(None, int(cast("int", code))).label if code is not None else ""
