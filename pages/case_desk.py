"""„Cazuri: activități, mutări, uniri”: the rare changes of a team, and what its county unit asked of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import UnknownCodeError
from core.i18n import _
from pages.case_panels import draw_activities, draw_devices, draw_plan, draw_remarks
from pages.case_panels.change_notices import show_done
from pages.case_panels.desk_panel import draw_joins, draw_own_moves
from pages.common import markup, shared
from reports.indicators.report_data import communities_of

if TYPE_CHECKING:
    from core.storage.home import Home
    from referrals.records.vocabulary import Actor

_PARTS = ("activities", "plan", "moves", "joins", "remarks", "devices")


def page() -> None:
    """Let a team write down what it does rarely; daily work with cases is on its telephones."""
    purpose = _("Ce se face rar: activitățile și planul comunității, cazuri mutate sau unite, ce a cerut supervizorul.")
    st.html(markup.render_title(_("Cazuri: activități, mutări, uniri"), purpose))
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        st.html(markup.render_sign_in(is_demo=home.is_demo, onward="/cazuri"))
        return
    if actor.role != "team" or actor.uat_siruta is None:
        st.html(
            markup.render_notice(
                _("Cazurile sunt ale echipei"), [_("Unitatea județeană găsește ce îi revine la „Supervizare”.")]
            )
        )
        return
    show_done()
    labels = {
        "activities": _("Activități"), "plan": _("Planul comunității"), "moves": _("Mutări"), "joins": _("Uniri"),
        "remarks": _("Observații"), "devices": _("Telefoane"),
    }  # fmt: skip
    part = st.segmented_control(
        _("Ce faceți"), _PARTS, default="activities", format_func=labels.__getitem__, key="case_desk_part"
    )
    ledger = shared.directory(home).ledger
    match part:
        case "plan":
            draw_plan(home, ledger, actor, shared.area_name(home, actor.uat_siruta))
        case "moves":
            draw_own_moves(home, ledger, actor, _communities(home, actor), partial(shared.area_name, home))
        case "joins":
            draw_joins(home, ledger, actor)
        case "remarks":
            own = actor.uat_siruta
            draw_remarks(ledger, actor, {own: shared.community_name(home, own)})
        case "devices":
            draw_devices(ledger, actor, partial(shared.community_name, home))
        case _:
            draw_activities(home, ledger, actor)


def _communities(home: Home, actor: Actor) -> dict[int, str]:
    """Name the communities to which a case can go, those of the own county first; none without the project's list."""
    try:
        listed = communities_of(shared.directory(home))
    except UnknownCodeError:
        return {}
    listed = listed[listed["uat_siruta"] != actor.uat_siruta]
    pairs = sorted(
        zip(listed["uat_siruta"].astype("int64"), listed["county"], strict=True),
        key=lambda each: (each[1] != actor.county, each[1], shared.area_name(home, each[0])),
    )
    return {int(uat): shared.area_name(home, int(uat)) for uat, _county in pairs}


page()
