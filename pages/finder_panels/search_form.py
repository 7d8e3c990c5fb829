"""The question of „Găsiți un serviciu”: where, what, how far, and of the person only what a rule looks at.

Nothing about a person is kept beyond this session or written into the address (`asked_question`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import PlaceNotChosenError, UnknownCodeError
from core.i18n import _
from core.text import fold
from geo.spatial.route import MOST_NEEDS
from pages.common import markup, screen_wording, shared
from pages.finder_panels import asked_question, pick_map
from providers.finder import search_terms
from providers.finder.query_limits import OLDEST_PERSON, REACH_CHOICES
from providers.finder.query_parsing import parse_person
from providers.finder.relevant_facts import RelevantFacts, relevant_facts
from providers.rules import needs, taxonomy
from providers.rules.wording import minute_words
from referrals.search_gaps import note_unfound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer, Place
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.answer import Query
    from providers.finder.search_terms import SearchTerm
    from referrals.records.vocabulary import Actor

_LAST_COUNTY = "last_county"
NOTHING_ASKED = RelevantFacts(age=False, sex=False, groups=(), home=False)


def ask(home: Home, snapshot: Snapshot, actor: Actor | None) -> list[Query]:
    """Draw the form of a search.

    Parameters
    ----------
    home
        The home.
    snapshot
        Its places and services.
    actor
        Who is signed in; None = nobody.

    Returns
    -------
    list of Query
        A question a need once the button was pressed and nothing is missing; empty before.
    """
    places = snapshot.gazetteer
    if st.session_state.pop("pick_closed", False):
        st.session_state["pick"] = False
    # What comes and goes stands in a container of its own: then the rest keeps its place, and nothing jumps.
    with st.container(border=True, key="hs-form"):
        with st.container(key="hs-place"):
            origin = _ask_place(home, places, actor)
        with st.container(key="hs-wanted"):
            sought = _ask_all_wanted(home, places)
        asked = relevant_facts([each.code for each in sought], snapshot.catalogue) if sought else NOTHING_ASKED
        with st.container(horizontal=True, key="hs-row"):
            mode = _ask_mode()
            age = _ask_age() if asked.age else None
            sex = _ask_sex() if asked.sex else None
        with st.container(key="hs-person"):
            groups = _ask_groups(asked.groups) if asked.groups else []
            lives = _ask_home(places, actor) if asked.home else None
            if asked.anything:
                st.html(
                    markup.render_quiet(_("Despre persoană nu se păstrează nimic. Lăsați necompletat ce nu știți."))
                )
        reach, only_confirmed = _ask_limits()
        if st.button(_("Căutați"), type="primary", width="stretch", key="search"):
            st.session_state["asked"] = True
            _say_what_is_missing(origin, sought)
        if asked_question.has_answer_behind():
            st.button(_("Înapoi la răspuns"), key="go_back", type="tertiary", on_click=asked_question.go_back)
    asked_question.write_address(origin, [each.code for each in sought])
    if origin is None or not sought or not st.session_state.get("asked"):
        return []
    st.session_state["asked"] = False
    return [
        asked_question.of_need(
            each.code,
            origin,
            several=len(sought) > 1,
            person=parse_person(age=age, sex=sex, groups=groups),
            home=lives,
            mode=mode,
            max_minutes=float(reach) if reach else None,
            only_confirmed=only_confirmed,
        )
        for each in sought
    ]


def _ask_place(home: Home, places: Gazetteer, actor: Actor | None) -> Place | None:
    if (picked := st.session_state.pop("place_next", None)) is not None:
        st.session_state["place_text"] = picked
    typed = st.text_input(
        _("Unde se află persoana?"),
        key="place_text",
        placeholder=_("localitatea, de exemplu Parincea"),
        max_chars=80,
    ).strip()
    _offer_map(home, places, actor)
    return _understood(places, typed, key="place", near=_near(actor))


def _ask_home(places: Gazetteer, actor: Actor | None) -> Place | None:
    """Ask where the person lives, for services that take only their own people; None = where the person is."""
    if not st.toggle(_("Domiciliul este în altă localitate"), key="lives_elsewhere"):
        return None
    typed = st.text_input(
        _("Domiciliul"),
        key="home_text",
        placeholder=_("localitatea, de exemplu Parincea"),
        max_chars=80,
        help=_("Unele dintre servicii primesc numai oamenii din localitatea sau din județul lor."),
    ).strip()
    return _understood(places, typed, key="home", near=_near(actor))


def _understood(places: Gazetteer, typed: str, *, key: str, near: str | None) -> Place | None:
    """Find the place that was typed; where several fit or none does, ask back below the field."""
    if not typed:
        return None
    place: Place | None
    try:
        place = places.resolve(typed, near=near)
    except PlaceNotChosenError as error:
        if not error.choices:
            st.html(markup.render_field_error(str(error)))
            return None
        chosen = _one_of(error.question, error.choices, key=f"{key}_{fold(typed)}")
        place = places.resolve(chosen) if chosen else None
    else:
        if fold(place.label) != fold(typed):
            st.html(markup.render_understood(place.label))
    if place is not None:
        st.session_state[_LAST_COUNTY] = place.county
    return place


def _near(actor: Actor | None) -> str | None:
    """Give the county whose places are asked back first: that of the role, else of the place last understood."""
    return (actor.county if actor else "") or st.session_state.get(_LAST_COUNTY)


def _offer_map(home: Home, places: Gazetteer, actor: Actor | None) -> None:
    """Let the place be tapped on a map: at once turned into a locality, the point itself is not kept."""
    if not st.toggle(_("Alegeți locul pe hartă"), key="pick"):
        return
    county = actor.county if actor else ""
    label = pick_map.picked(home, places, county)
    if label is not None:
        st.session_state["place_next"] = label
        st.session_state["pick_closed"] = True
        st.rerun()


def _ask_all_wanted(home: Home, places: Gazetteer) -> list[SearchTerm]:
    """Ask for one need, and for more where somebody wants to; the same need twice is one."""
    count = st.session_state.setdefault("needs_count", 1)
    found = [each for number in range(1, count + 1) for each in _ask_wanted(home, places, number)]
    if count < MOST_NEEDS and found:
        st.button(_("Încă o nevoie"), key="more_needs", type="tertiary", on_click=_one_more)
    every = list({each.code: each for each in found}.values())
    if len(every) > MOST_NEEDS:
        words = _("Cel mult {n} nevoi deodată: se caută primele.").format(n=MOST_NEEDS)
        st.html(markup.render_field_error(words))
    return every[:MOST_NEEDS]


def _one_more() -> None:
    st.session_state["needs_count"] = min(MOST_NEEDS, st.session_state.get("needs_count", 1) + 1)


def _ask_wanted(home: Home, places: Gazetteer, number: int) -> list[SearchTerm]:
    """Ask in one field; several needs may stand in it between commas, as on the plain page."""
    typed = st.text_input(
        _("De ce are nevoie?") if number == 1 else _("A {n}-a nevoie").format(n=number),
        key=asked_question.need_key(number),
        placeholder=_("alegeți sau scrieți: bătăi, buletin…"),
        max_chars=80,
    ).strip()
    parts = search_terms.split_needs(typed) if typed else []
    return [each for part in parts if (each := _understood_need(home, places, part, number))]


def _understood_need(home: Home, places: Gazetteer, typed: str, number: int) -> SearchTerm | None:
    """Find the need that is named; where several fit or none does, ask back below the field."""
    try:
        found = search_terms.resolve(typed)
    except UnknownCodeError:
        words = _("Nu am înțeles „{typed}”. Încercați alt cuvânt sau alegeți din listă.").format(typed=typed)
        _count_unfound(home, places, typed)
        st.html(markup.render_field_error(words))
        return None
    if len(found) == 1:
        if fold(found[0].label) != fold(typed):
            st.html(markup.render_understood(found[0].label))
        return found[0]
    lines = needs.lines_of_likely(each.code for each in found)
    is_sensitive = any(each.is_sensitive for each in found[: needs.LIKELY])
    st.html(markup.render_asked_top(lines, is_sensitive=is_sensitive))
    labels = {each.label: each for each in found}
    chosen = _one_of(
        _("Ce ați vrut să căutați?"),
        tuple(labels),
        key=f"wanted_{number}_{fold(typed)}",
        explained={label: each.explained for label, each in labels.items()},
    )
    return labels[chosen] if chosen else None


def _count_unfound(home: Home, places: Gazetteer, typed: str) -> None:
    # The page is drawn anew after every touch: the same words are counted once a visit.
    counted = st.session_state.setdefault("unfound_counted", set())
    if typed not in counted:
        counted.add(typed)
        ledger = shared.directory(home).ledger
        note_unfound(ledger, typed, actor=shared.actor(home), is_place=places.is_name_part)


def _one_of(
    question: str, labels: tuple[str, ...], *, key: str, explained: Mapping[str, str] | None = None
) -> str | None:
    # The key holds what was typed: another text is another question, with nothing chosen yet.
    values = explained or {}
    return st.radio(
        screen_wording.label_text(question),
        labels,
        index=None,
        key=key,
        format_func=lambda label: screen_wording.label_text(values.get(label, label)),
    )


# Of a person only what a rule of the wanted services looks at is asked; what is not said refuses nobody.


def _ask_mode() -> str:
    words = {"car": _("cu mașina"), "walk": _("pe jos")}
    st.session_state.setdefault("mode", "car")
    chosen = st.segmented_control(
        _("Cum se deplasează persoana?"), tuple(words), required=True, key="mode", format_func=words.__getitem__
    )
    return chosen or "car"


def _ask_age() -> int | None:
    return st.number_input(_("Vârsta"), 0, OLDEST_PERSON, value=None, step=1, key="age", placeholder=_("ani"), width=96)


def _ask_sex() -> str | None:
    words = {"F": _("feminin"), "M": _("masculin")}
    return st.segmented_control(_("Sexul"), tuple(words), key="sex", format_func=words.__getitem__)


def _ask_groups(codes: tuple[str, ...]) -> list[str]:
    known = taxonomy.groups()
    return st.pills(
        _("Persoana se află în una dintre situațiile de mai jos?"),
        codes,
        selection_mode="multi",
        key="groups",
        format_func=lambda code: _(known[code].name),
    )


def _ask_limits() -> tuple[int, bool]:
    # Not an expander: its arrow alone makes every browser load a font of 367 KB. Hidden limits do not hold.
    if not st.toggle(_("Mai multe opțiuni"), key="more"):
        return 0, False
    st.session_state.setdefault("reach", 0)
    reach = st.segmented_control(
        _("Cât de departe?"),
        (0, *REACH_CHOICES),
        required=True,
        key="reach",
        format_func=lambda n: minute_words(n) if n else _("oricât"),
    )
    return reach or 0, st.checkbox(_("Numai locuri confirmate"), key="only_confirmed")


def _say_what_is_missing(origin: Place | None, sought: list[SearchTerm]) -> None:
    if origin is None:
        st.html(markup.render_field_error(_("Scrieți localitatea și, dacă sunt mai multe cu acel nume, alegeți una.")))
    if not sought:
        st.html(markup.render_field_error(_("Alegeți de ce are nevoie persoana.")))
