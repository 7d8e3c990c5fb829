"""The question on a plain page: its form, and from what was sent to a query and back.

Everything travels in the body of forms. The place is a SIRUTA code, of the person only what a rule looks
at, and nothing of it is kept on the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.plain import frame
from geo.errors import AmbiguousPlaceError, MapError, UnknownCodeError, UnknownPlaceError
from geo.language import _
from providers import taxonomy, wanted
from providers.answer import Query
from providers.asking import BadQuestionError, parse_person
from providers.questions import what_matters

if TYPE_CHECKING:
    from api.view import View
    from geo.places import Place
    from providers.wanted import Wanted

SHOWN = 5  # services a block


@dataclass(frozen=True)
class Trouble:
    """What has to be set right before there is a query. choices: (value, words) to choose one of, for `field`."""

    field: str
    words: str
    choices: tuple[tuple[str, str], ...] = ()


def read(view: View) -> Query | list[Trouble]:
    """Make a query of the form that was sent, or say what is missing in it."""
    place, need = _place(view, "loc", "loc_ales"), _wanted(view)
    home = _place(view, "domiciliu", "domiciliu_ales") if view.said("domiciliu") else None
    troubles = [found for found in (place, home, need) if isinstance(found, Trouble)]
    try:
        person = parse_person(age=_age(view), sex=view.said("sex") or None, groups=view.all_said("grup"))
    except MapError as error:
        troubles.append(Trouble("varsta", str(error)))
    if troubles:
        return troubles
    assert not isinstance(place, Trouble)  # noqa: S101 - for the types: troubles have been returned
    assert not isinstance(home, Trouble)  # noqa: S101
    assert not isinstance(need, Trouble)  # noqa: S101
    return Query(
        origin=place,
        wanted=(need.code,),
        person=person,
        home=home,
        k=SHOWN,
        mode="walk" if view.said("mod") == "walk" else "car",
        only_confirmed=view.said("confirmate") == "1",
    )


def _place(view: View, field: str, chosen: str) -> Place | Trouble:
    typed = view.said(chosen) or view.said(field, 80)
    if not typed:
        return Trouble(field, _("Scrieți localitatea."))
    try:
        return view.desk.gazetteer.resolve(typed)
    except AmbiguousPlaceError as error:
        question = _("Sunt mai multe cu acest nume. Care dintre ele?")
        return Trouble(field, question, tuple((label, label) for label in error.candidates))
    except UnknownPlaceError as error:
        near = tuple((label, label) for label in error.suggestions)
        words = _("Nu am găsit „{typed}”. Poate ați vrut una de mai jos.").format(typed=typed) if near else str(error)
        return Trouble(field, words, near)


def _wanted(view: View) -> Wanted | Trouble:
    words = view.said("cuvinte", 80)
    typed = view.said("nevoie_aleasa") or words or view.said("nevoie", 80)
    if not typed:
        return Trouble("nevoie", _("Alegeți de ce are nevoie persoana."))
    try:
        found = wanted.resolve(typed)
    except UnknownCodeError:
        said = _("Nu am înțeles „{typed}”. Încercați alt cuvânt sau alegeți din listă.").format(typed=typed)
        return Trouble("cuvinte", said)
    if len(found) == 1:
        return found[0]
    return Trouble("cuvinte", _("La ce vă gândiți?"), tuple((each.code, each.label) for each in found))


def _age(view: View) -> int | None:
    text = view.said("varsta", 5)
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise BadQuestionError(_("Vârsta se scrie în ani întregi."))
    return int(text)


def fields_of(query: Query) -> list[tuple[str, str]]:
    """Give a query back as the fields of a form."""
    person = query.person
    return [
        ("loc", _place_text(query.origin)),
        ("domiciliu", _place_text(query.home) if query.home else ""),
        ("nevoie", query.wanted[0]),
        ("varsta", "" if person.age is None else str(person.age)),
        ("sex", person.sex or ""),
        *(("grup", group) for group in sorted(person.groups)),
        ("mod", query.mode if query.mode != "car" else ""),
        ("confirmate", "1" if query.only_confirmed else ""),
    ]


def _place_text(place: Place) -> str:
    # A typed point never travels on: what counts is the locality.
    return str(place.locality_siruta or place.uat_siruta)


def form(view: View, troubles: list[Trouble] | None = None) -> Markup:
    """Draw the form, with what is wrong beside its field."""
    by_field = {trouble.field: trouble for trouble in troubles or ()}
    return Markup(
        '<form method="post" action="/simplu/raspuns" class="box">{hidden}{place}{need}{words}{more}'
        '<button class="main">{go}</button></form>'
    ).format(
        hidden=frame.hidden(view),
        place=_place_field(view, by_field.get("loc")),
        need=_need_field(view, by_field.get("nevoie")),
        words=_words_field(view, by_field.get("cuvinte")),
        more=_more(view, by_field),
        go=_("Căutați"),
    )


def own_place(view: View) -> str:
    """Give the label of the team's own community: where its people live."""
    actor = view.session.actor if view.session else None
    if actor is None or actor.uat_siruta is None:
        return ""
    return view.desk.gazetteer.place_of(None, actor.uat_siruta).label


def _place_field(view: View, trouble: Trouble | None) -> Markup:
    typed = view.said("loc", 80) or own_place(view)
    return _text_field("loc", _("Unde se află persoana?"), typed, trouble, hint=_("localitatea, de exemplu Parincea"))


