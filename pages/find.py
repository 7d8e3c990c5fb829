"""„Găsiți un serviciu”: who is near, may take the person and has a free place; and why not the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.language import _
from pages import markup, question, result_map, shared, wording
from providers.finder import find

if TYPE_CHECKING:
    from providers.answer import Answer, Elsewhere


def page() -> None:
    """Read the question, ask the core, draw the answer."""
    st.html(markup.title(_("Găsiți un serviciu"), _("Cine este aproape, poate primi persoana și are loc.")))
    home = shared.home()
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        query = question.ask(shared.gazetteer(home))
    if query is None:
        with right:
            st.html(_first_steps())
        return
    answer = find(shared.catalogue(home), query, shared.available(home))
    with left:
        st.html(answer_html(answer, shared.not_imported(shared.catalogue(home), answer.types)))
    with right:
        result_map.draw(answer, home)
    st.html(markup.sources(answer.sources, extra=[_("SIRUTA și punctele localităților")]))


def answer_html(answer: Answer, missing: list[str]) -> str:
    """Draw an answer: danger first, the two blocks, the rest, why not the others; in words what is empty.

    missing: titles of the registers that would answer and were never imported here.
    """
    confirmed = [r for r in answer.results if r.block == "confirmed"]
    call_first = [r for r in answer.results if r.block == "call_first"]
    pieces = [markup.danger(answer.emergency)]
    if not answer.results:
        pieces.append(_nobody(answer, missing))
    elif not confirmed:
        pieces.append(markup.heading(_("Loc confirmat"), _("niciunul deocamdată")))
        pieces.append(
            markup.quiet(_("Niciun serviciu potrivit nu a raportat locuri libere. Sunați la cele de mai jos."))
        )
    else:
        pieces.append(markup.heading(_("Loc confirmat"), wording.services(len(confirmed))))
        pieces += [markup.result(r, n) for n, r in enumerate(confirmed, start=1)]
    if call_first:
        pieces.append(markup.heading(_("Sunați înainte"), _("locurile nu sunt confirmate")))
        pieces += [markup.result(r, n) for n, r in enumerate(call_first, start=len(confirmed) + 1)]
    if answer.elsewhere:
        pieces.append(markup.heading(_("Fără deplasare"), _("acasă, la distanță sau la o adresă protejată")))
        near, far = by_county(answer)
        pieces += [markup.elsewhere(e) for e in near]
        pieces.append(markup.more_elsewhere(far))
    if missing and answer.results:
        pieces.append(markup.quiet(_missing_words(missing)))
    pieces.append(markup.why_not(answer.excluded))
    return f'<div id="hs-answer" tabindex="-1">{"".join(pieces)}</div>'


def by_county(answer: Answer) -> tuple[list[Elsewhere], list[Elsewhere]]:
    """Part the offers that nobody travels to: a few of the home's county or of no county; and all others."""
    county = (answer.query.home or answer.query.origin).county
    near = [e for e in answer.elsewhere if e.county in (county, None)]
    far = [e for e in answer.elsewhere if e.county not in (county, None)]
    return near[: answer.query.k], near[answer.query.k :] + far


def _nobody(answer: Answer, missing: list[str]) -> str:
    if missing:
        advice = _(
            "Administratorul aduce registrul cu comanda „harta import”; până atunci nu putem spune cine este aproape."
        )
        return markup.notice(_("Nu avem încă date despre aceste servicii"), [_missing_words(missing), advice])
    steps = []
    if answer.query.max_minutes is not None:
        steps.append(_("Alegeți mai mult la „Cât de departe?”."))
    if answer.query.only_confirmed:
        steps.append(_("Scoateți bifa de la „Numai locuri confirmate”: poate are loc cineva care nu a raportat."))
    if answer.elsewhere:
        steps.append(_("Mai jos sunt servicii care nu cer deplasare."))
    if answer.excluded:
        steps.append(_("La „De ce nu altele?” vedeți ce este în apropiere și de ce nu se potrivește."))
    steps.append(_("Întrebați serviciul public de asistență socială de la primărie: are datoria să îndrume persoana."))
    return markup.notice(_("Niciun serviciu potrivit nu este la îndemână"), steps)


def _missing_words(missing: list[str]) -> str:
    return _("Registre încă neimportate aici: {names}.").format(names=", ".join(missing))


def _first_steps() -> str:
    return markup.steps(
        _("Cum începeți"),
        [
            _("Scrieți localitatea în care se află persoana."),
            _("Alegeți de ce are nevoie, în cuvinte obișnuite."),
            _("Apăsați „Căutați”: vedeți cine este aproape, cine are loc și la ce număr sunați."),
        ],
        _("Nu scrieți nume, CNP sau telefon: nu este nevoie de ele și nu se păstrează nimic despre persoană."),
    )


page()
