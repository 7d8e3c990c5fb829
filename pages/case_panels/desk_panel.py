"""„Cazuri: activități, mutări, uniri”: a team's desk. Each form has a key: pressed twice it is one change."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import streamlit as st

from api.forms.consent_form import typed_day
from cases.record.case_listing import list_cases
from cases.record.desk_changes import accept_move, add_activity, join_cases, offer_move, unjoin_case, withdraw_move
from cases.record.desk_lists import joined_cases, likely_same, list_activities, list_moves
from cases.rules.case_terms import days_after, term
from cases.rules.case_vocabulary import ACTIVITIES, OPEN_STATES, activity_label, case_state_label, member_label
from core.errors import BadValueError, MapError
from core.i18n import _, number
from pages.case_panels import case_markup
from pages.case_panels.change_notices import make_change
from pages.case_panels.logged_reading import forget, read_once
from pages.common import markup
from providers.rules.wording import iso_day
from referrals.records.vocabulary import PROFESSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.record.desk_lists import CaseMove
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_LISTED_DAYS = 90
_MOST_PEOPLE = 100_000
_OPEN_CASES = "desk-open-cases"


def draw_activities(home: Home, ledger: Ledger, actor: Actor) -> None:
    """Draw the form of a community activity, and those of the last three months.

    Parameters
    ----------
    home
        For the exchange.
    ledger
        Where the record is kept; it checks role and area.
    actor
        A member of a team.
    """
    left, right = st.columns([1, 1.2], gap="medium")
    with left:
        _activity_form(home, ledger, actor)
    with right:
        since = days_after(ledger.today().isoformat(), -_LISTED_DAYS)
        listed = list_activities(ledger, actor=actor, since=since)
        st.html(markup.render_heading(_("În ultimele {n} de zile").format(n=_LISTED_DAYS), number(len(listed))))
        if not listed:
            st.html(markup.render_quiet(_("Nicio activitate scrisă.")))
            return
        rows = [(iso_day(each["on_day"]), _activity_words(each)) for each in listed]
        heads = (_("Ziua"), _("Activitatea, cine a fost, participanți"))
        st.html(case_markup.render_listing(_("Activități ale comunității"), heads, rows))


def _activity_words(each: Mapping[str, Any]) -> str:
    """Say an activity in one cell: three columns do not fit a telephone."""
    members = ", ".join(member_label(who) for who in each["members"].split())
    people = _("participanți: {n}").format(n=number(each["participants"]))
    return f"{activity_label(each['kind'])}: {members} · {people}"


def _activity_form(home: Home, ledger: Ledger, actor: Actor) -> None:
    with st.form(f"hs-form-activity-{_turn('activity')}"):
        st.html(markup.render_heading(_("Scrieți o activitate")))
        st.html(markup.render_quiet(_("Munca fără un caz anume: campanii, întâlniri, lucru la birou. Fără nume.")))
        kind = st.selectbox(
            _("Activitatea"), ACTIVITIES, index=None, format_func=activity_label, placeholder=_("Alegeți din listă")
        )
        today = ledger.today()
        day = st.text_input(_("Ziua"), f"{today:%d.%m.%Y}", max_chars=20, placeholder=_("zz.ll.aaaa"))
        members = st.multiselect(
            _("Cine a fost"), PROFESSIONS, [actor.profession] if actor.profession in PROFESSIONS else [],
            format_func=member_label, placeholder=_("Alegeți din listă"),
        )  # fmt: skip
        people = st.number_input(_("Participanți, fără echipă"), 0, _MOST_PEOPLE, 0)
        if not st.form_submit_button(_("Scrieți activitatea"), type="primary"):
            return

    def act() -> None:
        on = typed_day(day)
        if kind is None or on is None or not members:
            raise BadValueError(
                _("O activitate are un fel, o zi de forma zz.ll.aaaa și cel puțin un membru al echipei.")
            )
        add_activity(ledger, kind, on.isoformat(), members, int(people), actor=actor, key=_key("activity"), home=home)

    _do("activity", act, _("Activitatea este scrisă."))


def draw_own_moves(
    home: Home, ledger: Ledger, actor: Actor, communities: Mapping[int, str], name_of: Callable[[int], str]
) -> None:
    """Draw the moves that wait, each with its button, and the form that offers a case to another team.

    Parameters
    ----------
    home
        For the exchange.
    ledger
        Where the record is kept; it checks role, area and case manager.
    actor
        A member of a team.
    communities
        To which a case can go, by SIRUTA.
    name_of
        Names a community by its SIRUTA.
    """
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        moves = list_moves(ledger, actor=actor)
        st.html(markup.render_heading(_("Mutări care așteaptă"), number(len(moves))))
        if not moves:
            st.html(markup.render_quiet(_("Nicio mutare nu așteaptă.")))
        for move in moves:
            with st.container(key=f"hs-move-{move.move_id}"):
                _move(home, ledger, actor, move, name_of)
    with right:
        _offer_form(home, ledger, actor, communities)


def _move(home: Home, ledger: Ledger, actor: Actor, move: CaseMove, name_of: Callable[[int], str]) -> None:
    way = _("din {first} la {last}").format(first=name_of(move.from_uat), last=name_of(move.to_uat))
    waits = _("așteaptă unitatea județeană") if move.state == "offered" else _("așteaptă echipa care îl primește")
    when = f"{_('oferit la {day}').format(day=iso_day(move.offered_on))} · {waits}"
    st.html(case_markup.render_remark(move.case_ref, way, when, is_late=False))
    place = f"move-{move.move_id}"
    if move.is_own:
        if st.button(_("Luați oferta înapoi"), key=f"{place}-back"):
            back = _("Oferta pentru cazul {case} este luată înapoi.").format(case=move.case_ref)
            _do(place, lambda: withdraw_move(ledger, move.move_id, actor=actor, key=_key(place), home=home), back)
    elif st.button(_("Primiți cazul"), key=f"{place}-take", type="primary"):
        taken = _("Cazul {case} este acum al echipei; apare pe telefoane la următorul schimb.")
        act = lambda: accept_move(ledger, move.move_id, actor=actor, key=_key(place), home=home)  # noqa: E731
        _do(place, act, taken.format(case=move.case_ref))


def _offer_form(home: Home, ledger: Ledger, actor: Actor, communities: Mapping[int, str]) -> None:
    if not communities:
        words = _("Un caz se poate oferi altei echipe după ce administratorul încarcă lista comunităților.")
        st.html(markup.render_quiet(words))
        return
    with st.form(f"hs-form-offer-{_turn('offer')}"):
        st.html(markup.render_heading(_("Oferiți un caz altei echipe")))
        words = _(
            "Când persoana s-a mutat într-o comunitate cu echipă. Managerul de caz oferă, unitatea județeană confirmă, "
            "echipa cealaltă primește. Ce s-a făcut rămâne socotit aici."
        )
        st.html(markup.render_quiet(words))
        ref = st.text_input(_("Codul cazului"), max_chars=20, placeholder="C-XXXXX-XXXXX")
        to_uat = st.selectbox(
            _("Unde s-a mutat"), list(communities), index=None, format_func=communities.__getitem__,
            placeholder=_("Alegeți comunitatea"),
        )  # fmt: skip
        if not st.form_submit_button(_("Oferiți cazul"), type="primary"):
            return

    def act() -> None:
        if to_uat is None:
            raise BadValueError(_("Alegeți comunitatea."))
        offer_move(ledger, ref, to_uat, actor=actor, key=_key("offer"), home=home)

    _do("offer", act, _("Cazul este oferit; așteaptă unitatea județeană."))


def draw_joins(home: Home, ledger: Ledger, actor: Actor) -> None:
    """Draw the cases that may be one person, the form that joins two, and those that can still be parted.

    Parameters
    ----------
    home
        For the exchange.
    ledger
        Where the record is kept; it checks role and area.
    actor
        A member of a team.
    """
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        alike = likely_same(ledger, actor=actor)
        st.html(markup.render_heading(_("Poate aceeași persoană"), number(len(alike))))
        st.html(markup.render_quiet(_("Aceeași gospodărie, naștere și sex. Pot fi și gemeni: verificați înainte.")))
        for newer, older in alike:
            st.html(markup.render_quiet(_("{newer} și cazul mai vechi {older}").format(newer=newer, older=older)))
        joined = joined_cases(ledger, actor=actor)
        st.html(markup.render_heading(_("Unite de curând"), number(len(joined))))
        if not joined:
            st.html(markup.render_quiet(_("Niciun caz unit în ultimele {n} de zile.").format(n=term("join_undone"))))
        for each in joined:
            place = f"join-{each.case_ref}"
            with st.container(key=f"hs-{place}"):
                words = _("unit cu {older} la {day}").format(older=each.joined_into, day=iso_day(each.on_day))
                until = _("se poate desface până la {day}").format(day=iso_day(each.undone_until))
                st.html(case_markup.render_remark(each.case_ref, words, until, is_late=False))
                if st.button(_("Desfaceți unirea"), key=f"{place}-undo"):
                    apart = _("Cazurile {newer} și {older} sunt din nou două.")
                    act = lambda ref=each.case_ref, at=place: unjoin_case(  # noqa: E731
                        ledger, ref, actor=actor, key=_key(at), home=home
                    )
                    _do(place, act, apart.format(newer=each.case_ref, older=each.joined_into))
    with right:
        _join_form(home, ledger, actor)


def _join_form(home: Home, ledger: Ledger, actor: Actor) -> None:
    listed = read_once(
        _OPEN_CASES, (actor.account, actor.uat_siruta), ledger.clock(),
        lambda: list_cases(ledger, actor=actor, states=OPEN_STATES).cases,
    )  # fmt: skip
    opened = {
        each["case_ref"]: f"{each['case_ref']} · {iso_day(each['opened_on'])} · {case_state_label(each['state'])}"
        for each in listed
    }
    with st.form(f"hs-form-join-{_turn('join')}"):
        st.html(markup.render_heading(_("Uniți două cazuri")))
        words = _(
            "Când aceeași persoană are două cazuri: faptele trec la cazul mai vechi. Se desface timp de {n} de zile."
        )
        st.html(markup.render_quiet(words.format(n=term("join_undone"))))
        newer, older = (
            st.selectbox(
                label, list(opened), index=None, format_func=opened.__getitem__, placeholder=_("Alegeți cazul")
            )
            for label in (_("Cazul mai nou"), _("Cazul mai vechi, care rămâne"))
        )
        is_sure = st.checkbox(_("Este aceeași persoană: am verificat"))
        if not st.form_submit_button(_("Uniți cazurile"), type="primary"):
            return

    def act() -> None:
        if newer is None or older is None or not is_sure:
            raise BadValueError(_("Alegeți amândouă cazurile și spuneți că ați verificat persoana."))
        join_cases(ledger, newer, older, actor=actor, key=_key("join"), home=home)

    _do("join", act, _("Cazurile sunt unite; telefoanele află la următorul schimb."))


def _turn(place: str) -> int:
    """Return the number of a place's form: a new turn empties its fields and has a key of its own."""
    return int(st.session_state.get(f"desk-turn-{place}", 0))


def _key(place: str) -> str:
    made: str = st.session_state.setdefault(f"desk-key-{place}-{_turn(place)}", secrets.token_urlsafe(12))
    return made


def _do(place: str, act: Callable[[], None], words: str) -> None:
    """Make a change, as `make_change`; after a refusal the next press is a new change."""

    def once() -> None:
        try:
            act()
        except MapError:
            st.session_state.pop(f"desk-key-{place}-{_turn(place)}", None)
            raise
        st.session_state[f"desk-turn-{place}"] = _turn(place) + 1
        forget(_OPEN_CASES)

    make_change(once, words)