def _text_field(name: str, words: str, value: str, trouble: Trouble | None, *, hint: str = "") -> Markup:
    described = Markup(' aria-invalid="true" aria-describedby="{}-err"').format(name) if trouble else frame.NOTHING
    field = Markup(
        '<label for="{name}">{words}{hint}</label>{error}'
        '<input type="text" id="{name}" name="{name}" value="{value}" maxlength="80" autocomplete="off"{described}>'
    ).format(
        name=name,
        words=words,
        hint=Markup('<span class="hint">{}</span>').format(hint) if hint else frame.NOTHING,
        error=_error(name, trouble),
        value=value,
        described=described,
    )
    return field + _choices(name, trouble)


def _error(name: str, trouble: Trouble | None) -> Markup:
    if trouble is None:
        return frame.NOTHING
    return Markup('<p class="alert" id="{}-err" role="alert">{}</p>').format(name, trouble.words)


def _choices(name: str, trouble: Trouble | None) -> Markup:
    if trouble is None or not trouble.choices:
        return frame.NOTHING
    chosen = {"loc": "loc_ales", "domiciliu": "domiciliu_ales"}.get(name, "nevoie_aleasa")
    return frame.radios(chosen, _("Alegeți:"), trouble.choices)


def _need_field(view: View, trouble: Trouble | None) -> Markup:
    chosen = view.said("nevoie", 80)
    needs = [each for each in wanted.everything().values() if each.is_need]
    lists = Markup("").join(
        Markup('<optgroup label="{}">{}</optgroup>').format(
            group, frame.options(((each.code, each.label) for each in members), chosen)
        )
        for group, members in groupby(needs, key=lambda each: each.group)
    )
    return Markup(
        '<label for="nevoie">{}</label>{}<select id="nevoie" name="nevoie"><option value="">{}</option>{}</select>'
    ).format(_("De ce are nevoie?"), _error("nevoie", trouble), _("Alegeți din listă"), lists)


def _words_field(view: View, trouble: Trouble | None) -> Markup:
    label = _("sau scrieți în cuvinte")
    return _text_field("cuvinte", label, view.said("cuvinte", 80), trouble, hint=_("bătăi, buletin, lemne…"))


def _more(view: View, troubles: dict[str, Trouble]) -> Markup:
    is_open = {"domiciliu", "varsta"} & set(troubles) or any(view.said(name) for name in ("domiciliu", "varsta", "sex"))
    return Markup("<details{}><summary>{}</summary>{}{}{}{}</details>").format(
        Markup(" open") if is_open else frame.NOTHING,
        _("Mai multe opțiuni"),
        _text_field(
            "domiciliu", _("Domiciliul, dacă este altul"), view.said("domiciliu", 80), troubles.get("domiciliu")
        ),
        _age_field(view.said("varsta", 5), troubles.get("varsta")),
        frame.radios("mod", _("Cu ce ajunge?"), _modes(), view.said("mod") or "car"),
        Markup('<label class="pick"><input type="checkbox" name="confirmate" value="1"{}> {}</label>').format(
            Markup(" checked") if view.said("confirmate") == "1" else frame.NOTHING, _("Numai locuri confirmate")
        ),
    )


def _modes() -> tuple[tuple[str, str], ...]:
    return (("car", _("cu mașina")), ("walk", _("pe jos")))


def _age_field(value: str, trouble: Trouble | None) -> Markup:
    return Markup(
        '<label for="varsta">{}</label>{}<input type="number" id="varsta" name="varsta" value="{}" min="0" max="120" '
        'inputmode="numeric">'
    ).format(_("Vârsta, în ani"), _error("varsta", trouble), value)


def person_form(view: View, query: Query) -> Markup:
    """Ask, after an answer, for what of the person decides among these services; all of it may stay empty."""
    asked = what_matters(query.wanted, view.desk.catalogue())
    if not (asked.age or asked.sex or asked.groups):
        return frame.NOTHING
    pieces = []
    if asked.age:
        pieces.append(_age_field("" if query.person.age is None else str(query.person.age), None))
    if asked.sex:
        sexes = (("", _("nu spun")), ("F", _("feminin")), ("M", _("masculin")))
        pieces.append(frame.radios("sex", _("Sexul"), sexes, query.person.sex or ""))
    if asked.groups:
        pieces.append(_groups(asked.groups, query))
    carried = [(name, value) for name, value in fields_of(query) if name not in ("varsta", "sex", "grup")]
    return Markup(
        "<details><summary>{}</summary>{}"
        '<form method="post" action="/simplu/raspuns">{}{}<button>{}</button></form></details>'
    ).format(
        _("Spuneți mai multe despre persoană"),
        frame.quiet(_("Despre persoană nu se păstrează nimic. Lăsați gol ce nu știți.")),
        frame.hidden(view, carried),
        Markup("").join(pieces),
        _("Căutați din nou"),
    )


def _groups(codes: tuple[str, ...], query: Query) -> Markup:
    known = taxonomy.groups()
    items = Markup("").join(
        Markup('<label class="pick"><input type="checkbox" name="grup" value="{}"{}> {}</label>').format(
            code, Markup(" checked") if code in query.person.groups else frame.NOTHING, known[code].name
        )
        for code in codes
    )
    return Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(_("I se potrivește ceva din acestea?"), items)
