"""The question on a plain page: its form, and from what was sent to a query and back.

Everything travels in the body of forms. The place is a SIRUTA code, of the person only what a rule looks
at, and nothing of it is kept on the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from api.http import form_fields, page_frame
from api.http.form_fields import FieldError
from api.plain import needs_fieldset
from core.errors import AmbiguousPlaceError, MapError, UnknownPlaceError
from core.i18n import _
from providers.finder.answer import Query
from providers.finder.query_parsing import OLDEST_PERSON, REACH_MINUTES, BadQuestionError, parse_person
from providers.finder.relevant_facts import relevant_facts
from providers.rules import taxonomy

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from geo.gazetteer.places import Place

SHOWN = (5, 2, 2, 1, 1)  # services a block, by how many needs are asked for: a page stays small


def read(view: RequestView) -> Query | list[FieldError]:
    """Make a query of the form that was sent, or say what is missing in it."""
    place, wished = _place(view, "loc", "loc_ales"), needs_fieldset.read(view)
    home = _place(view, "domiciliu", "domiciliu_ales") if view.said("domiciliu") else None
    troubles = [found for found in (place, home, wished.trouble) if isinstance(found, FieldError)]
    if not wished.found and wished.trouble is None:
        troubles.append(FieldError("nevoie", _("Alegeți de ce are nevoie persoana.")))
    try:
        person = parse_person(age=_age(view), sex=view.said("sex") or None, groups=view.all_said("grup"))
    except MapError as error:
        troubles.append(FieldError("varsta", str(error)))
    if troubles:
        return troubles
    assert not isinstance(place, FieldError)  # noqa: S101 - for the types: troubles have been returned
    assert not isinstance(home, FieldError)  # noqa: S101
    return Query(
        origin=place,
        wanted=tuple(each.code for each in wished.found),
        person=person,
        home=home,
        k=SHOWN[len(wished.found) - 1],
        mode="walk" if view.said("mod") == "walk" else "car",
        max_minutes=_reach(view),
        only_confirmed=view.said("confirmate") == "1",
    )


def _place(view: RequestView, field: str, chosen: str) -> Place | FieldError:
    typed = view.said(chosen) or view.said(field, 80)
    if not typed:
        return FieldError(field, _("Scrieți localitatea."))
    try:
        return view.snapshot.gazetteer.resolve(typed)
    except AmbiguousPlaceError as error:
        question = _("Sunt mai multe cu acest nume. Care dintre ele?")
        return FieldError(field, question, tuple((label, label) for label in error.candidates))
    except UnknownPlaceError as error:
        near = tuple((label, label) for label in error.suggestions)
        words = _("Nu am găsit „{typed}”. Poate ați vrut una de mai jos.").format(typed=typed) if near else str(error)
        return FieldError(field, words, near)


def _age(view: RequestView) -> int | None:
    text = view.said("varsta", 5)
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise BadQuestionError(_("Vârsta se scrie în ani întregi."))
    return int(text)


def _reach(view: RequestView) -> float | None:
    """Read how far it may be; what is none of the choices is no limit."""
    said = view.said("departe", 5)
    return float(said) if said in {value for value, _words in reach_choices() if value} else None


def fields_of(query: Query) -> list[tuple[str, str]]:
    """Give a query back as the fields of a form."""
    person = query.person
    return [
        ("loc", _place_text(query.origin)),
        ("domiciliu", _place_text(query.home) if query.home else ""),
        *(("nevoie", code) for code in query.wanted),
        ("varsta", "" if person.age is None else str(person.age)),
        ("sex", person.sex or ""),
        *(("grup", group) for group in sorted(person.groups)),
        ("mod", query.mode if query.mode != "car" else ""),
        ("departe", "" if query.max_minutes is None else f"{query.max_minutes:g}"),
        ("confirmate", "1" if query.only_confirmed else ""),
    ]


def _place_text(place: Place) -> str:
    # A typed point never travels on: what counts is the locality.
    return str(place.locality_siruta or place.uat_siruta)


def form(view: RequestView, troubles: list[FieldError] | None = None) -> Markup:
    """Draw the form, with what is wrong beside its field."""
    by_field = {trouble.field: trouble for trouble in troubles or ()}
    so_far = needs_fieldset.read(view)
    return Markup(
        '<form method="post" action="/simplu/raspuns" class="box">{hidden}{place}{need}{more}'
        '<button class="main">{go}</button>{another}</form>'
    ).format(
        hidden=page_frame.hidden(view),
        place=_place_field(view, by_field.get("loc")),
        need=needs_fieldset.needs_fieldset(so_far, by_field.get("nevoie")),
        more=_more(view, by_field),
        go=_("Căutați"),
        another=needs_fieldset.more_button(so_far),
    )


def own_place(view: RequestView) -> str:
    """Give the label of the team's own community: where its people live."""
    actor = view.session.actor if view.session else None
    if actor is None or actor.uat_siruta is None:
        return ""
    return view.directory.gazetteer.place_of(None, actor.uat_siruta).label


