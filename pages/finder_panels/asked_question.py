"""The question that a session asks: kept while its answer is read, changed in the form, repeated in the address.

Of a person's age, sex and group nothing leaves the session: in the address there stand only the place (SIRUTA) and what
is looked for, and the latter only where it is not a sensitive need.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from api.forms.consent_form import today
from api.http.kept_question import keep_question, question_kept
from core.errors import MapError
from geo.spatial.route import MOST_NEEDS
from pages.common import shared
from pages.finder_panels import action_state
from providers.finder import search_terms
from providers.finder.query_parsing import make_query
from providers.rules.person import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.gazetteer.gazetteer import Gazetteer
    from geo.gazetteer.places import Place
    from providers.finder.answer import Query
    from referrals.records.vocabulary import Actor

SHOWN, SHOWN_OF_SEVERAL = 5, 2  # services a block: for one need, and for each of several
_ASKED, _BEFORE, _READ = "question", "question_before", "address_read"


def asked() -> list[Query]:
    """Return the question that is answered, a query a need, of today; empty while it is still being written."""
    return [replace(query, on=today()) for query in st.session_state.get(_ASKED, ())]


def ask(queries: Sequence[Query]) -> None:
    """Keep a question, whose answer is shown from the next run on."""
    action_state.forget()
    st.session_state[_ASKED] = tuple(queries)
    st.session_state.pop(_BEFORE, None)
    keep_question(shared.session_id(shared.home()), queries)


def change(*, is_more: bool = False) -> None:
    """Open the form with what was asked in its fields; is_more: and with a field for one more need."""
    queries: tuple[Query, ...] = st.session_state.pop(_ASKED, ())
    if not queries:
        return
    st.session_state[_BEFORE] = queries
    first, terms = queries[0], search_terms.all_search_terms()
    labels = [terms[query.wanted[0]].label for query in queries]
    far = first.max_minutes
    st.session_state.update(
        {need_key(number): label for number, label in enumerate([*labels, *([""] if is_more else [])], start=1)}
    )
    st.session_state.update(
        place_text=first.origin.label,
        needs_count=min(MOST_NEEDS, len(labels) + is_more),
        mode=first.mode,
        age=first.person.age,
        sex=first.person.sex,
        groups=sorted(first.person.groups),
        lives_elsewhere=first.home is not None,
        home_text=first.home.label if first.home else "",
        more=far is not None or first.only_confirmed,
        reach=0 if far is None else int(far),
        only_confirmed=first.only_confirmed,
        asked=False,
    )


def go_back() -> None:
    """Show the answer again that was there before the form was opened."""
    st.session_state[_ASKED] = st.session_state.pop(_BEFORE, ())


def has_answer_behind() -> bool:
    """Whether the form was opened over an answer."""
    return bool(st.session_state.get(_BEFORE))


def need_key(number: int) -> str:
    """Return the key of the field of a need, from 1."""
    return "wanted_text" if number == 1 else f"wanted_text_{number}"


def read_address(places: Gazetteer, actor: Actor | None) -> None:
    """Take place and needs from the address at the first run of a session; what is not understood is passed over.

    Without a place in the address, a team starts from its own community.
    """
    if st.session_state.get(_READ):
        return
    st.session_state[_READ] = True
    place, known = None, search_terms.all_search_terms()
    codes = list(dict.fromkeys(code for code in st.query_params.get_all("nevoie") if code in known))[:MOST_NEEDS]
    own = str((actor.uat_siruta if actor else None) or "")
    code = st.query_params.get("loc", "") or own
    if code.isdigit():
        try:
            place = places.by_siruta(int(code))
        except MapError:
            place = None
    if place is not None and codes:
        ask(_asked_before(place, codes) or [of_need(code, place, several=len(codes) > 1) for code in codes])
    labels = [known[code].label for code in codes]
    st.session_state.update({need_key(n): label for n, label in enumerate(labels or [""], start=1)})
    st.session_state.update(place_text=place.label if place else "", needs_count=max(1, len(labels)))


def _asked_before(place: Place, codes: list[str]) -> tuple[Query, ...]:
    """Return the question of this address with what was said of the person, where this session asked it lately."""
    kept = question_kept(shared.session_id(shared.home()))
    is_same = bool(kept) and kept[0].origin == place and [query.wanted[0] for query in kept] == codes
    return kept if is_same else ()


def of_need(
    code: str,
    origin: Place,
    *,
    several: bool,
    person: Person | None = None,
    home: Place | None = None,
    mode: str = "car",
    max_minutes: float | None = None,
    only_confirmed: bool = False,
) -> Query:
    """Make the query of one need of a question; several: it is one of some, so that less of each is shown."""
    return make_query(
        origin=origin,
        wanted=(code,),
        person=person or Person(),
        home=home,
        k=SHOWN_OF_SEVERAL if several else SHOWN,
        mode=mode,
        max_minutes=max_minutes,
        only_confirmed=only_confirmed,
    )


def write_address(origin: Place | None, codes: Sequence[str]) -> None:
    """Write place and needs into the address, so that it can be kept and shared; a sensitive need stays out."""
    known = search_terms.all_search_terms()
    shown: dict[str, list[str]] = {}
    if origin is not None:
        shown["loc"] = [str(origin.locality_siruta or origin.uat_siruta)]
    if open_codes := [code for code in codes if not known[code].is_sensitive]:
        shown["nevoie"] = open_codes
    if {name: st.query_params.get_all(name) for name in st.query_params} != shown:
        st.query_params.from_dict({name: said[0] if len(said) == 1 else said for name, said in shown.items()})