def _place_field(view: RequestView, trouble: FieldError | None) -> Markup:
    typed = view.said("loc", 80) or own_place(view)
    return form_fields.text_field(
        "loc", _("Unde se află persoana?"), typed, trouble, hint=_("localitatea, de exemplu Parincea")
    )


def _more(view: RequestView, troubles: dict[str, FieldError]) -> Markup:
    is_open = {"domiciliu", "varsta"} & set(troubles) or any(
        view.said(name) for name in ("domiciliu", "varsta", "sex", "departe")
    )
    return Markup("<details{}><summary>{}</summary>{}{}{}{}{}</details>").format(
        Markup(" open") if is_open else page_frame.NOTHING,
        _("Mai multe opțiuni"),
        form_fields.text_field(
            "domiciliu", _("Domiciliul, dacă este altul"), view.said("domiciliu", 80), troubles.get("domiciliu")
        ),
        _age_field(view.said("varsta", 5), troubles.get("varsta")),
        page_frame.radios("mod", _("Cu ce ajunge?"), _modes(), view.said("mod") or "car"),
        page_frame.radios("departe", _("Cât de departe?"), reach_choices(), view.said("departe", 5)),
        Markup('<label class="pick"><input type="checkbox" name="confirmate" value="1"{}> {}</label>').format(
            Markup(" checked") if view.said("confirmate") == "1" else page_frame.NOTHING, _("Numai locuri confirmate")
        ),
    )


def reach_choices() -> tuple[tuple[str, str], ...]:
    """How far it may be: any, or one of the limits that every form offers."""
    return (("", _("oricât")), *((str(n), _("{n} min").format(n=n)) for n in REACH_MINUTES))


def _modes() -> tuple[tuple[str, str], ...]:
    return (("car", _("cu mașina")), ("walk", _("pe jos")))


def _age_field(value: str, trouble: FieldError | None) -> Markup:
    return Markup(
        '<label for="varsta">{}</label>{}<input type="number" id="varsta" name="varsta" value="{}" min="0" max="{}" '
        'inputmode="numeric">'
    ).format(_("Vârsta, în ani"), form_fields.error("varsta", trouble), value, OLDEST_PERSON)


def person_form(view: RequestView, query: Query) -> Markup:
    """Ask, after an answer, for what of the person decides among these services; all of it may stay empty."""
    asked = relevant_facts(query.wanted, view.snapshot.catalogue)
    if not (asked.age or asked.sex or asked.groups):
        return page_frame.NOTHING
    pieces = []
    if asked.age:
        pieces.append(_age_field("" if query.person.age is None else str(query.person.age), None))
    if asked.sex:
        sexes = (("", _("nu spun")), ("F", _("feminin")), ("M", _("masculin")))
        pieces.append(page_frame.radios("sex", _("Sexul"), sexes, query.person.sex or ""))
    if asked.groups:
        pieces.append(_groups(asked.groups, query))
    carried = [(name, value) for name, value in fields_of(query) if name not in ("varsta", "sex", "grup")]
    return Markup(
        "<details><summary>{}</summary>{}"
        '<form method="post" action="/simplu/raspuns">{}{}<button>{}</button></form></details>'
    ).format(
        _("Spuneți mai multe despre persoană"),
        page_frame.quiet(_("Despre persoană nu se păstrează nimic. Lăsați gol ce nu știți.")),
        page_frame.hidden(view, carried),
        Markup("").join(pieces),
        _("Căutați din nou"),
    )


def _groups(codes: tuple[str, ...], query: Query) -> Markup:
    known = taxonomy.groups()
    items = Markup("").join(
        Markup('<label class="pick"><input type="checkbox" name="grup" value="{}"{}> {}</label>').format(
            code, Markup(" checked") if code in query.person.groups else page_frame.NOTHING, _(known[code].name)
        )
        for code in codes
    )
    return Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(_("I se potrivește ceva din acestea?"), items)
